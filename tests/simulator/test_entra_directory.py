"""Tenants, registrations and people, looked up."""

from __future__ import annotations

import pytest

from exoalias.simulator.entra_directory import Directory, Refused, object_id_in
from exoalias.simulator.scenario import draw

CAST = draw(3)


@pytest.mark.parametrize(
    ("uri", "allowed"),
    [
        ("http://localhost", True),
        ("http://localhost/", True),
        ("http://localhost:1", True),
        ("http://localhost:65535/", True),
        ("https://localhost:1", False),
        ("http://localhost:1/path", False),
        ("http://localhost:1?x=1", False),
        ("http://localhost:1#x", False),
        ("http://me@localhost:1", False),
        ("http://127.0.0.1:1", False),
        ("http://localhost.example:1", False),
        ("http://localhost:99999", False),
        ("http://localhost:x", False),
        ("", False),
    ],
)
def test_a_public_client_returns_to_localhost_on_any_port(uri: str, allowed: bool) -> None:
    assert Directory(CAST).client(CAST.public.client_id, CAST.tenant).allows(uri) == allowed


def test_redirects_of_the_instance_are_registered_once_known() -> None:
    directory = Directory(CAST)
    assert not directory.client(CAST.strict.client_id, CAST.tenant).allows("http://127.0.0.1:9/oauth_redirect.do")
    directory.allow_redirects("http://127.0.0.1:9/")
    expected = {
        CAST.strict.client_id: "/oauth_redirect.do",
        CAST.oidc.client_id: "/auth_redirect.do",
        CAST.saml_entity_id: "/saml_acs.do",
    }
    for client_id, path in expected.items():
        assert directory.client(client_id, CAST.tenant).redirect_uris == {f"http://127.0.0.1:9{path}"}
    assert not directory.client(CAST.public.client_id, CAST.tenant).allows("http://127.0.0.1:9/oauth_redirect.do")


def test_tenants_by_id_and_domain() -> None:
    directory = Directory(CAST)
    assert directory.tenant(CAST.tenant.id.upper()) is directory.tenant(CAST.tenant.domain)
    assert directory.tenant(CAST.people["guest"].home.domain).id == CAST.people["guest"].home.id
    for name in ("common", "organizations", "consumers", "", "nowhere"):
        with pytest.raises(Refused):
            directory.tenant(name)


def test_people_by_user_name_alone() -> None:
    directory, person = Directory(CAST), CAST.people["namesake"]
    assert directory.person(f" {person.upn.upper()} ") is person
    assert directory.person(person.mail) is None
    assert directory.person(person.display_name) is None


def test_object_ids_at_home_and_as_a_guest() -> None:
    delegated, guest = CAST.people["delegated"], CAST.people["guest"]
    assert object_id_in(delegated, CAST.tenant) == delegated.object_id
    assert object_id_in(delegated, CAST.other_tenant) == ""
    assert object_id_in(guest, guest.home) == guest.object_id
    assert object_id_in(guest, CAST.tenant) == guest.guest_object_id != guest.object_id
