"""The tables of Instance Scan and the suite that Workplace Calendar Synchronization brings.

Names of tables, suite and checks are those of the documentation pages "CI/CD API" and "Run Instance scan to check Microsoft
Exchange Online synchronization configuration"; ``result`` of a finding stands in the address that page gives. The other
columns are inferred from the labels of the forms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from exoalias.simulator.columns import Table, columns

if TYPE_CHECKING:
    from exoalias.simulator.writer import Writer

SUITE = "Workplace Calendar Synchronization Configurations"
PROVIDERS_CHECK = "Calendar Provider Configurations Check"
ACTIVE_CHECK = "Calendar Sync Active Providers Check"
ROOMS_CHECK = "Reservable Sync Configurations Check"
CHECKS = (ROOMS_CHECK, ACTIVE_CHECK, "Webhook Registry Configurations Check", PROVIDERS_CHECK)

SCAN_TABLES = (
    Table(
        "scan_check_suite", "Suite", "name", columns("name string Name\nactive boolean Active\ndescription string Description")
    ),
    Table(
        "scan_check",
        "Check",
        "name",
        columns("""
            name              string  Name
            active            boolean Active
            short_description string  Short description
            category          string  Category
            priority          integer Priority
        """),
        "sys_metadata",
    ),
    Table(
        "scan_check_suite_check",
        "Suite Check",
        "sys_id",
        columns("suite reference:scan_check_suite Suite\ncheck reference:scan_check Check"),
    ),
    Table("scan_combo", "Combo", "name", columns("name string Name\nsuite reference:scan_check_suite Suite")),
    Table(
        "scan_result",
        "Scan Result",
        "sys_id",
        columns("combo reference:scan_combo Combo\nstatus string Status\nfinding_count integer Findings"),
    ),
    Table(
        "scan_finding",
        "Scan Finding",
        "sys_id",
        columns("""
            result          reference:scan_result Result
            check           reference:scan_check  Check
            finding_details string                Finding Details
            source_table    string                Source Table
            source          string                Source
        """),
    ),
)


def add_suite(writer: Writer) -> None:
    """The suite with its four checks, and another suite nobody asks for."""
    if writer.scenario.faults.scan_no_suite:
        return
    for name in (SUITE, "Upgradability"):
        writer.add("scan_check_suite", f"suite {name}", name=name, active="true", description=f"{name}.")
    for name in CHECKS:
        check = writer.add("scan_check", f"check {name}", name=name, active="true", category="manageability", priority="2")
        writer.add("scan_check_suite_check", f"suite has {name}", suite=writer.cast.sys_id(f"suite {SUITE}"), check=check)
