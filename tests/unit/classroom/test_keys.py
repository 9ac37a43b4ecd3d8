from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from fakeclass import NOW, ClassApi, jwt

from checker.catalogue import Lab
from checker.classroom.keys import DAY, Key, claims_of, key_in, new_key, token_of
from checker.classroom.plan import Desk, desk_of
from checker.classroom.roster import Pupil
from checker.cluster import Connection

BEGAN = datetime.fromtimestamp(NOW, UTC)


@pytest.fixture
def desk(lab: Lab, ann: Pupil, api: ClassApi) -> Desk:
    account = "/api/v1/namespaces/podlab-class/serviceaccounts/learner-ann"
    api.put(account, {"metadata": {"uid": "u1"}})
    return desk_of(ann, [lab])


@pytest.fixture
def key(connection: Connection, desk: Desk) -> Key:
    return new_key(connection, desk, 10)


def test_a_key_leads_to_the_learners_namespaces_as_he_and_nobody_else(key: Key) -> None:
    data = yaml.safe_load(key.text)
    assert [user["name"] for user in data["users"]] == ["learner-ann"]
    assert data["users"][0]["user"].keys() == {"token"}
    assert data["current-context"] == "lab-01-toy"
    assert {each["name"]: each["context"]["namespace"] for each in data["contexts"]} == {
        "lab-01-toy": "lab-01-toy-ann",
        "demo-01-toy": "demo-01-toy-ann",
    }
    assert key.ends == BEGAN + timedelta(days=10)


@pytest.mark.parametrize("name", ["2023e01", "0o17", "y", "1"])
def test_id_that_yaml_takes_for_a_number_names_no_user_by_itself(
    connection: Connection, lab: Lab, api: ClassApi, name: str
) -> None:
    """kubectl reads YAML by other rules than the library that writes it, which may not quote."""
    account = f"/api/v1/namespaces/podlab-class/serviceaccounts/learner-{name}"
    api.put(account, {"metadata": {"uid": "u1"}})
    text = new_key(connection, desk_of(Pupil(name, "Ann", "en"), [lab]), 10).text
    data = yaml.load(text, yaml.BaseLoader)
    assert {each["context"]["user"] for each in data["contexts"]} == {f"learner-{name}"}
    assert {each["name"] for each in data["users"]} == {f"learner-{name}"}


def test_a_key_holds_nothing_of_the_teachers_and_needs_no_other_file(
    key: Key, tmp_path: Path
) -> None:
    cluster = yaml.safe_load(key.text)["clusters"][0]["cluster"]
    assert cluster == {
        "server": "https://127.0.0.1:1",
        "certificate-authority-data": base64.b64encode(b"the authority").decode(),
    }
    for word in ("token: t", "boss", "prod", str(tmp_path)):
        assert word not in key.text


def test_authority_that_stands_in_the_kubeconfig_is_taken_as_it_is(
    connection: Connection, desk: Desk
) -> None:
    text = connection.kubeconfig.read_text()
    connection.kubeconfig.write_text(
        text.replace("certificate-authority: ca.crt", "certificate-authority-data: QUJD")
    )
    data = yaml.safe_load(new_key(connection, desk, 1).text)
    assert data["clusters"][0]["cluster"]["certificate-authority-data"] == "QUJD"


def test_a_cluster_that_lets_tokens_end_sooner_is_believed(
    connection: Connection, desk: Desk, api: ClassApi
) -> None:
    api.lasts = 3600
    assert new_key(connection, desk, 90).ends == BEGAN + timedelta(hours=1)


def test_a_key_is_kept_for_half_of_its_time(key: Key, connection: Connection, desk: Desk) -> None:
    def kept(days: float) -> Key | None:
        return key_in(key.text, connection, desk, "u1", BEGAN + timedelta(days=days))

    assert kept(0) == key
    assert kept(4.9) == key
    assert kept(5.1) is None


@pytest.mark.parametrize("text", ["", "words", "users: []", "users: [{user: {token: x}}]", "[1"])
def test_what_is_no_key_is_not_kept(text: str, connection: Connection, desk: Desk) -> None:
    assert key_in(text, connection, desk, "u1", BEGAN) is None


def test_a_key_for_another_account_cluster_or_set_of_namespaces_is_not_kept(
    key: Key, connection: Connection, desk: Desk
) -> None:
    now = BEGAN
    assert key_in(key.text, connection, desk, "u2", now) is None
    fewer = Desk(desk.pupil, desk.spaces[:1])
    assert key_in(key.text, connection, fewer, "u1", now) is None
    text = connection.kubeconfig.read_text()
    connection.kubeconfig.write_text(text.replace("127.0.0.1:1", "127.0.0.1:2"))
    assert key_in(key.text, connection, desk, "u1", now) is None


def test_what_a_token_says_is_read_and_nonsense_says_nothing() -> None:
    assert claims_of(jwt(exp=7)) == {"exp": 7}
    for nonsense in ("", "a", "a.b", "a.!!.c", "a.WzFd.c", "a.e30.c"):
        assert claims_of(nonsense) == {}
    assert token_of("users: [{user: {token: abc}}]") == "abc"
    assert DAY == 24 * 60 * 60
