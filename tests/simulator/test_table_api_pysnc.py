"""PySNC, a public client of ServiceNow's, works unchanged against the simulated instance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests
from pysnc import ServiceNowClient
from pysnc.exceptions import AuthenticationException, NotFoundException, RoleException

from tests.simulator.running import running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exoalias.simulator.serve import Simulator


class PlainOnLoopback(requests.adapters.HTTPAdapter):
    """PySNC takes https addresses only; the simulator speaks http on loopback."""

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:  # noqa: ANN401 - handed on
        request.url = str(request.url).replace("https://", "http://", 1)
        return super().send(request, *args, **options)


def pysnc(simulator: Simulator, user: str, password: str) -> Any:  # noqa: ANN401 - ships no types
    """PySNC, as it comes, with a session of ours."""
    session = requests.Session()
    session.trust_env = False
    session.auth = (user, password)
    session.mount("https://127.0.0.1", PlainOnLoopback())
    return ServiceNowClient(simulator.instance.origin.replace("http://", "https://"), session, auto_retry=False)


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    """Credentials without a profile."""
    with running("profile-missing") as simulator:
        yield simulator


@pytest.fixture
def client(simulator: Simulator) -> Iterator[Any]:
    """PySNC, signed in as the admin."""
    admin = simulator.cast.admin
    client = pysnc(simulator, admin.user_name, admin.password)
    yield client
    client.session.close()


def test_query_order_and_page(client: Any) -> None:  # noqa: ANN401 - ships no types
    records = client.GlideRecord("http_connection", batch_size=30)
    records.add_active_query()
    records.order_by("name")
    records.query()
    names = [record.name.get_value() for record in records]
    assert len(names) == records.get_row_count() > 60
    assert [name.lower() for name in names] == sorted(name.lower() for name in names)


def test_get_dot_walk_and_display_values(simulator: Simulator, client: Any) -> None:  # noqa: ANN401 - ships no types
    profile = client.GlideRecord("oauth_entity_profile")
    profile.fields = ["name", "oauth_entity", "oauth_entity.client_id", "grant_type"]
    assert profile.get(simulator.cast.sys_id("profile"))
    assert profile.get_value("oauth_entity") == simulator.cast.sys_id("registry")
    assert profile.get_display_value("oauth_entity") == simulator.cast.registry_name
    assert profile.get_element("oauth_entity.client_id").get_value() == simulator.cast.strict.client_id
    assert profile.get_display_value("grant_type") == "Authorization Code"


def test_update_of_one_field(simulator: Simulator, client: Any) -> None:  # noqa: ANN401 - ships no types
    credential = client.GlideRecord("oauth_2_0_credentials")
    assert credential.get("name", "MS Graph 1")
    count = int(credential.get_value("sys_mod_count"))
    credential.set_value("oauth_entity_profile", simulator.cast.sys_id("profile"))
    assert credential.update() == simulator.cast.sys_id("MS Graph 1")
    assert credential.get_display_value("oauth_entity_profile") == simulator.cast.profile_name
    assert int(credential.get_value("sys_mod_count")) == count + 1


def test_conditions(simulator: Simulator, client: Any) -> None:  # noqa: ANN401 - ships no types
    credentials = client.GlideRecord("oauth_2_0_credentials")
    credentials.add_query("name", "MS Graph 1").add_or_condition("name", "MS Graph 2")
    credentials.add_null_query("oauth_entity_profile")
    credentials.query()
    assert {record.sys_id for record in credentials} == {simulator.cast.sys_id(name) for name in ("MS Graph 1", "MS Graph 2")}


def test_batch(simulator: Simulator, client: Any) -> None:  # noqa: ANN401 - ships no types
    found: list[Any] = []
    for name in ("MS Graph 1", "MS Graph 2"):
        record = client.GlideRecord("oauth_2_0_credentials")
        client.batch_api.get(record, simulator.cast.sys_id(name), found.append)
    client.batch_api.execute()
    assert [answer.json()["result"]["name"]["value"] for answer in found] == ["MS Graph 1", "MS Graph 2"]


def test_refusals_become_its_exceptions(simulator: Simulator, client: Any) -> None:  # noqa: ANN401 - ships no types
    with pytest.raises(RoleException):
        client.table_api.post(client.GlideRecord("oauth_2_0_credentials"))
    with pytest.raises(NotFoundException):
        client.table_api.get(client.GlideRecord("oauth_2_0_credentials"), "0" * 32)
    stranger = pysnc(simulator, "somebody", "wrong")
    with stranger.session, pytest.raises(AuthenticationException):
        stranger.GlideRecord("sys_user").get("0" * 32)
