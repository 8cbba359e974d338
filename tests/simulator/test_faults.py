"""Faults as data."""

from __future__ import annotations

from dataclasses import fields

from exoalias.simulator.faults import Faults

# What is no fault but the ordinary length or way of something.
ORDINARY = {"access_token_s": 1800.0, "session_dies_as": "401"}


def test_nothing_goes_wrong_by_itself() -> None:
    on = {field.name: getattr(Faults(), field.name) for field in fields(Faults) if getattr(Faults(), field.name)}
    assert on == ORDINARY
