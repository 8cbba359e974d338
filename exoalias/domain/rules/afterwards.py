"""What comes after the credentials: calendar providers, rooms, the meeting's subject."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from exoalias.domain import sources
from exoalias.domain.checklist import Act, Action, Group, Row
from exoalias.domain.rules import reach
from exoalias.domain.rules.instance import CALENDAR_SYNC
from exoalias.domain.rules.reach import Kin
from exoalias.domain.rules.rule import Rule
from exoalias.domain.words import counted, joined, say

if TYPE_CHECKING:
    from exoalias.domain.checklist import Finding
    from exoalias.domain.records import Alias, Provider
    from exoalias.domain.rules.case import Case

PROVIDER_TABLE = "sn_wsd_rsvsync_provider"

EXISTS = Rule(
    "provider.exists",
    "An active calendar provider works for the delegated user",
    "Without an active provider nothing is synchronized, however right the credentials are.",
    (sources.PROVIDER, sources.SCAN_FINDINGS),
)
PROCESSOR = Rule(
    "provider.processor",
    "The calendar processor is Microsoft Graph",
    "The default alias is found through the processor.",
    (sources.PROVIDER, sources.TROUBLESHOOTING),
)
ADDRESS = Rule(
    "provider.delegated-user",
    "The provider names the delegated user",
    "The provider acts on the calendars of this address; with another one the token and the address don't belong together. "
    "The field was "
    "formerly called strict mode email.",
    (sources.PROVIDER, sources.SCAN_FINDINGS),
)
ALIAS = Rule(
    "provider.alias",
    "The alias the provider uses is known and in order",
    "An override alias wins over the default one. It must be a child of the default alias and serve one delegated user.",
    (sources.TROUBLESHOOTING, sources.OWN_ALIAS, sources.SCAN_FINDINGS, sources.SEVERAL_USERS),
)
ROOMS = Rule(
    "afterwards.rooms",
    "Rooms are configured, with the delegated user as delegate",
    "A room is only written to where the delegated user is its delegate in Microsoft 365.",
    (sources.ROOM_DELEGATES, sources.STRICT_ALIAS),
)
SUBJECT = Rule(
    "afterwards.subject",
    "The meeting subject stays unchanged",
    "By default a room mailbox deletes the subject and puts the organizer's name in its place.",
    (sources.STRICT_ALIAS, sources.SYNC_CONDITIONS, sources.ORGANIZER_NAME, sources.SET_CALENDAR_PROCESSING),
)
RULES = (EXISTS, PROCESSOR, ADDRESS, ALIAS, ROOMS, SUBJECT)


def rows(case: Case) -> tuple[Row, ...]:
    """The providers, then the rooms and the subject."""
    return (
        *_providers(case),
        _row("rooms", say("Rooms"), _rooms(case)),
        _row("subject", "Meeting subject", _subject(case)),
    )


def _row(key: str, title: str, finding: Finding) -> Row:
    return Row(f"afterwards/{key}", Group.AFTERWARDS, title, findings=(finding,))


# -- providers -----------------------------------------------------------------------------------------------------------


def _providers(case: Case) -> tuple[Row, ...]:
    reading = case.snapshot.providers
    if not reading:
        installed = not case.snapshot.apps or any(app.scope == CALENDAR_SYNC for app in case.snapshot.apps.rows)
        finding = (
            EXISTS.unreadable(reading, "calendar providers", f"{CALENDAR_SYNC}.admin")
            if installed
            else EXISTS.not_applicable("Workplace Calendar Synchronization is not installed.")
        )
        return (_row("providers", "Calendar providers", finding),)
    drawn = tuple(_provider(case, provider) for provider in reading.rows)
    if any(kin(case, p) in {Kin.OURS, Kin.UNSAID} for p in reading.rows):
        return drawn
    missing = EXISTS.needs_you(
        say(
            "{rows} calendar providers were found, none of them active and of the delegated user.",
            rows=len(reading.rows) or say("No"),
        ),
        remedy="Configure a calendar provider in strict mode, as its page says.",
        action=Action(Act.OPEN, "Open the providers", text=f"{case.target.origin}/{PROVIDER_TABLE}_list.do"),
    )
    return (_row("providers", "Calendar providers", missing), *drawn)


def kin(case: Case, provider: Provider) -> Kin:
    """Whose provider it is, as seen in this case."""
    return reach.kin(provider, case.target)


def _provider(case: Case, provider: Provider) -> Row:
    whose = kin(case, provider)
    findings: tuple[Finding, ...]
    if whose is Kin.IDLE:
        findings = (EXISTS.not_applicable("The provider is not active."),)
    elif whose is Kin.OTHERS:
        findings = (
            EXISTS.not_applicable(
                say(
                    "It belongs to another delegated user, {delegated_user}, and has an alias of its own. "
                    "Nothing of it is touched.",
                    delegated_user=provider.delegated_user,
                )
            ),
        )
    else:
        findings = (_runs(provider), _processor(provider), _address(case, provider), _alias(case, provider))
    title = provider.name or "Calendar provider"
    return Row(f"afterwards/provider/{provider.sys_id}", Group.AFTERWARDS, title, PROVIDER_TABLE, provider.sys_id, findings)


def _open(case: Case, provider: Provider) -> Action:
    return Action(
        Act.OPEN, "Open the provider", provider.sys_id, f"{case.target.origin}/{PROVIDER_TABLE}.do?sys_id={provider.sys_id}"
    )


def _runs(provider: Provider) -> Finding:
    if provider.active is None:
        return EXISTS.no_column(say("{provider_table}: Active", provider_table=PROVIDER_TABLE))
    return EXISTS.holds("It is active.")


def _processor(provider: Provider) -> Finding:
    if provider.processor is None:
        return PROCESSOR.no_column(say("{provider_table}: Calendar processor", provider_table=PROVIDER_TABLE))
    # The choice is shown as "Microsoft Graph" and kept as "ms_graph".
    if re.sub(r"[^a-z]", "", provider.processor.casefold()) not in {"microsoftgraph", "msgraph"}:
        return PROCESSOR.wrong(
            say("It is {processor}.", processor=provider.processor or say("empty")),
            "Microsoft Graph",
            remedy="Set it on the provider's form.",
        )
    return PROCESSOR.holds(say("It is {processor}.", processor=provider.processor), "Microsoft Graph")


def _address(case: Case, provider: Provider) -> Finding:
    found = provider.delegated_user
    wanted = joined(say(" or "), sorted(reach.addresses(case.target)))
    if found is None:
        return ADDRESS.no_column(say("{provider_table}: Delegated user email", provider_table=PROVIDER_TABLE), wanted)
    if not wanted:
        return ADDRESS.cannot_tell("The delegated user has not been named yet.", remedy="Name the delegated user.")
    if not found.strip():
        return ADDRESS.needs_you(
            "It is empty.", wanted, remedy="Enter the delegated user's mailbox address.", action=_open(case, provider)
        )
    if kin(case, provider) is Kin.OURS:
        return ADDRESS.holds(say("{found}.", found=found), wanted)
    user = case.target.delegated_user
    if user is not None and not user.mail.strip():
        return ADDRESS.advice(
            say(
                "{found}, while the user name is {upn}. Both can be the same account: user name and mailbox address may differ.",
                found=found,
                upn=case.upn,
            ),
            wanted,
            remedy="If it is the delegated user's mailbox address, enter it with the delegated user.",
            action=Action(Act.CHOOSE_TARGET, "Enter the mailbox address …"),
        )
    return ADDRESS.needs_you(
        say("{found}.", found=found),
        wanted,
        remedy="Correct the address, or give the other user an alias of its own.",
        action=_open(case, provider),
    )


def _alias(case: Case, provider: Provider) -> Finding:
    if provider.override_alias is None:
        return ALIAS.no_column(
            say("{provider_table}: Override alias or Connection & credential alias", provider_table=PROVIDER_TABLE)
        )
    if not case.snapshot.aliases:
        return ALIAS.unreadable(case.snapshot.aliases, "aliases (sys_alias)", "admin")
    default = reach.alias_by_id(case.snapshot, reach.DEFAULT_ALIAS)
    if default is None:
        return ALIAS.wrong(
            say("The alias {default_alias} was not found.", default_alias=reach.DEFAULT_ALIAS),
            remedy="Repair the Microsoft Exchange Online Spoke.",
        )
    if not provider.override_alias:
        return ALIAS.holds(say("It uses the default alias {id}.", id=default.id))
    alias = reach.alias_of(case.snapshot, provider.override_alias)
    if alias is None:
        return ALIAS.cannot_tell("Its override alias was not returned.", remedy="Look at the alias on the provider's form.")
    if alias.parent is None:
        return ALIAS.no_column("sys_alias.parent")
    if alias.parent != default.sys_id:
        return ALIAS.wrong(
            say("Its override alias {id} is not a child of {id2}.", id=alias.id, id2=default.id),
            remedy="Make a new alias with that parent: it can't be changed afterwards.",
        )
    return _override(case, alias)


def _override(case: Case, alias: Alias) -> Finding:
    if not case.snapshot.connections:
        return ALIAS.unreadable(case.snapshot.connections, "connections (http_connection)", "connection_admin")
    if (missing := reach.missing_column(case.snapshot)) is not None:
        return ALIAS.no_column(missing)
    connections = reach.connections_of(case.snapshot, alias)
    if len(connections) != 1:
        return ALIAS.wrong(
            say(
                "Its override alias {id} has {connections} active connections.",
                id=alias.id,
                connections=len(connections) or say("no"),
            ),
            remedy="Keep exactly one active connection.",
        )
    credential = connections[0].credential
    if not credential:
        return ALIAS.wrong(
            say("The connection of {id} has no credential.", id=alias.id),
            remedy="Choose the credential on the connection's form.",
        )
    if credential in reach.others_credentials(case.snapshot, case.target):
        return ALIAS.wrong(
            say("The credential behind {id} also serves another delegated user's provider.", id=alias.id),
            remedy="Give each delegated user an alias, connection and credential of its own.",
        )
    if not any(c.sys_id == credential for c in case.snapshot.credentials.rows):
        return ALIAS.cannot_tell(
            say("The credential behind {id} was not returned.", id=alias.id), remedy="Look at it on the connection's form."
        )
    return ALIAS.holds(say("It uses its own alias {id}; the credential behind it is checked above.", id=alias.id))


# -- rooms, subject ------------------------------------------------------------------------------------------------------


def _rooms(case: Case) -> Finding:
    reading = case.snapshot.rooms
    how = say(
        "In the Microsoft 365 admin center, Resources, Rooms & equipment, make {upn} a delegate of "
        "each room; then configure the room in Workplace Calendar Synchronization.",
        upn=case.upn or say("the delegated user"),
    )
    if not reading:
        return ROOMS.advice(say("Rooms can't be read: {unreadable}", unreadable=reading.unreadable), remedy=how)
    names = [room.name or room.mailbox or room.sys_id for room in reading.rows]
    if not names:
        return ROOMS.advice("No room is configured yet.", remedy=how)
    shown = ", ".join(names[:8]) + (say(" and {names} more", names=len(names) - 8) if len(names) > 8 else "")
    return ROOMS.advice(
        counted(
            len(names),
            "{n} room is configured: {shown}. Whether its delegate is set is known to Microsoft only.",
            "{n} rooms are configured: {shown}. Whether their delegate is set is known to Microsoft only.",
            shown=shown,
        ),
        remedy=how,
    )


def quoted(text: str) -> str:
    """A text as PowerShell's literal string. Its curly quotes end one as well, so each of them is doubled."""
    return "'" + re.sub(r"['‘’‚‛]", lambda found: found[0] * 2, text) + "'"


def _subject(case: Case) -> Finding:
    known = dict.fromkeys(room.mailbox or room.name or "" for room in case.snapshot.rooms.rows)
    # A line break would end the command: such a name is nobody's address, so it is left out.
    rooms = [text for text in known if text.strip() and not re.search(r"[\x00-\x1f\x7f\u0085\u2028\u2029]", text)]
    lines = [f"Set-CalendarProcessing -Identity {quoted(r)} -DeleteSubject $false -AddOrganizerToSubject $false" for r in rooms]
    text = (
        "\n".join(lines)
        or "Set-CalendarProcessing -Identity '<room mailbox>' -DeleteSubject $false -AddOrganizerToSubject $false"
    )
    return SUBJECT.advice(
        "Whether the rooms keep the subject is known to Exchange Online only.",
        remedy="Where a synchronized meeting's subject changed, run this in Exchange Online PowerShell.",
        action=Action(Act.COPY, "Copy the commands" if len(lines) > 1 else "Copy the command", text=text),
    )
