"""What a clone takes away or brings, named one by one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from exoalias.domain.changes import Change, Nature, Part, changes, likeness, same_application, tenant_of
from exoalias.domain.records import NO_RECORD, Alias, SysId
from tests.domain.build import ALIAS1, MS1, MS2, NORMAL, NOW, ORIGIN, PROFILE, REGISTRY, REGISTRY_NORMAL, TENANT, World, token

if TYPE_CHECKING:
    from exoalias.domain.desired import Desired

OTHER = "https://juniperprod.service-now.com/oauth_redirect.do"
RIGHT = World().remembering()


def desired(world: World = RIGHT) -> Desired:
    """What it remembers."""
    assert world.target.desired is not None
    return world.target.desired


def found(world: World, *fresh: SysId) -> tuple[Change, ...]:
    """What changed."""
    return changes(desired(), world.snapshot, world.target, fresh)


def said(world: World, part: Part, nature: Nature = Nature.CHANGED) -> str:
    """The words of the only change, which is of that part and nature."""
    (change,) = found(world)
    assert (change.part, change.nature) == (part, nature)
    return change.says


def test_nothing_changed() -> None:
    assert found(RIGHT) == ()
    assert likeness(()) is None


# -- registry and profile ------------------------------------------------------------------------------------------------


def test_the_redirect_of_the_source() -> None:
    world = RIGHT.with_row("registries", redirect_url=OTHER)
    (change,) = found(world)
    assert (change.part, change.record, change.decide) == (Part.REGISTRY, REGISTRY, False)
    assert change.host == "juniperprod.service-now.com"
    assert change.says == f"The redirect address was {ORIGIN}/oauth_redirect.do, and is {OTHER} now."
    like = likeness((change,))
    assert like is not None
    assert like.source == "juniperprod.service-now.com"


@pytest.mark.parametrize("address", ["", "https://x.example/elsewhere"])
def test_a_redirect_that_names_no_instance(address: str) -> None:
    (change,) = found(RIGHT.with_row("registries", redirect_url=address))
    assert change.host == ""


@pytest.mark.parametrize(
    ("field", "value", "words", "decide"),
    [
        ("client_id", "d1", "The client id was ", True),
        (
            "auth_url",
            "https://login.microsoftonline.com/other/oauth2/v2.0/authorize",
            f"The tenant was {TENANT}, and is other",
            True,
        ),
        ("auth_url", f"https://login.microsoftonline.us/{TENANT}/oauth2/v2.0/authorize", "The authorization address was", False),
        ("token_url", "https://x.example/", "The token address was", False),
        ("name", "Rooms 2", "The name was Rooms, and is Rooms 2 now.", False),
        ("grant_type", "client_credentials", "The default grant type was authorization_code", False),
    ],
)
def test_another_registry_under_the_same_id(field: str, value: str, words: str, decide: bool) -> None:
    (change,) = found(RIGHT.with_row("registries", **{field: value}))
    assert change.says.startswith(words)
    assert change.decide is decide


def test_columns_not_returned_are_no_change() -> None:
    unread: dict[str, Any] = dict.fromkeys(("client_id", "auth_url", "token_url", "redirect_url", "name", "grant_type"))
    assert found(RIGHT.with_row("registries", **unread)) == ()
    for question in (
        "registries",
        "profiles",
        "credentials",
        "connections",
        "providers",
        "tokens",
        "profile_scopes",
        "sync_mode",
    ):
        assert found(RIGHT.refusing(question)) == ()


def test_a_registry_made_anew_or_gone() -> None:
    rows = RIGHT.snapshot.registries.rows
    anew = rows[0]._replace(sys_id=SysId("new"), name=" ROOMS ", client_id="other")
    first, *rest = found(RIGHT.with_rows("registries", anew, rows[1]))
    assert (first.nature, first.says) == (Nature.MADE_ANEW, "Rooms is there under another id.")
    assert [c.decide for c in rest] == [True]
    assert said(RIGHT.with_rows("registries", rows[1]), Part.REGISTRY, Nature.GONE) == "Rooms is gone."
    nameless = replace(desired(), registry=replace(desired().registry, name=None))
    (gone,) = changes(nameless, RIGHT.with_rows("registries", rows[1]).snapshot, RIGHT.target)
    assert gone.says == f"{REGISTRY} is gone."


def test_the_profile() -> None:
    rows = RIGHT.snapshot.profiles.rows
    first, *_ = found(RIGHT.with_rows("profiles", rows[0]._replace(sys_id=SysId("new")), rows[1]))
    assert (first.part, first.nature) == (Part.PROFILE, Nature.MADE_ANEW)
    (gone,) = found(RIGHT.with_rows("profiles", rows[1]))
    assert (gone.nature, gone.says) == (Nature.GONE, "Rooms default_profile is gone.")
    assert "is client_credentials now" in said(RIGHT.with_row("profiles", grant_type="client_credentials"), Part.PROFILE)
    world = RIGHT.with_rows("profile_scopes", *RIGHT.snapshot.profile_scopes.rows[1:])
    assert said(world, Part.PROFILE) == "Scopes no longer on it: calendars.readwrite."
    more = RIGHT.snapshot.profile_scopes.rows[0]._replace(sys_id=SysId("more"), value="User.Read")
    assert found(RIGHT.adding("profile_scopes", more)) == ()


def test_the_profile_of_another_registry() -> None:
    twin = RIGHT.snapshot.registries.rows[0]._replace(sys_id=SysId("twin"))
    world = RIGHT.adding("registries", twin).with_row("profiles", registry=SysId("twin"))
    assert not found(world)[0].decide
    other = RIGHT.adding("registries", twin._replace(client_id="other")).with_row("profiles", registry=SysId("twin"))
    assert found(other)[0].decide
    assert found(other)[0].says == "Its registry was Rooms, and is Rooms now, another application."
    lost = found(RIGHT.with_row("profiles", registry=NO_RECORD))[0]
    assert (lost.decide, lost.says) == (True, "Its registry was Rooms, and is none now, another application.")
    unnamed = replace(desired(), registry=replace(desired().registry, name=None))
    (change,) = changes(unnamed, RIGHT.with_row("profiles", registry=REGISTRY_NORMAL).snapshot, RIGHT.target)
    assert change.says.startswith(f"Its registry was {REGISTRY}, and is Microsoft Exchange Online now")


# -- credentials, connections, tokens ------------------------------------------------------------------------------------


def test_credentials() -> None:
    assert said(RIGHT.with_row("credentials", name="MS Graph 1 prod"), Part.CREDENTIAL) == (
        "MS Graph 1 is called MS Graph 1 prod now."
    )
    assert said(RIGHT.with_row("credentials", name=""), Part.CREDENTIAL) == "MS Graph 1 is called nothing now."
    assert said(RIGHT.with_row("credentials", active=False), Part.CREDENTIAL) == "MS Graph 1 is not active any more."
    assert "Integration Type of MS Graph 1" in said(RIGHT.with_row("credentials", integration_type="personal"), Part.CREDENTIAL)
    empty = RIGHT.with_row("credentials", profile=NO_RECORD, profile_name="")
    assert said(empty, Part.CREDENTIAL) == "MS Graph 1 carries no OAuth Entity Profile now."
    other = RIGHT.with_row("credentials", profile=NORMAL, profile_name="Normal")
    assert said(other, Part.CREDENTIAL) == "MS Graph 1 carries Normal now."


def test_credentials_made_anew_or_gone() -> None:
    first, second = RIGHT.snapshot.credentials.rows
    world = RIGHT.with_rows("credentials", first._replace(sys_id=SysId("new")), second)
    assert said(world, Part.CREDENTIAL, Nature.MADE_ANEW) == "MS Graph 1 is there under another id."
    assert said(RIGHT.with_rows("credentials", second), Part.CREDENTIAL, Nature.GONE) == "MS Graph 1 is gone."


def test_tokens() -> None:
    rows = RIGHT.snapshot.tokens.rows
    lost = RIGHT.with_rows("tokens", *(t for t in rows if t.credential != MS1))
    assert said(lost, Part.TOKEN, Nature.GONE) == "The token of MS Graph 1 is gone."
    theirs = RIGHT.with_rows("tokens", token(MS1)._replace(sys_id=SysId("theirs")), *rows[2:])
    assert said(theirs, Part.TOKEN, Nature.MADE_ANEW) == "The token of MS Graph 1 is another record."
    assert found(lost, MS1) == ()  # signed in for since: that token is known
    assert found(RIGHT.with_row("tokens", mod_count=9)) == ()  # renewed by the platform
    untold = replace(desired(), credentials=tuple(replace(c, tokens=None) for c in desired().credentials))
    assert changes(untold, lost.snapshot, lost.target) == ()


def test_connections() -> None:
    assert (
        said(RIGHT.with_row("connections", active=False), Part.CONNECTION) == "The connection MS Graph 1 is not active any more."
    )
    assert "is https://graph.example now" in said(RIGHT.with_row("connections", url="https://graph.example"), Part.CONNECTION)
    assert "another credential" in said(RIGHT.with_row("connections", credential=NO_RECORD), Part.CONNECTION)
    moved = said(RIGHT.with_row("connections", alias=SysId("elsewhere")), Part.CONNECTION)
    assert moved.endswith("belonged to the alias sn_ex_online_spke.Microsoft_Exchange_Online, and belongs to elsewhere now.")
    assert said(RIGHT.with_row("connections", alias=NO_RECORD), Part.CONNECTION).endswith("belongs to none now.")


def test_connections_gone() -> None:
    first, second = RIGHT.snapshot.connections.rows
    alone = RIGHT.with_rows("connections", second)
    alias = "sn_ex_online_spke.Microsoft_Exchange_Online"
    assert said(alone, Part.CONNECTION, Nature.GONE) == f"The connection MS Graph 1 is gone; the alias {alias} has none now."
    bare = alone.with_rows("aliases", RIGHT.snapshot.aliases.rows[1])
    assert said(bare, Part.CONNECTION, Nature.GONE) == f"The connection MS Graph 1 is gone; so is its alias {alias}."
    anew = RIGHT.with_rows("connections", first._replace(sys_id=SysId("new"), name="Graph"), second)
    assert said(anew, Part.CONNECTION, Nature.MADE_ANEW).endswith(f"the alias {alias} has Graph instead.")
    unnamed = replace(desired(), connections=tuple(replace(c, name=None, alias_id="") for c in desired().connections))
    (change,) = changes(unnamed, alone.snapshot, alone.target)
    assert change.says == f"The connection connection-1 is gone; the alias {ALIAS1} has none now."
    nowhere = replace(unnamed, connections=tuple(replace(c, alias=None) for c in unnamed.connections))
    assert "no alias" in changes(nowhere, alone.refusing("aliases").snapshot, alone.target)[0].says
    assert isinstance(RIGHT.snapshot.aliases.rows[0], Alias)


# -- property and provider -----------------------------------------------------------------------------------------------


def test_settings() -> None:
    assert said(RIGHT.with_rows("sync_mode", "Normal"), Part.SETTING) == "The integration mode was Strict, and is Normal now."
    assert said(RIGHT.with_rows("providers"), Part.SETTING, Nature.GONE) == "The calendar provider Rooms is gone."
    assert said(RIGHT.with_row("providers", active=False), Part.SETTING) == "The calendar provider Rooms is not active any more."
    assert said(RIGHT.with_row("providers", delegated_user="p@x.example"), Part.SETTING).endswith("and is p@x.example now.")
    nameless = replace(desired(), providers=tuple(replace(p, name=None) for p in desired().providers))
    (change,) = changes(nameless, RIGHT.with_rows("providers").snapshot, RIGHT.target)
    assert change.says == "The calendar provider provider-1 is gone."


# -- is it a clone? ------------------------------------------------------------------------------------------------------


def test_several_records_lost_at_once_look_like_a_clone() -> None:
    lost = RIGHT.with_rows("tokens")
    like = likeness(found(lost))
    assert like is not None
    assert (like.source, like.why) == ("", "2 records are gone or were replaced at once")
    assert likeness(found(RIGHT.with_rows("tokens"), MS1)) is None
    assert likeness(found(RIGHT.with_row("credentials", name="x").with_row("credentials", 1, name="y"))) is None


def test_same_application() -> None:
    registry = RIGHT.snapshot.registries.rows[0]
    assert same_application(desired(), registry)
    assert same_application(desired(), registry._replace(client_id=(registry.client_id or "").upper()))
    assert not same_application(desired(), registry._replace(client_id="other"))
    assert not same_application(desired(), registry._replace(auth_url=None))


@pytest.mark.parametrize(
    ("address", "tenant"),
    [(None, ""), ("", ""), ("https://h/T-1/oauth2/v2.0/authorize", "t-1"), ("https://h", ""), ("nonsense", "nonsense")],
)
def test_tenant_of(address: str | None, tenant: str) -> None:
    assert tenant_of(address) == tenant


def test_it_does_not_matter_where_the_records_stand() -> None:
    back = replace(RIGHT, now=NOW).with_rows("credentials", *reversed(RIGHT.snapshot.credentials.rows))
    assert found(back) == ()
    assert {MS1, MS2} == {c.sys_id for c in desired().credentials}
    assert desired().profile.sys_id == PROFILE
