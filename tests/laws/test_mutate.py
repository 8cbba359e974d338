"""The mutation tool makes real mutants, notices what survives, and its table of equivalent ones is up to date."""

from __future__ import annotations

import ast
import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import mutate
    from _mutants import mutants
else:  # scripts, not a package: loaded from where they stand
    sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "dev"))
    import mutate
    from _mutants import mutants

SOURCE = '''"""A docstring."""
from __future__ import annotations

LIMIT: int = 3
Alias = int | str


def judge(asked: int, known: tuple[int, ...] = (1, 2)) -> str:
    """Another."""
    if asked > LIMIT and asked not in known:
        return "more"
    match asked:
        case 1 if known:
            return f"one of {len(known)}"
        case _:
            return dict(said="none", of=asked.bit_length())["said"]
'''


def changes() -> set[tuple[str, str]]:
    return {(mutant.where, mutant.name.partition(": ")[2]) for mutant in mutants("x.py", SOURCE)}


@pytest.mark.parametrize(
    "change",
    [
        ("", "3 → 4"),
        ("", "(1, 2) → (2,)"),
        ("judge", "asked > LIMIT → (asked >= LIMIT)"),
        ("judge", "asked > LIMIT → (asked <= LIMIT)"),
        ("judge", "asked not in known → (asked in known)"),
        ("judge", "asked > LIMIT and asked not in known → (asked > LIMIT or asked not in known)"),
        ("judge", "asked > LIMIT and asked not in known → (asked > LIMIT)"),
        ("judge", "asked > LIMIT and asked not in known → (not (asked > LIMIT and asked not in known))"),
        ("judge", "asked > LIMIT and asked not in known → True"),
        ("judge", "asked > LIMIT and asked not in known → False"),
        ("judge", '"more" → None'),
        ("judge", "\"more\" → ''"),
        ("judge", "f\"one of {len(known)}\" → f'{len(known)}'"),
        ("judge", "dict(said=\"none\", of=asked.bit_length()) → dict(said='none')"),
        ("judge", "asked.bit_length() → asked"),
    ],
    ids=lambda change: change[1],
)
def test_what_is_slipped_in(change: tuple[str, str]) -> None:
    assert change in changes()


def test_cases_and_guards_are_taken_away() -> None:
    matches = [mutant.after for mutant in mutants("x.py", SOURCE) if mutant.after.startswith("match asked")]
    assert len(matches) == 3
    assert any("case 1:" in after for after in matches), "its guard"


def test_a_long_mutant_is_named_by_what_differs() -> None:
    whole = "x = " + " and ".join(f"condition_{n}(asked)" for n in range(9))
    (fifth,) = [m for m in mutants("x.py", whole) if "condition_4" not in m.after and m.after.startswith("(condition_0")]
    told = fifth.name.partition(": ")[2]
    assert "condition_4(asked)" in told.partition(" → ")[0]
    assert "condition_0" not in told
    assert told.startswith("…")
    assert len(told) < 140


def test_what_decides_nothing_is_left_alone() -> None:
    for mutant in mutants("x.py", SOURCE):
        for kept in (
            '"""A docstring."""',
            '"""Another."""',
            "LIMIT: int",
            "Alias = int | str",
            "known: tuple[int, ...]",
            "-> str",
        ):
            assert kept in mutant.source


def test_each_is_python_and_unlike_all_others() -> None:
    made = mutants("x.py", SOURCE)
    assert len({mutant.name for mutant in made}) == len(made)
    assert all(ast.dump(ast.parse(mutant.source)) != ast.dump(ast.parse(SOURCE)) for mutant in made)


@pytest.mark.parametrize("file", mutate.FILES)
def test_equivalent_ones_are_few_and_still_there(file: str) -> None:
    made = {mutant.name for mutant in mutate.planned((file,))}
    listed = {name: why for name, why in mutate.EQUIVALENT.items() if name.startswith(f"{file}::")}
    assert set(listed) <= made
    assert all(listed.values())
    assert len(listed) <= len(made) * 0.04


def test_every_listed_one_is_of_a_file_it_mutates() -> None:
    assert {name.partition("::")[0] for name in mutate.EQUIVALENT} <= set(mutate.FILES)


def test_the_tests_it_runs_are_there(root: Path) -> None:
    assert all((root / test).exists() for test in mutate.TESTS)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the tool forks")
def test_a_pool_tells_each_answer_and_what_gave_none() -> None:
    pool, said = mutate.Pool(2), list[object]()
    for number in range(5):
        pool.start(partial(dict, n=number), said.append)
    pool.start(lambda: os._exit(1), said.append)
    pool.start(lambda: 1 / 0, said.append)
    pool.finish()
    assert [answer for answer in said if not isinstance(answer, dict)].count(None) == 1
    (mistake,) = [answer for answer in said if isinstance(answer, str)]
    with pytest.raises(RuntimeError, match="division by zero"):
        mutate.Figures().told(mutate.planned((mutate.FILES[1],))[0], mistake)
    assert sorted(answer["n"] for answer in said if isinstance(answer, dict)) == [0, 1, 2, 3, 4]


def test_the_floor_is_judged(capsys: pytest.CaptureFixture[str]) -> None:
    file = mutate.FILES[1]
    some = mutate.planned((file,))[:10]
    figures = mutate.Figures()
    for mutant in some[1:]:
        figures.told(mutant, "killed by x")
    figures.told(some[0], "survived")
    assert mutate._judge(figures, (file,), 0, 1.0) == 0
    figures.told(some[1], "survived")
    assert mutate._judge(figures, (file,), 0, 1.0) == 1
    printed = capsys.readouterr().out
    assert "80.00 %  BELOW" in printed
    assert f"SURVIVED {file}:{some[0].line}" in printed
