"""The cast of a simulation: people, tenants, registrations, names and ids, drawn afresh from a seed.

Nothing in the program under test may know them.
"""

from __future__ import annotations

import base64
import random
import secrets
import uuid
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tenant:
    """A Microsoft Entra tenant: its id (GUID) and its first domain."""

    id: str
    domain: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a Microsoft account.

    ``object_id`` and ``home`` are those of the *home* tenant (what ``client_info`` carries as uid and utid);
    ``guest_object_id`` is the id the resource tenant gave a guest, empty for its own people.
    """

    key: str
    display_name: str
    upn: str
    mail: str
    password: str
    object_id: str
    home: Tenant
    guest_object_id: str = ""


@dataclass(frozen=True, slots=True)
class Registration:
    """An app registration of the tenant. ``secret`` is empty for a public client (no secret, PKCE required)."""

    client_id: str
    secret: str
    redirect_uris: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InstanceUser:
    """A user of the ServiceNow instance; ``password`` is for REST and for the local login page."""

    sys_id: str
    user_name: str
    display_name: str
    password: str
    roles: tuple[str, ...]
    person: str = ""  # key of the Person who becomes this user by SSO


@dataclass(frozen=True, slots=True)
class Keys:
    """What lets a program or a second factor in to the instance, beside the admin's password."""

    api_key: str  # sent as x-sn-apikey
    code_seed: str  # base32, of the admin's authenticator (RFC 6238, 30 s, six digits)
    public: Registration  # the instance's OAuth endpoint for programs on a desk: no secret, PKCE
    confidential: Registration  # the one for schedulers: client credentials


DESK_REDIRECT = "http://localhost:8410/exoalias"  # registered at the instance's OAuth endpoint; nothing listens there
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_GIVEN = "Ada Bruno Carla Dario Edda Farid Greta Hugo Ines Jonas Kaya Lena Milo Nora Oskar Paula Quinn Rosa Sami Tilda".split()
_FAMILY = (
    "Albrecht Brandt Castillo Dvorak Eriksen Fischer Grünwald Haddad Ivanov Jansen Keller Lindqvist Moreau Nowak Öztürk".split()
)
_FIRMS = "aldermoor birkenfeld corvant dunhallow elmsworth fjordline greystone hartwell ivyreach juniperhall".split()


@dataclass(frozen=True, slots=True)
class Cast:
    """Everything that has a name or an id, drawn from one seed."""

    seed: int
    tenant: Tenant
    other_tenant: Tenant
    people: dict[str, Person]
    strict: Registration  # the confidential client behind the strict-mode application registry
    public: Registration  # a public client with redirect http://localhost, for the second opinion
    saml_entity_id: str
    oidc: Registration  # the instance's own OpenID Connect sign-in
    admin: InstanceUser  # REST user and the person who signs in to the instance
    registry_name: str
    profile_name: str
    keys: Keys

    def sys_id(self, what: str) -> str:
        """The 32 hex digits of a record, the same for the same *what* and seed."""
        return uuid.uuid5(uuid.UUID(int=self.seed), what).hex

    def stream(self, what: str) -> random.Random:
        """A random stream of its own for one purpose, so that adding records to one table doesn't move another's."""
        return random.Random(f"{self.seed}/{what}")


def draw(seed: int | None = None, *, admin_roles: tuple[str, ...] = ("admin",)) -> Cast:
    """Draw a cast; without *seed* a fresh one, which the caller prints."""
    number = secrets.randbits(48) if seed is None else seed
    rng = random.Random(number)

    def guid() -> str:
        return str(uuid.UUID(int=rng.getrandbits(128), version=4))

    firm, other_firm, guest_firm = rng.sample(_FIRMS, 3)
    tenant, other = Tenant(guid(), f"{firm}.example"), Tenant(guid(), f"{other_firm}.example")
    guest_home = Tenant(guid(), f"{guest_firm}.example")
    given, family = rng.sample(_GIVEN, 5), rng.sample(_FAMILY, 5)
    room = rng.choice(["rooms", "calendar-sync", "workplace", "reservations"])
    number_of_room = rng.randrange(10, 99)

    def person(key: str, display: str, local: str, home: Tenant, guest_of: Tenant | None = None) -> Person:
        return Person(
            key=key,
            display_name=display,
            upn=f"{local}@{home.domain}",
            mail=f"{local.rsplit('.', maxsplit=1)[-1]}.{rng.randrange(100, 999)}@{home.domain}",
            password="pw-" + "".join(rng.choices("abcdefghjkmnpqrstuvwxyz23456789", k=14)),
            object_id=guid(),
            home=home,
            guest_object_id=guid() if guest_of else "",
        )

    umlauts: dict[str, str] = {"ö": "oe", "ü": "ue", "ä": "ae"}

    def ascii_(text: str) -> str:
        return "".join(umlauts.get(letter, letter) for letter in text.lower())

    delegated_local = f"svc-{room}-{number_of_room}"
    delegated_name = f"{room.replace('-', ' ').title()} {number_of_room}"
    people = {
        "delegated": person("delegated", delegated_name, delegated_local, tenant),
        "admin": person("admin", f"{given[0]} {family[0]}", f"{ascii_(given[0])}.{ascii_(family[0])}", tenant),
        "colleague": person("colleague", f"{given[1]} {family[1]}", f"{ascii_(given[1])}.{ascii_(family[1])}", tenant),
        "guest": person("guest", f"{given[2]} {family[2]}", f"{ascii_(given[2])}.{ascii_(family[2])}", guest_home, tenant),
        "namesake": person("namesake", delegated_name, delegated_local, other, tenant),
        "other-delegated": person("other-delegated", f"Desks {number_of_room}", f"svc-desks-{number_of_room}", tenant),
    }
    admin_person = people["admin"]
    admin = InstanceUser(
        sys_id=uuid.UUID(int=rng.getrandbits(128), version=4).hex,
        user_name=admin_person.upn.partition("@")[0],
        display_name=admin_person.display_name,
        password="pw-" + "".join(rng.choices("abcdefghjkmnpqrstuvwxyz23456789", k=14)),
        roles=admin_roles,
        person="admin",
    )
    purpose = rng.choice(
        ["MsExchange strict mode", "Room calendars", "EXO delegated", "Reservations to Outlook", "O365 calendar"]
    )
    registry_name = f"{purpose} {firm.title()} {rng.randrange(2, 99)}"
    secret = "".join(rng.choices("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789~_.-", k=40))
    return Cast(
        seed=number,
        tenant=tenant,
        other_tenant=other,
        people=people,
        strict=Registration(guid(), secret),
        public=Registration(guid(), "", ("http://localhost",)),
        saml_entity_id=guid(),
        oidc=Registration(guid(), secret[::-1]),
        admin=admin,
        registry_name=registry_name,
        profile_name=f"{registry_name} default_profile",
        keys=_keys(number),
    )


def _keys(seed: int) -> Keys:
    """From a stream of their own: whoever is drawn by the same seed stays who they are."""
    rng = random.Random(f"{seed}/keys")

    def hex_digits() -> str:
        return f"{rng.getrandbits(128):032x}"

    return Keys(
        api_key=f"now_{''.join(rng.choices(_LETTERS, k=64))}",
        code_seed=base64.b32encode(rng.randbytes(20)).decode(),
        public=Registration(hex_digits(), "", (DESK_REDIRECT,)),
        confidential=Registration(hex_digits(), "".join(rng.choices(_LETTERS, k=32)), (DESK_REDIRECT,)),
    )
