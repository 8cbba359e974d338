"""Which profile is meant: one unmistakable candidate is preselected, even with one defect; two never are."""

from __future__ import annotations

from dataclasses import replace

import pytest

from exoalias.domain.candidates import bare_scope, choose, clouds_of, missing_scopes, preselected, rank
from exoalias.domain.records import NO_RECORD, EntityProfile, ProfileScope, Reading, Registry, Scope, SysId
from exoalias.domain.target import CLOUDS, Cloud
from tests.domain.build import NORMAL, PROFILE, REGISTRY, SCOPES, TENANT, World, registry

HOST = "https://login.microsoftonline.com"
PERSONAL = registry()._replace(sys_id=SysId("registry-personal"), name="Microsoft Exchange Online_personalAuth")
GOOGLE = registry()._replace(
    sys_id=SysId("registry-google"), name="Google", auth_url="https://accounts.google.com/o/oauth2/v2/auth"
)


def unchosen() -> World:
    """A person who has not chosen; no credential carries a profile yet."""
    world = World().aiming(profile=NO_RECORD, profile_name="")
    return world.with_row("credentials", profile=NO_RECORD).with_row("credentials", 1, profile=NO_RECORD)


def beside(world: World, other: Registry, grant: str = "authorization_code") -> World:
    """The same with another registry and its default profile, with all three scopes."""
    name, key = other.name or "", other.sys_id
    profile = EntityProfile(SysId(f"{key}-profile"), f"{name} default_profile", grant, key, True, None)
    world = world.adding("registries", other).adding("profiles", profile)
    world = world.adding("scopes", *(Scope(SysId(f"{key}-{i}"), v, key) for i, v in enumerate(SCOPES)))
    extra = (ProfileScope(SysId(f"{key}-p{i}"), profile.sys_id, SysId(f"{key}-{i}"), v, key) for i, v in enumerate(SCOPES))
    return world.adding("profile_scopes", *extra)


def picked(world: World) -> SysId | None:
    """The preselected profile's id."""
    best = preselected(rank(world.snapshot, world.target))
    return best.profile.sys_id if best else None


def test_the_strict_one_comes_first_with_reasons() -> None:
    ranked = rank(unchosen().snapshot, unchosen().target)
    assert [c.profile.sys_id for c in ranked] == [PROFILE, NORMAL]
    assert [c.eligible for c in ranked] == [True, False]
    assert ranked[0].score > ranked[1].score
    assert "has the three calendar scopes" in ranked[0].reasons
    assert "redirects to this instance" in ranked[0].reasons
    assert any("client_credentials" in reason for reason in ranked[1].reasons)


@pytest.mark.parametrize(
    ("question", "index", "changes"),
    [
        ("profiles", 0, {"grant_type": "client_credentials"}),
        ("registries", 0, {"grant_type": "client_credentials"}),
        ("registries", 0, {"token_url": f"{HOST}/<tenant_id>/oauth2/v2.0/token >"}),
        ("registries", 0, {"auth_url": f" {HOST}/{TENANT}/oauth2/v2.0/authorize >"}),
        ("registries", 0, {"auth_url": f"login.microsoftonline.com/{TENANT}"}),
        ("registries", 0, {"redirect_url": "https://other.service-now.com/oauth_redirect.do"}),
        ("registries", 0, {"active": False}),
        ("profile_scopes", 2, {"value": "User.Read"}),
        ("scopes", 0, {"value": "User.Read"}),
    ],
)
def test_one_defect_does_not_hide_it(question: str, index: int, changes: dict[str, object]) -> None:
    world = unchosen().with_row(question, index, **changes)
    assert picked(world) == PROFILE
    assert not world.judged().holds


def test_two_defects_do() -> None:
    world = unchosen().with_row("profiles", grant_type="client_credentials").with_row("registries", active=False)
    assert picked(world) is None
    assert picked(unchosen().with_row("registries", grant_type="x").with_row("profiles", grant_type="")) is None


@pytest.mark.parametrize(
    "address",
    [
        "https://accounts.google.com/o/oauth2/v2/auth",
        f"https://evil.example/{HOST}",
        "https://login.microsoftonline.com.evil.example/",
        "",
    ],
)
def test_other_hosts_are_never_eligible(address: str) -> None:
    assert picked(unchosen().with_row("registries", auth_url=address)) is None


def test_unreadable_columns_are_no_defects_but_the_host_is_needed() -> None:
    assert picked(unchosen().with_row("registries", auth_url=None)) is None
    assert picked(unchosen().with_row("registries", redirect_url=None, grant_type=None, active=None)) == PROFILE
    assert picked(unchosen().with_row("profiles", grant_type=None)) == PROFILE


def test_personal_and_google_are_no_candidates() -> None:
    world = beside(beside(unchosen(), PERSONAL), GOOGLE)
    assert picked(world) == PROFILE
    assert [c.eligible for c in rank(world.snapshot, world.target)].count(True) == 1


def test_two_plausible_ones_are_left_to_the_person() -> None:
    twin = registry()._replace(sys_id=SysId("registry-twin"), name="Another")
    assert picked(beside(unchosen(), twin)) is None
    assert picked(beside(unchosen(), twin).with_row("credentials", profile=PROFILE)) is None
    assert picked(beside(unchosen(), twin._replace(active=False))) is None


def test_of_two_profiles_of_one_registry_the_better_one_is_meant() -> None:
    world = unchosen()
    second = world.snapshot.profiles.rows[0]._replace(sys_id=SysId("second"), grant_type="client_credentials", is_default=False)
    scopes = [s._replace(profile=SysId("second")) for s in world.snapshot.profile_scopes.rows]
    world = world.adding("profiles", second).adding("profile_scopes", *scopes)
    assert picked(world) == PROFILE
    assert picked(world.with_row("profiles", 2, grant_type="authorization_code")) is None


def test_without_scopes_others_may_fit_too() -> None:
    twin = registry()._replace(sys_id=SysId("registry-mail"), name="Mail")
    world = beside(unchosen(), twin).with_row("scopes", 3, value="Mail.Send").with_row("scopes", 4, value="Mail.Read")
    assert picked(world) == PROFILE
    assert picked(world.refusing("scopes")) is None


def test_carried_by_the_credentials_counts() -> None:
    before = rank(unchosen().snapshot, unchosen().target)[0]
    after = rank(unchosen().with_row("credentials", profile=PROFILE).snapshot, unchosen().target)[0]
    assert after.score == before.score + 2
    assert "is already on MS Graph 1" in after.reasons


def test_of_an_unread_one_nothing_is_said() -> None:
    world = replace(unchosen(), snapshot=replace(unchosen().snapshot, unread_profiles=frozenset({PROFILE})))
    unread = next(c for c in rank(world.snapshot, world.target) if c.profile.sys_id == PROFILE)
    assert not unread.eligible
    assert "its scopes were not read: there are too many profiles" in unread.reasons
    assert not any(reason.startswith("lacks") for reason in unread.reasons)
    assert picked(world) is None


def test_nothing_to_rank() -> None:
    assert rank(World().refusing("profiles").snapshot, World().target) == ()
    assert rank(World().refusing("registries").snapshot, World().target) == ()
    assert preselected(()) is None


def test_choice_of_the_person_stands() -> None:
    world = World().aiming(profile=NORMAL)
    chosen = choose(world.snapshot, world.target)
    assert (chosen.profile and chosen.profile.sys_id, chosen.by_person) == (NORMAL, True)
    gone = choose(world.snapshot, replace(world.target, profile=SysId("gone")))
    assert (gone.profile, gone.registry, gone.by_person) == (None, None, True)
    own = choose(unchosen().snapshot, unchosen().target)
    assert (own.registry and own.registry.sys_id, own.by_person) == (REGISTRY, False)
    none = choose(replace(unchosen().snapshot, profiles=Reading()), unchosen().target)
    assert (none.profile, none.by_person) == (None, False)


def test_simulated_host() -> None:
    origin = "http://localhost:40123"
    world = unchosen().with_row("registries", auth_url=f"{origin}/{TENANT}/oauth2/v2.0/authorize", token_url=f"{origin}/x")
    assert picked(world) is None
    assert picked(world.aiming(clouds=(*CLOUDS, Cloud("Simulated", (origin,))))) == PROFILE


@pytest.mark.parametrize(
    ("value", "bare"),
    [
        ("https://graph.microsoft.com/Calendars.ReadWrite", "calendars.readwrite"),
        ("HTTPS://graph.microsoft.us/offline_access", "offline_access"),
        (" openid ", "openid"),
        ("https://graph.example/Calendars.ReadWrite", "https://graph.example/calendars.readwrite"),
    ],
)
def test_bare_scopes(value: str, bare: str) -> None:
    assert bare_scope(value, CLOUDS) == bare


def test_the_cloud_is_told_by_the_registry() -> None:
    registry = World().snapshot.registries.rows[0]
    assert [cloud.name for cloud in clouds_of(registry, CLOUDS)] == ["Global"]
    assert clouds_of(registry._replace(auth_url="https://login.microsoftonline.us/t"), CLOUDS) == (CLOUDS[1],)
    for unknown in (None, registry._replace(auth_url=None), registry._replace(auth_url="https://idp.example/t")):
        assert clouds_of(unknown, CLOUDS) == CLOUDS
    assert missing_scopes(["https://graph.microsoft.us/Calendars.ReadWrite"], (CLOUDS[0],))[0] == "Calendars.ReadWrite"


def test_missing_scopes() -> None:
    assert missing_scopes(SCOPES, CLOUDS) == ()
    assert missing_scopes((None, "", "offline_access"), iter(CLOUDS)) == ("Calendars.ReadWrite", "Calendars.ReadWrite.Shared")
