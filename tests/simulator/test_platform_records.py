"""Applications, properties, update sets, users and roles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from exoalias.simulator.records import build
from exoalias.simulator.scenario import draw, scenario
from exoalias.simulator.writer import Addresses

if TYPE_CHECKING:
    from exoalias.simulator.tables import Store

HERE = Addresses("http://127.0.0.1:1", "http://localhost:2", "tenant")
CAST = draw(3)


@pytest.fixture(scope="module")
def store() -> Store:
    """A happy instance."""
    return build(CAST, scenario("happy"), HERE)


def test_applications_and_their_versions(store: Store) -> None:
    for scope, version in (("sn_ex_online_spke", "3.13.0"), ("sn_wsd_rsvsync", "3.4.1")):
        application = store.find("sys_scope", scope=scope)
        assert application
        assert (application["version"], application["sys_class_name"]) == (version, "sys_store_app")
    everywhere = store.find("sys_scope", scope="global")
    assert everywhere
    assert everywhere["sys_id"] == "global"


def test_properties(store: Store) -> None:
    values = {row["name"]: row["value"] for row in store.rows("sys_properties")}
    assert values["glide.buildtag"].startswith("glide-australia-")
    assert values["glide.war"].startswith(values["glide.buildtag"])
    assert values["sn_wsd_rsvsync.sync_integration_mode"] == "Strict"


def test_each_application_has_its_default_update_set_and_the_user_another(store: Store) -> None:
    sets = store.rows("sys_update_set")
    assert {row["application"] for row in sets if row["is_default"] == "true"} == {
        row["sys_id"] for row in store.rows("sys_scope")
    }
    preference = store.find("sys_user_preference", name="sys_update_set", user=CAST.admin.sys_id)
    assert preference
    current = store.get("sys_update_set", preference["value"])
    assert current
    assert current["is_default"] == "false"


def test_the_user_has_the_roles_of_the_scenario() -> None:
    cast = draw(3, admin_roles=("itil", "oauth_admin"))
    store = build(cast, scenario("happy"), HERE)
    roles = {row["sys_id"]: row["name"] for row in store.rows("sys_user_role")}
    assert {roles[row["role"]] for row in store.rows("sys_user_has_role") if row["user"] == cast.admin.sys_id} == {
        "itil",
        "oauth_admin",
    }
