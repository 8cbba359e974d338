"""What the instance said, asked by hand: shown while the token is the one it spoke of; it plans nothing and proves nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from exoalias.app.read_back import stamp
from exoalias.domain.checklist import Status
from exoalias.domain.delegated import DelegatedUser
from exoalias.domain.instance_answer import InstanceAnswer
from exoalias.domain.records import SysId
from exoalias.domain.target import HomeAccount
from tests.domain.build import MS1, MS2, NOW, OBJECT_ID, PROFILE, TENANT, UPN, World

if TYPE_CHECKING:
    from exoalias.domain.checklist import Finding

CODE = "credential.instance-answer"
MARKS = tuple(stamp(t) for t in World().snapshot.tokens_of(MS1) if t.kind == "refresh_token")
RIGHT = InstanceAnswer(MS1, PROFILE, HomeAccount(OBJECT_ID, TENANT), NOW, MARKS)
STRANGER = HomeAccount("9d0a1f44-0d8b-4f4e-8e43-6f2b1c0d9e55", TENANT)


def said(answer: InstanceAnswer, world: World | None = None) -> World:
    """A world where the instance said that."""
    return (world or World()).aiming(answers=(answer,))


def finding(world: World, record: SysId = MS1) -> Finding | None:
    return next((f for f in world.row(record).findings if f.code == CODE), None)


def test_where_nobody_asked_there_is_no_line() -> None:
    assert finding(World()) is None
    assert finding(said(RIGHT), MS2) is None


def test_the_delegated_users_account() -> None:
    found = finding(said(RIGHT))
    assert found is not None
    assert found.status is Status.HOLDS
    assert OBJECT_ID in found.found
    assert not found.blocks
    assert len(found.sources) == 3


@pytest.mark.parametrize("account", [STRANGER, HomeAccount(OBJECT_ID, "7e000000-0000-4000-8000-00000000ffff")])
def test_another_account_or_tenant_needs_a_person(account: HomeAccount) -> None:
    world = said(replace(RIGHT, account=account))
    found = finding(world)
    assert found is not None
    assert found.status is Status.NEEDS_YOU
    assert account.object_id in found.found
    assert not world.judged().holds
    assert world.planned().sign_ins == World().planned().sign_ins, "the plan stays what the watched sign-in makes it"


@pytest.mark.parametrize(
    "answer",
    [
        replace(RIGHT, tokens=()),
        replace(RIGHT, tokens=(replace(MARKS[0], mod_count=99),)),
        replace(RIGHT, tokens=(replace(MARKS[0], updated_on=None),)),
        replace(RIGHT, profile=SysId("another")),
    ],
)
@pytest.mark.parametrize("account", [RIGHT.account, STRANGER])
def test_a_token_that_can_not_be_seen_to_be_the_same_makes_it_say_nothing(answer: InstanceAnswer, account: HomeAccount) -> None:
    world = said(replace(answer, account=account))
    found = finding(world)
    assert found is not None
    assert found.status is Status.NOT_APPLICABLE
    assert world.judged().holds == World().judged().holds


def test_where_token_rows_can_not_be_read_it_says_nothing() -> None:
    found = finding(said(RIGHT, World().refusing("tokens")))
    assert found is not None
    assert found.status is Status.NOT_APPLICABLE


def test_where_nobody_said_who_the_delegated_user_is_it_is_shown_only() -> None:
    found = finding(said(RIGHT, World().aiming(delegated_user=DelegatedUser(UPN), pin=None)))
    assert found is not None
    assert found.status is Status.ADVICE


@pytest.mark.parametrize("account", [RIGHT.account, STRANGER])
def test_it_raises_and_lowers_no_proof(account: HomeAccount) -> None:
    for proofs in (World().proofs, ()):
        worlds = (replace(world, proofs=proofs) for world in (World(), said(replace(RIGHT, account=account))))
        before, after = (world.found("credential.owner", MS1) for world in worlds)
        assert before == after
