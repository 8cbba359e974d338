"""Doctor looks at this machine and says what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.keeping.settings import Places
from exoalias.app.doctor import doctor
from exoalias.app.world import World

if TYPE_CHECKING:
    from pathlib import Path


def _seen(world: World) -> dict[str, tuple[str, str, str]]:
    return {probe.name: (probe.result, probe.says, probe.remedy) for probe in doctor(world)}


@pytest.mark.usefixtures("no_keyring")
def test_every_probe_is_made_whatever_fails(tmp_path: Path) -> None:
    places = Places.below(tmp_path)
    places.config.mkdir()
    places.settings_file.write_text("broken", "utf-8")
    (tmp_path / "state").write_text("a file where a folder should be")
    seen = _seen(World.real(places=places, browser=tmp_path / "no-browser"))
    assert seen["Python"][0] == seen["Window"][0] == seen["Certificates"][0] == "ok"
    for name in ("Settings", "Journal", "Place for state", "Keyring", "Browser"):
        assert seen[name][0] == "fail", name
        assert seen[name][2], name
    assert places.settings_file.read_text("utf-8") == "broken"


def test_a_machine_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere")
    world = World.real(places=Places.below(tmp_path), this_run_only=True)
    seen = _seen(world)
    for name in ("Settings", "Journal", "Keyring", "Place for settings", "Place for state", "Place for cache", "Browser"):
        assert seen[name][0] == "ok", seen[name]
    assert "REQUESTS_CA_BUNDLE" in seen["Certificates"][1]
    assert "memory" in seen["Keyring"][1]


def test_a_keyring_backend_somebody_asked_for_is_said_not_to_be_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyrings.alt.file.PlaintextKeyring")
    says = _seen(World.real(places=Places.below(tmp_path), this_run_only=True))["Keyring"][1]
    assert "keyrings.alt.file.PlaintextKeyring, which is not used" in says
    assert "readable in a file" in says
