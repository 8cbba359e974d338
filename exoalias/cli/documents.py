"""Values of the domain as JSON documents. Their shape is a promise: SCHEMA counts its versions."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING

from exoalias import __version__

if TYPE_CHECKING:
    from exoalias.app.history import Told
    from exoalias.domain.checklist import Checklist
    from exoalias.domain.events import Checked
    from exoalias.domain.plan import Plan
    from exoalias.domain.problems import Problem

SCHEMA = 1


def document(verb: str, exit_code: int, result: object, problem: Problem | None = None, *, indent: int | None = 1) -> str:
    """The one document a run with --json prints; with ``indent=None`` on one line."""
    told = None if problem is None else {"code": problem.code, "says": problem.words, "remedy": problem.remedy}
    whole = {"schema": SCHEMA, "version": __version__, "verb": verb, "exit_code": exit_code, "problem": told, "result": result}
    return json.dumps(whole, ensure_ascii=False, indent=indent)


def line(verb: str, result: dict[str, object]) -> str:
    """A part of the result on a line of its own, while the run goes on."""
    return json.dumps({"schema": SCHEMA, "version": __version__, "verb": verb, **result}, ensure_ascii=False)


def checked(value: Checked) -> dict[str, object]:
    """A checklist and the plan that follows from it."""
    return {"checklist": checklist(value.checklist), "plan": plan(value.plan)}


def checklist(value: Checklist) -> dict[str, object]:
    """The checklist with its rows' statuses."""
    rows = [{**_object(row), "status": row.status.value} for row in value.rows]
    return {**_object(value), "rows": rows, "holds": value.holds}


def plan(value: Plan) -> dict[str, object]:
    """The steps with their kinds, and the plan's digest."""
    steps = [{"kind": type(step).__name__, **_object(step)} for step in value.steps]
    repaired = None if value.repaired is None else plan(value.repaired)
    blocked = list(value.blocked)
    return {"origin": value.origin, "digest": value.digest, "steps": steps, "blocked": blocked, "repaired": repaired}


def plain(value: object) -> object:
    """Any frozen value as JSON has it: enums by value, times in ISO 8601."""
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, datetime):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return _object(value)
    if isinstance(value, tuple) and (names := getattr(value, "_fields", ())):
        return {name: plain(getattr(value, name)) for name in names}
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    return value if value is None or isinstance(value, (str, int, float, bool)) else str(value)


def on_day(told: Told) -> dict[str, object]:
    """Whose token a credential had on a day, and what that rests on."""
    answer = told.answer
    said = {"credential": told.name, "record": answer.credential, "verdict": answer.verdict.value, "proven": answer.proven}
    return {**said, "says": answer.says, "sign_in": plain(answer.proof)}


def _object(value: object) -> dict[str, object]:
    return {f.name: plain(getattr(value, f.name)) for f in fields(value)}  # type: ignore[arg-type] # dataclasses only
