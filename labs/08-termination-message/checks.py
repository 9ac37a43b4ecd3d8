"""Judges lab 08 by what is left of a container when it has ended on the checker's order.

Each reason is random, so that words of an earlier life, or of another program, do not count.
"""

from __future__ import annotations

from typing import Any

from kubernetes import client

from checker.catalogue import check
from checker.observe import Bench, Outcome
from checker.observe.base import looking
from checker.texts import Text

from .ending import Ending, any_code, end
from .ordered import NAME, ready_pod, restarted
from .query import ask, await_words, make_pod, read_query

PATH = "/tmp/last-words"  # noqa: S108 (a path in the learner's container)
FALLBACK = "FallbackToLogsOnError"
MOST = 4096
"""Bytes of a termination message that the kubelet keeps."""
SLACK = 8
"""Bytes that a cut through a character of several bytes may add or take."""
OTHERS = ("archivist", "watcher")
"""Names before and after `messager`: a Pod's container statuses are sorted by name."""

IN_LAST = Text(
    "lastState 里有这一次的原因和退出码", "lastState holds the reason and exit code of this time"
)
FROM_PATH = Text(
    "终止消息来自 /tmp/last-words", "the termination message comes from /tmp/last-words"
)
FROM_LOG = Text(
    "出错后终止消息是日志的结尾", "after an error the termination message is the end of the log"
)
AGAIN = Text("容器结束之后再启动", "the container is started again after its end")
EMPTY = Text("成功后终止消息是空的", "after success the termination message is empty")
THIS_ONE = Text("只打印 messager 的终止消息", "the message of messager and nothing else")
CAUSE = Text("留下来的 4096 字节里有原因", "the 4096 bytes that are left hold the reason")


@check("message")
def message(bench: Bench) -> Outcome:
    ending, reason = _end(bench, "app=message")
    if not ending.message:
        _failed(ending, bench, "no-message", IN_LAST, code=ending.code)
    _must_name(bench, ending, reason, IN_LAST)
    if not ending.last:
        _failed(ending, bench, "in-state", IN_LAST, phase=ending.pod.phase)
    return _passed(bench, ending, IN_LAST)


@check("path")
def path(bench: Bench) -> Outcome:
    ending, reason = _end(bench, "app=path")
    read = ending.pod.form(NAME).termination_message_path
    if not ending.message:
        _failed(ending, bench, "no-message", FROM_PATH, code=ending.code, path=read)
    _must_name(bench, ending, reason, FROM_PATH)
    if read != PATH:
        command = f"kubectl get pod {ending.pod.name} -o yaml"
        bench.failed("other-path", FROM_PATH, read, command, path=read)
    return _passed(bench, ending, FROM_PATH)


@check("logs")
def logs(bench: Bench) -> Outcome:
    ending, reason = _end(bench, "app=logs")
    log = _log(bench, ending)
    command = f"kubectl logs {ending.pod.name} -c {NAME} --previous"
    if reason not in log:
        bench.failed("not-logged", FROM_LOG, log, command)
    policy = ending.pod.form(NAME).termination_message_policy
    if not ending.message:
        _failed(ending, bench, "no-message", FROM_LOG, policy=policy)
    if not log.rstrip().endswith(ending.message.strip()):
        _failed(ending, bench, "not-the-log", FROM_LOG, answer=ending.message)
    if not ending.last:
        told: dict[str, Any] = {"pod": ending.pod.name, "reason": ending.pod.phase}
        bench.failed(
            "pod-ended", AGAIN, ending.pod.phase, "kubectl get pods", code=ending.code, **told
        )
    pod = restarted(bench, ending.before)
    success = end(bench, pod, 0, bench.token("done-"), back=False)
    if success.message:
        _failed(success, bench, "message-on-success", EMPTY, answer=success.message)
    if policy != FALLBACK:  # only with it does a log become a message; this one came from a file
        command = f"kubectl get pod {ending.pod.name} -o yaml"
        bench.failed("from-a-file", FROM_LOG, policy, command, policy=policy)
    return _passed(bench, ending, FROM_LOG)


@check("query")
def query(bench: Bench) -> Outcome:
    written = read_query(bench)
    pairs = []
    for other in OTHERS:
        words = {NAME: bench.token("wanted-"), other: bench.token("other-")}
        pairs.append((make_pod(bench, words), words, other))
    for name, words, other in pairs:
        await_words(bench, name, words)
        asked = ask(bench, name, written, words[NAME])
        printed = asked.printed
        told: dict[str, Any] = {
            "expected": THIS_ONE,
            "found": printed.strip() or "-",
            "command": asked.command,
        }
        if not printed.strip():
            bench.failed("prints-nothing", **told)
        if words[NAME] in printed and words[other] in printed:
            bench.failed("both-containers", **told)
        if words[other] in printed:
            names = ", ".join(sorted(words))
            bench.failed("other-container", names=names, other=other, **told)
        if printed.strip() != words[NAME]:
            answer = " ".join(printed.split())
            bench.failed("not-the-message", answer=answer, wanted=words[NAME], **told)
    return bench.passed(**told)


@check("cut")
def cut(bench: Bench) -> Outcome:
    ending, reason = _end(bench, "app=trace")
    left = ending.message
    size = len(left.encode())
    if not left:
        _failed(ending, bench, "no-message", CAUSE, code=ending.code)
    if size < MOST - SLACK:
        _failed(ending, bench, "not-cut", CAUSE, found=f"{size} bytes", size=size)
    if reason not in left:
        words = " ".join(left.split())
        ends = {"start": words[:40], "end": words[-40:]}
        _failed(ending, bench, "cause-lost", CAUSE, found=f"{size} bytes", size=size, **ends)
    return bench.passed(f"{size} bytes, … {reason}", ending.shown_by, CAUSE)


def _end(bench: Bench, selector: str) -> tuple[Ending, str]:
    """End the container with an exit code and a reason of this attempt."""
    reason = _reason(bench)
    return end(bench, ready_pod(bench, selector), any_code(), reason), reason


def _reason(bench: Bench) -> str:
    """A reason of this attempt. It is a line of two words: who takes one word loses half of it."""
    return f"{bench.token('reason-')} {bench.token()}"


def _must_name(bench: Bench, ending: Ending, reason: str, expected: Text) -> None:
    if reason not in ending.message:
        _failed(ending, bench, "wrong-message", expected, answer=ending.message)


def _failed(ending: Ending, bench: Bench, message_id: str, expected: Text, **params: Any) -> None:
    found = params.pop("found", ending.message or "-")
    bench.failed(message_id, expected, found, ending.shown_by, **params)


def _passed(bench: Bench, ending: Ending, expected: Text) -> Outcome:
    found = f"exitCode {ending.code}, message {ending.message.strip()}"
    return bench.passed(found, ending.shown_by, expected)


def _log(bench: Bench, ending: Ending) -> str:
    """The log of the life that ended."""
    with looking():
        return str(
            bench.connection.api(client.CoreV1Api).read_namespaced_pod_log(
                ending.pod.name,
                bench.namespace,
                container=NAME,
                previous=ending.last,
                tail_lines=100,
            )
        )
