"""The progress of many: one line rewritten on a screen, a few lines in a log."""

from __future__ import annotations

import io

from exoalias.cli.progress_line import ProgressLine
from exoalias.cli.terminal import Terminal
from exoalias.domain.events import ManyProgress


class Screen(io.StringIO):
    """A terminal."""

    def isatty(self) -> bool:
        return True


def _utf8() -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), "utf-8")


def test_on_a_screen_one_line_is_rewritten_and_taken_away() -> None:
    screen = Screen()
    line = ProgressLine(Terminal(as_json=False, may_ask=False, out=screen, err=screen))
    line.clear()
    assert screen.getvalue() == ""
    line.show(ManyProgress(3, 200, ("acme", "be\x1bta")))
    assert screen.getvalue() == "\r\x1b[K3 of 200 checked, reading acme, be�ta"
    line.show(ManyProgress(4, 200, tuple(f"a rather long name {n}" for n in range(16))))
    assert "\n" not in screen.getvalue()
    assert len(screen.getvalue().rpartition("\x1b[K")[2]) < 80
    line.clear()
    line.clear()
    assert screen.getvalue().endswith("\r\x1b[K")
    assert screen.getvalue().count("\x1b[K") == 3


def test_a_log_gets_a_line_for_each_tenth() -> None:
    log = io.StringIO()
    line = ProgressLine(Terminal(as_json=True, may_ask=False, out=_utf8(), err=log))
    for done in range(201):
        line.show(ManyProgress(done, 200, ("acme",)))
        line.clear()
    lines = log.getvalue().splitlines()
    assert len(lines) == 10
    assert lines[0] == "20 of 200 checked …"
    assert lines[-1] == "200 of 200 checked."
    assert "\x1b" not in log.getvalue()


def test_few_are_told_too() -> None:
    log = io.StringIO()
    line = ProgressLine(Terminal(as_json=False, may_ask=False, out=_utf8(), err=log))
    for done in range(3):
        line.show(ManyProgress(done, 2, ()))
    assert log.getvalue().splitlines() == ["1 of 2 checked …", "2 of 2 checked."]
