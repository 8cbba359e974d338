"""The source of the MSI, written for ``wixl``: a component a file, with ids that are the same in every build."""

from __future__ import annotations

import hashlib
import re
import uuid
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

if TYPE_CHECKING:
    from collections.abc import Mapping

_UNINSTALL = "Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\"

# What wixl knows no element for is put in by msibuild: when a component is installed, and a place at the end of the machine's
# PATH, taken out again when removed. What was chosen once holds until something else is said: an upgrade need not repeat it.
CONDITIONS = {
    "Menu": "MENUENTRY = 1 OR (NOT (MENUENTRY = 0) AND (MENUBEFORE OR NOT KNOWNBEFORE))",
    "OnPath": "ADDTOPATH = 1 OR (NOT (ADDTOPATH = 0) AND PATHBEFORE)",
}
ENVIRONMENT = (
    "Environment\tName\tValue\tComponent_\ns72\tl255\tL255\ts72\nEnvironment\tEnvironment\n"
    "OnPath\t=-*PATH\t[~];[INSTALLFOLDER]\tOnPath\n"
)
_OURS = r"Software\exoalias"
_BEFORE = {"KNOWNBEFORE": "InstalledBy", "MENUBEFORE": "MenuEntry", "PATHBEFORE": "OnPath", "FOLDERBEFORE": "InstallFolder"}

_SECURE = ("WIX_DOWNGRADE_DETECTED", "WIX_UPGRADE_DETECTED", "INSTALLFOLDER", "MENUENTRY", "ADDTOPATH", "BYSETUP", *_BEFORE)


def queries() -> list[str]:
    """What is put into the finished MSI: conditions, the order of an upgrade, and which properties reach the service."""
    update = "UPDATE `{0}` SET `{1}` = '{2}' WHERE `{0}` = '{3}'"
    said = [update.format("Component", "Condition", condition, name) for name, condition in CONDITIONS.items()]
    # The earlier version goes within the transaction: an upgrade that fails brings it back.
    said.append("UPDATE `InstallExecuteSequence` SET `Sequence` = 1501 WHERE `Action` = 'RemoveExistingProducts'")
    return [*said, update.format("Property", "Value", ";".join(_SECURE), "SecureCustomProperties")]


def source(folder: Path, version: str, icon: str, ids: Mapping[str, str]) -> str:
    """The whole document: every file of *folder*, the menu entry, and the public properties that README.md promises."""
    space = uuid.UUID(ids["components"])
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    components = "\n".join(_component(space, path.relative_to(folder)) for path in files)
    return f"""<?xml version="1.0" encoding="utf-8"?>
<Wix xmlns="http://schemas.microsoft.com/wix/2006/wi">
<Product Id="{_guid(space, f"product {version}")}" Name="exoalias" Language="1033" Version="{numbers(version)}"
 Manufacturer="The exoalias authors" UpgradeCode="{ids["upgrade_code"]}">
<Package InstallerVersion="500" Compressed="yes" InstallScope="perMachine" Description="exoalias {version}"/>
<MajorUpgrade DowngradeErrorMessage="A newer exoalias is installed. Remove it first."/>
<Media Id="1" Cabinet="exoalias.cab" EmbedCab="yes"/>
<Property Id="ARPNOMODIFY" Value="1"/>
<Property Id="ARPPRODUCTICON" Value="exoalias.ico"/>
<Icon Id="exoalias.ico" SourceFile={quoteattr(icon)}/>
{_read("BYSETUP", _UNINSTALL + ids["uninstall_key"], "DisplayVersion")}
{"".join(_read(name, _OURS, value) for name, value in _BEFORE.items())}
<CustomAction Id="FolderAsBefore" Property="INSTALLFOLDER" Value="[FOLDERBEFORE]" Execute="immediate" Impersonate="yes"/>
<Condition Message="The setup program installed exoalias for everybody. Remove that first.">Installed OR NOT BYSETUP</Condition>
<Condition Message="exoalias needs a 64-bit Windows 10 or newer.">Installed OR VersionNT64 &gt;= 603</Condition>
<Directory Id="TARGETDIR" Name="SourceDir">
<Directory Id="ProgramMenuFolder"/>
<Directory Id="ProgramFiles64Folder"><Directory Id="INSTALLFOLDER" Name="exoalias">
{_folders(folder, folder)}
</Directory></Directory></Directory>
{components}
{_beside(space)}
<Feature Id="Everything" Title="exoalias" Level="1">
{"".join(f'<ComponentRef Id="{_id("c", p.relative_to(folder))}"/>' for p in files)}
<ComponentRef Id="Menu"/><ComponentRef Id="Known"/><ComponentRef Id="OnPath"/>
</Feature>
<InstallUISequence>
<Custom Action="FolderAsBefore" Sequence="51">FOLDERBEFORE AND NOT INSTALLFOLDER</Custom>
</InstallUISequence>
<InstallExecuteSequence>
<Custom Action="FolderAsBefore" Sequence="51">FOLDERBEFORE AND NOT INSTALLFOLDER</Custom>
<RemoveEnvironmentStrings Sequence="3300"/><WriteEnvironmentStrings Sequence="5200"/>
</InstallExecuteSequence>
</Product></Wix>
"""


def _read(name: str, key: str, value: str) -> str:
    """A property with what the registry holds."""
    search = f'<RegistrySearch Id="{name.title()}" Root="HKLM" Key="{key}" Name="{value}" Type="raw" Win64="yes"/>'
    return f'<Property Id="{name}">{search}</Property>\n'


def numbers(version: str) -> str:
    """The three numbers that Windows Installer compares."""
    return ".".join([*re.findall(r"\d+", version)[:3], "0", "0"][:3])


def _guid(space: uuid.UUID, name: str) -> str:
    return str(uuid.uuid5(space, name)).upper()


def _id(kind: str, path: Path) -> str:
    """An id that is the same in every build, for a path."""
    return kind + hashlib.sha256(path.as_posix().encode()).hexdigest()[:32]


def _where(path: Path) -> str:
    return "INSTALLFOLDER" if path == Path() else _id("d", path)


def _folders(root: Path, here: Path) -> str:
    """The folders below, one in the other."""
    below = sorted(path for path in here.iterdir() if path.is_dir())
    return "".join(
        f'<Directory Id="{_where(path.relative_to(root))}" Name={quoteattr(path.name)}>{_folders(root, path)}</Directory>\n'
        for path in below
    )


def _component(space: uuid.UUID, path: Path) -> str:
    """One file. wixl is run in the folder, so that its source is the path itself."""
    name = path.as_posix()
    guid = _guid(space, name)
    return (
        f'<DirectoryRef Id="{_where(path.parent)}"><Component Id="{_id("c", path)}" Guid="{guid}" Win64="yes">'
        f'<File Id="{_id("f", path)}" Name={quoteattr(path.name)} Source={quoteattr(name)} KeyPath="yes"/>'
        "</Component></DirectoryRef>"
    )


def _beside(space: uuid.UUID) -> str:
    """The menu entry, what tells the setup program of us, and the place on PATH."""
    ours = f'<RegistryValue Root="HKLM" Key="{_OURS}" Type="string"'
    app_path = r"Software\Microsoft\Windows\CurrentVersion\App Paths\exoalias.exe"
    return f"""<DirectoryRef Id="INSTALLFOLDER">
<Component Id="Menu" Guid="{_guid(space, "menu entry")}" Win64="yes">
<Shortcut Id="MenuEntry" Directory="ProgramMenuFolder" Name="exoalias" Target="[INSTALLFOLDER]exoalias-gui.exe"
 WorkingDirectory="INSTALLFOLDER"/>
{ours} Name="MenuEntry" Value="1" KeyPath="yes"/></Component>
<Component Id="Known" Guid="{_guid(space, "known")}" Win64="yes">
{ours} Name="InstalledBy" Value="msi" KeyPath="yes"/>
{ours} Name="InstallFolder" Value="[INSTALLFOLDER]"/>
<RegistryValue Root="HKLM" Key="{app_path}" Type="string" Value="[INSTALLFOLDER]exoalias.exe"/></Component>
<Component Id="OnPath" Guid="{_guid(space, "on path")}" Win64="yes">
{ours} Name="OnPath" Value="1" KeyPath="yes"/></Component>
</DirectoryRef>"""
