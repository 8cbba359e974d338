"""The platform's own records: applications, properties, update sets, users and roles."""

from __future__ import annotations

from datetime import timedelta

from exoalias.simulator.writer import SPOKE_SCOPE, SYNC_SCOPE, Writer


def add_system(writer: Writer) -> None:
    at = writer.now - timedelta(days=900)
    package = {"active": "true", "vendor": "ServiceNow"}
    writer.store.insert("sys_scope", {"name": "Global", "scope": "global", "source": "global", **package}, at=at, sys_id="global")
    for scope, name, version in (
        (SPOKE_SCOPE, "Microsoft Exchange Online Spoke", "3.13.0"),
        (SYNC_SCOPE, "Workplace Calendar Synchronization", "3.4.1"),
        ("sn_wsd_rsv", "Workplace Reservation Management", "27.1.4"),
        ("sn_wsd_core", "Workplace Core", "27.1.2"),
        ("sn_slack_ah_v2", "Slack Spoke", "5.2.1"),
        ("sn_azure_ad_spoke", "Microsoft Entra ID Spoke", "5.0.6"),
    ):
        versioned = {"name": name, "scope": scope, "source": scope, "version": version, "latest_version": version}
        writer.add("sys_store_app", f"scope {scope}", package | versioned)
    writer.add(
        "sys_app",
        "scope x_acme",
        name="Reception desk",
        scope="x_acme_desk",
        source="x_acme_desk",
        version="1.0.3",
        active="true",
    )
    for plugin in ("com.glide.hub.action_type.datastream", "com.snc.sn_ihub_personal_auth"):
        writer.add("sys_plugins", plugin, name=plugin, source=plugin, version="1.0.0", active="true")
    _properties(writer)
    _update_sets(writer)


def _properties(writer: Writer) -> None:
    build = f"glide-australia-02-11-2026__patch{writer.rng.randrange(1, 5)}-hotfix1-05-06-2026_05-20-2026_0731"
    for name, value in (
        ("glide.buildtag", build),
        ("glide.buildname", "Australia"),
        ("glide.war", f"{build}.zip"),
        ("glide.product.name", "ServiceNow"),
        ("instance_name", "simulated"),
        (f"{SYNC_SCOPE}.sync_integration_mode", "Strict"),
        ("glide.oauth.state.parameter.required", "true"),
    ):
        writer.add("sys_properties", f"property {name}", name=name, value=value, type="string")


def _update_sets(writer: Writer) -> None:
    for row in writer.store.rows("sys_scope"):
        what = f"update set {row['sys_id']}"
        writer.add("sys_update_set", what, name="Default", application=row["sys_id"], state="in progress", is_default="true")
    mine = writer.add(
        "sys_update_set",
        "own update set",
        name="Rooms go-live",
        application="global",
        state="in progress",
        is_default="false",
    )
    for name, value in (("apps.current_app", "global"), ("sys_update_set", mine)):
        writer.add(
            "sys_user_preference", f"preference {name}", name=name, value=value, type="string", user=writer.cast.admin.sys_id
        )


def add_users(writer: Writer) -> None:
    admin = writer.cast.admin
    at = writer.now - timedelta(days=700)
    values = {
        "user_name": admin.user_name,
        "name": admin.display_name,
        "email": writer.cast.people["admin"].mail,
        "active": "true",
    }
    writer.store.insert("sys_user", values, at=at, sys_id=admin.sys_id)
    names = dict.fromkeys(
        (*admin.roles, "admin", "itil", "oauth_admin", "credential_admin", "connection_admin", "sn_wsd_rsvsync.admin")
    )
    for role in names:
        writer.add("sys_user_role", f"role {role}", name=role)
    for role in admin.roles:
        writer.add(
            "sys_user_has_role",
            f"has {role}",
            user=admin.sys_id,
            role=writer.cast.sys_id(f"role {role}"),
            state="active",
            inherited="false",
        )
