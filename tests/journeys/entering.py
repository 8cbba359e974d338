"""A program of its own, for test_ways_in.py: the whole job by one way in, with its secrets in the session's real keyring.

Arguments: announcement file, state folder, and for a client certificate a file that says which. Prints one JSON line for each
thing done. The second half is a new world that knows nothing but what settings file and keyring kept.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from exoalias.adapters.keeping.kept import Kept
from exoalias.adapters.keeping.secret import Secret
from exoalias.adapters.keeping.vault import MemoryFirst
from exoalias.app.apply import apply
from exoalias.app.check import check
from exoalias.app.choose import set_target
from exoalias.app.control import Control
from exoalias.app.demo import NAME, prepare
from exoalias.app.instances import add, remove
from exoalias.app.sign_in import sign_in
from exoalias.app.world import World, vault_key
from exoalias.domain.events import DoorPhase, TokenStored
from exoalias.domain.ways import Way

if TYPE_CHECKING:
    from exoalias.domain.events import Event


def _say(**said: object) -> None:
    print(json.dumps(said), flush=True)


def _by_certificate(world: World, said: dict[str, Any], certificate: Path) -> str:
    """Add the instance with a client certificate, its passphrase and an authority of its own, and say what should be true."""
    files = json.loads(certificate.read_text())
    passphrase = Kept(passphrase=Secret(files["passphrase"]))
    where = {"certificate": files["certificate"], "ca_file": files["ca_file"]}
    add(world, NAME, said["instance"], Way.CERTIFICATE, secrets=passphrase, **where)
    user = said["delegated"]
    profile = said["profile"]["sys_id"]
    set_target(world, NAME, delegated_user=user["upn"], object_id=user["object_id"], mail=user["mail"], profile=profile)
    return NAME


def main(announcement: Path, state: Path, certificate: Path | None = None) -> int:
    """Add, check, apply, sign in for both; then check again from what was kept; then forget it all."""
    told: list[Event] = []
    said = json.loads(announcement.read_text())

    def open_world() -> tuple[World, Control]:
        world = replace(World.simulated_from(said, state, headless=True), vault=MemoryFirst())
        control = Control(interactive=False)
        if world.simulated is not None and world.simulated.keys.code_seed:
            control.authenticator = world.simulated.keys.code_now
        return world, control

    world, control = open_world()
    name = prepare(world, told.append, control) if certificate is None else _by_certificate(world, said, certificate)
    checked = check(world, name, told.append, control)
    _say(step="check", writes=len(checked.plan.writes))
    checked = apply(world, name, checked.plan, told.append, control)
    checked = sign_in(world, name, [s.credential_name for s in checked.plan.sign_ins], told.append, control)
    doors = [f"{event.phase.name}{'+' if event.again else ''}" for event in told if isinstance(event, DoorPhase)]
    stored = sum(isinstance(event, TokenStored) for event in told)
    _say(step="sign-in", holds=checked.checklist.holds, stored=stored, doors=doors, events=repr(told))
    world.close()

    world, control = open_world()
    entry = world.book.get(name)
    _say(step="kept", item=world.vault.get(vault_key(entry)) is not None, keyring=world.vault.describe())
    if not (world.simulated and world.simulated.keys.wants_code):  # a code serves once, and the next is half a minute away
        checked = check(world, name, told.append, control)
    _say(step="again", holds=checked.checklist.holds)
    remove(world, name)
    _say(step="removed", item=world.vault.get(vault_key(entry)) is not None)
    world.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
