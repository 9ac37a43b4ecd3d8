"""Judges lab 02 by what a program that is not root reads, before and after the Secret changes.

Values of Secrets are compared here and shown nowhere: evidence tells sizes, places and modes.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from checker.catalogue import check
from checker.observe import Bench, Outcome, Refusal, until_restart
from checker.texts import Text

from .literals import must_stand_nowhere
from .mounts import mount_at, type_of, volume_of
from .reader import FOLDER, FOLLOWED, SECRET, VARIABLE, WANTED, Reader, Sight, data_of
from .rights import NO_RIGHTS, must_read_no_secret
from .secrecy import discreet

FROZEN = "mysecret-v1"
LIVES = 8.0
"""Seconds to go on watching once the files are new. The given program looks at them every 5 s: one
that ends itself for a new password may do so that late, and on a busy machine it shows later still.
"""
PROBED = 60.0
"""Seconds more, at most, for a liveness probe that minds the change to have its restart."""

EXACT = Text(
    "username 是 7 个字节 value-1，password 是 7 个字节 value-2",
    "username is the 7 bytes value-1, password the 7 bytes value-2",
)
NOT_ROOT = Text("容器不以 root 运行", "the container does not run as root")
READABLE = Text("程序能读 {path}", "the program reads {path}")
IN_MEMORY = Text("{path} 在只读挂载的 tmpfs 上", "{path} is on a tmpfs that is mounted read-only")
MODE = Text("权限是 400 或 440", "the mode is 400 or 440")
EQUAL = Text("{path} 的内容和 Secret 一样", "{path} to be what the Secret holds")
ENV_EQUAL = Text("PASSWORD 等于 Secret 的 password", "PASSWORD is the password of the Secret")
ENV_OLD = Text(
    "文件是新的，PASSWORD 是旧的，容器没有重启",
    "the files are new, PASSWORD is old, and the container was not restarted",
)
CHANGEABLE = Text("Secret mysecret 可以改", "Secret mysecret can be changed")
INVALID = Text("改动数据得到 Invalid", "a change of the data is answered Invalid")


@check("bytes")
@discreet
def bytes_(bench: Bench) -> Outcome:
    data = data_of(bench, SECRET)
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
    fstype, options = reader.file_system(path)
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
    if not mount_at(pod, container, path):
        mounts = ", ".join(sorted(container.mounts.values())) or "-"
        command = f"kubectl describe pod {pod.name}"
        reader.fail(
            "not-mounted", expected, path=FOLDER, found=mounts, mounts=mounts, command=command
        )
    names = ", ".join(reader.run("ls", FOLDER).stdout.split()) or "-"
    command = reader.shown_by(f"ls -la {FOLDER}")
    reader.fail("no-file", expected, path=path, found=names, names=names, command=command)


def _must_be_equal(reader: Reader, key: str) -> None:
    path = f"{FOLDER}/{key}"

    def look() -> bytes:
        found, wanted = reader.run("cat", path).out, data_of(reader.bench, SECRET).get(key, b"")
        if found != wanted:
            sizes = {"size": len(found), "wanted": len(wanted), "path": path, "key": key}
            command = reader.shown_by(f"cat {path}")
            expected = EQUAL.format(path=path)
            reader.fail(
                "other-content", expected, found=f"{len(found)} bytes", command=command, **sizes
            )
        return found

    # A check that ended a moment ago has put the Secret back; the file follows in its own time.
    reader.bench.converge(look, lambda _: True, reader.patience(path), EQUAL.format(path=path))


@check("rotation")
@discreet
def rotation(bench: Bench) -> Outcome:
    reader = Reader.find(bench)
    old = reader.variable()
    wanted = data_of(bench, SECRET).get("password", b"")
    told: dict[str, Any] = {
        "expected": ENV_EQUAL,
        "command": f"kubectl describe pod {reader.pod.name}",
    }
    if old is None:
        reader.fail("no-env", found="-", **told)
    elif old != wanted:
        reader.fail("env-differs", found=f"{len(old)} bytes", size=len(old), **told)
    if SECRET not in (names := reader.secrets_of_variables()):
        found = ", ".join(sorted(names)) or "-"
        reader.fail("env-elsewhere", found=found, secrets=found, **told)
    new = {key: bench.token(f"{key}-").encode() for key in WANTED}
    _change(bench, new)
    _must_follow(reader, new)

    _must_go_on(reader, Sight(new, old))
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

    patience = reader.patience(*(f"{FOLDER}/{key}" for key in new))
    reader.bench.converge(look, bool, patience, FOLLOWED)


def _must_go_on(reader: Reader, wanted: Sight) -> None:
    """The new files and the old environment stay, in the same life of the container."""

    def look() -> Sight:
        try:
            sight = reader.sees()
        except Refusal as refusal:
            if refusal.message_id == "no-tools":
                # They were there a moment ago: what is missing is the container.
                reader.say_restarted("-")
            raise
        if sight.variable != wanted.variable:
            # No running program gets another environment: this is the next life already, even
            # where the Pod's status does not show it yet.
            reader.say_restarted(f"{VARIABLE}: new")
        return sight

    reader.bench.hold(
        look,
        lambda sight: sight.files == wanted.files,
        LIVES + min(PROBED, until_restart(reader.pod, reader.container.name)),
        ENV_OLD,
        show=lambda sight: f"files new: {sight.files == wanted.files}, {VARIABLE} old: True",
        command=f"kubectl get pod {reader.pod.name}",
    )


def _say_why_stale(reader: Reader, path: str, seconds: float) -> None:
    mount = mount_at(reader.pod, reader.container, path)
    volume = volume_of(reader.pod, mount)
    told: dict[str, Any] = {
        "path": path,
        "seconds": round(seconds),
        "expected": FOLLOWED,
        "found": f"{path}: old",
        "command": f"kubectl describe pod {reader.pod.name}",
    }
    if mount and (mount.sub_path or mount.sub_path_expr):
        reader.fail("subpath", **told)
    reader.fail("stale", volume=mount.name if mount else "-", kind=type_of(volume), **told)


@check("immutable")
@discreet
def immutable(bench: Bench) -> Outcome:
    data = data_of(bench, FROZEN)
    command = f"kubectl get secret {FROZEN} -o jsonpath='{{.immutable}}'"
    if not data:
        bench.failed("no-data", INVALID, "-", f"kubectl describe secret {FROZEN}")
    form: dict[str, Any] = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": FROZEN}}
    if refused := bench.refused_by_api(form):
        said = refused.message
        bench.failed("refused-all", INVALID, said, command, detail=said)
    # One more key, for a type may have rules of its own for the keys that are there.
    other = base64.b64encode(bench.token().encode()).decode()
    answer = bench.refused_by_api(form | {"data": {bench.token(): other}})
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
    account = must_read_no_secret(bench, pod)
    must_stand_nowhere(bench)
    user = f"system:serviceaccount:{bench.namespace}:{account}"
    return bench.passed(
        expected=NO_RIGHTS,
        found=f"ServiceAccount {account}: no",
        command=f"kubectl auth can-i list secrets --as={user}",
    )
