"""The verb settings: what is shown, what may be changed, and what is refused with the reason."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

import pytest

from exoalias.adapters.keeping.lock import alone
from exoalias.adapters.keeping.settings import Places
from exoalias.adapters.machine import ladder as reading
from exoalias.app.settings import assignments, change, current
from exoalias.app.world import World
from exoalias.domain.ladder import Rung, Source
from exoalias.domain.problems import BadSettings, SettingFixed, UsageProblem

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World.real(places=Places.below(tmp_path), flags={"side_by_side": "2"})


def kept(world: World) -> dict[str, Any]:
    file = world.places.settings_file
    return tomllib.loads(file.read_text("utf-8")).get("settings", {}) if file.exists() else {}


def test_set_and_taken_away(world: World) -> None:
    now = change(world, {"idle_minutes": "5", "keep-secrets": "no"})
    assert kept(world) == {"idle_minutes": 5, "keep_secrets": False}
    assert (now.of("idle_minutes").rung, now.of("side_by_side").rung) == (Rung.USER, Rung.FLAG)
    assert world.settings.idle_minutes == 10  # the world at hand goes on as it is
    assert change(world, {"idle_minutes": ""}).of("idle_minutes").rung is Rung.BUILT_IN
    assert kept(world) == {"keep_secrets": False}
    assert current(world) == current(World.real(places=world.places, flags=world.flags))


@pytest.mark.parametrize("said", [{"idle_minutes": "5", "log_days": "0"}, {"idle_minutes": "5", "colour": "red"}])
def test_all_of_them_or_none(world: World, said: dict[str, str]) -> None:
    with pytest.raises(UsageProblem):
        change(world, said)
    assert kept(world) == {}


def test_what_a_policy_fixes_stays(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    policy = (Source(Rung.FIXED, "/etc/exoalias/policy.toml", {"idle_minutes": 4}), Source(Rung.DEFAULT, "p", {"log_days": 3}))
    monkeypatch.setattr(reading, "machine_policy", lambda: policy)
    for text in ("5", ""):
        with pytest.raises(SettingFixed) as refused:
            change(world, {"idle_minutes": text})
        assert "fixed to 4 by a policy of this machine: /etc/exoalias/policy.toml" in refused.value.words
        assert refused.value.exit_code == 4
    assert change(world, {"log_days": "5"}).of("log_days").value == 5
    assert kept(world) == {"log_days": 5}


def test_a_broken_file_is_not_written(world: World) -> None:
    world.places.config.mkdir(parents=True)
    world.places.settings_file.write_text("[settings", "utf-8")
    assert current(world).settings.idle_minutes == 10
    with pytest.raises(BadSettings):
        change(world, {"idle_minutes": "5"})


def test_another_writer(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_LOCK_WAIT_S", 0.1)
    with alone(world.places.settings_file.with_suffix(".lock")), pytest.raises(UsageProblem, match="another run is writing it"):
        change(world, {"idle_minutes": "5"})


def test_a_place_that_cant_be_written(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("a file where a folder should be")
    with pytest.raises((UsageProblem, BadSettings), match="was left as it"):
        change(World.real(places=Places.below(tmp_path)), {"idle_minutes": "5"})


def test_as_typed() -> None:
    assert assignments(["idle-minutes=5", "Proxy = none", "ca_file="]) == {"idle_minutes": "5", "proxy": "none", "ca_file": ""}
    assert assignments(["proxy=h:1", "proxy=none"]) == {"proxy": "none"}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("idle_minutes", "idle_minutes says no value"),
        ("idle_minute=5", "No setting is called idle_minute. Did you mean idle_minutes?"),
        ("=5", "No setting is called nothing. There are idle_minutes, "),
    ],
)
def test_typed_wrong(text: str, why: str) -> None:
    with pytest.raises(UsageProblem, match=why):
        assignments([text])
