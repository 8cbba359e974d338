"""The rules about MS Graph 1, MS Graph 2 and the credentials of own aliases."""

from __future__ import annotations

import pytest

from exoalias.domain.checklist import Act, Group, Status
from exoalias.domain.records import NO_RECORD, Alias, Connection, Provider, Reading, SysId
from exoalias.domain.target import CLOUDS, Cloud
from tests.domain.build import ALIAS1, ALIAS2, MAIL, MS1, MS2, NORMAL, PROFILE, TENANT, UPN, World, credential

OWN, OWN_ALIAS = SysId("credential-own"), SysId("alias-own")


def test_perfect_credentials() -> None:
    for record in (MS1, MS2):
        assert {f.status for f in World().row(record).findings} == {Status.HOLDS}


@pytest.mark.parametrize(
    ("column", "value", "code", "status", "blocks", "words"),
    [
        ("active", False, "credential.active", Status.WRONG, True, "not active"),
        ("active", None, "credential.active", Status.CANNOT_TELL, False, "active"),
        ("integration_type", "personal", "credential.integration-type", Status.WRONG, True, "personal"),
        ("integration_type", "Personal ", "credential.integration-type", Status.WRONG, True, "Personal"),
        ("integration_type", "embedded", "credential.integration-type", Status.WRONG, True, "embedded"),
        ("integration_type", "", "credential.integration-type", Status.CANNOT_TELL, False, "empty"),
        ("integration_type", None, "credential.integration-type", Status.CANNOT_TELL, False, "integration_type"),
        ("profile", None, "credential.profile", Status.CANNOT_TELL, True, "oauth_entity_profile"),
    ],
)
def test_columns(column: str, value: object, code: str, status: Status, blocks: bool, words: str) -> None:
    finding = World().with_row("credentials", **{column: value}).found(code, MS1)
    assert (finding.status, finding.blocks) == (status, blocks)
    assert words in finding.found


def test_personal_is_refused_with_the_pages_reason() -> None:
    finding = World().with_row("credentials", 1, integration_type="personal").found("credential.integration-type", MS2)
    assert "do not select Get OAuth Token on the Personal credential" in finding.why


@pytest.mark.parametrize(
    ("profile", "name", "words"), [(NO_RECORD, "", "no profile"), (NORMAL, "Normal", "Normal"), (NORMAL, "", NORMAL)]
)
def test_profile_to_be_set(profile: SysId, name: str, words: str) -> None:
    world = World().with_row("credentials", profile=profile, profile_name=name)
    finding = world.found("credential.profile", MS1)
    assert finding.status is Status.NEEDS_YOU
    assert words in finding.found
    assert finding.action is not None
    assert (finding.action.act, finding.action.record) == (Act.REVIEW_PLAN, MS1)
    assert world.judged().next.label == "Review 1 change …"


def test_profile_without_a_target() -> None:
    world = World().aiming(profile=SysId("gone")).with_row("credentials", profile=None)
    finding = world.found("credential.profile", MS1)
    assert finding.status is Status.CANNOT_TELL
    assert "can't be read" in finding.found
    assert "Rooms default_profile" in world.found("credential.profile", MS2).found


# -- names ---------------------------------------------------------------------------------------------------------------


def test_no_record_of_that_name() -> None:
    world = World().with_row("credentials", 1, name="renamed")
    row = next(row for row in world.judged().rows if row.key == "credential/name:MS Graph 2")
    assert (row.status, row.findings[0].blocks) == (Status.WRONG, True)
    assert not world.planned().sign_ins


def test_credentials_unreadable() -> None:
    world = World().refusing("credentials")
    rows = [row for row in world.judged().rows if row.group is Group.CREDENTIAL]
    assert [row.title for row in rows] == ["MS Graph 1", "MS Graph 2"]
    assert {row.status for row in rows} == {Status.CANNOT_TELL}
    assert "credential_admin" in rows[0].findings[0].remedy


def test_two_records_of_one_name() -> None:
    twin = credential(SysId("twin"), "MS Graph 1")._replace(profile=NO_RECORD)
    world = World(proofs=()).adding("credentials", twin).with_row("credentials", 1, profile=NO_RECORD)
    for record in (MS1, SysId("twin")):
        finding = world.found("credential.unique", record)
        assert (finding.status, finding.blocks) == (Status.WRONG, True)
    plan = world.planned()
    assert [write.record for write in plan.writes] == [MS2]
    assert not plan.sign_ins
    assert plan.blocked == ("MS Graph 1: 2 credentials are called MS Graph 1.", "No sign-in is asked for while that stands.")
    assert {world.row(record).detail for record in (MS1, SysId("twin"))} == {
        "Rooms default_profile · credential-1",
        "Rooms default_profile · twin",
    }


def test_a_name_asked_for_twice_is_one_row() -> None:
    world = World().aiming(credential_names=("MS Graph 1", "ms graph 1 ", "MS Graph 2"))
    assert [row.record for row in world.judged().rows if row.group is Group.CREDENTIAL] == [MS1, MS2]


# -- alias and connection ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"active": False}, Status.WRONG, "no active connections"),
        ({"active": None}, Status.CANNOT_TELL, "http_connection.active"),
        ({"alias": ALIAS2}, Status.WRONG, "no active connections"),
        ({"alias": None}, Status.CANNOT_TELL, "connection_alias"),
        ({"credential": MS2}, Status.WRONG, "another credential"),
        ({"credential": NO_RECORD}, Status.WRONG, "another credential, or none"),
        ({"credential": None}, Status.CANNOT_TELL, "http_connection.credential"),
        ({"url": None}, Status.CANNOT_TELL, "connection_url"),
        ({"url": ""}, Status.WRONG, "no address"),
        ({"url": "https://graph.microsoft.com.evil.example"}, Status.WRONG, "evil"),
        ({"url": " https://GRAPH.microsoft.com/ "}, Status.HOLDS, "reaches it"),
        ({"name": None}, Status.HOLDS, "connection-1"),
    ],
)
def test_connection(changes: dict[str, object], status: Status, words: str) -> None:
    finding = World().with_row("connections", **changes).found("credential.connection", MS1)
    assert finding.status is status
    assert words in finding.found


def test_two_active_connections() -> None:
    extra = Connection(SysId("extra"), "extra", True, "https://graph.microsoft.com", MS1, ALIAS1)
    assert "2 active" in World().adding("connections", extra).found("credential.connection", MS1).found
    assert World().adding("connections", extra._replace(active=False)).judged().holds


def test_alias_missing_or_unreadable() -> None:
    assert World().with_row("aliases", id="x").found("credential.connection", MS1).status is Status.WRONG
    assert World().refusing("aliases").found("credential.connection", MS1).status is Status.CANNOT_TELL
    refused = World().refusing("connections").found("credential.connection", MS1)
    assert refused.status is Status.CANNOT_TELL
    assert "connection_admin" in refused.remedy


def test_cloud_decides_the_graph_address() -> None:
    cloud = Cloud("US", ("https://login.microsoftonline.us",), "https://graph.microsoft.us")
    authority = f"https://login.microsoftonline.us/{TENANT}/oauth2/v2.0"
    world = (
        World().aiming(clouds=(cloud,)).with_row("registries", auth_url=f"{authority}/authorize", token_url=f"{authority}/token")
    )
    assert "graph.microsoft.us" in world.found("credential.connection", MS1).expected
    moved = world.with_row("connections", url="https://graph.microsoft.us").with_row(
        "connections", 1, url="https://graph.microsoft.us"
    )
    assert moved.found("credential.connection", MS1).status is Status.HOLDS


@pytest.mark.parametrize("cloud", CLOUDS, ids=lambda c: c.name)
def test_each_cloud_has_graph_addresses_of_its_own(cloud: Cloud) -> None:
    authority = f"{cloud.sign_in_origins[0]}/{TENANT}/oauth2/v2.0"
    here = World().with_row("registries", auth_url=f"{authority}/authorize", token_url=f"{authority}/token")
    for other in CLOUDS:
        for url in other.graph_urls:
            found = here.with_row("connections", url=f"{url}/").found("credential.connection", MS1)
            assert found.status is (Status.HOLDS if other is cloud else Status.WRONG)


def test_a_credential_of_another_name_is_found_through_its_connection() -> None:
    world = World().with_row("credentials", name="Calendar").aiming(credential_names=("Calendar", "MS Graph 2"))
    assert world.judged().holds
    lost = world.with_row("connections", active=False).found("credential.connection", MS1)
    assert (lost.status, lost.found) == (Status.WRONG, "No alias leads to it.")
    unknown = world.with_row("connections", alias=SysId("unknown")).found("credential.connection", MS1)
    assert unknown.status is Status.WRONG


# -- delegated users -----------------------------------------------------------------------------------------------------


def with_override(address: str) -> World:
    """A second provider with an alias and credential of its own, its profile not set."""
    world = World(proofs=())
    world = world.adding("providers", Provider(SysId("provider-2"), "Desks", True, "ms_graph", address, OWN_ALIAS))
    world = world.adding("aliases", Alias(OWN_ALIAS, "sn_ex_online_spke.Desks", "Desks", ALIAS1, multiple_connections=False))
    world = world.adding("connections", Connection(SysId("c-own"), "Desks", True, "https://graph.microsoft.com", OWN, OWN_ALIAS))
    return world.adding("credentials", credential(OWN, "Desks")._replace(profile=NO_RECORD))


def test_override_credential_of_the_delegated_user_is_checked_and_planned() -> None:
    world = with_override(UPN)
    assert world.row(OWN).title == "Desks"
    assert [w.record for w in world.planned().writes] == [OWN]
    assert [s.credential for s in world.planned().sign_ins] == [MS1, MS2, OWN]
    assert world.found("credential.connection", OWN).status is Status.HOLDS


def test_credentials_of_other_delegated_users_are_left_alone() -> None:
    world = with_override("svc-desks@juniperhall.example")
    assert world.judged().row_of(OWN) is None
    assert not world.planned().writes
    assert [s.credential for s in world.planned().sign_ins] == [MS1, MS2]


def test_a_credential_another_delegated_user_needs_is_not_touched() -> None:
    world = (
        with_override("svc-desks@juniperhall.example")
        .with_row("connections", 2, credential=MS1)
        .with_row("credentials", profile=NO_RECORD)
    )
    finding = world.found("credential.own", MS1)
    assert (finding.status, finding.blocks) == (Status.WRONG, True)
    assert not world.planned().writes
    assert not world.planned().sign_ins


def test_shared_override_alias_is_nobodys() -> None:
    world = with_override(MAIL).adding(
        "providers", Provider(SysId("provider-3"), "More", True, "ms_graph", "x@y.example", OWN_ALIAS)
    )
    assert world.judged().row_of(OWN) is None
    assert world.found("provider.alias", SysId("provider-2")).status is Status.WRONG


def test_own_is_never_said_from_absence() -> None:
    assert World().refusing("providers").found("credential.own").status is Status.NOT_APPLICABLE
    assert World().refusing("connections").found("credential.own").status is Status.CANNOT_TELL
    assert World().with_row("connections", 1, alias=None).found("credential.own").status is Status.CANNOT_TELL


def test_row_details() -> None:
    world = World().with_row("credentials", profile_name=None).with_row("credentials", 1, profile=NO_RECORD, profile_name="")
    assert world.row(MS1).detail == "oauth_2_0_credentials"
    assert world.row(MS2).detail == "no OAuth Entity Profile"
    assert World().row(MS1).detail == "Rooms default_profile"
    assert World().answering("tokens", Reading()).row(MS1).findings[3].expected != PROFILE


def test_names_differing_in_case_and_blanks_alone_are_one_name() -> None:
    world = World().adding("credentials", credential(SysId("twin"), " ms graph 1 "))
    assert world.found("credential.unique", MS1).status is Status.WRONG
