"""Saying what should be true: whose token, which OAuth entity profile."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from exoalias.app.check import read
from exoalias.app.entrance import enter, quiet
from exoalias.domain.candidates import rank
from exoalias.domain.delegated import DelegatedUser
from exoalias.domain.events import Progress
from exoalias.domain.problems import NoTarget, UnknownProfile, UsageProblem
from exoalias.domain.words import say

if TYPE_CHECKING:
    from exoalias.adapters.instance.servicenow import Instance
    from exoalias.app.control import Control
    from exoalias.app.world import World
    from exoalias.domain.candidates import Candidate
    from exoalias.domain.events import Tell
    from exoalias.domain.records import EntityProfile
    from exoalias.domain.target import Target

_GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_ADDRESS = re.compile(r"[^\s@\x00-\x1f\x7f]+@[^\s@\x00-\x1f\x7f]+\.[^\s@.\x00-\x1f\x7f]+")


def candidates(world: World, name: str, tell: Tell, control: Control | None = None) -> tuple[Candidate, ...]:
    """The OAuth entity profiles of the instance, the likeliest first, with reasons."""
    target = world.target(name)
    tell(Progress(say("Reading the OAuth entity profiles of {origin}", origin=target.origin)))
    return rank(read(world, name, enter(world, name, tell, control), target), target)


def set_target(  # noqa: PLR0913 - one keyword for each thing a person can say
    world: World,
    name: str,
    tell: Tell = quiet,
    control: Control | None = None,
    /,
    *,
    delegated_user: str | None = None,
    object_id: str | None = None,
    mail: str | None = None,
    profile: str | None = None,
    public_client_id: str | None = None,
) -> Target:
    """Say one thing or several; what isn't named stays, "" takes it away. UsageProblem, NoTarget, UnknownProfile.

    Naming another delegated user drops the object id, mailbox and pin of the former one: they are somebody else's.
    """
    entry = world.book.get(name)
    user = _user(name, entry.delegated_user, delegated_user, object_id, mail)
    changed = entry._replace(delegated_user=user)
    if public_client_id is not None:
        changed = changed._replace(public_client_id=guid_of("The public client id", public_client_id))
    if profile is not None:
        chosen = _profile(enter(world, name, tell, control), world, name, profile.strip()) if profile.strip() else None
        changed = changed._replace(profile=chosen.sys_id if chosen else "", profile_name=(chosen.name or "") if chosen else "")
    why = why_unpin(world, name, entry.delegated_user, user)
    if why:
        world.journal.unpin(name, why)
    world.book.put(changed)
    return world.target(name)


def _user(
    name: str, known: DelegatedUser | None, upn: str | None, object_id: str | None, mail: str | None
) -> DelegatedUser | None:
    user = known
    if upn is not None:
        address = address_of("The delegated user", upn)
        same = known is not None and known.upn.casefold() == address.casefold()
        user = known._replace(upn=address) if known is not None and same else DelegatedUser(address)
    if object_id is None and mail is None:
        return user
    if user is None:
        raise NoTarget(instance=name, why="an object id or a mailbox says nothing without the delegated user's UPN.")
    if object_id is not None:
        user = user._replace(object_id=guid_of("The object id", object_id))
    if mail is not None:
        user = user._replace(mail=address_of("The mailbox", mail) if mail.strip() else "")
    return user


def why_unpin(world: World, name: str, before: DelegatedUser | None, after: DelegatedUser | None) -> str:
    """Why the pinned account says nothing about the user named now; "" where it still does, or there is none."""
    pin = world.journal.pin(name)
    if pin is None or after is None or after == before:
        return ""
    if before is not None and before.upn.casefold() != after.upn.casefold():
        return say("The delegated user is {upn} now, it was {upn2}.", upn=after.upn, upn2=before.upn)
    if after.object_id and after.object_id != pin.account.object_id:
        return say("The object id entered for {upn} is another one than the pinned account's.", upn=after.upn)
    return ""


def _profile(instance: Instance, world: World, name: str, wanted: str) -> EntityProfile:
    profiles = read(world, name, instance, world.target(name)).profiles.rows
    by_id = [p for p in profiles if p.sys_id == wanted.lower()]
    by_name = [p for p in profiles if (p.name or "").casefold() == wanted.casefold()]
    found = by_id or by_name
    if len(found) != 1:
        raise UnknownProfile(name=wanted, instance=name)
    return found[0]


def guid_of(what: str, text: str) -> str:
    """A GUID as it is written everywhere; "" stays. UsageProblem says what form *what* has."""
    guid = text.strip().strip("{}").lower()
    if guid and not _GUID.fullmatch(guid):
        raise UsageProblem(why=say("{what} has the form 00000000-0000-0000-0000-000000000000.", what=what))
    return guid


def address_of(what: str, text: str) -> str:
    """An address without blanks around it; UsageProblem says what form *what* has."""
    address = text.strip()
    if not _ADDRESS.fullmatch(address):
        raise UsageProblem(why=say("{what} has the form name@domain.", what=what))
    return address
