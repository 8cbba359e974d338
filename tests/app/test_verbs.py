"""The table of verbs: both faces can be made from it."""

from __future__ import annotations

import re

import pytest

from exoalias.app.verbs import VERBS, Verb, verb


@pytest.mark.parametrize("each", VERBS, ids=lambda v: v.name)
def test_each_verb_is_complete(each: Verb) -> None:
    assert re.fullmatch(r"[a-z-]+( [a-z]+)?", each.name)
    assert re.fullmatch(r"verb-[a-z-]+", each.window)
    assert each.words.endswith(".")
    assert verb(each.name) is each
    names = [argument.name for argument in each.arguments]
    assert len(names) == len(set(names))
    assert all(a.words and (a.kind == "flag" or not a.flag.startswith("--") or a.metavar) for a in each.arguments)


def test_names_are_unique_and_no_argument_takes_a_secret() -> None:
    assert len({v.name for v in VERBS}) == len(VERBS)
    secret = re.compile("pass|secret|token", re.IGNORECASE)
    assert not [a.flag for v in VERBS for a in v.arguments if a.kind != "flag" and secret.search(a.flag)]
