"""Rows into records, where one row is not the whole story."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.instance.batch import Reply
from exoalias.adapters.instance.question import Question
from exoalias.adapters.instance.questions import BUILD_TAG
from exoalias.adapters.instance.reading import Reader
from exoalias.adapters.instance.remembered import Remembered
from exoalias.adapters.instance.snapshot import make_snapshot, provider, room
from exoalias.domain.target import Target

if TYPE_CHECKING:
    from exoalias.domain.records import Snapshot

ORIGIN = "https://acme.service-now.com"
COLUMNS = {"name": "name", "active": "active", "processor": "u_p", "delegated_user": "u_d", "override": "u_o", "alias": "u_a"}


class Silent:
    """An Asker that has nothing to say."""

    trips = 0

    def ask(self, paths: dict[str, str]) -> dict[str, Reply]:
        return {key: Reply(unreadable="403 no") for key in paths}


def snapshot(current: Reply | None = None, *, picker: Reply | None = None, **rows: list[dict[str, str | None]]) -> Snapshot:
    """A Snapshot of a reader that read just this."""
    reader = Reader(Silent(), "admin", Target(ORIGIN), Remembered())  # type: ignore[arg-type]  # it is never asked
    refused = Reply(unreadable="403 no")
    reader.replies = {"current user": current or refused, "picker": picker or refused}
    for key, given in rows.items():
        question = Question(key.replace("_", " ") if key == "update_set" else key, key, tuple(given[0]) if given else ("sys_id",))
        reader.notebook.take(question, Reply(result=given))
    return make_snapshot(reader, ORIGIN, datetime(2026, 11, 23, tzinfo=UTC), 1, [])


@pytest.mark.parametrize(
    "result",
    [
        {"list": [{"sysId": "a1", "name": "Spoke"}, {"sysId": "global", "name": "Global"}], "current": "a1"},
        {"list": [{"sysId": "a1", "name": "Spoke"}], "current": {"sys_id": "a1", "name": "Spoke", "scope": "sn_x"}},
        {"current": {"sysId": "a1", "name": "Spoke"}},
        {"list": [{"sysId": "b"}, {"sysId": "a1", "name": "Spoke", "current": True}]},
        {"sys_id": "a1", "name": "Spoke"},
    ],
)
def test_the_picker_names_the_current_application_in_several_shapes(result: object) -> None:
    chosen: dict[str, str | None] = {"sys_id": "p", "name": "sys_update_set", "value": "u1", "user.user_name": "admin"}
    found = snapshot(picker=Reply(result), preference=[chosen], update_set=[{"sys_id": "u1", "name": "Go-live"}])
    scope = found.current_scope.one()
    assert scope is not None
    assert (scope.app, scope.app_name, scope.update_set) == ("a1", "Spoke", "Go-live")


@pytest.mark.parametrize("result", [None, [], {}, {"current": ""}, {"current": 5, "list": 7}, {"list": [{"name": "x"}]}])
def test_a_picker_that_names_none_is_unreadable(result: object) -> None:
    assert not snapshot(picker=Reply(result)).current_scope


def test_the_user_is_who_the_instance_says_or_the_only_one_of_that_name() -> None:
    said = Reply({"user_sys_id": "9", "user_name": "admin", "user_display_name": "Ada B"})
    assert [u.sys_id for u in snapshot(said).user.rows] == ["9"]
    nobody = Reply({"user_sys_id": "", "user_name": ""})
    one: dict[str, str | None] = {"sys_id": "1", "user_name": "admin", "name": "Ada"}
    assert [u.sys_id for u in snapshot(nobody, user=[one]).user.rows] == ["1"]
    assert not snapshot(nobody, user=[one, {**one, "sys_id": "2"}]).user
    assert not snapshot().user


def test_a_property_not_there_is_no_row_and_one_kept_back_is_unreadable() -> None:
    there = snapshot(properties=[{"sys_id": "1", "name": BUILD_TAG, "value": "glide-x"}])
    assert (there.build.rows, there.sync_mode.rows, bool(there.sync_mode)) == (("glide-x",), (), True)
    assert not snapshot(properties=[{"sys_id": "1", "name": BUILD_TAG, "value": None}]).build


def test_an_application_is_taken_from_the_store_or_else_from_its_scope() -> None:
    store: list[dict[str, str | None]] = [{"sys_id": "1", "scope": "a", "name": "A", "version": "2", "active": "active"}]
    scopes: list[dict[str, str | None]] = [
        {"sys_id": "1", "scope": "a", "name": "A", "version": "1", "active": "true"},
        {"sys_id": "2", "scope": "b", "name": "B", "version": None, "active": None},
    ]
    apps = snapshot(sys_store_app=store, sys_scope=scopes).apps.rows
    assert [(a.scope, a.version, a.active) for a in apps] == [("a", "2", True), ("b", None, None)]


@pytest.mark.parametrize(
    ("override", "alias", "used"),
    [("true", "a1", "a1"), ("false", "a1", ""), ("true", "", ""), (None, "a1", None), ("true", None, None)],
)
def test_a_providers_alias_counts_only_where_it_overrides(override: str | None, alias: str | None, used: str | None) -> None:
    row = {
        "sys_id": "1",
        "u_o": override,
        "u_a": alias,
        "u_p": "ms_graph",
        "u_p.shown": "Microsoft Graph",
        "name": "P",
        "active": "true",
    }
    found = provider(row, COLUMNS)
    assert found.override_alias == used
    assert (found.processor, found.delegated_user, found.active) == ("Microsoft Graph", None, True)


def test_columns_that_were_not_found_are_not_there() -> None:
    assert provider({"sys_id": "1"}, {}).override_alias is None
    assert room({"sys_id": "1"}, {}).mailbox is None
