"""Ten thousand games against hostile answers: each ends as a named Problem or a Snapshot, in time; nothing foreign is believed.

``python3 dev.py soak hostile`` plays a hundred thousand.
"""

from __future__ import annotations

import random

import pytest

from exoalias.adapters.entering.basic import UserAndPassword
from exoalias.adapters.instance.servicenow import Instance
from exoalias.domain.records import Reading
from tests.adapters.hostility import HOST, NOW, Figures, HostileClient, Hostility, Truth, play, record_truth

GAMES = 1_250
LOTS = 8


@pytest.fixture(scope="module")
def truth() -> Truth:
    return record_truth()


@pytest.mark.parametrize("lot", range(LOTS))
def test_games(truth: Truth, lot: int) -> None:
    figures = Figures()
    for seed in range(lot * GAMES, (lot + 1) * GAMES):
        play(truth, seed, figures)
    endings = figures.endings
    # The games go everywhere: whole readings and broken ones, every act well and badly.
    assert figures.games == GAMES
    assert endings["read: done"] > endings["read: BadAnswer"] > 50
    assert endings["read: every question answered"] > 100
    for act in ("tokens", "reread", "write", "scan", "meet"):
        assert endings[f"{act}: done"] > 10, endings
    assert sum(n for ending, n in endings.items() if not ending.endswith(": done")) > GAMES / 5
    assert figures.most_trips < 200


def test_without_hostility_all_is_well(truth: Truth) -> None:
    """The recorded truth is one: what goes wrong above comes of the bending alone."""

    class Kind(Hostility):
        def strikes(self, share: float = 1.0) -> bool:
            return False

    client = HostileClient(truth, Kind(random.Random(0)))
    instance = Instance(UserAndPassword(client, truth.user, "x"), lambda: NOW)  # type: ignore[arg-type]  # as in play
    snapshot, _ = instance.read(truth.target)
    readings = [value for name in type(snapshot).__dataclass_fields__ if isinstance(value := getattr(snapshot, name), Reading)]
    assert len(readings) > 10
    assert not any(reading.unreadable for reading in readings)
    assert instance.write(truth.step).value == truth.step.after
    assert instance.own_scan.result("6" * 32, NOW).findings
    assert HOST in instance.origin


def test_a_defect_would_be_noticed(truth: Truth, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("exoalias.adapters.instance.question.Question.answering", lambda _self, rows: rows)

    def many() -> None:
        for seed in range(300):
            play(truth, seed, Figures())

    with pytest.raises(AssertionError, match="strangers"):
        many()
