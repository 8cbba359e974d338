"""Records as data: an in-memory store with ServiceNow's habits.

Every value is a string ("true", "100", "2026-11-23 08:00:00" in UTC, a sys_id), an empty one is "". A record lives in its
own class and is found through every table its class extends.
"""

from __future__ import annotations

import threading
import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from exoalias.simulator.columns import SYSTEM_COLUMNS, Column

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exoalias.simulator.schema import Schema

Row = dict[str, str]

_STAMP = "%Y-%m-%d %H:%M:%S"
_SYSTEM = frozenset(column.element for column in SYSTEM_COLUMNS) | {"sys_class_name"}
_READ_ONLY = {"sys_alias": {"id", "parent"}}


def stamp(at: datetime) -> str:
    """A moment as the database holds it: UTC, to the second."""
    return at.astimezone(UTC).strftime(_STAMP)


class Store:
    """The instance's database. Take `lock` around everything that must not be seen half done."""

    def __init__(self, schema: Schema, *, display_offset: timedelta = timedelta()) -> None:
        self.schema = schema
        self.lock = threading.RLock()
        self._display_offset = display_offset
        self._rows: dict[str, dict[str, Row]] = {name: {} for name in schema.tables}

    # -- reading --

    def rows(self, table: str) -> list[Row]:
        """All records of the table and of those that extend it, in no order a client may rely on (by sys_id)."""
        with self.lock:
            found = [row for name in self.schema.family(table) for row in self._rows[name].values()]
        return sorted(found, key=lambda row: row["sys_id"])

    def get(self, table: str, sys_id: str, *, key: str = "sys_id") -> Row | None:
        """One record by sys_id, or by another column that names it."""
        for name in self.schema.family(table) if table in self._rows else ():
            if key == "sys_id":
                if row := self._rows[name].get(sys_id):
                    return row
            elif row := next((row for row in self._rows[name].values() if row.get(key) == sys_id), None):
                return row
        return None

    def find(self, table: str, **wanted: str) -> Row | None:
        """The first record with these values."""
        return next((row for row in self.rows(table) if all(row.get(k, "") == v for k, v in wanted.items())), None)

    # -- dot-walking and display --

    def path(self, table: str, dotted: str) -> list[Column] | None:
        """The columns along a dotted name, or None where a part does not exist.

        A part ``ref_<table>`` narrows the reference before it to a child table, as in ServiceNow's extended dot-walks.
        """
        columns: list[Column] = []
        here = table
        for part in dotted.split("."):
            narrowed = part.removeprefix("ref_")
            if columns and narrowed != part and here in self.schema.tables and narrowed in self.schema.family(here):
                here = narrowed
                continue
            column = self.schema.column(here, part) if here in self.schema.tables else None
            if column is None:
                return None
            columns.append(column)
            here = column.reference
        return columns or None

    def value(self, row: Row | None, columns: list[Column]) -> tuple[Row | None, str]:
        """Walk a record along the columns: the record that holds the last one, and its raw value ("" if the walk ends)."""
        for column in columns[:-1]:
            row = self.get(column.reference, row.get(column.element, ""), key=column.key) if row else None
        return row, row.get(columns[-1].element, "") if row else ""

    def display(self, holder: Row | None, column: Column, value: str) -> str:
        """The value as people see it: names for references, labels for choices, local time, grouped digits."""
        if not value or holder is None:
            return ""
        if column.reference:
            return self._display_reference(column, value)
        if column.type == "glide_date_time":
            return (datetime.strptime(value, _STAMP).replace(tzinfo=UTC) + self._display_offset).strftime(_STAMP)
        if column.type == "integer":
            return f"{int(value):,}"
        if column.type == "password2":
            return "********"
        if column.type == "sys_class_name":
            return self.schema.tables[value].label
        return self.schema.choices(holder["sys_class_name"], column).get(value, value)

    def _display_reference(self, column: Column, value: str) -> str:
        if column.key != "sys_id":
            return value
        row = self.get(column.reference, value)
        return row.get(self.schema.tables[row["sys_class_name"]].display, "") if row else ""

    # -- writing --

    def insert(
        self,
        table: str,
        values: Mapping[str, str],
        *,
        by: str = "system",
        at: datetime | None = None,
        sys_id: str = "",
    ) -> Row:
        """Add a record; values of columns the table does not have are an error of the simulation."""
        if unknown := set(values) - set(self.schema.columns(table)):
            raise KeyError(f"{table} has no {', '.join(sorted(unknown))}")
        at = at or datetime.now(UTC)
        row = dict.fromkeys(self.schema.columns(table), "") | dict(values)
        row |= {
            "sys_id": sys_id or uuid.uuid4().hex,
            "sys_class_name": table,
            "sys_created_on": stamp(at),
            "sys_created_by": by,
            "sys_updated_on": stamp(at),
            "sys_updated_by": by,
            "sys_mod_count": "0",
        }
        if "sys_name" in row:
            row["sys_name"] = row.get("name", "")
        with self.lock:
            self._rows[table][row["sys_id"]] = row
        return row

    def update(self, row: Row, values: Mapping[str, str], *, by: str) -> bool:
        """Set values; a write that changes nothing leaves the update count alone and gives False."""
        with self.lock:
            changed = {name: value for name, value in values.items() if row.get(name, "") != value}
            if changed:
                row.update(changed)
                self.touch(row, by=by)
            return bool(changed)

    def touch(self, row: Row, *, by: str) -> None:
        """Count one more save of the record, now, by that user."""
        with self.lock:
            row["sys_mod_count"] = str(int(row["sys_mod_count"]) + 1)
            row["sys_updated_on"] = stamp(datetime.now(UTC))
            row["sys_updated_by"] = by

    def delete(self, row: Row) -> None:
        """Remove a record."""
        with self.lock:
            self._rows[row["sys_class_name"]].pop(row["sys_id"], None)

    def writable(self, table: str) -> set[str]:
        """The columns a REST client of that table may set."""
        columns = self.schema.columns(table).values()
        protected = _SYSTEM | _READ_ONLY.get(table, set()) | {column.element for column in columns if column.type == "password2"}
        return {column.element for column in columns} - protected
