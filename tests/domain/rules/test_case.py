"""What one judgement looks at: the account that counts, and the latest proof."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from exoalias.domain.delegated import DelegatedUser
from exoalias.domain.rules.case import open_case
from exoalias.domain.target import HomeAccount, Pin, Tier
from tests.domain.build import NOW, OBJECT_ID, PROFILE, PROOFS, World

OTHER = "99999999-9999-4999-8999-999999999999"


def test_the_account_entered_counts_in_any_case() -> None:
    world = World()
    case = open_case(world.snapshot, world.target, PROOFS, NOW)
    assert case.profile_id == PROFILE
    assert case.account is not None
    user = world.target.delegated_user
    assert user is not None
    shouting = replace(world.target, pin=None, delegated_user=user._replace(object_id=OBJECT_ID.upper()))
    assert open_case(world.snapshot, shouting, (), NOW).account == HomeAccount(OBJECT_ID.lower(), case.tenant)


def test_a_pin_and_another_id_contradict_each_other() -> None:
    world = World()
    tenant = open_case(world.snapshot, world.target, (), NOW).tenant
    pin = Pin(HomeAccount(OTHER, tenant), Tier.ENTERED, NOW, "s")
    case = open_case(world.snapshot, replace(world.target, pin=pin), (), NOW)
    assert case.contradiction
    assert case.account is None
    pinned = replace(world.target, pin=pin, delegated_user=DelegatedUser("rooms@example.com"))
    assert open_case(world.snapshot, pinned, (), NOW).account == pin.account


def test_nobody_named_is_nobody() -> None:
    world = World()
    case = open_case(world.snapshot, replace(world.target, pin=None, delegated_user=None), (), NOW)
    assert (case.upn, case.account) == ("", None)


def test_the_latest_proof_of_a_credential_counts_whatever_the_order() -> None:
    world, proof = World(), PROOFS[0]
    older = replace(proof, at=proof.at - timedelta(days=3), sign_in="older")
    for proofs in ((older, proof), (proof, older)):
        assert open_case(world.snapshot, world.target, proofs, NOW).proofs[proof.credential] == proof
