"""Application registries, OAuth entity profiles, scopes and stored tokens."""

from __future__ import annotations

from datetime import timedelta

from exoalias.simulator.tables import stamp
from exoalias.simulator.writer import GRAPH, SPOKE_SCOPE, Writer

_SCOPES = ("Calendars.ReadWrite", "Calendars.ReadWrite.Shared", "offline_access")


def add_strict_registry(writer: Writer) -> None:
    """The strict-mode registry, its default profile and three scopes."""
    redirect = f"{writer.addresses.instance}/oauth_redirect.do"
    if writer.defect("cloned"):
        redirect = f"https://{writer.cast.tenant.domain.partition('.')[0]}prod.service-now.com/oauth_redirect.do"
    token_url = writer.addresses.token
    if writer.defect("registry-misprints"):
        token_url = f"{writer.addresses.microsoft}/<tenant_id>/oauth2/v2.0/token >"
    pkce = writer.rng.random() < 0.4
    registry = _registry(
        writer,
        "registry",
        writer.cast.registry_name,
        client_id=writer.cast.strict.client_id,
        auth_url=writer.addresses.authorize,
        token_url=token_url,
        redirect_url=redirect,
        send_client_credentials_as=writer.rng.choice(["request_body_parameter", "basic_auth_header"]),
        use_pkce="true" if pkce else "false",
        code_challenge_method="S256" if pkce else "",
        sys_scope=writer.rng.choice(["global", writer.application(SPOKE_SCOPE)]),
    )
    profile = writer.add(
        "oauth_entity_profile",
        "profile",
        days=200,
        updated_days=3 if writer.defect("old-token") else 150,
        name=writer.cast.profile_name,
        oauth_entity=registry,
        grant_type="client_credentials" if writer.defect("wrong-grant") else "authorization_code",
        default="true",
    )
    prefix = writer.rng.choice(["", f"{GRAPH}/"])
    for scope in _SCOPES:
        sent = scope if scope == "offline_access" else prefix + scope
        entity = writer.add(
            "oauth_entity_scope", f"entity scope {scope}", name=scope, oauth_entity_scope=sent, oauth_entity=registry
        )
        if not (writer.defect("scope-missing") and scope == "offline_access"):
            writer.add(
                "oauth_entity_profile_scope",
                f"profile scope {scope}",
                oauth_entity_profile=profile,
                oauth_entity_scope=entity,
            )


def _registry(writer: Writer, what: str, name: str, **values: str) -> str:
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
        "client_secret": f"{{encrypted}}{writer.rng.getrandbits(128):032x}",
        writer.store.schema.element("oauth_entity", "Extend Refresh Token Expiry"): "false",
    }
    return writer.add("oauth_entity", what, defaults | values, days=200, updated_days=150, name=name)


def add_other_registries(writer: Writer) -> None:
    """The normal-mode registries of the spoke and those of other integrations, each with a default profile."""
    here = f"{writer.addresses.instance}/oauth_redirect.do"
    microsoft = {"auth_url": writer.addresses.authorize, "token_url": writer.addresses.token, "redirect_url": here}
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
        client = writer.cast.sys_id(f"client of {name}")
        client = f"{client[:8]}-{client[8:12]}-{client[12:16]}-{client[16:20]}-{client[20:]}"
        registry = _registry(writer, f"registry {name}", name, client_id=client, default_grant_type=grant, **addresses)
        profile = writer.add(
            "oauth_entity_profile",
            f"profile {name}",
            days=200,
            name=name + suffix,
            oauth_entity=registry,
            grant_type=grant,
            default="true",
        )
        for scope in ("offline_access", "User.Read"):
            entity = writer.add(
                "oauth_entity_scope", f"scope {name} {scope}", name=scope, oauth_entity_scope=scope, oauth_entity=registry
            )
            writer.add(
                "oauth_entity_profile_scope",
                f"profile scope {name} {scope}",
                oauth_entity_profile=profile,
                oauth_entity_scope=entity,
            )


def add_tokens(writer: Writer, credential: str, *, days: float) -> None:
    made = writer.now - timedelta(days=days)
    requestor = writer.add(
        "oauth_requestor_profile",
        f"requestor {credential}",
        days=days,
        requestor_id=credential,
        requestor_context="oauth_2_0_credentials",
        oauth_entity_profile=writer.cast.sys_id("profile"),
    )
    for kind, expires in (("refresh_token", made + timedelta(days=100)), ("access_token", made + timedelta(minutes=75))):
        writer.add(
            "oauth_credential",
            f"{kind} {credential}",
            days=days,
            type=kind,
            expires=stamp(expires),
            peer=writer.cast.sys_id("registry"),
            oauth_requestor_profile=requestor,
            token=f"{{encrypted}}{writer.rng.getrandbits(256):064x}",
            scopes=" ".join(_SCOPES),
            user=writer.cast.admin.sys_id,
        )
