"""The words of the pages: every ending in both windows and both languages, for the person who reads them there."""

from __future__ import annotations

import re
import string
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exoalias.app.page_words import LANGUAGES, Facts, table_of, words_of
from exoalias.domain.happenings import Notice, Which
from exoalias.domain.microsoft_errors import TABLE
from exoalias.domain.oauth_errors import OAUTH
from exoalias.domain.problems import MicrosoftRefused, WrongUser, every_problem
from exoalias.domain.settings import setting
from tests.app.endings import ENDED_BY, ENDINGS, FACTS, SECRETS, UPN

if TYPE_CHECKING:
    from exoalias.app.page_words import PageWords

FRAMES = {"frame", "missing", "who", "microsoft"}
FILLED = {"upn", "credential", "minutes", "window", "code", "meaning", "who"}
# What only somebody who works with it knows: not said to the delegated user, who may never have heard of any of it.
FOR_ADMINS = re.compile(
    r"exoalias|object id|objekt-id|token|registry|registrierung|tenant|mandant|MS Graph|OAuth|scope", re.IGNORECASE
)
EXPLAINED = {"first-use", "not-agreed", "farewell"}  # where the delegated user has to hear one of these words all the same


def flat(words: PageWords) -> str:
    sentences = (words.heading, *words.says, *words.do)
    return "\n".join(["".join(text for text, _ in each) for each in sentences] + [words.fact, words.footer, words.window])


def texts(said: dict[str, Any]) -> list[str]:
    """All texts of one page."""
    return [said["heading"], *said["says"], *said["do"], *(said[name] for name in ("fact", "footer") if name in said)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("which", Which)
@pytest.mark.parametrize("ending", ENDINGS)
def test_every_ending_says_what_happened_what_became_of_it_and_what_to_do(ending: str, which: Which, language: str) -> None:
    words = words_of(*ENDINGS[ending], which, language, FACTS)
    assert words.language == language
    assert words.heading
    assert words.says
    assert words.do
    assert words.fact
    assert words.footer
    assert "{" not in flat(words)


def test_each_ending_that_is_told_has_words_of_its_own_in_both_windows() -> None:
    for language in LANGUAGES:
        table = table_of(language)
        assert {problem.code for problem in ENDED_BY} | {notice.value for notice in Notice} == set(table) - FRAMES
        for ending in set(table) - FRAMES:
            assert set(table[ending]) == {"A", "B"}, ending


def test_the_two_people_are_told_different_things() -> None:
    for language in LANGUAGES:
        for ending in ENDINGS:
            a, b = (words_of(*ENDINGS[ending], which, language, FACTS) for which in Which)
            assert (a.says, a.do) != (b.says, b.do), ending


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_delegated_user_is_told_nothing_only_an_admin_understands(language: str) -> None:
    table = table_of(language)
    for ending in set(table) - FRAMES - EXPLAINED:
        for text in texts(table[ending]["B"]):
            assert not FOR_ADMINS.search(text), (ending, text)
    for text in table["who"].values():
        assert not re.search(r"exoalias|token", text, re.IGNORECASE)


def test_the_languages_have_the_same_pages_and_facts() -> None:
    english = table_of("en")
    for language in LANGUAGES:
        table = table_of(language)
        assert set(table) - {"microsoft"} == set(english)
        for name in set(english) - FRAMES:
            for which in "AB":
                one, other = english[name][which], table[name][which]
                assert set(one) == set(other), name
                assert [len(one[part]) for part in ("says", "do")] == [len(other[part]) for part in ("says", "do")], name
                assert _asked(one) == _asked(other), name
        for name in FRAMES - {"microsoft"}:
            assert set(table[name]) == set(english[name])


def _asked(said: dict[str, Any]) -> set[str]:
    return {name for text in texts(said) for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_every_fact_is_a_known_one_with_a_word_where_it_is_missing() -> None:
    for language in LANGUAGES:
        table = table_of(language)
        assert {name for ending in set(table) - FRAMES for which in "AB" for name in _asked(table[ending][which])} <= FILLED
        assert set(table["missing"]) == FILLED


def test_sentences_end_as_sentences_and_are_short() -> None:
    for language in LANGUAGES:
        table = table_of(language)
        for ending in set(table) - FRAMES:
            for which in "AB":
                said = table[ending][which]
                assert not said["heading"].endswith((".", "!"))
                for text in [*said["says"], *said["do"]]:
                    assert text.endswith((".", "?", "{who}")), text
                    assert len(text) <= 190, text


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_is_blamed(language: str) -> None:
    blame = re.compile(r"\b(you failed|your fault|mistake|wrong|illegal|falsch|fehler|schuld|verboten)\b", re.IGNORECASE)
    table = table_of(language)
    for ending in set(table) - FRAMES:
        assert not blame.search(" ".join(texts(table[ending]["B"]))), ending


def test_where_something_could_have_been_stored_it_is_said_that_nothing_was() -> None:
    for problem in ENDED_BY:
        for which in Which:
            assert words_of(Notice.REFUSED, problem, which, "en", FACTS).fact == "Nothing was stored."
            assert words_of(Notice.REFUSED, problem, which, "de", FACTS).fact == "Es wurde nichts gespeichert."


def test_after_the_end_a_further_page_still_says_what_ended_it() -> None:
    problem = WrongUser(upn=UPN, credential="MS Graph 1")
    assert words_of(Notice.ENDED, problem, Which.B, "en", FACTS) == words_of(Notice.REFUSED, problem, Which.B, "en", FACTS)
    assert words_of(Notice.ALREADY_OPEN, problem, Which.B, "en", FACTS).fact == "The first one goes on."


def test_facts_not_in_the_problem_come_from_the_sign_in_and_else_have_a_word() -> None:
    (missing, _), *_ = words_of(Notice.FAREWELL, None, Which.A, "en", Facts()).says[0]
    assert missing == "the expected account"
    assert UPN in flat(words_of(Notice.FAREWELL, None, Which.A, "en", FACTS))


def test_a_language_nobody_wrote_is_english() -> None:
    assert words_of(Notice.ENDED, None, Which.A, "fr", FACTS) == words_of(Notice.ENDED, None, Which.A, "en", FACTS)


def test_the_setting_offers_the_languages_there_are() -> None:
    known = setting("language")
    assert known is not None
    assert known.choices == ("system", *LANGUAGES)


# -- Microsoft's errors --------------------------------------------------------------------------------------------------


def _microsoft(error: str, description: str, which: Which = Which.B, language: str = "en") -> str:
    problem = MicrosoftRefused(credential="MS Graph 1", upn=UPN, error=error, description=description, how="")
    return flat(words_of(Notice.REFUSED, problem, which, language, FACTS))


def test_an_error_is_told_in_our_words_with_its_code_and_who_must_act() -> None:
    text = _microsoft("interaction_required", "AADSTS53003: Access has been blocked. Trace ID: 1234")
    assert "Blocked by conditional access (AADSTS53003)" in text
    assert "An administrator of Microsoft Entra has to change something first." in text
    assert "Trace" not in text


def test_it_is_told_in_german_too() -> None:
    text = _microsoft("x", "AADSTS50126: Error validating credentials", language="de")
    assert "Benutzername oder Kennwort wurde nicht angenommen (AADSTS50126)" in text


def test_the_word_alone_helps_where_the_text_does_not() -> None:
    assert "Microsoft is too busy just now (temporarily_unavailable)" in _microsoft("temporarily_unavailable", "<b>anything</b>")


@pytest.mark.parametrize("which", Which)
def test_an_unknown_error_repeats_nothing(which: Which) -> None:
    text = _microsoft("evil_error", "AADSTS99999: pay at evil.example", which)
    assert "evil" not in text
    assert "none that is known here (AADSTS99999)" in text
    assert "none that is known here (no code)" in _microsoft("evil_error", "pay at evil.example", which)


@given(st.text(), st.text(), st.sampled_from(Which), st.sampled_from(LANGUAGES))
def test_nothing_of_microsofts_text_comes_through(error: str, description: str, which: Which, language: str) -> None:
    marked = f"{SECRETS[0]}{description}{SECRETS[4]}"
    text = _microsoft(error + SECRETS[1], marked, which, language)
    assert not any(secret in text for secret in SECRETS)


def test_every_code_has_a_german_line_of_its_own() -> None:
    german = table_of("de")["microsoft"]
    assert set(german) == set(TABLE) | set(OAUTH)
    assert len(set(german.values())) == len(german)
    assert all(line == line.strip(" .") and line for line in german.values())


def test_every_one_who_may_have_to_act_is_named() -> None:
    who = {meaning.who.name.lower() for meaning in (*TABLE.values(), *OAUTH.values())}
    for language in LANGUAGES:
        assert who <= set(table_of(language)["who"])


def test_what_can_not_be_seen_and_what_never_ends_does_not_come_through() -> None:
    problem = WrongUser(upn="a\u202e\n" + "x" * 500, credential="")
    text = flat(words_of(Notice.REFUSED, problem, Which.B, "en", FACTS))
    assert "\u202e" not in text
    assert "x" * 121 not in text


def test_every_problem_of_the_program_can_be_told() -> None:
    for kind in every_problem():
        for which in Which:
            for language in LANGUAGES:
                assert words_of(Notice.REFUSED, kind(), which, language, FACTS).heading
