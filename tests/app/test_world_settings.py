"""What the settings decide in the world, from the start and when they change."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.entering.basic import UserAndPassword
from exoalias.adapters.keeping.entries import InstanceEntry
from exoalias.adapters.keeping.settings import Places
from exoalias.adapters.keeping.vault import MemoryFirst, ThisRunOnly
from exoalias.adapters.machine.ladder import climb, write
from exoalias.app.control import Control
from exoalias.app.lobby import Lobby
from exoalias.app.world import World
from exoalias.domain.problems import BadAuthorities
from tests.app.test_world import ANNOUNCED

if TYPE_CHECKING:
    from exoalias.domain.setting import Value

ENTRY = InstanceEntry("acme", "https://acme.service-now.com", "adm")


def open_door(world: World) -> None:
    """A way in that is open, and that nobody uses."""
    lobby = Lobby(world, ENTRY, lambda _event: None, Control())
    world.doors.keep(ENTRY, UserAndPassword(world.http.client(ENTRY.origin), "adm", "pw"), lobby)


def world_with(home: Path, **values: Value) -> World:
    places = Places.below(home)
    write(places.settings_file, values)
    return World.real(places=places)


def test_from_the_start(tmp_path: Path) -> None:
    world = world_with(tmp_path, idle_minutes=3, longest_hours=2, keep_secrets=False, browser="/opt/edge", ca_file="/nowhere.pem")
    assert (world.doors.idle_s, world.doors.longest_s) == (180.0, 7200.0)
    assert isinstance(world.vault, ThisRunOnly)
    assert world.browser == Path("/opt/edge")
    with pytest.raises(BadAuthorities):
        world.http.session()
    assert world.ladder.of("idle_minutes").where == str(world.places.settings_file)


def test_options_count_over_the_file(tmp_path: Path) -> None:
    world_with(tmp_path, browser="/opt/edge", idle_minutes=3)
    world = World.real(places=Places.below(tmp_path), browser=Path("/opt/other"), this_run_only=True, flags={"idle_minutes": "7"})
    assert (world.browser, world.settings.keep_secrets, world.settings.idle_minutes) == (Path("/opt/other"), False, 7)
    assert world.flags == {"browser": "/opt/other", "keep_secrets": "no", "idle_minutes": "7"}


def test_a_home_in_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert world_with(tmp_path, browser="~/edge").browser == tmp_path / "edge"


def test_a_simulated_world_has_this_users_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXOALIAS_HOME", str(tmp_path / "mine"))
    mine = world_with(tmp_path / "mine", idle_minutes=3, keep_secrets=True, proxy="nowhere.example:1")
    world = World.simulated_from(ANNOUNCED, tmp_path / "simulated", flags={"log_days": "2"})
    assert world.user_settings == mine.places.settings_file != world.places.settings_file
    assert (world.settings.idle_minutes, world.doors.idle_s, world.settings.log_days) == (3, 180.0, 2)
    assert isinstance(world.vault, ThisRunOnly)
    assert world.http.proxy_of(ANNOUNCED["instance"]) is None
    settled = world.settled(climb(world.user_settings, {"keep_secrets": "no", "proxy": "none"}))
    assert (settled.http, settled.vault) == (world.http, world.vault)


def test_a_change_that_leaves_sessions_alone(tmp_path: Path) -> None:
    world = world_with(tmp_path)
    open_door(world)
    settled = world.settled(climb(world.user_settings, {"idle_minutes": "1", "longest_hours": "1", "browser": "/b"}))
    assert settled.doors.names() == ("acme",)
    assert (settled.doors.idle_s, settled.doors.longest_s, settled.browser) == (60.0, 3600.0, Path("/b"))
    assert (settled.http, settled.vault, settled.book, settled.journal) == (world.http, world.vault, world.book, world.journal)
    settled.close()
    assert settled.settings.idle_minutes == settled.ladder.of("idle_minutes").value == 1


@pytest.mark.parametrize("change", [{"proxy": "none"}, {"ca_file": "/nowhere.pem"}, {"keep_secrets": "no"}])
def test_a_change_that_ends_sessions(tmp_path: Path, change: dict[str, str]) -> None:
    world = world_with(tmp_path)
    open_door(world)
    settled = world.settled(climb(world.user_settings, change))
    assert settled.doors.names() == ()
    assert settled.http is not world.http, "the login of a proxy is kept where secrets are"
    assert isinstance(settled.vault, ThisRunOnly if "keep_secrets" in change else MemoryFirst)
