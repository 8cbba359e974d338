"""The id of a record is one type, wherever it is taken from."""

from __future__ import annotations

import subprocess
import sys

from exoalias.domain import ids, records


def test_records_give_on_the_same_names() -> None:
    assert records.SysId is ids.SysId
    assert records.NO_RECORD is ids.NO_RECORD
    assert not ids.NO_RECORD


def test_what_the_first_paint_needs_loads_no_records() -> None:
    code = "import sys, exoalias.domain.target; sys.exit('exoalias.domain.records' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
