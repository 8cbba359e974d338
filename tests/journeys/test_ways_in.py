"""Each way in, from adding the instance to two proven tokens: real browser, real keyring, and no secret anywhere it shouldn't be.

The far side plays in this process, so it knows every secret it drew or gave out. Everything the program wrote or printed, and
every argument and environment of any process meanwhile, is searched for all of them.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Self
from urllib.parse import quote, quote_plus

import pytest

from exoalias.simulator.faults import Faults
from exoalias.simulator.scenario import known
from exoalias.simulator.serve import Simulator
from exoalias.simulator.sessions import Sessions
from exoalias.simulator.wire import Tls
from tests.adapters.keyring_session import command_in_session
from tests.journeys.playing import ROOT
from tests.simulator.certificates import make_authority, make_certificate, make_client_certificate

if TYPE_CHECKING:
    from collections.abc import Iterable

    from exoalias.simulator.sessions import Session
    from exoalias.simulator.wire import Answer

pytestmark = pytest.mark.browser

# scenario → whether an item is kept in the keyring, how often a person had to sign in to the instance
STORIES = {
    "profile-missing": (True, 0),
    "one-time-code": (True, 0),
    "api-key": (True, 0),
    "client-credentials": (True, 0),
    "oauth-instance": (True, 1),
    "sso-only": (False, 1),
    "instance-mfa": (False, 1),
    "session-dies-302": (False, 2),
    "session-dies-401": (False, 2),
}


class Secrets:
    """Everything secret the far side drew or gave out, noted as it happens."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.cookies: list[str] = []
        self.sessions: list[Session] = []
        opened = Sessions.open

        def noted(sessions: Sessions, answer: Answer, *args: object, **more: object) -> Session:
            session = opened(sessions, answer, *args, **more)  # type: ignore[arg-type] # as it came
            self.cookies += [value.partition("=")[2].partition(";")[0] for name, value in answer.headers if name == "Set-Cookie"]
            self.sessions.append(session)
            return session

        monkeypatch.setattr(Sessions, "open", noted)

    def of(self, simulator: Simulator) -> dict[str, str]:
        """All of them, named."""
        cast, instance = simulator.cast, simulator.instance
        found = {
            "password": cast.admin.password,
            "api key": cast.keys.api_key,
            "client secret": cast.keys.confidential.secret,
            "code seed": cast.keys.code_seed,
            "registry's secret": cast.strict.secret,
            **{f"password of {key}": person.password for key, person in cast.people.items()},
            **{f"cookie {n}": value for n, value in enumerate(self.cookies)},
            **{f"user token {n}": session.ck for n, session in enumerate(self.sessions)},
        }
        grants = instance.grants
        for what, given in (("code", grants._codes), ("access token", grants._access), ("refresh token", grants._refresh)):
            found |= {f"{what} {n}": value for n, value in enumerate(given)}
        return {name: value for name, value in found.items() if len(value) >= 8}


def forms(secret: str) -> Iterable[bytes]:
    """How it may be written."""
    raw = secret.encode()
    yield from {raw, quote(secret).encode(), quote_plus(secret).encode(), json.dumps(secret)[1:-1].encode()}
    yield secret.encode("utf-16-le")
    for before in range(3):
        whole = base64.b64encode(b"\0" * before + raw)
        yield whole[4 if before else 0 : -4]


def search(where: dict[str, bytes], secrets: dict[str, str]) -> list[str]:
    """What was found where."""
    return sorted(
        f"{name} in {place}"
        for name, secret in secrets.items()
        for place, data in where.items()
        if any(f in data for f in forms(secret))
    )


class Watch:
    """Reads the arguments and environments of all processes, over and over."""

    def __init__(self) -> None:
        self.seen: dict[str, bytes] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(10)

    def _look(self) -> None:
        while not self._over.wait(0.05):
            for process in Path("/proc").glob("[0-9]*"):
                for what in ("cmdline", "environ"):
                    try:
                        data = (process / what).read_bytes()
                    except OSError:
                        continue
                    self.seen[f"{what} of {process.name}: {data[:60]!r}"] = data


def files_below(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", STORIES)
def test_the_whole_job_by_each_way_in(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept, doors = STORIES[name]
    secrets = Secrets(monkeypatch)
    simulator = Simulator(known()[name])
    simulator.start()
    try:
        announcement, home = tmp_path / "announcement.json", tmp_path / "home"
        announcement.write_text(json.dumps(simulator.announcement()))
        home.mkdir(mode=0o700)
        command = [sys.executable, "-m", "tests.journeys.entering", str(announcement), str(home / "state")]
        with Watch() as watch:
            done = command_in_session(home, command, extra={"PYTHONPATH": str(ROOT)})
        assert done.returncode == 0, done.stderr
        said = {line["step"]: line for line in map(json.loads, done.stdout.splitlines())}
        assert said["check"]["writes"] == 2
        assert said["sign-in"]["holds"] is True
        assert said["sign-in"]["stored"] == 2
        assert said["sign-in"]["doors"].count("OPEN") + said["sign-in"]["doors"].count("OPEN+") == doors
        assert said["kept"]["item"] is kept
        assert "Secret Service" in said["kept"]["keyring"]
        assert said["again"]["holds"] is True
        assert said["removed"]["item"] is False
        summary = simulator.record.summary()
        tokens = [(token["name"], token["owner"]) for token in simulator.record.as_dict()["tokens"]]
        assert tokens == [("MS Graph 1", "delegated"), ("MS Graph 2", "delegated")]
        assert (summary["writes"], summary["codes_delivered"]) == (2, 2)

        everywhere = files_below(home) | watch.seen | {"stdout": done.stdout.encode(), "stderr": done.stderr.encode()}
        assert any("chromium" in place for place in watch.seen), "the browser was among the processes looked at"
        assert any(place.endswith("exoalias.toml") for place in everywhere)
        assert search(everywhere, secrets.of(simulator)) == []
    finally:
        simulator.stop()


def test_the_whole_job_with_a_client_certificate_and_an_authority_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """REST shows the certificate; the person signs in to window A, which trusts the authority as this user's browser does."""
    secrets, passphrase = Secrets(monkeypatch), "pass-phrase-of-the-key"
    authority = make_authority(tmp_path / "tls")
    server = make_certificate(tmp_path / "tls", authority)
    client = make_client_certificate(tmp_path / "tls", authority, passphrase=passphrase)
    home = tmp_path / "home"
    database = home / ".pki" / "nssdb"
    database.mkdir(parents=True)
    home.chmod(0o700)
    for words in (["-N", "--empty-password"], ["-A", "-n", "test", "-t", "C,,", "-i", str(authority.cert)]):
        subprocess.run(["certutil", *words, "-d", f"sql:{database}"], check=True, timeout=60, capture_output=True)
    story = replace(known()["profile-missing"], faults=Faults(basic_auth_gate=True), way="certificate")
    simulator = Simulator(story, tls=Tls(str(server.cert), str(server.key), str(authority.cert)))
    simulator.start()
    try:
        announcement, which = tmp_path / "announcement.json", tmp_path / "certificate.json"
        announcement.write_text(json.dumps(simulator.announcement()))
        files = {"certificate": str(client.both), "ca_file": str(authority.cert), "passphrase": passphrase}
        which.write_text(json.dumps(files))
        command = [sys.executable, "-m", "tests.journeys.entering", str(announcement), str(home / "state"), str(which)]
        with Watch() as watch:
            done = command_in_session(home, command, extra={"PYTHONPATH": str(ROOT)})
        assert done.returncode == 0, done.stderr
        said = {line["step"]: line for line in map(json.loads, done.stdout.splitlines())}
        assert (said["sign-in"]["holds"], said["sign-in"]["stored"], said["sign-in"]["doors"]) == (True, 2, [])
        assert (said["kept"]["item"], said["again"]["holds"], said["removed"]["item"]) == (True, True, False)
        everywhere = files_below(home) | watch.seen | {"stdout": done.stdout.encode(), "stderr": done.stderr.encode()}
        assert search(everywhere, secrets.of(simulator) | {"passphrase": passphrase}) == []
    finally:
        simulator.stop()


def test_the_search_would_find_one() -> None:
    for place in (b"x hunter2-hunter2 y", base64.b64encode(b"user:hunter2-hunter2 and more"), b"a%20b"):
        assert search({"file": place}, {"password": "a b" if place == b"a%20b" else "hunter2-hunter2"}) == ["password in file"]
