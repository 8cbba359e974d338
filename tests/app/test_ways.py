"""Every way in without a browser session, on the simulated instance: entered, read, refused, and its secrets unseen."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest

from exoalias.adapters.keeping.entries import InstanceEntry
from exoalias.adapters.keeping.kept import Kept
from exoalias.adapters.keeping.secret import Secret
from exoalias.adapters.keeping.settings import Places
from exoalias.adapters.keeping.vault import MemoryFirst
from exoalias.app.control import Control
from exoalias.app.entrance import Visit, enter
from exoalias.app.instances import add, rotate
from exoalias.app.lobby import Lobby
from exoalias.app.safekeeping import keep
from exoalias.app.ways import _Held, make_access, tried
from exoalias.app.world import World, vault_key
from exoalias.domain.events import CodeQuestion, Progress
from exoalias.domain.problems import (
    BadAuthorities,
    BadCertificate,
    CodeRefused,
    NoCodeGiven,
    NoSecret,
    NotTrusted,
    OAuthRefused,
    PersonNeeded,
    Problem,
    SignInDeclined,
    SignInRefused,
    WayForbidden,
    WayRefused,
    WouldPrompt,
)
from exoalias.domain.settings import Settings
from exoalias.domain.ways import Way
from exoalias.simulator.faults import Faults
from exoalias.simulator.one_time_codes import code_at
from exoalias.simulator.scenario import scenario
from exoalias.simulator.serve import Simulator
from exoalias.simulator.wire import Tls
from tests.adapters.authority import Authority
from tests.simulator.running import Browser, running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from exoalias.adapters.entering.access import Access
    from exoalias.domain.events import Event

TABLE = "/api/now/table/sys_properties?sysparm_limit=1"
BATCH = "/api/now/v1/batch"


class Walker(Lobby):
    """A person who signs in by walking through the instance's pages, without a browser."""

    simulator: Simulator
    decides = "allow"
    walks = 0

    def authorize(self, url: str, redirect_url: str) -> str:
        self.walks += 1
        with Browser() as browser:
            page = browser.open(url, until=redirect_url)
            if "user_password" in page.fields:
                page = browser.log_in(self.simulator, page, until=redirect_url)
            if "asked" in page.fields:
                page = browser.submit(page, until=redirect_url, consent=self.decides)
            return page.url


@dataclass
class Scene:
    """A simulated instance, the world that acts on it, and what was told."""

    simulator: Simulator
    world: World
    told: list[Event] = field(default_factory=list)
    walker: Walker | None = None

    def add(self, way: Way, **said: Any) -> InstanceEntry:  # noqa: ANN401 - passed on
        keys, user = self.simulator.cast.keys, self.simulator.cast.admin
        secrets = {
            Way.PASSWORD: Kept(password=Secret(user.password)),
            Way.API_KEY: Kept(api_key=Secret(keys.api_key)),
            Way.CLIENT_CREDENTIALS: Kept(client_secret=Secret(keys.confidential.secret)),
        }
        fields: dict[Way, dict[str, Any]] = {
            Way.PASSWORD: {"user": user.user_name},
            Way.OAUTH: {"client_id": keys.public.client_id, "redirect_url": keys.public.redirect_uris[0]},
            Way.CLIENT_CREDENTIALS: {"client_id": keys.confidential.client_id},
        }
        given = said.pop("secrets", secrets.get(way))
        return add(self.world, "acme", self.simulator.instance.origin, way, secrets=given, **fields.get(way, {}), **said)

    def visit(self, entry: InstanceEntry, control: Control | None = None) -> Visit:
        control = control or Control(interactive=False)
        self.walker = Walker(self.world, entry, self.told.append, control)
        self.walker.simulator = self.simulator
        return Visit(self.world, entry, self.told.append, control, self.walker)

    def enter(self, entry: InstanceEntry, control: Control | None = None) -> Access:
        return make_access(self.visit(entry, control))

    @property
    def secrets(self) -> list[str]:
        """Everything nobody may see."""
        keys = self.simulator.cast.keys
        given = [text for store in ("_access", "_refresh") for text in getattr(self.simulator.instance.grants, store)]
        return [self.simulator.cast.admin.password, keys.api_key, keys.confidential.secret, keys.code_seed, *given]

    def assert_unseen(self, *seen: object) -> None:
        text = " ".join(f"{each!r} {each}" for each in (*self.told, *seen)) + self.world.book.path.read_text("utf-8")
        for secret in self.secrets:
            assert secret not in text


@contextmanager
def scene(folder: Path, name: str = "happy", **faults: Any) -> Iterator[Scene]:  # noqa: ANN401 - a fault's fields have many types
    with running(name, faults=faults) as simulator:
        world = World.simulated_from(simulator.announcement(), folder / "state", headless=True)
        try:
            yield Scene(simulator, world)
        finally:
            world.close()


def reads_and_asks(access: Access) -> None:
    """A read, and a POST as every check sends it."""
    assert access.send("GET", TABLE).status == 200
    body = {"batch_request_id": "1", "rest_requests": []}
    assert access.send("POST", BATCH, body=body, repeatable=True).status == 200


@pytest.mark.parametrize(
    ("name", "way"),
    [
        ("happy", Way.PASSWORD),
        ("api-key", Way.API_KEY),
        ("client-credentials", Way.CLIENT_CREDENTIALS),
        ("oauth-instance", Way.OAUTH),
    ],
)
def test_each_way_lets_in_as_the_instances_admin(tmp_path: Path, caplog: pytest.LogCaptureFixture, name: str, way: Way) -> None:
    caplog.set_level("DEBUG")  # also what the libraries below say of their requests
    with scene(tmp_path, name) as here:
        access = here.enter(here.add(way))
        reads_and_asks(access)
        assert access.user == here.simulator.cast.admin.user_name
        here.assert_unseen(access, vars(access), caplog.text)
        assert "oauth_token.do" in caplog.text or way in {Way.PASSWORD, Way.API_KEY}


@pytest.mark.parametrize("way", [Way.API_KEY, Way.CLIENT_CREDENTIALS, Way.OAUTH])
def test_a_closed_way_is_named_with_what_to_do(tmp_path: Path, way: Way) -> None:
    with scene(tmp_path, closed=(way.value,)) as here:
        with pytest.raises(Problem) as met:
            here.enter(here.add(way))
        if way is not Way.OAUTH:  # there the instance shows the person a page of its own, and nobody is sent back
            assert isinstance(met.value, (WayRefused, OAuthRefused))
        assert met.value.remedy
        here.assert_unseen(met.value, vars(met.value))


def test_the_basic_authentication_gate_is_said_to_be_possible(tmp_path: Path) -> None:
    with scene(tmp_path, basic_auth_gate=True) as here:
        with pytest.raises(SignInRefused) as met:
            here.enter(here.add(Way.PASSWORD)).send("GET", TABLE)
        assert "SNCRestrictBasicAuthUserAuthenticationGate" in met.value.remedy
        assert "browser session" in met.value.remedy


def test_a_way_the_settings_rule_out_is_not_tried(tmp_path: Path) -> None:
    with scene(tmp_path) as here:
        entry = here.add(Way.PASSWORD)
        here.world = replace(here.world, settings=Settings(ways=(Way.BROWSER, Way.API_KEY)))
        with pytest.raises(WayForbidden, match="User and password") as met:
            here.enter(entry)
        assert (met.value.exit_code, "Browser session, API key" in met.value.remedy) == (4, True)
        with pytest.raises(WayForbidden):
            here.add(Way.PASSWORD)


@pytest.mark.parametrize("way", [Way.PASSWORD, Way.API_KEY, Way.CLIENT_CREDENTIALS])
def test_a_missing_secret_is_said(tmp_path: Path, way: Way) -> None:
    world = World.real(places=Places.below(tmp_path), this_run_only=True)
    said: dict[str, Any] = {Way.PASSWORD: {"user": "a"}, Way.CLIENT_CREDENTIALS: {"client_id": "c"}}.get(way, {})
    add(world, "acme", "acme", way, **said)
    with pytest.raises(NoSecret, match="acme"):
        enter(world, "acme")


# -- one-time codes ------------------------------------------------------------------------------------------------------


def answering(scene: Scene, control: Control, answer: Callable[[], str | None]) -> list[CodeQuestion]:
    """Let somebody answer each question for a code."""
    asked: list[CodeQuestion] = []

    class Told(list[Any]):
        def append(self, event: object) -> None:
            super().append(event)
            if isinstance(event, CodeQuestion):
                asked.append(event)
                control.type(answer())

    scene.told = Told()
    return asked


def test_one_code_lets_in_for_many_requests(tmp_path: Path) -> None:
    with scene(tmp_path, "one-time-code") as here:
        control = Control()
        asked = answering(here, control, lambda: " ".join(code_at(here.simulator.cast.keys.code_seed, time.time())))
        access = here.enter(here.add(Way.PASSWORD, one_time_code=True), control)
        reads_and_asks(access)
        reads_and_asks(access)
        assert [(each.instance, each.user) for each in asked] == [("acme", here.simulator.cast.admin.user_name)]
        here.assert_unseen(access, vars(access))


def test_when_the_session_ends_the_next_code_is_asked_for_once(tmp_path: Path) -> None:
    with scene(tmp_path, "one-time-code") as here:
        control, seed = Control(), here.simulator.cast.keys.code_seed
        moments = iter((time.time(), time.time() + 30, time.time() + 30))
        asked = answering(here, control, lambda: code_at(seed, next(moments)))
        access = here.enter(here.add(Way.PASSWORD, one_time_code=True), control)
        access.send("GET", TABLE)
        here.simulator.instance.sessions.drop_all()
        access.send("GET", TABLE)
        here.simulator.instance.sessions.drop_all()
        with pytest.raises(CodeRefused):  # the same code again
            access.send("GET", TABLE)
        assert len(asked) == 3


def test_a_declined_code_and_a_run_that_may_not_ask(tmp_path: Path) -> None:
    with scene(tmp_path, "one-time-code") as here:
        entry, control = here.add(Way.PASSWORD, one_time_code=True), Control()
        answering(here, control, lambda: None)
        with pytest.raises(NoCodeGiven) as declined:
            here.enter(entry, control).send("GET", TABLE)
        assert declined.value.exit_code == 6
        with pytest.raises(WouldPrompt, match="one-time code") as unasked:
            here.enter(entry).send("GET", TABLE)
        assert unasked.value.exit_code == 2


# -- OAuth of the instance -----------------------------------------------------------------------------------------------


def test_a_refresh_token_is_kept_and_lets_in_without_the_person(tmp_path: Path) -> None:
    with scene(tmp_path, "oauth-instance", refresh_rotates=True) as here:
        entry = here.add(Way.OAUTH)
        here.enter(entry)
        assert here.walker is not None
        assert here.walker.walks == 1
        first = here.world.kept(entry).refresh_token
        assert first is not None
        reads_and_asks(here.enter(entry))
        assert here.walker.walks == 0
        second = here.world.kept(entry).refresh_token
        assert second is not None
        assert second.reveal() != first.reveal()
        here.simulator.instance.grants.revoke()
        reads_and_asks(here.enter(entry))
        assert here.walker.walks == 1


def test_an_access_token_that_ends_is_had_anew_while_working(tmp_path: Path) -> None:
    with scene(tmp_path, "oauth-instance", access_token_s=0.3) as here:
        access = here.enter(here.add(Way.OAUTH))
        for _ in range(3):
            time.sleep(0.4)
            reads_and_asks(access)
        assert here.walker is not None
        assert here.walker.walks == 1


def test_without_refresh_tokens_the_person_signs_in_each_time(tmp_path: Path) -> None:
    with scene(tmp_path, "oauth-instance", no_refresh_token=True) as here:
        entry = here.add(Way.OAUTH)
        for _ in range(2):
            here.enter(entry)
            assert here.walker is not None
            assert here.walker.walks == 1
        assert not here.world.kept(entry).refresh_token


def test_a_person_who_denies_is_taken_at_their_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Walker, "decides", "deny")
    with scene(tmp_path, "oauth-instance") as here, pytest.raises(SignInDeclined):
        here.enter(here.add(Way.OAUTH))


def test_where_nobody_can_sign_in_it_is_said_at_once(tmp_path: Path) -> None:
    world = World.real(places=Places.below(tmp_path), this_run_only=True)
    add(world, "acme", "acme", Way.OAUTH, client_id="c")
    with pytest.raises(PersonNeeded):
        enter(world, "acme")


@pytest.mark.usefixtures("no_keyring")
def test_a_refresh_token_too_long_for_a_keyring_serves_this_run(tmp_path: Path) -> None:
    with scene(tmp_path) as here:
        here.world = replace(here.world, vault=MemoryFirst())
        entry = InstanceEntry("acme", here.simulator.instance.origin, way=Way.OAUTH, client_id="c")
        _Held(here.visit(entry), Kept()).refreshed(Secret("r" * 2000))
        kept = here.world.kept(entry).refresh_token
        assert kept is not None
        assert kept.reveal() == "r" * 2000
        assert any("this run only" in event.says for event in here.told if isinstance(event, Progress))


# -- client certificates -------------------------------------------------------------------------------------------------


@contextmanager
def over_tls(folder: Path, authority: Authority, **faults: Any) -> Iterator[Scene]:  # noqa: ANN401 - the same
    """An instance that asks its callers for a certificate, and a real world with nothing but its address."""
    server = str(authority.issue("server"))
    simulator = Simulator(scenario("happy", faults=Faults(**faults)), 5, tls=Tls(server, server, str(authority.file)))
    simulator.start()
    world = World.real(places=Places.below(folder / "world"), this_run_only=True)
    try:
        yield Scene(simulator, world)
    finally:
        world.close()
        simulator.stop()


def with_certificate(here: Scene, path: str, *, ca_file: str, passphrase: str = "") -> InstanceEntry:
    entry = InstanceEntry("acme", here.simulator.instance.origin, way=Way.CERTIFICATE, certificate=path, ca_file=ca_file)
    here.world.book.put(entry)
    if passphrase:
        keep(here.world, entry, Kept(passphrase=Secret(passphrase)))
    return entry


def test_a_client_certificate_lets_in_with_an_own_authority(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    with over_tls(tmp_path, authority, basic_auth_gate=True) as here:
        client = str(authority.issue("client", passphrase=b"pass-SECRET"))
        entry = with_certificate(here, client, ca_file=str(authority.file), passphrase="pass-SECRET")
        access = here.enter(entry)
        reads_and_asks(access)
        assert access.user == here.simulator.cast.admin.user_name
        assert "pass-SECRET" not in f"{access!r} {vars(access)} {here.told}" + here.world.book.path.read_text("utf-8")


def test_what_is_wrong_with_a_certificate_is_said(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    with over_tls(tmp_path, authority) as here:
        locked, outdated = str(authority.issue("locked", passphrase=b"right")), str(authority.issue("old", days=(-9, -2)))
        ca = str(authority.file)
        for path, passphrase, why in (
            (str(tmp_path / "none.pem"), "", "no such file"),
            (locked, "", "no passphrase"),
            (locked, "wrong", "does not open"),
            (outdated, "", "expired"),
        ):
            with pytest.raises(BadCertificate, match=why) as met:
                here.enter(with_certificate(here, path, ca_file=ca, passphrase=passphrase))
            assert met.value.remedy
        with pytest.raises(BadAuthorities):
            here.enter(with_certificate(here, outdated, ca_file=str(tmp_path / "none.pem")))
        with pytest.raises(NotTrusted):
            here.enter(with_certificate(here, str(authority.issue("client")), ca_file=""))


def test_an_unmapped_certificate_is_refused_with_what_to_check(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    with over_tls(tmp_path, authority, closed=("certificate",)) as here:
        with pytest.raises(WayRefused, match="Client certificate") as met:
            here.enter(with_certificate(here, str(authority.issue("client")), ca_file=str(authority.file)))
        assert "mapped to an active user" in met.value.remedy


# -- new secrets ---------------------------------------------------------------------------------------------------------


def test_a_new_secret_is_tried_first_and_the_old_one_stays_when_it_is_refused(tmp_path: Path) -> None:
    with scene(tmp_path, "api-key") as here:
        entry = here.add(Way.API_KEY)
        right = Kept(api_key=Secret(here.simulator.cast.keys.api_key))
        with pytest.raises(WayRefused):
            rotate(here.world, "acme", Kept(api_key=Secret("wrong")))
        assert here.world.kept(entry).to_text() == right.to_text()
        assert rotate(here.world, "acme", right) == entry
        rotate(here.world, "acme", Kept(api_key=Secret("later")), try_first=False)
        assert Kept.from_text(here.world.vault.get(vault_key(entry))).to_text() == Kept(api_key=Secret("later")).to_text()


def test_trying_a_password_asks_the_instance_once(tmp_path: Path) -> None:
    with scene(tmp_path) as here:
        visit = here.visit(here.add(Way.PASSWORD))
        with pytest.raises(SignInRefused):
            tried(visit, Kept(password=Secret("wrong")))
        before = len(here.simulator.record.as_dict()["requests"])
        tried(visit, here.world.kept(visit.entry))
        assert len(here.simulator.record.as_dict()["requests"]) == before + 1


def test_a_refresh_token_that_turns_while_it_is_tried_is_the_one_kept(tmp_path: Path) -> None:
    with scene(tmp_path, "oauth-instance", refresh_rotates=True) as here:
        entry = here.add(Way.OAUTH)
        here.enter(entry)
        before = here.world.kept(entry)
        after = tried(here.visit(entry), before)
        assert after.refresh_token is not None
        assert before.refresh_token is not None
        assert after.refresh_token.reveal() != before.refresh_token.reveal()


def test_without_a_token_there_is_nothing_to_try(tmp_path: Path) -> None:
    with scene(tmp_path, "oauth-instance") as here:
        visit = here.visit(here.add(Way.OAUTH))
        assert tried(visit, Kept(client_secret=Secret("x"))).held.keys() == {"client_secret"}
        assert here.walker is not None
        assert here.walker.walks == 0


def test_memory_is_asked_at_once_and_a_keyring_where_somebody_may_have_to_unlock_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def unlocked(work: Callable[[], Kept], _tell: object, _control: object) -> Kept:
        asked.append("keyring")
        return work()

    monkeypatch.setattr("exoalias.app.ways.unlocked", unlocked)
    with scene(tmp_path) as at:
        entry = at.add(Way.API_KEY)
        reads_and_asks(at.enter(entry))
        assert asked == []
        vault = MemoryFirst()
        vault.keep_for_this_run(vault_key(entry), Kept(api_key=Secret(at.simulator.cast.keys.api_key)).to_text())
        at.world = replace(at.world, vault=vault)
        reads_and_asks(at.enter(entry))
        assert asked == ["keyring"]
