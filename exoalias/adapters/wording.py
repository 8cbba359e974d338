"""The person's language: every sentence that is shown passes through here, so that it is translated and its length tried out.

English is what the sentences are written in; another language is a gettext catalogue, ``resources/language/LANGUAGE.mo``,
made from the ``.po`` file beside it by ``dev.py words``. What is kept or printed for programs stays English (domain/words.py).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from exoalias.domain import words as sentences
from exoalias.domain.words import Said

if TYPE_CHECKING:
    from collections.abc import Callable

LANGUAGES: Final = ("en", "de")  # the first one is what the sentences are written in
_THOUSANDS: Final = {"de": "."}
_FACT: Final = re.compile(r"(\{[^}]*\})")


class _Now:
    """What counts for the whole process."""

    language: str = LANGUAGES[0]
    look: Callable[[str], str] | None = None  # None: as written
    stretched: bool = False


def use(language: str) -> None:
    """Tell everything in that language from now on; English where there is no catalogue of it."""
    _Now.language, _Now.look = LANGUAGES[0], None
    if language in LANGUAGES[1:]:
        from gettext import GNUTranslations

        from exoalias.adapters import assets

        with assets.path("language", f"{language}.mo").open("rb") as file:
            _Now.language, _Now.look = language, GNUTranslations(file).gettext


def language() -> str:
    """The language things are told in."""
    return _Now.language


def stretch(*, on: bool) -> None:
    """For tests and pictures: draw out every sentence to about German length, without touching the facts in it."""
    _Now.stretched = on


def _(text: str, /, **facts: object) -> str:
    """The text in the person's language, with its facts filled in; sentences among them are translated too."""
    if isinstance(text, Said):
        return told(text)
    words = _look(text) if text else text
    if not facts:
        return words
    return words.format(**(facts if _Now.look is None and not _Now.stretched else sentences.facts_told(facts, _look)))


def plural(count: int, one: str, many: str, /, **facts: object) -> str:
    """The text for that many; ``{n}`` in it is the number."""
    return _(one if count == 1 else many, n=number(count), **facts)


def number(count: int) -> str:
    """A number with its thousands set apart as that language does."""
    return f"{count:,}".replace(",", _THOUSANDS.get(_Now.language, ","))


def told(text: str) -> str:
    """A sentence of the domain in the person's language. A plain word alone may be a name, and stays; ``_`` is for ours."""
    if (_Now.look is None and not _Now.stretched) or not (isinstance(text, Said) or " " in text):
        return text
    return sentences.told(text, _look)


def _look(text: str) -> str:
    words = _Now.look(text) if _Now.look is not None else text
    if _Now.stretched:
        return "".join(part if part.startswith("{") else _drawn_out(part) for part in _FACT.split(words))
    return words


def _drawn_out(text: str) -> str:
    return re.sub(r"(?<!&)([aeiou])", r"\1\1", text)
