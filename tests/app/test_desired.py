"""What was right is remembered by itself, and after a clone one plan brings it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from exoalias.app.apply import apply, undo
from exoalias.app.choose import set_target
from exoalias.app.desired import say_so
from exoalias.domain.checklist import Act, Group, Status
from exoalias.domain.plan import Advise
from exoalias.domain.problems import CannotRemember, RecordMoved
from tests.app.held import Held, holding

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from exoalias.domain.checklist import Row


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Held]:
    """An instance on which all holds."""
    with holding(tmp_path) as made:
        yield made


def since(held: Held) -> Row:
    """The first row of a new check."""
    row = held.check().checklist.rows[0]
    assert row.group is Group.SINCE
    return row


def test_what_holds_is_remembered(held: Held) -> None:
    desired = held.world.target(held.name).desired
    assert desired is not None
    assert not desired.by_person
    assert desired.registry.sys_id == held.simulator.cast.sys_id("registry")
    assert [c.name for c in desired.credentials] == ["MS Graph 1", "MS Graph 2"]
    assert since(held).detail == "Nothing changed"
    assert held.writes == []


def test_what_is_remembered_holds_no_secret(held: Held) -> None:
    store = held.simulator.instance.store
    secrets = {row["client_secret"] for row in store.rows("oauth_entity")} | {
        row["token"] for row in store.rows("oauth_credential")
    }
    secrets |= {person.password for person in held.simulator.cast.people.values()} | {held.simulator.cast.admin.password}
    written = b"".join(path.read_bytes() for path in held.world.places.journal_file.parent.rglob("*") if path.is_file())
    assert b"MS Graph 1" in written
    assert [secret for secret in secrets if secret and secret.encode() in written] == []


def test_a_typical_clone_is_named_repaired_and_remembered_anew(held: Held) -> None:
    held.simulator.instance.clone("typical")
    checked = held.check()
    first = checked.checklist.rows[0]
    source = f"{held.simulator.cast.tenant.domain.partition('.')[0]}prod.service-now.com"
    assert first.detail == f"5 things changed, as after a clone of {source}"
    assert checked.plan.writes == ()  # nothing may be written while the registry leads elsewhere
    assert checked.plan.blocked
    whole = checked.plan.repaired
    assert whole is not None
    assert [(s.table, s.field) for s in whole.writes] == [
        ("oauth_entity", "redirect_url"),
        ("oauth_2_0_credentials", "oauth_entity_profile"),
        ("oauth_2_0_credentials", "oauth_entity_profile"),
    ]
    assert len(whole.sign_ins) == 2
    assert whole.blocked == ()

    apply(held.world, held.name, whole, held.tell)
    assert held.writes == [(s.table, "PATCH") for s in whole.writes]
    after = held.check()
    assert [s.credential_name for s in after.plan.sign_ins] == ["MS Graph 1", "MS Graph 2"]
    held.sign_in()
    assert held.check().checklist.holds
    assert since(held).detail == "Nothing changed"


@pytest.mark.parametrize(
    ("kind", "code", "words"),
    [
        ("redirect", "since.registry", "The redirect address was"),
        ("tokens-gone", "since.tokens", "The token of MS Graph 1 is gone. The token of MS Graph 2 is gone."),
        ("tokens-other", "since.tokens", "The token of MS Graph 1 is another record."),
        ("tokens-dead", "since.tokens", "The token of MS Graph 2 is another record."),
        ("profile-gone", "since.credentials", "MS Graph 1 carries no OAuth Entity Profile now."),
        ("credential-renamed", "since.credentials", "MS Graph 1 is called MS Graph 1 copy now."),
        ("credential-missing", "since.credentials", "MS Graph 2 is gone."),
        ("registry-new-ids", "since.profile", "is there under another id."),
        ("registry-other", "since.registry", "The client id was"),
        ("connection-url", "since.connections", "The address of the connection MS Graph 1 was"),
        ("mode-normal", "since.settings", "The integration mode was Strict, and is Normal now."),
        ("alias-alone", "since.connections", "belongs to none now"),
    ],
)
def test_each_kind_of_clone_is_named(held: Held, kind: str, code: str, words: str) -> None:
    held.simulator.instance.clone(kind)
    finding = next(f for f in since(held).findings if f.code == code)
    assert finding.status in {Status.ADVICE, Status.NEEDS_YOU}
    assert words in finding.found


@pytest.mark.parametrize("kind", ["redirect", "credential-renamed", "connection-url"])
def test_what_can_be_put_back_holds_again(held: Held, kind: str) -> None:
    held.simulator.instance.clone(kind)
    whole = held.check().plan.repaired
    assert whole is not None
    apply(held.world, held.name, whole, held.tell)
    assert held.check().checklist.holds
    # … and undo knows what was there.
    before = {(s.record, s.field): s.before for s in whole.repairs}
    undo(held.world, held.name, held.tell)
    again = held.check().plan.repaired
    assert again is not None
    assert {(s.record, s.field): s.before for s in again.repairs} == before


def test_two_fields_of_one_record(held: Held) -> None:
    held.row("oauth_2_0_credentials", "MS Graph 1").update(name="elsewhere", active="false", oauth_entity_profile="")
    whole = held.check().plan.repaired
    assert whole is not None
    assert [s.field for s in whole.writes] == ["name", "active", "oauth_entity_profile"]
    checked = apply(held.world, held.name, whole, held.tell)
    assert checked.plan.writes == ()
    row = held.row("oauth_2_0_credentials", "MS Graph 1")
    assert (row["name"], row["active"]) == ("MS Graph 1", "true")


def test_somebody_elses_change_in_between_stops_a_repair(held: Held) -> None:
    held.simulator.instance.clone("redirect")
    whole = held.check().plan.repaired
    assert whole is not None
    held.simulator.instance.store.touch(held.row("oauth_entity", "registry"), by="somebody")
    with pytest.raises(RecordMoved):
        apply(held.world, held.name, whole, held.tell)
    assert held.writes == []


def test_another_application_is_for_the_person_to_decide(held: Held) -> None:
    held.simulator.instance.clone("registry-other")
    checked = held.check()
    assert any(f.code == "since.registry" and f.status is Status.NEEDS_YOU for f in checked.checklist.findings)
    assert not checked.checklist.holds
    assert checked.plan.repaired is None


def test_records_made_anew_are_chosen_anew(held: Held) -> None:
    held.simulator.instance.clone("registry-new-ids", "tokens-gone")
    first = held.check()
    assert first.checklist.next.act is Act.CHOOSE_TARGET
    set_target(held.world, held.name, profile=held.simulator.cast.profile_name)
    checked = held.check()
    assert [s.credential_name for s in checked.plan.sign_ins] == ["MS Graph 1", "MS Graph 2"]
    assert not any(f.code == "since.registry" and f.status.is_finding for f in checked.checklist.findings)  # the same application


@pytest.mark.parametrize(
    ("kind", "words"),
    [("credential-missing", "MS Graph 2"), ("mode-normal", "Set it to Strict"), ("alias-alone", "exactly one active connection")],
)
def test_what_cannot_be_put_back_is_told_to_the_person(held: Held, kind: str, words: str) -> None:
    held.simulator.instance.clone(kind)
    plan = held.check().plan
    assert plan.repaired is None
    assert any(words in f"{step.title} {step.text}" for step in plan.steps if isinstance(step, Advise))


def test_the_person_says_that_it_is_right(held: Held) -> None:
    held.simulator.instance.clone("mode-normal")
    checked = say_so(held.world, held.name, held.tell)
    assert checked.checklist.rows[0].detail == "Nothing changed"
    assert checked.checklist.rows[0].title.startswith("Since you said so on")
    assert not checked.checklist.holds  # what is wrong stays wrong
    assert [e.kind for e in held.world.journal.entries(held.name)] == ["remembered"]
    desired = held.world.target(held.name).desired
    assert desired is not None
    assert (desired.by_person, desired.sync_mode) == (True, "Normal")


def test_what_cannot_be_read_cannot_be_right(held: Held) -> None:
    for name in ("MS Graph 1", "MS Graph 2"):
        held.row("oauth_2_0_credentials", name)
    set_target(held.world, held.name, profile="")
    for row in held.simulator.instance.store.rows("oauth_entity_profile"):
        row["oauth_entity"] = ""
    with pytest.raises(CannotRemember, match="no OAuth entity profile"):
        say_so(held.world, held.name, held.tell)


def test_nothing_of_it_stays_when_the_instance_is_forgotten(held: Held) -> None:
    held.world.journal.forget(held.name)
    assert held.world.journal.states.desired(held.name) is None
