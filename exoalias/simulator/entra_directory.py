"""Who and what the simulated Microsoft knows: tenants, app registrations, people, and the words of its refusals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from exoalias.simulator.scenario import Cast, Person, Registration, Tenant

Purpose = Literal["strict", "public", "oidc", "saml"]


class Refused(Exception):  # noqa: N818 - it is an answer, not an accident
    """Microsoft says no, on a page of its own and without a redirect.

    ``code`` is one of the AADSTS codes (learn.microsoft.com, *Microsoft Entra authentication and authorization error
    codes*); ``error`` is the OAuth word for it where the answer is JSON.
    """

    def __init__(self, code: str, text: str, *, error: str = "invalid_request", status: int = 400) -> None:
        super().__init__(f"{code}: {text}")
        self.code, self.text, self.error, self.status = code, text, error, status


@dataclass(frozen=True, slots=True)
class Client:
    """An app registration and what it is for."""

    id: str
    purpose: Purpose
    secret: str
    name: str
    redirect_uris: frozenset[str]

    @property
    def public(self) -> bool:
        """No secret: PKCE is asked for instead."""
        return not self.secret

    def allows(self, redirect_uri: str) -> bool:
        """Exact match; for ``http://localhost`` any port (learn.microsoft.com, *Redirect URI restrictions*, localhost)."""
        return redirect_uri in self.redirect_uris or _without_port(redirect_uri) in self.redirect_uris


def _without_port(redirect_uri: str) -> str:
    """``http://localhost`` for any loopback address of that name without a path; else nothing that is registered."""
    try:
        split = urlsplit(redirect_uri)
        at_localhost = split.scheme == "http" and split.hostname == "localhost" and split.port != 0
    except ValueError:
        return ""
    bare = not (split.username or split.password or split.query or split.fragment) and split.path in {"", "/"}
    return "http://localhost" if at_localhost and bare else ""


_ANY_TENANT = {"common", "organizations", "consumers"}


class Directory:
    """Looks up tenants, clients and people of a cast. Redirect addresses are added once the instance's port is known."""

    def __init__(self, cast: Cast) -> None:
        self._cast = cast
        homes = {person.home.id: person.home for person in cast.people.values()}
        self._tenants = {cast.tenant.id: cast.tenant, cast.other_tenant.id: cast.other_tenant, **homes}
        self._clients = {
            c.id: c
            for c in (
                _client(cast.strict, "strict", cast.registry_name),
                _client(cast.public, "public", "Sign-in check"),
                _client(cast.oidc, "oidc", "ServiceNow sign-in"),
                Client(cast.saml_entity_id, "saml", "", "ServiceNow", frozenset()),
            )
        }

    def allow_redirects(self, instance_origin: str) -> None:
        """Register the addresses of the instance with the clients that return to it."""
        paths = {"strict": "/oauth_redirect.do", "oidc": "/auth_redirect.do", "saml": "/saml_acs.do"}
        for client in list(self._clients.values()):
            if client.purpose in paths:
                uris = client.redirect_uris | {instance_origin.rstrip("/") + paths[client.purpose]}
                self._clients[client.id] = Client(client.id, client.purpose, client.secret, client.name, uris)

    def tenant(self, name: str) -> Tenant:
        """The tenant of that id or domain; Refused when there is none, or when *name* means any tenant."""
        lowered = name.lower()
        if lowered in _ANY_TENANT:
            text = f"Application is not configured as a multi-tenant application. Usage of the /{name} endpoint is not supported."
            raise Refused("AADSTS50194", text)
        for tenant in self._tenants.values():
            if lowered in {tenant.id, tenant.domain}:
                return tenant
        raise Refused("AADSTS90002", f"Tenant '{name}' not found. Check to make sure you have the correct tenant ID.")

    def client(self, client_id: str, tenant: Tenant) -> Client:
        """The registration of that id in that tenant; Refused otherwise. All of them live in the cast's own tenant."""
        found = self._clients.get(client_id.lower())
        if found is None or tenant.id != self._cast.tenant.id:
            text = f"Application with identifier '{client_id}' was not found in the directory '{tenant.domain}'."
            raise Refused("AADSTS700016", text, error="unauthorized_client")
        return found

    def person(self, typed: str) -> Person | None:
        """Who signs in with that user name (case doesn't matter); mail addresses that aren't user names are not accepted."""
        wanted = typed.strip().lower()
        return next((p for p in self._cast.people.values() if p.upn.lower() == wanted), None)


def _client(registration: Registration, purpose: Purpose, name: str) -> Client:
    return Client(registration.client_id, purpose, registration.secret, name, frozenset(registration.redirect_uris))


def object_id_in(person: Person, tenant: Tenant) -> str:
    """The person's object id in that tenant: their own at home, the guest's elsewhere, "" where they don't exist."""
    if person.home.id == tenant.id:
        return person.object_id
    return person.guest_object_id
