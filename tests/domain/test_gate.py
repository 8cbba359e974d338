"""The sign-in, told event by event: the good course, every ending, and everybody who would get a wrong code through."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from exoalias.domain.authorize import prompted, take_apart
from exoalias.domain.events import Phase
from exoalias.domain.gate import (
    AskFirstUse,
    AskSecondOpinion,
    DisposeB,
    Fail,
    Happening,
    OpinionCame,
    Release,
    State,
    Tell,
    Terms,
    begin,
    seconds_left,
    step,
    withhold,
)
from exoalias.domain.happenings import (
    Answer,
    Appeared,
    BrowserGone,
    Closed,
    LetPass,
    Lost,
    Moved,
    Notice,
    Open,
    Opened,
    Paused,
    Show,
    Tick,
    Which,
    Wished,
)
from exoalias.domain.identity import Accepted, Opinion, Unreadable
from exoalias.domain.problems import Problem, ReadOnly
from exoalias.domain.target import HomeAccount, Pin, Tier
from tests.domain.gate_story import (
    AUTHORIZE,
    CLIENT,
    CREDENTIAL,
    ELSEWHERE,
    HOST,
    INITIATOR,
    MICROSOFT,
    OTHER_CLIENT,
    PLANNED,
    PROFILE,
    REDIRECT,
    RIGHT,
    STATE,
    TENANT,
    TERMS,
    UPN,
    WRONG,
    Story,
    answer_url,
    authorize_url,
    client_info,
    expecting,
    in_a,
    in_b,
    released,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from exoalias.domain.problems import Problem

ACCOUNT = HomeAccount(RIGHT, TENANT)
STRANGER = HomeAccount(WRONG, TENANT)
OPINION = Opinion(ACCOUNT, RIGHT, TENANT, UPN)
NOBODY = expecting(object_id="")
SECOND = replace(TERMS, second_opinion=True)
SECOND_NOBODY = replace(NOBODY, second_opinion=True)


def failure(story: Story) -> Problem:
    """The one problem the sign-in ended with; no code was sent on."""
    (fail,) = story.of(Fail)
    assert isinstance(fail, Fail)
    assert story.state.over
    assert (story.state.held, story.state.stopped, story.state.released_url) == ("", "", "")
    shows = [decision.request for decision in story.of(Show) if isinstance(decision, Show)]
    assert len(set(shows)) == len(shows), "each request is answered once"
    assert not story.of(Answer, Release, DisposeB)
    assert not [o for o in story.of(Open) if isinstance(o, Open) and "code=" in o.url.replace("response_type=code", "")]
    return fail.problem


def unexpected(story: Story) -> str:
    """Why the request was not the planned one."""
    problem = failure(story)
    assert (problem.code, problem.facts["credential"]) == ("unexpected-request", "MS Graph 1")
    return problem.facts["why"]


def shown(story: Story) -> dict[str, Notice]:
    """The pages of ours shown so far, by request."""
    return {decision.request: decision.notice for decision in story.of(Show) if isinstance(decision, Show)}


# -- the good course -----------------------------------------------------------------------------------------------------------


def test_from_start_to_end() -> None:
    story = Story()
    story << (Tell(Phase.STARTING), Open(Which.A, INITIATOR))
    story >> Opened(Which.A, "WA", "CA") << ()
    story >> in_a("init", INITIATOR) << (LetPass("init"), Tell(Phase.INSTANCE))
    first = prompted_url()
    story >> in_a("auth", authorize_url(), follows="init") << (Open(Which.B, first), Tell(Phase.MICROSOFT))
    story >> Opened(Which.B, "WB", "CB") << ()
    story >> in_b("first", first) << LetPass("first")
    story >> in_b("again", f"{first}&sso_reload=true") << LetPass("again")
    story >> in_b("back", answer_url())
    story << (Tell(Phase.WHO), Answer("auth", released()), DisposeB(), Tell(Phase.STORING), Release(ACCOUNT, Tier.ENTERED))
    story >> in_a("go", released(), follows="auth") << LetPass("go")
    story >> in_a("twice", released(), follows="auth") << Show("twice", Notice.ENDED)


def prompted_url(url: str = "") -> str:
    """What B must be opened with for that authorize request."""
    address = take_apart(url or authorize_url())
    assert address is not None
    return prompted(address, UPN)


def test_b_is_opened_with_the_planned_request_and_a_prompt() -> None:
    story = Story().held()
    assert story.held_b_url() == f"{authorize_url()}&prompt=login&login_hint=svc-calendar%40acme.example&client_info=1"


def test_the_trace_holds_no_address() -> None:
    story = Story().answered() >> in_a("go", released(), follows="auth")
    assert story.state.trace == ("initiator", "held", "B prompted", "answered", "released", "delivered")


def test_the_trace_does_not_grow_without_end() -> None:
    story = Story().prompted()
    for number in range(100):
        story >> in_b(f"r{number}", f"{prompted_url()}&n={number}") << LetPass(f"r{number}")
    assert story.state.trace == ("B reloaded",) * 40


@pytest.mark.parametrize(("terms", "tier"), [(TERMS, Tier.ENTERED), (expecting(trust_first_use=True), Tier.ENTERED)])
def test_the_tier_is_told(terms: Terms, tier: Tier) -> None:
    assert Story(terms).answered().of(Release) == [Release(ACCOUNT, tier)]


def test_pinned_and_trusted_tiers() -> None:
    pin = Pin(ACCOUNT, Tier.ENTERED, datetime(2026, 11, 1, tzinfo=UTC), "1")
    assert Story(expecting(object_id="", pin=pin)).answered().of(Release) == [Release(ACCOUNT, Tier.PINNED)]
    trusting = expecting(object_id="", trust_first_use=True)
    assert Story(trusting).answered().of(Release) == [Release(ACCOUNT, Tier.FIRST_USE)]


def test_a_second_sign_in_in_the_same_window_a() -> None:
    first = Story().answered() >> in_a("go", released(), follows="auth")
    second = Story()
    second.state, second.last = begin(TERMS, a_context=first.state.a_context, a_windows=first.state.a_windows)
    second << (Tell(Phase.STARTING), Open(Which.A, INITIATOR))
    second >> in_a("go-late", released(), follows="auth") << Show("go-late", Notice.NOT_PLANNED)
    second >> in_b("back-late", answer_url()) << Show("back-late", Notice.NOT_PLANNED)
    second >> Opened(Which.A, "WA2", "CA") >> in_a("init2", INITIATOR, window="WA2")
    second >> in_a("auth2", authorize_url(state="2"), window="WA2", follows="init2") >> Opened(Which.B, "WB2", "CB2")
    second >> in_b("old jar", prompted_url(authorize_url(state="2")))
    assert "ServiceNow window" in unexpected(second)
    assert shown(second)["old jar"] is Notice.REFUSED


def test_the_second_sign_in_follows_only_its_own_initiator() -> None:
    second = Story()
    second.state, second.last = begin(TERMS, a_context="CA", a_windows=frozenset({"WA"}))
    second >> in_a("auth", authorize_url(), follows="init of the first")
    assert "does not follow" in unexpected(second)


def test_both_credentials_one_after_the_other() -> None:
    for number, state in enumerate("12"):
        story = Story()
        story.state, story.last = begin(TERMS, a_context="CA", a_windows=frozenset({"WA"}))
        context = f"CB{number}"
        (
            story
            >> Opened(Which.A, "WA2", "CA")
            >> in_a("init", INITIATOR)
            >> in_a("auth", authorize_url(state=state), follows="init")
        )
        story >> Opened(Which.B, "WB", context)
        story >> replace(in_b("first", story.held_b_url()), context=context) << LetPass("first")
        story >> replace(in_b("back", answer_url(state=state)), context=context)
        story >> in_a("go", released(state=state), follows="auth") << LetPass("go")


# -- whose request is it? ------------------------------------------------------------------------------------------------------

OTHERS_INITIATORS = {
    "another credential": INITIATOR.replace(CREDENTIAL, "d0" * 16),
    "another profile": INITIATOR.replace(PROFILE, "d0" * 16),
    "another context": INITIATOR.replace("oauth_2_0_credentials", "email"),
    "a personal token": f"{INITIATOR}&personal=true",
    "two credentials": f"{INITIATOR}&oauth_requestor={'d0' * 16}",
    "two profiles by case": f"{INITIATOR}&OAUTH_PROVIDER_PROFILE={'d0' * 16}",
    "nothing asked": f"{HOST}/oauth_initiator.do",
}


@pytest.mark.parametrize("url", OTHERS_INITIATORS.values(), ids=OTHERS_INITIATORS.keys())
def test_what_another_initiator_starts_is_refused(url: str) -> None:
    story = Story() >> Opened(Which.A, "WA", "CA") >> in_a("other", url) << LetPass("other")
    story >> in_a("auth", authorize_url(), follows="other")
    assert "does not follow" in unexpected(story)
    assert shown(story) == {"auth": Notice.REFUSED}


@pytest.mark.parametrize(
    "event",
    [
        in_b("init", INITIATOR),
        in_a("init", INITIATOR, window=""),
        in_a("init", INITIATOR, method="POST"),
        Paused("init", INITIATOR, "GET", "WX", "CX"),
        Paused("init", INITIATOR, "GET", "WX", ""),
    ],
    ids=["in B", "subframe", "POST", "another jar", "no jar"],
)
def test_our_initiator_elsewhere_is_not_ours(event: Paused) -> None:
    story = Story() >> Opened(Which.A, "WA", "CA") >> event << LetPass("init")
    story >> in_a("auth", authorize_url(), follows="init")
    assert "does not follow" in unexpected(story)


def test_before_window_a_is_there_nothing_is_ours() -> None:
    story = Story() >> Paused("init", INITIATOR, "GET", "W", "") << LetPass("init")
    story >> Paused("auth", authorize_url(), "GET", "W", "", "init")
    assert "does not come from the ServiceNow window" in unexpected(story)


@pytest.mark.parametrize("personal", ["", "false", "FALSE"])
def test_an_initiator_that_says_it_is_not_personal_is_ours(personal: str) -> None:
    story = Story() >> Opened(Which.A, "WA", "CA") >> in_a("init", f"{INITIATOR}&personal={personal}")
    story >> in_a("auth", authorize_url(), follows="init")
    assert story.state.held == "auth"


HOSTILE_AUTHORIZE = {
    "look-alike host": (in_a("x", authorize_url(AUTHORIZE.replace(".com", ".com.evil.example")), follows="init"), "goes to"),
    "another tenant": (in_a("x", authorize_url(AUTHORIZE.replace(TENANT, ELSEWHERE)), follows="init"), "goes to"),
    "redirect to a clone's original": (
        in_a("x", authorize_url(redirect_uri="https://p.service-now.com/x"), follows="init"),
        "redirect",
    ),
    "two states": (in_a("x", authorize_url(extra="&state=2"), follows="init"), "more than once"),
    "two clients": (in_a("x", authorize_url(extra=f"&client_id={OTHER_CLIENT}"), follows="init"), "more than once"),
    "two clients, ours second": (
        in_a("x", authorize_url(client_id=OTHER_CLIENT, extra=f"&client_id={CLIENT}"), follows="init"),
        "more than once",
    ),
    "client in braces": (in_a("x", authorize_url(client_id="{" + CLIENT + "}"), follows="init"), "another client"),
    "client under another spelling": (in_a("x", authorize_url(client_id=None, Client_Id=CLIENT), follows="init"), "spells"),
    "pushed request": (in_a("x", authorize_url(request_uri="urn:x"), follows="init"), "carries request_uri"),
    "answer by POST": (in_a("x", authorize_url(response_mode="form_post"), follows="init"), "form_post"),
    "answer by fragment": (in_a("x", authorize_url(response_mode="fragment"), follows="init"), "fragment"),
    "no state": (in_a("x", authorize_url(state=None), follows="init"), "no state"),
    "more scopes": (in_a("x", authorize_url(scope="Mail.Send"), follows="init"), "scope"),
    "by POST": (in_a("x", authorize_url(), follows="init", method="POST"), "does not follow"),
    "from nowhere": (in_a("x", authorize_url()), "does not follow"),
    "from another request": (in_a("x", authorize_url(), follows="other"), "does not follow"),
    "a subframe": (in_a("x", authorize_url(), follows="init", window=""), "ServiceNow window"),
    "another jar": (Paused("x", authorize_url(), "GET", "WX", "CX", "init"), "ServiceNow window"),
    "no jar": (Paused("x", authorize_url(), "GET", "WA", "", "init"), "ServiceNow window"),
    "an address nobody can read": (in_a("x", "https://a@b/", follows="init"), "can't be read"),
}


@pytest.mark.parametrize(("event", "why"), HOSTILE_AUTHORIZE.values(), ids=HOSTILE_AUTHORIZE.keys())
def test_a_request_of_our_client_that_is_not_the_planned_one_ends_the_sign_in(event: Paused, why: str) -> None:
    story = Story().started() >> event
    assert why in unexpected(story)
    assert shown(story) == {"x": Notice.REFUSED}
    assert story.of(Open) == [Open(Which.A, INITIATOR)]


def test_a_second_token_request_while_one_is_held_is_not_let_through() -> None:
    story = Story().prompted()
    story >> in_a("second", authorize_url(state="2"), follows="init") << Show("second", Notice.ALREADY_OPEN)
    story >> in_a("third", authorize_url(redirect_uri="https://evil.example/"), follows="init")
    story << Show("third", Notice.ALREADY_OPEN)
    story >> in_b("back", answer_url()) >> in_a("go", released(), follows="auth") << LetPass("go")
    assert len(story.of(Answer)) == 1


def test_a_subframe_in_b_with_our_client_is_refused() -> None:
    story = Story().prompted() >> in_b("frame", prompted_url(), window="")
    assert unexpected(story)
    assert shown(story) == {"frame": Notice.REFUSED, "auth": Notice.REFUSED}


FIRST_IN_B = {
    "the held address without a prompt": authorize_url(),
    "a prompt of none": authorize_url(prompt="none", client_info="1"),
    "two prompts": prompted_url() + "&prompt=none",
    "somebody else's hint": prompted_url().replace("svc-calendar", "admin"),
    "no client_info": prompted_url().replace("&client_info=1", ""),
    "more": prompted_url() + "&sso_reload=true",
}


@pytest.mark.parametrize("url", FIRST_IN_B.values(), ids=FIRST_IN_B.keys())
def test_b_begins_with_the_prompted_address_or_not_at_all(url: str) -> None:
    story = Story().held() >> in_b("first", url)
    assert "began with another address" in unexpected(story)


LATER_IN_B = {
    "another state": prompted_url(authorize_url(state="2")),
    "two states": prompted_url() + "&state=2",
    "another tenant": prompted_url().replace(TENANT, "common"),
    "a scope more": prompted_url(authorize_url(scope="Calendars.ReadWrite Mail.Send")),
}


@pytest.mark.parametrize("url", LATER_IN_B.values(), ids=LATER_IN_B.keys())
def test_b_asks_for_nothing_else_later(url: str) -> None:
    story = Story().prompted() >> in_b("later", url)
    assert "something else than the held request" in unexpected(story)


def test_b_asks_again_by_get_only() -> None:
    story = Story().prompted() >> in_b("later", prompted_url(), method="POST")
    assert "something else than the held request" in unexpected(story)


def test_a_popup_in_b_may_ask_again_and_the_gate_decides() -> None:
    story = Story().prompted() >> Appeared("WB2", "CB") >> in_b("pop-up", prompted_url(), window="WB2") << LetPass("pop-up")
    story >> in_b("back", answer_url(WRONG), window="WB2")
    assert failure(story).code == "wrong-user"


# -- the instance's own sign-in ------------------------------------------------------------------------------------------------


def test_the_instances_own_oidc_sign_in_passes_untouched() -> None:
    story = Story() >> Opened(Which.A, "WA", "CA")
    for client in (CLIENT, OTHER_CLIENT):
        story >> in_a(client, authorize_url(client_id=client, redirect_uri=f"{HOST}/navpage.do", state="77")) << LetPass(client)
    assert not story.state.held


def test_another_clients_answer_passes_once_in_a_alone() -> None:
    story = Story().started() >> in_a("other", authorize_url(client_id=OTHER_CLIENT, state="77")) << LetPass("other")
    answer = f"{REDIRECT}?code=of-other&state=77"
    story >> in_b("in b", answer) << Show("in b", Notice.NOT_PLANNED)
    story >> in_a("frame", answer, window="") << Show("frame", Notice.NOT_PLANNED)
    story >> in_a("twice", f"{answer}&state=77") << Show("twice", Notice.NOT_PLANNED)
    story >> in_a("once", answer) << LetPass("once")
    story >> in_a("again", answer) << Show("again", Notice.NOT_PLANNED)


UNVOUCHED = {
    "our client, another page": authorize_url(redirect_uri=f"{HOST}/navpage.do"),
    "our client, a path that becomes ours": authorize_url(redirect_uri=f"{HOST}/x/../oauth_redirect.do"),
    "our client, our path encoded": authorize_url(redirect_uri=f"{HOST}/%6Fauth_redirect.do"),
    "no client": authorize_url(client_id=None),
    "a client name nobody reads": authorize_url(client_id=None, extra=f"&client_id%20={CLIENT}"),
    "another client, no state": authorize_url(client_id=OTHER_CLIENT, state=""),
}


@pytest.mark.parametrize("url", UNVOUCHED.values(), ids=UNVOUCHED.keys())
def test_a_foreign_request_that_may_be_ours_vouches_for_no_answer(url: str) -> None:
    story = Story().started() >> in_a("foreign", url) << LetPass("foreign")
    for state in (STATE, ""):
        story >> in_a(f"answer{state}", f"{REDIRECT}?code=x&state={state}") << Show(f"answer{state}", Notice.NOT_PLANNED)


def test_a_foreign_request_in_another_jar_vouches_for_no_answer_in_a() -> None:
    story = Story().started() >> Paused("foreign", authorize_url(client_id=OTHER_CLIENT), "GET", "WX", "CX") << LetPass("foreign")
    story >> in_a("answer", f"{REDIRECT}?code=x&state={STATE}") << Show("answer", Notice.NOT_PLANNED)


def test_a_foreign_state_equal_to_the_held_one_does_not_open_a() -> None:
    story = Story().started() >> in_a("other", authorize_url(client_id=OTHER_CLIENT)) << LetPass("other")
    (
        story
        >> in_a("auth", authorize_url(), follows="init")
        >> in_a("answer", answer_url(WRONG))
        << Show("answer", Notice.NOT_PLANNED)
    )


STRAY = {
    "the instance with a dot": "https://acme.service-now.com./oauth_redirect.do?code=x&state=1",
    "the instance without TLS": "http://acme.service-now.com/oauth_redirect.do?code=x&state=1",
    "the instance at another port": "https://acme.service-now.com:8443/oauth_redirect.do?code=x&state=1",
    "a look-alike": "https://acme.service-now.com.evil.example/oauth_redirect.do?code=x&state=1",
    "the second opinion's own redirect": "http://localhost:8123/?code=x&state=1",
    "another client at a look-alike": authorize_url("https://login.microsoft0nline.com/x/authorize", client_id=OTHER_CLIENT),
}


@pytest.mark.parametrize("url", STRAY.values(), ids=STRAY.keys())
@pytest.mark.parametrize("over", [False, True])
def test_nothing_passes_to_other_hosts(url: str, over: bool) -> None:
    story = Story().prompted()
    if over:
        story >> Wished("cancel")
    for event in (in_a("a", url), in_b("b", url), Paused("x", url, "GET", "", "")):
        story >> event << Show(event.request, Notice.ENDED if over else Notice.NOT_PLANNED)


# -- Microsoft's answer --------------------------------------------------------------------------------------------------------

WRONG_ANSWERS = {
    "another user": (answer_url(WRONG), "wrong-user"),
    "a guest": (answer_url(WRONG, ELSEWHERE), "wrong-tenant"),
    "the same id in another tenant": (answer_url(RIGHT, ELSEWHERE), "wrong-tenant"),
    "client_info missing": (answer_url(client_info=None), "identity-unreadable"),
    "client_info empty": (answer_url(client_info=""), "identity-unreadable"),
    "client_info garbage": (answer_url(client_info="e30"), "identity-unreadable"),
    "client_info huge": (answer_url(client_info="A" * 1_000_000), "identity-unreadable"),
    "client_info twice": (answer_url(extra=f"&client_info={client_info(WRONG)}"), "unexpected-request"),
    "client_info twice by case": (answer_url(extra=f"&Client_Info={client_info(WRONG)}"), "unexpected-request"),
    "client_info under another spelling": (answer_url(client_info=None, CLIENT_INFO=client_info()), "identity-unreadable"),
    "two codes": (answer_url(extra="&code=code-of-wrong"), "unexpected-request"),
    "two codes, one encoded": (answer_url(extra="&c%6Fde=code-of-wrong"), "unexpected-request"),
    "no code": (answer_url(code=None), "unexpected-request"),
    "an empty code": (answer_url(code=""), "unexpected-request"),
    "a token, no code": (answer_url(code=None, extra="&access_token=x"), "unexpected-request"),
    "another state": (answer_url(state="2"), "unexpected-request"),
    "a state that begins alike": (answer_url(state=STATE + "0"), "unexpected-request"),
    "a state with a blank": (answer_url(state=STATE + " "), "unexpected-request"),
    "no state": (answer_url(state=None), "unexpected-request"),
    "an empty state": (answer_url(state=""), "unexpected-request"),
    "two states": (answer_url(extra=f"&state={STATE}"), "unexpected-request"),
    "a state under another spelling": (answer_url(state=None, State=STATE), "unexpected-request"),
    "another path": (answer_url(base=f"{REDIRECT}x"), "unexpected-request"),
    "the path and more": (answer_url(base=f"{REDIRECT};jsessionid=1"), "unexpected-request"),
    "nothing at all": (REDIRECT, "unexpected-request"),
    "all in the fragment": (REDIRECT + "#" + answer_url().partition("?")[2], "unexpected-request"),
}


@pytest.mark.parametrize(("url", "code"), WRONG_ANSWERS.values(), ids=WRONG_ANSWERS.keys())
def test_a_wrong_answer_reaches_nobody(url: str, code: str) -> None:
    story = Story().prompted() >> in_b("back", url)
    assert failure(story).code == code
    assert shown(story) == {"back": Notice.REFUSED, "auth": Notice.REFUSED}
    story >> in_a("forged", released("code-of-wrong"), follows="auth") << Show("forged", Notice.ENDED)
    story >> in_b("retry", answer_url()) << Show("retry", Notice.ENDED)


def test_an_answer_by_post_is_refused() -> None:
    story = Story().prompted() >> in_b("back", answer_url(), method="POST")
    assert "another form" in unexpected(story)


def test_an_answer_before_the_prompted_request_is_refused() -> None:
    story = Story().held() >> in_b("back", answer_url())
    assert "before it was asked" in unexpected(story)
    assert shown(story) == {"back": Notice.REFUSED, "auth": Notice.REFUSED}


def test_an_answer_without_a_code_says_so() -> None:
    assert unexpected(Story().prompted() >> in_b("back", answer_url(code=None))) == "Microsoft's answer carries no code"


@pytest.mark.parametrize(
    "event",
    [
        in_a("back", answer_url()),
        in_a("back", released(), follows="auth"),
        in_b("back", answer_url(), window=""),
        Paused("back", answer_url(), "GET", "WX", "CX"),
        Paused("back", answer_url(), "GET", "WB", ""),
        Paused("back", answer_url(), "GET", "", ""),
    ],
    ids=["in A", "as if released", "subframe of B", "another jar", "no jar", "nothing"],
)
def test_an_answer_anywhere_but_in_b_is_not_taken(event: Paused) -> None:
    story = Story().prompted() >> event << Show("back", Notice.NOT_PLANNED)
    assert not story.state.over
    story >> in_b("real", answer_url())
    assert story.of(Answer) == [Answer("auth", released())]


def test_an_answer_before_anything_is_held_is_not_taken() -> None:
    Story().started() >> Opened(Which.B, "WB", "CB") >> in_b("back", answer_url()) << Show("back", Notice.NOT_PLANNED)


def test_a_second_answer_while_one_is_judged_is_not_taken() -> None:
    story = Story(NOBODY).answered() >> in_b("more", answer_url(WRONG)) << Show("more", Notice.NOT_PLANNED)
    story >> Wished("agree")
    assert story.of(Answer) == [Answer("auth", released())]


ERRORS = {
    "cancelled at Microsoft": ({"error": "access_denied", "error_subcode": "cancel"}, "cancelled", 6),
    "consent declined": ({"error": "access_denied", "error_description": "AADSTS65004: declined"}, "consent-refused", 6),
    "declined, said to be a cancel": (
        {"error": "access_denied", "error_subcode": "cancel", "error_description": "AADSTS65004"},
        "consent-refused",
        6,
    ),
    "consent required": ({"error": "consent_required"}, "consent-refused", 6),
    "consent declined, by number": ({"error": "x", "error_description": "AADSTS65004: x"}, "consent-refused", 6),
    "the server's own trouble": ({"error": "server_error", "error_description": "AADSTS90033"}, "microsoft-error", 5),
    "an empty error": ({"error": ""}, "microsoft-error", 5),
    "denied without a reason": ({"error": "access_denied"}, "consent-refused", 6),
    "an error and a code": ({"error": "x", "code": "code-of-right"}, "microsoft-error", 5),
}


@pytest.mark.parametrize(("said", "code", "exit_code"), ERRORS.values(), ids=ERRORS.keys())
def test_errors_of_microsoft(said: dict[str, str], code: str, exit_code: int) -> None:
    told: dict[str, Any] = {"code": None, "client_info": None, **said}
    story = Story().prompted() >> in_b("back", answer_url(**told))
    problem = failure(story)
    assert (problem.code, problem.exit_code, problem.facts["credential"]) == (code, exit_code, "MS Graph 1")
    assert shown(story) == {"back": Notice.REFUSED, "auth": Notice.REFUSED}


def test_an_error_is_told_with_all_that_is_known() -> None:
    told: dict[str, Any] = {"code": None, "client_info": None, "error": "e" * 100, "error_description": "d" * 500}
    facts = failure(Story().prompted() >> in_b("back", answer_url(**told))).facts
    assert (facts["credential"], facts["upn"]) == ("MS Graph 1", UPN)
    assert (facts["error"], facts["description"]) == ("e" * 80, "d" * 400)
    assert facts["how"].startswith("The text says who must act")


def test_an_error_of_another_request_says_nothing_of_ours() -> None:
    story = Story().prompted() >> in_b("back", answer_url(code=None, error="access_denied", state="2"))
    assert "state differs" in unexpected(story)


def test_microsofts_words_are_cut_and_cleaned() -> None:
    dirty = "AADSTS50105: x\r\nTrace ID: 1\x1b[2J\u202e" + "y" * 10_000
    story = Story().prompted() >> in_b("back", answer_url(code=None, error="e" * 1_000, error_description=dirty))
    problem = failure(story)
    assert "AADSTS50105: x  Trace ID: 1 [2J" in problem.words
    assert problem.words.isprintable()
    assert len(problem.words) < 700


# -- second opinion ------------------------------------------------------------------------------------------------------------


def test_with_a_second_opinion_nothing_is_released_before_it_came() -> None:
    story = Story(SECOND).prompted() >> in_b("back", answer_url()) << (Tell(Phase.WHO), AskSecondOpinion())
    for event in (Tick(1.0), Moved("WB"), Wished("agree"), Wished("continue"), in_b("reload", prompted_url())):
        story >> event
        assert not story.of(Answer, Release, Fail)
    story >> OpinionCame(OPINION)
    story << (Answer("auth", released()), DisposeB(), Tell(Phase.STORING), Release(ACCOUNT, Tier.SECOND_OPINION))


def test_agreeing_does_not_stand_in_for_the_second_opinion() -> None:
    story = Story(SECOND_NOBODY).answered() >> Wished("agree") << ()
    story >> OpinionCame(Opinion(STRANGER, WRONG, TENANT, UPN))
    assert failure(story).code == "opinions-differ"


@pytest.mark.parametrize(
    ("opinion", "code"),
    [
        (Opinion(STRANGER, WRONG, TENANT, UPN), "opinions-differ"),
        (Opinion(ACCOUNT, WRONG, TENANT, UPN), "opinions-differ"),
        (Opinion(ACCOUNT, RIGHT, ELSEWHERE, UPN), "opinions-differ"),
        (Unreadable("several accounts"), "identity-unreadable"),
    ],
)
def test_a_second_opinion_that_does_not_agree(opinion: Opinion | Unreadable, code: str) -> None:
    story = Story(SECOND).answered() >> OpinionCame(opinion)
    assert failure(story).code == code
    assert shown(story) == {"back": Notice.REFUSED, "auth": Notice.REFUSED}


def test_the_second_opinion_alone_where_client_info_is_missing() -> None:
    story = Story(SECOND).prompted() >> in_b("back", answer_url(client_info=None)) >> OpinionCame(OPINION)
    assert story.of(Release) == [Release(ACCOUNT, Tier.SECOND_OPINION)]


def test_an_opinion_nobody_asked_for_changes_nothing() -> None:
    Story(NOBODY).prompted() >> OpinionCame(OPINION) << ()
    story = Story(NOBODY).answered() >> OpinionCame(OPINION) << ()
    assert not story.of(Answer)
    Story(SECOND).prompted() >> OpinionCame(OPINION) << ()


def test_a_second_opinion_that_leaves_a_question_is_asked_once() -> None:
    stranger = replace(OPINION, username="else@acme.example")
    story = Story(SECOND_NOBODY).answered() >> OpinionCame(stranger) << AskFirstUse(ACCOUNT)
    story >> OpinionCame(stranger) << ()
    story >> Wished("agree")
    assert story.of(Release) == [Release(ACCOUNT, Tier.FIRST_USE)]


def test_while_the_second_opinion_is_out_somebody_else_s_lost_request_changes_nothing() -> None:
    story = Story(SECOND).answered()
    assert story.state.phase is Phase.WHO
    story >> Lost("first") << () >> OpinionCame(OPINION)
    assert story.of(Release) == [Release(ACCOUNT, Tier.SECOND_OPINION)]


def test_agreeing_to_whom_the_second_opinion_alone_named() -> None:
    story = Story(SECOND_NOBODY).prompted() >> in_b("back", answer_url(client_info=None))
    story >> OpinionCame(replace(OPINION, username="else@acme.example")) << AskFirstUse(ACCOUNT) >> Wished("agree")
    assert story.of(Release) == [Release(ACCOUNT, Tier.FIRST_USE)]


def test_agreeing_to_an_answer_that_is_gone_leaves_everything_as_it_is() -> None:
    story = Story(SECOND_NOBODY).answered() >> OpinionCame(replace(OPINION, username="")) >> Lost("back")
    before = story.state
    assert (story >> Wished("agree") << ()).state == before


def test_a_late_opinion_on_an_answer_that_was_lost_releases_nothing_else() -> None:
    story = Story(SECOND).answered(WRONG) >> Lost("back") << () >> OpinionCame(OPINION) << ()
    story >> in_b("back2", answer_url(WRONG)) >> OpinionCame(OPINION)
    assert failure(story).code == "opinions-differ"


# -- first use -----------------------------------------------------------------------------------------------------------------


def test_first_use_is_asked_and_agreed() -> None:
    story = Story(NOBODY).answered() << (Tell(Phase.WHO), AskFirstUse(ACCOUNT))
    assert not story.of(Answer)
    story >> Wished("agree")
    story << (Answer("auth", released()), DisposeB(), Tell(Phase.STORING), Release(ACCOUNT, Tier.FIRST_USE))
    story >> Wished("agree") << ()


def test_first_use_is_asked_and_declined() -> None:
    story = Story(NOBODY).answered() >> Wished("disagree")
    assert failure(story).code == "not-agreed"
    assert failure(story).exit_code == 6
    story >> Wished("agree") << ()


def test_first_use_in_a_run_that_may_not_ask() -> None:
    story = Story(replace(NOBODY, interactive=False)).answered()
    assert failure(story).code == "first-use"
    assert shown(story) == {"back": Notice.REFUSED, "auth": Notice.REFUSED}


@pytest.mark.parametrize("wish", ["agree", "disagree"])
def test_nothing_to_agree_to(wish: str) -> None:
    for story in (Story(NOBODY), Story(NOBODY).started(), Story(NOBODY).prompted()):
        story >> Wished(wish) << ()


def test_agreeing_beforehand_is_forgotten() -> None:
    story = Story(NOBODY).prompted() >> Wished("agree") >> in_b("back", answer_url())
    assert story.last == (Tell(Phase.WHO), AskFirstUse(ACCOUNT))


@pytest.mark.parametrize("terms", [NOBODY, expecting(object_id="", trust_first_use=True)])
def test_agreeing_can_not_release_another_tenant(terms: Terms) -> None:
    story = Story(terms).prompted() >> in_b("back", answer_url(WRONG, ELSEWHERE)) >> Wished("agree")
    assert failure(story).code == "wrong-tenant"


def test_agreeing_is_judged_again() -> None:
    story = Story(NOBODY).answered(WRONG)
    story.terms = TERMS  # as if the object id had become known while the question was open
    assert failure(story >> Wished("agree")).code == "wrong-user"


def test_agreeing_to_an_answer_that_was_lost_and_replaced_needs_a_new_question() -> None:
    story = Story(SECOND_NOBODY).answered() >> OpinionCame(replace(OPINION, username="")) << AskFirstUse(ACCOUNT)
    story >> Lost("back") >> Wished("agree") << ()
    story >> in_b("back2", answer_url(WRONG)) << (Tell(Phase.WHO), AskSecondOpinion())
    story >> Wished("agree") << ()


# -- what the state holds --------------------------------------------------------------------------------------------------------


def test_where_a_sign_in_begins() -> None:
    state, _ = begin(TERMS)
    assert state == State(phase=Phase.INSTANCE)
    assert (state.a_context, state.a_windows, state.b_context, state.b_windows) == ("", frozenset(), "", frozenset())
    assert (state.held, state.held_window, state.held_url, state.b_url, state.stopped, state.answer_url) == ("",) * 6
    assert (state.started, state.now, state.quiet_since, state.moves, state.trace) == (None, 0.0, 0.0, 0, ())
    assert (state.said, state.asked, state.accepted, state.reopened, state.over) == (None, False, None, False, False)
    assert (state.released_url, state.released_by) == ("", "")
    known, _ = begin(TERMS, a_context="CA", a_windows=frozenset({"WA"}))
    assert (known.a_context, known.a_windows) == ("CA", frozenset({"WA"}))


def test_what_terms_and_words_say_where_nothing_is_said() -> None:
    terms = Terms(CREDENTIAL, "MS Graph 1", PROFILE, INITIATOR, PLANNED, TERMS.expected)
    assert (terms.second_opinion, terms.interactive, terms.limit_s, terms.patience_s) == (False, True, 600.0, 60.0)
    assert Tell(Phase.WHO).can_continue is False


def test_what_the_state_is_after_a_release() -> None:
    state = Story().answered().state
    assert (state.over, state.phase, state.held, state.stopped) == (True, Phase.STORING, "", "")
    assert state.accepted == Accepted(ACCOUNT, Tier.ENTERED)
    assert (state.released_url, state.released_by) == (released(), "auth")


def test_windows_are_added_up_and_those_of_nobody_are_not() -> None:
    story = Story() >> Appeared("WY", "")
    assert story.state.a_windows == story.state.b_windows == frozenset()
    story >> Opened(Which.A, "WA", "CA") >> Opened(Which.A, "WA2", "CA") >> Appeared("WA3", "CA") >> Appeared("WY", "")
    story >> in_a("init", INITIATOR) >> in_a("auth", authorize_url(), window="WA4", follows="init")
    assert story.state.a_windows == {"WA", "WA2", "WA3", "WA4"}
    story >> Opened(Which.B, "WB", "CB") >> Opened(Which.B, "WB2", "CB") >> Appeared("WB3", "CB")
    assert story.state.b_windows == {"WB", "WB2", "WB3"}


def test_windows_are_followed_after_the_end() -> None:
    story = (
        Story().prompted() >> Wished("cancel") >> Appeared("WA2", "CA") >> Appeared("WB2", "CB") >> Opened(Which.A, "WA3", "CA")
    )
    assert story.state.a_windows == {"WA", "WA2", "WA3"}
    assert story.state.b_windows == {"WB", "WB2"}


def test_the_code_goes_to_a_new_window_in_a_new_jar_whatever_it_follows() -> None:
    story = Story().prompted() >> Closed("WA") >> in_b("back", answer_url()) >> Opened(Which.A, "WA9", "CA9")
    go = Paused("go", released(), "GET", "WA9", "CA9", "something")
    story >> in_a("old", released()) << Show("old", Notice.ENDED)
    story >> go << LetPass("go")


def test_without_a_release_no_address_is_the_released_one() -> None:
    story = Story().prompted() >> Wished("cancel")
    story >> in_a("none", "") << Show("none", Notice.ENDED)


def test_b_that_asks_before_anything_is_held_is_refused() -> None:
    story = Story().started() >> Opened(Which.B, "WB", "CB") >> in_b("early", authorize_url())
    assert "something else than the held request" in unexpected(story)


def test_every_request_to_our_initiator_counts() -> None:
    story = Story().started() >> in_a("init2", INITIATOR) >> in_a("auth", authorize_url(), follows="init")
    assert story.state.held == "auth"


def test_the_instances_own_sign_ins_are_all_remembered() -> None:
    story = Story().started()
    for state in ("77", "78"):
        story >> in_a(f"own{state}", authorize_url(client_id=OTHER_CLIENT, state=state))
    for state in ("77", "78"):
        story >> in_a(f"answer{state}", f"{REDIRECT}?code=x&state={state}") << LetPass(f"answer{state}")


def test_what_happened_is_traced_by_name() -> None:
    story = Story().started() >> in_a("own", authorize_url(client_id=OTHER_CLIENT, state="77"))
    story >> in_a("stray", authorize_url("https://evil.example/x", client_id=OTHER_CLIENT))
    story >> in_a("own answer", f"{REDIRECT}?code=x&state=77") >> in_a("again", f"{REDIRECT}?code=x&state=77")
    story >> Paused("elsewhere", REDIRECT, "GET", "WX", "CX") >> Wished("continue")
    story >> in_a("auth", authorize_url(), follows="init") >> in_a("second", authorize_url(), follows="init")
    assert story.state.trace == (
        "initiator",
        "foreign authorize",
        "stray request",
        "foreign answer",
        "stray answer in A",
        "stray answer",
        "continue",
        "held",
        "second authorize",
    )


FACTS = {
    "cancelled": (lambda: Story().prompted() >> Wished("cancel"), {"credential": "MS Graph 1"}),
    "not agreed": (lambda: Story(NOBODY).answered() >> Wished("disagree"), {"credential": "MS Graph 1", "upn": UPN}),
    "time": (lambda: Story() >> Tick(0.0) >> Tick(600.0), {"credential": "MS Graph 1", "minutes": "10"}),
    "gone": (lambda: Story() >> BrowserGone("killed"), {"why": "killed"}),
    "crashed": (lambda: Story().started() >> Closed("WA", crashed=True), {"why": "a page crashed"}),
    "A closed": (lambda: Story().started() >> Closed("WA"), {"window": "ServiceNow", "credential": "MS Graph 1"}),
    "B closed": (lambda: Story().prompted() >> Closed("WB"), {"window": "Microsoft", "credential": "MS Graph 1"}),
}


@pytest.mark.parametrize(("tell", "facts"), FACTS.values(), ids=FACTS.keys())
def test_an_ending_says_for_which_credential_and_why(tell: Callable[[], Story], facts: dict[str, str]) -> None:
    assert failure(tell()).facts == facts


def test_an_hour_is_sixty_minutes() -> None:
    story = Story(replace(TERMS, limit_s=3_600.0)) >> Tick(0.0) >> Tick(3_600.0)
    assert failure(story).facts["minutes"] == "60"


# -- windows -------------------------------------------------------------------------------------------------------------------


def test_a_closed_while_held_and_the_code_goes_to_a_new_window() -> None:
    story = Story().prompted() >> Closed("WA") << ()
    story >> in_b("back", answer_url())
    story << (Tell(Phase.WHO), Open(Which.A, released()), DisposeB(), Tell(Phase.STORING), Release(ACCOUNT, Tier.ENTERED))
    story >> Opened(Which.A, "WA2", "CA") << ()
    story >> in_a("go", released(), window="WA2") << LetPass("go")
    story >> in_a("twice", released(), window="WA2") << Show("twice", Notice.ENDED)


def test_a_went_elsewhere_while_held_and_the_code_goes_to_a_new_window() -> None:
    story = Story().answered() >> Lost("auth") << Open(Which.A, released())
    story >> Lost("auth") << ()
    story >> in_a("go", released()) << LetPass("go")


def test_after_delivery_a_lost_request_opens_nothing() -> None:
    story = Story().answered() >> in_a("go", released(), follows="auth") >> Lost("auth") << ()
    assert len(story.of(Open)) == 2


def test_other_lost_requests_are_of_no_account() -> None:
    story = Story().prompted() >> Lost("other") << () >> Lost("auth") << ()
    story >> in_b("back", answer_url()) >> Lost("first") << ()


def test_a_window_that_asks_before_its_appearance_was_told_is_answered() -> None:
    story = Story().started() >> in_a("auth", authorize_url(), window="WA-popup", follows="init")
    story >> Opened(Which.B, "WB", "CB") >> in_b("first", prompted_url()) >> in_b("back", answer_url())
    assert story.of(Answer) == [Answer("auth", released())]


def test_a_popup_of_a_is_a_window_of_a() -> None:
    story = Story().started() >> Appeared("WA2", "CA") << () >> Closed("WA") << ()
    assert failure(story >> Closed("WA2")).facts["window"] == "ServiceNow"


def test_b_may_ask_before_its_window_appeared() -> None:
    story = Story().started() >> in_a("auth", authorize_url(), follows="init") >> Opened(Which.B, "", "CB") << ()
    story >> in_b("first", prompted_url()) << LetPass("first")
    story >> Closed("") << () >> Appeared("WB", "CB") << ()
    problem = failure(story >> Closed("WB"))
    assert (problem.code, problem.facts["window"]) == ("window-closed", "Microsoft")


def test_windows_of_nobody() -> None:
    story = Story().prompted() >> Appeared("WX", "CX") << () >> Appeared("WY", "") << () >> Closed("WX") << ()
    story >> Closed("WX", crashed=True) << () >> Moved("WX") << ()
    assert not story.state.over


def test_a_window_of_b_that_is_not_the_last_ends_nothing_even_without_a() -> None:
    Story() >> Opened(Which.B, "WB", "CB") >> Appeared("WB2", "CB") >> Closed("WB") << ()


def test_the_last_window_of_b_ends_the_sign_in_and_not_before() -> None:
    story = Story().prompted() >> Appeared("WB2", "CB") >> Closed("WB") << ()
    problem = failure(story >> Closed("WB2"))
    assert (problem.code, problem.facts["window"]) == ("window-closed", "Microsoft")
    assert shown(story) == {"auth": Notice.REFUSED}


PHASES: dict[str, Callable[[Terms], Story]] = {
    "starting": Story,
    "at the instance": lambda terms: Story(terms).started(),
    "held": lambda terms: Story(terms).held(),
    "at Microsoft": lambda terms: Story(terms).prompted(),
    "asked": lambda terms: Story(replace(terms, expected=NOBODY.expected)).answered(),
    "second opinion out": lambda terms: Story(replace(terms, second_opinion=True)).answered(),
}
HELD_IN = {"held": {"auth"}, "at Microsoft": {"auth"}, "asked": {"auth", "back"}, "second opinion out": {"auth", "back"}}
ENDINGS: dict[str, tuple[tuple[Happening, ...], str, int]] = {
    "cancel": ((Wished("cancel"),), "cancelled", 6),
    "the browser is gone": ((BrowserGone("killed"),), "browser-died", 5),
    "the time is up": ((Tick(100.0), Tick(700.0)), "time-is-up", 6),
    "a crashed page": ((Opened(Which.A, "WC", "CA"), Closed("WC", crashed=True)), "browser-died", 5),
    "an unreadable address": ((in_a("bad", "https://["),), "unexpected-request", 5),
}


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize(("events", "code", "exit_code"), ENDINGS.values(), ids=ENDINGS.keys())
def test_every_ending_in_every_phase(phase: str, events: tuple[Happening, ...], code: str, exit_code: int) -> None:
    story = PHASES[phase](TERMS)
    for event in events:
        story >> event
    problem = failure(story)
    assert (problem.code, problem.exit_code) == (code, exit_code)
    assert set(shown(story)) - {"bad"} == HELD_IN.get(phase, set())


@pytest.mark.parametrize("phase", ["at the instance", "at Microsoft", "asked", "second opinion out"])
def test_both_windows_closed(phase: str) -> None:
    story = PHASES[phase](TERMS) >> Closed("WA") >> Closed("WB")
    assert failure(story).code == "window-closed"


def test_after_the_end_nothing_more_happens() -> None:
    story = Story().prompted() >> Wished("cancel")
    state = story.state
    for event in (
        Wished("cancel"),
        Wished("agree"),
        Wished("continue"),
        Tick(5_000.0),
        BrowserGone("late"),
        Closed("WA"),
        Closed("WB", crashed=True),
        Moved("WA"),
        Lost("auth"),
        OpinionCame(OPINION),
        Appeared("WX", "CX"),
    ):
        story >> event << ()
    assert story.state == state
    assert len(story.of(Fail)) == 1


def test_a_window_that_opens_after_the_end_gets_nowhere() -> None:
    story = Story().started() >> in_a("auth", authorize_url(), follows="init") >> Wished("cancel")
    story >> Opened(Which.B, "WB", "CB") << () >> in_b("first", prompted_url()) << Show("first", Notice.ENDED)
    story >> Appeared("WB2", "CB") << () >> in_b("back", answer_url(), window="WB2") << Show("back", Notice.ENDED)
    story >> in_a("init again", INITIATOR) << Show("init again", Notice.ENDED)


def test_after_the_end_the_instances_own_sign_in_still_passes() -> None:
    story = Story().prompted() >> Wished("cancel")
    story >> in_a("own", authorize_url(client_id=OTHER_CLIENT)) << LetPass("own")
    story >> in_a("bad", "https://a@b/") << Show("bad", Notice.ENDED)


RELEASED_OTHERWISE = {
    "another address": in_a("go", released("code-of-wrong"), follows="auth"),
    "one parameter more": in_a("go", released() + "&x=1", follows="auth"),
    "the answer as it came": in_a("go", answer_url(), follows="auth"),
    "parameters in another order": in_a("go", f"{REDIRECT}?state=1&code=code-of-right&session_state=ss", follows="auth"),
    "not as the redirect of the held request": in_a("go", released()),
    "as the redirect of another": in_a("go", released(), follows="other"),
    "by POST": in_a("go", released(), follows="auth", method="POST"),
    "in a subframe": in_a("go", released(), follows="auth", window=""),
    "in B": in_b("go", released(), follows="auth"),
    "in another jar": Paused("go", released(), "GET", "WX", "CX", "auth"),
}


@pytest.mark.parametrize("event", RELEASED_OTHERWISE.values(), ids=RELEASED_OTHERWISE.keys())
def test_only_the_released_address_passes(event: Paused) -> None:
    story = Story().answered() >> event << Show("go", Notice.ENDED)
    story >> in_a("real", released(), follows="auth") << LetPass("real")


def test_the_jar_of_a_must_be_known() -> None:
    state = State(phase=Phase.INSTANCE)
    for which in (Which.A, Which.B):
        after, _ = step(TERMS, state, Opened(which, "", ""))
        assert step(TERMS, after, Paused("x", REDIRECT, "GET", "W", ""))[1] == (Show("x", Notice.NOT_PLANNED),)


# -- B in A's jar: a managed device ------------------------------------------------------------------------------------------


class Shared(Story):
    """A sign-in whose B is one window more in A's jar."""

    def __init__(self) -> None:
        super().__init__()
        self.state, self.last = begin(TERMS, shared=True)

    def held(self) -> Shared:
        """A's request is held, B is open."""
        self.started() >> in_a("auth", authorize_url(), follows="init") >> Opened(Which.B, "WB", "CA")
        return self


def shared_b(request: str, url: str, *, window: str = "WB", follows: str = "") -> Paused:
    """A request of B in the shared jar."""
    return Paused(request, url, "GET", window, "CA", follows)


def test_on_a_managed_device_the_right_user_is_let_through() -> None:
    story = Shared().held() >> Appeared("WB", "CA")
    assert story.state.a_windows == {"WA"}, "the window just opened is B, not one more of A"
    story >> shared_b("first", story.held_b_url()) << LetPass("first")
    story >> shared_b("back", answer_url())
    assert story.of(Answer) == [Answer("auth", released())]
    story >> in_a("go", released(), follows="auth") << LetPass("go")


def test_on_a_managed_device_a_wrong_user_is_refused() -> None:
    story = Shared().held()
    story >> shared_b("first", story.held_b_url()) >> shared_b("back", answer_url(WRONG))
    assert story.of(Answer) == []
    assert isinstance(story.last[-1], Fail)


@pytest.mark.parametrize("window", ["WA", "WX", ""])
def test_in_the_shared_jar_an_answer_counts_in_b_alone(window: str) -> None:
    """Not in A, not in a pop-up of whichever window, not in a frame."""
    story = Shared().held()
    story >> shared_b("first", story.held_b_url()) >> Appeared("WX", "CA")
    story >> shared_b("back", answer_url(), window=window) << Show("back", Notice.NOT_PLANNED)
    assert story.of(Answer) == []


def test_in_the_shared_jar_nothing_but_b_begins_as_b() -> None:
    story = Shared().held()
    story >> shared_b("first", story.held_b_url(), window="WX") << Show("first", Notice.ALREADY_OPEN)


def test_in_the_shared_jar_a_released_code_goes_to_a_alone() -> None:
    story = Shared().held()
    story >> shared_b("first", story.held_b_url()) >> shared_b("back", answer_url())
    story >> shared_b("go", released(), follows="auth") << Show("go", Notice.ENDED)


def test_b_closed_in_the_shared_jar_ends_it() -> None:
    story = Shared().held() >> Closed("WB")
    assert problem_of(story).code == "window-closed"


OPENED_OTHERWISE = {
    "in the jar of A": (False, Opened(Which.B, "WB", "CA")),
    "shared, in another jar": (True, Opened(Which.B, "WB", "CB")),
    "shared, without a window": (True, Opened(Which.B, "", "CA")),
    "shared, as a window of A": (True, Opened(Which.B, "WA", "CA")),
}


@pytest.mark.parametrize(("shared", "opened"), OPENED_OTHERWISE.values(), ids=OPENED_OTHERWISE.keys())
def test_a_b_that_is_not_apart_is_refused(*, shared: bool, opened: Opened) -> None:
    story = Shared() if shared else Story()
    story.started() >> in_a("auth", authorize_url(), follows="init") >> opened
    problem = problem_of(story)
    assert problem.code == "unexpected-request"
    assert TERMS.credential_name in problem.words
    assert "Microsoft window" in problem.words
    assert story.of(Answer) == []


@pytest.mark.parametrize("second", [Opened(Which.B, "WC", "CC"), Opened(Which.B, "WC", "CB")])
def test_a_second_b_is_refused_where_it_is_another_one(second: Opened) -> None:
    story = Story().held() >> second
    assert (story.last != ()) is (second.context == "CC")
    shared = Shared().held() >> Opened(Which.B, "WC", "CA")
    assert problem_of(shared).code == "unexpected-request"


def problem_of(story: Story) -> Problem:
    """How it ended."""
    (ended,) = story.of(Fail)
    assert isinstance(ended, Fail)
    return ended.problem


# -- signed in without being asked -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("follows", "unasked"), [("first", True), ("", False), ("auth", False), ("again", True)])
def test_an_answer_by_redirects_alone_is_noticed_and_judged_as_ever(follows: str, *, unasked: bool) -> None:
    story = Story().held()
    url = story.held_b_url()
    story >> in_b("first", url) >> in_b("again", f"{url}&sso_reload=true")
    story >> in_b("back", answer_url(WRONG), follows=follows)
    assert story.state.unasked is unasked
    assert problem_of(story).code == "wrong-user"
    assert story.of(Answer) == []


def test_the_right_user_unasked_is_the_right_user() -> None:
    story = Story().prompted() >> in_b("back", answer_url(), follows="first")
    assert story.state.unasked
    assert story.of(Answer) == [Answer("auth", released())]


# -- time and wishes -----------------------------------------------------------------------------------------------------------


def test_the_time_limit_counts_from_the_first_tick() -> None:
    story = Story()
    assert seconds_left(TERMS, story.state) == 600.0
    story >> Tick(1_000.0) << () >> Tick(1_599.9) << ()
    assert seconds_left(TERMS, story.state) == pytest.approx(0.1)
    problem = failure(story >> Tick(1_600.0))
    assert (problem.code, problem.facts["minutes"]) == ("time-is-up", "10")
    assert seconds_left(TERMS, story.state) == 0.0


def test_a_clock_that_starts_at_zero() -> None:
    story = Story() >> Tick(0.0) >> Tick(599.0) << ()
    assert failure(story >> Tick(600.0)).code == "time-is-up"


def test_a_machine_that_slept() -> None:
    assert failure(Story().prompted() >> Tick(0.0) >> Tick(1e9)).code == "time-is-up"


def test_the_deep_link_lost_after_signing_in_is_opened_once_more() -> None:
    story = Story().started() >> Tick(0.0) >> Moved("WA") >> Tick(50.0) >> Moved("WA") >> Tick(100.0) << ()
    story >> Tick(110.0) << (Open(Which.A, INITIATOR, background=True), Tell(Phase.INSTANCE, can_continue=True))
    story >> Tick(200.0) << ()
    story >> Wished("continue") << Open(Which.A, INITIATOR)


def test_quiet_is_counted_from_the_first_tick_from_opening_and_from_our_initiator() -> None:
    late = Story().started() >> Moved("WA") >> Moved("WA") >> Tick(1_000.0) << () >> Tick(1_030.0) << ()
    assert (late >> Tick(1_060.0)).state.trace[-1] == "deep link opened again"
    opened = Story().started() >> Tick(0.0) >> Moved("WA") >> Moved("WA") >> Tick(50.0) >> Opened(Which.A, "WA2", "CA")
    opened >> Tick(100.0) << ()
    again = Story().started() >> Tick(0.0) >> Moved("WA") >> Moved("WA") >> in_a("init2", INITIATOR) >> Tick(200.0) << ()
    assert again.state.moves == 0


def test_moves_of_windows_of_nobody_do_not_count() -> None:
    story = Story().started() >> Tick(0.0) >> Moved("WX") >> Moved("WX") >> Moved("WB") >> Tick(500.0) << ()
    assert story.state.moves == 0


@pytest.mark.parametrize("moves", [0, 1])
def test_somebody_who_has_not_signed_in_yet_is_not_disturbed(moves: int) -> None:
    story = Story().started() >> Tick(0.0)
    for _ in range(moves):
        story >> Moved("WA")
    story >> Tick(500.0) << ()


def test_requests_count_as_being_busy() -> None:
    story = Story().started() >> Tick(0.0) >> Moved("WA") >> Moved("WA") >> Tick(59.0)
    story >> in_a("own", authorize_url(client_id=OTHER_CLIENT)) >> Tick(61.0) << () >> Tick(118.0) << ()
    assert (story >> Tick(119.0)).of(Open)[1:] == [Open(Which.A, INITIATOR, background=True)]


def test_at_microsoft_the_deep_link_is_not_opened_again() -> None:
    story = Story().prompted() >> Tick(0.0) >> Moved("WA") >> Moved("WA") >> Tick(500.0) << ()
    story >> Wished("continue") << ()
    story >> Wished("dance") << ()


# -- broken terms --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "terms",
    [
        replace(TERMS, planned=replace(PLANNED, redirect_url="no address")),
        replace(TERMS, planned=replace(PLANNED, authorize_url="no address")),
        replace(TERMS, initiator_url="no address"),
        replace(TERMS, planned=replace(PLANNED, client_id="")),
    ],
    ids=["redirect", "authorize", "initiator", "client"],
)
def test_terms_that_make_no_sense_release_nothing(terms: Terms) -> None:
    story = Story(terms).started() >> in_a("auth", authorize_url(), follows="init") >> Opened(Which.B, "WB", "CB")
    story >> in_b("first", prompted_url()) >> in_b("back", answer_url()) >> in_a("go", released(), follows="auth")
    assert not story.of(Answer, Release)
    assert LetPass("go") not in story.decided


def test_microsoft_is_where_these_stories_say() -> None:
    assert PLANNED.address.origin == MICROSOFT


# -- a release that may not be -------------------------------------------------------------------------------------------------


def test_a_release_that_may_not_be_is_taken_back_whole() -> None:
    """The code was not carried yet: both windows say why, and the address that would have been released passes no more."""
    before = Story().prompted().state
    event = in_b("back", answer_url())
    problem = ReadOnly(instance="acme")
    state, decisions = withhold(before, event, problem)
    assert decisions == (
        Show("back", Notice.REFUSED, problem),
        Show("auth", Notice.REFUSED, problem),
        Fail(problem),
    )
    assert (state.over, state.released_url, state.held, state.stopped) == (True, "", "", "")
    assert step(TERMS, state, in_a("go", released(), follows="auth"))[1] == (Show("go", Notice.ENDED),)


def test_also_where_the_answer_was_stopped_before() -> None:
    before = Story(replace(TERMS, second_opinion=True)).answered().state
    _, decisions = withhold(before, OpinionCame(OPINION), ReadOnly(instance="acme"))
    assert [d.request for d in decisions if isinstance(d, Show)] == ["back", "auth"]
