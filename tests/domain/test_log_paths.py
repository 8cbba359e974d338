"""A path is written as one of a few templates."""

from __future__ import annotations

import pytest

from exoalias.domain.log_paths import ANOTHER, TEMPLATES, template


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("/api/now/table/oauth_2_0_credentials?sysparm_query=name=hunter2", "/api/now/table/oauth_2_0_credentials"),
        ("/api/now/table/sys_user/6816f79cc0a8016401c5a33be04be441?x", "/api/now/table/sys_user/{id}"),
        ("/api/now/v2/table/sys_user", "/api/now/table/sys_user"),
        ("/api/now/table/u_hunter2", "/api/now/table/{table}"),
        ("/api/now/table/u_hunter2/x", "/api/now/table/{table}/{id}"),
        ("/api/now/v1/batch", "/api/now/v1/batch"),
        ("/oauth_redirect.do?code=hunter2#x", "/oauth_redirect.do"),
        ("/contoso.example/oauth2/v2.0/token", "/{tenant}/oauth2/v2.0/token"),
        ("/0b6c1ed3/v2.0/.well-known/openid-configuration", "/{tenant}/v2.0/.well-known/openid-configuration"),
        ("/api/sn_cicd/progress/0b6c1ed3", "/api/sn_cicd/progress/{id}"),
        ("/api/sn_cicd/instance_scan/suite_scan/x/scoped_apps", "/api/sn_cicd/instance_scan/suite_scan/{id}"),
        ("/api/sn_cicd/hunter2/x", ANOTHER),
        ("/common/discovery/instance?x", "/common/discovery/instance"),
        ("/hunter2", ANOTHER),
        ("hunter2", ANOTHER),
        ("", ANOTHER),
        ("/api/now/table/sys_user/x/hunter2", ANOTHER),
        ("/a/b/oauth2/v2.0/token", ANOTHER),
    ],
)
def test_templates(path: str, written: str) -> None:
    assert template(path) == written
    assert written in TEMPLATES
