"""An error's meaning is a frozen value, and who must act is one of a few."""

from __future__ import annotations

import dataclasses

import pytest

from exoalias.domain import error_sources
from exoalias.domain.meaning import Meaning, Who


def test_it_can_not_be_changed() -> None:
    meaning = Meaning("x", "t", "c.", "r.", Who.ENTRA, error_sources.ERROR_CODES)
    assert meaning.known
    with pytest.raises(dataclasses.FrozenInstanceError):
        meaning.code = "y"  # type: ignore[misc] # on purpose


def test_everybody_who_may_have_to_act_has_words_of_their_own() -> None:
    assert len({who.value for who in Who}) == len(Who)
    assert {who.name for who in Who} == {"PERSON", "ENTRA", "EXCHANGE", "SERVICENOW", "BOTH", "LATER"}
