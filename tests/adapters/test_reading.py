"""Rounds of questions against the simulated instance: two at first, one when the ids found still hold."""

from __future__ import annotations

from exoalias.adapters.remembered import Remembered
from tests.adapters.simulated import simulated


def test_two_rounds_then_one_and_the_same_is_found() -> None:
    with simulated() as at:
        first, remembered = at.instance.read(at.target, Remembered())
        again, kept = at.instance.read(at.target, remembered)
    assert (first.round_trips, again.round_trips) == (2, 1)
    assert kept == remembered
    assert again.credentials == first.credentials
    assert again.registries == first.registries
    assert again.rooms == first.rooms
    assert {c.name for c in first.credentials.rows} >= {"MS Graph 1", "MS Graph 2"}


def test_a_wrong_memory_is_found_out() -> None:
    with simulated() as at:
        right, remembered = at.instance.read(at.target, Remembered())
        stale = Remembered(ids={kind: frozenset({"0" * 32}) for kind in remembered.ids}, columns=remembered.columns)
        found, corrected = at.instance.read(at.target, stale)
    assert found.credentials == right.credentials
    assert found.tokens == right.tokens
    assert found.round_trips <= 3
    assert corrected == remembered
