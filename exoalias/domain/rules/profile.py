"""What must hold of the target OAuth entity profile: grant type and the three calendar scopes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exoalias.domain import sources
from exoalias.domain.candidates import AUTHORIZATION_CODE, CLIENT_CREDENTIALS, clouds_of, missing_scopes
from exoalias.domain.checklist import Act, Action, Group, Row
from exoalias.domain.rules.rule import Rule
from exoalias.domain.target import REQUIRED_SCOPES
from exoalias.domain.words import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exoalias.domain.checklist import Finding
    from exoalias.domain.records import EntityProfile, ProfileScope, Registry
    from exoalias.domain.rules.case import Case

EXISTS = Rule(
    "profile.exists",
    "The target OAuth entity profile exists",
    "Saving the strict-mode registry makes it; the credentials refer to it.",
    (sources.STRICT_REGISTRY,),
    blocks=True,
    blocks_in_doubt=True,
)
GRANT = Rule(
    "profile.grant-type",
    "The grant type is Authorization Code, the same as its registry's",
    "Two pages disagree: the spoke page says Client Credentials on the profile and yet asks for a sign-in; the "
    "troubleshooting matrix says "
    "Authorization Code, and calls a mismatch a common cause of failures. With Client Credentials no sign-in page would appear.",
    (sources.TROUBLESHOOTING, sources.SPOKE_STRICT, sources.STRICT_REGISTRY, sources.SCAN_FINDINGS),
    blocks=True,
    blocks_in_doubt=True,
)
OFFERED = Rule(
    "profile.registry-scopes",
    "The three scopes exist on the registry",
    "Calendars.ReadWrite, Calendars.ReadWrite.Shared and offline_access are what strict mode works with; without "
    "offline_access there is "
    "no refresh token.",
    (sources.STRICT_REGISTRY, sources.AZURE),
    blocks=True,
)
TAKEN = Rule(
    "profile.scopes",
    "The three scopes are on the profile",
    "Only what is on the profile is asked of Microsoft. A scope missing there shows as AADSTS90014 or as a token without its "
    "right.",
    (sources.STRICT_REGISTRY, sources.KB_PROFILE_SCOPE),
    blocks=True,
)
SAME_REGISTRY = Rule(
    "profile.scopes-registry",
    "The profile's scopes belong to its own registry",
    "A scope of another registry is one of ServiceNow's own scan findings.",
    (sources.SCAN_FINDINGS,),
    blocks=True,
)

RULES = (EXISTS, GRANT, OFFERED, TAKEN, SAME_REGISTRY)

_SCOPES = ", ".join(REQUIRED_SCOPES)


def rows(case: Case) -> tuple[Row, ...]:
    """The row of the target profile; none while no profile is chosen (the registry's row says that)."""
    profile = case.profile
    if profile is None:
        return _absent(case)
    findings = (
        EXISTS.holds(say("{profile_name} exists.", profile_name=profile.name or profile.sys_id)),
        _grant(profile, case.registry),
        *_scopes(case, profile),
    )
    title = profile.name or profile.sys_id
    return (Row(f"profile/{profile.sys_id}", Group.PROFILE, title, "oauth_entity_profile", profile.sys_id, findings),)


def _absent(case: Case) -> tuple[Row, ...]:
    if not case.snapshot.profiles:
        finding = EXISTS.unreadable(case.snapshot.profiles, "OAuth entity profiles", "oauth_admin")
    elif case.chosen.by_person:
        finding = EXISTS.wrong(
            say("No profile has the id {profile}.", profile=case.target.profile),
            remedy="Choose another profile, or make it anew by saving the strict-mode registry.",
            action=Action(Act.CHOOSE_TARGET, "Choose the profile …"),
        )
    else:
        return ()
    return (Row("profile", Group.PROFILE, case.target.profile_name or "No profile", findings=(finding,)),)


def _grant(profile: EntityProfile, registry: Registry | None) -> Finding:
    grant = profile.grant_type
    remedy = "Set Grant type to Authorization Code on the profile's form."
    if grant is None:
        return GRANT.no_column("oauth_entity_profile.grant_type", AUTHORIZATION_CODE)
    if grant == CLIENT_CREDENTIALS:
        return GRANT.wrong("It is client_credentials: no sign-in page would appear.", AUTHORIZATION_CODE, remedy=remedy)
    if grant != AUTHORIZATION_CODE:
        return GRANT.wrong(say("It is {grant}.", grant=grant or say("empty")), AUTHORIZATION_CODE, remedy=remedy)
    other = registry.grant_type if registry is not None else None
    if other is None:
        return GRANT.cannot_tell(
            say("It is {grant}; the registry's can't be read.", grant=grant),
            AUTHORIZATION_CODE,
            remedy="Look at Default Grant Type on the registry's form.",
        )
    if other != grant:
        return GRANT.wrong(
            say("It is {grant}, its registry's is {other}.", grant=grant, other=other or say("empty")),
            AUTHORIZATION_CODE,
            remedy="Make both Authorization Code.",
        )
    return GRANT.holds(say("It is {grant}, as its registry's.", grant=grant), AUTHORIZATION_CODE)


def _scopes(case: Case, profile: EntityProfile) -> tuple[Finding, ...]:
    return (_offered(case, profile), *_taken(case, profile))


def _offered(case: Case, profile: EntityProfile) -> Finding:
    scopes = case.snapshot.scopes
    if not scopes:
        return OFFERED.unreadable(scopes, "the registry's scopes", "oauth_admin")
    if profile.registry is None:
        return OFFERED.no_column("oauth_entity_profile.oauth_entity", _SCOPES)
    # A scope whose registry was not returned may be one of ours: it counts as unreadable.
    values = [s.value if s.registry else None for s in scopes.rows if s.registry is None or s.registry == profile.registry]
    remedy = "Add them to OAuth Entity Scopes on the registry's form, then to the profile."
    return _all_there(case, OFFERED, values, "oauth_entity_scope.oauth_entity_scope", remedy)


def _taken(case: Case, profile: EntityProfile) -> tuple[Finding, ...]:
    scopes = case.snapshot.profile_scopes
    if not scopes:
        return tuple(rule.unreadable(scopes, "the profile's scopes", "oauth_admin") for rule in (TAKEN, SAME_REGISTRY))
    values = [s.value if s.profile else None for s in scopes.rows if s.profile is None or s.profile == profile.sys_id]
    remedy = "Add them to OAuth Entity Profile Scopes on the profile's form."
    return (
        _all_there(case, TAKEN, values, "oauth_entity_profile_scope.oauth_entity_scope", remedy),
        _same_registry(case.registry, tuple(s for s in scopes.rows if s.profile == profile.sys_id)),
    )


def _all_there(case: Case, rule: Rule, values: Sequence[str | None], column: str, remedy: str) -> Finding:
    """Whether all three are among these; an unreadable one may be one of them, so it leaves a doubt."""
    clouds = clouds_of(case.registry, case.target.clouds)
    missing = missing_scopes(values, clouds)
    if not missing:
        return rule.holds(say("All three are there: {scopes}.", scopes=_SCOPES), _SCOPES)
    if any(value is None for value in values):
        return rule.no_column(column, _SCOPES)
    foreign = sorted(value for value in values if value and missing_scopes([value], case.target.clouds) != REQUIRED_SCOPES)
    elsewhere = [value for value in foreign if missing_scopes([value], clouds) == REQUIRED_SCOPES]
    said = say(" Of another cloud than the registry's: {elsewhere}.", elsewhere=", ".join(elsewhere)) if elsewhere else ""
    return rule.wrong(say("Missing: {missing}.{said}", missing=", ".join(missing), said=said), _SCOPES, remedy=remedy)


def _same_registry(registry: Registry | None, scopes: tuple[ProfileScope, ...]) -> Finding:
    if registry is None or not scopes:
        return SAME_REGISTRY.not_applicable("There is nothing to compare.")
    strangers = sorted(s.value or s.sys_id for s in scopes if s.registry is not None and s.registry != registry.sys_id)
    if strangers:
        return SAME_REGISTRY.wrong(
            say("Of another registry: {strangers}.", strangers=", ".join(strangers)),
            remedy="Take it off the profile, and add the scope of the same registry.",
        )
    if any(s.registry is None for s in scopes):
        return SAME_REGISTRY.no_column("oauth_entity_scope.oauth_entity")
    return SAME_REGISTRY.holds(
        say("All {scopes} belong to {registry_name}.", scopes=len(scopes), registry_name=registry.name or registry.sys_id)
    )
