"""A certificate authority for tests: it issues for loopback, to clients, and outdated ones."""

from __future__ import annotations

import ipaddress
import os
import ssl
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.adapters.loopback import http_answer, loopback, read_request

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.adapters.loopback import Loopback

_DAY = timedelta(days=1)


def _name(organisation: str, common: str) -> x509.Name:
    pairs = ((NameOID.ORGANIZATION_NAME, organisation), (NameOID.COMMON_NAME, common))
    return x509.Name([x509.NameAttribute(oid, text) for oid, text in pairs if text])


@dataclass
class Authority:
    """An authority whose files lie in one folder."""

    folder: Path
    organisation: str = "Acme Trust"
    _key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    @property
    def file(self) -> Path:
        """The authority's own certificate, as one would name it in ca_file."""
        path = self.folder / f"{self.organisation or 'nameless'}.pem"
        if not path.exists():
            name = _name(self.organisation, "Root")
            made = self._builder(name, self._key.public_key()).add_extension(
                x509.BasicConstraints(ca=True, path_length=None), True
            )
            path.write_bytes(made.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
        return path

    def issue(
        self, name: str, *, passphrase: bytes = b"", days: tuple[int, int] = (-1, 2), key: bool = True, at: str = ""
    ) -> Path:
        """A PEM file with a certificate for loopback, or the host ``at``, and its key, valid between these days from now."""
        own = ec.generate_private_key(ec.SECP256R1())
        here: list[x509.GeneralName] = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
        names = [x509.DNSName(at)] if at else here
        builder = self._builder(_name("", name), own.public_key(), days)
        made = builder.add_extension(x509.SubjectAlternativeName(names), critical=False).sign(self._key, hashes.SHA256())
        lock = serialization.BestAvailableEncryption(passphrase) if passphrase else serialization.NoEncryption()
        held = own.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, lock)
        path = self.folder / f"{name}.pem"
        path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + (held if key else b""))
        return path

    def _builder(
        self, subject: x509.Name, key: ec.EllipticCurvePublicKey, days: tuple[int, int] = (-1, 2)
    ) -> x509.CertificateBuilder:
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(_name(self.organisation, "Root"))
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + days[0] * _DAY)
            .not_valid_after(now + days[1] * _DAY)
        )


@contextmanager
def tls_server(
    certificate: Path,
    prepare: Callable[[ssl.SSLContext], None] = lambda _: None,
    answer: bytes | None = b"",  # None: hang up without one
    greet_after: float = 0.0,
    afterwards: Callable[[ssl.SSLSocket], None] = lambda _: None,  # once the answer is out
) -> Iterator[Loopback]:
    """A TLS server on loopback; its origin is ``https_origin(server)``. It keeps each client's certificate in ``requests``."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    prepare(context)

    def greet(raw: socket.socket) -> None:
        with context.wrap_socket(raw, server_side=True, do_handshake_on_connect=False) as connection:
            try:
                time.sleep(greet_after)
                connection.do_handshake()
            except ssl.SSLError:
                while os.read(connection.fileno(), 65536):  # otherwise a reset overtakes the alert
                    continue
                return
            read_request(connection)
            server.requests.append(connection.getpeercert(binary_form=True) or b"")
            if answer is not None:
                connection.sendall(answer or http_answer(Connection="close"))
                afterwards(connection)

    with loopback(lambda _: None) as server:
        server.instead = greet
        yield server


def https_origin(server: Loopback) -> str:
    """The server's address over TLS."""
    return server.origin.replace("http:", "https:")
