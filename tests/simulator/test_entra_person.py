"""The person on the pages: whose turn it is, and that a real browser plays it through."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

import pytest

from exoalias.simulator.entra_person import Played, Seen, Turns, script_at_trouble, script_for
from exoalias.simulator.scenario import Faults, Scenario, Turn, draw
from tests.simulator.chromium import Chromium
from tests.simulator.signing_in import simulation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exoalias.simulator.moves import Move, PageKind
    from exoalias.simulator.scenario import Deed

KINDS: tuple[PageKind, ...] = ("username", "password", "picker", "consent", "stay", "approve")


# -- turns and scripts --------------------------------------------------------------------------------------------------


def test_turns_are_dealt_out_in_order_and_the_last_repeats() -> None:
    turns = Turns(Scenario("t", "", 0, 0, turns=(Turn("colleague"), Turn("delegated"))))
    assert [turns.take("b", str(n)).turn.person for n in range(3)] == ["colleague", "delegated", "delegated"]


def test_the_same_sign_in_keeps_its_turn_until_it_is_over() -> None:
    turns = Turns(Scenario("t", "", 0, 0, turns=(Turn("colleague"), Turn("delegated"))))
    assert [turns.take("b", "1").turn.person for _ in range(2)] == ["colleague", "colleague"]
    turns.over("b", "1")
    assert turns.take("b", "1").turn.person == "delegated"


def test_nobody_plays_when_there_are_no_turns() -> None:
    assert Turns(Scenario("t", "", 0, 0, turns=())).take("b", "1").turn.does == "nothing"


def test_at_an_error_only_those_who_close_windows_do_something() -> None:
    closing = Scenario("t", "", 0, 0, turns=(Turn(does="close"),))
    assert "window.close()" in script_at_trouble(closing)
    assert script_at_trouble(Scenario("t", "", 0, 0)) == script_at_trouble(Scenario("t", "", 0, 0, turns=())) == ""
    with simulation(closing) as running:
        page = running.browser().open(running.authorize(client_id="nobody"))
        assert "AADSTS700016" in page.error
        assert "window.close()" in page.script


@pytest.mark.parametrize("kind", KINDS)
def test_who_does_nothing_leaves_no_script(kind: PageKind) -> None:
    assert script_for(Seen(kind), Played.begin(Turn(does="nothing")), draw(1)) == ""


@pytest.mark.parametrize("kind", KINDS)
def test_the_password_is_on_the_password_page_alone(kind: PageKind) -> None:
    cast = draw(1)
    person = cast.people["delegated"]
    assert (person.password in script_for(Seen(kind, person.upn), Played.begin(Turn()), cast)) == (kind == "password")


def test_under_somebody_elses_name_no_password_is_given() -> None:
    cast = draw(1)
    script = script_for(Seen("password", cast.people["colleague"].upn), Played.begin(Turn()), cast)
    assert "at('back')" in script
    assert cast.people["delegated"].password not in script


def test_a_move_comes_before_the_deed_once_and_on_a_page_it_fits() -> None:
    cast = draw(1)
    upn = cast.people["delegated"].upn
    played = Played.begin(Turn(moves=("wrong-password",)))
    assert "not-the-password" not in script_for(Seen("username", first=True), played, cast)
    assert "not-the-password" in script_for(Seen("password", upn), played, cast)
    assert cast.people["delegated"].password in script_for(Seen("password", upn, error="wrong"), played, cast)


def test_after_an_error_who_has_no_moves_stops_and_nobody_tries_for_ever() -> None:
    cast = draw(1)
    seen = Seen("username", error="unknown")
    assert script_for(seen, Played.begin(Turn()), cast) == ""
    played = Played.begin(Turn(moves=("pause",)))
    tries = [script_for(seen, played, cast) for _ in range(20)]
    assert tries[0]
    assert tries[-1] == ""


# -- a real browser -----------------------------------------------------------------------------------------------------


class _Arrivals(BaseHTTPRequestHandler):
    """An application's redirect address: takes whatever comes."""

    def do_GET(self) -> None:
        self._say()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self._say()

    def _say(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "4")
        self.end_headers()
        self.wfile.write(b"came")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is http.server's
        """Quietly."""


@contextmanager
def _application() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Arrivals) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    browser = Chromium(tmp_path_factory.mktemp("profile"))
    yield browser
    browser.close()


def _answer(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query))


@pytest.mark.browser
@pytest.mark.parametrize("reload", [False, True])
def test_a_played_sign_in_runs_to_the_redirect(chromium: Chromium, reload: bool) -> None:
    story = Scenario("test", "", 0, 0, turns=(Turn("colleague"), Turn()), faults=Faults(sso_reload=reload))
    with _application() as application, simulation(story) as sim:
        sim.entra.allow_redirects(application)
        redirect = f"{application}/oauth_redirect.do"
        for state, expected in (("1", "colleague"), ("2", "delegated")):
            address = sim.entra.origin + sim.authorize(
                redirect_uri=redirect, state=state, prompt="login", login_hint="x@y.example"
            )
            answer = _answer(chromium.wait_for(chromium.open(address, chromium.context()), redirect))
            owner = sim.entra.owner_of_code(answer["code"])
            assert (answer["state"], owner and owner.key) == (state, expected)
        assert [row["cookies_seen"] for row in sim.log("authorize")] == [False] * (4 if reload else 2)


@pytest.mark.browser
@pytest.mark.parametrize(
    ("does", "error", "subcode"), [("refuse_consent", "access_denied", None), ("cancel", "access_denied", "cancel")]
)
def test_a_played_refusal_runs_to_the_redirect(chromium: Chromium, does: Deed, error: str, subcode: str | None) -> None:
    with _application() as application, simulation(turns=(Turn(does=does),)) as sim:
        sim.entra.allow_redirects(application)
        redirect = f"{application}/oauth_redirect.do"
        target = chromium.open(sim.entra.origin + sim.authorize(redirect_uri=redirect, prompt="login"), chromium.context())
        answer = _answer(chromium.wait_for(target, redirect))
        assert (answer["error"], answer.get("error_subcode")) == (error, subcode)
        assert not sim.log("codes_issued")


@pytest.mark.browser
@pytest.mark.parametrize("reload", [False, True])
def test_the_person_can_close_the_window(chromium: Chromium, reload: bool) -> None:
    with simulation(Scenario("t", "", 0, 0, turns=(Turn(does="close"),), faults=Faults(sso_reload=reload))) as sim:
        chromium.open(f"{sim.entra.origin}/none", context := chromium.context())  # so that it isn't the last window
        target = chromium.open(sim.entra.origin + sim.authorize(prompt="login"), context)
        chromium.wait_until_closed(target)
        assert not sim.log("sign_ins")


@pytest.mark.browser
def test_who_does_nothing_leaves_the_page_alone(chromium: Chromium) -> None:
    with simulation(turns=(Turn(does="nothing"),)) as sim:
        target = chromium.open(sim.entra.origin + sim.authorize(prompt="login"), chromium.context())
        until = time.monotonic() + 10
        while not sim.log("requests") and time.monotonic() < until:
            time.sleep(0.03)
        time.sleep(0.5)  # many times what a played person takes
        assert [row["method"] for row in sim.log("requests")] == ["GET"]
        assert chromium.address(target)


@pytest.mark.browser
def test_the_admins_sign_in_to_the_instance_sets_the_trap(chromium: Chromium) -> None:
    """OpenID Connect for the instance, then the strict registry in the same jar: the admin's code, unasked."""
    with _application() as application, simulation(Scenario("t", "", 0, 0, instance_sign_in="oidc")) as sim:
        sim.entra.allow_redirects(application)
        origin, context = sim.entra.origin, chromium.context()
        own = sim.for_oidc(redirect_uri=f"{application}/auth_redirect.do", response_mode="form_post")
        chromium.wait_for(chromium.open(origin + own, context), f"{application}/auth_redirect.do")
        redirect = f"{application}/oauth_redirect.do"
        target = chromium.open(origin + sim.authorize(redirect_uri=redirect), context)
        owner = sim.entra.owner_of_code(_answer(chromium.wait_for(target, redirect))["code"])
        assert owner is not None
        assert owner.key == "admin"
        assert [row["how"] for row in sim.log("sign_ins")] == ["password", "session"]


@pytest.mark.browser
@pytest.mark.parametrize(
    "moves",
    [
        ("reload",),
        ("history-back",),
        ("reload", "history-back"),
        ("back", "wrong-password", "deny", "stay-no"),
        ("unknown-name", "colleagues-name", "double-click", "double-click"),
        ("pause", "pop-up", "second-tab"),
    ],
)
def test_whatever_they_do_before_they_arrive_in_the_end(chromium: Chromium, moves: tuple[Move, ...]) -> None:
    story = Scenario("test", "", 0, 0, turns=(Turn(moves=moves),), faults=Faults(wants_approval=True))
    with _application() as application, simulation(story) as sim:
        sim.entra.allow_redirects(application)
        redirect = f"{application}/oauth_redirect.do"
        asked = sim.authorize(redirect_uri=redirect, state="1", prompt="login", login_hint="x@y.example")
        target = chromium.open(sim.entra.origin + asked, chromium.context())
        assert "code" in _answer(chromium.wait_for(target, redirect, 20))
        assert [s["who"] for s in sim.log("sign_ins")][-1] == "delegated"
