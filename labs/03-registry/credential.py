"""The credential in a Secret, taken out as a kubelet takes it; no password stands in evidence."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from checker.observe import Bench, Login, PrivateRegistry
from checker.texts import Text

from .pulls import words

TYPE, KEY = "kubernetes.io/dockerconfigjson", ".dockerconfigjson"
OLD_TYPE, OLD_KEY = "kubernetes.io/dockercfg", ".dockercfg"
"""The form of 2015: the entries stand at its top. A kubelet still reads it."""
RIGHT_TYPE = Text(f"一个类型为 {TYPE} 的 Secret", f"a Secret of type {TYPE}")
FOR_HOST = Text("{host} 的用户名和密码", "user and password for {host}")
LETS_IN = Text("镜像仓库认得凭据（200）", "the registry knows the credential (200)")


def credential(
    bench: Bench, registry: PrivateRegistry, name: str, *, old_form: bool = False
) -> Login:
    """The credential that a kubelet would take out of this Secret, once the registry took it.

    With `old_form` it may be of the type of 2015 as well.
    """

    def shown(names: Iterable[str]) -> str:
        # The password may stand anywhere, also where the name of a user or a host belongs.
        return words(names).replace(registry.login.password, "…")

    entries = _entries(bench, name, _content(bench, name, old_form), shown)
    fitting = {key: entry for key, entry in entries.items() if _fits(key, registry.image())}
    about = FOR_HOST.format(host=registry.host)
    seen: dict[str, Any] = {"expected": about, "command": show(name), "secret": name}
    if not fitting:
        hosts = shown(entries)
        bench.failed("wrong-host", found=hosts, hosts=hosts, host=registry.host, **seen)
    found = {key: _login_in(entry) for key, entry in fitting.items()}
    for key, candidate in found.items():
        if not candidate:
            keys = shown(fitting[key])
            bench.failed("no-credential", found=keys, keys=keys, host=key, **seen)
        if registry.admits(candidate):
            return candidate
    user = shown(login.user for login in found.values() if login)
    refused = "401 Unauthorized"
    seen |= {"expected": LETS_IN, "found": f"{user}: {refused}"}
    bench.failed("login-refused", status=refused, user=user, **seen)


def helps(bench: Bench, registry: PrivateRegistry, name: str) -> bool:
    """Whether a kubelet finds a credential in this Secret that the registry knows now."""
    found = bench.find("Secret", name)
    if found is None or found.type not in (TYPE, OLD_TYPE):
        return False
    auths = _content_of(found).get("auths")
    if not isinstance(auths, dict) or not all(map(_is_sound, auths.values())):
        return False
    fitting = (entry for key, entry in auths.items() if _fits(key, registry.image()))
    return any(login and registry.admits(login) for login in map(_login_in, fitting))


def _content(bench: Bench, name: str, old_form: bool) -> Mapping[str, Any]:
    """The JSON in the Secret. Its type decides whether a kubelet looks into it at all."""
    found = bench.find("Secret", name)
    if found is None:
        bench.failed(
            "no-secret",
            expected=RIGHT_TYPE,
            found="-",
            command="kubectl get secrets",
            settles=0,
            secret=name,
        )
    if found.type != TYPE and not (old_form and found.type == OLD_TYPE):
        bench.failed(
            "wrong-type",
            expected=RIGHT_TYPE,
            found=found.type,
            command=f"kubectl get secret {name} -o jsonpath='{{.type}}'",
            secret=name,
            type=found.type,
        )
    return _content_of(found)


def _content_of(secret: Any) -> Mapping[str, Any]:
    """The JSON in a Secret of either type; the API server takes nothing but an object there."""
    if secret.type == OLD_TYPE:
        return {"auths": json.loads(base64.b64decode(secret.data[OLD_KEY]))}
    content: Mapping[str, Any] = json.loads(base64.b64decode(secret.data[KEY]))
    return content


def _entries(
    bench: Bench, name: str, content: Mapping[str, Any], shown: Callable[[Iterable[str]], str]
) -> Mapping[str, Mapping[str, Any]]:
    """What the Secret says of each registry, each entry sound: one that is not spoils them all."""
    auths = content.get("auths")
    seen: dict[str, Any] = {"expected": RIGHT_TYPE, "command": show(name), "secret": name}
    if not isinstance(auths, dict):
        keys = shown(content)
        bench.failed("no-auths", found=keys, keys=keys, **seen)
    for host, entry in auths.items():
        if not _is_sound(entry):
            bench.failed("bad-auth", found=shown([host]), host=shown([host]), **seen)
    return auths


def _is_sound(entry: object) -> bool:
    return isinstance(entry, dict) and not (entry.get("auth") and not _decoded(entry["auth"]))


def _login_in(entry: Mapping[str, Any]) -> Login | None:
    """User and password of a sound entry. Where `auth` is there, it wins over the two fields."""
    if entry.get("auth"):
        return _decoded(entry["auth"])
    if entry.get("username") or entry.get("password"):
        return Login(str(entry.get("username")), str(entry.get("password")))
    return None


def _decoded(auth: object) -> Login | None:
    """What `auth` says, base64 of user:password; its padding may be missing."""
    words = str(auth).strip()
    try:
        text = base64.b64decode(words + "=" * (-len(words) % 4), validate=True).decode()
    except ValueError:
        return None
    user, colon, password = text.partition(":")
    return Login(user, password) if colon else None


def _fits(key: str, image: str) -> bool:
    """Whether a kubelet uses the entry `key` for `image`: host and port, then part of the path.

    A scheme is passed over, so are the paths /v1/ and /v2/ (not /v2 without a slash after it), and
    `*` stands for part of a host's name between two dots
    (https://kubernetes.io/docs/concepts/containers/images/#config-json).
    """
    host, _, path = re.sub(r"^https?://", "", key).partition("/")
    of_image, _, rest = image.partition("/")
    (name, _, port), (wanted, _, wanted_port) = host.partition(":"), of_image.partition(":")
    parts, wanted_parts = name.split("."), wanted.split(".")
    return (
        port == wanted_port
        and len(parts) == len(wanted_parts)
        and all(map(fnmatchcase, wanted_parts, parts))
        and rest.startswith(re.sub(r"^v[12]/", "", path).rstrip("/"))
    )


def show(secret: str) -> str:
    """A command that shows what is in the Secret."""
    return (
        f"kubectl get secret {secret} -o go-template='{{{{index .data \"{KEY}\" | base64decode}}}}'"
    )
