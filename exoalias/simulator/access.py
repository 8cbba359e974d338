"""Who may read and write what, and how the instance says no (documentation page "REST API error messages")."""

from __future__ import annotations

from dataclasses import dataclass

from exoalias.simulator.query import User
from exoalias.simulator.wire import Answer, json_answer

_CREDENTIAL_ROLES = frozenset({"credential_admin", "connection_admin"})
_OAUTH_ROLES = frozenset({"oauth_admin"})
_SCAN_ROLES = frozenset({"scan_admin", "scan_user", "sn_wsd_rsvsync.admin"})
# Roles beside admin that may read a table, by the table at the root of its class.
_READERS = {
    "discovery_credentials": _CREDENTIAL_ROLES,
    "sys_connection": _CREDENTIAL_ROLES,
    "sys_alias": _CREDENTIAL_ROLES,
    "oauth_entity": _OAUTH_ROLES,
    "oauth_entity_profile": _OAUTH_ROLES,
    "oauth_entity_scope": _OAUTH_ROLES,
    "oauth_entity_profile_scope": _OAUTH_ROLES,
    "oauth_credential": _OAUTH_ROLES,
    "oauth_requestor_profile": _OAUTH_ROLES,
    "scan_check_suite": _SCAN_ROLES,
    "scan_result": _SCAN_ROLES,
    "scan_finding": _SCAN_ROLES,
    "sn_wsd_rsvsync_provider": frozenset({"sn_wsd_rsvsync.admin"}),
    "sn_wsd_rsvsync_reservable_sync_configuration": frozenset({"sn_wsd_rsvsync.admin"}),
}
# Tables whose rows are taken away one by one, so that the answer is an empty list, not a refusal.
ROWS_HIDDEN = frozenset({"sys_dictionary", "sys_db_object", "sys_update_set", "sys_store_app", "sys_app", "sys_plugins"})


@dataclass(frozen=True, slots=True)
class Caller:
    """The user a request runs as."""

    user_name: str
    sys_id: str
    roles: tuple[str, ...]

    @property
    def admin(self) -> bool:
        return "admin" in self.roles

    def may_read(self, line: list[str]) -> bool:
        """Whether the roles reach a table, given its *line* of ancestors."""
        needed = next((_READERS[name] for name in line if name in _READERS), None)
        return self.admin or needed is None or bool(needed & set(self.roles))

    def may_write(self, line: list[str]) -> bool:
        """Whether the roles reach a record's fields: admin's do, the narrower ones those of the tables they may read."""
        return self.admin or (any(name in _READERS for name in line) and self.may_read(line))

    def as_user(self) -> User:
        """For scripted query values."""
        return User(self.user_name, self.sys_id)


def error(status: int, message: str, detail: str | None = None, headers: list[tuple[str, str]] | None = None) -> Answer:
    """An error in ServiceNow's form."""
    return json_answer({"error": {"message": message, "detail": detail}, "status": "failure"}, status, headers)


def truth(text: str | None) -> bool:
    """A boolean request parameter."""
    return (text or "").lower() == "true"
