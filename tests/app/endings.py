"""Every ending of a sign-in a page of ours may tell, with facts as the program gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exoalias.app.page_words import Facts
from exoalias.domain import problems
from exoalias.domain.happenings import Notice

if TYPE_CHECKING:
    from exoalias.domain.problems import Problem

UPN = "svc-reservations-77@elmsworth.example"
CREDENTIAL = "MS Graph 1"
FACTS = Facts(CREDENTIAL, UPN)
SECRETS = ("code-of-right", "0.AXsAb1c2-code", "state=1234", "eyJ1aWQiOiJ4In0", "secret-of-the-page")
_WHO = {"credential": CREDENTIAL, "upn": UPN, "expected": "0b1ec700-aaaa", "actual": "0b1ec700-bbbb"}
_QUOTES = f"code={SECRETS[1]}&{SECRETS[2]}&client_info={SECRETS[3]} {SECRETS[4]}"

ENDED_BY: tuple[Problem, ...] = (
    problems.WrongUser(**_WHO),
    problems.WrongTenant(**_WHO),
    problems.OpinionsDiffer(**_WHO, why=_QUOTES),
    problems.IdentityUnreadable(**_WHO, why=_QUOTES),
    problems.OwnerUnconfirmed(instance="acme", upn=UPN),
    problems.NotAgreed(**_WHO),
    problems.UnexpectedRequest(credential=CREDENTIAL, why=_QUOTES),
    problems.ConsentRefused(credential=CREDENTIAL),
    problems.MicrosoftRefused(
        credential=CREDENTIAL, upn=UPN, error="interaction_required", description=f"AADSTS53003: {_QUOTES}", how=_QUOTES
    ),
    problems.Cancelled(credential=CREDENTIAL),
    problems.WindowClosed(window="Microsoft", credential=CREDENTIAL),
    problems.TimeIsUp(credential=CREDENTIAL, minutes=10),
    problems.BrowserDied(why=_QUOTES),
    problems.ReadOnly(instance="acme"),
    problems.BadJournal(path="/home/somebody/journal.sqlite3", why=_QUOTES),
)

ENDINGS: dict[str, tuple[Notice, Problem | None]] = {
    **{problem.code: (Notice.REFUSED, problem) for problem in ENDED_BY},
    **{notice.value: (notice, None) for notice in Notice},
    "another problem": (Notice.REFUSED, problems.NoBrowser(why=_QUOTES)),
}
