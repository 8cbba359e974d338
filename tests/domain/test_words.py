"""A sentence is English for programs, and can be put together anew in another language."""

from __future__ import annotations

import json

from exoalias.domain.words import Said, counted, joined, say, say_of, told, unended, word

GERMAN = {
    "{name} was not found.": "{name} wurde nicht gefunden.",
    "{what}: {why}": "{what} ({why})",
    "It can't be read now.": "Jetzt nicht lesbar.",
    "{n} changes": "{n} Änderungen",
    "empty": "leer",
}


def german(template: str) -> str:
    return GERMAN.get(template, template)


def test_it_is_text_like_any_other() -> None:
    said = say("{name} was not found.", name="MS Graph 1")
    assert said == "MS Graph 1 was not found."
    assert hash(said) == hash("MS Graph 1 was not found.")
    assert json.loads(json.dumps({"found": said})) == {"found": "MS Graph 1 was not found."}


def test_it_is_told_with_the_same_facts() -> None:
    assert told(say("{name} was not found.", name="MS Graph 1"), german) == "MS Graph 1 wurde nicht gefunden."
    assert told("empty", german) == "leer"
    assert told("", german) == ""
    assert told("nobody translated this", german) == "nobody translated this"


def test_sentences_within_a_sentence_are_told_too() -> None:
    inner = say("{name} was not found.", name="x")
    assert told(say("{what}: {why}", what=inner, why="It can't be read now."), german) == (
        "x wurde nicht gefunden. (Jetzt nicht lesbar.)"
    )


def test_a_name_stays_what_it_is_even_if_it_reads_like_a_word() -> None:
    assert told(say("{name} was not found.", name="empty"), german) == "empty wurde nicht gefunden."
    assert told(say("{name} was not found.", name=say("empty")), german) == "leer wurde nicht gefunden."


def test_joined_and_counted_keep_what_they_were_made_from() -> None:
    both = joined("; ", (say("{name} was not found.", name="a"), counted(2, "{n} change", "{n} changes"), "b {c}"))
    assert both == "a was not found.; 2 changes; b {c}"
    assert told(both, german) == "a wurde nicht gefunden.; 2 Änderungen; b {c}"
    assert joined("; ", ()) == ""
    assert counted(1, "{n} change", "{n} changes") == "1 change"
    assert counted(1200, "{n} change", "{n} changes") == "1,200 changes"


def test_a_missing_fact_is_a_gap_and_no_error() -> None:
    said = say_of("{name} was changed by {who}.", {"name": "x"})
    assert said == "x was changed by ‹who›."
    assert isinstance(said, Said)
    assert told(said, german) == said


def test_an_instances_own_words_may_hold_braces() -> None:
    assert word("a {b} c") == "a {b} c"
    assert told(say("{name} was not found.", name=word("a {b} }")), german) == "a {b} } wurde nicht gefunden."
    assert told(word("empty"), german) == "leer"


def test_what_stands_between_is_told_too() -> None:
    assert told(joined(say("empty"), ("a", "b")), german) == "aleerb"


def test_a_sentence_to_go_on_from_has_no_full_stop_in_any_language() -> None:
    first = unended(say("{name} was not found.", name="a"))
    assert first == "a was not found"
    assert told(say("{what}: {why}", what=first, why="b"), german) == "a wurde nicht gefunden (b)"
    assert told(unended("It can't be read now."), german) == "Jetzt nicht lesbar"
