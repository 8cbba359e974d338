"""The verb ``settings`` on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exoalias.adapters.wording import _
from exoalias.cli.terminal import clean

if TYPE_CHECKING:
    from collections.abc import Iterable

    from exoalias.cli.run import Run
    from exoalias.domain.ladder import Complaint, Resolved, Standing


def settings(run: Run) -> int:
    """Show every setting, or change the person's own."""
    from exoalias.app.settings import assignments, change, current

    said = assignments(run.args.setting)
    now = change(run.world, said) if said else current(run.world)
    run.result = document(now, str(run.world.user_settings))
    shown = [each for each in now.standings if not said or each.setting.name in said]
    run.terminal.result(text(shown))
    for complaint in now.complaints:
        run.terminal.message(remark(complaint))
    if not said:
        run.terminal.result(_("Yours are in {user_settings}.", user_settings=clean(str(run.world.user_settings))))
    return 0


def text(standings: Iterable[Standing]) -> str:
    """A line for each setting, and one for each value that doesn't count because of it."""
    lines: list[str] = []
    for each in standings:
        where = _("{where}, fixed", where=each.where) if each.fixed else each.where
        lines.append(clean(f"{each.setting.name:<16}{each.text}  ({where})"))
        lines += [
            clean(_("{it:<16}not {found_value}  ({where})", it="", found_value=each.setting.text(found.value), where=found.where))
            for found in each.overrules
        ]
    return "\n".join(lines)


def remark(complaint: Complaint) -> str:
    """What was given and doesn't count."""
    return _("Not counted: {complaint_words}", complaint_words=complaint.words)


def document(resolved: Resolved, file: str) -> dict[str, object]:
    """The same for --json."""
    return {
        "file": file,
        "settings": [
            {
                "name": each.setting.name,
                "value": each.setting.plain(each.value),
                "rung": each.rung.name.lower().replace("_", "-"),
                "where": each.where,
                "fixed": each.fixed,
                "variable": each.setting.variable,
                "takes": each.setting.takes,
                "overrules": [
                    {"value": each.setting.plain(found.value), "rung": found.rung.name.lower(), "where": found.where}
                    for found in each.overrules
                ],
            }
            for each in resolved.standings
        ],
        "complaints": [{"where": each.where, "name": each.name, "why": each.why} for each in resolved.complaints],
    }
