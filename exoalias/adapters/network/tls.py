"""Whom TLS trusts, and what we show of ourselves: the system's trust store or a file of authorities, and a client certificate.

There is no switch that turns verification off: an own authority is *named*, in a PEM file, and then trusted instead of the
system's. What the environment says (SSL_CERT_FILE, SSL_CERT_DIR, REQUESTS_CA_BUNDLE) is not asked.
"""

from __future__ import annotations

import os
import re
import ssl
import sys
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from exoalias.domain.problems import BadAuthorities, BadCertificate
from exoalias.domain.words import say

if TYPE_CHECKING:
    from exoalias.adapters.keeping.secret import Secret

_LARGEST: Final = 4 * 1024 * 1024  # bytes of a PEM file; a whole system's authorities are about 250 kB
_CERTIFICATE: Final = b"-----BEGIN CERTIFICATE-----"
_TRUSTED_CERTIFICATE: Final = b"-----BEGIN TRUSTED CERTIFICATE-----"
_KEY: Final = re.compile(rb"-----BEGIN (?:[A-Z0-9]+ )?(?:ENCRYPTED )?PRIVATE KEY-----")
# Systems whose own verifier is asked once the handshake is done; their contexts let one handshake through at a time.
_VERIFIED_AFTERWARDS: Final = frozenset({"win32", "darwin"})
# Where Linux distributions keep the authorities, for a Python whose own OpenSSL looks elsewhere (as in a packaged program).
_STORES: Final = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Ubuntu, Arch, NixOS
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  # Fedora, RHEL
    "/etc/ssl/ca-bundle.pem",  # SUSE
    "/etc/ssl/cert.pem",  # Alpine, the BSDs
)


@dataclass(frozen=True, slots=True)
class Certificate:
    """A client certificate with its key, in one PEM file; the passphrase where the key is encrypted."""

    path: str
    passphrase: Secret | None = field(default=None, repr=False)


def make_context(ca_file: str = "", certificate: Certificate | None = None) -> ssl.SSLContext:
    """What a connection is verified by, TLS 1.2 or newer. BadAuthorities, BadCertificate: nothing was sent then."""
    context = _named(ca_file) if ca_file else _system()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if certificate is not None:
        _present(context, certificate)
    return context


_shared: dict[str, tuple[object, ssl.SSLContext]] = {}
_turn = threading.Lock()


def shared_context(ca_file: str = "") -> ssl.SSLContext:
    """The same without a client certificate, made once: reading a system's authorities costs some 30 ms.

    It is made anew when the file or the system's store was written since. Safe to use by many threads at a time. Where the
    system's own verifier is asked, a context lets one handshake through at a time, and is quickly made: there it isn't shared.
    """
    if not ca_file and sys.platform in _VERIFIED_AFTERWARDS:
        return make_context()
    as_it_is = _signature(ca_file)
    with _turn:
        known = _shared.get(ca_file)
        if known is None or known[0] != as_it_is:
            known = _shared[ca_file] = (as_it_is, make_context(ca_file))
        return known[1]


def _signature(ca_file: str) -> tuple[tuple[int, int, int] | None, ...]:
    found: list[tuple[int, int, int] | None] = []
    for path in (str(Path(ca_file).expanduser()),) if ca_file else _system_places():
        try:
            state = os.stat(path)  # noqa: PTH116 - asked for several files at each sign-in
        except OSError:
            found.append(None)
        else:
            found.append((state.st_mtime_ns, state.st_ino, state.st_size))
    return tuple(found)


@cache
def _system_places() -> tuple[str, ...]:
    compiled_in = ssl.get_default_verify_paths()
    return compiled_in.openssl_cafile, compiled_in.openssl_capath, *_STORES


def _system() -> ssl.SSLContext:
    """The operating system's trust store."""
    if sys.platform in _VERIFIED_AFTERWARDS:
        import truststore

        return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    compiled_in = ssl.get_default_verify_paths()  # of its values those that no variable of the environment moves
    file, folder = Path(compiled_in.openssl_cafile), Path(compiled_in.openssl_capath)
    if file.is_file():
        context.load_verify_locations(cafile=file)
    if folder.is_dir() and any(folder.glob("*.0")):
        context.load_verify_locations(capath=folder)
    elif not file.is_file():
        for store in filter(Path.is_file, map(Path, _STORES)):
            context.load_verify_locations(cafile=store)
            break
    return context


def _named(ca_file: str) -> ssl.SSLContext:
    """The authorities in a file, and nobody else's. An intermediate authority named there is enough."""
    path = Path(ca_file).expanduser()
    try:
        content = _content(path)
    except OSError as e:
        raise BadAuthorities(path=path, why=_words(e)) from None
    if _KEY.search(content):
        raise BadAuthorities(path=path, why="it holds a private key, which has no place there")
    if _CERTIFICATE not in content and _TRUSTED_CERTIFICATE not in content:
        raise BadAuthorities(path=path, why="it holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN if hasattr(ssl, "VERIFY_X509_PARTIAL_CHAIN") else 0x80000
    try:
        context.load_verify_locations(cadata=content.decode("latin-1").encode("ascii", "replace").decode("ascii"))
    except (ssl.SSLError, ValueError):
        raise BadAuthorities(path=path, why="a certificate in it can't be read") from None
    return context


def _content(path: Path) -> bytes:
    """A PEM file's bytes; OSError where it is none we may read, or has no end."""
    with path.open("rb") as file:
        content = file.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise OSError(None, "it is larger than a file of certificates can be")
    return content


def _words(e: OSError) -> str:
    if isinstance(e, FileNotFoundError):
        return "there is no such file"
    if isinstance(e, PermissionError):
        return "this user may not read it"
    return (e.strerror or "it can't be read")[:1].lower() + (e.strerror or "it can't be read")[1:]


# -- the client certificate ----------------------------------------------------------------------------------------------


def _present(context: ssl.SSLContext, certificate: Certificate) -> None:
    """Load certificate and key into the context; BadCertificate says what is wrong with them."""
    path = Path(certificate.path).expanduser()
    try:
        content = _content(path)
    except OSError as e:
        raise BadCertificate(path=path, why=_words(e), how=_WHICH_FILE) from None
    if _CERTIFICATE not in content:
        raise BadCertificate(path=path, why="it holds no certificate in PEM form", how=_WHICH_FILE)
    if not _KEY.search(content):
        raise BadCertificate(path=path, why="it holds no private key", how=_WHICH_FILE)
    asked: list[bool] = []

    def passphrase() -> str:
        asked.append(True)  # without this function OpenSSL would ask on the terminal
        return certificate.passphrase.reveal() if certificate.passphrase is not None else ""

    try:
        context.load_cert_chain(path, password=passphrase)
    except (ssl.SSLError, ValueError, OSError) as e:
        raise _refusal(path, e, certificate, asked=bool(asked)) from None
    _refuse_outdated(path, content)


_WHICH_FILE: Final = "Give one PEM file with the certificate (and those above it, if any) and its private key."


def _refusal(path: Path, e: Exception, certificate: Certificate, *, asked: bool) -> BadCertificate:
    if asked and certificate.passphrase is None:
        return BadCertificate(path=path, why="its key is encrypted, and no passphrase is kept", how="Give the passphrase once.")
    if asked:
        return BadCertificate(path=path, why="the passphrase does not open its key", how="Give the passphrase again.")
    if getattr(e, "reason", "") == "KEY_VALUES_MISMATCH":
        return BadCertificate(path=path, why="its key belongs to another certificate", how=_WHICH_FILE)
    return BadCertificate(path=path, why="certificate or key in it can't be read", how=_WHICH_FILE)


def _refuse_outdated(path: Path, content: bytes) -> None:
    """A certificate whose time is over, or has not come, would only be refused by the other side."""
    from cryptography import x509

    try:
        own = x509.load_pem_x509_certificates(content)[0]
        begins, ends = own.not_valid_before_utc, own.not_valid_after_utc
    except (ValueError, IndexError):
        return  # OpenSSL has read it; what this library says of it is no ground for a refusal
    now = datetime.now(UTC)
    if ends < now:
        raise BadCertificate(
            path=path, why=say("it expired on {ends:%Y-%m-%d}", ends=ends), how="Ask for a new one from whoever issued it."
        )
    if begins > now:
        how = "Look at this machine's clock and time zone."
        raise BadCertificate(path=path, why=say("it is not valid before {begins:%Y-%m-%d}", begins=begins), how=how)
