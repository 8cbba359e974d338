"""Secrets are measured before anything is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.keeping.entries import InstanceEntry
from exoalias.adapters.keeping.kept import Kept
from exoalias.adapters.keeping.secret import Secret
from exoalias.adapters.keeping.settings import Places
from exoalias.adapters.keeping.vault import MOST_BYTES, bytes_of
from exoalias.app.safekeeping import keep, may_hold, measure
from exoalias.app.world import World
from exoalias.domain.problems import NoVault, SecretTooLong
from exoalias.domain.ways import Way

if TYPE_CHECKING:
    from pathlib import Path

ENTRY = InstanceEntry("acme", "https://acme.service-now.com", way=Way.OAUTH, client_id="c")
LONG = Kept(client_secret=Secret("s" * 40), refresh_token=Secret("r" * 1250))


def test_the_longest_secret_is_named_with_the_room_there_is() -> None:
    with pytest.raises(SecretTooLong, match="The refresh token of acme is too long") as met:
        measure(ENTRY, LONG)
    assert str(MOST_BYTES) in met.value.words
    assert "rrr" not in f"{met.value!r} {met.value.facts}"


def test_the_whole_item_counts_not_the_secret_alone() -> None:
    most = (MOST_BYTES - bytes_of(Kept(password=Secret("")).to_text())) // 2
    measure(ENTRY, Kept(password=Secret("x" * most)))
    with pytest.raises(SecretTooLong):
        measure(ENTRY, Kept(password=Secret("x" * (most + 1))))


@pytest.mark.usefixtures("no_keyring")
def test_what_is_too_long_is_refused_before_the_keyring_is_asked(tmp_path: Path) -> None:
    world = World.real(places=Places.below(tmp_path))
    with pytest.raises(SecretTooLong):
        keep(world, ENTRY, LONG)
    with pytest.raises(NoVault):
        keep(world, ENTRY, Kept(client_secret=Secret("short")))
    keep(world, ENTRY, LONG, lasting=False)
    assert world.kept(ENTRY).refresh_token is not None


def test_a_run_that_keeps_nothing_takes_it_into_memory(tmp_path: Path) -> None:
    world = World.real(places=Places.below(tmp_path), this_run_only=True)
    keep(world, ENTRY, LONG)
    assert world.kept(ENTRY).held.keys() == {"client_secret", "refresh_token"}


@pytest.mark.parametrize(
    ("entry", "holds"),
    [
        (InstanceEntry("a", "x", way=Way.BROWSER), False),
        (InstanceEntry("a", "x", way=Way.BROWSER, sign_in_for_me=True), True),
        (InstanceEntry("a", "x", way=Way.BROWSER, certificate="/c.pem"), True),
        (InstanceEntry("a", "x"), True),
        (ENTRY, True),
    ],
)
def test_whether_anything_may_be_kept(entry: InstanceEntry, holds: bool) -> None:
    assert may_hold(entry) is holds
