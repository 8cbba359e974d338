"""Lists of instances: what goes out comes back, nothing secret goes out, and nothing is taken by halves."""

from __future__ import annotations

import stat
import tomllib
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exoalias.adapters.keeping.entries import KINDS, REDIRECT_URL, InstanceEntry
from exoalias.adapters.keeping.kept import Kept
from exoalias.adapters.keeping.secret import Secret
from exoalias.app.exchange import FORMAT, export_list, import_list, read_list, write_list
from exoalias.app.world import vault_key
from exoalias.domain.delegated import DelegatedUser
from exoalias.domain.problems import ImportRefused, UsageProblem
from exoalias.domain.target import HomeAccount, Pin, Tier
from exoalias.domain.ways import Way
from tests.app.crowd import world_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from exoalias.app.exchange import Import
    from exoalias.app.world import World

GUID = "0f8fad5b-d9cb-469f-a165-70867728950e"
FULL = InstanceEntry(
    name="Größe prod",
    origin="https://acme.service-now.com",
    user="admin.user",
    delegated_user=DelegatedUser("svc@acme.example", GUID, "rooms@acme.example"),
    profile="a" * 32,
    profile_name='Profile "ü"',
    credential_names=("MS Graph 1", "MS Graph 7"),
    public_client_id=GUID,
    way=Way.CERTIFICATE,
    one_time_code=True,
    sign_in_for_me=True,
    client_id="client",
    redirect_url="http://localhost:9999/x",
    certificate="/home/me/me.pem",
    ca_file="/etc/ca.pem",
    customer="Acme GmbH",
    kind="production",
)
BETA = InstanceEntry("beta", "https://beta.service-now.com", "admin", customer="Beta")
HEAD = f'format = "{FORMAT}"\nschema = 1\n'


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = world_of(tmp_path / "one", [])
    yield made
    made.close()


@pytest.fixture
def other(tmp_path: Path) -> Iterator[World]:
    made = world_of(tmp_path / "two", [])
    yield made
    made.close()


def does(found: Import) -> list[tuple[str, str]]:
    return [(line.name, line.does) for line in found.lines]


def one(text: str = "", **values: object) -> str:
    pairs = {"name": "acme", "url": "acme", "user": "u", **values}
    return HEAD + "[[instance]]\n" + "".join(f"{k} = {v!r}\n" for k, v in pairs.items() if v is not None) + text


def test_every_field_of_an_instance_goes_out(world: World) -> None:
    defaults = InstanceEntry("", "")
    assert [name for name in FULL._fields if getattr(FULL, name) == getattr(defaults, name)] == [], "FULL says all"
    world.book.put(FULL)
    (table,) = tomllib.loads(export_list(world))["instance"]
    assert {"url" if name == "origin" else name for name in FULL._fields} == set(table)


def test_what_goes_out_comes_back_in_another_place(world: World, other: World) -> None:
    world.book.put_all((BETA, FULL))
    text = export_list(world)
    found = read_list(other, text, where="list")
    assert does(found) == [("Größe prod", "added"), ("beta", "added")]
    assert other.book.all() == (), "judging takes nothing"
    assert import_list(other, found) == found.lines
    assert {e.name: e for e in other.book.all()} == {e.name: e for e in (BETA, FULL)}
    assert export_list(other) == text
    assert does(read_list(other, text, where="list")) == [("Größe prod", "same"), ("beta", "same")]


def test_one_customers_list(world: World) -> None:
    world.book.put_all((BETA, FULL, BETA._replace(name="none", customer="")))
    assert [t["name"] for t in tomllib.loads(export_list(world, "acme gmbh"))["instance"]] == [FULL.name]
    assert "beta" not in export_list(world, "Acme GmbH")
    assert [t["name"] for t in tomllib.loads(export_list(world))["instance"]] == ["none", FULL.name, "beta"]
    with pytest.raises(UsageProblem, match="nobody"):
        export_list(world, "nobody")


def test_nothing_secret_goes_out(world: World) -> None:
    world.book.put(FULL)
    marks = {name: f"marker-{name}-4711" for name in ("password", "api_key", "client_secret", "refresh_token", "passphrase")}
    kept = Kept(**{name: Secret(mark) for name, mark in marks.items()})
    world.vault.set(vault_key(FULL), kept.to_text())
    world.journal.remember(FULL.name, {"x": "marker-4711"})
    assert "4711" not in export_list(world)


TEXTS = st.text(st.characters(categories=("L", "N", "Zs", "P", "S")), max_size=20).filter(str.isprintable)
NAMES = st.from_regex(r"[a-zA-Z0-9ä][\w .-]{0,20}[\w.]", fullmatch=True)
ENTRIES = st.builds(
    InstanceEntry,
    name=NAMES,
    origin=st.from_regex(r"https://[a-z][a-z0-9]{0,20}\.service-now\.com", fullmatch=True),
    user=st.from_regex(r"[a-z][a-z0-9._@-]{0,20}", fullmatch=True),
    delegated_user=st.none() | st.builds(DelegatedUser, st.just("svc@a.example"), st.sampled_from(["", GUID]), st.just("")),
    profile=st.sampled_from(["", "a" * 32]),
    profile_name=TEXTS,
    credential_names=st.lists(TEXTS.filter(str.strip), min_size=1, max_size=3).map(tuple),
    way=st.sampled_from(Way),
    one_time_code=st.booleans(),
    client_id=TEXTS.filter(str.strip),
    redirect_url=st.just(REDIRECT_URL),
    certificate=TEXTS.filter(str.strip),
    ca_file=TEXTS,
    customer=TEXTS.map(lambda text: " ".join(text.split())),
    kind=st.sampled_from(["", *KINDS]),
    public_client_id=st.sampled_from(["", GUID]),
    sign_in_for_me=st.booleans(),
)


@settings(max_examples=60)
@given(st.lists(ENTRIES, max_size=6, unique_by=lambda entry: entry.name))
def test_any_list_comes_back(tmp_path_factory: pytest.TempPathFactory, entries: list[InstanceEntry]) -> None:
    here, there = (world_of(tmp_path_factory.mktemp("list"), []) for _ in range(2))
    here.book.put_all(entries)
    known = {e.name: e for e in here.book.all()}  # a customer has one spelling
    text = export_list(here)
    import_list(there, read_list(there, text, where="list"))
    assert {e.name: e for e in there.book.all()} == known
    assert export_list(there) == text
    here.close()
    there.close()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[broken", "no TOML"),
        ("", "no list of instances"),
        ('format = "x"\nschema = 1\n', "no list of instances"),
        (f'format = "{FORMAT}"\nschema = 2\n', "schema 1"),
        (HEAD + "instance = 3\n", "list of tables"),
        (HEAD + "instance = [3]\n", "list of tables"),
        (HEAD + "colour = 3\n", "colour"),
        ("#" * (4 * 1024 * 1024 + 1), "larger"),
    ],
)
def test_what_is_no_list_is_refused(world: World, text: str, why: str) -> None:
    with pytest.raises(ImportRefused, match=why) as refused:
        read_list(world, text, where="the-file")
    assert "the-file" in refused.value.words


@pytest.mark.parametrize(
    "line",
    [
        'password = "marker-1"',
        'Passwort = "marker-1"',
        'client_secret = "marker-1"',
        'refresh_token = "marker-1"',
        'api-key = "marker-1"',
        'apikey = "marker-1"',
        'pwd = "marker-1"',
        'private = "marker-1"',
        'session_cookie = "marker-1"',
        'note = "-----BEGIN PRIVATE KEY----- marker-1"',
        'delegated_user = {upn = "a@b.example", password = "marker-1"}',
        'deep = [{deeper = {secret = "marker-1"}}]',
    ],
)
def test_a_file_with_a_secret_is_refused_and_never_repeated(world: World, line: str) -> None:
    with pytest.raises(ImportRefused, match="Secrets are not taken") as refused:
        read_list(world, one(line + "\n"), where="f")
    assert "marker-1" not in refused.value.words + refused.value.remedy
    assert line.partition(" ")[0] in refused.value.words or "key" in refused.value.words or "[" not in line


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"url": "http://acme.service-now.com"}, "plain http"),
        ({"url": "https://me:pw@acme.service-now.com"}, "user name"),
        ({"url": None}, "no url"),
        ({"url": 7}, "no url"),
        ({"name": "-acme"}, "name"),
        ({"name": "a/b"}, "name"),
        ({"user": None}, "user of"),
        ({"user": "a:b"}, "colon"),
        ({"user": "a\x07b"}, "control character"),
        ({"kind": "prod"}, "kind of"),
        ({"way": "magic"}, "way of"),
        ({"way": "oauth"}, "client_id"),
        ({"colour": "blue"}, "colour"),
        ({"profile": "not an id"}, "sys_id"),
        ({"public_client_id": "x"}, "public client id"),
        ({"credential_names": "x"}, "list of texts"),
        ({"customer": "x" * 81}, "customer"),
        ({"one_time_code": "yes"}, "true or false"),
    ],
)
def test_an_entry_that_cannot_be_is_refused_with_its_reason(world: World, values: dict[str, Any], why: str) -> None:
    text = one(**values).replace("'a\\x07b'", '"a\\u0007b"')
    found = read_list(world, text, where="f")
    assert found.refused
    assert why in found.lines[0].why
    assert found.entries == ()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('delegated_user = {upn = "nobody"}\n', "form name@domain"),
        ('delegated_user = {upn = "a@b.example", object_id = "1"}\n', "object id"),
        ('delegated_user = {mail = "a@b.example"}\n', "upn"),
        ('delegated_user = {upn = "a@b.example", age = 3}\n', "age"),
    ],
)
def test_a_delegated_user_that_cannot_be(world: World, text: str, why: str) -> None:
    assert why in read_list(world, one(text), where="f").lines[0].why


def test_addresses_are_taken_in_any_shape_people_paste(world: World) -> None:
    found = read_list(world, one(url=" HTTPS://Acme.Service-Now.com/nav_to.do?uri=x "), where="f")
    assert found.entries[0].origin == "https://acme.service-now.com"


def test_one_bad_entry_and_nothing_is_taken(world: World) -> None:
    text = one() + '[[instance]]\nname = "b"\nurl = "http://b"\nuser = "u"\n[[instance]]\nname = "acme"\nurl = "x"\nuser = "u"\n'
    found = read_list(world, text, where="f")
    assert does(found) == [("acme", "added"), ("b", "refused"), ("acme", "refused")]
    with pytest.raises(ImportRefused, match=r"b: .*1 more") as refused:
        import_list(world, found)
    assert refused.value.exit_code == 2
    assert world.book.all() == ()


def test_a_known_instance_is_not_overwritten_by_surprise(world: World) -> None:
    world.book.put(InstanceEntry("acme", "https://acme.service-now.com", "u", kind="test"))
    moved = read_list(world, one(url="evil", kind="test"), where="f", replacing=True)
    assert does(moved) == [("acme", "refused")]
    assert "https://acme.service-now.com" in moved.lines[0].why
    changed = one(kind="production", customer="Acme")
    asked = read_list(world, changed, where="f")
    assert does(asked) == [("acme", "refused")]
    assert "customer" in asked.lines[0].why
    assert "--replace" in asked.lines[0].why
    taken = read_list(world, changed, where="f", replacing=True)
    assert does(taken) == [("acme", "changed")]
    import_list(world, taken)
    assert (world.book.get("acme").kind, world.book.get("acme").customer) == ("production", "Acme")
    assert does(read_list(world, one(kind="production", customer="ACME"), where="f")) == [("acme", "same")]


def test_another_delegated_user_takes_the_pin_away(world: World) -> None:
    world.book.put(InstanceEntry("acme", "https://acme.service-now.com", "u", DelegatedUser("a@b.example")))
    world.journal.set_pin("acme", Pin(HomeAccount("1", "2"), Tier.ENTERED, world.clock(), "s"))
    same = one('delegated_user = {upn = "A@b.example"}\n')
    import_list(world, read_list(world, same, where="f", replacing=True))
    assert world.journal.pin("acme") is not None
    other = one('delegated_user = {upn = "c@b.example"}\n')
    import_list(world, read_list(world, other, where="f", replacing=True))
    assert world.journal.pin("acme") is None
    assert [e.kind for e in world.journal.entries("acme")] == ["unpinned"]


def test_a_list_is_written_for_this_user_alone_and_never_half(tmp_path: Path) -> None:
    file = tmp_path / "list.toml"
    write_list(file, "old")
    write_list(file, "new")
    assert file.read_text() == "new"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["list.toml"]
    with pytest.raises(OSError, match="No such file"):
        write_list(tmp_path / "nowhere" / "list.toml", "x")
