"""Changes gate, identity and authorize a thousand times, one slip each, and expects the tests to notice: mutate [FILE …].

``planted.py`` takes away whole guards that were thought of; this takes away what nobody thought of. A mutant is *killed* when a
test fails with it (or doesn't end), and *survives* when all pass. Exit code 1 where fewer than 90 % are killed.

One pytest session collects the tests; for each mutant it forks, gives the module what changed (code, defaults, constants), and
runs the tests that enter the changed function, quickest first, up to the first that fails. Every draw of the generated tests is
fixed, so that a second run finds the same.
"""

from __future__ import annotations

import argparse
import dataclasses
import difflib
import json
import os
import signal
import sys
import time
import types
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from _mutants import Mutant, mutants

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

ROOT = Path(__file__).resolve().parent.parent
FLOOR = 90.0  # per cent killed, of each file
FILES = ("exoalias/domain/gate.py", "exoalias/domain/identity.py", "exoalias/domain/authorize.py")
_DOMAIN = ("test_gate.py", "test_identity.py", "test_authorize.py", "test_gate_games.py", "test_gate_properties.py")
TESTS = tuple(f"tests/domain/{name}" for name in _DOMAIN)
AT_A_TIME = 2
LIMIT_S = 60.0  # of the processor, for one mutant; a loop without an end is noticed by it
_EXAMPLES = 25  # of each generated test; fewer than in the suite, so that what is killed here is killed there

# Mutants that no test can tell from the original, each with the reason. Not counted; a line that fits no mutant ends the run.
_GATE, _IDENTITY, _AUTHORIZE = (f"{file}::" for file in FILES)
_NO_WORDS = "what calls it asks only whether there are words; None are none either"
EQUIVALENT: dict[str, str] = {
    _GATE + "step: _verdict(terms, state, event.opinion) if terms.second_opinion else (state, ()) → "
    "_verdict(terms, state, event.opinion)": "without a second opinion no answer waits for one: nothing is done",
    _GATE + "step: terms.second_opinion → True": "the same",
    _GATE + "_initiator: wanted is not None and _in_a(state, event) and (event.method == 'GET') and (not addres… → "
    "_in_a(state, event) and event.method == 'GET' and (not addres…": "_paused has taken the same address apart before",
    _GATE + "_authorize: state.held or state.released_url → state.held": "it is set only once the sign-in is over",
    _GATE + "_microsoft_answered: …ess.repeated or wanted is None or (address.path != wanted.path) or (held is Non… → "
    "…ess.repeated or address.path != wanted.path or (held is Non…": "_paused has taken the same address apart before",
    _GATE
    + "_microsoft_answered: … != wanted.path) or (held is None) → … != wanted.path)": "what is held was taken apart to be held",
    _GATE + '_microsoft_answered: address.values("state") != held.values("state") or not address.value("state") → '
    "(address.values('state') != held.values('state'))": "a request without a state is never held",
    _GATE + "_verdict: not state.stopped or state.said is None or state.asked → "
    "(state.said is None or state.asked)": "they come and go together",
    _GATE + "_verdict: not state.stopped or state.said is None or state.asked → (not state.stopped or state.asked)": "the same",
    _GATE
    + "_lost: replace(state, stopped=\"\", said=None) → replace(state, stopped='')": "not looked at while nothing is stopped",
    _GATE + "_tick: state.started or 0.0 → state.started": "the first tick has set it; the rest is for the types",
    _GATE + "_tick: 0.0 → 1.0": "the same",
    _IDENTITY + "_once: \"a name is given twice\" → ''": "caught by its only caller, never shown",
    _IDENTITY + "read_client_info: True → False": "_BASE64URL let nothing through that b64decode would overlook",
    _IDENTITY + "read_client_info: …, altchars=b'-_', validate=True) → …, altchars=b'-_')": "the same",
    _IDENTITY + '_differs: "" → None': _NO_WORDS,
    _AUTHORIZE + '_misshapen: "" → None': _NO_WORDS,
    _AUTHORIZE + '_misdirected: "" → None': _NO_WORDS,
    _AUTHORIZE
    + "prompted: f\"login_hint={quote(upn, safe='')}\" → f\"login_hint={quote(upn, safe='else')}\"": "letters are safe anyway",
}

_MISTAKE = "this tool failed:"
_QUIET = ("-q", "-p", "no:cacheprovider", "-n", "0", "-o", "timeout=0", "-o", "faulthandler_timeout=0", "-W", "ignore")


# -- forks ---------------------------------------------------------------------------------------------------------------


@dataclass
class Pool:
    """So many forks at a time; each answers with one word of JSON, or with how it died."""

    at_a_time: int
    running: dict[int, tuple[int, Callable[[Any], None]]] = field(default_factory=dict)

    def start(self, work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        """Do that work in a fork, once there is room; *then* is told its answer, None where it gave none."""
        while len(self.running) >= self.at_a_time:
            self.wait()
        ours, theirs = os.pipe()
        child = os.fork()
        if child:
            os.close(theirs)
            self.running[child] = (ours, then)
            return
        os.close(ours)
        signal.setitimer(signal.ITIMER_PROF, LIMIT_S)
        try:
            said = work()
        except BaseException as error:  # noqa: BLE001 - a mistake of this tool, not a mutant that was noticed
            said = f"{_MISTAKE} {type(error).__name__}: {error}"
        os.write(theirs, json.dumps(said).encode())
        os._exit(0)

    def wait(self) -> None:
        """Let one of them end."""
        child, _ = os.wait()
        if child not in self.running:  # somebody else's in this process
            return
        ours, then = self.running.pop(child)
        with os.fdopen(ours, "rb") as answer:
            said = answer.read()
        then(json.loads(said) if said else None)

    def finish(self) -> None:
        """Let all of them end."""
        while self.running:
            self.wait()


# -- what a mutant is run with -------------------------------------------------------------------------------------------


def _module(file: str) -> str:
    return file.removesuffix(".py").replace("/", ".")


def _become(mutant: Mutant) -> None:
    """Give the module what changed. Its functions and classes stay the same objects, so whoever imported them has it too."""
    module = sys.modules[_module(mutant.file)]
    changed = types.ModuleType(module.__name__)
    changed.__dict__["__file__"] = module.__file__
    sys.modules[module.__name__] = changed  # dataclasses look their module up while it is made
    try:
        exec(compile(mutant.source, module.__file__ or "", "exec"), changed.__dict__)  # noqa: S102 - that is what this is for
    finally:
        sys.modules[module.__name__] = module
    for name in [name for name in vars(module) if name not in vars(changed)]:
        delattr(module, name)
    for name, new in vars(changed).items():
        old = vars(module).get(name)
        if isinstance(new, types.FunctionType | type):
            if new.__module__ == module.__name__ and isinstance(old, type(new)):
                _take_over(old, new)
        elif not name.startswith("__") and not isinstance(new, types.ModuleType) and repr(old) != repr(new):
            setattr(module, name, new)


def _take_over(old: Any, new: Any) -> None:  # noqa: ANN401 - a function, a property, or a class with either
    if isinstance(old, types.FunctionType) and isinstance(new, types.FunctionType):
        old.__code__, old.__defaults__, old.__kwdefaults__ = new.__code__, new.__defaults__, new.__kwdefaults__
    elif isinstance(old, property):
        _take_over(old.fget, new.fget)
    elif isinstance(old, type):
        if "__init__" in vars(new) and dataclasses.is_dataclass(new):  # where the defaults of its fields are
            old.__init__ = new.__init__  # type: ignore[misc]
        for name, inner in vars(new).items():
            mine = getattr(inner, "__module__", None) == new.__module__ and not name.startswith("__")
            if isinstance(inner, property) or (mine and name in vars(old)):
                _take_over(vars(old)[name], inner)


def _fix_draws() -> None:
    """Generated tests draw the same in every run, and a failing one isn't made small first."""
    from hypothesis import HealthCheck, Phase, settings

    phases = (Phase.explicit, Phase.generate)
    calm = list(HealthCheck)
    settings.register_profile(
        "mutants", settings.get_profile("ci"), max_examples=_EXAMPLES, phases=phases, suppress_health_check=calm
    )
    settings.load_profile("mutants")


@dataclass
class Loop:
    """A pytest plugin that runs the tests once, and then once for each mutant."""

    todo: list[Mutant] = field(default_factory=list)
    at_a_time: int = AT_A_TIME
    told: Callable[[Mutant, str], None] = print
    trouble: str = ""

    def pytest_sessionstart(self) -> None:
        """After tests/conftest.py, and before a test file is imported."""
        _fix_draws()

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Instead of running the tests."""
        pool, measured = Pool(1), list[Any]()
        pool.start(lambda: self._measure(session.items), measured.append)
        pool.finish()
        if not measured[0] or measured[0]["failed"]:
            self.trouble = f"without a mutant: {(measured[0] or {}).get('failed', 'no answer in time')}"
            return True
        pool = Pool(self.at_a_time)
        for mutant in self.todo:
            entering = measured[0]["entering"].get("" if mutant.at_import else f"{_module(mutant.file)}:{mutant.where}", [])
            chosen = [session.items[index] for index in entering]
            pool.start(lambda m=mutant, c=chosen: self._run(m, c), lambda said, m=mutant: self.told(m, said or "no end"))  # type: ignore[misc]
        pool.finish()
        return True

    @staticmethod
    def _measure(items: list[pytest.Item]) -> dict[str, Any]:
        """Which tests enter which function, quickest first; what fails with nothing changed."""
        entering: dict[str, list[tuple[float, int]]] = {}
        names = {str(ROOT / file): _module(file) for file in FILES}
        signal.setitimer(signal.ITIMER_PROF, 0)
        failed = ""
        for index, item in enumerate(items):
            seen: set[str] = set()

            def look(frame: types.FrameType, _event: str, _argument: object, seen: set[str] = seen) -> None:
                if frame.f_code.co_filename in names:
                    seen.add(f"{names[frame.f_code.co_filename]}:{frame.f_code.co_qualname.partition('.<')[0]}")

            began = time.monotonic()
            sys.settrace(look)
            fails = _fails(item, items[index + 1] if index + 1 < len(items) else None)
            sys.settrace(None)
            failed = failed or (item.nodeid if fails else "")
            for name in (*seen, ""):
                entering.setdefault(name, []).append((time.monotonic() - began, index))
        return {"failed": failed, "entering": {name: [i for _, i in sorted(of)] for name, of in entering.items()}}

    @staticmethod
    def _run(mutant: Mutant, items: list[pytest.Item]) -> str:
        try:
            _become(mutant)
        except Exception as error:  # noqa: BLE001 - whatever it is: the file can't even be imported, and nobody could overlook that
            return f"killed by its import ({type(error).__name__})"
        for index, item in enumerate(items):
            if _fails(item, items[index + 1] if index + 1 < len(items) else None):
                return f"killed by {item.nodeid}"
        return "survived"


def _fails(item: pytest.Item, following: pytest.Item | None) -> bool:
    from _pytest.runner import runtestprotocol

    return any(report.failed for report in runtestprotocol(item, log=False, nextitem=following))


# -- figures -------------------------------------------------------------------------------------------------------------


@dataclass
class Figures:
    """What became of each mutant."""

    outcomes: dict[str, tuple[Mutant, str]] = field(default_factory=dict)

    def told(self, mutant: Mutant, said: str) -> None:
        """One more is known."""
        if said.startswith(_MISTAKE):
            raise RuntimeError(f"{mutant.name}: {said}")
        self.outcomes[mutant.name] = (mutant, said)
        if len(self.outcomes) % 50 == 0:
            print(f"  {len(self.outcomes)} run", file=sys.__stderr__, flush=True)

    def of(self, file: str) -> tuple[int, list[Mutant]]:
        """How many of that file were run, and which survived."""
        here = [(mutant, said) for mutant, said in self.outcomes.values() if mutant.file == file]
        return len(here), sorted((m for m, said in here if said == "survived"), key=lambda m: m.line)


def _diff(mutant: Mutant) -> str:
    before = (ROOT / mutant.file).read_text(encoding="utf-8").splitlines()
    lines = list(difflib.unified_diff(before, mutant.source.splitlines(), n=0, lineterm=""))[3:]
    return "\n".join(f"      {line}" for line in lines)


def _judge(figures: Figures, files: tuple[str, ...], excluded: int, seconds: float) -> int:
    """Print what survived and a line for each file; 1 where one is below the floor."""
    below = 0
    for file in files:
        _, survived = figures.of(file)
        for mutant in survived:
            print(f"  SURVIVED {file}:{mutant.line}  {mutant.name.partition('::')[2]}\n{_diff(mutant)}")
    for file in files:
        run, survived = figures.of(file)
        score = 100 * (run - len(survived)) / run if run else 100.0
        below |= score < FLOOR
        said = f"{run:5} mutants, {run - len(survived):5} killed, {len(survived):4} survived: {score:6.2f} %"
        print(f"{file:32} {said}" + ("  BELOW" if score < FLOOR else ""))
    ended = sum(said == "no end" for _, said in figures.outcomes.values())
    print(f"{excluded} excluded as equivalent, {ended} killed by the time limit, {seconds:.0f} s (floor {FLOOR:.0f} %)")
    return int(below)


def planned(files: tuple[str, ...]) -> list[Mutant]:
    """The mutants of these files."""
    return [m for file in files for m in mutants(file, (ROOT / file).read_text(encoding="utf-8"))]


def main(argv: list[str] | None = None) -> int:
    """Make them, run them, judge."""
    parser = argparse.ArgumentParser(prog="dev.py mutate", description=__doc__)
    parser.add_argument("files", nargs="*", metavar="FILE", help=f"of {', '.join(FILES)}; all of them without")
    parser.add_argument("--processes", type=int, default=AT_A_TIME)
    parser.add_argument("--line", type=int, help="only the mutants of that line")
    asked = parser.parse_args(argv)
    files = tuple(file for file in FILES if not asked.files or any(file.endswith(name) for name in asked.files))
    if not files or not hasattr(os, "fork"):
        print("no such file among those it mutates" if not files else "this system can't fork", file=sys.stderr)
        return 2
    everyone = planned(files)
    stale = {name for name in EQUIVALENT if name.partition("::")[0] in files} - {mutant.name for mutant in everyone}
    if stale:
        print("equivalent to nothing any more:", *sorted(stale), sep="\n  ", file=sys.stderr)
        return 2
    todo = [m for m in everyone if m.name not in EQUIVALENT and asked.line in {None, m.line}]
    return _run_all(todo, files, asked.processes, len(everyone) - len(todo) if asked.line is None else 0)


def _run_all(todo: list[Mutant], files: tuple[str, ...], processes: int, excluded: int) -> int:
    import pytest

    os.chdir(ROOT)
    sys.path[:0] = [str(ROOT)]
    figures, start = Figures(), time.monotonic()
    loop = Loop(todo, processes, figures.told)
    if pytest.main([*_QUIET, *TESTS], plugins=[loop]) or loop.trouble:
        print(f"the tests themselves do not pass {loop.trouble}", file=sys.stderr)
        return 2
    return _judge(figures, files, excluded, time.monotonic() - start)


if __name__ == "__main__":
    if os.environ.get("PYTHONHASHSEED") != "0":  # sets in one order, so that a second run finds the same
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, "PYTHONHASHSEED": "0"})  # noqa: S606 - ourselves
    sys.exit(main())
