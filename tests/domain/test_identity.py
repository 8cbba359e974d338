"""Who signed in: a table of people who are, seem to be or pretend to be the delegated user, and properties over all of them."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from exoalias.domain.identity import (
    Accepted,
    AskFirst,
    Expectation,
    Opinion,
    Refused,
    Unreadable,
    Verdict,
    is_guid,
    judge,
    read_client_info,
    unconfirmed,
)
from exoalias.domain.target import HomeAccount, Pin, Tier
from tests.domain.gate_story import ELSEWHERE, RIGHT, TENANT, UPN, WRONG, client_info, encoded, expecting

THIRD = "0b1ec700-0000-4000-8000-00000000cccc"


def pin(object_id: str = RIGHT, tenant_id: str = TENANT, tier: Tier = Tier.ENTERED) -> Pin:
    return Pin(HomeAccount(object_id, tenant_id), tier, datetime(2026, 11, 1, tzinfo=UTC), "sign-in 1")


def opinion(uid: str = RIGHT, utid: str = TENANT, oid: str = "", tid: str = TENANT, username: str = UPN) -> Opinion:
    """The second opinion; the token's oid is the account's where nothing else is said."""
    return Opinion(HomeAccount(uid, utid), oid or uid, tid, username)


@dataclass(frozen=True)
class Case:
    """What Microsoft's answer carries, what was expected, and the verdict: a tier, "ask", or a problem's code."""

    said: tuple[str, ...]
    verdict: str
    expected: dict[str, object] = field(default_factory=dict)
    opinion: Opinion | Unreadable | None = None


NOBODY: dict[str, object] = {"object_id": ""}
PINNED: dict[str, object] = {"object_id": "", "pin": pin()}
TRUSTING: dict[str, object] = {"object_id": "", "trust_first_use": True}
OURS = (client_info(),)


def raw(data: bytes) -> tuple[str, ...]:
    return (base64.urlsafe_b64encode(data).decode().rstrip("="),)


RIGHT_ONES = {
    "entered": Case(OURS, "entered"),
    "entered in capitals": Case(OURS, "entered", {"object_id": RIGHT.upper()}),
    "answered in capitals": Case((client_info(RIGHT.upper(), TENANT.upper()),), "entered"),
    "tenant known in capitals": Case(OURS, "entered", {"tenant_id": TENANT.upper()}),
    "with padding": Case((OURS[0] + "=" * (-len(OURS[0]) % 4),), "entered"),
    "with more in the JSON": Case((encoded({"ver": "1.0", "uid": RIGHT, "utid": TENANT, "name": "x"}),), "entered"),
    "the UPN is not the mail": Case(OURS, "entered", {"upn": "calendar@mail.example"}),
    "the UPN was renamed, same object": Case(OURS, "pinned", {**PINNED, "upn": "svc-calendar-2@acme.example"}),
    "pinned": Case(OURS, "pinned", PINNED),
    "pinned and entered, the same": Case(OURS, "pinned", {"pin": pin()}),
    "pinned, though first use is trusted": Case(OURS, "pinned", {**PINNED, "trust_first_use": True}),
    "nobody knows yet": Case(OURS, "ask", NOBODY),
    "nobody knows yet, any user of the tenant is asked about": Case((client_info(WRONG),), "ask", NOBODY),
    "nobody knows, first use trusted": Case(OURS, "first use", TRUSTING),
    "a signed word, entered": Case(OURS, "second opinion", {}, opinion()),
    "a signed word, pinned": Case(OURS, "second opinion", PINNED, opinion()),
    "a signed word, ids in capitals": Case(OURS, "second opinion", {}, opinion(oid=RIGHT.upper(), tid=TENANT.upper())),
    "a signed word with the UPN": Case(OURS, "second opinion", NOBODY, opinion()),
    "a signed word with the UPN in other case": Case(OURS, "second opinion", NOBODY, opinion(username=UPN.upper())),
    "a signed word with the UPN, typed in other case": Case(OURS, "second opinion", {**NOBODY, "upn": UPN.upper()}, opinion()),
    "a signed word where client_info is missing": Case((), "second opinion", {}, opinion()),
    "a signed word where client_info is garbage": Case(("?",), "second opinion", NOBODY, opinion()),
    "a signed word under another name, but the entered id": Case(
        OURS, "second opinion", {}, opinion(username="else@acme.example")
    ),
    "a signed word under another name": Case(OURS, "ask", NOBODY, opinion(username="else@acme.example")),
    "a signed word under the mail address": Case(OURS, "ask", NOBODY, opinion(username="calendar@mail.example")),
    "a signed word without a name": Case(OURS, "ask", NOBODY, opinion(username="")),
    "a signed word under another name, first use trusted": Case(OURS, "first use", TRUSTING, opinion(username="x@acme.example")),
}

SOMEBODY_ELSE = {
    "another user of the tenant": Case((client_info(WRONG),), "wrong-user"),
    "the administrator, pinned user expected": Case((client_info(WRONG),), "wrong-user", PINNED),
    "another user, first use trusted but one was entered": Case((client_info(WRONG),), "wrong-user", {"trust_first_use": True}),
    "another user, first use trusted but one is pinned": Case(
        (client_info(WRONG),), "wrong-user", {**PINNED, "trust_first_use": True}
    ),
    "created anew: same UPN, new object": Case((client_info(THIRD),), "wrong-user", PINNED),
    "created anew, the new one entered, the old one pinned": Case(
        (client_info(THIRD),), "wrong-user", {"object_id": THIRD, "pin": pin()}
    ),
    "the pinned one while another was entered": Case(OURS, "wrong-user", {"object_id": WRONG, "pin": pin()}),
    "the entered one while another is pinned": Case(OURS, "wrong-user", {"pin": pin(WRONG)}),
    "neither the pinned nor the entered one": Case((client_info(THIRD),), "wrong-user", {"pin": pin(WRONG)}),
    "the same object id in another tenant": Case((client_info(RIGHT, ELSEWHERE),), "wrong-tenant"),
    "the same, pinned": Case((client_info(RIGHT, ELSEWHERE),), "wrong-tenant", PINNED),
    "the same, nobody known": Case((client_info(RIGHT, ELSEWHERE),), "wrong-tenant", NOBODY),
    "the same, first use trusted": Case((client_info(RIGHT, ELSEWHERE),), "wrong-tenant", TRUSTING),
    "same name in another tenant": Case((client_info(WRONG, ELSEWHERE),), "wrong-tenant"),
    "a guest, at home elsewhere": Case((client_info(WRONG, ELSEWHERE),), "wrong-tenant", NOBODY),
    "a guest whose home id was entered": Case((client_info(WRONG, ELSEWHERE),), "wrong-tenant", {"object_id": WRONG}),
    "a guest who was pinned somehow": Case((client_info(RIGHT, ELSEWHERE),), "wrong-tenant", {"pin": pin(RIGHT, ELSEWHERE)}),
    "a personal Microsoft account": Case(
        (client_info("00000000-0000-0000-1234-00000000aaaa", "9188040d-6c67-4c5b-b112-36a304b66dad"),), "wrong-tenant", NOBODY
    ),
    "a pin of another tenant, registry moved": Case(OURS, "wrong-tenant", {"pin": pin(RIGHT, ELSEWHERE)}),
    "object and tenant exchanged": Case((client_info(TENANT, RIGHT),), "wrong-tenant"),
    "one digit off": Case((client_info(RIGHT[:-1] + "b"),), "wrong-user"),
    "two digits exchanged": Case((client_info(RIGHT.replace("0b1e", "b01e")),), "wrong-user"),
    "all zeros": Case((client_info("00000000-0000-0000-0000-000000000000"),), "wrong-user"),
    "an id entered that is none": Case(OURS, "wrong-user", {"object_id": " "}),
    "the UPN entered in place of the id": Case(OURS, "wrong-user", {"object_id": UPN}),
}

TWO_WORDS = {
    "the signed word is of another user": Case(OURS, "opinions-differ", {}, opinion(WRONG)),
    "the answer is of another user, the signed word right": Case((client_info(WRONG),), "opinions-differ", {}, opinion()),
    "both of another user": Case((client_info(WRONG),), "wrong-user", {}, opinion(WRONG)),
    "both of another user who bears the name": Case((client_info(WRONG),), "wrong-user", PINNED, opinion(WRONG)),
    "same object, other tenant": Case(OURS, "opinions-differ", {}, opinion(RIGHT, ELSEWHERE)),
    "the token speaks of another object than its own client_info": Case(OURS, "opinions-differ", {}, opinion(oid=WRONG)),
    "the same, tenant in capitals": Case(OURS, "opinions-differ", {}, opinion(oid=WRONG, tid=TENANT.upper())),
    "the token names no object": Case(OURS, "opinions-differ", {}, Opinion(HomeAccount(RIGHT, TENANT), "", TENANT, UPN)),
    "the token is another tenant's": Case(OURS, "opinions-differ", {}, opinion(tid=ELSEWHERE)),
    "the same, nobody known, first use trusted": Case(OURS, "opinions-differ", TRUSTING, opinion(tid=ELSEWHERE)),
    "the token names no tenant": Case(OURS, "opinions-differ", NOBODY, opinion(tid="")),
    "a guest, by both": Case((client_info(WRONG, ELSEWHERE),), "wrong-tenant", NOBODY, opinion(WRONG, ELSEWHERE, oid=THIRD)),
    "a guest whose id here was entered": Case(
        (client_info(WRONG, ELSEWHERE),), "wrong-tenant", {"object_id": THIRD}, opinion(WRONG, ELSEWHERE, oid=THIRD)
    ),
    "a guest who bears the very name": Case((client_info(WRONG, ELSEWHERE),), "wrong-tenant", NOBODY, opinion(WRONG, ELSEWHERE)),
    "no second opinion could be had": Case(OURS, "identity-unreadable", {}, Unreadable("interaction required")),
    "the same, first use trusted": Case(OURS, "identity-unreadable", TRUSTING, Unreadable("no network")),
    "client_info garbage, the signed word of another": Case(("?",), "wrong-user", {}, opinion(WRONG)),
    "a name with a Cyrillic letter": Case(OURS, "ask", NOBODY, opinion(username=UPN.replace("a", "\u0430"))),
    "a name with a Kelvin sign": Case(OURS, "ask", {**NOBODY, "upn": "k@acme.example"}, opinion(username="\u212a@acme.example")),
    "a name with a dotless i": Case(OURS, "ask", {**NOBODY, "upn": "i@acme.example"}, opinion(username="\u0131@acme.example")),
    "a name with a ligature": Case(
        OURS, "ask", {**NOBODY, "upn": "staff@acme.example"}, opinion(username="sta\ufb00@acme.example")
    ),
    "a name with a zero-width blank": Case(OURS, "ask", NOBODY, opinion(username=UPN.replace("@", "\u200b@"))),
    "a name turned round": Case(OURS, "ask", NOBODY, opinion(username="\u202e" + UPN)),
    "a name in full-width letters": Case(OURS, "ask", NOBODY, opinion(username=UPN.replace("s", "\uff53"))),
    "a name with a blank": Case(OURS, "ask", NOBODY, opinion(username=UPN + " ")),
    "a name with a plus": Case(OURS, "ask", NOBODY, opinion(username=UPN.replace("@", "+x@"))),
    "the name in a look-alike domain": Case(OURS, "ask", NOBODY, opinion(username=UPN.replace("acme", "acrne"))),
    "l for I": Case(OURS, "ask", {**NOBODY, "upn": "alI@acme.example"}, opinion(username="all@acme.example")),
    "o for 0": Case(OURS, "ask", {**NOBODY, "upn": "r00t@acme.example"}, opinion(username="root@acme.example")),
    "a non-ASCII UPN is never matched by name": Case(
        OURS, "ask", {**NOBODY, "upn": "\u0430@acme.example"}, opinion(username="\u0430@acme.example")
    ),
}

UNREADABLE = {
    "nothing": (),
    "empty": ("",),
    "twice": (client_info(), client_info()),
    "twice, wrong first": (client_info(WRONG), client_info()),
    "twice, empty second": (client_info(), ""),
    "one character": ("e",),
    "plain JSON": (f'{{"uid":"{RIGHT}","utid":"{TENANT}"}}',),
    "standard base64": (base64.b64encode(b'{"uid":"??>","utid":"??>"}').decode(),),
    "a blank before": (" " + client_info(),),
    "a line end after": (client_info() + "\n",),
    "padding in the middle": (client_info()[:8] + "=" + client_info()[8:],),
    "three paddings": (client_info() + "===",),
    "two glued together": (client_info() + "." + client_info(),),
    "huge": ("A" * 1_000_000,),
    "long but well-formed": (encoded({"uid": RIGHT, "utid": TENANT, "x": "y" * 2_000}),),
    "full-width letters": ("\uff45\uff59",),
    "not UTF-8": raw(b"\xff\xfe\xfd"),
    "no JSON": raw(b"uid=1"),
    "cut off": (client_info()[:-12],),
    "a list": (encoded([RIGHT, TENANT]),),
    "text": (encoded(RIGHT),),
    "null": (encoded(None),),
    "a number": (encoded(7),),
    "nested too deep": raw(b"[" * 1_500),
    "a number without end": raw(b"9" * 1_500),
    "not a number": raw(b'{"uid": NaN, "utid": NaN}'),
    "uid missing": (encoded({"utid": TENANT}),),
    "utid missing": (encoded({"uid": RIGHT}),),
    "uid null": (client_info(None),),
    "uid a list": (client_info([RIGHT]),),
    "uid an object": (client_info({"oid": RIGHT}),),
    "uid true": (client_info(uid=True),),
    "uid empty": (client_info(""),),
    "uid twice": raw(f'{{"uid":"{WRONG}","uid":"{RIGHT}","utid":"{TENANT}"}}'.encode()),
    "utid twice": raw(f'{{"uid":"{RIGHT}","utid":"{ELSEWHERE}","utid":"{TENANT}"}}'.encode()),
    "uid in capital letters of its name": (encoded({"UID": RIGHT, "UTID": TENANT}),),
    "uid with a blank": (client_info(RIGHT + " "),),
    "uid with a line end": (client_info(RIGHT + "\n"),),
    "uid with a NUL": (client_info(RIGHT + "\0"),),
    "uid in braces": (client_info("{" + RIGHT + "}"),),
    "uid without hyphens": (client_info(RIGHT.replace("-", "")),),
    "uid and utid glued": (client_info(f"{RIGHT}.{TENANT}"),),
    "uid with a Cyrillic a": (client_info(RIGHT.replace("a", "\u0430")),),
    "uid with a Cyrillic e": (client_info(RIGHT.replace("e", "\u0435")),),
    "uid with a full-width zero": (client_info(RIGHT.replace("0", "\uff10")),),
    "uid with Arabic digits": (client_info(RIGHT.replace("0", "\u0660")),),
    "uid with the letter O": (client_info(RIGHT.replace("0", "O")),),
    "uid with the letter l": (client_info(RIGHT.replace("1", "l")),),
    "uid with a zero-width blank": (client_info(RIGHT[:8] + "\u200b" + RIGHT[8:]),),
    "uid turned round": (client_info("\u202e" + RIGHT),),
    "uid with another hyphen": (client_info(RIGHT.replace("-", "\u2010")),),
    "uid a name": (client_info(UPN),),
    "utid a domain": (client_info(RIGHT, "acme.example"),),
    "utid common": (client_info(RIGHT, "common"),),
}

CASES = {
    **RIGHT_ONES,
    **SOMEBODY_ELSE,
    **TWO_WORDS,
    **{f"client_info {name}": Case(said, "identity-unreadable") for name, said in UNREADABLE.items()},
    "the tenant is not known": Case(OURS, "identity-unreadable", {"tenant_id": ""}),
    "the tenant is common": Case(OURS, "identity-unreadable", {"tenant_id": "common"}),
    "the tenant is a domain": Case(OURS, "identity-unreadable", {"tenant_id": "acme.example", "trust_first_use": True}),
    "the tenant is not known, a signed word": Case(OURS, "identity-unreadable", {"tenant_id": ""}, opinion()),
}


def verdict_word(verdict: Verdict) -> str:
    match verdict:
        case Accepted(_, tier):
            return tier.value
        case AskFirst():
            return "ask"
        case Refused(problem):
            return problem.code


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_who_signed_in(case: Case) -> None:
    expected = expecting(**case.expected).expected
    verdict = judge(expected, read_client_info(case.said), case.opinion)
    assert verdict_word(verdict) == case.verdict
    if isinstance(verdict, Accepted | AskFirst):
        account = case.opinion.account if isinstance(case.opinion, Opinion) else read_client_info(case.said)
        assert verdict.account == account


def test_there_are_enough_of_them() -> None:
    refused = [case for case in CASES.values() if "-" in case.verdict]
    assert len(CASES) >= 120
    assert len(refused) >= 60


def test_none_of_them_is_accepted_who_should_not_be() -> None:
    """The figure itself: of all named cases in which somebody else, or nobody knows who, signed in, not one is let through."""
    accepted = {
        name
        for name, case in CASES.items()
        if isinstance(judge(expecting(**case.expected).expected, read_client_info(case.said), case.opinion), Accepted)
    }
    meant = {name for name, case in CASES.items() if case.verdict in {tier.value for tier in Tier}}
    assert accepted - meant == set(), "false accepts"
    assert accepted == meant
    assert len(set(CASES) - meant) >= 100
    assert not accepted & {*SOMEBODY_ELSE, *TWO_WORDS}


@pytest.mark.parametrize("trust", [True, False])
@pytest.mark.parametrize("name", UNREADABLE.keys())
def test_an_unreadable_answer_is_refused_whoever_is_known(name: str, trust: bool) -> None:
    for known in ({}, NOBODY, PINNED):
        expected = expecting(**known, trust_first_use=trust).expected
        assert verdict_word(judge(expected, read_client_info(UNREADABLE[name]))) == "identity-unreadable"


# -- the words -----------------------------------------------------------------------------------------------------------------


def refusal(said: str, **expected: object) -> str:
    verdict = judge(expecting(**expected).expected, read_client_info((said,)))
    assert isinstance(verdict, Refused)
    return f"{verdict.problem.words} {verdict.problem.remedy}"


def test_a_refusal_names_who_was_expected_and_who_came() -> None:
    said = refusal(client_info(WRONG))
    assert RIGHT in said
    assert WRONG in said
    assert UPN in said
    said = refusal(client_info(THIRD), pin=pin(WRONG))
    assert f"{RIGHT} and {WRONG}" in said


def test_a_guest_is_told_why() -> None:
    said = refusal(client_info(RIGHT, ELSEWHERE))
    assert ELSEWHERE in said
    assert "guest" in said


NAMED = {"credential": "MS Graph 1", "upn": UPN}
OF_INSTANCE = {"instance": "acme"}
FACTS: dict[str, tuple[Case, dict[str, str]]] = {
    "another user": (Case((client_info(WRONG),), "wrong-user"), {**NAMED, "expected": RIGHT, "actual": WRONG}),
    "another tenant, entered in capitals": (
        Case((client_info(RIGHT, ELSEWHERE),), "wrong-tenant", {"tenant_id": TENANT.upper()}),
        {**NAMED, "expected": TENANT, "actual": ELSEWHERE},
    ),
    "a pin of another tenant": (
        Case(OURS, "wrong-tenant", {"pin": pin(RIGHT, ELSEWHERE)}),
        {**NAMED, "expected": ELSEWHERE, "actual": TENANT},
    ),
    "two accounts": (
        Case(OURS, "opinions-differ", {}, opinion(WRONG)),
        {**NAMED, "why": f"{RIGHT} signed in, {WRONG} was answered for"},
    ),
    "a token that contradicts itself": (
        Case(OURS, "opinions-differ", {}, opinion(oid=WRONG)),
        {**NAMED, "why": "the ID token names another object id than its client_info"},
    ),
    "a token of another tenant": (
        Case(OURS, "opinions-differ", {}, opinion(tid=ELSEWHERE)),
        {**NAMED, "why": f"the ID token was issued by the tenant {ELSEWHERE}"},
    ),
    "a token of no tenant": (
        Case(OURS, "opinions-differ", {}, opinion(tid="")),
        {**NAMED, "why": "the ID token was issued by the tenant of no name"},
    ),
    "no second opinion": (
        Case(OURS, "identity-unreadable", {}, Unreadable("no network")),
        {**OF_INSTANCE, "why": "second opinion: no network"},
    ),
    "no tenant": (
        Case(OURS, "identity-unreadable", {"tenant_id": ""}),
        {**OF_INSTANCE, "why": "the registry's tenant could not be told"},
    ),
    "no client_info": (Case((), "identity-unreadable"), {**OF_INSTANCE, "why": "no client_info"}),
    "two client_infos": (Case((*OURS, *OURS), "identity-unreadable"), {**OF_INSTANCE, "why": "client_info given more than once"}),
    "no base64url": (Case(("?",), "identity-unreadable"), {**OF_INSTANCE, "why": "client_info is not base64url"}),
    "no JSON": (Case(raw(b"uid=1"), "identity-unreadable"), {**OF_INSTANCE, "why": "client_info is not JSON"}),
    "no ids": (Case((encoded({}),), "identity-unreadable"), {**OF_INSTANCE, "why": "client_info does not hold the two ids"}),
}


@pytest.mark.parametrize(("case", "facts"), FACTS.values(), ids=FACTS.keys())
def test_a_refusal_says_for_which_credential_who_and_why(case: Case, facts: dict[str, str]) -> None:
    verdict = judge(expecting(**case.expected).expected, read_client_info(case.said), case.opinion)
    assert isinstance(verdict, Refused)
    assert (verdict.problem.code, verdict.problem.facts) == (case.verdict, facts)


def test_who_is_expected_where_nothing_is_said_is_nobody() -> None:
    bare = Expectation("acme", "MS Graph 1", UPN, TENANT)
    assert (bare.object_id, bare.pin, bare.trust_first_use) == ("", None, False)
    assert Opinion(HomeAccount(RIGHT, TENANT), RIGHT, TENANT).username == ""


def test_two_expected_accounts_are_named_in_one_order() -> None:
    for entered, pinned in ((RIGHT, WRONG), (WRONG, RIGHT)):
        verdict = judge(expecting(object_id=entered, pin=pin(pinned)).expected, HomeAccount(THIRD, TENANT))
        assert isinstance(verdict, Refused)
        assert verdict.problem.facts["expected"] == f"{RIGHT} and {WRONG}"


def test_how_long_client_info_may_be() -> None:
    longest = encoded({"uid": RIGHT, "utid": TENANT, "x": "y" * 1_432})
    assert len(longest) == 2_048
    assert read_client_info((longest,)) == HomeAccount(RIGHT, TENANT)
    assert read_client_info((longest + "=",)) == Unreadable("client_info is not base64url")


def test_the_alphabet_is_that_of_addresses() -> None:
    said = base64.urlsafe_b64encode(f'{{"uid":"{RIGHT}","utid":"{TENANT}","x":"\u07ff\u07bf?>~"}}'.encode()).decode()
    assert "-" in said or "_" in said
    assert read_client_info((said,)) == HomeAccount(RIGHT, TENANT)


@pytest.mark.parametrize("more", range(6))
def test_client_info_of_any_length_is_read(more: int) -> None:
    said = encoded({"uid": RIGHT, "utid": TENANT, "x": "y" * more})
    for padding in ("", "=" * (-len(said) % 4)):
        assert read_client_info((said + padding,)) == HomeAccount(RIGHT, TENANT)


def test_two_opinions_that_differ_are_both_named() -> None:
    verdict = judge(expecting().expected, read_client_info(OURS), opinion(WRONG))
    assert isinstance(verdict, Refused)
    assert RIGHT in verdict.problem.words
    assert WRONG in verdict.problem.words


def test_a_run_that_may_not_ask_says_how_to_enter_the_id() -> None:
    problem = unconfirmed(expecting().expected)
    assert (problem.code, problem.exit_code, problem.facts) == ("first-use", 1, {"upn": UPN, "instance": "acme"})
    assert "exoalias target acme --object-id" in problem.remedy


@pytest.mark.parametrize("tier", list(Tier))
def test_what_proves(tier: Tier) -> None:
    assert tier.proves == (tier not in {Tier.UNWATCHED, Tier.FIRST_USE})


# -- properties ----------------------------------------------------------------------------------------------------------------

_IDS = st.sampled_from([RIGHT, WRONG, THIRD, RIGHT.upper(), "", "x"])
_TENANTS = st.sampled_from([TENANT, ELSEWHERE, TENANT.upper(), "", "common"])
_ACCOUNTS = st.builds(HomeAccount, st.sampled_from([RIGHT, WRONG, THIRD]), st.sampled_from([TENANT, ELSEWHERE]))
_OPINIONS = (
    st.none()
    | st.builds(Unreadable, st.just("w"))
    | st.builds(Opinion, _ACCOUNTS, _IDS, _TENANTS, st.sampled_from([UPN, "", "x@y"]))
)
_PINS = st.none() | _ACCOUNTS.map(lambda a: pin(a.object_id, a.tenant_id))


@given(_ACCOUNTS, _OPINIONS, _PINS, _IDS, _TENANTS, st.booleans())
def test_nobody_else_is_ever_accepted(
    said: HomeAccount, second: Opinion | Unreadable | None, pinned: Pin | None, entered: str, tenant: str, trust: bool
) -> None:
    expected = expecting(pin=pinned, object_id=entered, tenant_id=tenant, trust_first_use=trust).expected
    verdict = judge(expected, said, second)
    if isinstance(verdict, Refused):
        return
    assert verdict.account == said
    assert said.tenant_id == tenant.lower()
    assert pinned is None or pinned.account == said
    assert not entered or entered.lower() == said.object_id
    if isinstance(second, Opinion):
        assert (second.account, second.oid.lower(), second.tid.lower()) == (said, said.object_id, said.tenant_id)
    if pinned is None and not entered:
        named = isinstance(second, Opinion) and second.username == UPN
        assert isinstance(verdict, AskFirst) == (not trust and not named)
        assert not isinstance(verdict, Accepted) or verdict.tier is (Tier.SECOND_OPINION if named else Tier.FIRST_USE)
    else:
        assert isinstance(verdict, Accepted)
        assert verdict.tier.proves


@given(st.lists(st.text(), max_size=3).map(tuple))
@example(("=",))
@example(("A===",))
def test_reading_never_raises(values: tuple[str, ...]) -> None:
    said = read_client_info(values)
    assert isinstance(said, Unreadable)
    assert said.why


@given(st.binary(max_size=200))
def test_reading_bytes_never_raises(data: bytes) -> None:
    assert isinstance(read_client_info(raw(data)), Unreadable)


@given(st.uuids(), st.uuids(), st.booleans())
def test_what_microsoft_packs_is_read(uid: object, utid: object, upper: bool) -> None:
    texts = [str(uid), str(utid)]
    packed = client_info(*(t.upper() if upper else t for t in texts))
    assert read_client_info((packed,)) == HomeAccount(*texts)


@given(st.text(max_size=40))
def test_a_guid_is_36_characters_of_ascii(text: str) -> None:
    assert not is_guid(text) or (len(text) == 36 and text.isascii())
