"""Every word the window shows passes through here, so that it can be translated and its length be tried out."""

from __future__ import annotations

import re

from PySide6.QtCore import QCoreApplication

_CONTEXT = "exoalias"
_FACT = re.compile(r"(\{[^}]*\})")
_stretched = False


def stretch(*, on: bool) -> None:
    """For tests and pictures: draw out every text to about German length, without touching the facts in it."""
    global _stretched  # noqa: PLW0603 - one switch for the whole process, thrown by tests only
    _stretched = on


def _(text: str, /, **facts: object) -> str:
    """The text in the person's language, with its facts filled in."""
    words = QCoreApplication.translate(_CONTEXT, text)
    if _stretched:
        words = "".join(part if part.startswith("{") else _drawn_out(part) for part in _FACT.split(words))
    return words.format(**facts) if facts else words


def plural(count: int, one: str, many: str, /, **facts: object) -> str:
    """The text for that many; ``{n}`` in it is the number."""
    return _(one if count == 1 else many, n=f"{count:,}", **facts)


def _drawn_out(text: str) -> str:
    return re.sub(r"(?<!&)([aeiou])", r"\1\1", text)
