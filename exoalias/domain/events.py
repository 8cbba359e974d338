"""What a running verb tells its face. A face draws them; it never acts on them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from exoalias.domain.words import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from exoalias.domain.by_hand import Step as HandStep
    from exoalias.domain.checklist import Checklist
    from exoalias.domain.plan import Plan, Step
    from exoalias.domain.problems import Problem
    from exoalias.domain.records import SysId
    from exoalias.domain.strategies import Strategy
    from exoalias.domain.target import Tier


@dataclass(frozen=True, slots=True)
class Progress:
    """A sentence on what is being done; ``done`` of ``total`` where that is known (0 of 0 otherwise)."""

    says: str
    done: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Checked:
    """A new Snapshot was judged."""

    checklist: Checklist
    plan: Plan


@dataclass(frozen=True, slots=True)
class StepDone:
    """A step of the plan was carried out and read back."""

    step: Step
    says: str


@dataclass(frozen=True, slots=True)
class StrategyTaken:
    """How the Microsoft leg of the sign-ins that follow is kept apart, and why so. Told before any window opens.

    ``instead``: somebody else was signed in without being asked, and this is tried now by itself.
    """

    credential_name: str  # "" where it is told of all
    strategy: Strategy
    reason: str
    instead: bool = False

    @property
    def words(self) -> str:
        """One line for both faces."""
        if self.instead:
            refused = "somebody else was signed in without being asked, and refused"
            return say(
                "{credential_name}: {refused}. Now in {title} ({strategy_value}).",
                credential_name=self.credential_name,
                refused=refused,
                title=self.strategy.title,
                strategy_value=self.strategy.value,
            )
        return say(
            "Sign-in by {strategy_value} ({title}): {reason}.",
            strategy_value=self.strategy.value,
            title=self.strategy.title,
            reason=self.reason,
        )


@dataclass(frozen=True, slots=True)
class ByHand:
    """A sign-in without control: what the person does in a private window of their own browser, step by step.

    ``browser`` is the one a private window can be opened in by a wish ("" where the person has to open one).
    """

    credential: SysId
    credential_name: str
    upn: str
    warning: str
    steps: tuple[HandStep, ...]
    browser: str = ""


class Phase(Enum):
    """Where a sign-in stands; its value is shown."""

    STARTING = "Starting the sign-in window"
    INSTANCE = "Waiting for you to sign in to ServiceNow"
    MICROSOFT = "Waiting for the delegated user to sign in to Microsoft"
    BY_HAND = "Waiting for you to sign in by hand"
    WHO = "Checking who signed in"
    STORING = "The instance is storing the token"
    READING = "Reading back what the instance stored"
    DONE = "Done"


@dataclass(frozen=True, slots=True)
class SignInPhase:
    """A sign-in moved on. ``seconds_left`` counts to the time limit; ``can_continue`` offers the *Continue* button."""

    credential: SysId
    credential_name: str
    upn: str
    phase: Phase
    seconds_left: float
    can_continue: bool = False
    instance_window_user: str = ""


@dataclass(frozen=True, slots=True)
class FirstUseQuestion:
    """Nobody knows the user: the held answer names this account; agree (stores it, owner unconfirmed) or not."""

    credential_name: str
    upn: str
    object_id: str
    tenant_id: str


@dataclass(frozen=True, slots=True)
class TokenStored:
    """A sign-in ended well: who, how we know, and what the instance now says."""

    credential: SysId
    credential_name: str
    upn: str
    object_id: str
    tier: Tier
    read_back: bool  # False where the instance does not let us read token rows


@dataclass(frozen=True, slots=True)
class SignInEnded:
    """A sign-in ended without a token. Told at once, while the windows still show why for a little while."""

    credential: SysId
    credential_name: str
    problem: Problem


class Door(Enum):
    """Where a sign-in to the instance itself stands; its value is shown."""

    OPENING = "Opening the sign-in window"
    WAITING = "Waiting for you to sign in to ServiceNow"
    OPEN = "Signed in"


@dataclass(frozen=True, slots=True)
class DoorPhase:
    """The person has to sign in to the instance in the window; ``again`` when an earlier session ended."""

    instance: str
    origin: str
    phase: Door
    seconds_left: float
    can_continue: bool = False
    again: bool = False


@dataclass(frozen=True, slots=True)
class CodeQuestion:
    """The instance wants a one-time code beside the password. Answered by ``Control.type``."""

    instance: str
    user: str


@dataclass(frozen=True, slots=True)
class ManyProgress:
    """Of many instances so many are done; ``running`` are those being read now."""

    done: int
    total: int
    running: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InstanceChecked:
    """One of many instances was checked, or a Problem kept it from being so. ``exit_code`` is what its own check ends with."""

    instance: str
    exit_code: int
    checked: Checked | None
    problem: Problem | None


Event = (
    Progress
    | Checked
    | StepDone
    | SignInPhase
    | FirstUseQuestion
    | TokenStored
    | StrategyTaken
    | ByHand
    | SignInEnded
    | DoorPhase
    | CodeQuestion
    | ManyProgress
    | InstanceChecked
)
if TYPE_CHECKING:
    Tell = Callable[[Event], None]
