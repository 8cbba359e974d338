"""Whom TLS trusts, and which client certificate is shown; every refusal before anything is sent."""

from __future__ import annotations

import re
import shlex
import ssl
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.keeping.secret import Secret
from exoalias.adapters.network.http import Http
from exoalias.adapters.network.tls import Certificate, make_context, shared_context
from exoalias.domain.problems import BadAuthorities, BadCertificate, CertificateRefused, NotTrusted, Unreachable
from tests.adapters.authority import Authority, https_origin, tls_server
from tests.adapters.loopback import http_answer, loopback

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def http() -> Iterator[Http]:
    made = Http()
    yield made
    made.close()


# -- own authorities -----------------------------------------------------------------------------------------------------


def test_an_own_authority_is_trusted_by_naming_it(authority: Authority, http: Http) -> None:
    with tls_server(authority.issue("server")) as server:
        origin = https_origin(server)
        assert http.client(origin, ca_file=str(authority.file)).send("GET", "/", headers={}).status == 200
        with pytest.raises(NotTrusted, match="not trusted") as refused:
            http.client(origin).send("GET", "/", headers={})
        assert "ca_file" in refused.value.remedy


def test_it_is_trusted_instead_of_others_and_for_that_client_alone(authority: Authority, tmp_path: Path) -> None:
    other = Authority(tmp_path, "Other Trust")
    http = Http(ca_file=str(authority.file))  # for all
    with tls_server(authority.issue("server")) as server, tls_server(other.issue("other")) as others:
        assert http.client(https_origin(server)).send("GET", "/", headers={}).status == 200
        with pytest.raises(NotTrusted, match=re.escape(str(authority.file))):
            http.client(https_origin(others)).send("GET", "/", headers={})
        assert http.client(https_origin(others), ca_file=str(other.file)).send("GET", "/", headers={}).status == 200
        with pytest.raises(NotTrusted):
            http.client(https_origin(server), ca_file=str(other.file)).send("GET", "/", headers={})
    http.close()


def test_a_sessions_of_other_libraries_trust_the_same(authority: Authority, http: Http) -> None:
    import requests

    with tls_server(authority.issue("server")) as server:
        assert http.session(ca_file=str(authority.file)).get(https_origin(server)).status_code == 200
        with pytest.raises(requests.exceptions.SSLError):
            http.session().get(https_origin(server), verify=str(authority.file))


def test_a_name_that_is_not_the_certificates_is_refused(authority: Authority, http: Http) -> None:
    elsewhere = authority.issue("elsewhere", at="other.example")
    with tls_server(elsewhere) as server, pytest.raises(NotTrusted, match=r"mismatch|not valid for"):
        http.client(https_origin(server), ca_file=str(authority.file)).send("GET", "/", headers={})


def test_an_expired_certificate_is_refused_in_the_verifiers_words(authority: Authority, http: Http) -> None:
    with tls_server(authority.issue("old", days=(-9, -2))) as server, pytest.raises(NotTrusted, match="expired"):
        http.client(https_origin(server), ca_file=str(authority.file)).send("GET", "/", headers={})


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # the server is told to speak what nobody should
def test_an_older_tls_is_not_spoken(authority: Authority, http: Http) -> None:
    def old(context: ssl.SSLContext) -> None:
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1

    assert make_context().minimum_version is ssl.TLSVersion.TLSv1_2
    with tls_server(authority.issue("server"), old) as server, pytest.raises(Unreachable, match=r"1.2 or newer is needed"):
        http.client(https_origin(server), ca_file=str(authority.file)).send("GET", "/", headers={})


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "no such file"),
        (b"", "no certificate in PEM form"),
        (b"\x30\x82\x01\x00binary", "no certificate in PEM form"),
        (b"-----BEGIN CERTIFICATE-----\nrubbish\n-----END CERTIFICATE-----\n", "can't be read"),
        (b"-----BEGIN CERTIFICATE-----\n", "can't be read"),
        (b"x" * (4 * 1024 * 1024 + 1), "larger than"),
    ],
)
def test_a_bad_file_of_authorities_is_named_before_anything_is_sent(
    tmp_path: Path, http: Http, content: bytes | None, why: str
) -> None:
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_bytes(content)
    with loopback(lambda _: http_answer()) as server:
        with pytest.raises(BadAuthorities, match=re.escape(str(file))) as refused:
            http.client(https_origin(server), ca_file=str(file))
        assert why in refused.value.words
        assert server.connections == 0


def test_a_folder_and_a_key_are_no_authorities(authority: Authority, tmp_path: Path) -> None:
    with pytest.raises(BadAuthorities, match="directory"):
        make_context(str(tmp_path))
    with pytest.raises(BadAuthorities, match="private key"):
        make_context(str(authority.issue("with-key")))


def test_comments_in_a_bundle_may_be_in_any_language(authority: Authority, tmp_path: Path) -> None:
    file = tmp_path / "bundle.pem"
    file.write_bytes(
        "# Firmenzertifikat für Büro\n".encode() + authority.file.read_bytes() + b"\n# \xff\n" + authority.file.read_bytes()
    )
    assert len(make_context(str(file)).get_ca_certs()) == 1


# -- client certificates -------------------------------------------------------------------------------------------------


def test_a_client_certificate_is_shown_where_it_is_wanted(authority: Authority, http: Http) -> None:
    def wants(context: ssl.SSLContext) -> None:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(authority.file)

    own = Certificate(str(authority.issue("me", passphrase=b"pa55phrase")), Secret("pa55phrase"))
    stranger = Certificate(str(Authority(authority.folder, "Stranger").issue("stranger")))
    with tls_server(authority.issue("server"), wants) as server:
        origin, ca = https_origin(server), str(authority.file)
        assert http.client(origin, ca_file=ca, certificate=own).send("GET", "/", headers={}).status == 200
        assert [bool(shown) for shown in server.requests] == [True]
        with pytest.raises(CertificateRefused, match="wants one"):
            http.client(origin, ca_file=ca).send("GET", "/", headers={})
        with pytest.raises(CertificateRefused, match="unknown ca"):
            http.client(origin, ca_file=ca, certificate=stranger).send("PATCH", "/", headers={}, body=b"{}")


def test_under_tls_1_2_a_missing_client_certificate_is_guessed_at(authority: Authority, http: Http) -> None:
    def wants(context: ssl.SSLContext) -> None:
        context.verify_mode = ssl.CERT_REQUIRED
        context.maximum_version = ssl.TLSVersion.TLSv1_2

    with tls_server(authority.issue("server"), wants) as server, pytest.raises(Unreachable, match="wants a client certificate"):
        http.client(https_origin(server), ca_file=str(authority.file)).send("PATCH", "/", headers={}, body=b"{}")


@pytest.mark.parametrize(
    ("passphrase", "why"),
    [
        (None, "no passphrase is kept"),
        (Secret(""), "does not open"),
        (Secret("wrong-marker"), "does not open"),
        (Secret("m" * 2000), "does not open"),
        (Secret("größer-marker"), "does not open"),
    ],
)
def test_a_wrong_passphrase_is_named_and_never_asked_for(authority: Authority, passphrase: Secret | None, why: str) -> None:
    path = authority.issue("locked", passphrase=b"right")
    with pytest.raises(BadCertificate, match=why) as refused:
        make_context("", Certificate(str(path), passphrase))
    assert refused.value.remedy.startswith("Give the passphrase")
    assert "marker" not in f"{refused.value!r} {refused.value.facts} {Certificate(str(path), passphrase)!r}"


def test_openssl_does_not_ask_on_the_terminal(authority: Authority) -> None:
    path = authority.issue("locked", passphrase=b"right")
    code = (
        "from exoalias.adapters.network.tls import *\n"
        "try: make_context('', Certificate(PATH))\nexcept BadCertificate: print('named')"
    )
    code = code.replace("PATH", repr(str(path)))
    command = ["script", "-qec", f"{sys.executable} -c {shlex.quote(code)}", "/dev/null"]  # a terminal of its own
    done = subprocess.run(command, capture_output=True, text=True, timeout=20, stdin=subprocess.DEVNULL, check=False)
    assert done.stdout.strip() == "named"


def test_each_defect_of_a_client_certificate_is_named(authority: Authority, tmp_path: Path) -> None:
    mixed = tmp_path / "mixed.pem"
    first, second = authority.issue("first").read_bytes(), authority.issue("second").read_bytes()
    mixed.write_bytes(first.partition(b"-----BEGIN PRIVATE")[0] + second[second.index(b"-----BEGIN PRIVATE") :])
    empty, broken = tmp_path / "empty.pem", tmp_path / "broken.pem"
    empty.write_bytes(b"")
    broken.write_bytes(first.replace(b"MII", b"!!!", 1))
    cases = {
        tmp_path / "none.pem": "no such file",
        empty: "no certificate",
        authority.issue("keyless", key=False): "no private key",
        mixed: "another certificate",
        broken: "can't be read",
        authority.issue("expired", days=(-9, -2)): "expired on",
        authority.issue("early", days=(2, 9)): "not valid before",
    }
    for path, why in cases.items():
        with pytest.raises(BadCertificate, match=why) as refused:
            make_context("", Certificate(str(path)))
        assert refused.value.remedy
        assert str(path) in refused.value.words


def test_trust_is_read_once_and_again_when_it_was_written(authority: Authority, tmp_path: Path) -> None:
    assert shared_context() is shared_context()
    file = tmp_path / "authorities.pem"
    file.write_bytes(authority.file.read_bytes())
    first = shared_context(str(file))
    assert shared_context(str(file)) is first
    assert first is not shared_context()
    file.write_bytes(authority.file.read_bytes() + b"\n")
    assert shared_context(str(file)) is not first
    file.write_text("nothing")
    with pytest.raises(BadAuthorities):
        shared_context(str(file))
