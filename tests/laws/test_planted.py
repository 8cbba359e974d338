"""The tests of trust can fail: defects planted in a copy of the program are noticed. All of them: ``python3 dev.py planted``."""

from __future__ import annotations

import subprocess
import sys
from importlib import util
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import planted
else:  # a script, not a package: loaded from where it stands
    spec = util.spec_from_file_location("planted", Path(__file__).resolve().parents[2] / "dev" / "planted.py")
    planted = sys.modules["planted"] = util.module_from_spec(spec)
    spec.loader.exec_module(planted)


@pytest.mark.timeout(600)
def test_every_guard_taken_away_is_noticed(root: Path) -> None:
    command = [sys.executable, str(root / "dev" / "planted.py"), "--quick"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("caught    ") == len(planted.QUICK)


def test_the_claims_are_all_planted() -> None:
    names = [defect.name for defect in planted.DEFECTS]
    assert len(names) == len(set(names))
    assert set(planted.QUICK) <= set(names)


@pytest.mark.parametrize("defect", planted.DEFECTS, ids=lambda defect: defect.name)
def test_no_plan_is_out_of_date(root: Path, defect: planted.Defect) -> None:
    assert (root / defect.file).read_text(encoding="utf-8").count(defect.guard) == 1
    assert defect.guard != defect.gap
    assert all((root / test).exists() for test in defect.tests if test.endswith(".py"))


def test_a_guard_that_is_gone_is_said(tmp_path: Path) -> None:
    (tmp_path / "x.py").write_text("pass\n")
    with pytest.raises(planted.OutOfDateError, match="stands 0 times"):
        planted.plant(tmp_path, planted.Defect("x", "x.py", "if guarded:", "if True:", ()))


def test_a_defect_nobody_notices_survives_and_one_that_breaks_everything_proves_nothing(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.pytest.ini_options]\npythonpath = ['.']\n")
    (tmp_path / "guarded.py").write_text("RIGHT = 1\nLEFT = 2\n")
    (tmp_path / "test_it.py").write_text("import guarded\n\n\ndef test_right() -> None:\n    assert guarded.RIGHT == 1\n")
    tests = ("test_it.py",)
    for guard, gap, good, word in (
        ("RIGHT = 1", "RIGHT = 2", True, "caught"),
        ("LEFT = 2", "LEFT = 1", False, "SURVIVED"),
        ("RIGHT = 1", "RIGHT = (", False, "BROKEN"),
    ):
        noticed, line = planted.verdict(tmp_path, planted.Defect("it", "guarded.py", guard, gap, tests))
        assert (noticed, line.split()[0]) == (good, word)
        assert (tmp_path / "guarded.py").read_text() == "RIGHT = 1\nLEFT = 2\n"
