"""A sign-in without control, on an instance of paper: what is told, what is waited for, what is kept, and what is never said."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from exoalias.adapters.browser.everyday import Everyday
from exoalias.app import by_hand as module
from exoalias.app import sign_in as signing_in
from exoalias.app.by_hand import Stored, by_hand, unwatched
from exoalias.app.control import Control
from exoalias.app.run import Run
from exoalias.domain.events import ByHand, Phase, Progress, SignInEnded, SignInPhase, TokenStored
from exoalias.domain.problems import Cancelled, NothingStored, Problem, StoredElsewhere, StoredUnwatched, TimeIsUp
from exoalias.domain.records import Reading, SysId, Token
from exoalias.domain.strategies import Ground, choose
from exoalias.domain.target import Proof, Tier
from tests.domain.gate_story import CREDENTIAL, HOST, INITIATOR, PROFILE, TERMS, UPN

if TYPE_CHECKING:
    from collections.abc import Callable

    from exoalias.adapters.instance.servicenow import Instance
    from exoalias.app.world import World
    from exoalias.domain.events import Event
    from exoalias.domain.gate import Terms

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
OTHER = SysId("d0" * 16)
HASTY = replace(TERMS, limit_s=0.3)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LOOK_S", 0.02)
    monkeypatch.setattr(module, "_TURN_S", 0.01)
    monkeypatch.setattr(module, "SETTLED_S", 0.2)


def token(number: int = 1, *, credential: SysId = CREDENTIAL, by: str | None = "ada") -> Token:
    """A refresh token row."""
    return Token(SysId(f"{number:032x}"), "refresh_token", credential, PROFILE, NOW, NOW, NOW, by, 0)


class Paper:
    """An instance, a world and a journal of paper. ``looks`` are the token rows seen one after the other; the last repeats."""

    def __init__(self, *looks: Reading[Token]) -> None:
        self.looks = list(looks)
        self.told: list[Event] = []
        self.kept: list[tuple[str, object]] = []
        self.proofs: list[Proof] = []
        self.control = Control()
        self.does: dict[type, Callable[[], object]] = {}
        self.world = SimpleNamespace(
            journal=SimpleNamespace(
                intend=lambda _name, kind, facts: self.kept.append((kind, facts["strategy"])),
                claim=lambda _name: nullcontext(),
                outcome=lambda _entry, result, _facts: self.kept.append(("outcome", result)),
                add_proof=lambda _name, proof: self.proofs.append(proof),
            ),
            book=SimpleNamespace(get=lambda _name: SimpleNamespace(origin=HOST, kind="")),
            simulated=None,
            clock=lambda: NOW,
        )

    def tokens(self, _credentials: object, _profile: object) -> Reading[Token]:
        """The next look."""
        return self.looks.pop(0) if len(self.looks) > 1 else self.looks[0]

    def tell(self, event: Event) -> None:
        """Take an event, and do what was planned at it."""
        self.told.append(event)
        self.does.get(type(event), lambda: None)()

    def run(self, *terms: Terms) -> tuple[Stored, ...]:
        """By hand, for one credential or those named."""
        choice = choose(Ground(why_none="none."))
        run = Run(cast("World", self.world), "acme", cast("Instance", self), self.tell, self.control, choice)
        return by_hand(run, terms or (TERMS,))

    def of(self, kind: type) -> list[Any]:
        """What was told of one kind."""
        return [event for event in self.told if isinstance(event, kind)]


NONE, STORED = Reading[Token](()), Reading((token(),))


def test_stored_is_unconfirmed_and_proves_nothing() -> None:
    paper = Paper(NONE, NONE, STORED)
    done = paper.run()
    (proof,) = paper.proofs
    assert (proof.tier, proof.account.object_id, proof.tier.proves) == (Tier.UNWATCHED, "", False)
    assert [(mark.sys_id, mark.kind) for mark in proof.tokens] == [(token().sys_id, "refresh_token")]
    assert paper.kept == [("sign-in", "no-control"), ("outcome", "stored")]
    assert paper.of(TokenStored) == [TokenStored(CREDENTIAL, "MS Graph 1", UPN, "", Tier.UNWATCHED, read_back=True)]
    problem = unwatched("acme", UPN, done)
    assert (problem.exit_code, problem.code) == (7, "owner-unconfirmed")
    assert "fetched in ServiceNow by ada" in problem.words
    assert "hold" not in problem.words


def test_the_steps_are_told_before_anything_is_waited_for() -> None:
    paper = Paper(NONE, STORED)
    paper.run()
    (steps,) = paper.of(ByHand)
    assert INITIATOR in [step.address for step in steps.steps]
    assert "not prevented" in steps.warning
    (phase,) = paper.of(SignInPhase)
    assert (phase.phase, phase.can_continue, phase.seconds_left) == (Phase.BY_HAND, True, 600.0)
    assert paper.told.index(steps) < paper.told.index(phase)


@pytest.mark.parametrize(
    ("looks", "wish", "problem"),
    [
        ((NONE,), "cancel", Cancelled),
        ((NONE,), "carry_on", NothingStored),
        ((NONE,), "", TimeIsUp),
        ((STORED,), "", TimeIsUp),
        ((NONE, Reading((token(2, credential=OTHER),))), "", StoredElsewhere),
    ],
)
def test_other_endings(looks: tuple[Reading[Token], ...], wish: str, problem: type[Problem]) -> None:
    paper = Paper(*looks)
    if wish:
        paper.does[SignInPhase] = getattr(paper.control, wish)
    with pytest.raises(problem) as caught:
        paper.run(HASTY, replace(HASTY, credential=OTHER, credential_name="MS Graph 2"))
    assert paper.proofs == []
    assert paper.kept == [("sign-in", "no-control"), ("outcome", caught.value.code)]
    assert [e.problem for e in paper.of(SignInEnded)] == [caught.value]


def test_where_rows_cannot_be_read_the_persons_word_is_all_there_is() -> None:
    paper = Paper(Reading(unreadable="no role"))
    paper.does[SignInPhase] = paper.control.carry_on
    done = paper.run()
    assert [e.read_back for e in paper.of(TokenStored)] == [False]
    assert "can't be read" in unwatched("acme", UPN, done).words


def test_unreadable_rows_are_not_waited_for_without_end() -> None:
    paper = Paper(Reading(unreadable="no role"))
    with pytest.raises(TimeIsUp):
        paper.run(HASTY)
    assert paper.kept[-1] == ("outcome", "time-is-up")


def test_a_private_window_of_the_persons_browser_is_opened_at_the_instance(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = list[str]()
    monkeypatch.setattr(module, "everyday", lambda: Everyday("Firefox", ("firefox", "--private-window")))

    def opens(_browser: Everyday, url: str) -> bool:
        opened.append(url)
        return False

    monkeypatch.setattr(module, "open_private", opens)
    paper = Paper(NONE, NONE, NONE, STORED)
    paper.does[SignInPhase] = paper.control.open_private
    paper.run()
    (steps,) = paper.of(ByHand)
    assert steps.browser == "Firefox"
    assert opened == [f"{HOST}/navpage.do"]
    assert len(paper.of(Progress)) == 1, "it could not be opened: that is said"


def test_cancelled_before_it_began() -> None:
    paper = Paper(NONE)
    paper.control.cancel()
    with pytest.raises(Cancelled):
        paper.run()
    assert paper.kept == []


def test_the_verb_never_ends_well_without_control(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stored or not, it ends with exit code 7; the check that follows is told, and no more."""
    paper = Paper(NONE, STORED)
    checked = list[str]()
    world = SimpleNamespace(**vars(paper.world), headless=False, settings=SimpleNamespace(strategy="no-control"), browser=None)
    monkeypatch.setattr(signing_in, "require_writable", lambda *_: None)
    monkeypatch.setattr(signing_in, "enter", lambda *_: paper)
    monkeypatch.setattr(signing_in, "_all_terms", lambda *_: (TERMS,))
    monkeypatch.setattr(signing_in, "check", lambda _world, name, *_: checked.append(name))
    with pytest.raises(StoredUnwatched):
        signing_in.sign_in(cast("World", world), "acme", ["MS Graph 1"], paper.tell, paper.control)
    assert checked == ["acme"]
