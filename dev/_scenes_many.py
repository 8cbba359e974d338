"""The states of the window for many instances, drawn like the others."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from exoalias.adapters.keeping.entries import InstanceEntry
from exoalias.domain.checklist import Checklist, Finding, Row, Status
from exoalias.domain.events import Checked, ManyProgress
from exoalias.domain.problems import ReadOnly, Unreachable
from exoalias.domain.words import joined, say
from exoalias.ui import outcome
from exoalias.ui.known import NEEDS_YOU, Over
from tests.ui import judged, stories

if TYPE_CHECKING:
    from collections.abc import Callable

    from _scenes import Scene

_CUSTOMERS = (
    "Birkenfeld Verwaltung",
    "Calder & Moss",
    "Corvant Logistics",
    "Elmsworth Health",
    "Donaudampfschifffahrtsgesellschaft",
)
_KINDS = (("production", ""), ("test", "test"), ("development", "dev"))


def entries(count: int) -> tuple[InstanceEntry, ...]:
    """So many invented instances: three to a customer of customers' own, numbered when there are more."""
    made = []
    for number in range(count):
        customer = _CUSTOMERS[number // 3 % len(_CUSTOMERS)]
        kind, suffix = _KINDS[number % 3]
        turn = number // (3 * len(_CUSTOMERS))
        label = f"{customer.split()[0].lower()} {suffix or 'production'}" + (f" {turn}" if turn else "")
        host = customer.split()[0].lower()[:14] + suffix + (str(turn) if turn else "")
        made.append(
            InstanceEntry(
                label,
                f"https://{host}.service-now.com",
                "ada.keller",
                customer=customer + (f" {turn // 3}" if turn > 2 else ""),
                kind=kind,
                delegated_user=stories.ENTRY.delegated_user,
            )
        )
    return tuple(made)


def _light(name: str, number: int, now: datetime) -> Checklist:
    """A checklist with few findings: most hold, some need somebody, a few are wrong."""
    status = Status.NEEDS_YOU if number % 11 == 3 else Status.WRONG if number % 17 == 5 else Status.HOLDS
    left = timedelta(days=(number * 7) % 88 + 2)
    findings = (
        judged.both()[0].rows[0].findings[0]._replace(status=status),
        Finding("credential.expiry", Status.HOLDS, "The refresh token is not dead", "", "", "", until=now + left),
    )
    row = replace(judged.both()[0].rows[0], findings=findings)
    return Checklist(name, "https://x.service-now.com", now - timedelta(minutes=number % 50), (Row("a", row.group, name), row))


def fill(scene: Scene, count: int, *, checked: bool = True) -> None:
    """Put so many on the desk, most of them checked."""
    scene.desk.list_again(entries(count))
    now = datetime.now(UTC)
    for number, name in enumerate(scene.desk.known if checked else ()):
        if number % 13 == 7:
            scene.desk.fail(name, Unreachable(host=f"{name}.service-now.com", why="the name is not known"))
        elif number % 5 != 4:
            scene.desk.take(Checked(_light(name, number, now), stories.plan()))


def overview(scene: Scene) -> None:
    fill(scene, 30)
    scene.conductor.many.show_all()


def overview_unchecked(scene: Scene) -> None:
    fill(scene, 30, checked=False)
    scene.conductor.many.show_all()


def overview_customer(scene: Scene) -> None:
    fill(scene, 30)
    scene.conductor.many.rise(Over("Corvant Logistics"))


def overview_running(scene: Scene) -> None:
    overview(scene)
    page = scene.window.the_overview()
    page.busy("check-all")
    page.going(ManyProgress(17, 30, ("corvant test", "elmsworth production", "elmsworth test")))


def overview_filtered(scene: Scene) -> None:
    overview(scene)
    page = scene.window.the_overview()
    page.chips.choose(NEEDS_YOU)
    page.table.selectAll()


def overview_empty(scene: Scene) -> None:
    overview(scene)
    scene.window.the_overview().search.setText("zürich")


def overview_ten_thousand(scene: Scene) -> None:
    fill(scene, 10_000)
    scene.conductor.many.show_all()


def _production(scene: Scene) -> str:
    entry = stories.ENTRY._replace(name="birkenfeld production", kind="production", customer="Birkenfeld Verwaltung")
    others = tuple(e._replace(customer="Calder & Moss") for e in stories.OTHERS)
    scene.desk.list_again((entry, *others))
    scene.desk.choose(entry.name)
    scene.desk.take(judged.checked(profiles=True, name=entry.name))
    return entry.name


def read_only(scene: Scene) -> None:
    _production(scene)


def unlocked(scene: Scene) -> None:
    scene.desk.unlocked(_production(scene), datetime.now(UTC) + timedelta(minutes=27))


def lock_fell(scene: Scene) -> None:
    name = _production(scene)
    scene.conductor.banners.show(outcome.of_problem(ReadOnly(instance=name), "apply"))


def unlocking(scene: Scene) -> None:
    from exoalias.ui.dialogs.unlock_form import UnlockForm

    name = _production(scene)
    scene.show(UnlockForm(name, 30, scene.window)).typed.setText("birkenfeld te")


def importing(scene: Scene) -> None:
    from exoalias.app.exchange import Import, Line
    from exoalias.ui.overview.list_preview import ListPreview

    fill(scene, 9)
    refused = say(
        "it is known as {origin}; a list does not change an address ({origin2})",
        origin="https://calder.service-now.com",
        origin2="https://calderprod.service-now.com",
    )
    lines = (
        Line("corvant dev", "added"),
        Line("calder production", "refused", refused),
        Line("birkenfeld test", "same"),
        Line("elmsworth production", "changed", joined(", ", (say("delegated user"), say("profile")))),
    )
    scene.show(ListPreview("instances-of-corvant.toml", scene.window)).draw(Import("instances.toml", lines, entries(2)))


SCENES: dict[str, Callable[[Scene], None]] = {
    "overview": overview,
    "overview-unchecked": overview_unchecked,
    "overview-customer": overview_customer,
    "overview-running": overview_running,
    "overview-filtered": overview_filtered,
    "overview-empty": overview_empty,
    "overview-ten-thousand": overview_ten_thousand,
    "read-only": read_only,
    "unlocked": unlocked,
    "lock-fell": lock_fell,
    "unlocking": unlocking,
    "importing": importing,
}
