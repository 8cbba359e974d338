"""Who we are to an instance: in its own words, and only where it names one."""

from __future__ import annotations

import json

import pytest

from exoalias.adapters.entering.whoami import WHO, WHO_ELSE, who
from exoalias.adapters.network.http import Answer

JSON_TYPE = {"content-type": "application/json"}
UNKNOWN = Answer(404, "acme", JSON_TYPE, b'{"error": {}}')
REFUSED = Answer(401, "acme", JSON_TYPE, b"{}")


def said(result: object) -> Answer:
    return Answer(200, "acme", JSON_TYPE, json.dumps({"result": result}).encode())


@pytest.mark.parametrize(
    ("first", "second", "name"),
    [
        (said({"user_name": "ada"}), UNKNOWN, "ada"),
        (UNKNOWN, said([{"user_name": "ada"}]), "ada"),
        (said({"user_name": ""}), said([{"user_name": "ada"}]), "ada"),
        (said({"user_name": 5}), said([]), ""),
        (said(None), said([{"user_name": "ada"}, {"user_name": "bob"}]), ""),
        (UNKNOWN, UNKNOWN, ""),
        (Answer(200, "acme", JSON_TYPE, b"{broken"), UNKNOWN, ""),
        (Answer(200, "acme", JSON_TYPE, b"[]"), UNKNOWN, ""),
        (REFUSED, said({"user_name": "ada"}), None),
        (UNKNOWN, REFUSED, None),
    ],
)
def test_only_one_name_counts(first: Answer, second: Answer, name: str | None) -> None:
    assert who({WHO: first, WHO_ELSE: second}.__getitem__) == name
