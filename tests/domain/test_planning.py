"""From findings to steps: what is written, what is signed in for, and what keeps either from being planned."""

from __future__ import annotations

from dataclasses import replace

import pytest

from exoalias.domain.checklist import Act
from exoalias.domain.delegated import DelegatedUser
from exoalias.domain.plan import Advise, SetField
from exoalias.domain.records import NO_RECORD, SysId
from tests.domain.build import MS1, MS2, NORMAL, NOW, PROFILE, PROOFS, World

BARE = World(proofs=()).with_rows("tokens")


def missing() -> World:
    """Neither credential carries a profile, no token was fetched."""
    return BARE.with_row("credentials", profile=NO_RECORD, profile_name="").with_row(
        "credentials", 1, profile=NORMAL, profile_name=None
    )


def test_perfect_instance_has_an_empty_plan() -> None:
    assert World().planned().steps == ()
    assert World().planned().blocked == ()


def test_writes_first_then_sign_ins() -> None:
    plan = missing().planned()
    assert plan.steps[:2] == plan.writes
    assert plan.steps[2:4] == plan.sign_ins
    assert plan.writes[0] == SetField(
        table="oauth_2_0_credentials",
        record=MS1,
        record_name="MS Graph 1",
        field="oauth_entity_profile",
        before="",
        before_shown="",
        after=PROFILE,
        after_shown="Rooms default_profile",
        mod_count=7,
        updated_on=missing().snapshot.credentials.rows[0].updated_on,
        scope="sn_ex_online_spke",
    )
    assert (plan.writes[1].before, plan.writes[1].before_shown) == (NORMAL, NORMAL)
    assert [(s.credential, s.credential_name, s.profile) for s in plan.sign_ins] == [
        (MS1, "MS Graph 1", PROFILE),
        (MS2, "MS Graph 2", PROFILE),
    ]
    assert plan.sign_ins[0].why == "No token is stored."
    assert plan.blocked == ()
    assert missing().with_row("profiles", name=None).planned().writes[0].after_shown == PROFILE


def test_a_fenced_application_is_stood_in_while_it_is_written() -> None:
    elsewhere = missing().with_row("current_scope", app="global")
    assert elsewhere.planned().switches == ()
    fenced = elsewhere.aiming(fenced=frozenset({"sn_ex_online_spke"}))
    (switch,) = fenced.planned().switches
    assert fenced.planned().steps[:3] == (switch, *fenced.planned().writes)
    assert (switch.app, switch.app_name, switch.scope) == ("app-1", "Microsoft Exchange Online Spoke", "sn_ex_online_spke")
    assert "put back right after" in switch.why
    assert missing().aiming(fenced=fenced.target.fenced).planned().switches == ()  # it stands there already
    assert len(fenced.refusing("current_scope").planned().switches) == 1
    assert fenced.refusing("apps").planned().switches == ()
    assert fenced.with_row("apps", name=None).planned().switches[0].app_name == "sn_ex_online_spke"


def test_next_goes_through_the_work_in_order() -> None:
    world = missing()
    assert world.judged().next.label == "Review 2 changes …"
    row = world.row(MS1)
    assert {f.action.act for f in row.findings if f.action} == {Act.REVIEW_PLAN}
    written = BARE
    assert written.judged().next.label == "Sign in MS Graph 1 …"
    assert written.judged().next.record == MS1
    half = replace(World(), proofs=(PROOFS[0],))
    assert half.judged().next.label == "Sign in MS Graph 2 …"
    assert World().judged().next.label == "Check"
    assert World().with_row("registries", active=False).judged().next.label == "Check again"


@pytest.mark.parametrize(
    "world",
    [
        missing().with_rows("roles", "itil"),
        missing().refusing("roles"),
        missing().with_row("registries", active=False),
        missing().with_row("profiles", grant_type="client_credentials"),
        missing().with_rows("profile_scopes", *World().snapshot.profile_scopes.rows[:2]),
        missing().refusing("profiles"),
        missing().refusing("registries"),
        missing().aiming(profile=SysId("gone")),
    ],
)
def test_broken_ground_blocks_everything(world: World) -> None:
    plan = world.planned()
    assert not plan.writes
    assert not plan.sign_ins
    assert plan.blocked
    shown = {f.action.act for row in world.judged().rows if row.record in {MS1, MS2} for f in row.findings if f.action}
    assert shown <= {Act.NOTHING}


@pytest.mark.parametrize(
    "changes", [{"active": False}, {"integration_type": "personal"}, {"profile": None}, {"name": "MS Graph 2"}]
)
def test_a_blocked_record_is_not_written_and_nobody_signs_in(changes: dict[str, object]) -> None:
    plan = missing().with_row("credentials", **changes).planned()
    assert MS1 not in {write.record for write in plan.writes}
    assert not plan.sign_ins
    assert plan.blocked[-1] == "No sign-in is asked for while that stands."


def test_a_blocked_record_needs_no_token_elsewhere() -> None:
    plan = World().with_row("credentials", active=False).planned()
    assert not plan.sign_ins
    assert plan.blocked == ("MS Graph 1: It is not active.",)


@pytest.mark.parametrize("user", [None, DelegatedUser("")])
def test_no_sign_in_without_a_delegated_user(user: DelegatedUser | None) -> None:
    world = missing().aiming(delegated_user=user)
    plan = world.planned()
    assert len(plan.writes) == 2
    assert not plan.sign_ins
    assert "named" in plan.blocked[0]
    assert world.judged().next.act is Act.CHOOSE_TARGET


def test_advice_is_what_neither_write_nor_sign_in_mends() -> None:
    steps = World().with_rows("sync_mode", "Normal").with_row("connections", url="").planned().steps
    assert all(isinstance(step, Advise) for step in steps)
    texts = [step.text for step in steps if isinstance(step, Advise)]
    assert any("Set it to Strict" in text for text in texts)
    assert any("Connection URL" in text for text in texts)


def test_the_plan_is_the_same_of_the_judged_checklist() -> None:
    for world in (World(), BARE, missing(), missing().with_row("registries", active=False)):
        assert world.planned() == world.planned()
        assert world.planned().digest == world.planned().digest


def test_the_admin_role_comes_before_any_choice() -> None:
    world = missing().with_rows("roles").aiming(delegated_user=None, profile=SysId("gone"))
    assert world.judged().next.label == "Check again"
    assert world.judged().taken_at == NOW
