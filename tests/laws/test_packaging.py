"""What a Linux package carries beside the program is made from the table of verbs, and each tool that reads it can."""

from __future__ import annotations

import configparser
import shutil
import subprocess
import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from importlib import util
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from exoalias.app.verbs import VERBS
from exoalias.cli.parser import ENDS

if TYPE_CHECKING:
    import _package_texts as texts
else:  # a script, not a package: loaded from where it stands
    spec = util.spec_from_file_location("_package_texts", Path(__file__).resolve().parents[2] / "dev" / "_package_texts.py")
    texts = util.module_from_spec(spec)
    spec.loader.exec_module(texts)

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 29, tzinfo=UTC)
ALWAYS = ("--help", "--set")


def completed(*words: str) -> set[str]:
    """What bash offers for the last of these words."""
    script = texts.bash_completion(VERBS, ALWAYS)
    typed = " ".join(words) or "''"
    line = f'COMP_WORDS=(exoalias {typed}); COMP_CWORD={max(1, len(words))}; _exoalias; echo "${{COMPREPLY[@]}}"'
    done = subprocess.run(["bash", "-c", f"{script}\n{line}"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return set(done.stdout.split())


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")
def test_completion_offers_every_verb_its_second_word_and_its_options() -> None:
    assert {verb.name.partition(" ")[0] for verb in VERBS} <= completed()
    for verb in VERBS:
        head, _, tail = verb.name.partition(" ")
        if tail:
            assert tail in completed(head, "''")
        flags = {argument.flag for argument in verb.arguments if argument.flag.startswith("--")}
        assert flags | set(ALWAYS) <= completed(*verb.name.split(), "--"), verb.name
    assert completed("che") == {"check"}


def test_the_man_page_names_every_verb_and_exit_code() -> None:
    page = texts.man_page("1.2", NOW, VERBS, ENDS)
    for verb in VERBS:
        assert f"\\fB{verb.name.replace('-', chr(92) + '-')}\\fR" in page
    assert "wrong user signed in" in page
    assert page.startswith('.TH EXOALIAS 1 "2026-11-29" "exoalias 1.2"')
    body = [line for line in page.splitlines() if not line.startswith((".TH", ".SH", ".TP", ".B"))]
    assert not [line for line in body if line.startswith((".", "'"))], "such a line would be taken for a macro"


def test_the_menu_entry_starts_the_program() -> None:
    entry = configparser.ConfigParser(interpolation=None)
    entry.optionxform = str  # type: ignore[assignment, method-assign] # keys keep their case
    entry.read(ROOT / "packaging" / "linux" / "exoalias.desktop", encoding="utf-8")
    head = entry["Desktop Entry"]
    assert (head["Exec"], head["Icon"], head["Terminal"]) == ("exoalias", "exoalias", "false")
    assert head["Comment[de]"]


def test_the_metadata_is_well_formed_and_dated() -> None:
    root = ET.fromstring(texts.metainfo("1.2", NOW))  # noqa: S314 - our own text
    release = root.find("releases/release")
    assert release is not None
    assert (release.get("version"), release.get("date")) == ("1.2", "2026-11-29")
    assert root.findtext("launchable") == "exoalias.desktop"


def test_the_control_file_has_its_fields_and_no_line_too_many() -> None:
    control = texts.control("1.2", "amd64", 1234)
    fields = [line.partition(":")[0] for line in control.splitlines() if not line.startswith(" ")]
    assert fields == [
        *("Package", "Version", "Architecture", "Maintainer", "Installed-Size", "Depends", "Recommends", "Section", "Priority"),
        "Description",
    ]
    assert "libxcb-cursor0" in control, "what is missing most often on people's machines"
    assert control.endswith(".\n")


def test_the_debian_changelog_and_copyright_are_in_their_forms() -> None:
    assert texts.debian_changelog("1.2", NOW).splitlines()[0] == "exoalias (1.2) stable; urgency=medium"
    stanzas = texts.copyright_file((ROOT / "LICENSE").read_text(encoding="utf-8")).split("\n\n")
    assert [stanza.partition(":")[0] for stanza in stanzas] == ["Format", "Files"]
    assert "Permission is hereby granted" in stanzas[1]
