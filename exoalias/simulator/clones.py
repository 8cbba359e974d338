"""What a clone or a promotion does to the records, kind by kind: played at the start of a scenario, or in the middle of a run.

A clone brings the records of another instance, dates of their last change included; which are kept and which are left out
depends on the exclusions and preservers of the clone profile (documentation pages "Exclude tables", "Preserve data").
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from exoalias.simulator.tables import Row, Store, stamp
from exoalias.simulator.writer import SYNC_SCOPE

if TYPE_CHECKING:
    from collections.abc import Callable

    from exoalias.simulator.cast import Cast
    from exoalias.simulator.writer import Addresses

PLANNED = ("MS Graph 1", "MS Graph 2")
_RENAMED = ("MS Graph 1 copy", "MSGraph2")
_SOURCE_DAYS = 45  # so long ago the source's records were last changed


@dataclass(frozen=True, slots=True)
class Clone:
    """One clone onto one instance."""

    store: Store
    cast: Cast
    addresses: Addresses

    def apply(self, *kinds: str) -> None:
        """Change the records in place; KeyError for a kind there is not, before anything is changed."""
        deeds = [KINDS[kind][1] for kind in kinds]
        with self.store.lock:
            for deed in deeds:
                deed(self)

    # -- parts --

    @property
    def then(self) -> datetime:
        """When the source's records were last changed."""
        return datetime.now(UTC) - timedelta(days=_SOURCE_DAYS)

    def planned(self) -> list[Row]:
        """Those of the two credentials that are (still) there."""
        rows = (self.store.get("oauth_2_0_credentials", self.cast.sys_id(name)) for name in PLANNED)
        return [row for row in rows if row is not None]

    def strict(self, table: str) -> list[Row]:
        """The strict-mode registries or profiles, whichever instance they came from."""
        name = self.cast.registry_name if table == "oauth_entity" else self.cast.profile_name
        return [row for row in self.store.rows(table) if row["name"] == name]

    def come_from_source(self, row: Row, **values: str) -> None:
        """The record is the source's: these values, and the source's word on who changed it when."""
        row |= values | {
            "sys_updated_on": stamp(self.then),
            "sys_updated_by": "source.admin",
            "sys_mod_count": str(int(row["sys_mod_count"]) + 11),
        }

    def tokens(self, credential: Row) -> list[Row]:
        """The stored tokens of a credential, for whichever profile."""
        requestors = {row["sys_id"] for row in self.requestors(credential)}
        return [row for row in self.store.rows("oauth_credential") if row["oauth_requestor_profile"] in requestors]

    def requestors(self, credential: Row) -> list[Row]:
        """What joins a credential and its tokens."""
        return [row for row in self.store.rows("oauth_requestor_profile") if row["requestor_id"] == credential["sys_id"]]

    def forget_tokens(self) -> None:
        for credential in self.planned():
            for row in (*self.tokens(credential), *self.requestors(credential)):
                self.store.delete(row)

    def bring_tokens(self, *, made: datetime, lifetime: timedelta) -> None:
        """Token rows of another instance in the place of those there were: other records, other people's tokens."""
        self.forget_tokens()
        for credential in self.planned():
            profile = self.store.get("oauth_entity_profile", credential["oauth_entity_profile"])
            if profile is None:
                continue
            values = {"requestor_id": credential["sys_id"], "requestor_context": "oauth_2_0_credentials"}
            requestor = self.store.insert(
                "oauth_requestor_profile", values | {"oauth_entity_profile": profile["sys_id"]}, at=made
            )
            for kind, expires in (("refresh_token", made + lifetime), ("access_token", made + timedelta(minutes=75))):
                token = {
                    "type": kind,
                    "expires": stamp(expires),
                    "peer": profile["oauth_entity"],
                    "oauth_requestor_profile": requestor["sys_id"],
                    "token": f"{{encrypted}}{uuid.uuid4().hex}",
                }
                self.store.insert("oauth_credential", token, by="source.admin", at=made)


# -- the kinds --------------------------------------------------------------------------------------------------------


def _redirect(clone: Clone) -> None:
    host = f"{clone.cast.tenant.domain.partition('.')[0]}prod.service-now.com"
    for row in clone.strict("oauth_entity"):
        clone.come_from_source(row, redirect_url=f"https://{host}/oauth_redirect.do")


def _tokens_dead(clone: Clone) -> None:
    clone.bring_tokens(made=clone.then - timedelta(days=100), lifetime=timedelta(days=100))


def _tokens_other(clone: Clone) -> None:
    clone.bring_tokens(made=clone.then, lifetime=timedelta(days=100))


def _profile_gone(clone: Clone) -> None:
    for row in clone.planned():
        clone.come_from_source(row, oauth_entity_profile="")


def _renamed(clone: Clone) -> None:
    for row, name in zip(clone.planned(), _RENAMED, strict=False):
        clone.come_from_source(row, name=name)


def _missing(clone: Clone) -> None:
    for row in clone.planned()[1:]:
        for connection in clone.store.rows("http_connection"):
            if connection["credential"] == row["sys_id"]:
                clone.come_from_source(connection, credential="")
        clone.store.delete(row)


def _new_ids(clone: Clone, **registry_values: str) -> None:
    """The registry, its profile, its scopes and everything that points at them, as records of another making."""
    named: dict[str, str] = {}
    tables = ("oauth_entity", "oauth_entity_profile", "oauth_entity_scope", "oauth_entity_profile_scope")
    registries = {row["sys_id"] for row in clone.strict("oauth_entity")}
    for table in tables:
        for old in clone.store.rows(table):
            if old["sys_id"] not in registries and not ({*old.values()} & {*registries, *named}):
                continue
            fresh = named[old["sys_id"]] = uuid.uuid4().hex
            clone.store.delete(old)
            values = {c: named.get(v, v) for c, v in old.items() if not c.startswith("sys_") or c == "sys_scope"}
            more = registry_values if table == "oauth_entity" else {}
            row = clone.store.insert(table, values | more, by="source.admin", at=clone.then, sys_id=fresh)
            clone.come_from_source(row)
    for credential in clone.store.rows("oauth_2_0_credentials"):
        if credential["oauth_entity_profile"] in named:
            clone.come_from_source(credential, oauth_entity_profile=named[credential["oauth_entity_profile"]])


def _other_registry(clone: Clone) -> None:
    tenant = f"{clone.addresses.microsoft}/{clone.cast.other_tenant.id}/oauth2/v2.0"
    client = str(uuid.UUID(clone.cast.sys_id("client of the source")))
    _new_ids(clone, client_id=client, auth_url=f"{tenant}/authorize", token_url=f"{tenant}/token")


def _url(clone: Clone) -> None:
    for row in clone.store.rows("http_connection"):
        if row["name"] == PLANNED[0]:
            clone.come_from_source(row, connection_url=f"https://graph-relay.{clone.cast.tenant.domain}", host="")


def _mode(clone: Clone) -> None:
    row = clone.store.find("sys_properties", name=f"{SYNC_SCOPE}.sync_integration_mode")
    if row is not None:
        clone.come_from_source(row, value="Normal")


def _alias(clone: Clone) -> None:
    for row in clone.store.rows("http_connection"):
        if row["name"] == PLANNED[0]:
            clone.come_from_source(row, connection_alias="")


def _typical(clone: Clone) -> None:
    for deed in (_redirect, Clone.forget_tokens, _profile_gone):
        deed(clone)


KINDS: dict[str, tuple[str, Callable[[Clone], None]]] = {
    "redirect": ("the registry's redirect address is the source's", _redirect),
    "tokens-gone": ("the tokens were left out", Clone.forget_tokens),
    "tokens-dead": ("the tokens are the source's, and over", _tokens_dead),
    "tokens-other": ("the tokens are the source's: older than the clone, and somebody else's", _tokens_other),
    "profile-gone": ("the credentials carry no OAuth entity profile", _profile_gone),
    "credential-renamed": ("the credentials bear other names", _renamed),
    "credential-missing": ("MS Graph 2 is not there, and its connection has no credential", _missing),
    "registry-new-ids": ("registry and profile of the same names are other records", _new_ids),
    "registry-other": ("registry and profile of the same names lead to another client of another tenant", _other_registry),
    "connection-url": ("the connection of MS Graph 1 leads elsewhere", _url),
    "mode-normal": ("the integration mode is Normal again", _mode),
    "alias-alone": ("the alias of MS Graph 1 has no connection", _alias),
    "typical": ("redirect, tokens and profiles at once", _typical),
}
