"""Every action of the menus is carried out, each by one errand or by the conductor itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exoalias.ui.errands.reports import Reports
from exoalias.ui.errands.wiring import KINDS

if TYPE_CHECKING:
    from tests.ui.hands import Face


def test_no_two_errands_carry_out_the_same_action(face: Face) -> None:
    errands = face.conductor.errands
    names = [name for kind in KINDS for name, _do in errands.of(kind).does()]
    assert len(names) == len(set(names))
    assert set(names) <= set(face.window.actions_by_verb.by_name)


def test_an_errand_is_found_by_its_kind(face: Face) -> None:
    assert type(face.conductor.errands.of(Reports)) is Reports
