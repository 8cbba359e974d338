"""Adversarial people: sign-ins thrown together from everything a person may do, and what must hold whatever they did.

``draw_play`` draws one from its number; ``played`` plays it on a simulated far side with the real browser, and judges it by the
far side's own record. `python3 dev.py soak sign-in` plays them by the hundred, `test_people.py` a few.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import threading
import time
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, get_args
from unittest.mock import patch

from exoalias.app import lobby
from exoalias.app.control import Control
from exoalias.domain.events import Phase, SignInEnded, SignInPhase
from exoalias.domain.happenings import Which
from exoalias.domain.problems import Problem
from exoalias.simulator.moves import Move
from exoalias.simulator.scenario import Turn
from tests.journeys.beside import Ending, SecondRun
from tests.journeys.playing import nobody_elses_code, profiles, tokens, writes_are_the_planned_ones
from tests.journeys.sitting_in import BOTH, Watched, desk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from exoalias.domain.events import FirstUseQuestion
    from exoalias.simulator.story import Deed, InstanceSignIn
    from tests.journeys.sitting_in import Desk

_GIVES_UP_S: Final = 40.0  # a person who gets nowhere presses Cancel
_LOOKS_AROUND_S: Final = 10.0  # and where nothing follows the sign-in to the instance, Continue
_GONE_S: Final = 5.0  # within which nothing may be left
MOVES: Final[tuple[Move, ...]] = get_args(Move)
_ENDS: Final[frozenset[Move]] = frozenset({"close", "close-later"})
_TABS: Final[frozenset[Move]] = frozenset({"second-tab", "other-credential", "home-tab"})
_ADMINS: Final[tuple[Move, ...]] = (
    "reload",
    "pause",
    "double-click",
    "second-tab",
    "pop-up",
    "wrong-password",
    "other-credential",
    "home-tab",
    "close-later",
)
_OTHERS: Final = ("colleague", "guest", "namesake", "admin")


@dataclass(frozen=True, slots=True)
class Closes:
    """Windows closed from outside, as by the window's own button, so long after a phase was told."""

    phase: Phase
    windows: tuple[Which, ...]
    after_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Beside:
    """A second run at the same time, in a process of its own."""

    same: bool  # for the same credential as the first one's first; else for another
    begins: Phase | None  # with the first one's phase; None: both at once
    apart: bool  # on another computer, which knows nothing of the first


@dataclass(frozen=True, slots=True)
class Play:
    """One sign-in as it is going to be: the people, the far side, and what the person at the program does."""

    number: int
    turns: tuple[Turn, ...]
    admin_moves: tuple[Move, ...]
    instance_sign_in: InstanceSignIn
    faults: dict[str, object]
    second_opinion: bool
    know_object_id: bool
    interactive: bool
    credentials: tuple[str, ...]
    closes: Closes | None
    cancels: Phase | None
    beside: Beside | None = None

    @property
    def second_for(self) -> tuple[str, ...]:
        """The credentials of the second run."""
        first = self.credentials[0]
        if self.beside is None:
            return ()
        return (first,) if self.beside.same else tuple(name for name in BOTH if name != first)

    @property
    def must_hold(self) -> bool:
        """Whether nothing in it is a reason not to end well: the right user, who gets there in the end."""
        kind = all(
            turn.person == "delegated" and turn.does == "sign_in" and not _ENDS & set(turn.moves)
            for turn in self.turns[: len(self.credentials)]
        )
        far_side = self.faults.get("os_account", "delegated") == "delegated" and not (
            {"exchange_fails", "microsoft_error"} & self.faults.keys()
        )
        told = self.second_opinion or (self.know_object_id and "no_client_info" not in self.faults)
        at_program = self.closes is None and self.cancels is None and not _ENDS & set(self.admin_moves)
        # Who logs in twice beside each other has a new session of the instance, and the request held is of the old one.
        at_program = at_program and not (self.instance_sign_in == "local" and _TABS & set(self.admin_moves))
        # Two computers know nothing of each other: what the other one stored meanwhile is a reason to stop, and to say so.
        at_program = at_program and not (self.beside is not None and self.beside.apart)
        return kind and far_side and told and at_program

    @property
    def words(self) -> str:
        """The play in a line."""
        people = ", ".join(f"{t.person} {t.does} {'+'.join(t.moves)}".strip() for t in self.turns)
        return (
            f"play {self.number}: {self.instance_sign_in} {'+'.join(self.admin_moves)}; {people}; {self.faults};"
            f" opinion {self.second_opinion}, known {self.know_object_id}, closes {self.closes}, cancels {self.cancels},"
            f" for {', '.join(self.credentials)}, beside {self.beside}"
        )


def draw_play(number: int) -> Play:
    """The play of that number; always the same one."""
    rng = random.Random(f"people {number}")
    sign_in: InstanceSignIn = rng.choice(("local", "local", "saml", "oidc"))
    second_opinion = rng.random() < 0.25
    kind = rng.random() < 0.45  # nobody wants it to fail
    return Play(
        number=number,
        turns=(_turn(rng, kind=kind), _turn(rng, kind=kind)),
        admin_moves=_some(rng, _ADMINS, 3),
        instance_sign_in=sign_in,
        faults=_faults(rng),
        second_opinion=second_opinion,
        know_object_id=rng.random() < 0.85,
        interactive=rng.random() < 0.5,
        credentials=rng.choice((BOTH, BOTH, BOTH, BOTH[:1], BOTH[1:], (BOTH[0], BOTH[0]))),
        closes=_closes(rng) if not kind and rng.random() < 0.3 else None,
        cancels=rng.choice([Phase.INSTANCE, Phase.MICROSOFT]) if not kind and rng.random() < 0.1 else None,
        beside=_beside(rng) if rng.random() < 0.15 else None,
    )


def _closes(rng: random.Random) -> Closes:
    """Window A, B or both; at any moment from the first page to after the end."""
    phases = (Phase.STARTING, Phase.INSTANCE, Phase.MICROSOFT, Phase.MICROSOFT, Phase.WHO, Phase.STORING, Phase.READING)
    windows = rng.choice(((Which.A,), (Which.B,), (Which.A, Which.B)))
    return Closes(rng.choice(phases), windows, rng.choice((0.0, rng.uniform(0.0, 0.3), rng.uniform(0.3, 2.0))))


def _beside(rng: random.Random) -> Beside:
    begins = rng.choice((None, Phase.STARTING, Phase.INSTANCE, Phase.MICROSOFT, Phase.READING))
    return Beside(same=rng.random() < 0.5, begins=begins, apart=rng.random() < 0.4)


def _turn(rng: random.Random, *, kind: bool) -> Turn:
    person = "delegated" if kind or rng.random() < 0.6 else rng.choice(_OTHERS)
    does: Deed = "sign_in" if kind or rng.random() < 0.8 else rng.choice(("cancel", "refuse_consent", "close"))
    moves = tuple(m for m in MOVES if m not in {"other-credential", "home-tab"})
    chosen = _some(rng, moves, 4)
    return Turn(person, does, chosen if not kind and rng.random() < 0.25 else tuple(m for m in chosen if m not in _ENDS))


def _some(rng: random.Random, moves: tuple[Move, ...], most: int) -> tuple[Move, ...]:
    return tuple(rng.choices(moves, k=rng.choice(range(most + 1))))


def _faults(rng: random.Random) -> dict[str, object]:
    drawn: dict[str, tuple[float, object]] = {
        "sso_reload": (0.15, True),
        "latency_s": (0.15, 0.15),
        "deep_link_lost": (0.08, True),
        "wants_approval": (0.3, True),
        "os_account": (0.08, rng.choice(("delegated", "colleague", "admin"))),
        "no_client_info": (0.05, True),
        "microsoft_error": (0.03, "server_error"),
        "exchange_fails": (0.04, True),
        "session_dies_after_token": (0.08, True),
    }
    return {name: value for name, (chance, value) in drawn.items() if rng.random() < chance}


# -- playing it ----------------------------------------------------------------------------------------------------------


@dataclass
class Played:
    """How a play ended."""

    play: Play
    problem: Problem | None = None
    seconds: float = 0.0
    held: bool = False
    second: Ending | None = None
    over: float = 0.0  # when the first run ended, in the machine's own seconds
    violations: list[str] = field(default_factory=list)


def played(play: Play, folder: Path) -> Played:
    """Play it to its end, and judge it."""
    done = Played(play)
    with (
        patch.object(lobby, "BrowserSession", Watched),
        desk(
            folder,
            second_opinion=play.second_opinion,
            faults=play.faults,
            turns=play.turns,
            admin_moves=play.admin_moves,
            instance_sign_in=play.instance_sign_in,
            know_object_id=play.know_object_id,
        ) as at,
    ):
        timers = _person_at_the_program(at, play)
        second = _second_run(at, play)
        began = time.monotonic()
        try:
            done.held = _sign_in(at, play)
        except Problem as problem:
            done.problem = problem
        for timer in timers:
            timer.cancel()  # or it closes windows of the next play
        done.over = time.monotonic()
        done.seconds = done.over - began
        done.violations = list(_second_ended(at, done, second)) + list(_violations(at, done))
    return done


def _later(seconds: float, act: Callable[[], None]) -> threading.Timer:
    """Do it then, in a thread that holds nobody up."""
    timer = threading.Timer(seconds, act)
    timer.daemon = True
    timer.start()
    return timer


def _looks_around(at: Desk) -> None:
    _later(_LOOKS_AROUND_S, at.control.carry_on)


def _sign_in(at: Desk, play: Play) -> bool:
    gives_up = _later(_GIVES_UP_S * len(play.credentials), at.control.cancel)
    try:
        return at.sign_in(*play.credentials).checklist.holds
    finally:
        gives_up.cancel()


def _second_run(at: Desk, play: Play) -> SecondRun | None:
    """Have it ready, and begin when it is to."""
    if play.beside is None:
        return None
    state = at.folder / "elsewhere" if play.beside.apart else at.folder
    second = SecondRun(at.simulator, at.folder, state, play.second_for, apart=play.beside.apart)
    if play.beside.begins is None:
        second.go()
    else:
        _when(at, play.beside.begins, second.go)
    return second


def _second_ended(at: Desk, done: Played, second: SecondRun | None) -> Iterator[str]:
    """Whoever never got to that phase never gave the signal: it begins afterwards, alone."""
    if second is None or done.play.beside is None:
        return
    if done.play.beside.begins in at.on:
        second.go()
    try:
        done.second = second.ending()
    except AssertionError as violated:
        yield f"second: {violated}"


def _when(at: Desk, phase: Phase, act: Callable[[], None]) -> None:
    """Do it at the first such phase, after what is to be done there already."""
    before = at.on.get(phase)

    def both() -> None:
        if before is not None:
            before()
        act()

    at.on[phase] = both


def _person_at_the_program(at: Desk, play: Play) -> list[threading.Timer]:
    """What they do in the course of it; gives the timers that will be running by then."""
    timers: list[threading.Timer] = []
    at.control = Control(interactive=play.interactive)
    right = at.simulator.cast.people["delegated"].object_id

    def answer(question: FirstUseQuestion) -> None:
        at.control.answer(agree=question.object_id == right)  # nobody agrees to somebody they know to be another

    at.on_question = answer
    at.on[Phase.INSTANCE] = lambda: _looks_around(at)
    if (closes := play.closes) is not None:
        _when(at, closes.phase, lambda: timers.extend(_close_later(closes)))
    if play.cancels is not None:
        _when(at, play.cancels, at.control.cancel)
    return timers


def _close_later(closes: Closes) -> list[threading.Timer]:
    """Then and there where no time is to pass, or in a thread of its own."""

    def close() -> None:
        for which in closes.windows:
            Watched.close_all(which)

    if closes.after_s:
        return [_later(closes.after_s, close)]
    close()
    return []


# -- what must hold whatever they did --------------------------------------------------------------------------------------


def _violations(at: Desk, done: Played) -> Iterator[str]:
    for judge in INVARIANTS:
        try:
            judge(at, done)
        except AssertionError as violated:
            yield f"{judge.__name__.strip('_')}: {str(violated).splitlines()[0] if str(violated) else 'violated'}"


def _tokens(at: Desk, done: Played) -> None:
    """No token of another user, none on another credential than the planned ones, no other code delivered, no other write."""
    cast, record = at.simulator.cast, dict(at.simulator.record.as_dict())
    delegated = cast.people["delegated"]
    planned = {cast.sys_id(name): name for name in (*done.play.credentials, *done.play.second_for)}
    tokens(record, {"upn": delegated.upn, "object_id": delegated.object_id}, set(planned))
    nobody_elses_code(record)
    writes_are_the_planned_ones(record, {cast.sys_id(name) for name in BOTH})
    second = done.second or Ending()
    told = {stored.credential_name for stored in at.stored} | set(second.stored)
    stored = {planned[str(row["credential"])] for row in record["tokens"]}
    begun = {*told, *second.unhappy, *_unhappy(at, done)}
    assert told <= stored, f"told to be stored: {told}, by the record: {stored}"
    assert stored <= begun, f"stored, and nothing said: {stored - begun}"


def _unhappy(at: Desk, done: Played) -> set[str]:
    """The credential whose sign-in a problem ended, while it was signed in for or read back."""
    begun = [event.credential_name for event in at.events if isinstance(event, SignInPhase)]
    return set(begun[-1:]) if done.problem is not None else set()


def _prompts(at: Desk, done: Played) -> None:
    """Every token request that reached Microsoft asked for a prompt; the first of each jar came without a session."""
    strict = [a for a in at.log("authorize") if a["client_id"] == at.simulator.cast.strict.client_id]
    assert all(a["prompt"] == "login" for a in strict), strict
    moves = {move for turn in done.play.turns for move in turn.moves}
    again = {"reload", "history-back", "second-tab"} & moves or "sso_reload" in done.play.faults
    assert again or not any(a["cookies_seen"] for a in strict), strict
    assert not strict or strict[0]["cookies_seen"] is False, strict[0]


def _own_sign_ins(at: Desk, done: Played) -> None:
    """Whoever Microsoft signed in for the instance's own SAML or OpenID sign-in did get in to the instance."""
    how = done.play.instance_sign_in
    if how not in {"saml", "oidc"}:
        return
    client = at.simulator.cast.saml_entity_id if how == "saml" else at.simulator.cast.oidc.client_id
    asked = [s for s in at.log("sign_ins") if s["side"] == "microsoft" and s["client_id"] == client]
    inside = [s for s in at.log("sign_ins") if s["side"] == "instance" and s["how"] == how]
    closed = done.play.closes or done.play.cancels or _ENDS & set(done.play.admin_moves)
    assert closed or not asked or inside, "signed in at Microsoft, and not to the instance"


def _outcomes(at: Desk, done: Played) -> None:
    """For each credential begun exactly one outcome, and the journal has it too."""
    ended = [e for e in at.events if isinstance(e, SignInEnded)]
    assert len(ended) + len(at.stored) <= len(done.play.credentials)
    assert len(ended) <= 1, "the first ending that is not good ends all"
    if done.problem is None:
        assert len(at.stored) == len(done.play.credentials), "ended well, and not all were stored"
    open_entries = [e for e in at.world.journal.entries(at.name) if not e.result]
    assert not open_entries, open_entries


def one_at_a_time(_at: Desk, done: Played) -> None:
    """On one computer, who comes while another run is at work is refused by name; one of the two does the work."""
    second, beside = done.second, done.play.beside
    if second is None or beside is None or beside.apart:
        return
    refused = [done.problem is not None and done.problem.code == "another-run", second.problem == "another-run"]
    assert refused != [True, True], "each was refused for the other"
    in_the_middle = beside.begins is not None and second.over < done.over
    assert refused[1] or not in_the_middle, f"it came in the middle and ended with {second.problem or second.stored}"
    assert second.problem or set(second.stored) == set(done.play.second_for), "the second ended well, and not all were stored"


def _nothing_left(at: Desk, _done: Played) -> None:
    end = time.monotonic() + _GONE_S
    while left := [*at.left_behind(), *profiles(at.folder)]:
        assert time.monotonic() < end, f"left behind: {left}"
        time.sleep(0.05)


def _ends_well(_at: Desk, done: Played) -> None:
    """Where nothing speaks against it, it ends with the tokens it was for: a gate that lets nobody through is no gate."""
    if done.play.must_hold:
        ended = f"{done.problem.code}: {done.problem.words}" if done.problem is not None else ""
        other = done.problem is not None and done.problem.code == "another-run" and done.second is not None
        ended = done.second.problem if other and done.second is not None else ended
        assert not ended, ended


INVARIANTS: Final = (_tokens, _prompts, _own_sign_ins, _outcomes, one_at_a_time, _nothing_left, _ends_well)


# -- many, for the soak --------------------------------------------------------------------------------------------------


def main(numbers: list[str]) -> None:
    """Play the plays of these numbers; a line of JSON each."""
    for number in numbers:
        play = draw_play(int(number))
        with tempfile.TemporaryDirectory(prefix="exoalias-people-") as folder, redirect_stdout(sys.stderr):
            done = played(play, Path(folder))
        ending = done.problem.code if done.problem is not None else "stored"
        second = (done.second.problem or "stored") if done.second is not None else ""
        told = {"ending": ending, "seconds": done.seconds, "must_hold": play.must_hold, "violations": done.violations}
        told |= {"second": second, "closes": play.closes is not None}
        print(json.dumps(told | {"words": play.words}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
