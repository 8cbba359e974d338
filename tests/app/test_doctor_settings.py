"""Doctor says what is set and by whom, what doesn't count, which proxy is used and which authorities are trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exoalias.adapters.keeping.entries import InstanceEntry
from exoalias.adapters.keeping.settings import Places
from exoalias.adapters.machine import ladder as reading
from exoalias.app.doctor import Probe, doctor
from exoalias.app.world import World
from exoalias.domain.ladder import Rung, Source

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def seen(world: World, name: str) -> list[Probe]:
    return [probe for probe in doctor(world) if probe.name == name]


def in_memory(tmp_path: Path, **flags: str) -> World:
    return World.real(places=Places.below(tmp_path), flags={"keep_secrets": "no", **flags})


def test_nothing_is_said_of_what_nobody_set(tmp_path: Path) -> None:
    world = World.real(places=Places.below(tmp_path))
    assert [probe.name for probe in doctor(world) if probe.name.startswith("Setting ")] == []


def test_who_set_it_and_what_that_overrules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "machine_policy", lambda: (Source(Rung.FIXED, "/etc/policy", {"log_days": 3}),))
    monkeypatch.setenv("EXOALIAS_IDLE_MINUTES", "4")
    world = in_memory(tmp_path, idle_minutes="5", log_days="9")
    (idle,), (days,) = seen(world, "Setting idle_minutes"), seen(world, "Setting log_days")
    assert (idle.result, idle.says) == ("ok", "5, from the command line; not 4 from EXOALIAS_IDLE_MINUTES")
    assert days.says == "3, from /etc/policy, which fixes it; not 9 from the command line"


def test_what_does_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXOALIAS_IDLE_MINUTES", "many")
    monkeypatch.setenv("EXOALIAS_COLOUR", "red")
    world = in_memory(tmp_path)
    (wrong,), (unknown,) = seen(world, "Setting idle_minutes"), seen(world, "Setting colour")
    assert (wrong.result, unknown.result) == ("fail", "skip")
    assert "EXOALIAS_IDLE_MINUTES: “many” can't be used" in wrong.says
    assert wrong.remedy
    assert unknown.remedy


def test_proxies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [probe.says for probe in seen(in_memory(tmp_path), "Proxy")] == ["no proxy"]
    monkeypatch.setenv("HTTPS_PROXY", "https://me:hunter2@proxy.acme.example:8080")
    monkeypatch.setenv("NO_PROXY", "a.example,b.example,c.example,d.example")
    world = in_memory(tmp_path)
    for name in "abcd":
        world.book.put(InstanceEntry(name, f"https://{name}.example", "u"))
    (probe,) = seen(world, "Proxy")
    assert probe.result == "ok"
    assert probe.says == (
        "proxy.acme.example:8080 (HTTPS_PROXY) for login.microsoftonline.com; "
        "no proxy for a.example, b.example, c.example and 1 more"
    )
    monkeypatch.setenv("HTTPS_PROXY", "ftp://me:hunter2@proxy.acme.example")
    (probe,) = seen(in_memory(tmp_path), "Proxy")
    assert (probe.result, "hunter2" in repr(probe)) == ("fail", False)


def test_authorities(tmp_path: Path) -> None:
    world = in_memory(tmp_path, ca_file=str(tmp_path / "none.pem"))
    (probe,) = seen(world, "Certificates")
    assert probe.result == "fail"
    assert "none.pem" in probe.says
    world = in_memory(tmp_path)
    world.book.put(InstanceEntry("acme", "https://acme.example", "u", ca_file=str(tmp_path / "own.pem")))
    ours, theirs = seen(world, "Certificates")
    assert (ours.result, theirs.result) == ("ok", "fail")
    assert "own.pem" in theirs.says


def test_a_keyring_asked_for_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    (probe,) = seen(in_memory(tmp_path), "Keyring")
    assert probe.result == "ok"
    assert "PYTHON_KEYRING_BACKEND in the environment asks for keyring.backends.null.Keyring, which is not used" in probe.says
