"""The simulator's own record of what it was asked and what it did.

A test reads it to learn the truth that the program under test cannot see: whose code reached the instance, who owns a
stored token, which requests and writes there were. It keeps no bodies, no passwords, no codes and no tokens; the value of
a query parameter that is a secret is replaced before it is kept.
"""

from __future__ import annotations

import re
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

Side = Literal["instance", "microsoft"]
Row = dict[str, object]

_SECRET_IN_QUERY = re.compile(
    r"(?<=[?&])(code|state|client_secret|code_verifier|code_challenge|access_token|refresh_token|id_token|nonce|client_info"
    r"|session_state|SAMLRequest|SAMLResponse|RelayState|user_password|password)=[^&#]*"
)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class Record:
    """What happened on both sides, in order; safe to use from every thread of both servers."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rows: dict[str, list[Row]] = {
            name: [] for name in ("requests", "writes", "authorize", "sign_ins", "codes_issued", "codes_delivered", "tokens")
        }

    def request(self, side: Side, method: str, path_with_query: str, status: int, *, note: str = "") -> None:
        """One HTTP request answered; *note* tells Batch items (``batch``) and the like apart."""
        path = _SECRET_IN_QUERY.sub(r"\1=…", path_with_query)
        self._add("requests", side=side, method=method, path=path, status=status, note=note)

    def write(self, verb: str, table: str, sys_id: str, fields: Iterable[str]) -> None:
        """A record was asked to change over REST; the names of the *fields* are kept, not their values."""
        self._add("writes", verb=verb, table=table, sys_id=sys_id, fields=sorted(fields))

    def authorize(self, client_id: str, *, prompt: str = "", login_hint: str = "", cookies_seen: bool = False) -> None:
        """An authorize request reached Microsoft; *cookies_seen* says whether a session of Microsoft's came with it."""
        self._add("authorize", client_id=client_id, prompt=prompt, login_hint=login_hint, cookies_seen=cookies_seen)

    def sign_in(self, side: Side, who: str, *, how: str = "", client_id: str = "") -> None:
        """Somebody (a person's key, or a user name of the instance) was signed in; *how*: password, session, saml, oidc…"""
        self._add("sign_ins", side=side, who=who, how=how, client_id=client_id)

    def code_issued(self, owner_key: str, *, client_id: str = "") -> None:
        """Microsoft gave out an authorization code of this person."""
        self._add("codes_issued", owner=owner_key, client_id=client_id)

    def code_delivered(self, owner_key: str) -> None:
        """A code reached the instance's oauth_redirect.do, redeemed or not. An unknown code has the owner ``""``."""
        self._add("codes_delivered", owner=owner_key)

    def token_stored(
        self, credential_sys_id: str, credential_name: str, owner_key: str, owner_upn: str, owner_oid: str, tid: str
    ) -> None:
        """The instance stored a token for a credential. Ids are those of the owner's home tenant."""
        self._add(
            "tokens",
            credential=credential_sys_id,
            name=credential_name,
            owner=owner_key,
            upn=owner_upn,
            object_id=owner_oid,
            tenant=tid,
        )

    def as_dict(self) -> dict[str, list[Row]]:
        """A copy of everything, ready for JSON."""
        with self._lock:
            return {name: [dict(row) for row in rows] for name, rows in self._rows.items()}

    def summary(self) -> dict[str, object]:
        """Counts, and the owners of what was stored: enough for a person to read."""
        whole = self.as_dict()
        counts: dict[str, object] = {name: len(rows) for name, rows in whole.items()}
        return counts | {"token_owners": [f"{row['name']}: {row['upn']}" for row in whole["tokens"]]}

    def _add(self, kind: str, **row: object) -> None:
        with self._lock:
            self._rows[kind].append({"at": _now(), **row})
