"""Scenarios of the other ways in: everything is as in *profile-missing*, but a password alone does not open the door."""

from __future__ import annotations

from exoalias.simulator.faults import Door, Faults
from exoalias.simulator.story import InstanceSignIn, Scenario


def _story(name: str, says: str, way: Door, faults: Faults, instance_sign_in: InstanceSignIn = "local") -> Scenario:
    return Scenario(name, says, 0, 2, instance_sign_in=instance_sign_in, faults=faults, way=way)


_NO_BASIC = Faults(basic_auth_gate=True)

WAYS_IN: dict[str, Scenario] = {
    s.name: s
    for s in (
        _story(
            "sso-only",
            "No password opens anything; the admin signs in by SAML.",
            "browser",
            Faults(basic_auth_gate=True, local_login_closed=True),
            "saml",
        ),
        _story(
            "instance-mfa",
            "The instance's own login asks for a code of the admin's authenticator.",
            "browser",
            Faults(basic_auth_gate=True, instance_mfa=True),
        ),
        _story(
            "session-dies-302",
            "The session is gone in the middle: REST is sent to the login page.",
            "browser",
            Faults(session_dies_after=6, session_dies_as="302"),
        ),
        _story(
            "session-dies-logout",
            "The session is gone in the middle: REST is sent to the page one sees after logging out.",
            "browser",
            Faults(session_dies_after=6, session_dies_as="302-logout"),
        ),
        _story(
            "session-dies-html",
            "The session is gone in the middle: REST gets the login page instead of data.",
            "browser",
            Faults(session_dies_after=6, session_dies_as="html"),
        ),
        _story(
            "session-dies-401",
            "The session is gone in the middle: REST is told that nobody is signed in.",
            "browser",
            Faults(session_dies_after=6, session_dies_as="401"),
        ),
        _story("api-key", "An API key lets programs in; passwords do not.", "api-key", _NO_BASIC),
        _story("oauth-instance", "The instance's own OAuth endpoint lets programs in; passwords do not.", "oauth", _NO_BASIC),
        _story("client-credentials", "A client of the instance acts as one fixed user.", "client-credentials", _NO_BASIC),
        _story(
            "one-time-code",
            "The password is followed by a code of the admin's authenticator.",
            "password",
            Faults(wants_code=True),
        ),
    )
}
