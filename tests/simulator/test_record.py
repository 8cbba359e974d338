"""The simulator's record keeps no secret and is whole under many threads."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

from exoalias.simulator.record import Record

SECRET = "s3cr3t-value"


def test_values_that_are_secrets_are_not_kept() -> None:
    record = Record()
    names = "code state client_secret code_verifier access_token refresh_token id_token nonce client_info SAMLRequest".split()
    record.request("instance", "GET", "/oauth_redirect.do?" + "&".join(f"{name}={SECRET}" for name in names) + "&x=1", 200)
    row = record.as_dict()["requests"][0]
    assert SECRET not in json.dumps(row)
    assert str(row["path"]).endswith("&x=1")


def test_words_that_only_end_like_a_secret_stay() -> None:
    record = Record()
    record.request("microsoft", "GET", "/authorize?response_type=code&zipcode=1&code=x", 200, note="n")
    assert record.as_dict()["requests"][0]["path"] == "/authorize?response_type=code&zipcode=1&code=…"


def test_every_kind_of_entry() -> None:
    record = Record()
    record.write("PATCH", "oauth_2_0_credentials", "71", {"oauth_entity_profile": SECRET, "active": SECRET})
    record.authorize("client", prompt="login", login_hint="a@b", cookies_seen=True)
    record.sign_in("microsoft", "delegated", how="password", client_id="client")
    record.code_issued("delegated", client_id="client")
    record.code_delivered("delegated")
    record.token_stored("71", "MS Graph 1", "delegated", "a@b", "oid", "tid")
    whole = record.as_dict()
    assert {name: len(rows) for name, rows in whole.items()} == {
        "requests": 0,
        "writes": 1,
        "authorize": 1,
        "sign_ins": 1,
        "codes_issued": 1,
        "codes_delivered": 1,
        "tokens": 1,
    }
    assert whole["writes"][0]["fields"] == ["active", "oauth_entity_profile"]
    assert whole["tokens"][0]["object_id"] == "oid"
    assert SECRET not in json.dumps(whole)
    assert record.summary()["token_owners"] == ["MS Graph 1: a@b"]


def test_a_copy_is_a_copy() -> None:
    record = Record()
    record.code_delivered("a")
    record.as_dict()["codes_delivered"][0]["owner"] = "b"
    assert record.as_dict()["codes_delivered"][0]["owner"] == "a"


def test_nothing_is_lost_between_threads() -> None:
    record = Record()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: record.code_issued(str(number)), range(800)))
    assert len({row["owner"] for row in record.as_dict()["codes_issued"]}) == 800
