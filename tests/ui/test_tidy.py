"""Garbage is looked for in the window's thread, whoever makes it."""

from __future__ import annotations

import gc
import threading
import weakref
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QObject

from exoalias.adapters.machine.garbage import look_if_due
from exoalias.ui.tidy import Tidy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot


@pytest.fixture
def parent(qapp: QObject) -> Iterator[QObject]:
    made = QObject()
    yield made
    made.deleteLater()


def dropped(gone: list[str]) -> None:
    """Something of Qt in a circle, without a name any more; where it is found is told."""
    circle = QObject()
    circle.me = circle  # type: ignore[attr-defined]
    weakref.finalize(circle, lambda: gone.append(threading.current_thread().name))


def test_what_a_verb_leaves_is_found_when_the_loop_rests(qtbot: QtBot, parent: QObject) -> None:
    gc.enable()
    Tidy(parent, look_if_due)
    gone: list[str] = []
    for _ in range(20):
        dropped(gone)
    kept: list[dict[str, object]] = []
    allocating = threading.Thread(target=lambda: kept.extend({"value": []} for _ in range(200_000)), name="verb")
    allocating.start()
    allocating.join()
    assert gone == [], "found in the verb's thread, or nothing was made in it"
    qtbot.waitUntil(lambda: len(gone) == 20)
    assert set(gone) == {threading.main_thread().name}


def test_it_would_be_found_in_the_verbs_thread_otherwise(qapp: QObject) -> None:
    gone: list[str] = []
    circle: list[object] = []
    circle.append(circle)
    weakref.finalize(end := threading.Event(), lambda: gone.append(threading.current_thread().name))
    circle.append(end)
    del circle, end
    gc.enable()
    kept: list[dict[str, object]] = []
    allocating = threading.Thread(target=lambda: kept.extend({"value": []} for _ in range(200_000)), name="verb")
    allocating.start()
    allocating.join()
    gc.disable()
    assert gone == ["verb"]


def test_once_the_window_is_gone_nobody_looks(qtbot: QtBot) -> None:
    parent, looks = QObject(), list[int]()
    Tidy(parent, lambda: looks.append(1))
    qtbot.waitUntil(lambda: len(looks) > 0)
    parent.deleteLater()
    qtbot.wait(20)
    before = len(looks)
    qtbot.wait(20)
    assert len(looks) == before
