"""An instance that refuses writes from another application: the switch is planned, done, and put back, whatever happens."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from exoalias.app.apply import apply, undo
from exoalias.app.demo import prepare
from exoalias.app.entrance import enter
from exoalias.app.standing import PUT_BACK, SWITCH, standing, switch_known
from exoalias.app.world import World
from exoalias.domain.events import Progress
from exoalias.domain.problems import NotSwitched, ScopeRefused
from exoalias.domain.records import SysId
from exoalias.simulator.access import error
from exoalias.simulator.picker import Picker
from tests.app.held import Held
from tests.simulator.running import running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from exoalias.adapters.instance.application import Stand
    from exoalias.domain.plan import Plan

SPOKE = "sn_ex_online_spke"


@contextmanager
def fenced(folder: Path) -> Iterator[Held]:
    """An instance whose credentials carry no profile, and are written from their own application alone."""
    with running("profile-missing", faults={"scope_fenced": True}) as simulator:
        for name in ("MS Graph 1", "MS Graph 2"):  # whose application they belong to is drawn; here it is the spoke
            row = simulator.instance.store.get("oauth_2_0_credentials", simulator.cast.sys_id(name))
            assert row is not None
            row["sys_scope"] = simulator.cast.sys_id(f"scope {SPOKE}")
        held = Held(simulator, World.simulated_from(simulator.announcement(), folder / "state", headless=True))
        try:
            prepare(held.world, held.tell)
            yield held
        finally:
            held.world.close()


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Held]:
    with fenced(tmp_path) as made:
        yield made


def stands(held: Held) -> Stand:
    """Where the user stands now."""
    return enter(held.world, held.name).applications.current()


def refused(held: Held) -> Plan:
    """The plan after the instance has refused a write once."""
    with pytest.raises(ScopeRefused, match="cross-scope"):
        apply(held.world, held.name, held.check().plan, held.tell)
    return held.check().plan


def test_a_refusal_is_remembered_and_a_switch_is_planned(held: Held) -> None:
    assert held.check().plan.switches == ()
    plan = refused(held)
    (switch,) = plan.switches
    assert plan.steps[0] == switch
    assert (switch.scope, switch.app) == (SPOKE, held.simulator.cast.sys_id(f"scope {SPOKE}"))
    assert [(e.kind, e.result) for e in held.world.journal.entries(held.name)] == [("set-field", "scope-refused")]


def test_the_user_stands_where_they_stood(held: Held) -> None:
    before = stands(held)
    checked = apply(held.world, held.name, refused(held), held.tell)
    assert checked.plan.writes == ()
    assert stands(held) == before
    assert held.writes[1:] == [
        ("concoursepicker", "PUT"),
        ("oauth_2_0_credentials", "PATCH"),
        ("oauth_2_0_credentials", "PATCH"),
        ("concoursepicker", "PUT"),
        ("sys_user_preference", "PATCH"),
    ]
    assert [(e.kind, e.result) for e in held.world.journal.entries(held.name)][1:] == [
        (SWITCH, PUT_BACK),
        ("set-field", "written"),
        ("set-field", "written"),
    ]
    assert held.world.journal.unfinished(held.name) == ()


def test_undo_stands_there_too(held: Held) -> None:
    plan = refused(held)
    before = stands(held)
    apply(held.world, held.name, plan, held.tell)
    undone = undo(held.world, held.name, held.tell)
    assert len(undone.plan.writes) == 2
    assert stands(held) == before
    assert switch_known(held.world, held.name, "elsewhere") is None
    held.world.journal.states.add_fenced(held.name, "elsewhere")
    assert switch_known(held.world, held.name, "elsewhere") is None


def test_a_problem_in_between_puts_back(held: Held) -> None:
    plan, before = refused(held), stands(held)
    held.simulator.instance.store.touch(held.row("oauth_2_0_credentials", "MS Graph 2"), by="somebody")
    with pytest.raises(Exception, match="MS Graph 2 was changed by somebody"):
        apply(held.world, held.name, plan, held.tell)
    assert stands(held) == before
    assert held.world.journal.unfinished(held.name) == ()


def _stuck(held: Held, plan: Plan, patch: pytest.MonkeyPatch) -> None:
    """Switch, and be cut off by a bug when the instance has closed its picker."""
    with standing(held.world, held.name, enter(held.world, held.name), held.tell) as stand:
        stand.switch(plan.switches[0])
        patch.setattr(Picker, "handle", lambda *_: error(403, "Operation Failed", "The application cannot be selected"))
        raise RuntimeError("something")


def test_what_cannot_be_put_back_now_is_put_back_by_the_next_run(held: Held, monkeypatch: pytest.MonkeyPatch) -> None:
    plan, before = refused(held), stands(held)
    with monkeypatch.context() as patch, pytest.raises(RuntimeError):
        _stuck(held, plan, patch)
    assert any(isinstance(e, Progress) and "could not be put back now" in e.says for e in held.told)
    assert stands(held).app == plan.switches[0].app
    held.check()
    assert stands(held) == before
    assert [e.result for e in held.world.journal.entries(held.name) if e.kind == SWITCH] == [PUT_BACK]


def test_a_refused_switch_writes_nothing(held: Held, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = refused(held)
    before, handle = stands(held), Picker.handle

    def refuse(self: Picker, request: object, *rest: object) -> object:
        if getattr(request, "method", "") == "PUT":
            return error(403, "Operation Failed", "The application cannot be selected")
        return handle(self, request, *rest)  # type: ignore[arg-type] # as it was called

    with monkeypatch.context() as patch:
        patch.setattr(Picker, "handle", refuse)
        with pytest.raises(NotSwitched, match="cannot be selected"):
            apply(held.world, held.name, plan, held.tell)
    assert ("oauth_2_0_credentials", "PATCH") not in held.writes[1:]
    assert stands(held) == before


# Applies the plan in a process that is killed once the session stands in the other application.
_KILLED = """
import json, os, signal, sys
from pathlib import Path
from exoalias.adapters.instance.servicenow import Instance
from exoalias.app.apply import apply
from exoalias.app.check import check
from exoalias.app.world import World
world = World.simulated_from(json.loads(sys.argv[1]), Path(sys.argv[2]))
plan = check(world, "simulated", lambda event: None).plan
Instance.write = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
apply(world, "simulated", plan, lambda event: None)
"""


@pytest.mark.parametrize("moved", [False, True])
def test_after_a_crash_the_next_run_puts_back(held: Held, moved: bool) -> None:
    plan, before = refused(held), stands(held)
    command = [sys.executable, "-c", _KILLED, json.dumps(held.simulator.announcement()), str(held.world.places.state.parent)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert stands(held).app == plan.switches[0].app
    assert SWITCH in [e.kind for e in held.world.journal.unfinished(held.name)]
    third = held.simulator.cast.sys_id("scope sn_wsd_core")
    if moved:  # by then the person has gone elsewhere themselves: that is theirs
        enter(held.world, held.name).applications.switch(SysId(third), "Workplace Core")
    held.check()
    assert held.world.journal.unfinished(held.name) == ()
    assert stands(held).app == (third if moved else before.app)
    entry = next(e for e in held.world.journal.entries(held.name) if e.kind == SWITCH)
    assert entry.result == ("explained" if moved else PUT_BACK)
