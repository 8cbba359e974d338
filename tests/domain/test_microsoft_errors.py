"""Every code has its cause, remedy and who; what is not known degrades to a safe text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exoalias.domain.microsoft_errors import PHRASES, TABLE, Meaning, explain

CODES = sorted(TABLE)
# The codes an admin of this procedure meets most, by the troubleshooting pages and the field's own reports.
EXPECTED = (
    "50011 50020 50058 50076 50105 50126 50173 50178 53003 65001 65004 70043 700016 700082 7000215 7000222 90014 90072".split()
)


def test_the_table_is_large_enough_and_holds_what_is_met_most() -> None:
    assert len(TABLE) >= 25
    assert {f"AADSTS{code}" for code in EXPECTED} <= set(TABLE)


@pytest.mark.parametrize("code", CODES)
def test_each_code_is_whole_and_found_however_it_is_written(code: str) -> None:
    meaning = TABLE[code]
    number = code.removeprefix("AADSTS")
    assert meaning.title
    assert meaning.cause.endswith(".")
    assert meaning.remedy.endswith(".")
    assert re.match(r"(an Entra administrator|you|whoever)", meaning.who)
    for text in (
        code,
        code.lower(),
        number,
        f"Sorry … {code}: something. Trace ID: 1234",
        f"Error code: {number}",
        f"AADSTS {number}",
    ):
        assert explain(text) is meaning, text


@pytest.mark.parametrize(("phrase", "meaning"), PHRASES)
def test_sentences_without_a_number_are_found(phrase: str, meaning: Meaning) -> None:
    assert explain(f"Oh. {phrase.upper()}  …") is meaning


def test_an_apostrophe_of_either_kind_is_the_same() -> None:
    assert explain("You can’t get there from here") is TABLE["AADSTS53000"]


@pytest.mark.parametrize("text", ["", "AADSTS99999", "Trace ID: 50126", "12", "hello"])
def test_what_is_unknown_is_said_calmly(text: str) -> None:
    meaning = explain(text)
    assert meaning.code == ""
    assert "login.microsoftonline.com/error" in meaning.remedy


def test_a_known_code_after_an_unknown_one_is_found() -> None:
    assert explain("AADSTS99999 then AADSTS50126") is TABLE["AADSTS50126"]


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    assert explain(text).cause
