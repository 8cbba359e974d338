"""An instance: read it whole, read one field again, write one field.

``Instance.write`` is the only function of this program that changes anything on an instance over REST.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from exoalias.adapters.instance import questions as q
from exoalias.adapters.instance.application import Applications
from exoalias.adapters.instance.batch import Asker, Reply, refusal, reply_of, says
from exoalias.adapters.instance.question import Gathered
from exoalias.adapters.instance.reading import Reader
from exoalias.adapters.instance.remembered import Remembered
from exoalias.adapters.instance.rows import cell, is_sys_id, moment, number
from exoalias.adapters.instance.scan import OwnScan
from exoalias.adapters.instance.snapshot import make_snapshot
from exoalias.adapters.instance.snapshot import token as token_of
from exoalias.domain.problems import (
    AccessRefused,
    BadAnswer,
    OutcomeUnknown,
    Problem,
    ScopeRefused,
    WriteIgnored,
    WriteRefused,
)
from exoalias.domain.records import NO_RECORD, Reading, Snapshot, SysId, Token
from exoalias.domain.words import say
from exoalias.domain.writable import may_write

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime

    from exoalias.adapters.entering.access import Access
    from exoalias.adapters.network.http import Answer
    from exoalias.domain.plan import SetField
    from exoalias.domain.target import Target


# How an instance refuses a write from another application than the record's own (documentation page "REST APIs").
_FENCE: Final = re.compile(r"cross-scope|script\.fencing|ScopeAccessNotGranted", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FieldState:
    """One field of one record as it stands now. ``shown`` is the value as people see it."""

    value: str
    shown: str
    mod_count: int | None
    updated_on: datetime | None
    updated_by: str


class Instance:
    """One ServiceNow instance, reached through one Access. Safe from any thread."""

    def __init__(self, access: Access, clock: Callable[[], datetime]) -> None:
        self._access = access
        self._clock = clock
        self._host = access.origin.partition("://")[2]

    @property
    def origin(self) -> str:
        """Its address."""
        return self._access.origin

    @property
    def user(self) -> str:
        """The user it is read as."""
        return self._access.user

    @property
    def applications(self) -> Applications:
        """Where its user stands, and how to stand elsewhere for a while."""
        return Applications(self._access)

    @property
    def own_scan(self) -> OwnScan:
        """ServiceNow's own scan of the calendar synchronisation."""
        return OwnScan(self._access)

    def read(self, target: Target, remembered: Remembered | None = None) -> tuple[Snapshot, Remembered]:
        """Everything a check is judged by, and what makes the next one quicker. Changes nothing.

        Up to three round trips by the Batch API; one where ``remembered`` still holds. What the instance does not let us
        read is unreadable in the Snapshot; a Problem is raised only where nothing could be read at all.
        """
        asker = Asker(self._access)
        reader = Reader(asker, self._access.user, target, remembered or Remembered())
        reader.read()
        snapshot = make_snapshot(reader, self._access.origin, self._clock(), asker.trips, asker.notes)
        return snapshot, reader.remember()

    def tokens(self, credentials: Collection[SysId], profile: SysId = NO_RECORD) -> Reading[Token]:
        """The token rows of those credentials (of one profile, if given), in one cheap request."""
        ids = frozenset(c for c in credentials if is_sys_id(c))
        if not ids:
            return Reading(asked=False)
        question = q.tokens(ids)
        gathered = Gathered(question)
        gathered.take(question, self._get(question.path))
        if gathered.unreadable:
            return Reading(unreadable=gathered.unreadable)
        rows = [r for r in gathered.rows.values() if not profile or q.is_token_of(r, profile)]
        return Reading(tuple(token_of(r) for r in rows))

    def reread(self, step: SetField) -> FieldState:
        """The field a step is about, as it stands now. AccessRefused where it can't be read."""
        answer = self._access.send("GET", _field_path(step))
        reply = reply_of(answer.status, answer.json())
        if reply.unreadable:
            raise AccessRefused(
                host=self._host,
                user=self._access.user,
                what=say("read {record_name}", record_name=step.record_name),
                detail=reply.unreadable,
            )
        state = _state(step, reply)
        if state is None:
            raise BadAnswer(
                host=self._host, why=say("{field} of {record_name} is not in it", field=step.field, record_name=step.record_name)
            )
        return state

    def write(self, step: SetField) -> FieldState:
        """Write one field of one record, once, and compare what the instance says it holds now.

        The one gate: nothing else in this program writes a record, and this writes nothing but what domain/writable.py lists.
        The caller has shown the step to the person, re-read the record and written its intent into the journal.
        Raises WriteRefused, WriteIgnored (200, but the old value), OutcomeUnknown, and what Access.send raises.
        """
        if not may_write(step):
            raise ValueError(say("{table}.{field} is not written by this program", table=step.table, field=step.field))
        try:
            answer = self._access.send("PATCH", _field_path(step), body={step.field: step.after})
            content = answer.json()
        except (OutcomeUnknown, BadAnswer) as lost:
            return self._look(step, str(lost.facts.get("why", "")))
        if answer.status >= 500:
            return self._look(step, says(answer), answered=True)
        if answer.status >= 400:
            raise self._refused(step, refusal(answer.status, content))
        state = _state(step, reply_of(answer.status, content))
        if state is None:
            return self._look(step, "its answer does not hold the field")
        return self._compared(step, state)

    def _refused(self, step: SetField, detail: str) -> WriteRefused:
        kind = ScopeRefused if _FENCE.search(detail) else WriteRefused
        return kind(host=self._host, field=step.field, record=step.record_name, detail=detail, scope=step.scope)

    def _compared(self, step: SetField, state: FieldState) -> FieldState:
        if state.value != step.after:
            raise WriteIgnored(host=self._host, record=step.record_name, field=step.field)
        return state

    def _look(self, step: SetField, why: str, *, answered: bool = False) -> FieldState:
        """After a write whose answer says nothing: the truth is what the record holds.

        Where the instance did answer (with an error), the old value means it was not written. Without any answer it may
        still be on its way, so the old value proves nothing.
        """
        try:
            state = self.reread(step)
        except Problem:  # whatever keeps us from looking, be it a person who does not sign in again
            raise OutcomeUnknown(record=step.record_name, host=self._host, why=why) from None
        if state.value == step.after:
            return state
        if answered:
            raise WriteRefused(host=self._host, field=step.field, record=step.record_name, detail=why)
        raise OutcomeUnknown(record=step.record_name, host=self._host, why=why)

    def _get(self, path: str) -> Reply:
        try:
            answer: Answer = self._access.send("GET", path)
            return reply_of(answer.status, answer.json())
        except BadAnswer as e:
            return Reply(unreadable=e.words)


def _field_path(step: SetField) -> str:
    """The record, and of its columns only those looked at."""
    if not is_sys_id(step.record):
        raise ValueError("no such record")
    fields = f"sys_id,{step.field},sys_mod_count,sys_updated_on,sys_updated_by"
    options = f"sysparm_display_value=all&sysparm_exclude_reference_link=true&sysparm_fields={fields}"
    return f"/api/now/table/{step.table}/{step.record}?{options}"


def _state(step: SetField, reply: Reply) -> FieldState | None:
    """The field in the record answered, or None where it, or the record, is not there."""
    row = reply.result
    if not isinstance(row, dict) or cell(row.get("sys_id")) != step.record:
        return None
    value = cell(row.get(step.field))
    if value is None:
        return None
    return FieldState(
        value=value,
        shown=cell(row.get(step.field), "display_value") or value,
        mod_count=number(cell(row.get("sys_mod_count"))),
        updated_on=moment(cell(row.get("sys_updated_on"))),
        updated_by=cell(row.get("sys_updated_by")) or "",
    )
