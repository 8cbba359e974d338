"""The rules about the OAuth entity profile."""

from __future__ import annotations

from dataclasses import replace

import pytest

from exoalias.domain.checklist import Act, Status
from exoalias.domain.records import NO_RECORD, SysId
from exoalias.domain.target import CLOUDS, Cloud
from tests.domain.build import PROFILE, REGISTRY_NORMAL, TENANT, World


def test_perfect_profile() -> None:
    assert {f.status for f in World().row(PROFILE).findings} == {Status.HOLDS}


@pytest.mark.parametrize(
    ("own", "registry", "status", "words"),
    [
        ("client_credentials", "client_credentials", Status.WRONG, "no sign-in page would appear"),
        ("client_credentials", "authorization_code", Status.WRONG, "no sign-in page would appear"),
        ("authorization_code", "client_credentials", Status.WRONG, "its registry's is client_credentials"),
        ("authorization_code", "", Status.WRONG, "its registry's is empty"),
        ("authorization_code", None, Status.CANNOT_TELL, "can't be read"),
        ("password", "password", Status.WRONG, "It is password"),
        ("", "authorization_code", Status.WRONG, "empty"),
        (None, "authorization_code", Status.CANNOT_TELL, "grant_type"),
    ],
)
def test_grant(own: str | None, registry: str | None, status: Status, words: str) -> None:
    world = World().with_row("profiles", grant_type=own).with_row("registries", grant_type=registry)
    finding = world.found("profile.grant-type")
    assert (finding.status, finding.blocks) == (status, True)
    assert words in finding.found
    assert len(finding.sources) > 1


@pytest.mark.parametrize(("question", "code"), [("scopes", "profile.registry-scopes"), ("profile_scopes", "profile.scopes")])
def test_each_scope_is_needed(question: str, code: str) -> None:
    world = World()
    rows = getattr(world.snapshot, question).rows
    for missing, name in enumerate(("Calendars.ReadWrite", "Calendars.ReadWrite.Shared", "offline_access")):
        finding = world.with_rows(question, *(r for i, r in enumerate(rows) if i != missing)).found(code)
        assert (finding.status, finding.blocks) == (Status.WRONG, True)
        assert finding.found == f"Missing: {name}."
    unknown = world.with_row(question, 1, value=None).found(code)
    assert unknown.status is Status.CANNOT_TELL
    refused = world.refusing(question).found(code)
    assert refused.status is Status.CANNOT_TELL
    assert "oauth_admin" in refused.remedy


def test_scopes_of_others_do_not_count() -> None:
    world = World().with_row("scopes", 2, registry=REGISTRY_NORMAL)
    assert world.found("profile.registry-scopes").status is Status.WRONG
    assert World().with_row("scopes", 2, registry=None).found("profile.registry-scopes").status is Status.CANNOT_TELL
    assert World().with_row("profile_scopes", 2, profile=SysId("other")).found("profile.scopes").status is Status.WRONG
    assert World().with_row("profile_scopes", 2, profile=None).found("profile.scopes").status is Status.CANNOT_TELL


def test_scope_spellings() -> None:
    for value in (" OFFLINE_access ", "https://graph.microsoft.com/offline_access"):
        assert World().with_row("profile_scopes", 2, value=value).found("profile.scopes").status is Status.HOLDS
    for value in ("offline_accesss", "https://graph.example/offline_access", ""):
        assert World().with_row("profile_scopes", 2, value=value).found("profile.scopes").status is Status.WRONG


@pytest.mark.parametrize("cloud", CLOUDS, ids=lambda c: c.name)
def test_a_scope_counts_in_its_own_cloud_alone(cloud: Cloud) -> None:
    authority = f"{cloud.sign_in_origins[0]}/{TENANT}/oauth2/v2.0"
    here = World().with_row("registries", auth_url=f"{authority}/authorize", token_url=f"{authority}/token")
    for question in ("scopes", "profile_scopes"):
        here = here.with_row(question, 1, value="Calendars.ReadWrite.Shared")
    for question, code in (("scopes", "profile.registry-scopes"), ("profile_scopes", "profile.scopes")):
        for other in CLOUDS:
            for url in other.graph_urls:
                found = here.with_row(question, 0, value=f"{url}/calendars.readwrite").found(code)
                assert found.status is (Status.HOLDS if other is cloud else Status.WRONG)
                assert (f"Of another cloud than the registry's: {url}/calendars.readwrite" in found.found) == (other is not cloud)


def test_scopes_belong_to_the_same_registry() -> None:
    code = "profile.scopes-registry"
    wrong = World().with_row("profile_scopes", 0, registry=REGISTRY_NORMAL).found(code)
    assert (wrong.status, wrong.blocks) == (Status.WRONG, True)
    assert "Calendars.ReadWrite" in wrong.found
    assert World().with_row("profile_scopes", 0, registry=None).found(code).status is Status.CANNOT_TELL
    assert World().with_rows("profile_scopes").found(code).status is Status.NOT_APPLICABLE
    assert World().refusing("profile_scopes").found(code).status is Status.CANNOT_TELL
    nameless = World().with_row("profile_scopes", 0, registry=REGISTRY_NORMAL, value=None).found(code)
    assert "profile-scope-0" in nameless.found
    assert REGISTRY_NORMAL not in World().with_row("registries", name=None).found(code).found


def test_profile_that_is_not_there() -> None:
    finding = World().aiming(profile=SysId("gone")).found("profile.exists")
    assert (finding.status, finding.blocks) == (Status.WRONG, True)
    assert finding.action is not None
    assert finding.action.act is Act.CHOOSE_TARGET
    assert World().refusing("profiles").found("profile.exists").status is Status.CANNOT_TELL


def test_no_profile_row_while_none_is_chosen() -> None:
    world = World().aiming(profile=NO_RECORD, profile_name="").with_rows("registries")
    assert not [f for f in world.judged().findings if f.code.startswith("profile.")]


def test_profile_names() -> None:
    world = World().with_row("profiles", name=None)
    assert PROFILE in world.found("profile.exists").found
    assert world.row(PROFILE).title == PROFILE
    assert PROFILE in world.found("registry.chosen").found
    assert replace(world).found("credential.profile").expected == PROFILE
