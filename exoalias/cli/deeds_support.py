"""The verb ``support``: every byte is printed, then saved where a file was named."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from exoalias.adapters.wording import _
from exoalias.domain.problems import Problem, UsageProblem

if TYPE_CHECKING:
    from exoalias.app.support import Bundle
    from exoalias.app.world import World
    from exoalias.cli.run import Run


def support(run: Run) -> int:
    """Show the bundle; save it."""
    from exoalias.app.diagnostics import log_folder
    from exoalias.app.support import collect

    if len(run.args.file) > 1:
        raise UsageProblem(why="Name one file.")
    bundle = collect(_world(run), log_folder())
    run.result = {"files": [{"name": part.name, "bytes": len(part.content), "text": part.text} for part in bundle.parts]}
    _show(run, bundle)
    if run.args.file and not run.args.preview:
        path = Path(run.args.file[0])
        if not run.args.yes:
            question = _("Save these {parts} files to {path}?", parts=len(bundle.parts), path=path)
            run.terminal.confirm(question, what="A yes to saving the bundle", how="Look at it with --preview, then give --yes.")
        bundle.save(path)
        run.result["saved"] = str(path)
        run.terminal.message(_("Saved to {path}. Nothing was sent to anybody.", path=path))
    return 0


def _world(run: Run) -> World | None:
    """The world, or None where it can't even be opened: that is when a bundle is wanted most."""
    try:
        return run.world
    except Problem as problem:
        run.terminal.problem(problem)
        return None


def _show(run: Run, bundle: Bundle) -> None:
    for part in bundle.parts:
        run.terminal.result(f"{run.terminal.strong(f'=== {part.name} ({len(part.content)} bytes)')}\n{part.text}")
    for pseudonym, name in bundle.who:
        run.terminal.message(_("Only on this screen: {pseudonym} is {name}", pseudonym=pseudonym, name=name))
    run.terminal.message(_("Not in it: {left_out}", left_out=bundle.left_out))
