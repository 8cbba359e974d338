"""The verb ``pin`` on the terminal: the account pinned for the delegated user, and another one, or none, after typing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exoalias.cli import documents
from exoalias.cli.terminal import clean
from exoalias.domain.problems import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from exoalias.cli.run import Run
    from exoalias.domain.target import Pin


def _pin(run: Run) -> int:
    from exoalias.app import pins

    args, name = run.args, run.args.name
    if args.remove and (args.object_id is not None or args.tenant is not None):
        raise UsageProblem(why="Either --remove or --object-id.")
    if args.tenant is not None and args.object_id is None:
        raise UsageProblem(why="--tenant goes with --object-id.")
    now = pins.pinned(run.world, name)
    if args.remove and now is not None:
        before = pins.remove_pin(run.world, name, _typed(run, now.account.object_id, "take this pin away", now))
        run.result = {"pin": None, "was": documents.plain(before)}
        run.terminal.result(f"Nobody is pinned for {name} any more.")
        return 0
    if args.remove:
        raise UsageProblem(why=f"No account is pinned for {name}.")
    if args.object_id is not None:
        meant = now.account.object_id if now is not None else args.object_id.strip().strip("{}").lower()
        typed = _typed(run, meant, f"pin {args.object_id} instead" if now is not None else f"pin {args.object_id}", now)
        made = pins.pin_by_hand(run.world, name, args.object_id, args.tenant or "", typed)
        run.result = {"pin": documents.plain(made), "was": documents.plain(now)}
        run.terminal.result(text(made, name))
        return 0
    run.result = {"pin": documents.plain(now)}
    run.terminal.result(text(now, name))
    return 0


def _typed(run: Run, object_id: str, does: str, now: Pin | None) -> str:
    """What the person types. A run that may not ask changes no pin: there is no option that stands in for it."""
    from exoalias.app.pins import LAST_CHARACTERS

    if now is not None and run.terminal.may_ask:
        run.terminal.message(text(now, run.args.name))
    question = f"Type {run.args.name}, or the last {LAST_CHARACTERS} characters of {object_id}, to {does}: "
    how = "Pins are changed and removed at a terminal or in the window, by a person."
    return run.terminal.line(question, what=f"A word of the person that {run.args.name} and this account are meant", how=how)


def text(pin: Pin | None, name: str) -> str:
    """The pin in a few lines."""
    if pin is None:
        return clean(f"No account is pinned for {name}. The next proven sign-in pins one.")
    by = f"by sign-in {pin.sign_in}" if pin.sign_in else "by hand"
    pairs = (
        ("pinned account", pin.account.object_id),
        ("tenant", pin.account.tenant_id),
        ("delegated user", pin.upn),
        ("known by", pin.tier.value),
        ("since", f"{pin.at:%Y-%m-%d %H:%M} UTC, {by}"),
    )
    return "\n".join(f"{word + ':':<16}{clean(said)}" for word, said in pairs if said)


DEEDS: Mapping[str, Callable[[Run], int]] = {"pin": _pin}
