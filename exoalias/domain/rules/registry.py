"""What must hold of the application registry behind the target profile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from exoalias.domain import sources
from exoalias.domain.candidates import AUTHORIZATION_CODE
from exoalias.domain.checklist import Act, Action, Group, Row
from exoalias.domain.rules.authority import GUID, SHARED_TENANTS, read_authority
from exoalias.domain.rules.rule import Rule
from exoalias.domain.words import joined, say

if TYPE_CHECKING:
    from exoalias.domain.checklist import Finding
    from exoalias.domain.records import Registry
    from exoalias.domain.rules.case import Case

CHOSEN = Rule(
    "registry.chosen",
    "One strict-mode registry is chosen, by its OAuth entity profile",
    "Everything else hangs on it: the credentials must carry its profile, and the sign-in goes to its application at Microsoft.",
    (sources.STRICT_REGISTRY, sources.STRICT_ALIAS),
    blocks=True,
    blocks_in_doubt=True,
)
ACTIVE = Rule(
    "registry.active",
    "The registry is active",
    "The platform does not use an inactive registry.",
    (sources.TROUBLESHOOTING,),
    blocks=True,
)
AUTH_URL = Rule(
    "registry.auth-url",
    "The authorization address is well-formed",
    "The sign-in goes there. It must be Microsoft's sign-in host of a known cloud, with one tenant, version 2.0.",
    (sources.STRICT_REGISTRY, sources.SCAN_FINDINGS, sources.AUTH_CODE_FLOW, sources.NATIONAL_CLOUDS),
    blocks=True,
    blocks_in_doubt=True,
)
TOKEN_URL = Rule(
    "registry.token-url",
    "The token address is well-formed",
    "The instance exchanges the code for the token there. The setup page prints this address with a stray “ >” at its end, "
    "and with a "
    "placeholder for the tenant: pasted as it stands, it fails.",
    (sources.STRICT_REGISTRY, sources.SCAN_FINDINGS, sources.AUTH_CODE_FLOW, sources.NATIONAL_CLOUDS),
    blocks=True,
    blocks_in_doubt=True,
)
TENANT = Rule(
    "registry.tenant",
    "Both addresses name the same one tenant",
    "Code and token must come from one tenant. With a shared address (common, organizations) an account of any tenant could "
    "sign in, and "
    "nobody could hold it against the registry's.",
    (sources.STRICT_REGISTRY, sources.AUTH_CODE_FLOW),
    blocks=True,
)
REDIRECT = Rule(
    "registry.redirect",
    "The redirect address is this instance's",
    "Microsoft sends the answer there. That of another instance is the mark of a clone: the code would go to the instance "
    "copied from.",
    (sources.STRICT_REGISTRY, sources.AZURE, sources.CLONING),
    blocks=True,
    blocks_in_doubt=True,
)
GRANT = Rule(
    "registry.grant-type",
    "The default grant type is Authorization Code",
    "Two pages disagree: the spoke page says Client Credentials and yet asks for a sign-in; the setup page and the "
    "troubleshooting matrix "
    "say Authorization Code for strict mode, and that Client Credentials ends in authorization errors. The matrix is followed.",
    (sources.TROUBLESHOOTING, sources.STRICT_REGISTRY, sources.SPOKE_STRICT),
    blocks=True,
)
CLIENT_ID = Rule(
    "registry.client-id",
    "The client id is a GUID",
    "It is the application (client) id of the app registration in Entra; its name or secret is sometimes pasted instead.",
    (sources.AZURE, sources.STRICT_REGISTRY),
    blocks=True,
    blocks_in_doubt=True,
)
LIFESPAN = Rule(
    "registry.refresh-lifespan",
    "The refresh token lifespan is at most 90 days",
    "Microsoft's refresh tokens live 90 days; with the default of 100 the instance shows a dead token as alive for ten days.",
    (sources.KB_REFRESH_EXPIRY, sources.REFRESH_TOKENS),
)

RULES = (CHOSEN, ACTIVE, AUTH_URL, TOKEN_URL, TENANT, REDIRECT, GRANT, CLIENT_ID, LIFESPAN)

_DAY_S = 86_400
_SHOWN = 5  # candidates named in the finding; the dialog shows all


def rows(case: Case) -> tuple[Row, ...]:
    """The row of the chosen registry, or the one that says why none is."""
    registry = case.registry
    if registry is None:
        return (Row("registry", Group.REGISTRY, "No registry chosen", findings=(_chosen(case),)),)
    findings = (
        _chosen(case),
        _active(registry),
        _address(case, AUTH_URL, registry.auth_url, "authorize"),
        _address(case, TOKEN_URL, registry.token_url, "token"),
        _tenant(case, registry),
        _redirect(case, registry),
        _grant(registry),
        _client_id(registry),
        _lifespan(registry),
    )
    title = registry.name or registry.sys_id
    return (Row(f"registry/{registry.sys_id}", Group.REGISTRY, title, "oauth_entity", registry.sys_id, findings),)


def _chosen(case: Case) -> Finding:
    snapshot = case.snapshot
    if not snapshot.profiles:
        return CHOSEN.unreadable(snapshot.profiles, "OAuth entity profiles", "oauth_admin")
    if not snapshot.registries:
        return CHOSEN.unreadable(snapshot.registries, "application registries", "oauth_admin")
    choose = Action(Act.CHOOSE_TARGET, "Choose the profile …")
    if case.profile is not None and case.registry is not None:
        name = case.profile.name or case.profile.sys_id
        if case.chosen.by_person:
            return CHOSEN.holds(say("Chosen: {name}.", name=name))
        reasons = joined("; ", next(c.reasons for c in case.chosen.candidates if c.profile.sys_id == case.profile_id))
        if left_out := len(snapshot.unread_profiles):
            return CHOSEN.cannot_tell(
                say(
                    "{name} fits: {reasons}. There are {left_out} more profiles at a Microsoft sign-in that were not read.",
                    name=name,
                    reasons=reasons,
                    left_out=left_out,
                ),
                remedy="Choose the profile, so that nothing is left to a guess.",
                action=choose,
            )
        if sum(candidate.eligible for candidate in case.chosen.candidates) > 1:
            return CHOSEN.holds(
                say("{name} is the one of several that fit that was right before: {reasons}.", name=name, reasons=reasons)
            )
        return CHOSEN.holds(say("{name} is the only one that fits: {reasons}.", name=name, reasons=reasons))
    if case.profile is not None:
        return CHOSEN.cannot_tell(
            "The registry of the chosen profile was not returned.", remedy="Look at the profile's form.", action=choose
        )
    if case.chosen.by_person:
        wanted = case.target.profile_name or case.target.profile
        return CHOSEN.needs_you(
            say("The chosen profile {wanted} was not found.", wanted=wanted), remedy="Choose again.", action=choose
        )
    return CHOSEN.needs_you(_offers(case), remedy="Choose the OAuth entity profile of the strict-mode registry.", action=choose)


def _offers(case: Case) -> str:
    candidates = case.chosen.candidates
    eligible = [c for c in candidates if c.eligible]
    shown = eligible or list(candidates)
    if not shown:
        return "No OAuth entity profile with a registry was found."
    first = ((c.profile.name or c.profile.sys_id, joined(", ", c.reasons)) for c in shown[:_SHOWN])
    listed = joined(" · ", (say("{name}: {why}", name=name, why=why) for name, why in first))
    more = say(" · and {shown} more", shown=len(shown) - _SHOWN) if len(shown) > _SHOWN else ""
    head = say("{eligible} profiles fit", eligible=len(eligible)) if eligible else "No profile fits; the nearest"
    return say("{head}: {listed}{more}.", head=head, listed=listed, more=more)


def _active(registry: Registry) -> Finding:
    if registry.active is None:
        return ACTIVE.no_column("oauth_entity.active")
    if not registry.active:
        return ACTIVE.wrong("The registry is not active.", remedy="Set Active on the registry's form.")
    return ACTIVE.holds("The registry is active.")


def _address(case: Case, rule: Rule, text: str | None, endpoint: Literal["authorize", "token"]) -> Finding:
    host = next((o for cloud in case.target.clouds[:1] for o in cloud.sign_in_origins[:1]), "https://login.microsoftonline.com")
    expected = f"{host}/<tenant>/oauth2/v2.0/{endpoint}"
    if text is None:
        return rule.no_column("oauth_entity.auth_url" if endpoint == "authorize" else "oauth_entity.token_url", expected)
    authority = read_authority(text, endpoint, case.target.clouds)
    if authority.faults:
        return rule.wrong(
            say("{text} – {faults}.", text=text.strip() or say("The address"), faults=joined("; ", authority.faults)),
            expected,
            remedy="Correct the address on the registry's form.",
        )
    if authority.query:
        return rule.advice(
            say("{text} – it carries a query; whether the instance keeps it is not documented.", text=text),
            expected,
            remedy="Leave out what follows “?”.",
        )
    return rule.holds(f"{text}.", expected)


def _tenant(case: Case, registry: Registry) -> Finding:
    first = read_authority(registry.auth_url or "", "authorize", case.target.clouds).tenant
    second = read_authority(registry.token_url or "", "token", case.target.clouds).tenant
    if not first or not second:
        return TENANT.cannot_tell("The tenant can't be made out in both addresses.", remedy="Correct the addresses first.")
    if first != second:
        return TENANT.wrong(
            say("The authorization address names {first}, the token address {second}.", first=first, second=second),
            remedy="Use one tenant in both.",
        )
    if first in SHARED_TENANTS:
        return TENANT.wrong(
            say("Both addresses say {first}.", first=first),
            "The tenant's id",
            remedy="Put the tenant's id in its place, in both addresses.",
        )
    if not GUID.fullmatch(first):
        return TENANT.advice(
            say("Both addresses name the tenant by its domain {first}.", first=first),
            "The tenant's id",
            remedy="With the id in its place the home tenant of whoever signs in can be compared.",
        )
    return TENANT.holds(say("Both addresses name tenant {first}.", first=first))


def _redirect(case: Case, registry: Registry) -> Finding:
    wanted = case.target.redirect_url
    found = registry.redirect_url
    if found is None:
        return REDIRECT.no_column("oauth_entity.redirect_url", wanted)
    if found == wanted or _split(found) == _split(wanted):
        return REDIRECT.holds(say("{found}.", found=found), wanted)
    remedy = "Set it on the registry's form, and add it to the app registration in Entra."
    (host, path), (_, wanted_path) = _split(found), _split(wanted)
    if host and path == wanted_path:
        return REDIRECT.wrong(say("{found} – that of another instance: the mark of a clone.", found=found), wanted, remedy=remedy)
    return REDIRECT.wrong(say("{found}.", found=found.strip() or say("It is empty")), wanted, remedy=remedy)


def _split(address: str) -> tuple[str, str]:
    """Origin in lower case (host names don't know letters' case), and the path as it stands."""
    scheme, _, rest = address.partition("://")
    host, slash, path = rest.partition("/")
    return (f"{scheme}://{host}".casefold() if host else "", slash + path)


def _grant(registry: Registry) -> Finding:
    grant = registry.grant_type
    if grant is None:
        return GRANT.no_column("oauth_entity.default_grant_type", AUTHORIZATION_CODE)
    if grant.strip().casefold() != AUTHORIZATION_CODE:
        return GRANT.wrong(
            say("It is {grant}.", grant=grant or say("empty")),
            AUTHORIZATION_CODE,
            remedy="Set Default Grant Type to Authorization Code on the registry's form.",
        )
    return GRANT.holds(say("It is {grant}.", grant=grant), AUTHORIZATION_CODE)


def _client_id(registry: Registry) -> Finding:
    if registry.client_id is None:
        return CLIENT_ID.no_column("oauth_entity.client_id")
    if not GUID.fullmatch(registry.client_id):
        return CLIENT_ID.wrong(
            say("It is {client_id}.", client_id=registry.client_id or say("empty")),
            "A GUID",
            remedy="Copy the Application (client) ID from the app registration in Entra.",
        )
    return CLIENT_ID.holds(f"{registry.client_id}.")


def _lifespan(registry: Registry) -> Finding:
    lifespan = registry.refresh_token_lifespan_s
    if lifespan is None:
        return LIFESPAN.no_column("oauth_entity.refresh_token_lifespan")
    days = lifespan // _DAY_S
    if lifespan > 90 * _DAY_S:
        return LIFESPAN.advice(
            say("It is {days} days.", days=days), "At most 7,776,000 s (90 days)", remedy="Set Refresh Token Lifespan to 7776000."
        )
    return LIFESPAN.holds(say("It is {days} days.", days=days))
