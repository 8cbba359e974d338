"""Rows into records: what was read, as the domain's Snapshot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from exoalias.adapters.instance import questions as q
from exoalias.adapters.instance.columns import PROVIDER, ROOM
from exoalias.adapters.instance.picked import picked_application
from exoalias.adapters.instance.rows import Row, cell, flag, is_sys_id, moment, number, reference
from exoalias.domain.records import (
    Alias,
    App,
    Connection,
    Credential,
    CurrentScope,
    EntityProfile,
    InstanceUser,
    ProfileScope,
    Provider,
    Reading,
    Registry,
    Room,
    Scope,
    Snapshot,
    SysId,
    Token,
)
from exoalias.domain.words import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from exoalias.adapters.instance.batch import Reply
    from exoalias.adapters.instance.reading import Reader

T = TypeVar("T")

_NOT_INSTALLED: Final = (
    "the dictionary shows no columns of {table}: Workplace Calendar Synchronization is not installed, "
    "or this user may not read the dictionary"
)


def make_snapshot(reader: Reader, origin: str, taken_at: datetime, round_trips: int, notes: Iterable[str]) -> Snapshot:
    """Everything the reader read, as records; what could not be read says why."""
    book, ids, left_out = reader.notebook, reader.ids(), reader.left_out()

    def of(key: str, make: Callable[[Row], T], rows: Iterable[Row] | None = None, *also: str) -> Reading[T]:
        why = book.unreadable(key, *also)
        return Reading(unreadable=why) if why else Reading(tuple(make(r) for r in (book.rows(key) if rows is None else rows)))

    def bound(key: str, make: Callable[[Row], T], column: str, kind: str, parent: str) -> Reading[T]:
        """Rows that hang on ids: nothing to ask where there are none, unreadable where those could not be read."""
        if not ids[kind]:
            return Reading(unreadable=book.unreadable(parent), asked=False)
        return of(key, make, [r for r in book.rows(key) if r[column] in ids[kind]])

    properties = of("properties", _pair)
    return Snapshot(
        origin=origin,
        taken_at=taken_at,
        user=_user(reader.replies["current user"], of("user", _user_of_row)),
        roles=of("roles", lambda r: r["role.name"] or ""),
        build=_property(properties, q.BUILD_TAG),
        apps=_apps(of("sys_store_app", app), of("sys_scope", app)),
        sync_mode=_property(properties, q.SYNC_MODE),
        current_scope=_current_scope(reader),
        aliases=of("aliases", alias, reader.aliases()),
        connections=of("connections", connection, reader.connections()),
        credentials=of("credentials", credential, reader.credentials()),
        profiles=of("profiles", entity_profile),
        registries=of("registries", registry),
        scopes=bound("scopes", scope, "oauth_entity", "registries", "registries"),
        profile_scopes=bound("profile scopes", profile_scope, "oauth_entity_profile", "profiles", "profiles"),
        tokens=bound("tokens", token, "oauth_requestor_profile.requestor_id", "credentials", "credentials"),
        providers=_looked_up(reader, "providers", PROVIDER, provider),
        rooms=_looked_up(reader, "rooms", ROOM, room),
        round_trips=round_trips,
        notes=tuple(dict.fromkeys([*notes, *book.notes, *_left_out(left_out)])),
        unread_profiles=frozenset(SysId(each) for each in left_out.get("profiles", ())),
    )


def _left_out(ids: Mapping[str, frozenset[str]]) -> list[str]:
    """What was not asked for because an address has a length, said rather than passed over."""
    words = {"profiles": "OAuth entity profiles", "registries": "application registries"}
    return [
        say(
            "{left} more {kind} were not looked into; nothing can be said of them.",
            left=len(left),
            kind=words.get(kind, kind.replace("_", " ")),
        )
        for kind, left in ids.items()
    ]


# -- single records ------------------------------------------------------------------------------------------------------


def _id(row: Row) -> SysId:
    return SysId(row["sys_id"] or "")


def app(r: Row) -> App:
    """A row of sys_store_app or sys_scope."""
    return App(_id(r), r["scope"] or "", r["name"], r["version"], _active(r["active"]))


def _active(text: str | None) -> bool | None:
    return True if text == "active" else flag(text)


def alias(r: Row) -> Alias:
    """A row of sys_alias."""
    return Alias(_id(r), r["id"] or "", r["name"], reference(r["parent"]), flag(r["multiple_connections"]))


def connection(r: Row) -> Connection:
    """A row of http_connection."""
    credential_id, alias_id = reference(r["credential"]), reference(r["connection_alias"])
    return Connection(
        sys_id=_id(r),
        name=r["name"],
        active=flag(r["active"]),
        url=r["connection_url"],
        credential=credential_id,
        alias=alias_id,
        scope=r["sys_scope.scope"],
        mod_count=number(r["sys_mod_count"]),
        updated_on=moment(r["sys_updated_on"]),
    )


def credential(r: Row) -> Credential:
    """A row of oauth_2_0_credentials."""
    return Credential(
        sys_id=_id(r),
        name=r["name"] or "",
        active=flag(r["active"]),
        profile=reference(r["oauth_entity_profile"]),
        profile_name=r["oauth_entity_profile.name"],
        integration_type=r["integration_type"],
        scope=r["sys_scope.scope"] or r["sys_scope"],
        mod_count=number(r["sys_mod_count"]),
        updated_on=moment(r["sys_updated_on"]),
        updated_by=r["sys_updated_by"],
    )


def entity_profile(r: Row) -> EntityProfile:
    """A row of oauth_entity_profile."""
    return EntityProfile(
        _id(r), r["name"], r["grant_type"], reference(r["oauth_entity"]), flag(r["default"]), moment(r["sys_updated_on"])
    )


def registry(r: Row) -> Registry:
    """A row of oauth_entity."""
    return Registry(
        sys_id=_id(r),
        name=r["name"],
        active=flag(r["active"]),
        client_id=r["client_id"],
        auth_url=r["auth_url"],
        token_url=r["token_url"],
        redirect_url=r["redirect_url"],
        grant_type=r["default_grant_type"],
        refresh_token_lifespan_s=number(r["refresh_token_lifespan"]),
        scope=r["sys_scope.scope"],
        mod_count=number(r["sys_mod_count"]),
        updated_on=moment(r["sys_updated_on"]),
    )


def scope(r: Row) -> Scope:
    """A row of oauth_entity_scope."""
    return Scope(_id(r), r["oauth_entity_scope"], reference(r["oauth_entity"]))


def profile_scope(r: Row) -> ProfileScope:
    """A row of oauth_entity_profile_scope."""
    return ProfileScope(
        _id(r),
        reference(r["oauth_entity_profile"]),
        reference(r["oauth_entity_scope"]),
        r["oauth_entity_scope.oauth_entity_scope"],
        reference(r["oauth_entity_scope.oauth_entity"]),
    )


def token(r: Row) -> Token:
    """A row of oauth_credential."""
    return Token(
        sys_id=_id(r),
        kind=r["type"],
        credential=reference(r["oauth_requestor_profile.requestor_id"]),
        profile=reference(r["oauth_requestor_profile.oauth_entity_profile"]),
        expires=moment(r["expires"]),
        created_on=moment(r["sys_created_on"]),
        updated_on=moment(r["sys_updated_on"]),
        created_by=r["sys_created_by"],
        mod_count=number(r["sys_mod_count"]),
    )


def provider(r: Row, columns: Mapping[str, str]) -> Provider:
    """A calendar provider by its looked-up columns."""

    def at(role: str, suffix: str = "") -> str | None:
        return r.get(columns[role] + suffix) if role in columns else None

    overrides = flag(at("override")) if "override" in columns else True
    used = at("alias")
    shown = at("processor", ".shown")
    return Provider(
        sys_id=_id(r),
        name=at("name"),
        active=flag(at("active")),
        processor=shown if shown is not None else at("processor"),
        delegated_user=at("delegated_user"),
        override_alias=None if overrides is None else reference(used) if overrides else SysId(""),
    )


def room(r: Row, columns: Mapping[str, str]) -> Room:
    """A room's synchronization by its looked-up columns."""
    name = r.get(columns["name"] + ".shown") if "name" in columns else None
    return Room(_id(r), name, r.get(columns["mailbox"]) if "mailbox" in columns else None)


# -- what needs more than one row ----------------------------------------------------------------------------------------


def _looked_up(reader: Reader, key: str, table: str, make: Callable[[Row, Mapping[str, str]], T]) -> Reading[T]:
    """Rows of a table whose columns had to be looked up first."""
    book, columns = reader.notebook, reader.columns().get(table)
    if not columns:
        return Reading(unreadable=book.unreadable("dictionary") or _NOT_INSTALLED.format(table=table), asked=False)
    why = book.unreadable(key)
    if why:
        return Reading(unreadable=why)
    active = columns.get("active", "")
    rows = [r for r in book.rows(key) if table != ROOM or not active or flag(r.get(active)) is not False]
    return Reading(tuple(make(r, columns) for r in rows))


def _pair(r: Row) -> tuple[str, str | None]:
    return r["name"] or "", r["value"]


def _property(pairs: Reading[tuple[str, str | None]], name: str) -> Reading[str]:
    """The value of one system property; no row where it does not exist, unreadable where its value was kept back."""
    if not pairs:
        return Reading(unreadable=pairs.unreadable)
    values = [value for found, value in pairs.rows if found == name]
    if None in values:
        return Reading(unreadable=say("the value of {name} was not given", name=name))
    return Reading(tuple(value for value in values if value is not None))


def _apps(store: Reading[App], scopes: Reading[App]) -> Reading[App]:
    """Store applications; a scope alone where the store's table says nothing of it."""
    if not store and not scopes:
        return store
    known = {a.scope for a in store.rows}
    return Reading(store.rows + tuple(a for a in scopes.rows if a.scope not in known))


def _user_of_row(r: Row) -> InstanceUser:
    return InstanceUser(_id(r), r["user_name"] or "", r["name"] or "")


def _user(current: Reply, by_name: Reading[InstanceUser]) -> Reading[InstanceUser]:
    """Who the session is: the instance's own answer, or the one user of that name."""
    said = current.result
    if isinstance(said, dict) and is_sys_id(said.get("user_sys_id")) and cell(said.get("user_name")):
        display = cell(said.get("user_display_name")) or ""
        return Reading((InstanceUser(SysId(said["user_sys_id"]), cell(said["user_name"]) or "", display),))
    if by_name and len(by_name.rows) == 1:
        return by_name
    return Reading(unreadable=by_name.unreadable or current.unreadable or "the instance does not say who is signed in")


def _current_scope(reader: Reader) -> Reading[CurrentScope]:
    """The application and update set the user stands in. Releases differ in how the picker names the current application."""
    reply = reader.replies["picker"]
    if not isinstance(reply.result, dict):
        return Reading(unreadable=reply.unreadable or "the application picker's answer makes no sense")
    app, name = picked_application(reply.result)
    if not app:
        return Reading(unreadable="the application picker does not name a current application")
    sets = {r["sys_id"]: r["name"] for r in reader.notebook.rows("update set")}
    chosen = next((r["value"] or "" for r in reader.notebook.rows("preference")), "")
    return Reading((CurrentScope(app, name, sets.get(chosen) or chosen),))
