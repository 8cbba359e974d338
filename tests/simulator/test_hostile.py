"""Answers no client expects: each is what it says, on the wire."""

from __future__ import annotations

import json
import time

import pytest
import requests

from exoalias.simulator.hostile import HOSTILE, twist
from exoalias.simulator.wire import json_answer
from tests.simulator.running import Rest, running

PATH = "/api/now/table/sys_properties?sysparm_limit=1&sysparm_fields=name"


def body(kind: str) -> requests.Response:
    """What comes for a plain question, redirects not followed."""
    with running(faults={"hostile": kind}) as simulator, Rest(simulator) as rest:
        return rest.http.get(rest.base + PATH, timeout=10, allow_redirects=False)


def test_broken_json_ends_in_the_middle() -> None:
    answer = body("broken-json")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json;charset=UTF-8")
    with pytest.raises(requests.exceptions.JSONDecodeError):
        answer.json()


def test_a_page_and_nothing_and_the_wrong_label() -> None:
    assert body("html").headers["Content-Type"].startswith("text/html")
    assert body("empty").content == b""
    wrong = body("wrong-content-type")
    assert (wrong.headers["Content-Type"], wrong.json()["result"][0]["name"] != "") == ("text/plain", True)


def test_redirects_lead_on_and_on() -> None:
    with (
        running(faults={"hostile": "endless-redirects"}) as simulator,
        Rest(simulator) as rest,
        pytest.raises(requests.TooManyRedirects),
    ):
        rest.http.get(rest.base + PATH, timeout=10)


def test_ten_megabytes_are_that_many() -> None:
    assert len(body("ten-megabytes").content) > 10 * 1024 * 1024


def test_a_truncated_answer_promises_more_than_it_gives() -> None:
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
        body("truncated")


def test_a_drip_is_slow() -> None:
    began = time.monotonic()
    with (
        running(faults={"hostile": "slow-drip"}) as simulator,
        Rest(simulator) as rest,
        rest.http.get(rest.base + PATH, timeout=10, stream=True) as answer,
    ):
        first = answer.raw.read(3)
    assert len(first) == 3
    assert time.monotonic() - began > 0.4


def test_deep_nesting_is_too_deep_for_an_ordinary_reader() -> None:
    with pytest.raises((RecursionError, ValueError)):
        json.loads(body("deep-nesting").content)


def test_wrong_types_are_json_of_another_shape_each_time() -> None:
    right = json_answer({"result": []})
    shapes = [twist("wrong-types", right, number).body for number in range(11)]
    assert len(set(shapes)) == 11
    for shape in shapes:
        assert json.loads(shape) != {"result": []}


def test_it_may_begin_in_the_middle() -> None:
    with running(faults={"hostile": "empty", "hostile_after": 2}) as simulator, Rest(simulator) as rest:
        assert [len(rest.call("GET", PATH).content) > 0 for _ in range(4)] == [True, True, False, False]


@pytest.mark.parametrize("kind", HOSTILE)
def test_pages_stay_as_they_are(kind: str) -> None:
    with running(faults={"hostile": kind}) as simulator, Rest(simulator) as rest:
        assert "Log in" in rest.call("GET", "/login.do").text
