"""The terminal's way in: parse, do the verb, print, give the exit code."""

from __future__ import annotations

import os
import sys
from contextlib import closing
from typing import TYPE_CHECKING

from exoalias.app.speaking import speak_as_environment, speak_as_set
from exoalias.cli.parser import make_parser
from exoalias.domain.problems import Problem, Stopped

if TYPE_CHECKING:
    import argparse

    from exoalias.cli.run import Run, Window


def main(argv: list[str], window: Window) -> int:
    """Run the command line; *window* opens the window, which this layer doesn't know. Gives the exit code."""
    speak_as_environment()
    try:
        args = make_parser().parse_args(argv)
    except SystemExit as end:  # argparse has printed help, version or usage
        return int(end.code or 0)
    try:
        return _verb(args, window)
    except BrokenPipeError:  # whoever read our output has gone; nothing may be printed any more, at exit neither
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Stopped.exit_code


def _verb(args: argparse.Namespace, window: Window) -> int:
    from exoalias.cli.run import Run
    from exoalias.cli.terminal import Terminal

    terminal = Terminal(as_json=getattr(args, "json", False), may_ask=not args.non_interactive)
    run = Run(args, terminal, window)
    if args.verb:
        speak_as_set()
    if args.verb in {"", "simulate"}:  # the window notes for itself; a simulated far side is nobody's run
        code, problem = _ended(run)
    else:
        code, problem = _noted(run)
    if terminal.as_json and args.verb != "simulate":
        from exoalias.cli import documents

        indent = None if getattr(args, "lines", False) else 1
        terminal.document(documents.document(args.verb, code, run.result, problem, indent=indent))
    return code


def _ended(run: Run) -> tuple[int, Problem | None]:
    """How it ended, once that was said."""
    problem: Problem
    try:
        with closing(run):  # while an interrupt unwinds, not after: no connection is left to chance
            return _done(run), None
    except Problem as met:
        problem = met
    except KeyboardInterrupt:
        problem = Stopped(what="This run", done="What was done until then is in the journal.")
    run.terminal.problem(problem)
    return problem.exit_code, problem


def _noted(run: Run) -> tuple[int, Problem | None]:
    """The same, with a log of it; an error in the program ends it calmly."""
    from exoalias.cli.unexpected import EXIT_CODE, Guarded

    name = getattr(run.args, "name", "")
    with Guarded(run.terminal, run.args.verb, name if isinstance(name, str) else "") as guard:
        run.heard = guard.tell
        code, problem = _ended(run)
        if run.entered:
            guard.keep(run.world.settings.log_days)
        guard.ended(problem, code)
        return code, problem
    return EXIT_CODE, None


def _done(run: Run) -> int:
    args = run.args
    if not args.verb:
        needs_world = args.simulated is not None or bool(run.flags)
        return run.window(run.world if needs_world else None, None)
    if args.verb == "simulate":
        from exoalias.cli.simulate import simulate

        return simulate(args)
    from exoalias.cli.deeds import DEEDS

    return DEEDS[args.verb](run)
