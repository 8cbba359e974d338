"""The verbs the window calls: app functions by default, anything of the same shape in a test.

Each is imported when it is first called, in a worker: requests, keyring and msal must not delay the first paint.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from exoalias.adapters.keeping.entries import InstanceEntry
    from exoalias.adapters.keeping.journal import Entry
    from exoalias.app.control import Control
    from exoalias.app.doctor import Probe
    from exoalias.app.doors import Doors
    from exoalias.app.exchange import Import
    from exoalias.app.instances import Said
    from exoalias.app.proxy_login import ProxyState
    from exoalias.app.support import Bundle
    from exoalias.app.world import World
    from exoalias.domain.candidates import Candidate
    from exoalias.domain.events import Checked, Tell
    from exoalias.domain.ladder import Resolved
    from exoalias.domain.plan import Plan
    from exoalias.domain.problems import Problem
    from exoalias.domain.target import Pin, Target
    from exoalias.domain.ways import Way


class FarSideProcess(Protocol):
    """The running simulation, as far as the window cares: what it announced, and how to end it."""

    @property
    def announcement(self) -> Mapping[str, Any]:
        """Addresses, people and passwords of the simulation."""

    def stop(self) -> None:
        """End it."""


class Playground(NamedTuple):
    """A simulated instance ready to be played with: its world, its process, and the name it was added under."""

    world: World
    far_side: FarSideProcess
    name: str


class Wanted:
    """What a form says: an instance to add (``known`` is False), or what is to be changed of a known one."""

    def __init__(  # noqa: PLR0913 - no tuple, and shown by nothing of its own: it holds secrets
        self,
        name: str,
        url: str,
        way: Way,
        *,
        known: bool,
        keep: bool,
        said: Mapping[str, str | bool],
        secrets: Mapping[str, str],
    ) -> None:
        self.name, self.url, self.way, self.known, self.keep = name, url, way, known, keep
        self.said = said  # fields of InstanceEntry
        self.secrets = secrets  # fields of Kept


def _peek() -> tuple[InstanceEntry, ...]:
    """The instances in this user's settings, read before the world is there so that the first paint shows them."""
    from exoalias.adapters.keeping.settings import InstanceBook, Places
    from exoalias.domain.problems import BadSettings

    try:
        return InstanceBook(Places.of_this_user().settings_file).all()
    except BadSettings:
        return ()  # opening the world says what is wrong with the file


def _open_world() -> World:
    from exoalias.app.leftovers import sweep
    from exoalias.app.world import World

    world = World.real()
    sweep(world)
    return world


def _listing(world: World) -> tuple[InstanceEntry, ...]:
    from exoalias.app.instances import listing

    return listing(world)


def _add(world: World, wanted: Wanted, tell: Tell, control: Control) -> None:
    from exoalias.adapters.keeping.kept import Kept
    from exoalias.adapters.keeping.secret import Secret
    from exoalias.app.instances import add, change, rotate

    secrets = Kept(**{name: Secret(text) for name, text in wanted.secrets.items()}) if wanted.secrets else None
    said = cast("Said", dict(wanted.said))
    entry = world.book.get(wanted.name) if wanted.known else None
    same = entry is not None and entry.way is wanted.way and all(getattr(entry, name) == value for name, value in said.items())
    if same and secrets:
        rotate(world, wanted.name, secrets, keep=wanted.keep, tell=tell, control=control)  # tried before the old one goes
    elif wanted.known:
        way = wanted.way
        change(world, wanted.name, way=way, secrets=secrets, keep=wanted.keep, tell=tell, control=control, **said)
    else:
        place = (world, wanted.name, wanted.url, wanted.way)
        add(*place, secrets=secrets, keep=wanted.keep, tell=tell, control=control, **said)


def _remove(world: World, name: str) -> None:
    from exoalias.app.instances import remove

    remove(world, name)


def _check(world: World, name: str, tell: Tell, control: Control) -> Checked:
    from exoalias.app.check import check

    return check(world, name, tell, control)


def _apply(world: World, name: str, plan: Plan, tell: Tell, control: Control) -> Checked:
    from exoalias.app.apply import apply

    return apply(world, name, plan, tell, control)


def _undo(world: World, name: str, tell: Tell, control: Control) -> Checked:
    from exoalias.app.apply import undo

    return undo(world, name, tell, control)


def _sign_in(world: World, name: str, credentials: Sequence[str], tell: Tell, control: Control) -> Checked:
    from exoalias.app.sign_in import sign_in

    return sign_in(world, name, credentials, tell, control)


def _sign_in_by(world: World, name: str, credentials: Sequence[str], strategy: str, tell: Tell, control: Control) -> Checked:
    from exoalias.app.sign_in import sign_in

    return sign_in(world, name, credentials, tell, control, strategy=strategy)


def _remember(world: World, name: str, tell: Tell, control: Control) -> Checked:
    from exoalias.app.desired import say_so

    return say_so(world, name, tell, control)


def _scan(world: World, name: str, tell: Tell, control: Control) -> Checked:
    from exoalias.app.scan import scan

    return scan(world, name, tell, control)


def _owner_script(world: World, name: str, credential: str, tell: Tell, control: Control) -> str:
    from exoalias.app.owner import script_for

    return script_for(world, name, credential, tell, control)


def _owner_answer(world: World, name: str, pasted: str, tell: Tell, control: Control) -> Checked:
    from exoalias.app.owner import take_answer

    return take_answer(world, name, pasted, tell, control)


def _candidates(world: World, name: str, tell: Tell, control: Control) -> tuple[Candidate, ...]:
    from exoalias.app.choose import candidates

    return candidates(world, name, tell, control)


def _target(world: World, name: str) -> Target:
    return world.target(name)


def _set_target(world: World, name: str, said: Mapping[str, str], tell: Tell, control: Control) -> Target:
    from exoalias.app.choose import set_target

    return set_target(world, name, tell, control, **said)


def _pinned(world: World, name: str) -> Pin | None:
    from exoalias.app.pins import pinned

    return pinned(world, name)


def _pin_by_hand(world: World, name: str, object_id: str, tenant: str, typed: str) -> Pin:
    from exoalias.app.pins import pin_by_hand

    return pin_by_hand(world, name, object_id, tenant, typed)


def _remove_pin(world: World, name: str, typed: str) -> Pin:
    from exoalias.app.pins import remove_pin

    return remove_pin(world, name, typed)


def _journal(world: World, name: str) -> tuple[Entry, ...]:
    return world.journal.entries(name)


def _doctor(world: World) -> tuple[Probe, ...]:
    from exoalias.app.doctor import doctor

    return doctor(world)


def _support(world: World | None) -> Bundle:
    from exoalias.app.diagnostics import log_folder
    from exoalias.app.support import collect

    return collect(world, log_folder())


def _settings(world: World) -> Resolved:
    from exoalias.app.settings import current

    return current(world)


def _proxy_state(world: World) -> ProxyState:
    from exoalias.app.proxy_login import state

    return state(world)


def _keep_proxy(world: World, user: str, password: str) -> ProxyState:
    from exoalias.adapters.keeping.secret import Secret
    from exoalias.app.proxy_login import forget_login, keep_login

    return keep_login(world, user, Secret(password)) if user else forget_login(world)


def _set_settings(world: World, said: Mapping[str, str]) -> Resolved:
    from exoalias.app.settings import change

    return change(world, said)


def _play() -> Playground:
    from exoalias.app.demo import playground

    world, far_side, name = playground()
    return Playground(world, far_side, name)


def _check_many(world: World, names: Sequence[str], tell: Tell, control: Control) -> object:
    from exoalias.app.many import check_many

    return check_many(world, names, tell, control)


def _unlocked(world: World, entries: Sequence[InstanceEntry]) -> Mapping[str, datetime]:
    from exoalias.app.read_only import unlocked

    return unlocked(world, entries)


def _troubles(world: World) -> tuple[Problem, ...]:
    return world.book.problems()


def _unlock(world: World, name: str, typed: str, minutes: int) -> datetime:
    from exoalias.app.read_only import unlock

    return unlock(world, name, typed, minutes)


def _unlock_minutes(world: World) -> int:
    return world.settings.unlock_minutes


def _lock(world: World, name: str) -> None:
    from exoalias.app.read_only import lock

    lock(world, name)


def _doors(world: World) -> Doors:
    return world.doors


def _export(world: World, customer: str | None) -> str:
    from exoalias.app.exchange import export_list

    return export_list(world, customer)


def _read_list(world: World, text: str, where: str, replace: bool) -> Import:  # noqa: FBT001 - called by place
    from exoalias.app.exchange import read_list

    return read_list(world, text, where=where, replacing=replace)


def _import_list(world: World, found: Import) -> object:
    from exoalias.app.exchange import import_list

    return import_list(world, found)


class Verbs(NamedTuple):
    """One callable for each thing the window asks of the app. All block; all are run by the runner's workers."""

    peek: Callable[[], tuple[InstanceEntry, ...]] = _peek
    open_world: Callable[[], World] = _open_world
    listing: Callable[[World], tuple[InstanceEntry, ...]] = _listing
    add: Callable[[World, Wanted, Tell, Control], None] = _add
    remove: Callable[[World, str], None] = _remove
    check: Callable[[World, str, Tell, Control], Checked] = _check
    apply: Callable[[World, str, Plan, Tell, Control], Checked] = _apply
    undo: Callable[[World, str, Tell, Control], Checked] = _undo
    remember: Callable[[World, str, Tell, Control], Checked] = _remember
    scan: Callable[[World, str, Tell, Control], Checked] = _scan
    owner_script: Callable[[World, str, str, Tell, Control], str] = _owner_script
    owner_answer: Callable[[World, str, str, Tell, Control], Checked] = _owner_answer
    sign_in: Callable[[World, str, Sequence[str], Tell, Control], Checked] = _sign_in
    sign_in_by: Callable[[World, str, Sequence[str], str, Tell, Control], Checked] = _sign_in_by
    candidates: Callable[[World, str, Tell, Control], tuple[Candidate, ...]] = _candidates
    target: Callable[[World, str], Target] = _target
    set_target: Callable[[World, str, Mapping[str, str], Tell, Control], Target] = _set_target
    pinned: Callable[[World, str], Pin | None] = _pinned
    pin_by_hand: Callable[[World, str, str, str, str], Pin] = _pin_by_hand
    remove_pin: Callable[[World, str, str], Pin] = _remove_pin
    journal: Callable[[World, str], tuple[Entry, ...]] = _journal
    doctor: Callable[[World], tuple[Probe, ...]] = _doctor
    support: Callable[[World | None], Bundle] = _support
    settings: Callable[[World], Resolved] = _settings
    set_settings: Callable[[World, Mapping[str, str]], Resolved] = _set_settings
    proxy_state: Callable[[World], ProxyState] = _proxy_state
    keep_proxy: Callable[[World, str, str], ProxyState] = _keep_proxy
    doors: Callable[[World], Doors] = _doors
    play: Callable[[], Playground] = _play
    check_many: Callable[[World, Sequence[str], Tell, Control], object] = _check_many
    unlocked: Callable[[World, Sequence[InstanceEntry]], Mapping[str, datetime]] = _unlocked
    troubles: Callable[[World], tuple[Problem, ...]] = _troubles
    unlock: Callable[[World, str, str, int], datetime] = _unlock
    lock: Callable[[World, str], None] = _lock
    unlock_minutes: Callable[[World], int] = _unlock_minutes
    export_list: Callable[[World, str | None], str] = _export
    read_list: Callable[[World, str, str, bool], Import] = _read_list
    import_list: Callable[[World, Import], object] = _import_list
