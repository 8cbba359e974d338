"""What the pages in the sign-in windows say: tables of texts in ``resources/pages/words-LANGUAGE.toml``, chosen and filled in.

Each ending has two texts, because two people read it: the admin in the ServiceNow window (A), the delegated user in the
Microsoft window (B). Of a Problem only the few facts below are shown, never its own words: those may quote the far side.
"""

from __future__ import annotations

import string
import tomllib
from dataclasses import asdict, dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from exoalias.adapters import assets
from exoalias.domain.happenings import Notice, Which
from exoalias.domain.microsoft_errors import explain
from exoalias.domain.problems import MicrosoftRefused

if TYPE_CHECKING:
    from exoalias.domain.problems import Problem

LANGUAGES: Final = ("en", "de")
_SHOWN: Final = ("upn", "credential", "minutes", "window")  # facts of a Problem a page may repeat
_LONGEST: Final = 120  # characters of one fact

_OURS: Final = ("meaning", "who", "code")  # facts in our own words
Part = tuple[str, bool]  # a piece of a sentence, and whether it is a fact from outside
Sentence = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the sign-in, for endings whose Problem doesn't say it."""

    credential: str = ""
    upn: str = ""


@dataclass(frozen=True, slots=True)
class PageWords:
    """One page's words, in one language."""

    language: str
    window: str
    heading: Sentence
    says: tuple[Sentence, ...]
    fact: str  # what became of it, in a line: "Nothing was stored."
    what_to_do: str
    do: tuple[Sentence, ...]
    footer: str


def words_of(notice: Notice, problem: Problem | None, which: Which, language: str, facts: Facts) -> PageWords:
    """The words for this ending in this window. A Problem without words of its own is told as *refused*."""
    table = table_of(language)
    code = problem.code if problem is not None else ""
    ending = code if notice in {Notice.REFUSED, Notice.ENDED} and code in table else notice.value
    said, frame = table[ending][which.name], table["frame"]
    known = {name: _short(value) for name, value in asdict(facts).items() if value.strip()}
    filled = table["missing"] | known | _facts(problem, table)
    return PageWords(
        language=language if language in LANGUAGES else LANGUAGES[0],
        window=frame[f"window_{which.name.lower()}"],
        heading=_filled(said["heading"], filled),
        says=tuple(_filled(each, filled) for each in said["says"]),
        fact=said.get("fact", frame["nothing_stored"]),
        what_to_do=frame["what_to_do"],
        do=tuple(_filled(each, filled) for each in said["do"]),
        footer=said.get("footer", frame[f"footer_{which.name.lower()}"]),
    )


@cache
def table_of(language: str) -> dict[str, Any]:
    """The table of that language; the English one where there is none."""
    known = language if language in LANGUAGES else LANGUAGES[0]
    return tomllib.loads(assets.text("pages", f"words-{known}.toml"))


def _facts(problem: Problem | None, table: dict[str, Any]) -> dict[str, str]:
    if problem is None:
        return {}
    facts = {name: _short(problem.facts[name]) for name in _SHOWN if problem.facts.get(name, "").strip()}
    if isinstance(problem, MicrosoftRefused):
        facts |= _microsoft_facts(problem, table)
    return facts


def _microsoft_facts(problem: Problem, table: dict[str, Any]) -> dict[str, str]:
    """Microsoft's own text is not repeated: of it only a code of our table is shown, with our words for it."""
    found = [explain(problem.facts.get(name, "")) for name in ("description", "error")]
    meaning = next((each for each in found if each.known), None)
    if meaning is None:
        return {"code": code} if (code := next((each.code for each in found if each.code), "")) else {}
    title = table.get("microsoft", {}).get(meaning.code, meaning.title)
    return {"code": meaning.code, "meaning": title, "who": table["who"][meaning.who.name.lower()]}


def _short(fact: str) -> str:
    """A fact on one line; what can't be seen would only confuse."""
    text = "".join(sign if sign.isprintable() else " " for sign in fact)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _filled(text: str, facts: dict[str, str]) -> Sentence:
    """The sentence in pieces, so that what came from outside stays apart from our words."""
    parts: list[Part] = []
    for ours, name, _spec, _conversion in string.Formatter().parse(text):
        parts += [(ours, False)] if ours else []
        parts += [(facts[name], name not in _OURS)] if name is not None else []
    return tuple(parts)
