"""Doctor looks at this machine and says what to do."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest

from exoalias.adapters.browser import find, policy
from exoalias.adapters.browser.find import Browser
from exoalias.adapters.keeping.settings import Places
from exoalias.app.doctor import doctor
from exoalias.app.world import World

OFF = {"RemoteDebuggingAllowed": False}


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


@pytest.mark.parametrize(
    ("edge", "chromium", "result", "says"),
    [
        ({}, {}, "ok", ["Microsoft Edge at "]),
        ({"InPrivateModeAvailability": 1}, {}, "ok", ["Microsoft Edge at ", "; InPrivateModeAvailability is 1 in "]),
        ({"RemoteDebuggingAllowed": "no"}, {}, "ok", ["; cannot tell: RemoteDebuggingAllowed in ", "is not yes or no"]),
        (
            {"RemoteDebuggingAllowed": False},
            {},
            "ok",
            ["RemoteDebuggingAllowed is false", "Chromium is used instead. Chromium at "],
        ),
        (
            {"RemoteDebuggingAllowed": False},
            {"IncognitoModeAvailability": 2},
            "fail",
            ["Edge can't", "RemoteDebuggingAllowed is"],
        ),
    ],
)
def test_policies_of_the_browsers(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    edge: dict[str, object],
    chromium: dict[str, object],
    result: str,
    says: list[str],
) -> None:
    for folder, policies in (("etc/opt/edge", edge), ("etc/chromium", chromium)):
        (tmp_path / folder / "policies/managed").mkdir(parents=True)
        (tmp_path / folder / "policies/managed/a.json").write_text(json.dumps(policies))
    browsers = (Browser("Microsoft Edge", Path("/opt/edge")), Browser("Chromium", Path("/usr/bin/chromium")))
    monkeypatch.setattr(find, "installed", lambda: browsers)
    monkeypatch.setattr(policy, "Machine", partial(policy.Machine, "linux", tmp_path))
    probes = _seen(World.real(places=Places.below(tmp_path / "home"), this_run_only=True))
    seen, by_hand, private = probes["Browser"], probes["Sign-in by no-control"], probes["Sign-in by private-window"]
    assert by_hand[0] == ("fail" if result == "fail" else "skip"), "what is left, and never called good"
    if "InPrivateModeAvailability" in edge:
        assert (private[0], "InPrivateModeAvailability is 1" in private[1]) == ("skip", True)
    assert seen[0] == result, seen
    assert [part for part in says if part not in seen[1]] == []
    assert ("RemoteDebuggingAllowed" in seen[2]) is (result == "fail")


@pytest.mark.parametrize(
    ("wish", "taken"),
    [
        ("auto", ["relay", "private-window"]),
        ("managed-device", ["managed-device"]),
        ("no-control", ["no-control"]),
    ],
)
def test_how_a_sign_in_would_be_kept_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wish: str, taken: list[str]) -> None:
    monkeypatch.setattr(find, "installed", lambda: (Browser("Chromium", Path("/usr/bin/chromium")),))
    monkeypatch.setattr(policy, "Machine", partial(policy.Machine, "linux", tmp_path))
    seen = _seen(World.real(places=Places.below(tmp_path / "home"), this_run_only=True, flags={"strategy": wish}))
    probes = {name.rpartition(" ")[2]: probe for name, probe in seen.items() if name.startswith("Sign-in by ")}
    assert list(probes) == ["relay", "private-window", "managed-device", "no-control"]
    assert [name for name, probe in probes.items() if probe[0] != "skip"] == taken
    assert [probe[0] for name, probe in probes.items() if name in taken] == ["fail" if wish == "no-control" else "ok"] * len(
        taken
    )
    assert all(probe[2] for probe in probes.values() if probe[0] == "fail")
    assert probes[taken[0]][1].startswith("number 1 here; ")


def test_a_strategy_that_cannot_be_taken_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> tuple[Browser, ...]:
        return ()

    monkeypatch.setattr(find, "installed", none)
    seen = _seen(World.real(places=Places.below(tmp_path), this_run_only=True, flags={"strategy": "relay"}))
    assert seen["Sign-in"][0] == "fail"
    assert seen["Sign-in"][2]
