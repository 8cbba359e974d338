"""What a check asks an instance: table by table, with the columns named in ServiceNow's documentation.

The first set needs nothing but names; the second set needs ids and columns which the first one, or an earlier check, gave.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from exoalias.adapters.instance.columns import PROVIDER, ROOM
from exoalias.adapters.instance.question import Question
from exoalias.domain.delegated import STRICT_ALIASES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from exoalias.adapters.instance.rows import Row

SPOKE: Final = "sn_ex_online_spke"
SYNC: Final = "sn_wsd_rsvsync"
BUILD_TAG: Final = "glide.buildtag"
SYNC_MODE: Final = "sn_wsd_rsvsync.sync_integration_mode"
CURRENT_USER: Final = "/api/now/ui/user/current_user"
PICKER: Final = "/api/now/ui/concoursepicker/application"

_PROPERTIES: Final = (BUILD_TAG, SYNC_MODE)
_SCOPES: Final = (SPOKE, SYNC)
_LOOKED_UP: Final = (PROVIDER, ROOM)
_ALIAS_IDS: Final = tuple(dict.fromkeys(STRICT_ALIASES.values()))
_ALIAS: Final = ("sys_id", "id", "name", "parent", "parent.id", "multiple_connections")
_CONNECTION: Final = (
    *("sys_id", "name", "active", "connection_url", "credential", "credential.name"),
    *("connection_alias", "connection_alias.id", "connection_alias.parent.id"),
    *("sys_scope.scope", "sys_mod_count", "sys_updated_on"),
)
_CREDENTIAL: Final = (
    *("sys_id", "name", "active", "oauth_entity_profile", "oauth_entity_profile.name", "integration_type", "sys_scope"),
    *("sys_scope.scope", "sys_mod_count", "sys_updated_on", "sys_updated_by"),
)
_PROFILE: Final = ("sys_id", "name", "grant_type", "oauth_entity", "default", "sys_updated_on")
_REGISTRY: Final = (
    *("sys_id", "name", "active", "client_id", "auth_url", "token_url", "redirect_url", "default_grant_type"),
    *("refresh_token_lifespan", "sys_scope.scope", "sys_mod_count", "sys_updated_on"),
)
_TOKEN: Final = (
    *("sys_id", "type", "expires", "sys_created_on", "sys_updated_on", "sys_created_by", "sys_mod_count"),
    *("oauth_requestor_profile.requestor_id", "oauth_requestor_profile.oauth_entity_profile"),
)


def same(left: str | None, right: str | None) -> bool:
    """Whether two names are the same to the instance's database, which does not look at case."""
    return left is not None and right is not None and _folded(left) == _folded(right)


def _folded(name: str) -> str:
    return name.strip().casefold()


def _all_folded(names: Iterable[str]) -> frozenset[str]:
    return frozenset(map(_folded, names))


def _among(value: str | None, folded: frozenset[str]) -> bool:
    return value is not None and _folded(value) in folded


def _any_of(column: str, values: Iterable[str]) -> str:
    """``column`` is one of the values; ``^`` is doubled, so that a name can't end the condition it stands in."""
    return "^OR".join(f"{column}={value.replace('^', '^^')}" for value in values)


def by_name(user: str, credential_names: tuple[str, ...]) -> list[Question]:
    """Everything that can be asked without knowing an id."""
    return list(_by_name(user, credential_names))


@lru_cache(maxsize=256)  # the same in each check of an instance, and in most of those of its neighbours
def _by_name(user: str, credential_names: tuple[str, ...]) -> tuple[Question, ...]:
    properties, scopes = _all_folded(_PROPERTIES), _all_folded(_SCOPES)
    return (
        *_about_user(user),
        Question(
            "properties",
            "sys_properties",
            ("sys_id", "name", "value"),
            f"nameIN{','.join(_PROPERTIES)}",
            lambda r: _among(r["name"], properties),
        ),
        *(
            Question(
                table,
                table,
                ("sys_id", "scope", "name", "version", "active"),
                f"scopeIN{','.join(_SCOPES)}",
                lambda r: _among(r["scope"], scopes),
            )
            for table in ("sys_store_app", "sys_scope")
        ),
        *_aliases_and_credentials(credential_names),
        Question("profiles", "oauth_entity_profile", _PROFILE, "ORDERBYname"),
        Question("registries", "oauth_entity", _REGISTRY, "ORDERBYname"),
        Question(
            "dictionary",
            "sys_dictionary",
            ("sys_id", "name", "element", "column_label", "internal_type"),
            f"nameIN{PROVIDER},{ROOM}^elementISNOTEMPTY",
            lambda r: r["name"] in _LOOKED_UP,
        ),
    )


def _about_user(user: str) -> tuple[Question, ...]:
    return (
        Question(
            "user",
            "sys_user",
            ("sys_id", "user_name", "name"),
            _any_of("user_name", [user]),
            lambda r: same(r["user_name"], user),
        ),
        Question(
            "roles",
            "sys_user_has_role",
            ("sys_id", "role.name", "user.user_name", "state"),
            f"{_any_of('user.user_name', [user])}^state=active",
            lambda r: same(r["user.user_name"], user) and same(r["state"], "active"),
        ),
        Question(
            "preference",
            "sys_user_preference",
            ("sys_id", "name", "value", "user.user_name"),
            f"{_any_of('user.user_name', [user])}^name=sys_update_set",
            lambda r: same(r["user.user_name"], user) and same(r["name"], "sys_update_set"),
        ),
    )


def _aliases_and_credentials(names: tuple[str, ...]) -> list[Question]:
    ids, aliases, named = ",".join(_ALIAS_IDS), _all_folded(_ALIAS_IDS), _all_folded(names)
    return [
        Question(
            "aliases",
            "sys_alias",
            _ALIAS,
            f"idIN{ids}^ORparent.idIN{ids}",
            lambda r: _among(r["id"], aliases) or _among(r["parent.id"], aliases),
        ),
        Question(
            "connections",
            "http_connection",
            _CONNECTION,
            f"connection_alias.idIN{ids}^ORconnection_alias.parent.idIN{ids}^OR{_any_of('credential.name', names)}",
            lambda r: (
                _among(r["connection_alias.id"], aliases)
                or _among(r["connection_alias.parent.id"], aliases)
                or _among(r["credential.name"], named)
            ),
        ),
        Question("credentials", "oauth_2_0_credentials", _CREDENTIAL, _any_of("name", names), lambda r: _among(r["name"], named)),
    ]


def by_id(ids: Mapping[str, frozenset[str]], columns: Mapping[str, Mapping[str, str]]) -> list[Question]:
    """Everything that needs ids (the kinds of Remembered) or looked-up columns."""
    none: frozenset[str] = frozenset()
    credentials, registries, profiles = ids.get("credentials", none), ids.get("registries", none), ids.get("profiles", none)
    asked = [
        tokens(credentials),
        Question(
            "credentials by id", "oauth_2_0_credentials", _CREDENTIAL, column="sys_id", ids=ids.get("other_credentials", none)
        ),
        Question("aliases by id", "sys_alias", _ALIAS, column="sys_id", ids=ids.get("aliases", none)),
        Question("connections by alias", "http_connection", _CONNECTION, column="connection_alias", ids=ids.get("aliases", none)),
        Question("update set", "sys_update_set", ("sys_id", "name"), column="sys_id", ids=ids.get("update_sets", none)),
        Question(
            "scopes",
            "oauth_entity_scope",
            ("sys_id", "oauth_entity_scope", "oauth_entity"),
            column="oauth_entity",
            ids=registries,
        ),
        Question(
            "profile scopes",
            "oauth_entity_profile_scope",
            (
                *("sys_id", "oauth_entity_profile", "oauth_entity_scope"),
                *("oauth_entity_scope.oauth_entity_scope", "oauth_entity_scope.oauth_entity"),
            ),
            column="oauth_entity_profile",
            ids=profiles,
        ),
    ]
    return asked + [
        _looked_up(key, table, columns[table]) for key, table in (("providers", PROVIDER), ("rooms", ROOM)) if columns.get(table)
    ]


def _looked_up(key: str, table: str, columns: Mapping[str, str]) -> Question:
    """All rows of a table by its looked-up columns; names of what it refers to are asked for as people see them."""
    shown = frozenset(columns[role] for role in ("name", "processor") if role in columns)
    return Question(key, table, ("sys_id", *sorted(columns.values())), "ORDERBYsys_created_on", shown=shown)


def tokens(credentials: frozenset[str]) -> Question:
    """The token rows of credentials, without the tokens."""
    return Question("tokens", "oauth_credential", _TOKEN, column="oauth_requestor_profile.requestor_id", ids=credentials)


def is_token_of(row: Row, profile: str) -> bool:
    """Whether the row was fetched under that profile."""
    return row.get("oauth_requestor_profile.oauth_entity_profile") == profile
