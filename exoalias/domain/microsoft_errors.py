"""What an error of a sign-in means: a page's text, a code or an OAuth word in; cause, remedy and who must act out. Offline.

What is not known is said to be so. Of a pasted text nothing is repeated but a code whose form was checked: people paste whole
pages, and addresses with codes in them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from exoalias.domain import error_sources
from exoalias.domain.meaning import Meaning, Who
from exoalias.domain.microsoft_codes import CODES
from exoalias.domain.oauth_errors import LAST, OAUTH
from exoalias.domain.oauth_errors import PHRASES as WITHOUT_NUMBER

if TYPE_CHECKING:
    from collections.abc import Iterator

TABLE: Final = CODES
_LONGEST: Final = 20_000  # characters that are looked at
_SURE = re.compile(r"aadsts\s*[:#-]?\s*([0-9]{5,7})(?![0-9])|/error\?code=([0-9]{5,7})(?![0-9])", re.IGNORECASE)
# "Error code: 50126", in German "Fehlercode: 50126"; or the number alone, as somebody types it.
_LIKELY = re.compile(
    r"(?:\berror(?:\s*code)?|\bfehler(?:-?\s*code)?)\s*[:#]?\s*([0-9]{5,7})(?![0-9])|^\s*([0-9]{5,7})\b", re.IGNORECASE
)
_WORD = re.compile(r"[a-z]+(?:_[a-z]+)+")

# Sentences of Microsoft's and the instance's pages that name no number.
PHRASES: Final[tuple[tuple[str, Meaning], ...]] = (
    *((word, meaning) for word, meaning in OAUTH.items()),
    ("need admin approval", TABLE["AADSTS90094"]),
    ("approval required", TABLE["AADSTS90094"]),
    ("redirect uri", TABLE["AADSTS50011"]),
    ("account has been locked", TABLE["AADSTS50053"]),
    ("password is incorrect", TABLE["AADSTS50126"]),
    ("username may be incorrect", TABLE["AADSTS50034"]),
    ("couldn't find an account", TABLE["AADSTS50034"]),
    ("you cannot access this right now", TABLE["AADSTS53003"]),
    ("you can't get there from here", TABLE["AADSTS53000"]),
    *WITHOUT_NUMBER,
    *LAST,
)


def explain(text: str) -> Meaning:
    """The meaning of a code, of an OAuth word, or of a page's text that holds one; says so calmly where none is known."""
    seen = text[:_LONGEST]
    numbers = [f"AADSTS{int(number)}" for number in (*_numbers(_SURE, seen), *_numbers(_LIKELY, seen))]
    for code in numbers:
        if code in TABLE:
            return TABLE[code]
    folded = " ".join(seen.lower().replace("’", "'").split())
    words = set(_WORD.findall(folded))
    for phrase, meaning in PHRASES:
        if phrase in words or (phrase not in OAUTH and phrase in folded):
            return meaning
    sure = next(_numbers(_SURE, seen), "")
    return _unknown(f"AADSTS{int(sure)}" if sure else "")


def _numbers(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    for match in pattern.finditer(text):
        yield next(group for group in match.groups() if group)


def _unknown(code: str) -> Meaning:
    return Meaning(
        code,
        "Not in our table",
        "exoalias has no entry for this text. Nothing was stored on the instance unless a check says so.",
        "Look the code up at login.microsoftonline.com/error, or give code, time and correlation id to an Entra administrator.",
        Who.ENTRA,
        error_sources.ERROR_CODES,
        known=False,
    )
