"""For tests that speak TLS: authorities and certificates made on the spot with the ``openssl`` program."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_SERVER = "subjectAltName=IP:127.0.0.1,DNS:localhost\nextendedKeyUsage=serverAuth\n"
_CLIENT = "extendedKeyUsage=clientAuth\n"


@dataclass(frozen=True, slots=True)
class Pem:
    """A certificate and its key, as PEM files; ``both`` holds the two in one file."""

    cert: Path
    key: Path
    both: Path


def make_authority(folder: Path, name: str = "Test authority") -> Pem:
    """A certificate authority nobody knows."""
    pem = _pem(folder, name)
    subject = ["-subj", f"/CN={name}", "-days", "30", "-addext", "basicConstraints=critical,CA:TRUE"]
    _openssl("req", "-x509", *_KEY, "-nodes", "-keyout", str(pem.key), "-out", str(pem.cert), *subject)
    return _joined(pem)


def make_certificate(folder: Path, authority: Pem, name: str = "127.0.0.1", *, days: int = 30, extensions: str = _SERVER) -> Pem:
    """A server's certificate for 127.0.0.1 and localhost, issued by *authority*. With *days* below zero it is over."""
    return _joined(_issue(_pem(folder, name), authority, name, days, extensions))


def make_client_certificate(folder: Path, authority: Pem, name: str = "integration admin", *, passphrase: str = "") -> Pem:
    """A client's certificate; with a *passphrase* the key in ``key`` and ``both`` is encrypted."""
    pem = _issue(_pem(folder, name), authority, name, 30, _CLIENT)
    if passphrase:
        plain = pem.key.rename(pem.key.with_suffix(".plain"))
        _openssl("pkcs8", "-topk8", "-in", str(plain), "-out", str(pem.key), "-passout", "stdin", said=passphrase)
        plain.unlink()
    return _joined(pem)


_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1")


def _pem(folder: Path, name: str) -> Pem:
    folder.mkdir(parents=True, exist_ok=True)
    stem = name.lower().replace(" ", "-")
    return Pem(folder / f"{stem}.crt", folder / f"{stem}.key", folder / f"{stem}.pem")


def _issue(pem: Pem, authority: Pem, name: str, days: int, extensions: str) -> Pem:
    asked, wanted = pem.cert.with_suffix(".csr"), pem.cert.with_suffix(".ext")
    wanted.write_text(extensions)
    _openssl("req", *_KEY, "-nodes", "-keyout", str(pem.key), "-subj", f"/CN={name}", "-out", str(asked))
    issuer = ["-CA", str(authority.cert), "-CAkey", str(authority.key), "-CAcreateserial"]
    _openssl("x509", "-req", "-in", str(asked), *issuer, "-days", str(days), "-extfile", str(wanted), "-out", str(pem.cert))
    return pem


def _joined(pem: Pem) -> Pem:
    pem.both.write_bytes(pem.cert.read_bytes() + pem.key.read_bytes())
    return pem


def _openssl(*arguments: str, said: str = "") -> None:
    subprocess.run(["openssl", *arguments], check=True, capture_output=True, input=said.encode())
