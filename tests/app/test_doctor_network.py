"""Doctor on the network: a PAC file that isn't read, and who issued what Microsoft's sign-in shows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.keeping.settings import Places
from exoalias.adapters.network.http import Http
from exoalias.app.doctor import doctor
from exoalias.app.doctor_network import inspection, pac
from exoalias.app.world import World
from exoalias.domain.problems import NotTrusted
from exoalias.domain.target import Cloud
from tests.adapters.authority import Authority, https_origin, tls_server
from tests.adapters.connect_proxy import connect_proxy
from tests.adapters.loopback import http_answer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "auto_proxy"):
        monkeypatch.delenv(name, raising=False)
    return World.real(places=Places.below(tmp_path), flags={"keep_secrets": "no"})


def test_a_pac_file_is_named_where_it_would_be_needed(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert pac(world) is None
    monkeypatch.setenv("auto_proxy", "http://pac.example/x.pac")
    looked = pac(world)
    assert looked is not None
    assert looked.result == "fail"
    assert "http://pac.example/x.pac" in looked.says
    assert "HTTPS_PROXY" in looked.remedy
    assert any(probe.name == "Proxy" and "does not read" in probe.says for probe in doctor(world))
    monkeypatch.setenv("HTTPS_PROXY", "proxy.example:8080")
    looked = pac(world)
    assert looked is not None
    assert looked.result == "ok"
    assert "uses proxy.example:8080" in looked.says
    assert pac(World.real(places=Places.below(tmp_path), flags={"keep_secrets": "no", "proxy": "none"})) is None


@pytest.fixture
def inspected(world: World, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[World]:
    """A world whose way to Microsoft leads through somebody who answers with a certificate of this authority."""
    authority = Authority(tmp_path, request.param)
    served = authority.issue("inspecting", at="login.example")
    with tls_server(served, answer=http_answer(b"<html>", 500, Connection="close")) as server, connect_proxy() as proxy:
        origin = https_origin(server).replace("127.0.0.1", "login.example")
        http = Http(ca_file=str(authority.file), proxy=proxy.address)
        yield replace(world, http=http, clouds=(Cloud("Global", (origin,)),))
        http.close()


@pytest.mark.parametrize(
    ("inspected", "says"),
    [("Acme TLS Inspection", "issued by Acme TLS Inspection, not by"), ("DigiCert Inc", "an authority Microsoft uses")],
    indirect=["inspected"],
)
def test_who_stands_between(inspected: World, says: str) -> None:
    looked = inspection(inspected)
    assert looked.result == "ok"
    assert says in looked.says


def test_an_untrusted_one_fails_and_an_unreachable_one_is_only_said(world: World, tmp_path: Path) -> None:
    served = Authority(tmp_path, "Stranger").issue("login", at="login.example")
    with tls_server(served) as server, connect_proxy() as proxy:
        origin = https_origin(server).replace("127.0.0.1", "login.example")
        http = Http(proxy=proxy.address)
        between = replace(world, http=http, clouds=(Cloud("Global", (origin,)),))
        with pytest.raises(NotTrusted):
            inspection(between)
        assert [probe.result for probe in doctor(between) if probe.name == "Microsoft's sign-in"] == ["fail"]
        http.close()
    away = replace(world, clouds=(Cloud("Global", ("https://no-such-host.example",)),))
    looked = inspection(away)
    assert looked.result == "skip"
    assert "can't be reached" in looked.says
