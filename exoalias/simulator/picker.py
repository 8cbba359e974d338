"""The application picker: which application and update set a user works in.

Undocumented; as used by the platform's own header (``/api/now/ui/concoursepicker``). It is kept per user, so it moves the
same person's other windows, too; the answers differ from release to release, here from seed to seed.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from exoalias.simulator.access import Caller, error
from exoalias.simulator.wire import Answer, Request, json_answer

if TYPE_CHECKING:
    from exoalias.simulator.record import Record
    from exoalias.simulator.scenario import Cast
    from exoalias.simulator.tables import Store


def current_application(store: Store, caller: Caller) -> str:
    """The sys_id of the application the user works in."""
    row = store.find("sys_user_preference", name="apps.current_app", user=caller.sys_id)
    return row["value"] if row else "global"


class Picker:
    """GET and PUT of the current application, GET of the current update set."""

    def __init__(self, store: Store, cast: Cast, record: Record) -> None:
        self._store = store
        self._record = record
        style = cast.stream("concoursepicker")
        self._current_is_object = style.random() < 0.3
        self._put_says_success = style.random() < 0.5

    def handle(self, request: Request, caller: Caller, which: str) -> Answer:
        if request.method == "GET":
            return self._state(caller, which)
        if request.method != "PUT" or which != "application":
            return error(405, "Method not supported")
        try:
            wanted = str(json.loads(request.body).get("app_id", ""))
        except (ValueError, AttributeError):
            return error(400, "Exception while reading request", "The payload is not valid JSON.")
        self._record.write("PUT", "concoursepicker", wanted, ("app_id",))
        application = self._store.get("sys_scope", wanted)
        if application is None or not caller.admin:
            return error(403, "Operation Failed", "The application cannot be selected")
        self._prefer(caller, "apps.current_app", wanted)
        update_set = self._store.find("sys_update_set", application=wanted, is_default="true")
        self._prefer(caller, "sys_update_set", update_set["sys_id"] if update_set else "")
        return json_answer({"result": {"success": True} if self._put_says_success else {"app_id": wanted}})

    def _state(self, caller: Caller, which: str) -> Answer:
        if which == "updateset":
            sets = self._store.rows("sys_update_set")
            current = self._preference(caller, "sys_update_set")
            return json_answer(
                {
                    "result": {
                        "updateSet": [{"sysId": row["sys_id"], "name": row["name"]} for row in sets],
                        "current": {"sysId": current},
                    }
                }
            )
        listed = [{"sysId": row["sys_id"], "name": row["name"]} for row in self._store.rows("sys_scope")]
        application = self._store.get("sys_scope", self._preference(caller, "apps.current_app")) or {}
        state: object = application.get("sys_id", "")
        if self._current_is_object:
            state = {name: application.get(name, "") for name in ("name", "scope", "sys_id")}
        return json_answer({"result": {"list": listed, "current": state}})

    def _preference(self, caller: Caller, name: str) -> str:
        row = self._store.find("sys_user_preference", name=name, user=caller.sys_id)
        return row["value"] if row else ""

    def _prefer(self, caller: Caller, name: str, value: str) -> None:
        row = self._store.find("sys_user_preference", name=name, user=caller.sys_id)
        if row is None:
            row = self._store.insert(
                "sys_user_preference", {"name": name, "user": caller.sys_id, "type": "string"}, by=caller.user_name
            )
        self._store.update(row, {"value": value}, by=caller.user_name)
