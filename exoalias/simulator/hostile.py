"""Answers no client expects: what stands between it and the instance, or an instance in distress, may give any of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from exoalias.simulator.wire import Answer, html, json_answer, redirect

if TYPE_CHECKING:
    from collections.abc import Callable

_JSON = "application/json;charset=UTF-8"
_PAUSE_S = 0.2  # after each byte of a dripping answer
_MEGABYTES = 10
_DEPTH = 100_000
# In the place of an object with a list of records, or of a batch's answers.
_WRONG: tuple[object, ...] = (
    {"result": None},
    {"result": 7},
    {"result": "text"},
    {"result": [None, 1, "text", [{}]]},
    {"result": {"sys_id": ["list"], "name": {"value": {"value": 1}}}},
    {"batch_request_id": 1, "serviced_requests": "none", "unserviced_requests": None},
    {"serviced_requests": [{"id": 1, "status_code": "200", "body": {"no": "base64"}, "headers": "none"}], "result": [[]]},
    [],
    None,
    "text",
    True,
)


def _broken_json(answer: Answer, _number: int) -> Answer:
    """As after a cancelled transaction: status 200, and the rest is missing."""
    return Answer(200, answer.body[: max(1, len(answer.body) // 2)], _JSON)


def _html(_answer: Answer, _number: int) -> Answer:
    return html("<html><head><title>Sorry</title></head><body><h1>We are working on it</h1></body></html>")


def _wrong_types(_answer: Answer, number: int) -> Answer:
    return json_answer(_WRONG[number % len(_WRONG)])


def _endless_redirects(_answer: Answer, number: int) -> Answer:
    return redirect(f"/api/now/table/sys_properties?hop={number}")


def _ten_megabytes(_answer: Answer, _number: int) -> Answer:
    return json_answer({"result": [{"sys_id": "0" * 32, "name": "x" * (_MEGABYTES * 1024 * 1024)}]})


def _slow_drip(answer: Answer, _number: int) -> Answer:
    return Answer(200, answer.body, _JSON, pause_s=_PAUSE_S)


def _truncated(answer: Answer, _number: int) -> Answer:
    return Answer(200, answer.body[: len(answer.body) // 2], _JSON, promised=len(answer.body) + 1)


def _empty(_answer: Answer, _number: int) -> Answer:
    return Answer(200, b"", _JSON)


def _wrong_content_type(answer: Answer, _number: int) -> Answer:
    return Answer(answer.status, answer.body, "text/plain")


def _deep_nesting(_answer: Answer, _number: int) -> Answer:
    return Answer(200, b'{"result":' + b"[" * _DEPTH + json.dumps("deep").encode() + b"]" * _DEPTH + b"}", _JSON)


HOSTILE: dict[str, Callable[[Answer, int], Answer]] = {
    "broken-json": _broken_json,
    "html": _html,
    "wrong-types": _wrong_types,
    "endless-redirects": _endless_redirects,
    "ten-megabytes": _ten_megabytes,
    "slow-drip": _slow_drip,
    "truncated": _truncated,
    "empty": _empty,
    "wrong-content-type": _wrong_content_type,
    "deep-nesting": _deep_nesting,
}


def twist(kind: str, answer: Answer, number: int) -> Answer:
    """Instead of the right *answer*; *number* counts the requests twisted before. KeyError for a kind there is not."""
    return HOSTILE[kind](answer, number)
