"""The catalogue is used when asked for, facts are filled in, and stretched text keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from exoalias.adapters import wording
from exoalias.adapters.wording import _, plural, told
from exoalias.domain.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    yield
    wording.use("en")
    wording.stretch(on=False)


def test_english_is_what_is_written() -> None:
    said = say("{name} is read-only.", name="acme")
    assert told(said) is said
    assert _("Checking {name}", name="acme {x}") == "Checking acme {x}"
    assert _("as {it} stands") == "as {it} stands"
    assert _("") == ""
    assert wording.language() == "en"


def test_german_comes_from_the_catalogue() -> None:
    wording.use("de")
    assert wording.language() == "de"
    assert _("cannot tell") == "unklar"
    assert told(say("Signed in as {user_name} ({display_name}).", user_name="u", display_name="d")).startswith("Angemeldet als u")
    assert _("nobody ever wrote this") == "nobody ever wrote this"
    assert _("") == ""


def test_an_instance_called_like_a_word_of_ours_keeps_its_name() -> None:
    wording.use("de")
    assert _("production") == "Produktion"
    assert told("production") == "production"
    assert told(say("production")) == "Produktion"


def test_sentences_among_the_facts_are_german_too() -> None:
    wording.use("de")
    assert _("{says} …", says=say("cannot tell")) == "unklar …"


def test_a_language_without_a_catalogue_is_english() -> None:
    wording.use("de")
    wording.use("fr")
    assert _("cannot tell") == "cannot tell"
    assert wording.language() == "en"


@pytest.mark.parametrize(("count", "text"), [(0, "0 checks"), (1, "1 check"), (7, "7 checks"), (12_000, "12,000 checks")])
def test_plural(count: int, text: str) -> None:
    assert plural(count, "{n} check", "{n} checks") == text


def test_numbers_are_set_apart_as_the_language_does() -> None:
    wording.use("de")
    assert plural(12_000, "{n} check", "{n} checks").startswith("12.000 ")


def test_stretching_is_about_german_and_leaves_facts_alone() -> None:
    wording.stretch(on=True)
    text = _("Review the plan of {instance}", instance="acme")
    assert text.endswith("acme")
    assert 1.2 < len(text) / len("Review the plan of acme") < 1.6
    assert told(say("{name} is here", name="acme")).startswith("acme ")
