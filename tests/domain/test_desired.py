"""What is remembered of an instance that is right: everything a clone may take, and nothing secret."""

from __future__ import annotations

from dataclasses import asdict

from exoalias.domain.desired import Desired, alias_id, remember, scopes_on
from exoalias.domain.records import NO_RECORD, Connection, Reading, SysId
from tests.domain.build import ALIAS1, MS1, MS2, NOW, PROFILE, REGISTRY, UPN, World


def desired(world: World | None = None) -> Desired:
    """What is remembered of it."""
    world = world or World()
    state = remember(world.snapshot, world.target, (MS1, MS2), by_person=False)
    assert state is not None
    return state


def test_all_that_matters_is_there() -> None:
    state = desired()
    assert (state.at, state.by_person, state.sync_mode) == (NOW, False, "Strict")
    assert (state.registry.sys_id, state.registry.client_id) == (REGISTRY, World().snapshot.registries.rows[0].client_id)
    assert state.profile.sys_id == PROFILE
    assert state.profile.scopes == ("calendars.readwrite", "calendars.readwrite.shared", "offline_access")
    assert [(c.sys_id, c.active, c.integration_type) for c in state.credentials] == [(MS1, True, "system"), (MS2, True, "system")]
    assert [(c.name, c.alias_id) for c in state.connections] == [
        ("MS Graph 1", "sn_ex_online_spke.Microsoft_Exchange_Online"),
        ("MS Graph 2", "sn_ex_online_spke.Microsoft_Exchange_Online_clientCred"),
    ]
    tokens = state.credentials[0].tokens
    assert tokens is not None
    assert [(t.sys_id, t.kind) for t in tokens] == [(f"refresh_token-{MS1}", "refresh_token")]
    assert [p.name for p in state.providers] == ["Rooms"]


def test_only_what_is_ours_is_kept() -> None:
    world = World().adding("connections", Connection(SysId("c3"), "Slack", True, "https://slack.com", SysId("x"), SysId("y")))
    world = world.adding("providers", world.snapshot.providers.rows[0]._replace(sys_id=SysId("p2"), delegated_user="b@x.example"))
    assert [c.name for c in desired(world).connections] == ["MS Graph 1", "MS Graph 2"]
    assert [p.sys_id for p in desired(world).providers] == ["provider-1"]
    assert desired(World().aiming(delegated_user=None)).providers == ()
    assert desired(World().with_row("providers", active=False)).providers == ()
    assert remember(World().snapshot, World().target, (MS2,), by_person=True).credentials[0].sys_id == MS2  # type: ignore[union-attr] # it is one
    assert UPN not in str(asdict(desired().registry))


def test_what_could_not_be_read_stays_unknown() -> None:
    assert desired(World().refusing("tokens")).credentials[0].tokens is None
    assert desired(World().answering("tokens", Reading(asked=False))).credentials[0].tokens is None
    assert desired(World().refusing("profile_scopes")).profile.scopes is None
    world = World().with_row("profile_scopes", value=None)
    assert scopes_on(world.snapshot, world.target, PROFILE) is None
    assert alias_id(World().snapshot, SysId("elsewhere")) == ""
    assert alias_id(World().snapshot, ALIAS1) == "sn_ex_online_spke.Microsoft_Exchange_Online"


def test_without_a_profile_there_is_nothing_to_remember() -> None:
    world = World().aiming(profile=SysId("gone"))
    assert remember(world.snapshot, world.target, (MS1,), by_person=True) is None
    world = World().with_rows("registries").aiming(profile=PROFILE)
    assert remember(world.snapshot, world.target, (MS1,), by_person=True) is None
    assert NO_RECORD == ""
