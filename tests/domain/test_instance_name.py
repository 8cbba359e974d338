"""A suggested name is one that is taken."""

from __future__ import annotations

import pytest

from exoalias.domain.instance_name import called_after, may_be_called


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://acme.service-now.com/navpage.do", "acme"),
        (" acme.service-now.com ", "acme"),
        ("acme", "acme"),
        ("https://acme.servicenowservices.com", "acme"),
        ("https://it.acme.example:8443/x", "it.acme.example-8443"),
        ("http://127.0.0.1:37943/now", "127.0.0.1-37943"),
        ("https://[::1]:8443", ""),
        ("", ""),
        ("https://", ""),
        ("https://" + "a" * 65, ""),
    ],
)
def test_a_name_after_the_address(address: str, name: str) -> None:
    assert called_after(address) == name
    assert not name or may_be_called(name)


@pytest.mark.parametrize(
    ("name", "may"), [("acme prod 1.0_b-c", True), ("_a", False), ("a:b", False), ("a ", False), ("a" * 65, False)]
)
def test_what_an_instance_may_be_called(name: str, may: bool) -> None:
    assert may_be_called(name) is may
