"""What was right, remembered without a secret: the records as they stood when all last held, or when the person said so.

A clone replaces an instance's records by those of its source, keeps some and leaves some out; which ones depends on exclusions
and preservers (Clone Admin Console, *Exclusions* and *Preservers*). So nothing is assumed of it: a later check compares.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from exoalias.domain.candidates import bare_scope, choose
from exoalias.domain.target import TokenMark

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from exoalias.domain.records import Connection, Credential, EntityProfile, Registry, Snapshot, SysId
    from exoalias.domain.target import Target


@dataclass(frozen=True, slots=True)
class RegistryThen:
    """The application registry; its client secret can't be read, so it is no part of this."""

    sys_id: SysId
    name: str | None
    client_id: str | None
    auth_url: str | None
    token_url: str | None
    redirect_url: str | None
    grant_type: str | None


@dataclass(frozen=True, slots=True)
class ProfileThen:
    """The OAuth entity profile with the scopes on it, as compared (no address before them, lower case, in order)."""

    sys_id: SysId
    name: str | None
    grant_type: str | None
    registry: SysId | None
    scopes: tuple[str, ...] | None  # None: they could not be read


@dataclass(frozen=True, slots=True)
class CredentialThen:
    """A credential, with the marks of its refresh tokens: never the tokens."""

    sys_id: SysId
    name: str
    active: bool | None
    integration_type: str | None
    profile: SysId | None
    tokens: tuple[TokenMark, ...] | None  # None: they could not be read


@dataclass(frozen=True, slots=True)
class ConnectionThen:
    """A connection of one of those credentials, and the alias it belonged to."""

    sys_id: SysId
    name: str | None
    active: bool | None
    url: str | None
    credential: SysId | None
    alias: SysId | None
    alias_id: str  # "scope.name"; "" where the alias was not read


@dataclass(frozen=True, slots=True)
class ProviderThen:
    """A calendar provider and the delegated user it names."""

    sys_id: SysId
    name: str | None
    delegated_user: str | None


@dataclass(frozen=True, slots=True)
class Desired:
    """An instance as it was when it was right."""

    origin: str
    at: datetime
    by_person: bool  # said by the person; otherwise a check found that all held
    registry: RegistryThen
    profile: ProfileThen
    credentials: tuple[CredentialThen, ...]
    connections: tuple[ConnectionThen, ...]
    providers: tuple[ProviderThen, ...]
    sync_mode: str | None


def remember(snapshot: Snapshot, target: Target, credentials: Iterable[SysId], *, by_person: bool) -> Desired | None:
    """The state to be kept, of the chosen profile and these credentials; None where no profile with a registry is chosen."""
    chosen = choose(snapshot, target)
    ids = tuple(dict.fromkeys(credentials))
    if chosen.profile is None or chosen.registry is None:
        return None
    return Desired(
        origin=snapshot.origin,
        at=snapshot.taken_at,
        by_person=by_person,
        registry=_registry(chosen.registry),
        profile=_profile(snapshot, target, chosen.profile),
        credentials=tuple(_credential(snapshot, c) for i in ids for c in snapshot.credentials.rows if c.sys_id == i),
        connections=tuple(_connection(snapshot, c) for c in snapshot.connections.rows if c.active and c.credential in ids),
        providers=_providers(snapshot, target),
        sync_mode=snapshot.sync_mode.one(),
    )


def scopes_on(snapshot: Snapshot, target: Target, profile: SysId) -> tuple[str, ...] | None:
    """The scopes on a profile, as compared; None where not all could be read."""
    values = [s.value for s in snapshot.profile_scopes.rows if s.profile == profile]
    known = [value for value in values if value is not None]
    if not snapshot.profile_scopes or len(known) != len(values):
        return None
    return tuple(sorted({bare_scope(value, target.clouds) for value in known}))


def alias_id(snapshot: Snapshot, sys_id: SysId | None) -> str:
    """The ``scope.name`` of an alias that was read; "" otherwise."""
    return next((alias.id for alias in snapshot.aliases.rows if alias.sys_id == sys_id), "")


def _registry(r: Registry) -> RegistryThen:
    return RegistryThen(r.sys_id, r.name, r.client_id, r.auth_url, r.token_url, r.redirect_url, r.grant_type)


def _profile(snapshot: Snapshot, target: Target, p: EntityProfile) -> ProfileThen:
    return ProfileThen(p.sys_id, p.name, p.grant_type, p.registry, scopes_on(snapshot, target, p.sys_id))


def _credential(snapshot: Snapshot, c: Credential) -> CredentialThen:
    rows = [t for t in snapshot.tokens_of(c.sys_id) if t.kind == "refresh_token"]
    marks = tuple(TokenMark(t.sys_id, "refresh_token", t.created_on, t.updated_on, t.mod_count) for t in rows)
    readable = bool(snapshot.tokens) and snapshot.tokens.asked
    return CredentialThen(c.sys_id, c.name, c.active, c.integration_type, c.profile, marks if readable else None)


def _connection(snapshot: Snapshot, c: Connection) -> ConnectionThen:
    return ConnectionThen(c.sys_id, c.name, c.active, c.url, c.credential, c.alias, alias_id(snapshot, c.alias))


def _providers(snapshot: Snapshot, target: Target) -> tuple[ProviderThen, ...]:
    """Those that name the delegated user; nothing is kept of other people's."""
    user = target.delegated_user
    ours = {text.strip().casefold() for text in (user.upn, user.mail) if text.strip()} if user is not None else set()
    named = (p for p in snapshot.providers.rows if (p.delegated_user or "").strip().casefold() in ours)
    return tuple(ProviderThen(p.sys_id, p.name, p.delegated_user) for p in named if p.active is not False)
