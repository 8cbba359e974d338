"""The verb ``settings``: what is set and where it came from, and changes to the person's own values."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from exoalias.adapters.keeping.lock import Taken
from exoalias.adapters.machine.ladder import climb, write
from exoalias.domain.problems import SettingFixed, UsageProblem
from exoalias.domain.setting import Unusable
from exoalias.domain.settings import SETTINGS, setting
from exoalias.domain.words import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from exoalias.app.world import World
    from exoalias.domain.ladder import Resolved
    from exoalias.domain.setting import Setting, Value


def current(world: World) -> Resolved:
    """Every setting as it is now: the files are read anew."""
    return climb(world.user_settings, world.flags)


def change(world: World, said: Mapping[str, str]) -> Resolved:
    """Set these in the person's own file, "" taking a value away there; all of them or none.

    UsageProblem for a name or value that can't be, SettingFixed where a policy fixes it, BadSettings.
    """
    now = current(world)
    changes: dict[str, Value | None] = {}
    for name, text in said.items():
        known = known_as(name)
        standing = now.of(known.name)
        if standing.fixed:
            raise SettingFixed(title=known.title, name=known.name, value=standing.text, where=standing.where)
        changes[known.name] = read(known, text) if text.strip() else None
    try:
        write(world.user_settings, changes)
    except (Taken, OSError) as error:
        why = "another run is writing it" if isinstance(error, Taken) else error.strerror or "it can't be written"
        raise UsageProblem(
            why=say("The settings file {user_settings} was left as it is: {why}.", user_settings=world.user_settings, why=why)
        ) from error
    return current(world)


def assignments(texts: Iterable[str]) -> dict[str, str]:
    """``NAME=VALUE`` as typed, by name; UsageProblem."""
    found = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise UsageProblem(why=say("{text} says no value: give NAME=VALUE, or NAME= to take your own value away.", text=text))
        found[known_as(name).name] = value.strip()
    return found


def known_as(name: str) -> Setting:
    """The setting of that name, dashes as good as underscores; UsageProblem names the nearest one."""
    plain = name.strip().lower().replace("-", "_")
    known = setting(plain)
    if known is None:
        near = difflib.get_close_matches(plain, [each.name for each in SETTINGS], 1)
        hint = (
            say(" Did you mean {near}?", near=near[0])
            if near
            else say(" There are {settings}.", settings=", ".join(each.name for each in SETTINGS))
        )
        raise UsageProblem(why=say("No setting is called {strip}.{hint}", strip=name.strip() or say("nothing"), hint=hint))
    return known


def read(known: Setting, text: str) -> Value:
    """The value a person typed; UsageProblem."""
    try:
        return known.read(text)
    except Unusable as unusable:
        why = say("{title} ({name}): {why}.", title=say(known.title), name=known.name, why=unusable.args[0])
        raise UsageProblem(why=why) from unusable
