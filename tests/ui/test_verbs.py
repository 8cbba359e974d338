"""The seam's defaults are the app's own functions, loaded only when called."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import pytest

from exoalias.adapters.keeping.settings import InstanceBook, Places
from exoalias.app.control import Control
from exoalias.app.far_side import FarSide
from exoalias.app.world import World
from exoalias.domain.problems import SignInRefused, UsageProblem
from exoalias.domain.ways import Way
from exoalias.ui.verbs import Verbs, Wanted
from tests.ui import stories

if TYPE_CHECKING:
    from pathlib import Path

    from exoalias.domain.events import Event

HEAVY = ("requests", "keyring", "msal", "qasync", "asyncio", "exoalias.app.world", "exoalias.domain.rules")


def test_nothing_heavy_is_loaded_with_the_window() -> None:
    code = f"import sys, exoalias.ui.main, exoalias.ui.verbs; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "[]"


def test_every_verb_has_a_default() -> None:
    assert all(callable(verb) for verb in Verbs())


def test_the_glance_at_the_settings_survives_a_broken_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXOALIAS_HOME", str(tmp_path))
    assert Verbs().peek() == ()
    settings = Places.of_this_user().settings_file
    InstanceBook(settings).put(stories.ENTRY)
    assert Verbs().peek() == (stories.ENTRY,)
    settings.write_text("this is [not TOML", "utf-8")
    assert Verbs().peek() == ()


def test_the_defaults_do_the_work_on_a_simulated_instance() -> None:
    """The whole seam against the real simulator, except the sign-in, which has tests of its own."""
    verbs = Verbs()
    played = verbs.play()
    told: list[Event] = []
    try:
        world, name = played.world, played.name
        assert [entry.name for entry in verbs.listing(world)] == [name]
        before = verbs.check(world, name, told.append, Control())
        after = verbs.apply(world, name, before.plan, told.append, Control())
        assert before.plan.writes
        assert not after.plan.writes
        assert verbs.candidates(world, name, told.append, Control())[0].eligible
        verbs.set_target(
            world, name, {"delegated_user": str(played.far_side.announcement["delegated"]["upn"])}, told.append, Control()
        )
        assert verbs.target(world, name).delegated_user is not None
        undone = verbs.undo(world, name, told.append, Control())
        assert undone.plan.writes
        assert verbs.journal(world, name)
        again = partial(Wanted, "again", before.checklist.origin, Way.PASSWORD, keep=False)
        verbs.add(world, again(known=False, said={"user": "ada"}, secrets={"password": "a-secret"}), told.append, Control())
        known = again(known=True, said={"user": "ada", "kind": "test"}, secrets={})
        verbs.add(world, known, told.append, Control())
        assert [entry.kind for entry in verbs.listing(world) if entry.name == "again"] == ["test"]
        verbs.remove(world, "again")
        assert told
    finally:
        played.far_side.stop()


def test_a_bare_sign_in_is_refused_by_the_app_itself() -> None:
    with pytest.raises(UsageProblem, match="credential"):
        Verbs().sign_in(cast("Any", None), "acme", (), lambda _event: None, Control())


def test_what_a_form_says_is_shown_without_its_secrets() -> None:
    address = "https://acme.service-now.com"
    wanted = Wanted("acme", address, Way.PASSWORD, known=False, keep=True, said={}, secrets={"password": "a-secret"})
    assert "a-secret" not in f"{wanted} {wanted!r} {(wanted,)}"


def test_a_new_secret_alone_is_tried_before_the_old_one_goes(tmp_path: Path) -> None:
    """The window's form says the same of the instance, and another password: refused, the old one stays."""
    far_side = FarSide("happy")
    far_side.start()
    world = World.simulated_from(far_side.announcement, tmp_path)
    verbs, control = Verbs(), Control()
    rest = far_side.announcement["rest"]
    said = {"user": rest["user"], "kind": ""}
    wanted = partial(Wanted, "acme", str(far_side.announcement["instance"]), Way.PASSWORD, keep=True, said=said)
    try:
        verbs.add(world, wanted(known=False, secrets={"password": rest["password"]}), lambda _event: None, control)
        with pytest.raises(SignInRefused):
            verbs.add(world, wanted(known=True, secrets={"password": "wrong-one"}), lambda _event: None, control)
        kept = world.kept(world.book.get("acme")).password
        assert kept is not None
        assert kept.reveal() == rest["password"]
    finally:
        world.close()
        far_side.stop()
