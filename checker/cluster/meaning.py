"""What an error of the API means, in one table: "not so", "refused", or "could not look".

Any status but 200 does not mean absent: only 404 for an object that was asked for does. A refusal
(invalid, forbidden by admission) is an observation. All the rest says nothing about the learner.
Status codes and reasons: https://kubernetes.io/docs/reference/using-api/api-concepts/
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum

from kubernetes.client import ApiException
from urllib3.exceptions import HTTPError

from checker.texts import Text

API_ERRORS: tuple[type[Exception], ...] = (ApiException, HTTPError, OSError)
"""All that a call of the client raises when the cluster, or the way to it, says no."""


class Meaning(StrEnum):
    """What an error tells about the object that was asked for."""

    absent = "absent"
    refused = "refused"
    conflict = "conflict"
    blind = "blind"


@dataclass(frozen=True)
class Answer:
    """An error, read. `reason` and `message` are the API server's own words (untrusted text)."""

    meaning: Meaning
    code: int
    reason: str
    message: str
    why: Text
    todo: Text


TRY_AGAIN = Text("请稍后再试一次。", "Try again in a moment.")
IS_IT_UP = Text(
    "用 podlab status 看集群是否在运行，用 podlab up 启动它。",
    "Run podlab status to see whether the cluster runs, and podlab up to start it.",
)
RIGHTS = Text(
    "用 podlab up 重新写一份课程的 kubeconfig。",
    "Run podlab up to write the course's kubeconfig again.",
)
READ_IT = Text("读一读它的答复。", "Read its answer.")

NO_ANSWER = Text("连不上集群的 API 服务器。", "The cluster's API server cannot be reached.")
NO_RIGHTS = Text(
    "API 服务器没有让检查程序查看（{code}）。", "The API server did not let us look ({code})."
)
TOO_BUSY = Text("API 服务器太忙，请求被推后了。", "The API server is too busy to answer now.")
ILL = Text("API 服务器自己出了错（{code}）。", "The API server has a trouble of its own ({code}).")
STRANGE = Text(
    "API 服务器的答复出乎意料（{code}）。", "The API server gave an unexpected answer ({code})."
)
ABSENT = Text("没有这个对象。", "There is no such object.")
REFUSED = Text("API 服务器拒绝了这个请求。", "The API server refused the request.")
CONFLICT = Text("对象已经存在，或刚刚被改动。", "The object exists already, or has just changed.")

TABLE: dict[int, tuple[Meaning, Text, Text]] = {
    0: (Meaning.blind, NO_ANSWER, IS_IT_UP),
    400: (Meaning.refused, REFUSED, READ_IT),
    401: (Meaning.blind, NO_RIGHTS, RIGHTS),
    403: (Meaning.blind, NO_RIGHTS, RIGHTS),
    404: (Meaning.absent, ABSENT, READ_IT),
    409: (Meaning.conflict, CONFLICT, TRY_AGAIN),
    410: (Meaning.blind, STRANGE, TRY_AGAIN),
    413: (Meaning.refused, REFUSED, READ_IT),
    422: (Meaning.refused, REFUSED, READ_IT),
    429: (Meaning.blind, TOO_BUSY, TRY_AGAIN),
}


def meaning(error: Exception) -> Answer:
    """Read an error of API_ERRORS."""
    if not isinstance(error, ApiException):
        return Answer(Meaning.blind, 0, type(error).__name__, str(error), NO_ANSWER, IS_IT_UP)
    code = error.status or 0
    reason, message = _status(error)
    kind, why, todo = TABLE.get(code) or _other(code)
    if code == 403 and not _about_rights(message):
        kind, why, todo = Meaning.refused, REFUSED, READ_IT
    return Answer(kind, code, reason, message, why.format(code=code), todo)


def _other(code: int) -> tuple[Meaning, Text, Text]:
    return (Meaning.blind, ILL if code >= 500 else STRANGE, TRY_AGAIN)


def _status(error: ApiException) -> tuple[str, str]:
    """Reason and message of the `Status` object in the body, else of the HTTP answer."""
    try:
        status = json.loads(error.body or "")
        return str(status.get("reason") or ""), str(status.get("message") or "")
    except (ValueError, AttributeError):
        return str(error.reason or ""), str(error.body or error.reason or "")


def _about_rights(message: str) -> bool:
    """Whether a 403 speaks of our rights (RBAC), not of admission (quota, Pod Security).

    RBAC says `User "x" cannot create resource "pods"`; admission never does. Without words we
    take it as our own: a check must not count against the learner what it does not understand.
    """
    return not message or ("cannot" in message and "User" in message)
