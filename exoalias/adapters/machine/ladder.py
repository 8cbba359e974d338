"""Climbs the ladder of settings on this machine: reads each rung and lets domain/ladder.py say what counts.

The user's own values are the ``[settings]`` table of the settings file. Nothing here raises because of a wrong value.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

from exoalias.adapters.keeping import settings_file
from exoalias.adapters.keeping.lock import alone
from exoalias.adapters.machine.machine_policy import machine_policy
from exoalias.domain.ladder import Rung, Source, resolve
from exoalias.domain.problems import BadSettings
from exoalias.domain.setting import Kind
from exoalias.domain.settings import SETTINGS, setting
from exoalias.domain.words import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from exoalias.domain.ladder import Resolved
    from exoalias.domain.setting import Value

TABLE: Final = "settings"
_PREFIX: Final = "EXOALIAS_"
_NO_SETTINGS: Final = frozenset({"EXOALIAS_HOME", "EXOALIAS_THROWAWAY_DESKTOP"})  # places; a developer's session
_LOCK_WAIT_S: Final = 10.0


def climb(
    file: Path,
    flags: Mapping[str, str] | None = None,
    *,
    environment: Mapping[str, str] | None = None,
    policy: Iterable[Source] | None = None,
) -> Resolved:
    """What counts for each setting; *file* is the user's, *flags* are what this run was told, by name."""
    said = os.environ if environment is None else environment
    rules = machine_policy() if policy is None else policy
    return resolve((*rules, user_source(file), *environment_sources(said), *flag_sources(flags or {})))


def user_source(file: Path) -> Source:
    """The user's rung."""
    try:
        values = settings_file.read(file).get(TABLE, {})
    except BadSettings as problem:
        return Source(
            Rung.USER,
            str(file),
            {},
            say("no setting of it counts, because it can't be read: {why}", why=problem.facts.get("why", "")),
        )
    if not isinstance(values, dict):
        return Source(Rung.USER, str(file), {}, say("[{table}] must be a table", table=TABLE))
    return Source(Rung.USER, str(file), values)


def environment_sources(environment: Mapping[str, str]) -> tuple[Source, ...]:
    """The environment's rung: each variable is a place of its own. An empty one is as good as none."""
    named = {variable.upper(): value for variable, value in environment.items()}
    return tuple(
        Source(Rung.ENVIRONMENT, variable, _absolute({variable.removeprefix(_PREFIX).lower(): value}))
        for variable, value in sorted(named.items())
        if variable.startswith(_PREFIX) and variable not in _NO_SETTINGS and value
    )


def flag_sources(flags: Mapping[str, str]) -> tuple[Source, ...]:
    """The command line's rung."""
    return tuple(Source(Rung.FLAG, "the command line", _absolute({name: value})) for name, value in flags.items())


def write(file: Path, changes: Mapping[str, Value | None]) -> None:
    """Put these into the user's file, None taking one away; all else in it stays. BadSettings, Taken, OSError."""
    with alone(file.with_suffix(".lock"), wait_s=_LOCK_WAIT_S):
        whole = settings_file.read(file)
        table = whole.get(TABLE, {})
        if not isinstance(table, dict):
            raise BadSettings(path=file, why=say("[{table}] must be a table", table=TABLE))
        kept: dict[str, Any] = {name: value for name, value in table.items() if name not in changes}
        for name, value in changes.items():
            known = setting(name)
            if known is not None and value is not None:
                kept[name] = known.plain(value)
        whole.pop(TABLE, None)
        if kept:
            whole = {TABLE: kept, **whole}
        settings_file.replace(file, settings_file.text_of(whole))


def _absolute(values: dict[str, str]) -> dict[str, str]:
    """Paths typed where the program was started, as whole ones."""
    return {name: _whole_path(value) if _is_path(name) else value for name, value in values.items()}


def _is_path(name: str) -> bool:
    known = setting(name)
    return known is not None and known.kind is Kind.PATH


def _whole_path(text: str) -> str:
    words = {each.blank for each in SETTINGS}
    return text if not text or text in words or text.startswith("~") else os.path.abspath(text)  # noqa: PTH100 - links stay
