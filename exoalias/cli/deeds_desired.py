"""The verbs ``remember`` and ``scan``: what was right, and what ServiceNow's own scan says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exoalias.adapters.wording import _
from exoalias.cli import documents, render
from exoalias.domain.scan import SUITE
from exoalias.domain.words import say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from exoalias.cli.run import Run


def _remember(run: Run) -> int:
    from exoalias.app.desired import say_so

    name = run.args.name
    world = run.on(name)
    before = world.target(name).desired
    if before is not None and not run.args.yes:
        question = _("Forget what was right on {at:%Y-%m-%d}, and take {name} as it is now?", at=before.at, name=name)
        run.terminal.confirm(question, what=say("A yes to remembering {name} as it is", name=name), how="Give it with --yes.")
    checked = say_so(world, name, run.tell, run.control)
    run.result = documents.checked(checked)
    run.terminal.result(_("{name} is remembered as it is now. Later checks tell what changed since.", name=name))
    left = "" if checked.checklist.holds else "Not all of it holds: what is wrong is still told as wrong."
    if left:
        run.terminal.message(left.strip())
    return 0


def _scan(run: Run) -> int:
    from exoalias.app.scan import scan

    name = run.args.name
    world = run.on(name)
    if not run.args.yes:
        question = _(
            "Start the scan “{suite}” on {origin}? It is a job on the instance; it changes no setting.",
            suite=SUITE,
            origin=world.book.get(name).origin,
        )
        run.terminal.confirm(question, what="A yes to starting the scan", how="Give it with --yes.")
    with run.stoppable():
        checked = scan(world, name, run.tell, run.control)
    found = world.journal.states.scan(name)
    run.result = {**documents.checked(checked), "scan": documents.plain(found)}
    row = checked.checklist.rows[-1]
    run.terminal.result(render.row(run.terminal, row))
    return 1 if found is not None and (found.findings or found.passed_over) else 0


DESIRED: Mapping[str, Callable[[Run], int]] = {"remember": _remember, "scan": _scan}
