"""Judges lab 02 by what a program that is not root reads, before and after the Secret changes.

Values of Secrets are compared here and shown nowhere: evidence tells sizes, places and modes.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any

from kubernetes.client import (
    AuthorizationV1Api,
    V1ResourceAttributes,
    V1SubjectAccessReview,
    V1SubjectAccessReviewSpec,
)

from checker.catalogue import check
from checker.observe import Bench, Container, Outcome, Pod, Ran, Refusal
from checker.observe.base import looking
from checker.texts import Text

SECRET, FROZEN = "mysecret", "mysecret-v1"
WANTED = {"username": b"value-1", "password": b"value-2"}
FOLDER = "/var/run/secrets/super"
VARIABLE = "PASSWORD"
FOLLOWS = 180.0
"""Seconds until a file follows its Secret: elsewhere the kubelet looks once a minute or slower."""
HOPELESS = 15.0
"""Seconds for a file that nothing will bring up to date: subPath, a copy, another Secret."""
STEADY = 3.0
"""Seconds for which a state must last before it counts."""
SETTLES = 3.0
"""Seconds the API server may need to learn of a changed Role."""
LEAST_HIDDEN = 4
"""Characters: a shorter value is no secret, and hiding it would tear every sentence to pieces."""
TEMPLATES = ("Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob")
FOLLOWING = ("secret", "projected", "csi")
"""Types of volumes that someone brings up to date."""

EXACT = Text(
    "username 是 7 个字节 value-1，password 是 7 个字节 value-2",
    "username is the 7 bytes value-1, password the 7 bytes value-2",
)
NOT_ROOT = Text("容器不以 root 运行", "the container does not run as root")
READABLE = Text("程序能读 {path}", "the program reads {path}")
IN_MEMORY = Text("{path} 在只读挂载的 tmpfs 上", "{path} is on a tmpfs that is mounted read-only")
MODE = Text("权限是 400 或 440", "the mode is 400 or 440")
EQUAL = Text("{path} 的内容和 Secret 一样", "{path} to be what the Secret holds")
FOLLOWED = Text(
    "两个文件跟上 Secret 的改变，容器不重启",
    "both files to follow the change of the Secret, without a restart",
)
ENV_EQUAL = Text("PASSWORD 等于 Secret 的 password", "PASSWORD is the password of the Secret")
ENV_OLD = Text(
    "文件是新的，PASSWORD 是旧的，容器没有重启",
    "the files are new, PASSWORD is old, and the container was not restarted",
)
CHANGEABLE = Text("Secret mysecret 可以改", "Secret mysecret can be changed")
INVALID = Text("改动数据得到 Invalid", "a change of the data is answered Invalid")
NO_RIGHTS = Text("ServiceAccount 读不到任何 Secret", "the ServiceAccount can read no Secret at all")
NOWHERE = Text(
    "mysecret 的值只在 Secret 里", "the values of mysecret stand in Secrets and nowhere else"
)
PLAIN, CODED = Text("原文", "as it is"), Text("base64", "in base64")

Judge = Callable[[Bench], Outcome]


def discreet(judge: Judge) -> Judge:
    """No report shows a Secret's value, not even where an event or a log of the learner's does."""

    @wraps(judge)
    def judged(bench: Bench) -> Outcome:
        values = _values(bench)
        try:
            outcome = judge(bench)
        except Refusal as no:
            values |= _values(bench)  # a rotated one has not been put back yet
            no.params = {key: _hidden(value, values) for key, value in no.params.items()}
            no.evidence = tuple(replace(e, found=_hidden(e.found, values)) for e in no.evidence)
            raise
        evidence = tuple(replace(e, found=_hidden(e.found, values)) for e in outcome.evidence)
        return replace(outcome, evidence=evidence)

    return judged


def _values(bench: Bench) -> frozenset[str]:
    """All values of the workspace's Secrets, as they are and in base64."""
    found: set[str] = set()
    for secret in bench.list("Secret"):
        for coded in (secret.data or {}).values():
            text = base64.b64decode(coded).decode("utf-8", "replace")
            found |= {coded.strip(), *(line.strip() for line in text.splitlines())}
    return frozenset(value for value in found if len(value) >= LEAST_HIDDEN)


def _hidden(value: Any, values: frozenset[str]) -> Any:
    if not isinstance(value, str):
        return value
    for secret in sorted(values, key=len, reverse=True):
        value = value.replace(secret, "***")
    return value


@dataclass(frozen=True)
class Sight:
    """What the app sees at one moment: the files by key, and PASSWORD."""

    files: Mapping[str, bytes]
    variable: bytes | None


@dataclass(frozen=True)
class Reader:
    """The container of the app, asked as the user it runs as."""

    bench: Bench
    pod: Pod
    container: Container

    @classmethod
    def find(cls, bench: Bench) -> Reader:
        """The one Pod `app=reader`, and the container that mounts something at FOLDER."""
        pod = bench.ready_pod("app=reader")
        running = [c for c in pod.containers if c.state == "running"]
        there = [c for c in running if _mount_at(pod, c, FOLDER)]
        default = pod.container()
        chosen = min(there or [default], key=lambda c: (not c.main, c.name != default.name))
        return cls(bench, pod, chosen)

    def shown_by(self, command: str) -> str:
        """A command with which the learner sees the same."""
        return f"kubectl exec {self.pod.name} -c {self.container.name} -- {command}"

    def run(self, *argv: str) -> Ran:
        """Run a program of the image; one that it does not have is the learner's to bring."""
        ran = self.bench.exec(self.pod, argv, self.container.name)
        if ran.code in (126, 127):
            self.fail("no-tools", found=ran.stderr.strip(), program=argv[0])
        return ran

    def fail(self, message: str, expected: Text | None = None, **params: Any) -> None:
        """End the check; every message may name the Pod and the container."""
        names = {"pod": self.pod.name, "container": self.container.name}
        self.bench.failed(message, expected, **(names | params))

    def variable(self) -> bytes | None:
        """What the container was given as PASSWORD at its start; None for nothing."""
        ran = self.run("printenv", VARIABLE)
        return ran.out.removesuffix(b"\n") if ran.ok else None

    def sees(self) -> Sight:
        """Files and environment as they are now, in the same life of the container."""
        self.lives_on()
        try:
            files = {key: self.run("cat", f"{FOLDER}/{key}").out for key in WANTED}
            return Sight(files, self.variable())
        except Refusal:
            self.lives_on()  # that it ended tells more than that a command broke off
            raise

    def lives_on(self) -> None:
        """The container goes on as it was found, else the check ends here."""
        now = next((p for p in self.bench.pods() if p.uid == self.pod.uid), None)
        mine = now.container(self.container.name) if now else None
        if mine and mine.id == self.container.id and mine.state == "running":
            return
        found = f"{mine.state} {mine.reason}, restartCount {mine.restarts}" if mine else "-"
        self.fail("restarted", FOLLOWED, found=found, command="kubectl get pods", settles=0)


@check("bytes")
@discreet
def bytes_(bench: Bench) -> Outcome:
    data = _data(bench, SECRET)
    for key, wanted in WANTED.items():
        show = f"kubectl get secret {SECRET} -o jsonpath='{{.data.{key}}}' | base64 -d | od -c"
        if key not in data:
            bench.failed(
                "no-key",
                EXACT,
                ", ".join(data) or "-",
                f"kubectl describe secret {SECRET}",
                key=key,
                keys=", ".join(data) or "-",
            )
        if data[key] != wanted:
            _say_what_is_wrong(bench, key, data[key], wanted, show)
    sizes = ", ".join(f"{key}: {len(data[key])} bytes" for key in WANTED)
    return bench.passed(expected=EXACT, found=sizes, command=f"kubectl describe secret {SECRET}")


def _say_what_is_wrong(bench: Bench, key: str, found: bytes, wanted: bytes, show: str) -> None:
    told: dict[str, Any] = {"key": key, "size": len(found), "command": show, "expected": EXACT}
    size = f"{key}: {len(found)} bytes"
    if found.rstrip(b"\r\n") == wanted:
        end = found[len(wanted) :].hex(" ")
        bench.failed("line-end", found=f"{size}, … {end}", bytes=end, **told)
    if _decoded(found).rstrip(b"\r\n") == wanted:
        bench.failed("encoded-twice", found=size, **told)
    pairs = zip(found, wanted, strict=False)
    place = next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(found), len(wanted)))
    bench.failed("wrong-value", found=size, place=place + 1, **told)


def _decoded(value: bytes) -> bytes:
    try:
        return base64.b64decode(value.strip(), validate=True)
    except binascii.Error:
        return b""


@check("mounted")
@discreet
def mounted(bench: Bench) -> Outcome:
    reader = Reader.find(bench)
    user = reader.run("id").stdout.strip()
    if reader.run("id", "-u").stdout.strip() == "0":
        reader.fail("root", NOT_ROOT, found=user, command=reader.shown_by("id"))
    modes = [_must_be_a_secret_file(reader, f"{FOLDER}/{key}", user) for key in WANTED]
    for key in WANTED:
        _must_be_equal(reader, key)
    return bench.passed(
        expected=READABLE.format(path=FOLDER),
        found=f"{user}, tmpfs ro, {', '.join(modes)}",
        command=reader.shown_by(f"ls -lanL {FOLDER}"),
    )


def _must_be_a_secret_file(reader: Reader, path: str, user: str) -> str:
    """The file is there, on a read-only tmpfs, narrow, and readable. Returns its mode."""
    listing = reader.shown_by(f"ls -lanL {FOLDER}")
    ran = reader.run("stat", "-L", "-c", "%a %u:%g", path)
    if not ran.ok:
        _say_what_is_missing(reader, path)
    mode, owner = ran.stdout.split()
    fstype, options = _file_system(reader, path)
    told = {
        "path": path,
        "expected": IN_MEMORY.format(path=path),
        "found": f"{fstype} {options}",
        "command": reader.shown_by("cat /proc/mounts"),
    }
    if fstype != "tmpfs":
        reader.fail("on-disk", fstype=fstype, **told)
    if "ro" not in options.split(","):
        reader.fail("writable", options=options, **told)
    told = {"path": path, "found": f"{mode} {owner}", "mode": mode, "command": listing}
    if not reader.run("cat", path).ok:
        expected = READABLE.format(path=path)
        reader.fail("unreadable", expected, owner=owner, user=user, **told)
    if mode in ("620", "660", "670"):
        reader.fail("decimal", MODE, **told)
    if mode not in ("400", "440"):
        reader.fail("mode", MODE, **told)
    return mode


def _say_what_is_missing(reader: Reader, path: str) -> None:
    pod, container = reader.pod, reader.container
    expected = READABLE.format(path=path)
    if not _mount_at(pod, container, path):
        mounts = ", ".join(sorted(container.mounts.values())) or "-"
        command = f"kubectl describe pod {pod.name}"
        reader.fail(
            "not-mounted", expected, path=FOLDER, found=mounts, mounts=mounts, command=command
        )
    names = ", ".join(reader.run("ls", FOLDER).stdout.split()) or "-"
    command = reader.shown_by(f"ls -la {FOLDER}")
    reader.fail("no-file", expected, path=path, found=names, names=names, command=command)


def _file_system(reader: Reader, path: str) -> tuple[str, str]:
    """Type and options of the mount that really holds the file, whatever links lead there."""
    real = reader.run("readlink", "-f", path).stdout.strip() or path
    best = ("", "?", "?")
    for line in reader.run("cat", "/proc/mounts").stdout.splitlines():
        _, point, fstype, options, *_ = line.split()
        inside = f"{real}/".startswith(f"{point.rstrip('/')}/")
        if inside and len(point) >= len(best[0]):  # a later mount covers an earlier one
            best = (point, fstype, options)
    return best[1], best[2]


def _must_be_equal(reader: Reader, key: str) -> None:
    path = f"{FOLDER}/{key}"

    def look() -> bytes:
        found, wanted = reader.run("cat", path).out, _data(reader.bench, SECRET).get(key, b"")
        if found != wanted:
            sizes = {"size": len(found), "wanted": len(wanted), "path": path, "key": key}
            command = reader.shown_by(f"cat {path}")
            expected = EQUAL.format(path=path)
            reader.fail(
                "other-content", expected, found=f"{len(found)} bytes", command=command, **sizes
            )
        return found

    # A check that ended a moment ago has put the Secret back; the file follows in its own time.
    patience = FOLLOWS if _follows(reader, path) else HOPELESS
    reader.bench.converge(look, lambda _: True, patience, EQUAL.format(path=path))


@check("rotation")
@discreet
def rotation(bench: Bench) -> Outcome:
    reader = Reader.find(bench)
    old = reader.variable()
    wanted = _data(bench, SECRET).get("password", b"")
    told: dict[str, Any] = {
        "expected": ENV_EQUAL,
        "command": f"kubectl describe pod {reader.pod.name}",
    }
    if old is None:
        reader.fail("no-env", found="-", **told)
    elif old != wanted:
        reader.fail("env-differs", found=f"{len(old)} bytes", size=len(old), **told)
    new = {key: bench.token(f"{key}-").encode() for key in WANTED}
    _change(bench, new)
    _must_follow(reader, new)

    wanted_now = Sight(new, old)
    bench.hold(
        reader.sees,
        lambda sight: sight == wanted_now,
        STEADY,
        ENV_OLD,
        show=lambda sight: (
            f"files new: {sight.files == new}, {VARIABLE} old: {sight.variable == old}"
        ),
        command=f"kubectl get pod {reader.pod.name}",
    )
    restarts = (
        f"restartCount {bench.pod(reader.pod.name).container(reader.container.name).restarts}"
    )
    return bench.passed(
        expected=ENV_OLD,
        found=f"files: new, {VARIABLE}: old, {restarts}",
        command=f"kubectl get pod {reader.pod.name}",
    )


def _change(bench: Bench, new: Mapping[str, bytes]) -> None:
    """Rotate. The former values, which `bytes` has found to be those of the task's text, stand in
    the journal meanwhile: no secret gets out by that.
    """
    coded = {key: base64.b64encode(value).decode() for key, value in new.items()}
    refused = bench.change("Secret", SECRET, {"data": coded})
    if refused:
        command = f"kubectl get secret {SECRET} -o jsonpath='{{.immutable}}'"
        said = refused.message
        bench.failed("cannot-change", CHANGEABLE, said, command, detail=said)


def _must_follow(reader: Reader, new: Mapping[str, bytes]) -> None:
    began = reader.bench.clock.now()

    def look() -> bool:
        found = reader.sees()
        for key, value in new.items():
            if found.files[key] != value:
                _say_why_stale(reader, f"{FOLDER}/{key}", reader.bench.clock.now() - began)
        return True

    whole = all(_follows(reader, f"{FOLDER}/{key}") for key in new)
    reader.bench.converge(look, bool, FOLLOWS if whole else HOPELESS, FOLLOWED)


def _say_why_stale(reader: Reader, path: str, seconds: float) -> None:
    mount = _mount_at(reader.pod, reader.container, path)
    volume = _volume(reader.pod, mount)
    told: dict[str, Any] = {
        "path": path,
        "seconds": round(seconds),
        "expected": FOLLOWED,
        "found": f"{path}: old",
        "command": f"kubectl describe pod {reader.pod.name}",
    }
    if mount and (mount.sub_path or mount.sub_path_expr):
        reader.fail("subpath", **told)
    reader.fail("stale", volume=mount.name if mount else "-", kind=_type(volume), **told)


@check("immutable")
@discreet
def immutable(bench: Bench) -> Outcome:
    data = _data(bench, FROZEN)
    command = f"kubectl get secret {FROZEN} -o jsonpath='{{.immutable}}'"
    if not data:
        bench.failed("no-data", INVALID, "-", f"kubectl describe secret {FROZEN}")
    form: dict[str, Any] = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": FROZEN}}
    if refused := bench.refused_by_api(form):
        said = refused.message
        bench.failed("refused-all", INVALID, said, command, detail=said)
    other = base64.b64encode(bench.token().encode()).decode()
    answer = bench.refused_by_api(form | {"data": {next(iter(data)): other}})
    if answer is None:
        flag = bench.get("Secret", FROZEN).immutable
        bench.failed("accepted", INVALID, f"immutable: {flag or '-'}", command)
    return bench.passed(
        expected=INVALID, found=f"{answer.reason}: {answer.message}", command=command
    )


@check("privilege")
@discreet
def privilege(bench: Bench) -> Outcome:
    pod = bench.ready_pod("app=reader")
    account = pod.raw.spec.service_account_name or "default"

    def look() -> None:
        for verb, name in _ways(bench):
            if _may(bench, account, verb, name):
                _say_who_may(bench, pod, account, verb, name)

    bench.converge(look, lambda _: True, SETTLES, NO_RIGHTS)
    _must_stand_nowhere(bench)
    user = f"system:serviceaccount:{bench.namespace}:{account}"
    return bench.passed(
        expected=NO_RIGHTS,
        found=f"ServiceAccount {account}: no",
        command=f"kubectl auth can-i list secrets --as={user}",
    )


def _ways(bench: Bench) -> Iterator[tuple[str, str]]:
    """Verbs, each with a name, or with none for all Secrets."""
    yield from ((verb, "") for verb in ("get", "list", "watch"))
    yield from (("get", secret.metadata.name) for secret in bench.list("Secret"))


def _may(bench: Bench, account: str, verb: str, name: str) -> bool:
    """What the API server would decide (SubjectAccessReview), as `kubectl auth can-i` asks it."""
    space = bench.namespace
    asked = V1ResourceAttributes(namespace=space, verb=verb, resource="secrets", name=name or None)
    spec = V1SubjectAccessReviewSpec(
        user=f"system:serviceaccount:{space}:{account}",
        groups=[
            "system:serviceaccounts",
            f"system:serviceaccounts:{space}",
            "system:authenticated",
        ],
        resource_attributes=asked,
    )
    with looking():
        api = bench.connection.api(AuthorizationV1Api)
        answer = api.create_subject_access_review(V1SubjectAccessReview(spec=spec))
    return bool(answer.status and answer.status.allowed)


def _say_who_may(bench: Bench, pod: Pod, account: str, verb: str, name: str) -> None:
    what = f"secret/{name}" if name else "secrets"
    user = f"system:serviceaccount:{bench.namespace}:{account}"
    bench.failed(
        "can-read",
        NO_RIGHTS,
        f"{verb} {what}: yes",
        f"kubectl auth can-i {verb} {what} --as={user}",
        pod=pod.name,
        account=account,
        verb=verb,
        what=what,
    )


def _must_stand_nowhere(bench: Bench) -> None:
    for kind in ("Pod", *TEMPLATES, "ConfigMap"):
        for thing in bench.list(kind):
            form = bench.connection.client.sanitize_for_serialization(thing)  # type: ignore[no-untyped-call]
            for field, text in _texts(_told(form)):
                for key, value in WANTED.items():
                    _must_not_hold(bench, f"{kind} {thing.metadata.name}", field, text, key, value)


def _told(form: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of an object that someone writes, the specification before the annotations."""
    notes = {"annotations": form["metadata"].get("annotations")}
    parts = {part: form.get(part) for part in ("spec", "data", "binaryData")}
    return parts | {"metadata": notes}


def _texts(thing: Any, field: str = "") -> Iterator[tuple[str, str]]:
    """Every text in an object, with the way to it."""
    if isinstance(thing, str):
        yield field, thing
    elif isinstance(thing, Mapping):
        for key, value in thing.items():
            yield from _texts(value, f"{field}.{key}".lstrip("."))
    elif isinstance(thing, list):
        for place, value in enumerate(thing):
            yield from _texts(value, f"{field}[{place}]")


def _must_not_hold(bench: Bench, thing: str, field: str, text: str, key: str, value: bytes) -> None:
    coded = base64.b64encode(value).decode().rstrip("=")
    for form, word in ((PLAIN, value.decode()), (CODED, coded)):
        if re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text):
            kind, _, name = thing.partition(" ")
            bench.failed(
                "literal",
                NOWHERE,
                f"{thing}: {field}",
                f"kubectl get {kind.lower()} {name} -o yaml",
                object=thing,
                field=field,
                key=key,
                form=form,
            )


def _data(bench: Bench, name: str) -> dict[str, bytes]:
    """The Secret's keys with their bytes."""
    secret = bench.get("Secret", name)
    return {key: base64.b64decode(coded) for key, coded in (secret.data or {}).items()}


def _mount_at(pod: Pod, container: Container, path: str) -> Any | None:
    """The mount that holds `path`, going by the Pod's specification: the deepest one."""
    spec = pod.raw.spec
    forms = [*(spec.containers or ()), *(spec.init_containers or ())]
    mounts = next((c.volume_mounts for c in forms if c.name == container.name), None) or ()
    # FOLDER holds a mount as well where each file is mounted on its own.
    around = [
        m
        for m in mounts
        if _within(path, m.mount_path) or (path == FOLDER and _within(m.mount_path, FOLDER))
    ]
    return max(around, key=lambda m: len(m.mount_path), default=None)


def _within(path: str, folder: str) -> bool:
    """Whether `path` is `folder` or below it. In many images /var/run is a link to /run."""
    inner, outer = (re.sub(r"^/var/run(?=/|$)", "/run", p.rstrip("/")) for p in (path, folder))
    return f"{inner}/".startswith(f"{outer}/")


def _volume(pod: Pod, mount: Any | None) -> Any | None:
    volumes = pod.raw.spec.volumes or ()
    return next((v for v in volumes if mount and v.name == mount.name), None)


def _type(volume: Any | None) -> str:
    """The type of a volume as the manifest names it, such as `emptyDir`."""
    for field, form in volume.attribute_map.items() if volume else ():
        if field != "name" and getattr(volume, field) is not None:
            return str(form)
    return "-"


def _follows(reader: Reader, path: str) -> bool:
    """Whether someone brings the file up to date when the Secret changes."""
    mount = _mount_at(reader.pod, reader.container, path)
    volume = _volume(reader.pod, mount)
    if mount is None or volume is None or mount.sub_path or mount.sub_path_expr:
        return False
    names = [volume.secret.secret_name] if volume.secret else [SECRET]
    if volume.projected:
        names = [source.secret.name for source in volume.projected.sources if source.secret]
    return _type(volume) in FOLLOWING and SECRET in names
