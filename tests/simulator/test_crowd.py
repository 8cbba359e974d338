"""The records of other integrations."""

from __future__ import annotations

from exoalias.simulator.records import build
from exoalias.simulator.scenario import draw, scenario
from exoalias.simulator.writer import Addresses

HERE = Addresses("http://127.0.0.1:1", "http://localhost:2", "tenant")


def test_hundreds_of_records_stand_around_the_few() -> None:
    store = build(draw(3), scenario("happy"), HERE)
    assert min(len(store.rows(name)) for name in ("discovery_credentials", "http_connection", "sys_alias")) > 100
    assert len(store.rows("oauth_credential")) > 50


def test_nothing_of_it_touches_the_strict_mode_profile() -> None:
    for seed in range(6):
        cast = draw(seed)
        store = build(cast, scenario("happy"), HERE)
        profile = cast.sys_id("profile")
        assert len([row for row in store.rows("oauth_2_0_credentials") if row["oauth_entity_profile"] == profile]) == 3
        assert len([row for row in store.rows("oauth_requestor_profile") if row["oauth_entity_profile"] == profile]) == 1


def names(seed: int) -> list[str]:
    """The names of a seed's connections."""
    store = build(draw(seed), scenario("happy"), HERE)
    return sorted(row["name"] for row in store.rows("http_connection"))


def test_the_same_seed_gives_the_same_names() -> None:
    assert names(3) == names(3) != names(4)
