"""``exoalias demo``: the whole job on the embedded simulator, in the terminal (--headless) or in the window."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from exoalias.adapters.wording import _
from exoalias.cli import documents, render
from exoalias.domain.events import Checked
from exoalias.domain.problems import Problem, UsageProblem
from exoalias.domain.words import say

if TYPE_CHECKING:
    from exoalias.app.far_side import FarSide
    from exoalias.app.world import World
    from exoalias.cli.run import Run
    from exoalias.domain.events import Event, Tell
NAIVE = "naive"


def demo(run: Run) -> int:
    """Start the simulator, do the job against it, show its own record beside ours. A throwaway folder holds all state."""
    from exoalias.app.demo import BY_HAND
    from exoalias.app.far_side import FarSide
    from exoalias.app.world import World

    scenario = _known(run.args.scenario or ("happy" if run.headless else BY_HAND))
    with FarSide(scenario, run.args.seed) as far_side:
        world = World.simulated_from(far_side.announcement, far_side.folder, headless=run.headless, flags=run.flags)
        run.result = {"scenario": scenario, "seed": far_side.announcement["seed"]}
        with closing(world):
            if scenario == NAIVE:
                return _without_us(run, world, far_side)
            if run.headless:
                return _in_the_terminal(run, world, far_side)
            return _in_the_window(run, world, far_side)


def _in_the_terminal(run: Run, world: World, far_side: FarSide) -> int:
    from exoalias.app.demo import whole_job

    said = far_side.announcement
    run.terminal.result(
        _(
            "Scenario {scenario}: {says}\nSeed {seed} (--seed draws the same people again)\n",
            scenario=far_side.scenario,
            says=said["says"],
            seed=said["seed"],
        )
    )
    try:
        with run.stoppable():
            checked = whole_job(world, _stages(run), run.control)
        run.result |= documents.checked(checked)
        run.terminal.result(f"\n{render.checklist(run.terminal, checked.checklist)}")
        if checked.plan.blocked:
            run.terminal.result("Nothing more is done while this stands in the way.")
        return 0 if checked.checklist.holds else 1
    finally:
        _tell_record(run, far_side)


def _tell_record(run: Run, far_side: FarSide) -> None:
    """The simulator's own record, however the job ended; a simulator that is gone must not hide that ending."""
    try:
        record = far_side.record()
    except Problem as problem:
        run.terminal.problem(problem)
        return
    run.result["record"] = record
    run.terminal.result(f"\n{render.owners(record)}")


def _stages(run: Run) -> Tell:
    """Each stage in plain text: what is being done, and after each check what is left to do and the plan for it."""
    tell = run.tell

    def told(event: Event) -> None:
        tell(event)
        if isinstance(event, Checked) and (event.plan.steps or event.plan.blocked):
            left = render.checklist(run.terminal, event.checklist, findings_only=True)
            run.terminal.result(f"\n{left}\n\nPlan:\n{render.plan(event.plan)}\n")

    return told


def _without_us(run: Run, world: World, far_side: FarSide) -> int:
    """What happens without exoalias. It ends with exit code 0: that is the trouble, nothing fails."""
    from exoalias.app.naive import naive

    said = far_side.announcement
    run.terminal.result(
        _(
            "Scenario {scenario}: {says}\nSeed {seed} (--seed draws the same people again)\n",
            scenario=far_side.scenario,
            says=said["says"],
            seed=said["seed"],
        )
    )
    with run.stoppable():
        record = naive(world, far_side, run.tell, run.control)
    run.result["record"] = record
    run.terminal.result(
        _(
            "Wanted: tokens of {upn} (object id {object_id}).",
            upn=said["delegated"]["upn"],
            object_id=said["delegated"]["object_id"],
        )
    )
    run.terminal.result(_("The instance said both times that all went well.\n{record}", record=render.owners(record)))
    return 0


def _in_the_window(run: Run, world: World, far_side: FarSide) -> int:
    from exoalias.app.demo import prepare

    if run.terminal.as_json:
        raise UsageProblem(why="--json goes with --headless: the window prints nothing.")
    try:
        prepare(world, run.tell)
    except Problem as problem:  # the window shows the same, and is where one would try again
        run.terminal.problem(problem)
    return run.window(world, far_side)


def _known(scenario: str) -> str:
    from exoalias.simulator.scenario import known

    if scenario not in known():
        raise UsageProblem(
            why=say("There is no scenario {scenario}. There are: {known}.", scenario=scenario, known=", ".join(known()))
        )
    return scenario
