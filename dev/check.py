"""Format, lint, types, import contracts and words: all that can be known without running the program."""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_SCRIPTS = Path(sys.executable).parent

CHECKS = {
    "format": ([sys.executable, "-m", "ruff", "format", "--check"], "ruff format"),
    "lint": ([sys.executable, "-m", "ruff", "check", "--quiet"], "ruff check --fix, then by hand"),
    "types": ([sys.executable, "-m", "mypy"], "the annotations named above"),
    "contracts": ([str(_SCRIPTS / "lint-imports"), "--no-cache"], "the imports named above; the contracts are in pyproject.toml"),
    "words": ([sys.executable, "dev/_words.py"], "the words named above"),
}


def _run(name: str) -> tuple[str, int, str, float]:
    """Run one check: its name, exit code, what it printed, seconds taken."""
    start = time.monotonic()
    done = subprocess.run(
        CHECKS[name][0], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False
    )
    return name, done.returncode, done.stdout, time.monotonic() - start


def main() -> int:
    """Run all checks, two at a time, and print a line each; a failing one prints what it found."""
    failed = 0
    with ThreadPoolExecutor(2) as pool:
        for name, code, output, seconds in pool.map(_run, CHECKS):
            if code:
                failed = 1
                print(output.rstrip())
                print(f"{name:10} FAILED ({seconds:.1f} s). Repair: {CHECKS[name][1]}", flush=True)
            else:
                print(f"{name:10} ok ({seconds:.1f} s)", flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main())
