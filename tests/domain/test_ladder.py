"""The ladder: which value counts, what it overrules, and what is said of what doesn't count."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exoalias.domain.ladder import Complaint, Found, Resolved, Rung, Source, resolve
from exoalias.domain.settings import SETTINGS, Settings

if TYPE_CHECKING:
    from random import Random

GIVEN = [rung for rung in Rung if rung is not Rung.BUILT_IN]


def source(rung: Rung, value: object, name: str = "idle_minutes", where: str = "") -> Source:
    return Source(rung, where or rung.name, {name: value})


def test_nothing_given() -> None:
    assert resolve(()) == Resolved()
    assert resolve(()).settings == Settings()
    assert {each.rung for each in resolve(()).standings} == {Rung.BUILT_IN}


@given(st.lists(st.sampled_from(GIVEN), unique=True, min_size=1), st.randoms())
def test_the_highest_rung_counts_in_whatever_order_they_are_read(rungs: list[Rung], chance: Random) -> None:
    chance.shuffle(rungs)
    standing = resolve(source(rung, int(rung) + 1) for rung in rungs).of("idle_minutes")
    assert (standing.rung, standing.value, standing.where) == (max(rungs), max(rungs) + 1, max(rungs).name)
    assert [found.rung for found in standing.overrules] == sorted(rungs, reverse=True)[1:]


@given(st.lists(st.tuples(st.sampled_from(GIVEN), st.sampled_from([None, "x", 0, 999, True, 3, 4, "5"])), max_size=8))
def test_a_value_that_cant_be_is_as_if_it_had_not_been_given(said: list[tuple[Rung, object]]) -> None:
    good = [(rung, value) for rung, value in said if value in {3, 4, "5"} and value is not True]
    mixed = resolve(source(rung, value) for rung, value in said)
    assert mixed.standings == resolve(source(rung, value) for rung, value in good).standings
    assert len(mixed.complaints) == len(said) - len(good)
    assert all(complaint.words.endswith(".") for complaint in mixed.complaints)


def test_of_two_places_on_one_rung_the_later_counts() -> None:
    standing = resolve([source(Rung.FIXED, 3, where="HKCU"), source(Rung.FIXED, 4, where="HKLM")]).of("idle_minutes")
    assert (standing.value, standing.where, standing.fixed) == (4, "HKLM", True)
    assert standing.overrules == (Found(Rung.FIXED, "HKCU", 3),)


def test_a_policy_wins_over_everything_or_is_a_default() -> None:
    flag = source(Rung.FLAG, 2)
    assert resolve([flag, source(Rung.FIXED, 3)]).of("idle_minutes").value == 3
    assert resolve([flag, source(Rung.DEFAULT, 3)]).of("idle_minutes").value == 2


def test_what_is_a_persons_own_choice_cant_be_fixed() -> None:
    fixed = source(Rung.FIXED, "dark", "appearance")
    resolved = resolve([fixed])
    assert resolved.of("appearance").rung is Rung.DEFAULT
    assert [complaint.name for complaint in resolved.complaints] == ["appearance"]
    assert resolve([fixed, source(Rung.USER, "light", "appearance")]).settings.appearance == "light"


def test_what_is_said_of_what_does_not_count() -> None:
    resolved = resolve(
        [
            Source(Rung.USER, "exoalias.toml", {"colour": "red", "idle_minutes": "x"}),
            Source(Rung.ENVIRONMENT, "EXOALIAS_FOO", {"foo": "1"}),
            Source(Rung.FIXED, "policy.toml", {}, trouble="it can't be read"),
        ]
    )
    assert [(complaint.unknown, complaint.words) for complaint in resolved.complaints] == [
        (True, "exoalias.toml: colour: no setting is called so."),
        (False, "exoalias.toml: idle_minutes: “x” can't be used: it takes a whole number from 1 to 120."),
        (True, "EXOALIAS_FOO: no setting is called so."),
        (False, "policy.toml: it can't be read."),
    ]
    assert not Complaint(Rung.USER, "f", "", "w").unknown


@pytest.mark.parametrize(
    ("rungs", "own", "below", "above"),
    [
        ((), None, Rung.BUILT_IN, None),
        ((Rung.USER,), Rung.USER, Rung.BUILT_IN, None),
        ((Rung.DEFAULT, Rung.USER, Rung.FLAG), Rung.USER, Rung.DEFAULT, Rung.FLAG),
        ((Rung.ENVIRONMENT,), None, Rung.BUILT_IN, Rung.ENVIRONMENT),
        ((Rung.USER, Rung.FLAG, Rung.FIXED), Rung.USER, Rung.BUILT_IN, None),
    ],
)
def test_what_a_person_changes(rungs: tuple[Rung, ...], own: Rung | None, below: Rung, above: Rung | None) -> None:
    standing = resolve(source(rung, int(rung) + 1) for rung in rungs).of("idle_minutes")
    assert (standing.own.rung if standing.own else None) == own
    assert standing.below.rung == below
    assert (standing.above.rung if standing.above else None) == above


def test_every_setting_stands_once_in_the_tables_order() -> None:
    resolved = resolve([source(Rung.USER, 3)])
    assert [each.setting for each in resolved.standings] == list(SETTINGS)
    assert resolved.of("idle_minutes").text == "3"
    with pytest.raises(StopIteration):
        resolved.of("colour")
