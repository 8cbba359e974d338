"""Standing in another application for a while, against the simulated picker: read back, and put back with the update set."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from exoalias.adapters.instance.application import Applications, Stand
from exoalias.adapters.network.http import Answer
from exoalias.domain.problems import NotSwitched
from exoalias.domain.records import NO_RECORD, SysId
from tests.adapters.simulated import simulated

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.adapters.simulated import Simulated

SPOKE = "Microsoft Exchange Online Spoke"


def spoke(at: Simulated) -> SysId:
    """The application the credentials belong to."""
    return SysId(at.simulator.cast.sys_id("scope sn_ex_online_spke"))


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])  # the shapes of the picker's answers differ from seed to seed
def test_there_and_back(seed: int) -> None:
    with simulated("happy", seed=seed) as at:
        applications = at.instance.applications
        before = applications.current()
        assert (before.app, before.app_name) == ("global", "Global")
        assert before.update_set == at.simulator.cast.sys_id("own update set")
        applications.switch(spoke(at), SPOKE)
        there = applications.current()
        assert (there.app, there.app_name) == (spoke(at), SPOKE)
        assert there.update_set != before.update_set  # the platform took the application's default one
        applications.put_back(before)
        assert applications.current() == before
        assert [w["verb"] for w in at.writes] == ["PUT", "PUT", "PATCH"]
        applications.put_back(before)  # nothing to put back but the application itself
        assert [w["verb"] for w in at.writes][3:] == ["PUT", "PATCH"]


def test_a_refusal_is_told() -> None:
    with simulated("happy") as at:
        with pytest.raises(NotSwitched, match="cannot be selected"):
            at.instance.applications.switch(SysId("f" * 32), "Nobody's")
        assert at.instance.applications.current().app == "global"


def test_without_the_preference_only_the_application_is_put_back() -> None:
    with simulated("happy") as at:
        applications = at.instance.applications
        before = replace(applications.current(), preference=NO_RECORD)
        applications.switch(spoke(at), SPOKE)
        applications.put_back(before)
        assert applications.current().app == "global"
        assert [w["verb"] for w in at.writes] == ["PUT", "PUT"]


class _Odd:
    """An Access on an instance that says yes and does nothing, or says nothing."""

    origin, user = "https://odd.example", "lena"

    def __init__(self, *, current: object, preference: object = ()) -> None:
        self._current, self._preference = current, preference

    def forget(self) -> None:
        pass

    def send(self, method: str, path: str, *, body: Mapping[str, object] | None = None, repeatable: bool | None = None) -> Answer:
        assert repeatable is None
        rows: Any = self._preference if "sys_user_preference" in path else self._current
        result = {"success": True} if method == "PUT" else {"value": "?"} if method == "PATCH" and body else rows
        content = json.dumps({"result": result}).encode()
        return Answer(200, "odd.example", {"content-type": "application/json"}, content)


def test_a_yes_that_was_a_no_is_noticed() -> None:
    with pytest.raises(NotSwitched, match="did not switch"):
        Applications(_Odd(current={"current": "global"})).switch(SysId("a" * 32), SPOKE)
    with pytest.raises(NotSwitched, match="does not say where"):
        Applications(_Odd(current={})).current()


def test_an_update_set_that_does_not_go_back_is_noticed() -> None:
    row = {"sys_id": "p" * 32, "name": "sys_update_set", "value": "new", "user.user_name": "LENA"}
    odd = Applications(_Odd(current={"current": "global"}, preference=[row]))
    with pytest.raises(NotSwitched, match="its update set is not"):
        odd.put_back(Stand(SysId("global"), "", "old", SysId("p" * 32)))


@pytest.mark.parametrize("rows", [None, "x", ["x"], [{"sys_id": "p", "name": "sys_update_set", "user.user_name": "other"}]])
def test_strangers_preferences_are_left_alone(rows: object) -> None:
    stand = Applications(_Odd(current={"current": "global"}, preference=rows)).current()
    assert (stand.preference, stand.update_set) == ("", "")
