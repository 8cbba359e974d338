"""A built program tried where it was installed, on any system: PROGRAM [--keyring] [--demo].

Python's standard library is enough. ``--keyring`` where one is unlocked, ``--demo`` where there is a browser.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def failures(program: str, *, keyring: bool, demo: bool) -> list[str]:
    """What did not hold, in words; empty when all did."""
    from exoalias import __version__

    found = []
    version = _run(program, "--version")
    if (version.returncode, version.stdout.strip(), version.stderr) != (0, f"exoalias {__version__}", ""):
        found.append(f"--version: {_shown(version)}")
    doctor = _run(program, "doctor", "--json")
    probes = _probes(doctor.stdout)
    if not probes or (keyring and probes.get("Keyring") != "ok"):
        found.append(f"doctor: {probes or _shown(doctor)}")
    if demo:
        done = _run(program, "demo", "--headless")
        if done.returncode or "All holds." not in done.stdout:
            found.append(f"demo: {_shown(done)}")
    return found


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    """It may take as long as the slowest machine with the coldest disk needs, and no longer."""
    return subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", errors="replace", timeout=600, check=False
    )


def _probes(document: str) -> dict[str, str]:
    try:
        return {probe["name"]: probe["result"] for probe in json.loads(document)["result"]["probes"]}
    except (ValueError, KeyError, TypeError):
        return {}


def _shown(done: subprocess.CompletedProcess[str]) -> str:
    return f"ended with {done.returncode}\n{done.stdout[-1500:]}\n{done.stderr[-1500:]}"


def main(arguments: list[str]) -> int:
    """Try it and say how it went."""
    flags, programs = {a for a in arguments if a.startswith("-")}, [a for a in arguments if not a.startswith("-")]
    if len(programs) != 1 or flags - {"--keyring", "--demo"}:
        print("usage: _package_smoke.py PROGRAM [--keyring] [--demo]", file=sys.stderr)
        return 2
    found = failures(programs[0], keyring="--keyring" in flags, demo="--demo" in flags)
    tried = ["version", "doctor", *sorted(flag.removeprefix("--") for flag in flags)]
    print("\n".join(f"FAILED {each}" for each in found) or f"ok: {', '.join(tried)}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main(sys.argv[1:]))
