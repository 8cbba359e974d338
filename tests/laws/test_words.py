"""Whatever a person is shown has its words: each failure what to do about it, each rule why it matters and who says so."""

from __future__ import annotations

import ast
import string
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from exoalias.domain import sources
from exoalias.domain.checklist import Source
from exoalias.domain.problems import FarSide, MachineForbids, PersonDeclined, Problem, UsageProblem, every_problem
from exoalias.domain.rules import RULES
from exoalias.domain.rules.rule import Rule
from tests.laws.source import dotted, modules, strings

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

# Heads of families without words of their own: they are there to be caught, and never raised.
NEVER_RAISED = frozenset({Problem, MachineForbids, FarSide, PersonDeclined})
# Failures without a remedy, each with the reason.
NO_REMEDY: dict[type[Problem], str] = {
    UsageProblem: "its words say what to type instead: each one is about another argument",
}


def lacks(says: str, remedy: str, exit_code: int, *, no_remedy: bool = False) -> list[str]:
    """What a failure would leave a person without."""
    faults = [] if says not in {"", Problem.says} else ["words"]
    if not remedy and not no_remedy:
        faults.append("remedy")
    return faults if exit_code in range(1, 8) else [*faults, "exit code"]


def groundless(rules: Iterable[Rule]) -> list[str]:
    """Rules without a title, a reason or a public page that says so."""
    faults = []
    for rule in rules:
        if not rule.title or rule.title != rule.title.strip(" ."):
            faults.append(f"{rule.code}: title")
        if not rule.why.endswith(".") or len(rule.why.split()) < 4:
            faults.append(f"{rule.code}: why")
        if not rule.sources:
            faults.append(f"{rule.code}: source")
        faults += [f"{rule.code}: {page.url}" for page in rule.sources if not _opens(page)]
    return faults


def _opens(page: Source) -> bool:
    address = urlsplit(page.url)
    return bool(page.title.strip() and address.scheme == "https" and address.netloc and address.path.strip("/"))


def raised(package: Path, names: set[str]) -> list[str]:
    """Where one of these classes of domain/problems.py is called to make a failure."""
    return [
        f"{name}:{node.lineno}"
        for name, tree in modules(package)
        for meant in [_as_written(tree, names)]
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and dotted(node.func) in meant
    ]


def _as_written(tree: ast.Module, names: set[str]) -> set[str]:
    """How a module may write the classes: as it imported them, or through the module that holds them."""
    froms = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == "exoalias.domain.problems"]
    imported = {alias.asname or alias.name for node in froms for alias in node.names if alias.name in names}
    return imported | {f"{holder}.{name}" for holder in ("problems", "exoalias.domain.problems") for name in names}


@pytest.mark.parametrize("problem", [p for p in every_problem() if p not in NEVER_RAISED], ids=lambda p: p.code)
def test_every_failure_says_what_happened_and_what_to_do(problem: type[Problem]) -> None:
    assert lacks(problem.says, problem.do, problem.exit_code, no_remedy=problem in NO_REMEDY) == []


def test_a_failure_without_words_is_never_raised(root: Path) -> None:
    assert raised(root / "exoalias", {problem.__name__ for problem in NEVER_RAISED}) == []


def test_the_exceptions_are_needed() -> None:
    assert [problem for problem in NO_REMEDY if problem.do] == []
    assert [problem for problem in NEVER_RAISED if not lacks(problem.says, problem.do, problem.exit_code)] == []


def test_every_fact_asked_for_is_a_plain_name() -> None:
    for problem in every_problem():
        names = [
            name for text in (problem.says, problem.do) for _, name, _, _ in string.Formatter().parse(text) if name is not None
        ]
        assert all(name.isidentifier() for name in names), problem


def test_every_rule_has_its_reason_and_its_page() -> None:
    assert groundless(RULES) == []


def test_every_page_can_be_opened() -> None:
    pages = [value for value in vars(sources).values() if isinstance(value, Source)]
    assert pages
    assert [page for page in pages if not _opens(page)] == []


@pytest.mark.parametrize(
    ("says", "remedy", "exit_code", "faults"),
    [
        ("", "Try again.", 5, ["words"]),
        (Problem.says, "", 5, ["words", "remedy"]),
        ("It went astray.", "", 1, ["remedy"]),
        ("It went astray.", "Look for it.", 0, ["exit code"]),
        ("It went astray.", "Look for it.", 8, ["exit code"]),
    ],
)
def test_a_failure_that_lacks_something_is_noticed(says: str, remedy: str, exit_code: int, faults: list[str]) -> None:
    assert lacks(says, remedy, exit_code) == faults


@pytest.mark.parametrize(
    "source",
    [
        "from exoalias.domain import problems\nraise problems.FarSide(host='x')\n",
        "from exoalias.domain.problems import FarSide\nraise FarSide(host='x')\n",
        "from exoalias.domain.problems import FarSide as Far\nraise Far(host='x') from None\n",
    ],
)
def test_raising_the_head_of_a_family_is_noticed(tmp_path: Path, source: str) -> None:
    (tmp_path / "planted.py").write_text(source)
    assert raised(tmp_path, {"FarSide"}) == ["planted.py:2"]


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        (Rule("a.b", "", "It matters a lot.", (sources.SPOKE,)), "a.b: title"),
        (Rule("a.b", "It holds", "", (sources.SPOKE,)), "a.b: why"),
        (Rule("a.b", "It holds", "It matters a lot.", ()), "a.b: source"),
        (Rule("a.b", "It holds", "It matters a lot.", (Source("Page", "http://x.example/p"),)), "a.b: http://x.example/p"),
        (Rule("a.b", "It holds", "It matters a lot.", (Source("", "https://x.example/p"),)), "a.b: https://x.example/p"),
    ],
)
def test_a_rule_without_ground_is_noticed(rule: Rule, fault: str) -> None:
    assert groundless([rule]) == [fault]


def test_three_dots_stand_apart_on_every_button(root: Path) -> None:
    """A button of the detail stands beside one with a menu's words: both are written alike."""
    ends = [
        f"{name}:{line} {said}"
        for folder in ("domain/rules", "ui")
        for name, tree in modules(root / "exoalias" / folder)
        for line, said in strings(tree)
        if said.endswith("…") and not said.endswith(" …") and said != "AADSTS…"
    ]
    assert ends == []
