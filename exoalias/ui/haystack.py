"""What a filter looks through: one text for each line, made while nothing else is to be done, narrowed as one types.

It answers with places, numbers of lines, and keeps no pair for each line: ten thousand new tuples at each keystroke make
the garbage collector walk through everything there is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from exoalias.ui.known import Known


class Haystack:
    """The texts of some lines, in their order."""

    def __init__(self, text_of: Callable[[Known], str]) -> None:
        self._text_of = text_of
        self._lines: Sequence[Known] = ()
        self._texts: list[str] = []
        self._last: tuple[Sequence[str], list[int]] | None = None  # words that were looked for, and where they are

    def fill(self, lines: Sequence[Known]) -> None:
        """These lines from now on."""
        self._lines, self._texts, self._last = lines, [], None

    def prepare(self, count: int) -> bool:
        """Make the texts of that many more lines; False once every line has one."""
        done = len(self._texts)
        self._texts += map(self._text_of, self._lines[done : done + count])
        return len(self._texts) < len(self._lines)

    def renew(self, at: int) -> None:
        """What that line says changed."""
        self._last = None
        if at < len(self._texts):
            self._texts[at] = self._text_of(self._lines[at])

    def holding(self, words: Sequence[str]) -> Sequence[int]:
        """Where the lines are that hold every one of the words, in their order."""
        if not words:
            return range(len(self._lines))
        self.prepare(len(self._lines))
        texts, before = self._texts, self._last
        if before is not None and all(any(part in word for word in words) for part in before[0]):
            # Whatever holds these words holds those before: one letter more is looked for where the others were found.
            found, left = before[1], [word for word in words if word not in before[0]]
        else:
            first, *left = sorted(words, key=len, reverse=True)  # a long word is in few lines
            found = [at for at, text in enumerate(texts) if first in text]
        for word in left:
            found = [at for at in found if word in texts[at]]
        self._last = (words, found)
        return found
