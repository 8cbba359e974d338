"""The tables and columns the simulated instance has, as data.

Column names are those of ServiceNow's documentation and of its published SDK where these name them. The columns of the
Workplace Calendar Synchronization tables are known by their form labels only, so their element names are drawn from the
seed: a client has to look them up in ``sys_dictionary`` by label, as it must on a real instance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random


@dataclass(frozen=True, slots=True)
class Column:
    """A column: ``type`` is the dictionary's internal type; ``reference`` the table pointed at, by its column ``key``."""

    element: str
    type: str
    label: str
    reference: str = ""
    key: str = "sys_id"


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its own columns only; ``display`` is the column that names a record for people."""

    name: str
    label: str
    display: str
    columns: tuple[Column, ...]
    extends: str = ""


def _columns(text: str) -> tuple[Column, ...]:
    """Read lines of ``element type[:table[:key]] label``."""
    columns = []
    for line in filter(str.strip, text.splitlines()):
        element, kind, label = line.split(None, 2)
        type_, _, target = kind.partition(":")
        reference, _, key = target.partition(":")
        columns.append(Column(element, type_, label, reference, key or "sys_id"))
    return tuple(columns)


SYSTEM_COLUMNS = _columns("""
    sys_id          GUID            Sys ID
    sys_created_on  glide_date_time Created
    sys_created_by  string          Created by
    sys_updated_on  glide_date_time Updated
    sys_updated_by  string          Updated by
    sys_mod_count   integer         Updates
""")

_CLASS = "\n    sys_class_name sys_class_name Class"
_SCOPE = "\n    sys_scope reference:sys_scope Application"

_CHOICES = {
    "grant": {
        "authorization_code": "Authorization Code",
        "client_credentials": "Client Credentials",
        "password": "Resource Owner Password Credentials",
        "urn:ietf:params:oauth:grant-type:jwt-bearer": "JWT Bearer",
    },
    "integration": {"system": "System", "personal": "Personal"},
    "credential": {"oauth_2_0": "OAuth 2.0 Credentials", "basic": "Basic Auth Credentials", "api_key": "API Key Credentials"},
    "token": {"access_token": "Access Token", "refresh_token": "Refresh Token"},
    "alias": {"connection": "Connection and Credential", "credential": "Credential"},
    "connection": {"http_connection": "HTTP", "jdbc_connection": "JDBC", "orch_jms_ds": "JMS"},
    "client": {"oauth_provider": "OAuth Provider", "consumer": "OAuth Provider", "client": "OAuth Client"},
    "processor": {"ms_graph": "Microsoft Graph", "google": "Google Calendar"},
    "send": {
        "request_body_parameter": "In Request Body (Form URL-Encoded)",
        "basic_auth_header": "As Basic Authorization Header",
    },
}
CHOICES = {
    "oauth_entity.default_grant_type": _CHOICES["grant"],
    "oauth_entity.type": _CHOICES["client"],
    "oauth_entity.send_client_credentials_as": _CHOICES["send"],
    "oauth_entity_profile.grant_type": _CHOICES["grant"],
    "discovery_credentials.integration_type": _CHOICES["integration"],
    "discovery_credentials.type": _CHOICES["credential"],
    "discovery_credentials.classification": _CHOICES["credential"],
    "oauth_credential.type": _CHOICES["token"],
    "sys_alias.type": _CHOICES["alias"],
    "sys_alias.connection_type": _CHOICES["connection"],
    "sn_wsd_rsvsync_provider.processor": _CHOICES["processor"],
}

_FIXED = (
    Table("sys_metadata", "Application File", "sys_name", _columns("sys_name string Display name" + _CLASS + _SCOPE)),
    Table(
        "discovery_credentials",
        "Credentials",
        "name",
        _columns(
            """
            name             string  Name
            active           boolean Active
            type             string  Type
            classification   string  Classification
            integration_type string  Integration Type
            applies_to       string  Applies to
            order            integer Order
            """
            + _CLASS
            + _SCOPE
        ),
    ),
    Table(
        "oauth_2_0_credentials",
        "OAuth 2.0 Credentials",
        "name",
        _columns("oauth_entity_profile reference:oauth_entity_profile OAuth Entity Profile"),
        "discovery_credentials",
    ),
    Table(
        "basic_auth_credentials",
        "Basic Auth Credentials",
        "name",
        _columns("user_name string User name\npassword password2 Password"),
        "discovery_credentials",
    ),
    Table("api_key_credentials", "API Key Credentials", "name", _columns("api_key password2 API Key"), "discovery_credentials"),
    Table(
        "sys_connection",
        "Connection",
        "name",
        _columns(
            """
            name             string                          Name
            active           boolean                         Active
            connection_alias reference:sys_alias             Connection alias
            credential       reference:discovery_credentials Credential
            order            integer                         Order
            use_mid          boolean                         Use MID server
            mid_selection    string                          MID Selection
            """
            + _CLASS
            + _SCOPE
        ),
    ),
    Table(
        "http_connection",
        "HTTP(s) Connection",
        "name",
        _columns(
            "connection_url url Connection URL\nhost string Host\nprotocol string Protocol\nport integer Override default port"
        ),
        "sys_connection",
    ),
    Table("jdbc_connection", "JDBC Connection", "name", _columns("database_name string Database name"), "sys_connection"),
    Table(
        "sys_alias",
        "Connection & Credential Aliases",
        "name",
        _columns("""
            name                   string                       Name
            id                     string                       ID
            type                   string                       Type
            connection_type        string                       Connection type
            description            string                       Description
            parent                 reference:sys_alias          Parent Alias
            configuration_template reference:sys_alias_templates Configuration Template
            multiple_connections   boolean                      Support multiple active connections
            is_internal            boolean                      Is internal
        """),
        "sys_metadata",
    ),
    Table("sys_alias_templates", "Connection & Credential Alias Templates", "name", _columns("name string Name"), "sys_metadata"),
    Table(
        "oauth_entity",
        "Application Registries",
        "name",
        _columns("""
            name                       string    Name
            client_id                  string    Client ID
            client_secret              password2 Client Secret
            auth_url                   url       Authorization URL
            token_url                  url       Token URL
            revoke_token_url           url       Token Revocation URL
            redirect_url               url       Redirect URL
            default_grant_type         string    Default Grant type
            type                       string    Type
            send_client_credentials_as string    Send Credentials
            use_pkce                   boolean   Use PKCE
            code_challenge_method      string    Code challenge method
            public_client              boolean   Public Client
            oauth_api_script           string    OAuth API Script
            use_mutual_auth            boolean   Use mutual authentication
            access_token_lifespan      integer   Access Token Lifespan
            refresh_token_lifespan     integer   Refresh Token Lifespan
            access                     string    Accessible from
            active                     boolean   Active
        """),
        "sys_metadata",
    ),
    Table(
        "oauth_entity_profile",
        "OAuth Entity Profiles",
        "name",
        _columns("""
            name         string                 Name
            oauth_entity reference:oauth_entity OAuth provider
            grant_type   string                 Grant type
            default      boolean                Is default
        """),
        "sys_metadata",
    ),
    Table(
        "oauth_entity_scope",
        "OAuth Entity Scopes",
        "name",
        _columns("""
            name               string                 Name
            oauth_entity_scope string                 OAuth scope
            oauth_entity       reference:oauth_entity OAuth provider
        """),
        "sys_metadata",
    ),
    Table(
        "oauth_entity_profile_scope",
        "OAuth Entity Profile Scopes",
        "sys_id",
        _columns("""
            oauth_entity_profile reference:oauth_entity_profile OAuth Entity Profile
            oauth_entity_scope   reference:oauth_entity_scope   OAuth Entity Scope
        """),
        "sys_metadata",
    ),
    Table(
        "oauth_requestor_profile",
        "OAuth Requestor Profiles",
        "requestor_id",
        _columns("""
            requestor_id         string                         Requestor ID
            requestor_context    string                         Requestor context
            oauth_entity_profile reference:oauth_entity_profile OAuth Entity Profile
        """),
    ),
    Table(
        "oauth_credential",
        "OAuth Credentials",
        "sys_id",
        _columns("""
            type                    string                            Type
            expires                 glide_date_time                   Expires
            peer                    reference:oauth_entity            Peer
            oauth_requestor_profile reference:oauth_requestor_profile OAuth Requestor Profile
            token                   password2                         Token
            token_received          password2                         Token received
            scopes                  string                            Scopes
            user                    reference:sys_user                User
            last_access             glide_date_time                   Last access
        """),
    ),
    Table(
        "sys_package",
        "Package",
        "name",
        _columns("source string ID\nname string Name\nversion string Version\nactive boolean Active" + _CLASS),
    ),
    Table("sys_scope", "Application", "name", _columns("scope string Scope\nvendor string Vendor"), "sys_package"),
    Table("sys_app", "Custom Application", "name", _columns("short_description string Short description"), "sys_scope"),
    Table(
        "sys_store_app",
        "Store Application",
        "name",
        _columns("latest_version string Latest version\nupdate_available boolean Update available"),
        "sys_scope",
    ),
    Table("sys_plugins", "System Plugin", "name", _columns(""), "sys_package"),
    Table(
        "sys_update_set",
        "Update Set",
        "name",
        _columns("""
            name        string              Name
            application reference:sys_scope Application
            state       string              State
            is_default  boolean             Default set
        """),
    ),
    Table(
        "sys_properties",
        "System Property",
        "name",
        _columns("name string Name\nvalue string Value\ntype string Type\ndescription string Description"),
        "sys_metadata",
    ),
    Table(
        "sys_user",
        "User",
        "name",
        _columns("""
            user_name string  User ID
            name      string  Name
            email     email   Email
            active    boolean Active
            time_zone string  Time zone
        """),
    ),
    Table("sys_user_role", "Role", "name", _columns("name string Name\ndescription string Description"), "sys_metadata"),
    Table(
        "sys_user_has_role",
        "User Role",
        "sys_id",
        _columns("""
            user      reference:sys_user      User
            role      reference:sys_user_role Role
            state     string                  State
            inherited boolean                 Inherited
        """),
    ),
    Table(
        "sys_user_preference",
        "User Preference",
        "name",
        _columns("name string Name\nvalue string Value\ntype string Type\nuser reference:sys_user User"),
    ),
    Table(
        "sys_db_object",
        "Tables",
        "label",
        _columns("name string Name\nlabel string Label\nsuper_class reference:sys_db_object Extends table"),
    ),
    Table(
        "sys_dictionary",
        "Dictionary Entry",
        "column_label",
        _columns("""
            name          string                          Table
            element       string                          Column name
            column_label  string                          Column label
            internal_type reference:sys_glide_object:name Type
            reference     reference:sys_db_object:name    Reference
            active        boolean                         Active
            read_only     boolean                         Read only
        """),
        "sys_metadata",
    ),
    Table(
        "sn_wsd_core_space", "Space", "name", _columns("name string Name\nemail email Email\nis_reservable boolean Is reservable")
    ),
)

# Column label, internal type, and the element names it might have.
_PROVIDER = (
    ("Name", "string", ("name",)),
    ("Description", "string", ("description", "short_description")),
    ("Active", "boolean", ("active",)),
    ("Calendar processor", "string", ("calendar_processor", "processor", "provider_type")),
    ("Override alias", "boolean", ("override_alias", "override_connection_alias", "is_alias_overridden")),
    ("Connection & credential alias", "reference:sys_alias", ("connection_alias", "credential_alias", "alias")),
    ("Sync start date time", "glide_date_time", ("sync_start", "sync_start_date_time", "start_date_time")),
    ("Sync end date time", "glide_date_time", ("sync_end", "sync_end_date_time", "end_date_time")),
    ("Sync past reservations", "boolean", ("sync_past_reservations", "sync_past")),
    ("Delegated user email", "email", ("strict_mode_email", "delegated_user_email", "delegated_email")),
)
_ROOM_SYNC = (
    ("Active", "boolean", ("active",)),
    ("Provider", "reference:sn_wsd_rsvsync_provider", ("provider", "calendar_provider")),
    ("Reservable", "reference:sn_wsd_core_space", ("reservable", "room", "location")),
    ("Reservable email", "email", ("email", "room_email", "external_email", "calendar_id")),
)
_EXTEND_REFRESH = ("extend_refresh_token_expiry", "extend_refresh_token", "rolling_refresh_token_expiry")


class Schema:
    """All tables of one instance, with inheritance; the drawn element names are found by label with `element`."""

    def __init__(self, rng: Random) -> None:
        drawn = (
            Table("sn_wsd_rsvsync_provider", "Calendar Provider", "name", _draw(_PROVIDER, rng)),
            Table(
                "sn_wsd_rsvsync_reservable_sync_configuration", "Reservable Sync Configuration", "sys_id", _draw(_ROOM_SYNC, rng)
            ),
        )
        self.tables = {table.name: table for table in (*_FIXED, *drawn)}
        registry = self.tables["oauth_entity"]
        extend = Column(rng.choice(_EXTEND_REFRESH), "boolean", "Extend Refresh Token Expiry")
        self.tables["oauth_entity"] = Table(
            registry.name, registry.label, registry.display, (*registry.columns, extend), registry.extends
        )
        self._columns = {name: self._all_columns(name) for name in self.tables}

    def column(self, table: str, element: str) -> Column | None:
        """The column of that element, inherited ones included, or None."""
        return self._columns[table].get(element)

    def columns(self, table: str) -> dict[str, Column]:
        """All columns of a table by element name."""
        return self._columns[table]

    def element(self, table: str, label: str) -> str:
        """The element name of the column with that label."""
        return next(column.element for column in self._columns[table].values() if column.label == label)

    def ancestry(self, table: str) -> list[str]:
        """The table, its parent, its parent's parent…"""
        line = [table]
        while parent := self.tables[line[-1]].extends:
            line.append(parent)
        return line

    def family(self, table: str) -> list[str]:
        """The table and every table that extends it."""
        return [name for name in self.tables if table in self.ancestry(name)]

    def choices(self, table: str, column: Column) -> dict[str, str]:
        """The words shown for a column's values; empty if it has no choice list."""
        if column.label == "Calendar processor":
            return CHOICES["sn_wsd_rsvsync_provider.processor"]
        return next((CHOICES[f"{t}.{column.element}"] for t in self.ancestry(table) if f"{t}.{column.element}" in CHOICES), {})

    def _all_columns(self, table: str) -> dict[str, Column]:
        columns = {column.element: column for column in SYSTEM_COLUMNS}
        for name in reversed(self.ancestry(table)):
            columns |= {column.element: column for column in self.tables[name].columns}
        return columns


def _draw(spec: tuple[tuple[str, str, tuple[str, ...]], ...], rng: Random) -> tuple[Column, ...]:
    return _columns("\n".join(f"{rng.choice(elements)} {kind} {label}" for label, kind, elements in spec))
