"""What each verb does on the terminal: call the app, print, give the exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exoalias.adapters.wording import _
from exoalias.cli import documents, render
from exoalias.cli.deeds_desired import DESIRED
from exoalias.cli.deeds_explain import explain
from exoalias.cli.deeds_instances import DEEDS as INSTANCES
from exoalias.cli.deeds_many import DEEDS as MANY
from exoalias.cli.deeds_owner import owner
from exoalias.cli.deeds_pin import DEEDS as PIN
from exoalias.cli.deeds_proxy import DEEDS as PROXY
from exoalias.cli.deeds_settings import settings
from exoalias.cli.deeds_support import support

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from exoalias.cli.run import Run
    from exoalias.domain.events import Checked


def _target(run: Run) -> int:
    from exoalias.app.choose import candidates, set_target

    said = ("delegated_user", "object_id", "mail", "profile", "public_client_id")
    named = {what: getattr(run.args, what) for what in said if getattr(run.args, what) is not None}
    name = run.args.name
    if named:
        target = set_target(run.on(name), name, run.tell, run.control, **named)
        run.result = {"target": documents.plain(target)}
        run.terminal.result(render.target(target, name))
        return 0
    target = run.world.target(name)
    run.terminal.result(render.target(target, name))
    found = candidates(run.on(name), name, run.tell, run.control)
    run.result = {"target": documents.plain(target), "candidates": documents.plain(found)}
    run.terminal.result(
        _("\nOAuth entity profiles (* could be it; choose with --profile):\n{found}", found=render.candidates(found))
    )
    return 0


def _plan(run: Run) -> int:
    from exoalias.app.check import check

    checked = check(run.on(run.args.name), run.args.name, run.tell, run.control)
    run.result = documents.checked(checked)
    run.terminal.result(render.plan(checked.plan))
    return _code(checked)


def _apply(run: Run) -> int:
    from exoalias.app.apply import apply
    from exoalias.app.check import check

    name, terminal = run.args.name, run.terminal
    with run.stoppable():
        checked = check(run.on(name), name, run.tell, run.control)
        run.result = documents.checked(checked)
        plan = checked.plan.repaired if run.args.repair and checked.plan.repaired is not None else checked.plan
        terminal.result(render.plan(plan))
        if plan.writes:
            if not run.args.yes:
                count = len(plan.writes)
                question = _(
                    "Write {count} on {origin}?",
                    count=_("this field") if count == 1 else _("these {count} fields", count=count),
                    origin=plan.origin,
                )
                terminal.confirm(question, what="A yes to the plan", how="Look at exoalias plan, then give it with --yes.")
            checked = apply(run.world, name, plan, run.tell, run.control)
            run.result = documents.checked(checked)
        asked = [step.credential_name for step in checked.plan.sign_ins]
        if run.args.sign_in and asked:
            checked = _signed_in(run, asked)
    terminal.result(render.checklist(terminal, checked.checklist))
    return _code(checked)


def _sign_in(run: Run) -> int:
    with run.stoppable():
        checked = _signed_in(run, [run.args.credential])
    run.terminal.result(render.checklist(run.terminal, checked.checklist))
    return _code(checked)


def _signed_in(run: Run, credentials: list[str]) -> Checked:
    from exoalias.app.sign_in import sign_in

    checked = sign_in(run.on(run.args.name), run.args.name, credentials, run.tell, run.control)
    run.result = documents.checked(checked)
    return checked


def _undo(run: Run) -> int:
    from exoalias.app.apply import undo
    from exoalias.app.written import step_of, undoable

    name = run.args.name
    steps = [step_of(entry) for entry in undoable(run.world.journal.entries(name))]
    for step in steps:
        run.terminal.result(f"{step.record_name}: {step.after_shown or 'nothing'} → {step.before_shown or 'nothing'}")
    if steps and not run.args.yes:
        run.terminal.confirm("Put this back?", what="A yes to putting this back", how="Give it with --yes.")
    checked = undo(run.on(name), name, run.tell, run.control)
    run.result = documents.checked(checked)
    run.terminal.result(render.checklist(run.terminal, checked.checklist))
    return 0


def _journal(run: Run) -> int:
    run.world.book.get(run.args.name)
    if run.args.on is not None:
        return _on_day(run)
    entries = run.world.journal.entries(run.args.name)
    run.result = {"entries": documents.plain(entries)}
    run.terminal.result(render.journal(entries))
    return 0


def _on_day(run: Run) -> int:
    from exoalias.app.history import day_of, told_of

    day = day_of(run.args.on)
    told = told_of(run.world, run.args.name, day)
    run.result = {"on": day.isoformat(), "credentials": [documents.on_day(each) for each in told]}
    run.terminal.result(render.on_day(told))
    return 0


def _doctor(run: Run) -> int:
    from exoalias.app.doctor import doctor

    found = doctor(run.world)
    run.result = {"probes": documents.plain(found)}
    run.terminal.result(render.probes(run.terminal, found))
    return 1 if any(probe.result == "fail" for probe in found) else 0


def _demo(run: Run) -> int:
    from exoalias.cli.demo import demo

    return demo(run)


def _code(checked: Checked) -> int:
    return 0 if checked.checklist.holds else 1


DEEDS: Mapping[str, Callable[[Run], int]] = {
    **INSTANCES,
    "target": _target,
    "plan": _plan,
    "apply": _apply,
    "sign-in": _sign_in,
    "undo": _undo,
    "journal": _journal,
    "settings": settings,
    "explain": explain,
    "owner": owner,
    "doctor": _doctor,
    "support": support,
    "demo": _demo,
    **MANY,
    **DESIRED,
    **PROXY,
    **PIN,
}
