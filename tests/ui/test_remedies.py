"""What to do about a Problem is said in the window's words: no Problem sends the person to a terminal."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import exoalias.ui
from exoalias.adapters.keeping import vault
from exoalias.app.verbs import VERBS
from exoalias.domain.problems import NoBrowser, NoTarget, NoVault, OwnerUnconfirmed, Problem, every_problem
from exoalias.ui import remedies
from exoalias.ui.outcome import of_problem

VERB = "|".join(sorted({verb.name.split()[0] for verb in VERBS}))
COMMAND = re.compile(rf"exoalias (?:{VERB})\b|(?<!\w)--[a-z]")
UI = Path(exoalias.ui.__file__).parent


@pytest.mark.parametrize("kind", every_problem(), ids=lambda kind: kind.__name__)
def test_no_remedy_in_the_window_names_a_command(kind: type[Problem]) -> None:
    told = remedies.remedy(kind())
    assert not COMMAND.search(told), told
    assert not COMMAND.search(of_problem(kind(), "check").remedy)


def test_the_law_would_notice_a_command() -> None:
    named = [kind.do for kind in every_problem() if COMMAND.search(kind.do)]
    assert len(named) >= 7, "the terminal's words do name commands"


def test_a_keyrings_remedy_names_no_option() -> None:
    tree = ast.parse(Path(vault.__file__).read_text("utf-8"))
    said = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str) and " --" in n.value]
    assert len(said) >= 3, "the terminal's words do"
    for how in said:
        assert not COMMAND.search(remedies.remedy(NoVault(why="declined", how=how))), how


def test_words_are_replaced_by_what_the_window_has() -> None:
    assert "Ctrl+T" in remedies.remedy(NoTarget(instance="acme", why="no delegated user is known"))
    assert "svc@acme.example" in remedies.remedy(OwnerUnconfirmed(upn="svc@acme.example"))
    assert remedies.in_window(NoBrowser().remedy) == "Install one of them, or name it in the settings."


def test_the_table_names_problems_that_exist() -> None:
    assert set(remedies.INSTEAD) <= {kind.code for kind in every_problem()}


def test_no_place_of_the_window_shows_a_problems_own_remedy() -> None:
    told = [
        (path.name, node.lineno)
        for path in UI.glob("*.py")
        if path.name != "remedies.py"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "remedy" and ast.unparse(node.value).endswith("problem")
    ]
    assert told == []
