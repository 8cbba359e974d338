"""A PAC file is found where a system names it, and shown without what may be the person's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.network.pac import in_gsettings, in_scutil, pac_of_this_machine

if TYPE_CHECKING:
    from pathlib import Path

NETWORK = "found on the network (WPAD)"
OFF = ("ConfigEnable : 1", "ConfigEnable : 0")
SCUTIL = """<dictionary> {
  HTTPSEnable : 0
  ProxyAutoConfigEnable : 1
  ProxyAutoConfigURLString : http://pac.acme.example/proxy.pac
  ProxyAutoDiscoveryEnable : 0
}
"""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (SCUTIL, "http://pac.acme.example/proxy.pac"),
        (SCUTIL.replace(*OFF), ""),
        (SCUTIL.replace(*OFF).replace("DiscoveryEnable : 0", "DiscoveryEnable : 1"), NETWORK),
        ("", ""),
    ],
)
def test_macos(text: str, found: str) -> None:
    assert in_scutil(text) == found


def test_gnome() -> None:
    assert in_gsettings("'auto'\n") == "auto"
    assert in_gsettings("''\n") == ""


def of_gnome(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: str, address: str, *, ends: str = "exit 0") -> str:
    """What is found where a program called gsettings says this."""
    program = tmp_path / "gsettings"
    program.write_text(f"#!/bin/sh\ncase $3 in mode) echo \"'{mode}'\";; *) echo \"'{address}'\";; esac\n{ends}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.delenv("auto_proxy", raising=False)
    return pac_of_this_machine()


def test_a_desktop_that_names_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pac = "http://me:marker@pac.example/x.pac?token=marker"
    assert of_gnome(tmp_path, monkeypatch, "auto", pac) == "http://pac.example/x.pac"
    assert of_gnome(tmp_path, monkeypatch, "auto", "") == NETWORK
    assert of_gnome(tmp_path, monkeypatch, "manual", pac) == ""
    assert of_gnome(tmp_path, monkeypatch, "auto", pac, ends="exit 1") == ""


def test_a_desktop_that_does_not_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("exoalias.adapters.network.pac._PATIENCE_S", 0.3)
    assert of_gnome(tmp_path, monkeypatch, "auto", "x", ends="exec sleep 5") == ""
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    assert pac_of_this_machine() == ""


def test_the_environment_names_one_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("auto_proxy", "file:///etc/proxy.pac\x1b[1m")
    assert pac_of_this_machine() == "file:///etc/proxy.pac[1m"
