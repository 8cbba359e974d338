"""Many reads in one round trip: ServiceNow's Batch API (documentation page "Batch API"), or one by one where it is closed.

The outer status says nothing of the items: each has its own, its own body (base64), or is left unserviced when the
transaction ran out of time.
"""

from __future__ import annotations

import binascii
from typing import TYPE_CHECKING, Final, NamedTuple

from exoalias.adapters.instance.rows import brief
from exoalias.adapters.network.http import parse_json
from exoalias.domain.problems import BadAnswer
from exoalias.domain.words import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exoalias.adapters.entering.access import Access
    from exoalias.adapters.network.http import Answer

BATCH: Final = "/api/now/v1/batch"
_CLOSED: Final = frozenset({400, 403, 404, 405, 500, 501})
_FEW: Final = 3  # so many left over are asked for singly at once


class Reply(NamedTuple):
    """What the instance said to one read: its ``result``, or why there is none."""

    result: object = None
    unreadable: str = ""  # "403 Insufficient rights to query records"


class Asker:
    """Asks an instance sets of reads, counts the round trips, and notes what was odd."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._batch_is_open = True
        self.trips = 0
        self.notes: list[str] = []

    def ask(self, paths: Mapping[str, str]) -> dict[str, Reply]:
        """Send all GETs (by any key) in as few round trips as the instance allows; every key gets its Reply."""
        replies: dict[str, Reply] = {}
        left = dict(paths)
        while self._batch_is_open and len(left) > (_FEW if replies else 1):
            got = self._batch(left)
            replies |= got
            left = {key: path for key, path in left.items() if key not in got}
            if self._batch_is_open and left:
                self._note("The instance left part of a batch unanswered; it was asked for again.")
            if not got:
                break
        return replies | {key: self._single(path) for key, path in left.items()}

    def _batch(self, paths: Mapping[str, str]) -> dict[str, Reply]:
        """One batch; replies to those items that were serviced. Closes the way where the instance refuses it."""
        headers = [{"name": "Accept", "value": "application/json"}]
        body = {
            "batch_request_id": "1",
            "rest_requests": [
                {"id": key, "method": "GET", "url": path, "headers": headers, "exclude_response_headers": True}
                for key, path in paths.items()
            ],
        }
        self.trips += 1
        answer = self._access.send("POST", BATCH, body=body, repeatable=True)
        if answer.status in _CLOSED:
            self._batch_is_open = False
            self._note(say("The Batch API is closed to this user ({answer}): asked one by one.", answer=says(answer)))
            return {}
        outer = answer.json()
        serviced = outer.get("serviced_requests") if isinstance(outer, dict) else None
        if answer.status != 200 or not isinstance(serviced, list):
            raise BadAnswer(host=answer.host, why=say("a batch was answered with {answer} and no items", answer=says(answer)))
        return self._items(serviced, paths, answer.host)

    def _items(self, serviced: list[object], paths: Mapping[str, str], host: str) -> dict[str, Reply]:
        replies: dict[str, Reply] = {}
        for item in serviced:
            key = item.get("id") if isinstance(item, dict) else None
            if not isinstance(item, dict) or not isinstance(key, str) or key not in paths:
                continue
            status = item.get("status_code")
            if status == 429:
                continue
            replies[key] = _reply(status, item.get("body"), host)
        return replies

    def _single(self, path: str) -> Reply:
        self.trips += 1
        try:
            answer = self._access.send("GET", path)
            return reply_of(answer.status, answer.json())
        except BadAnswer as e:
            return Reply(unreadable=e.words)

    def _note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)


def _reply(status: object, body: object, host: str) -> Reply:
    """The reply of one serviced item."""
    if not isinstance(status, int):
        return Reply(unreadable="the item carries no status")
    try:
        raw = binascii.a2b_base64(body) if isinstance(body, str) else b""
        return reply_of(status, parse_json(raw, host))
    except (binascii.Error, ValueError):
        return Reply(unreadable=say("{status}, and a body that can't be decoded", status=status))
    except BadAnswer as e:
        return Reply(unreadable=e.words)


def reply_of(status: int, content: object) -> Reply:
    """The result of an answer, or the instance's words for refusing it."""
    if 200 <= status < 300 and isinstance(content, dict) and "result" in content:
        return Reply(result=content["result"])
    return Reply(unreadable=refusal(status, content))


def refusal(status: int, content: object) -> str:
    """The instance's own words for an error, after its status; short and printable."""
    error = content.get("error") if isinstance(content, dict) else None
    parts = (error.get("message"), error.get("detail")) if isinstance(error, dict) else (error,)
    words = ": ".join(part for part in parts if isinstance(part, str) and part)
    return brief(
        f"{status} {words}"
        if words
        else say("{status} without a reason", status=status)
        if status >= 400
        else say("{status} without a result", status=status)
    )


def says(answer: Answer) -> str:
    """The same for a whole answer, whatever is in it."""
    try:
        return refusal(answer.status, answer.json())
    except BadAnswer:
        return str(answer.status)
