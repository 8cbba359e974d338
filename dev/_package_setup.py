"""What installs the Windows folder: a setup program (NSIS) and a package for Windows Installer (MSI)."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import _package_common as common
import _package_msi
from _package_windows import FOLDER, SOURCES, WORK, icon, inputs, windows

if TYPE_CHECKING:
    from pathlib import Path


def file_of(kind: str, version: str = "", place: Path = common.DIST) -> Path:
    """Where the setup program or the MSI is written to."""
    ending = {"setup": "-setup.exe", "msi": ".msi"}[kind]
    return place / f"exoalias-{version or common.version()}-windows-x64{ending}"


def setup() -> Path:
    """The setup program around the folder: 64-bit, for one person or everybody."""
    if not FOLDER.exists():
        windows()
    return setup_of(common.version())


def setup_of(version: str, place: Path = common.DIST, *, quick: bool = False) -> Path:
    """The setup program of that version number; the test makes a newer one to upgrade to, quickly packed."""
    common.needs({"makensis": "nsis"})
    common.say(f"setup program {version} (a minute)")
    made, drawing = file_of("setup", version, place), WORK / "setup.ico"
    icon(drawing)
    _side(WORK / "side.bmp")
    numbers = ".".join([*re.findall(r"\d+", version)[:4], "0", "0", "0"][:4])
    given = {"VERSION": version, "VERSION4": numbers, "SOURCE": FOLDER, "OUT": made, "ICON": drawing, "SIDE": WORK / "side.bmp"}
    given |= {"KEY": inputs()["ids"]["uninstall_key"], "SIZE_KB": round(common.size_mb(FOLDER) * 1000)}
    defines = [f"-D{name}={value}" for name, value in given.items()]
    defines += ["-DQUICK"] if quick else []
    common.run("makensis", "-V2", "-WX", "-INPUTCHARSET", "UTF8", *defines, SOURCES / "setup.nsi")
    return made


def _side(path: Path) -> None:
    """The picture beside the last page: our icon on a quiet ground, in the size NSIS wants."""
    from PySide6.QtGui import QColor, QIcon, QImage, QPainter

    icon(path.with_suffix(".ico"))  # there is an application now
    picture = QImage(164, 314, QImage.Format.Format_RGB888)
    picture.fill(QColor("#e3eeef"))
    painter = QPainter(picture)
    painter.drawPixmap(34, 60, QIcon(str(common.ROOT / "resources" / "exoalias.svg")).pixmap(96, 96))
    painter.end()
    if not picture.save(str(path)):
        raise SystemExit(f"package: {path} could not be written")


def msi() -> Path:
    """The package for Windows Installer around the folder, for everybody on the machine."""
    if not FOLDER.exists():
        windows()
    return msi_of(common.version())


def msi_of(version: str, place: Path = common.DIST) -> Path:
    """The MSI of that version number."""
    common.needs({"wixl": "wixl", "msibuild": "msitools"})
    common.say(f"MSI {version}")
    made, drawing, source = file_of("msi", version, place), WORK / "setup.ico", WORK / "exoalias.wxs"
    icon(drawing)
    beside = os.path.relpath(drawing, FOLDER)  # wixl takes no absolute path
    source.write_text(_package_msi.source(FOLDER, version, beside, inputs()["ids"]), encoding="utf-8")
    common.run("wixl", "--arch", "x64", "--output", made, source, cwd=FOLDER)
    table = WORK / "Environment.idt"
    table.write_bytes(_package_msi.ENVIRONMENT.replace("\n", "\r\n").encode())
    common.run("msibuild", made, "-i", table)
    for query in _package_msi.queries():
        common.run("msibuild", made, "-q", query)
    return made
