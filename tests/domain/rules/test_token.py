"""The rules about the refresh token: there, alive, of the target profile, the delegated user's."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from exoalias.domain.checklist import Act, Finding, Status
from exoalias.domain.delegated import DelegatedUser
from exoalias.domain.ownership import RowState
from exoalias.domain.planning import TOKEN_CODES
from exoalias.domain.records import Reading, SysId
from exoalias.domain.rules import token
from exoalias.domain.target import HomeAccount, Pin, Proof, Tier
from tests.domain.build import MS1, MS2, NORMAL, NOW, OBJECT_ID, PROFILE, PROOFS, SIGNED_IN, TENANT, UPN, World, proof, registry
from tests.domain.build import token as token_row

OTHER = "9d0a1f44-0d8b-4f4e-8e43-6f2b1c0d9e55"
STRANGER = HomeAccount(OTHER, TENANT)
PRESENT, ALIVE, FITS, OWNER = "credential.token", "credential.expiry", "credential.token-age", "credential.owner"


def act(finding: Finding) -> Act | None:
    """What its button does."""
    return finding.action.act if finding.action else None


def proven(**changes: Any) -> World:  # noqa: ANN401 - a proof's fields have many types
    """MS Graph 1's proof changed."""
    return replace(World(), proofs=(replace(PROOFS[0], **changes), PROOFS[1]))


def test_codes_are_those_of_the_plan() -> None:
    assert {rule.code for rule in token.RULES} == TOKEN_CODES


def test_no_token() -> None:
    world = World().with_rows("tokens", *World().snapshot.tokens.rows[2:])
    assert world.found(PRESENT).status is Status.NEEDS_YOU
    assert act(world.found(PRESENT)) is Act.SIGN_IN
    assert {world.found(code).status for code in (ALIVE, FITS, OWNER)} == {Status.NOT_APPLICABLE}
    assert [step.credential for step in world.planned().sign_ins] == [MS1]
    assert world.judged().next.label == "Sign in MS Graph 1 …"


def test_both_pages_are_named_for_the_second_token() -> None:
    finding = World().found(PRESENT, MS2)
    assert "Two pages differ" in finding.why
    assert len({source.url for source in finding.sources}) == 3


def test_only_an_access_token() -> None:
    finding = World().with_rows("tokens", token_row(MS1, "access_token")).found(PRESENT)
    assert finding.status is Status.NEEDS_YOU
    assert "access token" in finding.found


@pytest.mark.parametrize(("changes", "column"), [({"kind": None}, "type"), ({"credential": None}, "requestor_id")])
def test_token_columns_not_returned(changes: dict[str, object], column: str) -> None:
    finding = World().with_row("tokens", **changes).found(PRESENT)
    assert finding.status is Status.CANNOT_TELL
    assert column in finding.found


def test_servicenow_user_is_shown_and_never_called_the_owner() -> None:
    world = World(proofs=())
    assert "fetched in ServiceNow by lena" in world.found(PRESENT).found
    assert "lena" not in world.found(OWNER).found
    assert "lena" not in world.with_row("tokens", created_by=None).found(PRESENT).found


# -- expiry --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "status"), [(0, Status.HOLDS), (70, Status.HOLDS), (74, Status.ADVICE), (86, Status.ADVICE), (87, Status.NEEDS_YOU)]
)
def test_expiry(days: int, status: Status) -> None:
    finding = replace(World(), now=NOW + timedelta(days=days)).found(ALIVE)
    assert finding.status is status
    assert "estimate" in finding.found


def test_dead_token_is_signed_in_for_again() -> None:
    world = World().with_row("tokens", expires=NOW)
    assert act(world.found(ALIVE)) is Act.SIGN_IN
    assert [step.credential for step in world.planned().sign_ins] == [MS1]


def test_the_end_of_a_token_is_a_date_to_reckon_with() -> None:
    ends = {token_id: World().found(ALIVE, token_id).until for token_id in (MS1, MS2)}
    assert all(end is not None and end > NOW for end in ends.values())
    assert World().judged().due == min(end for end in ends.values() if end is not None)
    assert World().with_rows("tokens").judged().due is None


def test_expires_not_returned() -> None:
    assert World().with_row("tokens", expires=None).found(ALIVE).status is Status.CANNOT_TELL
    late = replace(World().with_row("tokens", expires=None), now=NOW + timedelta(days=88))
    assert late.found(ALIVE).status is Status.NEEDS_YOU


@pytest.mark.parametrize(
    ("behind", "status"),
    [
        (timedelta(minutes=10), Status.HOLDS),
        (timedelta(minutes=11), Status.CANNOT_TELL),
        (timedelta(hours=6), Status.CANNOT_TELL),
    ],
)
def test_a_clock_that_was_set_back_lets_no_token_hold(behind: timedelta, status: Status) -> None:
    world = replace(World(), now=SIGNED_IN - behind)
    assert world.found(ALIVE).status is status
    assert not world.planned().sign_ins, "another sign-in would not set the clock"


def test_no_dates_at_all() -> None:
    world = World().with_row("tokens", expires=None, created_on=None, updated_on=None)
    assert world.found(ALIVE).status is Status.CANNOT_TELL
    assert world.found(FITS).status is Status.CANNOT_TELL
    assert world.found(OWNER).status is Status.CANNOT_TELL
    assert not world.planned().sign_ins  # the last sign-in proved it, and another would not bring the columns back
    assert replace(world, proofs=(proof(MS1, Tier.FIRST_USE),)).planned().sign_ins


# -- of the target profile -----------------------------------------------------------------------------------------------


def test_token_older_than_the_profile() -> None:
    changed = World().with_row("profiles", updated_on=SIGNED_IN + timedelta(seconds=1))
    assert changed.found(FITS).status is Status.NEEDS_YOU
    assert [step.credential for step in changed.planned().sign_ins] == [MS1, MS2]
    assert World().with_row("profiles", updated_on=SIGNED_IN).found(FITS).status is Status.HOLDS
    assert World().with_row("profiles", updated_on=None).found(FITS).status is Status.CANNOT_TELL


def test_token_of_another_profile() -> None:
    finding = World().with_row("tokens", profile=NORMAL).found(FITS)
    assert (finding.status, act(finding)) == (Status.NEEDS_YOU, Act.SIGN_IN)
    nameless = World().with_row("tokens", profile=NORMAL).with_row("profiles", name=None).found(FITS)
    assert "target profile" in nameless.expected
    assert World().with_row("tokens", profile=None).found(FITS).status is Status.CANNOT_TELL


def test_no_target_profile() -> None:
    assert World().aiming(profile=SysId("gone")).found(FITS).status is Status.CANNOT_TELL


def test_a_credential_whose_profile_changed_needs_no_new_token_if_it_has_one_of_the_target() -> None:
    world = World().with_row("credentials", profile=NORMAL)
    assert [write.after for write in world.planned().writes] == [PROFILE]
    assert not world.planned().sign_ins


# -- whose? --------------------------------------------------------------------------------------------------------------


def test_proven_owner_says_how_and_when() -> None:
    finding = World().found(OWNER)
    assert finding.status is Status.HOLDS
    for part in (UPN, OBJECT_ID, "entered beforehand", "20 November 2026", "s-17"):
        assert part in finding.found


@pytest.mark.parametrize("tier", [Tier.ENTERED, Tier.PINNED, Tier.SECOND_OPINION])
def test_tiers_that_prove(tier: Tier) -> None:
    assert replace(World(), proofs=(proof(MS1, tier), proof(MS2, tier))).judged().holds


def test_nobody_can_tell_without_a_proof() -> None:
    finding = World(proofs=()).found(OWNER)
    assert (finding.status, act(finding)) == (Status.NEEDS_YOU, Act.SIGN_IN)
    assert "Nobody can tell" in finding.found


@pytest.mark.parametrize(
    "changes",
    [
        {"sys_id": SysId("replaced")},
        {"updated_on": SIGNED_IN + timedelta(hours=1)},
        {"created_on": SIGNED_IN - timedelta(hours=1)},
        {"mod_count": 1},
    ],
)
def test_a_changed_row_is_not_the_one_that_was_proven(changes: dict[str, object]) -> None:
    finding = World().with_row("tokens", **changes).found(OWNER)
    assert (finding.status, act(finding)) == (Status.CANNOT_TELL, Act.SIGN_IN)
    assert "look alike" in finding.found


def test_the_access_token_may_change() -> None:
    assert World().with_row("tokens", 1, mod_count=40, updated_on=NOW).judged().holds


def test_a_second_living_refresh_token_is_doubt() -> None:
    extra = token_row(MS1)._replace(sys_id=SysId("extra"))
    assert World().adding("tokens", extra).found(OWNER).status is Status.CANNOT_TELL
    assert World().adding("tokens", extra._replace(profile=None)).found(OWNER).status is Status.CANNOT_TELL
    assert World().adding("tokens", extra._replace(expires=NOW)).found(OWNER).status is Status.HOLDS
    assert World().adding("tokens", extra._replace(profile=NORMAL)).found(OWNER).status is Status.HOLDS


def test_a_mark_of_an_access_token_proves_nothing() -> None:
    mark = replace(PROOFS[0].tokens[0], kind="access_token")
    assert proven(tokens=(mark,)).found(OWNER).status is Status.CANNOT_TELL


def test_first_use_is_never_the_owner() -> None:
    known = proven(tier=Tier.FIRST_USE).found(OWNER)
    assert (known.status, act(known)) == (Status.CANNOT_TELL, Act.SIGN_IN)
    assert "owner unconfirmed" in known.found
    unknown = proven(tier=Tier.FIRST_USE).aiming(delegated_user=DelegatedUser(UPN, mail="rooms.217@juniperhall.example"))
    assert act(unknown.found(OWNER)) is Act.CHOOSE_TARGET
    first_use = replace(unknown, proofs=(proof(MS1, Tier.FIRST_USE), proof(MS2, Tier.FIRST_USE)))
    assert first_use.judged().next.label == "Enter the object id …"
    assert not first_use.judged().holds
    assert not first_use.planned().sign_ins


@pytest.mark.parametrize(
    "account",
    [STRANGER, HomeAccount(OBJECT_ID, OTHER), HomeAccount("", TENANT), HomeAccount(OBJECT_ID, ""), HomeAccount(UPN, TENANT)],
)
def test_another_account(account: HomeAccount) -> None:
    finding = proven(account=account).found(OWNER)
    assert (finding.status, act(finding)) == (Status.NEEDS_YOU, Act.SIGN_IN)
    assert "another account" in finding.found


def test_guids_are_compared_without_case() -> None:
    assert proven(account=HomeAccount(OBJECT_ID.upper(), TENANT.upper())).judged().holds


def test_the_pin_is_the_account() -> None:
    pin = Pin(HomeAccount(OBJECT_ID, TENANT), Tier.SECOND_OPINION, NOW, "s-1")
    assert World().aiming(pin=pin).judged().holds
    other = World().aiming(pin=replace(pin, account=STRANGER), delegated_user=DelegatedUser(UPN))
    assert other.found(OWNER).status is Status.NEEDS_YOU


def test_nobody_said_which_account() -> None:
    world = World().aiming(delegated_user=DelegatedUser(UPN))
    finding = world.found(OWNER)
    assert (finding.status, act(finding)) == (Status.CANNOT_TELL, Act.CHOOSE_TARGET)
    nobody = World().aiming(delegated_user=None)
    assert nobody.found(OWNER).status is Status.CANNOT_TELL
    assert nobody.judged().next.label == "Name the delegated user …"


def test_a_pin_without_a_name_still_proves() -> None:
    pin = Pin(HomeAccount(OBJECT_ID, TENANT), Tier.PINNED, NOW, "s-1")
    assert "Issued to the delegated user" in World().aiming(delegated_user=None, pin=pin).found(OWNER).found


def test_tenant_named_by_its_domain_is_left_to_the_proof() -> None:
    urls = {"auth_url": (registry().auth_url or "").replace(TENANT, "juniperhall.example"),
            "token_url": (registry().token_url or "").replace(TENANT, "juniperhall.example")}  # fmt: skip
    assert World().with_row("registries", **urls).judged().holds


def test_the_latest_proof_counts() -> None:
    older = replace(PROOFS[0], at=SIGNED_IN - timedelta(days=1), tier=Tier.FIRST_USE)
    newer = replace(PROOFS[0], at=SIGNED_IN + timedelta(days=1), account=STRANGER)
    assert replace(World(), proofs=(*PROOFS, older)).judged().holds
    assert replace(World(), proofs=(newer, *PROOFS)).found(OWNER).status is Status.NEEDS_YOU


# -- what is kept of a row ------------------------------------------------------------------------------------------------


def states(world: World) -> dict[SysId, RowState]:
    return {look.credential: look.state for look in world.judgement().looks}


def test_a_look_at_each_row_somebody_signed_in_for() -> None:
    looks = World().judgement().looks
    assert [(look.credential, look.sign_in, look.state) for look in looks] == [
        (MS1, "s-17", RowState.SAME),
        (MS2, "s-17", RowState.SAME),
    ]
    assert {(look.first, look.last) for look in looks} == {(NOW, NOW)}
    assert replace(World(), proofs=()).judgement().looks == ()


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({"mod_count": 1}, RowState.CHANGED),
        ({"sys_id": SysId("replaced")}, RowState.CHANGED),
        ({"updated_on": NOW}, RowState.CHANGED),
        ({"updated_on": None}, RowState.UNREAD),
        ({"mod_count": None}, RowState.UNREAD),
        ({"kind": None}, RowState.UNREAD),
        ({"kind": "access_token"}, RowState.GONE),
    ],
)
def test_how_a_row_stands(changes: dict[str, Any], state: RowState) -> None:
    assert states(World().with_row("tokens", **changes)) == {MS1: state, MS2: RowState.SAME}


def test_rows_that_can_not_be_told_apart_are_unread() -> None:
    assert set(states(World().with_row("tokens", credential=None)).values()) == {RowState.UNREAD}
    assert set(states(World().refusing("tokens")).values()) == {RowState.UNREAD}
    assert set(states(World().answering("tokens", Reading(asked=False))).values()) == {RowState.UNREAD}


def test_what_is_kept_and_what_is_said_agree() -> None:
    for changes in ({}, {"mod_count": 1}, {"sys_id": SysId("x")}, {"updated_on": NOW}):
        world = World().with_row("tokens", **changes)
        assert (states(world)[MS1] is RowState.SAME) == (world.found(OWNER).status is Status.HOLDS)


# -- unreadable ----------------------------------------------------------------------------------------------------------


def test_tokens_unreadable_name_the_role() -> None:
    world = replace(World(), proofs=()).refusing("tokens")
    findings = [world.found(code) for code in (PRESENT, ALIVE, FITS, OWNER)]
    assert {f.status for f in findings} == {Status.CANNOT_TELL}
    assert all("oauth_admin" in f.remedy for f in findings)
    assert "403" in findings[0].found
    assert "No sign-in was seen here" in findings[3].found
    assert [step.credential for step in world.planned().sign_ins] == [MS1, MS2]


def test_tokens_unreadable_after_a_proven_sign_in() -> None:
    world = World().refusing("tokens")
    assert OBJECT_ID in world.found(OWNER).found
    assert not world.judged().holds
    assert not world.planned().sign_ins
    assert world.planned().steps  # advice: who can read them


@pytest.mark.parametrize("spoiled", [{"tier": Tier.FIRST_USE}, {"account": STRANGER}, {"at": NOW - timedelta(days=90)}])
def test_tokens_unreadable_and_no_good_proof(spoiled: dict[str, object]) -> None:
    assert [step.credential for step in proven(**spoiled).refusing("tokens").planned().sign_ins] == [MS1]


def test_not_asked_is_not_none() -> None:
    world = World().answering("tokens", Reading(asked=False))
    assert world.found(PRESENT).status is Status.CANNOT_TELL
    assert "not asked" in world.found(PRESENT).found


def test_proofs_of_other_credentials_do_not_count() -> None:
    foreign: Proof = replace(PROOFS[0], credential=SysId("elsewhere"))
    assert replace(World(), proofs=(foreign, PROOFS[1])).found(OWNER).status is Status.NEEDS_YOU


def test_a_token_of_a_sign_in_out_of_sight_is_never_said_to_hold() -> None:
    """Not even where the object id is known, nor where it was the right one by chance."""
    for account in (HomeAccount("", ""), PROOFS[0].account):
        said = proven(tier=Tier.UNWATCHED, account=account).found(OWNER)
        assert (said.status, act(said)) == (Status.CANNOT_TELL, Act.SIGN_IN)
        assert "owner unconfirmed" in said.found
