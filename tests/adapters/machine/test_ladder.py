"""Reading the ladder on this machine, and writing the person's own rung."""

from __future__ import annotations

import tomllib
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.keeping.entries import InstanceEntry
from exoalias.adapters.keeping.settings import InstanceBook
from exoalias.adapters.machine.ladder import climb, environment_sources, write
from exoalias.domain.ladder import Rung, Source
from exoalias.domain.problems import BadSettings
from exoalias.domain.ways import Way

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config" / "exoalias.toml"


def said(file: Path, text: str) -> Path:
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, "utf-8")
    return file


def test_all_rungs(file: Path) -> None:
    said(file, '[settings]\nidle_minutes = 3\nlog_days = 3\nside_by_side = 3\nproxy = "none"\n')
    resolved = climb(
        file,
        {"idle_minutes": "5"},
        environment={
            "EXOALIAS_IDLE_MINUTES": "4",
            "exoalias_log_days": "4",
            "EXOALIAS_HOME": "/x",
            "PATH": "/bin",
            "EXOALIAS_PROXY": "",
        },
        policy=[Source(Rung.DEFAULT, "p", {"proxy": "system", "unlock_minutes": 2})],
    )
    assert resolved.complaints == ()
    counted = {each.setting.name: (each.value, each.where) for each in resolved.standings if each.rung is not Rung.BUILT_IN}
    assert counted == {
        "idle_minutes": (5, "the command line"),
        "log_days": (4, "EXOALIAS_LOG_DAYS"),
        "side_by_side": (3, str(file)),
        "proxy": ("none", str(file)),
        "unlock_minutes": (2, "p"),
    }
    assert [found.where for found in resolved.of("idle_minutes").overrules] == ["EXOALIAS_IDLE_MINUTES", str(file)]


@pytest.mark.parametrize(
    "text", ["[settings", "settings = 3", "[settings]\nidle_minutes = 'x'", "[settings]\ncolour = 3", "\x00"]
)
def test_nothing_in_the_file_stops_the_program(file: Path, text: str) -> None:
    resolved = climb(said(file, text), environment={}, policy=())
    assert resolved.settings == climb(file.with_name("none"), environment={}, policy=()).settings
    assert [complaint.where for complaint in resolved.complaints] == [str(file)]


def test_a_folder_in_its_place(file: Path) -> None:
    file.mkdir(parents=True)
    (complaint,) = climb(file, environment={}, policy=()).complaints
    assert "can't be read" in complaint.why


def test_an_unknown_variable_is_said() -> None:
    (source,) = environment_sources({"EXOALIAS_COLOUR": "red"})
    assert (source.where, source.values) == ("EXOALIAS_COLOUR", {"colour": "red"})


def test_paths_typed_here_are_made_whole(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    resolved = climb(file, {"browser": "bin/edge", "proxy": "none"}, environment={"EXOALIAS_CA_FILE": "own.pem"}, policy=())
    assert resolved.settings.browser == str(tmp_path / "bin" / "edge")
    assert resolved.settings.ca_file == str(tmp_path / "own.pem")
    assert climb(file, {"browser": "find", "ca_file": "~/x"}, environment={}, policy=()).settings.ca_file == "~/x"
    (complaint,) = climb(said(file, '[settings]\nca_file = "own.pem"'), environment={}, policy=()).complaints
    assert "the whole path" in complaint.why


def test_writing_keeps_all_else(file: Path) -> None:
    said(
        file,
        'later = 1\n[settings]\nidle_minutes = 3\ncolour = "red"\n'
        '[instance.acme]\norigin = "https://a.service-now.com"\nuser = "u"\n',
    )
    write(file, {"idle_minutes": None, "ways": (Way.BROWSER, Way.OAUTH), "keep_secrets": False, "proxy": ""})
    whole = tomllib.loads(file.read_text("utf-8"))
    assert whole["settings"] == {"colour": "red", "ways": ["browser", "oauth"], "keep_secrets": False, "proxy": ""}
    assert (whole["later"], list(whole["instance"])) == (1, ["acme"])
    InstanceBook(file).put(InstanceEntry("beta", "https://b.service-now.com", "u"))
    assert tomllib.loads(file.read_text("utf-8"))["settings"] == whole["settings"]
    write(file, {"ways": None, "keep_secrets": None, "proxy": None, "colour": None})
    assert "settings" not in tomllib.loads(file.read_text("utf-8"))


def test_a_name_nobody_knows_is_not_written(file: Path) -> None:
    write(file, {"colour": "red"})
    assert tomllib.loads(file.read_text("utf-8")) == {}


@pytest.mark.parametrize("text", ["[settings", "settings = 3"])
def test_a_broken_file_is_left_as_it_is(file: Path, text: str) -> None:
    with pytest.raises(BadSettings):
        write(said(file, text), {"idle_minutes": 3})
    assert file.read_text("utf-8") == text


def test_writers_at_the_same_time_lose_nothing(file: Path) -> None:
    changes: tuple[dict[str, int], ...] = ({"idle_minutes": 3}, {"log_days": 4}, {"side_by_side": 5}, {"unlock_minutes": 6})
    writers = [Thread(target=write, args=(file, change)) for change in changes]
    writers.append(Thread(target=InstanceBook(file).put, args=(InstanceEntry("acme", "https://a.service-now.com", "u"),)))
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    whole = tomllib.loads(file.read_text("utf-8"))
    assert whole["settings"] == {"idle_minutes": 3, "log_days": 4, "side_by_side": 5, "unlock_minutes": 6}
    assert "acme" in whole["instance"]
