"""For the journeys: the program as a process on a simulated far side, and the far side's own record as the judge."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from exoalias.app.far_side import FarSide
from exoalias.simulator.scenario import SCENARIOS
from tests.adapters.browser.loopback import using

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from exoalias.simulator.scenario import Scenario
    from exoalias.simulator.serve import Simulator

Json = dict[str, Any]
NAME = "acme"
ROOT = Path(__file__).resolve().parents[2]
_PATIENCE_S = 120
# What a sign-in may send to the instance beside GET: the batch (of GETs), the one write, the person's own forms.
_SENT = {
    ("POST", "/api/now/v1/batch"),
    ("POST", "/login.do"),
    ("POST", "/saml_acs.do"),
    ("PATCH", "/api/now/table/oauth_2_0_credentials"),
}


@dataclass(frozen=True, slots=True)
class Ended:
    """How one run of the program ended."""

    exit_code: int
    document: Json
    stderr: str
    home: Path

    @property
    def problem(self) -> str:
        """The code of the Problem that ended it; "" for none."""
        told = self.document.get("problem")
        return str(told["code"]) if isinstance(told, dict) else ""


@dataclass
class Player:
    """A person at this program: a home of their own, and perhaps a screen."""

    home: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def headless(self) -> list[str]:
        """The switch for runs without a screen."""
        return [] if self.environment.get("DISPLAY") else ["--headless"]

    def surroundings(self) -> dict[str, str]:
        """The environment of a child: every folder of a person below this home."""
        places = {f"XDG_{kind}_HOME": str(self.home / kind.lower()) for kind in ("CONFIG", "DATA", "CACHE", "STATE")}
        return {**os.environ, **self.environment, **places, "HOME": str(self.home), "EXOALIAS_HOME": str(self.home / "exoalias")}

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start the program; nobody is asked anything."""
        command = [sys.executable, "-m", "exoalias", "--non-interactive", *arguments]
        return subprocess.Popen(
            command,
            env=self.surroundings(),
            cwd=ROOT,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def run(self, *arguments: str, secret: str = "") -> Ended:
        """Run one verb with --json to its end; *secret* goes to its standard input."""
        process = self.start(*arguments, "--json")
        try:
            stdout, stderr = process.communicate(secret, timeout=_PATIENCE_S)
        finally:
            process.kill()
        if not stdout.startswith("{"):
            raise AssertionError(f"{arguments} ended with {process.returncode} and no document:\n{stdout}{stderr}")
        return Ended(process.returncode, json.loads(stdout), stderr, self.home)

    def leaves_nothing(self) -> None:
        """AssertionError if a browser of ours, its profile or its temporary folder is still there after 5 s."""
        end = time.monotonic() + 5
        while left := [*map(str, using(self.home)), *profiles(self.home)]:
            assert time.monotonic() < end, f"left behind: {left}"
            time.sleep(0.05)


def profiles(home: Path) -> list[str]:
    """Profiles of sign-in windows anywhere below the home."""
    found = os.walk(home)  # passes over folders that go away meanwhile
    return [str(Path(folder, name)) for folder, names, _ in found for name in names if name.startswith("window-")]


@dataclass
class Game:
    """A far side being played on."""

    far_side: FarSide | InThisProcess
    player: Player
    file: Path
    said: Json

    @property
    def simulated(self) -> list[str]:
        """The option that points a verb at it."""
        return ["--simulated", str(self.file)]

    def add(self, *, object_id: str | None = None, public_client: bool = False) -> None:
        """Add the instance and say who the delegated user is; the object id as the scenario has it known."""
        rest, user = self.said["rest"], self.said["delegated"]
        options = ["--url", self.said["instance"], "--user", rest["user"], "--secret-stdin"]
        added = self.player.run(*self.simulated, "instance", "add", NAME, *options, secret=rest["password"] + "\n")
        assert added.exit_code == 0, added.stderr
        known = user["object_id"] if self.said["know_object_id"] else ""
        known = known if object_id is None else object_id
        options = ["--delegated-user", user["upn"], "--mail", user["mail"]]
        options += ["--object-id", known] if known else []
        options += ["--public-client-id", self.said["public_client_id"]] if public_client else []
        ended = self.verb("target", NAME, *options)
        assert ended.exit_code == 0, ended.stderr

    def verb(self, *arguments: str) -> Ended:
        """Run a verb against it."""
        return self.player.run(*self.simulated, *arguments)

    def apply_and_sign_in(self, *options: str) -> Ended:
        """The whole job of the plan, in one run."""
        return self.verb("apply", NAME, "--yes", "--sign-in", *self.player.headless, *options)

    def record(self) -> Json:
        """The simulator's own record."""
        return self.far_side.record()

    def credential_fields(self) -> dict[str, str]:
        """The OAuth entity profile of each planned credential, asked of the instance itself."""
        names = ",".join(c["name"] for c in self.said["credentials"])
        query = {"sysparm_query": f"nameIN{names}", "sysparm_fields": "sys_id,oauth_entity_profile"}
        rows = self.read("oauth_2_0_credentials", query | {"sysparm_exclude_reference_link": "true"})
        return {row["sys_id"]: row["oauth_entity_profile"] for row in rows}

    def read(self, table: str, query: Mapping[str, str]) -> list[Json]:
        """Rows of a table over REST, past a rate limit."""
        rest = self.said["rest"]
        basic = base64.b64encode(f"{rest['user']}:{rest['password']}".encode()).decode()
        address = f"{self.said['instance']}/api/now/table/{table}?{urlencode(query)}"
        request = urllib.request.Request(address, headers={"Authorization": f"Basic {basic}", "Accept": "application/json"})
        for _ in range(5):
            try:
                with urllib.request.urlopen(request, timeout=10) as answer:
                    rows: list[Json] = json.load(answer)["result"]
                    return rows
            except urllib.error.HTTPError as error:
                if error.code != 429:
                    raise
                time.sleep(1)
        raise AssertionError("the instance keeps asking to wait")


@contextmanager
def game(scenario: str, player: Player, seed: int | None = None) -> Iterator[Game]:
    """A fresh far side; its seed is printed, so that a failure can be played again."""
    with FarSide(scenario, seed) as far_side:
        said = far_side.announcement
        print(f"scenario {scenario}, seed {said['seed']}")
        file = player.home / "far-side.json"
        file.write_text(json.dumps(said))
        yield Game(far_side, player, file, said)


def playing_on(simulator: Simulator, player: Player) -> Game:
    """The same on a simulator inside this process: for stories that no scenario tells."""
    said: Json = dict(simulator.announcement())
    file = player.home / "far-side.json"
    file.write_text(json.dumps(said))
    return Game(InThisProcess(simulator), player, file, said)


@dataclass(frozen=True, slots=True)
class InThisProcess:
    """A simulator that is asked directly."""

    simulator: Simulator

    def record(self) -> Json:
        """The simulator's own record."""
        return dict(self.simulator.record.as_dict())


# -- the judge -----------------------------------------------------------------------------------------------------------


def judge(story: Scenario, record: Json, delegated: Mapping[str, str], planned: set[str], strict_client: str) -> None:
    """What every ending has in common, and how many tokens this one leaves, by the simulator's own record."""
    assert tokens(record, delegated, planned) == story.tokens_after, record["tokens"]
    writes_are_the_planned_ones(record, planned)
    nobody_elses_code(record)
    every_b_was_prompted(record, strict_client)


def tokens(record: Json, delegated: Mapping[str, str], planned: set[str]) -> int:
    """On how many planned credentials a token was stored; AssertionError if any is not the delegated user's."""
    for token in record["tokens"]:
        assert token["credential"] in planned, f"a token on {token['name']}, which was not planned"
        assert (token["owner"], token["upn"], token["object_id"]) == ("delegated", delegated["upn"], delegated["object_id"]), (
            token
        )
    return len({token["credential"] for token in record["tokens"]})


def writes_are_the_planned_ones(record: Json, planned: set[str]) -> None:
    """Nothing is ever sent to change the instance but the one field of the planned credentials."""
    for write in record["writes"]:
        assert (write["verb"], write["table"], write["fields"]) == ("PATCH", "oauth_2_0_credentials", ["oauth_entity_profile"]), (
            write
        )
        assert write["sys_id"] in planned, write
    for request in record["requests"]:
        if request["side"] == "instance" and request["method"] != "GET":
            path = request["path"].partition("?")[0]
            path = path.rpartition("/")[0] if request["method"] == "PATCH" else path
            assert (request["method"], path) in _SENT, request


def nobody_elses_code(record: Json) -> None:
    """No code but the delegated user's ever reached the instance."""
    assert {code["owner"] for code in record["codes_delivered"]} <= {"delegated"}, record["codes_delivered"]


def every_b_was_prompted(record: Json, strict_client: str) -> None:
    """Every token request that reached Microsoft asked for credentials and came out of an empty jar."""
    for asked in record["authorize"]:
        if asked["client_id"] == strict_client:
            assert asked["prompt"] == "login", asked
            assert asked["cookies_seen"] is False, asked


def story_of(name: str) -> Scenario:
    """The scenario as the simulator has it."""
    return SCENARIOS[name]
