"""Which OAuth entity profile is meant? Ranked by what the records say, with the reasons in words.

The documentation gives the strict-mode registry an example name only, so a name proves nothing. A profile is *eligible* when
it can hardly be anything else than the strict-mode one: Microsoft's sign-in, authorization code, the three calendar scopes, this
instance's redirect address, with at most one of these in error. An unmistakable registry with one defect is still
the one that is meant, and its defect is then reported by the rules instead of hiding it from the choice.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from exoalias.domain.target import REQUIRED_SCOPES, clouds_at
from exoalias.domain.target import bare_scope as without_graph
from exoalias.domain.words import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from exoalias.domain.records import EntityProfile, Registry, Snapshot, SysId
    from exoalias.domain.target import Cloud, Target

AUTHORIZATION_CODE = "authorization_code"
CLIENT_CREDENTIALS = "client_credentials"

_REQUIRED = {scope: scope.casefold() for scope in REQUIRED_SCOPES}
_HINTS = ("strict", "exchange", "calendar", "outlook", "reservation", "room", "delegated")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A profile with its registry, how well it fits, and why."""

    profile: EntityProfile
    registry: Registry
    score: int
    reasons: tuple[str, ...]
    eligible: bool
    remembered: bool = False  # it was the target profile when all last held


@dataclass(frozen=True, slots=True)
class Chosen:
    """The profile the target means, as far as it can be told, and what it was chosen from."""

    profile: EntityProfile | None
    registry: Registry | None
    candidates: tuple[Candidate, ...]
    by_person: bool  # said by the person, rather than the only one that fits


class _Mark(NamedTuple):
    """One thing seen on a candidate: what it adds to the score, the words, and whether it counts as a defect or rules out."""

    points: int
    says: str
    defects: int = 0
    excludes: bool = False


def bare_scope(value: str, clouds: Iterable[Cloud]) -> str:
    """A scope as compared: lower case, without the address of Microsoft Graph in one of these clouds before it."""
    return without_graph(value, _graph_urls(tuple(clouds)))


@lru_cache(maxsize=64)
def _graph_urls(clouds: tuple[Cloud, ...]) -> tuple[str, ...]:
    return tuple(url for cloud in clouds for url in cloud.graph_urls)


def clouds_of(registry: Registry | None, clouds: tuple[Cloud, ...]) -> tuple[Cloud, ...]:
    """The cloud a registry signs in to, by its authorization address; all of them where that names none."""
    address = (registry.auth_url or "") if registry is not None else ""
    return clouds_at(address, clouds) or clouds


def missing_scopes(values: Iterable[str | None], clouds: Iterable[Cloud]) -> tuple[str, ...]:
    """The required scopes not among these values, in one of these clouds."""
    return _missing(tuple(values), _graph_urls(tuple(clouds)))


@lru_cache(maxsize=256)  # the scopes of a registry are weighed for each of its profiles, and most have the same ones
def _missing(values: tuple[str | None, ...], urls: tuple[str, ...]) -> tuple[str, ...]:
    there = {without_graph(value, urls) for value in values if value}
    return tuple(scope for scope, plain in _REQUIRED.items() if plain not in there)


@dataclass(frozen=True, slots=True)
class _Records:
    """What is looked at for each profile, found once for all of them."""

    snapshot: Snapshot
    target: Target
    offered: Mapping[SysId | None, list[str | None]]  # scopes, by registry
    taken: Mapping[SysId | None, list[str | None]]  # scopes, by profile
    carrying: Mapping[SysId | None, list[str]]  # names of the procedure's credentials, by the profile they carry


def _records(snapshot: Snapshot, target: Target) -> _Records:
    offered: defaultdict[SysId | None, list[str | None]] = defaultdict(list)
    taken: defaultdict[SysId | None, list[str | None]] = defaultdict(list)
    carrying: defaultdict[SysId | None, list[str]] = defaultdict(list)
    for scope in snapshot.scopes.rows:
        offered[scope.registry].append(scope.value)
    for on_profile in snapshot.profile_scopes.rows:
        taken[on_profile.profile].append(on_profile.value)
    for credential in snapshot.credentials.rows:
        if credential.name in target.credential_names:
            carrying[credential.profile].append(credential.name)
    return _Records(snapshot, target, offered, taken, carrying)


def rank(snapshot: Snapshot, target: Target) -> tuple[Candidate, ...]:
    """All profiles whose registry was read, the likeliest first."""
    records = _records(snapshot, target)
    found = [
        _weigh(profile, registry, records)
        for profile in snapshot.profiles.rows
        if (registry := snapshot.registry(profile.registry)) is not None
    ]
    fewest: dict[str, int] = {}
    for candidate, defects in found:
        known = fewest.setdefault(candidate.registry.sys_id, defects)
        fewest[candidate.registry.sys_id] = min(known, defects)
    # Of two profiles of one registry only the better one can be meant.
    judged = [
        replace(candidate, eligible=False) if candidate.eligible and defects > fewest[candidate.registry.sys_id] else candidate
        for candidate, defects in found
    ]
    return tuple(sorted(judged, key=lambda c: (not c.eligible, -c.score, c.profile.name or "", c.profile.sys_id)))


def preselected(candidates: tuple[Candidate, ...]) -> Candidate | None:
    """The only eligible one, or of several the one that was right before; None otherwise: then a person chooses."""
    eligible = [candidate for candidate in candidates if candidate.eligible]
    before = [candidate for candidate in eligible if candidate.remembered]
    return eligible[0] if len(eligible) == 1 else before[0] if before else None


def choose(snapshot: Snapshot, target: Target) -> Chosen:
    """What the person chose, or else the one candidate that fits."""
    candidates = rank(snapshot, target)
    if target.profile:
        profile = snapshot.profile(target.profile)
        registry = snapshot.registry(profile.registry) if profile is not None else None
        return Chosen(profile, registry, candidates, by_person=True)
    best = preselected(candidates)
    if best is None:
        return Chosen(None, None, candidates, by_person=False)
    return Chosen(best.profile, best.registry, candidates, by_person=False)


# -- what is looked at ---------------------------------------------------------------------------------------------------


def _weigh(profile: EntityProfile, registry: Registry, records: _Records) -> tuple[Candidate, int]:
    target = records.target
    before = tuple(_before(profile, target))
    clouds = clouds_at(registry.auth_url or "", target.clouds)
    marks = (
        *_hosts(registry, clouds),
        *_grants(profile, registry),
        *_scopes(profile, registry, records, clouds or target.clouds),
        *_redirect(registry, target),
        *_carried(profile, records),
        *_names(profile, registry),
        *_active(registry),
        *before,
    )
    points, says, faults, excluding = zip(*marks, strict=True)
    defects = sum(faults)
    eligible = defects <= 1 and not any(excluding)
    return Candidate(profile, registry, sum(points), says, eligible, remembered=bool(before)), defects


def _hosts(registry: Registry, clouds: tuple[Cloud, ...]) -> Iterable[_Mark]:
    address = registry.auth_url
    if address is None:
        yield _Mark(0, "its authorization address can't be read", excludes=True)
    elif not clouds:
        yield _Mark(-6, "its authorization address is not Microsoft's", excludes=True)
    else:
        yield _Mark(4, "signs in at Microsoft")
        if any(mark in f"{address}{registry.token_url or ''}" for mark in "<> "):
            yield _Mark(-1, "an address carries a misprint", defects=1)


def _grants(profile: EntityProfile, registry: Registry) -> Iterable[_Mark]:
    if profile.grant_type is not None:
        yield _grant(say("profile"), profile.grant_type)
    if registry.grant_type is not None:
        yield _grant(say("registry"), registry.grant_type)


@lru_cache(maxsize=64)  # there are two kinds of record and few of grants, and each candidate of each check has both
def _grant(whose: str, grant: str) -> _Mark:
    if grant == AUTHORIZATION_CODE:
        return _Mark(2, say("the {whose}'s grant type is authorization code", whose=whose))
    return _Mark(-2, say("the {whose}'s grant type is {grant}", whose=whose, grant=grant or say("empty")), defects=1)


def _scopes(profile: EntityProfile, registry: Registry, records: _Records, clouds: tuple[Cloud, ...]) -> Iterable[_Mark]:
    snapshot = records.snapshot
    if not (snapshot.scopes and snapshot.profile_scopes):
        return
    if profile.sys_id in snapshot.unread_profiles:
        yield _Mark(0, "its scopes were not read: there are too many profiles", excludes=True)
        return
    urls = _graph_urls(clouds)
    offered = _missing(tuple(records.offered.get(registry.sys_id, ())), urls)
    taken = _missing(tuple(records.taken.get(profile.sys_id, ())), urls)
    missing = tuple(scope for scope in REQUIRED_SCOPES if scope in offered or scope in taken)
    if not missing:
        yield _Mark(3, "has the three calendar scopes")
    else:
        yield _Mark(-len(missing), say("lacks {missing}", missing=", ".join(missing)), defects=len(missing))


def _redirect(registry: Registry, target: Target) -> Iterable[_Mark]:
    address = (registry.redirect_url or "").strip().casefold()
    if address == target.redirect_url.casefold():
        yield _Mark(2, "redirects to this instance")
    elif registry.redirect_url is not None:
        yield _Mark(-1, "does not redirect to this instance", defects=1)


def _carried(profile: EntityProfile, records: _Records) -> Iterable[_Mark]:
    by = records.carrying.get(profile.sys_id)
    if by:
        yield _Mark(2 * len(Counter(by)), say("is already on {by}", by=", ".join(sorted(set(by)))))


def _names(profile: EntityProfile, registry: Registry) -> Iterable[_Mark]:
    words = f"{profile.name or ''} {registry.name or ''}".casefold()
    if "personal" in words:
        yield _Mark(-4, "its name says personal authentication", excludes=True)
    hints = [hint for hint in _HINTS if hint in words]
    if hints:
        yield _Mark(1 + ("strict" in hints), say("its name speaks of {hints}", hints=", ".join(hints)))


def _active(registry: Registry) -> Iterable[_Mark]:
    if registry.active is False:
        yield _Mark(-4, "its registry is not active", defects=1)


def _before(profile: EntityProfile, target: Target) -> Iterable[_Mark]:
    if target.desired is not None and target.desired.profile.sys_id == profile.sys_id:
        yield _Mark(2, "was the one when all last held")
