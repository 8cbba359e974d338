"""The journal: intents survive any death, entries are closed once, pins are not overwritten."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.keeping.journal import Aim, Journal, PinConflict
from exoalias.domain.problems import AnotherRun, BadJournal
from exoalias.domain.records import SysId
from exoalias.domain.scan import Scan
from exoalias.domain.target import HomeAccount, Pin, Proof, Tier, TokenMark
from tests.domain.build import World

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 2, 11, 10, 20, 30, tzinfo=UTC)
ME, OTHER = HomeAccount("1" * 36, "2" * 36), HomeAccount("3" * 36, "2" * 36)

_DIES = """
import os, signal, sys
from pathlib import Path
from exoalias.adapters.keeping.journal import Journal
journal = Journal(Path(sys.argv[1]))
with journal.claim("acme"):
    number = journal.intend("acme", "set-field", {"record": "r", "before": "b", "after": "a"})
    if sys.argv[2] == "after":
        journal.outcome(number, "written", {})
    print(number, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""
_WRITES = """
import sys
from pathlib import Path
from exoalias.adapters.keeping.journal import Journal
journal = Journal(Path(sys.argv[1]))
for n in range(int(sys.argv[2])):
    journal.outcome(journal.intend("acme", "deed", {"n": str(n)}), "done")
"""


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "state" / "journal.sqlite3", lambda: NOW)


def _die(path: Path, when: str) -> int:
    done = subprocess.run([sys.executable, "-c", _DIES, str(path), when], capture_output=True, text=True, check=False, timeout=30)
    assert done.returncode == -signal.SIGKILL, done.stderr
    return int(done.stdout)


def test_an_intent_survives_kill_9_and_can_be_claimed_at_once(journal: Journal) -> None:
    number = _die(journal.path, "before")
    with journal.claim("acme"):
        (entry,) = journal.unfinished("acme")
    assert (entry.id, entry.kind, entry.result, entry.facts["after"]) == (number, "set-field", "", "a")
    journal.outcome(number, "explained", {"found": "before"})
    assert journal.unfinished("acme") == ()
    assert journal.entries("acme")[0].result_facts == {"found": "before"}


def test_an_outcome_survives_kill_9(journal: Journal) -> None:
    _die(journal.path, "after")
    assert [e.result for e in journal.entries("acme")] == ["written"]


def test_killed_at_random_it_stays_whole(journal: Journal) -> None:
    for milliseconds in range(150, 400, 25):
        child = subprocess.Popen([sys.executable, "-c", _WRITES, str(journal.path), "100000"])
        pause = threading.Event()
        pause.wait(milliseconds / 1000)
        child.kill()
        child.wait()
        entries = journal.entries("acme")
        assert sum(not e.result for e in entries) <= 1
        for entry in journal.unfinished("acme"):
            journal.outcome(entry.id, "explained")


def test_several_processes_write_at_once(journal: Journal) -> None:
    children = [subprocess.Popen([sys.executable, "-c", _WRITES, str(journal.path), "40"]) for _ in range(3)]
    assert [child.wait(60) for child in children] == [0, 0, 0]
    assert len(journal.entries("acme")) == 120
    assert journal.unfinished("acme") == ()


def test_only_its_owner_may_read_it(journal: Journal) -> None:
    before = os.umask(0)
    try:
        journal.note("acme", "seen", {})
    finally:
        os.umask(before)
    assert stat.S_IMODE(journal.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(journal.path.parent.stat().st_mode) == 0o700


def test_an_entry_is_closed_once(journal: Journal) -> None:
    number = journal.intend("acme", "deed", {})
    journal.outcome(number, "done")
    with pytest.raises(ValueError, match="not open"):
        journal.outcome(number, "done again")
    with pytest.raises(ValueError, match="not open"):
        journal.outcome(number + 1, "done")


def test_entries_are_told_apart_by_instance_and_come_in_order(journal: Journal) -> None:
    for n in range(3):
        journal.note("acme", f"kind{n}", {"n": str(n)})
    journal.intend("other", "deed", {})
    assert [e.kind for e in journal.entries("acme")] == ["kind0", "kind1", "kind2"]
    assert journal.unfinished("acme") == ()
    assert [e.at for e in journal.entries("other")] == [NOW]


def _proof(credential: str, account: HomeAccount = ME) -> Proof:
    mark = TokenMark(SysId("t"), "refresh_token", NOW, None, 3)
    return Proof(SysId(credential), Tier.ENTERED, account, "svc@acme.example", NOW, "s1", (mark,))


def test_the_latest_proof_of_each_credential_counts(journal: Journal) -> None:
    journal.add_proof("acme", _proof("c1"))
    journal.add_proof("acme", _proof("c2"))
    journal.add_proof("acme", _proof("c1", OTHER))
    assert journal.proofs("acme") == (_proof("c2"), _proof("c1", OTHER))
    assert journal.proofs("other") == ()


def test_a_pin_is_not_overwritten_by_another_account(journal: Journal) -> None:
    assert journal.pin("acme") is None
    first = Pin(ME, Tier.ENTERED, NOW, "s1")
    journal.set_pin("acme", first)
    with pytest.raises(PinConflict):
        journal.set_pin("acme", Pin(OTHER, Tier.SECOND_OPINION, NOW, "s2"))
    assert journal.pin("acme") == first
    again = Pin(ME, Tier.SECOND_OPINION, NOW + timedelta(days=1), "s3")
    journal.set_pin("acme", again)
    assert journal.pin("acme") == again
    journal.unpin("acme", "another delegated user")
    assert journal.pin("acme") is None
    assert [(e.kind, e.facts["why"]) for e in journal.entries("acme")] == [("unpinned", "another delegated user")]
    journal.unpin("acme", "again")
    assert len(journal.entries("acme")) == 1


def test_what_a_check_needs_comes_in_one_query_and_is_what_the_single_ones_give(journal: Journal) -> None:
    assert journal.aim("acme") == Aim(None, None, frozenset(), ())
    assert journal.evidence("acme") == ((), None)
    right = World().remembering().target.desired
    assert right is not None
    scan = Scan(NOW, ())
    for name in ("acme", "other"):
        journal.set_pin(name, Pin(ME, Tier.ENTERED, NOW, name))
        journal.states.keep_desired(name, right)
        journal.states.add_fenced(name, f"sn_{name}")
        journal.states.keep_scan(name, scan)
        for credential in ("c1", "c2", "c1"):
            journal.add_proof(name, _proof(f"{name} {credential}"))
    assert journal.aim("acme") == Aim(journal.pin("acme"), right, frozenset({"sn_acme"}), ())
    journal.remember("acme", {"ids": {"credentials": ["c1"]}})
    left_open = journal.intend("acme", "set-field", {})
    journal.intend("other", "set-field", {})
    assert (journal.aim("acme").remembered, journal.aim("acme").unfinished) == (journal.remembered("acme"), True)
    journal.outcome(left_open, "done")
    assert (journal.aim("acme").unfinished, journal.aim("other").unfinished) == (False, True)
    assert (journal.aim("other").remembered, journal.aim("nobody").unfinished) == ({}, False)
    assert journal.evidence("acme") == (journal.proofs("acme"), scan)
    assert [proof.credential for proof in journal.evidence("acme")[0]] == ["acme c2", "acme c1"]


def test_a_pin_changed_by_a_person_leaves_what_was_in_the_journal(journal: Journal) -> None:
    first, other = Pin(ME, Tier.ENTERED, NOW, "s1", "a@acme.example"), Pin(OTHER, Tier.SECOND_OPINION, NOW, "", "a@acme.example")
    journal.set_pin("acme", first)
    journal.repin("acme", other, "by hand")
    assert journal.pin("acme") == other
    journal.unpin("acme", "taken away")
    changed, removed = journal.entries("acme")
    assert (changed.kind, changed.result, changed.facts["why"]) == ("pinned", "noted", "by hand")
    assert (changed.facts["was_object_id"], changed.facts["object_id"]) == (ME.object_id, OTHER.object_id)
    assert (changed.facts["was_sign_in"], "sign_in" in changed.facts) == ("s1", False)
    assert (removed.kind, removed.facts["was_object_id"], removed.facts["was_tier"]) == (
        "unpinned",
        OTHER.object_id,
        "SECOND_OPINION",
    )
    assert "object_id" not in removed.facts


def test_every_proof_is_kept(journal: Journal) -> None:
    proofs = [Proof(SysId("c"), Tier.ENTERED, ME, "u", NOW, f"s{n}", ()) for n in range(3)]
    for proof in proofs:
        journal.add_proof("acme", proof)
    journal.add_proof("other", proofs[0])
    assert journal.all_proofs("acme") == tuple(proofs)
    assert journal.proofs("acme") == (proofs[-1],)


def test_ids_are_remembered(journal: Journal) -> None:
    assert journal.remembered("acme") == {}
    journal.remember("acme", {"credentials": ["a", "b"]})
    journal.remember("acme", {"credentials": ["c"]})
    assert journal.remembered("acme") == {"credentials": ["c"]}


def test_forgetting_one_instance_leaves_the_others(journal: Journal) -> None:
    for name in ("acme", "other"):
        journal.note(name, "seen", {})
        journal.add_proof(name, _proof("c"))
        journal.set_pin(name, Pin(ME, Tier.ENTERED, NOW, "s"))
        journal.remember(name, {"a": 1})
    journal.forget("acme")
    assert (journal.entries("acme"), journal.proofs("acme"), journal.pin("acme"), journal.remembered("acme")) == (
        (),
        (),
        None,
        {},
    )
    assert len(journal.entries("other")) == 1
    assert journal.pin("other") is not None


def test_one_run_at_a_time_works_on_an_instance(journal: Journal) -> None:
    with journal.claim("acme"):
        with pytest.raises(AnotherRun, match="acme"), journal.claim("acme"):
            pass
        with journal.claim("other"):
            pass
    with journal.claim("acme"):
        pass


def test_who_cannot_claim_because_of_the_disk_is_told_so_and_does_nothing(journal: Journal) -> None:
    (journal.path.parent).mkdir()
    (journal.path.parent / "locks").write_text("no folder at all")
    with pytest.raises(BadJournal, match="Not a directory"), journal.claim("acme"):
        raise AssertionError("it went on without its claim")


def test_what_goes_wrong_during_a_claim_is_not_blamed_on_it(journal: Journal) -> None:
    with pytest.raises(OSError, match="mine"), journal.claim("acme"):
        raise OSError("mine")
    with journal.claim("acme"):
        assert journal.claimed_here("acme")
    assert not journal.claimed_here("acme")


def test_a_file_that_is_no_journal_is_left_alone(journal: Journal) -> None:
    journal.path.parent.mkdir()
    journal.path.write_bytes(b"something else entirely, not SQLite" * 100)
    with pytest.raises(BadJournal):
        journal.note("acme", "seen", {})
    assert journal.path.read_bytes().startswith(b"something else")
