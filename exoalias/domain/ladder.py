"""Which value counts where several were given: built-in < machine policy < user file < environment < flag.

A policy gives a default that anybody may change, or fixes a value: then it wins over everything else. A value that can't be
is as if it had not been given: the next lower rung counts, and a Complaint says where it stands and what it takes.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from exoalias.domain.setting import Setting, Unusable, Value
from exoalias.domain.settings import SETTINGS, Settings, built_in, setting
from exoalias.domain.words import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Rung(IntEnum):
    """Where on the ladder a value stands; the higher one counts."""

    BUILT_IN = 0
    DEFAULT = 1  # a policy of the machine that may be changed
    USER = 2
    ENVIRONMENT = 3
    FLAG = 4
    FIXED = 5  # a policy of the machine that may not


@dataclass(frozen=True, slots=True)
class Source:
    """What one place says. Of two on the same rung the later one counts."""

    rung: Rung
    where: str  # "/etc/exoalias/policy.toml", "HKLM\\Software\\Policies\\exoalias", "EXOALIAS_PROXY", "--set"
    values: Mapping[str, object]
    trouble: str = ""  # why nothing, or not everything, of it could be read


@dataclass(frozen=True, slots=True)
class Found:
    """A value one rung gives."""

    rung: Rung
    where: str
    value: Value


@dataclass(frozen=True, slots=True)
class Complaint:
    """Something given that doesn't count."""

    rung: Rung
    where: str
    name: str  # "" where the whole place can't be read
    why: str

    @property
    def unknown(self) -> bool:
        """Whether it is only a name this version doesn't know."""
        return bool(self.name) and setting(self.name) is None

    @property
    def words(self) -> str:
        """All of it, in a sentence."""
        named = self.name and self.rung is not Rung.ENVIRONMENT  # a variable's name says it already
        return (
            say("{where}: {name}: {why}.", where=self.where, name=self.name, why=self.why)
            if named
            else say("{where}: {why}.", where=self.where, why=self.why)
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """One setting: the value that counts, where it is from, and the values it overrules, the highest first."""

    setting: Setting
    value: Value
    rung: Rung
    where: str
    overrules: tuple[Found, ...] = ()

    @property
    def fixed(self) -> bool:
        """Whether a policy of the machine keeps it from being changed."""
        return self.rung is Rung.FIXED

    @property
    def text(self) -> str:
        """The value as a person types it."""
        return self.setting.text(self.value)

    @property
    def own(self) -> Found | None:
        """What the person's own file says, whether or not it counts."""
        return next((each for each in self._all if each.rung is Rung.USER), None)

    @property
    def below(self) -> Found:
        """What counts where the person's own file says nothing."""
        lower = (each for each in self._all if each.rung < Rung.USER)
        return next(lower, Found(Rung.BUILT_IN, "built-in", built_in(self.setting)))

    @property
    def above(self) -> Found | None:
        """What this run was told instead, by its environment or its command line."""
        highest = self._all[0]
        return highest if highest.rung in {Rung.ENVIRONMENT, Rung.FLAG} else None

    @property
    def _all(self) -> tuple[Found, ...]:
        return (Found(self.rung, self.where, self.value), *self.overrules)


def _all_built_in() -> tuple[Standing, ...]:
    return tuple(Standing(each, built_in(each), Rung.BUILT_IN, "built-in") for each in SETTINGS)


@dataclass(frozen=True, slots=True)
class Resolved:
    """Every setting in the table's order, and what didn't count."""

    standings: tuple[Standing, ...] = field(default_factory=_all_built_in)
    complaints: tuple[Complaint, ...] = ()

    @property
    def settings(self) -> Settings:
        """The values alone."""
        values: dict[str, Any] = {each.setting.name: each.value for each in self.standings}
        return Settings(**values)

    def of(self, name: str) -> Standing:
        """That setting's standing; StopIteration for a name that isn't in the table."""
        return next(each for each in self.standings if each.setting.name == name)


def resolve(sources: Iterable[Source]) -> Resolved:
    """Climb the ladder: what counts, for each setting, of what these places say."""
    found: dict[str, list[Found]] = {each.name: [Found(Rung.BUILT_IN, "built-in", built_in(each))] for each in SETTINGS}
    complaints: list[Complaint] = []
    for source in sources:
        if source.trouble:
            complaints.append(Complaint(source.rung, source.where, "", source.trouble))
        for name, raw in source.values.items():
            _take(source, name, raw, found, complaints)
    return Resolved(tuple(_standing(each, found[each.name]) for each in SETTINGS), tuple(complaints))


def _take(source: Source, name: str, raw: object, found: dict[str, list[Found]], complaints: list[Complaint]) -> None:
    known = setting(name)
    if known is None:
        complaints.append(Complaint(source.rung, source.where, name, "no setting is called so"))
        return
    try:
        here = Found(source.rung, source.where, known.read(raw))
    except Unusable as unusable:
        complaints.append(Complaint(source.rung, source.where, name, str(unusable)))
        return
    if here.rung is Rung.FIXED and not known.fixable:
        complaints.append(Complaint(source.rung, source.where, name, "it is each person's own choice, so this is a default only"))
        here = replace(here, rung=Rung.DEFAULT)
    found[name].append(here)


def _standing(known: Setting, found: list[Found]) -> Standing:
    *lower, highest = sorted(found, key=lambda each: each.rung)  # stable: the later one of a rung stays behind the earlier
    overruled = tuple(each for each in reversed(lower) if each.rung is not Rung.BUILT_IN)
    return Standing(known, highest.value, highest.rung, highest.where, overruled)
