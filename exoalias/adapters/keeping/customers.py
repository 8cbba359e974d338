"""Customers' names, and the folders their files lie in: nothing of one customer is in another's files.

A folder is named by what is plain in the customer's name and by a digest of all of it, so that it is right for every file
system (letter case, Windows' reserved names, names in any script) and two customers never share one.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from exoalias.domain.problems import UsageProblem
from exoalias.domain.words import say

LONGEST: Final = 80  # characters of a customer's name
FOLDER: Final = "customers"
_PLAIN: Final = 32  # characters of a folder's readable part
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def tidy(customer: str) -> str:
    """The name without blanks around it and with single ones inside; UsageProblem where it can't be a name."""
    text = unicodedata.normalize("NFC", " ".join(customer.split()))
    if len(text) > LONGEST or not text.isprintable():
        raise UsageProblem(
            why=say("A customer's name has at most {longest} characters, none of them a control character.", longest=LONGEST)
        )
    return text


def key_of(customer: str) -> str:
    """What two spellings of one customer share: letter case, blanks and the way accents are written don't count."""
    folded = unicodedata.normalize("NFKC", " ".join(customer.split())).casefold()
    return unicodedata.normalize("NFKC", folded)


@lru_cache(maxsize=1024)  # asked for with each question to the journal
def slug_of(customer: str) -> str:
    """The name of that customer's folder: lower-case ASCII, never one that Windows reserves."""
    from hashlib import sha256  # when needed: the first paint reads this file

    key = key_of(customer)
    letters = unicodedata.normalize("NFKD", key).encode("ascii", "ignore").decode("ascii")
    plain = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:_PLAIN].strip("-")
    return f"{plain or 'customer'}-{sha256(key.encode()).hexdigest()[:12]}"


def is_slug(text: str) -> bool:
    """Whether *text* may be the name of a customer's folder."""
    return _SLUG.fullmatch(text) is not None
