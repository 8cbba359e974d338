"""The second opinion against a simulated Microsoft: real requests, real keys, a browser's jar with somebody signed in."""

from __future__ import annotations

import base64
import hmac
import json
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from exoalias.adapters import microsoft
from exoalias.adapters.microsoft import SecondOpinion, tenant_id
from exoalias.adapters.network.http import Http
from exoalias.domain.identity import Opinion, Unreadable
from exoalias.domain.target import HomeAccount
from exoalias.simulator.entra_tokens import SigningKey
from tests.simulator.running import Browser, get_token, running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from exoalias.simulator.serve import Simulator


@dataclass
class Jar:
    """A browser's jar at Microsoft, and the question that is asked in it."""

    simulator: Simulator
    browser: Browser
    opinion: SecondOpinion

    def sign_in(self, person: str) -> None:
        """Sign somebody in, up to the answer that would go to the instance."""
        get_token(self.simulator, self.browser, person, until=f"{self.simulator.instance.origin}/oauth_redirect.do")

    def answer(self) -> str:
        """Open the question's address; where Microsoft sends the browser."""
        url = self.browser.open(self.opinion.begin(), until=self.opinion.redirect).url
        assert url.startswith(self.opinion.redirect)
        return url

    def asked(self) -> Opinion | Unreadable:
        """Ask and judge."""
        return self.opinion.finish(self.answer())


@contextmanager
def jar(*people: str, **changes: object) -> Iterator[Jar]:
    """These people are signed in, one after the other."""
    with running("happy", **changes) as simulator, Browser() as browser:  # type: ignore[arg-type] # scenario fields
        http = Http(simulated=frozenset({simulator.microsoft.origin}))
        tenant, client = simulator.cast.tenant.id, simulator.cast.public.client_id
        made = Jar(simulator, browser, SecondOpinion(http, simulator.microsoft.origin, tenant, client))
        for person in people:
            made.sign_in(person)
        try:
            yield made
        finally:
            http.close()


def _account(made: Jar, key: str) -> HomeAccount:
    person = made.simulator.cast.people[key]
    return HomeAccount(person.object_id, person.home.id)


def _why(said: Opinion | Unreadable) -> str:
    assert isinstance(said, Unreadable), said
    return said.why


# -- asking --------------------------------------------------------------------------------------------------------------


def test_the_question_asks_silently_and_hints_at_nobody() -> None:
    with jar() as made:
        url = made.opinion.begin()
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert url.startswith(f"{made.simulator.microsoft.origin}/{made.simulator.cast.tenant.id}/oauth2/v2.0/authorize?")
        assert asked["prompt"] == "none"
        assert asked["client_id"] == made.simulator.cast.public.client_id
        assert asked["redirect_uri"] == made.opinion.redirect
        assert asked["code_challenge_method"] == "S256"
        assert asked["client_info"] == "1"
        assert set(asked["scope"].split()) == {"openid", "profile"}, "no refresh token is asked for"
        assert asked["nonce"]
        assert asked["state"]
        assert not {"login_hint", "domain_hint", "response_mode"} & set(asked)


def test_nobody_can_guess_the_redirect() -> None:
    http = Http()
    redirects = {SecondOpinion(http, "https://login.microsoftonline.com", "t", "c").redirect for _ in range(20)}
    assert len(redirects) > 15
    assert all(49_152 <= (urlsplit(r).port or 0) <= 65_535 and urlsplit(r).hostname == "localhost" for r in redirects)


def test_two_questions_are_two() -> None:
    with jar() as made:
        first, second = (parse_qs(urlsplit(made.opinion.begin()).query) for _ in range(2))
        for name in ("state", "nonce", "code_challenge"):
            assert first[name] != second[name]


# -- the answer ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["delegated", "colleague", "admin"])
def test_whoever_is_signed_in_is_named(key: str) -> None:
    with jar(key) as made:
        person = made.simulator.cast.people[key]
        assert made.asked() == Opinion(_account(made, key), person.object_id, person.home.id, person.upn)


def test_a_guest_is_named_by_both_tenants() -> None:
    with jar("guest") as made:
        said = made.asked()
        guest = made.simulator.cast.people["guest"]
        assert isinstance(said, Opinion)
        assert said.account == HomeAccount(guest.object_id, guest.home.id)
        assert (said.oid, said.tid) == (guest.guest_object_id, made.simulator.cast.tenant.id)


def test_it_can_be_asked_again() -> None:
    """MS Graph 1 and MS Graph 2 share one question object, each asked in a jar of its own."""
    with jar("delegated") as made:
        assert made.asked() == made.asked()


def test_nobody_signed_in() -> None:
    with jar() as made:
        assert "login_required" in _why(made.asked())


def test_several_accounts_in_the_jar() -> None:
    with jar("colleague") as made:
        page = made.browser.open(
            f"{made.simulator.microsoft.origin}/{made.simulator.cast.tenant.id}/oauth2/v2.0/authorize?client_id="
            f"{made.simulator.cast.public.client_id}&response_type=code&scope=openid&prompt=login"
            "&code_challenge=abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG&redirect_uri=http://localhost:50000"
        )
        person = made.simulator.cast.people["delegated"]
        made.browser.at_microsoft(made.simulator, page, person, until="http://localhost:50000")
        assert "required" in _why(made.asked())


# -- what does not hold --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda url: url.replace("state=", "state=x"), "the exchange failed"),
        (lambda url: url + "&state=other", "can't be read"),
        (lambda url: url + "&code=other", "can't be read"),
        (lambda url: url.partition("?")[0], "the exchange failed"),
        (lambda url: url.partition("?")[0] + "?error=server_error&error_description=x", "server_error"),
        (lambda url: url.replace("code=", "code=x"), "Microsoft answered invalid_grant"),
        (lambda _url: "javascript:alert(1)", "can't be read"),
        (lambda _url: "", "can't be read"),
    ],
)
def test_an_answer_that_was_touched(change: Callable[[str], str], why: str) -> None:
    with jar("delegated") as made:
        assert why in _why(made.opinion.finish(change(made.answer())))


def test_an_answer_taken_twice() -> None:
    with jar("delegated") as made:
        url = made.answer()
        assert isinstance(made.opinion.finish(url), Opinion)
        assert isinstance(made.opinion.finish(url), Unreadable)


def test_an_answer_to_another_question() -> None:
    with jar("delegated") as made:
        first = made.answer()
        made.opinion.begin()
        assert isinstance(made.opinion.finish(first), Unreadable)


def test_another_nonce() -> None:
    with jar("delegated") as made:
        url = made.answer()
        made.opinion._flow["nonce"] = "0" * 64
        assert "the exchange failed" in _why(made.opinion.finish(url))


def test_another_audience(monkeypatch: pytest.MonkeyPatch) -> None:
    with jar("delegated") as made:
        url = made.answer()
        made.opinion.client_id = "00000000-0000-4000-8000-000000000000"
        assert "InvalidAudience" in _why(made.opinion.finish(url))


def _with_metadata(monkeypatch: pytest.MonkeyPatch, **changes: str) -> None:
    metadata = microsoft._metadata
    monkeypatch.setattr(microsoft, "_metadata", lambda *given: {**metadata(*given), **changes})


def test_another_issuer(monkeypatch: pytest.MonkeyPatch) -> None:
    _with_metadata(monkeypatch, issuer="https://login.microsoftonline.com/another/v2.0")
    with jar("delegated") as made:
        assert "InvalidIssuer" in _why(made.asked())


def test_keys_on_another_host(monkeypatch: pytest.MonkeyPatch) -> None:
    _with_metadata(monkeypatch, jwks_uri="https://keys.example/common/discovery/v2.0/keys")
    with jar("delegated") as made:
        assert "does not hold" in _why(made.asked())


def test_no_key_of_that_id(monkeypatch: pytest.MonkeyPatch) -> None:
    with jar("delegated") as made:
        _with_metadata(monkeypatch, jwks_uri=f"{made.simulator.microsoft.origin}/nowhere")
        assert "does not hold" in _why(made.asked())


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"exp": -3600}, "ExpiredSignatureError"),
        ({"exp": -120}, ""),  # this machine's clock may be a little off
        ({"iat": 3600}, "ImmatureSignatureError"),
        ({"nbf": 3600}, "ImmatureSignatureError"),
        ({"exp": None}, "MissingRequiredClaimError"),
        ({"iat": None}, "MissingRequiredClaimError"),
        ({"aud": None}, "MissingRequiredClaimError"),
        ({"iss": None}, "MissingRequiredClaimError"),
        ({"aud": "another"}, "InvalidAudienceError"),
        ({"iss": "https://login.microsoftonline.com/another/v2.0"}, "InvalidIssuerError"),
        ({"oid": None}, "names no account"),
        ({"oid": "somebody"}, "names no account"),
        ({"tid": ""}, "names no account"),
    ],
)
def test_a_token_signed_rightly_must_also_say_what_it_has_to(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, int | str | None], why: str
) -> None:
    """Numbers are seconds from now; None leaves the claim out."""
    signed: list[tuple[SigningKey, dict[str, object]]] = []
    sign = SigningKey.sign

    def kept(key: SigningKey, claims: dict[str, object]) -> str:
        signed.append((key, claims))
        return sign(key, claims)

    monkeypatch.setattr(SigningKey, "sign", kept)
    with jar("delegated") as made:
        said = made.asked()
        assert isinstance(said, Opinion)
        key, claims = signed[-1]
        spoiled = claims | {name: int(time.time()) + v if isinstance(v, int) else v for name, v in changes.items()}
        judged = made.opinion._verified(sign(key, {n: v for n, v in spoiled.items() if v is not None}), said.account)
    if why:
        assert why in _why(judged)
    else:
        assert judged == said


def _part(values: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def test_a_token_nobody_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A forged token with the right claims: unsigned, signed by nobody, or with the claims of another after signing."""
    with jar("delegated") as made:
        url, tokens = made.answer(), []
        take = made.opinion._app.acquire_token_by_auth_code_flow

        def kept(*given: object) -> dict[str, Any]:
            said: dict[str, Any] = take(*given)
            tokens.append(said["id_token"])
            return said

        made.opinion._app.acquire_token_by_auth_code_flow = kept
        said = made.opinion.finish(url)
        assert isinstance(said, Opinion)
        head, body, signature = tokens[0].split(".")
        claims = json.loads(base64.urlsafe_b64decode(body + "=="))
        kid = json.loads(base64.urlsafe_b64decode(head + "=="))["kid"]
        assert isinstance(made.opinion._verified(tokens[0], said.account), Opinion), "untouched it holds"
        for forged in (
            f"{head}.{_part(claims | {'oid': made.simulator.cast.people['admin'].object_id})}.{signature}",
            f"{_part({'alg': 'none', 'typ': 'JWT', 'kid': kid})}.{body}.",
            f"{_part({'alg': 'HS256', 'typ': 'JWT', 'kid': kid})}.{body}.{signature}",
            f"{head}.{body}.{signature[:-8]}AAAAAAAA",
            f"{_part({'alg': 'RS256', 'typ': 'JWT', 'kid': 'another'})}.{body}.{signature}",
            "not.a.token",
            "",
        ):
            assert isinstance(made.opinion._verified(forged, said.account), Unreadable), forged[:40]
        assert _why(made.opinion._verified(tokens[0], Unreadable("no client_info"))) == "no client_info"


@contextmanager
def signed_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Jar, Opinion, SigningKey, dict[str, Any]]]:
    """Somebody was asked about and found: the question, what was said, the tenant's key, and the claims it signed."""
    signed: list[tuple[SigningKey, dict[str, Any]]] = []
    sign = SigningKey.sign

    def kept(key: SigningKey, claims: dict[str, Any]) -> str:
        signed.append((key, claims))
        return sign(key, claims)

    with jar("delegated") as made:
        monkeypatch.setattr(SigningKey, "sign", kept)
        said = made.asked()
        monkeypatch.setattr(SigningKey, "sign", sign)
        assert isinstance(said, Opinion)
        key, claims = signed[-1]
        assert made.opinion._verified(key.sign(claims), said.account) == said, "untouched it holds"
        yield made, said, key, claims


def test_a_token_signed_by_another_key_under_the_tenants_key_id(monkeypatch: pytest.MonkeyPatch) -> None:
    with signed_in(monkeypatch) as (made, said, key, claims):
        forger = SigningKey()
        forger.id = key.id
        assert "InvalidSignatureError" in _why(made.opinion._verified(forger.sign(claims), said.account))


def test_a_token_of_the_right_key_under_an_id_nobody_published(monkeypatch: pytest.MonkeyPatch) -> None:
    with signed_in(monkeypatch) as (made, said, key, claims):
        for other in ("another", "", key.id[:-1]):
            renamed = SigningKey()
            renamed._key, renamed.id = key._private(), other
            assert "ValueError" in _why(made.opinion._verified(renamed.sign(claims), said.account))


@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512"])
def test_a_token_whose_secret_is_the_public_key(monkeypatch: pytest.MonkeyPatch, algorithm: str) -> None:
    """What anybody can sign: a keyed hash, with the key that is published, in each form it is published or kept in."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    with signed_in(monkeypatch) as (made, said, key, claims):
        public, form = key._private().public_key(), PublicFormat.SubjectPublicKeyInfo
        published = json.dumps(key.jwk()).encode()
        for secret in (public.public_bytes(Encoding.PEM, form), public.public_bytes(Encoding.DER, form), published, b""):
            text = f"{_part({'typ': 'JWT', 'alg': algorithm, 'kid': key.id})}.{_part(claims)}"
            digest = hmac.new(secret, text.encode(), algorithm.replace("HS", "sha")).digest()
            forged = f"{text}.{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"
            assert "InvalidAlgorithmError" in _why(made.opinion._verified(forged, said.account))


def test_other_signatures_than_the_one_agreed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    with signed_in(monkeypatch) as (made, said, key, claims):
        _head, body, signature = key.sign(claims).split(".")
        for algorithm in ("none", "None", "NONE", "", "RS512", "PS256", "ES256"):
            for tail in (signature, ""):
                forged = f"{_part({'typ': 'JWT', 'alg': algorithm, 'kid': key.id})}.{body}.{tail}"
                assert isinstance(made.opinion._verified(forged, said.account), Unreadable), algorithm


def test_a_token_with_another_nonce_ends_the_exchange(monkeypatch: pytest.MonkeyPatch) -> None:
    """Signed by the tenant, for us, in time, but an answer to another question: a token that was replayed."""
    sign = SigningKey.sign
    for nonce in ("0" * 64, "", None):
        monkeypatch.setattr(SigningKey, "sign", lambda key, claims, nonce=nonce: sign(key, {**claims, "nonce": nonce}))
        with jar("delegated") as made:
            assert "the exchange failed" in _why(made.asked())


def test_microsoft_out_of_reach() -> None:
    with jar("delegated") as made:
        url = made.answer()
        made.simulator.microsoft.stop()
        assert "the exchange failed" in _why(made.opinion.finish(url))


def test_nothing_of_it_is_shown() -> None:
    with jar("delegated") as made:
        url = made.answer()
        code = parse_qs(urlsplit(url).query)["code"][0]
        said = made.opinion.finish(url)
        for text in (repr(made.opinion), repr(said)):
            assert code not in text
            assert made.opinion._flow["code_verifier"] not in text
            assert "eyJ" not in text, "a token"


# -- the tenant ----------------------------------------------------------------------------------------------------------


def test_a_tenants_id_needs_no_question() -> None:
    assert tenant_id(Http(), "https://login.microsoftonline.com", "AB4F07DC-B661-48A3-A173-D0103D6981B2") == (
        "ab4f07dc-b661-48a3-a173-d0103d6981b2"
    )


def test_a_domain_is_asked_for() -> None:
    with jar() as made:
        origin, cast = made.simulator.microsoft.origin, made.simulator.cast
        assert tenant_id(made.opinion.http, origin, cast.tenant.domain) == cast.tenant.id
        assert tenant_id(made.opinion.http, origin, "nobody.example") == ""
        made.simulator.microsoft.stop()
        assert tenant_id(made.opinion.http, origin, cast.tenant.domain) == ""
