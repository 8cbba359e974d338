"""A secret shows itself to nobody by accident."""

from __future__ import annotations

import copy
import pickle

import pytest

from exoalias.adapters.keeping.secret import Secret


def test_a_secret_is_had_by_asking_for_it_alone() -> None:
    secret = Secret("pa55word")
    assert secret.reveal() == "pa55word"
    assert "pa55word" not in f"{secret} {secret!r} {[secret]}"


def test_a_secret_is_never_written_down() -> None:
    for write in (pickle.dumps, copy.copy):
        with pytest.raises(TypeError):
            write(Secret("pa55word"))


def test_two_secrets_are_not_compared_by_their_text() -> None:
    assert Secret("same") != Secret("same")
