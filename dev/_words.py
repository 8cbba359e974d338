"""Words that have no place in the repository: this machine's paths, and work left undone.

Run with files to look at, or without to look at every tracked one. The words are put together here from their parts, so
that this file can be looked at too.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

WORDS = {
    "/" + "work/": "a path of one machine",
    "../" + "shared": "a path outside the repository",
    "farm" + "-studio": "a tool that is not the product's",
    "TO" + "DO": "work left undone: finish it or write it down as an issue",
    "FIX" + "ME": "work left undone: finish it or write it down as an issue",
    "Not" + "ImplementedError": "work left undone: finish it or leave it out",
}
_PATTERN = re.compile("|".join(rf"(?<![\w]){re.escape(word)}(?!\w)" if word.isalpha() else re.escape(word) for word in WORDS))


def tracked() -> list[Path]:
    """Every file that is or would be in the repository."""
    listing = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    found = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in found.split("\0") if name]


def offences(files: list[Path]) -> list[str]:
    """Each place of a forbidden word, as file:line: word: why."""
    found = []
    for file in files:
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
        except (UnicodeDecodeError, FileNotFoundError):  # a picture, or a file just removed
            continue
        for number, line in enumerate(lines, 1):
            found += [f"{file}:{number}: {hit[0]}: {WORDS[hit[0]]}" for hit in _PATTERN.finditer(line)]
    return found


if __name__ == "__main__":
    bad = offences([Path(name) for name in sys.argv[1:]] or tracked())
    print("\n".join(bad) or "no forbidden words")
    sys.exit(1 if bad else 0)
