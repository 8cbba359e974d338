"""Whose token is it? The script in a real engine with stand-ins for the documented interfaces, and its answer compared."""

from __future__ import annotations

import base64
import html
import json
import os
import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.browser.find import find
from exoalias.app.owner import script_for, take_answer
from exoalias.domain.checklist import Status
from exoalias.domain.problems import AnswerNotUsable, InstanceCannotTell, UnknownCredential
from tests.app.held import Held, holding

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from exoalias.domain.checklist import Finding
    from exoalias.domain.events import Checked
    from exoalias.domain.target import HomeAccount

OID, TID = "0b1ec700-0000-4000-8000-00000000aaaa", "7e000000-0000-4000-8000-00000000aaaa"
SECRET = "signature-of-the-token"


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Held]:
    """An instance on which all holds."""
    with holding(tmp_path) as made:
        yield made


def _jwt(claims: object) -> str:
    parts = [json.dumps({"alg": "RS256"}), json.dumps(claims, ensure_ascii=False)]
    return ".".join([*(base64.urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in parts), SECRET])


# What stands for the interfaces of the page “GlideOAuthClient”: in a scope with sn_auth and in one without, kind and unkind.
CASES = {
    "the account": (f"{json.dumps(_jwt({'oid': OID, 'tid': TID, 'name': 'Räume ÿ', 'exp': 1}))}", f"{OID} {TID}"),
    "no token": ("null", "none no-token"),
    "an empty token": ('""', "none no-token"),
    "an opaque token": ('"EwB4A8l6BAAU-opaque"', "none not-readable"),
    "not base64": ('"a.%%%.c"', "none not-readable"),
    "no JSON": (json.dumps(f"a.{base64.urlsafe_b64encode(b'hello').decode()}.c"), "none not-readable"),
    "another payload": (json.dumps(_jwt({"sub": "x"})), "none not-readable"),
    "a payload that is null": (json.dumps(_jwt(None)), "none not-readable"),
    "ids that are none": (json.dumps(_jwt({"oid": "svc@acme.example", "tid": 7})), "none not-readable"),
    "refused": ("REFUSED", "none not-allowed"),
}


def _stand_ins(said: str, *, scoped: bool) -> str:
    client = (
        "function Client() { if (SAID === 'REFUSED') { throw new Error('no'); } "
        "this.getToken = function (c, p) { asked.push(c, p); "
        "return SAID === null ? null : { getAccessToken: function () { return SAID; }, "
        "getRefreshToken: function () { throw new Error('never'); } }; }; }"
    )
    named = "var sn_auth = { GlideOAuthClient: Client };" if scoped else "var GlideOAuthClient = Client;"
    value = json.dumps("REFUSED") if said == "REFUSED" else said
    return f"var out = [], asked = [], SAID = {value}; {client} {named} var gs = {{ info: function (t) {{ out.push(t); }} }};"


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[list[str]]]:
    """Every case, run once by the real engine of the browser; what the script printed."""
    from exoalias.adapters import assets
    from exoalias.domain.instance_answer import script
    from exoalias.domain.records import SysId

    folder = tmp_path_factory.mktemp("script")
    text = script(assets.text("instance", "whose-token.js"), SysId("c0" * 16), SysId("f0" * 16)).replace("</", "<\\/")
    runs = [
        f"run('{name}|{scoped}', function () {{ {_stand_ins(said, scoped=scoped)}\n{text}\nreturn [out, asked]; }});"
        for name, (said, _) in CASES.items()
        for scoped in (True, False)
    ]
    page = folder / "run.html"
    collect = "var all = {}; function run(name, what) { all[name] = what(); }"
    write = "var pre = document.createElement('pre'); pre.textContent = JSON.stringify(all); document.body.append(pre);"
    page.write_text(f'<!doctype html><meta charset="utf-8"><body><script>{collect}\n{"".join(runs)}\n{write}</script>', "utf-8")
    command = [
        str(find(None).path),
        "--headless",
        "--disable-gpu",
        f"--user-data-dir={folder}/profile",
        "--dump-dom",
        page.as_uri(),
    ]
    command += ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    said = re.search(r"<pre>(.*?)</pre>", done.stdout, re.DOTALL)
    assert said is not None
    found: dict[str, list[list[str]]] = json.loads(html.unescape(said[1]))
    return found


@pytest.mark.parametrize("scoped", [True, False])
@pytest.mark.parametrize("case", CASES)
def test_the_script_says_one_line_and_never_the_token(ran: dict[str, list[list[str]]], case: str, scoped: bool) -> None:
    said, expected = CASES[case]
    out, asked = ran[f"{case}|{scoped}"]
    assert out == [f"exoalias-answer 1 {'c0' * 16} {'f0' * 16} {expected}"]
    assert asked in ([], ["c0" * 16, "f0" * 16])
    assert SECRET not in json.dumps(out)
    assert len(said) < 20 or said.strip('"')[:12] not in out[0]


# -- the answer ----------------------------------------------------------------------------------------------------------


def _line(held: Held, words: str, credential: str = "MS Graph 1") -> str:
    script = script_for(held.world, held.name, credential, held.told.append)
    ids = re.findall(r'var (?:credential|profile) = "([0-9a-f]{32})"', script)
    return f"*** Script: exoalias-answer 1 {' '.join(ids)} {words}"


def _account(held: Held) -> HomeAccount:
    proof = held.world.journal.proofs(held.name)[0]
    return proof.account


def _finding(checked: Checked) -> Finding | None:
    found = [f for row in checked.checklist.rows for f in row.findings if f.code == "credential.instance-answer"]
    assert len(found) <= 1
    return found[0] if found else None


def test_nothing_is_said_or_asked_until_somebody_does(held: Held) -> None:
    assert _finding(held.check()) is None


def test_the_delegated_users_is_shown_beside_the_proof_and_changes_no_tier(held: Held) -> None:
    before = [p.tier for p in held.world.journal.proofs(held.name)]
    account = _account(held)
    checked = take_answer(held.world, held.name, _line(held, f"{account.object_id} {account.tenant_id}"), held.told.append)
    finding = _finding(checked)
    assert finding is not None
    assert finding.status is Status.HOLDS
    assert "asked by hand" in finding.found.lower()
    assert [p.tier for p in held.world.journal.proofs(held.name)] == before
    assert _finding(held.check()) == finding, "it is kept"
    assert held.writes == []


def test_another_account_is_told_and_signing_in_offered(held: Held) -> None:
    account = _account(held)
    checked = take_answer(held.world, held.name, _line(held, f"{OID} {account.tenant_id}"), held.told.append)
    finding = _finding(checked)
    assert finding is not None
    assert finding.status is Status.NEEDS_YOU
    assert OID in finding.found
    assert finding.action is not None
    assert not checked.checklist.holds


def test_a_token_that_changed_since_makes_the_answer_say_nothing(held: Held) -> None:
    account = _account(held)
    take_answer(held.world, held.name, _line(held, f"{account.object_id} {account.tenant_id}"), held.told.append)
    store = held.simulator.instance.store
    for row in store.rows("oauth_credential"):
        store.update(row, {"expires": "2031-01-01 00:00:00"}, by="somebody")
    finding = _finding(held.check())
    assert finding is not None
    assert finding.status is Status.NOT_APPLICABLE


@pytest.mark.parametrize("reason", ["no-token", "not-allowed", "not-readable"])
def test_cannot_tell_is_said_and_nothing_kept(held: Held, reason: str) -> None:
    with pytest.raises(InstanceCannotTell):
        take_answer(held.world, held.name, _line(held, f"none {reason}"), held.told.append)
    assert held.world.journal.states.answers(held.name) == ()
    assert held.check().checklist.holds, "and blocks nothing"


@pytest.mark.parametrize("pasted", ["", f"eyJ0eXAiOiJKV1QifQ.{SECRET}", f"exoalias-answer 1 {'ab' * 16} {'cd' * 16} {OID} {TID}"])
def test_what_is_no_answer_is_not_kept_and_not_repeated(held: Held, pasted: str) -> None:
    with pytest.raises(AnswerNotUsable) as refused:
        take_answer(held.world, held.name, pasted, held.told.append)
    assert SECRET not in refused.value.words + refused.value.remedy
    assert held.world.journal.states.answers(held.name) == ()


def test_a_credential_nobody_has(held: Held) -> None:
    with pytest.raises(UnknownCredential):
        script_for(held.world, held.name, "MS Graph 9", held.told.append)
