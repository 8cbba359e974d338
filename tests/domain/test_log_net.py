"""The second net catches what looks like a secret, and lets a line of the log through."""

from __future__ import annotations

import pytest

from exoalias.domain.log_net import SHAPES, caught

CAUGHT = {
    "a JSON web token": "eyJhbGciOiJSUzI1NiJ9",
    "a credential of HTTP": "Bearer abcd1234",
    "a named secret": '"password":"hunter2"',
    "a session of an instance": "JSESSIONID",
    "a key in a file's form": "-----BEGIN RSA",
    "an address with a user in it": "https://ada:geheim@proxy",
    "a mail address": "ada.keller@birkenfeld.example",
    "an address with a question": "/oauth.do?x=1",
    "an id": "0b6c1ed3-7f2a-4a53-8f3d-2d6d2f0c1a11",
    "a long run of digits": "123456",
    "an opaque token": "Zx81kQpWnn3LLaa0",
}


def test_each_shape_has_its_example() -> None:
    assert set(CAUGHT) == {words for words, _shape in SHAPES}


@pytest.mark.parametrize("words", CAUGHT)
def test_it_catches(words: str) -> None:
    assert caught(f'{{"event":"x","y":"{CAUGHT[words]}"}}') == words or caught(CAUGHT[words]) == words


@pytest.mark.parametrize("line", ["a\nb", "a\x1b[31m", "é", "a\u2028b", "\x00"])
def test_what_is_not_printed_is_caught(line: str) -> None:
    assert caught(line) == "a character that is not printed"


@pytest.mark.parametrize(
    "named", ["pwd=x", "token: x", "cookie=x", "code%3Dx", "g_ck = x", "api-key:x", 'state\\":\\"x', "CODE=1"]
)
def test_a_name_with_a_value_is_caught(named: str) -> None:
    assert caught(named) == "a named secret"


def test_a_line_of_the_log_passes() -> None:
    line = (
        '{"at":"2026-03-04T12:00:00.123Z","run":12345,"level":"error","event":"unexpected","error":"a kind of KeyError",'
        '"problem":"first-use","places":["adapters/browser/session.py:204 _on_request","12 of other code"],'
        '"path":"/api/now/table/oauth_2_0_credentials/{id}","instance":"instance-badolemi"}'
    )
    assert caught(line) == ""
