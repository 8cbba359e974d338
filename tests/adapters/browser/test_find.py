"""Which browser is found: each platform's places laid out in a throwaway folder, and the real one of this machine."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Self

import pytest

from exoalias.adapters.browser import find
from exoalias.adapters.browser.find import Browser
from exoalias.domain.problems import NoBrowser

if TYPE_CHECKING:
    from pathlib import Path


def _program(path: Path, text: str = "#!/bin/sh\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


@pytest.fixture
def linux(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Linux machine whose only programs lie in the folder given, with the vendors' /opt below it."""
    moved = tuple((name, tuple(p.replace("/opt", f"{tmp_path}/opt") for p in places)) for name, places in find._LINUX)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(find, "_LINUX", moved)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return tmp_path


@pytest.fixture
def macos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Mac whose person keeps programs in their own Applications folder."""
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path / "Applications"


class Registry(ModuleType):
    """App Paths as Windows keeps them: {(root, key): path}. Stands where the module ``winreg`` would."""

    HKEY_CURRENT_USER, HKEY_LOCAL_MACHINE = 1, 2
    KEY_READ, KEY_WOW64_64KEY, KEY_WOW64_32KEY = 0x20019, 0x0100, 0x0200

    def __init__(self, said: dict[tuple[int, int, str], str]) -> None:
        super().__init__("winreg")
        self._said = said

    def OpenKey(self, root: int, key: str, *, access: int) -> Key:
        """The key, or the OSError Windows gives for one that is not there."""
        view = self.KEY_WOW64_32KEY if access & self.KEY_WOW64_32KEY else self.KEY_WOW64_64KEY
        program = key.rpartition("\\")[2]
        if not key.startswith(r"SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths") or (root, view, program) not in self._said:
            raise FileNotFoundError(2, "The system cannot find the file specified")
        return Key(self._said[root, view, program])

    @staticmethod
    def QueryValueEx(key: Key, name: str) -> tuple[str, int]:
        """The key's unnamed value."""
        return (key.value, 1) if not name else ("", 0)


class Key:
    """An opened registry key."""

    def __init__(self, value: str) -> None:
        self.value = value

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None


@pytest.fixture
def windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Windows machine with empty program folders and an empty registry."""
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setitem(sys.modules, "winreg", Registry({}))
    for name in find._WINDOWS_ROOTS:
        monkeypatch.setenv(name, str(tmp_path / name))
    return tmp_path


# -- Linux ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ("opt/microsoft/msedge/msedge", "Microsoft Edge"),
        ("bin/microsoft-edge-stable", "Microsoft Edge"),
        ("bin/microsoft-edge", "Microsoft Edge"),
        ("opt/google/chrome/chrome", "Google Chrome"),
        ("bin/google-chrome-stable", "Google Chrome"),
        ("bin/google-chrome", "Google Chrome"),
        ("bin/chromium", "Chromium"),
        ("bin/chromium-browser", "Chromium"),
    ],
)
def test_each_place_on_linux(linux: Path, place: str, name: str) -> None:
    program = _program(linux / place)
    assert find.find() == Browser(name, program)


def test_edge_comes_before_chrome_before_chromium(linux: Path) -> None:
    for name in ("chromium", "google-chrome", "microsoft-edge"):
        _program(linux / "bin" / name)
    assert [b.name for b in find.installed()] == ["Microsoft Edge", "Google Chrome", "Chromium"]


def test_nothing_installed_says_what_is_needed(linux: Path) -> None:
    with pytest.raises(NoBrowser) as caught:
        find.find()
    assert "Edge, Chrome or Chromium" in caught.value.words
    assert "--browser" in caught.value.remedy


def test_what_cannot_be_started_is_no_browser(linux: Path) -> None:
    (linux / "bin").mkdir()
    (linux / "bin" / "chromium").write_text("not executable")
    with pytest.raises(NoBrowser):
        find.find()


def test_a_snap_behind_a_link_is_confined(linux: Path) -> None:
    snap = _program(linux / "usr/bin/snap")
    (linux / "bin").mkdir()
    (linux / "bin/chromium").symlink_to(snap)
    assert find.find() == Browser("Chromium", linux / "bin/chromium", confined="chromium")


def test_a_snap_behind_a_wrapper_script_is_confined(linux: Path) -> None:
    script = _program(linux / "bin/chromium-browser", '#!/bin/sh\nexec /snap/bin/chromium "$@"\n')
    assert find.find() == Browser("Chromium", script, confined="chromium")


def test_a_program_inside_a_snap_is_confined(linux: Path) -> None:
    inside = _program(linux / "snap/chromium/1/chrome")
    (linux / "bin").mkdir()
    (linux / "bin/chromium").symlink_to(inside)
    assert find.find().confined == "chromium"


def test_an_ordinary_wrapper_script_is_not_confined(linux: Path) -> None:
    _program(linux / "bin/chromium", "#!/bin/sh\nexec /usr/lib/chromium/chromium\n")
    assert find.find().confined == ""


def _flatpak(linux: Path) -> Path:
    exported = _program(linux / "var/lib/flatpak/exports/bin/com.google.Chrome")
    (linux / "bin").mkdir()
    link = linux / "bin/google-chrome"
    link.symlink_to(exported)
    return link


def test_a_flatpak_is_passed_over_for_the_next_browser(linux: Path) -> None:
    _flatpak(linux)
    chromium = _program(linux / "bin/chromium")
    assert find.find().path == chromium


def test_a_flatpak_alone_is_named_in_the_refusal(linux: Path) -> None:
    _flatpak(linux)
    with pytest.raises(NoBrowser, match="Flatpak"):
        find.find()


def test_a_flatpak_asked_for_by_name_is_refused(linux: Path) -> None:
    with pytest.raises(NoBrowser, match="Flatpak"):
        find.find(_flatpak(linux))


# -- macOS ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Microsoft Edge", "Google Chrome", "Chromium"])
def test_each_program_on_macos(macos: Path, name: str) -> None:
    program = _program(macos / f"{name}.app/Contents/MacOS/{name}")
    assert find.find() == Browser(name, program)


def test_a_mac_without_any(macos: Path) -> None:
    with pytest.raises(NoBrowser):
        find.find()


# -- Windows -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("root", find._WINDOWS_ROOTS)
@pytest.mark.parametrize(
    ("below", "name"),
    [("Microsoft/Edge/Application/msedge.exe", "Microsoft Edge"), ("Google/Chrome/Application/chrome.exe", "Google Chrome")],
)
def test_each_folder_on_windows(windows: Path, root: str, below: str, name: str) -> None:
    program = _program(windows / root / below)
    assert find.find() == Browser(name, program)


@pytest.mark.parametrize("root", [Registry.HKEY_CURRENT_USER, Registry.HKEY_LOCAL_MACHINE])
@pytest.mark.parametrize("view", [Registry.KEY_WOW64_64KEY, Registry.KEY_WOW64_32KEY])
def test_the_registry_comes_before_the_folders(windows: Path, monkeypatch: pytest.MonkeyPatch, root: int, view: int) -> None:
    elsewhere = _program(windows / "elsewhere/msedge.exe")
    _program(windows / "ProgramFiles/Microsoft/Edge/Application/msedge.exe")
    monkeypatch.setitem(sys.modules, "winreg", Registry({(root, view, "msedge.exe"): f'"{elsewhere}"'}))
    assert find.find() == Browser("Microsoft Edge", elsewhere)


def test_a_stale_registry_entry_is_passed_over(windows: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stale = {(Registry.HKEY_LOCAL_MACHINE, Registry.KEY_WOW64_64KEY, "msedge.exe"): str(windows / "uninstalled/msedge.exe")}
    monkeypatch.setitem(sys.modules, "winreg", Registry(stale))
    chrome = _program(windows / "ProgramFiles/Google/Chrome/Application/chrome.exe")
    assert find.find() == Browser("Google Chrome", chrome)


def test_windows_without_any(windows: Path) -> None:
    with pytest.raises(NoBrowser):
        find.find()


# -- named by the person -------------------------------------------------------------------------------------------------


def test_a_browser_named_is_taken(linux: Path) -> None:
    named = _program(linux / "somewhere/brave")
    assert find.find(named) == Browser("brave", named)


@pytest.mark.parametrize("kind", ["absent", "folder", "not executable"])
def test_a_browser_named_must_be_a_program(tmp_path: Path, kind: str) -> None:
    named = tmp_path / "browser"
    if kind == "folder":
        named.mkdir()
    elif kind == "not executable":
        named.write_text("")
        named.chmod(0o600)
    with pytest.raises(NoBrowser, match="not a program"):
        find.find(named)


@pytest.mark.browser
def test_the_browser_of_this_machine_is_found() -> None:
    browser = find.find()
    assert browser.path.is_file()
    assert browser.confined == ""


def test_all_that_can_be_used_are_told_best_first(linux: Path) -> None:
    for name in ("chromium", "google-chrome-stable"):
        _program(linux / "bin" / name)
    assert [browser.name for browser in find.candidates()] == ["Google Chrome", "Chromium"]
    assert [browser.path for browser in find.candidates(linux / "bin/chromium")] == [linux / "bin/chromium"]
