"""Lock the requirements anew, with hashes and without addresses, for every system and Python from 3.11 on: lock [--upgrade]."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "requirements"
_COMPILE = ["pip", "compile", "pyproject.toml", "--universal", "--python-version", "3.11", "--generate-hashes", "--quiet"]
_COMPILE += ["--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links", "--no-config"]


def _lock(name: str, *arguments: str) -> None:
    """Write one lock file; whatever address a machine's settings put in is left out."""
    file = FOLDER / name
    subprocess.run([sys.executable, "-m", "uv", *_COMPILE, *arguments, "--output-file", str(file)], cwd=ROOT, check=True)
    lines = file.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith(("#", "--index", "--extra-index", "--find-links", "--trusted-host"))]
    file.write_text("\n".join(kept) + "\n", encoding="utf-8")


def main() -> int:
    """Lock what a user runs, then what a developer needs on top, and what builds packages, at the same versions."""
    upgrade = [a for a in sys.argv[1:] if a.startswith(("-U", "-P", "--upgrade"))]
    if len(upgrade) != len(sys.argv) - 1:
        print("usage: dev.py lock [--upgrade | --upgrade-package NAME=…]", file=sys.stderr)
        return 2
    _lock("run.txt", *upgrade)
    _lock("dev.txt", "--group", "dev", "--constraint", "requirements/run.txt", *upgrade)
    _lock("package.txt", "--group", "package", "--constraint", "requirements/run.txt", *upgrade)
    print("requirements/run.txt, requirements/dev.txt and requirements/package.txt are locked")
    return 0


if __name__ == "__main__":
    sys.exit(main())
