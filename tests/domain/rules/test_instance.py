"""The rules about the instance itself: each holds on the perfect one, and each fails when its matter is spoiled."""

from __future__ import annotations

import pytest

from exoalias.domain.checklist import Act, Status
from exoalias.domain.delegated import DelegatedUser
from exoalias.domain.records import CurrentScope, InstanceUser, Reading, SysId
from exoalias.domain.rules.instance import version_of
from exoalias.domain.target import HomeAccount, Pin, Tier
from tests.domain.build import NOW, OBJECT_ID, REFUSED, TENANT, UPN, World

PIN = Pin(HomeAccount(OBJECT_ID, TENANT), Tier.PINNED, NOW, "s-1")
OTHER = "9d0a1f44-0d8b-4f4e-8e43-6f2b1c0d9e55"


def test_perfect_instance() -> None:
    statuses = {f.code: f.status for f in World().judged().rows[0].findings}
    assert statuses.pop("instance.procedure") is Status.ADVICE
    assert set(statuses.values()) == {Status.HOLDS}


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (REFUSED, Status.CANNOT_TELL),
        (Reading(), Status.CANNOT_TELL),
        (Reading((InstanceUser(SysId("u"), "", ""),)), Status.CANNOT_TELL),
        (Reading((InstanceUser(SysId("u"), "a", ""), InstanceUser(SysId("v"), "b", ""))), Status.CANNOT_TELL),
    ],
)
def test_unknown_user(answer: Reading[InstanceUser], status: Status) -> None:
    assert World().answering("user", answer).found("instance.signed-in").status is status


def test_missing_admin_blocks_and_names_roles() -> None:
    finding = World().with_rows("roles", "itil", "oauth_admin").found("instance.role")
    assert (finding.status, finding.blocks) == (Status.WRONG, True)
    assert "admin" in finding.found
    assert "connection_admin, credential_admin" in finding.found
    assert "oauth_admin," not in finding.found


def test_narrower_roles_alone_do_not_do() -> None:
    finding = World().with_rows("roles", "oauth_admin", "connection_admin", "credential_admin").found("instance.role")
    assert finding.status is Status.WRONG
    assert "has the narrower roles" in finding.found


def test_unreadable_roles_block() -> None:
    finding = World().refusing("roles").found("instance.role")
    assert (finding.status, finding.blocks) == (Status.CANNOT_TELL, True)
    assert "403 Insufficient rights" in finding.found
    assert "admin" in finding.remedy


@pytest.mark.parametrize("user", [None, DelegatedUser(""), DelegatedUser("  ", OBJECT_ID), DelegatedUser(UPN, "not-a-guid")])
def test_delegated_user_has_to_be_named(user: DelegatedUser | None) -> None:
    finding = World().aiming(delegated_user=user).found("instance.delegated-user")
    assert finding.status is Status.NEEDS_YOU
    assert finding.action is not None
    assert finding.action.act is Act.CHOOSE_TARGET


def test_delegated_user_without_object_id_is_advice() -> None:
    finding = World().aiming(delegated_user=DelegatedUser(UPN)).found("instance.delegated-user")
    assert finding.status is Status.ADVICE
    assert f"az ad user show --id {UPN} --query id -o tsv" in finding.remedy


def test_pin_makes_the_object_id_known() -> None:
    finding = World().aiming(delegated_user=DelegatedUser(UPN), pin=PIN).found("instance.delegated-user")
    assert finding.status is Status.HOLDS
    assert OBJECT_ID in finding.found


def test_entered_object_id_against_the_pin() -> None:
    world = World().aiming(delegated_user=DelegatedUser(UPN, OTHER), pin=PIN)
    assert world.found("instance.delegated-user").status is Status.NEEDS_YOU
    assert World().aiming(delegated_user=DelegatedUser(UPN, f" {OBJECT_ID.upper()}"), pin=PIN).judged().holds


@pytest.mark.parametrize(
    ("answer", "status", "words"),
    [
        (Reading(("glide-zurich-07-01-2025__patch2",)), Status.HOLDS, "Zurich"),
        (Reading(("something else",)), Status.ADVICE, "names no release"),
        (Reading(("",)), Status.ADVICE, "(empty)"),
        (Reading(), Status.ADVICE, "was not returned."),
        (REFUSED, Status.ADVICE, "403"),
    ],
)
def test_release(answer: Reading[str], status: Status, words: str) -> None:
    finding = World().answering("build", answer).found("instance.release")
    assert finding.status is status
    assert words in finding.found


APPS = [("instance.spoke", 0), ("instance.calendar-sync", 1)]


@pytest.mark.parametrize(("code", "index"), APPS)
def test_applications(code: str, index: int) -> None:
    world = World()
    others = [app for i, app in enumerate(world.snapshot.apps.rows) if i != index]
    assert world.with_rows("apps", *others).found(code).status is Status.WRONG
    assert world.with_row("apps", index, active=False).found(code).status is Status.WRONG
    assert world.with_row("apps", index, active=None).found(code).status is Status.CANNOT_TELL
    assert world.with_row("apps", index, version=None).found(code).status is Status.CANNOT_TELL
    assert world.refusing("apps").found(code).status is Status.CANNOT_TELL
    assert "sn_" in world.with_row("apps", index, name=None).found(code).found


@pytest.mark.parametrize(
    ("sync", "spoke", "status"),
    [
        ("2.0.1", "3.2.1", Status.ADVICE),
        ("2.0.0", "3.2.1", Status.HOLDS),
        ("1.9.12", "4.0.0", Status.HOLDS),
        ("2.0.1", "3.2.0", Status.HOLDS),
        ("10.0", "3.10", Status.ADVICE),
        (None, "3.2.1", Status.CANNOT_TELL),
        ("2.0.1", "latest", Status.CANNOT_TELL),
        ("", "", Status.CANNOT_TELL),
    ],
)
def test_procedure_names_both_pages(sync: str | None, spoke: str | None, status: Status) -> None:
    finding = World().with_row("apps", 1, version=sync).with_row("apps", 0, version=spoke).found("instance.procedure")
    assert finding.status is status
    assert len(finding.sources) == 2
    assert "Two pages disagree" in finding.why


def test_procedure_without_an_application() -> None:
    assert World().with_rows("apps").found("instance.procedure").status is Status.NOT_APPLICABLE
    assert World().refusing("apps").found("instance.procedure").status is Status.CANNOT_TELL


@pytest.mark.parametrize(
    ("text", "version"),
    [("3.13.0", (3, 13, 0)), ("4", (4,)), (None, ()), ("", ()), ("3.x", ()), ("٣.١", ()), ("1.2.", ()), ("9" * 5000, ())],
)
def test_versions_are_numbers(text: str | None, version: tuple[int, ...]) -> None:
    assert version_of(text) == version


def test_scope_and_update_set_are_never_findings() -> None:
    unread = World().refusing("current_scope")
    assert unread.found("instance.application-scope").status is Status.ADVICE
    assert "403" in unread.found("instance.application-scope").found
    assert "returned." in World().with_rows("current_scope").found("instance.application-scope").found
    assert unread.found("instance.update-set").status is Status.ADVICE
    bare = World().with_rows("current_scope", CurrentScope("", "", ""))
    assert bare.found("instance.update-set").status is Status.ADVICE
    assert "unnamed" in bare.found("instance.application-scope").found
    assert bare.judged().holds


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (Reading((" strict ",)), Status.HOLDS),
        (Reading(("Normal",)), Status.NEEDS_YOU),
        (Reading(("",)), Status.NEEDS_YOU),
        (Reading(), Status.CANNOT_TELL),
        (REFUSED, Status.CANNOT_TELL),
    ],
)
def test_sync_mode(answer: Reading[str], status: Status) -> None:
    finding = World().answering("sync_mode", answer).found("instance.sync-mode")
    assert finding.status is status
    assert not finding.blocks


def test_sync_mode_without_the_application() -> None:
    world = World()
    spoke = world.snapshot.apps.rows[0]
    assert world.with_rows("apps", spoke).found("instance.sync-mode").status is Status.NOT_APPLICABLE
