"""Putting the secrets of an instance where they are kept: measured first, so that nothing is ever half written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from exoalias.adapters.keeping.vault import MOST_BYTES, MemoryFirst, ThisRunOnly, bytes_of
from exoalias.app.world import vault_key
from exoalias.domain.problems import SecretTooLong

if TYPE_CHECKING:
    from exoalias.adapters.keeping.entries import InstanceEntry
    from exoalias.adapters.keeping.kept import Kept
    from exoalias.app.world import World

_WORDS: Final = {
    "password": "The password",
    "api_key": "The API key",
    "client_secret": "The client secret",
    "refresh_token": "The refresh token",
    "passphrase": "The passphrase",
}


def may_hold(entry: InstanceEntry) -> bool:
    """Whether anything of that entry may be in the keyring."""
    return any(need.secret for need in (*entry.asked, *entry.may_be_told))


def keep(world: World, entry: InstanceEntry, kept: Kept, *, lasting: bool = True) -> None:
    """Keep the entry's secrets; ``lasting=False``: in memory, for this run only. SecretTooLong, NoVault, VaultLocked."""
    key, item = vault_key(entry), kept.to_text()
    if isinstance(world.vault, ThisRunOnly):
        world.vault.set(key, item)
    elif not lasting and isinstance(world.vault, MemoryFirst):
        world.vault.keep_for_this_run(key, item)
    else:
        measure(entry, kept)
        world.vault.set(key, item)


def measure(entry: InstanceEntry, kept: Kept) -> None:
    """SecretTooLong, naming the longest, where a keyring would not take them all in one item."""
    length = bytes_of(kept.to_text())
    if length > MOST_BYTES:
        raise SecretTooLong(what=_WORDS[kept.longest], instance=entry.name, length=length, most=MOST_BYTES)
