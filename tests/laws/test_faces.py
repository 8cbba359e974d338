"""Each verb has both faces: a command that is carried out on the terminal, and an action of the window that does something."""

from __future__ import annotations

import argparse
import ast
from typing import TYPE_CHECKING

import pytest

from exoalias.app.verbs import VERBS
from exoalias.cli.deeds import DEEDS
from exoalias.cli.parser import make_parser
from tests.laws.source import modules, strings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from exoalias.app.verbs import Verb

NAMES = {verb.name for verb in VERBS}
ACTIONS = {verb.window for verb in VERBS}
# Carried out beside the table of deeds, because it makes no world: cli/main.py.
ELSEWHERE = {"simulate"}


def commands(parser: argparse.ArgumentParser, head: str = "") -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Every command the parser takes, as typed, with its own parser."""
    below = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not below and head:
        yield head, parser
    for action in below:
        for word, inner in action.choices.items():
            yield from commands(inner, f"{head} {word}".strip())


def offered(ui: Path) -> set[str]:
    """The verbs among the menus' actions, by object name, as ui/actions.py writes them down."""
    return {text for name, tree in modules(ui) if name == "actions.py" for _, text in strings(tree) if text.startswith("verb-")}


def wired(ui: Path) -> set[str]:
    """The verbs' actions something is connected to: pairs of a name and what to call, anywhere else in the window."""
    return {
        node.elts[0].value
        for name, tree in modules(ui)
        if name != "actions.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.Tuple) and len(node.elts) == 2
        if isinstance(node.elts[0], ast.Constant) and isinstance(node.elts[0].value, str)
        if isinstance(node.elts[1], ast.Attribute | ast.Name | ast.Lambda) and node.elts[0].value.startswith("verb-")
    }


@pytest.fixture
def ui(root: Path) -> Path:
    return root / "exoalias" / "ui"


def test_every_verb_is_a_command_and_every_command_a_verb() -> None:
    assert {name for name, _ in commands(make_parser())} == NAMES


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_each_command_takes_the_arguments_of_its_verb(verb: Verb) -> None:
    parser = dict(commands(make_parser()))[verb.name]
    assert parser.get_default("verb") == verb.name
    assert {argument.name for argument in verb.arguments} <= {action.dest for action in parser._actions}
    assert verb.words in " ".join(parser.format_help().split())


def test_every_command_is_carried_out() -> None:
    assert set(DEEDS) == NAMES - ELSEWHERE


def test_every_verb_is_an_action_and_every_action_a_verb(ui: Path) -> None:
    assert offered(ui) == ACTIONS


def test_every_action_does_something(ui: Path) -> None:
    assert wired(ui) == ACTIONS


def test_one_action_for_two_verbs_is_the_demo_alone() -> None:
    assert len(VERBS) - len(ACTIONS) == 1
    assert [verb.name for verb in VERBS if verb.window == "verb-demo"] == ["demo", "simulate"]


def test_a_lost_face_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "actions.py").write_text('"""verb-check"""\nMENUS = (("verb-plan", "Plan"),)\n')
    (tmp_path / "conduct.py").write_text('for pair in (("verb-plan", self.review), ("verb-undo", "Undo")):\n    pass\n')
    assert offered(tmp_path) == {"verb-plan"}
    assert wired(tmp_path) == {"verb-plan"}
    parser = argparse.ArgumentParser()
    parser.add_subparsers().add_parser("instance").add_subparsers().add_parser("add")
    assert [name for name, _ in commands(parser)] == ["instance add"]
