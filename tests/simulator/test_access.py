"""What users without the admin role see of the simulated instance."""

from __future__ import annotations

import pytest

from exoalias.simulator.access import Caller, truth
from tests.simulator.running import Rest, running


@pytest.mark.parametrize(
    ("roles", "line", "reads", "writes"),
    [
        (("admin",), ["oauth_entity", "sys_metadata"], True, True),
        (("itil",), ["oauth_entity", "sys_metadata"], False, False),
        (("oauth_admin",), ["oauth_entity", "sys_metadata"], True, True),
        (("oauth_admin",), ["oauth_2_0_credentials", "discovery_credentials"], False, False),
        (("credential_admin",), ["oauth_2_0_credentials", "discovery_credentials"], True, True),
        (("itil",), ["sys_properties", "sys_metadata"], True, False),
        (("admin",), ["sys_properties", "sys_metadata"], True, True),
    ],
)
def test_roles_reach_tables(roles: tuple[str, ...], line: list[str], reads: bool, writes: bool) -> None:
    caller = Caller("somebody", "0" * 32, roles)
    assert (caller.may_read(line), caller.may_write(line)) == (reads, writes)


def test_truth_is_the_word_true() -> None:
    assert [truth(text) for text in ("true", "TRUE", "false", "1", "", None)] == [True, True, False, False, False, False]


def test_without_admin_some_tables_refuse_and_some_look_empty() -> None:
    with running("not-admin") as simulator, Rest(simulator) as rest:
        for table in (
            "oauth_entity",
            "oauth_credential",
            "oauth_2_0_credentials",
            "http_connection",
            "sys_alias",
            "sn_wsd_rsvsync_provider",
        ):
            answer = rest.call("GET", f"/api/now/table/{table}")
            assert (answer.status_code, answer.json()["error"]["message"]) == (403, "Insufficient rights to query records"), table
        assert rest.rows("sys_dictionary") == []
        assert rest.rows("sys_store_app") == []
        assert rest.rows("sys_scope", "scope=sn_ex_online_spke", fields="version") == [{"version": "3.13.0"}]
        mine = rest.rows("sys_user_has_role", f"user={simulator.cast.admin.sys_id}", fields="role.name")
        assert mine == [{"role.name": "itil"}]
        property_ = rest.rows("sys_properties", "name=glide.war")[0]
        refused = rest.call("PATCH", f"/api/now/table/sys_properties/{property_['sys_id']}", json={"value": "x"})
        assert refused.json()["error"]["detail"] == "ACL Exception Update Failed due to security constraints"
        hidden = rest.call("PATCH", f"/api/now/table/oauth_entity/{simulator.cast.sys_id('registry')}", json={"name": "x"})
        assert hidden.status_code == 404


def test_everybody_may_set_their_own_preference() -> None:
    with running("not-admin") as simulator, Rest(simulator) as rest:
        (preference,) = rest.rows("sys_user_preference", "name=apps.current_app")
        assert rest.patch("sys_user_preference", preference["sys_id"], value="x")["value"] == "x"
