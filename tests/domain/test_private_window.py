"""A private window is a fresh one only in a jar that nobody has seen before."""

from __future__ import annotations

import pytest

from exoalias.domain.private_window import Jars, why_not_fresh

BEFORE = Jars("ordinary", frozenset({"spare", "made"}), frozenset({"private of before"}))


@pytest.mark.parametrize(
    ("jar", "before", "says"),
    [
        ("new", BEFORE, ""),
        ("new", Jars("ordinary"), ""),
        ("", BEFORE, "can't be told"),
        ("new", Jars(""), "can't be told"),
        ("ordinary", BEFORE, "ordinary window"),
        ("spare", BEFORE, "was there before"),
        ("private of before", BEFORE, "was there before"),
    ],
)
def test_by_its_jar(jar: str, before: Jars, says: str) -> None:
    why = why_not_fresh(jar, before)
    assert bool(why) is bool(says)
    assert says in why
