"""The debugging pipe: framing, answers, events cut down to what may be known, and an end that wakes everybody."""

from __future__ import annotations

import json
import os
import threading
import time
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exoalias.adapters.browser.pipe import CommandError, Gone, Pipe, PipeClosedError, Told, _cut_down, _without_titles
from tests.adapters.browser.loopback import descriptors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class FarEnd:
    """The browser's end: reads commands, writes what a test wants it to."""

    def __init__(self, tap: Callable[[bytes], None] | None = None) -> None:
        self.reads, ours_write = os.pipe()
        ours_read, self.writes = os.pipe()
        self.pipe = Pipe(ours_read, ours_write, tap=tap)
        self._rest = b""
        self._open = {self.reads, self.writes}

    def say(self, *raw: bytes) -> None:
        """Write these bytes, one piece after the other."""
        for piece in raw:
            os.write(self.writes, piece)

    def tell(self, method: str, **params: object) -> None:
        """Send an event."""
        self.say(json.dumps({"method": method, "params": params}).encode() + b"\0")

    def command(self) -> dict[str, Any]:
        """The next command."""
        while b"\0" not in self._rest:
            self._rest += os.read(self.reads, 65_536)
        line, _, self._rest = self._rest.partition(b"\0")
        command: dict[str, Any] = json.loads(line)
        return command

    def answering(self, answer: Callable[[dict[str, Any]], object]) -> threading.Thread:
        """Answer one command beside."""

        def one() -> None:
            said = answer(self.command())
            self.say(json.dumps(said).encode() + b"\0")

        thread = threading.Thread(target=one, daemon=True)
        thread.start()
        return thread

    def event(self, seconds: float = 5) -> Told | Gone:
        """The next event the pipe tells."""
        return self.pipe.events.get(timeout=seconds)

    def close(self, *which: int) -> None:
        """Close our ends."""
        for descriptor in which or tuple(self._open):
            if descriptor in self._open:
                self._open.discard(descriptor)
                os.close(descriptor)


@pytest.fixture
def far() -> Iterator[FarEnd]:
    """A pipe and its other end."""
    made = FarEnd()
    yield made
    made.close()
    made.pipe.close()


def _destroyed(window: str) -> bytes:
    return json.dumps({"method": "Target.targetDestroyed", "params": {"targetId": window}}).encode()


# -- framing -------------------------------------------------------------------------------------------------------------


def test_a_command_is_one_line_of_json_ended_by_nul(far: FarEnd) -> None:
    far.answering(lambda asked: {"id": asked["id"], "result": {"asked": asked}})
    answer = far.pipe.call("Target.createTarget", url="http://127.0.0.1/\0ü", newWindow=True)
    assert answer["asked"]["method"] == "Target.createTarget"
    assert answer["asked"]["params"] == {"url": "http://127.0.0.1/\0ü", "newWindow": True}


def test_several_messages_in_one_piece(far: FarEnd) -> None:
    far.say(_destroyed("one") + b"\0" + _destroyed("two") + b"\0" + _destroyed("three") + b"\0")
    assert [far.event() for _ in range(3)] == [Told("Target.targetDestroyed", {"window": w}) for w in ("one", "two", "three")]


def test_one_message_in_many_pieces(far: FarEnd) -> None:
    whole = _destroyed("slow") + b"\0" + _destroyed("next") + b"\0"
    for position in range(len(whole)):
        far.say(whole[position : position + 1])
    assert far.event() == Told("Target.targetDestroyed", {"window": "slow"})
    assert far.event() == Told("Target.targetDestroyed", {"window": "next"})


def test_a_piece_that_ends_within_a_letter(far: FarEnd) -> None:
    whole = json.dumps({"method": "Target.targetDestroyed", "params": {"targetId": "ü€𐍈"}}, ensure_ascii=False).encode() + b"\0"
    cut = whole.index("€".encode()) + 1
    far.say(whole[:cut])
    time.sleep(0.02)
    far.say(whole[cut:])
    assert far.event() == Told("Target.targetDestroyed", {"window": "ü€𐍈"})


def test_a_message_longer_than_any_buffer(far: FarEnd) -> None:
    answered = far.answering(lambda asked: {"id": asked["id"], "result": {"body": "x" * 1_000_000}})
    assert len(far.pipe.call("Target.getTargets")["body"]) == 1_000_000
    answered.join(5)


def test_a_command_longer_than_the_pipe_holds(far: FarEnd) -> None:
    far.answering(lambda asked: {"id": asked["id"], "result": {"length": len(asked["params"]["body"])}})
    assert far.pipe.call("Fetch.fulfillRequest", body="y" * 500_000) == {"length": 500_000}


@pytest.mark.parametrize(
    "garbage",
    [
        b"",
        b"not json",
        b"\xff\xfe\x00",
        b"[]",
        b'"text"',
        b"17",
        b"null",
        b'{"id": "1"}',
        b'{"id": 999}',
        b'{"method": "Fetch.requestPaused"}',
        b'{"method": "Fetch.requestPaused", "params": []}',
        b'{"method": "Fetch.requestPaused", "params": {"request": 5}}',
        b'{"method": "Target.targetCreated", "params": {"targetInfo": null}}',
        b'{"method": 5, "params": {}}',
        b'{"params": {}}',
        b"[" * 100_000,
    ],
)
def test_garbage_is_passed_over(far: FarEnd, garbage: bytes) -> None:
    far.say(garbage + b"\0" + _destroyed("after") + b"\0")
    assert far.event() == Told("Target.targetDestroyed", {"window": "after"})


def test_a_flood_without_end_gives_the_pipe_up(far: FarEnd, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("exoalias.adapters.browser.pipe._LONGEST", 200_000)

    def flood() -> None:
        try:
            for _ in range(100):
                far.say(b"z" * 8_192)
        except BrokenPipeError:
            return

    flooding = threading.Thread(target=flood)
    flooding.start()
    assert far.event() == Gone()
    flooding.join(5)


# -- answers -------------------------------------------------------------------------------------------------------------


def test_answers_find_their_commands_in_any_order(far: FarEnd) -> None:
    results: dict[str, dict[str, Any]] = {}
    threads = [
        threading.Thread(target=lambda n=name: results.update({n: far.pipe.call("Target.getTargetInfo", targetId=n)}))
        for name in "abc"
    ]
    for thread in threads:
        thread.start()
    asked = [far.command() for _ in threads]
    for command in reversed(asked):
        far.say(json.dumps({"id": command["id"], "result": {"for": command["params"]["targetId"]}}).encode() + b"\0")
    for thread in threads:
        thread.join(5)
    assert results == {name: {"for": name} for name in "abc"}


def test_events_between_command_and_answer_are_kept_in_order(far: FarEnd) -> None:
    def answer(asked: dict[str, Any]) -> object:
        far.say(_destroyed("one") + b"\0" + _destroyed("two") + b"\0")
        return {"id": asked["id"], "result": {}}

    far.answering(answer)
    far.pipe.call("Browser.getVersion")
    assert [far.event(), far.event()] == [Told("Target.targetDestroyed", {"window": w}) for w in ("one", "two")]


def test_an_error_answer(far: FarEnd) -> None:
    far.answering(lambda asked: {"id": asked["id"], "error": {"code": -32602, "message": "Invalid InterceptionId."}})
    with pytest.raises(CommandError, match="Invalid InterceptionId") as caught:
        far.pipe.call("Fetch.continueRequest", requestId="gone")
    assert caught.value.code == -32602


@pytest.mark.parametrize("error", [None, [], "text", {}, {"code": "x", "message": 5}])
def test_an_error_of_any_form_is_an_error(far: FarEnd, error: object) -> None:
    far.answering(lambda asked: {"id": asked["id"], "error": error})
    with pytest.raises(CommandError):
        far.pipe.call("Browser.getVersion")


def test_an_error_says_nothing_of_what_was_sent(far: FarEnd) -> None:
    far.answering(lambda asked: {"id": asked["id"], "error": {"message": "no"}})
    with pytest.raises(CommandError) as caught:
        far.pipe.call("Fetch.fulfillRequest", responseHeaders=[{"name": "Location", "value": "http://x/?code=SECRET"}])
    assert "SECRET" not in str(caught.value) + repr(caught.value)


@pytest.mark.parametrize("result", [None, [], "text", 5])
def test_a_result_that_is_no_object_is_empty(far: FarEnd, result: object) -> None:
    far.answering(lambda asked: {"id": asked["id"], "result": result})
    assert far.pipe.call("Browser.getVersion") == {}


# -- ends ----------------------------------------------------------------------------------------------------------------


def test_a_mute_browser(far: FarEnd) -> None:
    started = time.monotonic()
    with pytest.raises(PipeClosedError):
        far.pipe.send("Browser.getVersion", {}, timeout_s=0.1)
    assert time.monotonic() - started < 2


def test_a_late_answer_disturbs_nobody(far: FarEnd) -> None:
    with pytest.raises(PipeClosedError):
        far.pipe.send("Browser.getVersion", {}, timeout_s=0.05)
    late = far.command()
    far.say(json.dumps({"id": late["id"], "result": {"late": True}}).encode() + b"\0")
    far.answering(lambda asked: {"id": asked["id"], "result": {"late": False}})
    assert far.pipe.call("Browser.getVersion") == {"late": False}


def test_the_browsers_end_is_told_and_wakes_whoever_waits(far: FarEnd) -> None:
    caught: list[BaseException] = []

    def ask() -> None:
        try:
            far.pipe.call("Browser.getVersion")
        except PipeClosedError as error:
            caught.append(error)

    waiting = threading.Thread(target=ask)
    waiting.start()
    far.command()
    started = time.monotonic()
    far.close(far.writes)
    waiting.join(5)
    assert len(caught) == 1
    assert time.monotonic() - started < 2
    assert far.event() == Gone()


def test_a_command_after_the_browsers_end_does_not_wait_though_it_could_be_written(far: FarEnd) -> None:
    far.close(far.writes)
    assert far.event() == Gone()
    started = time.monotonic()
    with pytest.raises(PipeClosedError):
        far.pipe.send("Browser.getVersion", {}, timeout_s=5)
    assert time.monotonic() - started < 1


def test_commands_after_the_end(far: FarEnd) -> None:
    far.close()
    assert far.event() == Gone()
    with pytest.raises(PipeClosedError):
        far.pipe.send("Browser.getVersion", {}, timeout_s=5)


def test_a_command_to_a_closed_pipe_does_not_wait() -> None:
    far = FarEnd()
    far.close()
    assert far.event() == Gone()
    far.pipe.close()
    started = time.monotonic()
    with pytest.raises(PipeClosedError):
        far.pipe.call("Browser.getVersion")
    assert time.monotonic() - started < 1


def test_close_tells_the_browser_and_leaves_no_descriptor() -> None:
    before = descriptors()
    far = FarEnd()
    closing = threading.Thread(target=far.pipe.close)
    closing.start()
    assert os.read(far.reads, 1) == b"", "closing is the browser's end of file"
    far.close()
    closing.join(5)
    far.pipe.close()  # twice does no harm
    assert descriptors() == before


# -- cut down ------------------------------------------------------------------------------------------------------------

COOKIE, BODY, TITLE = "ESTSAUTH=COOKIE-MARKER", "passwd=BODY-MARKER", "TITLE-MARKER"
_PAUSED = {
    "requestId": "interception-job-1.0",
    "frameId": "FRAME",
    "resourceType": "Document",
    "redirectedRequestId": "interception-job-0.0",
    "networkId": "NETWORK",
    "responseHeaders": [{"name": "Set-Cookie", "value": COOKIE}],
    "request": {
        "url": "http://localhost/t/oauth2/v2.0/authorize?x=1",
        "urlFragment": "#FRAGMENT-MARKER",
        "method": "POST",
        "headers": {"Cookie": COOKIE, "Authorization": "Bearer COOKIE-MARKER"},
        "postData": BODY,
        "postDataEntries": [{"bytes": BODY}],
        "referrerPolicy": "no-referrer",
    },
}
_INFO = {
    "targetId": "FRAME",
    "type": "page",
    "title": TITLE,
    "url": f"http://localhost/?{TITLE}",
    "attached": False,
    "openerId": TITLE,
    "browserContextId": "JAR",
}


def test_a_paused_request_keeps_address_ids_and_frame_alone() -> None:
    told = _cut_down({"method": "Fetch.requestPaused", "params": _PAUSED}, "")
    assert told == Told(
        "Fetch.requestPaused",
        {
            "request": "interception-job-1.0",
            "frame": "FRAME",
            "kind": "Document",
            "follows": "interception-job-0.0",
            "url": "http://localhost/t/oauth2/v2.0/authorize?x=1",
            "method": "POST",
        },
    )


NONCE = "https://acme.service-now.com/navpage.do?exoalias=0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize("name", ["Cookie", "cookie", "COOKIE"])
def test_the_cookies_of_the_one_address_named_for_it_are_kept_and_hidden(name: str) -> None:
    paused = _PAUSED | {"request": {"url": NONCE, "method": "GET", "headers": {"X-Other": "MARKER", name: "JSESSIONID=HUSH"}}}
    told = _cut_down({"method": "Fetch.requestPaused", "params": paused}, NONCE)
    assert told is not None
    assert told.cookies == "JSESSIONID=HUSH"
    assert "HUSH" not in repr(told)
    assert "MARKER" not in repr(told.facts)


@pytest.mark.parametrize("url", [NONCE + "0", NONCE[:-1], NONCE + "#x", NONCE.replace("https", "http"), NONCE.upper(), ""])
@pytest.mark.parametrize("named", [NONCE, ""])
def test_the_cookies_of_every_other_address_are_dropped(url: str, named: str) -> None:
    paused = _PAUSED | {"request": {"url": url, "method": "GET", "headers": {"Cookie": "JSESSIONID=HUSH"}}}
    told = _cut_down({"method": "Fetch.requestPaused", "params": paused}, named)
    assert told is not None
    assert told.cookies == ""


@pytest.mark.parametrize("headers", [None, [], "Cookie: x", {"Cookie": 7}, {"Cookie": None}, {}])
def test_odd_headers_give_no_cookies(headers: object) -> None:
    paused = _PAUSED | {"request": {"url": NONCE, "method": "GET", "headers": headers}}
    told = _cut_down({"method": "Fetch.requestPaused", "params": paused}, NONCE)
    assert told is not None
    assert told.cookies == ""


@pytest.mark.parametrize("method", ["Target.targetCreated", "Target.targetInfoChanged"])
def test_a_window_keeps_its_id_and_jar_alone(method: str) -> None:
    told = _cut_down({"method": method, "params": {"targetInfo": _INFO}}, "")
    assert told == Told(method, {"window": "FRAME", "context": "JAR"})


@pytest.mark.parametrize("kind", ["iframe", "service_worker", "browser", "webview", "other", None])
def test_what_is_no_page_is_not_told(kind: str | None) -> None:
    assert _cut_down({"method": "Target.targetCreated", "params": {"targetInfo": _INFO | {"type": kind}}}, "") is None


@pytest.mark.parametrize(
    "method", ["Network.requestWillBeSent", "Page.frameNavigated", "Fetch.authRequired", "Runtime.consoleAPICalled"]
)
def test_events_nobody_asked_for_are_not_told(method: str) -> None:
    assert _cut_down({"method": method, "params": _PAUSED | {"targetId": "FRAME", "targetInfo": _INFO}}, "") is None


def test_nothing_planted_is_left_of_a_message_in_the_pipe(far: FarEnd) -> None:
    """Whatever object the pipe still holds after the event was taken, no cookie, body or title is in it."""
    far.tell("Fetch.requestPaused", **_PAUSED)
    far.tell("Target.targetInfoChanged", targetInfo=_INFO)
    told = [far.event(), far.event()]
    assert "MARKER" not in repr(told)
    assert "MARKER" not in repr({f: getattr(t, f) for t in told if isinstance(t, Told) for f in (x.name for x in fields(t))})
    assert "MARKER" not in repr(far.pipe.__dict__)


@pytest.mark.parametrize("result", [{"targetInfo": _INFO}, {"targetInfos": [_INFO, "odd"], "more": 1}])
def test_an_answer_about_windows_keeps_their_ids_and_jars_alone(result: dict[str, object]) -> None:
    told = _without_titles({"id": 1, "result": result})
    assert "MARKER" not in repr(told)
    (info, *_odd) = told["result"].get("targetInfos") or [told["result"]["targetInfo"]]
    assert info == {name: _INFO[name] for name in ("targetId", "type", "browserContextId")}
    assert told["id"] == 1


@pytest.mark.parametrize("answer", [{"id": 1}, {"id": 1, "result": None}, {"id": 1, "result": {"targetId": "W"}}])
def test_other_answers_stay_as_they_are(answer: dict[str, object]) -> None:
    assert _without_titles(answer) == answer


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_KEYS = st.sampled_from(
    ["requestId", "frameId", "request", "url", "headers", "postData", "targetInfo", "targetId", "type", "title"]
)
_HOSTILE = st.fixed_dictionaries(
    {
        "method": st.sampled_from(
            ["Fetch.requestPaused", "Target.targetCreated", "Target.targetDestroyed", "Target.targetCrashed"]
        ),
        "params": _JSON | st.dictionaries(_KEYS, _JSON | st.dictionaries(_KEYS, _JSON, max_size=4), max_size=6),
    }
)


@given(_HOSTILE)
def test_any_event_becomes_plain_strings_or_nothing(said: dict[str, Any]) -> None:
    told = _cut_down(said, "http://localhost/nonce")
    if told is not None:
        assert set(told.facts) <= {"request", "frame", "kind", "follows", "url", "method", "window", "context"}
        assert all(isinstance(value, str) for value in told.facts.values())


def test_the_tap_sees_every_byte_and_nothing_more() -> None:
    """What the tests of the typed password stand on: the tap is shown all that came through the pipe."""
    seen = bytearray()
    far = FarEnd(seen.extend)
    raw = _destroyed("one") + b"\0garbage\0" + _destroyed("two")[:20]
    far.say(raw)
    assert far.event() == Told("Target.targetDestroyed", {"window": "one"})
    far.close()
    assert far.event() == Gone()
    far.pipe.close()
    assert bytes(seen) == raw
