"""What the instance's own scan finds in its records, in the words of the documentation page "Instance scan findings".

The scan's script is not public: what makes it say each sentence is inferred from the sentence. It does not know who signed in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from exoalias.simulator.scan_tables import ACTIVE_CHECK, PROVIDERS_CHECK, ROOMS_CHECK
from exoalias.simulator.tables import Row, Store, stamp
from exoalias.simulator.writer import GRAPH, SPOKE_SCOPE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exoalias.simulator.writer import Addresses

_DEFAULT_ALIAS = f"{SPOKE_SCOPE}.Microsoft_Exchange_Online"
_SCOPES = ("Calendars.ReadWrite", "Calendars.ReadWrite.Shared", "offline_access")
_PROVIDER = "sn_wsd_rsvsync_provider"
_ROOM = "sn_wsd_rsvsync_reservable_sync_configuration"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: by which check, in which words, and in which record."""

    check: str
    says: str
    table: str
    sys_id: str


class Findings:
    """Reads the records of one instance."""

    def __init__(self, store: Store, addresses: Addresses) -> None:
        self._store = store
        self._addresses = addresses

    def all(self) -> list[Finding]:
        """Everything the suite finds now."""
        return [*self._providers(), *self._rooms()]

    # -- providers --

    def _providers(self) -> Iterator[Finding]:
        active = [row for row in self._store.rows(_PROVIDER) if self._read(row, "Active") == "true"]
        if not active:
            says = "Synchronization is not configured - could not find an active provider."
            yield Finding(ACTIVE_CHECK, says, _PROVIDER, "")
        default = self._store.find("sys_alias", id=_DEFAULT_ALIAS)
        if default is None:
            says = f"Could not find the {_DEFAULT_ALIAS} Connection and credential alias."
            yield Finding(PROVIDERS_CHECK, says, "sys_alias", "")
            return
        for provider in active:
            alias = default
            if self._read(provider, "Override alias") == "true":
                alias = self._store.get("sys_alias", self._read(provider, "Connection & credential alias")) or default
                if alias["parent"] != default["sys_id"]:
                    says = (
                        "The Connection & credential alias specified in the Override alias is not a child alias to the "
                        f"{_DEFAULT_ALIAS} Connection and credential alias."
                    )
                    yield Finding(PROVIDERS_CHECK, says, _PROVIDER, provider["sys_id"])
            yield from self._alias(alias)

    def _alias(self, alias: Row) -> Iterator[Finding]:
        connections = [
            row
            for row in self._store.rows("http_connection")
            if row["connection_alias"] == alias["sys_id"] and row["active"] == "true"
        ]
        if len(connections) != 1:
            says = f"There are multiple/no connections associated with the {alias['name']} Connection and credential alias."
            yield Finding(PROVIDERS_CHECK, says, "sys_alias", alias["sys_id"])
        for connection in connections[:1]:
            if connection["connection_url"].rstrip("/") != GRAPH:
                says = f"Incorrect 'Connection URL' specified in the {alias['name']} Connection and credential alias."
                yield Finding(PROVIDERS_CHECK, says, "http_connection", connection["sys_id"])
            yield from self._connection(connection)

    def _connection(self, connection: Row) -> Iterator[Finding]:
        def says(words: str) -> Finding:
            text = f"{words} associated with the connection - {connection['name']}."
            return Finding(PROVIDERS_CHECK, text, "http_connection", connection["sys_id"])

        credential = self._store.get("discovery_credentials", connection["credential"])
        if not connection["credential"]:
            yield says("There is no credential")
        elif credential is None or credential["sys_class_name"] != "oauth_2_0_credentials":
            text = f"Invalid Credential record associated with connection - {connection['name']}."
            yield Finding(PROVIDERS_CHECK, text, "http_connection", connection["sys_id"])
        elif credential["active"] != "true":
            yield says("There is no active credential")
        else:
            yield from self._credential(credential)

    def _credential(self, credential: Row) -> Iterator[Finding]:
        profile = self._store.get("oauth_entity_profile", credential["oauth_entity_profile"])
        registry = self._store.get("oauth_entity", profile["oauth_entity"]) if profile else None
        if profile is None or registry is None:
            says = f"There is no OAuth Entity Profile associated with the credential - {credential['name']}."
            yield Finding(PROVIDERS_CHECK, says, "oauth_2_0_credentials", credential["sys_id"])
            return
        yield from self._profile(profile, registry)
        yield from self._registry(registry)
        if token := self._token(credential, profile):
            yield Finding(PROVIDERS_CHECK, token, "oauth_2_0_credentials", credential["sys_id"])

    def _profile(self, profile: Row, registry: Row) -> Iterator[Finding]:
        def finding(says: str) -> Finding:
            return Finding(PROVIDERS_CHECK, says, "oauth_entity_profile", profile["sys_id"])

        if profile["grant_type"] != registry["default_grant_type"]:
            yield finding(
                "The Default grant type of the OAuth provider must be same as the Grant type of the OAuth Entity Profile."
            )
        links = [r for r in self._store.rows("oauth_entity_profile_scope") if r["oauth_entity_profile"] == profile["sys_id"]]
        entities = [e for e in (self._store.get("oauth_entity_scope", link["oauth_entity_scope"]) for link in links) if e]
        for entity in entities:
            if entity["oauth_entity"] != registry["sys_id"]:
                yield finding(
                    f"OAuth provider associated with the OAuth Entity Scope - {entity['name']} is not same as the one associated "
                    "with OAuth Entity Profile of this scope."
                )
        sent = {entity["oauth_entity_scope"].removeprefix(f"{GRAPH}/").casefold() for entity in entities}
        for scope in _SCOPES if profile["grant_type"] == "authorization_code" else ():
            if scope.casefold() not in sent:
                yield finding(f"The OAuth Scope - {scope} must be associated with the grant type {profile['grant_type']}.")

    def _registry(self, registry: Row) -> Iterator[Finding]:
        for column, what, right in (
            ("token_url", "token", self._addresses.token),
            ("auth_url", "authorization", self._addresses.authorize),
            ("redirect_url", "redirect", f"{self._addresses.instance}/oauth_redirect.do"),
        ):
            if registry[column] != right:
                says = f"Invalid {what} URL associated with Application Registry - {registry['name']}."
                yield Finding(PROVIDERS_CHECK, says, "oauth_entity", registry["sys_id"])

    def _token(self, credential: Row, profile: Row) -> str:
        wanted = {"requestor_id": credential["sys_id"], "oauth_entity_profile": profile["sys_id"]}
        requestor = self._store.find("oauth_requestor_profile", **wanted)
        tokens = [
            r for r in self._store.rows("oauth_credential") if requestor and r["oauth_requestor_profile"] == requestor["sys_id"]
        ]
        if not tokens:
            return "Please generate an OAuth Token."
        now = stamp(datetime.now(UTC))
        return "" if any(token["expires"] > now for token in tokens) else "OAuth Token has expired."

    # -- rooms --

    def _rooms(self) -> Iterator[Finding]:
        for row in self._store.rows(_ROOM):
            mail = self._read(row, "Reservable email", _ROOM)
            space = self._store.get("sn_wsd_core_space", self._read(row, "Reservable", _ROOM))
            if not mail:
                yield Finding(ROOMS_CHECK, "Could not find an email with this Rsv Sync configuration.", _ROOM, row["sys_id"])
            elif space and space["email"].casefold() != mail.casefold():
                says = (
                    "The Rsv Sync configuration email must be same as the email specified in the 'Email' field of the "
                    "location record."
                )
                yield Finding(ROOMS_CHECK, says, _ROOM, row["sys_id"])

    def _read(self, row: Row, label: str, table: str = _PROVIDER) -> str:
        return row[self._store.schema.element(table, label)]
