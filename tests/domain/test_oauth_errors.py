"""Errors without a number: OAuth's words, an instance's sentences, Exchange's."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest

from exoalias.domain import error_sources, sources
from exoalias.domain.meaning import Meaning, Who
from exoalias.domain.oauth_errors import LAST, OAUTH, PHRASES

ROWS = list({id(meaning): meaning for meaning in (*OAUTH.values(), *(m for _, m in (*PHRASES, *LAST)))}.values())
HOSTS = {"learn.microsoft.com", "support.servicenow.com", "www.servicenow.com"}


def test_oauths_own_words_are_there() -> None:
    wanted = (
        "access_denied interaction_required invalid_client invalid_grant invalid_request server_error temporarily_unavailable"
    )
    assert set(wanted.split()) <= set(OAUTH)
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)+", word) for word in OAUTH)


@pytest.mark.parametrize("meaning", ROWS, ids=lambda meaning: meaning.code)
def test_each_row_is_whole_and_names_its_page(meaning: Meaning) -> None:
    assert meaning.code
    assert meaning.title == meaning.title.strip(" .")
    assert meaning.cause.endswith(".")
    assert meaning.remedy.endswith(".")
    assert isinstance(meaning.who, Who)
    assert urlsplit(meaning.source.url).hostname in HOSTS
    assert meaning.source in [*vars(sources).values(), *vars(error_sources).values()]


def test_no_two_rows_say_the_same() -> None:
    for part in ("code", "title", "cause", "remedy"):
        assert len({getattr(row, part) for row in ROWS}) == len(ROWS), part


def test_phrases_are_written_as_they_are_looked_for() -> None:
    for phrase, _ in (*PHRASES, *LAST):
        assert phrase == " ".join(phrase.lower().split())


def test_an_exchange_administrator_has_something_to_do() -> None:
    assert [row.code for row in ROWS if row.who is Who.EXCHANGE] == ["MailboxNotEnabledForRESTAPI", "resource not found"]
