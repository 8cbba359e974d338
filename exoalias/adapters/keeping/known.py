"""The instances of all settings files as one list, read again only where a file was written since."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from exoalias.adapters.keeping import settings_file
from exoalias.adapters.keeping.customers import FOLDER, is_slug, slug_of
from exoalias.adapters.keeping.entries import entry_of, tables_in
from exoalias.domain.problems import BadSettings, UnknownInstance
from exoalias.domain.words import say

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from exoalias.adapters.keeping.entries import InstanceEntry
    from exoalias.adapters.keeping.settings_file import Signature
    from exoalias.domain.problems import UsageProblem

NAME_OF_CUSTOMER = "customer"  # the key of a customer's file that says whose it is


class _File(NamedTuple):
    """One settings file as it was read."""

    signature: Signature | None
    entries: tuple[InstanceEntry, ...] = ()
    problem: BadSettings | None = None


class Known(NamedTuple):
    """What the files say. ``slugs``: in which customer's folder each instance lies ("" is the general file)."""

    files: Mapping[str, _File] = {}
    entries: tuple[InstanceEntry, ...] = ()
    by_name: Mapping[str, InstanceEntry] = {}
    slugs: Mapping[str, str] = {}
    problems: tuple[BadSettings, ...] = ()

    def missing(self, name: str) -> UsageProblem:
        """Why there is no instance of that name: nobody added it, or it may be in a file that can't be read."""
        return BadSettings(**self.problems[0].facts) if self.problems else UnknownInstance(name=name)


def read_known(path: Path, before: Known | None) -> Known:
    """The instances of the general file at *path* and of the customers' files beside it.

    BadSettings where the general file can't be read; a customer's file that can't is told in ``problems``. *before*: what
    was read last time; files that were not written since are not read again.
    """
    if before is not None and is_so(path, before):
        return before
    old = before.files if before is not None else {}
    files = {slug: _again(old.get(slug), path, slug) for slug in ("", *_slugs(path))}
    general = files[""].problem
    if general is not None:
        raise general
    return _joined(path, files)


def is_so(path: Path, known: Known) -> bool:
    """Whether no file was written, came or went since; asked often, so with as little work as that takes."""
    folder = f"{path.parent}{os.sep}{FOLDER}"
    try:
        there = {name for name in os.listdir(folder) if is_slug(name)}  # noqa: PTH208 - one call, no objects
    except OSError:
        there = set()
    if there | {""} != known.files.keys():
        return False
    return all(
        settings_file.signature_of(f"{folder}{os.sep}{slug}{os.sep}{path.name}" if slug else path) == file.signature
        for slug, file in known.files.items()
    )


def _slugs(path: Path) -> list[str]:
    try:
        return sorted(folder.name for folder in (path.parent / FOLDER).iterdir() if is_slug(folder.name))
    except OSError:
        return []


def _again(old: _File | None, path: Path, slug: str) -> _File:
    file = path.parent / FOLDER / slug / path.name if slug else path
    signature = settings_file.signature_of(file)
    if old is not None and old.signature == signature:
        return old
    try:
        return _File(signature, _entries(file, slug))
    except BadSettings as problem:
        return _File(signature, problem=problem)


def _entries(file: Path, slug: str) -> tuple[InstanceEntry, ...]:
    whole = settings_file.read(file)
    entries = tuple(entry_of(file, name, table) for name, table in tables_in(file, whole).items())
    if not slug or not whole:
        return entries
    customer = whole.get(NAME_OF_CUSTOMER)
    if not isinstance(customer, str) or slug_of(customer) != slug:
        raise BadSettings(path=file, why="customer must be the name of the customer whose folder it lies in")
    return tuple(entry._replace(customer=customer) for entry in entries)


def _joined(path: Path, files: Mapping[str, _File]) -> Known:
    entries: list[InstanceEntry] = []
    slugs: dict[str, str] = {}
    problems: list[BadSettings] = []
    for slug, file in sorted(files.items(), key=lambda item: _order(*item)):
        if file.problem is not None:
            problems.append(file.problem)
        for entry in file.entries:
            if entry.name in slugs:
                where = path.parent / FOLDER / slug / path.name
                problems.append(
                    BadSettings(
                        path=where,
                        why=say("the name {entry_name} is taken by another customer's instance", entry_name=entry.name),
                    )
                )
            else:
                slugs[entry.name] = slug
                entries.append(entry)
    return Known(files, tuple(entries), {entry.name: entry for entry in entries}, slugs, tuple(problems))


def _order(slug: str, file: _File) -> tuple[bool, str, str]:
    """The general file first, then the customers by name."""
    return bool(slug), file.entries[0].customer.casefold() if slug and file.entries else "", slug
