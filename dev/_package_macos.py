"""What people install on a Mac: exoalias.app, and a disk image to drag it from. Written without a Mac: packaging/README.md."""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import _package_common as common
from _package_macos_sign import Signature, machine_code, notarise, sign, sign_image
from _package_parts import COMMON_LICENCES, bill_of_materials, licences, of_tools

SOURCES = common.ROOT / "packaging" / "macos"
WORK = common.BUILD / "macos"
APP = common.DIST / "exoalias.app"
PROGRAM = APP / "Contents" / "MacOS" / "exoalias"
_POINTS = (16, 32, 128, 256, 512)  # each once plainly and once for screens with twice the dots


def asked(arguments: list[str]) -> int | None:
    """Build what was asked for on a Mac, or refuse it elsewhere; None: something else was asked for, of another system."""
    on_a_mac = sys.platform == "darwin"
    if not on_a_mac and not KINDS.keys() & set(arguments):
        return None
    if not on_a_mac:
        why = "Apple's codesign, hdiutil and notarytool exist nowhere else. The steps are in packaging/README.md, macOS."
        print(f"package: {' and '.join(KINDS)} are built on a Mac: {why}", file=sys.stderr)
        return 2
    if unknown := [word for word in arguments if word not in {*KINDS, "--test"}]:
        print(f"usage on a Mac: dev.py package [{'] ['.join(KINDS)}] [--test]\nnot here: {' '.join(unknown)}", file=sys.stderr)
        return 2
    Signature.of(os.environ)  # what is wrong with it is said before the building, not after
    for path in [KINDS[kind]() for kind in KINDS if kind in arguments or not KINDS.keys() & set(arguments)]:
        print(f"{path.relative_to(common.ROOT)}  {common.size_mb(path):.1f} MB")
    return _tried() if "--test" in arguments else 0


def _tried() -> int:
    """The program in the bundle, with this Mac's keychain and browser."""
    smoke = Path(__file__).with_name("_package_smoke.py")
    return subprocess.run([sys.executable, smoke, PROGRAM, "--keyring", "--demo"], check=False).returncode


def app() -> Path:
    """The bundle, signed; notarised where the environment says as whom."""
    signature = Signature.of(os.environ)
    if absent := [name for name in ("LGPL-3", "GPL-3") if not (COMMON_LICENCES / name).is_file()]:
        where = "They lie in Debian's /usr/share/common-licenses"
        raise SystemExit(f"package: set EXOALIAS_LICENCE_TEXTS to a folder with {' and '.join(absent)}, for Qt. {where}")
    python = common.tools()
    _icon()
    common.say("exoalias.app (some minutes)")
    made = WORK / "made"
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(int(common.when().timestamp())), "PYTHONHASHSEED": "1"}
    common.run(
        *(python, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"),
        *("--distpath", made, "--workpath", WORK / "work", SOURCES / "exoalias.spec"),
        env=environment,
    )
    common.DIST.mkdir(exist_ok=True)
    shutil.rmtree(APP, ignore_errors=True)
    (made / "exoalias.app").rename(APP)
    if left_open := strays(APP):
        raise SystemExit("package: not whole:\n" + "\n".join(left_open))
    _listed(APP / "Contents" / "Resources")
    sign(APP, signature, WORK, SOURCES)
    notarise(APP, signature, WORK)
    return APP


def dmg() -> Path:
    """The disk image with the bundle and a link to where it is dragged."""
    signature = Signature.of(os.environ)
    if not APP.exists():
        app()
    common.say("disk image")
    stage, made = WORK / "image", common.DIST / f"exoalias-{common.version()}-macos-{platform.machine()}.dmg"
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir(parents=True)
    common.run("ditto", APP, stage / APP.name)  # keeps the signature whole
    (stage / "Applications").symlink_to("/Applications")
    shutil.copy(common.ROOT / "LICENSE", stage / "LICENSE.txt")
    common.run(
        *("hdiutil", "create", "-volname", f"exoalias {common.version()}", "-srcfolder", stage),
        *("-fs", "HFS+", "-format", "UDZO", "-ov", made),
    )
    sign_image(made, signature)
    notarise(made, signature, WORK)
    return made


KINDS = {"app": app, "dmg": dmg}


# -- the bundle ------------------------------------------------------------------------------------------------------------


def _icon() -> Path:
    """exoalias.icns, where exoalias.spec takes it from."""
    made = WORK / "exoalias.icns"
    common.run("iconutil", "--convert", "icns", "--output", made, iconset(WORK / "exoalias.iconset"))
    return made


def iconset(folder: Path) -> Path:
    """The program's icon drawn in the sizes that Apple's iconutil wants, under the names it wants."""
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    drawing = QSvgRenderer(str(common.ROOT / "resources" / "exoalias.svg"))
    for points in _POINTS:
        for times, ending in ((1, ""), (2, "@2x")):
            picture = QImage(points * times, points * times, QImage.Format.Format_ARGB32_Premultiplied)
            picture.fill(Qt.GlobalColor.transparent)
            painter = QPainter(picture)
            drawing.render(painter)
            painter.end()
            path = folder / f"icon_{points}x{points}{ending}.png"
            if not picture.save(str(path)):
                raise SystemExit(f"package: {path} could not be written")
    return folder


def _listed(into: Path) -> None:
    """The list of everything shipped (CycloneDX), and the licences of it."""
    loose = (path for path in sorted((APP / "Contents" / "Frameworks").glob("lib*.dylib")) if not path.is_symlink())
    parts = of_tools(common.TOOLS, APP)
    parts = replace(parts, libraries=tuple(loose), left_out=parts.left_out | {"macholib"})
    document = bill_of_materials(parts, common.version(), APP)
    (into / "sbom.cdx.json").write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    licences(parts, into / "licences")
    shutil.copy(common.ROOT / "LICENSE", into / "LICENSE.txt")


def strays(bundle: Path) -> list[str]:
    """Libraries that something in the bundle names and that are neither in it nor macOS' own: it would not start elsewhere."""
    there = {path.relative_to(bundle).as_posix() for path in bundle.rglob("*") if path.is_file()}
    found = []
    for code in machine_code(bundle):
        said = subprocess.run(["otool", "-L", code], capture_output=True, text=True, check=True).stdout
        found += [f"{code.relative_to(bundle)} wants {name}" for name in named_in(said) if not _is_met(name, there)]
    return found


def named_in(said: str) -> list[str]:
    """The libraries in what ``otool -L`` prints: the lines moved in, without the versions behind each."""
    return [line.strip().partition(" (")[0] for line in said.splitlines() if line.startswith("\t")]


def _is_met(name: str, there: set[str]) -> bool:
    if name.startswith(("/usr/lib/", "/System/Library/")):
        return True
    below = re.sub(r"^@\w+/(\.\.?/)*", "", name)
    return name.startswith("@") and any(path == below or path.endswith(f"/{below}") for path in there)
