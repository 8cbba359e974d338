"""One instance as the settings file holds it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from exoalias.adapters.keeping.entries import REDIRECT_URL, InstanceEntry, entry_of, merged, readable, table_of, tables_in
from exoalias.domain.delegated import DelegatedUser
from exoalias.domain.problems import BadSettings
from exoalias.domain.ways import Need, Way

FILE = Path("/somewhere/exoalias.toml")
ORIGIN = "https://acme.service-now.com"
FULL = InstanceEntry(
    name="acme",
    origin=ORIGIN,
    user="ada",
    delegated_user=DelegatedUser("svc@acme.example", "o" * 36, "mail@acme.example"),
    profile="p" * 32,
    profile_name="profile",
    credential_names=("One", "Two"),
    public_client_id="c" * 36,
    way=Way.API_KEY,
    one_time_code=True,
    sign_in_for_me=True,
    client_id="client",
    redirect_url="https://acme.example/back",
    certificate="/keys/acme.pem",
    ca_file="/keys/ca.pem",
    customer="Acme",
    kind="production",
)


def written(entry: InstanceEntry) -> dict[str, Any]:
    return merged({}, table_of(entry))


@pytest.mark.parametrize("entry", [FULL, InstanceEntry("acme", ORIGIN, "ada"), InstanceEntry("a", ORIGIN, way=Way.BROWSER)])
def test_what_is_written_is_read_again(entry: InstanceEntry) -> None:
    assert entry_of(FILE, entry.name, written(entry)) == entry


def test_what_is_as_ever_is_not_written() -> None:
    assert written(InstanceEntry("acme", ORIGIN, "ada", redirect_url=REDIRECT_URL)) == {"origin": ORIGIN, "user": "ada"}


def test_a_file_of_an_older_version_means_the_password() -> None:
    assert entry_of(FILE, "acme", {"origin": ORIGIN, "user": "ada"}).way is Way.PASSWORD


def test_keys_nobody_knows_stay_and_emptied_ones_go() -> None:
    old = {"origin": ORIGIN, "user": "ada", "ca_file": "/x", "later": 5, "delegated_user": {"upn": "a@b", "note": "kept"}}
    new = merged(old, table_of(InstanceEntry("acme", ORIGIN, "bob", DelegatedUser("c@d"))))
    assert new == {"origin": ORIGIN, "user": "bob", "later": 5, "delegated_user": {"upn": "c@d", "note": "kept"}}


@pytest.mark.parametrize(
    ("table", "why"),
    [
        ("text", r"\[instance.acme\] must be a table"),
        ({}, "origin"),
        ({"origin": 5, "user": "a"}, "origin"),
        ({"origin": ORIGIN}, "user"),
        ({"origin": ORIGIN, "way": "browser", "sign_in_for_me": True}, "user"),
        ({"origin": ORIGIN, "user": "a", "way": "by magic"}, "way .* one of"),
        ({"origin": ORIGIN, "user": "a", "kind": "holiday"}, "kind .* one of"),
        ({"origin": ORIGIN, "user": "a", "one_time_code": "yes"}, "one_time_code .* true or false"),
        ({"origin": ORIGIN, "user": "a", "credential_names": "One"}, "credential_names .* list"),
        ({"origin": ORIGIN, "user": "a", "credential_names": [1]}, "credential_names .* list"),
        ({"origin": ORIGIN, "user": "a", "delegated_user": "x"}, "delegated_user.* table"),
        ({"origin": ORIGIN, "user": "a", "delegated_user": {"mail": "x"}}, "upn"),
        ({"origin": ORIGIN, "user": "a", "certificate": 1}, "certificate"),
    ],
)
def test_a_value_that_cannot_be_is_named(table: object, why: str) -> None:
    with pytest.raises(BadSettings, match=why):
        entry_of(FILE, "acme", table)


def test_instances_are_tables() -> None:
    assert tables_in(FILE, {}) == {}
    with pytest.raises(BadSettings, match="must be a table"):
        tables_in(FILE, {"instance": []})


@pytest.mark.parametrize("way", [way for way in Way if way is not Way.PASSWORD])
def test_only_the_password_needs_a_user(way: Way) -> None:
    assert entry_of(FILE, "acme", {"origin": ORIGIN, "way": way.value}).user == ""


@pytest.mark.parametrize(
    ("entry", "asked", "may"),
    [
        (InstanceEntry("a", ORIGIN), (Need.USER, Need.PASSWORD), ()),
        (InstanceEntry("a", ORIGIN, way=Way.BROWSER), (), ()),
        (InstanceEntry("a", ORIGIN, way=Way.BROWSER, sign_in_for_me=True), (Need.USER, Need.PASSWORD), ()),
        (InstanceEntry("a", ORIGIN, sign_in_for_me=True), (Need.USER, Need.PASSWORD), ()),
        (InstanceEntry("a", ORIGIN, way=Way.API_KEY, sign_in_for_me=True), (Need.API_KEY, Need.USER, Need.PASSWORD), ()),
        (InstanceEntry("a", ORIGIN, way=Way.API_KEY, certificate="/x"), (Need.API_KEY,), (Need.PASSPHRASE,)),
        (InstanceEntry("a", ORIGIN, way=Way.CERTIFICATE, certificate="/x"), (Need.CERTIFICATE,), (Need.PASSPHRASE,)),
        (InstanceEntry("a", ORIGIN, way=Way.OAUTH), (Need.CLIENT_ID,), (Need.CLIENT_SECRET, Need.REDIRECT)),
    ],
)
def test_what_an_entry_has_to_be_told(entry: InstanceEntry, asked: tuple[Need, ...], may: tuple[Need, ...]) -> None:
    assert (entry.asked, entry.may_be_told) == (asked, may)


def test_a_broken_table_is_read_as_far_as_it_goes() -> None:
    found = readable(
        "acme", {"origin": ORIGIN, "user": "ada", "way": "api-key", "kind": "holiday", "one_time_code": "x", "ca_file": 1}
    )
    assert (found.origin, found.user, found.way, found.one_time_code, found.ca_file) == (ORIGIN, "ada", Way.API_KEY, False, "")
    assert readable("acme", "text") == InstanceEntry("acme", "")
    assert readable("acme", {"way": ["x"], "origin": None}) == InstanceEntry("acme", "")
