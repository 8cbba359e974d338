"""Fetch one source archive from the package index pip is set to, as it is: ``PROJECT FILE TARGET``.

``pip download`` would run the archive's own set-up to learn its name. Nothing of it is run here; whoever asked checks its hash.
"""

from __future__ import annotations

import sys
from pathlib import Path

from pip._internal.commands.download import DownloadCommand


def fetch(project: str, file: str, target: Path) -> None:
    """Write the file of that name to *target*; SystemExit where the index has none."""
    command = DownloadCommand("download", "")
    options, _ = command.parse_args([project])
    with command.main_context():
        session = command.get_default_session(options)
        finder = command._build_package_finder(options, session)
        for candidate in finder.find_all_candidates(project):
            if candidate.link.filename == file:
                answer = session.get(candidate.link.url_without_fragment)
                answer.raise_for_status()
                target.write_bytes(answer.content)
                return
    raise SystemExit(f"package: the package index has no {file}")


if __name__ == "__main__":
    fetch(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
