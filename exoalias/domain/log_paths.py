"""Paths of requests for the log: which door of which far side, never what was asked there.

A path is compared with the few this program knows; ids become ``{id}``, tenants ``{tenant}``, a question is cut off. Any
other path is ``another``. The tables are those a check reads (adapters/instance/questions.py).
"""

from __future__ import annotations

import re

ANOTHER = "another"
_TABLES = (
    "http_connection oauth_2_0_credentials oauth_credential oauth_entity oauth_entity_profile oauth_entity_profile_scope "
    "oauth_entity_scope scan_finding scan_result sys_alias sys_dictionary sys_properties sys_update_set sys_user "
    "sys_user_has_role sys_user_preference"
).split()
_TABLE = re.compile(r"/api/now/(?:v[12]/)?table/([a-z0-9_]+)(/[^/]+)?")
_FIXED = (
    "/api/now/v1/batch",
    "/api/now/batch",
    "/api/now/ui/user/current_user",
    "/api/now/ui/concoursepicker/application",
    "/oauth_token.do",
    "/oauth_auth.do",
    "/oauth_redirect.do",
    "/oauth_initiator.do",
    "/login.do",
    "/stats.do",
    "/",
)
_TENANT = re.compile(r"/[^/]+(/v2\.0/\.well-known/openid-configuration|/oauth2/v2\.0/(?:token|authorize)|/discovery/v2\.0/keys)")
_DISCOVERY = ("/common/discovery/instance",)
_SCAN = re.compile(r"/api/sn_cicd/(progress|instance_scan/result|instance_scan/suite_scan)/[^/]+(?:/scoped_apps)?")
_SCANS = ("progress", "instance_scan/result", "instance_scan/suite_scan")

TEMPLATES = frozenset(
    [ANOTHER, *_FIXED, *_DISCOVERY, *(f"/api/sn_cicd/{scan}/{{id}}" for scan in _SCANS)]
    + [f"/api/now/table/{table}{tail}" for table in (*_TABLES, "{table}") for tail in ("", "/{id}")]
    + [
        f"/{{tenant}}{tail}"
        for tail in (
            "/v2.0/.well-known/openid-configuration",
            "/oauth2/v2.0/token",
            "/oauth2/v2.0/authorize",
            "/discovery/v2.0/keys",
        )
    ]
)


def template(path: str) -> str:
    """The path's template."""
    plain = path.partition("?")[0].partition("#")[0]
    if plain in _FIXED or plain in _DISCOVERY:
        return plain
    table = _TABLE.fullmatch(plain)
    if table:
        return f"/api/now/table/{table[1] if table[1] in _TABLES else '{table}'}{'/{id}' if table[2] else ''}"
    scan = _SCAN.fullmatch(plain)
    if scan:
        return f"/api/sn_cicd/{scan[1]}/{{id}}"
    tenant = _TENANT.fullmatch(plain)
    return f"/{{tenant}}{tenant[1]}" if tenant else ANOTHER
