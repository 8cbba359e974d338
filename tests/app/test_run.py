"""What the sign-ins of one call share."""

from __future__ import annotations

from exoalias.app.run import phase_of
from exoalias.domain.events import Phase, SignInPhase
from tests.domain.gate_story import CREDENTIAL, TERMS, UPN


def test_a_phase_names_credential_and_user() -> None:
    told = phase_of(TERMS, Phase.BY_HAND, 600.0, can_continue=True)
    assert told == SignInPhase(CREDENTIAL, "MS Graph 1", UPN, Phase.BY_HAND, 600.0, can_continue=True)
    assert phase_of(TERMS, Phase.READING) == SignInPhase(CREDENTIAL, "MS Graph 1", UPN, Phase.READING, 0.0)
