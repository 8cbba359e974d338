"""Casts as data."""

from __future__ import annotations

from base64 import b32decode

import pytest

from exoalias.simulator.cast import draw


@pytest.mark.parametrize("seed", range(20))
def test_people_are_told_apart(seed: int) -> None:
    people = draw(seed).people
    assert len({person.object_id for person in people.values()}) == len(people)
    assert len({person.upn for person in people.values()}) == len(people)
    assert all(person.upn == person.upn.lower() and person.upn.isascii() for person in people.values())
    assert people["delegated"].display_name == people["namesake"].display_name
    assert people["guest"].guest_object_id
    assert people["guest"].home != people["delegated"].home


def test_a_seed_is_a_world() -> None:
    assert draw(7) == draw(7) != draw(8)
    assert draw() != draw()
    assert draw(7).sys_id("a") == draw(7).sys_id("a") != draw(8).sys_id("a")
    assert draw(7).stream("a").random() == draw(7).stream("a").random() != draw(7).stream("b").random()


def test_every_world_has_keys_of_its_own() -> None:
    first, second = draw(7).keys, draw(8).keys
    assert len(b32decode(first.code_seed)) == 20
    assert not first.public.secret
    assert first.confidential.secret
    secrets = {key for keys in (first, second) for key in (keys.api_key, keys.code_seed, keys.confidential.secret)}
    clients = {c.client_id for keys in (first, second) for c in (keys.public, keys.confidential)}
    assert (len(secrets), len(clients)) == (6, 4)
