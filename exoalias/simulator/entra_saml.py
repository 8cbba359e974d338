"""SAML 2.0 sign-in to the instance: reading its AuthnRequest, writing the Response.

Source: learn.microsoft.com, *Single sign-on SAML protocol*. The assertion isn't signed: the instance asks the simulator
whether it gave out an assertion of that id (``Assertions.valid``), which is enough to tell a forged one.
"""

from __future__ import annotations

import base64
import binascii
import uuid
import zlib
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

from exoalias.simulator.entra_authorize import Ask
from exoalias.simulator.entra_directory import Directory, Refused, object_id_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exoalias.simulator.scenario import Person

_NS = {"p": "urn:oasis:names:tc:SAML:2.0:protocol", "a": "urn:oasis:names:tc:SAML:2.0:assertion"}
_LARGEST = 64 * 1024  # bytes of an AuthnRequest after inflating
_LIFETIME = timedelta(minutes=5)
_SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"
_RESPONDER = "urn:oasis:names:tc:SAML:2.0:status:Responder"
_CLAIM = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name"
_OID = "http://schemas.microsoft.com/identity/claims/objectidentifier"
_TENANT = "http://schemas.microsoft.com/identity/claims/tenantid"


def read_saml_ask(given: Mapping[str, str], directory: Directory, tenant_name: str, *, deflated: bool) -> Ask:
    """The ask of an AuthnRequest (redirect binding: deflated; POST binding: not). Refused if it is none."""
    root = _parse(given.get("SAMLRequest", ""), deflated=deflated)
    issuer = (root.findtext("a:Issuer", "", _NS) or "").strip().removeprefix("spn:")
    tenant = directory.tenant(tenant_name)
    client = directory.client(issuer, tenant)
    if client.purpose != "saml":
        raise Refused("AADSTS700016", f"Application with identifier '{issuer}' is not a SAML application.")
    acs = root.get("AssertionConsumerServiceURL") or next(iter(client.redirect_uris), "")
    if acs not in client.redirect_uris:
        text = f"The reply URL '{acs}' specified in the request does not match the reply URLs configured for '{issuer}'."
        raise Refused("AADSTS50011", text)
    return Ask(
        tenant=tenant,
        client=client,
        redirect_uri=acs,
        state=given.get("RelayState"),
        prompt="login" if root.get("ForceAuthn", "false").lower() in {"true", "1"} else "",
        response_mode="form_post",
        saml_id=root.get("ID") or "_",
    )


def _parse(encoded: str, *, deflated: bool) -> ET.Element:
    try:
        raw = base64.b64decode(encoded, validate=True)
        raw = zlib.decompressobj(-15).decompress(raw, _LARGEST) if deflated else raw[:_LARGEST]
        # A document type is cut off with the rest of the text, so there are no entities to expand.
        root = ET.fromstring(raw.partition(b"<!")[0])  # noqa: S314
    except (binascii.Error, zlib.error, ET.ParseError):
        raise Refused("AADSTS750054", "SAMLRequest or SAMLResponse must be present as query string parameters.") from None
    if root.tag != f"{{{_NS['p']}}}AuthnRequest":
        raise Refused("AADSTS75005", "The request is not a valid Saml2 protocol message.")
    return root


class Assertions:
    """Writes SAML responses and remembers the ids of their assertions. Not locked: its owner sees to that."""

    def __init__(self, origin: str) -> None:
        self._origin = origin
        self._given: dict[str, datetime] = {}

    def valid(self, assertion_id: str) -> bool:
        """Was an assertion of that id given out here within the last five minutes?"""
        given = self._given.get(assertion_id)
        return given is not None and datetime.now(UTC) - given < _LIFETIME

    def fields(self, ask: Ask, person: Person | None, session_state: str) -> dict[str, str]:
        """The form fields for the instance; without *person* a response that says the sign-in failed."""
        xml = self._response(ask, person, session_state)
        fields = {"SAMLResponse": base64.b64encode(xml.encode()).decode("ascii")}
        return fields if ask.state is None else fields | {"RelayState": ask.state}

    def _response(self, ask: Ask, person: Person | None, session_state: str) -> str:
        now = datetime.now(UTC)
        issuer = f"<Issuer xmlns={quoteattr(_NS['a'])}>{escape(self._origin)}/{ask.tenant.id}/</Issuer>"
        inside = self._assertion(ask, person, session_state, now, issuer) if person else ""
        status = _SUCCESS if person else _RESPONDER
        return (
            f'<samlp:Response xmlns:samlp="{_NS["p"]}" ID="_{uuid.uuid4()}" Version="2.0" IssueInstant="{_stamp(now)}"'
            f" Destination={quoteattr(ask.redirect_uri)} InResponseTo={quoteattr(ask.saml_id)}>{issuer}"
            f'<samlp:Status><samlp:StatusCode Value="{status}"/></samlp:Status>{inside}</samlp:Response>'
        )

    def _assertion(self, ask: Ask, person: Person, session_state: str, now: datetime, issuer: str) -> str:
        assertion_id = f"_{uuid.uuid4()}"
        self._given[assertion_id] = now
        until = _stamp(now + _LIFETIME)
        oid = object_id_in(person, ask.tenant)
        claims = {_CLAIM: person.upn, _OID: oid, _TENANT: ask.tenant.id}
        attributes = "".join(
            f'<Attribute Name="{name}"><AttributeValue>{escape(value)}</AttributeValue></Attribute>'
            for name, value in claims.items()
        )
        return (
            f'<Assertion xmlns="{_NS["a"]}" ID="{assertion_id}" Version="2.0" IssueInstant="{_stamp(now)}">{issuer}'
            f'<Subject><NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress">{escape(person.upn)}</NameID>'
            '<SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><SubjectConfirmationData'
            f' InResponseTo={quoteattr(ask.saml_id)} NotOnOrAfter="{until}" Recipient={quoteattr(ask.redirect_uri)}/>'
            f'</SubjectConfirmation></Subject><Conditions NotBefore="{_stamp(now - _LIFETIME)}" NotOnOrAfter="{until}">'
            f"<AudienceRestriction><Audience>{escape(ask.client.id)}</Audience></AudienceRestriction></Conditions>"
            f"<AttributeStatement>{attributes}</AttributeStatement>"
            f'<AuthnStatement AuthnInstant="{_stamp(now)}" SessionIndex={quoteattr(session_state)}><AuthnContext>'
            "<AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</AuthnContextClassRef>"
            "</AuthnContext></AuthnStatement></Assertion>"
        )


def _stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
