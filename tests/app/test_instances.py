"""Adding and forgetting instances."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.keeping.kept import Kept
from exoalias.adapters.keeping.secret import Secret
from exoalias.adapters.keeping.settings import Places
from exoalias.app.entrance import enter
from exoalias.app.exchange import export_list, import_list, read_list
from exoalias.app.instances import Said, add, change, keeps_secrets, lend_secrets, listing, remove, rotate
from exoalias.app.world import World, vault_key
from exoalias.domain.problems import (
    AnotherRun,
    BadAddress,
    BadAuthorities,
    BadCertificate,
    BadSettings,
    NoSecret,
    NoVault,
    UnknownInstance,
    UsageProblem,
)
from exoalias.domain.ways import Way
from tests.adapters.authority import Authority
from tests.app.test_world import ANNOUNCED

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from exoalias.adapters.keeping.entries import InstanceEntry


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


# -- ways in -------------------------------------------------------------------------------------------------------------


def test_the_browser_is_what_is_offered_and_needs_nothing(world: World) -> None:
    entry = add(world, "acme", "acme", customer="Acme Ltd", kind="production")
    assert (entry.way, entry.user, entry.customer, entry.kind) == (Way.BROWSER, "", "Acme Ltd", "production")
    assert listing(world) == (entry,)
    remove(world, "acme")
    assert listing(world) == ()


@pytest.mark.usefixtures("no_keyring")
def test_where_nothing_is_kept_no_keyring_is_needed(tmp_path: Path) -> None:
    world = World.real(places=Places.below(tmp_path))
    add(world, "acme", "acme")
    change(world, "acme", kind="test")
    remove(world, "acme")
    assert listing(world) == ()


@pytest.mark.parametrize(
    ("way", "said", "why"),
    [
        (Way.PASSWORD, {}, "user name"),
        (Way.BROWSER, {"sign_in_for_me": True}, "user name"),
        (Way.BROWSER, {"user": "a\x1bb"}, "user name"),
        (Way.OAUTH, {}, "client id"),
        (Way.CLIENT_CREDENTIALS, {"client_id": " "}, "client id"),
        (Way.OAUTH, {"client_id": "a\nb"}, "client id"),
        (Way.CERTIFICATE, {}, "certificate is missing"),
        (Way.API_KEY, {"one_time_code": True}, "one-time code"),
        (Way.BROWSER, {"kind": "holiday"}, "kind"),
        (Way.OAUTH, {"client_id": "c", "redirect_url": "ftp://x/y"}, "redirect address"),
        (Way.OAUTH, {"client_id": "c", "redirect_url": "http://acme.example/y"}, "redirect address"),
        (Way.OAUTH, {"client_id": "c", "redirect_url": "https://acme.example/y?z"}, "redirect address"),
        (Way.OAUTH, {"client_id": "c", "redirect_url": "https://acme.example/y#z"}, "redirect address"),
        (Way.OAUTH, {"client_id": "c", "redirect_url": "https://me@acme.example/y"}, "redirect address"),
        (Way.OAUTH, {"client_id": "c", "redirect_url": "https://[broken"}, "redirect address"),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_nothing(world: World, way: Way, said: Said, why: str) -> None:
    with pytest.raises(UsageProblem, match=why):
        add(world, "acme", "acme", way, **said)
    assert listing(world) == ()


@pytest.mark.parametrize("url", ["http://localhost:9000/back", "http://127.0.0.1/x", "https://acme.example/back"])
def test_redirect_addresses_that_are_taken(world: World, url: str) -> None:
    assert add(world, "acme", "acme", Way.OAUTH, client_id=" c ", redirect_url=url).redirect_url == url


def test_files_are_looked_at_at_once_and_kept_with_their_whole_path(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    authority = Authority(tmp_path)
    name = authority.issue("client", passphrase=b"right").name
    for passphrase in ("wrong", ""):
        with pytest.raises((BadCertificate, UsageProblem)):
            add(world, "acme", "acme", Way.CERTIFICATE, secrets=Kept(passphrase=Secret(passphrase)), certificate=name)
    with pytest.raises(BadAuthorities):
        add(world, "acme", "acme", ca_file="nowhere.pem")
    assert listing(world) == ()
    secrets = Kept(passphrase=Secret("right"))
    entry = add(world, "acme", "acme", Way.CERTIFICATE, secrets=secrets, certificate=name, ca_file=authority.file.name)
    assert (entry.certificate, entry.ca_file) == (str(tmp_path / name), str(authority.file))


def test_another_way_user_or_address_leaves_no_secret_of_the_old_one(world: World) -> None:
    keys: list[str] = []

    def held() -> list[str]:
        return [key for key in keys if world.vault.get(key) is not None]

    steps: list[Callable[[], InstanceEntry]] = [
        lambda: add_user(world, "acme", "acme", "ada", "one"),
        lambda: change(world, "acme", secrets=Kept(password=Secret("two")), user="bob"),
        lambda: change(world, "acme", secrets=Kept(api_key=Secret("three")), way=Way.API_KEY),
        lambda: change(world, "acme", secrets=Kept(api_key=Secret("four")), url="elsewhere"),
    ]
    for step in steps:
        entry = step()
        keys.append(vault_key(entry))
        assert held() == [vault_key(entry)]
    assert len(set(keys)) == len(keys)
    assert world.kept(world.book.get("acme")).held.keys() == {"api_key"}
    change(world, "acme", way=Way.BROWSER)
    assert held() == []


def test_what_is_said_anew_without_secrets_keeps_them(world: World) -> None:
    entry = add_user(world, "acme", "acme", "ada", "hush")
    changed = change(world, "acme", customer="Acme", kind="test")
    assert (changed.customer, changed.kind, changed.user) == ("Acme", "test", "ada")
    assert kept(world, changed) == "hush"
    assert vault_key(changed) == vault_key(entry)


def test_one_more_secret_joins_those_kept(world: World) -> None:
    add(world, "acme", "acme", Way.API_KEY, secrets=Kept(api_key=Secret("key")))
    entry = change(world, "acme", secrets=Kept(password=Secret("hush")), user="ada", sign_in_for_me=True)
    assert world.kept(entry).held.keys() == {"password"}  # the key was kept without a user: nothing is carried over
    entry = change(world, "acme", secrets=Kept(api_key=Secret("key")))
    assert world.kept(entry).held.keys() == {"password", "api_key"}


def test_a_code_goes_with_the_password_it_follows(world: World) -> None:
    add(world, "acme", "acme", Way.PASSWORD, user="ada", one_time_code=True)
    assert world.book.get("acme").one_time_code
    assert not change(world, "acme", way=Way.API_KEY).one_time_code


def test_nothing_is_rotated_where_nothing_is_kept_or_given(world: World) -> None:
    add(world, "acme", "acme")
    with pytest.raises(UsageProblem, match="no secret of it is kept"):
        rotate(world, "acme", Kept(password=Secret("x")))
    add_user(world, "other", "other", "ada", "hush")
    for secrets in (Kept(), Kept(password=Secret(""))):
        with pytest.raises(UsageProblem):
            rotate(world, "other", secrets, try_first=False)
    rotate(world, "other", Kept(password=Secret("new")), try_first=False)
    assert kept(world, world.book.get("other")) == "new"


def test_a_run_that_keeps_nothing_asks_for_what_the_way_needs(world: World) -> None:
    asked: list[str] = []

    def ask(entry: InstanceEntry) -> Kept:
        asked.append(entry.name)
        return Kept(api_key=Secret("key")) if entry.way is Way.API_KEY else Kept()

    add(world, "by key", "acme", Way.API_KEY)
    add(world, "by hand", "acme")
    for name in ("by key", "by hand", "by key"):
        lend_secrets(world, name, ask)
    assert asked == ["by key"]


def test_the_secrets_of_a_broken_entry_are_removed_though_it_cannot_be_read(world: World) -> None:
    entry = add_user(world, "acme", "acme", "ada", "hush")
    text = world.book.path.read_text("utf-8")
    world.book.path.write_text(text + "one_time_code = 'perhaps'\n", "utf-8")
    with pytest.raises(BadSettings, match="one_time_code"):
        remove(world, "acme")
    assert world.vault.get(vault_key(entry)) is None
    world.book.path.write_text(text, "utf-8")
    assert listing(world) == (entry,)


def test_an_open_door_does_not_outlive_the_secret_that_opened_it(world: World) -> None:
    add_user(world, "acme", "acme", "ada", "hush")
    enter(world, "acme")
    assert world.doors.names() == ("acme",)
    change(world, "acme", secrets=Kept(password=Secret("new")))
    assert world.doors.names() == ()
    enter(world, "acme")
    rotate(world, "acme", Kept(password=Secret("newer")), try_first=False)
    assert world.doors.names() == ()


def test_a_list_that_names_another_user_leaves_no_secret_of_the_old_one(world: World) -> None:
    old = add_user(world, "acme", "acme", "ada", "hush")
    enter(world, "acme")
    text = export_list(world, None).replace('"ada"', '"bob"')
    import_list(world, read_list(world, text, where="list", replacing=True))
    assert world.book.get("acme").user == "bob"
    assert world.vault.get(vault_key(old)) is None
    assert world.doors.names() == ()
