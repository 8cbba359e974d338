"""User and password for the proxy that is set: kept for that address alone, and used when it wants them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.keeping.secret import Secret
from exoalias.adapters.keeping.settings import Places
from exoalias.adapters.keeping.vault import ThisRunOnly
from exoalias.app.proxy_login import KEY, forget_login, host_of, keep_login, login_of, state
from exoalias.app.world import World
from exoalias.domain.problems import BadProxy, ProxyRefused, UsageProblem
from tests.adapters.authority import Authority, https_origin, tls_server
from tests.adapters.connect_proxy import connect_proxy

if TYPE_CHECKING:
    from pathlib import Path


def world_with(tmp_path: Path, proxy: str) -> World:
    return World.real(places=Places.below(tmp_path), flags={"keep_secrets": "no", "proxy": proxy})


def test_kept_shown_forgotten(tmp_path: Path) -> None:
    world = world_with(tmp_path, "proxy.example:8080")
    assert (state(world).proxy, state(world).user) == ("proxy.example:8080", "")
    assert keep_login(world, " DOMAIN\\me ", Secret("pä55:word")).user == "DOMAIN\\me"
    login = login_of(world.vault, "http://proxy.example:8080/")
    assert login is not None
    assert (login[0], login[1].reveal()) == ("DOMAIN\\me", "pä55:word")
    assert "pä55" not in repr(state(world))
    assert forget_login(world).user == ""
    assert login_of(world.vault, "proxy.example:8080") is None


@pytest.mark.parametrize("other", ["other.example:8080", "proxy.example:8081", "https://proxy.example", "none", "", " None "])
def test_another_proxy_is_never_told(tmp_path: Path, other: str) -> None:
    world = world_with(tmp_path, "proxy.example:8080")
    keep_login(world, "me", Secret("x"))
    assert login_of(world.vault, other) is None


@pytest.mark.parametrize("kept", ["x", "[]", "{}", '{"v":"1"}', '{"v":1,"proxy":"proxy.example:8080","user":"me"}', "[" * 9999])
def test_what_is_none_of_ours_is_no_login(kept: str) -> None:
    vault = ThisRunOnly()
    vault.set(KEY, kept)
    assert login_of(vault, "proxy.example:8080") is None


def test_nobody_is_kept_for_no_proxy(tmp_path: Path) -> None:
    for setting in ("", "none"):
        with pytest.raises(UsageProblem, match="No proxy is set"):
            keep_login(world_with(tmp_path, setting), "me", Secret("x"))
    for user in ("", " ", "a:b", "a\nb"):
        with pytest.raises(UsageProblem, match="user name"):
            keep_login(world_with(tmp_path, "proxy.example:8080"), user, Secret("x"))
    with pytest.raises(BadProxy):
        host_of("socks5://x")


class Small(ThisRunOnly):
    """A keyring that takes no more than this."""

    def set(self, instance: str, secret: str) -> None:
        if len(secret) > 200:
            raise ValueError("it is longer than a keyring takes")
        super().set(instance, secret)


def test_what_the_keyring_does_not_take_is_said_without_it(tmp_path: Path) -> None:
    world = replace(world_with(tmp_path, "proxy.example:8080"), vault=Small())
    with pytest.raises(UsageProblem, match="not kept: it is longer than a keyring takes") as refused:
        keep_login(world, "me", Secret("marker" * 100))
    assert "marker" not in f"{refused.value!r} {refused.value.facts}"
    assert keep_login(world, "me", Secret("")).user == "me"  # some proxies know people by name alone


def test_a_worlds_requests_use_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_PROXY", raising=False)
    authority = Authority(tmp_path)
    with tls_server(authority.issue("far", at="acme.example")) as far, connect_proxy("me", "right") as proxy:
        places = Places.below(tmp_path / "home")
        world = World.real(places=places, flags={"keep_secrets": "no", "proxy": proxy.host, "ca_file": str(authority.file)})
        client = world.http.client(https_origin(far).replace("127.0.0.1", "acme.example"))
        with pytest.raises(ProxyRefused, match="407") as refused:
            client.send("GET", "/", headers={})
        assert "exoalias proxy --user" in refused.value.remedy
        keep_login(world, "me", Secret("right"))
        assert client.send("GET", "/", headers={}).status == 200
        world.close()
