"""The rules about the application registry."""

from __future__ import annotations

from dataclasses import replace

import pytest

from exoalias.domain.checklist import Act, Status
from exoalias.domain.records import NO_RECORD, Reading, SysId
from exoalias.domain.target import CLOUDS, Cloud
from tests.domain.build import NORMAL, ORIGIN, PROFILE, REGISTRY, REGISTRY_NORMAL, TENANT, World, registry

HOST = "https://login.microsoftonline.com"


def statuses(world: World) -> dict[str, Status]:
    """The registry row's findings by code."""
    return {f.code: f.status for f in world.row(REGISTRY).findings}


def test_perfect_registry() -> None:
    assert set(statuses(World()).values()) == {Status.HOLDS}


@pytest.mark.parametrize(
    ("column", "value", "code", "status", "words"),
    [
        ("active", False, "registry.active", Status.WRONG, "not active"),
        ("active", None, "registry.active", Status.CANNOT_TELL, "oauth_entity.active"),
        ("auth_url", None, "registry.auth-url", Status.CANNOT_TELL, "oauth_entity.auth_url"),
        ("token_url", None, "registry.token-url", Status.CANNOT_TELL, "oauth_entity.token_url"),
        ("auth_url", "", "registry.auth-url", Status.WRONG, "empty"),
        ("token_url", f"{HOST}/{TENANT}/oauth2/v2.0/token >", "registry.token-url", Status.WRONG, "misprint"),
        ("token_url", f"{HOST}/<tenant_id>/oauth2/v2.0/token", "registry.token-url", Status.WRONG, "<tenant_id>"),
        ("auth_url", f"{HOST}/{TENANT}/oauth2/authorize", "registry.auth-url", Status.WRONG, "v1"),
        ("auth_url", f"https://login.microsoftonline.com.evil.example/{TENANT}/oauth2/v2.0/authorize", "registry.auth-url",
         Status.WRONG, "known cloud"),
        ("auth_url", f"{HOST}/{TENANT}/oauth2/v2.0/authorize?prompt=login", "registry.auth-url", Status.ADVICE, "query"),
        ("redirect_url", None, "registry.redirect", Status.CANNOT_TELL, "redirect_url"),
        ("redirect_url", "", "registry.redirect", Status.WRONG, "empty"),
        ("redirect_url", "https://other.service-now.com/oauth_redirect.do", "registry.redirect", Status.WRONG, "clone"),
        ("redirect_url", f"{ORIGIN}/oauth_redirect.do?x", "registry.redirect", Status.WRONG, "oauth_redirect.do?x"),
        ("redirect_url", f"{ORIGIN.upper()}/oauth_redirect.do", "registry.redirect", Status.HOLDS, "redirect"),
        ("grant_type", None, "registry.grant-type", Status.CANNOT_TELL, "default_grant_type"),
        ("grant_type", "", "registry.grant-type", Status.WRONG, "empty"),
        ("grant_type", "client_credentials", "registry.grant-type", Status.WRONG, "client_credentials"),
        ("client_id", None, "registry.client-id", Status.CANNOT_TELL, "client_id"),
        ("client_id", "my app", "registry.client-id", Status.WRONG, "my app"),
        ("client_id", "", "registry.client-id", Status.WRONG, "empty"),
        ("refresh_token_lifespan_s", 8_640_000, "registry.refresh-lifespan", Status.ADVICE, "100 days"),
        ("refresh_token_lifespan_s", 7_776_001, "registry.refresh-lifespan", Status.ADVICE, "90 days"),
        ("refresh_token_lifespan_s", None, "registry.refresh-lifespan", Status.CANNOT_TELL, "refresh_token_lifespan"),
    ],
)  # fmt: skip
def test_columns(column: str, value: object, code: str, status: Status, words: str) -> None:
    finding = World().with_row("registries", **{column: value}).found(code, REGISTRY)
    assert finding.status is status
    assert words in finding.found


BLOCKING = [
    ("active", False),
    ("auth_url", None),
    ("auth_url", "x"),
    ("token_url", None),
    ("token_url", f"{HOST}/{TENANT}/oauth2/v2.0/token >"),
    ("redirect_url", None),
    ("redirect_url", "https://other.service-now.com/oauth_redirect.do"),
    ("grant_type", "client_credentials"),
    ("client_id", "x"),
]


@pytest.mark.parametrize(("column", "value"), BLOCKING)
def test_defects_block_everything(column: str, value: object) -> None:
    world = World(proofs=()).with_row("credentials", profile=NO_RECORD).with_row("registries", **{column: value})
    plan = world.planned()
    assert not plan.writes
    assert not plan.sign_ins
    assert plan.blocked


@pytest.mark.parametrize(
    ("first", "second", "status", "blocks"),
    [
        (TENANT, TENANT.upper(), Status.HOLDS, False),
        (TENANT, "9d0a1f44-0d8b-4f4e-8e43-6f2b1c0d9e55", Status.WRONG, True),
        ("common", "common", Status.WRONG, True),
        ("organizations", "organizations", Status.WRONG, True),
        ("juniperhall.example", "juniperhall.example", Status.ADVICE, False),
        ("<tenant_id>", TENANT, Status.CANNOT_TELL, False),
    ],
)
def test_tenant(first: str, second: str, status: Status, blocks: bool) -> None:
    world = World().with_row(
        "registries", auth_url=f"{HOST}/{first}/oauth2/v2.0/authorize", token_url=f"{HOST}/{second}/oauth2/v2.0/token"
    )
    finding = world.found("registry.tenant")
    assert (finding.status, finding.blocks) == (status, blocks)


def test_simulated_cloud() -> None:
    origin = "http://localhost:41555"
    world = World().with_row(
        "registries", auth_url=f"{origin}/{TENANT}/oauth2/v2.0/authorize", token_url=f"{origin}/{TENANT}/oauth2/v2.0/token"
    )
    assert world.found("registry.auth-url").status is Status.WRONG
    assert world.aiming(clouds=(*CLOUDS, Cloud("Simulated", (origin,)))).judged().holds
    assert world.aiming(clouds=()).found("registry.auth-url").expected.startswith(HOST)


# -- which one is meant --------------------------------------------------------------------------------------------------


def test_the_only_candidate_is_taken() -> None:
    world = World().aiming(profile=NO_RECORD)
    finding = world.found("registry.chosen")
    assert finding.status is Status.HOLDS
    assert "only one that fits" in finding.found
    assert world.judged().holds


def test_among_too_many_none_is_taken() -> None:
    world = World().aiming(profile=NO_RECORD)
    unread = frozenset(SysId(f"unread-{n}") for n in range(7))
    finding = replace(world, snapshot=replace(world.snapshot, unread_profiles=unread)).found("registry.chosen")
    assert (finding.status, finding.blocks) == (Status.CANNOT_TELL, True)
    assert "7 more profiles at a Microsoft sign-in that were not read" in finding.found
    assert finding.action is not None
    assert finding.action.act is Act.CHOOSE_TARGET


def test_two_candidates_are_offered() -> None:
    world = twins()
    finding = world.found("registry.chosen")
    assert finding.status is Status.NEEDS_YOU
    assert finding.found.startswith("2 profiles fit")
    assert world.judged().next.act is Act.CHOOSE_TARGET
    assert not world.planned().steps
    assert world.planned().blocked


def test_of_two_the_one_that_was_right_is_taken() -> None:
    finding = twins().aiming(desired=World().remembering().target.desired).found("registry.chosen")
    assert finding.status is Status.HOLDS
    assert "the one of several that fit that was right before" in finding.found
    assert "was the one when all last held" in finding.found


def twins() -> World:
    """Two profiles that fit equally well, and none chosen."""
    world = World().aiming(profile=NO_RECORD)
    twin = world.snapshot.profiles.rows[0]._replace(sys_id=SysId("twin"), registry=SysId("registry-twin"), name=None)
    world = world.adding("profiles", twin).adding("registries", registry()._replace(sys_id=SysId("registry-twin")))
    world = world.adding("scopes", *(s._replace(registry=SysId("registry-twin")) for s in world.snapshot.scopes.rows))
    return world.adding("profile_scopes", *(s._replace(profile=SysId("twin")) for s in world.snapshot.profile_scopes.rows))


def test_none_fits() -> None:
    world = World().aiming(profile=NO_RECORD).with_row("registries", auth_url="https://accounts.google.com/o/oauth2/v2/auth")
    assert "No profile fits; the nearest" in world.found("registry.chosen").found
    many = [world.snapshot.profiles.rows[1]._replace(sys_id=SysId(f"p{i}")) for i in range(8)]
    assert "and 5 more" in world.adding("profiles", *many).found("registry.chosen").found
    assert "was found" in world.with_rows("profiles").found("registry.chosen").found


def test_chosen_profile_is_gone() -> None:
    world = World().aiming(profile=SysId("gone"), profile_name="Old one")
    finding = world.found("registry.chosen")
    assert (finding.status, finding.blocks) == (Status.NEEDS_YOU, True)
    assert "Old one" in finding.found
    assert "gone" in World().aiming(profile=SysId("gone"), profile_name="").found("registry.chosen").found


def test_registry_of_the_chosen_profile_is_hidden() -> None:
    world = World().with_row("profiles", registry=None)
    assert world.found("registry.chosen").status is Status.CANNOT_TELL
    assert world.row(PROFILE).status is Status.CANNOT_TELL


@pytest.mark.parametrize("question", ["profiles", "registries"])
def test_unreadable(question: str) -> None:
    world = World().refusing(question)
    finding = world.found("registry.chosen")
    assert (finding.status, finding.blocks) == (Status.CANNOT_TELL, True)
    assert "oauth_admin" in finding.remedy


def test_normal_registry_chosen_by_hand_is_refused() -> None:
    world = World().aiming(profile=NORMAL)
    found = {f.code: f.status for f in world.row(REGISTRY_NORMAL).findings}
    assert found["registry.grant-type"] is Status.WRONG
    assert world.answering("scopes", Reading()).planned().blocked
    nameless = world.with_row("profiles", 1, name=None).with_row("registries", 1, name=None)
    assert nameless.row(REGISTRY_NORMAL).title == REGISTRY_NORMAL
    assert nameless.row(NORMAL).title == NORMAL
