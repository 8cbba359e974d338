"""A keyring that waits for a person: said, cancelled, given up."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from exoalias.app import unlocking
from exoalias.app.control import Control
from exoalias.app.unlocking import unlocked
from exoalias.domain.events import Progress
from exoalias.domain.problems import NoVault, Stopped, VaultLocked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exoalias.domain.events import Event


class Locked:
    """A keyring that answers when somebody unlocks it."""

    def __init__(self) -> None:
        self.unlock = threading.Event()

    def get(self) -> str:
        assert self.unlock.wait(30)
        return "hush"


@pytest.fixture
def locked() -> Iterator[Locked]:
    keyring = Locked()
    yield keyring
    keyring.unlock.set()


def test_an_open_keyring_is_asked_without_a_word() -> None:
    told: list[Event] = []
    assert unlocked(lambda: "hush", told.append, Control()) == "hush"
    assert told == []


def test_what_the_keyring_raises_arrives() -> None:
    def refuse() -> str:
        raise NoVault(why="there is none", how="…")

    with pytest.raises(NoVault, match="there is none"):
        unlocked(refuse, lambda _event: None, Control())


def test_waiting_for_a_person_is_said_once_and_the_answer_comes(locked: Locked) -> None:
    told: list[Event] = []

    def tell(event: Event) -> None:
        told.append(event)
        threading.Timer(0.3, locked.unlock.set).start()

    began = time.monotonic()
    assert unlocked(locked.get, tell, Control()) == "hush"
    assert [event.says for event in told if isinstance(event, Progress)] == ["Waiting for the keyring to be unlocked"]
    assert time.monotonic() - began >= unlocking.SAID_AFTER_S


def test_the_person_can_cancel_while_it_waits(locked: Locked) -> None:
    control = Control()
    threading.Timer(0.3, control.cancel).start()
    began = time.monotonic()
    with pytest.raises(Stopped, match="keyring"):
        unlocked(locked.get, lambda _event: None, control)
    assert time.monotonic() - began < 2


def test_a_run_with_nobody_to_ask_gives_up(locked: Locked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unlocking, "UNASKED_S", 0.4)
    with pytest.raises(VaultLocked, match="nobody to unlock"):
        unlocked(locked.get, lambda _event: None, Control(interactive=False))
