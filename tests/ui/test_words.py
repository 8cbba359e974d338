"""Words pass through one function; stretched ones keep their facts."""

from __future__ import annotations

import pytest

from exoalias.ui import words
from exoalias.ui.words import _, plural


def test_facts_are_filled_in_and_braces_without_facts_stay() -> None:
    assert _("Checking {name}", name="acme {x}") == "Checking acme {x}"
    assert _("as {it} stands") == "as {it} stands"


@pytest.mark.parametrize(("count", "text"), [(0, "0 changes"), (1, "1 change"), (7, "7 changes")])
def test_plural(count: int, text: str) -> None:
    assert plural(count, "{n} change", "{n} changes") == text


def test_stretching_is_about_german_and_leaves_facts_alone() -> None:
    words.stretch(on=True)
    try:
        text = _("Review the plan of {instance}", instance="acme")
    finally:
        words.stretch(on=False)
    assert text.endswith("acme")
    assert 1.2 < len(text) / len("Review the plan of acme") < 1.6
