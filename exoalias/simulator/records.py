"""The instance's records at the start of a scenario, drawn from a cast.

Two credentials to be made right, their connections, aliases and strict-mode registry, among what a grown instance also
holds: a second provider with an own alias whose credential shares registry and profile, personal authentication, and a
few hundred records of other integrations. The defects are worded in `exoalias.simulator.scenario`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from exoalias.simulator.clones import PLANNED, Clone
from exoalias.simulator.crowd import add_crowd
from exoalias.simulator.oauth_records import add_other_registries, add_strict_registry, add_tokens
from exoalias.simulator.platform_records import add_system, add_users
from exoalias.simulator.scan_tables import add_suite
from exoalias.simulator.schema import Schema
from exoalias.simulator.tables import Store, stamp
from exoalias.simulator.writer import GRAPH, SPOKE_SCOPE, SYNC_SCOPE, Addresses, Writer

if TYPE_CHECKING:
    from exoalias.simulator.scenario import Cast, Scenario

__all__ = ["OTHER_PROVIDER", "PLANNED", "build", "delegated_mail", "display_offset"]

OTHER_PROVIDER = "desks"  # names the credential of the second provider in Cast.sys_id


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
    writer = Writer(store, cast, scenario, addresses)
    add_system(writer)
    add_users(writer)
    add_strict_registry(writer)
    add_other_registries(writer)
    _add_aliases(writer)
    _add_credentials(writer)
    _add_connections(writer)
    _add_other_provider(writer)
    _add_calendar(writer)
    add_suite(writer)
    add_crowd(store, cast)
    _describe(store)
    if scenario.clone:
        _settle(writer)
        Clone(store, cast, addresses).apply(*scenario.clone)
    return store


def _settle(writer: Writer) -> None:
    """What there is before a clone: both credentials hold tokens, younger than everything they rest on."""
    for name in PLANNED:
        add_tokens(writer, writer.cast.sys_id(name), days=10)


def _add_aliases(writer: Writer) -> None:
    spoke = writer.application(SPOKE_SCOPE)
    for short in ("Microsoft_Exchange_Online", "Microsoft_Exchange_Online_clientCred"):
        _alias(writer, short, SPOKE_SCOPE, spoke)
    _alias(writer, "Microsoft_Exchange_Online_PersonalAuth", SYNC_SCOPE, writer.application(SYNC_SCOPE))


def _alias(writer: Writer, short: str, scope: str, application: str, parent: str = "") -> str:
    return writer.add(
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


def _add_credentials(writer: Writer) -> None:
    right, wrong = writer.cast.sys_id("profile"), writer.cast.sys_id("profile Microsoft Exchange Online")
    fields = {"right": (right, right), "missing": ("", ""), "wrong": (wrong, wrong), "second-missing": (right, "")}
    days = 2 if writer.defect("old-token") else writer.rng.randrange(20, 90)
    for name, profile in zip(PLANNED, fields[writer.scenario.profile_field], strict=True):
        personal = name == PLANNED[1] and writer.defect("personal-credential")
        _credential(writer, name, name, profile, updated_days=days, integration_type="personal" if personal else "system")
    if writer.defect("old-token"):
        for name in PLANNED:
            add_tokens(writer, writer.cast.sys_id(name), days=40)
    if writer.defect("duplicate-credential"):
        _credential(writer, "duplicate", PLANNED[0], "", updated_days=400)
    personal_profile = writer.cast.sys_id("profile Microsoft Exchange Online_personalAuth")
    _credential(writer, "MS Graph Personal", "MS Graph Personal", personal_profile, updated_days=200, integration_type="personal")


def _credential(
    writer: Writer, what: str, name: str, profile: str, *, updated_days: float, integration_type: str = "system"
) -> str:
    return writer.add(
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
        sys_scope=writer.application(SPOKE_SCOPE),
    )


def _add_connections(writer: Writer) -> None:
    _connection(writer, "MS Graph 1", "Microsoft_Exchange_Online", "MS Graph 1")
    _connection(writer, "MS Graph 2", "Microsoft_Exchange_Online_clientCred", "MS Graph 2")
    _connection(writer, "MS Graph Personal", "Microsoft_Exchange_Online_PersonalAuth", "MS Graph Personal")


def _connection(writer: Writer, name: str, alias: str, credential: str) -> None:
    writer.add(
        "http_connection",
        f"connection {name}",
        days=500,
        updated_days=400,
        name=name,
        active="true",
        connection_alias=writer.cast.sys_id(f"alias {alias}"),
        credential=writer.cast.sys_id(credential),
        connection_url=GRAPH,
        host="graph.microsoft.com",
        protocol="https",
        use_mid="false",
        order="100",
        sys_scope=writer.application(SPOKE_SCOPE),
    )


def _add_other_provider(writer: Writer) -> None:
    """Another delegated user's alias, credential and connection, which share registry and profile, with a live token."""
    parent = writer.cast.sys_id("alias Microsoft_Exchange_Online")
    short = f"Desks_{writer.rng.randrange(10, 99)}"
    alias = _alias(writer, short, SPOKE_SCOPE, writer.application(SPOKE_SCOPE), parent)
    credential = _credential(writer, OTHER_PROVIDER, f"MS Graph {short}", writer.cast.sys_id("profile"), updated_days=60)
    _connection(writer, f"MS Graph {short}", short, OTHER_PROVIDER)
    add_tokens(writer, credential, days=30)
    person = writer.cast.people["other-delegated"]
    _provider(writer, "Desk calendars", person.upn, alias)


def _provider(writer: Writer, name: str, mail: str, alias: str) -> str:
    element = {column.label: column.element for column in writer.store.schema.tables["sn_wsd_rsvsync_provider"].columns}
    values = {
        "Name": name,
        "Active": "true",
        "Calendar processor": "ms_graph",
        "Override alias": "true" if alias else "false",
        "Connection & credential alias": alias,
        "Sync start date time": stamp(writer.now - timedelta(days=90)),
        "Sync end date time": stamp(writer.now + timedelta(days=1000)),
        "Sync past reservations": "false",
        "Delegated user email": mail,
    }
    return writer.add(
        "sn_wsd_rsvsync_provider", f"provider {name}", {element[label]: value for label, value in values.items()}, days=250
    )


def _add_calendar(writer: Writer) -> None:
    """The provider of the two credentials, and rooms."""
    provider = _provider(writer, "Room calendars", delegated_mail(writer.cast), "")
    table = "sn_wsd_rsvsync_reservable_sync_configuration"
    element = {column.label: column.element for column in writer.store.schema.tables[table].columns}
    rooms = writer.rng.sample(["Atrium", "Birch", "Cedar", "Dune", "Ember", "Fjord", "Glade", "Harbour"], 5)
    for room in rooms:
        mail = f"room-{room.lower()}@{writer.cast.tenant.domain}"
        space = writer.add("sn_wsd_core_space", f"space {room}", name=room, email=mail, is_reservable="true")
        values = {"Active": "true", "Provider": provider, "Reservable": space, "Reservable email": mail}
        writer.add(table, f"room {room}", {element[label]: value for label, value in values.items()})


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
