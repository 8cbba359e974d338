"""The shelf: which instances there are, how each stands, and where the person stands."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from exoalias.domain.checklist import Status
from exoalias.domain.problems import Hibernating
from exoalias.ui.known import HOLDS, UNCHECKED, Over
from exoalias.ui.shelf import Shelf
from tests.ui.crowd import entry, light

ENTRIES = (entry("zeta", "B", "test"), entry("alpha", "B", "production"), entry("omega", "A"))


class Heard:
    """What a shelf told."""

    def __init__(self, shelf: Shelf) -> None:
        self.told: list[str] = []
        shelf.listed.connect(lambda: self.told.append("listed"))
        shelf.changed.connect(lambda name: self.told.append(f"changed {name}"))
        shelf.shown.connect(lambda: self.told.append("shown"))

    def take(self) -> list[str]:
        told, self.told = self.told, []
        return told


@pytest.fixture
def shelf() -> Shelf:
    made = Shelf()
    made.list_again(ENTRIES)
    return made


def test_they_are_in_the_order_shown_and_the_first_is_stood_on(shelf: Shelf) -> None:
    assert list(shelf.known) == ["omega", "alpha", "zeta"]
    assert shelf.current == "omega"


def test_what_is_known_survives_a_new_list(shelf: Shelf) -> None:
    shelf.take(light("alpha", Status.HOLDS))
    shelf.list_again((*ENTRIES[:2], entry("new", "C")), {"alpha": datetime.now(UTC)})
    assert shelf.known["alpha"].state is HOLDS
    assert shelf.known["alpha"].unlocked_until is not None
    assert "omega" not in shelf.known
    assert shelf.tally.of(Over()) == {UNCHECKED: 2, HOLDS: 1}


def test_a_result_is_told_of_its_own_line_alone(shelf: Shelf) -> None:
    heard = Heard(shelf)
    checked = light("alpha", Status.HOLDS)
    shelf.take(checked)
    assert heard.take() == ["changed alpha"], "the person stands elsewhere: nothing else is drawn"
    shelf.take(checked)
    assert heard.take() == [], "told before"
    shelf.take(light("omega", Status.HOLDS))
    assert heard.take() == ["changed omega", "shown"]
    shelf.take(light("gone", Status.HOLDS))
    shelf.fail("gone", Hibernating(host="gone"))
    assert heard.take() == []


def test_a_problem_is_forgotten_when_it_is_looked_at_anew(shelf: Shelf) -> None:
    shelf.fail("alpha", Hibernating(host="alpha"))
    assert shelf.known["alpha"].problem is not None
    heard = Heard(shelf)
    shelf.forget_problem("alpha")
    shelf.forget_problem("alpha")
    assert heard.take() == ["changed alpha"]


def test_standing_above_and_on(shelf: Shelf) -> None:
    heard = Heard(shelf)
    shelf.rise(Over("B"))
    shelf.rise(Over("B"))
    assert heard.take() == ["shown"]
    assert [known.entry.name for known in shelf.below()] == ["alpha", "zeta"]
    shelf.choose("omega")
    assert heard.take() == ["shown"], "the same instance, but now on it"
    assert [known.entry.name for known in shelf.below()] == ["omega"]
    shelf.rise(Over("A"))
    shelf.list_again(ENTRIES[:2])
    assert shelf.over is None, "nobody is left there"


def test_unlocking_is_told_once(shelf: Shelf) -> None:
    heard = Heard(shelf)
    until = datetime.now(UTC)
    shelf.unlocked("alpha", until)
    shelf.unlocked("alpha", until)
    shelf.unlocked("nobody", until)
    assert heard.take() == ["changed alpha"]
    assert not shelf.known["alpha"].locked
