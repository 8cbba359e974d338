"""The picker's answer in each of the shapes releases give it."""

from __future__ import annotations

import pytest

from exoalias.adapters.instance.picked import picked_application

APP, OTHER = "a" * 32, "b" * 32
LIST = [{"sysId": OTHER, "name": "Global"}, {"sysId": APP, "name": "Spoke"}]


@pytest.mark.parametrize(
    ("result", "picked"),
    [
        ({"list": LIST, "current": APP}, (APP, "Spoke")),
        ({"list": LIST, "current": {"sys_id": APP, "name": "Other words"}}, (APP, "Spoke")),
        ({"list": [], "current": {"value": APP, "name": "Spoke"}}, (APP, "Spoke")),
        ({"list": [LIST[0], LIST[1] | {"current": True}]}, (APP, "Spoke")),
        ({"list": [LIST[0], LIST[1] | {"selected": True}], "current": ""}, (APP, "Spoke")),
        ({"app_id": APP, "name": "Spoke"}, (APP, "Spoke")),
        ({"list": "none", "current": APP}, (APP, "")),
        ({"list": ["x"], "current": "no id!"}, ("", "")),
        ({}, ("", "")),
        (None, ("", "")),
        ([APP], ("", "")),
    ],
)
def test_the_current_application(result: object, picked: tuple[str, str]) -> None:
    assert picked_application(result) == picked
