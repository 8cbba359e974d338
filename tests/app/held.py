"""A simulated instance on which all holds, in this process, so that its records can be changed under the program's feet."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from exoalias.app.check import check
from exoalias.app.demo import NAME, prepare
from exoalias.app.entrance import enter
from exoalias.app.world import World
from exoalias.domain.records import SysId
from exoalias.domain.target import HomeAccount, Proof, Tier, TokenMark
from tests.simulator.running import Browser, get_token, running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from exoalias.domain.checklist import Finding
    from exoalias.domain.events import Checked, Event
    from exoalias.simulator.serve import Simulator

PLANNED = ("MS Graph 1", "MS Graph 2")


@dataclass
class Held:
    """The simulator, the world acting on it, and what was told."""

    simulator: Simulator
    world: World
    told: list[Event] = field(default_factory=list)
    name: str = NAME

    def tell(self, event: Event) -> None:
        """Take an event."""
        self.told.append(event)

    def check(self) -> Checked:
        """Check it."""
        return check(self.world, self.name, self.tell)

    def found(self, code: str) -> Finding:
        """The first finding of that code in a new check."""
        return next(f for f in self.check().checklist.findings if f.code == code)

    def row(self, table: str, what: str) -> dict[str, Any]:
        """A record of the simulated instance, to be changed in place."""
        row = self.simulator.instance.store.get(table, self.simulator.cast.sys_id(what))
        assert row is not None
        return row

    @property
    def writes(self) -> list[tuple[str, str]]:
        """Table (or address) and verb of the writes the simulator saw."""
        return [(str(row["table"]), str(row["verb"])) for row in self.simulator.record.as_dict()["writes"]]

    def sign_in(self, *credentials: str) -> None:
        """Fetch tokens as the delegated user, and keep the proof a watched sign-in would have given."""
        cast = self.simulator.cast
        person = cast.people["delegated"]
        for credential in credentials or PLANNED:
            with Browser() as browser:
                assert "completed successfully" in get_token(self.simulator, browser, credential=credential).text
            record = SysId(cast.sys_id(credential))
            rows = enter(self.world, self.name).tokens([record]).rows
            marks = tuple(
                TokenMark(t.sys_id, t.kind, t.created_on, t.updated_on, t.mod_count) for t in rows if t.kind == "refresh_token"
            )
            account = HomeAccount(person.object_id, cast.tenant.id)
            proof = Proof(record, Tier.ENTERED, account, person.upn, self.world.clock(), "s-1", marks)
            self.world.journal.add_proof(self.name, proof)


@contextmanager
def holding(folder: Path, scenario: str = "happy", faults: dict[str, Any] | None = None) -> Iterator[Held]:
    """An instance on which all holds, signed in for and checked."""
    with running(scenario, faults=faults) as simulator:
        world = World.simulated_from(simulator.announcement(), folder / "state", headless=True)
        held = Held(simulator, world)
        try:
            prepare(world, held.tell)
            held.sign_in()
            checked = held.check()
            assert checked.checklist.holds, [f.found for f in checked.checklist.findings if f.status.is_finding]
            yield held
        finally:
            world.close()
