"""Runs the learner's query with kubectl, on Pods of the check's own making."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import Any

from checker.environment.run import run
from checker.environment.tools import tools_path
from checker.observe import Bench, CouldNotLook, Pod, Refusal
from checker.texts import Text
from checker.trouble import Trouble

FILE = "query.txt"
SECONDS = 20.0
STARTS = 60.0
LONGEST = 4000
"""Characters of a query; a longer one is none."""
PREFIX = re.compile(
    r"""(?:(?:-o|--output)[\s=]*)? (?P<outer>['"]?)
    (?:(?P<form>go-template|jsonpath)= | (?:(?P<kind>go-template|jsonpath)\s+)? --template[\s=]\s*)
    (?P<quote>['"]?) (?P<query>.*) (?P=quote) (?P=outer)""",
    re.S | re.X,
)
"""A query as it stands behind `kubectl get pod`."""
ESCAPED = re.compile(r"""\\(["\\$`])""")
"""What a shell makes something else of between double quotes."""
# The first life leaves its words and ends; the second one goes on.
SCRIPT = """
[ -e /lives/$0 ] && exec sleep 600
touch /lives/$0
echo "$1" > /dev/termination-log
exit 1
"""
THERE = Text("工作文件夹里有 query.txt", "query.txt is in the work folder")
LIVED = Text("两个容器都重启过", "both containers to be restarted")
BROKEN = Text(
    "检查程序自己的 Pod {pod} 没有按预想结束和重启。",
    "The checker's own Pod {pod} did not end and start again as it should.",
)
AGAIN = Text("请再检查一次。", "Check again.")
ON_A_POD = "pod pair"
ON_A_LIST = "pod -l app=pair"
TAKEN = Text("kubectl 接受这条查询", "kubectl takes the query")


def read_query(bench: Bench) -> str:
    """The query as `kubectl -o` takes it. Refusal: `no-file`."""
    text = bench.own_text(FILE)[:LONGEST].strip()
    if not text:
        file = bench.files / FILE
        bench.failed("no-file", THERE, "-", f"cat {file}", file=str(file))
    if match := PREFIX.fullmatch(text):
        doubly = '"' in (match["quote"], match["outer"])
        wanted = ESCAPED.sub(r"\1", match["query"]) if doubly else match["query"]
        return f"{match['form'] or match['kind'] or 'go-template'}={wanted}"
    return f"{'go-template' if '{{' in text else 'jsonpath'}={text}"


@dataclass(frozen=True)
class Asked:
    """What the query printed, and a command with which the learner sees the like."""

    printed: str
    command: str


def ask(bench: Bench, pod: str, query: str, wanted: str) -> Asked:
    """What kubectl prints for the query: on that Pod, or on a list that holds this Pod only.

    `kubectl get pod` gives a Pod to who names one, and a list to who gives labels; the learner may
    have either in mind. So what is `wanted` counts from either, else what was printed at all.
    Refusal: `query-fails` (detail).
    """
    answers: list[Asked | Refusal] = []
    in_a_list = ("--field-selector", f"metadata.name={pod}")
    for which, shown in (((pod,), ON_A_POD), (in_a_list, ON_A_LIST)):
        command = f"kubectl get {shown} -o '{query}'"
        try:
            answers.append(asked := Asked(_printed(bench, which, query, command), command))
        except Refusal as no:  # such as of a template that takes the first item of a Pod
            answers.append(no)
            continue
        if asked.printed.strip() == wanted:
            return asked
    said = (one for one in answers if isinstance(one, Asked) and one.printed.strip())
    answer = next(said, answers[0])
    if isinstance(answer, Refusal):
        raise answer
    return answer


def _printed(bench: Bench, which: tuple[str, ...], query: str, command: str) -> str:
    connection = bench.connection
    argv = ["kubectl", "--context", connection.context, "--namespace", bench.namespace]
    env = {
        "KUBECONFIG": str(connection.kubeconfig),
        "PATH": f"{tools_path()}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
    }
    try:
        return run([*argv, "get", "pod", *which, "-o", query], env=env, timeout=SECONDS)
    except Trouble as trouble:
        if not trouble.detail:  # kubectl is missing or did not end: nothing was refused
            raise
        said = trouble.detail.strip().splitlines()[-1]
        bench.failed("query-fails", TAKEN, said, command, detail=said)


def make_pod(bench: Bench, words: dict[str, str]) -> str:
    """Make a Pod with a container for each name, which leaves these words. Returns its name."""
    name = bench.token("pair-")
    bench.apply(
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": name},
            "spec": {
                "terminationGracePeriodSeconds": 1,
                "automountServiceAccountToken": False,
                "containers": [_container(*pair) for pair in words.items()],
                "volumes": [{"name": "lives", "emptyDir": {}}],
            },
        }
    )
    return name


def _container(name: str, words: str) -> dict[str, Any]:
    return {
        "name": name,
        "image": "busybox:1.37",
        "command": ["sh", "-c", SCRIPT, name, words],
        "volumeMounts": [{"name": "lives", "mountPath": "/lives"}],
        "resources": {"requests": {"cpu": "5m", "memory": "8Mi"}, "limits": {"memory": "32Mi"}},
        "securityContext": {"runAsNonRoot": True, "runAsUser": 65534},
    }


def await_words(bench: Bench, name: str, words: dict[str, str]) -> None:
    """Wait until each container has left its words, ended, and runs again.

    CouldNotLook where that does not come about: the Pod is ours, and no doing of the learner's.
    """

    def so(pod: Pod) -> bool:
        return all(
            c.state == "running" and c.last and c.last.message.strip() == words[c.name]
            for c in pod.containers
        )

    try:
        bench.converge(lambda: bench.pod(name), so, STARTS, LIVED)
    except Refusal as no:
        raise CouldNotLook(BROKEN.format(pod=name), AGAIN, no.evidence) from no
