"""What can be put back after a clone: only what was right, and only on the record that was right."""

from __future__ import annotations

from dataclasses import replace

import pytest

from exoalias.domain.candidates import choose
from exoalias.domain.plan import SetField
from exoalias.domain.records import NO_RECORD, SysId
from exoalias.domain.repairs import mended, repairs
from exoalias.domain.target import Cloud
from tests.domain.build import MS1, NOW, ORIGIN, REGISTRY, World

OTHER = "https://juniperprod.service-now.com/oauth_redirect.do"
RIGHT = World().remembering()


def repairs_of(world: World) -> tuple[SetField, ...]:
    """The repairs, by the registry of the profile that is chosen."""
    return repairs(world.snapshot, world.target, choose(world.snapshot, world.target).registry)


def of(world: World) -> list[tuple[str, str, str, str]]:
    """Record, field, before and after of each repair."""
    return [(s.record, s.field, s.before, s.after) for s in repairs_of(world)]


def test_nothing_to_repair() -> None:
    assert of(RIGHT) == []
    assert of(World().with_row("registries", redirect_url=OTHER)) == []  # nothing is remembered
    moved = RIGHT.with_row("registries", redirect_url=OTHER)
    assert of(replace(moved, snapshot=replace(moved.snapshot, origin="https://elsewhere.example"))) == []


def test_the_redirect_goes_back() -> None:
    world = RIGHT.with_row("registries", redirect_url=OTHER, mod_count=4, updated_on=NOW, scope="global")
    assert of(world) == [(REGISTRY, "redirect_url", OTHER, f"{ORIGIN}/oauth_redirect.do")]
    (step,) = repairs_of(world)
    assert (step.table, step.record_name, step.mod_count, step.updated_on, step.scope) == (
        "oauth_entity",
        "Rooms",
        4,
        NOW,
        "global",
    )
    assert step.repair


@pytest.mark.parametrize(
    "changed",
    [
        {"client_id": "other"},
        {"auth_url": "https://login.microsoftonline.com/other/oauth2/v2.0/authorize"},
        {"redirect_url": None},
        {"redirect_url": "https://h.example/oauth_redirect.do?x=<y>"},  # could not be put back as it was
        {"sys_id": SysId("another")},
    ],
)
def test_the_redirect_of_another_application_is_left_alone(changed: dict[str, str | None]) -> None:
    world = RIGHT.with_row("registries", **({"redirect_url": OTHER} | changed))
    assert of(world) == []


def test_a_redirect_that_never_was_ours_is_left_alone() -> None:
    wrong = World().with_row("registries", redirect_url="https://third.example/oauth_redirect.do").remembering(by_person=True)
    assert of(wrong.with_row("registries", redirect_url=OTHER)) == []


def test_credentials_get_their_name_and_are_active_again() -> None:
    world = RIGHT.with_row("credentials", name="MS Graph 1 (production)", active=False)
    assert of(world) == [(MS1, "name", "MS Graph 1 (production)", "MS Graph 1"), (MS1, "active", "false", "true")]
    assert of(RIGHT.with_row("credentials", name=" ms graph 1 ")) == []
    assert of(RIGHT.with_rows("credentials")) == []


def test_a_name_somebody_else_has_is_left_alone() -> None:
    world = RIGHT.with_row("credentials", name="x")
    assert (
        of(world.adding("credentials", world.snapshot.credentials.rows[0]._replace(sys_id=SysId("n"), name="MS GRAPH 1"))) == []
    )
    assert of(world.aiming(credential_names=("x", "MS Graph 2"))) == []


def test_what_was_not_active_then_is_left_alone() -> None:
    assert of(World().with_row("credentials", active=False).remembering()) == []


def test_the_connection_leads_to_graph_again() -> None:
    world = RIGHT.with_row("connections", url="https://graph.example/v1")
    assert of(world) == [("connection-1", "connection_url", "https://graph.example/v1", "https://graph.microsoft.com")]
    assert of(RIGHT.with_row("connections", url="")) == [("connection-1", "connection_url", "", "https://graph.microsoft.com")]
    assert of(RIGHT.with_row("connections", url="https://graph.microsoft.com/")) == []


@pytest.mark.parametrize("changed", [{"credential": NO_RECORD}, {"alias": NO_RECORD}, {"active": False}, {"url": None}])
def test_a_connection_that_is_another_now_is_left_alone(changed: dict[str, object]) -> None:
    assert of(RIGHT.with_row("connections", **({"url": "https://graph.example"} | changed))) == []


def test_an_address_that_is_not_graph_is_never_put_back() -> None:
    wrong = World().with_row("connections", url="https://graph.example").remembering(by_person=True)
    assert of(wrong.with_row("connections", url="https://third.example")) == []
    assert (
        of(RIGHT.aiming(clouds=(Cloud("x", (), "https://graph.x"),)).with_row("connections", url="https://third.example")) == []
    )
    assert of(RIGHT.with_rows("connections")) == []


def test_the_snapshot_as_it_will_be() -> None:
    spoiled = (
        RIGHT.with_row("registries", redirect_url=OTHER)
        .with_row("credentials", name="x", active=False)
        .with_row("connections", url="https://graph.example")
    )
    steps = repairs_of(spoiled)
    assert len(steps) == 4
    assert mended(spoiled.snapshot, steps) == RIGHT.snapshot
    assert all(isinstance(step, SetField) for step in steps)
