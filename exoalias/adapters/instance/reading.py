"""One check's reading: rounds of questions until nothing is left to ask. One round where all ids are known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from exoalias.adapters.instance import questions as q
from exoalias.adapters.instance.columns import PROVIDER, ROOM, columns_of
from exoalias.adapters.instance.question import Notebook
from exoalias.adapters.instance.remembered import Remembered
from exoalias.adapters.instance.rows import flag, sys_ids

if TYPE_CHECKING:
    from exoalias.adapters.instance.batch import Asker, Reply
    from exoalias.adapters.instance.rows import Row
    from exoalias.domain.target import Target

_MOST_ROUNDS: Final = 5
_MOST_IDS: Final = 100  # in one question: an address has a length


class Reader:
    """Reads what a Snapshot needs. After ``read`` its notebook, replies, ids and columns are complete."""

    def __init__(self, asker: Asker, user: str, target: Target, remembered: Remembered) -> None:
        self._asker = asker
        self._user = user
        self._target = target
        self._remembered = remembered
        self.notebook = Notebook()
        self._columns: tuple[int, dict[str, dict[str, str]]] | None = None  # of so many rows of the dictionary
        self._found: dict[str, tuple[frozenset[str], frozenset[str]]] | None = None  # asked for many times between two replies
        self._hosts = tuple({urlsplit(origin).netloc for cloud in target.clouds for origin in cloud.sign_in_origins})
        self.replies: dict[str, Reply] = {}  # of the two addresses that are no table

    def read(self) -> None:
        """Ask until nothing new is to be asked. Raises what Access.send raises."""
        first = q.by_name(self._user, self._target.credential_names)
        others = {"current user": q.CURRENT_USER, "picker": q.PICKER}
        wanted = first + q.by_id({k: self._remembered.of(k) for k in self.ids()}, self._remembered.columns)
        for _ in range(_MOST_ROUNDS):
            missing = {question.key: question for question in self.notebook.missing(wanted)}
            if not missing and not others:
                break
            replies = self._asker.ask({key: question.path for key, question in missing.items()} | others)
            self.replies |= {key: replies[key] for key in others}
            others = {}
            for key, question in missing.items():
                self.notebook.take(question, replies[key])
            self._found = None
            wanted = first + q.by_id(self.ids(), self.columns())

    def columns(self) -> dict[str, dict[str, str]]:
        """The looked-up columns, by table; what was remembered where the dictionary can't be read."""
        if self.notebook.unreadable("dictionary"):
            return {table: dict(found) for table, found in self._remembered.columns.items()}
        rows = self.notebook.rows("dictionary")
        if self._columns is None or self._columns[0] != len(rows):  # asked many times in one check
            self._columns = len(rows), {table: found for table in (PROVIDER, ROOM) if (found := columns_of(table, rows))}
        return self._columns[1]

    def remember(self) -> Remembered:
        """What the next check may use: what was found, and of what could not be read this time, what was known before."""
        found = {kind: some or self._remembered.of(kind) for kind, some in self.ids().items()}
        return Remembered(
            ids={kind: some for kind, some in found.items() if some}, columns={**self._remembered.columns, **self.columns()}
        )

    def ids(self) -> dict[str, frozenset[str]]:
        """The ids that matter, from what was read so far."""
        return {kind: _some(ids, first) for kind, (ids, first) in self._wanted().items()}

    def left_out(self) -> dict[str, frozenset[str]]:
        """The ids of a kind that were not asked for, where there were too many."""
        return {kind: ids - _some(ids, first) for kind, (ids, first) in self._wanted().items() if len(ids) > _MOST_IDS}

    def _wanted(self) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
        """By kind: all ids that matter, and those among them which are asked for first."""
        if self._found is None:
            self._found = self._look_for()
        return self._found

    def _look_for(self) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
        rows = self.notebook.rows
        named, connections = rows("credentials"), self.connections()
        credentials = sys_ids(r["sys_id"] for r in named) | sys_ids(r["credential"] for r in connections)
        used, their_registries = self._in_use()
        profiles, registries = self._of_interest(used, their_registries)
        overriding = self.override_aliases()
        none: frozenset[str] = frozenset()
        before = self._before()
        credentials |= before
        mine = sys_ids(r["sys_id"] for r in named)
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

    def override_aliases(self) -> frozenset[str]:
        """The aliases that calendar providers use instead of the default one."""
        columns = self.columns().get(PROVIDER, {})
        alias, override = columns.get("alias", ""), columns.get("override", "")
        rows = self.notebook.rows("providers")
        return sys_ids(r.get(alias) for r in rows if not override or flag(r.get(override)))

    def aliases(self) -> list[Row]:
        """The default aliases, their children, and those that providers name."""
        return _once(
            self.notebook.rows("aliases")
            + [r for r in self.notebook.rows("aliases by id") if r["sys_id"] in self.override_aliases()]
        )

    def connections(self) -> list[Row]:
        """The connections of those aliases, and of the named credentials."""
        aliases = {r["sys_id"] for r in self.aliases()}
        credentials = {r["sys_id"] for r in self.notebook.rows("credentials")}
        rows = self.notebook.rows("connections") + self.notebook.rows("connections by alias")
        return [r for r in _once(rows) if r["connection_alias"] in aliases or r["credential"] in credentials]

    def credentials(self) -> list[Row]:
        """The named credentials and those which a connection of an own or override alias uses."""
        wanted = self.ids()["credentials"]
        return _once(
            self.notebook.rows("credentials") + [r for r in self.notebook.rows("credentials by id") if r["sys_id"] in wanted]
        )

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


def _once(rows: list[Row]) -> list[Row]:
    """Each record once; the state read last."""
    return list({str(r["sys_id"]): r for r in rows}.values())


def _some(ids: frozenset[str], first: frozenset[str] = frozenset()) -> frozenset[str]:
    """As many as fit into one question; the first ones are never cut off in favour of the rest."""
    return frozenset(sorted(ids, key=lambda each: (each not in first, each))[:_MOST_IDS])
