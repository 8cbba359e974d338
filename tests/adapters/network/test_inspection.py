"""Who issued what a sign-in host showed us."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exoalias.adapters.network.http import Http
from exoalias.adapters.network.inspection import issuer_of, stranger
from tests.adapters.authority import Authority, https_origin, tls_server
from tests.adapters.connect_proxy import connect_proxy

if TYPE_CHECKING:
    from pathlib import Path

MICROSOFT = "https://login.microsoftonline.com"


@pytest.mark.parametrize(
    ("issuer", "said"),
    [
        ("Microsoft Corporation", None),
        ("DigiCert Inc", None),
        ("DigiCert, Inc.", None),
        ("Acme Trust", "Acme Trust"),
        ("Zscaler Inc.", "Zscaler Inc."),
        ("Not Microsoft Corporation", "Not Microsoft Corporation"),
        ("", None),
    ],
)
def test_strangers_are_said(issuer: str, said: str | None) -> None:
    assert stranger(issuer) == said


def test_the_issuers_organisation_or_else_its_name(tmp_path: Path) -> None:
    for organisation, said in (("Acme Trust", "Acme Trust"), ("", "Root"), ("A\u202eB\n" + "x" * 50, "A B " + "x" * 50)):
        pem = Authority(tmp_path, organisation).issue("leaf").read_text()
        assert issuer_of(ssl.PEM_cert_to_DER_cert(pem[: pem.index("-----BEGIN PRIVATE")])) == said


@given(st.binary(max_size=200))
def test_any_bytes(certificate: bytes) -> None:
    assert isinstance(issuer_of(certificate), str)


@pytest.mark.parametrize("organisation", ["Acme Trust", "Microsoft Corporation"])
def test_tls_inspection_of_microsofts_host_is_noticed(tmp_path: Path, organisation: str) -> None:
    authority = Authority(tmp_path, organisation)
    with tls_server(authority.issue("inspecting", at="login.microsoftonline.com")) as server, connect_proxy() as proxy:
        port = https_origin(server).rpartition(":")[2]
        http = Http(ca_file=str(authority.file), proxy=proxy.address)
        assert http.inspected_by(MICROSOFT) is None  # nothing was asked there yet
        http.client(f"{MICROSOFT}:{port}").send("GET", "/", headers={})
        assert http.inspected_by(MICROSOFT) == (None if organisation.startswith("Microsoft") else "Acme Trust")
        assert http.inspected_by("https://login.microsoftonline.us") is None
        http.close()
