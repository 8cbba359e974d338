"""Values of the domain as text for a terminal of 80 columns."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from exoalias.adapters.wording import _
from exoalias.cli.terminal import clean
from exoalias.domain.checklist import Act, Status
from exoalias.domain.plan import Advise, SetField, SignIn, SwitchScope

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from exoalias.adapters.keeping.journal import Entry
    from exoalias.app.doctor import Probe
    from exoalias.app.history import Told
    from exoalias.cli.terminal import Terminal
    from exoalias.domain.candidates import Candidate
    from exoalias.domain.checklist import Checklist, Finding, Row
    from exoalias.domain.plan import Plan, Step
    from exoalias.domain.problems import Problem
    from exoalias.domain.target import Target

WIDTH = 78
_STATUS_WIDTH = 16  # "– does not apply"
_QUIET = {Status.HOLDS, Status.NOT_APPLICABLE}
_TELLING = {
    "since.changes",
    "afterwards.scan",
    "instance.signed-in",
    "credential.expiry",
    "credential.owner",
}  # what was found is worth a line though it holds
_COUNTED = {
    Status.HOLDS: "hold",
    Status.NEEDS_YOU: "need you",
    Status.WRONG: "wrong",
    Status.CANNOT_TELL: "cannot be told",
    Status.ADVICE: "advice",
}


def checklist(terminal: Terminal, value: Checklist, *, findings_only: bool = False) -> str:
    """The checklist: a line for what holds, a paragraph for what doesn't. *findings_only*: just what is left to do."""
    lines = [
        terminal.strong(f"{value.instance} · {value.origin}"),
        _("checked {taken_at:%Y-%m-%d %H:%M:%S} UTC", taken_at=value.taken_at),
    ]
    group = None
    for row in (row for row in value.rows if not findings_only or row.status.is_finding):
        if row.group is not group:
            group = row.group
            lines += ["", terminal.strong(_(group.value))]
        lines += _row(terminal, row, findings_only=findings_only)
    lines += [
        *(("", *(_("note: {note}", note=clean(note)) for note in value.notes)) if value.notes else ()),
        "",
        _summary(value),
    ]
    command = _command(value)
    lines.append(
        _("Next: {label}{command}", label=_(value.next.label), command=f"  ({command})" if command else "")
        if not value.holds
        else _("All holds.")
    )
    return "\n".join(lines)


def one_of_many(terminal: Terminal, name: str, value: Checklist) -> str:
    """One instance in a line: its worst status, its name, what is left to do."""
    from exoalias.app.many import summary

    status = value.status
    return f"{terminal.status(status, _STATUS_WIDTH)} {clean(name)}: {summary(value)}"


def lost_one(terminal: Terminal, name: str, problem: Problem) -> str:
    """One instance that could not be checked, and what to do."""
    lines = [f"{terminal.status(Status.CANNOT_TELL, _STATUS_WIDTH)} {clean(name)}: {clean(problem.words)}"]
    return "\n".join([*lines, *_wrapped(clean(problem.remedy), " " * (_STATUS_WIDTH + 1))])


def _row(terminal: Terminal, row: Row, *, findings_only: bool) -> Iterator[str]:
    yield from _wrapped(clean(row.title), "  ")
    for finding in (f for f in row.findings if not findings_only or f.status.is_finding):
        first, *rest = textwrap.wrap(clean(finding.title), WIDTH - _STATUS_WIDTH - 5) or [""]
        yield f"    {terminal.status(finding.status, _STATUS_WIDTH)} {first}"
        yield from (" " * (_STATUS_WIDTH + 5) + line for line in rest)
        if finding.status not in _QUIET:
            yield from _explained(finding)
        elif finding.code in _TELLING and finding.status is Status.HOLDS:
            yield from _wrapped(clean(finding.found), " " * (_STATUS_WIDTH + 5))


def _explained(finding: Finding) -> Iterator[str]:
    pairs = [(_("found"), finding.found), (_("should be"), finding.expected), (_("why"), finding.why), (_("do"), finding.remedy)]
    pairs += [(_("page"), f"{s.title} {s.url}") for s in finding.sources]
    for word, text in pairs:
        if text:
            yield from _wrapped(clean(text), f"      {word + ':':<11}")
    if finding.action and finding.action.act is Act.COPY:
        yield from (
            f"      {_('copy')}:",
            *clean(finding.action.text).splitlines(),
        )  # whole lines from the edge: to be selected and run


def _wrapped(text: str, head: str) -> Iterator[str]:
    rest = " " * len(head)
    for number, line in enumerate(text.splitlines()):
        yield from textwrap.wrap(
            line,
            WIDTH,
            initial_indent=rest if number else head,
            subsequent_indent=rest,
            break_long_words=False,
            break_on_hyphens=False,
        )


def _summary(value: Checklist) -> str:
    counts = [(sum(f.status is status for f in value.findings), _(word)) for status, word in _COUNTED.items()]
    return ", ".join(f"{count} {word}" for count, word in counts if count) + "."


def _command(value: Checklist) -> str:
    name = f'"{value.instance}"' if " " in value.instance else value.instance
    row = value.row_of(value.next.record) if value.next.record else None
    return {
        Act.CHECK: _("exoalias check {name}", name=name),
        Act.CHOOSE_TARGET: _("exoalias target {name}", name=name),
        Act.REVIEW_PLAN: _("exoalias plan {name}", name=name),
        Act.SIGN_IN: _('exoalias sign-in {name} --credential "{row}"', name=name, row=row.title if row else "…"),
    }.get(value.next.act, "")


def plan(value: Plan) -> str:
    """The steps in order, why others are missing, and what could be put back first."""
    if not value.steps and not value.blocked and value.repaired is None:
        return _("Nothing is to be done.")
    lines = [line for number, step in enumerate(value.steps, 1) for line in _step(number, step)]
    for why in value.blocked:
        lines += _wrapped(clean(why), _("not done: "))
    if value.repaired is not None:
        count = len(value.repaired.repairs)
        one = (
            _("1 thing that was right before can be put back")
            if count == 1
            else _("{count} things that were right before can be put back", count=count)
        )
        lines += ["", _("{one} first, with apply --repair. Then the plan is:", one=one), plan(value.repaired)]
    return "\n".join(lines)


def row(terminal: Terminal, value: Row) -> str:
    """One record with all that was found, what holds included."""
    lines = [terminal.strong(" · ".join(text for text in (clean(value.title), clean(value.detail)) if text))]
    for finding in value.findings:
        lines.append(f"    {terminal.status(finding.status, _STATUS_WIDTH)} {clean(finding.title)}")
        lines += _wrapped(clean(finding.found), " " * (_STATUS_WIDTH + 5))
        lines += _wrapped(clean(finding.remedy), " " * (_STATUS_WIDTH + 5) + _("do: ")) if finding.remedy else ()
    return "\n".join(lines)


def _step(number: int, step: Step) -> Iterator[str]:
    head = f"{number:>2}. "
    match step:
        case SetField():
            back = _("put back ") if step.repair else ""
            yield from _wrapped(clean(f"{back}{step.record_name} ({step.table}): {step.field}"), head)
            yield from _wrapped(clean(step.before_shown or step.before or _("empty")), f"      {_('before: '):<8}")
            yield from _wrapped(clean(step.after_shown or step.after or _("empty")), f"      {_('after:  '):<8}")
            yield from _wrapped(clean(step.repair), f"      {_('why:    '):<8}")
        case SwitchScope():
            yield from _wrapped(
                clean(
                    _("stand in the application {app_name} while writing: {step_why}", app_name=step.app_name, step_why=step.why)
                ),
                head,
            )
        case SignIn():
            yield from _wrapped(
                clean(_("sign in for {credential_name}: {step_why}", credential_name=step.credential_name, step_why=step.why)),
                head,
            )
        case Advise():
            yield from _wrapped(clean(_("for you: {title}", title=step.title)), head)
            yield from _wrapped(clean(step.text), "      ")


def target(value: Target, name: str) -> str:
    """What should be true."""
    user = value.delegated_user
    pairs = [
        (_("instance"), f"{name} · {value.origin}"),
        (_("delegated user"), user.upn if user else _("not said yet")),
        (_("object id"), (user.object_id if user else "") or _("not said yet")),
        (_("mailbox"), user.mail if user else ""),
        (
            _("pinned account"),
            f"{value.pin.account.object_id}, {_(value.pin.tier.value)}, {value.pin.at:%Y-%m-%d}" if value.pin else "",
        ),
        (_("profile"), f"{value.profile_name} ({value.profile})" if value.profile else _("not chosen yet")),
        (_("credentials"), ", ".join(value.credential_names)),
        (_("second opinion"), value.public_client_id),
    ]
    return "\n".join(f"{word + ':':<{_width(word for word, _text in pairs)}}{clean(text)}" for word, text in pairs if text)


def _width(words: Iterable[str]) -> int:
    """Of a column of words, each with a colon after it."""
    return max(16, *(len(word) + 2 for word in words))


def candidates(values: Iterable[Candidate]) -> str:
    """The profiles to choose from, with reasons."""
    lines: list[str] = []
    for candidate in values:
        mark = "*" if candidate.eligible else " "
        lines.append(f"{mark} {clean(candidate.profile.name or _('(no name)'))}  {candidate.profile.sys_id}")
        for reason in candidate.reasons:
            lines += _wrapped(clean(reason), "    - ")
    return "\n".join(lines) or _("No OAuth entity profile was found, or none may be read.")


def journal(entries: Iterable[Entry]) -> str:
    """The journal, oldest first."""
    lines: list[str] = []
    for entry in entries:
        lines.append(f"{entry.at:%Y-%m-%d %H:%M:%S} {_(entry.kind)}: {_(entry.result or 'unfinished')}")
        facts = {**entry.facts, **entry.result_facts}
        for name, text in facts.items():
            if text:
                lines += _wrapped(clean(text), f"    {_(name)}: ")
    return "\n".join(lines) or _("The journal is empty.")


def on_day(told: Iterable[Told]) -> str:
    """Whose token each credential had on a day."""
    lines: list[str] = []
    for each in told:
        lines.append(clean(each.name))
        lines += _wrapped(clean(each.answer.says), "    ")
    return "\n".join(lines) or _("No sign-in was seen here yet: cannot tell whose tokens they are.")


def probes(terminal: Terminal, values: Iterable[Probe]) -> str:
    """What the doctor saw."""
    statuses = {"ok": Status.HOLDS, "fail": Status.WRONG, "skip": Status.NOT_APPLICABLE}
    lines: list[str] = []
    for probe in values:
        lines.append(f"{terminal.status(statuses[probe.result], _STATUS_WIDTH)} {clean(_(probe.name))}")
        lines += _wrapped(clean(probe.says), "    ")
        lines += _wrapped(clean(probe.remedy), f"    {_('do: ')}") if probe.remedy else ()
    return "\n".join(lines)


def owners(record: dict[str, list[dict[str, object]]]) -> str:
    """Whose tokens the simulator says it stored, last one for each credential."""
    stored = {str(row["name"]): row for row in record["tokens"]}
    if not stored:
        return _("The simulator's own record: no token was stored.")
    lines = [
        _("  {name} → {upn} (object id {object_id})", name=name, upn=row["upn"], object_id=row["object_id"])
        for name, row in sorted(stored.items())
    ]
    return "\n".join([_("The simulator's own record:"), *lines])
