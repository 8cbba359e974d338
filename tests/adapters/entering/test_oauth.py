"""The instance's own OAuth: what is asked, what an answer must match, and what refusals mean."""

from __future__ import annotations

import base64
import hashlib
import json
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from exoalias.adapters.entering.oauth import Asked, PersonsGrant, TokenEndpoint
from exoalias.adapters.keeping.secret import Secret
from exoalias.adapters.network.http import Http
from exoalias.domain.problems import (
    AnswerNotOurs,
    BadAnswer,
    Hibernating,
    NotSignedIn,
    OAuthRefused,
    SignInDeclined,
    Unreachable,
)
from exoalias.domain.ways import Way
from tests.adapters.loopback import Loopback, http_answer, loopback

if TYPE_CHECKING:
    from collections.abc import Iterator

REDIRECT = "http://localhost:8410/exoalias"
SECRETS = ("client-SECRET", "access-SECRET", "refresh-SECRET", "code-SECRET")


def given(**fields: object) -> bytes:
    return http_answer(
        json.dumps({"access_token": "access-SECRET", "token_type": "Bearer", "expires_in": 1799, **fields}).encode()
    )


def refused(error: str = "server_error", description: str = "access_denied", status: int = 401) -> bytes:
    return http_answer(json.dumps({"error": error, "error_description": description}).encode(), status)


@contextmanager
def endpoint(server: Loopback, *, secret: str | None = "client-SECRET", way: Way = Way.OAUTH) -> Iterator[TokenEndpoint]:
    http = Http(simulated=frozenset({server.origin}))
    try:
        yield TokenEndpoint(http.client(server.origin), way, "client-1", Secret(secret) if secret else None)
    finally:
        http.close()


def form_of(request: bytes) -> dict[str, str]:
    head, _, body = request.partition(b"\r\n\r\n")
    assert head.startswith(b"POST /oauth_token.do HTTP")
    assert b"Content-Type: application/x-www-form-urlencoded" in head
    assert b"Authorization" not in head
    return {key: values[0] for key, values in parse_qs(body.decode(), strict_parsing=True).items()}


# -- the token address ---------------------------------------------------------------------------------------------------


def test_a_client_shows_id_and_secret_in_the_body_alone() -> None:
    with loopback(lambda _: given()) as server, endpoint(server, way=Way.CLIENT_CREDENTIALS) as tokens:
        granted = tokens.for_client()
        assert (granted.access.reveal(), granted.lasts_s, granted.refresh) == ("access-SECRET", 1799, None)
        said = form_of(server.requests[0])
        assert (said["grant_type"], said["client_id"], said["client_secret"]) == (
            "client_credentials",
            "client-1",
            "client-SECRET",
        )


def test_a_public_client_sends_no_secret() -> None:
    with loopback(lambda _: given(refresh_token="refresh-SECRET")) as server, endpoint(server, secret=None) as tokens:
        granted = tokens.for_refresh(Secret("old"))
        assert granted.refresh is not None
        assert granted.refresh.reveal() == "refresh-SECRET"
        said = form_of(server.requests[0])
        assert "client_secret" not in said
        assert (said["grant_type"], said["refresh_token"]) == ("refresh_token", "old")


@pytest.mark.parametrize(
    ("expires", "lasts"),
    [(60, 60), ("900", 900), (None, 1800), (0, 1800), (-5, 1800), ("soon", 1800), (True, 1800), (10**9, 86400), (1.5, 1800)],
)
def test_how_long_a_token_lasts_whatever_is_said(expires: object, lasts: float) -> None:
    with loopback(lambda _: given(expires_in=expires)) as server, endpoint(server) as tokens:
        assert tokens.for_client().lasts_s == lasts


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (refused(), OAuthRefused),
        (refused("invalid_client"), OAuthRefused),
        (refused("invalid_grant", status=400), OAuthRefused),
        (refused(status=200), OAuthRefused),
        (http_answer(b"<html>", 401, "text/html"), OAuthRefused),
        (http_answer(b"[]", 500), OAuthRefused),
        (http_answer(b"", 302, "text/html", Location="/login.do"), BadAnswer),
        (http_answer(b"<html>Instance Hibernating page", 200, "text/html"), Hibernating),
        (http_answer(b"<html>", 502, "text/html"), Unreachable),
        (http_answer(b"{cut"), BadAnswer),
        (http_answer(b"[1]"), BadAnswer),
        (given(access_token=""), BadAnswer),
        (given(access_token=5), BadAnswer),
        (given(access_token="a\r\nX: y"), BadAnswer),
        (given(access_token="ü"), BadAnswer),
        (given(token_type="mac"), BadAnswer),
    ],
)
def test_what_is_no_token_is_said(raw: bytes, problem: type[Exception]) -> None:
    with loopback(lambda _: raw) as server, endpoint(server) as tokens:
        with pytest.raises(problem) as met:
            tokens.for_client()
        assert not any(secret in f"{met.value!r} {vars(met.value)} {tokens!r}" for secret in SECRETS)


def test_a_refusal_names_the_way_and_what_was_said() -> None:
    with loopback(lambda _: refused("invalid_client", "no\n such")) as server, endpoint(server) as tokens:
        with pytest.raises(OAuthRefused, match="OAuth of the instance: invalid_client no such") as met:
            tokens.for_client()
        assert "PKCE" in met.value.remedy


def test_a_code_that_may_have_been_used_up_is_not_sent_again() -> None:
    with loopback(lambda _: None) as server, endpoint(server) as tokens:
        asked = Asked(server.origin, "client-1", REDIRECT)
        with pytest.raises(Unreachable):
            tokens.for_code(Secret("code-SECRET"), asked)
        assert len(server.requests) == 1


# -- the person's sign-in ------------------------------------------------------------------------------------------------


def came(asked: Asked, **fields: str) -> str:
    return f"{REDIRECT}?{urlencode({'code': 'code-SECRET', 'state': asked.state, **fields})}"


def test_a_person_is_sent_with_pkce_and_a_state_of_this_sign_in() -> None:
    asked, other = Asked("https://acme", "client-1", REDIRECT), Asked("https://acme", "client-1", REDIRECT)
    query = {key: values[0] for key, values in parse_qs(urlsplit(asked.url).query).items()}
    assert asked.url.startswith("https://acme/oauth_auth.do?")
    assert (query["response_type"], query["client_id"], query["redirect_uri"]) == ("code", "client-1", REDIRECT)
    assert query["code_challenge_method"] == "S256"
    assert asked.state != other.state
    verifier = asked.take_verifier()
    assert 43 <= len(verifier) <= 128
    assert verifier not in f"{asked!r}"
    assert query["code_challenge"] == base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    for again in (asked.take_verifier, lambda: asked.url):
        with pytest.raises(ValueError, match="used already"):
            again()


def test_the_code_is_sent_with_everything_that_ties_it_to_the_sign_in() -> None:
    with loopback(lambda _: given()) as server, endpoint(server) as tokens:
        asked = Asked(server.origin, "client-1", REDIRECT)
        tokens.for_code(asked.code_in(came(asked)), asked)
        said = form_of(server.requests[0])
        assert (said["grant_type"], said["code"], said["redirect_uri"]) == ("authorization_code", "code-SECRET", REDIRECT)
        assert said["code_verifier"]
        with pytest.raises(ValueError, match="used already"):
            tokens.for_code(Secret("code-SECRET"), asked)
        assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("{redirect}?code=c", AnswerNotOurs),
        ("{redirect}?code=c&state=other", AnswerNotOurs),
        ("{redirect}?code=c&state={state}&state={state}", AnswerNotOurs),
        ("{redirect}?state={state}", AnswerNotOurs),
        ("{redirect}?code=&state={state}", AnswerNotOurs),
        ("{redirect}?code=c&code=d&state={state}", AnswerNotOurs),
        ("http://localhost:8411/exoalias?code=c&state={state}", AnswerNotOurs),
        ("https://localhost:8410/exoalias?code=c&state={state}", AnswerNotOurs),
        ("http://localhost:8410/other?code=c&state={state}", AnswerNotOurs),
        ("http://someone@localhost:8410/exoalias?code=c&state={state}", AnswerNotOurs),
        ("http://[broken", AnswerNotOurs),
        ("{redirect}?error=access_denied&state={state}", SignInDeclined),
        ("{redirect}?error=access_denied&state=other", AnswerNotOurs),
        ("{redirect}?error=invalid_scope&state={state}", OAuthRefused),
    ],
)
def test_an_answer_that_is_not_ours_is_not_used(address: str, problem: type[Exception]) -> None:
    asked = Asked("https://acme", "client-1", REDIRECT)
    with pytest.raises(problem) as met:
        asked.code_in(address.format(redirect=REDIRECT, state=asked.state))
    assert asked.state not in f"{met.value!r} {vars(met.value)}"


# -- a person's tokens ---------------------------------------------------------------------------------------------------


class Person:
    """Signs in, and is sent back as the instance would."""

    def __init__(self) -> None:
        self.opened: list[str] = []
        self.kept: list[str] = []

    def authorize(self, url: str, redirect_url: str) -> str:
        self.opened.append(url)
        state = parse_qs(urlsplit(url).query)["state"][0]
        return f"{redirect_url}?{urlencode({'code': f'code-{len(self.opened)}', 'state': state})}"

    def keep(self, token: Secret) -> None:
        self.kept.append(token.reveal())


def grant_of(tokens: TokenEndpoint, person: Person, refresh: str = "") -> PersonsGrant:
    return PersonsGrant(tokens, REDIRECT, person.authorize, Secret(refresh) if refresh else None, person.keep)


def test_a_refresh_token_saves_the_person_from_signing_in() -> None:
    person = Person()
    with loopback(lambda _: given(refresh_token="kept")) as server, endpoint(server) as tokens:
        assert grant_of(tokens, person, "kept")().access.reveal() == "access-SECRET"
        assert (person.opened, person.kept) == ([], [])


def test_a_refresh_token_that_turns_is_stored_each_time() -> None:
    person, turns = Person(), iter(("second", "third"))
    with loopback(lambda _: given(refresh_token=next(turns))) as server, endpoint(server) as tokens:
        grant = grant_of(tokens, person, "first")
        grant()
        grant()
        assert person.kept == ["second", "third"]
        assert [form_of(request)["refresh_token"] for request in server.requests] == ["first", "second"]


def test_a_dead_refresh_token_brings_the_person_once() -> None:
    person = Person()

    def answers(request: bytes) -> bytes:
        return refused() if b"grant_type=refresh_token" in request else given(refresh_token="new")

    with loopback(answers) as server, endpoint(server) as tokens:
        grant_of(tokens, person, "dead")()
        assert (len(person.opened), person.kept) == (1, ["new"])


def test_a_refused_client_does_not_bring_the_person() -> None:
    person = Person()
    with loopback(lambda _: refused("invalid_client")) as server, endpoint(server) as tokens:
        with pytest.raises(OAuthRefused):
            grant_of(tokens, person, "alive")()
        assert person.opened == []


def test_without_a_refresh_token_each_new_token_is_a_sign_in_of_its_own() -> None:
    person = Person()
    with loopback(lambda _: given()) as server, endpoint(server, secret=None) as tokens:
        grant = grant_of(tokens, person)
        grant()
        grant()
        assert [form_of(request)["code"] for request in server.requests] == ["code-1", "code-2"]
        verifiers = {form_of(request)["code_verifier"] for request in server.requests}
        assert len(verifiers) == 2
        assert person.kept == []


def test_a_person_who_does_not_sign_in_ends_it() -> None:
    def nobody(_url: str, _redirect: str) -> str:
        raise NotSignedIn(instance="acme", why="The window was closed.")

    with loopback(lambda _: given()) as server, endpoint(server) as tokens:
        grant = PersonsGrant(tokens, REDIRECT, nobody, None, lambda _token: None)
        with pytest.raises(NotSignedIn):
            grant()
        assert server.requests == []
