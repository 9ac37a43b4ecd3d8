"""The kubeconfig that a learner is handed: one user, his own, and a context for each namespace.

Its token comes from the TokenRequest API: it ends by itself, it ends with the account, and it is
kept nowhere on the cluster. A token in a Secret would have no end, and be there to be read.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import yaml
from kubernetes import client

from checker.classroom.plan import HOME, Desk
from checker.cluster import Connection

CLUSTER = "podlab"
DAY = 86400
KEPT = ("server", "tls-server-name", "insecure-skip-tls-verify", "proxy-url")


@dataclass(frozen=True)
class Key:
    """A learner's kubeconfig, and when its token ends (UTC)."""

    text: str
    ends: datetime


def new_key(connection: Connection, desk: Desk, days: int) -> Key:
    """A key with a new token. The cluster may let it end sooner than asked."""
    form = client.AuthenticationV1TokenRequest(
        spec=client.V1TokenRequestSpec(audiences=[], expiration_seconds=days * DAY)
    )
    api = connection.api(client.CoreV1Api)
    answer: Any = api.create_namespaced_service_account_token(desk.account, HOME, form)
    token = str(answer.status.token)
    return Key(_kubeconfig(connection, desk, token), _ends(claims_of(token)))


def key_in(text: str, connection: Connection, desk: Desk, uid: str, now: datetime) -> Key | None:
    """The key in a file that was written earlier, if it is still what would be written now.

    It is for this very account (`uid`), on this cluster, for these namespaces, and lasts at least
    half of its time yet.
    """
    token = token_of(text)
    claims = claims_of(token)
    mine = (claims.get("kubernetes.io") or {}).get("serviceaccount") or {}
    half = (claims.get("iat", 0) + claims.get("exp", 0)) / 2
    if mine.get("uid") != uid or now.timestamp() > half:
        return None
    return Key(text, _ends(claims)) if text == _kubeconfig(connection, desk, token) else None


def token_of(text: str) -> str:
    """The token in a kubeconfig; nothing for a text that is none."""
    try:
        return str(yaml.safe_load(text)["users"][0]["user"]["token"])
    except (yaml.YAMLError, KeyError, IndexError, TypeError):
        return ""


def claims_of(token: str) -> dict[str, Any]:
    """What a token says of itself (RFC 7519). Only for tokens that the cluster gave us."""
    try:
        middle = token.split(".")[1]
        found = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
    except (IndexError, ValueError, binascii.Error):
        return {}
    return found if isinstance(found, dict) else {}


def context_name(lesson: str, part: str) -> str:
    """The context of a namespace; in the learner's own file his id says nothing."""
    return f"{part}-{lesson}"


def _ends(claims: Mapping[str, Any]) -> datetime:
    return datetime.fromtimestamp(claims["exp"], UTC)


def _kubeconfig(connection: Connection, desk: Desk, token: str) -> str:
    contexts = [
        {
            "name": context_name(space.lesson, space.part),
            "context": {
                "cluster": CLUSTER,
                "user": desk.account,
                "namespace": space.namespace,
            },
        }
        for space in desk.spaces
    ]
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": CLUSTER, "cluster": _cluster(connection)}],
        # Never the id alone: kubectl reads `2023e01` or `y` as a number or a boolean.
        "users": [{"name": desk.account, "user": {"token": token}}],
        "contexts": contexts,
        "current-context": contexts[0]["name"],
    }
    return yaml.safe_dump(config, sort_keys=False)


def _cluster(connection: Connection) -> dict[str, Any]:
    """The cluster of the teacher's kubeconfig; what it names as a file is put in."""
    data = yaml.safe_load(connection.kubeconfig.read_text(encoding="utf-8"))
    by_name = {each["name"]: each for each in data["contexts"]}
    wanted = by_name[connection.context]["context"]["cluster"]
    found = next(each["cluster"] for each in data["clusters"] if each["name"] == wanted)
    kept = {name: found[name] for name in KEPT if name in found}
    authority, file = (found.get(f"certificate-authority{end}") for end in ("-data", ""))
    if file and not authority:
        raw = (connection.kubeconfig.parent / file).read_bytes()
        authority = base64.b64encode(raw).decode()
    return kept | ({"certificate-authority-data": authority} if authority else {})
