"""Whose token, and on which credentials."""

from __future__ import annotations

import subprocess
import sys

from exoalias.domain.delegated import STRICT_ALIASES, STRICT_CREDENTIALS, DelegatedUser


def test_every_strict_credential_has_its_alias() -> None:
    assert tuple(STRICT_ALIASES) == STRICT_CREDENTIALS
    assert len(set(STRICT_ALIASES.values())) == len(STRICT_CREDENTIALS)


def test_an_address_alone_identifies_nobody() -> None:
    assert DelegatedUser("sync@acme.example").object_id == ""


def test_it_is_had_without_what_else_should_be_true() -> None:
    """The first paint lists instances with their delegated users; the classes of a target take it a twentieth of its time."""
    program = "import sys, exoalias.adapters.keeping.settings; print('exoalias.domain.target' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "False"
