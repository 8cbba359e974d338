"""The instance's records at the start of a scenario, drawn from a cast.

Two credentials to be made right, their connections, aliases and strict-mode registry, among what a grown instance also
holds: a second provider with an own alias whose credential shares registry and profile, personal authentication, and a
few hundred records of other integrations. The defects are worded in `exoalias.simulator.scenario`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from exoalias.simulator.crowd import add_crowd
from exoalias.simulator.schema import Schema
from exoalias.simulator.tables import Store, stamp
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from exoalias.simulator.scenario import Cast, Scenario
    from random import Random
    from collections.abc import Mapping

SPOKE_SCOPE = "sn_ex_online_spke"
SYNC_SCOPE = "sn_wsd_rsvsync"
SPOKE_ALIAS = f"{SPOKE_SCOPE}.Microsoft_Exchange_Online"
GRAPH = "https://graph.microsoft.com"
PLANNED = ("MS Graph 1", "MS Graph 2")
OTHER_PROVIDER = "desks"  # names the records of the second provider in Cast.sys_id
_SCOPES = ("Calendars.ReadWrite", "Calendars.ReadWrite.Shared", "offline_access")


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the two sides are reached, and the tenant-specific endpoints of Microsoft's."""

    instance: str
    microsoft: str
    tenant: str

    @property
    def authorize(self) -> str:
        return f"{self.microsoft}/{self.tenant}/oauth2/v2.0/authorize"

    @property
    def token(self) -> str:
        return f"{self.microsoft}/{self.tenant}/oauth2/v2.0/token"


def display_offset(cast: Cast) -> timedelta:
    """How far the time people see is from UTC: display values are no dates to calculate with."""
    return timedelta(hours=cast.stream("time zone").choice([-8, -5, 1, 2, 9]))


def delegated_mail(cast: Cast) -> str:
    """What the calendar provider names as the delegated user's email: user principal name or mail address."""
    person = cast.people["delegated"]
    return cast.stream("delegated mail").choice([person.upn, person.mail])


def build(cast: Cast, scenario: Scenario, addresses: Addresses) -> Store:
    """All records of a scenario."""
    store = Store(Schema(cast.stream("schema")), display_offset=display_offset(cast))
    builder = _Builder(store, cast, scenario, addresses)
    builder.system()
    builder.users()
    builder.registry()
    builder.other_registries()
    builder.aliases()
    builder.credentials()
    builder.connections()
    builder.other_provider()
    builder.calendar()
    builder.old_tokens()
    add_crowd(store, cast)
    _describe(store)
    return store


class _Builder:
    """Puts the records in, one group at a time; groups refer to each other by `Cast.sys_id`."""

    def __init__(self, store: Store, cast: Cast, scenario: Scenario, addresses: Addresses) -> None:
        self.store = store
        self.cast = cast
        self.scenario = scenario
        self.addresses = addresses
        self.rng: Random = cast.stream("records")
        self.now = datetime.now(UTC)

    def defect(self, name: str) -> bool:
        return name in self.scenario.records

    def add(
        self,
        table: str,
        what: str,
        values: Mapping[str, str] | None = None,
        *,
        days: float = 300,
        updated_days: float | None = None,
        **named: str,
    ) -> str:
        """Insert a record known as *what*, made *days* ago; gives its sys_id."""
        sys_id = self.cast.sys_id(what)
        row = {**(values or {}), **named}
        updated = self.now - timedelta(days=days if updated_days is None else updated_days)
        changes = 0 if updated_days is None else self.rng.randrange(1, 9)
        if "sys_scope" in self.store.schema.columns(table):
            row.setdefault("sys_scope", "global")
        at = self.now - timedelta(days=days)
        self.store.insert(table, row, by="setup.user", at=at, updated=updated, sys_id=sys_id, changes=changes)
        return sys_id

    def application(self, scope: str) -> str:
        return "global" if scope == "global" else self.cast.sys_id(f"scope {scope}")

    # -- the platform --

    def system(self) -> None:
        at = self.now - timedelta(days=900)
        package = {"active": "true", "vendor": "ServiceNow"}
        self.store.insert(
            "sys_scope", {"name": "Global", "scope": "global", "source": "global", **package}, at=at, sys_id="global"
        )
        for scope, name, version in (
            (SPOKE_SCOPE, "Microsoft Exchange Online Spoke", "3.13.0"),
            (SYNC_SCOPE, "Workplace Calendar Synchronization", "3.4.1"),
            ("sn_wsd_rsv", "Workplace Reservation Management", "27.1.4"),
            ("sn_wsd_core", "Workplace Core", "27.1.2"),
            ("sn_slack_ah_v2", "Slack Spoke", "5.2.1"),
            ("sn_azure_ad_spoke", "Microsoft Entra ID Spoke", "5.0.6"),
        ):
            versioned = {"name": name, "scope": scope, "source": scope, "version": version, "latest_version": version}
            self.add("sys_store_app", f"scope {scope}", package | versioned)
        self.add(
            "sys_app",
            "scope x_acme",
            name="Reception desk",
            scope="x_acme_desk",
            source="x_acme_desk",
            version="1.0.3",
            active="true",
        )
        for plugin in ("com.glide.hub.action_type.datastream", "com.snc.sn_ihub_personal_auth"):
            self.add("sys_plugins", plugin, name=plugin, source=plugin, version="1.0.0", active="true")
        self._properties()
        self._update_sets()

    def _properties(self) -> None:
        build = f"glide-australia-02-11-2026__patch{self.rng.randrange(1, 5)}-hotfix1-05-06-2026_05-20-2026_0731"
        for name, value in (
            ("glide.buildtag", build),
            ("glide.buildname", "Australia"),
            ("glide.war", f"{build}.zip"),
            ("glide.product.name", "ServiceNow"),
            ("instance_name", "simulated"),
            (f"{SYNC_SCOPE}.sync_integration_mode", "Strict"),
            ("glide.oauth.state.parameter.required", "true"),
        ):
            self.add("sys_properties", f"property {name}", name=name, value=value, type="string")

    def _update_sets(self) -> None:
        for row in self.store.rows("sys_scope"):
            what = f"update set {row['sys_id']}"
            self.add("sys_update_set", what, name="Default", application=row["sys_id"], state="in progress", is_default="true")
        mine = self.add(
            "sys_update_set",
            "own update set",
            name="Rooms go-live",
            application="global",
            state="in progress",
            is_default="false",
        )
        for name, value in (("apps.current_app", "global"), ("sys_update_set", mine)):
            self.add(
                "sys_user_preference", f"preference {name}", name=name, value=value, type="string", user=self.cast.admin.sys_id
            )

    def users(self) -> None:
        admin = self.cast.admin
        at = self.now - timedelta(days=700)
        values = {
            "user_name": admin.user_name,
            "name": admin.display_name,
            "email": self.cast.people["admin"].mail,
            "active": "true",
        }
        self.store.insert("sys_user", values, at=at, sys_id=admin.sys_id)
        names = dict.fromkeys(
            (*admin.roles, "admin", "itil", "oauth_admin", "credential_admin", "connection_admin", "sn_wsd_rsvsync.admin")
        )
        for role in names:
            self.add("sys_user_role", f"role {role}", name=role)
        for role in admin.roles:
            self.add(
                "sys_user_has_role",
                f"has {role}",
                user=admin.sys_id,
                role=self.cast.sys_id(f"role {role}"),
                state="active",
                inherited="false",
            )

    # -- OAuth --

    def registry(self) -> None:
        """The strict-mode registry, its default profile and three scopes."""
        redirect = f"{self.addresses.instance}/oauth_redirect.do"
        if self.defect("cloned"):
            redirect = f"https://{self.cast.tenant.domain.partition('.')[0]}prod.service-now.com/oauth_redirect.do"
        token_url = self.addresses.token
        if self.defect("registry-misprints"):
            token_url = f"{self.addresses.microsoft}/<tenant_id>/oauth2/v2.0/token >"
        pkce = self.rng.random() < 0.4
        registry = self._registry(
            "registry",
            self.cast.registry_name,
            client_id=self.cast.strict.client_id,
            auth_url=self.addresses.authorize,
            token_url=token_url,
            redirect_url=redirect,
            send_client_credentials_as=self.rng.choice(["request_body_parameter", "basic_auth_header"]),
            use_pkce="true" if pkce else "false",
            code_challenge_method="S256" if pkce else "",
            sys_scope=self.rng.choice(["global", self.application(SPOKE_SCOPE)]),
        )
        profile = self.add(
            "oauth_entity_profile",
            "profile",
            days=200,
            updated_days=3 if self.defect("old-token") else 150,
            name=self.cast.profile_name,
            oauth_entity=registry,
            grant_type="client_credentials" if self.defect("wrong-grant") else "authorization_code",
            default="true",
        )
        prefix = self.rng.choice(["", f"{GRAPH}/"])
        for scope in _SCOPES:
            sent = scope if scope == "offline_access" else prefix + scope
            entity = self.add(
                "oauth_entity_scope", f"entity scope {scope}", name=scope, oauth_entity_scope=sent, oauth_entity=registry
            )
            if not (self.defect("scope-missing") and scope == "offline_access"):
                self.add(
                    "oauth_entity_profile_scope",
                    f"profile scope {scope}",
                    oauth_entity_profile=profile,
                    oauth_entity_scope=entity,
                )

    def _registry(self, what: str, name: str, **values: str) -> str:
        defaults = {
            "default_grant_type": "authorization_code",
            "type": "oauth_provider",
            "send_client_credentials_as": "request_body_parameter",
            "use_pkce": "false",
            "public_client": "false",
            "access_token_lifespan": "1800",
            "refresh_token_lifespan": "8640000",
            "access": "package_private",
            "active": "true",
            "client_secret": f"{{encrypted}}{self.rng.getrandbits(128):032x}",
            self.store.schema.element("oauth_entity", "Extend Refresh Token Expiry"): "false",
        }
        return self.add("oauth_entity", what, defaults | values, days=200, updated_days=150, name=name)

    def other_registries(self) -> None:
        """The normal-mode registries of the spoke and those of other integrations, each with a default profile."""
        here = f"{self.addresses.instance}/oauth_redirect.do"
        microsoft = {"auth_url": self.addresses.authorize, "token_url": self.addresses.token, "redirect_url": here}
        google = {
            "auth_url": "https://accounts.google.com/o/oauth2/v2/auth?access_type=offline",
            "token_url": "https://oauth2.googleapis.com/token",
            "redirect_url": here,
        }
        for name, grant, addresses, suffix in (
            ("Microsoft Exchange Online", "client_credentials", microsoft, " default_profile"),
            ("Microsoft Exchange Online_clientCredentials", "client_credentials", microsoft, " default_profile"),
            ("Microsoft Exchange Online_personalAuth", "authorization_code", microsoft, " default_profile"),
            ("Google Calendar", "authorization_code", google, " default_profile"),
            (
                "Slack",
                "authorization_code",
                {"auth_url": "https://slack.com/oauth/v2/authorize", "redirect_url": here},
                " default_profile",
            ),
            ("Azure DevOps Boards", "authorization_code", microsoft, " default_profile"),
            ("Entra ID users", "client_credentials", microsoft, " default_profile"),
        ):
            client = self.cast.sys_id(f"client of {name}")
            client = f"{client[:8]}-{client[8:12]}-{client[12:16]}-{client[16:20]}-{client[20:]}"
            registry = self._registry(f"registry {name}", name, client_id=client, default_grant_type=grant, **addresses)
            profile = self.add(
                "oauth_entity_profile",
                f"profile {name}",
                days=200,
                name=name + suffix,
                oauth_entity=registry,
                grant_type=grant,
                default="true",
            )
            for scope in ("offline_access", "User.Read"):
                entity = self.add(
                    "oauth_entity_scope", f"scope {name} {scope}", name=scope, oauth_entity_scope=scope, oauth_entity=registry
                )
                self.add(
                    "oauth_entity_profile_scope",
                    f"profile scope {name} {scope}",
                    oauth_entity_profile=profile,
                    oauth_entity_scope=entity,
                )

    # -- aliases, credentials, connections --

    def aliases(self) -> None:
        spoke = self.application(SPOKE_SCOPE)
        for short in ("Microsoft_Exchange_Online", "Microsoft_Exchange_Online_clientCred"):
            self._alias(short, SPOKE_SCOPE, spoke)
        self._alias("Microsoft_Exchange_Online_PersonalAuth", SYNC_SCOPE, self.application(SYNC_SCOPE))

    def _alias(self, short: str, scope: str, application: str, parent: str = "") -> str:
        return self.add(
            "sys_alias",
            f"alias {short}",
            name=short,
            id=f"{scope}.{short}",
            type="connection",
            connection_type="http_connection",
            parent=parent,
            multiple_connections="false",
            is_internal="false",
            sys_scope=application,
        )

    def credentials(self) -> None:
        right, wrong = self.cast.sys_id("profile"), self.cast.sys_id("profile Microsoft Exchange Online")
        fields = {"right": (right, right), "missing": ("", ""), "wrong": (wrong, wrong), "second-missing": (right, "")}
        days = 2 if self.defect("old-token") else self.rng.randrange(20, 90)
        for name, profile in zip(PLANNED, fields[self.scenario.profile_field], strict=True):
            personal = name == PLANNED[1] and self.defect("personal-credential")
            self._credential(name, name, profile, updated_days=days, integration_type="personal" if personal else "system")
        if self.defect("duplicate-credential"):
            self._credential("duplicate", PLANNED[0], "", updated_days=400)
        personal_profile = self.cast.sys_id("profile Microsoft Exchange Online_personalAuth")
        self._credential(
            "MS Graph Personal", "MS Graph Personal", personal_profile, updated_days=200, integration_type="personal"
        )

    def _credential(self, what: str, name: str, profile: str, *, updated_days: float, integration_type: str = "system") -> str:
        return self.add(
            "oauth_2_0_credentials",
            what,
            days=500,
            updated_days=updated_days,
            name=name,
            active="true",
            type="oauth_2_0",
            classification="oauth_2_0",
            integration_type=integration_type,
            applies_to="all",
            order="100",
            oauth_entity_profile=profile,
            sys_scope=self.application(SPOKE_SCOPE),
        )

    def connections(self) -> None:
        self._connection("MS Graph 1", "Microsoft_Exchange_Online", "MS Graph 1")
        self._connection("MS Graph 2", "Microsoft_Exchange_Online_clientCred", "MS Graph 2")
        self._connection("MS Graph Personal", "Microsoft_Exchange_Online_PersonalAuth", "MS Graph Personal")

    def _connection(self, name: str, alias: str, credential: str) -> None:
        self.add(
            "http_connection",
            f"connection {name}",
            days=500,
            updated_days=400,
            name=name,
            active="true",
            connection_alias=self.cast.sys_id(f"alias {alias}"),
            credential=self.cast.sys_id(credential),
            connection_url=GRAPH,
            host="graph.microsoft.com",
            protocol="https",
            use_mid="false",
            order="100",
            sys_scope=self.application(SPOKE_SCOPE),
        )

    def other_provider(self) -> None:
        """Another delegated user's alias, credential and connection, which share registry and profile, with a live token."""
        parent = self.cast.sys_id("alias Microsoft_Exchange_Online")
        short = f"Desks_{self.rng.randrange(10, 99)}"
        alias = self._alias(short, SPOKE_SCOPE, self.application(SPOKE_SCOPE), parent)
        credential = self._credential(OTHER_PROVIDER, f"MS Graph {short}", self.cast.sys_id("profile"), updated_days=60)
        self._connection(f"MS Graph {short}", short, OTHER_PROVIDER)
        self._tokens(credential, days=30)
        person = self.cast.people["other-delegated"]
        self._provider("Desk calendars", person.upn, alias)

    def _tokens(self, credential: str, *, days: float) -> None:
        made = self.now - timedelta(days=days)
        requestor = self.add(
            "oauth_requestor_profile",
            f"requestor {credential}",
            days=days,
            requestor_id=credential,
            requestor_context="oauth_2_0_credentials",
            oauth_entity_profile=self.cast.sys_id("profile"),
        )
        for kind, expires in (("refresh_token", made + timedelta(days=100)), ("access_token", made + timedelta(minutes=75))):
            self.add(
                "oauth_credential",
                f"{kind} {credential}",
                days=days,
                type=kind,
                expires=stamp(expires),
                peer=self.cast.sys_id("registry"),
                oauth_requestor_profile=requestor,
                token=f"{{encrypted}}{self.rng.getrandbits(256):064x}",
                scopes=" ".join(_SCOPES),
                user=self.cast.admin.sys_id,
            )

    def old_tokens(self) -> None:
        if self.defect("old-token"):
            for name in PLANNED:
                self._tokens(self.cast.sys_id(name), days=40)

    # -- calendar synchronization --

    def _provider(self, name: str, mail: str, alias: str) -> str:
        element = {column.label: column.element for column in self.store.schema.tables["sn_wsd_rsvsync_provider"].columns}
        values = {
            "Name": name,
            "Active": "true",
            "Calendar processor": "ms_graph",
            "Override alias": "true" if alias else "false",
            "Connection & credential alias": alias,
            "Sync start date time": stamp(self.now - timedelta(days=90)),
            "Sync end date time": stamp(self.now + timedelta(days=1000)),
            "Sync past reservations": "false",
            "Delegated user email": mail,
        }
        return self.add(
            "sn_wsd_rsvsync_provider", f"provider {name}", {element[label]: value for label, value in values.items()}, days=250
        )

    def calendar(self) -> None:
        """The provider of the two credentials, and rooms."""
        provider = self._provider("Room calendars", delegated_mail(self.cast), "")
        table = "sn_wsd_rsvsync_reservable_sync_configuration"
        element = {column.label: column.element for column in self.store.schema.tables[table].columns}
        rooms = self.rng.sample(["Atrium", "Birch", "Cedar", "Dune", "Ember", "Fjord", "Glade", "Harbour"], 5)
        for room in rooms:
            mail = f"room-{room.lower()}@{self.cast.tenant.domain}"
            space = self.add("sn_wsd_core_space", f"space {room}", name=room, email=mail, is_reservable="true")
            values = {"Active": "true", "Provider": provider, "Reservable": space, "Reservable email": mail}
            self.add(table, f"room {room}", {element[label]: value for label, value in values.items()})


def _describe(store: Store) -> None:
    """Tables and columns as records; a column is listed with the table that has it, not with those that inherit it."""
    for table in store.schema.tables.values():
        store.insert("sys_db_object", {"name": table.name, "label": table.label})
        store.insert(
            "sys_dictionary",
            {
                "name": table.name,
                "column_label": table.label,
                "internal_type": "collection",
                "active": "true",
                "sys_scope": "global",
            },
        )
    for table in store.schema.tables.values():
        parent = store.find("sys_db_object", name=table.extends) if table.extends else None
        if parent and (own := store.find("sys_db_object", name=table.name)):
            own["super_class"] = parent["sys_id"]
        inherited = store.schema.columns(table.extends) if table.extends else {}
        for column in store.schema.columns(table.name).values():
            if column.element not in inherited:
                values = {
                    "name": table.name,
                    "element": column.element,
                    "column_label": column.label,
                    "internal_type": column.type,
                    "reference": column.reference,
                    "active": "true",
                    "read_only": "false",
                    "sys_scope": "global",
                }
                store.insert("sys_dictionary", values)
