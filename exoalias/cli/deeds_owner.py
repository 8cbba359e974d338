"""The verb ``owner``: the script is printed for the admin to read and run; its answer is read from a file or standard input."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from exoalias.adapters.wording import _
from exoalias.cli import documents, render
from exoalias.domain.checklist import Status
from exoalias.domain.problems import AnswerNotUsable, UsageProblem
from exoalias.domain.words import say

if TYPE_CHECKING:
    from exoalias.cli.run import Run

HOW = (
    "Read the script, then run it on the instance as an admin: System Definition, Scripts - Background, scope global, with "
    "“Execute in sandbox” where that lets it read. ServiceNow advises against free scripts on production. Then give the line "
    "that begins with exoalias-answer to exoalias owner {name} --answer -."
)
_MOST = 200_000  # characters of an answer


def owner(run: Run) -> int:
    """Print the script, or compare an answer: 0 it is the delegated user's, 1 it is not, or it can't be told."""
    from exoalias.app.owner import script_for, take_answer

    name, asked = run.args.name, run.args.answer
    if bool(asked) == bool(run.args.credential):
        raise UsageProblem(why="Name a --credential to get its script, or an --answer to compare.")
    if not asked:
        script = script_for(run.on(name), name, run.args.credential, run.tell, run.control)
        run.result = {"script": script}
        run.terminal.result(script)
        run.terminal.message(_(HOW, name=name))
        return 0
    checked = take_answer(run.on(name), name, _pasted(name, asked), run.tell, run.control)
    run.result = documents.checked(checked)
    rows = [row for row in checked.checklist.rows if any(f.code == "credential.instance-answer" for f in row.findings)]
    for row in rows:
        run.terminal.result(render.row(run.terminal, row))
    found = [f for row in rows for f in row.findings if f.code == "credential.instance-answer"]
    return 0 if found and all(finding.status is Status.HOLDS for finding in found) else 1


def _pasted(name: str, asked: str) -> str:
    if asked == "-":
        return sys.stdin.read(_MOST) if sys.stdin is not None else ""
    try:
        with Path(asked).open(encoding="utf-8", errors="replace") as file:
            return file.read(_MOST)
    except OSError as error:
        raise AnswerNotUsable(instance=name, why=say("the file can't be read ({strerror}).", strerror=error.strerror)) from error
