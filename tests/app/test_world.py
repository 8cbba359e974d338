"""The world: plain http in the simulated one alone, secrets bound to their address."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from exoalias.adapters.keeping.entries import InstanceEntry
from exoalias.adapters.keeping.settings import Places
from exoalias.adapters.keeping.vault import MemoryFirst, ThisRunOnly
from exoalias.app.entrance import enter
from exoalias.app.simulated import Simulated
from exoalias.app.world import World, vault_key
from exoalias.domain.problems import BadAnswer, NoSecret, Problem, RateLimited, UnknownInstance
from exoalias.domain.target import CLOUDS
from tests.adapters.loopback import http_answer, loopback

if TYPE_CHECKING:
    from pathlib import Path

ANNOUNCED: dict[str, Any] = {
    "scenario": "happy",
    "seed": 7,
    "says": "All is well.",
    "instance": "http://127.0.0.1:8001",
    "microsoft": "http://localhost:8002",
    "know_object_id": True,
    "public_client_id": "c" * 36,
    "rest": {"user": "adm", "password": "pw-rest"},
    "admin": {"upn": "adm@acme.example", "password": "pw-admin"},
    "delegated": {"upn": "svc@acme.example", "mail": "m@acme.example", "object_id": "o" * 36, "password": "pw-svc"},
}


def test_a_simulated_world(tmp_path: Path) -> None:
    world = World.simulated_from(ANNOUNCED, tmp_path, headless=True)
    assert world.simulated is not None
    assert world.simulated.delegated_user.upn == "svc@acme.example"
    assert [p.user for p in world.simulated.people] == ["adm", "svc@acme.example", "adm@acme.example"]
    assert [c.sign_in_origins for c in world.clouds if c not in CLOUDS] == [("http://localhost:8002",)]
    assert world.places == Places.below(tmp_path)
    assert "pw-" not in repr(world)


@pytest.mark.parametrize("lacking", list(ANNOUNCED))
def test_an_announcement_that_lacks_something(lacking: str) -> None:
    with pytest.raises(BadAnswer, match="announcement"):
        Simulated.from_announcement({k: v for k, v in ANNOUNCED.items() if k != lacking})


def test_the_real_world_takes_no_plain_http(tmp_path: Path) -> None:
    world = World.real(places=Places.below(tmp_path), this_run_only=True)
    assert world.simulated is None
    assert world.clouds == CLOUDS
    entry = InstanceEntry("acme", ANNOUNCED["instance"], "adm")
    world.book.put(entry)
    world.vault.set(vault_key(entry), "pw")
    with pytest.raises((Problem, ValueError)):
        enter(world, "acme").read(world.target("acme"))


def test_which_vault(tmp_path: Path) -> None:
    assert isinstance(World.real(places=Places.below(tmp_path)).vault, MemoryFirst)
    assert isinstance(World.real(places=Places.below(tmp_path), this_run_only=True).vault, ThisRunOnly)


def test_a_secret_is_not_sent_to_another_address_or_for_another_user(tmp_path: Path) -> None:
    world = World.real(places=Places.below(tmp_path), this_run_only=True)
    entry = InstanceEntry("acme", "https://acme.service-now.com", "adm")
    world.book.put(entry)
    world.vault.set(vault_key(entry), "pw")
    assert enter(world, "acme").origin == entry.origin
    for changed in (entry._replace(origin="https://evil.example"), entry._replace(user="other")):
        world.book.put(changed)
        with pytest.raises(NoSecret, match="acme"):
            enter(world, "acme")


def test_an_unknown_instance(tmp_path: Path) -> None:
    world = World.simulated_from(ANNOUNCED, tmp_path)
    with pytest.raises(UnknownInstance):
        world.target("nobody")
    with pytest.raises(UnknownInstance):
        enter(world, "nobody")


def test_the_announced_password_serves_the_announced_user_alone(tmp_path: Path) -> None:
    world = World.simulated_from(ANNOUNCED, tmp_path)
    world.book.put(InstanceEntry("s", ANNOUNCED["instance"], "adm"))
    world.book.put(InstanceEntry("t", ANNOUNCED["instance"], "somebody"))
    assert enter(world, "s").user == "adm"
    with pytest.raises(NoSecret):
        enter(world, "t")


def test_closing_ends_whoever_waits_for_the_far_side(tmp_path: Path) -> None:
    said = threading.Event()

    def busy(_request: bytes) -> bytes:
        said.set()
        return http_answer(b"", 503, **{"Retry-After": "9"})

    with loopback(busy) as server, ThreadPoolExecutor(1) as pool:
        world = World.simulated_from({**ANNOUNCED, "instance": server.origin}, tmp_path)
        waiting = pool.submit(world.http.client(server.origin).send, "GET", "/", headers={})
        assert said.wait(10)
        world.close()
        world.close()
        with pytest.raises(RateLimited):
            waiting.result(5)
