"""One check's reading: rounds of questions until nothing is left to ask. One round where all ids are known."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from exoalias.adapters.instance import questions as q
from exoalias.adapters.instance.columns import PROVIDER, ROOM, columns_of
from exoalias.adapters.instance.question import Notebook
from exoalias.adapters.instance.remembered import KINDS, Remembered
from exoalias.adapters.instance.rows import flag, sys_ids

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exoalias.adapters.instance.batch import Asker, Reply
    from exoalias.adapters.instance.rows import Row
    from exoalias.domain.target import Cloud, Target

_MOST_ROUNDS: Final = 5
_MOST_IDS: Final = 100  # in one question: an address has a length


@dataclass(frozen=True, slots=True)
class _Found:
    """What the answers so far lead to."""

    columns: dict[str, dict[str, str]]  # the looked-up ones, by table
    overriding: frozenset[str]  # the aliases that calendar providers use instead of the default one
    aliases: list[Row]
    connections: list[Row]
    wanted: dict[str, tuple[frozenset[str], frozenset[str]]]  # by kind: all ids that matter, and those asked for first
    ids: dict[str, frozenset[str]]  # those of them that are asked for


class Reader:
    """Reads what a Snapshot needs. After ``read`` its notebook, replies, ids and columns are complete."""

    def __init__(self, asker: Asker, user: str, target: Target, remembered: Remembered) -> None:
        self._asker = asker
        self._user = user
        self._target = target
        self._remembered = remembered
        self.notebook = Notebook()
        self._known: _Found | None = None  # asked for many times between two replies
        self._hosts = _hosts_of(target.clouds)
        self.replies: dict[str, Reply] = {}  # of the two addresses that are no table

    def read(self) -> None:
        """Ask until nothing new is to be asked. Raises what Access.send raises."""
        first = q.by_name(self._user, self._target.credential_names)
        others = {"current user": q.CURRENT_USER, "picker": q.PICKER}
        ids: Mapping[str, frozenset[str]] = {kind: self._remembered.of(kind) for kind in KINDS}
        columns = self._remembered.columns
        for _ in range(_MOST_ROUNDS):
            missing = {question.key: question for question in self.notebook.missing(first + q.by_id(ids, columns))}
            if not missing and not others:
                break
            replies = self._asker.ask({key: question.path for key, question in missing.items()} | others)
            self.replies |= {key: replies[key] for key in others}
            others = {}
            for key, question in missing.items():
                self.notebook.take(question, replies[key])
            self._known = None
            before, (ids, columns) = (ids, columns), (self.ids(), self.columns())
            if before == (ids, columns):  # what was found is what was asked for
                break

    def columns(self) -> dict[str, dict[str, str]]:
        """The looked-up columns, by table; what was remembered where the dictionary can't be read."""
        return self._found().columns

    def remember(self) -> Remembered:
        """What the next check may use: what was found, and of what could not be read this time, what was known before."""
        found = {kind: some or self._remembered.of(kind) for kind, some in self.ids().items()}
        return Remembered(
            ids={kind: some for kind, some in found.items() if some}, columns={**self._remembered.columns, **self.columns()}
        )

    def ids(self) -> dict[str, frozenset[str]]:
        """The ids that matter, from what was read so far."""
        return self._found().ids

    def left_out(self) -> dict[str, frozenset[str]]:
        """The ids of a kind that were not asked for, where there were too many."""
        found = self._found()
        return {kind: left for kind, (all_ids, _) in found.wanted.items() if (left := all_ids - found.ids[kind])}

    def override_aliases(self) -> frozenset[str]:
        """The aliases that calendar providers use instead of the default one."""
        return self._found().overriding

    def aliases(self) -> list[Row]:
        """The default aliases, their children, and those that providers name."""
        return self._found().aliases

    def connections(self) -> list[Row]:
        """The connections of those aliases, and of the named credentials."""
        return self._found().connections

    def credentials(self) -> list[Row]:
        """The named credentials and those which a connection of an own or override alias uses."""
        wanted = self.ids()["credentials"]
        return _once(
            self.notebook.rows("credentials") + [r for r in self.notebook.rows("credentials by id") if r["sys_id"] in wanted]
        )

    # -- what the answers lead to --

    def _found(self) -> _Found:
        if self._known is None:
            self._known = self._look()
        return self._known

    def _look(self) -> _Found:
        rows = self.notebook.rows
        columns = self._columns()
        overriding = _overriding(rows("providers"), columns.get(PROVIDER, {}))
        aliases = _once(rows("aliases") + [r for r in rows("aliases by id") if r["sys_id"] in overriding])
        named = {r["sys_id"] for r in rows("credentials")}
        reached = {r["sys_id"] for r in aliases}
        connections = [
            r
            for r in _once(rows("connections") + rows("connections by alias"))
            if r["connection_alias"] in reached or r["credential"] in named
        ]
        wanted = self._wanted(overriding, connections)
        ids = {kind: _some(all_ids, first) for kind, (all_ids, first) in wanted.items()}
        return _Found(columns, overriding, aliases, connections, wanted, ids)

    def _columns(self) -> dict[str, dict[str, str]]:
        if self.notebook.unreadable("dictionary"):
            return {table: dict(found) for table, found in self._remembered.columns.items()}
        rows = self.notebook.rows("dictionary")
        return {table: found for table in (PROVIDER, ROOM) if (found := columns_of(table, rows))}

    def _wanted(self, overriding: frozenset[str], connections: list[Row]) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
        rows = self.notebook.rows
        mine = sys_ids(r["sys_id"] for r in rows("credentials"))
        before = self._before()
        credentials = mine | before | sys_ids(r["credential"] for r in connections)
        used, their_registries = self._in_use()
        profiles, registries = self._of_interest(used, their_registries)
        none: frozenset[str] = frozenset()
        return {
            "credentials": (credentials, mine | before),
            "other_credentials": (credentials - mine, before),
            "aliases": (overriding - sys_ids(r["sys_id"] for r in rows("aliases")), none),
            "profiles": (profiles, used),
            "registries": (registries, their_registries),
            "update_sets": (sys_ids(r["value"] for r in rows("preference")), none),
        }

    def _before(self) -> frozenset[str]:
        """The credentials that were right before: looked for by their id, whatever they are called now."""
        desired = self._target.desired
        return sys_ids(c.sys_id for c in desired.credentials) if desired is not None else frozenset()

    def _in_use(self) -> tuple[frozenset[str], frozenset[str]]:
        """The profiles that credentials use or the person chose, and their registries."""
        used = sys_ids(
            r["oauth_entity_profile"] for r in self.notebook.rows("credentials") + self.notebook.rows("credentials by id")
        )
        used |= sys_ids([self._target.profile])
        if self._target.desired is not None:
            used |= sys_ids([self._target.desired.profile.sys_id])
        return used, sys_ids(r["oauth_entity"] for r in self.notebook.rows("profiles") if r["sys_id"] in used)

    def _of_interest(self, used: frozenset[str], their_registries: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
        """Profiles and registries whose scopes are read: those in use or chosen, and those at a Microsoft sign-in."""
        registries = their_registries | sys_ids(r["sys_id"] for r in self.notebook.rows("registries") if self._at_microsoft(r))
        return used | sys_ids(r["sys_id"] for r in self.notebook.rows("profiles") if r["oauth_entity"] in registries), registries

    def _at_microsoft(self, registry: Row) -> bool:
        addresses = f"{registry['auth_url']} {registry['token_url']}".lower()
        return any(host in addresses for host in self._hosts)


@lru_cache(maxsize=16)
def _hosts_of(clouds: tuple[Cloud, ...]) -> tuple[str, ...]:
    """The hosts of all their sign-in pages."""
    return tuple({urlsplit(origin).netloc for cloud in clouds for origin in cloud.sign_in_origins})


def _overriding(providers: list[Row], columns: Mapping[str, str]) -> frozenset[str]:
    """The aliases that these providers use, by the looked-up columns."""
    alias, override = columns.get("alias", ""), columns.get("override", "")
    return sys_ids(r.get(alias) for r in providers if not override or flag(r.get(override)))


def _once(rows: list[Row]) -> list[Row]:
    """Each record once; the state read last."""
    return list({r["sys_id"]: r for r in rows}.values())


def _some(ids: frozenset[str], first: frozenset[str] = frozenset()) -> frozenset[str]:
    """As many as fit into one question; the first ones are never cut off in favour of the rest."""
    if len(ids) <= _MOST_IDS:
        return ids
    return frozenset(sorted(ids, key=lambda each: (each not in first, each))[:_MOST_IDS])
