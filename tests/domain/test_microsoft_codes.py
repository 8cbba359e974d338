"""The table of numbered errors: large enough, each row whole, with words of its own, and a page that can be opened."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import urlsplit

import pytest

from exoalias.domain import error_sources, sources
from exoalias.domain.meaning import Meaning, Who
from exoalias.domain.microsoft_codes import CODES

# The codes an admin of this procedure meets most, by the troubleshooting pages and the field's own reports.
EXPECTED = (
    "50011 50020 50034 50053 50055 50057 50058 50072 50074 50076 50079 50105 50126 50173 50178 53000 53001 53003 54005 65001 "
    "65004 70008 70011 70043 90002 90014 90072 90094 135010 500011 700016 700082 900144 7000215 7000222 9002313"
).split()
HOSTS = {"learn.microsoft.com", "support.servicenow.com"}


def test_the_table_is_large_enough_and_holds_what_is_met_most() -> None:
    assert len(CODES) >= 100
    assert {f"AADSTS{code}" for code in EXPECTED} <= set(CODES)


@pytest.mark.parametrize("code", sorted(CODES))
def test_each_row_is_whole(code: str) -> None:
    meaning = CODES[code]
    assert meaning.code == code
    assert re.fullmatch(r"AADSTS[1-9][0-9]{4,6}", code)
    assert meaning.title
    assert meaning.title == meaning.title.strip(" .")
    assert meaning.cause.endswith(".")
    assert meaning.remedy.endswith(".")
    assert isinstance(meaning.who, Who)
    assert meaning.known


@pytest.mark.parametrize("code", sorted(CODES))
def test_each_row_names_the_page_it_rests_on(code: str) -> None:
    source = CODES[code].source
    address = urlsplit(source.url)
    assert source.title
    assert address.scheme == "https"
    assert address.hostname in HOSTS
    assert address.path.strip("/")
    assert source in [*vars(sources).values(), *vars(error_sources).values()], "its name stands once, in sources"


def _repeated(part: str) -> list[str]:
    return [text for text, count in Counter(getattr(row, part) for row in CODES.values()).items() if count > 1]


def test_no_two_rows_say_the_same() -> None:
    assert _repeated("title") == []
    assert _repeated("cause") == []
    said = Counter((row.cause, row.remedy) for row in CODES.values())
    assert max(said.values()) == 1


def test_the_same_remedy_is_rare() -> None:
    """Two policies may be looked up in the same log; otherwise each cause has a way out of its own."""
    assert len(_repeated("remedy")) <= 3


@pytest.mark.parametrize("who", [Who.PERSON, Who.ENTRA, Who.SERVICENOW, Who.BOTH, Who.LATER])
def test_each_kind_of_person_has_something_to_do_somewhere(who: Who) -> None:
    assert [row for row in CODES.values() if row.who is who]


def test_an_administrators_remedy_is_not_asked_of_the_person_alone() -> None:
    """Whoever signs in can't grant consent, exempt somebody or change a policy."""
    admins = re.compile(r"grant admin consent|exempt|in Entra\b|switch off|enable", re.IGNORECASE)
    assert [row.code for row in CODES.values() if row.who is Who.PERSON and admins.search(row.remedy)] == []


def _by(who: Who) -> list[Meaning]:
    return [row for row in CODES.values() if row.who is who]


def test_what_passes_by_itself_is_tried_again() -> None:
    assert all(
        re.search(r"try again|start the sign-in again|then try again", row.remedy, re.IGNORECASE) for row in _by(Who.LATER)
    )
