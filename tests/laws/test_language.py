"""Every sentence a person may read is in the catalogue, and every one is translated, with its facts and its key."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import language
else:  # scripts, not a package: loaded from where they stand
    sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "dev"))
    import language

LANGUAGES = sorted(path.stem for path in language.FOLDER.glob("*.po"))
FACTS = re.compile(r"\{[^{}]*\}|%\([a-z_]+\)[sr]|%[sr]")
PAIRS = {name: {str(m.id): str(m.string) for m in language.catalogue(name) if m.id} for name in LANGUAGES}


def faults(english: str, other: str) -> list[str]:
    """What a translation lost of its sentence."""
    found = [] if other else ["translation"]
    if sorted(FACTS.findall(english)) != sorted(FACTS.findall(other)):
        found.append("facts")
    if (english[:1].isspace(), english[-1:].isspace()) != (other[:1].isspace(), other[-1:].isspace()):
        found.append("blanks")
    if len(re.findall(r"&\w", english)) != len(re.findall(r"&\w", other)):
        found.append("key")
    return found


def test_there_is_german() -> None:
    assert LANGUAGES == ["de"]
    assert len(PAIRS["de"]) > 2000


@pytest.mark.parametrize("name", LANGUAGES)
def test_every_sentence_is_translated(name: str) -> None:
    assert sorted(set(language.messages()) - set(PAIRS[name])) == []
    assert [(english, faults(english, other)) for english, other in PAIRS[name].items() if faults(english, other)] == []


@pytest.mark.parametrize("name", LANGUAGES)
def test_the_files_are_as_the_tool_writes_them(name: str) -> None:
    new = language.renewed(language.catalogue(name))
    assert (language.FOLDER / f"{name}.po").read_bytes() == language.written(new)
    assert (language.FOLDER / f"{name}.mo").read_bytes() == language.compiled(language.catalogue(name))


def test_what_is_wrong_is_noticed() -> None:
    assert faults("{name} is gone", "{name} fehlt") == []
    assert faults("{name} is gone", "") == ["translation", "facts"]
    assert faults(" and {n} more", "und {n} weitere") == ["blanks"]
    assert faults("&Check", "Prüfen") == ["key"]
    assert faults("Rooms & equipment", "Räume & Geräte") == []


SOURCE = '''"""A docstring is not told."""
WORDS = "Two words"
CODE = "no-words"
QUERY = "SELECT a FROM b"
def f(name):
    """Nor is this."""
    return say("{name} is read", name=g("a fact of ours", 1)) if name else _("Word")
'''


def test_sentences_are_found_where_they_stand() -> None:
    found = list(language._Reader("app/x.py").read(ast.parse(SOURCE)))
    assert found == ["Two words", "{name} is read", "a fact of ours", "Word"]
    shown = list(language._Reader("ui/x.py").read(ast.parse('Column("Customer", "id")')))
    assert shown == ["Customer"]


TELLING = {"_", "told", "say", "word", "plural", "joined", "counted", "unended"}


def shadowed(tree: ast.AST) -> set[str]:
    """Functions that tell, and are called where a local name has taken their place: Python then finds neither."""
    imported = {
        name.asname or name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").endswith(("words", "wording"))
        for name in node.names
    }
    found = set()
    for function in (node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.Lambda))):
        nodes = list(ast.walk(function))
        stored = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        stored |= {node.arg for node in nodes if isinstance(node, ast.arg)}
        called = {node.func.id for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
        found |= stored & called & imported & TELLING
    return found


def test_no_local_name_takes_the_place_of_what_tells(root: Path) -> None:
    files = (root / "exoalias").rglob("*.py")
    assert {str(file): names for file in files if (names := shadowed(ast.parse(file.read_text("utf-8"))))} == {}


def test_a_local_name_in_that_place_is_noticed() -> None:
    text = "from exoalias.ui.words import told\ndef f(x):\n    y = told(x)\n    told = 1\n    return y, told\n"
    assert shadowed(ast.parse(text)) == {"told"}
