"""A secret in memory: it shows itself to nobody by accident."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Secret:
    """A password, a key, a token. Its text is had by ``reveal`` alone, and it can't be pickled."""

    _text: str

    def reveal(self) -> str:
        """The secret itself, for the one line that sends or stores it."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a secret is not written down")
