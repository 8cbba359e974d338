"""What one check tells the next."""

from __future__ import annotations

import json

from hypothesis import given

from exoalias.adapters.instance.columns import PROVIDER
from exoalias.adapters.instance.remembered import Remembered
from tests.adapters.instance.test_rows import json_values


def test_there_and_back() -> None:
    kept = Remembered(ids={"credentials": frozenset({"b", "a"})}, columns={PROVIDER: {"alias": "u_alias"}})
    assert Remembered.from_json(json.loads(json.dumps(kept.to_json()))) == kept
    assert Remembered.from_json({}) == Remembered()


def test_ids_that_could_not_be_ids_are_forgotten() -> None:
    odd = {"ids": {"credentials": ["a^NQ", 5, None, "ok"], "strangers": ["x"], "profiles": "abc"}}
    assert Remembered.from_json(odd) == Remembered(ids={"credentials": frozenset({"ok"})})


@given(json_values)
def test_anything_can_be_in_the_journal(value: object) -> None:
    Remembered.from_json(value)
    Remembered.from_json({"ids": value, "columns": value})
    Remembered.from_json({"ids": {"credentials": value}, "columns": {PROVIDER: value}})
