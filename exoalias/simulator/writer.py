"""Puts records into a fresh instance; they refer to each other by the names `Cast.sys_id` knows them under."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from exoalias.simulator.tables import Store, stamp

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exoalias.simulator.scenario import Cast, Scenario

SPOKE_SCOPE = "sn_ex_online_spke"
SYNC_SCOPE = "sn_wsd_rsvsync"
GRAPH = "https://graph.microsoft.com"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the two sides are reached, and the tenant-specific endpoints of Microsoft's."""

    instance: str
    microsoft: str
    tenant: str

    @property
    def authorize(self) -> str:
        return f"{self.microsoft}/{self.tenant}/oauth2/v2.0/authorize"

    @property
    def token(self) -> str:
        return f"{self.microsoft}/{self.tenant}/oauth2/v2.0/token"


class Writer:
    """What every group of records needs: the store, the cast, the scenario's defects, and one moment that is now."""

    def __init__(self, store: Store, cast: Cast, scenario: Scenario, addresses: Addresses) -> None:
        self.store = store
        self.cast = cast
        self.scenario = scenario
        self.addresses = addresses
        self.rng = cast.stream("records")
        self.now = datetime.now(UTC)

    def defect(self, name: str) -> bool:
        """Whether the scenario has that defect."""
        return name in self.scenario.records

    def add(
        self,
        table: str,
        what: str,
        values: Mapping[str, str] | None = None,
        *,
        days: float = 300,
        updated_days: float | None = None,
        **named: str,
    ) -> str:
        """Insert a record known as *what*, made *days* ago; gives its sys_id."""
        sys_id = self.cast.sys_id(what)
        row = {**(values or {}), **named}
        updated = self.now - timedelta(days=days if updated_days is None else updated_days)
        changes = 0 if updated_days is None else self.rng.randrange(1, 9)
        if "sys_scope" in self.store.schema.columns(table):
            row.setdefault("sys_scope", "global")
        at = self.now - timedelta(days=days)
        stored = self.store.insert(table, row, by="setup.user", at=at, sys_id=sys_id)
        stored |= {"sys_updated_on": stamp(updated), "sys_mod_count": str(changes)}
        return sys_id

    def application(self, scope: str) -> str:
        """The sys_id of an application, by its scope."""
        return "global" if scope == "global" else self.cast.sys_id(f"scope {scope}")
