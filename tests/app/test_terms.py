"""From what was read to the terms of a sign-in: one request, one user, and nothing where anything is in doubt."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from exoalias.app.check import read
from exoalias.app.choose import set_target
from exoalias.app.control import Control
from exoalias.app.entrance import enter
from exoalias.app.terms import initiator_url, terms_of
from exoalias.domain.problems import NoTarget, SomethingInDoubt, UnknownCredential
from exoalias.domain.records import Reading, SysId
from exoalias.domain.rules import judge
from exoalias.domain.target import REQUIRED_SCOPES
from tests.journeys.sitting_in import Desk, desk

if TYPE_CHECKING:
    from pathlib import Path

    from exoalias.domain.gate import Terms
    from exoalias.domain.records import Snapshot

HEADLESS = Control(interactive=False)


def _terms(at: Desk, credential: str = "MS Graph 1", control: Control = HEADLESS, **changes: Any) -> Terms:  # noqa: ANN401
    """The terms, of what is read now, with parts of the snapshot changed."""
    target = at.world.target(at.name)
    snapshot: Snapshot = replace(read(at.world, at.name, enter(at.world, at.name), target), **changes)
    checklist = judge(snapshot, target, at.world.journal.proofs(at.name), at.world.clock(), at.name).checklist
    return terms_of(at.world, at.name, snapshot, checklist, credential, control)


def test_the_terms_say_what_registry_profile_and_target_say(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        cast, terms = at.simulator.cast, _terms(at)
        assert terms.credential == cast.sys_id("MS Graph 1")
        assert terms.profile == cast.sys_id("profile")
        assert terms.planned.authorize_url == f"{at.simulator.microsoft.origin}/{cast.tenant.id}/oauth2/v2.0/authorize"
        assert terms.planned.client_id == cast.strict.client_id
        assert terms.planned.redirect_url == f"{at.simulator.instance.origin}/oauth_redirect.do"
        bare = {scope.removeprefix("https://graph.microsoft.com/").lower() for scope in terms.planned.scopes}
        assert bare == {scope.lower() for scope in REQUIRED_SCOPES}
        delegated = cast.people["delegated"]
        assert (terms.expected.upn, terms.expected.object_id) == (delegated.upn, delegated.object_id)
        assert terms.expected.tenant_id == cast.tenant.id
        assert terms.expected.pin is None
        assert not terms.second_opinion
        assert _terms(at, "MS Graph 2").credential == cast.sys_id("MS Graph 2")


@pytest.mark.parametrize("interactive", [True, False])
@pytest.mark.parametrize("trust", [True, False])
def test_the_person_is_taken_over_from_the_control(tmp_path: Path, interactive: bool, trust: bool) -> None:
    with desk(tmp_path) as at:
        terms = _terms(at, control=Control(interactive=interactive, trust_first_use=trust))
        assert terms.interactive is interactive
        assert terms.expected.trust_first_use is trust
        assert (terms.patience_s > 30) is interactive, "where nobody can press Continue, it is not waited for"


@pytest.mark.parametrize("known", ["object_id", "public_client_id", ""])
def test_no_account_on_first_use_where_the_settings_say_so(tmp_path: Path, known: str) -> None:
    with desk(tmp_path) as at:
        entry = at.world.book.get(at.name)
        assert entry.delegated_user is not None
        user = entry.delegated_user._replace(object_id=entry.delegated_user.object_id if known == "object_id" else "")
        at.world.book.put(entry._replace(delegated_user=user, public_client_id="c" * 36 if known == "public_client_id" else ""))
        asking = Control(interactive=True, trust_first_use=True)
        assert _terms(at, control=asking).expected.trust_first_use
        at.world = replace(at.world, settings=replace(at.world.settings, first_use=False))
        if not known:
            with pytest.raises(NoTarget, match=r"the object id of .* has to be entered first"):
                _terms(at, control=asking)
            return
        terms = _terms(at, control=asking)
        assert (terms.expected.trust_first_use, terms.interactive) == (False, False)
        assert terms.patience_s > 30, "the person is there all the same"


def test_a_public_client_asks_for_the_second_opinion(tmp_path: Path) -> None:
    with desk(tmp_path, second_opinion=True) as at:
        assert _terms(at).second_opinion


def test_the_initiator_address_word_by_word() -> None:
    url = initiator_url("https://acme.service-now.com", "a1", "b&2")
    assert url.startswith("https://acme.service-now.com/oauth_initiator.do?")
    assert parse_qs(urlsplit(url).query) == {
        "oauth_requestor_context": ["oauth_2_0_credentials"],
        "oauth_requestor": ["a1"],
        "oauth_provider_profile": ["b&2"],
        "response_type": ["code"],
    }


def test_a_tenant_named_by_its_domain_is_looked_up(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        registry = at.simulator.cast.sys_id("registry")
        target = at.world.target(at.name)
        rows = read(at.world, at.name, enter(at.world, at.name), target).registries.rows
        domain, tenant = at.simulator.cast.tenant.domain, at.simulator.cast.tenant.id
        changed = tuple(
            r._replace(auth_url=(r.auth_url or "").replace(tenant, domain), token_url=(r.token_url or "").replace(tenant, domain))
            if r.sys_id == registry
            else r
            for r in rows
        )
        assert _terms(at, registries=Reading(changed)).expected.tenant_id == tenant


# -- what may not begin --------------------------------------------------------------------------------------------------


def test_no_such_credential(tmp_path: Path) -> None:
    with desk(tmp_path) as at, pytest.raises(UnknownCredential, match="MS Graph 7"):
        _terms(at, "MS Graph 7")


def test_two_of_the_name_are_none(tmp_path: Path) -> None:
    with desk(tmp_path, "duplicate-credential") as at, pytest.raises(UnknownCredential):
        _terms(at)


def test_no_delegated_user_yet(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        at.world.book.put(at.world.book.get(at.name)._replace(delegated_user=None))
        with pytest.raises((NoTarget, SomethingInDoubt)):
            _terms(at)


def test_a_chosen_profile_that_is_gone(tmp_path: Path) -> None:
    with desk(tmp_path) as at, pytest.raises(NoTarget, match="not there any more"):
        _terms(at, profiles=Reading(()))


def test_no_profile_chosen_and_none_offers_itself(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        at.world.book.put(at.world.book.get(at.name)._replace(profile="", profile_name=""))
        assert _terms(at).profile == at.simulator.cast.sys_id("profile"), "the one that offers itself"
        with pytest.raises(NoTarget, match="no single one"):
            _terms(at, profiles=Reading(()))


@pytest.mark.parametrize("scenario", ["registry-misprints", "wrong-grant", "scope-missing", "cloned", "not-admin"])
def test_what_is_in_doubt_does_not_begin(tmp_path: Path, scenario: str) -> None:
    with desk(tmp_path, scenario) as at, pytest.raises((SomethingInDoubt, UnknownCredential)):
        _terms(at)


def test_a_doubt_on_one_credential_leaves_the_other(tmp_path: Path) -> None:
    with desk(tmp_path, "personal-credential") as at:
        with pytest.raises(SomethingInDoubt):
            _terms(at, "MS Graph 2")
        assert _terms(at, "MS Graph 1").credential_name == "MS Graph 1"


def test_a_credential_without_the_target_profile(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        target = at.world.target(at.name)
        rows = read(at.world, at.name, enter(at.world, at.name), target).credentials.rows
        spoiled = tuple(c._replace(profile=SysId(at.simulator.cast.sys_id("other"))) for c in rows)
        with pytest.raises(SomethingInDoubt, match="not the target profile"):
            _terms(at, credentials=Reading(spoiled))


def test_the_object_id_entered_later_counts(tmp_path: Path) -> None:
    with desk(tmp_path, "first-use") as at:
        assert _terms(at).expected.object_id == ""
        entered = at.simulator.cast.people["colleague"].object_id
        set_target(at.world, at.name, object_id=entered)
        assert _terms(at).expected.object_id == entered
