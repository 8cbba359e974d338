"""The tables of one instance, with inheritance.

The columns of the Workplace Calendar Synchronization tables are known by their form labels only, so their element names
are drawn from the seed: a client has to look them up in ``sys_dictionary`` by label, as it must on a real instance.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from exoalias.simulator.columns import CHOICES, SYSTEM_COLUMNS, TABLES, Column, Table, columns
from exoalias.simulator.scan_tables import SCAN_TABLES

if TYPE_CHECKING:
    from random import Random

# Column label, internal type, and the element names it might have.
_PROVIDER = (
    ("Name", "string", ("name",)),
    ("Description", "string", ("description", "short_description")),
    ("Active", "boolean", ("active",)),
    ("Calendar processor", "string", ("calendar_processor", "processor", "provider_type")),
    ("Override alias", "boolean", ("override_alias", "override_connection_alias", "is_alias_overridden")),
    ("Connection & credential alias", "reference:sys_alias", ("connection_alias", "credential_alias", "alias")),
    ("Sync start date time", "glide_date_time", ("sync_start", "sync_start_date_time", "start_date_time")),
    ("Sync end date time", "glide_date_time", ("sync_end", "sync_end_date_time", "end_date_time")),
    ("Sync past reservations", "boolean", ("sync_past_reservations", "sync_past")),
    ("Delegated user email", "email", ("strict_mode_email", "delegated_user_email", "delegated_email")),
)
_ROOM_SYNC = (
    ("Active", "boolean", ("active",)),
    ("Provider", "reference:sn_wsd_rsvsync_provider", ("provider", "calendar_provider")),
    ("Reservable", "reference:sn_wsd_core_space", ("reservable", "room", "location")),
    ("Reservable email", "email", ("email", "room_email", "external_email", "calendar_id")),
)
_EXTEND_REFRESH = ("extend_refresh_token_expiry", "extend_refresh_token", "rolling_refresh_token_expiry")


class Schema:
    """All tables of one instance, with inheritance; the drawn element names are found by label with `element`."""

    def __init__(self, rng: Random) -> None:
        drawn = (
            Table("sn_wsd_rsvsync_provider", "Calendar Provider", "name", _draw(_PROVIDER, rng)),
            Table(
                "sn_wsd_rsvsync_reservable_sync_configuration", "Reservable Sync Configuration", "sys_id", _draw(_ROOM_SYNC, rng)
            ),
        )
        self.tables = {table.name: table for table in (*TABLES, *SCAN_TABLES, *drawn)}
        registry = self.tables["oauth_entity"]
        extend = Column(rng.choice(_EXTEND_REFRESH), "boolean", "Extend Refresh Token Expiry")
        self.tables["oauth_entity"] = Table(
            registry.name, registry.label, registry.display, (*registry.columns, extend), registry.extends
        )
        self._columns = {name: self._all_columns(name) for name in self.tables}

    def column(self, table: str, element: str) -> Column | None:
        """The column of that element, inherited ones included, or None."""
        return self._columns[table].get(element)

    def columns(self, table: str) -> dict[str, Column]:
        """All columns of a table by element name."""
        return self._columns[table]

    def element(self, table: str, label: str) -> str:
        """The element name of the column with that label."""
        return next(column.element for column in self._columns[table].values() if column.label == label)

    def ancestry(self, table: str) -> list[str]:
        """The table, its parent, its parent's parent…"""
        line = [table]
        while parent := self.tables[line[-1]].extends:
            line.append(parent)
        return line

    def family(self, table: str) -> list[str]:
        """The table and every table that extends it."""
        return [name for name in self.tables if table in self.ancestry(name)]

    def choices(self, table: str, column: Column) -> dict[str, str]:
        """The words shown for a column's values; empty if it has no choice list."""
        if column.label == "Calendar processor":
            return CHOICES["sn_wsd_rsvsync_provider.processor"]
        return next((CHOICES[f"{t}.{column.element}"] for t in self.ancestry(table) if f"{t}.{column.element}" in CHOICES), {})

    def _all_columns(self, table: str) -> dict[str, Column]:
        known = {column.element: column for column in SYSTEM_COLUMNS}
        for name in reversed(self.ancestry(table)):
            known |= {column.element: column for column in self.tables[name].columns}
        return known


def _draw(spec: tuple[tuple[str, str, tuple[str, ...]], ...], rng: Random) -> tuple[Column, ...]:
    return columns("\n".join(f"{rng.choice(elements)} {kind} {label}" for label, kind, elements in spec))
