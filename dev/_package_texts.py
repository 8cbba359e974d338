"""What a Linux package carries beside the program: man page, completion, metadata, control file; made from the verbs' table."""

from __future__ import annotations

import re
from email.utils import format_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from exoalias.app.verbs import Argument, Verb

_AUTHORS = "The exoalias authors <authors@exoalias.invalid>"
SUMMARY = "Strict mode credentials for Exchange Online on ServiceNow, made right and proven"

# What Qt's xcb and Wayland platforms need that is not in the folder (readelf, Debian 12), and what a bare machine lacks.
DEPENDS = ", ".join(
    (
        "libc6 (>= 2.35)",
        "libglib2.0-0 | libglib2.0-0t64",
        *(
            "libdbus-1-3 libegl1 libfontconfig1 libfreetype6 libgcc-s1 libgl1 libgssapi-krb5-2 libstdc++6 "
            "libwayland-client0 libwayland-cursor0 libwayland-egl1 libx11-6 libx11-xcb1 libxcb-cursor0 "
            "libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 "
            "libxcb-render-util0 libxcb-render0 libxcb-shape0 libxcb-shm0 libxcb-sync1 libxcb-util1 libxcb-xfixes0 libxcb-xkb1 "
            "libxcb1 libxkbcommon-x11-0 libxkbcommon0 libzstd1 zlib1g"
        ).split(),
    )
)
RECOMMENDS = (
    "chromium | google-chrome-stable | microsoft-edge-stable, gnome-keyring | kwalletmanager | keepassxc, "
    "fonts-dejavu-core | fonts-liberation | fonts-noto-core"
)


def control(version: str, architecture: str, kilobytes: int) -> str:
    """The control file of the Debian package."""
    return f"""Package: exoalias
Version: {version}
Architecture: {architecture}
Maintainer: {_AUTHORS}
Installed-Size: {kilobytes}
Depends: {DEPENDS}
Recommends: {RECOMMENDS}
Section: admin
Priority: optional
Description: {SUMMARY}
 For admins of ServiceNow, Workplace and Exchange Online: checks the OAuth
 entity profile of the credentials MS Graph 1 and MS Graph 2, sets it where
 it is not right, and gets each its OAuth token as the delegated user. The
 Microsoft sign-in runs in a browser window of its own; the code of a wrong
 user never reaches the instance.
"""


def copyright_file(licence: str) -> str:
    """debian/copyright in the machine-readable form (version 1.0); what is shipped with it lies in licences/."""
    text = "\n".join(f" {line}" if line.strip() else " ." for line in licence.strip().splitlines()[2:])
    return f"""Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: exoalias
Comment: The program is shipped with Python, Qt and other libraries. Their
 licences lie in /usr/lib/exoalias/licences, their list in
 /usr/lib/exoalias/sbom.cdx.json.

Files: *
Copyright: 2026 The exoalias authors
License: Expat
{text}
"""


def debian_changelog(version: str, when: datetime) -> str:
    """One entry; what changed stands in CHANGELOG.md, which is shipped beside it."""
    head, words = f"exoalias ({version}) stable; urgency=medium", "  * See CHANGELOG.md."
    return f"{head}\n\n{words}\n\n -- {_AUTHORS}  {format_datetime(when)}\n"


def metainfo(version: str, when: datetime) -> str:
    """AppStream metadata, for software centres."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<component type="desktop-application">
  <id>org.exoalias.exoalias</id>
  <metadata_license>CC0-1.0</metadata_license>
  <project_license>MIT</project_license>
  <name>exoalias</name>
  <summary>ServiceNow credentials for Exchange Online, made right</summary>
  <summary xml:lang="de">ServiceNow-Anmeldedaten für Exchange Online richtigstellen</summary>
  <developer_name>The exoalias authors</developer_name>
  <description>
    <p>Checks, sets and proves the strict mode connection and credential alias for Microsoft Exchange Online on a ServiceNow
    instance. The code of a wrong user never reaches the instance.</p>
    <p xml:lang="de">Prüft, setzt und beweist den Strict-Mode-Alias für Verbindung und Anmeldedaten zu Microsoft Exchange Online
    auf einer ServiceNow-Instanz. Der Code eines falschen Benutzers erreicht die Instanz nie.</p>
  </description>
  <launchable type="desktop-id">exoalias.desktop</launchable>
  <content_rating type="oars-1.1"/>
  <provides><binary>exoalias</binary></provides>
  <releases><release version="{version}" date="{when:%Y-%m-%d}"/></releases>
</component>
"""


def windows_resources(version: str, name: str) -> str:
    """The resources of a Windows launcher: icon (Qt looks for that name), manifest, and what the file's properties show."""
    numbers = ",".join([*re.findall(r"\d+", version)[:3], "0", "0", "0"][:4])
    shown = {
        "CompanyName": "The exoalias authors",
        "FileDescription": "exoalias",
        "FileVersion": version,
        "InternalName": name,
        "LegalCopyright": "2026 The exoalias authors, MIT",
        "OriginalFilename": f"{name}.exe",
        "ProductName": "exoalias",
        "ProductVersion": version,
    }
    values = "\n".join(f'   VALUE "{key}", "{value}"' for key, value in shown.items())
    return f"""IDI_ICON1 ICON "exoalias.ico"
1 24 "launcher.manifest"
1 VERSIONINFO
FILEVERSION {numbers}
PRODUCTVERSION {numbers}
FILEOS 0x40004
FILETYPE 1
BEGIN
 BLOCK "StringFileInfo"
 BEGIN
  BLOCK "040904B0"
  BEGIN
{values}
  END
 END
 BLOCK "VarFileInfo"
 BEGIN
  VALUE "Translation", 0x409, 1200
 END
END
"""


# -- man page ------------------------------------------------------------------------------------------------------------


def man_page(version: str, when: datetime, verbs: tuple[Verb, ...], ends: str) -> str:
    """exoalias(1), in man's own macros."""
    lines = [
        f'.TH EXOALIAS 1 "{when:%Y-%m-%d}" "exoalias {version}"',
        ".SH NAME",
        f"exoalias \\- {_man(SUMMARY)}",
        ".SH SYNOPSIS",
        ".B exoalias",
        "[\\fIVERB\\fR] [\\fIarguments\\fR]",
        ".SH DESCRIPTION",
        "Without a verb it opens its window. With one it does the same in the terminal.",
        "Every verb tells its own arguments: \\fBexoalias \\fIVERB\\fB \\-\\-help\\fR.",
        ".SH VERBS",
    ]
    for verb in verbs:
        lines += [".TP", f"\\fB{_man(verb.name)}\\fR {' '.join(_usage(a) for a in verb.arguments)}".rstrip(), _man(verb.words)]
    lines += [".SH EXIT STATUS", _man(ends.partition(": ")[2])]
    lines += [".SH FILES", "Where settings, journal and log lie on this machine is shown by \\fBexoalias doctor\\fR."]
    return "\n".join(lines) + "\n"


def _usage(argument: Argument) -> str:
    if not argument.flag.startswith("--"):
        return f"\\fI{_man(argument.flag)}\\fR{' ...' if argument.many else ''}"
    value = "" if argument.kind == "flag" else f" \\fI{_man(argument.metavar or argument.name.upper())}\\fR"
    option = f"\\fB{_man(argument.flag)}\\fR{value}"
    return option if argument.required else f"[{option}]"


def _man(text: str) -> str:
    """Plain text, escaped for man: a backslash, a hyphen that is typed, a line that begins with a dot."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("·", "\\(bu").replace("…", "...")
    return re.sub(r"^([.'])", r"\\&\1", escaped, flags=re.MULTILINE)


# -- completion ----------------------------------------------------------------------------------------------------------


def bash_completion(verbs: tuple[Verb, ...], always: tuple[str, ...]) -> str:
    """Completes verbs, second words and options; names of instances are not read for it."""
    heads = sorted({verb.name.partition(" ")[0] for verb in verbs})
    cases = []
    for head in heads:
        tails = sorted(v.name.partition(" ")[2] for v in verbs if v.name.startswith(f"{head} "))
        if tails:
            cases.append(f'        "{head} ") words="{" ".join(tails)}" ;;')
    for verb in verbs:
        head, _, tail = verb.name.partition(" ")
        flags = sorted({a.flag for a in verb.arguments if a.flag.startswith("--")} | set(always))
        cases.append(f'        "{head} {tail}") words="{" ".join(flags)}" ;;')
    body = "\n".join(cases)
    return f"""# bash completion for exoalias
_exoalias() {{
    local current="${{COMP_WORDS[COMP_CWORD]}}" words="" given=() word
    for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
        [[ "$word" == -* ]] || given+=("$word")
    done
    if (( ${{#given[@]}} == 0 )); then
        words="{" ".join([*heads, *sorted(always)])}"
    else
        local head="${{given[0]}}" tail=""
        case " {" ".join(sorted({v.name.partition(" ")[0] for v in verbs if " " in v.name}))} " in
            *" $head "*) tail="${{given[1]:-}}" ;;
        esac
        case "$head $tail" in
{body}
        esac
    fi
    if [[ "$current" == */* || -z "$words" ]]; then
        COMPREPLY=($(compgen -f -- "$current"))
    else
        COMPREPLY=($(compgen -W "$words" -- "$current"))
    fi
}}
complete -o filenames -F _exoalias exoalias
"""
