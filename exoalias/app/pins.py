"""The pinned account: shown, changed and removed by a person, who types what it is about.

A pin decides whose sign-in is let through. So another one, or none, is never a matter of one press, and what was there
before stays in the journal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from exoalias.app.choose import guid_of
from exoalias.domain.problems import NoTarget, PinNotConfirmed, UsageProblem
from exoalias.domain.target import HomeAccount, Pin, Tier
from exoalias.domain.words import say

if TYPE_CHECKING:
    from exoalias.app.world import World

LAST_CHARACTERS: Final = 8  # of the object id: a group of hexadecimal digits nobody types by accident
BY_HAND: Final = "The person pinned it by hand."
REMOVED: Final = "The person took it away."


def pinned(world: World, name: str) -> Pin | None:
    """The account that is pinned for the delegated user of that instance; UnknownInstance."""
    return world.target(name).pin


def confirms(typed: str, name: str, object_id: str) -> bool:
    """Whether what was typed says that this pin is meant: the instance's name, or the last characters of the object id."""
    said = typed.strip()
    return said == name or (len(object_id) >= LAST_CHARACTERS and said.lower() == object_id.lower()[-LAST_CHARACTERS:])


def pin_by_hand(world: World, name: str, object_id: str, tenant_id: str, typed: str) -> Pin:
    """Pin that account, instead of the one pinned before. *tenant_id* may be "" where the tenant is known from before.

    What is typed must name what is lost: the account pinned now, or, where none is, the new one. PinNotConfirmed, NoTarget,
    UsageProblem; AnotherRun while a sign-in is under way.
    """
    entry, before = world.book.get(name), pinned(world, name)
    user = entry.delegated_user
    if user is None:
        raise NoTarget(instance=name, why="an account is pinned for the delegated user, who has not been named yet.")
    account = HomeAccount(guid_of("The object id", object_id), _tenant(before, tenant_id))
    if not account.object_id:
        raise UsageProblem(why="The object id is missing.")
    meant = before.account.object_id if before is not None else account.object_id
    if not confirms(typed, name, meant):
        raise PinNotConfirmed(instance=name, last=meant[-LAST_CHARACTERS:])
    pin = Pin(account, Tier.ENTERED, world.clock(), "", user.upn)
    with world.journal.claim(name):
        world.journal.repin(name, pin, BY_HAND)
        if user.object_id and user.object_id.lower() != account.object_id:  # two words of one person: the later one counts
            world.book.put(entry._replace(delegated_user=user._replace(object_id=account.object_id)))
    return pin


def remove_pin(world: World, name: str, typed: str) -> Pin:
    """Take the pin away; gives what it was. The next sign-in is judged by the object id entered, or asked about.

    PinNotConfirmed; UsageProblem where nothing is pinned; AnotherRun while a sign-in is under way.
    """
    before = pinned(world, name)
    if before is None:
        raise UsageProblem(why=say("No account is pinned for {name}.", name=name))
    object_id = before.account.object_id
    if not confirms(typed, name, object_id):
        raise PinNotConfirmed(instance=name, last=object_id[-LAST_CHARACTERS:])
    with world.journal.claim(name):
        world.journal.unpin(name, REMOVED)
    return before


def _tenant(before: Pin | None, tenant_id: str) -> str:
    given = guid_of("The tenant id", tenant_id)
    if given or before is not None:
        return given or (before.account.tenant_id if before is not None else "")
    raise UsageProblem(why="Name the tenant too (--tenant GUID): the object id alone may exist in another tenant.")
