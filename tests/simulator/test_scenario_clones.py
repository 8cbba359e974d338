"""The scenarios after a clone."""

from __future__ import annotations

import pytest

from exoalias.simulator.clones import KINDS
from exoalias.simulator.scenario import SCENARIOS, WAYS_IN, scenario
from exoalias.simulator.scenario_clones import BESIDE, CLONES, MENDED, STRANDED
from tests.simulator.running import Rest, running


def test_every_kind_has_its_scenario_and_no_name_means_two_things() -> None:
    assert [story.clone for story in CLONES.values()] == [(kind,) for kind in KINDS]
    assert not set(CLONES) & {*SCENARIOS, *WAYS_IN}
    assert set(KINDS) >= MENDED | BESIDE | STRANDED
    assert not MENDED & BESIDE
    assert not STRANDED & (MENDED | BESIDE)


@pytest.mark.parametrize("name", CLONES)
def test_each_can_be_served(name: str) -> None:
    assert scenario(name).name == name
    with running(name) as simulator, Rest(simulator) as rest:
        assert simulator.announcement()["clone"] == list(CLONES[name].clone)
        assert rest.rows("sys_properties", "name=sn_wsd_rsvsync.sync_integration_mode")


def test_before_the_clone_there_were_tokens() -> None:
    with running("clone-redirect") as simulator, Rest(simulator) as rest:
        for name in ("MS Graph 1", "MS Graph 2"):
            sys_id = simulator.cast.sys_id(name)
            assert len(rest.rows("oauth_credential", f"oauth_requestor_profile.requestor_id={sys_id}")) == 2
