"""Both sides served together: the announcement, the commands, and every way to end."""

from __future__ import annotations

import io
import json
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

import pytest
import requests

from exoalias.simulator.clones import KINDS
from exoalias.simulator.scenario import known, scenario
from exoalias.simulator.serve import SCHEMA_VERSION, Simulator, main_loop
from tests.simulator.running import Browser, Rest, get_token, running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def child(root: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """The simulator as a program of its own, and what it announced."""
    command = [sys.executable, "-m", "exoalias.simulator", *options]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, cwd=root) as process:
        try:
            yield process, json.loads(stream(process.stdout).readline())
        finally:
            process.kill()


def stream(pipe: IO[str] | None) -> IO[str]:
    """A pipe that is there."""
    assert pipe is not None
    return pipe


def ask(process: subprocess.Popen[str], command: str) -> dict[str, Any]:
    """The answer to a command."""
    stream(process.stdin).write(command + "\n")
    stream(process.stdin).flush()
    return dict(json.loads(stream(process.stdout).readline()))


def test_the_announcement_says_all_a_client_needs() -> None:
    with running("profile-missing", seed=11) as simulator, Rest(simulator) as rest:
        said = json.loads(json.dumps(simulator.announcement()))
        cast = simulator.cast
        assert (said["schema"], said["scenario"], said["seed"]) == (SCHEMA_VERSION, "profile-missing", 11)
        assert said["instance"] == simulator.instance.origin
        assert said["microsoft"] == simulator.microsoft.origin
        assert said["microsoft"].startswith("http://localhost:")  # another host name than the instance's: cookies ignore ports
        assert {name: said["rest"][name] for name in ("user", "password", "roles")} == {
            "user": cast.admin.user_name,
            "password": cast.admin.password,
            "roles": ["admin"],
        }
        delegated = cast.people["delegated"]
        assert [said["delegated"][name] for name in ("upn", "mail", "object_id")] == [
            delegated.upn,
            delegated.mail,
            delegated.object_id,
        ]
        for credential in said["credentials"]:
            assert rest.rows("oauth_2_0_credentials", f"sys_id={credential['sys_id']}", fields="name") == [
                {"name": credential["name"]}
            ]
        assert rest.rows("oauth_entity_profile", f"sys_id={said['profile']['sys_id']}", fields="name") == [
            {"name": said["profile"]["name"]}
        ]
        assert (said["tenant_id"], said["public_client_id"]) == (cast.tenant.id, cast.public.client_id)
        assert cast.strict.secret not in json.dumps(said)


def test_a_seed_gives_the_same_world_and_none_a_new_one() -> None:
    first, second, third, fourth = (Simulator(scenario("happy"), seed).cast for seed in (3, 3, None, None))
    assert first == second
    assert len({cast.tenant.id for cast in (first, third, fourth)}) == 3


def test_it_listens_on_one_loopback_address_only() -> None:
    with running() as simulator:
        for origin in (simulator.instance.origin, simulator.microsoft.origin):
            with socket.socket() as neighbour:
                neighbour.bind(("127.0.0.2", int(origin.rpartition(":")[2])))  # taken, if they listened on every address


def test_nothing_answers_after_the_stop() -> None:
    with running() as simulator:
        addresses = [simulator.instance.origin, simulator.microsoft.origin]
    for address in addresses:
        with pytest.raises(requests.ConnectionError):
            requests.get(address, timeout=1)


def test_before_the_start_there_is_no_instance() -> None:
    simulator = Simulator(scenario("happy"), 1)
    with pytest.raises(RuntimeError, match="not been started"):
        simulator.announcement()
    simulator.stop()


def test_commands_are_answered_line_by_line() -> None:
    out = io.StringIO()
    assert main_loop(Simulator(scenario("happy"), 5), io.StringIO("record-summary\n\nnonsense\nrecord\n"), out) == 0
    announced, summary, unknown, record = (json.loads(line) for line in out.getvalue().splitlines())
    assert announced["scenario"] == "happy"
    assert (summary["tokens"], summary["token_owners"]) == (0, [])
    assert "nonsense" in unknown["error"]
    assert record["requests"] == []


def test_a_clone_comes_when_told_to() -> None:
    out = io.StringIO()
    assert (
        main_loop(Simulator(scenario("happy"), 5), io.StringIO("clone redirect tokens-gone\nclone nonsense\nclone\n"), out) == 0
    )
    cloned, wrong, empty = (json.loads(line) for line in out.getvalue().splitlines()[1:])
    assert cloned == {"cloned": ["redirect", "tokens-gone"]}
    assert "nonsense" in wrong["error"]
    assert set(wrong["kinds"]) == set(empty["kinds"]) == set(KINDS)


def test_a_program_of_its_own_tells_what_happened(root: Path) -> None:
    with child(root, "--scenario", "hibernating", "--seed", "4") as (process, said):
        assert requests.get(said["instance"] + "/login.do", timeout=5).status_code == 200
        assert ask(process, "record-summary")["requests"] == 1
        assert ask(process, "record")["requests"][0]["path"] == "/login.do"
        stream(process.stdin).write("stop\n")
        stream(process.stdin).flush()
        assert process.wait(5) == 0
        assert stream(process.stderr).read() == ""


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, None])
def test_signals_and_the_end_of_input_end_it(root: Path, how: signal.Signals | None) -> None:
    with child(root) as (process, said):
        if how is None:
            stream(process.stdin).close()
        else:
            process.send_signal(how)
        assert process.wait(5) == 0
        assert stream(process.stderr).read() == ""
        with pytest.raises(requests.ConnectionError):
            requests.get(said["instance"], timeout=1)


NO_TOKEN = {"wrong-grant", "registry-misprints", "cloned", "microsoft-error", "token-exchange-fails"}
NO_TOKEN |= {f"clone-{kind}" for kind in ("redirect", "typical")}
NO_TOKEN |= {"clone-registry-new-ids", "clone-registry-other"}  # the profile asked for is not there any more
NO_TOKEN |= {"sso-reload"}  # its page needs a browser that runs scripts
WHOLE_WAY = [
    name
    for name, story in known().items()
    if story.turns[0].does == "sign_in" and not (story.faults.hibernating or story.faults.latency_s)
]


@pytest.mark.parametrize("name", WHOLE_WAY)
def test_every_scenario_can_be_walked_by_hand(name: str) -> None:
    """Without the program under test nothing is in the way: whoever signs in owns the token."""
    with running(name) as simulator, Browser() as browser:
        person = simulator.scenario.turns[0].person
        page = get_token(simulator, browser, person)
        if simulator.scenario.faults.deep_link_lost:
            page = get_token(simulator, browser, person)
        owners = [row["owner"] for row in simulator.record.as_dict()["tokens"]]
        story = simulator.scenario
        unasked = story.instance_sign_in in {"saml", "oidc"} or story.faults.os_account  # single sign-on takes the admin
        owner = "admin" if unasked else person
        assert owners == ([] if name in NO_TOKEN else [owner]), page.text
