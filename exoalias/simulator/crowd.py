"""A few hundred records of other integrations, so that nothing is found by being alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from exoalias.simulator.tables import Store, stamp

if TYPE_CHECKING:
    from random import Random

    from exoalias.simulator.scenario import Cast

_SYSTEMS = (
    "Jira Workday SAP Okta Zoom Teams GitHub GitLab Jenkins Splunk Dynatrace Qualys Tanium Intune Docusign Coupa Concur Webex "
    "Salesforce Hubspot Dropbox Box Confluence Trello PagerDuty Snowflake Databricks Kafka Twilio Stripe"
).split()
_USES = "Production Test Reporting Backup Inbound Outbound Legacy Nightly".split()


def add_crowd(store: Store, cast: Cast) -> None:
    """Credentials, connections and aliases of other systems, and other people's tokens."""
    rng = cast.stream("crowd")
    now = datetime.now(UTC)
    profiles = [row["sys_id"] for row in store.rows("oauth_entity_profile") if row["sys_id"] != cast.sys_id("profile")]
    for system in _SYSTEMS:
        for use in rng.sample(_USES, 4):
            _integration(store, rng, f"{system} {use}", now, profiles)
    for number in range(25):
        name = f"{rng.choice(_USES)} mover {number}"
        store.insert(
            "sys_user",
            {"user_name": name.replace(" ", ".").lower(), "name": name, "active": "true"},
            at=now - timedelta(days=400),
        )


def _integration(store: Store, rng: Random, name: str, now: datetime, profiles: list[str]) -> None:
    at = now - timedelta(days=rng.randrange(30, 900))
    common = {"name": name, "active": rng.choice(["true", "true", "false"]), "sys_scope": "global"}
    short = name.replace(" ", "_")
    alias_values = {
        "name": name,
        "id": f"global.{short}",
        "type": "connection",
        "connection_type": "http_connection",
        "sys_scope": "global",
    }
    alias = store.insert("sys_alias", alias_values | {"multiple_connections": "false"}, at=at)
    kind = rng.choice(["oauth_2_0_credentials", "oauth_2_0_credentials", "basic_auth_credentials", "api_key_credentials"])
    credential_values = common | {"integration_type": "system", "applies_to": "all", "order": str(rng.randrange(1, 5) * 100)}
    if kind == "oauth_2_0_credentials":
        credential_values |= {
            "type": "oauth_2_0",
            "classification": "oauth_2_0",
            "oauth_entity_profile": rng.choice([*profiles, ""]),
        }
    elif kind == "basic_auth_credentials":
        credential_values |= {
            "type": "basic",
            "user_name": f"svc.{short.lower()}",
            "password": f"{{encrypted}}{rng.getrandbits(128):x}",
        }
    credential = store.insert(kind, credential_values, at=at)
    url = f"https://{short.lower().replace('_', '-')}.example/api"
    values = common | {
        "connection_alias": alias["sys_id"],
        "credential": credential["sys_id"],
        "connection_url": url,
        "protocol": "https",
    }
    store.insert("http_connection", values, at=at)
    if profile := credential_values.get("oauth_entity_profile"):
        _tokens(store, rng, credential["sys_id"], profile, now)


def _tokens(store: Store, rng: Random, credential: str, profile: str, now: datetime) -> None:
    made = now - timedelta(days=rng.randrange(200))
    values = {"requestor_id": credential, "requestor_context": "oauth_2_0_credentials", "oauth_entity_profile": profile}
    requestor = store.insert("oauth_requestor_profile", values, at=made)
    peer = (store.get("oauth_entity_profile", profile) or {}).get("oauth_entity", "")
    for kind, days in (("refresh_token", 100), ("access_token", 0.05)):
        token = {
            "type": kind,
            "expires": stamp(made + timedelta(days=days)),
            "peer": peer,
            "oauth_requestor_profile": requestor["sys_id"],
            "token": f"{{encrypted}}{rng.getrandbits(256):x}",
        }
        store.insert("oauth_credential", token, at=made)
