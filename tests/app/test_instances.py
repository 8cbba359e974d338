"""Adding and forgetting instances."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.kept import Kept
from exoalias.adapters.secret import Secret
from exoalias.adapters.settings import Places
from exoalias.app.entrance import enter
from exoalias.app.instances import add, keeps_secrets, lend_secrets, listing, remove
from exoalias.app.world import World, vault_key
from exoalias.domain.problems import AnotherRun, BadAddress, NoSecret, NoVault, UnknownInstance, UsageProblem
from exoalias.domain.ways import Way
from tests.app.test_world import ANNOUNCED

if TYPE_CHECKING:
    from pathlib import Path

    from exoalias.adapters.entries import InstanceEntry


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World.real(places=Places.below(tmp_path), this_run_only=True)


def add_user(world: World, name: str, url: str, user: str, password: str, *, keep: bool = True) -> InstanceEntry:
    return add(world, name, url, Way.PASSWORD, secrets=Kept(password=Secret(password)), keep=keep, user=user)


def kept(world: World, entry: InstanceEntry) -> str:
    password = world.kept(entry).password
    return password.reveal() if password is not None else ""


def test_an_instance_is_added_and_forgotten(world: World) -> None:
    entry = add_user(world, " acme ", "HTTPS://Acme.service-now.com/nav_to.do?uri=x", " admin ", "hush")
    assert (entry.name, entry.origin, entry.user) == ("acme", "https://acme.service-now.com", "admin")
    assert listing(world) == (entry,)
    assert kept(world, entry) == "hush"
    assert "hush" not in world.book.path.read_text("utf-8")
    world.journal.note("acme", "seen", {})
    remove(world, "acme")
    assert listing(world) == ()
    assert world.vault.get(vault_key(entry)) is None
    assert world.journal.entries("acme") == ()
    with pytest.raises(UnknownInstance):
        remove(world, "acme")


def test_the_password_of_a_known_one_is_given_again(world: World) -> None:
    add_user(world, "acme", "acme", "admin", "old")
    entry = add_user(world, "acme", "https://acme.service-now.com", "admin", "new")
    assert kept(world, entry) == "new"
    with pytest.raises(UsageProblem, match="already"):
        add_user(world, "acme", "other", "admin", "new")


@pytest.mark.parametrize("name", ["", " ", "-x", "a\nb", "a/b", "x" * 65, "_x", "a\x1b[1m"])
def test_names_that_are_refused(world: World, name: str) -> None:
    with pytest.raises(UsageProblem, match="name"):
        add_user(world, name, "acme", "admin", "hush")


@pytest.mark.parametrize("name", ["a", "Größe 7", "acme-dev.2", "x" * 64])
def test_names_that_are_taken(world: World, name: str) -> None:
    assert add_user(world, name, "acme", "admin", "hush").name == name


@pytest.mark.parametrize(("user", "secret"), [("", "x"), ("a:b", "x"), ("a\nb", "x"), ("admin", "")])
def test_what_else_is_refused_leaves_nothing(world: World, user: str, secret: str) -> None:
    with pytest.raises(UsageProblem):
        add_user(world, "acme", "acme", user, secret)
    assert listing(world) == ()


def test_plain_http_is_refused(world: World) -> None:
    with pytest.raises(BadAddress):
        add_user(world, "acme", ANNOUNCED["instance"], "adm", "x")


def test_a_simulated_world_knows_the_simulated_instance_alone(tmp_path: Path) -> None:
    world = World.simulated_from(ANNOUNCED, tmp_path)
    add_user(world, "s", ANNOUNCED["instance"], "adm", "x")
    for other in ("https://acme.service-now.com", "http://127.0.0.1:9999"):
        with pytest.raises(BadAddress):
            add_user(world, "t", other, "adm", "x")


@pytest.mark.usefixtures("no_keyring")
def test_a_keyring_that_refuses_leaves_nothing_half_added(tmp_path: Path) -> None:
    world = World.real(places=Places.below(tmp_path))
    with pytest.raises(NoVault):
        add_user(world, "acme", "acme", "admin", "hush")
    assert listing(world) == ()
    assert keeps_secrets(world)
    entry = add_user(world, "acme", "acme", "admin", "hush", keep=False)
    assert kept(world, entry) == "hush"


def test_a_run_that_keeps_nothing_asks_once(world: World) -> None:
    add(world, "acme", "acme", Way.PASSWORD, user="admin")
    with pytest.raises(NoSecret):
        enter(world, "acme")
    asked: list[str] = []

    def ask(entry: InstanceEntry) -> Kept:
        asked.append(entry.user)
        return Kept(password=Secret("hush"))

    for _ in range(2):
        lend_secrets(world, "acme", ask)
    assert asked == ["admin"]
    assert enter(world, "acme").user == "admin"
    assert not keeps_secrets(world)


def test_an_instance_somebody_works_on_is_not_forgotten(world: World) -> None:
    add_user(world, "acme", "acme", "admin", "hush")
    with world.journal.claim("acme"), pytest.raises(AnotherRun):
        remove(world, "acme")
    assert len(listing(world)) == 1
