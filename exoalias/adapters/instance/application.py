"""The application and update set a user stands in: read, switched, put back.

The platform's own header does this by the address used here (``/api/now/ui/concoursepicker/application``), which no page
documents; so each switch is read back. Selecting an application also selects its default update set (documentation page
"Select an application from the application picker"): both are remembered, both are put back. They are kept per user.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from exoalias.adapters.instance import questions as q
from exoalias.adapters.instance.batch import reply_of
from exoalias.adapters.instance.picked import picked_application
from exoalias.adapters.instance.rows import cell, is_sys_id
from exoalias.domain.problems import NotSwitched
from exoalias.domain.records import NO_RECORD, SysId
from exoalias.domain.words import say

if TYPE_CHECKING:
    from exoalias.adapters.entering.access import Access

_PREFERENCE: Final = "/api/now/table/sys_user_preference"


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a user stands. ``preference`` is the record that holds the update set; "" where it can't be read."""

    app: SysId
    app_name: str
    update_set: str
    preference: SysId


class Applications:
    """The application picker of one instance, for the user of one Access."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._host = access.origin.partition("://")[2]

    def current(self) -> Stand:
        """Where the user stands now; NotSwitched where the instance doesn't say, for then nothing could be put back."""
        app, name = self._application()
        if not app:
            raise NotSwitched(host=self._host, app=say("another application"), why="it does not say where the session stands now")
        preference, update_set = self._update_set()
        return Stand(app, name, update_set, preference)

    def switch(self, app: SysId, name: str) -> None:
        """Stand in that application; NotSwitched where it was refused, or came to nothing."""
        answer = self._access.send("PUT", q.PICKER, body={"app_id": app})
        reply = reply_of(answer.status, answer.json())
        if reply.unreadable:
            raise NotSwitched(host=self._host, app=name, why=reply.unreadable)
        if self._application()[0] != app:
            raise NotSwitched(host=self._host, app=name, why="it said yes, and did not switch")

    def put_back(self, stand: Stand) -> None:
        """Stand there again, with the update set of that time; NotSwitched."""
        self.switch(stand.app, stand.app_name or stand.app)
        preference, update_set = self._update_set()
        if update_set == stand.update_set or not stand.preference:
            return
        path = f"{_PREFERENCE}/{preference or stand.preference}?sysparm_fields=sys_id,value"
        answer = self._access.send("PATCH", path, body={"value": stand.update_set})
        row = reply_of(answer.status, answer.json()).result
        if not isinstance(row, dict) or cell(row.get("value")) != stand.update_set:
            why = "the application is the former one again, but its update set is not"
            raise NotSwitched(host=self._host, app=stand.app_name or stand.app, why=why)

    def _application(self) -> tuple[SysId, str]:
        answer = self._access.send("GET", q.PICKER)
        return picked_application(reply_of(answer.status, answer.json()).result)

    def _update_set(self) -> tuple[SysId, str]:
        """The preference that holds the user's update set, and its value."""
        query = quote(f"user.user_name={self._access.user.replace('^', '^^')}^name=sys_update_set", safe="")
        fields = "sys_id,name,value,user.user_name"
        answer = self._access.send("GET", f"{_PREFERENCE}?sysparm_fields={fields}&sysparm_limit=2&sysparm_query={query}")
        rows = reply_of(answer.status, answer.json()).result
        for row in rows if isinstance(rows, list) else ():
            ours = isinstance(row, dict) and q.same(cell(row.get("user.user_name")), self._access.user)
            if ours and cell(row.get("name")) == "sys_update_set" and is_sys_id(cell(row.get("sys_id"))):
                return SysId(cell(row.get("sys_id")) or ""), cell(row.get("value")) or ""
        return NO_RECORD, ""
