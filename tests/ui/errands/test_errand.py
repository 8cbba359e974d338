"""What every errand has: the desk, dialogs over the window, and words for a Problem nobody waits for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exoalias.domain.problems import Hibernating
from exoalias.ui.errands.errand import Errand
from exoalias.ui.runner import Ending

if TYPE_CHECKING:
    from tests.ui.hands import Face


def test_a_problem_nobody_waits_for_is_said_in_the_status_bar(face: Face) -> None:
    errand = Errand(face.window, face.conductor.open)
    errand.tell_problem(Ending(problem=Hibernating(host="acme.service-now.com")))
    assert "acme.service-now.com is hibernating" in face.window.statusBar().currentMessage()
    assert errand.does() == ()
