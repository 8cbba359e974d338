"""An instance read whole and written to through one gate, against the simulated one and its faults."""

from __future__ import annotations

import ast
import inspect
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import exoalias.adapters
from exoalias.adapters.entering.basic import UserAndPassword
from exoalias.adapters.instance.remembered import Remembered
from exoalias.adapters.instance.servicenow import Instance
from exoalias.adapters.network.http import Http
from exoalias.domain.plan import SetField
from exoalias.domain.problems import (
    AccessRefused,
    Hibernating,
    NotSignedIn,
    OutcomeUnknown,
    SignInRefused,
    WriteIgnored,
    WriteRefused,
)
from exoalias.domain.records import SysId
from tests.adapters.loopback import http_answer, loopback
from tests.adapters.simulated import Simulated, simulated

if TYPE_CHECKING:
    from collections.abc import Callable

    from exoalias.adapters.network.http import Answer
    from exoalias.domain.records import Credential, Snapshot


def named(snapshot: Snapshot, name: str) -> Credential:
    return next(c for c in snapshot.credentials.rows if c.name == name)


def readings(snapshot: Snapshot) -> dict[str, str]:
    """Why which part could not be read."""
    parts = {name: getattr(snapshot, name) for name in snapshot.__dataclass_fields__}
    return {name: part.unreadable for name, part in parts.items() if getattr(part, "unreadable", "")}


# -- reading -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(8))
def test_everything_is_read_whatever_the_columns_are_called(seed: int) -> None:
    with simulated(seed=seed) as world:
        cast, snapshot = world.simulator.cast, world.read()
        assert readings(snapshot) == {}
        assert snapshot.notes == ()
        assert snapshot.user.rows[0].user_name == cast.admin.user_name
        assert "admin" in snapshot.roles.rows
        assert snapshot.build.rows[0].startswith("glide-")
        assert {a.scope: a.version for a in snapshot.apps.rows} == {"sn_ex_online_spke": "3.13.0", "sn_wsd_rsvsync": "3.4.1"}
        assert snapshot.sync_mode.rows == ("Strict",)
        scope = snapshot.current_scope.one()
        assert scope is not None
        assert scope.app_name
        assert {c.name for c in snapshot.credentials.rows} >= {"MS Graph 1", "MS Graph 2"}
        one = named(snapshot, "MS Graph 1")
        assert (one.profile, one.profile_name, one.integration_type) == (cast.sys_id("profile"), cast.profile_name, "system")
        assert one.mod_count is not None
        assert one.updated_on is not None
        profile = snapshot.profile(one.profile)
        assert profile is not None
        registry = snapshot.registry(profile.registry)
        assert registry is not None
        assert (registry.name, registry.client_id) == (cast.registry_name, cast.strict.client_id)
        assert len([s for s in snapshot.scopes.rows if s.registry == registry.sys_id]) == 3
        assert (
            len([s for s in snapshot.profile_scopes.rows if s.profile == profile.sys_id and s.registry == registry.sys_id]) == 3
        )
        assert {p.processor for p in snapshot.providers.rows} == {"Microsoft Graph"}
        assert all(p.delegated_user and "@" in p.delegated_user for p in snapshot.providers.rows)
        override = {p.override_alias for p in snapshot.providers.rows} - {""}
        assert override <= {a.sys_id for a in snapshot.aliases.rows}
        assert all(r.mailbox and "@" in r.mailbox and r.name for r in snapshot.rooms.rows)
        assert snapshot.rooms.rows


def test_the_credentials_of_an_own_alias_are_read_with_their_tokens() -> None:
    with simulated() as world:
        snapshot = world.read()
        own = [c for c in snapshot.credentials.rows if c.name not in {"MS Graph 1", "MS Graph 2"}]
        assert len(own) == 1
        connection = next(c for c in snapshot.connections.rows if c.credential == own[0].sys_id)
        alias = next(a for a in snapshot.aliases.rows if a.sys_id == connection.alias)
        assert alias.parent in {a.sys_id for a in snapshot.aliases.rows if a.id == "sn_ex_online_spke.Microsoft_Exchange_Online"}
        assert {t.kind for t in snapshot.tokens_of(own[0].sys_id)} == {"refresh_token", "access_token"}
        assert snapshot.tokens_of(named(snapshot, "MS Graph 1").sys_id) == ()
        # hundreds of others are there and stay unread
        assert len(snapshot.credentials.rows) == 3
        assert len(snapshot.connections.rows) == 3


def test_at_most_three_round_trips_then_one() -> None:
    with simulated() as world:
        snapshot, remembered = world.instance.read(world.target)
        assert snapshot.round_trips == len(world.requests) <= 3
        kept = Remembered.from_json(json.loads(json.dumps(remembered.to_json())))
        again, kept_again = world.instance.read(world.target, kept)
        assert again.round_trips == 1
        assert len(world.requests) == snapshot.round_trips + 1
        assert kept_again == remembered
        assert replace(again, taken_at=snapshot.taken_at, round_trips=0) == replace(snapshot, round_trips=0)
        assert all(r == "POST /api/now/v1/batch" for r in world.requests)


def test_what_is_remembered_wrongly_is_found_out() -> None:
    with simulated() as world, simulated(seed=99) as elsewhere:
        _, strange = elsewhere.instance.read(elsewhere.target)
        fresh = world.read()
        misled, remembered = world.instance.read(world.target, strange)
        assert replace(misled, taken_at=fresh.taken_at, round_trips=0) == replace(fresh, round_trips=0)
        assert misled.round_trips <= 3
        assert remembered == world.instance.read(world.target)[1]


@pytest.mark.parametrize("scenario", ["no-batch", "batch-unserviced", "rate-limited"])
def test_the_same_is_read_when_the_instance_makes_it_hard(scenario: str) -> None:
    with simulated(scenario) as hard, simulated("profile-missing") as easy:
        found, plain = hard.read(), easy.read()
        assert readings(found) == {}
        for part in ("credentials", "profiles", "registries", "providers", "tokens"):
            assert [r.sys_id for r in getattr(found, part).rows] == [r.sys_id for r in getattr(plain, part).rows]
        assert bool(found.notes) == (scenario != "rate-limited")


def test_a_rate_limit_met_while_reading_is_waited_for() -> None:
    with simulated("rate-limited") as world:
        snapshots = [world.read() for _ in range(3)]
        requests: list[dict[str, object]] = world.simulator.record.as_dict()["requests"]
        assert 429 in [r["status"] for r in requests]
        assert all(readings(snapshot) == {} for snapshot in snapshots)


def test_unreadable_tokens_are_said_in_the_instances_words() -> None:
    with simulated("tokens-unreadable") as world:
        snapshot = world.read()
        assert list(readings(snapshot)) == ["tokens"]
        assert snapshot.tokens.unreadable.startswith("403 Insufficient rights")
        assert not world.instance.tokens([named(snapshot, "MS Graph 1").sys_id])


def test_a_user_without_rights_still_gets_a_snapshot() -> None:
    with simulated("not-admin") as world:
        snapshot = world.read()
        assert snapshot.roles.rows == ("itil",)
        assert {"credentials", "profiles", "registries", "providers", "tokens"} <= set(readings(snapshot))


def test_without_the_application_the_provider_says_so() -> None:
    with simulated() as world:
        for table in ("sn_wsd_rsvsync_provider", "sn_wsd_rsvsync_reservable_sync_configuration"):
            store = world.simulator.instance.store
            for row in [r for r in store.rows("sys_dictionary") if r["name"] == table]:
                store.delete(row)
        snapshot = world.read()
        assert set(readings(snapshot)) == {"providers", "rooms"}
        assert "not installed" in snapshot.providers.unreadable


@pytest.mark.parametrize(("scenario", "problem"), [("hibernating", Hibernating), ("basic-auth-refused", SignInRefused)])
def test_where_nothing_can_be_read_a_problem_says_why(scenario: str, problem: type[Exception]) -> None:
    with simulated(scenario) as world, pytest.raises(problem):
        world.read()


def test_a_wrong_password_is_refused_in_one_request() -> None:
    with simulated(password="wrong") as world:
        with pytest.raises(SignInRefused):
            world.read()
        assert len(world.requests) == 1


def test_a_name_with_a_caret_ends_no_condition() -> None:
    with simulated() as world:
        snapshot, _ = world.instance.read(replace(world.target, credential_names=("MS^NQnameISNOTEMPTY", "MS Graph 1")))
        assert {c.name for c in snapshot.credentials.rows if c.name.startswith("MS Graph")} >= {"MS Graph 1"}
        assert len(snapshot.credentials.rows) <= 3


def test_reading_writes_nothing() -> None:
    with simulated() as world:
        world.read()
        assert world.writes == []


# -- one field -----------------------------------------------------------------------------------------------------------


def test_one_field_is_written_and_compared() -> None:
    with simulated("profile-missing") as world:
        credential = named(world.read(), "MS Graph 1")
        step = world.step(credential)
        before = world.instance.reread(step)
        assert (before.value, before.mod_count, before.updated_on) == ("", credential.mod_count, credential.updated_on)
        after = world.instance.write(step)
        assert (after.value, after.shown) == (step.after, world.simulator.cast.profile_name)
        assert after.mod_count == (credential.mod_count or 0) + 1
        assert after.updated_by == world.simulator.cast.admin.user_name
        assert after == world.instance.reread(step)
        assert named(world.read(), "MS Graph 1").profile == step.after
        assert len(world.writes) == 1
        back = replace(step, after="")
        assert world.instance.write(back).value == ""


def test_a_write_that_changed_nothing_is_said_so() -> None:
    with simulated("write-ignored") as world:
        step = world.step(named(world.read(), "MS Graph 1"))
        with pytest.raises(WriteIgnored, match="MS Graph 1"):
            world.instance.write(step)


def test_a_colleagues_save_shows_in_the_state() -> None:
    with simulated("moved-meanwhile") as world:
        credential = named(world.read(), "MS Graph 1")
        state = world.instance.reread(world.step(credential))
        assert state.mod_count != credential.mod_count
        assert state.updated_by not in {"", world.simulator.cast.admin.user_name}


def test_a_record_that_is_gone_can_not_be_read_again() -> None:
    with simulated() as world:
        step = replace(world.step(named(world.read(), "MS Graph 1")), record=SysId("0" * 32))
        with pytest.raises(AccessRefused, match="404"):
            world.instance.reread(step)


@pytest.mark.parametrize(
    "changes",
    [
        {"table": "oauth_entity"},
        {"table": "discovery_credentials"},
        {"field": "client_secret"},
        {"field": "active"},  # with a sys_id, which is no value of it
        {"after": "x^y"},
        {"record": SysId("../sys_user/1")},
        {"record": SysId("")},
    ],
)
def test_the_gate_lets_nothing_else_through(changes: dict[str, str]) -> None:
    with simulated() as world:
        step = world.step(named(world.read(), "MS Graph 1"))
        with pytest.raises(ValueError, match=r"not written|no such record"):
            world.instance.write(replace(step, **changes))  # type: ignore[arg-type]  # a table of cases
        assert world.writes == []


def test_there_is_one_gate() -> None:
    """Nothing in the adapters but Instance.write changes a record; the Batch API is only ever given GETs.

    Where the session's own user stands is switched and put back beside it, and ServiceNow's own scan is started.
    """
    folder = Path(inspect.getfile(exoalias.adapters)).parent
    found = []
    for file in folder.rglob("*.py"):
        for function in [n for n in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(n, ast.FunctionDef)]:
            words = {n.value for n in ast.walk(function) if isinstance(n, ast.Constant)} & {"PATCH", "PUT", "DELETE"}
            found += [(file.name, function.name)] * len(words)
    assert sorted(found) == [("application.py", "put_back"), ("application.py", "switch"), ("servicenow.py", "write")]


# -- a write whose answer is lost ----------------------------------------------------------------------------------------

RECORD = "a" * 32
OLD, NEW = "b" * 32, "c" * 32
STEP = SetField("oauth_2_0_credentials", SysId(RECORD), "MS Graph 1", "oauth_entity_profile", OLD, "old", NEW, "new", 1, None)


def record_answer(value: str) -> bytes:
    cells = {"sys_id": RECORD, "oauth_entity_profile": {"value": value, "display_value": "shown"}, "sys_mod_count": "2"}
    return http_answer(json.dumps({"result": cells}).encode())


def write_against(patch: Callable[[], bytes | None], then: bytes | None) -> tuple[object, int]:
    """What a write comes to when the PATCH is answered so and the re-read so; and how many PATCHes were sent."""
    with loopback(lambda request: patch() if request.startswith(b"PATCH") else then) as server:
        http = Http(simulated=frozenset({server.origin}))
        instance = Instance(UserAndPassword(http.client(server.origin), "admin", "x"), lambda: datetime.now(UTC))
        try:
            return instance.write(STEP).value, sum(r.startswith(b"PATCH") for r in server.requests)
        except (OutcomeUnknown, WriteRefused, WriteIgnored) as e:
            return type(e), sum(r.startswith(b"PATCH") for r in server.requests)
        finally:
            http.close()


CANCELLED = http_answer(b'{"error":{"message":"Transaction cancelled: maximum execution time exceeded","detail":null}}', 500)
CUT = http_answer(b'{"result": {"sys_id": "a')
LOGIN = http_answer(b"<html>", 200, "text/html")
GATEWAY = http_answer(b"<html>", 504, "text/html")


@pytest.mark.parametrize(
    "lost", [None, CANCELLED, CUT, LOGIN, GATEWAY, http_answer(b'{"result": {}}'), http_answer(b'{"result": []}')]
)
def test_after_a_lost_answer_the_record_itself_decides(lost: bytes | None) -> None:
    assert write_against(lambda: lost, record_answer(NEW)) == (NEW, 1)


@pytest.mark.parametrize("lost", [None, CUT, LOGIN, GATEWAY])
def test_the_old_value_after_a_lost_answer_proves_nothing(lost: bytes | None) -> None:
    assert write_against(lambda: lost, record_answer(OLD)) == (OutcomeUnknown, 1)


def test_the_old_value_after_an_error_means_not_written() -> None:
    assert write_against(lambda: CANCELLED, record_answer(OLD)) == (WriteRefused, 1)


@pytest.mark.parametrize("reread", [None, http_answer(b"{}", 404), LOGIN, http_answer(b'{"result": 5}')])
def test_a_lost_answer_and_no_reading_back_is_unknown(reread: bytes | None) -> None:
    assert write_against(lambda: CANCELLED, reread) == (OutcomeUnknown, 1)


def test_nobody_signing_in_again_to_look_leaves_the_outcome_unknown() -> None:
    """Why nobody looked is no outcome of the write: it must not be journalled as one."""

    class Declined:
        origin, user = "https://acme.service-now.com", "ada"

        def send(self, method: str, path: str, **_: object) -> Answer:
            why = NotSignedIn(instance="acme", why="it was cancelled.")
            raise OutcomeUnknown(record="it", host="acme", why="a page came") if method == "PATCH" else why

    with pytest.raises(OutcomeUnknown, match="MS Graph 1"):
        Instance(Declined(), lambda: datetime.now(UTC)).write(STEP)


@pytest.mark.parametrize("status", [400, 403, 404])
def test_a_refusal_is_said_in_the_instances_words(status: int) -> None:
    words = b'{"error":{"message":"Operation Failed","detail":"ACL Exception Update Failed due to security constraints"}}'
    assert write_against(lambda: http_answer(words, status), record_answer(OLD)) == (WriteRefused, 1)


def test_the_old_value_in_a_good_answer_is_an_ignored_write() -> None:
    assert write_against(lambda: record_answer(OLD), record_answer(OLD)) == (WriteIgnored, 1)


# -- tokens --------------------------------------------------------------------------------------------------------------


def own_credential(world: Simulated) -> Credential:
    return next(c for c in world.read().credentials.rows if c.name not in {"MS Graph 1", "MS Graph 2"})


def test_tokens_are_read_back_in_one_request() -> None:
    with simulated() as world:
        own = own_credential(world)
        before = len(world.requests)
        tokens = world.instance.tokens([own.sys_id], own.profile or SysId(""))
        assert len(world.requests) == before + 1
        assert {(t.kind, t.credential) for t in tokens.rows} == {("refresh_token", own.sys_id), ("access_token", own.sys_id)}
        assert all(t.created_on and t.expires and t.mod_count is not None and t.created_by for t in tokens.rows)
        assert world.instance.tokens([own.sys_id], SysId("another")).rows == ()
        assert world.instance.tokens([]).asked is False


def test_tokens_of_strangers_are_left_out() -> None:
    rows = [
        {"sys_id": "1", "type": "refresh_token", "oauth_requestor_profile.requestor_id": "theirs"},
        {"sys_id": "2", "type": "refresh_token", "oauth_requestor_profile.requestor_id": "ours"},
        {"sys_id": "3", "type": "refresh_token"},
    ]
    with loopback(lambda _: http_answer(json.dumps({"result": rows}).encode())) as server:
        http = Http(simulated=frozenset({server.origin}))
        instance = Instance(UserAndPassword(http.client(server.origin), "admin", "x"), lambda: datetime.now(UTC))
        assert [t.sys_id for t in instance.tokens([SysId("ours")]).rows] == ["2"]
        assert instance.tokens([SysId("nobody")]).unreadable
        http.close()
