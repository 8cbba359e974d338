"""One keyring item for each instance: what goes in comes out, and nothing shows itself."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exoalias.adapters.keeping.kept import Kept
from exoalias.adapters.keeping.secret import Secret

FIELDS = ("password", "api_key", "client_secret", "refresh_token", "passphrase")
TEXTS = st.dictionaries(st.sampled_from(FIELDS), st.text(st.characters(exclude_categories=["Cs"]), min_size=1))


def plain(kept: Kept) -> dict[str, str]:
    return {name: secret.reveal() for name, secret in kept.held.items()}


@given(TEXTS)
def test_what_is_kept_comes_back(texts: dict[str, str]) -> None:
    kept = Kept(**{name: Secret(text) for name, text in texts.items()})
    assert plain(Kept.from_text(kept.to_text())) == texts
    assert bool(kept) is bool(texts)


@given(st.text())
def test_an_item_somebody_put_there_by_hand_is_a_password(text: str) -> None:
    found = Kept.from_text(text)
    assert plain(found) == {"password": text}


@pytest.mark.parametrize(
    ("item", "held"),
    [
        ('{"v":1,"password":"x","later":"y"}', {"password": "x"}),
        ('{"v":1,"password":"","api_key":5}', {}),
        ('{"v":2,"password":"x"}', {"password": '{"v":2,"password":"x"}'}),
        ('["v",1]', {"password": '["v",1]'}),
        ("[" * 100_000, {"password": "[" * 100_000}),
        (None, {}),
    ],
)
def test_items_of_other_shapes(item: str | None, held: dict[str, str]) -> None:
    assert plain(Kept.from_text(item)) == held


def test_newer_secrets_take_the_place_of_their_kind_alone() -> None:
    old = Kept(client_secret=Secret("old"), refresh_token=Secret("token"))
    assert plain(old.overlaid(Kept(client_secret=Secret("new")))) == {"client_secret": "new", "refresh_token": "token"}
    assert plain(old.overlaid(Kept())) == plain(old)


def test_the_longest_is_named() -> None:
    assert Kept().longest == ""
    assert Kept(password=Secret("short"), refresh_token=Secret("much longer")).longest == "refresh_token"


def test_umlauts_take_no_more_room_than_they_have_to() -> None:
    assert json.loads(Kept(password=Secret("ä€")).to_text()) == {"v": 1, "password": "ä€"}
    assert "ä€" in Kept(password=Secret("ä€")).to_text()


def test_nothing_shows_itself() -> None:
    kept = Kept(password=Secret("hush-1"), refresh_token=Secret("hush-2"))
    assert "hush" not in f"{kept!r} {kept} {kept.held}"
