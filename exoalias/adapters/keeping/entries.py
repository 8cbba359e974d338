"""One known instance as the settings file holds it: the entry, and the TOML table it is written as.

A table with a value of the wrong kind is refused with its name; keys this version doesn't know are kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from exoalias.domain.delegated import STRICT_CREDENTIALS, DelegatedUser
from exoalias.domain.problems import BadSettings
from exoalias.domain.ways import Need, Way, way_in
from exoalias.domain.words import say

if TYPE_CHECKING:
    from pathlib import Path

KINDS: Final = ("production", "test", "development")
REDIRECT_URL: Final = "http://localhost:8410/exoalias"  # of the instance's OAuth endpoint; nothing listens there


class InstanceEntry(NamedTuple):
    """One instance the person added, and what they said should be true on it."""

    name: str
    origin: str  # "https://acme.service-now.com"
    user: str = ""  # of its REST interface, where the way in needs one
    delegated_user: DelegatedUser | None = None
    profile: str = ""
    profile_name: str = ""
    credential_names: tuple[str, ...] = STRICT_CREDENTIALS
    public_client_id: str = ""
    way: Way = Way.PASSWORD
    one_time_code: bool = False  # the password is followed by a code of the user's authenticator
    sign_in_for_me: bool = False  # window A is signed in with the kept user and password
    client_id: str = ""  # of the instance's OAuth endpoint
    redirect_url: str = REDIRECT_URL
    certificate: str = ""  # path of a PEM file with certificate and key
    ca_file: str = ""  # path of a PEM file with the authorities to trust, instead of the system's
    customer: str = ""
    kind: str = ""  # one of KINDS, "" where nobody said

    @property
    def asked(self) -> tuple[Need, ...]:
        """What this entry has to be told, fields and secrets, in the order in which a person is asked for them."""
        words = way_in(self.way)
        also = (Need.USER, Need.PASSWORD) if self.sign_in_for_me else ()
        return tuple(dict.fromkeys((*words.needs, *also)))

    @property
    def may_be_told(self) -> tuple[Need, ...]:
        """What else it can be told."""
        also = (Need.PASSPHRASE,) if self.certificate else ()
        return tuple(dict.fromkeys((*way_in(self.way).may_need, *also)))


_TEXTS: Final = ("user", "profile", "profile_name", "public_client_id", "client_id", "certificate", "ca_file", "customer")
_FLAGS: Final = ("one_time_code", "sign_in_for_me")


def tables_in(path: Path, whole: dict[str, Any]) -> dict[str, Any]:
    """The instances' tables of a settings file, by name; BadSettings."""
    instances = whole.get("instance", {})
    if not isinstance(instances, dict):
        raise BadSettings(path=path, why="[instance] must be a table")
    return instances


def entry_of(path: Path, name: str, table: object) -> InstanceEntry:
    """The entry a table says; BadSettings names the value that can't be."""
    if not isinstance(table, dict):
        raise BadSettings(path=path, why=say("[instance.{name}] must be a table", name=name))
    read = _Table(path, name, table)
    way = read.one_of("way", tuple(each.value for each in Way), Way.PASSWORD.value)
    signs_in = read.flag("sign_in_for_me")
    needs_user = signs_in or Need.USER in way_in(Way(way)).needs
    return InstanceEntry(
        name=name,
        origin=read.text("origin", needed=True),
        delegated_user=read.delegated_user(),
        credential_names=read.texts("credential_names", STRICT_CREDENTIALS),
        way=Way(way),
        redirect_url=read.text("redirect_url") or REDIRECT_URL,
        kind=read.one_of("kind", KINDS, ""),
        user=read.text("user", needed=needs_user),
        profile=read.text("profile"),
        profile_name=read.text("profile_name"),
        public_client_id=read.text("public_client_id"),
        client_id=read.text("client_id"),
        certificate=read.text("certificate"),
        ca_file=read.text("ca_file"),
        customer=read.text("customer"),
        one_time_code=read.flag("one_time_code"),
        sign_in_for_me=signs_in,
    )


def readable(name: str, table: object) -> InstanceEntry:
    """As much of an entry as a broken table still says; enough to find what the keyring holds for it."""
    values = table if isinstance(table, dict) else {}
    entry = InstanceEntry(name, "", way=next((each for each in Way if each.value == values.get("way")), Way.PASSWORD))
    for key in ("origin", *_TEXTS, *_FLAGS):
        if isinstance(value := values.get(key), type(getattr(entry, key))):
            entry = entry._replace(**{key: value})
    return entry


def table_of(entry: InstanceEntry) -> dict[str, Any]:
    """The table of an entry; an empty value stands for a key that is left out."""
    user = entry.delegated_user
    return {
        "origin": entry.origin,
        "delegated_user": {"upn": user.upn, "object_id": user.object_id, "mail": user.mail} if user else None,
        "credential_names": list(entry.credential_names) if entry.credential_names != STRICT_CREDENTIALS else None,
        "way": entry.way.value if entry.way is not Way.PASSWORD else None,
        "redirect_url": entry.redirect_url if entry.redirect_url != REDIRECT_URL else None,
        "kind": entry.kind,
        **{key: getattr(entry, key) for key in (*_TEXTS, *_FLAGS)},
    }


def merged(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """*old* with the known keys of *new*; an empty value takes the key away."""
    both = dict(old)
    for key, value in new.items():
        if isinstance(value, dict):
            both[key] = merged(both.get(key, {}), value)
        elif value:
            both[key] = value
        else:
            both.pop(key, None)
    return both


class _Table:
    """Reads one table, naming what is wrong with it."""

    def __init__(self, path: Path, name: str, values: dict[str, Any]) -> None:
        self.path, self.name, self.values = path, name, values

    def text(self, key: str, within: dict[str, Any] | None = None, *, needed: bool = False) -> str:
        value = (self.values if within is None else within).get(key, "")
        if not isinstance(value, str) or (needed and not value):
            raise self._bad(
                say(
                    "{key} of [instance.{self_name}] must be a text{needed}",
                    key=key,
                    self_name=self.name,
                    needed=say(" and not empty") if needed else "",
                )
            )
        return value

    def texts(self, key: str, default: tuple[str, ...]) -> tuple[str, ...]:
        value = self.values.get(key, list(default))
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise self._bad(say("{key} of [instance.{self_name}] must be a list of texts", key=key, self_name=self.name))
        return tuple(value)

    def flag(self, key: str) -> bool:
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            raise self._bad(say("{key} of [instance.{self_name}] must be true or false", key=key, self_name=self.name))
        return value

    def one_of(self, key: str, known: tuple[str, ...], default: str) -> str:
        value = self.text(key) or default
        if value and value not in known:
            raise self._bad(
                say(
                    "{key} of [instance.{self_name}] must be one of {known}", key=key, self_name=self.name, known=", ".join(known)
                )
            )
        return value

    def delegated_user(self) -> DelegatedUser | None:
        user = self.values.get("delegated_user")
        if user is None or user == {}:
            return None
        if not isinstance(user, dict):
            raise self._bad(say("[instance.{self_name}.delegated_user] must be a table", self_name=self.name))
        return DelegatedUser(self.text("upn", user, needed=True), self.text("object_id", user), self.text("mail", user))

    def _bad(self, why: str) -> BadSettings:
        return BadSettings(path=self.path, why=why)
