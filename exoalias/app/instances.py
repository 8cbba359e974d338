"""The known instances: add one, list them, forget one. Nothing here talks to an instance."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from exoalias.adapters.entries import InstanceEntry
from exoalias.adapters.kept import Kept
from exoalias.adapters.secret import Secret
from exoalias.adapters.vault import LONGEST, MemoryFirst, ThisRunOnly
from exoalias.app.world import vault_key
from exoalias.domain.address import parse
from exoalias.domain.problems import BadAddress, UnknownInstance, UsageProblem

if TYPE_CHECKING:
    from collections.abc import Callable

    from exoalias.app.world import World

_NAME = re.compile(r"[^\W_](?:[\w .-]{0,62}[\w.])?")


def add(world: World, name: str, url: str, user: str, secret: str | None, *, keep: bool = True) -> InstanceEntry:
    """Add an instance, or give the password of a known one again. ``keep=False``: in memory, for this run only.

    None for the secret: each run asks for it. It is stored first: a keyring that refuses leaves nothing half added.
    UsageProblem, BadAddress, NoVault, VaultLocked.
    """
    entry = _entry(world, name.strip(), url, user.strip())
    if secret is not None:
        _keep(world, entry, secret, keep=keep)
    world.book.put(entry)
    return entry


def lend_secret(world: World, name: str, ask: Callable[[InstanceEntry], str]) -> None:
    """For a run that leaves the keyring alone: *ask* for the password if this run hasn't got it yet."""
    entry = world.book.get(name)
    if world.simulated is None and isinstance(world.vault, ThisRunOnly) and world.vault.get(vault_key(entry)) is None:
        _keep(world, entry, ask(entry), keep=False)


def remove(world: World, name: str) -> None:
    """Forget the instance, its password, its proofs and its journal. Nothing is written to the instance itself."""
    entry = world.book.get(name)
    with world.journal.claim(name):
        world.doors.shut(name)
        world.vault.remove(vault_key(entry))
        world.journal.forget(name)
        world.book.remove(name)


def listing(world: World) -> tuple[InstanceEntry, ...]:
    """The known instances."""
    return world.book.all()


def keeps_secrets(world: World) -> bool:
    """Whether a password given now is still there at the next start."""
    return not isinstance(world.vault, ThisRunOnly)


def _keep(world: World, entry: InstanceEntry, secret: str, *, keep: bool) -> None:
    if not secret:
        raise UsageProblem(why="The password is empty.")
    if len(secret.encode("utf-16-le")) > 2 * LONGEST:
        raise UsageProblem(why=f"The password is longer than the {LONGEST} characters a keyring takes.")
    key, item = vault_key(entry), Kept(password=Secret(secret)).to_text()
    if not keep and isinstance(world.vault, MemoryFirst):
        world.vault.keep_for_this_run(key, item)
    else:
        world.vault.set(key, item)


def _entry(world: World, name: str, url: str, user: str) -> InstanceEntry:
    if not _NAME.fullmatch(name):
        raise UsageProblem(
            why="A name has 1 to 64 letters, digits, blanks, dots, hyphens or underscores, and starts with a letter or digit."
        )
    if not user or any(ord(c) < 32 or c == ":" for c in user):
        raise UsageProblem(why="The user name is empty, or holds a colon or a control character.")
    simulated = world.simulated
    origin = parse(url, allow_loopback_http=simulated is not None)
    if simulated is not None and origin != simulated.instance:
        raise BadAddress(text=url, why=f"this run knows the simulated instance alone, {simulated.instance}")
    try:
        known = world.book.get(name)
    except UnknownInstance:
        return InstanceEntry(name, origin, user)
    if known.origin != origin:
        raise UsageProblem(why=f"{name} is the name of {known.origin} already.")
    return replace(known, user=user)
