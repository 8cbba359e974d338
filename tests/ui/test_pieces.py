"""Pieces of work: each in a turn of the loop of its own."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer

from exoalias.ui.pieces import Pieces

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def pieces(qtbot: QtBot) -> Pieces:
    return Pieces()


def _done(qtbot: QtBot, pieces: Pieces) -> None:
    qtbot.waitUntil(lambda: not pieces._line, timeout=5_000)


def test_they_come_in_order_and_those_that_are_first_before_the_others(qtbot: QtBot, pieces: Pieces) -> None:
    done: list[str] = []
    pieces.add(lambda: done.append("a"))
    pieces.add(lambda: done.append("b"))
    pieces.add(lambda: done.append("paint"), of=pieces, first=True)
    assert done == []
    _done(qtbot, pieces)
    assert done == ["paint", "a", "b"]


def test_of_two_about_the_same_the_later_is_done_in_the_place_of_the_first(qtbot: QtBot, pieces: Pieces) -> None:
    done: list[str] = []
    line = QObject()
    pieces.add(lambda: done.append("an earlier line"), of=line)
    pieces.add(lambda: done.append("other"))
    pieces.add(lambda: done.append("the line"), of=line)
    _done(qtbot, pieces)
    assert done == ["the line", "other"]


def test_what_became_due_while_one_was_done_comes_before_the_next(qtbot: QtBot, pieces: Pieces) -> None:
    """A key that was pressed meanwhile, say: here a timer that runs out in the middle of the first piece."""
    done: list[str] = []

    due = QTimer()
    due.setSingleShot(True)
    due.setTimerType(Qt.TimerType.PreciseTimer)
    due.timeout.connect(lambda: done.append("pressed"))

    def first() -> None:
        due.start(2)
        done.append("first")
        time.sleep(0.01)

    pieces.add(first)
    pieces.add(lambda: done.append("second"))
    _done(qtbot, pieces)
    assert done == ["first", "pressed", "second"]


def test_one_added_by_another_has_its_own_turn(qtbot: QtBot, pieces: Pieces) -> None:
    done: list[str] = []

    def first() -> None:
        pieces.add(lambda: done.append("added"))
        QTimer.singleShot(0, lambda: done.append("pressed"))

    pieces.add(first)
    qtbot.waitUntil(lambda: "added" in done, timeout=5_000)
    assert done == ["pressed", "added"]


def test_what_qt_has_deleted_needs_nothing_any_more(qtbot: QtBot, pieces: Pieces) -> None:
    done: list[str] = []
    parent = QObject()
    child = QObject(parent)
    pieces.add(lambda: done.append("of a thing that is gone"), of=child)
    pieces.add(lambda: done.append("another"))
    del parent
    _done(qtbot, pieces)
    assert done == ["another"]


def test_an_error_in_one_is_told_and_the_others_go_on(qtbot: QtBot, pieces: Pieces) -> None:
    done: list[str] = []
    pieces.add(lambda: 1 // 0)
    pieces.add(lambda: done.append("another"))
    with qtbot.captureExceptions() as caught:
        _done(qtbot, pieces)
    assert [error[0] for error in caught] == [ZeroDivisionError]
    assert done == ["another"]


def test_a_piece_that_opens_a_loop_of_its_own_holds_nobody_up(qtbot: QtBot, pieces: Pieces) -> None:
    done: list[str] = []

    def first() -> None:
        pieces.add(lambda: done.append("added"))
        loop, patience = QEventLoop(), QTimer()
        patience.timeout.connect(loop.quit)
        patience.start(3_000)
        pieces.add(loop.quit)
        loop.exec()
        done.append("first")

    pieces.add(first)
    pieces.add(lambda: done.append("second"))
    _done(qtbot, pieces)
    qtbot.waitUntil(lambda: "first" in done, timeout=5_000)
    assert done == ["second", "added", "first"]


def test_with_nothing_to_do_it_sleeps(qtbot: QtBot, pieces: Pieces) -> None:
    pieces.add(lambda: None)
    _done(qtbot, pieces)
    qtbot.waitUntil(lambda: not pieces._turn.isActive(), timeout=5_000)
