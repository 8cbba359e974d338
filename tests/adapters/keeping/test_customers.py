"""Customers' folders: right for every file system, one for each customer, whatever the name."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exoalias.adapters.keeping.customers import LONGEST, is_slug, key_of, slug_of, tidy
from exoalias.domain.problems import UsageProblem

NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=LONGEST).filter(lambda text: text.split())
RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}


@given(NAMES)
def test_a_folder_is_plain_short_and_never_reserved(name: str) -> None:
    slug = slug_of(name)
    assert is_slug(slug)
    assert len(slug) <= 48
    assert slug == slug.lower()
    assert slug.isascii()
    assert slug.partition(".")[0] not in RESERVED
    assert not slug.endswith((".", " ", "-"))


@given(NAMES, NAMES)
def test_two_customers_never_share_a_folder(one: str, other: str) -> None:
    assert (slug_of(one) == slug_of(other)) == (key_of(one) == key_of(other))


@pytest.mark.parametrize("name", ["CON", "nul", "com1", "aux.txt", "..", "/", "a/b", "a\\b", "东京", "🙂", "-", "a" * 80])
def test_hard_names(name: str) -> None:
    assert is_slug(slug_of(name))
    assert slug_of(name) not in RESERVED


@pytest.mark.parametrize(
    ("one", "other"),
    [("ACME", "acme"), ("Straße", "STRASSE"), ("Acme  GmbH", " acme gmbh "), ("Müller", unicodedata.normalize("NFD", "Müller"))],
)
def test_spellings_of_one_customer(one: str, other: str) -> None:
    assert slug_of(one) == slug_of(other)


@pytest.mark.parametrize(("one", "other"), [("a b", "a-b"), ("ä", "a"), ("acme", "acme ag"), ("a" * 79, "a" * 80)])
def test_alike_is_not_the_same(one: str, other: str) -> None:
    assert slug_of(one) != slug_of(other)


def test_names_are_tidied_or_refused() -> None:
    assert tidy("  Acme   GmbH ") == "Acme GmbH"
    assert tidy("") == ""
    assert tidy(unicodedata.normalize("NFD", "Müller")) == "Müller"
    for bad in ("a\x00b", "x" * (LONGEST + 1), "a\u202eb"):
        with pytest.raises(UsageProblem, match="80 characters"):
            tidy(bad)


@pytest.mark.parametrize("text", ["", "..", "a/b", "A", "a--b", "-a", "a-", "a.b", "a\n"])
def test_what_is_no_folder_of_ours(text: str) -> None:
    assert not is_slug(text)
