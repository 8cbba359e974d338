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
        "Earlier runs", "fail", f"within a day: {words}", "exoalias support shows what is known, and saves it to a file."
    )


def _guarded(name: str, look: Callable[[], Probe]) -> Probe:
    try:
        return look()
    except Problem as problem:
        return Probe(name, "fail", problem.words, problem.remedy)


def _python() -> Probe:
    says = f"Python {platform.python_version()} on {platform.system()} {platform.release()}"
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
        return Probe("Window", "fail", f"PySide6 {qt} loses references on this Python.", "Install PySide6-Essentials below 6.12.")
    return Probe("Window", "ok", f"PySide6 {qt}")


def _places(world: World) -> tuple[Probe, ...]:
    moved = f" (moved by {HOME_VARIABLE})" if os.environ.get(HOME_VARIABLE) else ""
    probes = []
    for name, folder in (("settings", world.places.config), ("state", world.places.state), ("cache", world.places.cache)):
        try:
            private(folder)
            with tempfile.TemporaryFile(dir=folder):
                probes.append(Probe(f"Place for {name}", "ok", f"{folder}{moved}"))
        except OSError as error:
            remedy = f"Make the folder yours to write, or name another place in {HOME_VARIABLE}."
            probes.append(Probe(f"Place for {name}", "fail", f"{folder} can't be written: {error.strerror}", remedy))
    return tuple(probes)


def _settings(world: World) -> Probe:
    count = len(world.book.all())
    return Probe("Settings", "ok", f"{world.book.path}: {count} {'instance' if count == 1 else 'instances'}")


def _set(world: World) -> tuple[Probe, ...]:
    """Each setting somebody set, and who."""
    probes = []
    for each in world.ladder.standings:
        if each.rung is Rung.BUILT_IN:
            continue
        fixed = ", which fixes it" if each.fixed else ""
        others = [f"not {each.setting.text(found.value)} from {found.where}" for found in each.overrules]
        says = "; ".join((f"{each.text}, from {each.where}{fixed}", *others))
        probes.append(Probe(f"Setting {each.setting.name}", "ok", says))
    return tuple(probes)


def _not_counted(world: World) -> tuple[Probe, ...]:
    """What somebody set and doesn't count."""
    return tuple(
        Probe(
            f"Setting {each.name}" if each.name else "Settings",
            "skip" if each.unknown else "fail",
            f"Not counted: {each.words}",
            "Look at its name: exoalias settings shows those there are." if each.unknown else "Mend it there, or take it away.",
        )
        for each in world.ladder.complaints
    )


def _journal(world: World) -> Probe:
    world.journal.entries("")  # it can be opened, whatever the settings are like
    left = sum(len(world.journal.unfinished(entry.name)) for entry in world.book.all())
    says = f"{world.journal.path}: {left} unfinished {'entry' if left == 1 else 'entries'}"
    return Probe("Journal", "ok", f"{says}; the next check explains them" if left else says)


def _keyring(world: World) -> Probe:
    canary(world.vault)
    says = f"{world.vault.describe()}: a value was written, read back and removed"
    return Probe("Keyring", "ok", "; ".join((says, *overruled())))


def _browser(world: World) -> Probe:
    """Which browser it will be, and what its policies mean; where one forbids it, and no other is left, why."""
    choice = allowed(world.browser)
    says = f"{choice.instead} {choice.browser.name} at {choice.browser.path}".lstrip()
    return Probe("Browser", "ok", "; ".join((says, *choice.reading.notes)))


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
        place = f"number {taken.index(each.strategy) + 1} here; " if each.strategy in taken else ""
        good: Literal["ok", "fail"] = "ok" if each.strategy.prevents else "fail"
        result: Literal["ok", "fail", "skip"] = good if each.strategy in taken else "skip"
        reason = each.reason if each.possible else f"not here: {each.reason}"
        remedy = _STEERED if result == "fail" else ""
        probes.append(Probe(f"Sign-in by {each.strategy.value}", result, f"{place}{reason}", remedy))
    if not taken:
        wish = Strategy(world.settings.strategy)
        how = "Change the setting strategy, or take away what stands against it."
        probes.append(Probe("Sign-in", "fail", f"The setting strategy is {wish.value}, which can't be taken here.", how))
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
    note = f"; {', '.join(ignored)} in the environment is not used" if ignored else ""
    own = world.settings.ca_file if world.simulated is None else ""
    return Probe("Certificates", "ok", f"the authorities in {own}{note}" if own else f"the system's trust store{note}")


def _own_authorities(world: World) -> tuple[Probe, ...]:
    """The files of authorities that instances have for themselves."""
    try:
        files = sorted({entry.ca_file for entry in world.book.all() if entry.ca_file})
    except Problem:
        return ()  # the settings' own probe says why

    def look(file: str) -> Probe:
        world.http.session(ca_file=file).close()
        return Probe("Certificates", "ok", f"the authorities in {file}, for the instances that name it")

    return tuple(_guarded("Certificates", partial(look, file)) for file in files)


def _proxy(world: World) -> Probe:
    """Which proxy leads to Microsoft's sign-in, and to the instances where it is another one."""
    ways: dict[str, list[str]] = {}
    for origin in (world.clouds[0].sign_in_origins[0], *(entry.origin for entry in world.book.all())):
        proxy = world.http.proxy_of(origin)
        way = f"{proxy.host} ({proxy.source})" if proxy is not None else "no proxy"
        ways.setdefault(way, []).append(origin.partition("://")[2])
    if len(ways) == 1:
        return Probe("Proxy", "ok", next(iter(ways)))
    return Probe("Proxy", "ok", "; ".join(f"{way} for {_few(hosts)}" for way, hosts in ways.items()))


def _guarded_pac(world: World) -> tuple[Probe, ...]:
    try:
        looked = pac(world)
    except Problem:
        return ()  # the proxy's own probe says why
    return (Probe(*looked),) if looked is not None else ()


def _few(names: list[str]) -> str:
    shown = ", ".join(names[:_SHOWN])
    return shown if len(names) <= _SHOWN else f"{shown} and {len(names) - _SHOWN} more"
