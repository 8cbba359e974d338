"""Every failure a person may meet: one class each, with its code, exit code, words and remedy.

    Problem
    ├─ FindingsRemain          1  ├ RecordMoved ├ AnotherUser ├ OwnerUnconfirmed ├ SomethingInDoubt ├ NothingToUndo …
    ├─ UsageProblem            2  ├ UnknownInstance ├ BadAddress ├ NoTarget ├ UnknownCredential ├ UnknownProfile …
    ├─ WrongPerson             3  ├ WrongUser ├ WrongTenant ├ WrongStoredElsewhere
    ├─ MachineForbids          4  ├ NoBrowser ├ BrowserForbidden ├ RunAsRoot ├ SettingFixed ├ NoVault ├ VaultLocked ├ BadJournal
    ├─ FarSide                 5  ├ Unreachable ├ SignInRefused ├ Hibernating ├ AccessRefused ├ BadAnswer ├ WriteIgnored …
    ├─ PersonDeclined          6  ├ Cancelled ├ ConsentRefused ├ WindowClosed ├ TimeIsUp ├ AnotherRun ├ Stopped
    └─ StoredUnwatched         7

Anything that is not a Problem is a bug. Facts given to a Problem must never be secrets: its words are shown, logged and
journalled.
"""

from __future__ import annotations

from typing import ClassVar

from exoalias.domain.words import joined, say_of


class Problem(Exception):  # noqa: N818 - the product's word for what a person meets
    """A failure with words for a person. ``words`` and ``remedy`` are filled from the facts it was raised with.

    ``done`` is a sentence on what was carried out before it, from whoever knows; "" where nothing was.
    """

    code: ClassVar[str] = "problem"
    exit_code: ClassVar[int] = 5
    says: ClassVar[str] = "Something went wrong."
    do: ClassVar[str] = ""

    def __init__(self, **facts: object) -> None:
        self.facts: dict[str, str] = {name: fact if isinstance(fact, str) else str(fact) for name, fact in facts.items()}
        self.done = ""
        super().__init__(self.words)

    @property
    def words(self) -> str:
        """What happened, in a sentence or two."""
        said = say_of(self.says, self.facts)
        return joined(" ", (said, self.done)) if self.done else said

    @property
    def remedy(self) -> str:
        """What to do about it; "" where nothing can be done."""
        return say_of(self.do, self.facts)


# -- 1: findings remain --------------------------------------------------------------------------------------------------


class FindingsRemain(Problem):
    """Nothing failed, but not all holds."""

    code = "findings"
    exit_code = 1
    says = "Not everything holds yet."
    do = "Look at the checklist: each finding says what to do."


class RecordMoved(FindingsRemain):
    """The record changed between plan and apply."""

    code = "record-moved"
    says = "{record} was changed by {who} since the plan was made. It was left alone."
    do = "Check again, look at the new plan, and apply that one."


class AnotherUser(FindingsRemain):
    """In the middle of a verb, or between a plan and its writing, somebody else signed in to the instance."""

    code = "another-user"
    says = "{now} is signed in to {host} now, and {before} was before. Nothing more was done."
    do = "Check again as the one who is to do it, look at the plan, and apply that one."


class SomethingInDoubt(FindingsRemain):
    """A blocking finding stands: nothing is done to what is in doubt."""

    code = "in-doubt"
    says = "Nothing was done to {record}: {why}"
    do = "Put that right first, then check again."


class OwnerUnconfirmed(FindingsRemain):
    """First use, and nobody to ask."""

    code = "first-use"
    says = "Nobody has said yet which Microsoft account {upn} is, and this run may not ask. Nothing was stored."
    do = "Enter the object id once (exoalias target {instance} --object-id GUID), or run again with --trust-first-use."


class IdentityUnreadable(FindingsRemain):
    """Microsoft's answer does not say who signed in."""

    code = "identity-unreadable"
    says = "Microsoft's answer did not say who signed in ({why}). Nothing was stored."
    do = "Configure the second opinion (exoalias target {instance} --public-client-id GUID), then sign in again."


class InstanceCannotTell(FindingsRemain):
    """The script was run on the instance, and could not say whose token it is."""

    code = "instance-cannot-tell"
    says = "The instance can't tell whose token {credential} holds: {why}."
    do = "Nothing was kept of it. What the watched sign-in showed stays as it was; sign in again to be sure."


class NothingToUndo(FindingsRemain):
    """Undo was asked for, but nothing of ours is left to put back."""

    code = "nothing-to-undo"
    says = "There is nothing to undo on {instance}: {why}"


# -- 2: usage ------------------------------------------------------------------------------------------------------------


class UsageProblem(Problem):
    """What was asked can't be understood or isn't there."""

    code = "usage"
    exit_code = 2
    says = "{why}"


class UnknownInstance(UsageProblem):
    """No instance of that name."""

    code = "unknown-instance"
    says = "No instance is called {name}."
    do = "exoalias instance list shows the known ones; exoalias instance add adds one."


class BadAddress(UsageProblem):
    """An instance address that can't be used."""

    code = "bad-address"
    says = "{text} can't be used as an instance address: {why}"
    do = "Give the address as in the browser: https://NAME.service-now.com"


class BadSettings(UsageProblem):
    """A settings file that can't be read; it is left as it is."""

    code = "bad-settings"
    says = "The settings file {path} can't be read: {why}. It was left as it is."
    do = "Mend the named line, or move the file away to start afresh."


class SecretTooLong(UsageProblem):
    """More than the smallest of the platforms' keyrings takes. Nothing was stored."""

    code = "secret-too-long"
    says = "{what} of {instance} is too long: {length} bytes, and a keyring takes {most} for everything. Nothing was stored."
    do = "Use it for this run only (--this-run-only), or have a shorter one made."


class BadAuthorities(UsageProblem):
    """A file of certificate authorities that can't be used. Nothing was sent."""

    code = "bad-authorities"
    says = "The file of certificate authorities {path} can't be used: {why}. Nothing was sent."
    do = "Name a PEM file with the certificates of the authorities to trust, or none: then the system's trust store decides."


class BadCertificate(UsageProblem):
    """A client certificate that can't be used. Nothing was sent."""

    code = "bad-certificate"
    says = "The client certificate {path} can't be used: {why}. Nothing was sent."
    do = "{how}"


class BadProxy(UsageProblem):
    """The address of a proxy that can't be used. Nothing was sent."""

    code = "bad-proxy"
    says = "The proxy named by {source} ({proxy}) can't be used: {why}. Nothing was sent."
    do = "Name it as HOST:PORT, without user and password, or set proxy to none to go without one."


class CannotRemember(UsageProblem):
    """There is nothing that could be kept as right."""

    code = "cannot-remember"
    says = "The state of {instance} can't be remembered as right: {why}"
    do = "Choose the profile, see that registry and credentials can be read, then check and say so again."


class AnswerNotUsable(UsageProblem):
    """What was pasted as the script's answer can't be compared. Nothing of it is kept or repeated."""

    code = "answer-not-usable"
    says = "What was pasted can't be used as an answer of {instance}: {why} Nothing of it was kept."
    do = "Run the script that exoalias owner {instance} shows, and paste the line that begins with exoalias-answer."


class NoTarget(UsageProblem):
    """The person has not said yet what should be true."""

    code = "no-target"
    says = "{instance}: {why}"
    do = "exoalias target {instance} shows the candidates and takes the choice."


class UnknownCredential(UsageProblem):
    """No planned credential of that name."""

    code = "unknown-credential"
    says = "There is no single credential called {name} on {instance}."
    do = "exoalias check {instance} shows the credentials."


class UnknownProfile(UsageProblem):
    """No OAuth entity profile of that name or id."""

    code = "unknown-profile"
    says = "There is no single OAuth entity profile {name} on {instance}."
    do = "exoalias target {instance} lists the candidates with their ids."


class WouldPrompt(UsageProblem):
    """A prompt under --non-interactive."""

    code = "would-prompt"
    says = "{what} is needed, and this run may not ask."
    do = "{how}"


class NameNotTyped(UsageProblem):
    """What was typed to unlock an instance is not its name."""

    code = "name-not-typed"
    says = "What was typed is not the name of {instance}. It stays read-only."
    do = "Type {instance}, exactly so."


class PinNotConfirmed(UsageProblem):
    """What was typed to change or remove a pin names neither the instance nor the account."""

    code = "pin-not-confirmed"
    says = "What was typed is neither the name of {instance} nor the end of the object id ({last}). The pin is as it was."
    do = "Type {instance}, exactly so, or {last}."


class ImportRefused(UsageProblem):
    """A list of instances that can't be taken: none of it was."""

    code = "import-refused"
    says = "Nothing was taken from {where}: {why}"
    do = "Put right what is named, then import again; --dry-run shows beforehand what would be done."


# -- 3: the wrong person -------------------------------------------------------------------------------------------------


class WrongPerson(Problem):
    """Somebody else signed in. Their code did not reach the instance."""

    code = "wrong-person"
    exit_code = 3
    says = "Somebody else signed in. Nothing was stored."
    do = "Sign in again as {upn}."


class WrongUser(WrongPerson):
    """Another account of the right tenant."""

    code = "wrong-user"
    says = (
        "The account that signed in for {credential} is not {upn}: expected object id {expected}, Microsoft said {actual}. "
        "Nothing was stored for {credential}."
    )
    do = "Sign in again and choose {upn}. If {upn} was created anew, its object id changed: compare it in Entra."


class WrongTenant(WrongPerson):
    """An account that lives in another tenant: a guest, or a namesake elsewhere."""

    code = "wrong-tenant"
    says = (
        "The account that signed in for {credential} lives in another tenant ({actual}) than the application registry's "
        "({expected}). Nothing was stored for {credential}."
    )
    do = "A guest can't be the delegated user. Sign in as {upn} of this tenant."


class OpinionsDiffer(WrongPerson):
    """The second opinion names another account than Microsoft's answer."""

    code = "opinions-differ"
    says = "Two answers of Microsoft name different accounts for {credential}: {why}. Nothing was stored for {credential}."
    do = "Close all windows of this sign-in and start again, with one account only."


# -- 4: this machine forbids ---------------------------------------------------------------------------------------------


class MachineForbids(Problem):
    """This machine or its policy does not allow it."""

    code = "machine-forbids"
    exit_code = 4


class NoBrowser(MachineForbids):
    """No Chromium browser is installed."""

    code = "no-browser"
    says = "No usable browser was found: Edge, Chrome or Chromium is needed. {why}"
    do = "Install one of them, or name it: exoalias --browser PATH."


class BrowserForbidden(MachineForbids):
    """A policy forbids what the sign-in window needs, or the browser did not start as it should."""

    code = "browser-forbidden"
    says = "{browser} can't be the sign-in window: {why}"
    do = "{how}"


class StrategyImpossible(MachineForbids):
    """The way the delegated user's window was to be kept apart can't be taken here."""

    code = "strategy-impossible"
    says = "The sign-in can't be done as {strategy} here: {why}."
    do = "exoalias doctor shows what this machine allows. With the strategy auto, exoalias takes the best that is left."


class RunAsRoot(MachineForbids):
    """As root the browser would run without its sandbox."""

    code = "run-as-root"
    says = "The sign-in window does not run as root: the browser would have no sandbox."
    do = "Start exoalias as an ordinary user."


class SettingFixed(MachineForbids):
    """A policy of the machine fixes the setting."""

    code = "setting-fixed"
    says = "{title} ({name}) is fixed to {value} by a policy of this machine: {where}."
    do = "Ask whoever looks after this machine to change it there."


class NoVault(MachineForbids):
    """No keyring that keeps secrets as they should be."""

    code = "no-vault"
    says = "This machine offers no usable keyring: {why}."
    do = "{how}"


class VaultLocked(MachineForbids):
    """The keyring is there but locked."""

    code = "vault-locked"
    says = "The keyring is locked, or its unlocking was declined ({why})."
    do = "Unlock it, then try again."


class BadJournal(MachineForbids):
    """The journal can't be written or read: nothing is done that could not be written down."""

    code = "bad-journal"
    says = "The journal {path} can't be used: {why}."
    do = "See whether the disk is full or the folder not yours to write. A damaged file can be moved away: a new one is begun."


class ListNotWritten(MachineForbids):
    """The files with the list of instances can't be written."""

    code = "list-not-written"
    says = "The list of instances can't be written ({path}): {why}."
    do = "See whether the disk is full or the folder not yours to write, then try again. Each file is as it was, or whole."


class ReadOnly(MachineForbids):
    """A production instance nobody has unlocked."""

    code = "read-only"
    says = "{instance} is a production instance: it is read-only until it is unlocked."
    do = "Unlock it for a while by typing its name: exoalias unlock {instance}, or Unlock in the window."


class NoSecret(MachineForbids):
    """The keyring has no password, key or other secret for that instance."""

    code = "no-secret"
    says = "The keyring holds no secret for {instance}."
    do = "Give it once: exoalias instance rotate {instance} (it asks for the password or key)."


class WayForbidden(MachineForbids):
    """The settings of this machine do not allow that way in."""

    code = "way-forbidden"
    says = "The settings of this machine do not allow {way} as a way in to {instance}."
    do = "Choose another with exoalias instance change {instance} --way …; allowed: {allowed}."


# -- 5: the far side -----------------------------------------------------------------------------------------------------


class FarSide(Problem):
    """The instance or Microsoft can't be reached, or refused."""

    code = "far-side"
    exit_code = 5


class Unreachable(FarSide):
    """No connection."""

    code = "unreachable"
    says = "{host} can't be reached: {why}"
    do = "Check the address, the network and the proxy, then try again."


class ProxyUnreachable(Unreachable):
    """The proxy itself does not answer."""

    code = "proxy-unreachable"
    says = "The proxy {proxy}, through which {host} is reached, does not answer: {why}"
    do = "Check the proxy's address and the network. exoalias doctor shows where the address comes from."


class ProxyRefused(FarSide):
    """The proxy answers, and lets nothing through: 407, or a rule of its own."""

    code = "proxy-refused"
    says = "The proxy {proxy} does not let the connection to {host} through ({detail})."
    do = "{how}"


class NotTrusted(FarSide):
    """The certificate is not trusted by this machine."""

    code = "not-trusted"
    says = "The certificate of {host} is not trusted by this machine: {why}"
    do = (
        "If a company's own authority issued it (an own domain, or a proxy that opens TLS), put that authority into the system's "
        "trust store, or name its PEM file (ca_file)."
    )


class CertificateRefused(FarSide):
    """The far side wants a client certificate, or another one."""

    code = "certificate-refused"
    says = "{host} refused the connection because of our client certificate: {why}"
    do = "Name the PEM file with a client certificate that {host} accepts, and its key."


class PersonNeeded(FarSide):
    """This way in needs somebody to sign in, and this run may not ask."""

    code = "person-needed"
    says = "{instance} is entered by somebody who signs in to it in a window, and this run may not ask."
    do = "Run it where somebody can, or choose a way in without a person for it, such as client credentials."


class SessionEnded(FarSide):
    """The instance ended the session, and signing in again did not help."""

    code = "session-ended"
    says = "The session on {host} ended, and a new one was not accepted either."
    do = "Sign in to the instance in an ordinary browser; if that works and stays so, choose another way in for it."


class TokenNotFound(FarSide):
    """A write in a browser session needs the token the instance puts into its pages."""

    code = "no-user-token"
    says = "{host} gives no user token (g_ck) in its pages, which a browser session needs to ask it anything."
    do = "Choose another way in for this instance, or tell its admin which page is shown after signing in."


class Hibernating(FarSide):
    """A sleeping developer instance."""

    code = "hibernating"
    says = "{host} is hibernating."
    do = "Wake it at developer.servicenow.com, wait until it answers, then check again."


class SignInRefused(FarSide):
    """401: a wrong password, or the gate that closes basic authentication to people. The texts are the same."""

    code = "sign-in-refused"
    says = "{host} refused user {user} (401 {detail})."
    do = (
        "Either the password is wrong, or the instance no longer takes a user and password over REST from people (its log then "
        "says SNCRestrictBasicAuthUserAuthenticationGate). The role snc_basic_auth_api_access or a web-service user opens it; or "
        "choose the browser session for this instance."
    )


class CodeRefused(FarSide):
    """401 to a password with a one-time code behind it."""

    code = "code-refused"
    says = "{host} refused user {user} with a one-time code (401 {detail})."
    do = (
        "A code is good for one time and half a minute: try again with the next one. If that is refused too, the password may be "
        "wrong, or the instance no longer takes a user and password over REST from people: choose the browser session then."
    )


class WayRefused(FarSide):
    """401 to another way in than a password."""

    code = "way-refused"
    says = "{host} refused us by {way} (401 {detail})."
    do = "{how}"


class OAuthRefused(FarSide):
    """The instance's own OAuth endpoint gave no token."""

    code = "oauth-refused"
    says = "{host} gave no access token by {way}: {error}."
    do = "{how}"


class AnswerNotOurs(FarSide):
    """What came back from a sign-in at the instance's OAuth endpoint does not belong to it."""

    code = "answer-not-ours"
    says = "What {host} answered to the sign-in is not the answer to what was asked: {why}. It was not used."
    do = "Sign in again, in one window only. Check that the redirect address is the one entered at the OAuth API endpoint."


class AccessRefused(FarSide):
    """403 on something the verb can't do without."""

    code = "access-refused"
    says = "{host} does not let {user} {what} (403 {detail})."
    do = "The role admin is needed; for reading alone oauth_admin and connection_admin."


class RateLimited(FarSide):
    """Still told to wait after waiting."""

    code = "rate-limited"
    says = "{host} asks to wait: its rate limit was reached ({detail})."
    do = "Try again in {seconds} s."


class BadAnswer(FarSide):
    """An answer that is not what the API promises."""

    code = "bad-answer"
    says = "{host} gave an answer that makes no sense here: {why}"
    do = "Try again; if it stays, look at the address and at what stands between (proxy, login page)."


class WriteIgnored(FarSide):
    """200, and nothing changed."""

    code = "write-ignored"
    says = "{host} answered the write to {record} with success but left {field} as it was."
    do = "An access rule or business rule keeps the field from being written by this user. Set it on the form, or ask why."


class WriteRefused(FarSide):
    """The instance refused a write."""

    code = "write-refused"
    says = "{host} refused to write {field} of {record} ({detail})."
    do = "Read the reason; if it speaks of scope, switch the application to Microsoft Exchange Online Spoke first."


class ScopeRefused(WriteRefused):
    """The instance takes a write to this record only from a session that stands in the record's own application."""

    code = "scope-refused"
    says = "{host} refused to write {field} of {record} from another application ({detail})."
    do = (
        "Check again and review the plan: it now offers to let the session stand in the record's application while it writes, "
        "and to put it back right after."
    )


class NotSwitched(FarSide):
    """The session does not stand in the application it should."""

    code = "not-switched"
    says = "{host} did not let the session stand in {app}: {why}."
    do = "Choose the application in the instance's own application picker, check that it is the one you work in, and try again."


class ScanNotPossible(FarSide):
    """ServiceNow's own scan can't be started or read."""

    code = "scan-not-possible"
    says = "ServiceNow's own scan can't be run on {host} from here: {why}."
    do = "{what}"


class ScanFailed(FarSide):
    """ServiceNow's own scan was started and came to no result."""

    code = "scan-failed"
    says = "ServiceNow's own scan on {host} ended without a result: {why}."
    do = "Look at Instance Scan, Scan Results on the instance; run the suite there, or again from here."


class OutcomeUnknown(FarSide):
    """A write was sent, and no answer came back that says what became of it."""

    code = "outcome-unknown"
    says = "The write to {record} was sent, but {host} did not say what became of it ({why})."
    do = "Check again: the truth is read from the instance, and the journal explains the gap."


class MicrosoftRefused(FarSide):
    """Microsoft came back with an error."""

    code = "microsoft-error"
    says = "Microsoft did not sign in {upn} for {credential}: {error} {description}. Nothing was stored for {credential}."
    do = "{how}"


class UnexpectedRequest(FarSide):
    """A token request that is not the one planned."""

    code = "unexpected-request"
    says = "The request for the token of {credential} is not the one that was planned: {why}. It was not let through."
    do = "Check again; the difference named is what to put right on the instance."


class TokenNotStored(FarSide):
    """The instance got the code and stored no token."""

    code = "token-not-stored"
    says = "{host} took the sign-in for {credential} but stored no new token within {seconds} s."
    do = (
        "The instance's own page in the sign-in window says why (often the client secret: the secret's Value is needed, not its "
        "Secret ID; or it expired)."
    )


class NothingStored(TokenNotStored):
    """Somebody says that the sign-in by hand is done, and no new token is there."""

    code = "nothing-stored"
    says = "There is no new token of {credential} on {host}, {seconds} s after it was said to be done."
    do = "Look at what ServiceNow's page said in the private window, then start again and follow the steps in their order."


class StoredElsewhere(FarSide):
    """A new token appeared, but (also) on another credential."""

    code = "stored-elsewhere"
    says = "A new token appeared on {other} during the sign-in for {credential}."
    do = "Somebody else may have signed in at the same time. Check again and look at both credentials."


class BrowserDied(FarSide):
    """The browser was killed or crashed in the middle."""

    code = "browser-died"
    says = "The sign-in window ended unexpectedly ({why})."
    do = "Start the sign-in again. What the instance holds now is shown by a check."


# -- 6: the person declined ----------------------------------------------------------------------------------------------


class PersonDeclined(Problem):
    """A person chose not to go on."""

    code = "declined"
    exit_code = 6


class Cancelled(PersonDeclined):
    """Cancel in exoalias, or at Microsoft."""

    code = "cancelled"
    says = "The sign-in for {credential} was cancelled. Nothing was stored for {credential}."
    do = "Start it again when ready."


class NotAgreed(PersonDeclined):
    """First use, asked and declined."""

    code = "not-agreed"
    says = "The account that signed in for {credential} was not agreed to. Nothing was stored for {credential}."
    do = "Enter the object id of {upn} (its page in Entra shows it), then sign in again: then nobody has to guess."


class NotSignedIn(PersonDeclined):
    """Nobody signed in to the instance in the window that was opened for it."""

    code = "not-signed-in"
    says = "Nobody signed in to {instance}: {why}"
    do = "Start it again, and sign in to ServiceNow in the window that opens."


class SignInDeclined(PersonDeclined):
    """The person said no on the instance's page that asks whether exoalias may come in."""

    code = "sign-in-declined"
    says = "exoalias was not let in to {host}: it was denied on the page that asks for it. Nothing was stored."
    do = "Start it again, and allow it there; or choose another way in."


class NoCodeGiven(PersonDeclined):
    """A one-time code was asked for and not given."""

    code = "no-code"
    says = "No one-time code was given for {user} on {instance}."
    do = "Try again with the code the authenticator shows then."


class ConsentRefused(PersonDeclined):
    """Consent was refused at Microsoft."""

    code = "consent-refused"
    says = "Consent was refused for {credential}. Nothing was stored for {credential}."
    do = "An Entra administrator can grant admin consent for the three delegated calendar permissions."


class WindowClosed(PersonDeclined):
    """The window was closed."""

    code = "window-closed"
    says = "The {window} window was closed before the sign-in for {credential} was done. Nothing was stored for {credential}."
    do = "Start it again when ready."


class TimeIsUp(PersonDeclined):
    """The time limit passed."""

    code = "time-is-up"
    says = "Nobody finished the sign-in for {credential} within {minutes} minutes. Nothing was stored for {credential}."
    do = "Start it again when ready."


class AnotherSignIn(PersonDeclined):
    """A second sign-in was started while one is open."""

    code = "another-sign-in"
    says = "A sign-in is open already."
    do = "Finish or cancel that one first."


class AnotherRun(PersonDeclined):
    """Another window or terminal is changing the same instance."""

    code = "another-run"
    says = "Another exoalias is working on {instance} just now."
    do = "Let it finish, then try again."


class Stopped(PersonDeclined):
    """The person stopped a verb between two steps, or said no to its plan."""

    code = "stopped"
    says = "{what} was stopped. {done}"
    do = "Check again: it shows what the instance holds now."


# -- 7: stored, and nobody watched -----------------------------------------------------------------------------------------


class StoredUnwatched(Problem):
    """A token was stored in a sign-in that exoalias could not control: a wrong user is not excluded."""

    code = "owner-unconfirmed"
    exit_code = 7
    says = (
        "{stored} Owner unconfirmed: the sign-in went on in a browser that exoalias does not control, so nothing kept somebody "
        "else than {upn} from signing in."
    )
    do = (
        "Ask the instance by hand whose token it is (exoalias owner {instance} --credential NAME), or sign in again where "
        "exoalias can steer the browser."
    )


def every_problem(root: type[Problem] = Problem) -> tuple[type[Problem], ...]:
    """All classes of the tree, so that a law can ask each for its words."""
    ours = (child for child in root.__subclasses__() if child.__module__ == root.__module__)
    return tuple(p for child in ours for p in (child, *every_problem(child)))
