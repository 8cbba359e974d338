"""Encoded queries: what ``sysparm_query`` means to the simulated instance.

As on a real instance, a part that is not understood (an unknown column, an unknown operator, a script) is dropped without
a word, so a mistyped filter returns everything (documentation page "Table API", property
``glide.invalid_query.returns_no_rows``). Text is compared without regard to case.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cmp_to_key
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from exoalias.simulator.columns import Column
    from exoalias.simulator.tables import Row, Store

_SCRIPT = re.compile(r"javascript:\s*gs\.(getUserName|getUserID)\(\)\s*;?\s*$")
_TERM = re.compile(
    r"(?P<field>[a-z0-9_.]+)"
    r"(?P<operator>ISNOTEMPTY|ISEMPTY|NOT IN|NOTIN|NOT LIKE|NOTLIKE|DOES NOT CONTAIN|STARTSWITH|ENDSWITH|CONTAINS|LIKE|IN"
    r"|!=|>=|<=|=|>|<)"
    r"(?P<value>.*)",
    re.DOTALL,
)
_CARET = "\x00"  # stands for an escaped ^^ while the query is cut up


@dataclass(frozen=True, slots=True)
class User:
    """Who asks: for ``javascript:gs.getUserName()`` and ``gs.getUserID()``."""

    user_name: str
    sys_id: str


@dataclass(frozen=True, slots=True)
class Term:
    """One understood condition."""

    columns: list[Column]
    operator: str
    value: str


@dataclass(slots=True)
class Query:
    """Alternatives (``^NQ``) of conjunctions of disjunctions (``^OR``), and the order of the rows."""

    alternatives: list[list[list[Term]]] = field(default_factory=list)
    order: list[tuple[list[Column], bool]] = field(default_factory=list)


def parse(store: Store, table: str, text: str, user: User) -> Query:
    """Read an encoded query for a table; never fails, drops what it does not understand."""
    query = Query()
    for block in text.replace("^^", _CARET).split("^NQ"):
        groups: list[list[Term]] = []
        for part in block.split("^"):
            if ordering := re.fullmatch(r"ORDERBY(DESC)?(.+)", part, re.DOTALL):
                if columns := store.path(table, ordering[2].replace(_CARET, "^")):
                    query.order.append((columns, bool(ordering[1])))
                continue
            alternative = part.startswith("OR")
            term = _term(store, table, part.removeprefix("OR").replace(_CARET, "^"), user)
            if term and alternative and groups:
                groups[-1].append(term)
            elif term:
                groups.append([term])
        query.alternatives.append(groups)
    return query


def select(store: Store, table: str, query: Query) -> list[Row]:
    """The rows that fit, in the order asked for."""
    rows = [row for row in store.rows(table) if any(_fits(store, row, groups) for groups in query.alternatives)]
    for columns, descending in reversed(query.order):
        rows.sort(key=cmp_to_key(_comparison(store, columns)), reverse=descending)
    return rows


def _term(store: Store, table: str, text: str, user: User) -> Term | None:
    match = _TERM.fullmatch(text)
    columns = store.path(table, match["field"]) if match else None
    if match is None or columns is None:
        return None
    value = match["value"]
    if value.startswith("javascript:"):
        script = _SCRIPT.match(value)
        if script is None:
            return None
        value = user.user_name if script[1] == "getUserName" else user.sys_id
    return Term(columns, match["operator"].replace(" ", ""), value)


def _fits(store: Store, row: Row, groups: list[list[Term]]) -> bool:
    return all(any(_holds(store, row, term) for term in group) for group in groups)


def _holds(store: Store, row: Row, term: Term) -> bool:
    holder, value = store.value(row, term.columns)
    column = term.columns[-1]
    # Text operators on a reference look at the name people see, the others at the sys_id.
    if column.reference and term.operator in _TEXT_OPERATORS:
        value = store.display(holder, column, value)
    return _OPERATORS[term.operator](column, value.casefold(), term.value.casefold())


def _members(text: str) -> set[str]:
    return {item.strip() for item in text.split(",")}


def _compare(column: Column, left: str, right: str) -> int:
    if column.type == "integer":
        try:
            return (int(left or 0) > int(right or 0)) - (int(left or 0) < int(right or 0))
        except ValueError:
            return 1
    return (left > right) - (left < right)


def _ordered(holds: Callable[[int], bool]) -> Callable[[Column, str, str], bool]:
    return lambda column, value, wanted: bool(value) and holds(_compare(column, value, wanted))


def _worded(holds: Callable[[str, str], bool]) -> Callable[[Column, str, str], bool]:
    return lambda _column, value, wanted: holds(value, wanted)


def _contains(value: str, wanted: str) -> bool:
    return wanted in value


def _lacks(value: str, wanted: str) -> bool:
    return wanted not in value


_TEXT_OPERATORS = frozenset({"LIKE", "CONTAINS", "NOTLIKE", "DOESNOTCONTAIN", "STARTSWITH", "ENDSWITH"})
_OPERATORS: dict[str, Callable[[Column, str, str], bool]] = {
    "=": _worded(str.__eq__),
    "!=": _worded(str.__ne__),
    "IN": _worded(lambda value, wanted: value in _members(wanted)),
    "NOTIN": _worded(lambda value, wanted: value not in _members(wanted)),
    "LIKE": _worded(_contains),
    "CONTAINS": _worded(_contains),
    "NOTLIKE": _worded(_lacks),
    "DOESNOTCONTAIN": _worded(_lacks),
    "STARTSWITH": _worded(str.startswith),
    "ENDSWITH": _worded(str.endswith),
    "ISEMPTY": _worded(lambda value, _wanted: not value),
    "ISNOTEMPTY": _worded(lambda value, _wanted: bool(value)),
    ">": _ordered(lambda sign: sign > 0),
    "<": _ordered(lambda sign: sign < 0),
    ">=": _ordered(lambda sign: sign >= 0),
    "<=": _ordered(lambda sign: sign <= 0),
}


def _comparison(store: Store, columns: list[Column]) -> Callable[[Row, Row], int]:
    column = columns[-1]

    def key(row: Row) -> str:
        holder, value = store.value(row, columns)
        return (store.display(holder, column, value) if column.reference else value).casefold()

    return lambda left, right: _compare(column, key(left), key(right))
