"""A run killed between intent and outcome: the next check explains what it left by reading the truth."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.instance.servicenow import FieldState, Instance
from exoalias.app.apply import apply, undo
from exoalias.app.check import check
from exoalias.domain.events import Progress
from exoalias.domain.problems import OutcomeUnknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from exoalias.domain.plan import SetField
    from tests.app.playing import Played

# Runs the first apply of a scenario in a process that is killed at the named point of its first write.
_KILLED = """
import json, os, signal, sys
from pathlib import Path
from exoalias.adapters.instance.servicenow import Instance
from exoalias.app.apply import apply
from exoalias.app.check import check
from exoalias.app.world import World

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

announcement, state, point = json.loads(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
world = World.simulated_from(announcement, state)
quiet = lambda event: None
plan = check(world, "simulated", quiet).plan
write = Instance.write
if point == "before-reread":
    Instance.reread = die
elif point == "before-write":
    Instance.write = die
elif point == "after-write":
    Instance.write = lambda self, step: (write(self, step), die())
elif point == "after-write-then-somebody":
    from dataclasses import replace
    def twice(self, step):
        write(self, step)
        write(self, replace(step, before=step.after, after="ab" * 16))
        die()
    Instance.write = twice
apply(world, "simulated", plan, quiet)
"""


def _killed(played: Played, point: str) -> None:
    state = str(played.world.places.state.parent)
    command = [sys.executable, "-c", _KILLED, json.dumps(played.far_side.announcement), state, point]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL, done.stderr


@pytest.mark.parametrize(
    ("point", "found", "words"),
    [
        ("before-reread", "before", "not written"),
        ("before-write", "before", "not written"),
        ("after-write", "after", "it was written"),
        ("after-write-then-somebody", "other", "somebody has set something else"),
    ],
)
def test_a_killed_apply_is_explained(play: Callable[[str], Played], point: str, found: str, words: str) -> None:
    played = play("profile-missing")
    _killed(played, point)
    (entry,) = played.world.journal.unfinished(played.name)
    writes = len(played.writes)
    checked = check(played.world, played.name, played.tell)
    assert played.world.journal.unfinished(played.name) == ()
    (closed,) = played.world.journal.entries(played.name)
    assert (closed.id, closed.result, closed.result_facts["found"]) == (entry.id, "explained", found)
    assert any(isinstance(e, Progress) and words in e.says for e in played.told)
    assert len(played.writes) == writes  # explaining writes nothing
    if found == "after":
        assert len(checked.plan.writes) == 1
        assert len(undo(played.world, played.name, played.tell).plan.writes) == 2


def test_a_run_still_going_is_left_to_explain_itself(play: Callable[[str], Played]) -> None:
    played = play("profile-missing")
    with played.world.journal.claim(played.name):
        number = played.world.journal.intend(played.name, "sign-in", {"credential": "MS Graph 1"})
        check(played.world, played.name, played.tell)
        assert [e.id for e in played.world.journal.unfinished(played.name)] == [number]
    check(played.world, played.name, played.tell)
    assert played.world.journal.entries(played.name)[-1].result == "explained"


def test_an_outcome_nobody_knows_stays_open_until_the_next_check(
    play: Callable[[str], Played], monkeypatch: pytest.MonkeyPatch
) -> None:
    played = play("profile-missing")
    plan = check(played.world, played.name, played.tell).plan
    write = Instance.write

    def answer_lost(self: Instance, step: SetField) -> FieldState:
        write(self, step)
        raise OutcomeUnknown(record=step.record_name, host="the instance", why="the connection broke")

    monkeypatch.setattr(Instance, "write", answer_lost)
    with pytest.raises(OutcomeUnknown):
        apply(played.world, played.name, plan, played.tell)
    assert len(played.writes) == 1
    assert len(played.world.journal.unfinished(played.name)) == 1
    check(played.world, played.name, played.tell)
    assert played.world.journal.entries(played.name)[-1].result_facts["found"] == "after"
