"""Columns that are known by their form labels only, found in the dictionary of the instance itself.

The documentation of Workplace Calendar Synchronization names the fields of a calendar provider and of a room's
synchronization as the form shows them, not as the table calls them; the elements are read from ``sys_dictionary``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from exoalias.adapters.instance.rows import Row

PROVIDER: Final = "sn_wsd_rsvsync_provider"
ROOM: Final = "sn_wsd_rsvsync_reservable_sync_configuration"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A column by the labels it has had, and where it differs from its neighbours, its kind."""

    role: str
    labels: tuple[str, ...]
    kind: str = ""  # the dictionary's internal type


# "Configure Microsoft Exchange Online calendar providers for strict mode" (field names); "Strict mode email" until 3.0.0.
_PROVIDER: Final = (
    Labelled("name", ("name",)),
    Labelled("active", ("active",)),
    Labelled("processor", ("calendar processor", "processor")),
    Labelled("delegated_user", ("delegated user email", "strict mode email", "delegated user", "strict mode user email")),
    Labelled("override", ("override alias",), "boolean"),
    Labelled("alias", ("connection & credential alias", "connection and credential alias", "override alias"), "reference"),
)
_ROOM: Final = (
    Labelled("active", ("active",)),
    Labelled("mailbox", ("reservable email", "email", "room email", "external email", "external calendar email", "mailbox")),
    Labelled("name", ("reservable", "room", "space", "location"), "reference"),
)
_TABLES: Final = {PROVIDER: _PROVIDER, ROOM: _ROOM}
_SAFE: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_")


def columns_of(table: str, dictionary: Iterable[Row]) -> dict[str, str]:
    """The element of each column we need ("processor" → "calendar_processor"), for those the dictionary has."""
    by_label: dict[str, list[Row]] = {}
    for row in dictionary:
        if row.get("name") == table:
            by_label.setdefault(_plain(row.get("column_label")), []).append(row)
    found: dict[str, str] = {}
    for wanted in _TABLES[table]:
        element = _element(wanted, by_label)
        if element and element not in found.values():
            found[wanted.role] = element
    return found


def _element(wanted: Labelled, by_label: Mapping[str, list[Row]]) -> str:
    for label in wanted.labels:
        for row in by_label.get(label, ()):
            element = row.get("element") or ""
            fits = not wanted.kind or row.get("internal_type") == wanted.kind
            if fits and element and set(element) <= _SAFE:
                return element
    return ""


@lru_cache(maxsize=2048)  # the same labels come with each check
def _plain(label: str | None) -> str:
    """A label without case, question mark and stray blanks."""
    return " ".join((label or "").replace("?", " ").casefold().split())


def known_columns(given: object) -> dict[str, dict[str, str]]:
    """Remembered columns as they were written down; anything odd is left out."""
    if not isinstance(given, Mapping):
        return {}
    return {table: found for table in _TABLES if (found := _believable(given.get(table), _TABLES[table]))}


def _believable(given: object, wanted: tuple[Labelled, ...]) -> dict[str, str]:
    if not isinstance(given, Mapping):
        return {}
    pairs = {w.role: given.get(w.role) for w in wanted}
    return {role: element for role, element in pairs.items() if isinstance(element, str) and element and set(element) <= _SAFE}
