"""What a failed request means for a person. The libraries' own texts may hold addresses and secrets: they are not used."""

from __future__ import annotations

import re
import ssl
from dataclasses import dataclass
from typing import Final

from exoalias.adapters.network import transport
from exoalias.domain.problems import (
    CertificateRefused,
    NotTrusted,
    OutcomeUnknown,
    Problem,
    ProxyRefused,
    ProxyUnreachable,
    Unreachable,
)
from exoalias.domain.words import say

_REFUSES_OURS: Final = re.compile(r"ALERT_(?:[A-Z]+_)*CERTIFICATE|ALERT_UNKNOWN_CA|ALERT_CERTIFICATE")
_LOGIN_WANTED: Final = (
    "It wants a user name and password, or others: exoalias proxy --user USER keeps them for the proxy that is set. They are "
    "given in the Basic way; where a proxy wants NTLM or Kerberos, a local relay (px, cntlm) has to stand between."
)
_RULE: Final = "Ask whoever runs the proxy to let this host through, or except it by NO_PROXY."


class Broken(Exception):  # noqa: N818 - not an error yet: the request may be sent again
    """The connection broke; the problem it is if it stays so."""

    def __init__(self, problem: Problem) -> None:
        super().__init__()
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Sent:
    """What was being sent when it failed."""

    host: str
    safe: bool  # it may be sent again
    proxy: str = ""  # host and port of the proxy on the way
    trusting: str = ""  # the file of authorities trusted instead of the system's


def meaning(e: Exception, sent: Sent) -> Problem | Broken:
    """The Problem a failure is, or Broken where the same request may be tried again."""
    causes = transport.causes(e)
    return _of_proxy(causes, sent) or _of_tls(causes, sent) or _of_connecting(e, causes, sent) or _afterwards(e, sent)


def _of_proxy(causes: list[BaseException], sent: Sent) -> Problem | None:
    import requests
    import urllib3

    x = urllib3.exceptions
    refusal = transport.refusal_of_proxy(causes[0])
    if refusal:
        how = _LOGIN_WANTED if refusal == "407" else _RULE
        return ProxyRefused(proxy=sent.proxy, host=sent.host, detail=refusal, how=how)
    if not any(isinstance(c, (requests.exceptions.ProxyError, x.ProxyError)) for c in causes) or not _unsent(causes):
        return None  # an answer lost behind a proxy is called the proxy's error too
    untrusted = next((c for c in causes if isinstance(c, ssl.SSLCertVerificationError)), None)
    if untrusted is not None:
        return NotTrusted(host=say("the proxy {proxy}", proxy=sent.proxy), why=_verifier(untrusted, sent))
    slow = any(isinstance(c, (x.ConnectTimeoutError, TimeoutError)) for c in causes)
    why = (
        say("no connection within {connect_s:.0f} s", connect_s=transport.CONNECT_S)
        if slow
        else "nothing answers there, or its name is unknown"
    )
    return ProxyUnreachable(proxy=sent.proxy, host=sent.host, why=why)


def _unsent(causes: list[BaseException]) -> bool:
    """Whether it was met before the request could go out."""
    import urllib3

    x = urllib3.exceptions
    connecting = any(isinstance(c, (x.NewConnectionError, x.ConnectTimeoutError)) for c in causes)
    return connecting or any(transport.UNSENT in getattr(c, "__notes__", ()) for c in causes)


def _of_tls(causes: list[BaseException], sent: Sent) -> Problem | None:
    untrusted = next((c for c in causes if isinstance(c, ssl.SSLCertVerificationError)), None)
    if untrusted is not None:
        return NotTrusted(host=sent.host, why=_verifier(untrusted, sent))
    reasons = [str(getattr(c, "reason", "") or "") for c in causes if isinstance(c, ssl.SSLError)]
    if any(_REFUSES_OURS.search(reason) for reason in reasons):
        return CertificateRefused(host=sent.host, why=_alert(reasons))
    if not reasons or not _unsent(causes):
        return None  # TLS stood, and broke off: the request may have gone out
    old = any("PROTOCOL" in reason or "VERSION" in reason for reason in reasons)
    more = " (1.2 or newer is needed)" if old else ""
    if any("HANDSHAKE_FAILURE" in reason for reason in reasons):
        more = " (perhaps it wants a client certificate)"
    return Unreachable(host=sent.host, why=say("TLS could not be agreed on{more}", more=more))


def _verifier(e: ssl.SSLCertVerificationError, sent: Sent) -> str:
    """The verifier's own words, and whom it was to trust where that is not the system."""
    words = str(getattr(e, "verify_message", "") or "the certificate does not verify").rstrip(".")
    return (
        say("{words} (trusted instead of the system's: the authorities in {trusting}).", words=words, trusting=sent.trusting)
        if sent.trusting
        else f"{words}."
    )


def _alert(reasons: list[str]) -> str:
    text = next((reason for reason in reasons if _REFUSES_OURS.search(reason)), "")
    if "REQUIRED" in text:
        return "it wants one, and none was shown."
    return "it has expired." if "EXPIRED" in text else f"{text.partition('ALERT_')[2].replace('_', ' ').lower()}."


def _of_connecting(e: Exception, causes: list[BaseException], sent: Sent) -> Problem | Broken | None:
    """A failure met before the request could go out."""
    import requests
    import urllib3

    x = requests.exceptions
    if isinstance(e, (x.InvalidURL, x.InvalidSchema, x.MissingSchema, x.InvalidHeader)):
        return Unreachable(host=sent.host, why="the address can't be used")
    if any(isinstance(c, urllib3.exceptions.NewConnectionError) for c in causes):
        return Unreachable(host=sent.host, why="no connection: the name is unknown, or nothing answers there")
    if any(isinstance(c, (x.ConnectTimeout, urllib3.exceptions.ConnectTimeoutError)) for c in causes):
        return Unreachable(host=sent.host, why=say("no connection within {connect_s:.0f} s", connect_s=transport.CONNECT_S))
    if _unsent(causes):
        broken = Unreachable(host=sent.host, why="the connection broke off before anything was sent")
        return Broken(broken) if sent.safe else broken
    return None


def _afterwards(e: Exception, sent: Sent) -> Problem | Broken:
    """The request went out, and no whole answer came back."""
    import requests

    slow = isinstance(e, (requests.exceptions.ReadTimeout, TimeoutError)) or "timed out" in str(e)
    why = "no answer in time" if slow else "the connection broke off"
    if not sent.safe:
        return OutcomeUnknown(record=say("the record"), host=sent.host, why=why)
    return Unreachable(host=sent.host, why=why) if slow else Broken(Unreachable(host=sent.host, why=why))
