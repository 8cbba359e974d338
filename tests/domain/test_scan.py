"""The values of a scan."""

from __future__ import annotations

from exoalias.domain.scan import Scan
from tests.domain.build import NOW


def test_what_was_passed_over() -> None:
    assert Scan(NOW, (), ("a", "b"), ("b",)).passed_over == ("a",)
    assert Scan(NOW, (), ("a",), ("a",)).passed_over == ()
