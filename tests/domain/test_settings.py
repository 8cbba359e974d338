"""The table of settings has words for people, and is the whole of Settings."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import pytest

from exoalias.domain.setting import Kind
from exoalias.domain.settings import SETTINGS, Settings, built_in, setting

if TYPE_CHECKING:
    from exoalias.domain.setting import Setting


def test_the_table_is_the_whole_of_settings() -> None:
    assert sorted(known.name for known in SETTINGS) == sorted(field.name for field in fields(Settings))


@pytest.mark.parametrize("known", SETTINGS, ids=lambda known: known.name)
def test_each_has_words_and_bounds(known: Setting) -> None:
    assert known.title
    assert not known.title.endswith(".")
    assert known.words.endswith(".")
    assert known.takes
    assert known.variable == f"EXOALIAS_{known.name.upper()}"
    assert known.read(known.plain(built_in(known))) == built_in(known)
    assert (known.kind is Kind.NUMBER) == bool(known.highest) == bool(known.unit)
    assert (known.kind in {Kind.PATH, Kind.PROXY}) == bool(known.blank)
    assert (known.kind is Kind.CHOICE) == bool(known.choices)
    assert setting(known.name) is known


def test_groups_stand_together() -> None:
    groups = [known.group for known in SETTINGS]
    assert groups == sorted(groups, key=groups.index)


def test_no_session_lasts_longer_than_half_a_day() -> None:
    assert next(known for known in SETTINGS if known.name == "longest_hours").highest == 12


def test_an_unknown_one() -> None:
    assert setting("colour") is None
