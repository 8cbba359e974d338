"""What must hold of MS Graph 1, MS Graph 2 and every credential of an own alias."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from exoalias.domain import sources
from exoalias.domain.checklist import Act, Action, Group, Row
from exoalias.domain.delegated import STRICT_ALIASES
from exoalias.domain.rules import answer, reach, token
from exoalias.domain.rules.rule import Rule
from exoalias.domain.words import joined, say

if TYPE_CHECKING:
    from exoalias.domain.checklist import Finding
    from exoalias.domain.records import Alias, Connection, Credential
    from exoalias.domain.rules.case import Case

UNIQUE = Rule(
    "credential.unique",
    "Exactly one credential has this name",
    "The procedure knows the credentials by name. Of two with one name nobody can say which the connection is meant to use, "
    "so neither "
    "is touched.",
    (sources.STRICT_ALIAS, sources.CONNECTIONS),
    blocks=True,
    blocks_in_doubt=True,
)
ACTIVE = Rule(
    "credential.active",
    "The credential is active",
    "The platform passes over inactive credentials.",
    (sources.TROUBLESHOOTING, sources.SCAN_FINDINGS),
    blocks=True,
)
# An integration type that isn't returned does not block: the column is missing where personal authentication isn't installed.
SYSTEM = Rule(
    "credential.integration-type",
    "The Integration Type is System",
    "Strict mode uses one system credential. The troubleshooting page warns: do not select Get OAuth Token on the Personal "
    "credential "
    "record.",
    (sources.TROUBLESHOOTING,),
    blocks=True,
)
PROFILE = Rule(
    "credential.profile",
    "The OAuth Entity Profile is set, and is the target profile",
    "The profile leads to the strict-mode registry. Without it, or with another one, the token is fetched for the wrong "
    "application "
    "or not at all.",
    (sources.STRICT_ALIAS, sources.SCAN_FINDINGS),
    blocks_in_doubt=True,
)
REACHED = Rule(
    "credential.connection",
    "Its alias reaches it through exactly one active connection to Microsoft Graph",
    "The calendar provider finds the credential through alias and connection. A token on a credential nobody reaches does "
    "nothing.",
    (sources.CONNECTIONS, sources.OWN_ALIAS, sources.SCAN_FINDINGS, sources.GRAPH_CLOUDS),
)
OWN = Rule(
    "credential.own",
    "No other delegated user's provider uses it",
    "Each delegated user needs an alias, connection and credential of its own; a token fetched here would replace the other "
    "user's.",
    (sources.SEVERAL_USERS,),
    blocks=True,
)

RULES = (UNIQUE, ACTIVE, SYSTEM, PROFILE, REACHED, OWN, *token.RULES, *answer.RULES)


@dataclass(frozen=True, slots=True)
class _Subject:
    """A credential to be judged: how many share its name, and the alias that must reach it."""

    credential: Credential
    namesakes: int
    alias_id: str  # "" where an own alias reaches it


def rows(case: Case) -> tuple[Row, ...]:
    """One row for each record, and one for each name nobody has."""
    drawn: list[Row] = []
    for name in _names(case):
        named = _named(case, name)
        drawn += [_row(case, _Subject(c, len(named), STRICT_ALIASES.get(name, ""))) for c in named] or [_nameless(case, name)]
    seen = {row.record for row in drawn}
    own = (c for c in reach.own_credentials(case.snapshot, case.target) if c.sys_id not in seen)
    return (*drawn, *(_row(case, _Subject(c, 1, "")) for c in own))


def _names(case: Case) -> tuple[str, ...]:
    """The names looked for, each once."""
    return tuple({name.strip().casefold(): name for name in reversed(case.target.credential_names)}.values())[::-1]


def _named(case: Case, name: str) -> tuple[Credential, ...]:
    """All of that name; letters' case and outer blanks aside, as lists show them."""
    wanted = name.strip().casefold()
    return tuple(c for c in case.snapshot.credentials.rows if c.name.strip().casefold() == wanted)


def _nameless(case: Case, name: str) -> Row:
    if not case.snapshot.credentials:
        finding = UNIQUE.unreadable(case.snapshot.credentials, "credentials", "credential_admin")
    elif (renamed := _renamed(case, name)) is not None:
        finding = UNIQUE.wrong(
            say(
                "No credential is called {name}; the record that had this name is called {renamed_name} now.",
                name=name,
                renamed_name=renamed.name or say("nothing"),
            ),
            say("One credential called {name}", name=name),
            remedy="Review the plan with its repairs: the name can be put back. If the new name is meant, name it in the target.",
        )
    else:
        finding = UNIQUE.wrong(
            say("No credential called {name} was found.", name=name),
            say("One credential called {name}", name=name),
            remedy="Install the Microsoft Exchange Online Spoke, or create the credential as its page says. If it was "
            "renamed, name it "
            "in the target.",
        )
    return Row(f"credential/name:{name}", Group.CREDENTIAL, name, "oauth_2_0_credentials", findings=(finding,))


def _renamed(case: Case, name: str) -> Credential | None:
    """The record that had this name when all last held, and has another one now."""
    desired = case.target.desired
    then = desired.credentials if desired is not None else ()
    ids = {c.sys_id for c in then if c.name.strip().casefold() == name.strip().casefold()}
    return next((c for c in case.snapshot.credentials.rows if c.sys_id in ids), None)


def _row(case: Case, subject: _Subject) -> Row:
    credential = subject.credential
    findings = (
        _unique(subject),
        _active(credential),
        _system(credential),
        _profile(case, credential),
        _reached(case, subject),
        _own(case, credential),
        *token.check_token(case, credential),
        *answer.check_answer(case, credential),
    )
    detail = credential.profile_name or ("no OAuth Entity Profile" if credential.profile == "" else "oauth_2_0_credentials")
    if subject.namesakes > 1:  # otherwise the rows look alike
        detail = f"{detail} · {credential.sys_id}"
    return Row(f"credential/{credential.sys_id}", Group.CREDENTIAL, credential.name, detail, credential.sys_id, findings)


def _unique(subject: _Subject) -> Finding:
    name = subject.credential.name
    if subject.namesakes > 1:
        return UNIQUE.wrong(
            say("{namesakes} credentials are called {name}.", namesakes=subject.namesakes, name=name),
            remedy="Find out which one the connection uses, rename or remove the other, then check again.",
        )
    return UNIQUE.holds(say("One credential is called {name}.", name=name))


def _active(credential: Credential) -> Finding:
    if credential.active is None:
        return ACTIVE.no_column("oauth_2_0_credentials.active")
    if not credential.active:
        return ACTIVE.wrong("It is not active.", remedy="Set Active on the credential's form.")
    return ACTIVE.holds("It is active.")


def _system(credential: Credential) -> Finding:
    kind = credential.integration_type
    if kind is None:
        return SYSTEM.no_column("oauth_2_0_credentials.integration_type")
    if not kind.strip():
        return SYSTEM.cannot_tell("The Integration Type is empty.", remedy="Set it to System on the credential's form.")
    if kind.strip().casefold() != "system":
        return SYSTEM.wrong(
            say("The Integration Type is {kind}.", kind=kind),
            remedy="Use a System credential on this alias; a Personal one belongs to personal authentication and must get no "
            "token here.",
        )
    return SYSTEM.holds("The Integration Type is System.")


def _profile(case: Case, credential: Credential) -> Finding:
    if case.profile is None:
        return PROFILE.cannot_tell(
            say("It carries {credential}; no target profile is known to compare it with.", credential=_shown(credential))
        )
    wanted = case.profile.name or case.profile.sys_id
    if credential.profile is None:
        return PROFILE.no_column("oauth_2_0_credentials.oauth_entity_profile", wanted)
    if credential.profile == case.profile_id:
        return PROFILE.holds(say("It carries {wanted}.", wanted=wanted), wanted)
    return PROFILE.needs_you(
        say("It carries {credential}.", credential=_shown(credential)),
        wanted,
        remedy="Review the change and apply it.",
        action=Action(Act.REVIEW_PLAN, "Review the change …", credential.sys_id),
    )


def _shown(credential: Credential) -> str:
    if credential.profile is None:
        return "a profile that can't be read"
    return credential.profile_name or credential.profile or say("no profile")


def _own(case: Case, credential: Credential) -> Finding:
    if not case.snapshot.providers:
        return OWN.not_applicable("Calendar providers can't be read; see below.")
    if not case.snapshot.connections:
        return OWN.unreadable(case.snapshot.connections, "connections (http_connection)", "connection_admin")
    if credential.sys_id in reach.others_credentials(case.snapshot, case.target):
        return OWN.wrong(
            "A calendar provider of another delegated user reaches it through its override alias.",
            remedy="Give each delegated user an alias, connection and credential of its own.",
        )
    if (missing := reach.missing_column(case.snapshot)) is not None:
        return OWN.no_column(missing)
    return OWN.holds("No provider of another delegated user reaches it.")


# -- alias → connection → credential -------------------------------------------------------------------------------------


def _reached(case: Case, subject: _Subject) -> Finding:
    snapshot = case.snapshot
    if not snapshot.aliases:
        return REACHED.unreadable(snapshot.aliases, "aliases (sys_alias)", "admin")
    if not snapshot.connections:
        return REACHED.unreadable(snapshot.connections, "connections (http_connection)", "connection_admin")
    alias = reach.alias_by_id(snapshot, subject.alias_id) if subject.alias_id else _alias_reaching(case, subject.credential)
    if alias is None:
        return REACHED.wrong(
            say("The alias {alias_id} was not found.", alias_id=subject.alias_id)
            if subject.alias_id
            else "No alias leads to it.",
            remedy="The Microsoft Exchange Online Spoke brings its aliases; an own one is made as its page says.",
        )
    if (missing := reach.missing_column(snapshot)) is not None:
        return REACHED.no_column(missing)
    connections = reach.connections_of(snapshot, alias)
    if len(connections) != 1:
        return REACHED.wrong(
            say("{id} has {connections} active connections.", id=alias.id, connections=len(connections) or say("no")),
            remedy="Keep exactly one active connection on the alias.",
        )
    return _connection(case, subject.credential, alias, connections[0])


def _alias_reaching(case: Case, credential: Credential) -> Alias | None:
    found = (c.alias for c in case.snapshot.connections.rows if c.credential == credential.sys_id and c.active)
    return next((alias for sys_id in found if (alias := reach.alias_of(case.snapshot, sys_id)) is not None), None)


def _connection(case: Case, credential: Credential, alias: Alias, connection: Connection) -> Finding:
    name = connection.name or connection.sys_id
    if connection.credential != credential.sys_id:
        return REACHED.wrong(
            say("The connection {name} of {id} uses another credential, or none.", name=name, id=alias.id),
            remedy=say(
                "Choose {credential_name} as the credential of the connection {name}.", credential_name=credential.name, name=name
            ),
        )
    if connection.url is None:
        return REACHED.no_column("http_connection.connection_url")
    address = connection.url.strip().rstrip("/")
    if address.casefold() not in {url.casefold() for url in case.graph_urls}:
        wanted = joined(say(" or "), case.graph_urls)
        return REACHED.wrong(
            say("The connection {name} leads to {address}.", name=name, address=address or say("no address")),
            say("Connection URL {wanted}", wanted=wanted),
            remedy=say("Set its Connection URL to {wanted}.", wanted=wanted),
        )
    return REACHED.holds(
        say("{id} reaches it through the connection {name} to {address}.", id=alias.id, name=name, address=address)
    )
