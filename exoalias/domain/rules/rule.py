"""What a rule is: a thing that must hold, why, and the pages that say so. It words the findings of its check."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from exoalias.domain.checklist import Action, Finding, Source, Status
from exoalias.domain.words import say

if TYPE_CHECKING:
    from exoalias.domain.records import Reading


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the checklist, before any instance is looked at."""

    code: str  # "group.matter", stable: journal and --json speak of it
    title: str  # what must hold, as a short sentence
    why: str  # why it matters; where two pages disagree, both are named
    sources: tuple[Source, ...]
    blocks: bool = False  # while found wrong, nothing is done to what hangs on it
    blocks_in_doubt: bool = False  # the same while it can't be told

    def holds(self, found: str, expected: str = "", *, action: Action | None = None) -> Finding:
        """Found as it should be."""
        return self._finding(Status.HOLDS, found, expected, action=action)

    def advice(self, found: str, expected: str = "", *, remedy: str = "", action: Action | None = None) -> Finding:
        """Worth knowing; nothing is wrong."""
        return self._finding(Status.ADVICE, found, expected, remedy=remedy, action=action)

    def not_applicable(self, found: str, *, action: Action | None = None) -> Finding:
        """Has no bearing here, and why."""
        return self._finding(Status.NOT_APPLICABLE, found, "", action=action)

    def needs_you(self, found: str, expected: str = "", *, remedy: str = "", action: Action | None = None) -> Finding:
        """One action of the person puts it right."""
        return self._finding(Status.NEEDS_YOU, found, expected, remedy=remedy, action=action)

    def wrong(self, found: str, expected: str = "", *, remedy: str = "", action: Action | None = None) -> Finding:
        """Must be put right outside exoalias."""
        return self._finding(Status.WRONG, found, expected, remedy=remedy, action=action)

    def cannot_tell(self, found: str, expected: str = "", *, remedy: str = "", action: Action | None = None) -> Finding:
        """Something is missing to say either way."""
        return self._finding(Status.CANNOT_TELL, found, expected, remedy=remedy, action=action)

    def no_column(self, column: str, expected: str = "", *, action: Action | None = None) -> Finding:
        """The instance did not return a column: the user may not read it, or this release lacks it."""
        return self.cannot_tell(
            say("The instance did not return the column {column}.", column=column),
            expected,
            remedy=say("Check with a user who may read {column} (role admin), or look at the form.", column=column),
            action=action,
        )

    def unreadable(self, reading: Reading[Any], what: str, role: str, *, action: Action | None = None) -> Finding:
        """The instance refused the question; its own words are shown, and the role that reads it is named."""
        return self.cannot_tell(
            say("The instance did not let {what} be read: {unreadable}", what=say(what), unreadable=reading.unreadable),
            remedy=say("Check with a user who has the role {role}.", role=role),
            action=action,
        )

    def _finding(self, status: Status, found: str, expected: str, *, remedy: str = "", action: Action | None = None) -> Finding:
        wrong = status is Status.WRONG or status is Status.NEEDS_YOU
        blocks = (self.blocks and wrong) or (self.blocks_in_doubt and status is Status.CANNOT_TELL)
        return Finding(
            self.code, status, self.title, found, expected or self.title, self.why, remedy, self.sources, action, blocks
        )
