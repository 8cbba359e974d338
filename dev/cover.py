"""The whole suite with branch coverage, held against each room's floor: cover [pytest arguments]."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent

# Per cent of lines and branches, each room as a whole. The domain decides about other people's credentials: all of it.
FLOORS = {"domain": 100, "app": 95, "cli": 95, "adapters": 95, "simulator": 90, "ui": 90}


def _figures(report: dict[str, Any]) -> dict[str, tuple[int, int, list[str]]]:
    """For each room: lines and branches met, how many there are, and the files that miss some."""
    rooms: dict[str, tuple[int, int, list[str]]] = {}
    for name, file in report["files"].items():
        parts = Path(name).parts
        room = parts[1] if len(parts) > 2 else "exoalias"
        summary = file["summary"]
        met = summary["covered_lines"] + summary["covered_branches"]
        there = summary["num_statements"] + summary["num_branches"]
        before = rooms.get(room, (0, 0, []))
        missing = [f"{name}: lines {file['missing_lines']}, branches {file['missing_branches']}"] if met < there else []
        rooms[room] = (before[0] + met, before[1] + there, before[2] + missing)
    return rooms


def _judge(rooms: dict[str, tuple[int, int, list[str]]]) -> int:
    """Print a line a room; 1 if any is below its floor."""
    failed = 0
    for room, (met, there, missing) in sorted(rooms.items()):
        per_cent, floor = 100 * met / max(there, 1), FLOORS.get(room, 0)
        below = per_cent < floor
        failed |= below
        print(f"{room:10} {per_cent:6.2f} %  (floor {floor})" + ("  BELOW" if below else ""))
        if below:
            print("\n".join(f"    {line}" for line in missing))
    return int(failed)


def main() -> int:
    """Run, combine, judge; the suite's own failure comes first."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "coverage.json"
        measured = ["--cov", "--cov-branch", f"--cov-report=json:{report}", "-n", "2", *sys.argv[1:]]
        command = [sys.executable, "dev/session.py", sys.executable, "-m", "pytest", *measured]
        code = subprocess.run(command, cwd=ROOT, check=False).returncode
        if not report.exists():
            print("no coverage was written: the suite did not run to its end (above)", file=sys.stderr)
            return code or 1
        return _judge(_figures(json.loads(report.read_text(encoding="utf-8")))) or code


if __name__ == "__main__":
    sys.exit(main())
