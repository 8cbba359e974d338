"""The table of ways in: whole, in words, and fit for forms and documents."""

from __future__ import annotations

import pytest

from exoalias.domain.ways import WAYS, Need, Way, WayIn, way_in


def test_every_way_is_there_once_and_the_browser_is_offered_first() -> None:
    assert [each.way for each in WAYS] == list(dict.fromkeys(each.way for each in WAYS))
    assert {each.way for each in WAYS} == set(Way)
    assert WAYS[0].way is Way.BROWSER
    assert all(way_in(way).way is way for way in Way)


@pytest.mark.parametrize("entry", WAYS, ids=lambda each: each.way.value)
def test_each_is_explained(entry: WayIn) -> None:
    assert entry.title
    assert not entry.title.endswith(".")
    for text in (entry.explains, entry.keeps, entry.refused):
        assert text.endswith(".")
        assert len(text.split()) >= 5
    assert entry.source


@pytest.mark.parametrize("entry", WAYS, ids=lambda each: each.way.value)
def test_what_is_needed_is_not_also_optional(entry: WayIn) -> None:
    assert not set(entry.needs) & set(entry.may_need)


@pytest.mark.parametrize("entry", WAYS, ids=lambda each: each.way.value)
def test_what_is_said_to_be_kept_is_kept(entry: WayIn) -> None:
    """A way that takes a secret says that the keyring holds it; one that takes none does not claim so."""
    keeps = any(need.secret for need in (*entry.needs, *entry.may_need))
    assert ("keyring" in entry.keeps) is keeps


def test_fields_and_secrets_have_the_names_of_what_holds_them() -> None:
    from dataclasses import fields

    from exoalias.adapters.keeping.entries import InstanceEntry
    from exoalias.adapters.keeping.kept import Kept

    settings, secrets = set(InstanceEntry._fields), {each.name for each in fields(Kept)}
    assert {need.value for need in Need if need.secret} <= secrets
    assert {need.value for need in Need if not need.secret} <= settings
    assert not settings & secrets
