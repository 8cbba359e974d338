"""The tables and columns the simulated instance has, as data.

Column names are those of ServiceNow's documentation and of its published SDK where these name them.
"""

from __future__ import annotations

from dataclasses import dataclass


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


def columns(text: str) -> tuple[Column, ...]:
    """Read lines of ``element type[:table[:key]] label``."""
    columns = []
    for line in filter(str.strip, text.splitlines()):
        element, kind, label = line.split(None, 2)
        type_, _, target = kind.partition(":")
        reference, _, key = target.partition(":")
        columns.append(Column(element, type_, label, reference, key or "sys_id"))
    return tuple(columns)


SYSTEM_COLUMNS = columns("""
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

TABLES = (
    Table("sys_metadata", "Application File", "sys_name", columns("sys_name string Display name" + _CLASS + _SCOPE)),
    Table(
        "discovery_credentials",
        "Credentials",
        "name",
        columns(
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
        columns("oauth_entity_profile reference:oauth_entity_profile OAuth Entity Profile"),
        "discovery_credentials",
    ),
    Table(
        "basic_auth_credentials",
        "Basic Auth Credentials",
        "name",
        columns("user_name string User name\npassword password2 Password"),
        "discovery_credentials",
    ),
    Table("api_key_credentials", "API Key Credentials", "name", columns("api_key password2 API Key"), "discovery_credentials"),
    Table(
        "sys_connection",
        "Connection",
        "name",
        columns(
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
        columns(
            "connection_url url Connection URL\nhost string Host\nprotocol string Protocol\nport integer Override default port"
        ),
        "sys_connection",
    ),
    Table("jdbc_connection", "JDBC Connection", "name", columns("database_name string Database name"), "sys_connection"),
    Table(
        "sys_alias",
        "Connection & Credential Aliases",
        "name",
        columns("""
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
    Table("sys_alias_templates", "Connection & Credential Alias Templates", "name", columns("name string Name"), "sys_metadata"),
    Table(
        "oauth_entity",
        "Application Registries",
        "name",
        columns("""
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
        columns("""
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
        columns("""
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
        columns("""
            oauth_entity_profile reference:oauth_entity_profile OAuth Entity Profile
            oauth_entity_scope   reference:oauth_entity_scope   OAuth Entity Scope
        """),
        "sys_metadata",
    ),
    Table(
        "oauth_requestor_profile",
        "OAuth Requestor Profiles",
        "requestor_id",
        columns("""
            requestor_id         string                         Requestor ID
            requestor_context    string                         Requestor context
            oauth_entity_profile reference:oauth_entity_profile OAuth Entity Profile
        """),
    ),
    Table(
        "oauth_credential",
        "OAuth Credentials",
        "sys_id",
        columns("""
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
        columns("source string ID\nname string Name\nversion string Version\nactive boolean Active" + _CLASS),
    ),
    Table("sys_scope", "Application", "name", columns("scope string Scope\nvendor string Vendor"), "sys_package"),
    Table("sys_app", "Custom Application", "name", columns("short_description string Short description"), "sys_scope"),
    Table(
        "sys_store_app",
        "Store Application",
        "name",
        columns("latest_version string Latest version\nupdate_available boolean Update available"),
        "sys_scope",
    ),
    Table("sys_plugins", "System Plugin", "name", columns(""), "sys_package"),
    Table(
        "sys_update_set",
        "Update Set",
        "name",
        columns("""
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
        columns("name string Name\nvalue string Value\ntype string Type\ndescription string Description"),
        "sys_metadata",
    ),
    Table(
        "sys_user",
        "User",
        "name",
        columns("""
            user_name string  User ID
            name      string  Name
            email     email   Email
            active    boolean Active
            time_zone string  Time zone
        """),
    ),
    Table("sys_user_role", "Role", "name", columns("name string Name\ndescription string Description"), "sys_metadata"),
    Table(
        "sys_user_has_role",
        "User Role",
        "sys_id",
        columns("""
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
        columns("name string Name\nvalue string Value\ntype string Type\nuser reference:sys_user User"),
    ),
    Table(
        "sys_db_object",
        "Tables",
        "label",
        columns("name string Name\nlabel string Label\nsuper_class reference:sys_db_object Extends table"),
    ),
    Table(
        "sys_dictionary",
        "Dictionary Entry",
        "column_label",
        columns("""
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
        "sn_wsd_core_space", "Space", "name", columns("name string Name\nemail email Email\nis_reservable boolean Is reservable")
    ),
)
