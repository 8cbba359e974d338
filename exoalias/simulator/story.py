"""A scenario as data: what the records look like at the start, what the people do, and which faults the far side has."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from exoalias.simulator.faults import Door, Faults

if TYPE_CHECKING:
    from exoalias.simulator.moves import Move

Deed = Literal[
    "sign_in",  # type user name and password, accept consent and "stay signed in?"
    "refuse_consent",  # sign in, then press Cancel on the consent page
    "cancel",  # press Cancel (Back) on the sign-in page: error=access_denied, error_subcode=cancel
    "close",  # close the window on the first page
    "nothing",  # leave the page alone: a real person (or real key events) does it
]


@dataclass(frozen=True, slots=True)
class Turn:
    """What the person on the Microsoft page does in one sign-in for the strict-mode registry."""

    person: str = "delegated"
    does: Deed = "sign_in"
    moves: tuple[Move, ...] = ()  # what they do before and beside that


InstanceSignIn = Literal["local", "saml", "oidc", "nothing"]


@dataclass(frozen=True, slots=True)
class Scenario:
    """One story: the records at the start, what people do, what goes wrong."""

    name: str
    says: str
    exit_code: int
    tokens_after: int  # tokens of the delegated user on the planned credentials at the end
    profile_field: Literal["right", "missing", "wrong", "second-missing"] = "missing"
    records: tuple[str, ...] = ()  # defects in the records, see RECORD_DEFECTS
    clone: tuple[str, ...] = ()  # what a clone did to them before the start, see clones.KINDS
    turns: tuple[Turn, ...] = (Turn(), Turn())  # the last one repeats
    instance_sign_in: InstanceSignIn = "local"
    admin_moves: tuple[Move, ...] = ()  # what the admin does at the instance's own sign-in before signing in
    admin_roles: tuple[str, ...] = ("admin",)
    faults: Faults = field(default_factory=Faults)
    know_object_id: bool = True  # the demo enters the delegated user's object id beforehand
    way: Door = "password"  # by which way in this story is played
    consent: Literal["allow", "deny"] = "allow"  # what the admin answers when the instance's OAuth endpoint asks
