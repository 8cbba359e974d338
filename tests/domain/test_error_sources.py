"""Each page an error's explanation rests on is public, named once, and used."""

from __future__ import annotations

from exoalias.domain import error_sources, sources
from exoalias.domain.checklist import Source
from exoalias.domain.microsoft_codes import CODES
from exoalias.domain.oauth_errors import LAST, OAUTH, PHRASES

PAGES = [value for value in vars(error_sources).values() if isinstance(value, Source)]
HOSTS = (
    "https://www.servicenow.com/docs/r/",
    "https://www.servicenow.com/community/",
    "https://support.servicenow.com/kb?",
    "https://learn.microsoft.com/en-us/",
)


def test_they_are_public_pages_each_once() -> None:
    assert all(page.url.startswith(HOSTS) and page.title for page in PAGES)
    rules = {value.url for value in vars(sources).values() if isinstance(value, Source)}
    assert len({page.url for page in PAGES} | rules) == len(PAGES) + len(rules)


def test_all_are_used() -> None:
    used = {m.source.url for m in (*CODES.values(), *OAUTH.values(), *(m for _, m in (*PHRASES, *LAST)))}
    assert {page.url for page in PAGES} <= used


def test_what_only_a_forum_says_is_named_as_such() -> None:
    assert all("community" in page.title for page in PAGES if "/community/" in page.url)
