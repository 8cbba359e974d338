"""The verb ``pin`` on the terminal: the account pinned for the delegated user, and another one, or none, after typing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exoalias.adapters.wording import _
from exoalias.cli import documents
from exoalias.cli.terminal import clean
from exoalias.domain.problems import UsageProblem
from exoalias.domain.words import say

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
        run.terminal.result(_("Nobody is pinned for {name} any more.", name=name))
        return 0
    if args.remove:
        raise UsageProblem(why=say("No account is pinned for {name}.", name=name))
    if args.object_id is not None:
        meant = now.account.object_id if now is not None else args.object_id.strip().strip("{}").lower()
        typed = _typed(
            run,
            meant,
            _("pin {object_id} instead", object_id=args.object_id)
            if now is not None
            else _("pin {object_id}", object_id=args.object_id),
            now,
        )
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
    question = _(
        "Type {args_name}, or the last {last_characters} characters of {object_id}, to {does}: ",
        args_name=run.args.name,
        last_characters=LAST_CHARACTERS,
        object_id=object_id,
        does=does,
    )
    how = "Pins are changed and removed at a terminal or in the window, by a person."
    return run.terminal.line(
        question, what=say("A word of the person that {args_name} and this account are meant", args_name=run.args.name), how=how
    )


def text(pin: Pin | None, name: str) -> str:
    """The pin in a few lines."""
    if pin is None:
        return clean(_("No account is pinned for {name}. The next proven sign-in pins one.", name=name))
    by = _("by sign-in {sign_in}", sign_in=pin.sign_in) if pin.sign_in else _("by hand")
    pairs = (
        ("pinned account", pin.account.object_id),
        ("tenant", pin.account.tenant_id),
        ("delegated user", pin.upn),
        ("known by", pin.tier.value),
        ("since", _("{at:%Y-%m-%d %H:%M} UTC, {by}", at=pin.at, by=by)),
    )
    return "\n".join(f"{word + ':':<16}{clean(said)}" for word, said in pairs if said)


DEEDS: Mapping[str, Callable[[Run], int]] = {"pin": _pin}
