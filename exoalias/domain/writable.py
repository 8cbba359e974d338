"""Everything this program may ever write to an instance over REST: field by field, with the reason and the page.

One table for those who plan and for the one gate that sends: what isn't here is refused before a byte leaves. Each field
also says what its values look like, so that neither a write nor the undoing of one can carry anything else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from exoalias.domain import sources

if TYPE_CHECKING:
    from exoalias.domain.checklist import Source
    from exoalias.domain.plan import SetField

CREDENTIALS: Final = "oauth_2_0_credentials"  # the child table: the base table loses the column oauth_entity_profile
CONNECTIONS: Final = "http_connection"
REGISTRIES: Final = "oauth_entity"


@dataclass(frozen=True, slots=True)
class Writable:
    """One field of one table: why it is written, who says how it must be, and what its values look like."""

    table: str
    field: str
    why: str
    page: Source
    form: re.Pattern[str]

    def fits(self, value: str) -> bool:
        """Whether the value is of the field's form."""
        return self.form.fullmatch(value) is not None


PROFILE: Final = Writable(
    CREDENTIALS,
    "oauth_entity_profile",
    "It leads the credential to the strict-mode registry.",
    sources.STRICT_ALIAS,
    re.compile(r"[0-9A-Za-z_-]{0,64}"),
)
NAME: Final = Writable(
    CREDENTIALS,
    "name",
    "The procedure knows the credential by this name; the record is the one that had it.",
    sources.STRICT_ALIAS,
    re.compile(r"[^\x00-\x1f\x7f]{1,100}"),
)
ACTIVE: Final = Writable(
    CREDENTIALS,
    "active",
    "The platform passes over inactive credentials; this one was active.",
    sources.SCAN_FINDINGS,
    re.compile(r"true|false"),
)
REDIRECT: Final = Writable(
    REGISTRIES,
    "redirect_url",
    "Microsoft sends the answer there: it must be this instance's own address.",
    sources.STRICT_REGISTRY,
    re.compile(r"https?://[A-Za-z0-9.:-]+/oauth_redirect\.do"),
)
ADDRESS: Final = Writable(
    CONNECTIONS,
    "connection_url",
    "The calendars are reached there: it must be Microsoft Graph.",
    sources.CONNECTIONS,
    re.compile(r"(https://[A-Za-z0-9.:-]+(/[A-Za-z0-9./_-]*)?)?"),
)

WRITABLE: Final = {(w.table, w.field): w for w in (PROFILE, NAME, ACTIVE, REDIRECT, ADDRESS)}


def may_write(step: SetField) -> bool:
    """Whether a step writes one of these fields, with values of its form before and after."""
    known = WRITABLE.get((step.table, step.field))
    return known is not None and known.fits(step.after)
