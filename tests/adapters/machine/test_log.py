"""The log on the disk: what it holds, and that nothing else gets in."""

from __future__ import annotations

import errno
import json
import os
import stat
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.machine.log import Counting, EventLog, close_log, note, open_log
from exoalias.app.diagnostics import Diagnostics
from exoalias.domain import log_events
from exoalias.domain.log_events import SHAPES, Kind, LogEvent
from tests.adapters.secret_places import leaks, play
from tests.adapters.secret_things import MAKERS, Judge

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
RECORDS = 10_000


def read(log: EventLog) -> list[dict[str, object]]:
    return [json.loads(line) for path in log.files() for line in path.read_text("ascii").splitlines()]


@pytest.fixture
def log(tmp_path: Path) -> EventLog:
    return EventLog(tmp_path / "log", ("check",), lambda: NOON)


@pytest.fixture
def diagnostics(tmp_path: Path) -> Iterator[Diagnostics]:
    """Notes without the interpreter's own hooks, which pytest uses itself."""
    made = Diagnostics(tmp_path / "log", "terminal")
    open_log(made.log)
    yield made
    close_log()


def test_a_line_is_written_as_the_table_says(log: EventLog) -> None:
    log.write(LogEvent.HTTP, method="GET", path="/api/now/table/sys_user?x=1", status=200, ms=12.4, host="127.0.0.1:1", url="x")
    [line] = read(log)
    assert line == {
        "at": "2026-03-04T12:00:00.000Z", "run": os.getpid() % 100_000, "level": "info", "event": "http", "host": "loopback",
        "method": "GET", "path": "/api/now/table/sys_user", "ms": 12, "status": 200, "dropped": 1,
    }  # fmt: skip
    [path] = log.files()
    assert path.name == "exoalias-20260304.log"
    assert log.lines(path) == tuple(path.read_text("ascii").splitlines())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE((path.parent / "salt").stat().st_mode) == 0o600


def test_an_instance_has_the_same_pseudonym_in_each_run_and_another_on_each_computer(tmp_path: Path) -> None:
    def pseudonym(folder: str, name: str) -> str:
        return EventLog(tmp_path / folder).terms.pseudonym("instance", name)

    first = pseudonym("one", "acme production")
    assert first == pseudonym("one", "acme production")
    assert len({first, pseudonym("one", "acme test"), pseudonym("two", "acme production")}) == 3


def test_nothing_gets_through(diagnostics: Diagnostics) -> None:
    counting = Counting()
    counting.attach()
    try:
        secrets = play(diagnostics, RECORDS, seed=20260304)
    finally:
        counting.let_go()
    files = [path.read_bytes() for path in diagnostics.log.files()]
    assert sum(content.count(b"\n") for content in files) > RECORDS
    assert leaks(files, secrets) == []
    for path in diagnostics.log.files():  # and what is read again for the bundle is what was written
        assert list(diagnostics.log.lines(path)) == path.read_text("ascii").splitlines()


@pytest.mark.parametrize("planted", ["error", "path", "verb"])
def test_the_judge_finds_a_leak(diagnostics: Diagnostics, monkeypatch: pytest.MonkeyPatch, planted: str) -> None:
    """Neither net may be the only one: with a hole in the table the second one catches shapes, and the judge the rest."""
    leaky = Kind(lambda value, _terms: str(value), lambda _value, _terms: True)
    holed = {e: replace(s, fields={n: leaky if n == planted else k for n, k in s.fields.items()}) for e, s in SHAPES.items()}
    monkeypatch.setattr(log_events, "SHAPES", holed)
    secrets = play(diagnostics, 600, seed=5)
    lines = [line for path in diagnostics.log.files() for line in path.read_bytes().splitlines()]
    assert leaks(lines, secrets)
    withheld = sum(b'"event":"withheld"' in line for line in lines)
    assert withheld > 50, "the second net caught nothing"
    assert not any(b"eyJ" in line or b"Bearer" in line or b"BEGIN" in line for line in lines)


def test_the_judge_knows_every_kind_in_disguise() -> None:
    import base64
    import random

    rng = random.Random(1)
    for name, make in MAKERS.items():
        secret = make(rng)
        shown = [secret, json.dumps(secret), secret.encode().hex()]
        if len(secret) > 9:  # of fewer no six letters are the same beside others
            shown.append(base64.b64encode(b"xy" + secret.encode()).decode())
        for text in shown:
            assert Judge([text]).leaked(secret), name
        assert not Judge(["nothing of it"]).leaked(secret), name


def test_a_line_of_somebody_else_is_not_read_again(log: EventLog) -> None:
    log.write(LogEvent.VERB_STARTED, verb="check", instance="acme")
    [path] = log.files()
    good = path.read_text("ascii")
    at = '{"at":"2026-03-04T12:00:00.000Z","run":1,"level":"info","event":'
    shown = (
        '"none"}', '"verb-started","verb":"hunter2"}', '"verb-started","instance":"acme"}', '"verb-started","more":"hunter2"}',
        '"verb-started","hunter2":1}', '"http","ms":1234567}', '"http","path":"/hunter2"}', '"unexpected","error":"Hunter2"}',
        '"unexpected","places":["hunter2"]}', '"unexpected","level":"error"}é', '"http","level":"hunter2"}',
        '"http","at":"2026-03-04T12:00:00.000Z hunter2"}',
    )  # fmt: skip
    strange = ("password=hunter2", "[]", "{}", "null", "[" * 100_000, '{"event":"http"}')
    for bad in (*strange, *(at + rest for rest in shown)):
        path.write_text(f"{good}{bad}\n{good}", "utf-8")
        assert log.lines(path) == (good.rstrip("\n"),) * 2, bad


def test_a_full_disk_loses_lines_and_says_so(log: EventLog, monkeypatch: pytest.MonkeyPatch) -> None:
    log.write(LogEvent.LIBRARIES, lines=1)
    real = os.write

    def full(descriptor: int, data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    for _ in range(3):
        log.write(LogEvent.LIBRARIES, lines=2)
    assert log.lost == 3
    monkeypatch.setattr(os, "write", real)
    log.write(LogEvent.LIBRARIES, lines=4)
    assert [(line["event"], line["lines"]) for line in read(log)] == [("libraries", 1), ("lost", 3), ("libraries", 4)]


def test_a_folder_that_cannot_be_made_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    log = EventLog(tmp_path / "file" / "log")
    log.write(LogEvent.LIBRARIES, lines=1)
    assert log.lost == 1
    assert log.files() == ()
    log.prune(1)


def test_a_link_put_in_the_way_is_not_followed(log: EventLog, tmp_path: Path) -> None:
    log.folder.mkdir()
    (log.folder / "exoalias-20260304.log").symlink_to(tmp_path / "elsewhere")
    log.write(LogEvent.LIBRARIES, lines=1)
    assert log.lost == 1
    assert not (tmp_path / "elsewhere").exists()


def test_a_file_has_its_size_and_the_older_half_of_a_day_is_kept(tmp_path: Path) -> None:
    log = EventLog(tmp_path, clock=lambda: NOON, most_bytes=2000)
    for number in range(60):
        log.write(LogEvent.LIBRARIES, lines=number)
    older, newer = log.files()
    assert older.name == "exoalias-20260304.1.log"
    assert max(older.stat().st_size, newer.stat().st_size) <= 2000
    numbers = [line["lines"] for line in read(log)]
    assert numbers == list(range(int(str(numbers[0])), 60))
    assert [json.loads(line)["lines"] for line in log.lines(newer, 200)] == [58, 59]


def test_old_days_go(tmp_path: Path) -> None:
    for day in ("20260201", "20260217", "20260218", "20260304"):
        (tmp_path / f"exoalias-{day}.log").write_text("")
    (tmp_path / "exoalias-20260201.1.log").write_text("")
    (tmp_path / "other.log").write_text("")
    EventLog(tmp_path, clock=lambda: NOON).prune(14)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["exoalias-20260218.log", "exoalias-20260304.log", "other.log"]


def test_threads_and_processes_don_t_mix_their_lines(tmp_path: Path) -> None:
    child = (
        "import sys, pathlib; from exoalias.adapters.machine.log import EventLog\n"
        "from exoalias.domain.log_events import LogEvent\n"
        "log = EventLog(pathlib.Path(sys.argv[1]))\n"
        "for n in range(300): log.write(LogEvent.LIBRARIES, lines=n)"
    )
    children = [subprocess.Popen([sys.executable, "-c", child, str(tmp_path)]) for _ in range(2)]
    log = EventLog(tmp_path)

    def write() -> None:
        for number in range(300):
            log.write(LogEvent.LIBRARIES, lines=number)

    threads = [threading.Thread(target=write) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [each.wait(60) for each in children] == [0, 0]
    assert len(read(log)) == 4 * 300
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("salt")] == ["salt"]


def test_libraries_are_counted_and_not_even_formatted() -> None:
    """In a process of its own: pytest formats what is logged in this one."""
    child = (
        "import logging; from exoalias.adapters.machine.log import Counting\n"
        "class Betrayed:\n    def __str__(self): raise AssertionError\n"
        "counting = Counting(); counting.attach()\n"
        "logging.getLogger('urllib3.connectionpool').warning('%s', Betrayed())\n"
        "logging.getLogger('msal').debug('%s', Betrayed())\n"
        "print(counting.lines); counting.let_go(); print(logging.getLogger().handlers)"
    )
    done = subprocess.run([sys.executable, "-c", child], capture_output=True, text=True, check=True, timeout=30)
    assert (done.stdout, done.stderr) == ("1\n[]\n", "")


def test_without_an_open_log_nothing_is_noted(log: EventLog) -> None:
    note(LogEvent.LIBRARIES, lines=1)
    open_log(log)
    note(LogEvent.LIBRARIES, lines=2)
    close_log()
    note(LogEvent.LIBRARIES, lines=3)
    assert [line["lines"] for line in read(log)] == [2]
