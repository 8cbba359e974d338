"""Verbs for many instances: check side by side, the lock of production, and lists to hand on."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from exoalias.adapters.wording import _
from exoalias.cli import documents, render
from exoalias.cli.progress_line import ProgressLine
from exoalias.domain.events import InstanceChecked, ManyProgress
from exoalias.domain.problems import Problem, UsageProblem
from exoalias.domain.words import say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from exoalias.app.exchange import Line
    from exoalias.cli.run import Run
    from exoalias.domain.events import Checked, Event


def _check(run: Run) -> int:
    if run.args.lines and not run.args.json:
        raise UsageProblem(why="--lines goes with --json: one JSON document for each instance, a line each.")
    names = _names(run)
    return _one(run, names[0]) if len(names) == 1 and not run.args.lines else _Many(run, names).check()


def _one(run: Run, name: str) -> int:
    from exoalias.app.check import check

    try:
        checked = check(run.on(name), name, run.tell, run.control)
    except Problem as problem:
        run.terminal.problem(problem)
        run.result = {"instances": [_document(name, problem.exit_code, None, problem)]}
        return problem.exit_code
    code = 0 if checked.checklist.holds else 1
    run.result = {"instances": [_document(name, code, checked, None)]}
    run.terminal.result(render.checklist(run.terminal, checked.checklist))
    return code


def _names(run: Run) -> tuple[str, ...]:
    """The instances meant; what can't be read in the customers' files is told."""
    from exoalias.app.many import chosen

    for problem in run.world.book.problems():
        run.terminal.problem(problem)
    filtered = run.args.customer is not None or run.args.kind is not None
    if run.args.name and (run.args.all or filtered):
        raise UsageProblem(why="Give names, or --all, --customer or --kind, not both.")
    if run.args.name:
        for name in run.args.name:
            run.world.book.get(name)
        return tuple(dict.fromkeys(run.args.name))
    known = chosen(run.world, run.args.customer, run.args.kind)
    if run.args.all or filtered or len(known) == 1:
        return known
    raise UsageProblem(why=say("Say which one: {known}, or --all.", known=", ".join(known)))


class _Many:
    """Several instances: a line each as they come; with --json their documents, with --lines each at once."""

    def __init__(self, run: Run, names: tuple[str, ...]) -> None:
        self._run = run
        self._names = names
        self._line = ProgressLine(run.terminal)
        self._tell = run.tell
        self._codes: dict[str, int] = {}
        self._documents: dict[str, dict[str, object]] = {}

    def check(self) -> int:
        """Check them; the worst exit code."""
        from exoalias.app.many import check_many

        run = self._run
        ready = [name for name in self._names if self._is_ready(name)]
        with run.stoppable():
            looked = check_many(run.world, ready, self._told, run.control)
        self._line.clear()
        left = [one for one in looked if one.instance not in self._codes]
        for one in left:
            self._keep(InstanceChecked(one.instance, one.exit_code, None, one.problem))
        if left:
            run.terminal.message(_("Not checked: {left}.", left=", ".join(one.instance for one in left)))
        return self._ended()

    def _is_ready(self, name: str) -> bool:
        """A run that leaves the keyring alone is given each one's secret before the first is checked."""
        try:
            self._run.on(name)
        except Problem as problem:
            self._take(InstanceChecked(name, problem.exit_code, None, problem))
            return False
        return True

    def _told(self, event: Event) -> None:
        if isinstance(event, ManyProgress):
            self._line.show(event)
            return
        self._line.clear()
        if isinstance(event, InstanceChecked):
            self._take(event)
        else:
            self._tell(event)

    def _take(self, event: InstanceChecked) -> None:
        self._keep(event)
        terminal = self._run.terminal
        if event.checked is not None:
            terminal.result(render.one_of_many(terminal, event.instance, event.checked.checklist))
        elif event.problem is not None:
            terminal.result(render.lost_one(terminal, event.instance, event.problem))

    def _keep(self, event: InstanceChecked) -> None:
        self._codes[event.instance] = event.exit_code
        if not self._run.terminal.as_json:
            return
        document = _document(event.instance, event.exit_code, event.checked, event.problem)
        if self._run.args.lines:
            self._run.terminal.document(documents.line("check", {"instance": document}))
        else:
            self._documents[event.instance] = document

    def _ended(self) -> int:
        counts = Counter("hold" if code == 0 else "findings" if code == 1 else "unchecked" for code in self._codes.values())
        said = {
            "checked": len(self._codes) - counts["unchecked"],
            **{word: counts[word] for word in ("hold", "findings", "unchecked")},
        }
        self._run.result = {"summary": said}
        if not self._run.args.lines:
            self._run.result["instances"] = [self._documents[name] for name in self._names if name in self._documents]
        self._run.terminal.result(
            _(
                "\n{hold} hold, {findings} with findings, {unchecked} could not be checked.",
                hold=counts["hold"],
                findings=counts["findings"],
                unchecked=counts["unchecked"],
            )
        )
        return max(self._codes.values(), default=0)


def _document(name: str, code: int, checked: Checked | None, problem: Problem | None) -> dict[str, object]:
    told = None if problem is None else {"code": problem.code, "says": problem.words, "remedy": problem.remedy}
    return {"name": name, "exit_code": code, "problem": told, **(documents.checked(checked) if checked is not None else {})}


# -- the lock of production ----------------------------------------------------------------------------------------------


def _unlock(run: Run) -> int:
    from exoalias.app.read_only import unlock

    name = run.args.name
    entry = run.world.book.get(name)
    typed = run.args.typed
    if typed is None:
        question = _("{name} ({origin}) is production. Type its name to unlock it: ", name=name, origin=entry.origin)
        typed = run.terminal.line(
            question, what=say("The name of {name}", name=name), how=say("Give it with --typed {name}.", name=name)
        )
    until = unlock(run.world, name, typed, run.args.minutes)
    run.result = {"name": name, "until": until.isoformat()}
    run.terminal.result(
        _(
            "{name} may be written to until {until:%Y-%m-%d %H:%M} UTC. exoalias lock {name} ends it sooner.",
            name=name,
            until=until,
        )
    )
    return 0


def _lock(run: Run) -> int:
    from exoalias.app.read_only import lock

    lock(run.world, run.args.name)
    run.result = {"name": run.args.name}
    run.terminal.result(_("{args_name} is read-only.", args_name=run.args.name))
    return 0


# -- lists to hand on ----------------------------------------------------------------------------------------------------


def _export(run: Run) -> int:
    from exoalias.app.exchange import export_list, write_list

    text = export_list(run.world, run.args.customer)
    if not run.args.file:
        run.result = {"list": text}
        if not run.terminal.as_json:
            run.terminal.document(text.rstrip("\n"))
        return 0
    file = Path(run.args.file[0])
    try:
        write_list(file, text)
    except OSError as error:
        raise UsageProblem(why=say("{file} can't be written: {strerror}.", file=file, strerror=error.strerror)) from error
    run.result = {"file": str(file)}
    run.terminal.result(_("{file} holds the list. There are no secrets in it.", file=file))
    return 0


def _import(run: Run) -> int:
    from exoalias.app.exchange import import_list, read_list

    name = run.args.file
    found = read_list(run.world, _text_of(name), where=name, replacing=run.args.replace)
    run.result = {"lines": documents.plain(found.lines)}
    for line in found.lines:
        run.terminal.result(_shown(line))
    if run.args.dry_run:
        run.terminal.message("Nothing was taken: this was a dry run.")
        return 2 if found.refused else 0
    import_list(run.world, found)
    counts = Counter(line.does for line in found.lines)
    run.terminal.result(
        _(
            "{added} added, {changed} changed, {same} as they were.",
            added=counts["added"],
            changed=counts["changed"],
            same=counts["same"],
        )
    )
    return 0


def _text_of(name: str) -> str:
    try:
        return sys.stdin.read() if name == "-" else Path(name).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageProblem(why=say("{name} can't be read: {error}.", name=name, error=error)) from error


def _shown(line: Line) -> str:
    return f"{line.does:<8} {line.name}{f': {line.why}' if line.why else ''}"


DEEDS: Mapping[str, Callable[[Run], int]] = {
    "check": _check,
    "unlock": _unlock,
    "lock": _lock,
    "export": _export,
    "import": _import,
}
