"""The files the program ships: found beside the package or at the top of the repository, read once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from exoalias.adapters import assets

if TYPE_CHECKING:
    from pathlib import Path


def test_the_page_for_the_sign_in_window_is_there() -> None:
    assert assets.path("pages", "notice.html").is_file()
    assert "{{heading}}" in assets.text("pages", "notice.html")


def test_a_file_that_is_not_shipped_is_named() -> None:
    with pytest.raises(FileNotFoundError, match=r"pages/absent\.html"):
        assets.path("pages", "absent.html")


def test_installed_comes_before_the_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed, repository = tmp_path / "exoalias" / "resources", tmp_path / "resources"
    for place in (installed, repository):
        place.mkdir(parents=True)
        (place / "both").write_text(place.parent.name)
    (repository / "one").write_text("ü")
    monkeypatch.setattr(assets, "_PLACES", (installed, repository))
    assert assets.path("both") == installed / "both"
    assert assets.text("one") == "ü"
    (repository / "one").write_text("changed")
    assert assets.text("one") == "ü", "read once"
    assets.text.cache_clear()
