"""What a simulator announces: its addresses, its people, and the keys to its ways in. All of it is invented."""

from __future__ import annotations

import base64
import hmac
import struct
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from exoalias.adapters.keeping.kept import Kept
from exoalias.adapters.keeping.secret import Secret
from exoalias.domain.delegated import DelegatedUser
from exoalias.domain.problems import BadAnswer
from exoalias.domain.ways import Way
from exoalias.domain.words import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exoalias.adapters.keeping.entries import InstanceEntry


@dataclass(frozen=True, slots=True)
class Keys:
    """What opens the simulated instance beside its admin's password."""

    way: Way = Way.PASSWORD  # the one its scenario is about
    api_key: str = field(default="", repr=False)
    code_seed: str = field(default="", repr=False)  # of the admin's authenticator, base 32
    wants_code: bool = False  # beside the password
    client_id: str = ""  # of the OAuth endpoint for people
    redirect_url: str = ""
    machine_id: str = ""  # of the OAuth client without a person
    machine_secret: str = field(default="", repr=False)

    @classmethod
    def from_announcement(cls, announcement: Mapping[str, Any]) -> Keys:
        """Read them; a simulator that announces none has none."""
        rest, oauth = announcement.get("rest", {}), announcement.get("oauth", {})
        machine = oauth.get("client_credentials", {})
        return cls(
            way=Way(announcement.get("way", Way.PASSWORD.value)),
            api_key=str(rest.get("api_key", "")),
            code_seed=str(rest.get("code_seed", "")),
            wants_code=bool(rest.get("wants_code", False)),
            client_id=str(oauth.get("client_id", "")),
            redirect_url=str(oauth.get("redirect_url", "")),
            machine_id=str(machine.get("client_id", "")),
            machine_secret=str(machine.get("client_secret", "")),
        )

    def code_now(self) -> str:
        """What the simulated admin's authenticator shows (RFC 6238: six digits, SHA-1, 30 s)."""
        digest = hmac.digest(base64.b32decode(self.code_seed), struct.pack(">Q", int(time.time()) // 30), "sha1")
        at = digest[-1] & 15
        return f"{(int.from_bytes(digest[at : at + 4]) & 0x7FFFFFFF) % 1_000_000:06}"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of a simulation, so that a person at the window can play them."""

    who: str
    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Simulated:
    """What a simulator announced. Its people and passwords are invented."""

    scenario: str
    seed: int
    says: str
    instance: str  # origin, "http://127.0.0.1:PORT"
    microsoft: str  # origin, "http://localhost:PORT"
    rest_user: str
    rest_password: str = field(repr=False)
    delegated_user: DelegatedUser  # with its object id, also where the scenario wants nobody to know it
    know_object_id: bool
    public_client_id: str
    people: tuple[Person, ...]
    keys: Keys = field(default_factory=Keys)

    @classmethod
    def from_announcement(cls, announcement: Mapping[str, Any]) -> Simulated:
        """Read the announcement; BadAnswer where it isn't one."""
        try:
            rest, delegated, admin = announcement["rest"], announcement["delegated"], announcement["admin"]
            return cls(
                scenario=str(announcement["scenario"]),
                seed=int(announcement["seed"]),
                says=str(announcement["says"]),
                instance=str(announcement["instance"]),
                microsoft=str(announcement["microsoft"]),
                rest_user=str(rest["user"]),
                rest_password=str(rest["password"]),
                delegated_user=DelegatedUser(str(delegated["upn"]), str(delegated["object_id"]), str(delegated["mail"])),
                know_object_id=bool(announcement["know_object_id"]),
                public_client_id=str(announcement["public_client_id"]),
                people=(
                    Person("ServiceNow admin, on the instance's own login page", str(rest["user"]), str(rest["password"])),
                    Person("Delegated user, at Microsoft", str(delegated["upn"]), str(delegated["password"])),
                    Person("The admin's own account, at Microsoft", str(admin["upn"]), str(admin["password"])),
                ),
                keys=Keys.from_announcement(announcement),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise BadAnswer(host=say("The simulator"), why=say("its announcement lacks {error}", error=error)) from error

    def secrets_for(self, entry: InstanceEntry) -> Kept:
        """What an entry of the simulated instance needs, so that each run of the terminal need not be told again."""
        if entry.origin != self.instance:
            return Kept()
        keys = self.keys
        return Kept(
            password=Secret(self.rest_password) if entry.user == self.rest_user else None,
            api_key=Secret(keys.api_key) if entry.way is Way.API_KEY and keys.api_key else None,
            client_secret=Secret(keys.machine_secret) if keys.machine_id and entry.client_id == keys.machine_id else None,
        )
