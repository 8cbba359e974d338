"""ServiceNow's own scan beside our checks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from exoalias.domain.checklist import Act, Finding, Group, Row, Status
from exoalias.domain.rules.scan import same_matter
from exoalias.domain.scan import SUITE, Scan, ScanFinding
from tests.domain.build import NOW, REFUSED, World

CHECKS = ("Calendar Provider Configurations Check", "Webhook Registry Configurations Check")


def judged(*texts: str, world: World | None = None, **changes: object) -> Row:
    """The row of a scan with these findings."""
    found = tuple(ScanFinding(CHECKS[0], text) for text in texts)
    scan = replace(Scan(NOW, found, CHECKS, CHECKS), **changes)  # type: ignore[arg-type] # the fields of a Scan
    return replace(world or World(), scan=scan).judged().rows[-1]


def says(text: str, world: World | None = None) -> Finding:
    """What is shown of one scan finding."""
    return judged(text, world=world).findings[1]


def test_before_the_first_scan_it_is_explained() -> None:
    row = World().judged().rows[-1]
    assert (row.key, row.group, row.status) == ("afterwards/scan", Group.AFTERWARDS, Status.NOT_APPLICABLE)
    assert SUITE in row.findings[0].found
    assert row.findings[0].action is not None
    assert row.findings[0].action.act is Act.SCAN


def test_a_scan_that_found_nothing() -> None:
    row = judged()
    assert row.detail == "scanned on 23 November 2026 09:00 UTC"
    assert [f.status for f in row.findings] == [Status.HOLDS, Status.HOLDS]
    assert "no findings" in row.findings[0].found
    assert "It carried out: Calendar Provider Configurations Check, Webhook" in row.findings[0].found


def test_their_findings_leave_the_verdict_alone() -> None:
    world = replace(World(), scan=Scan(NOW, (ScanFinding("A check", "Please generate an OAuth Token."),)))
    assert world.judged().holds
    assert world.judged().rows[-1].status is Status.ADVICE


def test_what_is_not_known_of_a_scan_is_said() -> None:
    found = judged("x", checks=None, ran=None, muted=2, left_out=3).findings[0]
    assert found.status is Status.HOLDS
    for words in ("4 findings", "3 more were not read", "2 muted", "can't be read"):
        assert words in found.found
    assert "1 finding." in judged("x", ran=None).findings[0].found
    assert "none of its checks" in judged(checks=None, ran=()).findings[0].found


def test_a_check_passed_over_is_named() -> None:
    found = judged(ran=CHECKS[:1]).findings[0]
    assert found.status is Status.ADVICE
    assert f"did not carry out: {CHECKS[1]}" in found.found
    assert Scan(NOW, (), CHECKS, None).passed_over == ()
    assert Scan(NOW, (), None, CHECKS).passed_over == ()


def test_both_say_the_same() -> None:
    text = "There is no OAuth Entity Profile associated with the credential - MS Graph 1."
    found = says(text, World().with_row("credentials", profile=""))
    assert found.status is Status.ADVICE
    assert found.title == CHECKS[0]
    assert found.found.startswith(f"{text} exoalias says the same: MS Graph 1, The OAuth Entity Profile is set")
    assert found.remedy


def test_the_same_words_are_told_once() -> None:
    row = judged("b", "a", "b")
    assert [f.found.partition(" ")[0] for f in row.findings[1:]] == ["b", "a"]
    assert "3 findings" in row.findings[0].found


def test_theirs_alone() -> None:
    assert "does not find it now" in says("Please generate an OAuth Token.").found
    assert "could not now" in says("Please generate an OAuth Token.", World().with_rows("credentials")).found
    assert "does not look at this" in says("The Subscription has expired.").found


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (
            "Could not find the sn_ex_online_spke.Microsoft_Exchange_Online Connection and credential alias.",
            "credential.connection",
        ),
        ("The Connection & credential alias specified in the Override alias is not a child alias to the x", "provider.alias"),
        ("There are multiple/no connections associated with the Own Connection and credential alias.", "credential.connection"),
        ("Incorrect 'Connection URL' specified in the Own Connection and credential alias.", "credential.connection"),
        ("OAuth provider associated with the OAuth Entity Scope - offline_access is not same", "profile.scopes-registry"),
        ("The OAuth Scope - offline_access must be associated with the grant type x.", "profile.scopes"),
        ("The Default grant type of the OAuth provider must be same as", "profile.grant-type"),
        ("OAuth Token has expired.", "credential.expiry"),
        ("Please generate an OAuth Token.", "credential.token"),
        ("Invalid token URL associated with Application Registry - Rooms.", "registry.token-url"),
        ("Invalid authorization URL associated with Application Registry - Rooms.", "registry.auth-url"),
        ("Invalid redirect URL associated with Application Registry - Rooms.", "registry.redirect"),
        ("There is no OAuth Entity Profile associated with the credential - x.", "credential.profile"),
        ("There is no credential associated with the connection - x.", "credential.connection"),
        ("There is no active credential associated with the connection - x.", "credential.active"),
        ("Invalid Credential record associated with connection - x.", "credential.connection"),
        ("the provider must have Strict mode enabled with a valid Strict mode email.", "provider.delegated-user"),
        ("Synchronization is not configured - could not find an active provider.", "provider.exists"),
    ],
)
def test_their_words_are_matched_with_our_checks(text: str, code: str) -> None:
    codes = {f.code for row in World().judged().rows for f in row.findings} | {"provider.exists"}
    assert same_matter(ScanFinding("A check", text))[0] == code
    assert set(same_matter(ScanFinding("A check", text))) <= codes


def test_other_words_are_matched_with_none() -> None:
    for text in ("", "The Subscription status is x.", "There are multiple subscriptions associated with this resource."):
        assert same_matter(ScanFinding("A check", text)) == ()


def test_a_scan_survives_an_unreadable_instance() -> None:
    world = replace(World(), scan=Scan(NOW, (ScanFinding("A check", "Please generate an OAuth Token."),)))
    row = world.answering("tokens", REFUSED).judged().rows[-1]
    assert "exoalias says the same" in row.findings[1].found
