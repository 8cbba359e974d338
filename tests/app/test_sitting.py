"""One sign-in carried out: events to the gate, decisions to the browser, in order. A browser of paper stands in."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from exoalias.app import sitting as sitting_module
from exoalias.app.control import Control
from exoalias.app.lobby import Windows
from exoalias.app.sitting import Sitting
from exoalias.domain import gate, happenings
from exoalias.domain.authorize import prompted, take_apart
from exoalias.domain.events import FirstUseQuestion, Phase, Progress, SignInEnded, SignInPhase
from exoalias.domain.happenings import Appeared, BrowserGone, Closed, Lost, Moved, Opened, Which
from exoalias.domain.identity import Opinion, Unreadable
from exoalias.domain.problems import (
    BadJournal,
    BrowserDied,
    Cancelled,
    IdentityUnreadable,
    NotAgreed,
    Problem,
    ReadOnly,
    TimeIsUp,
    WindowClosed,
    WrongUser,
)
from exoalias.domain.target import HomeAccount, Tier
from tests.domain.gate_story import (
    INITIATOR,
    REDIRECT,
    RIGHT,
    TENANT,
    TERMS,
    UPN,
    WRONG,
    answer_url,
    authorize_url,
    expecting,
    in_a,
    in_b,
    released,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from exoalias.domain.events import Event
    from exoalias.domain.gate import Happening, Release, Terms

OPINION = "http://localhost:50123"
_HASTY = replace(TERMS, limit_s=0.2)


class Paper:
    """A browser of paper: hands out the events written on it and notes what is asked of it."""

    def __init__(self, *events: Happening | Callable[[], None]) -> None:
        self.events = list(events)
        self.done: list[tuple[Any, ...]] = []
        self.lost: set[str] = set()
        self.opens_in_b = True
        self.gone: BrowserGone | None = None  # its end was told before
        self.once_told: tuple[Happening, ...] = ()  # what happens once a page was opened in B for the person to read

    def next_event(self, timeout_s: float) -> Happening | None:
        """The next one; a callable is something the person does meanwhile."""
        if not self.events:
            time.sleep(min(timeout_s, 0.005))
            return None
        event = self.events.pop(0)
        if callable(event):
            event()
            return None
        return event

    def open(self, which: Which, url: str, *, background: bool = False) -> Opened:
        """A window, in its jar."""
        self.done.append(("open", which, url, background))
        if which is Which.B:
            return Opened(which, "", "CB")
        return Opened(which, "WA", "CA")

    def open_in_b(self, url: str, *, background: bool = True) -> bool:
        """A page more in B's jar."""
        self.done.append(("open in B", url) if background else ("tell B", url))
        if not background:
            self.events += self.once_told
        return self.opens_in_b

    def windows_in(self, _context: str) -> tuple[str, ...]:
        """None told of."""
        return ()

    def close_window(self, window: str) -> None:
        """Closed."""
        self.done.append(("close", window))

    def dispose_b(self) -> None:
        """Thrown away."""
        self.done.append(("dispose",))

    def let_pass(self, request: str) -> Lost | None:
        """Passed."""
        return self._did("pass", request)

    def redirect(self, request: str, url: str) -> Lost | None:
        """Answered."""
        return self._did("redirect", request, url)

    def show(self, request: str, page: bytes, _headers: dict[str, str]) -> Lost | None:
        """Shown."""
        return self._did("show", request, page)

    def _did(self, what: str, request: str, *rest: object) -> Lost | None:
        self.done.append((what, request, *rest))
        return Lost(request) if request in self.lost else None

    def did(self, what: str) -> list[list[Any]]:
        """Everything of one kind, without its name."""
        return [list(done[1:]) for done in self.done if done[0] == what]


class Asked:
    """A second opinion that says what it was told to say."""

    redirect = OPINION

    def __init__(self, says: Opinion | Unreadable) -> None:
        self.says, self.finished = says, list[str]()

    def begin(self) -> str:
        """Where to ask."""
        return "https://login.microsoftonline.com/ask"

    def finish(self, url: str) -> Opinion | Unreadable:
        """What came of it."""
        self.finished.append(url)
        return self.says


class Play:
    """A sitting on a paper browser."""

    def __init__(
        self, paper: Paper, terms: Terms = TERMS, *, opinion: Asked | None = None, control: Control | None = None
    ) -> None:
        self.paper = paper
        self.told: list[Event] = []
        self.control = control or Control(interactive=False)
        self.windows = Windows(paper, visible=False)  # type: ignore[arg-type] # of paper
        self.released: list[tuple[Release, int]] = []
        self.sitting = Sitting(
            self.windows,
            terms,
            self.control,
            self.told.append,
            opinion,  # type: ignore[arg-type] # of paper
            lambda release: self.released.append((release, len(paper.did("redirect")))),
        )

    def of(self, kind: type) -> list[Any]:
        """What was told of one kind."""
        return [event for event in self.told if isinstance(event, kind)]


def _until_answered(uid: str = RIGHT) -> tuple[Happening, ...]:
    asked = take_apart(authorize_url())
    assert asked is not None
    first = prompted(asked, UPN)
    return (
        in_a("init", INITIATOR),
        in_a("auth", authorize_url(), follows="init"),
        Appeared("WB", "CB"),
        in_b("first", first),
        in_b("back", answer_url(uid)),
    )


def test_the_right_user_in_order() -> None:
    play = Play(Paper(*_until_answered()))
    release = play.sitting.run()
    assert release == gate.Release(HomeAccount(RIGHT, TENANT), Tier.ENTERED)
    assert play.paper.did("pass") == [["init"], ["first"]]
    assert play.paper.did("redirect") == [["auth", released()]]
    assert play.released == [(release, 0)], "written down before the code is given away"
    assert [e.phase for e in play.of(SignInPhase)] == [
        Phase.STARTING,
        Phase.INSTANCE,
        Phase.MICROSOFT,
        Phase.WHO,
        Phase.STORING,
    ]
    assert play.of(SignInEnded) == []


def test_the_wrong_user_gives_the_instance_nothing_and_both_windows_a_reason() -> None:
    play = Play(Paper(*_until_answered(WRONG)))
    with pytest.raises(WrongUser):
        play.sitting.run()
    assert play.paper.did("redirect") == []
    shown = play.paper.did("show")
    assert [request for request, _page in shown] == ["back", "auth"]
    assert all(UPN.encode() in page for _request, page in shown)
    assert play.released == []
    assert [e.problem.code for e in play.of(SignInEnded)] == ["wrong-user"]


def test_a_journal_that_cannot_be_written_keeps_the_code_back() -> None:
    play = Play(Paper(*_until_answered()))

    def broken(_release: Release) -> None:
        raise OSError(28, "No space left on device")

    play.sitting.before_release = broken
    with pytest.raises(OSError, match="space"):
        play.sitting.run()
    assert play.paper.did("redirect") == []


# -- second opinion ------------------------------------------------------------------------------------------------------

_RIGHT_OPINION = Opinion(HomeAccount(RIGHT, TENANT), RIGHT, TENANT, UPN)
_ASKING = replace(TERMS, second_opinion=True)


def _opinion_answered(context: str = "CB", query: str = "?code=x") -> Happening:
    return happenings.Paused("opinion", f"{OPINION}/{query}", "GET", "WO", context)


def test_the_second_opinion_is_asked_before_anything_is_given_away() -> None:
    opinion = Asked(_RIGHT_OPINION)
    play = Play(Paper(*_until_answered(), _opinion_answered()), _ASKING, opinion=opinion)
    assert play.sitting.run().tier is Tier.SECOND_OPINION
    kinds = [done[0] for done in play.paper.done]
    assert kinds.index("open in B") < kinds.index("redirect")
    assert opinion.finished == [f"{OPINION}/?code=x"]
    assert play.paper.did("show")[0][0] == "opinion", "its redirect gets a page of ours: nobody listens there"


def test_its_answer_counts_in_its_own_jar_alone_and_once() -> None:
    opinion = Asked(_RIGHT_OPINION)
    stray = [_opinion_answered("CA"), _opinion_answered("CX", "?code=forged")]
    early = _opinion_answered("CB", "?code=early")
    play = Play(Paper(early, *_until_answered(), *stray, _opinion_answered()), _ASKING, opinion=opinion)
    play.sitting.run()
    assert opinion.finished == [f"{OPINION}/?code=x"]
    assert len([1 for request, _page in play.paper.did("show") if request == "opinion"]) == 4


@pytest.mark.parametrize(
    ("opinion", "opens", "why"),
    [
        (None, True, "not configured"),
        (Asked(_RIGHT_OPINION), False, "could not be opened"),
        (Asked(Unreadable("Microsoft answered login_required")), True, "login_required"),
    ],
)
def test_a_second_opinion_that_is_not_to_be_had(opinion: Asked | None, opens: bool, why: str) -> None:
    paper = Paper(*_until_answered(), _opinion_answered())
    paper.opens_in_b = opens
    play = Play(paper, _ASKING, opinion=opinion)
    with pytest.raises(IdentityUnreadable, match=why):
        play.sitting.run()
    assert paper.did("redirect") == []


def test_a_second_opinion_that_never_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitting_module, "_OPINION_S", 0.05)
    play = Play(Paper(*_until_answered()), _ASKING, opinion=Asked(_RIGHT_OPINION))
    with pytest.raises(IdentityUnreadable, match="in time"):
        play.sitting.run()
    assert play.paper.did("redirect") == []


# -- people --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("agree", [True, False])
def test_the_question_of_first_use(agree: bool) -> None:
    control = Control(interactive=True)
    play = Play(Paper(*_until_answered(), lambda: control.answer(agree=agree)), expecting(object_id=""), control=control)
    if agree:
        assert play.sitting.run().tier is Tier.FIRST_USE
    else:
        with pytest.raises(NotAgreed):
            play.sitting.run()
        assert play.paper.did("redirect") == []
    assert play.of(FirstUseQuestion) == [FirstUseQuestion("MS Graph 1", UPN, RIGHT, TENANT)]


def test_cancel() -> None:
    control = Control(interactive=True)
    play = Play(Paper(*_until_answered()[:4], control.cancel), control=control)
    with pytest.raises(Cancelled):
        play.sitting.run()
    assert [request for request, _page in play.paper.did("show")] == ["auth"]


def test_continue_is_offered_while_the_instance_is_in_front() -> None:
    control = Control(interactive=True)
    play = Play(Paper(control.carry_on, *_until_answered()), control=control)
    play.sitting.run()
    assert play.paper.did("open")[1] == [Which.A, INITIATOR, False]
    assert [e.can_continue for e in play.of(SignInPhase) if e.phase is Phase.INSTANCE] == [True]
    assert [e.can_continue for e in play.of(SignInPhase) if e.phase is Phase.MICROSOFT] == [False]


# -- windows -------------------------------------------------------------------------------------------------------------


def test_the_window_of_the_credential_before_is_closed_once_the_new_one_is_there() -> None:
    play = Play(Paper(*_until_answered()))
    play.windows.a_context, play.windows.a_windows = "CA", {"OLD"}
    play.sitting.run()
    kinds = [done[0] for done in play.paper.done]
    assert play.paper.did("close") == [["OLD"]]
    assert kinds.index("open") < kinds.index("close"), "or the last window would be gone for a moment"


def test_a_held_request_that_was_lost_gets_a_new_window() -> None:
    paper = Paper(*_until_answered())
    paper.lost = {"auth"}
    Play(paper).sitting.run()
    assert paper.did("open")[-1] == [Which.A, released(), False]


def test_after_the_release_the_instances_own_page_is_noticed() -> None:
    play = Play(Paper(*_until_answered()))
    play.sitting.run()
    assert not play.sitting.keep_going()
    play.paper.events = [Moved("WA"), in_a("code", released(), follows="auth"), Moved("WX"), Moved("WA")]
    assert not play.sitting.keep_going(), "what moved before the code was on its way says nothing"
    assert not play.sitting.keep_going()
    assert ["code"] in play.paper.did("pass")
    assert not play.sitting.keep_going(), "another window"
    assert play.sitting.keep_going()


def test_a_browser_whose_end_the_sitting_before_was_told_ends_this_one_at_once() -> None:
    paper = Paper()
    paper.gone = BrowserGone("killed")
    began = time.monotonic()
    with pytest.raises(BrowserDied, match="killed"):
        Play(paper).sitting.run()
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("event", [Closed("WA"), BrowserGone("killed")])
def test_after_the_release_there_may_be_no_window_left_to_wait_for(event: Happening) -> None:
    play = Play(Paper(*_until_answered()))
    play.sitting.run()
    play.paper.events = [in_a("code", released(), follows="auth"), event]
    assert not play.sitting.keep_going()
    assert play.sitting.keep_going()


@pytest.mark.parametrize("event", [Closed("WA", crashed=True), BrowserGone("killed")])
def test_after_the_release_nothing_is_waited_for_that_can_no_longer_ask(event: Happening) -> None:
    """The code was given to a window that is gone before it took it to the instance."""
    play = Play(Paper(*_until_answered()))
    play.sitting.run()
    play.paper.events = [event]
    assert play.sitting.keep_going()


def test_a_crashed_page_beside_another_one_of_the_window_says_nothing() -> None:
    play = Play(Paper(*_until_answered()))
    play.sitting.run()
    play.sitting.windows.a_windows |= {"WA", "WA2"}
    play.paper.events = [Closed("WA2", crashed=True)]
    assert not play.sitting.keep_going()


def test_the_browsers_end_is_an_ending() -> None:
    with pytest.raises(BrowserDied, match="killed"):
        Play(Paper(*_until_answered()[:3], BrowserGone("killed"))).sitting.run()


def test_a_decision_nobody_knows_is_a_bug() -> None:
    with pytest.raises(AssertionError):
        Play(Paper()).sitting._carry("something else")  # type: ignore[arg-type] # on purpose


# -- lingering -----------------------------------------------------------------------------------------------------------


def _refused(play: Play, *, visible: bool = True) -> float:
    play.windows.visible = visible
    started = time.monotonic()
    with pytest.raises(WrongUser):
        play.sitting.run()
    return time.monotonic() - started


@pytest.mark.parametrize(("visible", "interactive"), [(False, True), (True, False)])
def test_nobody_looks_so_nothing_lingers(visible: bool, interactive: bool) -> None:
    play = Play(Paper(*_until_answered(WRONG)), control=Control(interactive=interactive))
    assert _refused(play, visible=visible) < 2
    assert play.of(Progress) == []


def test_where_a_person_looks_the_windows_stay_until_they_are_closed() -> None:
    paper = Paper(*_until_answered(WRONG), Moved("WA"), Closed("WB"), in_a("again", INITIATOR), Closed("WA"))
    play = Play(paper, control=Control(interactive=True))
    assert _refused(play) < 5
    assert [p.says for p in play.of(Progress)] == ["The sign-in windows say why; they close by themselves."]
    assert play.told.index(play.of(SignInEnded)[0]) < play.told.index(play.of(Progress)[0]), "told at once"
    assert [r for r, _page in paper.did("show")][-1] == "again", "nothing passes any more"


def test_lingering_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitting_module, "_LINGER_S", 0.1)
    assert 0.1 <= _refused(Play(Paper(*_until_answered(WRONG)), control=Control(interactive=True))) < 5


@pytest.mark.parametrize("how", ["cancel", "gone"])
def test_lingering_ends_at_once_on_a_cancel_or_without_a_browser(how: str) -> None:
    control = Control(interactive=True)
    last: Happening | Callable[[], None] = control.cancel if how == "cancel" else BrowserGone("closed")
    assert _refused(Play(Paper(*_until_answered(WRONG), last), control=control)) < 5


# -- what the windows say ----------------------------------------------------------------------------------------------------


def _said(paper: Paper, request: str) -> str:
    """The page shown for that request."""
    page: bytes = next(page for shown, page in paper.did("show") if shown == request)
    return page.decode()


def _visible(*events: Happening | Callable[[], None], terms: Terms = TERMS, control: Control | None = None) -> Play:
    play = Play(Paper(*events), terms, control=control or Control(interactive=True))
    play.windows.visible = True
    return play


def test_the_two_windows_are_told_different_things() -> None:
    play = Play(Paper(*_until_answered(WRONG)))
    with pytest.raises(WrongUser):
        play.sitting.run()
    assert "This was not the account that was expected" in _said(play.paper, "back")
    assert "Another account signed in" in _said(play.paper, "auth")
    assert all("code-of" not in page.decode() and "state" not in page.decode() for _, page in play.paper.did("show"))


def test_they_speak_the_language_that_is_set() -> None:
    play = Play(Paper(*_until_answered(WRONG)))
    play.windows.language = "de"
    with pytest.raises(WrongUser):
        play.sitting.run()
    assert '<html lang="de"' in _said(play.paper, "back")
    assert "Es wurde nichts gespeichert." in _said(play.paper, "auth")


def test_a_further_page_after_the_end_says_what_ended_it() -> None:
    again = in_b("again", answer_url())
    play = _visible(*_until_answered(WRONG), again, Closed("WB"), Closed("WA"))
    _refused(play)
    assert "This was not the account that was expected" in _said(play.paper, "again")


def test_a_window_that_waits_elsewhere_is_told_beside_its_page() -> None:
    """The time is up while B shows Microsoft's page: a page of ours opens beside it, at an address without anything behind it."""
    beside = happenings.Paused("beside", REDIRECT, "GET", "WB2", "CB")
    play = _visible(*_until_answered()[:4], terms=_HASTY)
    play.paper.once_told = (Appeared("WB2", "CB"), beside, Closed("WB"), Closed("WB2"), Closed("WA"))
    with pytest.raises(TimeIsUp):
        play.sitting.run()
    assert play.paper.did("tell B") == [[REDIRECT]]
    assert "The time for this sign-in is over" in _said(play.paper, "beside")
    assert "The time for this sign-in is over" in _said(play.paper, "auth")
    assert play.paper.did("pass") == [["init"], ["first"]], "and nothing goes anywhere"


def test_the_servicenow_window_is_told_too_where_nothing_of_it_is_held() -> None:
    beside = in_a("beside", REDIRECT, window="WA2")
    play = _visible(in_a("init", INITIATOR), beside, Closed("WA"), terms=replace(_HASTY, limit_s=0.0))
    with pytest.raises(TimeIsUp):
        play.sitting.run()
    assert play.paper.did("open")[-1] == [Which.A, REDIRECT, False]
    assert "Nobody finished it" in _said(play.paper, "beside")
    assert play.paper.did("tell B") == []


@pytest.mark.parametrize("how", ["nobody looks", "cancelled", "the browser is gone"])
def test_where_nobody_could_read_it_nothing_is_opened(how: str) -> None:
    control = Control(interactive=True)
    last: Happening | Callable[[], None] = control.cancel if how == "cancelled" else BrowserGone("killed")
    play = _visible(*_until_answered()[:4], *([] if how == "nobody looks" else [last]), terms=_HASTY, control=control)
    play.windows.visible = how != "nobody looks"
    started = time.monotonic()
    with pytest.raises((TimeIsUp, Cancelled, BrowserDied)):
        play.sitting.run()
    assert time.monotonic() - started < 5, "it lingered, and there was nothing to see"
    assert play.paper.did("tell B") == []
    assert len(play.paper.did("open")) == 2


def test_the_right_user_is_thanked_and_then_the_jar_is_thrown_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitting_module, "_FAREWELL_S", 0.3)
    play = _visible(*_until_answered())
    play.sitting.run()
    play.paper.events = [Moved("WB")]
    play.sitting.turn()
    assert "Thank you, you are signed in" in _said(play.paper, "back")
    kinds = [done[0] for done in play.paper.done]
    assert kinds.index("redirect") < kinds.index("show"), "the code first"
    assert play.paper.did("dispose") == []
    play.sitting.see_off()
    assert play.paper.did("dispose") == [[]]
    play.sitting.see_off()
    assert play.paper.did("dispose") == [[]], "once"


def test_where_nobody_looks_the_jar_is_thrown_away_at_once() -> None:
    play = Play(Paper(*_until_answered()))
    play.sitting.run()
    assert play.paper.did("dispose") == [[]]
    assert play.paper.did("show") == []


@pytest.mark.parametrize("event", [Closed("WB"), BrowserGone("closed")])
def test_nobody_is_waited_for_who_has_left(event: Happening) -> None:
    play = _visible(*_until_answered())
    play.sitting.run()
    play.paper.events = [event]
    started = time.monotonic()
    play.sitting.see_off()
    assert time.monotonic() - started < 2
    assert play.paper.did("dispose")


def test_a_cancel_ends_the_thanks() -> None:
    play = _visible(*_until_answered())
    play.sitting.run()
    play.control.cancel()
    play.sitting.see_off()
    assert play.paper.did("dispose")


@pytest.mark.parametrize("problem", [ReadOnly(instance="acme"), BadJournal(path="x", why="full")])
def test_a_release_that_may_not_be_is_an_ending_like_the_others(problem: Problem) -> None:
    play = Play(Paper(*_until_answered(), in_a("go", released(), follows="auth")))

    def barred(_release: Release) -> None:
        raise problem

    play.sitting.before_release = barred
    with pytest.raises(type(problem)):
        play.sitting.run()
    assert play.paper.did("redirect") == []
    assert [request for request, _page in play.paper.did("show")] == ["back", "auth"]
    assert "Nothing was stored." in _said(play.paper, "back")
    assert play.of(SignInEnded)[0].problem is problem
    play.sitting.turn()
    assert ["go"] not in play.paper.did("pass"), "and its address is none that may pass"


def test_a_closed_microsoft_window_is_the_persons_choice() -> None:
    play = Play(Paper(*_until_answered()[:4], Closed("WB")))
    with pytest.raises(WindowClosed):
        play.sitting.run()
    assert [request for request, _page in play.paper.did("show")] == ["auth"]
