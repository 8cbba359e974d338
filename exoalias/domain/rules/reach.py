"""How credentials are reached: provider → override or default alias → connection → credential.

The provider's override alias wins over the default one (Resolving connection setup issues in Workplace Calendar
Synchronization). Each delegated user has an alias, connection and credential of its own, while the profile may be shared
(Create single or multiple calendar providers with Microsoft Exchange Online): records of *other* delegated users are looked
at, but never planned for.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from exoalias.domain.delegated import STRICT_ALIASES

if TYPE_CHECKING:
    from exoalias.domain.records import Alias, Connection, Credential, Provider, Snapshot, SysId
    from exoalias.domain.target import Target

DEFAULT_ALIAS = STRICT_ALIASES["MS Graph 1"]


class Kin(Enum):
    """Whose provider is it?"""

    OURS = "of the delegated user"
    UNSAID = "uses the default alias, but another or no address"
    OTHERS = "of another delegated user"
    IDLE = "not active"


def addresses(target: Target) -> frozenset[str]:
    """The delegated user's addresses as compared: user name and, where entered, mailbox address."""
    user = target.delegated_user
    if user is None:
        return frozenset()
    return frozenset(text.strip().casefold() for text in (user.upn, user.mail) if text.strip())


def kin(provider: Provider, target: Target) -> Kin:
    """Whose provider it is. One with an override alias and another address belongs to another delegated user."""
    if provider.active is False:
        return Kin.IDLE
    address = (provider.delegated_user or "").strip().casefold()
    if address and address in addresses(target):
        return Kin.OURS
    if address and provider.override_alias:
        return Kin.OTHERS
    return Kin.UNSAID


def alias_by_id(snapshot: Snapshot, alias_id: str) -> Alias | None:
    """The alias with that ``scope.name`` id."""
    return next((alias for alias in snapshot.aliases.rows if alias.id == alias_id), None)


def alias_of(snapshot: Snapshot, sys_id: SysId | None) -> Alias | None:
    """The alias record of that sys_id."""
    return next((alias for alias in snapshot.aliases.rows if alias.sys_id == sys_id), None) if sys_id else None


def missing_column(snapshot: Snapshot) -> str | None:
    """A column without which nobody can say which connections an alias has, and whether they are active."""
    connections = snapshot.connections.rows
    if None in [c.alias for c in connections]:
        return "http_connection.connection_alias"
    if None in [c.active for c in connections]:
        return "http_connection.active"
    return "http_connection.credential" if None in [c.credential for c in connections] else None


def connections_of(snapshot: Snapshot, alias: Alias) -> tuple[Connection, ...]:
    """The active connections of an alias."""
    return tuple(c for c in snapshot.connections.rows if c.alias == alias.sys_id and c.active)


def others_credentials(snapshot: Snapshot, target: Target) -> frozenset[SysId]:
    """Credentials that serve providers of other delegated users."""
    return _behind(snapshot, target, Kin.OTHERS)


def own_credentials(snapshot: Snapshot, target: Target) -> tuple[Credential, ...]:
    """Credentials reached through an override alias of a provider of this delegated user, and of no other's."""
    ids = _behind(snapshot, target, Kin.OURS) - others_credentials(snapshot, target)
    return tuple(c for c in snapshot.credentials.rows if c.sys_id in ids)


def _behind(snapshot: Snapshot, target: Target, whose: Kin) -> frozenset[SysId]:
    aliases = {p.override_alias for p in snapshot.providers.rows if p.override_alias and kin(p, target) is whose}
    return frozenset(
        c.credential for c in snapshot.connections.rows if c.alias in aliases and c.credential and c.active is not False
    )
