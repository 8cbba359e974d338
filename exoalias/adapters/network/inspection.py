"""Who issued the certificate a host showed us: so that a company's TLS inspection of Microsoft's sign-in can be said."""

from __future__ import annotations

from typing import Final

# The organisations of the authorities Microsoft names for its sign-in hosts, in all its clouds. That nobody else will ever
# issue for them is INFERRED: the page asks not to pin. So a stranger here is said, and never a reason to refuse.
# Source: learn.microsoft.com, "Azure Certificate Authority details".
_MICROSOFTS: Final = ("microsoft corporation", "digicert", "baltimore", "entrust", "d-trust")


def issuer_of(certificate: bytes) -> str:
    """The organisation that issued a certificate (DER), its name where it gives no organisation; "" where unreadable."""
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    try:
        issuer = x509.load_der_x509_certificate(certificate).issuer
        named = issuer.get_attributes_for_oid(NameOID.ORGANIZATION_NAME) or issuer.get_attributes_for_oid(NameOID.COMMON_NAME)
    except ValueError:
        return ""
    text = str(named[0].value) if named else ""
    return " ".join("".join(c if c.isprintable() else " " for c in text[:100]).split())


def stranger(issuer: str) -> str | None:
    """The issuer, if it is none of those Microsoft's sign-in hosts use; None where it is, or cannot be told."""
    return issuer if issuer and not issuer.casefold().startswith(_MICROSOFTS) else None
