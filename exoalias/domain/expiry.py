"""When a refresh token really dies, and why we think so.

The instance's ``expires`` is a guess of ServiceNow's: the registry's lifespan (100 days by default, 365 where the provider
gave none; KB0791140, KB2132135). Microsoft's refresh tokens live 90 days from when they were issued, are replaced whenever
they are used, and can be revoked at any time (learn.microsoft.com, Refresh tokens). So the earlier of the two is the honest
date, and it stays an estimate.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from exoalias.domain.records import Token

MICROSOFT_LIFETIME = timedelta(days=90)
SOON = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Expiry:
    """An estimate: the moment (UTC) and whose reckoning it is. ``at`` is None where nothing says."""

    at: datetime | None
    why: str

    def passed(self, now: datetime) -> bool:
        """Whether the token must be taken for dead. An unknown date has not passed."""
        return self.at is not None and self.at <= now

    def days_left(self, now: datetime) -> int:
        """Whole days left, 0 where it passed or nothing is known."""
        return max((self.at - now).days, 0) if self.at is not None else 0


def last_stamp(token: Token) -> datetime | None:
    """When the row was last written: a sign-in or a rotation may reuse the row, so its creation alone says too little."""
    stamps = [stamp for stamp in (token.created_on, token.updated_on) if stamp is not None]
    return max(stamps, default=None)


def honest_expiry(token: Token) -> Expiry:
    """The earlier of the instance's date and 90 days after the row was last written."""
    issued = last_stamp(token)
    # A hostile or broken date near the end of time must not turn into an error here.
    limit = issued + MICROSOFT_LIFETIME if issued is not None and issued.year < 9000 else None
    if limit is None and token.expires is None:
        return Expiry(None, "The instance gave neither the token's expiry nor when it was stored.")
    if limit is not None and (token.expires is None or limit < token.expires):
        return Expiry(limit, "Microsoft's refresh tokens live 90 days from when they were issued or last renewed; an estimate.")
    return Expiry(token.expires, "The date the instance itself keeps, earlier than Microsoft's 90 days; an estimate.")
