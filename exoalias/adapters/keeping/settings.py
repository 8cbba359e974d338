"""What the person set: the instances and what should be true on them, in TOML files; and where files live.

Each customer's instances are in a file of that customer; those without one are in the general file. Secrets are never here:
they are in the keyring. Keys this version doesn't know are kept. A file that can't be read is refused and left as it is.
"""

from __future__ import annotations

import os
import threading
import time
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from exoalias.adapters.keeping import settings_file
from exoalias.adapters.keeping.customers import FOLDER, key_of, slug_of, tidy
from exoalias.adapters.keeping.entries import InstanceEntry, merged, table_of
from exoalias.adapters.keeping.known import NAME_OF_CUSTOMER, Known, is_so, read_known
from exoalias.adapters.keeping.lock import Taken, alone
from exoalias.domain.problems import AnotherRun, BadJournal, BadSettings, ListNotWritten

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from contextlib import AbstractContextManager

    from exoalias.adapters.keeping.pending import Change, Move, Pending

HOME_VARIABLE = "EXOALIAS_HOME"
_LOCK_WAIT_S = 10.0
_MOST_LOOKS = 50  # at files that are written all the time
_MOMENT_S = 1.0  # so old may the list be within a block of ``still``


class Places(NamedTuple):
    """The folders exoalias writes to."""

    config: Path
    state: Path
    cache: Path

    @classmethod
    def of_this_user(cls) -> Places:
        """The platform's places, or all three below ``EXOALIAS_HOME`` (a portable copy, a test)."""
        home = os.environ.get(HOME_VARIABLE, "")
        if home:
            return cls.below(Path(home).expanduser().resolve())
        import platformdirs

        where = platformdirs.PlatformDirs("exoalias", appauthor=False)
        return cls(where.user_config_path, where.user_state_path, where.user_cache_path)

    @classmethod
    def below(cls, home: Path) -> Places:
        """All three below one folder."""
        return cls(home / "config", home / "state", home / "cache")

    def of_customer(self, customer: str) -> Places:
        """The folders of one customer: whatever is kept about their instances is kept there. "" gives the general ones."""
        if not customer:
            return self
        slug = slug_of(customer)
        return Places(*(place / FOLDER / slug for place in (self.config, self.state, self.cache)))

    @property
    def settings_file(self) -> Path:
        """The settings."""
        return self.config / "exoalias.toml"

    @property
    def journal_file(self) -> Path:
        """The journal."""
        return self.state / "journal.sqlite3"


class Follows(Protocol):
    """What goes with an instance to another customer, and away with a customer's last one: the journal."""

    def ready(self, customer: str) -> None:
        """BadJournal where that customer's journal can't be used."""

    def claim(self, instance: str) -> AbstractContextManager[None]:
        """Keep other runs off that instance; AnotherRun."""

    def move(self, instance: str, before: str, after: str) -> None:
        """Bring what is known of the instance from one customer to another; nothing happens where it is there already."""

    def drop(self, customer: str) -> None:
        """That customer has no instance any more."""


class InstanceBook:
    """The instances in the settings file at *path* and in the customers' files beside it, as one list.

    Each change reads the files anew, so that no other writer's is lost, and is made whole or not at all.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._record = path.with_suffix(".pending")  # of a change that is being made
        self._lock = threading.Lock()
        self._known: Known | None = None
        self._looked = 0.0  # when the files were looked at last
        self._still = 0  # how many don't mind a list of a moment ago
        self._follower: Follows | None = None
        self._left: dict[str, str] = {}  # whose journal could not follow yet, and with which customer it lies
        self._seen: settings_file.Signature | None = None  # of the record that says so

    @cached_property
    def _pending(self) -> Pending:
        from exoalias.adapters.keeping.pending import Pending  # not for reading the list: the first paint waits for that

        return Pending(self._record)

    def followed_by(self, follower: Follows) -> None:
        """Tell the journal when an instance goes to another customer."""
        self._follower = follower

    # -- reading --

    @contextmanager
    def still(self) -> Iterator[None]:
        """For a run over many: within the block the files are looked at once a second, not for every question."""
        with self._lock:
            self._still += 1
        try:
            yield
        finally:
            with self._lock:
                self._still -= 1

    def all(self) -> tuple[InstanceEntry, ...]:
        """Every instance: the general file's, then each customer's. A customer's file that can't be read is left out."""
        return self._current().entries

    def problems(self) -> tuple[BadSettings, ...]:
        """Why some are left out of the list."""
        return self._current().problems

    def customers(self) -> tuple[str, ...]:
        """The customers' names, sorted."""
        names = {key_of(entry.customer): entry.customer for entry in self.all() if entry.customer}
        return tuple(sorted(names.values(), key=str.casefold))

    def get(self, name: str) -> InstanceEntry:
        """The instance of that name; UnknownInstance, or BadSettings where it may be in a file that can't be read."""
        known = self._current()
        entry = known.by_name.get(name)
        if entry is not None:
            return entry
        raise known.missing(name)

    def customer_of(self, name: str) -> str:
        """With which customer that instance's journal lies; "" for the general one, also for a name nobody knows."""
        entry = self._current().by_name.get(name)
        return self._left.get(name, entry.customer if entry is not None else "")

    def lies_with(self, name: str, customer: str) -> bool:
        """Whether that is where its journal lies, and nobody is moving it; doesn't wait."""
        self._looked = 0.0
        return settings_file.signature_of(self._record) == self._seen and self.customer_of(name) == customer

    # -- changing --

    def put(self, entry: InstanceEntry) -> None:
        """Add the instance, or replace what is known of it; unknown keys stay. With another customer it moves there."""
        self.put_all((entry,))

    def put_all(self, entries: Iterable[InstanceEntry]) -> None:
        """The same for several: all of them or none. AnotherRun, BadSettings, BadJournal, ListNotWritten."""
        with self._alone(), ExitStack() as held:
            draft = _Draft(self.path, self._fresh())
            for entry in entries:
                draft.put(entry._replace(customer=tidy(entry.customer)))
            if self._follower is not None:
                for move in draft.moves:
                    held.enter_context(self._follower.claim(move.instance))
                for customer in {end for move in draft.moves for end in (move.before, move.after)}:
                    self._follower.ready(customer)
            self._make(draft)

    def remove(self, name: str) -> None:
        """Forget the instance; UnknownInstance, ListNotWritten."""
        with self._alone():
            draft = _Draft(self.path, self._fresh())
            draft.remove(name)
            self._make(draft)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        try:
            with alone(self.path.with_suffix(".lock"), wait_s=_LOCK_WAIT_S):
                try:
                    yield
                finally:
                    self._looked = 0.0
        except Taken:
            raise AnotherRun(instance="the list of instances") from None
        except OSError as error:
            raise ListNotWritten(path=error.filename or self.path, why=error.strerror or error) from error

    def _fresh(self) -> Known:
        """What the files say now, nothing unfinished left; the lock is held."""
        self._finish()
        for file in (self.path, *self.path.parent.glob(f"{FOLDER}/*/{self.path.name}")):
            settings_file.sweep(file)
        return read_known(self.path, None)

    def _make(self, draft: _Draft) -> None:
        change = draft.change()
        if len(change.files) == 1 and not change.moves:
            self._write(change)
        elif change.files:
            try:
                self._pending.write(change)
            except OSError:
                self._pending.done()  # or the next start would make what was just said not to be
                raise
            self._finish()
        if self._follower is not None:
            for customer in draft.emptied:
                self._follower.drop(customer)

    # -- what a killed run left --

    def _current(self) -> Known:
        known = self._known
        if known is not None and self._still and time.monotonic() - self._looked < _MOMENT_S:
            return known
        for _ in range(_MOST_LOOKS):
            looked = time.monotonic()
            if self._is_unfinished():
                with self._alone():
                    self._finish()
            with self._lock:
                known = read_known(self.path, self._known)
                if known is self._known or self._is_whole(known):
                    self._known, self._looked = known, looked
                    return known
        with self._alone():  # they are written all the time: now nobody does
            self._finish()
            return read_known(self.path, None)

    def _is_unfinished(self) -> bool:
        return settings_file.signature_of(self._record) != self._seen

    def _is_whole(self, known: Known) -> bool:
        """Whether no change was made while it was read: of that it may have seen one file and not the other.

        In this order: where nothing is unfinished, what was unfinished before is in the files that are looked at then.
        """
        return not self._is_unfinished() and is_so(self.path, known)

    def _finish(self) -> None:
        """Make the change that was written down; the lock is held. A journal that can't follow yet stays where it is."""
        change = self._pending.read()
        if change is None:
            self._left, self._seen = {}, None
            return
        self._write(change)
        left = tuple(move for move in change.moves if not self._follow(move))
        if left:
            self._pending.leave(left)
        else:
            self._pending.done()
        self._left = {move.instance: move.before for move in left}
        self._seen = settings_file.signature_of(self._record)

    def _write(self, change: Change) -> None:
        for slug, text in change.files.items():
            path = file_of(self.path, slug)
            if text is None:
                settings_file.remove(path)
            else:
                settings_file.replace(path, text)

    def _follow(self, move: Move) -> bool:
        if self._follower is None:
            return False
        try:
            self._follower.move(move.instance, move.before, move.after)
        except BadJournal:
            return False
        return True


class _Draft:
    """The files as they would be after a change."""

    def __init__(self, path: Path, known: Known) -> None:
        self._path = path
        self._known = known
        self._wholes: dict[str, dict[str, Any]] = {}
        self._customers: dict[str, str] = {"": ""}
        self.moves: list[Move] = []

    def put(self, entry: InstanceEntry) -> None:
        before, slug = self._known.by_name.get(entry.name), slug_of(entry.customer) if entry.customer else ""
        if before is None and self._known.problems:
            raise self._known.missing(entry.name)  # it may be taken there
        source = self._known.slugs.get(entry.name, slug)
        instances = self._instances(slug)
        old = self._instances(source).pop(entry.name, {}) if source != slug else instances.get(entry.name, {})
        table = merged(old, table_of(entry))
        if slug:
            table.pop("customer", None)  # the file says it once, for all of them
            self._name(slug, entry.customer, alone=set(instances) <= {entry.name})
        instances[entry.name] = table
        if before is not None and key_of(before.customer) != key_of(entry.customer):
            from exoalias.adapters.keeping.pending import Move

            self.moves.append(Move(entry.name, before.customer, entry.customer))

    def remove(self, name: str) -> None:
        if name not in self._known.by_name:
            raise self._known.missing(name)
        self._instances(self._known.slugs[name]).pop(name, None)

    @property
    def emptied(self) -> tuple[str, ...]:
        """The customers whose last instance went."""
        names = ((slug, whole) for slug, whole in self._wholes.items() if slug and not whole.get("instance"))
        return tuple(str(self._customers.get(slug) or whole.get(NAME_OF_CUSTOMER, "")) for slug, whole in names)

    def change(self) -> Change:
        from exoalias.adapters.keeping.pending import Change

        files: dict[str, str | None] = {}
        for slug, whole in sorted(self._wholes.items()):
            nothing = slug and not whole.get("instance") and set(whole) <= {"instance", NAME_OF_CUSTOMER}
            files[slug] = None if nothing else settings_file.text_of(whole)
        return Change(files, tuple(self.moves))

    def _instances(self, slug: str) -> dict[str, Any]:
        whole = self._wholes.get(slug)
        if whole is None:
            whole = self._wholes[slug] = settings_file.read(file_of(self._path, slug))
            for problem in self._known.problems:
                if Path(problem.facts["path"]) == file_of(self._path, slug):
                    raise BadSettings(**problem.facts)  # a file with a broken entry is refused before it is written
        instances = whole.setdefault("instance", {})
        assert isinstance(instances, dict)  # noqa: S101 - it was read as such above
        return instances

    def _name(self, slug: str, customer: str, *, alone: bool) -> None:
        """The spelling used first stays, unless nobody else uses it."""
        whole = self._wholes[slug]
        if alone or not isinstance(whole.get(NAME_OF_CUSTOMER), str):
            self._wholes[slug] = {NAME_OF_CUSTOMER: customer, **{k: v for k, v in whole.items() if k != NAME_OF_CUSTOMER}}
        self._customers[slug] = customer


def file_of(path: Path, slug: str) -> Path:
    """The settings file of the customer with that folder; "" is the general one at *path*."""
    return path.parent / FOLDER / slug / path.name if slug else path
