"""Every failure a person may meet has a code, an exit code, words, and no secret of its own."""

from __future__ import annotations

import string

import pytest

from exoalias.domain.problems import NotSignedIn, Problem, ReadOnly, RecordMoved, Stopped, WrongUser, every_problem

ALL = every_problem()


def test_codes_are_unique() -> None:
    assert len({problem.code for problem in ALL}) == len(ALL)
    assert Problem not in ALL


@pytest.mark.parametrize("problem", ALL, ids=lambda problem: problem.code)
def test_words(problem: type[Problem]) -> None:
    assert problem.exit_code in range(1, 8)
    assert problem.__doc__
    for text in (problem.says, problem.do):
        assert "  " not in text
        assert all(name != "" for _, name, _, _ in string.Formatter().parse(text) if name is not None)
    bare = problem()
    assert bare.words
    assert isinstance(bare.remedy, str)
    assert str(bare) == bare.words


def test_facts_fill_the_words() -> None:
    problem = RecordMoved(record="MS Graph 1", who="lena", count=3)
    assert problem.words.startswith("MS Graph 1 was changed by lena")
    assert problem.facts["count"] == "3"


def test_what_was_done_before_it_is_said_with_it() -> None:
    problem = Stopped(what="Applying the plan", done="")
    problem.done = "1 of 2 fields were written."
    assert problem.words == "Applying the plan was stopped. 1 of 2 fields were written."
    assert not any("Nothing was" in Bare.says for Bare in (RecordMoved, ReadOnly, NotSignedIn)), "each may come after a write"


def test_a_missing_fact_is_a_gap_not_an_error() -> None:
    assert "‹expected›" in WrongUser(upn="svc@x.example").words
    assert "svc@x.example" in WrongUser(upn="svc@x.example").remedy


def test_facts_are_not_formats() -> None:
    assert "{upn}" in RecordMoved(record="{upn}", who="{0.__class__}").words
