"""What every kind of package is built with: places, version, moment, tools, sizes, the list of parts."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import venv
from ctypes.util import find_library
from datetime import UTC, datetime
from pathlib import Path

from _package_parts import Parts, bill_of_materials, licences

ROOT = Path(__file__).resolve().parent.parent
BUILD, DIST = ROOT / "build", ROOT / "dist"
TOOLS = BUILD / "tools"  # an environment with what is shipped and what builds it, and nothing a developer has besides
MOST_MB = {"deb": 40, "installed": 130, "setup": 27, "msi": 39, "windows": 85}
WITHIN_S = 900  # no trial of a package takes longer


class DoesNotHold(AssertionError):  # noqa: N818 - read as a sentence
    """What was tried did not hold."""


def must(what: bool, why: str) -> None:  # noqa: FBT001 - a condition
    """DoesNotHold unless it holds."""
    if not what:
        raise DoesNotHold(why)


def version() -> str:
    """The version that is built."""
    from exoalias import __version__

    return __version__


def when() -> datetime:
    """The moment the sources are of: two builds of one commit are the same."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given is None:
        given = subprocess.run(
            ["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=False
        ).stdout.strip()
    return datetime.fromtimestamp(int(given or "0"), UTC)


def size_mb(path: Path) -> float:
    """Of a file or everything below a folder, in millions of bytes."""
    files = [path] if path.is_file() else [f for f in path.rglob("*") if f.is_file() and not f.is_symlink()]
    return sum(f.stat().st_size for f in files) / 1e6


def run(*command: str | Path, **more: object) -> None:
    """Run a tool; its own words are shown where it fails."""
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False, **more
    )  # type: ignore[call-overload] # passed on
    if done.returncode:
        raise SystemExit(f"{done.stdout[-4000:]}\npackage: {Path(command[0]).name} ended with {done.returncode}")


def say(text: str) -> None:
    """One line of progress."""
    print(f"package: {text}", file=sys.stderr, flush=True)


def needs(programs: dict[str, str]) -> None:
    """Install the Debian packages whose programs are missing, as root; else SystemExit with the line that does it."""
    missing = sorted({name for program, name in programs.items() if shutil.which(program) is None})
    if not missing:
        return
    line = ["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", *missing]
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise SystemExit(f"package: these are missing. On Debian:\n  sudo {' '.join(line)}")
    say(f"installing {', '.join(missing)}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run("apt-get", "update", "-q", "-o", "DPkg::Lock::Timeout=600", env=environment)
    run(*line, "-o", "DPkg::Lock::Timeout=600", env=environment)


def tools() -> Path:
    """The Python that builds, of the environment's own. Made anew where that or the lock has changed."""
    lock = ROOT / "requirements" / "package.txt"
    mark, python = TOOLS / "lock.txt", TOOLS / "bin" / "python"
    wanted = hashlib.sha256(f"{sys.base_prefix} {sys.version}".encode() + lock.read_bytes()).hexdigest()
    if sys.platform == "linux" and sys.base_prefix == "/usr":  # Debian's own has its library in a package of its own
        library = f"python{sys.version_info.major}.{sys.version_info.minor}"
        if find_library(library) is None:
            raise SystemExit(f"package: the library of this Python is missing. On Debian:\n  sudo apt-get install lib{library}")
    if not mark.exists() or mark.read_text() != wanted:
        say("an environment to build in")
        shutil.rmtree(TOOLS, ignore_errors=True)
        venv.create(TOOLS, with_pip=True)
        run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes", "-r", lock)
        mark.write_text(wanted)
    return python


def listed(parts: Parts, into: Path) -> None:
    """The list of everything shipped (CycloneDX), and the licences of it, into the folder."""
    document = bill_of_materials(parts, version(), into)
    (into / "sbom.cdx.json").write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    licences(parts, into / "licences")
