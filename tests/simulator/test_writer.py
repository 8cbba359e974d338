"""Records put in by name, dated and counted."""

from __future__ import annotations

import random
from datetime import timedelta

from exoalias.simulator.scenario import draw, scenario
from exoalias.simulator.schema import Schema
from exoalias.simulator.tables import Store, stamp
from exoalias.simulator.writer import Addresses, Writer

HERE = Addresses("http://127.0.0.1:1", "http://localhost:2", "tenant")


def test_a_record_has_its_age_its_application_and_its_changes() -> None:
    writer = Writer(Store(Schema(random.Random(1))), draw(3), scenario("cloned"), HERE)
    sys_id = writer.add("oauth_entity", "registry", {"name": "Strict"}, days=10, updated_days=2, active="true")
    row = writer.store.get("oauth_entity", sys_id)
    assert row
    assert sys_id == writer.cast.sys_id("registry")
    assert (row["name"], row["active"], row["sys_scope"]) == ("Strict", "true", "global")
    assert row["sys_created_on"] == stamp(writer.now - timedelta(days=10))
    assert row["sys_updated_on"] == stamp(writer.now - timedelta(days=2))
    assert int(row["sys_mod_count"]) > 0
    new = writer.store.get("sys_user", writer.add("sys_user", "somebody", days=10))
    assert new
    assert (new["sys_mod_count"], new["sys_updated_on"]) == ("0", new["sys_created_on"])
    assert (writer.defect("cloned"), writer.defect("wrong-grant")) == (True, False)
    assert writer.application("global") == "global"
    assert writer.application("sn_ex_online_spke") == writer.cast.sys_id("scope sn_ex_online_spke")


def test_microsofts_addresses_are_those_of_the_tenant() -> None:
    assert HERE.authorize == "http://localhost:2/tenant/oauth2/v2.0/authorize"
    assert HERE.token == "http://localhost:2/tenant/oauth2/v2.0/token"
