"""A recorder on the debugging pipe of whole sign-ins: of all that the browser tells, only addresses of the closed list arrive.

Judged by a few lines of its own, from the list as SECURITY.md has it, not by the program's patterns.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from exoalias.adapters.browser.pipe import Events, Told
from exoalias.adapters.browser.session import BrowserSession
from exoalias.app import lobby
from tests.journeys.sitting_in import BOTH, desk

if TYPE_CHECKING:
    from pathlib import Path

    from exoalias.adapters.browser.launch import Launched
    from exoalias.adapters.browser.pipe import Gone
    from exoalias.adapters.browser.session import ClosedList
    from tests.journeys.sitting_in import Desk

pytestmark = pytest.mark.browser

# The only things the browser is asked to tell of by itself.
_EVENTS = {f"Target.target{what}" for what in ("Created", "InfoChanged", "Destroyed", "Crashed")} | {"Fetch.requestPaused"}


class Recorder:
    """Every byte that comes from the browser, and everything of it that goes on into the program."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.raw = bytearray()
        self.told: list[Told] = []
        tap, told, put = self.raw.extend, self.told, Events.put

        class Recorded(BrowserSession):
            def __init__(self, launched: Launched, closed_list: ClosedList) -> None:
                super().__init__(launched, closed_list, tap=tap)

        def noted(events: Events, event: Told | Gone) -> None:
            if isinstance(event, Told):
                told.append(event)
            put(events, event)

        monkeypatch.setattr(lobby, "BrowserSession", Recorded)
        monkeypatch.setattr(Events, "put", noted)

    @property
    def messages(self) -> list[dict[str, Any]]:
        """What came, message by message."""
        return [json.loads(message) for message in bytes(self.raw).split(b"\0") if message]

    @property
    def paused(self) -> list[str]:
        """The addresses of the requests that were stopped."""
        paused = [m["params"] for m in self.messages if m.get("method") == "Fetch.requestPaused"]
        return [params["request"]["url"] for params in paused]


def _kind(at: Desk, address: str) -> str:
    """Which line of the closed list it is on; "" for none."""
    parts, cast = urlsplit(address), at.simulator.cast
    origin = f"{parts.scheme}://{parts.netloc}"
    if origin == at.simulator.instance.origin:
        return {"/oauth_initiator.do": "initiator", "/oauth_redirect.do": "redirect"}.get(parts.path, "")
    if origin == at.simulator.microsoft.origin:
        ends = parts.path.endswith("/authorize") and "/oauth2/" in parts.path
        client = parse_qs(parts.query).get("client_id", [""])[0]
        return {cast.public.client_id: "opinion asks"}.get(client, "authorize") if ends else ""
    return "opinion" if parts.hostname == "localhost" and parts.path == "/" else ""


@pytest.mark.parametrize(("how", "opinion"), [("local", True), ("oidc", False)])
def test_only_addresses_of_the_closed_list_are_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str, *, opinion: bool
) -> None:
    recorder = Recorder(monkeypatch)
    with desk(tmp_path, second_opinion=opinion, instance_sign_in=how) as at:
        assert at.sign_in().checklist.holds
        assert [row["name"] for row in at.log("tokens")] == list(BOTH)

        kinds = {address: _kind(at, address) for address in recorder.paused}
        assert "" not in kinds.values(), [address for address, kind in kinds.items() if not kind]
        seen = {"initiator", "authorize", "redirect", *({"opinion asks", "opinion"} if opinion else ())}
        assert set(kinds.values()) == seen, "the recorder has not seen a whole sign-in"
        assert {m["method"] for m in recorder.messages if "method" in m} <= _EVENTS

        # The browser names windows by title and address, whatever they show; nothing of that goes on into the program.
        shown = {m["params"]["targetInfo"]["url"] for m in recorder.messages if "targetInfo" in m.get("params", {})}
        pages = {url for url in shown if url.startswith(at.simulator.microsoft.origin) and url not in kinds}
        assert pages, "the recorder sees nothing that would have to be dropped"
        values = {value for told in recorder.told for value in told.facts.values()}
        assert kinds.keys() <= values, "the recorder does not see what goes on into the program"
        assert not [value for value in values if "://" in value and value not in kinds]
        assert not [told for told in recorder.told if told.cookies], "the one address with cookies is of another way in"
