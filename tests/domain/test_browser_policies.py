"""What each policy means, value by value; what can't be told never counts as allowed."""

from __future__ import annotations

import pytest

from exoalias.domain.browser_policies import POLICIES, SINGLE_SIGN_ON, Effect, Found, Kind, Reading, judged, taken

ADDRESS = "https://"


def _one(name: str, value: object, *, edge: bool = False, loose: bool = False) -> Reading:
    return judged([Found(name, value, "there", loose=loose)], edge=edge)


@pytest.mark.parametrize(
    ("name", "value", "effect"),
    [
        ("RemoteDebuggingAllowed", False, Effect.FORBIDS),
        ("RemoteDebuggingAllowed", True, None),
        ("IncognitoModeAvailability", 0, None),
        ("IncognitoModeAvailability", 1, Effect.NO_PRIVATE),
        ("IncognitoModeAvailability", 2, Effect.FORBIDS),
        ("DeveloperToolsAvailability", 0, None),
        ("DeveloperToolsAvailability", 2, Effect.NOTED),
        ("UserDataDir", "/home/one/profile", Effect.CHECKED),
        ("UserDataDir", "", None),
        ("AuthServerAllowlist", "*.acme.com", Effect.NOTED),
        ("AuthServerAllowlist", "", None),
        ("AuthNegotiateDelegateAllowlist", "*", Effect.NOTED),
        ("AmbientAuthenticationInPrivateModesEnabled", 0, None),
        ("AmbientAuthenticationInPrivateModesEnabled", 3, Effect.AMBIENT),
        ("BrowserSignin", 1, None),
        ("BrowserSignin", 2, Effect.NOTED),
        ("CloudAPAuthEnabled", 1, Effect.NOTED),
        ("CloudAPAuthEnabled", 0, None),
        ("ExtensionInstallForcelist", [f"{SINGLE_SIGN_ON};https://clients2.example/crx"], Effect.NOTED),
        ("ExtensionInstallForcelist", ["a" * 32], None),
        ("ExtensionInstallForcelist", [], None),
        ("URLBlocklist", ["*"], Effect.NOTED),
        ("URLBlocklist", [], None),
        ("HeadlessMode", 2, Effect.NOTED),
        ("HeadlessMode", 1, None),
        ("ProxySettings", {"ProxyMode": "direct"}, Effect.NOTED),
        ("ProxySettings", {}, None),
        ("ProxyMode", "system", Effect.NOTED),
        ("HomepageLocation", "https://acme.com", None),
    ],
)
def test_each_value(name: str, value: object, effect: Effect | None) -> None:
    reading = _one(name, value)
    assert [finding.effect for finding in reading.findings] == ([effect] if effect else [])
    assert reading.untold == ()
    assert (reading.forbids is not None) is (effect is Effect.FORBIDS)
    for finding in reading.findings:
        assert name in finding.words
        assert "there" in finding.words
        assert bool(finding.remedy) is (effect in {Effect.FORBIDS, Effect.CHECKED})


def test_every_policy_has_its_words_and_page() -> None:
    for policy in POLICIES:
        assert policy.words
        assert policy.page(edge=False).startswith(ADDRESS)
        assert policy.page(edge=False).endswith(policy.name)
        assert policy.page(edge=True).startswith(ADDRESS)
        assert bool(policy.remedy) is (policy.effect in {Effect.FORBIDS, Effect.CHECKED})


def test_edge_has_names_of_its_own() -> None:
    forbids = _one("InPrivateModeAvailability", 2, edge=True).forbids
    assert forbids is not None
    assert forbids.page.endswith("/inprivatemodeavailability")
    assert "InPrivateModeAvailability" in forbids.remedy
    assert _one("IncognitoModeAvailability", 2, edge=True) == Reading()
    assert _one("InPrivateModeAvailability", 2) == Reading()
    assert _one("CloudAPAuthEnabled", 1, edge=True) == Reading()


def test_what_is_recommended_binds_nobody() -> None:
    assert judged([Found("RemoteDebuggingAllowed", value=False, where="there", mandatory=False)], edge=False) == Reading()


@pytest.mark.parametrize(("first", "second"), [(False, True), (True, False)])
def test_of_two_places_the_later_counts_and_a_prohibition_in_the_other_is_not_passed_over(*, first: bool, second: bool) -> None:
    found = [Found("RemoteDebuggingAllowed", first, "a"), Found("RemoteDebuggingAllowed", second, "b")]
    reading = judged(found, edge=False)
    assert (reading.forbids is None) is second
    assert [("a" in words, "b" in words) for words in reading.untold] == ([(True, True)] if second else [])


def test_a_weaker_place_of_another_type_says_nothing() -> None:
    found = [Found("RemoteDebuggingAllowed", "no", "a"), Found("RemoteDebuggingAllowed", value=True, where="b")]
    assert judged(found, edge=False) == Reading()


@pytest.mark.parametrize("value", [0, "false", None, [], {}])
def test_another_type_cannot_be_told(value: object) -> None:
    reading = _one("RemoteDebuggingAllowed", value)
    assert reading.forbids is None
    assert reading.untold == ("RemoteDebuggingAllowed in there is not yes or no",)
    assert reading.notes == ("cannot tell: RemoteDebuggingAllowed in there is not yes or no",)


def test_what_was_not_read_is_told_once() -> None:
    reading = judged([Found("IncognitoModeAvailability", "2", "there")], ["a can't be read", "a can't be read"], edge=False)
    assert reading.untold == ("a can't be read", "IncognitoModeAvailability in there is not a number")


@pytest.mark.parametrize(
    ("value", "kind", "loose", "expected"),
    [
        (True, Kind.FLAG, False, True),
        (0, Kind.FLAG, True, False),
        (1, Kind.FLAG, True, True),
        ("0", Kind.FLAG, True, False),
        (" 1 ", Kind.FLAG, True, True),
        ("", Kind.FLAG, True, None),
        ("no", Kind.FLAG, True, None),
        (0, Kind.FLAG, False, None),
        (2, Kind.NUMBER, False, 2),
        ("2", Kind.NUMBER, True, 2),
        ("-2", Kind.NUMBER, True, -2),
        ("²", Kind.NUMBER, True, None),
        ("9" * 12, Kind.NUMBER, True, None),
        (b"2", Kind.NUMBER, True, None),
        ("2", Kind.NUMBER, False, None),
        (True, Kind.NUMBER, False, None),
        (2.0, Kind.NUMBER, False, None),
        ("x", Kind.TEXT, False, "x"),
        (1, Kind.TEXT, True, None),
        (["x"], Kind.LIST, False, ["x"]),
        ("x", Kind.LIST, True, None),
        ({"a": 1}, Kind.TABLE, False, {"a": 1}),
        ('{"a": 1}', Kind.TABLE, True, '{"a": 1}'),
        ('{"a": 1}', Kind.TABLE, False, None),
    ],
)
def test_types(value: object, kind: Kind, *, loose: bool, expected: object) -> None:
    assert taken(Found("any", value, "there", loose=loose), kind) == expected


def test_values_as_they_are_shown() -> None:
    assert "AuthServerAllowlist is *.a?b in there" in _one("AuthServerAllowlist", "*.a\nb").notes[0]
    assert f"AuthServerAllowlist is {'x' * 60}… in" in _one("AuthServerAllowlist", "x" * 61).notes[0]
    assert (
        "RemoteDebuggingAllowed is false in there" in (_one("RemoteDebuggingAllowed", value=False).forbids or POLICIES[0]).words
    )
    secret = _one("ProxySettings", {"ProxyServer": "user:secret@proxy:1"}).notes[0]
    assert "ProxySettings is set in there" in secret
    assert "secret" not in secret
    assert "secret" not in _one("ProxySettings", '{"ProxyServer": "user:secret@proxy"}', loose=True).notes[0]
