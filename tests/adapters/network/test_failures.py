"""What a failed request means: in particular whether it may have gone out."""

from __future__ import annotations

import ssl

import pytest
import requests
import urllib3

from exoalias.adapters.network.failures import Broken, Sent, meaning
from exoalias.adapters.network.transport import UNSENT
from exoalias.domain.problems import (
    CertificateRefused,
    NotTrusted,
    OutcomeUnknown,
    Problem,
    ProxyRefused,
    ProxyUnreachable,
    Unreachable,
)

x, u = requests.exceptions, urllib3.exceptions
MARKER = "https://acme.example/?password=marker"


def tls(reason: str) -> ssl.SSLError:
    error = ssl.SSLError(1, f"[SSL: {reason}] {MARKER}")
    error.reason = reason
    return error


def noted(error: Exception) -> Exception:
    error.add_note(UNSENT)
    return error


def wrapped(error: Exception) -> Exception:
    """As requests passes on what urllib3 made of it."""
    return x.SSLError(u.MaxRetryError(None, MARKER, u.SSLError(error)))  # type: ignore[arg-type]  # a pool is not needed


def by_proxy(error: Exception) -> Exception:
    return x.ProxyError(u.MaxRetryError(None, MARKER, u.ProxyError(MARKER, error)))  # type: ignore[arg-type]  # the same


verification = ssl.SSLCertVerificationError(1, MARKER)
verification.verify_message = "unable to get local issuer certificate"

CASES: dict[str, tuple[Exception, type[Problem], type[Problem] | None]] = {
    # what a request that may be sent again becomes (None: Broken), and one that may not
    "verification": (wrapped(verification), NotTrusted, NotTrusted),
    "certificate wanted": (wrapped(tls("TLSV13_ALERT_CERTIFICATE_REQUIRED")), CertificateRefused, CertificateRefused),
    "certificate unknown": (wrapped(tls("SSLV3_ALERT_BAD_CERTIFICATE")), CertificateRefused, CertificateRefused),
    "authority unknown": (wrapped(tls("TLSV1_ALERT_UNKNOWN_CA")), CertificateRefused, CertificateRefused),
    "version, while agreeing": (wrapped(noted(tls("UNSUPPORTED_PROTOCOL"))), Unreachable, Unreachable),
    "broken TLS later": (wrapped(tls("DECRYPTION_FAILED_OR_BAD_RECORD_MAC")), Broken, OutcomeUnknown),  # type: ignore[dict-item]
    "EOF later": (wrapped(ssl.SSLEOFError(8, MARKER)), Broken, OutcomeUnknown),  # type: ignore[dict-item]
    "proxy refused": (by_proxy(OSError("Tunnel connection failed: 403 " + MARKER)), ProxyRefused, ProxyRefused),
    "proxy silent": (by_proxy(u.ConnectTimeoutError(None, MARKER)), ProxyUnreachable, ProxyUnreachable),
    "proxy untrusted": (by_proxy(verification), NotTrusted, NotTrusted),
    "answer lost behind a proxy": (by_proxy(ConnectionResetError(104, MARKER)), Broken, OutcomeUnknown),  # type: ignore[dict-item]
    "proxy hung up": (by_proxy(noted(ConnectionResetError(104, MARKER))), ProxyUnreachable, ProxyUnreachable),
    "reset while agreeing": (x.ConnectionError(u.ProtocolError("x", noted(ConnectionResetError(104)))), Broken, Unreachable),  # type: ignore[dict-item]
    "no name": (x.ConnectionError(u.MaxRetryError(None, MARKER, u.NewConnectionError(None, MARKER))), Unreachable, Unreachable),  # type: ignore[arg-type]
    "no connection in time": (x.ConnectTimeout(MARKER), Unreachable, Unreachable),
    "odd address": (x.InvalidURL(MARKER), Unreachable, Unreachable),
    "no answer in time": (x.ReadTimeout(MARKER), Unreachable, OutcomeUnknown),
    "dripped": (TimeoutError(), Unreachable, OutcomeUnknown),
    "reset": (
        x.ConnectionError(u.ProtocolError("Connection aborted.", ConnectionResetError(104, MARKER))),
        Broken,
        OutcomeUnknown,
    ),  # type: ignore[dict-item]
    "odd chunk": (u.ProtocolError(MARKER), Broken, OutcomeUnknown),  # type: ignore[dict-item]
    "bomb": (u.DecodeError(MARKER), Broken, OutcomeUnknown),  # type: ignore[dict-item]
    "odd value": (ValueError(MARKER), Broken, OutcomeUnknown),  # type: ignore[dict-item]
}


@pytest.mark.parametrize("name", CASES)
def test_each_failure_has_its_meaning_and_keeps_the_request_to_itself(name: str) -> None:
    error, again, once = CASES[name]
    for safe, wanted in ((True, again), (False, once)):
        meant = meaning(error, Sent("acme.example", safe, "proxy.example:8080"))
        assert type(meant) is wanted
        problem = meant.problem if isinstance(meant, Broken) else meant
        assert "marker" not in f"{problem!r} {problem.facts} {problem.remedy}"


def test_a_failure_that_holds_itself_is_looked_through_once() -> None:
    error = OSError("x")
    error.args = (error, error)
    assert isinstance(meaning(error, Sent("acme.example", safe=True)), Broken)


def test_whom_we_trust_is_said_where_it_is_not_the_system() -> None:
    said = meaning(wrapped(verification), Sent("acme.example", safe=True, trusting="/etc/acme.pem"))
    assert isinstance(said, NotTrusted)
    assert (
        "unable to get local issuer certificate (trusted instead of the system's: the authorities in /etc/acme.pem)" in said.words
    )
