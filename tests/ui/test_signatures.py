"""Putting off what PySide6 needs for its messages changes none of them: each in an interpreter of its own, with and without."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.journeys.playing import ROOT

if TYPE_CHECKING:
    from pathlib import Path

_LATE = "from exoalias.ui import signatures; signatures.put_off()\n"
_QT = """
import os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QLabel, QWidget
app = QApplication([])
def said(call):
    try:
        return repr(call())
    except Exception as error:
        return f"{type(error).__name__}: {error}"
"""
# Whatever looks at a signature, each as the first thing that does.
_LOOKS = {
    "no such arguments": "print(said(lambda: QLabel(1, 2, 3)))",
    "of the wrong kind": "print(said(lambda: QWidget().resize('x')))",
    "too many": "print(said(lambda: QWidget().show(1)))",
    "no such keyword": "print(said(lambda: QLabel(nonsense=3)))",
    "an enum's": "print(said(lambda: QLabel('a').setAlignment('x')), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)",
    "a signal's": "S = type('S', (QObject,), {'s': Signal(int)}); print(said(lambda: S().s.emit('x', 'y')))",
    "documentation": "print(QLabel.setText.__doc__)",
    "help": "import pydoc; print(pydoc.render_doc(QLabel.setText))",
    "signature": "import inspect; print(said(lambda: inspect.signature(QLabel.setText)), said(lambda: QLabel.__signature__))",
    "the stubs' generator": "from shibokensupport.signature.lib import pyi_generator; print(pyi_generator.Formatter)",
    "by its other name": "from PySide6.support.signature.lib.enum_sig import ExactEnumerator; print(ExactEnumerator)",
    "by both names": "from PySide6.support.signature import mapping; print(len(mapping.namespace) > 10, mapping.__spec__.name)",
    "all modules": "import inspect; print(inspect.getmodule(QLabel), sorted(n for n in sys.modules if 'shiboken' in n))",
    "in a thread": "from threading import Thread; t = Thread(target=lambda: print(said(lambda: QLabel(1, 2))));t.start()",
}


def _run(program: str, home: Path | None = None, timeout: float = 60) -> str:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"} | ({"EXOALIAS_HOME": str(home)} if home is not None else {})
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=timeout, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("look", _LOOKS.values(), ids=_LOOKS)
def test_whoever_looks_sees_the_same(look: str) -> None:
    assert _run(_LATE + _QT + look) == _run(_QT + look)


def test_python_finds_modules_as_before_once_it_is_imported() -> None:
    looked = "before = sys.meta_path; length = len(before)\n"
    assert _run(f"import sys\n{looked}{_LATE}print(sys.meta_path is before, len(before) == length)") == "True True\n"


def test_what_is_imported_afterwards_is_not_read_as_text() -> None:
    look = (
        "import linecache; from exoalias.domain.checklist import Act; print(any('checklist' in name for name in linecache.cache))"
    )
    assert _run(_LATE + _QT + look) == "False\n"
    assert _run(_QT + look) == "True\n"


def test_where_it_is_imported_already_nothing_happens() -> None:
    assert _run(_QT + _LATE + "print(signatures.for_errors(), said(lambda: QLabel(1, 2, 3))[:9])") == "() TypeError\n"


def test_where_the_modules_have_other_names_all_is_as_it_comes() -> None:
    """Another release of PySide6, say."""
    other = "from exoalias.ui import signatures; signatures._LATE = frozenset({'shibokensupport.signature.elsewhere'})\n"
    look = _LOOKS["no such arguments"]
    assert _run(other + "signatures.put_off()\n" + _QT + look + "; print(signatures.for_errors())") == _run(_QT + look) + "()\n"


def test_one_that_could_not_be_filled_is_filled_the_next_time() -> None:
    once = """
from shibokensupport.signature import loader
late = loader.errorhandler
spec = late.__dict__["__late__"]
ready = spec.loader.exec_module
class Loader:
    def exec_module(self, module):
        spec.loader = whole
        raise MemoryError
whole, spec.loader = spec.loader, Loader()
print(said(lambda: signatures.fill(late)))
"""
    look = _LOOKS["no such arguments"]
    assert _run(_LATE + _QT + once + look) == "MemoryError: \n" + _run(_QT + look)


_WINDOW = """
import json, sys
import exoalias.__main__ as entry
from exoalias.ui import signatures
put_off = signatures.put_off
def then():
    put_off()
    from PySide6.QtCore import QTimer
    from exoalias.ui import main
    wake = main.wake
    def woken(window, *world):
        print(json.dumps([module.__name__ for module in signatures.for_errors()]), flush=True)
        wake(window, *world)
        looks = QTimer(window, interval=20)
        looks.timeout.connect(lambda: signatures.for_errors() or (print("filled", flush=True), window.close()))
        looks.start()
    main.wake = woken
signatures.put_off = then
sys.argv = ["exoalias"]
sys.exit(entry.main())
"""


def test_at_the_first_paint_they_are_empty_and_soon_afterwards_filled(tmp_path: Path, no_keyring: None) -> None:
    empty, filled = _run(_WINDOW, tmp_path).splitlines()
    names = [name.rpartition(".")[2] for name in json.loads(empty)]
    assert names == ["tool", "parser", "layout", "errorhandler"]
    assert filled == "filled"
