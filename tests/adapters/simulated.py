"""An Instance on a running simulator, for tests."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from exoalias.adapters.entering.basic import UserAndPassword
from exoalias.adapters.instance.servicenow import Instance
from exoalias.adapters.network.http import Http
from exoalias.domain.plan import SetField
from exoalias.domain.target import CLOUDS, Cloud, Target
from tests.simulator.running import running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exoalias.domain.records import Credential, Snapshot
    from exoalias.simulator.serve import Simulator


@dataclass(frozen=True, slots=True)
class Simulated:
    """Both sides, and what stands between."""

    simulator: Simulator
    instance: Instance
    target: Target

    @property
    def requests(self) -> list[str]:
        """The requests that reached the instance, without the items of its batches: "GET /api/…"."""
        record: dict[str, Any] = self.simulator.record.as_dict()
        return [f"{r['method']} {r['path']}" for r in record["requests"] if r["side"] == "instance" and r["note"] != "batch"]

    @property
    def writes(self) -> list[Any]:
        """The writes that reached the instance."""
        writes: list[Any] = self.simulator.record.as_dict()["writes"]
        return writes

    def read(self) -> Snapshot:
        """A Snapshot."""
        return self.instance.read(self.target)[0]

    def step(self, credential: Credential, after: str = "", *, after_shown: str = "") -> SetField:
        """The planned write of a credential's profile; the strict-mode one unless said otherwise."""
        cast = self.simulator.cast
        return SetField(
            table="oauth_2_0_credentials",
            record=credential.sys_id,
            record_name=credential.name,
            field="oauth_entity_profile",
            before=credential.profile or "",
            before_shown=credential.profile_name or "",
            after=after or cast.sys_id("profile"),
            after_shown=after_shown or cast.profile_name,
            mod_count=credential.mod_count,
            updated_on=credential.updated_on,
        )


@contextmanager
def simulated(name: str = "happy", *, seed: int = 5, password: str = "", **changes: Any) -> Iterator[Simulated]:  # noqa: ANN401 - passed on
    """A running scenario with an Instance on it."""
    with running(name, seed=seed, **changes) as simulator:
        origin, admin = simulator.instance.origin, simulator.cast.admin
        http = Http(simulated=frozenset({origin, simulator.microsoft.origin}))
        access = UserAndPassword(http.client(origin), admin.user_name, password or admin.password)
        target = Target(origin, clouds=(*CLOUDS, Cloud("Simulated", (simulator.microsoft.origin,))))
        try:
            yield Simulated(simulator, Instance(access, lambda: datetime.now(UTC)), target)
        finally:
            http.close()
