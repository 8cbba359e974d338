"""What is shipped, listed: a bill of materials (CycloneDX) and the licence texts of every part."""

from __future__ import annotations

import os
import platform
import re
import shutil
import sysconfig
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

# What PyInstaller itself puts into the folder is its bootloader; the rest of these builds, and is not shipped.
_BUILDS_ONLY = frozenset("pip setuptools wheel pyinstaller-hooks-contrib altgraph packaging".split())
# Where the texts of the GNU licences lie, under the names Debian gives them; elsewhere somebody has to say where.
COMMON_LICENCES = Path(os.environ.get("EXOALIAS_LICENCE_TEXTS") or "/usr/share/common-licenses")
_TEXT = re.compile(r"(licen[cs]e|copying|notice|authors)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Parts:
    """Where the parts of a folder are read from."""

    packages: tuple[Path, ...]  # folders with installed packages
    libraries: tuple[Path, ...]  # files in the folder that no package names
    python: str  # its version
    python_licence: Path
    left_out: frozenset[str] = frozenset()  # packages of which nothing was taken
    built_in: tuple[tuple[str, str, str, Path], ...] = ()  # what tools put in: name, version, licence, its text


def of_tools(tools: Path, folder: Path) -> Parts:
    """What PyInstaller put into *folder* from the environment *tools*."""
    places = tuple(tools.glob("lib/python*/site-packages"))
    libraries = tuple(path for path in sorted((folder / "_internal").glob("lib*.so*")) if not path.is_symlink())
    licence = Path(sysconfig.get_path("stdlib")) / "LICENSE.txt"
    return Parts(places, libraries, platform.python_version(), licence, _BUILDS_ONLY)


def shipped(parts: Parts) -> list[Distribution]:
    """The packages that lie in the folder, by name."""
    found = {_name(each): each for each in distributions(path=[str(place) for place in parts.packages])}
    return [found[name] for name in sorted(found) if name not in parts.left_out]


def _name(each: Distribution) -> str:
    return re.sub(r"[-_.]+", "-", str(each.metadata["Name"])).lower()


def _licence(each: Distribution) -> str:
    """The licence as the package says it, short."""
    said = str(each.metadata["License-Expression"] or each.metadata["License"] or "")
    classed = [c.rpartition(" :: ")[2] for c in each.metadata.get_all("Classifier") or () if c.startswith("License ::")]
    return said.strip() if said and "\n" not in said.strip() else ", ".join(classed) or said.strip().partition("\n")[0]


def _part(name: str, version: str, kind: str, licence: dict[str, str] | None, what: str = "library") -> dict[str, Any]:
    """One entry of the list."""
    address = f"pkg:{kind}/{name}@{version}"
    said = [{"license": licence}] if licence else []
    return {"type": what, "bom-ref": address, "name": name, "version": version, "purl": address, "licenses": said}


def _library(path: Path, folder: Path) -> dict[str, Any]:
    """A file that no package names."""
    where = path.relative_to(folder).as_posix()
    return {"type": "library", "bom-ref": f"file:{where}", "name": path.name, "properties": [{"name": "path", "value": where}]}


def bill_of_materials(parts: Parts, version: str, folder: Path) -> dict[str, Any]:
    """A CycloneDX 1.6 document of the program and everything shipped with it."""
    packages = [(_name(each), str(each.version), _licence(each)) for each in shipped(parts)]
    listed = [_part(name, number, "pypi", {"name": licence} if licence else None) for name, number, licence in packages]
    listed.append(_part("cpython", parts.python, "generic", {"id": "PSF-2.0"}, "platform"))
    listed += [_part(name, number, "generic", {"id": licence}) for name, number, licence, _ in parts.built_in]
    listed += [_library(path, folder) for path in parts.libraries]
    root = {
        "type": "application",
        "bom-ref": "exoalias",
        "name": "exoalias",
        "version": version,
        "licenses": [{"license": {"id": "MIT"}}],
    }
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": root},
        "components": listed,
        "dependencies": [{"ref": "exoalias", "dependsOn": [part["bom-ref"] for part in listed]}],
    }


def _licence_of(each: Distribution, into: Path) -> bool:
    """The licence texts of one package into that folder, or the licence's name; whether it says anything."""
    into.mkdir(parents=True, exist_ok=True)
    for text in [f for f in each.files or () if _TEXT.search(f.name) and not f.name.endswith((".py", ".pyc"))]:
        source = Path(str(each.locate_file(text)))
        if source.is_file():
            shutil.copy(source, into / source.name)
    if any(into.iterdir()):
        return True
    (into / "licence.txt").write_text(f"{_name(each)} {each.version}: {_licence(each)}\n")
    return bool(_licence(each))


def licences(parts: Parts, target: Path) -> None:
    """The licence texts of every part, in a folder for each; SystemExit where one has none."""
    bare = [_name(each) for each in shipped(parts) if not _licence_of(each, target / _name(each))]
    for part in ("pyside6-essentials", "shiboken6"):  # the wheels name LGPL-3.0 and carry no text of it
        for name in ("LGPL-3", "GPL-3"):
            shutil.copy(COMMON_LICENCES / name, target / part / f"{name}.txt")
    (target / "cpython").mkdir(parents=True, exist_ok=True)
    if parts.python_licence.is_file():
        shutil.copy(parts.python_licence, target / "cpython" / "LICENSE.txt")
    for name, _, _, text in parts.built_in:
        (target / name).mkdir(parents=True, exist_ok=True)
        shutil.copy(text, target / name / "copyright")
    if bare:
        raise SystemExit(f"package: these say nothing of their licence: {', '.join(bare)}")
