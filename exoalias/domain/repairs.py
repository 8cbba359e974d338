"""What was right and can be put back: one field each, of a record that still is the one remembered.

Nothing is repaired on a guess. The record has the id remembered, the value is the remembered one, and for the registry client
id and tenant are those remembered too: otherwise it stands for another application, and only a person knows which is meant.
Secrets can't be read or put back, and no record is created; those are told as things to do by hand.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from exoalias.domain import writable
from exoalias.domain.changes import same_application
from exoalias.domain.plan import SetField
from exoalias.domain.records import Reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from exoalias.domain.desired import CredentialThen, Desired
    from exoalias.domain.records import Connection, Credential, Registry, Snapshot
    from exoalias.domain.target import Target
    from exoalias.domain.writable import Writable


def repairs(snapshot: Snapshot, target: Target, registry: Registry | None) -> tuple[SetField, ...]:
    """The fields that can be put back, in the order in which they are written; *registry* is that of the chosen profile."""
    desired = target.desired
    if desired is None or desired.origin != snapshot.origin:
        return ()
    planned = (
        *_redirect(desired, registry, target),
        *(step for then in desired.credentials for step in _credential(then, snapshot, target)),
        *_addresses(desired, snapshot, target),
    )
    return tuple(step for step in planned if _can_be_undone(step))


def mended(snapshot: Snapshot, steps: Iterable[SetField]) -> Snapshot:
    """The Snapshot as it will be once these steps are written: by it the rest of the plan is made."""
    for step in steps:
        snapshot = _with(snapshot, step)
    return snapshot


def _can_be_undone(step: SetField) -> bool:
    return writable.WRITABLE[step.table, step.field].fits(step.before)


# -- what is put back ----------------------------------------------------------------------------------------------------


def _redirect(desired: Desired, registry: Registry | None, target: Target) -> Iterator[SetField]:
    if registry is None or registry.redirect_url is None or registry.sys_id != desired.registry.sys_id:
        return
    wanted = target.redirect_url
    was_ours = (desired.registry.redirect_url or "").casefold() == wanted.casefold()
    if was_ours and registry.redirect_url.casefold() != wanted.casefold() and same_application(desired, registry):
        yield _step(writable.REDIRECT, registry, registry.redirect_url, wanted)


def _credential(then: CredentialThen, snapshot: Snapshot, target: Target) -> Iterator[SetField]:
    now = next((c for c in snapshot.credentials.rows if c.sys_id == then.sys_id), None)
    if now is None:
        return
    if _is_renamed(then, now, snapshot, target):
        yield _step(writable.NAME, now, now.name, then.name)
    if then.active and now.active is False:
        yield _step(writable.ACTIVE, now, "false", "true")


def _is_renamed(then: CredentialThen, now: Credential, snapshot: Snapshot, target: Target) -> bool:
    """Whether the procedure knows the record by its old name, and nobody else has taken that."""
    named = {name.strip().casefold() for name in target.credential_names}
    wanted = then.name.strip().casefold()
    taken = any(c.name.strip().casefold() == wanted for c in snapshot.credentials.rows)
    return now.name.strip().casefold() != wanted and wanted in named and not taken


def _addresses(desired: Desired, snapshot: Snapshot, target: Target) -> Iterator[SetField]:
    graph = {cloud.graph_url.casefold() for cloud in target.clouds}
    for then in desired.connections:
        now = next((c for c in snapshot.connections.rows if c.sys_id == then.sys_id), None)
        if now is None or now.url is None or (then.url or "").strip().rstrip("/").casefold() not in graph:
            continue
        same = (now.credential, now.alias) == (then.credential, then.alias)
        if same and now.active and then.url and now.url.strip().rstrip("/") != then.url.strip().rstrip("/"):
            yield _step(writable.ADDRESS, now, now.url, then.url.strip())


def _step(field: Writable, record: Registry | Credential | Connection, before: str, after: str) -> SetField:
    return SetField(
        table=field.table,
        record=record.sys_id,
        record_name=record.name or record.sys_id,
        field=field.field,
        before=before,
        before_shown=before,
        after=after,
        after_shown=after,
        mod_count=record.mod_count,
        updated_on=record.updated_on,
        repair=field.why,
        scope=record.scope or "",
    )


# -- as it will be -------------------------------------------------------------------------------------------------------


def _with(snapshot: Snapshot, step: SetField) -> Snapshot:
    if step.table == writable.REGISTRIES:
        registries = (r._replace(redirect_url=step.after) if r.sys_id == step.record else r for r in snapshot.registries.rows)
        return replace(snapshot, registries=Reading(tuple(registries)))
    if step.table == writable.CONNECTIONS:
        connections = (c._replace(url=step.after) if c.sys_id == step.record else c for c in snapshot.connections.rows)
        return replace(snapshot, connections=Reading(tuple(connections)))
    credentials = (_renewed(c, step) if c.sys_id == step.record else c for c in snapshot.credentials.rows)
    return replace(snapshot, credentials=Reading(tuple(credentials)))


def _renewed(credential: Credential, step: SetField) -> Credential:
    return credential._replace(name=step.after) if step.field == "name" else credential._replace(active=True)
