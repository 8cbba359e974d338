"""The person's side of a running verb, from any thread."""

from __future__ import annotations

import threading

from exoalias.app.control import Control


def test_wishes_are_taken_once_and_in_order() -> None:
    control = Control()
    assert control.next_wish() is None
    control.carry_on()
    control.answer(agree=True)
    control.answer(agree=False)
    assert [control.next_wish() for _ in range(4)] == ["continue", "agree", "disagree", None]
    assert not control.cancelled


def test_a_wish_can_be_waited_for() -> None:
    control = Control()
    assert control.next_wish(0.01) is None
    control.open_private()
    assert control.next_wish(5) == "open"


def test_a_cancel_is_a_wish_and_stays() -> None:
    control = Control()
    control.cancel()
    assert control.next_wish() == "cancel"
    assert control.next_wish() is None
    assert control.cancelled


def test_nobody_is_asked_or_trusted_unless_said() -> None:
    assert Control().interactive
    assert not Control().trust_first_use
    quiet = Control(interactive=False, trust_first_use=True)
    assert (quiet.interactive, quiet.trust_first_use) == (False, True)


def test_two_controls_share_nothing() -> None:
    one, other = Control(), Control()
    one.cancel()
    assert not other.cancelled
    assert other.next_wish() is None


def test_no_wish_is_lost_between_threads() -> None:
    control = Control()
    threads = [threading.Thread(target=control.carry_on) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [control.next_wish() for _ in range(21)] == ["continue"] * 20 + [None]
