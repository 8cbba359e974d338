"""The support bundle: what is in it, what is not, and that it is saved as it was shown."""

from __future__ import annotations

import hashlib
import io
import stat
import zipfile
from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.keeping.entries import InstanceEntry
from exoalias.adapters.keeping.settings import Places
from exoalias.app import support
from exoalias.app.diagnostics import log_of
from exoalias.app.support import Bundle, Part, collect
from exoalias.app.world import World
from exoalias.domain.delegated import DelegatedUser
from exoalias.domain.log_events import LogEvent
from exoalias.domain.problems import BadAnswer, UsageProblem

if TYPE_CHECKING:
    from pathlib import Path

MARK = "Zwiebelfisch"  # in everything that belongs to a person or a customer
USER = DelegatedUser(f"ada@{MARK}.example", "0b6c1ed3-7f2a-4a53-8f3d-2d6d2f0c1a11", f"ada@{MARK}.example")
ENTRY = InstanceEntry(
    name=f"{MARK} production",
    origin=f"https://{MARK.lower()}.service-now.com",
    user=f"{MARK}.admin",
    delegated_user=USER,
    profile_name=MARK,
    customer=MARK,
    ca_file=f"/{MARK}",
)


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A world with an instance, a journal and a name on everything."""
    made = World.real(places=Places.below(tmp_path / MARK), flags={"keep_secrets": "no", "proxy": f"http://{MARK}:3128"})
    made.book.put(ENTRY)
    made.book.put(ENTRY._replace(name="other", customer="", delegated_user=None, ca_file=""))
    done = made.journal.intend(ENTRY.name, "set-field", {"record_name": MARK, "after": MARK})
    made.journal.outcome(done, "written", {"by": MARK})
    refused = made.journal.intend(ENTRY.name, "sign-in", {"upn": MARK})
    made.journal.outcome(refused, "wrong-user", {"says": MARK})
    made.journal.note(ENTRY.name, MARK, {"why": MARK})
    made.journal.intend(ENTRY.name, "undo", {})
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A log in which something went wrong."""
    folder = tmp_path / "log"
    log = log_of(folder)
    log.write(LogEvent.VERB_ENDED, verb="check", instance=ENTRY.name, outcome="problem", problem=BadAnswer(host=MARK, why=MARK))
    log.write(LogEvent.UNEXPECTED, error=KeyError(MARK), places=())
    log.write(LogEvent.HANG, of="window")
    log.write(LogEvent.RUN_DIED, fault="abort")
    for path in log.files():
        with path.open("a") as file:
            file.write(f"somebody else wrote {MARK}\n")
    return folder


def text(bundle: Bundle, name: str) -> str:
    return next(part.text for part in bundle.parts if part.name == name)


def test_what_is_in_it(world: World, folder: Path) -> None:
    bundle = collect(world, folder)
    names = [part.name for part in bundle.parts]
    assert names[:7] == [
        "README.txt",
        "versions.txt",
        "doctor.txt",
        "settings.txt",
        "instances.txt",
        "journal.txt",
        "problems.txt",
    ]
    assert names[7].startswith("log/exoalias-")
    for name in names[1:]:
        assert name in text(bundle, "README.txt")
    assert "PySide6-Essentials" in text(bundle, "versions.txt")
    settings = dict(line.split(maxsplit=1) for line in text(bundle, "settings.txt").splitlines())
    assert settings["proxy"].split() == ["flag", "set"]
    assert settings["ca_file"].split() == ["built_in", "not", "set"]
    assert settings["side_by_side"].split() == ["built_in", "16"]
    assert text(bundle, "instances.txt").startswith("2 instances\n")
    assert "delegated user, object id, own authorities" in text(bundle, "instances.txt")
    journal = [line.split()[2:] for line in text(bundle, "journal.txt").splitlines() if line.startswith("  ")]
    assert journal == [["set-field", "written"], ["sign-in", "wrong-user"], ["another", "noted"], ["undo", "unfinished"]]
    problems = text(bundle, "problems.txt")
    for told in (
        "problem bad-answer",
        "unexpected KeyError at nowhere known",
        "window did not answer",
        "ended without a word: abort",
    ):
        assert f"1 x {told}" in problems.replace("a run ended", "ended")


def test_no_name_is_in_it_and_the_screen_says_who_is_who(world: World, folder: Path) -> None:
    bundle = collect(world, folder)
    packed = bundle.packed()
    assert MARK.lower().encode() not in packed.lower()
    assert b"0b6c1ed3" not in packed
    who = dict(bundle.who)
    assert ENTRY.name in who.values()
    pseudonym = next(p for p, name in who.items() if name == ENTRY.name)
    assert pseudonym in text(bundle, "journal.txt")
    assert pseudonym in bundle.parts[-1].text, "the same one in the log"
    assert f"{MARK.lower()}.service-now.com" in who.values()


def test_everything_is_plain_and_saved_as_shown(world: World, folder: Path, tmp_path: Path) -> None:
    bundle = collect(world, folder)
    path = tmp_path / "b.zip"
    bundle.save(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert [(info.filename, archive.read(info)) for info in archive.infolist()] == [
            (p.name, p.text.encode()) for p in bundle.parts
        ]
    for part in bundle.parts:
        assert part.text.isascii()
        assert part.text.replace("\n", "").isprintable()
        assert part.content in path.read_bytes(), "nothing is compressed"
    assert bundle.size == sum(len(part.text) for part in bundle.parts)


def test_the_same_parts_are_the_same_bytes() -> None:
    bundle = Bundle((Part("a.txt", "", "x\n"), Part("log/b.txt", "", "y\n")))
    assert bundle.packed() == bundle.packed()
    assert hashlib.sha256(bundle.packed()).hexdigest() == "0a16fd105a8ce0d8baaa34697514f9383e7e59698b4033145bf10c720f730904"
    assert zipfile.ZipFile(io.BytesIO(bundle.packed())).namelist() == ["a.txt", "log/b.txt"]


def test_a_file_that_is_there_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "there"
    path.write_text("mine")
    bundle = Bundle(())
    with pytest.raises(UsageProblem, match="there already"):
        bundle.save(path)
    assert path.read_text() == "mine"
    with pytest.raises(UsageProblem, match="can't be written: Not a directory"):
        bundle.save(path / "x")


def test_without_a_world_there_is_still_a_bundle(folder: Path) -> None:
    bundle = collect(None, folder)
    assert [part.name for part in bundle.parts][:3] == ["README.txt", "versions.txt", "problems.txt"]
    assert bundle.who == ()


def test_what_cannot_be_read_is_named_by_its_code(world: World, folder: Path) -> None:
    world.places.settings_file.write_text("broken")
    bundle = collect(world, folder)
    assert text(bundle, "instances.txt") == text(bundle, "journal.txt") == "could not be read: bad-settings\n"


def test_an_empty_log(tmp_path: Path) -> None:
    bundle = collect(None, tmp_path)
    assert text(bundle, "problems.txt") == "nothing\n"
    assert [part.name for part in bundle.parts] == ["README.txt", "versions.txt", "problems.txt"]


def test_only_the_newest_lines_of_a_long_log(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = log_of(folder)
    for number in range(200):
        log.write(LogEvent.LIBRARIES, lines=number)
    monkeypatch.setattr(support, "LOG_BYTES", 1000)
    shown = collect(None, folder).parts[-1].text
    assert len(shown) <= 1000
    assert '"lines":199' in shown


def test_where_a_running_program_is_when_it_was_asked(folder: Path) -> None:
    root = support.__file__.removesuffix("app/support.py")
    (folder / "run-window-1.txt").write_text(
        f'Current thread 0x1 (most recent call first):\n  File "{root}ui/main.py", line 2 in run\n'
    )
    assert text(collect(None, folder), "stacks.txt") == "ui/main.py:2 run\n"


def test_every_probe_of_the_doctor_is_named(world: World, folder: Path) -> None:
    assert "another" not in text(collect(world, folder), "doctor.txt")
