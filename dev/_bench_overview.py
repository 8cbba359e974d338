"""Bench: ten thousand instances in the overview: shown, filtered by keystrokes, sorted, scrolled; each with a painted frame."""

from __future__ import annotations

import statistics
import time
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from exoalias.ui.overview.view import Overview

RECORDS = 10_000
_TYPED = "corvant pro"


def measure(rounds: int) -> dict[str, float]:
    """Medians of the rounds in ms; of keystrokes and frames the 95th of a hundred. What a stall of the event loop would be."""
    from PySide6.QtWidgets import QApplication

    from _scenes import Scene
    from _scenes_many import fill
    from exoalias.ui.known import Over
    from exoalias.ui.overview.model import COLUMNS

    figures: dict[str, list[float]] = {}

    def took(name: str, do: Callable[[], object]) -> None:
        started = time.perf_counter()
        do()
        QApplication.processEvents()
        figures.setdefault(name, []).append((time.perf_counter() - started) * 1000)

    for _turn in range(rounds):
        scene = Scene("light")
        scene.window.resize(1600, 1000)
        fill(scene, RECORDS)
        scene.window.show()
        scene.window.the_overview()
        QApplication.processEvents()
        page = scene.window.the_overview()
        took("shown", scene.conductor.many.show_all)
        _settle(page)
        for end in range(1, len(_TYPED) + 1):
            took("keystroke", partial(page.search.setText, _TYPED[:end]))
        took("keystroke", page.search.clear)
        for column in range(len(COLUMNS)):
            took("sort", partial(page.table.sort_by, column))
        page.table.sort_by(0)
        bar = page.table.verticalScrollBar()
        for step in range(100):
            took("frame", partial(bar.setValue, bar.maximum() * step // 99))
        name = page.table.lines.shown[0].entry.name
        for _time in range(20):
            took("one result", partial(scene.desk.changed.emit, name))
        scene.conductor.many.open(name)
        took("left side filtered", partial(scene.window.narrow.setText, "corvant"))
        scene.window.narrow.clear()
        scene.conductor.many.rise(Over())
        scene.window.close()
        scene.window.deleteLater()
        QApplication.processEvents()
    return {
        f"{RECORDS} instances: shown, ms": statistics.median(figures["shown"]),
        "keystroke in the filter, median, ms": statistics.median(figures["keystroke"]),
        "keystroke in the filter, 95th of 100, ms": _high(figures["keystroke"]),
        "sort, median, ms": statistics.median(figures["sort"]),
        "sort, worst column, ms": max(statistics.median(figures["sort"][at :: len(COLUMNS)]) for at in range(len(COLUMNS))),
        "frame while scrolling, median, ms": statistics.median(figures["frame"]),
        "frame while scrolling, 95th of 100, ms": _high(figures["frame"]),
        "one result of a check, ms": statistics.median(figures["one result"]),
        "left side: keystroke in its filter, ms": statistics.median(figures["left side filtered"]),
    }


def _settle(page: Overview) -> None:
    """Until the keys for the filter are made, which happens while nothing else does."""
    from PySide6.QtWidgets import QApplication

    until = time.monotonic() + 5
    while page.table._spare.isActive() and time.monotonic() < until:
        QApplication.processEvents()


def _high(values: list[float]) -> float:
    return sorted(values)[len(values) * 95 // 100]
