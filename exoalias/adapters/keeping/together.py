"""The list of instances and the journal, each told of the other: the list says whose an instance is, the journal follows it."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

from exoalias.adapters.keeping.journal import Journal
from exoalias.adapters.keeping.settings import InstanceBook

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from datetime import datetime

    from exoalias.adapters.keeping.settings import Places


def book_and_journal(places: Places, clock: Callable[[], datetime]) -> tuple[InstanceBook, Journal]:
    """Both, on the files of these places."""
    book = InstanceBook(places.settings_file)
    journal = Journal(places.journal_file, clock, book)
    book.followed_by(_Following(journal))
    return book, journal


@dataclass(frozen=True, slots=True)
class _Following:
    """What the journal does when an instance goes to another customer."""

    journal: Journal

    def ready(self, customer: str) -> None:
        self.journal.files.ready(customer)

    def claim(self, instance: str) -> AbstractContextManager[None]:
        return nullcontext() if self.journal.claimed_here(instance) else self.journal.claim(instance)

    def move(self, instance: str, before: str, after: str) -> None:
        self.journal.files.move(instance, before, after)

    def drop(self, customer: str) -> None:
        self.journal.files.drop(customer)
