"""What an instance holds, as frozen values: the Snapshot a check is judged by.

One convention for every column, because the instance has three answers and they mean different things:
``None``: the column was not returned (no right to read it, or it doesn't exist on this release): *cannot tell*;
``""``: returned and empty; anything else: its value. Times are UTC, as ``YYYY-MM-DD HH:MM:SS`` turned into aware datetimes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from exoalias.domain.ids import NO_RECORD as NO_RECORD  # noqa: PLC0414 - given on: everyone else takes both from here
from exoalias.domain.ids import SysId as SysId  # noqa: PLC0414, TC001 - as above

if TYPE_CHECKING:
    from datetime import datetime

T = TypeVar("T")


@dataclass(frozen=True)  # without slots: Reading[Row](...) fails on Python 3.11 where a frozen generic has them
class Reading(Generic[T]):
    """Rows of one question to the instance, or why it could not be answered."""

    rows: tuple[T, ...] = ()
    unreadable: str = ""  # the instance's own words, e.g. "403 Insufficient rights to query records"; "" when readable
    asked: bool = True  # False where nothing had to be asked (no ids to ask for)

    def __bool__(self) -> bool:
        """Whether the question was answered, be it with no rows."""
        return not self.unreadable

    def one(self) -> T | None:
        """The only row, or None where there is none or more than one."""
        return self.rows[0] if len(self.rows) == 1 else None


class InstanceUser(NamedTuple):
    """Who the REST session is, and the roles that matter."""

    sys_id: SysId
    user_name: str
    display_name: str


class App(NamedTuple):
    """A store application: its scope, name and version."""

    sys_id: SysId
    scope: str
    name: str | None
    version: str | None
    active: bool | None


class Alias(NamedTuple):
    """A connection & credential alias (``sys_alias``); ``id`` is ``scope.alias_name``."""

    sys_id: SysId
    id: str
    name: str | None
    parent: SysId | None
    multiple_connections: bool | None


class Connection(NamedTuple):
    """An HTTP(s) connection (``http_connection``)."""

    sys_id: SysId
    name: str | None
    active: bool | None
    url: str | None
    credential: SysId | None
    alias: SysId | None
    scope: str | None = None
    mod_count: int | None = None
    updated_on: datetime | None = None


class Credential(NamedTuple):
    """An OAuth 2.0 credential (``oauth_2_0_credentials``): MS Graph 1, MS Graph 2 and their like."""

    sys_id: SysId
    name: str
    active: bool | None
    profile: SysId | None
    profile_name: str | None
    integration_type: str | None  # "system" or "personal"
    scope: str | None
    mod_count: int | None
    updated_on: datetime | None
    updated_by: str | None


class EntityProfile(NamedTuple):
    """An OAuth entity profile (``oauth_entity_profile``)."""

    sys_id: SysId
    name: str | None
    grant_type: str | None
    registry: SysId | None
    is_default: bool | None
    updated_on: datetime | None


class Registry(NamedTuple):
    """An application registry (``oauth_entity``). Its client secret is never asked for."""

    sys_id: SysId
    name: str | None
    active: bool | None
    client_id: str | None
    auth_url: str | None
    token_url: str | None
    redirect_url: str | None
    grant_type: str | None
    refresh_token_lifespan_s: int | None
    scope: str | None = None
    mod_count: int | None = None
    updated_on: datetime | None = None


class Scope(NamedTuple):
    """An OAuth entity scope of a registry; ``value`` is what is sent to Microsoft."""

    sys_id: SysId
    value: str | None
    registry: SysId | None


class ProfileScope(NamedTuple):
    """A scope put on a profile (``oauth_entity_profile_scope``), with the scope's own value and registry dot-walked."""

    sys_id: SysId
    profile: SysId | None
    scope: SysId | None
    value: str | None
    registry: SysId | None


class Token(NamedTuple):
    """A stored token (``oauth_credential``) without its value, which is never asked for.

    ``expires`` of a refresh token is ServiceNow's own guess (KB0791140, KB2132135). ``created_by`` is the ServiceNow user
    who fetched it, never the Microsoft one: that column doesn't exist.
    """

    sys_id: SysId
    kind: str | None  # "refresh_token" or "access_token"
    credential: SysId | None  # oauth_requestor_profile.requestor_id
    profile: SysId | None  # oauth_requestor_profile.oauth_entity_profile
    expires: datetime | None
    created_on: datetime | None
    updated_on: datetime | None
    created_by: str | None
    mod_count: int | None


class Provider(NamedTuple):
    """A calendar provider (``sn_wsd_rsvsync_provider``); its columns are found by their labels in the dictionary."""

    sys_id: SysId
    name: str | None
    active: bool | None
    processor: str | None
    delegated_user: str | None
    override_alias: SysId | None  # the alias to use instead of the default one; "" for none


class Room(NamedTuple):
    """A room to be synchronized; ``mailbox`` is its address."""

    sys_id: SysId
    name: str | None
    mailbox: str | None


class CurrentScope(NamedTuple):
    """The application and update set the user's session stands in (they are per user, not per client)."""

    app: str
    app_name: str
    update_set: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything one check reads, as it stood at ``taken_at``."""

    origin: str
    taken_at: datetime
    user: Reading[InstanceUser]
    roles: Reading[str]
    build: Reading[str]  # the build tag, e.g. "glide-australia-02-11-2026__patch1-…"
    apps: Reading[App]
    sync_mode: Reading[str]  # sn_wsd_rsvsync.sync_integration_mode: Strict, Personal or Normal
    current_scope: Reading[CurrentScope]
    aliases: Reading[Alias]
    connections: Reading[Connection]
    credentials: Reading[Credential]  # the named ones and those reached through an own/override alias
    profiles: Reading[EntityProfile]
    registries: Reading[Registry]
    scopes: Reading[Scope]
    profile_scopes: Reading[ProfileScope]
    tokens: Reading[Token]
    providers: Reading[Provider]
    rooms: Reading[Room]
    round_trips: int = 0
    notes: tuple[str, ...] = field(default=())  # what was odd while reading, e.g. "Batch API refused: asked one by one"
    unread_profiles: frozenset[SysId] = frozenset()  # at a Microsoft sign-in, but too many for their scopes to be read

    def profile(self, sys_id: SysId | None) -> EntityProfile | None:
        """The profile of that id, if it was read."""
        return next((p for p in self.profiles.rows if p.sys_id == sys_id), None) if sys_id else None

    def registry(self, sys_id: SysId | None) -> Registry | None:
        """The registry of that id, if it was read."""
        return next((r for r in self.registries.rows if r.sys_id == sys_id), None) if sys_id else None

    def tokens_of(self, credential: SysId) -> tuple[Token, ...]:
        """The token rows bound to that credential."""
        return tuple(t for t in self.tokens.rows if t.credential == credential)
