"""What comes after the credentials: providers, rooms, subject, scan."""

from __future__ import annotations

from dataclasses import replace

import pytest

from exoalias.domain.checklist import Act, Status
from exoalias.domain.delegated import DelegatedUser
from exoalias.domain.records import NO_RECORD, Alias, Connection, Provider, Reading, Room, SysId
from exoalias.domain.rules.afterwards import quoted
from tests.domain.build import ALIAS1, ALIAS2, MAIL, MS1, OBJECT_ID, ORIGIN, UPN, World, credential

PROVIDER = SysId("provider-1")
OWN_ALIAS, OWN = SysId("alias-own"), SysId("credential-own")


def test_perfect_provider() -> None:
    assert {f.status for f in World().row(PROVIDER).findings} == {Status.HOLDS}


@pytest.mark.parametrize(
    ("column", "value", "code", "status", "words"),
    [
        ("active", None, "provider.exists", Status.CANNOT_TELL, "Active"),
        ("processor", "Google", "provider.processor", Status.WRONG, "Google"),
        ("processor", "", "provider.processor", Status.WRONG, "empty"),
        ("processor", None, "provider.processor", Status.CANNOT_TELL, "Calendar processor"),
        ("processor", "ms_graph", "provider.processor", Status.HOLDS, "ms_graph"),
        ("delegated_user", None, "provider.delegated-user", Status.CANNOT_TELL, "Delegated user email"),
        ("delegated_user", "  ", "provider.delegated-user", Status.NEEDS_YOU, "empty"),
        ("delegated_user", "other@x.example", "provider.delegated-user", Status.NEEDS_YOU, "other@x.example"),
        ("delegated_user", UPN.upper(), "provider.delegated-user", Status.HOLDS, "SVC"),
        ("override_alias", None, "provider.alias", Status.CANNOT_TELL, "Override alias"),
        ("override_alias", SysId("unknown"), "provider.alias", Status.CANNOT_TELL, "not returned"),
        ("override_alias", ALIAS2, "provider.alias", Status.WRONG, "not a child"),
    ],
)
def test_columns(column: str, value: object, code: str, status: Status, words: str) -> None:
    finding = World().with_row("providers", **{column: value}).found(code)
    assert finding.status is status
    assert words in finding.found


def test_address_differs_while_no_mailbox_was_entered() -> None:
    world = World().aiming(delegated_user=DelegatedUser(UPN, OBJECT_ID))
    finding = world.found("provider.delegated-user")
    assert finding.status is Status.ADVICE
    assert "may differ" in finding.found
    assert finding.action is not None
    assert finding.action.act is Act.CHOOSE_TARGET
    assert world.judged().holds


def test_address_without_a_delegated_user() -> None:
    assert World().aiming(delegated_user=None).found("provider.delegated-user").status is Status.CANNOT_TELL


def test_empty_address_opens_the_provider() -> None:
    action = World().with_row("providers", delegated_user="").found("provider.delegated-user").action
    assert action is not None
    assert (action.act, action.text) == (Act.OPEN, f"{ORIGIN}/sn_wsd_rsvsync_provider.do?sys_id={PROVIDER}")


def test_no_provider_for_the_delegated_user() -> None:
    world = World().with_row("providers", active=False)
    assert world.found("provider.exists").status is Status.NEEDS_YOU
    assert world.row(PROVIDER).status is Status.NOT_APPLICABLE
    assert "No calendar providers" in World().with_rows("providers").found("provider.exists").found


def test_provider_of_another_delegated_user() -> None:
    other = Provider(SysId("provider-2"), None, True, "ms_graph", "desks@x.example", OWN_ALIAS)
    world = World().adding("providers", other)
    assert world.row(other.sys_id).status is Status.NOT_APPLICABLE
    assert "desks@x.example" in world.row(other.sys_id).findings[0].found
    assert world.judged().holds
    assert World().with_rows("providers", other).found("provider.exists").status is Status.NEEDS_YOU


def test_providers_unreadable() -> None:
    refused = World().refusing("providers").found("provider.exists")
    assert refused.status is Status.CANNOT_TELL
    assert "sn_wsd_rsvsync.admin" in refused.remedy
    assert World().refusing("providers", "apps").found("provider.exists").status is Status.CANNOT_TELL
    absent = World().with_rows("apps", World().snapshot.apps.rows[0]).refusing("providers").found("provider.exists")
    assert absent.status is Status.NOT_APPLICABLE


# -- alias ---------------------------------------------------------------------------------------------------------------


def with_override() -> World:
    """The provider has an alias of its own, with connection and credential, all in order."""
    world = World().with_row("providers", override_alias=OWN_ALIAS)
    world = world.adding("aliases", Alias(OWN_ALIAS, "sn_ex_online_spke.Own", "Own", ALIAS1, multiple_connections=False))
    world = world.adding("connections", Connection(SysId("c-own"), "Own", True, "https://graph.microsoft.com", OWN, OWN_ALIAS))
    return world.adding("credentials", credential(OWN, "Own"))


def test_override_alias_in_order() -> None:
    finding = with_override().found("provider.alias")
    assert finding.status is Status.HOLDS
    assert "sn_ex_online_spke.Own" in finding.found
    assert with_override().row(OWN).title == "Own"


@pytest.mark.parametrize(
    ("world", "status", "words"),
    [
        (with_override().with_row("aliases", 2, parent=None), Status.CANNOT_TELL, "parent"),
        (with_override().with_row("aliases", 2, parent=NO_RECORD), Status.WRONG, "not a child"),
        (with_override().with_row("connections", 2, active=False), Status.WRONG, "no active connections"),
        (with_override().with_row("connections", 0, alias=OWN_ALIAS), Status.WRONG, "2 active connections"),
        (with_override().with_row("connections", 2, credential=None), Status.CANNOT_TELL, "http_connection.credential"),
        (with_override().with_row("connections", 2, credential=NO_RECORD), Status.WRONG, "no credential"),
        (with_override().with_row("connections", 2, credential=SysId("hidden")), Status.CANNOT_TELL, "not returned"),
        (with_override().refusing("connections"), Status.CANNOT_TELL, "connections"),
        (with_override().refusing("aliases"), Status.CANNOT_TELL, "aliases"),
        (World().with_row("aliases", id="x"), Status.WRONG, "was not found"),
        (
            with_override().adding("providers", Provider(SysId("p2"), "x", True, "ms_graph", "x@y.example", OWN_ALIAS)),
            Status.WRONG,
            "another delegated user",
        ),
    ],
)
def test_override_alias(world: World, status: Status, words: str) -> None:
    finding = world.found("provider.alias", PROVIDER)
    assert finding.status is status
    assert words in finding.found


# -- rooms, subject, scan ------------------------------------------------------------------------------------------------


def test_rooms_are_advice_only() -> None:
    rooms = [Room(SysId(f"r{i}"), f"Room {i}", None) for i in range(11)]
    assert "and 3 more" in World().with_rows("rooms", *rooms).found("afterwards.rooms").found
    assert "No room" in World().with_rows("rooms").found("afterwards.rooms").found
    assert "403" in World().refusing("rooms").found("afterwards.rooms").found
    assert "r0" in World().with_rows("rooms", Room(SysId("r0"), None, "")).found("afterwards.rooms").found
    for world in (World().with_rows("rooms"), World().refusing("rooms"), World().with_rows("rooms", *rooms)):
        assert world.judged().holds
    assert "the delegated user" in World().aiming(delegated_user=None).found("afterwards.rooms").remedy


def command(world: World) -> str:
    """What would be copied."""
    action = world.found("afterwards.subject").action
    assert action is not None
    assert action.act is Act.COPY
    return action.text


def test_subject_commands() -> None:
    assert command(World()) == (
        "Set-CalendarProcessing -Identity 'oak@juniperhall.example' -DeleteSubject $false -AddOrganizerToSubject $false"
    )
    rooms = (Room(SysId("a"), "Oak", None), Room(SysId("b"), "Elm", "elm@x.example"), Room(SysId("c"), "Oak", ""))
    assert command(World().with_rows("rooms", *rooms)).splitlines() == [
        "Set-CalendarProcessing -Identity 'Oak' -DeleteSubject $false -AddOrganizerToSubject $false",
        "Set-CalendarProcessing -Identity 'elm@x.example' -DeleteSubject $false -AddOrganizerToSubject $false",
    ]
    for nothing in (
        World().with_rows("rooms"),
        World().refusing("rooms"),
        World().with_rows("rooms", Room(SysId("d"), " ", None)),
    ):
        assert "'<room mailbox>'" in command(nothing)


@pytest.mark.parametrize(
    ("name", "literal"),
    [
        ("Oak", "'Oak'"),
        ("O'Hara", "'O''Hara'"),
        ("O’Hara ‘x‚ ‛", "'O’’Hara ‘‘x‚‚ ‛‛'"),
        ('$(rm) `" ; Remove-Item', "'$(rm) `\" ; Remove-Item'"),
        ("-Force", "'-Force'"),
    ],
)
def test_room_names_are_literal_in_powershell(name: str, literal: str) -> None:
    assert quoted(name) == literal
    assert f"-Identity {literal} " in command(World().with_rows("rooms", Room(SysId("a"), name, None)))


@pytest.mark.parametrize("name", ["a\nRemove-Mailbox b", "a\rb", "a\u2028b", "a\x00b", "a\u0085b"])
def test_room_names_with_line_breaks_are_left_out(name: str) -> None:
    assert "'<room mailbox>'" in command(World().with_rows("rooms", Room(SysId("a"), name, None)))
    assert len(command(World().with_rows("rooms", Room(SysId("a"), name, None), Room(SysId("b"), "Oak", None))).splitlines()) == 1


def test_mail_alone_is_enough() -> None:
    assert World().aiming(delegated_user=DelegatedUser("x@y.example", OBJECT_ID, f" {MAIL} ")).found(
        "provider.delegated-user"
    ).status is (Status.HOLDS)
    assert replace(World()).answering("providers", Reading()).found("credential.own", MS1).status is Status.HOLDS
