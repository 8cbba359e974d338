"""Many reads in one round trip, whatever the instance does with them."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.instance.batch import Asker
from exoalias.adapters.network.http import Answer
from exoalias.domain.problems import BadAnswer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PATHS = {key: f"/api/now/table/t?{key}" for key in "abcdefgh"}


class Spoken:
    """An Access whose instance says what the test wants; batches and single reads are counted."""

    origin = "https://acme.service-now.com"
    user = "admin"

    def __init__(self, batch: Callable[[list[str]], tuple[int, object]], single: object = None) -> None:
        self.batch = batch
        self.single = {"result": ["single"]} if single is None else single
        self.sent: list[str] = []

    def send(self, method: str, path: str, *, body: Mapping[str, object] | None = None, repeatable: bool | None = None) -> Answer:
        self.sent.append(f"{method} {path}")
        if method == "GET":
            status, content = 200, self.single
        else:
            assert repeatable
            requests = (body or {})["rest_requests"]
            assert isinstance(requests, list)
            assert all(r["method"] == "GET" for r in requests)
            status, content = self.batch([r["id"] for r in requests])
        raw = content if isinstance(content, bytes) else json.dumps(content).encode()
        return Answer(status, "acme", {"content-type": "application/json"}, raw)


def item(key: str, content: object = None, status: object = 200) -> dict[str, object]:
    raw = json.dumps({"result": [key]} if content is None else content).encode()
    return {"id": key, "status_code": status, "body": base64.b64encode(raw).decode()}


def test_one_round_trip_for_all() -> None:
    access = Spoken(lambda keys: (200, {"serviced_requests": [item(k) for k in keys], "unserviced_requests": []}))
    asker = Asker(access)
    assert {key: reply.result for key, reply in asker.ask(PATHS).items()} == {key: [key] for key in PATHS}
    assert (asker.trips, asker.notes) == (1, [])
    asker.ask({"one": "/x"})
    assert access.sent[-1] == "GET /x"  # a batch of one saves nothing


def test_the_unserviced_are_asked_for_again() -> None:
    asker = Asker(Spoken(lambda keys: (200, {"serviced_requests": [item(k) for k in keys[: len(keys) // 2]]})))
    replies = asker.ask(PATHS)
    assert set(replies) == set(PATHS)
    assert not any(reply.unreadable for reply in replies.values())
    assert asker.trips == 4  # of 8, then of 4, then two singly
    assert len(asker.notes) == 1


def test_an_item_told_to_wait_is_asked_for_again() -> None:
    asker = Asker(Spoken(lambda keys: (200, {"serviced_requests": [item(k, {}, 429 if k == "a" else 200) for k in keys]})))
    assert asker.ask(PATHS)["a"].result == ["single"]


@pytest.mark.parametrize("status", [400, 403, 404, 405, 500])
def test_a_closed_batch_api_costs_round_trips_and_nothing_else(status: int) -> None:
    access = Spoken(lambda _: (status, {"error": {"message": "Failed API level ACL Validation", "detail": None}}))
    asker = Asker(access)
    assert all(reply.result == ["single"] for reply in asker.ask(PATHS).values())
    asker.ask(PATHS)
    assert sum(sent.startswith("POST") for sent in access.sent) == 1
    assert asker.trips == 1 + 2 * len(PATHS)
    assert f"{status} Failed API level ACL Validation" in asker.notes[0]


@pytest.mark.parametrize("outer", [{}, [], None, 5, {"serviced_requests": {}}, b"{", b""])
def test_a_batch_answer_of_another_shape_is_a_bad_answer(outer: object) -> None:
    with pytest.raises(BadAnswer):
        Asker(Spoken(lambda _: (200, outer))).ask(PATHS)


def test_items_are_judged_one_by_one() -> None:
    odd: list[object] = [
        item("a", {"error": {"message": "Invalid table x", "detail": None}, "status": "failure"}, 400),
        item("b", {"error": {"message": "Insufficient rights to query records", "detail": "Field(s)…"}}, 403),
        {"id": "c", "status_code": 200, "body": "no base64!"},
        {"id": "d", "status_code": 200, "body": base64.b64encode(b'{"result": [').decode()},
        {"id": "e", "status_code": "200", "body": ""},
        {"id": "f", "status_code": 200, "body": None},
        item("g", []),
        item("h", {"result": {"a": 1}}),
        item("stranger"),
        5,
        {"id": ["a"]},
    ]
    replies = Asker(Spoken(lambda _: (200, {"serviced_requests": odd}))).ask(PATHS)
    assert set(replies) == set(PATHS)
    assert replies["a"].unreadable == "400 Invalid table x"
    assert replies["b"].unreadable == "403 Insufficient rights to query records: Field(s)…"
    assert all(replies[key].unreadable for key in "cdefg")
    assert replies["h"].result == {"a": 1}


@pytest.mark.parametrize("single", [b"{", [], 5, {"result": None}])
def test_a_single_read_of_another_shape_is_unreadable_or_empty(single: object) -> None:
    reply = Asker(Spoken(lambda _: (403, {}), single)).ask(PATHS)["a"]
    assert reply.unreadable or reply.result is None
