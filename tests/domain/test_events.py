"""What a running verb tells its face: every kind is told of, none can be changed on the way, none can carry a secret."""

from __future__ import annotations

import dataclasses
from typing import get_args

import pytest

from exoalias.domain import events
from exoalias.domain.events import Phase, SignInPhase
from exoalias.domain.records import SysId

KINDS = get_args(events.Event)


def test_every_event_of_the_file_may_be_told() -> None:
    there = {kind for kind in vars(events).values() if dataclasses.is_dataclass(kind)}
    assert there == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_no_event_has_room_for_an_address_or_a_code(kind: type) -> None:
    names = {field.name for field in dataclasses.fields(kind)}
    assert not {"url", "address", "code", "state", "token", "password", "secret"} & names


def test_an_event_stays_as_it_was_told() -> None:
    told = SignInPhase(SysId("c0" * 16), "MS Graph 1", "svc@acme.example", Phase.WHO, 12.5)
    with pytest.raises(dataclasses.FrozenInstanceError):
        told.phase = Phase.DONE  # type: ignore[misc]  # that it can't be done is what is tested
    assert (told.can_continue, told.instance_window_user) == (False, "")


def test_each_phase_says_something_of_its_own() -> None:
    words = [phase.value for phase in Phase]
    assert len(set(words)) == len(words)
    assert all(word[0].isupper() and not word.endswith(".") for word in words)
