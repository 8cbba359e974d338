"""A question to one table, and what came back, checked row by row.

The instance drops a part of a query it does not understand and answers 200 with other people's rows (documentation page
"Table API", property ``glide.invalid_query.returns_no_rows``); ``sysparm_limit`` cuts before access rules take rows away.
So every row is compared with what was asked, and where strangers came a missing row proves nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from exoalias.adapters.instance.rows import Row, cell, rows_of
from exoalias.domain.words import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from exoalias.adapters.instance.batch import Reply

MOST_ROWS: Final = 1000
_SECRET: Final = frozenset({"token", "token_received", "client_secret", "password", "secret", "private_key", "api_key"})


@dataclass(frozen=True, slots=True)
class Question:
    """Which rows of a table, and which columns.

    Either ``query`` with ``keep`` (does this row answer it?), or ``column`` with ``ids``: the rows whose column is one of them.
    """

    key: str
    table: str
    fields: tuple[str, ...]
    query: str = ""
    keep: Callable[[Row], bool] | None = None
    column: str = ""
    ids: frozenset[str] = frozenset()
    shown: frozenset[str] = frozenset()  # columns wanted as people see them, under "<column>.shown"
    limit: int = MOST_ROWS

    def __post_init__(self) -> None:
        if _names_secret(self.fields):
            raise ValueError("secrets are never asked for")

    @property
    def path(self) -> str:
        """The address of the GET."""
        query = _quoted(f"{self.column}IN{','.join(sorted(self.ids))}") if self.column else _quoted_once(self.query)
        display = "sysparm_display_value=all&" if self.shown else ""
        return (
            f"/api/now/table/{self.table}?{display}sysparm_exclude_reference_link=true&sysparm_no_count=true"
            f"&sysparm_limit={self.limit}&sysparm_fields={','.join(self.fields)}&sysparm_query={query}"
        )

    def reads_as(self, other: Question) -> bool:
        """Whether both have the same address; without writing it out."""
        if self is other:
            return True
        mine, its = ((q.table, q.query, q.column, q.ids, q.fields, q.limit, bool(q.shown)) for q in (self, other))
        return mine == its

    def answering(self, rows: list[Row]) -> list[Row]:
        """Those of the rows that were asked for."""
        if self.column:
            column, ids = self.column, self.ids
            return [row for row in rows if row.get(column) in ids]
        return rows if self.keep is None else list(filter(self.keep, rows))


@lru_cache(maxsize=256)  # each question is made anew in each check, of the same few columns
def _names_secret(fields: tuple[str, ...]) -> bool:
    return any(part in _SECRET for name in fields for part in name.split("."))


def _quoted(query: str) -> str:
    """As ``quote`` does it; a list of ids has nothing odd but its thousand commas, and those are left to one ``replace``."""
    return quote(query, safe=",").replace(",", "%2C")


_quoted_once = lru_cache(maxsize=256)(_quoted)  # for the queries without ids, which are the same in each check


@dataclass(slots=True)
class Gathered:
    """All that was gathered for one key."""

    question: Question
    rows: dict[str, Row] = field(default_factory=dict)
    unreadable: str = ""
    notes: list[str] = field(default_factory=list)

    def take(self, question: Question, reply: Reply) -> None:
        """Add the reply to a question of this key; the later state of a row wins."""
        if not question.ids <= self.question.ids:
            self.question = replace(self.question, ids=self.question.ids | question.ids)
        if reply.unreadable or not isinstance(reply.result, list):
            self.unreadable = reply.unreadable or "the answer is no list of rows"
            return
        rows = rows_of(reply.result, question.fields)
        if question.shown:
            rows = [_with_shown(row, given, question.shown) for row, given in zip(rows, reply.result, strict=True)]
        whole = [row for row in rows if row is not None]
        fitting = question.answering(whole)
        self.rows |= {str(row["sys_id"]): row for row in fitting}
        broken = len(rows) - len(whole)
        strangers = len(whole) - len(fitting)
        self._doubt(question, len(rows), broken=broken, strangers=strangers)
        if strangers and (len(rows) >= question.limit or not fitting):  # they may have taken the place of rows asked for
            self.unreadable = "the instance ignored part of the question and answered with other records"

    def _doubt(self, question: Question, count: int, *, broken: int, strangers: int) -> None:
        if broken:
            self.notes.append(
                say("{broken} rows of {table} could not be read and were left out.", broken=broken, table=question.table)
            )
        if strangers:
            self.notes.append(
                say(
                    "The instance also gave {strangers} records of {table} that were not asked for; they were left out.",
                    strangers=strangers,
                    table=question.table,
                )
            )
        if count >= question.limit:
            self.notes.append(
                say("Only the first {limit} records of {table} were read.", limit=question.limit, table=question.table)
            )


def _with_shown(row: Row | None, given: object, shown: Iterable[str]) -> Row | None:
    if row is None or not isinstance(given, dict):
        return row
    return {**row, **{f"{name}.shown": cell(given.get(name), "display_value") for name in shown}}


class Notebook:
    """The questions asked so far in one check, and their answers, by key."""

    def __init__(self) -> None:
        self._gathered: dict[str, Gathered] = {}

    def missing(self, wanted: Iterable[Question]) -> list[Question]:
        """What is still to be asked: a question never asked in this form, or the ids not yet asked for."""
        return [left for question in wanted if (left := self._left(question)) is not None]

    def _left(self, question: Question) -> Question | None:
        if question.column and not question.ids:
            return None
        known = self._gathered.get(question.key)
        if known is None or known.question.fields != question.fields or known.question.column != question.column:
            return question
        if not question.column:
            return question if not known.question.reads_as(question) else None
        ids = question.ids - known.question.ids
        if ids == question.ids:
            return question
        return replace(question, ids=ids) if ids else None

    def take(self, question: Question, reply: Reply) -> None:
        """Write down a reply. A question in a new form replaces the old one; more ids are added to it."""
        known = self._gathered.get(question.key)
        if known is None or not question.column or known.question.fields != question.fields:
            known = self._gathered[question.key] = Gathered(question)
        known.take(question, reply)

    def rows(self, key: str) -> list[Row]:
        """The rows gathered under a key, none where it was not asked."""
        known = self._gathered.get(key)
        return list(known.rows.values()) if known else []

    def unreadable(self, *keys: str) -> str:
        """Why one of the keys could not be answered; "" where all were."""
        for key in keys:
            known = self._gathered.get(key)
            if known is not None and known.unreadable:
                return known.unreadable
        return ""

    def asked(self, key: str) -> bool:
        """Whether anything was asked under the key."""
        return key in self._gathered

    @property
    def notes(self) -> list[str]:
        """What was odd, in order, each once."""
        return list(dict.fromkeys(note for g in self._gathered.values() for note in g.notes))
