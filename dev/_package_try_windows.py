"""The Windows packages tried under Wine: installed, started from the menu, looked at, upgraded, removed without a trace."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING

import _package_common as common
from _package_common import WITHIN_S, must
from _package_setup import file_of, msi_of, setup_of
from _package_windows import FOLDER, TOOLS, WORK
from _package_wine import Wine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NEWER = WORK / "newer"
PICTURES = WORK / "pictures"
LEAST_COLOURS, MORE_COLOURS = 300, 100  # a window without its texts has fewer; a checklist adds its icons
IN_USE, OTHER_PACKAGE, MSI_REFUSES = 32, 1638, 1603
_UNINSTALL = r"Software\Microsoft\Windows\CurrentVersion\Uninstall\exoalias"
# What Wine itself writes while programs run: its registry, temporary files, and what its installer service keeps.
_WINES_OWN = ("/Temp/", "/temp/", "/Installer/", "/.dosdevices")


def windows_sizes() -> str:
    """No larger than said: what grows needs a reason, and the figure in _package_common.py changed with it."""
    found = {kind: common.size_mb(path) for kind, path in built().items()}
    said = ", ".join(f"{kind} {size:.1f} MB" for kind, size in found.items())
    must(all(size <= common.MOST_MB[kind] for kind, size in found.items()), said)
    return said


def windows_parts() -> str:
    """Every library and package in the folder is in the list of parts, and each has its licence."""
    document = json.loads((FOLDER / "sbom.cdx.json").read_text(encoding="utf-8"))
    listed = {each["value"] for part in document["components"] for each in part.get("properties", ())}
    of_packages = ("app/cryptography/", "app/charset_normalizer/", "app/_cffi_backend", "app/shiboken6/", "app/PySide6/Qt")
    libraries = [f.relative_to(FOLDER).as_posix() for f in FOLDER.rglob("*") if f.suffix in {".dll", ".pyd"}]
    unlisted = [name for name in libraries if name not in listed and not name.startswith(of_packages)]
    must(not unlisted, f"not in the list of parts: {unlisted}")
    parts = [p["name"] for p in document["components"] if p["bom-ref"].startswith("pkg:")]
    bare = [name for name in parts if not any((FOLDER / "licences" / name).glob("*"))]
    must(not bare, f"without a licence: {bare}")
    return f"{len(parts)} packages with licences, {len(libraries)} libraries"


def setup_for_one() -> str:
    """The setup program for one person: silent, started from the menu, not over a running one, upgraded, removed."""
    return _on_a_desktop("one")


def setup_for_everybody() -> str:
    """The setup program for everybody: in Program Files, without a menu entry, and not beside the MSI."""
    return _on_a_desktop("everybody")


def msi_for_everybody() -> str:
    """The MSI: silent, on PATH, started from the menu, upgraded, no downgrade, not beside the setup program, removed."""
    return _on_a_desktop("msi")


def built() -> dict[str, Path]:
    """What can be built for Windows, and where it lies then."""
    return {"windows": FOLDER, "setup": file_of("setup"), "msi": file_of("msi")}


def _on_a_desktop(which: str) -> str:
    """Run one of these on a throwaway desktop."""
    common.needs({**TOOLS, "makensis": "nsis", "wixl": "wixl", "msibuild": "msitools"})
    done = subprocess.run(
        [sys.executable, common.ROOT / "dev" / "session.py", sys.executable, __file__, which],
        capture_output=True,
        text=True,
        timeout=2 * WITHIN_S,
        check=False,
    )
    must(done.returncode == 0, done.stdout[-1500:] + done.stderr[-2500:])
    return done.stdout.splitlines()[-1]


# -- on the desktop ----------------------------------------------------------------------------------------------------------


@contextmanager
def _fresh_windows() -> Iterator[Wine]:
    """A Windows of its own on this screen, with what Wine lacks; nothing of it is left."""
    place = Path(tempfile.mkdtemp(prefix="exoalias-wine-"))
    wine = Wine(place / "prefix", os.environ["DISPLAY"])
    try:
        wine.ready()
        wine.shims()
        yield wine
    finally:
        subprocess.run(["wineserver", "-k"], env=wine.environment(), check=False)
        shutil.rmtree(place, ignore_errors=True)


def _one() -> str:
    newer = setup_of(f"{common.version()}.1", _newer(), quick=True)
    with _fresh_windows() as wine:
        before = _everything(wine)
        began = time.monotonic()
        _installs(wine, file_of("setup"), "/S")
        taken = time.monotonic() - began
        home = wine.drive / "users" / _user(wine) / "AppData" / "Local" / "Programs" / "exoalias"
        _speaks(wine, home)
        colours = _shown(wine, "setup", while_open=lambda: _refused_while_open(wine))
        stale = home / "app" / "stale.pyc"
        stale.touch()
        _installs(wine, newer, "/S")
        must(not stale.exists(), "the upgrade left a file of the earlier version")
        must(_value(wine, "HKCU", _UNINSTALL, "DisplayVersion") == f"{common.version()}.1", "the upgrade is not known to Windows")
        _speaks(wine, home)
        _settings(wine).write_text("# mine\n")
        quiet = _value(wine, "HKCU", _UNINSTALL, "QuietUninstallString")
        _ends(wine, 0, *_words(quiet))
        _nothing_left(wine, before)
        must(_settings(wine).exists(), "the person's settings are gone")
    return f"installed in {taken:.0f} s, doctor, window of {colours} colours, refused while open, upgraded, removed"


def _everybody() -> str:
    with _fresh_windows() as wine:
        before = _everything(wine)
        _installs(wine, file_of("setup"), "/S", "/AllUsers", "/NoMenuEntry")
        home = wine.drive / "Program Files" / "exoalias"
        _speaks(wine, home)
        must(not list(wine.drive.rglob("exoalias.lnk")), "a menu entry, though none was wanted")
        _ends(wine, MSI_REFUSES, "msiexec", "/i", wine.path(file_of("msi")), "/qn")
        _ends(wine, 0, *_words(_value(wine, "HKLM", _UNINSTALL, "QuietUninstallString")))
        _nothing_left(wine, before)
    return "installed in Program Files, the MSI refuses to lie over it, removed"


def _msi() -> str:
    newer = msi_of(_next_version(), _newer())
    with _fresh_windows() as wine:
        before = _everything(wine)
        _ends(wine, 0, "msiexec", "/i", wine.path(file_of("msi")), "/qn", "ADDTOPATH=1")
        home = wine.drive / "Program Files" / "exoalias"
        _speaks(wine, home)
        must(r"C:\Program Files\exoalias" in _path(wine), "not on PATH")
        colours = _shown(wine, "msi")
        _ends(wine, OTHER_PACKAGE, file_of("setup"), "/S", "/AllUsers")
        _ends(wine, 0, "msiexec", "/i", wine.path(newer), "/qn")
        _speaks(wine, home)
        must(_path(wine).count("exoalias") == 1, "an upgrade keeps what was chosen: once on PATH")
        _ends(wine, MSI_REFUSES, "msiexec", "/i", wine.path(file_of("msi")), "/qn")
        _ends(wine, 0, "msiexec", "/x", wine.path(newer), "/qn")
        must("exoalias" not in _path(wine), "still on PATH")
        _nothing_left(wine, before)
    return f"installed, on PATH, window of {colours} colours, upgraded, no downgrade, removed"


def _newer() -> Path:
    NEWER.mkdir(parents=True, exist_ok=True)
    return NEWER


def _next_version() -> str:
    """Windows Installer compares three numbers."""
    head, _, last = common.version().rpartition(".")
    return f"{head}.{int(last) + 1}"


# -- what is looked at -------------------------------------------------------------------------------------------------------


def _ends(wine: Wine, code: int, program: Path | str, *arguments: str) -> str:
    """Run to the end, and everything it started; DoesNotHold where it ends otherwise than with *code*."""
    done = wine.run(program, *arguments, within_s=600)
    wine.wait()
    must(done.returncode == code % 256, f"{program} {' '.join(arguments)} ended with {done.returncode}: {done.stderr[-800:]}")
    return done.stdout


def _installs(wine: Wine, setup: Path, *switches: str) -> None:
    _ends(wine, 0, setup, *switches)


def _speaks(wine: Wine, home: Path) -> None:
    """--version with nothing on stderr; doctor with its canary in the Credential Manager."""
    version = wine.run(home / "exoalias.exe", "--version")
    must((version.returncode, version.stderr.strip()) == (0, ""), f"--version: {version}")
    must(version.stdout.strip() == f"exoalias {common.version()}", version.stdout)
    doctor = wine.run(home / "exoalias.exe", "doctor", "--json")
    probes = {probe["name"]: probe["result"] for probe in json.loads(doctor.stdout)["result"]["probes"]}
    kept = {name: probes.get(name) for name in ("Python", "Window", "Keyring", "Journal", "Settings")}
    must(set(kept.values()) == {"ok"}, f"doctor: {kept}")
    wine.wait()


def _shown(wine: Wine, name: str, while_open: Callable[[], None] | None = None) -> int:
    """Started by the menu entry it paints its window, and checks a simulated instance; it closes when asked. Its colours.

    The simulated instance is a program of its own, started by the window: the installed one once more.
    """
    entry = next(wine.drive.rglob("exoalias.lnk"))
    pipe = subprocess.PIPE  # kept open: the program inherits them, and Python can't begin on anything else under Wine
    command, environment = wine.command("start", "/unix", str(entry)), wine.environment()
    with subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, stderr=pipe) as starting:
        must(starting.wait(60) == 0, "the menu entry starts nothing")
        return _used(wine, name, while_open)


def _used(wine: Wine, name: str, while_open: Callable[[], None] | None) -> int:
    PICTURES.mkdir(parents=True, exist_ok=True)
    _painted(lambda found: found > LEAST_COLOURS, PICTURES / f"{name}-first.png")
    _press("key", "Tab", "Return")  # try it on a simulated instance
    _press("search", "--sync", "--onlyvisible", "--name", "exoalias — simulated")
    before = _painted(lambda found: found > LEAST_COLOURS, PICTURES / f"{name}-simulated.png")
    _press("mousemove", "800", "620", "click", "1", "key", "F5")
    colours = _painted(lambda found: found > before + MORE_COLOURS, PICTURES / f"{name}-checked.png")
    if while_open is not None:
        while_open()
    _close(wine)
    return colours


def _press(*what: str) -> None:
    done = subprocess.run(["xdotool", *what], capture_output=True, text=True, timeout=60, check=False)
    must(done.returncode == 0, f"xdotool {' '.join(what)}: {done.stderr}")


def _painted(enough: Callable[[int], bool], picture: Path) -> int:
    """How many colours the screen has once they are enough; the picture is kept. DoesNotHold where that never comes."""
    colours = 0
    for _ in range(120):
        time.sleep(0.5)
        done = subprocess.run(
            ["import", "-window", "root", "-format", "%k", "info:"], capture_output=True, text=True, check=False
        )
        colours = int(done.stdout.strip() or 0) if done.returncode == 0 else 0
        if enough(colours):
            break
    time.sleep(5)  # it goes on painting for a moment
    subprocess.run(["import", "-window", "root", picture], check=False)
    must(enough(colours), f"nothing new was painted: {colours} colours; see {picture}")
    return colours


def _refused_while_open(wine: Wine) -> None:
    """Over a running program nothing is installed."""
    done = wine.run(file_of("setup"), "/S")
    must(done.returncode == IN_USE, f"over a running program the setup ended with {done.returncode}")


def _close(wine: Wine) -> None:
    """Ask the window to close, as a click on its cross does, and wait until everything has ended."""
    done = wine.run("taskkill", "/IM", "exoalias-gui.exe")
    must(done.returncode == 0, f"it could not be asked to close: {done.stdout} {done.stderr}")
    try:
        wine.wait()
    except subprocess.TimeoutExpired:
        subprocess.run(["import", "-window", "root", PICTURES / "not-closed.png"], check=False)
        must(what=False, why="it did not close when asked")


def _everything(wine: Wine) -> set[str]:
    """Every file on the drive, and every line of the registry that names us."""
    wine.wait()
    files = {f.relative_to(wine.prefix).as_posix() for f in wine.drive.rglob("*")}
    for hive in wine.prefix.glob("*.reg"):
        lines = hive.read_text(encoding="utf-8", errors="replace").splitlines()
        files |= {f"{hive.name}: {line}" for line in lines if "exoalias" in line.lower()}
    return files


def _nothing_left(wine: Wine, before: set[str]) -> None:
    """As before it was installed, but for what is the person's own."""
    own = _settings(wine).parent.relative_to(wine.prefix).as_posix()
    left = {each for each in _everything(wine) - before if not each.startswith(own) and not _of_wine(each)}
    must(not left, f"left behind: {sorted(left)[:10]}")


def _of_wine(path: str) -> bool:
    """Wine's own files, and the folder for people's programs, which Windows has from the start."""
    return path.endswith("/AppData/Local/Programs") or any(part in f"{path}/" for part in _WINES_OWN)


def _settings(wine: Wine) -> Path:
    return wine.drive / "users" / _user(wine) / "AppData" / "Local" / "exoalias" / "exoalias.toml"


def _user(wine: Wine) -> str:
    """The person's name in it."""
    return next(f.name for f in (wine.drive / "users").iterdir() if f.name != "Public")


def _value(wine: Wine, hive: str, key: str, name: str) -> str:
    """A value of the registry; "" where there is none."""
    done = wine.run("reg", "query", f"{hive}\\{key}", "/v", name, "/reg:64")
    found = [line.split(None, 2)[2].strip() for line in done.stdout.splitlines() if line.strip().startswith(f"{name} ")]
    return found[0] if found else ""


def _path(wine: Wine) -> str:
    return _value(wine, "HKLM", r"SYSTEM\CurrentControlSet\Control\Session Manager\Environment", "PATH")


def _words(line: str) -> list[str]:
    """A command line of Windows with its program in quotes."""
    program, _, rest = line.removeprefix('"').partition('"')
    must(PureWindowsPath(program).is_absolute(), f"no program in {line!r}")
    return [program, *rest.split()]


if __name__ == "__main__":
    sys.path.insert(0, str(common.ROOT))
    print({"one": _one, "everybody": _everybody, "msi": _msi}[sys.argv[1]]())
