"""Moves wait for a page they fit, and are scripts that go on with what was to be done."""

from __future__ import annotations

from collections import deque
from typing import get_args

import pytest

from exoalias.simulator.moves import Move, PageKind, script_of, take

KINDS: tuple[PageKind, ...] = get_args(PageKind)
MOVES: tuple[Move, ...] = get_args(Move)


@pytest.mark.parametrize("move", MOVES)
def test_each_move_fits_some_page_and_leaves_no_word_unmeant(move: Move) -> None:
    fitting = [kind for kind in KINDS if take(deque([move]), kind, first=True) is not None]
    assert fitting
    script = script_of(move, "STEPPED();", COLLEAGUE="'c'", WRONG="wrong();", OTHER="'o'")
    assert not [word for word in ("COLLEAGUE", "WRONG", "OTHER", "ADDRESS", " STEP ") if word in script]


def test_a_move_waits_for_its_page() -> None:
    moves: deque[Move] = deque(["wrong-password", "stay-no"])
    assert take(moves, "username", first=True) is None
    assert take(moves, "password", first=False) == "wrong-password"
    assert take(moves, "password", first=False) is None
    assert take(moves, "stay", first=False) == "stay-no"
    assert not moves


def test_what_loads_an_address_again_fits_a_page_that_came_by_it() -> None:
    assert take(deque(["reload"]), "username", first=False) is None
    assert take(deque(["reload"]), "username", first=True) == "reload"


def test_the_step_is_part_of_moves_beside_it_and_not_of_those_instead_of_it() -> None:
    assert "go();" in script_of("pop-up", "go();")
    assert "go();" not in script_of("close", "go();")
