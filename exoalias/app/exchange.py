"""Lists of instances to hand on, without secrets: written from what is known, and taken whole or not at all.

What is written is an allow-list of fields. A file that holds what looks like a secret is refused, with the name of its key.
"""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from exoalias.adapters.instance.rows import is_sys_id
from exoalias.adapters.keeping import settings_file
from exoalias.adapters.keeping.customers import key_of, tidy
from exoalias.adapters.keeping.entries import InstanceEntry, entry_of, table_of
from exoalias.app.choose import address_of, guid_of, why_unpin
from exoalias.app.instances import leave
from exoalias.domain.address import parse
from exoalias.domain.instance_name import may_be_called
from exoalias.domain.problems import ImportRefused, Problem, UsageProblem
from exoalias.domain.ways import way_in
from exoalias.domain.words import joined, say

if TYPE_CHECKING:
    from exoalias.app.world import World

FORMAT: Final = "exoalias-instances"
SCHEMA: Final = 1
LARGEST: Final = 4 * 1024 * 1024  # characters of a list
_HEAD: Final = (
    "# Instances of exoalias. It holds no secrets: passwords and keys stay in the keyring of the computer they are on.\n"
)
_FIELDS: Final = {  # as a person calls them
    "origin": "address",
    "delegated_user": "delegated user",
    "credential_names": "credentials",
    "way": "way in",
    "redirect_url": "redirect address",
    "kind": "kind",
    "user": "user",
    "profile": "profile",
    "profile_name": "name of the profile",
    "public_client_id": "public client id",
    "client_id": "client id",
    "certificate": "certificate",
    "ca_file": "own authorities",
    "customer": "customer",
    "one_time_code": "one-time code",
    "sign_in_for_me": "sign in for me",
}
_KEYS: Final = frozenset({"name", "url", *table_of(InstanceEntry("", ""))} - {"origin"})
_OF_USER: Final = frozenset({"upn", "object_id", "mail"})
_SECRET: Final = re.compile(
    r"pass|pwd|kennwort|secret|token|api.?key|private|cookie|session|bearer|authorization|otp|code_verifier", re.IGNORECASE
)

Does = Literal["added", "changed", "same", "refused"]


@dataclass(frozen=True, slots=True)
class Line:
    """What a list does to one instance, and why it is refused or what it changes."""

    name: str
    does: Does
    why: str = ""


@dataclass(frozen=True, slots=True)
class Import:
    """A list that was read and judged; nothing of it was taken yet."""

    where: str
    lines: tuple[Line, ...]
    entries: tuple[InstanceEntry, ...]  # to be written

    @property
    def refused(self) -> bool:
        """Whether nothing of it may be taken."""
        return any(line.does == "refused" for line in self.lines)


def export_list(world: World, customer: str | None = None) -> str:
    """The known instances, or one customer's, as text; always in the same order. UsageProblem for an unknown customer."""
    entries = [e for e in world.book.all() if customer is None or key_of(e.customer) == key_of(customer)]
    if customer is not None and not entries:
        raise UsageProblem(why=say("No known instance has the customer {customer}.", customer=customer))
    entries.sort(key=lambda entry: (entry.customer.casefold(), entry.name.casefold(), entry.name))
    whole = {"format": FORMAT, "schema": SCHEMA, "instance": [_written(entry) for entry in entries]}
    return _HEAD + settings_file.text_of(whole)


def read_list(world: World, text: str, *, where: str, replacing: bool = False) -> Import:
    """Judge every entry of a list. ``replacing``: a known instance may be changed, its address never.

    ImportRefused where the text is no list of this version, or holds what looks like a secret.
    """
    tables = _tables(text, where)
    lines: list[Line] = []
    entries: list[InstanceEntry] = []
    for number, table in enumerate(tables, 1):
        name = str(table.get("name", "")).strip() or say("number {number}", number=number)
        try:
            entry = _entry(world, name, table)
            line = _line(world, entry, taken={line.name for line in lines}, replacing=replacing)
        except Problem as problem:
            line = Line(name, "refused", problem.facts.get("why") or problem.words)
        else:
            if line.does in {"added", "changed"}:
                entries.append(entry)
        lines.append(line)
    return Import(where, tuple(lines), tuple(entries))


def import_list(world: World, found: Import) -> tuple[Line, ...]:
    """Take the whole list; ImportRefused, with nothing taken, where anything of it is refused."""
    refused = [line for line in found.lines if line.does == "refused"]
    if refused:
        rest = say(" ({refused} more)", refused=len(refused) - 1) if len(refused) > 1 else ""
        why = say("{name}: {why}{rest}", name=refused[0].name, why=refused[0].why, rest=rest)
        raise ImportRefused(where=found.where, why=why)
    known = {entry.name: entry for entry in world.book.all()}
    unpinned = [
        (entry.name, why)
        for entry in found.entries
        if entry.name in known and (why := why_unpin(world, entry.name, known[entry.name].delegated_user, entry.delegated_user))
    ]
    world.book.put_all(found.entries)
    for entry in found.entries:
        if entry.name in known:
            leave(world, known[entry.name], entry)
    for name, why in unpinned:
        world.journal.unpin(name, why)
    return found.lines


def _written(entry: InstanceEntry) -> dict[str, Any]:
    table = {"name": entry.name, "url": entry.origin, **table_of(entry)}
    del table["origin"]
    return {key: _full(value) for key, value in table.items() if value}


def _full(value: Any) -> Any:  # noqa: ANN401 - what TOML holds
    return {key: inner for key, inner in value.items() if inner} if isinstance(value, dict) else value


def _tables(text: str, where: str) -> list[dict[str, Any]]:
    if len(text) > LARGEST:
        raise ImportRefused(where=where, why="it is larger than any list of instances")
    try:
        whole = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ImportRefused(where=where, why=say("it is no TOML: {error}", error=error)) from None
    secret = _secret_in(whole)
    if secret:
        raise ImportRefused(
            where=where, why=say("it holds {secret}. Secrets are not taken from files: take it out of there", secret=secret)
        )
    if whole.get("format") != FORMAT or whole.get("schema") != SCHEMA:
        raise ImportRefused(
            where=where,
            why=say(
                "it is no list of instances of this version (format {format}, schema {schema})", format=FORMAT, schema=SCHEMA
            ),
        )
    tables = whole.get("instance", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise ImportRefused(where=where, why="[[instance]] must be a list of tables")
    strange = sorted(set(whole) - {"format", "schema", "instance"})
    if strange:
        raise ImportRefused(where=where, why=say("it holds {strange}, which this version does not know", strange=strange[0]))
    return tables


def _secret_in(value: object, path: str = "") -> str:
    """The path of the first key that looks like a secret's; "" where there is none. Never its value."""
    if isinstance(value, list):
        return next((found for n, each in enumerate(value, 1) if (found := _secret_in(each, f"{path} {n}"))), "")
    if not isinstance(value, dict):
        return "what looks like a private key" if isinstance(value, str) and "-----BEGIN" in value else ""
    for key, inner in value.items():
        if key not in _KEYS | _OF_USER and _SECRET.search(key):
            return f"{key[:40]!r} ({(path or 'at its head').strip()})"
        found = _secret_in(inner, f"{path} {key[:40]}")
        if found:
            return found
    return ""


def _entry(world: World, name: str, table: dict[str, Any]) -> InstanceEntry:
    """The entry of one table, every value of it looked at; a Problem whose ``why`` says what is wrong."""
    user = table.get("delegated_user", {})
    strange = sorted({*table} - _KEYS) or sorted(set(user) - _OF_USER if isinstance(user, dict) else ())
    if strange:
        raise UsageProblem(why=say("it holds {strange}, which this version does not know", strange=strange[0]))
    if not may_be_called(name):
        raise UsageProblem(why="its name can't be the name of an instance")
    url = table.get("url")
    if not isinstance(url, str):
        raise UsageProblem(why="it has no url")
    origin = parse(url, allow_loopback_http=world.simulated is not None)
    rest = {key: value for key, value in table.items() if key not in {"name", "url"}}
    entry = entry_of(Path(name), name, {**rest, "origin": origin})
    _refuse_odd_texts(rest)
    return _tidied(entry)


def _refuse_odd_texts(value: object) -> None:
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else [value]:
        if isinstance(each, (dict, list)):
            _refuse_odd_texts(each)
        elif isinstance(each, str) and not each.isprintable():
            raise UsageProblem(why="it holds a control character")


def _tidied(entry: InstanceEntry) -> InstanceEntry:
    user = entry.delegated_user
    if user is not None:
        mail = address_of("The mailbox", user.mail) if user.mail else ""
        user = user._replace(
            upn=address_of("The delegated user", user.upn),
            object_id=guid_of("The object id", user.object_id),
            mail=mail,
        )
    if ":" in entry.user:
        raise UsageProblem(why="its user holds a colon")
    if entry.profile and not is_sys_id(entry.profile):
        raise UsageProblem(why="its profile is no sys_id")
    missing = [need.value for need in way_in(entry.way).needs if not need.secret and not getattr(entry, need.value)]
    if missing:
        raise UsageProblem(why=say("its way in, {way_value}, needs {missing}", way_value=entry.way.value, missing=missing[0]))
    public = guid_of("The public client id", entry.public_client_id)
    return entry._replace(customer=tidy(entry.customer), delegated_user=user, public_client_id=public)


def _line(world: World, entry: InstanceEntry, *, taken: set[str], replacing: bool) -> Line:
    if entry.name in taken:
        return Line(entry.name, "refused", "its name is in the list twice")
    known = next((each for each in world.book.all() if each.name == entry.name), None)
    if known is None:
        return Line(entry.name, "added")
    if known.origin != entry.origin:
        return Line(
            entry.name,
            "refused",
            say(
                "it is known as {origin}; a list does not change an address ({origin2})",
                origin=known.origin,
                origin2=entry.origin,
            ),
        )
    old, new = table_of(known), table_of(entry)
    if key_of(known.customer) == key_of(entry.customer):
        old.pop("customer")
    differ = [say(_FIELDS[key]) for key, value in old.items() if (value or None) != (new[key] or None)]
    if not differ:
        return Line(entry.name, "same")
    fields = joined(", ", differ)
    if not replacing:
        return Line(
            entry.name, "refused", say("it is known with other values ({fields}); --replace takes the list's", fields=fields)
        )
    return Line(entry.name, "changed", fields)


def write_list(path: Path, text: str) -> None:
    """Write a list for this user alone, beside and then in place: the old one or the new one, never half. OSError."""
    beside = path.with_name(f"{path.name}.new")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    beside.replace(path)
