"""What each verb does on the terminal: call the app, print, give the exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exoalias.cli import documents, render
from exoalias.cli.deeds_many import DEEDS as MANY
from exoalias.cli.deeds_settings import settings
from exoalias.cli.deeds_support import support

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from exoalias.cli.run import Run
    from exoalias.domain.events import Checked


def _instance_add(run: Run) -> int:
    from exoalias.app.instances import add, keeps_secrets

    # Where nothing is kept, the password would be gone with this very command: the next ones ask for it.
    secret = None if run.args.this_run_only else run.ask_secret(f"Password of {run.args.user}: ")
    entry = add(run.world, run.args.name, run.args.url, run.args.user, secret)
    run.result = {"name": entry.name, "origin": entry.origin, "user": entry.user}
    run.terminal.result(f"{entry.name} is {entry.origin}, user {entry.user}.")
    if keeps_secrets(run.world):
        run.terminal.result(f"The password is kept by {run.world.vault.describe()}.")
    return 0


def _instance_list(run: Run) -> int:
    from exoalias.app.instances import listing

    entries = listing(run.world)
    run.result = {"instances": documents.plain(entries)}
    for entry in entries:
        user = entry.delegated_user
        run.terminal.result(f"{entry.name}  {entry.origin}  {user.upn if user else 'no delegated user yet'}")
    if not entries:
        run.terminal.result("No instance is known yet: exoalias instance add NAME --url URL --user USER")
    return 0


def _instance_remove(run: Run) -> int:
    from exoalias.app.instances import remove

    name = run.args.name
    entry = run.world.book.get(name)
    if not run.args.yes:
        question = f"Forget {name} ({entry.origin}) with its password, proofs and journal?"
        run.terminal.confirm(question, what=f"A yes to forgetting {name}", how="Give it with --yes.")
    remove(run.world, name)
    run.result = {"removed": name}
    run.terminal.result(f"{name} is forgotten. Nothing was changed on {entry.origin}.")
    return 0


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
    run.terminal.result(f"\nOAuth entity profiles (* could be it; choose with --profile):\n{render.candidates(found)}")
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
        terminal.result(render.plan(checked.plan))
        if checked.plan.writes:
            if not run.args.yes:
                count = len(checked.plan.writes)
                question = f"Write {'this field' if count == 1 else f'these {count} fields'} on {checked.plan.origin}?"
                terminal.confirm(question, what="A yes to the plan", how="Look at exoalias plan, then give it with --yes.")
            checked = apply(run.world, name, checked.plan, run.tell, run.control)
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
    entries = run.world.journal.entries(run.args.name)
    run.result = {"entries": documents.plain(entries)}
    run.terminal.result(render.journal(entries))
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
    "instance add": _instance_add,
    "instance list": _instance_list,
    "instance remove": _instance_remove,
    "target": _target,
    "plan": _plan,
    "apply": _apply,
    "sign-in": _sign_in,
    "undo": _undo,
    "journal": _journal,
    "settings": settings,
    "doctor": _doctor,
    "support": support,
    "demo": _demo,
    **MANY,
}
