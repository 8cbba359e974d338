"""Grants, ID tokens and signatures, without a server."""

from __future__ import annotations

import base64
import hashlib

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from cryptography.hazmat.primitives.hashes import SHA256

from exoalias.simulator.entra_directory import Refused
from exoalias.simulator.entra_tokens import Grant, Grants, SigningKey, check_verifier, client_info, id_claims
from exoalias.simulator.scenario import draw
from tests.simulator.signing_in import decoded

CAST = draw(11)


def _grant(who: str = "delegated", **changes: object) -> Grant:
    fields: dict[str, object] = {"scopes": ("openid", "offline_access"), "nonce": "n"}
    return Grant(CAST.people[who], CAST.tenant, CAST.strict.client_id, "https://x.example/", **(fields | changes))  # type: ignore[arg-type]  # a test's own fields


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _verify(token: str, key: dict[str, str]) -> None:
    head, body, signature = token.split(".")
    public = RSAPublicNumbers(int.from_bytes(_bytes(key["e"])), int.from_bytes(_bytes(key["n"]))).public_key()
    public.verify(_bytes(signature), f"{head}.{body}".encode(), PKCS1v15(), SHA256())


def test_client_info_names_the_home_of_a_guest_without_padding() -> None:
    guest = CAST.people["guest"]
    assert decoded(client_info(guest)) == {"uid": guest.object_id, "utid": guest.home.id}
    assert guest.home.id != CAST.tenant.id
    assert "=" not in client_info(guest)


def test_an_id_token_names_the_guest_as_the_tenant_knows_them() -> None:
    guest = CAST.people["guest"]
    claims = id_claims(_grant("guest"), "https://issuer", 1000.9)
    assert (claims["oid"], claims["tid"], claims["nonce"]) == (guest.guest_object_id, CAST.tenant.id, "n")
    assert (claims["iat"], claims["exp"]) == (1000, 1000 + 3599)
    assert "email" not in claims


def test_version_one_claims_and_mail() -> None:
    person = CAST.people["delegated"]
    claims = id_claims(_grant(scopes=("openid", "email"), nonce=""), "https://issuer", 0, version="1.0")
    assert (claims["ver"], claims["upn"], claims["unique_name"], claims["email"]) == ("1.0", person.upn, person.upn, person.mail)
    assert "nonce" not in claims


def test_signatures_hold_and_notice_a_change() -> None:
    key = SigningKey()
    token = key.sign({"oid": "1"})
    _verify(token, key.jwk())
    assert decoded(token.split(".")[0]) == {"typ": "JWT", "alg": "RS256", "kid": key.jwk()["kid"]}
    head, _, signature = token.split(".")
    with pytest.raises(InvalidSignature):
        _verify(f"{head}.{SigningKey().sign({'oid': '2'}).split('.')[1]}.{signature}", key.jwk())


def test_codes_are_told_from_each_other_and_stay_known_to_the_record() -> None:
    grants = Grants()
    first, second = (grants.issue_code(_grant(who), 0) for who in ("delegated", "admin"))
    assert grants.code(first, 0).person.key == "delegated"
    grants.use_up(first)
    with pytest.raises(Refused, match="AADSTS54005"):
        grants.code(first, 0)
    owners = [grants.owner_of_code(code) for code in (first, second, "x")]
    assert [owner.key if owner else "" for owner in owners] == ["delegated", "admin", ""]


def test_verifiers() -> None:
    challenge = base64.urlsafe_b64encode(hashlib.sha256(b"secret").digest()).rstrip(b"=").decode()
    check_verifier(_grant(), "")
    check_verifier(_grant(challenge=challenge, challenge_method="S256"), "secret")
    for grant, verifier in (
        (_grant(challenge=challenge, challenge_method="S256"), ""),
        (_grant(challenge=challenge, challenge_method="plain"), "secret"),
        (_grant(), "secret"),
    ):
        with pytest.raises(Refused, match="AADSTS501481"):
            check_verifier(grant, verifier)
