from __future__ import annotations

import json

import pytest
from kubernetes.client import ApiException
from urllib3.exceptions import MaxRetryError, ReadTimeoutError

from checker.cluster import Meaning, meaning

RBAC = 'pods is forbidden: User "u" cannot list resource "pods" in API group ""'
QUOTA = 'pods "a" is forbidden: exceeded quota: podlab, requested: pods=1'


def error(code: int, message: str = "", reason: str = "") -> ApiException:
    body = json.dumps({"reason": reason, "message": message})
    return ApiException(status=code, reason="HTTP", body=body)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (error(404), Meaning.absent),
        (error(400, "bad"), Meaning.refused),
        (error(422, "field is immutable"), Meaning.refused),
        (error(403, QUOTA), Meaning.refused),
        (error(403, 'pods "a" is forbidden: violates PodSecurity "baseline"'), Meaning.refused),
        (error(409), Meaning.conflict),
        (error(403, RBAC), Meaning.blind),
        (error(403), Meaning.blind),
        (error(401), Meaning.blind),
        (error(410), Meaning.blind),
        (error(429), Meaning.blind),
        (error(500), Meaning.blind),
        (error(503), Meaning.blind),
        (error(302), Meaning.blind),
        (ApiException(status=0, reason="Handshake failed"), Meaning.blind),
        (ConnectionRefusedError(), Meaning.blind),
        (TimeoutError(), Meaning.blind),
        (MaxRetryError(None, "/"), Meaning.blind),  # type: ignore[arg-type]
        (ReadTimeoutError(None, "/", "slow"), Meaning.blind),  # type: ignore[arg-type]
    ],
    ids=repr,
)
def test_only_404_means_absent_and_only_a_refusal_means_refused(
    given: Exception, expected: Meaning
) -> None:
    assert meaning(given).meaning is expected


def test_answer_carries_the_servers_own_words() -> None:
    answer = meaning(error(422, "spec.x: Invalid value", "Invalid"))
    assert (answer.code, answer.reason, answer.message) == (422, "Invalid", "spec.x: Invalid value")


@pytest.mark.parametrize("body", ["<html>", "", "[]", "null"])
def test_answer_of_a_body_that_is_no_status_still_has_a_meaning(body: str) -> None:
    answer = meaning(ApiException(status=502, reason="Bad Gateway", body=body))
    assert answer.meaning is Meaning.blind
    assert "502" in answer.why.en
    assert "502" in answer.why.zh


def test_blind_answer_says_what_to_do() -> None:
    assert "podlab status" in meaning(TimeoutError()).todo.en
