"""What an error means for a person: its cause, what to do, who has to do it, and the public page that says so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from exoalias.domain.checklist import Source


class Who(Enum):
    """Who can put it right; the value is shown."""

    PERSON = "whoever signs in"
    ENTRA = "an Entra administrator"
    EXCHANGE = "an Exchange administrator"
    SERVICENOW = "you, in ServiceNow"
    BOTH = "you, together with an Entra administrator"
    LATER = "nobody: it passes by itself"


@dataclass(frozen=True, slots=True)
class Meaning:
    """One error explained. ``code`` is the far side's name for it; "" where nothing in a text was recognised."""

    code: str
    title: str
    cause: str
    remedy: str
    who: Who
    source: Source
    known: bool = True  # False: not in our tables
