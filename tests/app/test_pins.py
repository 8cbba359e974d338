"""Pins by hand: nothing without the right words typed, and what was there before stays in the journal."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.keeping.entries import InstanceEntry
from exoalias.app.choose import set_target
from exoalias.app.pins import confirms, pin_by_hand, pinned, remove_pin
from exoalias.domain.delegated import DelegatedUser
from exoalias.domain.problems import AnotherRun, NoTarget, PinNotConfirmed, UnknownInstance, UsageProblem
from exoalias.domain.target import HomeAccount, Pin, Proof, Tier
from tests.app.crowd import world_of

if TYPE_CHECKING:
    from pathlib import Path

    from exoalias.app.world import World

ONE, TWO, TENANT, ELSEWHERE = (str(uuid.UUID(int=0xABCDEF0123 * n)) for n in (1, 2, 3, 4))
A, B = "rooms-a@acme.example", "rooms-b@acme.example"
FIRST = Pin(HomeAccount(ONE, TENANT), Tier.SECOND_OPINION, datetime(2026, 11, 1, tzinfo=UTC), "s-1", A)


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = world_of(tmp_path, ())
    made.book.put(InstanceEntry("acme", "https://acme.service-now.com", "u", DelegatedUser(A, ONE)))
    return made


@pytest.fixture
def one(world: World) -> World:
    world.journal.set_pin("acme", FIRST)
    return world


def told(world: World) -> list[tuple[str, dict[str, str]]]:
    return [(entry.kind, dict(entry.facts)) for entry in world.journal.entries("acme")]


@pytest.mark.parametrize(
    ("typed", "confirmed"),
    [
        ("acme", True),
        (" acme ", True),
        (ONE[-8:], True),
        (ONE[-8:].upper(), True),
        (ONE, False),
        (ONE[-7:], False),
        (ONE[:8], False),
        (TWO[-8:], False),
        ("Acme", False),
        ("acm", False),
        ("y", False),
        ("", False),
    ],
)
def test_what_confirms(typed: str, confirmed: bool) -> None:
    assert confirms(typed, "acme", ONE) == confirmed


def test_nothing_confirms_an_account_without_an_id() -> None:
    assert not confirms("", "acme", "")
    assert not confirms("b", "acme", "b")


def test_changed_after_typing_and_written_down_with_what_was_before(one: World) -> None:
    for typed in ("", "y", TWO[-8:], "other"):
        with pytest.raises(PinNotConfirmed) as refused:
            pin_by_hand(one, "acme", TWO, "", typed)
        assert refused.value.exit_code == 2
        assert ONE[-8:] in refused.value.words
    assert (pinned(one, "acme"), told(one)) == (FIRST, [])
    made = pin_by_hand(one, "acme", "{" + TWO.upper() + "}", "", ONE[-8:])
    assert made == pinned(one, "acme")
    assert (made.account, made.tier, made.sign_in, made.upn) == (HomeAccount(TWO, TENANT), Tier.ENTERED, "", A)
    ((kind, facts),) = told(one)
    assert kind == "pinned"
    assert (facts["object_id"], facts["was_object_id"], facts["was_sign_in"], facts["was_tier"]) == (
        TWO,
        ONE,
        "s-1",
        "SECOND_OPINION",
    )
    assert facts["why"] == "The person pinned it by hand."
    user = one.book.get("acme").delegated_user
    assert user is not None
    assert user.object_id == TWO, "two words of one person must not contradict each other"


def test_another_tenant(one: World) -> None:
    assert pin_by_hand(one, "acme", ONE, ELSEWHERE, "acme").account == HomeAccount(ONE, ELSEWHERE)


def test_the_first_pin_names_its_tenant_and_is_confirmed_by_its_own_end(world: World) -> None:
    with pytest.raises(UsageProblem, match="--tenant"):
        pin_by_hand(world, "acme", TWO, "", "acme")
    with pytest.raises(PinNotConfirmed):
        pin_by_hand(world, "acme", TWO, TENANT, ONE[-8:])
    assert pin_by_hand(world, "acme", TWO, TENANT, TWO[-8:]).account == HomeAccount(TWO, TENANT)
    ((kind, facts),) = told(world)
    assert kind == "pinned"
    assert not [name for name in facts if name.startswith("was_")]


def test_removed_after_typing_and_written_down_with_what_was(one: World) -> None:
    with pytest.raises(PinNotConfirmed):
        remove_pin(one, "acme", "yes")
    assert pinned(one, "acme") == FIRST
    assert remove_pin(one, "acme", "acme") == FIRST
    assert pinned(one, "acme") is None
    ((kind, facts),) = told(one)
    assert (kind, facts["was_object_id"], facts["was_upn"]) == ("unpinned", ONE, A)
    with pytest.raises(UsageProblem, match="No account is pinned"):
        remove_pin(one, "acme", "acme")


def test_what_can_not_be_pinned(one: World) -> None:
    for object_id, tenant in (("", ""), ("x", ""), (TWO, "common")):
        with pytest.raises(UsageProblem):
            pin_by_hand(one, "acme", object_id, tenant, "acme")
    with pytest.raises(UnknownInstance):
        pinned(one, "nobody")
    one.book.put(InstanceEntry("bare", "https://bare.service-now.com", "u"))
    with pytest.raises(NoTarget):
        pin_by_hand(one, "bare", TWO, TENANT, "bare")
    assert pinned(one, "acme") == FIRST


def test_no_pin_changes_while_a_sign_in_is_under_way(one: World) -> None:
    with one.journal.claim("acme"):
        with pytest.raises(AnotherRun):
            pin_by_hand(one, "acme", TWO, "", "acme")
        with pytest.raises(AnotherRun):
            remove_pin(one, "acme", "acme")
    assert pinned(one, "acme") == FIRST


# -- two delegated users of one instance ----------------------------------------------------------------------------------------


@pytest.fixture
def two(world: World) -> World:
    """The same instance under two names: each with its delegated user and the credentials of their alias."""
    origin = "https://acme.service-now.com"
    world.book.put(InstanceEntry("acme", origin, "u", DelegatedUser(A), credential_names=("MS Graph 1", "MS Graph 2")))
    world.book.put(InstanceEntry("acme b", origin, "u", DelegatedUser(B), credential_names=("Graph B 1", "Graph B 2")))
    return world


def test_the_pin_of_one_never_serves_the_other(two: World) -> None:
    two.journal.set_pin("acme", FIRST)
    assert (pinned(two, "acme"), pinned(two, "acme b")) == (FIRST, None)
    pin_by_hand(two, "acme b", TWO, TENANT, "acme b")
    assert pinned(two, "acme") == FIRST
    remove_pin(two, "acme b", TWO[-8:])
    assert pinned(two, "acme") == FIRST


def test_the_proofs_of_one_never_serve_the_other(two: World) -> None:
    from exoalias.domain.ids import SysId

    credential = SysId("c0" * 16)
    two.journal.add_proof("acme", Proof(credential, Tier.ENTERED, FIRST.account, A, FIRST.at, "s-1", ()))
    assert (len(two.journal.proofs("acme")), two.journal.proofs("acme b")) == (1, ())


def test_a_pin_does_not_serve_a_user_written_into_the_file_by_hand(one: World) -> None:
    """``target`` drops the pin of another user; a settings file edited by hand says nothing, and is not believed either."""
    one.book.put(InstanceEntry("acme", "https://acme.service-now.com", "u", DelegatedUser(B)))
    assert pinned(one, "acme") is None
    assert one.target("acme").pin is None
    one.book.put(InstanceEntry("acme", "https://acme.service-now.com", "u", DelegatedUser(A.upper())))
    assert pinned(one, "acme") == FIRST


def test_naming_another_user_takes_the_pin_of_the_former_away(one: World) -> None:
    set_target(one, "acme", delegated_user=B)
    set_target(one, "acme", delegated_user=A)
    assert pinned(one, "acme") is None, "it does not come back"
