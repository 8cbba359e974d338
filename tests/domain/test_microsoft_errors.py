"""Every code is found however it is written; what is not known degrades to a safe text; nothing pasted is repeated."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exoalias.domain.microsoft_errors import PHRASES, TABLE, explain
from exoalias.domain.oauth_errors import OAUTH

if TYPE_CHECKING:
    from exoalias.domain.meaning import Meaning

CODES = sorted(TABLE)
SECRET = "0.AXsA-s3cret_code.AgABAAEAAAD"
ROWS = [*TABLE.values(), *(meaning for _, meaning in PHRASES)]


def test_there_is_much_that_is_known() -> None:
    assert len(TABLE) >= 40
    assert len({meaning.code for meaning in ROWS}) >= 120


@pytest.mark.parametrize("code", CODES)
def test_each_code_is_found_however_it_is_written(code: str) -> None:
    meaning, number = TABLE[code], code.removeprefix("AADSTS")
    for text in (
        code,
        code.lower(),
        number,
        f"Sorry … {code}: something. Trace ID: 1234",
        f"Error code: {number}",
        f"Error Code {number}",
        f"Fehlercode: {number}",
        f"Fehler-Code: {number}",
        f"Es tut uns leid …\nFehlercode:  {number}\nKorrelations-ID: 7e000000-0000-4000-8000-00000000aaaa",
        f"AADSTS {number}",
        f"https://login.microsoftonline.com/error?code={number}",
        f"OAuth flow failed. Verify the configurations and try again. Error detail:invalid_client, {code}: it said, https://x.example",
    ):
        assert explain(text) is meaning, text


@pytest.mark.parametrize(("phrase", "meaning"), PHRASES)
def test_sentences_without_a_number_are_found(phrase: str, meaning: Meaning) -> None:
    assert explain(f"Oh. {phrase.upper()}  …") is meaning


@pytest.mark.parametrize("word", sorted(OAUTH))
def test_an_oauth_word_is_found_alone_in_an_address_and_on_the_instances_page(word: str) -> None:
    meaning = OAUTH[word]
    for text in (
        word,
        f"error={word}",
        f"https://acme.service-now.com/oauth_redirect.do?error={word}&error_description=x&state=1",
        f"OAuth flow failed. Verify the configurations and try again. Error detail:{word}, , ",
        f'{{"error":"{word}","error_description":""}}',
    ):
        assert explain(text) is meaning, text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("OAuth flow failed. Verify the configurations and try again.", "OAuth flow failed"),
        ("OAuth flow failed … Error detail:invalid_request, Missing State parameter in request., ", "invalid_request"),
        ("Missing State parameter in request.", "Missing State"),
        ("Missing or invalid state", "Missing State"),
        ("OAuth Refresh token is expired. Verify the OAuth configuration and click …", "OAuth token is expired"),
        ("OAuth Access or Refresh tokens are not available. Verify …", "OAuth tokens are not available"),
        ("OAuth token flow completed successfully", "OAuth token flow completed"),
        (
            "User Not Authenticated. Could not retrieve a new access token with the refresh token.",
            "Could not retrieve a new access token",
        ),
        ('"code": "MailboxNotEnabledForRESTAPI"', "MailboxNotEnabledForRESTAPI"),
    ],
)
def test_what_the_instance_says(text: str, code: str) -> None:
    assert explain(text).code == code


def test_an_apostrophe_of_either_kind_is_the_same() -> None:
    assert explain("You can’t get there from here") is TABLE["AADSTS53000"]


@pytest.mark.parametrize(
    "text", ["", "Trace ID: 50126", "12", "hello", "access_denied_not", "Error code: 5012", "error 50126000000"]
)
def test_what_is_unknown_is_said_calmly(text: str) -> None:
    meaning = explain(text)
    assert not meaning.known
    assert meaning.code == ""
    assert "login.microsoftonline.com/error" in meaning.remedy


@pytest.mark.parametrize(
    "text", ["AADSTS99999", f"aadsts:99999 code={SECRET}", f"https://login.x.example/error?code=99999&c={SECRET}"]
)
def test_an_unknown_code_is_named_and_nothing_else(text: str) -> None:
    meaning = explain(text)
    assert (meaning.code, meaning.known) == ("AADSTS99999", False)
    assert SECRET not in repr(meaning)


def test_a_number_that_may_be_anything_is_not_named() -> None:
    assert explain("Error code: 99999").code == ""
    assert explain("99999").code == ""


def test_a_known_code_after_an_unknown_one_is_found() -> None:
    assert explain("AADSTS99999 then AADSTS50126") is TABLE["AADSTS50126"]


def test_digits_of_other_scripts_are_no_code() -> None:
    assert not explain("AADSTS٥٠١٢٦").known


SAID = st.one_of(
    st.text(),
    st.sampled_from([*CODES, *OAUTH, "AADSTS99999", "Fehlercode: 50126", "oauth flow failed", "&code=", "state=1", "\x00", "’"]),
)


@given(st.lists(SAID, max_size=12), st.text(alphabet="abcdefghXYZ0123456789-_.", min_size=12, max_size=40))
def test_no_text_breaks_it_and_nothing_of_it_is_repeated(parts: list[str], secret: str) -> None:
    marked = f"zq{secret}qz"
    meaning = explain(marked.join(parts) + marked)
    assert meaning.cause
    assert marked not in repr(meaning)
    assert meaning in ROWS or (not meaning.known and (not meaning.code or meaning.code.removeprefix("AADSTS").isdecimal()))


@pytest.mark.parametrize(
    "text", ["aadsts " * 400_000, "error code " * 300_000, "_a" * 1_000_000, "\n" * 2_000_000, "5" * 2_000_000]
)
def test_a_text_without_end_is_answered_at_once(text: str) -> None:
    started = time.monotonic()
    explain(text)
    assert time.monotonic() - started < 2
