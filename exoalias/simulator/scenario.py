"""Scenarios as data: which people there are, what they do on the pages, and what goes wrong.

A *cast* (people, tenants, registrations, ids, names) is drawn afresh from a seed: nothing in the program under test may
know it. A *scenario* says what the records look like at the start, what the people do, and which faults the far side has.
"""

from __future__ import annotations

import random
import secrets
import uuid
from dataclasses import dataclass, field, replace
from typing import Literal

# -- people -------------------------------------------------------------------------------------------------------------


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


# -- what happens -------------------------------------------------------------------------------------------------------

Deed = Literal[
    "sign_in",  # type user name and password, accept consent and "stay signed in?"
    "refuse_consent",  # sign in, then press Cancel on the consent page
    "cancel",  # press Cancel (Back) on the sign-in page: error=access_denied, error_subcode=cancel
    "close",  # close the window on the first page
    "nothing",  # leave the page alone: a real person (or real key events) does it
]


@dataclass(frozen=True, slots=True)
class Turn:
    """What the person on the Microsoft page does in one sign-in for the strict-mode registry."""

    person: str = "delegated"
    does: Deed = "sign_in"


InstanceSignIn = Literal["local", "saml", "oidc", "nothing"]


@dataclass(frozen=True, slots=True)
class Faults:
    """What goes wrong on the far side. Every field is off by default."""

    latency_s: float = 0.0  # added to each answer of instance and Microsoft
    exchange_s: float = 0.0  # the instance's own call to Microsoft's token address takes this long
    no_batch: bool = False  # the Batch API answers 403 "Failed API level ACL Validation"
    batch_leaves: int = 0  # leave this many items of each batch unserviced
    rate_limit_every: int = 0  # each Nth REST request answers 429 with Retry-After: 1
    hibernating: bool = False  # 200 text/html, "Instance Hibernating page", on every address
    basic_auth_gate: bool = False  # 401 on every REST request, the same text as a wrong password
    writes_ignored: bool = False  # PATCH answers 200 with the old value, sys_mod_count unchanged
    scope_fenced: bool = False  # PATCH of a record of another application than the user's current one answers 403
    colleague_saves: bool = False  # after each read of a planned credential somebody else saves it
    session_dies_after_token: bool = False  # after the first stored token all browser sessions are gone, once
    tokens_unreadable: bool = False  # 403 on oauth_credential and oauth_requestor_profile
    exchange_fails: bool = False  # Microsoft refuses the instance's client secret (AADSTS7000215)
    microsoft_error: str = ""  # authorize of the strict-mode registry comes back with this error=…
    no_client_info: bool = False  # Microsoft's answer carries no client_info though asked
    sso_reload: bool = False  # the sign-in page reloads its own authorize address with sso_reload=true
    deep_link_lost: bool = False  # after signing in to the instance one lands on its home page


@dataclass(frozen=True, slots=True)
class Scenario:
    """One story: the records at the start, what people do, what goes wrong."""

    name: str
    says: str
    exit_code: int
    tokens_after: int  # tokens of the delegated user on the planned credentials at the end
    profile_field: Literal["right", "missing", "wrong", "second-missing"] = "missing"
    records: tuple[str, ...] = ()  # defects in the records, see RECORD_DEFECTS
    turns: tuple[Turn, ...] = (Turn(), Turn())  # the last one repeats
    instance_sign_in: InstanceSignIn = "local"
    admin_roles: tuple[str, ...] = ("admin",)
    faults: Faults = field(default_factory=Faults)
    know_object_id: bool = True  # the demo enters the delegated user's object id beforehand


RECORD_DEFECTS = {
    "old-token": "both credentials hold a refresh token, issued to somebody else before the profile last changed",
    "duplicate-credential": "two records are named MS Graph 1",
    "personal-credential": "MS Graph 2 has the Integration Type Personal",
    "registry-misprints": "the token address carries the documentation's trailing ' >' and <tenant_id> is left in it",
    "wrong-grant": "the profile's grant type is client_credentials, its registry's is authorization_code",
    "scope-missing": "offline_access is on the registry but not on the profile",
    "cloned": "the registry's redirect address is that of another instance",
}

SCENARIOS: dict[str, Scenario] = {
    s.name: s
    for s in (
        Scenario("happy", "Everything is in place; the profiles are set, no token has been fetched.", 0, 2, "right"),
        Scenario("profile-missing", "Neither credential carries an OAuth entity profile.", 0, 2),
        Scenario("profile-wrong", "Both credentials carry the profile of another registry.", 0, 2, "wrong"),
        Scenario("old-token", "Old tokens of somebody else are stored.", 0, 2, "right", ("old-token",)),
        Scenario("slow", "Every answer is late.", 0, 2, faults=Faults(latency_s=0.4, exchange_s=2.0)),
        Scenario("no-batch", "The Batch API is closed.", 0, 2, faults=Faults(no_batch=True)),
        Scenario("rate-limited", "Every fourth REST request is told to wait.", 0, 2, faults=Faults(rate_limit_every=4)),
        Scenario("admin-sso-saml", "The admin is signed in to Microsoft by SAML.", 0, 2, instance_sign_in="saml"),
        Scenario("admin-sso-oidc", "The admin is signed in to Microsoft by OpenID Connect.", 0, 2, instance_sign_in="oidc"),
        Scenario(
            "session-dies",
            "The instance forgets the admin's session between the two sign-ins.",
            0,
            2,
            faults=Faults(session_dies_after_token=True),
        ),
        Scenario("wrong-user", "A colleague signs in instead.", 3, 0, turns=(Turn("colleague"),)),
        Scenario("guest", "A guest of the tenant signs in.", 3, 0, turns=(Turn("guest"),)),
        Scenario("same-name-other-tenant", "A person of the same name, of another tenant.", 3, 0, turns=(Turn("namesake"),)),
        Scenario("admin-instead", "The admin signs in to their own account.", 3, 0, turns=(Turn("admin"),)),
        Scenario(
            "wrong-user-second", "Right for MS Graph 1, a colleague for MS Graph 2.", 3, 1, turns=(Turn(), Turn("colleague"))
        ),
        Scenario("first-use", "Nobody knows the delegated user's object id.", 1, 0, know_object_id=False),
        Scenario("cancel", "The person closes the Microsoft window.", 6, 0, turns=(Turn(does="close"),)),
        Scenario("consent-refused", "The person refuses consent.", 6, 0, turns=(Turn(does="refuse_consent"),)),
        Scenario(
            "microsoft-error", "Microsoft answers with an error.", 5, 0, faults=Faults(microsoft_error="temporarily_unavailable")
        ),
        Scenario(
            "token-exchange-fails", "Microsoft refuses the instance's client secret.", 5, 0, faults=Faults(exchange_fails=True)
        ),
        Scenario("hibernating", "The instance sleeps.", 5, 0, faults=Faults(hibernating=True)),
        Scenario("basic-auth-refused", "Basic authentication is closed to people.", 5, 0, faults=Faults(basic_auth_gate=True)),
        Scenario("write-ignored", "A write answers 200 and changes nothing.", 5, 0, faults=Faults(writes_ignored=True)),
        Scenario("moved-meanwhile", "Somebody saves the record in between.", 1, 0, faults=Faults(colleague_saves=True)),
        Scenario("tokens-unreadable", "The user may not read token records.", 1, 2, faults=Faults(tokens_unreadable=True)),
        *(Scenario(name, says + ".", 1, 0, records=(name,)) for name, says in RECORD_DEFECTS.items() if name != "old-token"),
        Scenario("not-admin", "The user lacks the admin role.", 1, 0, admin_roles=("itil",)),
        # Beyond the table: endings that tests and trainings want.
        Scenario("sso-reload", "Microsoft's page reloads its own address.", 0, 2, faults=Faults(sso_reload=True)),
        Scenario("deep-link-lost", "The instance forgets where one was going.", 0, 2, faults=Faults(deep_link_lost=True)),
        Scenario("no-client-info", "Microsoft does not say who signed in.", 1, 0, faults=Faults(no_client_info=True)),
        Scenario("microsoft-cancel", "The person presses Cancel at Microsoft.", 6, 0, turns=(Turn(does="cancel"),)),
        Scenario("batch-unserviced", "Batches come back half done.", 0, 2, faults=Faults(batch_leaves=2)),
        Scenario("by-hand", "Nobody plays: you are the person.", 0, 2, turns=(Turn(does="nothing"),), instance_sign_in="nothing"),
        Scenario("naive", "What happens without exoalias, in an ordinary browser.", 0, 0, "right", instance_sign_in="saml"),
    )
}


# -- the cast -----------------------------------------------------------------------------------------------------------

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
    )


def scenario(name: str, **changes: object) -> Scenario:
    """The scenario of that name, with fields changed; KeyError names the known ones."""
    if name not in SCENARIOS:
        raise KeyError(f"no scenario {name!r}; there are: {', '.join(SCENARIOS)}")
    return replace(SCENARIOS[name], **changes)  # type: ignore[arg-type]
