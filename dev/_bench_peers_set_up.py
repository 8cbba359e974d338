"""Bench: the programs of others that ours is measured beside: installed apart from ours, each with a home to start in."""

from __future__ import annotations

import os
import shutil
import subprocess
import venv
from dataclasses import dataclass, field
from importlib.metadata import distributions
from typing import TYPE_CHECKING

from _package_common import BUILD, ROOT, needs, version
from _package_linux import FOLDER

if TYPE_CHECKING:
    from pathlib import Path

PEERS = BUILD / "peers" / "venv"
# One Qt for all of them; ours is in .venv, and nothing of theirs is.
_QT = ("PyQt6==6.11.0", "PyQt6-Qt6==6.11.2")
_OF_OURS = ("PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "VIRTUAL_ENV", "QT_API", "EXOALIAS_HOME")


class NotThere(Exception):  # noqa: N818 - read as a sentence
    """A program can't be measured; the words say why, in one line."""


@dataclass(frozen=True, slots=True)
class Program:
    """What is started, and what stands in the title of its main window: another window than that is not measured."""

    name: str
    command: tuple[str, ...]
    title: str
    environment: dict[str, str] = field(default_factory=dict)
    lock: Path | None = None  # what it leaves when it is told to end, and would ask about at its next start


def keepassxc(home: Path) -> Program:
    """Debian's package, without a file open."""
    _debian("keepassxc", "keepassxc")
    return Program("KeePassXC", ("keepassxc",), "KeePassXC", environment(home))


def git_cola(home: Path) -> Program:
    """On a repository with one commit and one change."""
    command = _installed("git-cola", "4.19.0")
    surrounding, place = environment(home), home / "repository"
    _git(surrounding, "init", "--quiet", str(place))
    (place / "notes.txt").write_text("one\n")
    _git(surrounding, "-C", str(place), "add", "notes.txt")
    author = ("-c", "user.name=Nobody", "-c", "user.email=nobody@example.com")
    _git(surrounding, "-C", str(place), *author, "commit", "--quiet", "--message", "One")
    (place / "notes.txt").write_text("one\ntwo\n")
    return Program("git-cola", (command, "--repo", str(place)), "repository", surrounding)


def vorta(home: Path) -> Program:
    """Where there is no tray it opens its window at once; where there is no borg it asks for it first."""
    _debian("borg", "borgbackup")
    return Program("Vorta", (_installed("vorta", "0.11.6"),), "Vorta", environment(home))


def novelwriter(home: Path) -> Program:
    """On the sample it ships; without a project it would ask for one. Its notes on the release count as read."""
    command, surrounding = _installed("novelwriter", "26.2.2"), environment(home)
    sample = next(PEERS.glob("lib/python*/site-packages/novelwriter/assets/sample.zip"))
    shutil.unpack_archive(sample, home / "sample")
    kept = home / "config" / "novelwriter" / "novelwriter.conf"
    kept.parent.mkdir()
    kept.write_text("[Main]\nlastnotes = 0x7fffffff\n")
    return Program(
        "novelWriter", (command, str(home / "sample")), "novelWriter", surrounding, lock=home / "sample" / "nwProject.lock"
    )


def frozen() -> str:
    """The program of the folder that is shipped, where it was built from this version."""
    program, build = FOLDER / "exoalias", "Build it: python3 dev.py package folder"
    if not program.exists():
        raise NotThere(f"{FOLDER.relative_to(ROOT)} is not there. {build}")
    told = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    if version() not in told.split():
        raise NotThere(f"{FOLDER.relative_to(ROOT)} is of another version than the source. {build}")
    newest = max(file.stat().st_mtime for file in (ROOT / "exoalias").rglob("*.py"))
    if newest > program.stat().st_mtime:
        raise NotThere(f"{FOLDER.relative_to(ROOT)} is older than the source. {build}")
    return str(program)


def environment(home: Path) -> dict[str, str]:
    """What a program started from a person's menu would have, in a home of its own."""
    home.mkdir()
    places = {name: home / name.lower() for name in ("CONFIG", "DATA", "CACHE", "STATE")}
    told = {f"XDG_{name}_HOME": str(place) for name, place in places.items()}
    run = home / "run"
    for place in (*places.values(), run):
        place.mkdir(mode=0o700)
    kept = {name: value for name, value in os.environ.items() if name not in _OF_OURS}
    own = {"HOME": str(home), "XDG_RUNTIME_DIR": str(run), "QT_QPA_PLATFORM": "xcb", "LC_ALL": "C.UTF-8", "LANGUAGE": "en"}
    return kept | told | own


def _debian(program: str, package: str) -> None:
    """Debian's package of a program, installed where it is not there yet."""
    try:
        needs({program: package})
    except SystemExit as why:
        raise NotThere(" ".join(str(why).removeprefix("package: ").split())) from None


def _installed(name: str, wanted: str) -> str:
    """The program of that Python package, installed where it is not there yet."""
    if not (PEERS / "bin" / "python").exists():
        venv.create(PEERS, with_pip=True)
    packages = [str(folder) for folder in PEERS.glob("lib/python*/site-packages")]
    if (name, wanted) not in {(found.name.lower(), found.version) for found in distributions(path=packages)}:
        line = [str(PEERS / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        done = subprocess.run([*line, *_QT, f"{name}=={wanted}"], capture_output=True, text=True, check=False)
        if done.returncode:
            raise NotThere(f"pip could not install it: {(done.stderr.strip().splitlines() or ['it did not say why'])[-1]}")
    return str(PEERS / "bin" / name)


def _git(surrounding: dict[str, str], *arguments: str) -> None:
    subprocess.run(["git", *arguments], env=surrounding, check=True)
