"""What a filter looks through: the same lines as a plain search finds, whatever was looked for before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from exoalias.ui.haystack import Haystack
from tests.ui.crowd import known

if TYPE_CHECKING:
    from exoalias.ui.known import Known


def name_of(one: Known) -> str:
    return one.entry.name


def filled(*names: str) -> tuple[Haystack, list[Known]]:
    lines = [known(name) for name in names]
    texts = Haystack(name_of)
    texts.fill(lines)
    return texts, lines


_WORDS = st.lists(st.text("abc", min_size=1, max_size=3), max_size=3)


@given(st.lists(st.text("abc ", max_size=6), max_size=12), st.lists(_WORDS, max_size=8))
def test_it_finds_what_a_plain_search_finds_whatever_was_looked_for_before(names: list[str], searches: list[list[str]]) -> None:
    texts, _lines = filled(*names)
    for words in searches:
        assert list(texts.holding(words)) == [at for at, name in enumerate(names) if all(word in name for word in words)]


def test_as_one_types_only_what_was_found_is_looked_through() -> None:
    texts, _lines = filled("acme", "acme test", "calder")
    assert texts.holding(["ac"]) == [0, 1]
    texts._texts[2] = "acme too"
    assert texts.holding(["acm"]) == [0, 1], "the third one was not looked at again"
    assert texts.holding(["me"]) == [0, 1, 2]


def test_what_changed_is_found_by_its_new_text() -> None:
    texts, lines = filled("acme", "calder")
    assert texts.holding(["ac"]) == [0]
    lines[1].entry = lines[1].entry._replace(name="acre")
    texts.renew(1)
    assert texts.holding(["ac"]) == [0, 1]
    texts.fill(lines[1:])
    texts.renew(0)
    assert texts.holding(["ac"]) == [0]


def test_texts_are_made_in_portions() -> None:
    texts, _lines = filled(*"abcde")
    assert [texts.prepare(2), texts.prepare(2), texts.prepare(2), texts.prepare(2)] == [True, True, False, False]
    assert texts.holding(["e"]) == [4]
    assert list(texts.holding([])) == [0, 1, 2, 3, 4]
