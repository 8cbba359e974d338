"""Build what people install, try it: package [wheel] [folder] [deb] [tarball] [windows] [setup] [msi], [app] [dmg], [--test]."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import venv
from datetime import UTC, datetime
from pathlib import Path

import _package_texts as texts
from _package_parts import Parts, bill_of_materials, licences, of_tools

ROOT = Path(__file__).resolve().parent.parent
BUILD, DIST = ROOT / "build", ROOT / "dist"
TOOLS = BUILD / "tools"  # an environment with what is shipped and what builds it, and nothing a developer has besides
FOLDER = DIST / "exoalias"
MOST_MB = {"deb": 40, "installed": 130, "setup": 27, "msi": 39, "windows": 85}
FOR_WINDOWS = ("windows", "setup", "msi")


def main() -> int:
    """Build what was asked for (without a name: everything for Linux, on a Mac everything for it), then try it if told to."""
    import _package_macos

    if (ended := _package_macos.asked(sys.argv[1:])) is not None:
        return ended
    from _package_setup import msi, setup
    from _package_windows import windows

    named = [a for a in sys.argv[1:] if not a.startswith("-")]
    kinds = {"wheel": wheel, "folder": folder, "deb": deb, "tarball": tarball, "windows": windows, "setup": setup, "msi": msi}
    if unknown := [a for a in named if a not in kinds] + [a for a in sys.argv[1:] if a.startswith("-") and a != "--test"]:
        print(f"usage: dev.py package [{'] ['.join(kinds)}] [--test]\nunknown: {' '.join(unknown)}", file=sys.stderr)
        return 2
    if sys.platform != "linux":
        print("This builds on Linux, and on a Mac for it; packaging/README.md says what is built where.", file=sys.stderr)
        return 2
    wanted = named or [kind for kind in kinds if kind not in FOR_WINDOWS]
    made = [kinds[name]() for name in wanted]
    for path in made:
        print(f"{path.relative_to(ROOT)}  {size_mb(path):.1f} MB")
    return _tried(set(wanted)) if "--test" in sys.argv else 0


def _tried(kinds: set[str]) -> int:
    """Try the packages of the systems these are for."""
    from _package_try import try_all

    return try_all((*(("linux",) if kinds - set(FOR_WINDOWS) else ()), *(("windows",) if kinds & set(FOR_WINDOWS) else ())))


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


# -- what is built -------------------------------------------------------------------------------------------------------


def tools() -> Path:
    """The Python that builds. Made anew where the lock has changed."""
    lock = ROOT / "requirements" / "package.txt"
    mark, python = TOOLS / "lock.txt", TOOLS / "bin" / "python"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if not mark.exists() or mark.read_text() != wanted:
        say("an environment to build in")
        shutil.rmtree(TOOLS, ignore_errors=True)
        venv.create(TOOLS, with_pip=True)
        run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes", "-r", lock)
        mark.write_text(wanted)
    return python


def wheel() -> Path:
    """The wheel; the same bytes each time."""
    say("wheel")
    DIST.mkdir(exist_ok=True)
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(int(when().timestamp()))}
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", DIST, ROOT, env=environment)
    return DIST / f"exoalias-{version()}-py3-none-any.whl"


def folder() -> Path:
    """One folder with the program, its Python and the parts of Qt it uses."""
    python = tools()
    say("one folder (a minute)")
    shutil.rmtree(FOLDER, ignore_errors=True)
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(int(when().timestamp())), "PYTHONHASHSEED": "1"}
    run(
        *(python, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"),
        *("--distpath", DIST, "--workpath", BUILD / "work", ROOT / "packaging" / "exoalias.spec"),
        env=environment,
    )
    if shutil.which("strip"):
        own = FOLDER / "_internal"
        for library in [*own.glob("libpython*.so*"), *own.glob("python3*/lib-dynload/*.so"), *own.glob("crypto*/**/*.abi3.so")]:
            run("strip", "--strip-unneeded", library)
    shutil.copy(ROOT / "LICENSE", FOLDER / "LICENSE")
    listed(of_tools(TOOLS, FOLDER), FOLDER)
    return FOLDER


def listed(parts: Parts, into: Path) -> None:
    """The list of everything shipped (CycloneDX), and the licences of it, into the folder."""
    document = bill_of_materials(parts, version(), into)
    (into / "sbom.cdx.json").write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    licences(parts, into / "licences")


def deb() -> Path:
    """The Debian package around that folder."""
    if not FOLDER.exists():
        folder()
    say("deb")
    tree = BUILD / "deb"
    shutil.rmtree(tree, ignore_errors=True)
    _system_tree(tree)
    architecture = subprocess.run(["dpkg", "--print-architecture"], capture_output=True, text=True, check=True).stdout.strip()
    kilobytes = round(size_mb(tree) * 1000)
    _put(tree / "DEBIAN" / "control", texts.control(version(), architecture, kilobytes))
    sums = [
        f"{hashlib.md5(f.read_bytes(), usedforsecurity=False).hexdigest()}  {f.relative_to(tree)}"
        for f in sorted(tree.rglob("*"))
        if f.is_file() and not f.is_symlink() and "DEBIAN" not in f.parts
    ]
    _put(tree / "DEBIAN" / "md5sums", "\n".join(sums) + "\n")
    _plain_modes(tree)
    made = DIST / f"exoalias_{version()}_{architecture}.deb"
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(int(when().timestamp()))}
    run("dpkg-deb", "--root-owner-group", "-Zxz", "--build", tree, made, env=environment)
    return made


def tarball() -> Path:
    """The same folder to unpack anywhere; it needs the libraries of a desktop, and nothing installed."""
    if not FOLDER.exists():
        folder()
    say("tarball")
    made = DIST / f"exoalias-{version()}-linux-{os.uname().machine}.tar.xz"
    moment = int(when().timestamp())

    def plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = "root"
        entry.mtime = moment
        return entry

    with tarfile.open(made, "w:xz", preset=6) as archive:
        for path in sorted(FOLDER.rglob("*")):
            archive.add(path, f"exoalias-{version()}/{path.relative_to(FOLDER)}", recursive=False, filter=plain)
    return made


# -- the tree of a system ------------------------------------------------------------------------------------------------


def _system_tree(tree: Path) -> None:
    """The program below /usr/lib, and where a desktop looks: menu entry, icons, man page, completion, metadata."""
    from exoalias.app.verbs import VERBS
    from exoalias.cli.parser import ENDS

    share = tree / "usr" / "share"
    shutil.copytree(FOLDER, tree / "usr" / "lib" / "exoalias", symlinks=True)
    (tree / "usr" / "bin").mkdir(parents=True)
    (tree / "usr" / "bin" / "exoalias").symlink_to("../lib/exoalias/exoalias")
    _put(share / "applications" / "exoalias.desktop", (ROOT / "packaging" / "linux" / "exoalias.desktop").read_text())
    _put(share / "icons" / "hicolor" / "scalable" / "apps" / "exoalias.svg", (ROOT / "resources" / "exoalias.svg").read_text())
    for pixels in (16, 24, 32, 48, 64, 128, 256):
        _drawn(share / "icons" / "hicolor" / f"{pixels}x{pixels}" / "apps" / "exoalias.png", pixels)
    _put(share / "metainfo" / "exoalias.metainfo.xml", texts.metainfo(version(), when()))
    _packed(share / "man" / "man1" / "exoalias.1.gz", texts.man_page(version(), when(), VERBS, ENDS))
    always = ("--help", "--non-interactive", "--browser", "--this-run-only", "--set", "--simulated", "--secret-stdin")
    _put(share / "bash-completion" / "completions" / "exoalias", texts.bash_completion(VERBS, always))
    documents = share / "doc" / "exoalias"
    _put(documents / "copyright", texts.copyright_file((ROOT / "LICENSE").read_text()))
    _packed(documents / "changelog.gz", (ROOT / "CHANGELOG.md").read_text())
    _packed(documents / "changelog.Debian.gz", texts.debian_changelog(version(), when()))
    for name in ("README.md", "SECURITY.md"):
        _put(documents / name, (ROOT / name).read_text())


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _packed(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(text.encode(), mtime=0))


def _drawn(path: Path, pixels: int) -> None:
    """The icon as a picture: some menus draw no SVG."""
    from PySide6.QtGui import QGuiApplication, QIcon

    held = QGuiApplication.instance() or QGuiApplication(["package", "-platform", "offscreen"])
    path.parent.mkdir(parents=True, exist_ok=True)
    if not QIcon(str(ROOT / "resources" / "exoalias.svg")).pixmap(pixels, pixels).save(str(path)):
        raise SystemExit(f"package: {path} could not be written")
    del held


def _plain_modes(tree: Path) -> None:
    """Readable by everybody, writable by root alone; executable where it was."""
    for path in [tree, *tree.rglob("*")]:
        if path.is_symlink():
            continue
        executable = path.is_dir() or path.stat().st_mode & 0o100
        path.chmod(0o755 if executable else 0o644)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main())
