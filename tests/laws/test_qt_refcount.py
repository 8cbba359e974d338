"""Thousands of Qt calls in one process.

PySide6 6.12.0 on Python below 3.12 loses a reference to None at every call that returns nothing, and the interpreter aborts
after some five thousand of them: a window that has been open for an hour, not a smoke test. pyproject.toml pins by marker.
"""

from __future__ import annotations

import subprocess
import sys

CALLS = """
import sys
from PySide6.QtWidgets import QApplication, QLabel
application = QApplication([])
label = QLabel()
before = sys.getrefcount(None)
for number in range(5_000):
    label.setText(str(number))
    label.resize(100 + number % 50, 20)
    label.setEnabled(bool(number % 2))
    label.update()
lost = before - sys.getrefcount(None)
print(lost)
sys.exit(1 if lost > 1_000 else 0)
"""


def test_twenty_thousand_void_calls() -> None:
    done = subprocess.run([sys.executable, "-c", CALLS], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, f"references to None lost: {done.stdout}\n{done.stderr}"
