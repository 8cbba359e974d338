"""Doctor: does this machine have what exoalias needs? Nothing of an instance is touched."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from dataclasses import dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Literal

from exoalias.adapters.browser import find
from exoalias.adapters.browser.policy import allowed
from exoalias.adapters.keeping.settings import HOME_VARIABLE
from exoalias.adapters.keeping.vault import canary, overruled
from exoalias.adapters.machine.folders import private
from exoalias.app.diagnostics import log_folder, log_of
from exoalias.app.doctor_network import inspection, pac
from exoalias.app.earlier import earlier
from exoalias.app.strategy import ground
from exoalias.domain.ladder import Rung
from exoalias.domain.problems import NoBrowser, Problem
from exoalias.domain.strategies import Strategy, choose
from exoalias.domain.words import counted, joined, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from exoalias.app.world import World

OLDEST_PYTHON = (3, 11)
_STEERED = "Have a browser that can be steered (see Browser), and the setting strategy on auto: then a wrong user is prevented."
_SHOWN = 3  # names in a list before the rest is only counted


@dataclass(frozen=True, slots=True)
class Probe:
    """One thing looked at."""

    name: str
    result: Literal["ok", "fail", "skip"]
    says: str
    remedy: str = ""


def doctor(world: World) -> tuple[Probe, ...]:
    """Look at everything; a probe that fails doesn't keep the others from being made."""
    return (
        _python(),
        _qt(),
        *_places(world),
        _guarded("Settings", lambda: _settings(world)),
        *_set(world),
        *_not_counted(world),
        _guarded("Journal", lambda: _journal(world)),
        _guarded("Keyring", lambda: _keyring(world)),
        _guarded("Browser", lambda: _browser(world)),
        *_strategies(world),
        _root(world),
        _guarded("Certificates", lambda: _certificates(world)),
        *_own_authorities(world),
        _guarded("Proxy", lambda: _proxy(world)),
        *_guarded_pac(world),
        _guarded("Microsoft's sign-in", lambda: Probe(*inspection(world))),
        _earlier_runs(world),
    )


def _earlier_runs(world: World) -> Probe:
    words = earlier(log_of(log_folder()), world.clock()).words
    if not words:
        return Probe("Earlier runs", "ok", "nothing unexpected within a day")
    return Probe(
        "Earlier runs",
        "fail",
        say("within a day: {words}", words=words),
        "exoalias support shows what is known, and saves it to a file.",
    )


def _guarded(name: str, look: Callable[[], Probe]) -> Probe:
    try:
        return look()
    except Problem as problem:
        return Probe(name, "fail", problem.words, problem.remedy)


def _python() -> Probe:
    says = say(
        "Python {python_version} on {system} {release}",
        python_version=platform.python_version(),
        system=platform.system(),
        release=platform.release(),
    )
    if sys.version_info[:2] < OLDEST_PYTHON:
        return Probe("Python", "fail", says, "Python 3.11 or newer is needed.")
    return Probe("Python", "ok", says)


def _qt() -> Probe:
    try:
        qt = version("PySide6-Essentials")
    except PackageNotFoundError:
        return Probe(
            "Window", "fail", "PySide6 is not installed.", "Install exoalias with its dependencies; the terminal works without."
        )
    if qt.startswith("6.12.0") and sys.version_info[:2] < (3, 12):
        return Probe(
            "Window",
            "fail",
            say("PySide6 {qt} loses references on this Python.", qt=qt),
            "Install PySide6-Essentials below 6.12.",
        )
    return Probe("Window", "ok", say("PySide6 {qt}", qt=qt))


def _places(world: World) -> tuple[Probe, ...]:
    moved = say(" (moved by {home_variable})", home_variable=HOME_VARIABLE) if os.environ.get(HOME_VARIABLE) else ""
    probes = []
    for name, folder in (
        (say("settings"), world.places.config),
        (say("state"), world.places.state),
        (say("cache"), world.places.cache),
    ):
        try:
            private(folder)
            with tempfile.TemporaryFile(dir=folder):
                probes.append(Probe(say("Place for {name}", name=name), "ok", say("{folder}{moved}", folder=folder, moved=moved)))
        except OSError as error:
            remedy = say("Make the folder yours to write, or name another place in {home_variable}.", home_variable=HOME_VARIABLE)
            probes.append(
                Probe(
                    say("Place for {name}", name=name),
                    "fail",
                    say("{folder} can't be written: {strerror}", folder=folder, strerror=error.strerror),
                    remedy,
                )
            )
    return tuple(probes)


def _settings(world: World) -> Probe:
    count = len(world.book.all())
    known = counted(count, "{n} instance", "{n} instances")
    return Probe("Settings", "ok", say("{path}: {known}", path=world.book.path, known=known))


def _set(world: World) -> tuple[Probe, ...]:
    """Each setting somebody set, and who."""
    probes = []
    for each in world.ladder.standings:
        if each.rung is Rung.BUILT_IN:
            continue
        fixed = say(", which fixes it") if each.fixed else ""
        others = [
            say("not {found_value} from {where}", found_value=each.setting.text(found.value), where=found.where)
            for found in each.overrules
        ]
        counts = say("{value}, from {where}{fixed}", value=each.text, where=each.where, fixed=fixed)
        says = joined("; ", (counts, *others))
        probes.append(Probe(say("Setting {setting_name}", setting_name=each.setting.name), "ok", says))
    return tuple(probes)


def _not_counted(world: World) -> tuple[Probe, ...]:
    """What somebody set and doesn't count."""
    return tuple(
        Probe(
            say("Setting {each_name}", each_name=each.name) if each.name else "Settings",
            "skip" if each.unknown else "fail",
            say("Not counted: {each_words}", each_words=each.words),
            "Look at its name: exoalias settings shows those there are." if each.unknown else "Mend it there, or take it away.",
        )
        for each in world.ladder.complaints
    )


def _journal(world: World) -> Probe:
    world.journal.entries("")  # it can be opened, whatever the settings are like
    left = sum(len(world.journal.unfinished(entry.name)) for entry in world.book.all())
    says = say("{path}: {left}", path=world.journal.path, left=counted(left, "{n} unfinished entry", "{n} unfinished entries"))
    return Probe("Journal", "ok", say("{says}; the next check explains them", says=says) if left else says)


def _keyring(world: World) -> Probe:
    canary(world.vault)
    says = say("{describe}: a value was written, read back and removed", describe=world.vault.describe())
    return Probe("Keyring", "ok", joined("; ", (says, *overruled())))


def _browser(world: World) -> Probe:
    """Which browser it will be, and what its policies mean; where one forbids it, and no other is left, why."""
    choice = allowed(world.browser)
    says = say("{name} at {path}", name=choice.browser.name, path=choice.browser.path)
    taken = joined(" ", (choice.instead, says)) if choice.instead else says
    return Probe("Browser", "ok", joined("; ", (taken, *choice.reading.notes)))


def _strategies(world: World) -> tuple[Probe, ...]:
    """How a sign-in would be kept apart here, and what can be said of each other way."""
    try:
        find.candidates(world.browser)
    except NoBrowser:
        if world.browser is not None:
            return ()  # the browser's own probe says what is wrong with the one that was named
    choice = choose(ground(world), world.settings.strategy)
    taken = [each.strategy for each in choice.order]
    probes = []
    for each in sorted((*choice.order, *choice.others), key=lambda standing: list(Strategy).index(standing.strategy)):
        place = say("number {strategy} here; ", strategy=taken.index(each.strategy) + 1) if each.strategy in taken else ""
        good: Literal["ok", "fail"] = "ok" if each.strategy.prevents else "fail"
        result: Literal["ok", "fail", "skip"] = good if each.strategy in taken else "skip"
        reason = each.reason if each.possible else say("not here: {reason}", reason=each.reason)
        remedy = _STEERED if result == "fail" else ""
        probes.append(
            Probe(say("Sign-in by {strategy}", strategy=say(each.strategy.value)), result, joined("", (place, reason)), remedy)
        )
    if not taken:
        wish = Strategy(world.settings.strategy)
        how = "Change the setting strategy, or take away what stands against it."
        probes.append(
            Probe(
                "Sign-in",
                "fail",
                say("The setting strategy is {wish_value}, which can't be taken here.", wish_value=wish.value),
                how,
            )
        )
    return tuple(probes)


def _root(world: World) -> Probe:
    geteuid = getattr(os, "geteuid", None)
    if geteuid is None or geteuid() != 0:
        return Probe("User", "ok", "not root: the browser runs with its sandbox")
    if world.simulated is not None:
        return Probe("User", "skip", "root; allowed against a simulated instance")
    return Probe(
        "User", "fail", "This is root: the sign-in window would have no sandbox, so it does not start.", "Use an ordinary user."
    )


def _certificates(world: World) -> Probe:
    world.http.session().close()
    ignored = [name for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR") if os.environ.get(name)]
    note = say("; {ignored} in the environment is not used", ignored=", ".join(ignored)) if ignored else ""
    own = world.settings.ca_file if world.simulated is None else ""
    return Probe(
        "Certificates",
        "ok",
        say("the authorities in {own}{note}", own=own, note=note) if own else say("the system's trust store{note}", note=note),
    )


def _own_authorities(world: World) -> tuple[Probe, ...]:
    """The files of authorities that instances have for themselves."""
    try:
        files = sorted({entry.ca_file for entry in world.book.all() if entry.ca_file})
    except Problem:
        return ()  # the settings' own probe says why

    def look(file: str) -> Probe:
        world.http.session(ca_file=file).close()
        return Probe("Certificates", "ok", say("the authorities in {file}, for the instances that name it", file=file))

    return tuple(_guarded("Certificates", partial(look, file)) for file in files)


def _proxy(world: World) -> Probe:
    """Which proxy leads to Microsoft's sign-in, and to the instances where it is another one."""
    ways: dict[str, list[str]] = {}
    for origin in (world.clouds[0].sign_in_origins[0], *(entry.origin for entry in world.book.all())):
        proxy = world.http.proxy_of(origin)
        way = f"{proxy.host} ({proxy.source})" if proxy is not None else say("no proxy")
        ways.setdefault(way, []).append(origin.partition("://")[2])
    if len(ways) == 1:
        return Probe("Proxy", "ok", next(iter(ways)))
    told = (say("{way} for {hosts}", way=way, hosts=_few(hosts)) for way, hosts in ways.items())
    return Probe("Proxy", "ok", joined("; ", told))


def _guarded_pac(world: World) -> tuple[Probe, ...]:
    try:
        looked = pac(world)
    except Problem:
        return ()  # the proxy's own probe says why
    return (Probe(*looked),) if looked is not None else ()


def _few(names: list[str]) -> str:
    shown = ", ".join(names[:_SHOWN])
    return shown if len(names) <= _SHOWN else say("{shown} and {names} more", shown=shown, names=len(names) - _SHOWN)
