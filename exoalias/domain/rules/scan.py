"""ServiceNow's own instance scan beside ours: when it ran, what it said, and whether the checks above say the same."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from exoalias.domain import sources
from exoalias.domain.checklist import Act, Action, Group, Row, Status
from exoalias.domain.ownership import moment
from exoalias.domain.rules.rule import Rule
from exoalias.domain.scan import SUITE
from exoalias.domain.words import counted, joined, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from exoalias.domain.checklist import Finding
    from exoalias.domain.scan import Scan, ScanFinding

RUN = Rule(
    "afterwards.scan",
    "ServiceNow's own instance scan was run",
    say("The suite “{suite}” looks at other things as well; it does not see whose token is stored.", suite=SUITE),
    (sources.SCAN_RUN, sources.SCAN_FINDINGS, sources.SCAN_API),
)
SAYS = Rule(
    "afterwards.scan-finding",
    "ServiceNow's own instance scan finds nothing",
    "Its findings are ServiceNow's words about the instance as it was then. They are shown beside the checks above, which look "
    "at the instance as it is now.",
    (sources.SCAN_FINDINGS, sources.SCAN_RUN),
)
RULES = (RUN, SAYS)

# Their words (Instance scan findings) and the checks of ours that look at the same thing.
_SAME: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = tuple(
    (re.compile(words, re.IGNORECASE), codes)
    for words, codes in (
        (r"could not find the .* alias", ("credential.connection", "provider.alias")),
        (r"is not a child alias", ("provider.alias",)),
        (r"multiple/no connections|(multiple|no) connections associated", ("credential.connection", "provider.alias")),
        (r"incorrect 'connection url'", ("credential.connection",)),
        (r"oauth provider associated with the oauth entity scope", ("profile.scopes-registry",)),
        (r"oauth scope .* must be associated", ("profile.scopes", "profile.registry-scopes")),
        (r"default grant type of the oauth provider", ("profile.grant-type", "registry.grant-type")),
        (r"oauth token has expired", ("credential.expiry",)),
        (r"please generate an oauth token", ("credential.token",)),
        (r"invalid token url", ("registry.token-url",)),
        (r"invalid authorization url", ("registry.auth-url",)),
        (r"invalid redirect url", ("registry.redirect",)),
        (r"no oauth entity profile associated", ("credential.profile",)),
        (r"no active credential associated", ("credential.active", "credential.connection")),
        (r"no credential associated|invalid credential record", ("credential.connection",)),
        (r"strict mode enabled", ("provider.delegated-user", "instance.sync-mode")),
        (r"could not find an active provider", ("provider.exists",)),
    )
)


def rows(scan: Scan | None, drawn: Iterable[Row]) -> tuple[Row, ...]:
    """The row of the scan; *drawn* are the rows of our own checks."""
    if scan is None:
        finding = RUN.not_applicable(
            say(
                "It was not run from here yet. It starts a job on the instance, so no check starts it. By "
                "hand: Instance Scan, Suites, “{suite}”.",
                suite=SUITE,
            ),
            action=Action(Act.SCAN, "Run the scan …"),
        )
        return (_row((finding,)),)
    ours = tuple(drawn)
    # Two providers of one registry bring the same words twice.
    told = {(found.check, found.text): found for found in scan.findings}
    findings = (_run(scan), *(_says(found, ours) for found in told.values()))
    if not scan.findings:
        findings = (*findings, SAYS.holds("It found nothing in what it looked at."))
    return (_row(findings, say("scanned on {moment}", moment=moment(scan.at))),)


def same_matter(found: ScanFinding) -> tuple[str, ...]:
    """The codes of our checks that look at what a scan finding speaks of; () where that isn't evident."""
    return next((codes for words, codes in _SAME if words.search(found.text)), ())


def _row(findings: tuple[Finding, ...], detail: str = "") -> Row:
    return Row("afterwards/scan", Group.AFTERWARDS, "ServiceNow's own instance scan", detail, findings=findings)


def _run(scan: Scan) -> Finding:
    count = len(scan.findings) + scan.left_out
    found = counted(count, "{n} finding", "{n} findings") if count else say("no findings")
    said = joined(" ", (say("Run on {moment}: {found}.", moment=moment(scan.at), found=found), *_also(scan)))
    if scan.passed_over:
        return RUN.advice(
            say("{said} It did not carry out: {passed_over}.", said=said, passed_over=", ".join(scan.passed_over)),
            remedy="Over REST a suite is run on applications, not on the full instance: run it by hand on the full instance.",
            action=Action(Act.SCAN, "Run the scan again …"),
        )
    return RUN.holds(said, action=Action(Act.SCAN, "Run the scan again …"))


def _also(scan: Scan) -> Iterator[str]:
    if scan.left_out:
        yield say("{left_out} more were not read.", left_out=scan.left_out)
    if scan.muted:
        yield say("{muted} muted on the instance are not shown.", muted=scan.muted)
    if scan.ran is not None:
        yield say("It carried out: {ran}.", ran=", ".join(scan.ran) or say("none of its checks"))
    else:
        yield "Which of its checks it carried out can't be read."


def _says(found: ScanFinding, ours: tuple[Row, ...]) -> Finding:
    codes = same_matter(found)
    looked = [(row, f) for row in ours for f in row.findings if f.code in codes and f.status is not Status.NOT_APPLICABLE]
    standing = [(row, f) for row, f in looked if f.status.is_finding]
    if standing:
        row, finding = standing[0]
        also, remedy = (
            say(
                "exoalias says the same: {title}, {title2}: {found}",
                title=say(row.title),
                title2=say(finding.title),
                found=finding.found,
            ),
            finding.remedy,
        )
    elif looked:
        also = "exoalias looks at this too and does not find it now: it was mended since, or is about another record."
        remedy = "If it was mended since, run the scan again."
    elif codes:
        also, remedy = "exoalias looks at this too, but could not now.", "Put right what is named above, then check again."
    else:
        also, remedy = "exoalias does not look at this.", "Its page says what to do."
    says = say("{scan} {also}", scan=found.text, also=also)
    return SAYS.advice(says, SAYS.title, remedy=remedy)._replace(title=found.check)
