"""The pages the rules rest on: public addresses, each said once."""

from __future__ import annotations

from urllib.parse import urlsplit

from exoalias.domain import sources
from exoalias.domain.checklist import Source
from exoalias.domain.rules import RULES

PAGES = {name: value for name, value in vars(sources).items() if isinstance(value, Source)}
HOSTS = {"www.servicenow.com", "support.servicenow.com", "learn.microsoft.com"}


def test_every_page_is_public_and_titled() -> None:
    assert len(PAGES) > 10
    for name, page in PAGES.items():
        address = urlsplit(page.url)
        assert address.scheme == "https", name
        assert address.netloc in HOSTS, name
        assert page.title.strip() == page.title != "", name


def test_no_page_stands_twice() -> None:
    urls = [page.url for page in PAGES.values()]
    assert len(urls) == len(set(urls))


def test_every_page_a_rule_names_stands_here() -> None:
    used = {source for rule in RULES for source in rule.sources}
    assert used <= set(PAGES.values())
