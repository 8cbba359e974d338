"""What people install on Linux, and the wheel: one folder, a Debian package around it, a tarball of it."""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
from typing import TYPE_CHECKING

import _package_texts as texts
from _package_common import BUILD, DIST, ROOT, TOOLS, listed, run, say, size_mb, tools, version, when
from _package_parts import of_tools

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = DIST / "exoalias"


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
    for name in ("README.md", "SECURITY.md", "REVIEW.md"):
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
