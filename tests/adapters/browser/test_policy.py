"""A machine's policies are found before a browser is started: in files, registry and property lists, each case by name."""

from __future__ import annotations

import json
import os
import plistlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from exoalias.adapters.browser import find, policy
from exoalias.adapters.browser.find import Browser
from exoalias.adapters.browser.policy import Machine, allowed, policies
from exoalias.domain.browser_policies import SINGLE_SIGN_ON, Effect
from exoalias.domain.problems import BrowserForbidden, NoBrowser

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exoalias.domain.browser_policies import Reading

CHROMIUM = Browser("Chromium", Path("/usr/bin/chromium"))
CHROME = Browser("Google Chrome", Path("/opt/google/chrome/chrome"))
EDGE = Browser("Microsoft Edge", Path("/opt/microsoft/msedge/msedge"))
MANAGED = "etc/chromium/policies/managed"
OFF = '{"RemoteDebuggingAllowed": false}'
ON = '{"RemoteDebuggingAllowed": true}'


@dataclass(frozen=True)
class Case:
    """A machine, and what is to be read of it: names that forbid, that are noted, and how much can't be told."""

    name: str
    there: Mapping[str, Any]
    forbids: str = ""
    notes: tuple[str, ...] = ()
    untold: int = 0
    browser: Browser = CHROMIUM
    where: str = ""


def _expected(case: Case, reading: Reading) -> None:
    assert (reading.forbids.name if reading.forbids else "") == case.forbids, reading
    assert tuple(f.name for f in reading.findings if f.effect is not Effect.FORBIDS) == case.notes, reading
    assert len(reading.untold) == case.untold, reading
    if case.where and reading.forbids:
        assert reading.forbids.where.endswith(case.where)


# -- Linux ---------------------------------------------------------------------------------------------------------------

LINUX = [
    Case("no folder at all", {}),
    Case("an empty folder", {f"{MANAGED}/": ""}),
    Case("debugging off", {f"{MANAGED}/b.json": OFF, f"{MANAGED}/a.json": "{}"}, "RemoteDebuggingAllowed", where="b.json"),
    Case("debugging on", {f"{MANAGED}/b.json": ON}),
    Case("another policy", {f"{MANAGED}/b.json": '{"Other": false}'}),
    Case("in other letters, which Chromium does not know", {f"{MANAGED}/b.json": '{"remotedebuggingallowed": false}'}),
    Case("Ubuntu's folder", {"etc/chromium-browser/policies/managed/x.json": OFF}, "RemoteDebuggingAllowed"),
    Case("the last file forbids", {f"{MANAGED}/a.json": ON, f"{MANAGED}/z.json": OFF}, "RemoteDebuggingAllowed", where="z.json"),
    Case("only an earlier file forbids", {f"{MANAGED}/a.json": OFF, f"{MANAGED}/z.json": ON}, untold=1),
    Case("a file with any ending", {f"{MANAGED}/policy.bak": OFF}, "RemoteDebuggingAllowed"),
    Case("comments and a comma too many", {f"{MANAGED}/a": f'// "why\n/* {{ */{OFF[:-1]},}}'}, "RemoteDebuggingAllowed"),
    Case("a byte order mark", {f"{MANAGED}/a.json": f"\ufeff{OFF}"}, "RemoteDebuggingAllowed"),
    Case("what looks like a comment in a text", {f"{MANAGED}/a": '{"UserDataDir": "//host/,}",}'}, notes=("UserDataDir",)),
    Case("only recommended", {"etc/chromium/policies/recommended/a.json": OFF}),
    Case("recommended off, managed on", {"etc/chromium/policies/recommended/a.json": OFF, f"{MANAGED}/a.json": ON}),
    Case("a number where yes or no belongs", {f"{MANAGED}/a.json": '{"RemoteDebuggingAllowed": 0}'}, untold=1),
    Case("no JSON", {f"{MANAGED}/a.json": "RemoteDebuggingAllowed=0"}, untold=1),
    Case("half a file", {f"{MANAGED}/a.json": OFF[:-1]}, untold=1),
    Case("no text", {f"{MANAGED}/a.json": b"\xff\xfe\x00"}, untold=1),
    Case("an empty file", {f"{MANAGED}/a.json": ""}, untold=1),
    Case("a list", {f"{MANAGED}/a.json": "[]"}, untold=1),
    Case("a file without end", {f"{MANAGED}/a.json": "[" * 200_000}, untold=1),
    Case("too large", {f"{MANAGED}/a.json": " " * (policy.LARGEST + 1)}, untold=1),
    Case("a broken file beside one that forbids", {f"{MANAGED}/a": "{", f"{MANAGED}/b": OFF}, "RemoteDebuggingAllowed", untold=1),
    Case("a folder among the files", {f"{MANAGED}/sub.json/": "", f"{MANAGED}/z.json": OFF}, "RemoteDebuggingAllowed"),
    Case("a link to nowhere", {f"{MANAGED}/a.json": Path("nowhere")}),
    Case("a pipe", {f"{MANAGED}/a.json": None}, untold=1),
    Case("private windows off", {f"{MANAGED}/a.json": '{"IncognitoModeAvailability": 1}'}, notes=("IncognitoModeAvailability",)),
    Case("private windows forced", {f"{MANAGED}/a.json": '{"IncognitoModeAvailability": 2}'}, "IncognitoModeAvailability"),
    Case(
        "developer tools off", {f"{MANAGED}/a.json": '{"DeveloperToolsAvailability": 2}'}, notes=("DeveloperToolsAvailability",)
    ),
    Case("a proxy", {f"{MANAGED}/a.json": '{"ProxySettings": {"ProxyMode": "direct"}}'}, notes=("ProxySettings",)),
    Case(
        "two that matter",
        {f"{MANAGED}/a.json": '{"AuthServerAllowlist": "*", "ProxyMode": "system"}'},
        notes=("AuthServerAllowlist", "ProxyMode"),
    ),
    Case("Chrome's own folder", {"etc/opt/chrome/policies/managed/a.json": OFF}, "RemoteDebuggingAllowed", browser=CHROME),
    Case("Chromium's folder is not Chrome's", {f"{MANAGED}/a.json": OFF}, browser=CHROME),
    Case(
        "Chrome that was named",
        {"etc/opt/chrome/policies/managed/a.json": OFF},
        "RemoteDebuggingAllowed",
        browser=Browser("chrome", CHROME.path),
    ),
    Case(
        "Edge forces private windows",
        {"etc/opt/edge/policies/managed/a.json": '{"InPrivateModeAvailability": 2}'},
        "InPrivateModeAvailability",
        browser=EDGE,
    ),
    Case(
        "Chromium's name of it says nothing to Edge",
        {"etc/opt/edge/policies/managed/a.json": '{"IncognitoModeAvailability": 2, "": 1}'},
        browser=EDGE,
    ),
    Case("a browser of another maker", {f"{MANAGED}/a.json": OFF}, untold=1, browser=Browser("brave", Path("/usr/bin/brave"))),
]


@pytest.mark.parametrize("case", LINUX, ids=lambda case: case.name)
def test_files(tmp_path: Path, case: Case) -> None:
    for name, content in case.there.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name.endswith("/"):
            path.mkdir(exist_ok=True)
        elif content is None:
            os.mkfifo(path)
        elif isinstance(content, Path):
            path.symlink_to(content)
        else:
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
    _expected(case, policies(case.browser, Machine("linux", tmp_path)))


@pytest.mark.parametrize("refused", ["listdir", "open"])
def test_what_may_not_be_read_cannot_be_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: str) -> None:
    (tmp_path / MANAGED).mkdir(parents=True)
    (tmp_path / MANAGED / "a.json").write_text(OFF)

    def no(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os if refused == "listdir" else Path, refused, no)
    reading = policies(CHROMIUM, Machine("linux", tmp_path))
    assert reading.forbids is None
    assert reading.untold
    assert all("can't be read (Permission denied)" in words for words in reading.notes)


# -- Windows -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Keys:
    """A registry: values by "HIVE\\key"; an OSError in a value's place is raised."""

    there: Mapping[str, Any]
    asked: list[str] = field(default_factory=list)

    def values(self, hive: str, key: str) -> Mapping[str, object]:
        """Its values."""
        self.asked.append(f"{hive}\\{key}")
        values = self.there.get(f"{hive}\\{key}", {})
        if isinstance(values, OSError):
            raise values
        assert isinstance(values, dict)
        return values


E, C = r"SOFTWARE\Policies\Microsoft\Edge", r"SOFTWARE\Policies\Google\Chrome"
LM_E, CU_E, LM_C = rf"HKLM\{E}", rf"HKCU\{E}", rf"HKLM\{C}"

WINDOWS = [
    Case("no key", {}, browser=EDGE),
    Case("REG_DWORD 0", {LM_E: {"RemoteDebuggingAllowed": 0}}, "RemoteDebuggingAllowed", browser=EDGE, where=LM_E),
    Case("REG_DWORD 1", {LM_E: {"RemoteDebuggingAllowed": 1}}, browser=EDGE),
    Case("REG_SZ 0", {LM_E: {"RemoteDebuggingAllowed": "0"}}, "RemoteDebuggingAllowed", browser=EDGE),
    Case("REG_SZ of words", {LM_E: {"RemoteDebuggingAllowed": "off"}}, untold=1, browser=EDGE),
    Case("REG_BINARY", {LM_E: {"RemoteDebuggingAllowed": b"\0"}}, untold=1, browser=EDGE),
    Case("other letters", {LM_E: {"REMOTEDEBUGGINGALLOWED": 0}}, "RemoteDebuggingAllowed", browser=EDGE),
    Case("the user's", {CU_E: {"RemoteDebuggingAllowed": 0}}, "RemoteDebuggingAllowed", browser=EDGE, where=CU_E),
    Case(
        "the machine's counts over the user's",
        {CU_E: {"RemoteDebuggingAllowed": 1}, LM_E: {"RemoteDebuggingAllowed": 0}},
        "RemoteDebuggingAllowed",
        browser=EDGE,
        where=LM_E,
    ),
    Case(
        "the user's forbids", {CU_E: {"RemoteDebuggingAllowed": 0}, LM_E: {"RemoteDebuggingAllowed": 1}}, untold=1, browser=EDGE
    ),
    Case("recommended", {rf"{LM_E}\Recommended": {"InPrivateModeAvailability": 2}}, browser=EDGE),
    Case("InPrivate forced", {LM_E: {"InPrivateModeAvailability": 2}}, "InPrivateModeAvailability", browser=EDGE),
    Case("InPrivate off", {LM_E: {"InPrivateModeAvailability": 1}}, notes=("InPrivateModeAvailability",), browser=EDGE),
    Case("a folder of its own", {LM_E: {"UserDataDir": "${local_app_data}\\Edge"}}, notes=("UserDataDir",), browser=EDGE),
    Case("sign-in forced", {LM_E: {"BrowserSignin": 2}}, notes=("BrowserSignin",), browser=EDGE),
    Case("Edge's key is not Chrome's", {LM_E: {"RemoteDebuggingAllowed": 0}}, browser=CHROME),
    Case("Chrome and the device", {LM_C: {"CloudAPAuthEnabled": 1}}, notes=("CloudAPAuthEnabled",), browser=CHROME),
    Case(
        "single sign-on forced in",
        {rf"{LM_C}\ExtensionInstallForcelist": {"1": "a" * 32, "2": f"{SINGLE_SIGN_ON};https://x.example"}},
        notes=("ExtensionInstallForcelist",),
        browser=CHROME,
    ),
    Case("addresses blocked", {rf"{LM_E}\URLBlocklist": {"1": "*"}}, notes=("URLBlocklist",), browser=EDGE),
    Case("other extensions", {rf"{LM_C}\ExtensionInstallForcelist": {"1": "a" * 32}}, browser=CHROME),
    Case("proxy as a text", {LM_C: {"ProxySettings": '{"ProxyMode": "direct"}'}}, notes=("ProxySettings",), browser=CHROME),
    Case("proxy as a key", {rf"{LM_C}\ProxySettings": {"ProxyMode": "direct"}}, notes=("ProxySettings",), browser=CHROME),
    Case("a key nobody may read", {LM_E: PermissionError(5, "Access is denied")}, untold=1, browser=EDGE),
    Case(
        "one unreadable, one forbids",
        {LM_E: PermissionError(5, "Access is denied"), CU_E: {"RemoteDebuggingAllowed": 0}},
        "RemoteDebuggingAllowed",
        untold=1,
        browser=EDGE,
    ),
    Case("a list nobody may read", {rf"{LM_E}\ExtensionInstallForcelist": OSError(5, "Denied")}, untold=1, browser=EDGE),
]


@pytest.mark.parametrize("case", WINDOWS, ids=lambda case: case.name)
def test_registry(case: Case) -> None:
    keys = Keys(case.there)
    _expected(case, policies(case.browser, Machine("win32", registry=keys)))
    assert len(keys.asked) == len(set(keys.asked))


def test_without_a_registry_nothing_can_be_told() -> None:
    reading = policies(EDGE, Machine("win32"))
    assert reading.findings == ()
    assert len(reading.untold) == 4


# -- macOS ---------------------------------------------------------------------------------------------------------------

MAC = "Library/Managed Preferences"
FOR_ALL, FOR_ONE = f"{MAC}/com.microsoft.Edge.plist", f"{MAC}/lena/com.microsoft.Edge.plist"

MACOS = [
    Case("nothing managed", {}, browser=EDGE),
    Case("for all", {FOR_ALL: {"RemoteDebuggingAllowed": False}}, "RemoteDebuggingAllowed", browser=EDGE, where=FOR_ALL),
    Case("for one", {FOR_ONE: {"RemoteDebuggingAllowed": False}}, "RemoteDebuggingAllowed", browser=EDGE, where=FOR_ONE),
    Case("for somebody else", {f"{MAC}/anna/com.microsoft.Edge.plist": {"RemoteDebuggingAllowed": False}}, browser=EDGE),
    Case("allowed", {FOR_ALL: {"RemoteDebuggingAllowed": True}}, browser=EDGE),
    Case(
        "the two differ",
        {FOR_ONE: {"RemoteDebuggingAllowed": False}, FOR_ALL: {"RemoteDebuggingAllowed": True}},
        untold=1,
        browser=EDGE,
    ),
    Case("a number where yes or no belongs", {FOR_ALL: {"RemoteDebuggingAllowed": 0}}, untold=1, browser=EDGE),
    Case("no property list", {FOR_ALL: b"<plist"}, untold=1, browser=EDGE),
    Case("a list", {FOR_ALL: plistlib.dumps(["RemoteDebuggingAllowed"])}, untold=1, browser=EDGE),
    Case(
        "binary",
        {FOR_ALL: plistlib.dumps({"InPrivateModeAvailability": 2}, fmt=plistlib.FMT_BINARY)},
        "InPrivateModeAvailability",
        browser=EDGE,
    ),
    Case(
        "Chrome",
        {f"{MAC}/com.google.Chrome.plist": {"IncognitoModeAvailability": 2}},
        "IncognitoModeAvailability",
        browser=CHROME,
    ),
    Case("Chromium", {f"{MAC}/org.chromium.Chromium.plist": {"UserDataDir": "/Users/x"}}, notes=("UserDataDir",)),
    Case(
        "extensions",
        {f"{MAC}/com.google.Chrome.plist": {"ExtensionInstallForcelist": [SINGLE_SIGN_ON]}},
        notes=("ExtensionInstallForcelist",),
        browser=CHROME,
    ),
]


@pytest.mark.parametrize("case", MACOS, ids=lambda case: case.name)
def test_property_lists(tmp_path: Path, case: Case) -> None:
    for name, content in case.there.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else plistlib.dumps(content))
    _expected(case, policies(case.browser, Machine("darwin", tmp_path, user="lena")))


@pytest.mark.parametrize("user", ["", "../lena"])
def test_an_odd_user_has_no_property_list(tmp_path: Path, user: str) -> None:
    path = tmp_path / FOR_ONE
    path.parent.mkdir(parents=True)
    path.write_bytes(plistlib.dumps({"RemoteDebuggingAllowed": False}))
    assert policies(EDGE, Machine("darwin", tmp_path, user=user)).findings == ()
    assert policies(EDGE, Machine("darwin", tmp_path)).findings == ()


# -- which browser it will be --------------------------------------------------------------------------------------------


def _machine(root: Path, monkeypatch: pytest.MonkeyPatch, *browsers: Browser, forbidden: tuple[str, ...] = ()) -> Machine:
    monkeypatch.setattr(find, "installed", lambda: browsers)
    for folder in forbidden:
        path = root / folder / "policies/managed/a.json"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps({"RemoteDebuggingAllowed": False}))
    return Machine("linux", root)


def test_the_first_that_is_not_forbidden_is_taken_and_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = _machine(tmp_path, monkeypatch, EDGE, CHROME, CHROMIUM, forbidden=("etc/opt/edge", "etc/opt/chrome"))
    choice = allowed(machine=machine)
    assert choice.browser == CHROMIUM
    assert [problem.facts["browser"] for problem in choice.passed] == [EDGE.name, CHROME.name]
    assert choice.instead.startswith("Microsoft Edge can't be the sign-in window: the policy RemoteDebuggingAllowed is false in ")
    assert choice.instead.endswith("Chromium is used instead.")


def test_where_all_are_forbidden_the_first_ones_policy_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = _machine(tmp_path, monkeypatch, EDGE, CHROME, forbidden=("etc/opt/edge", "etc/opt/chrome"))
    with pytest.raises(
        BrowserForbidden, match=r"Microsoft Edge .* RemoteDebuggingAllowed is false in .*/etc/opt/edge/"
    ) as caught:
        allowed(machine=machine)
    assert caught.value.exit_code == 4
    assert "Ask for the policy RemoteDebuggingAllowed to be lifted" in caught.value.remedy


def test_where_nothing_forbids_the_first_is_taken_without_a_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    choice = allowed(machine=_machine(tmp_path, monkeypatch, CHROME, CHROMIUM, forbidden=("etc/chromium",)))
    assert (choice.browser, choice.instead) == (CHROME, "")


def test_a_browser_that_was_named_is_not_exchanged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = _machine(tmp_path, monkeypatch, CHROME, forbidden=("etc/chromium",))
    named = tmp_path / "chromium"
    named.write_text("#!/bin/sh\n")
    named.chmod(0o755)
    with pytest.raises(BrowserForbidden, match="chromium"):
        allowed(named, machine)


def test_without_a_browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NoBrowser):
        allowed(machine=_machine(tmp_path, monkeypatch))
