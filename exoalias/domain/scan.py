"""What ServiceNow's own instance scan said, as frozen values: kept between checks, without a secret."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from exoalias.domain.ids import NO_RECORD, SysId

if TYPE_CHECKING:
    from datetime import datetime

# Run Instance scan to check Microsoft Exchange Online synchronization configuration (name of the suite).
SUITE = "Workplace Calendar Synchronization Configurations"


@dataclass(frozen=True, slots=True)
class ScanFinding:
    """One scan finding: the check that made it, its words, and the record it is about."""

    check: str
    text: str
    table: str = ""
    record: SysId = NO_RECORD


@dataclass(frozen=True, slots=True)
class Scan:
    """One finished run of the suite.

    ``checks`` are those of the suite, ``ran`` those the instance says it carried out; None where that can't be read.
    """

    at: datetime
    findings: tuple[ScanFinding, ...]
    checks: tuple[str, ...] | None = None
    ran: tuple[str, ...] | None = None
    muted: int = 0  # findings somebody muted on the instance; they are not among the findings
    left_out: int = 0  # findings beyond those that were read

    @property
    def passed_over(self) -> tuple[str, ...]:
        """Checks of the suite the instance did not carry out, as far as that is known."""
        if self.checks is None or self.ran is None:
            return ()
        return tuple(check for check in self.checks if check not in self.ran)
