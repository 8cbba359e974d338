"""The scenarios by name. What they are made of stands in `cast`, `faults` and `story`, and is found here, too."""

from __future__ import annotations

from dataclasses import replace

from exoalias.simulator.cast import Cast, InstanceUser, Person, Registration, Tenant, draw
from exoalias.simulator.faults import Faults
from exoalias.simulator.scenario_clones import CLONES
from exoalias.simulator.scenario_ways import WAYS_IN
from exoalias.simulator.story import Deed, InstanceSignIn, Scenario, Turn

__all__ = [
    "CLONES",
    "RECORD_DEFECTS",
    "SCENARIOS",
    "WAYS_IN",
    "Cast",
    "Deed",
    "Faults",
    "InstanceSignIn",
    "InstanceUser",
    "Person",
    "Registration",
    "Scenario",
    "Tenant",
    "Turn",
    "draw",
    "known",
    "scenario",
]

RECORD_DEFECTS = {
    "old-token": "both credentials hold a refresh token, issued to somebody else before the profile last changed",
    "duplicate-credential": "two records are named MS Graph 1",
    "personal-credential": "MS Graph 2 has the Integration Type Personal",
    "registry-misprints": "the token address carries the documentation's trailing ' >' and <tenant_id> is left in it",
    "wrong-grant": "the profile's grant type is client_credentials, its registry's is authorization_code",
    "scope-missing": "offline_access is on the registry but not on the profile",
    "cloned": "the registry's redirect address is that of another instance",
}

SCENARIOS: dict[str, Scenario] = {
    s.name: s
    for s in (
        Scenario("happy", "Everything is in place; the profiles are set, no token has been fetched.", 0, 2, "right"),
        Scenario("profile-missing", "Neither credential carries an OAuth entity profile.", 0, 2),
        Scenario("profile-wrong", "Both credentials carry the profile of another registry.", 0, 2, "wrong"),
        Scenario("old-token", "Old tokens of somebody else are stored.", 0, 2, "right", ("old-token",)),
        Scenario("slow", "Every answer is late.", 0, 2, faults=Faults(latency_s=0.4, exchange_s=2.0)),
        Scenario("no-batch", "The Batch API is closed.", 0, 2, faults=Faults(no_batch=True)),
        Scenario("rate-limited", "Every fourth REST request is told to wait.", 0, 2, faults=Faults(rate_limit_every=4)),
        Scenario("admin-sso-saml", "The admin is signed in to Microsoft by SAML.", 0, 2, instance_sign_in="saml"),
        Scenario("admin-sso-oidc", "The admin is signed in to Microsoft by OpenID Connect.", 0, 2, instance_sign_in="oidc"),
        Scenario(
            "session-dies",
            "The instance forgets the admin's session between the two sign-ins.",
            0,
            2,
            faults=Faults(session_dies_after_token=True),
        ),
        Scenario("wrong-user", "A colleague signs in instead.", 3, 0, turns=(Turn("colleague"),)),
        Scenario("guest", "A guest of the tenant signs in.", 3, 0, turns=(Turn("guest"),)),
        Scenario("same-name-other-tenant", "A person of the same name, of another tenant.", 3, 0, turns=(Turn("namesake"),)),
        Scenario("admin-instead", "The admin signs in to their own account.", 3, 0, turns=(Turn("admin"),)),
        Scenario(
            "wrong-user-second", "Right for MS Graph 1, a colleague for MS Graph 2.", 3, 1, turns=(Turn(), Turn("colleague"))
        ),
        Scenario("first-use", "Nobody knows the delegated user's object id.", 1, 0, know_object_id=False),
        Scenario(
            "os-account",
            "The operating system signs the admin in to Microsoft unasked, but not in a private window.",
            0,
            2,
            faults=Faults(os_account="admin", os_account_times=1),
        ),
        Scenario("cancel", "The person closes the Microsoft window.", 6, 0, turns=(Turn(does="close"),)),
        Scenario("consent-refused", "The person refuses consent.", 6, 0, turns=(Turn(does="refuse_consent"),)),
        Scenario(
            "microsoft-error", "Microsoft answers with an error.", 5, 0, faults=Faults(microsoft_error="temporarily_unavailable")
        ),
        Scenario(
            "token-exchange-fails", "Microsoft refuses the instance's client secret.", 5, 0, faults=Faults(exchange_fails=True)
        ),
        Scenario("hibernating", "The instance sleeps.", 5, 0, faults=Faults(hibernating=True)),
        Scenario("basic-auth-refused", "Basic authentication is closed to people.", 5, 0, faults=Faults(basic_auth_gate=True)),
        Scenario("write-ignored", "A write answers 200 and changes nothing.", 5, 0, faults=Faults(writes_ignored=True)),
        Scenario("moved-meanwhile", "Somebody saves the record in between.", 1, 0, faults=Faults(colleague_saves=True)),
        Scenario("tokens-unreadable", "The user may not read token records.", 1, 2, faults=Faults(tokens_unreadable=True)),
        *(Scenario(name, says + ".", 1, 0, records=(name,)) for name, says in RECORD_DEFECTS.items() if name != "old-token"),
        Scenario("not-admin", "The user lacks the admin role.", 1, 0, admin_roles=("itil",)),
        # Beyond the table: endings that tests and trainings want.
        Scenario("sso-reload", "Microsoft's page reloads its own address.", 0, 2, faults=Faults(sso_reload=True)),
        Scenario("deep-link-lost", "The instance forgets where one was going.", 0, 2, faults=Faults(deep_link_lost=True)),
        Scenario("no-client-info", "Microsoft does not say who signed in.", 1, 0, faults=Faults(no_client_info=True)),
        Scenario("microsoft-cancel", "The person presses Cancel at Microsoft.", 6, 0, turns=(Turn(does="cancel"),)),
        Scenario("batch-unserviced", "Batches come back half done.", 0, 2, faults=Faults(batch_leaves=2)),
        Scenario("by-hand", "Nobody plays: you are the person.", 0, 2, turns=(Turn(does="nothing"),), instance_sign_in="nothing"),
        Scenario("naive", "What happens without exoalias, in an ordinary browser.", 0, 0, "right", instance_sign_in="saml"),
    )
}


def known() -> dict[str, Scenario]:
    """Every scenario by name: the password's, those of the other ways in, and those after a clone."""
    return SCENARIOS | WAYS_IN | CLONES


def scenario(name: str, **changes: object) -> Scenario:
    """The scenario of that name, with fields changed; KeyError names the known ones."""
    if name not in known():
        raise KeyError(f"no scenario {name!r}; there are: {', '.join(known())}")
    return replace(known()[name], **changes)  # type: ignore[arg-type]
