"""What one check may tell the next: ids and column names, so that everything can be asked in one round trip.

They save time and decide nothing: each is looked up anew in the same answer, and what no longer holds is asked again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from exoalias.adapters.instance.columns import known_columns
from exoalias.adapters.instance.rows import is_sys_id

KINDS: Final = ("credentials", "other_credentials", "aliases", "profiles", "registries", "update_sets")
_MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Remembered:
    """Ids by kind, and the looked-up columns of the tables whose columns are known by label only."""

    ids: Mapping[str, frozenset[str]] = field(default_factory=dict)
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def of(self, kind: str) -> frozenset[str]:
        """The ids of one kind."""
        return self.ids.get(kind, frozenset())

    def to_json(self) -> dict[str, object]:
        """Plain values, to be kept in the journal."""
        return {
            "ids": {kind: sorted(self.of(kind)) for kind in KINDS if self.of(kind)},
            "columns": {table: dict(found) for table, found in self.columns.items()},
        }

    @classmethod
    def from_json(cls, given: object) -> Remembered:
        """What to_json gave; anything odd is forgotten, for it is only a saving of time."""
        if not isinstance(given, Mapping):
            return cls()
        ids = given.get("ids")
        kept = {kind: _ids(ids.get(kind)) for kind in KINDS} if isinstance(ids, Mapping) else {}
        return cls(ids={kind: some for kind, some in kept.items() if some}, columns=known_columns(given.get("columns")))


def _ids(given: object) -> frozenset[str]:
    items: Iterable[object] = given if isinstance(given, (list, tuple)) else ()
    return frozenset(str(item) for item in list(items)[:_MOST] if is_sys_id(item))
