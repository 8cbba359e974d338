"""How often the interpreter looks for garbage is its own affair again afterwards."""

from __future__ import annotations

import gc
import weakref
from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.machine.garbage import look_if_due, looked_for_seldom

if TYPE_CHECKING:
    from collections.abc import Iterator


def test_seldom_for_a_while_and_as_before_afterwards() -> None:
    before = gc.get_threshold()
    with looked_for_seldom():
        within = gc.get_threshold()
        with looked_for_seldom():
            assert gc.get_threshold() == within
        assert gc.get_threshold() == within
    assert within[0] > before[0]
    assert gc.get_threshold() == before


def test_an_error_puts_it_back_too() -> None:
    before = gc.get_threshold()
    with pytest.raises(ValueError, match="within"), looked_for_seldom():
        raise ValueError("within")
    assert gc.get_threshold() == before


@pytest.fixture
def by_hand() -> Iterator[None]:
    before = gc.get_threshold()
    gc.disable()
    gc.collect()
    yield
    gc.set_threshold(*before)
    gc.enable()


@pytest.mark.usefixtures("by_hand")
@pytest.mark.parametrize(("threshold", "looks"), [(1_000_000, False), (50, True), (0, False)])
def test_a_look_as_often_as_the_interpreter_would(threshold: int, looks: bool) -> None:
    circle: list[object] = []
    circle.append(circle)
    circle.append(gone := {1})
    seen = weakref.ref(gone)
    del circle, gone
    kept = [[] for _ in range(100)]  # type: ignore[var-annotated]
    gc.set_threshold(threshold, 10, 10)
    look_if_due()
    assert (seen() is None) is looks
    assert len(kept) == 100


@pytest.mark.usefixtures("by_hand")
def test_the_older_are_looked_through_less_often() -> None:
    found: list[int] = []

    def told(phase: str, about: dict[str, int]) -> None:
        if phase == "start":
            found.append(about["generation"])

    gc.set_threshold(1, 2, 2)
    gc.callbacks.append(told)
    kept: list[list[int]] = []
    try:
        for _ in range(40):
            kept += [[], []]
            look_if_due()
    finally:
        gc.callbacks.remove(told)
    assert found.count(0) > found.count(1) > found.count(2) > 0
