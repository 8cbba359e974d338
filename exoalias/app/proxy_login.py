"""User and password for the proxy that is set: one keyring item, bound to that proxy's address.

Another address is never sent them. Those of a proxy named in the environment come with its address and aren't kept.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from exoalias.adapters.keeping.secret import Secret
from exoalias.adapters.network.proxies import NONE, parse
from exoalias.domain.problems import UsageProblem
from exoalias.domain.words import say

if TYPE_CHECKING:
    from exoalias.adapters.keeping.vault import Vault
    from exoalias.adapters.network.proxies import Login
    from exoalias.app.world import World

KEY: Final = "exoalias proxy"


@dataclass(frozen=True, slots=True)
class ProxyState:
    """The proxy that is set, and who is kept for it: "" for nobody."""

    proxy: str
    user: str
    keeper: str


def login_of(vault: Vault, setting: str) -> Login | None:
    """What is kept for that proxy; NoVault, VaultLocked."""
    host = host_of(setting)
    kept = _read(vault.get(KEY)) if host else {}
    if not host or kept.get("proxy") != host or not kept.get("user"):
        return None
    return kept["user"], Secret(kept.get("password", ""))


def state(world: World) -> ProxyState:
    """What is set and kept; NoVault, VaultLocked, BadProxy."""
    login = login_of(world.vault, world.settings.proxy)
    return ProxyState(host_of(world.settings.proxy), login[0] if login else "", world.vault.describe())


def keep_login(world: World, user: str, password: Secret) -> ProxyState:
    """Keep them for the proxy that is set, instead of others; UsageProblem, NoVault, VaultLocked, BadProxy."""
    host = host_of(world.settings.proxy)
    if not host:
        why = "No proxy is set, so there is nobody to keep a password for. First: exoalias settings proxy=HOST:PORT."
        raise UsageProblem(why=why)
    if not user.strip() or ":" in user or not user.isprintable():
        raise UsageProblem(why="The user name of a proxy can't be empty and has no colon in it.")
    said = {"v": "1", "proxy": host, "user": user.strip(), "password": password.reveal()}
    try:
        world.vault.set(KEY, json.dumps(said, ensure_ascii=False, separators=(",", ":")))
    except ValueError as error:
        raise UsageProblem(why=say("User and password were not kept: {error}.", error=error)) from None
    return state(world)


def forget_login(world: World) -> ProxyState:
    """Forget them; nothing happens where none are kept."""
    world.vault.remove(KEY)
    return ProxyState(host_of(world.settings.proxy), "", world.vault.describe())


def host_of(setting: str) -> str:
    """Host and port of the proxy that is set; "" where none is. BadProxy."""
    plain = setting.strip()
    return parse(plain, "the setting proxy").host if plain and plain.lower() != NONE else ""


def _read(text: str | None) -> dict[str, str]:
    """The item's texts; {} for what is none of ours."""
    try:
        said = json.loads(text or "")
    except (ValueError, RecursionError):
        return {}
    if not isinstance(said, dict) or said.get("v") != "1":
        return {}
    return {name: value for name, value in said.items() if isinstance(value, str)}
