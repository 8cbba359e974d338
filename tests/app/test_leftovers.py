"""A killed program's sign-in profiles go at the next start, by both faces; another's that is running stays."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.browser.janitor import Profile
from exoalias.adapters.keeping.settings import Places
from exoalias.app import leftovers
from exoalias.app.world import World
from exoalias.ui.verbs import Verbs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World.real(places=Places.below(tmp_path), this_run_only=True)
    yield made
    made.close()


def leave(world: World) -> Path:
    """What is there after a kill: a profile nobody holds, with cookies in it."""
    folder = world.places.cache / "sign-in" / "window-0123456789abcdef"
    (folder / "Default").mkdir(parents=True)
    (folder / ".in-use").touch()
    (folder / "Default" / "Cookies").write_text("JSESSIONID=ALIVE")
    return folder


def test_what_a_killed_program_left_is_swept(world: World) -> None:
    folder, living = leave(world), Profile(world.places.cache / "sign-in")
    try:
        assert leftovers.sweep(world) == 1
        assert not folder.exists()
        assert living.path.exists()
    finally:
        living.delete()
    assert leftovers.sweep(world) == 0


def test_nothing_to_sweep_and_no_browser_are_no_trouble(tmp_path: Path) -> None:
    made = World.real(places=Places.below(tmp_path), this_run_only=True, browser=tmp_path / "none")
    assert leftovers.sweep(made) == 0
    made.close()


def test_the_terminal_sweeps_at_its_start(tmp_path: Path) -> None:
    places = Places.below(tmp_path)
    folder = places.cache / "sign-in" / "window-0123456789abcdef"
    folder.mkdir(parents=True)
    (folder / ".in-use").touch()
    code = (
        "import sys; from pathlib import Path; from exoalias.adapters.keeping import settings; "
        "places = settings.Places.below(Path(sys.argv[1])); "
        "settings.Places.of_this_user = classmethod(lambda _cls: places); "
        "from exoalias.cli.main import main; sys.exit(main(['instance', 'list'], lambda *_: 1))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert not folder.exists()


def test_the_window_sweeps_when_it_opens_its_world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    places = Places.below(tmp_path)
    monkeypatch.setattr(Places, "of_this_user", classmethod(lambda _cls: places))
    folder = places.cache / "sign-in" / "window-0123456789abcdef"
    folder.mkdir(parents=True)
    (folder / ".in-use").touch()
    Verbs().open_world().close()
    assert not folder.exists()
