"""What differs between an instance as it was when it was right, and as it is now.

Each difference is named; none is judged here. What could not be read now, or then, gives no difference: the checks of that
record say *cannot tell*.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Protocol, TypeVar
from urllib.parse import urlsplit

from exoalias.domain.desired import alias_id, scopes_on
from exoalias.domain.ids import NO_RECORD
from exoalias.domain.words import say

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from exoalias.domain.desired import ConnectionThen, CredentialThen, Desired
    from exoalias.domain.records import Connection, Credential, EntityProfile, Registry, Snapshot, SysId
    from exoalias.domain.target import Target


class _Named(Protocol):
    """A record that has a name."""

    @property
    def name(self) -> str | None:
        """The name."""


N = TypeVar("N", bound=_Named)


class Part(Enum):
    """Where something changed, in the order of the checklist."""

    REGISTRY = "registry"
    PROFILE = "profile"
    CREDENTIAL = "credentials"
    CONNECTION = "connections"
    TOKEN = "tokens"  # noqa: S105 - a word, not a token
    SETTING = "settings"


class Nature(Enum):
    """What became of it."""

    CHANGED = "changed"
    GONE = "gone"
    MADE_ANEW = "made anew"  # there under another id


@dataclass(frozen=True, slots=True)
class Change:
    """One difference, in words; ``host`` is that of another instance where the record names one."""

    part: Part
    nature: Nature
    record: SysId
    says: str
    decide: bool = False  # nothing else in the checklist asks about it: put it right, or say that it is meant
    host: str = ""


@dataclass(frozen=True, slots=True)
class Likeness:
    """Why the changes look like those a clone makes. A conclusion from records, not something the instance said."""

    source: str  # the host of the instance it seems to be a copy of; "" where none is named
    why: str


def changes(desired: Desired, snapshot: Snapshot, target: Target, fresh: Collection[SysId] = ()) -> tuple[Change, ...]:
    """The differences, in the checklist's order. *fresh*: credentials that were signed in for since."""
    return (
        *_registry(desired, snapshot, target),
        *_profile(desired, snapshot, target),
        *(change for then in desired.credentials for change in _credential(then, snapshot)),
        *(change for then in desired.connections for change in _connection(then, snapshot)),
        *(change for then in desired.credentials if then.sys_id not in fresh for change in _tokens(then, snapshot)),
        *_settings(desired, snapshot),
    )


def likeness(found: Collection[Change]) -> Likeness | None:
    """Whether they look like a clone's: the address of another instance, or several records lost or replaced at once."""
    source = next((change.host for change in found if change.host), "")
    replaced = {change.record for change in found if change.nature is not Nature.CHANGED}
    if source:
        return Likeness(source, say("a record names the instance {source}", source=source))
    if len(replaced) > 1:
        return Likeness("", say("{replaced} records are gone or were replaced at once", replaced=len(replaced)))
    return None


def tenant_of(address: str | None) -> str:
    """The tenant an authorization address names, lower case; "" where it names none."""
    return urlsplit((address or "").strip()).path.strip("/").partition("/")[0].casefold()


def same_application(desired: Desired, registry: Registry) -> bool:
    """Whether a registry still stands for the same application at Microsoft: client id and tenant are those remembered."""
    then = desired.registry
    return not (_differ(then.client_id, registry.client_id) or tenant_of(then.auth_url) != tenant_of(registry.auth_url))


# -- registry and profile ------------------------------------------------------------------------------------------------


def _registry(desired: Desired, snapshot: Snapshot, target: Target) -> Iterator[Change]:
    if not snapshot.registries:
        return
    then, part = desired.registry, Part.REGISTRY
    name = then.name or then.sys_id
    now = snapshot.registry(then.sys_id)
    if now is None:
        now = _namesake(snapshot.registries.rows, then.name)
        if now is None:
            yield Change(part, Nature.GONE, then.sys_id, say("{name} is gone.", name=name))
            return
        yield Change(part, Nature.MADE_ANEW, then.sys_id, say("{name} is there under another id.", name=name))
    yield from _identity(desired, now)
    redirect = _said(part, then.sys_id, "The redirect address", then.redirect_url, now.redirect_url)
    host = _other_instance(now.redirect_url, target)
    yield from (Change(part, Nature.CHANGED, c.record, c.says, host=host) for c in redirect)
    yield from _said(part, then.sys_id, say("The name"), then.name, now.name)
    yield from _said(part, then.sys_id, "The default grant type", then.grant_type, now.grant_type)
    if tenant_of(then.auth_url) == tenant_of(now.auth_url):
        yield from _said(part, then.sys_id, "The authorization address", then.auth_url, now.auth_url)
        yield from _said(part, then.sys_id, "The token address", then.token_url, now.token_url)


def _identity(desired: Desired, now: Registry) -> Iterator[Change]:
    """Client id and tenant: with others it is another application, whatever it is called."""
    then = desired.registry
    pairs = (
        ("The client id", then.client_id, now.client_id),
        (say("The tenant"), tenant_of(then.auth_url), None if now.auth_url is None else tenant_of(now.auth_url)),
    )
    for label, was, found in pairs:
        for change in _said(Part.REGISTRY, then.sys_id, label, was, found):
            yield Change(Part.REGISTRY, Nature.CHANGED, change.record, change.says, decide=True)


def _other_instance(address: str | None, target: Target) -> str:
    """The host of another instance's redirect address; "" where it is none, or ours."""
    split = urlsplit((address or "").strip())
    ours = urlsplit(target.origin).netloc.casefold()
    host = split.netloc.casefold()
    return host if host != ours and split.path == "/oauth_redirect.do" else ""


def _profile(desired: Desired, snapshot: Snapshot, target: Target) -> Iterator[Change]:
    if not snapshot.profiles:
        return
    then, part = desired.profile, Part.PROFILE
    name = then.name or then.sys_id
    now: EntityProfile | None = snapshot.profile(then.sys_id)
    if now is None:
        now = _namesake(snapshot.profiles.rows, then.name)
        nature, words = (Nature.GONE, say("is gone")) if now is None else (Nature.MADE_ANEW, say("is there under another id"))
        yield Change(part, nature, then.sys_id, say("{name} {what}.", name=name, what=words))
    if now is None:
        return
    yield from _said(part, then.sys_id, say("The name"), then.name, now.name)
    yield from _said(part, then.sys_id, say("The grant type"), then.grant_type, now.grant_type)
    if _differ(then.registry, now.registry):
        yield _other_registry(desired, snapshot, now)
    found = scopes_on(snapshot, target, now.sys_id)
    if then.scopes is not None and found is not None and (lost := sorted(set(then.scopes) - set(found))):
        yield Change(part, Nature.CHANGED, then.sys_id, say("Scopes no longer on it: {lost}.", lost=", ".join(lost)))


def _other_registry(desired: Desired, snapshot: Snapshot, now: EntityProfile) -> Change:
    found = snapshot.registry(now.registry)
    named = (found.name if found is not None else "") or now.registry or say("none")
    was = desired.registry.name or desired.registry.sys_id
    meant = found is not None and same_application(desired, found)
    says = say(
        "Its registry was {was}, and is {named} now{meant}.",
        was=was,
        named=named,
        meant="" if meant else say(", another application"),
    )
    return Change(Part.PROFILE, Nature.CHANGED, desired.profile.sys_id, says, decide=not meant)


# -- credentials, connections, tokens ------------------------------------------------------------------------------------


def _credential(then: CredentialThen, snapshot: Snapshot) -> Iterator[Change]:
    if not snapshot.credentials:
        return
    part, record = Part.CREDENTIAL, then.sys_id
    now: Credential | None = next((c for c in snapshot.credentials.rows if c.sys_id == record), None)
    if now is None:
        anew = _namesake(snapshot.credentials.rows, then.name) is not None
        words = say("is there under another id") if anew else say("is gone")
        yield Change(part, Nature.MADE_ANEW if anew else Nature.GONE, record, say("{name} {what}.", name=then.name, what=words))
        return
    if _differ(then.name, now.name):
        yield Change(
            part,
            Nature.CHANGED,
            record,
            say("{then_name} is called {now_name} now.", then_name=then.name, now_name=now.name or say("nothing")),
        )
    if then.active and now.active is False:
        yield Change(part, Nature.CHANGED, record, say("{then_name} is not active any more.", then_name=then.name))
    yield from _said(
        part, record, say("The Integration Type of {then_name}", then_name=then.name), then.integration_type, now.integration_type
    )
    if _differ(then.profile, now.profile):
        says = say(
            "{then_name} carries {profile_name} now.",
            then_name=then.name,
            profile_name=now.profile_name or now.profile or say("no OAuth Entity Profile"),
        )
        yield Change(part, Nature.CHANGED, record, says)


def _tokens(then: CredentialThen, snapshot: Snapshot) -> Iterator[Change]:
    """A renewal by the platform keeps the record; another record, or none, is somebody's doing."""
    there = any(c.sys_id == then.sys_id for c in snapshot.credentials.rows)
    if not (then.tokens and there and snapshot.tokens and snapshot.tokens.asked):
        return
    refresh = {t.sys_id for t in snapshot.tokens_of(then.sys_id) if t.kind == "refresh_token"}
    if not refresh:
        yield Change(Part.TOKEN, Nature.GONE, then.sys_id, say("The token of {then_name} is gone.", then_name=then.name))
    elif not refresh & {mark.sys_id for mark in then.tokens}:
        yield Change(
            Part.TOKEN, Nature.MADE_ANEW, then.sys_id, say("The token of {then_name} is another record.", then_name=then.name)
        )


def _connection(then: ConnectionThen, snapshot: Snapshot) -> Iterator[Change]:
    if not snapshot.connections:
        return
    part, record, name = Part.CONNECTION, then.sys_id, then.name or then.sys_id
    now = next((c for c in snapshot.connections.rows if c.sys_id == record), None)
    if now is None:
        yield _lost_connection(then, snapshot)
        return
    if then.active and now.active is False:
        yield Change(part, Nature.CHANGED, record, say("The connection {name} is not active any more.", name=name))
    yield from _said(part, record, say("The address of the connection {name}", name=name), then.url, now.url)
    if _differ(then.credential, now.credential):
        yield Change(part, Nature.CHANGED, record, say("The connection {name} uses another credential, or none.", name=name))
    if _differ(then.alias, now.alias):
        found = alias_id(snapshot, now.alias) or now.alias or say("none")
        says = say(
            "The connection {name} belonged to the alias {alias_id}, and belongs to {found} now.",
            name=name,
            alias_id=then.alias_id or then.alias,
            found=found,
        )
        yield Change(part, Nature.CHANGED, record, says)


def _lost_connection(then: ConnectionThen, snapshot: Snapshot) -> Change:
    name, alias = then.name or then.sys_id, then.alias_id or then.alias or say("no alias")
    instead: list[Connection] = [c for c in snapshot.connections.rows if c.alias == then.alias and c.active]
    if instead:
        other = instead[0].name or instead[0].sys_id
        says = say("The connection {name} is gone; the alias {alias} has {other} instead.", name=name, alias=alias, other=other)
        return Change(Part.CONNECTION, Nature.MADE_ANEW, then.sys_id, says)
    there = not snapshot.aliases or any(a.sys_id == then.alias for a in snapshot.aliases.rows)
    rest = say("the alias {alias} has none now", alias=alias) if there else say("so is its alias {alias}", alias=alias)
    return Change(Part.CONNECTION, Nature.GONE, then.sys_id, say("The connection {name} is gone; {rest}.", name=name, rest=rest))


# -- property and provider -----------------------------------------------------------------------------------------------


def _settings(desired: Desired, snapshot: Snapshot) -> Iterator[Change]:
    part, mode = Part.SETTING, snapshot.sync_mode.one()
    yield from _said(part, NO_RECORD, say("The integration mode"), desired.sync_mode, mode)
    if not snapshot.providers:
        return
    for then in desired.providers:
        name = then.name or then.sys_id
        now = next((p for p in snapshot.providers.rows if p.sys_id == then.sys_id), None)
        if now is None:
            yield Change(part, Nature.GONE, then.sys_id, say("The calendar provider {name} is gone.", name=name))
            continue
        if now.active is False:
            yield Change(
                part, Nature.CHANGED, then.sys_id, say("The calendar provider {name} is not active any more.", name=name)
            )
        label = say("The delegated user of the calendar provider {name}", name=name)
        yield from _said(part, then.sys_id, label, then.delegated_user, now.delegated_user)


# -- comparing -----------------------------------------------------------------------------------------------------------


def _namesake(rows: Iterable[N], name: str | None) -> N | None:
    """The first record of that name; letters' case and outer blanks aside."""
    wanted = (name or "").strip().casefold()
    return next((row for row in rows if wanted and (row.name or "").strip().casefold() == wanted), None)


def _differ(was: str | None, now: str | None) -> bool:
    """Whether both are known and not the same, but for case and outer blanks."""
    return was is not None and now is not None and was.strip().casefold() != now.strip().casefold()


def _said(part: Part, record: SysId, label: str, was: str | None, now: str | None) -> Iterator[Change]:
    if _differ(was, now):
        yield Change(
            part,
            Nature.CHANGED,
            record,
            say("{label} was {was}, and is {now} now.", label=label, was=was or say("empty"), now=now or say("empty")),
        )
