"""How often the interpreter looks for garbage is its own affair again afterwards."""

from __future__ import annotations

import gc

import pytest

from exoalias.adapters.machine.garbage import looked_for_seldom


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
