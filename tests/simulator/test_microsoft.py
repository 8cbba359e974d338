"""The instance's call to a token endpoint, and everything that can come back."""

from __future__ import annotations

import base64
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from exoalias.simulator.microsoft import TokenRefusedError, redeem
from exoalias.simulator.wire import Answer, LoopbackServer, Request, html, json_answer

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def endpoint(answer: Answer) -> Iterator[tuple[str, list[Request]]]:
    """A token endpoint that always says the same; its address and what it was asked."""
    asked: list[Request] = []

    def handle(request: Request) -> Answer:
        asked.append(request)
        return answer

    server = LoopbackServer(handle)
    server.start()
    try:
        yield f"{server.origin}/token", asked
    finally:
        server.close()


def test_a_form_is_posted_and_the_secret_may_go_in_the_header() -> None:
    with endpoint(json_answer({"access_token": "a"})) as (url, asked):
        assert redeem(url, {"code": "c&d"}, ("client", "se/cret:~")) == {"access_token": "a"}
        (request,) = asked
        assert request.method == "POST"
        assert request.form == {"grant_type": "authorization_code", "code": "c&d"}
        kind, _, encoded = request.headers["authorization"].partition(" ")
        assert (kind, base64.b64decode(encoded)) == ("Basic", b"client:se%2Fcret%3A~")


@pytest.mark.parametrize(
    ("answer", "error", "description"),
    [
        (json_answer({"error": "invalid_client", "error_description": "AADSTS7000215"}, 401), "invalid_client", "AADSTS7000215"),
        (html("<h1>no</h1>", 500), "server_error", "Missing parameters: access_token"),
        (json_answer(["x"], 400), "server_error", "Missing parameters: access_token"),
        (json_answer({"token_type": "Bearer"}), "server_error", "Missing parameters: access_token"),
        (json_answer([]), "server_error", "Missing parameters: access_token"),
        (html("<h1>yes</h1>"), "server_error", "Missing parameters: access_token (JSONDecodeError)"),
    ],
)
def test_answers_without_a_token(answer: Answer, error: str, description: str) -> None:
    with endpoint(answer) as (url, _), pytest.raises(TokenRefusedError) as caught:
        redeem(url, {"code": "c"})
    assert (caught.value.error, caught.value.description) == (error, description)


@pytest.mark.parametrize(
    "url", ["file:///etc/hostname", "", "http://127.0.0.1:1/token", "http://localhost:2/<tenant_id>/token >"]
)
def test_addresses_that_lead_nowhere(url: str) -> None:
    with pytest.raises(TokenRefusedError):
        redeem(url, {"code": "c"})
