"""What changed since all last held: after a clone, a promotion, or anybody's change.

One row, first in the list, so that a person sees at once what a clone took away or brought. The checks below it say what is
wrong now; these say what was right, and since when it isn't.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from exoalias.domain import sources
from exoalias.domain.changes import Change, Likeness, Part, changes, likeness
from exoalias.domain.checklist import Act, Action, Group, Row
from exoalias.domain.ownership import day_of
from exoalias.domain.repairs import repairs
from exoalias.domain.rules.rule import Rule
from exoalias.domain.words import counted, joined, say

if TYPE_CHECKING:
    from exoalias.domain.checklist import Finding
    from exoalias.domain.desired import Desired
    from exoalias.domain.rules.case import Case

SUMMARY = Rule(
    "since.changes",
    "All is as it was when it last held",
    "A clone replaces records by those of its source, and leaves out or keeps others: which ones is set on the source instance. "
    "The base system's own lists name credentials, connections, registries and profiles, but no aliases. What was right before "
    "is the shortest way to what is missing now.",
    (sources.CLONE_PRESERVERS, sources.CLONE_CONFIGURATION, sources.CLONING),
)
REGISTRY = Rule(
    "since.registry",
    "The application registry is the one that held",
    "Client id and tenant say which application at Microsoft is meant. With others the tokens belong to another application, "
    "for one to production's on a copy of it. The client secret can't be read, so it can't be compared.",
    (sources.STRICT_REGISTRY,),
)
PROFILE = Rule(
    "since.profile",
    "The OAuth entity profile is the one that held",
    "The credentials refer to it by its id: one made anew with the same name is another one to them.",
    (sources.STRICT_REGISTRY,),
)
CREDENTIALS = Rule(
    "since.credentials",
    "The credentials are those that held",
    "Connections and tokens refer to a credential by its id: one made anew with the same name is another one to them.",
    (sources.STRICT_ALIAS,),
)
CONNECTIONS = Rule(
    "since.connections",
    "Aliases and connections are those that held",
    "Aliases come along with a clone, connections may not: then an alias is there that leads nowhere.",
    (sources.CONNECTIONS,),
)
TOKENS = Rule(
    "since.tokens",
    "The tokens are those that held",
    "Tokens are bound to the credential they were fetched for. One that came from another instance was issued to that one's "
    "delegated user, and a renewal there ends it here.",
    (sources.STRICT_ALIAS, sources.KB_WRONG_ACCOUNT),
)
SETTINGS = Rule(
    "since.settings",
    "Integration mode and calendar provider are as they held",
    "Properties and providers come with the records of the source.",
    (sources.SYNC_PROPERTIES, sources.PROVIDER),
)

_BY_PART = {
    Part.REGISTRY: REGISTRY,
    Part.PROFILE: PROFILE,
    Part.CREDENTIAL: CREDENTIALS,
    Part.CONNECTION: CONNECTIONS,
    Part.TOKEN: TOKENS,
    Part.SETTING: SETTINGS,
}
RULES = (SUMMARY, *_BY_PART.values())


def rows(case: Case) -> tuple[Row, ...]:
    """The one row; none while nothing is remembered of this instance."""
    desired = case.target.desired
    if desired is None or desired.origin != case.snapshot.origin:
        return ()
    fresh = frozenset(c for c, proof in case.proofs.items() if proof.at > desired.at)
    found = changes(desired, case.snapshot, case.target, fresh)
    findings = (_summary(case, desired, found), *(_part(desired, part, found) for part in Part))
    title = say(
        "Since {by_person} on {desired}",
        by_person=say("you said so") if desired.by_person else say("it last held"),
        desired=_day(desired),
    )
    return (Row("since", Group.SINCE, title, _detail(found), findings=findings),)


def _detail(found: tuple[Change, ...]) -> str:
    like = likeness(found)
    if like is None:
        return _counted(found)
    return say("{found}, as after a clone{source}", found=_counted(found), source=_source(like))


def _counted(found: tuple[Change, ...]) -> str:
    return counted(len(found), "{n} thing changed", "{n} things changed") if found else say("Nothing changed")


def _source(like: Likeness) -> str:
    return say(" of {source}", source=like.source) if like.source else ""


def _summary(case: Case, desired: Desired, found: tuple[Change, ...]) -> Finding:
    if not found:
        return SUMMARY.holds(say("As on {desired}, as far as it can be read.", desired=_day(desired)))
    like = likeness(found)
    guess = (
        say(
            " That looks like a clone{source}: {like_why}. It is concluded from the records; the instance did not say so.",
            source=_source(like),
            like_why=like.why,
        )
        if like is not None
        else ""
    )
    back = len(repairs(case.snapshot, case.target, case.registry))
    remedy = say("Review the plan with its repairs: {back} of them can be put back. ", back=back) if back else ""
    return SUMMARY.advice(
        say("{found} since {desired}.{guess}", found=_counted(found), desired=_day(desired), guess=guess),
        say("As on {desired}", desired=_day(desired)),
        remedy=say(
            "{remedy}The checks below say what is left to do. If it is meant to be so, say that it is right now (remember).",
            remedy=remedy,
        ),
        action=Action(Act.REVIEW_PLAN, "Review the repairs …") if back else None,
    )


def _part(desired: Desired, part: Part, found: tuple[Change, ...]) -> Finding:
    rule = _BY_PART[part]
    ours = [change for change in found if change.part is part]
    if not ours:
        return rule.holds(say("As on {desired}.", desired=_day(desired)))
    says = joined(" ", (change.says for change in ours))
    if any(change.decide for change in ours):
        return rule.needs_you(
            says,
            say("As on {desired}", desired=_day(desired)),
            remedy="If this application is not meant: put client id, client secret and addresses back by hand on the registry's "
            "form, in that order, and check again. If it is meant, say that it is right now (remember).",
        )
    return rule.advice(says, say("As on {desired}", desired=_day(desired)))


def _day(desired: Desired) -> str:
    return day_of(desired.at)
