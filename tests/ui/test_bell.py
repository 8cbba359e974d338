"""The open window's bell: one word brings it forward, everything else is hung up on."""

from __future__ import annotations

import shutil
import socket
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QWidget

from exoalias.adapters.machine.bell import DONE, WORD, ring
from exoalias.ui.bell import PipeBell, SocketBell, come_forward

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

KINDS = pytest.mark.parametrize("kind", [SocketBell, PipeBell])


@pytest.fixture
def where() -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="bell-"))
    yield str(folder / "b")
    shutil.rmtree(folder)


@pytest.fixture
def hung(where: str, qtbot: QtBot) -> Iterator[Callable[[type[SocketBell | PipeBell]], list[int]]]:
    """Hangs a bell of that kind up, and counts how often it is rung."""
    bells: list[SocketBell | PipeBell] = []

    def hang(kind: type[SocketBell | PipeBell]) -> list[int]:
        rung: list[int] = []
        bells.append(kind(where))
        bells[-1].rung.connect(lambda: rung.append(1))
        return rung

    yield hang
    for bell in bells:
        bell.take_down()
        bell.take_down()


def in_thread(qtbot: QtBot, call: Callable[[], object]) -> object:
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(call)
        qtbot.waitUntil(waiting.done, timeout=10_000)
        return waiting.result()


@KINDS
def test_the_word_rings(hung: Callable[..., list[int]], where: str, qtbot: QtBot, kind: type) -> None:
    rung = hung(kind)
    for times in (1, 2, 3):
        assert in_thread(qtbot, lambda: ring(where, 5)) is True
        assert len(rung) == times


@KINDS
@pytest.mark.parametrize("said", [b"come forward", b"come forward\nquit\n", b"quit\n", b"\x00" * 10_000, b"COME FORWARD\n"])
def test_nothing_else_does(hung: Callable[..., list[int]], where: str, qtbot: QtBot, kind: type, said: bytes) -> None:
    rung = hung(kind)

    def call() -> bytes:
        with socket.socket(socket.AF_UNIX) as caller:
            caller.settimeout(5)
            caller.connect(where)
            try:
                caller.sendall(said)
                return caller.recv(100)
            except ConnectionError:
                return b""

    assert in_thread(qtbot, call) == b""
    assert rung == []
    assert in_thread(qtbot, lambda: ring(where, 5)) is True


@KINDS
def test_whoever_says_nothing_is_hung_up_on(
    hung: Callable[..., list[int]], where: str, qtbot: QtBot, kind: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("exoalias.ui.bell._CALL_MS", 100)
    hung(kind)
    with socket.socket(socket.AF_UNIX) as caller:
        caller.settimeout(10)
        caller.connect(where)
        assert in_thread(qtbot, lambda: caller.recv(10)) == b""


def test_too_many_at_a_time_are_turned_away(hung: Callable[..., list[int]], where: str, qtbot: QtBot) -> None:
    hung(SocketBell)
    callers = [socket.socket(socket.AF_UNIX) for _ in range(5)]
    for caller in callers:
        caller.settimeout(10)
        in_thread(qtbot, partial(caller.connect, where))
    assert in_thread(qtbot, lambda: callers[-1].recv(10)) == b""
    callers[0].sendall(WORD)
    assert in_thread(qtbot, lambda: callers[0].recv(10)) == DONE
    for caller in callers:
        caller.close()


@KINDS
def test_one_that_was_killed_is_replaced(hung: Callable[..., list[int]], where: str, qtbot: QtBot, kind: type) -> None:
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(where)
    assert Path(where).exists()
    hung(kind)
    assert in_thread(qtbot, lambda: ring(where, 5)) is True


@KINDS
def test_a_place_that_isnt_there(qtbot: QtBot, kind: type) -> None:
    with pytest.raises(OSError, match=r"."):
        kind("/nowhere/at/all/b")


@KINDS
def test_taken_down_nobody_answers(hung: Callable[..., list[int]], where: str, qtbot: QtBot, kind: type) -> None:
    bell = kind(where)
    bell.take_down()
    assert not Path(where).exists()
    assert ring(where, 1) is False


def test_coming_forward_from_the_task_bar(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.showMinimized()
    come_forward(window)
    assert window.isVisible()
    assert not window.isMinimized()
