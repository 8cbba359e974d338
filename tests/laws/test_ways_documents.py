"""README and SECURITY say of each way in what it keeps and where, in the words the program itself uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from exoalias.domain.ways import WAYS, WayIn

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("words", WAYS, ids=lambda words: words.way.value)
@pytest.mark.parametrize("document", ["README.md", "SECURITY.md"])
def test_each_way_in_is_in_the_documents(root: Path, document: str, words: WayIn) -> None:
    text = (root / document).read_text("utf-8")
    line = next((line for line in text.splitlines() if line.startswith(f"| **{words.title}**")), "")
    assert words.keeps in line
    if document == "README.md":
        assert words.explains in line
        assert f"`{words.way.value}`" in line
