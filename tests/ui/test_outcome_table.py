"""Each kind of ending has its own status, title and way on."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QPushButton

from exoalias.domain.checklist import Status
from exoalias.domain.events import TokenStored
from exoalias.domain.problems import (
    AnotherUser,
    Cancelled,
    CodeRefused,
    ConsentRefused,
    Hibernating,
    NoBrowser,
    NoSecret,
    NoTarget,
    NotSignedIn,
    OAuthRefused,
    OpinionsDiffer,
    Problem,
    RecordMoved,
    SignInRefused,
    TimeIsUp,
    UnknownProfile,
    VaultLocked,
    WayForbidden,
    WayRefused,
    WindowClosed,
    WrongTenant,
    WrongUser,
    every_problem,
)
from exoalias.domain.target import Tier
from exoalias.ui.outcome import TIERS, Banner, of_problem, of_sign_in
from tests.ui import stories

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytestqt.qtbot import QtBot

    from tests.ui.hands import Face

CLOSE = "C&lose"
NOBODY = "Not the delegated user. Nothing was stored."
STORED = TokenStored(stories.GRAPH_1, "MS Graph 1", stories.UPN, stories.OBJECT_ID, Tier.ENTERED, read_back=True)


@pytest.mark.parametrize(
    ("kind", "status", "title", "offers"),
    [
        (RecordMoved, Status.NEEDS_YOU, "Not done", ["again"]),
        (UnknownProfile, Status.NEEDS_YOU, "Something is missing first", ["again"]),
        (NoTarget, Status.NEEDS_YOU, "Something is missing first", ["target"]),
        (WrongUser, Status.WRONG, NOBODY, ["again"]),
        (WrongTenant, Status.WRONG, NOBODY, ["again"]),
        (OpinionsDiffer, Status.WRONG, NOBODY, ["again"]),
        (NoBrowser, Status.WRONG, "This machine does not allow it", ["again"]),
        (VaultLocked, Status.WRONG, "This machine does not allow it", ["again"]),
        (NoSecret, Status.NEEDS_YOU, "The password is missing", ["password", "again"]),
        (Hibernating, Status.CANNOT_TELL, "Not reached, or refused", ["again"]),
        (SignInRefused, Status.CANNOT_TELL, "Not reached, or refused", ["password", "again"]),
        (WayRefused, Status.CANNOT_TELL, "Not reached, or refused", ["entered", "again"]),
        (CodeRefused, Status.CANNOT_TELL, "Not reached, or refused", ["again", "entered"]),
        (OAuthRefused, Status.CANNOT_TELL, "Not reached, or refused", ["entered", "again"]),
        (WayForbidden, Status.WRONG, "This machine does not allow it", ["entered", "again"]),
        (AnotherUser, Status.NEEDS_YOU, "Not done", ["again"]),
        (NotSignedIn, Status.NOT_APPLICABLE, "Stopped", ["again"]),
        (Cancelled, Status.NOT_APPLICABLE, "Cancelled", ["again"]),
        (ConsentRefused, Status.NOT_APPLICABLE, "Stopped", ["again"]),
        (WindowClosed, Status.NOT_APPLICABLE, "Stopped", ["again"]),
        (TimeIsUp, Status.NOT_APPLICABLE, "Stopped", ["again"]),
    ],
)
def test_a_problem_is_said_by_its_kind(kind: type[Problem], status: Status, title: str, offers: list[str]) -> None:
    said = of_problem(kind(), "check")
    assert (said.status, said.title, [offer.name for offer in said.offers]) == (status, title, offers)


@pytest.mark.parametrize("kind", every_problem(), ids=lambda kind: kind.__name__)
def test_no_problem_is_left_without_words_or_a_way_on(kind: type[Problem]) -> None:
    said = of_problem(kind(), "sign-in")
    assert said.title != "Something went wrong", "every exit code has a title"
    assert said.words
    assert said.offers
    assert said.verb == "sign-in"
    assert (said.title == NOBODY) == (kind.exit_code == 3), "only another person's sign-in is called that"
    assert said.status is not Status.HOLDS


def test_trying_again_is_named_after_what_ended() -> None:
    assert of_problem(Hibernating(), "check").offers[0].label == "Check a&gain"
    assert of_problem(WindowClosed(), "sign-in").offers[0].label == "Sign in a&gain"


def test_a_proven_token_that_was_read_back_holds() -> None:
    said = of_sign_in([STORED])
    assert said.status is Status.HOLDS
    assert said.facts == (("MS Graph 1", f"{stories.UPN}\n{TIERS['entered']}"),)
    assert said.remedy == ""


def test_a_token_nobody_could_read_back_is_not_called_stored() -> None:
    said = of_sign_in([STORED, replace(STORED, credential_name="MS Graph 2", read_back=False)])
    assert said.status is Status.CANNOT_TELL
    assert "can't be read" in said.title
    assert "oauth_admin" in said.remedy
    assert len(said.facts) == 2


def test_an_unconfirmed_owner_outweighs_the_proven_ones() -> None:
    said = of_sign_in([STORED, replace(STORED, credential_name="MS Graph 2", tier=Tier.FIRST_USE)])
    assert said.status is Status.CANNOT_TELL
    assert said.title == "Stored, owner unconfirmed"
    assert [offer.name for offer in said.offers] == ["target"]


def test_every_tier_has_words_that_say_whether_it_proves() -> None:
    assert set(TIERS) == {tier.value for tier in Tier}
    for tier in Tier:
        assert TIERS[tier.value].startswith("Proven:") == tier.proves


def test_nothing_stored_is_said_of_one_credential_only() -> None:
    """The first credential of the run may have its token: the refusal of the second says nothing about it."""
    for kind in (WrongUser, WrongTenant, OpinionsDiffer):
        said = of_problem(kind(credential="MS Graph 2", upn=stories.UPN, expected="a", actual="b", why="w"), "sign-in")
        assert said.title == "Not the delegated user. Nothing was stored for MS Graph 2."
        assert "Nothing was stored" not in said.words


def letters(texts: Iterable[str]) -> list[str]:
    """The keys that, with Alt, press them."""
    return [found[1].casefold() for text in texts if (found := re.search(r"&([^&\s])", text))]


def test_no_button_of_the_banner_shares_its_key_with_what_is_always_there(qtbot: QtBot, face: Face) -> None:
    window = face.window
    there = [*(menu.title() for menu in window.actions_by_verb.menus), window.add.text(), window.header.lock.text()]
    banner = Banner()
    qtbot.addWidget(banner)
    for kind in every_problem():
        for verb in ("check", "sign-in"):
            said = of_problem(kind(), verb)
            taken = letters([*there, *(offer.label for offer in said.offers), CLOSE])
            assert len(taken) == len(set(taken)), (kind, taken)
    banner.draw(of_problem(Hibernating(), "check"))
    assert [button.text() for button in banner.findChildren(QPushButton)][-1] == CLOSE
