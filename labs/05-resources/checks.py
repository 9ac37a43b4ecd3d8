"""Judges lab 05 by what the kernel enforces and counts: cgroup files, kills, throttled periods.

What is written in a manifest is looked at only where the scheduler or the kubelet act on it as it
is written: requests, QoS. A busy machine makes waits longer; no verdict hangs on a speed.
"""

from __future__ import annotations

from checker.catalogue import check
from checker.observe import Bench, CouldNotLook, Outcome, Pod, until_restart
from checker.observe.cgroup import Cgroup
from checker.texts import Text

from .amounts import MIB, amount, cpu, in_words, limits, requests, size
from .books import books, show_files
from .effort import Effort, effort
from .lives import (
    NEVER,
    RUNS,
    SETTLES,
    as_before,
    first_life,
    must_not_have_restarted,
    must_start,
    one_life,
    present,
    started,
)
from .team import (
    DEFAULTS,
    control,
    describe,
    must_agree,
    must_be_let_in,
    must_default,
    must_have_its_quota,
    must_keep_to_the_maximum,
)
from .twins import KILLED, does_batches, killed, same_limit

STEADY = 3.0
"""Seconds for which a state must last before it counts."""
PROBED = 55.0
"""Seconds, at most, for a liveness probe that is throttled as well to have its restart."""
ROLLS = 10.0
"""Seconds a rollout may show Pods of the manifest before beside those of the new one."""
WEB, BUSY, GROW = "app=my-nginx", "app=busy", "app=grow"
LEAKY, HONEST = "app=leaky", "app=honest"
WEB_MEMORY, WEB_CPU, WEB_REQUEST = 64 * MIB, 0.5, 0.05
BUSY_CPU = 0.1
PERIODS = 3
"""Throttled periods (of 0.1 s) that our looking cannot have caused beside a program at work."""
CLASSES = {
    "Guaranteed": "not-guaranteed",
    "Burstable": "not-burstable",
    "BestEffort": "not-besteffort",
}
GROWN = 64 * MIB

TWO = Text("两个 Pod 就绪", "two Pods are Ready")
ENFORCED = Text("CPU 上限 500m、内存上限 64Mi 生效", "limits of 500m CPU and 64Mi are in force")
ASKS = Text("Pod 请求的 CPU 不超过 50m", "the Pod requests at most 50m of CPU")
BOUNDED = Text("CPU 上限不超过 100m", "the CPU limit is at most 100m")
THROTTLED = Text("被限流的周期数增加", "the count of throttled periods grows")
IS_CLASS = Text("QoS 类是 {wanted}", "the QoS class is {wanted}")
MORE = Text("cgroup 里的内存上限是 64Mi", "the memory limit in the cgroup is 64Mi")
RESIZED = Text("这个 Pod 的内存调整过", "the memory of this Pod was resized")
NONE = Text("没有", "none")
STARVED = Text(
    "循环在跑，却没有用到它的上限：这台机器现在太忙，分不出 CPU 给它。",
    "The loop runs and does not get to its limit: the machine is too busy now to give it CPU.",
)
CALM = Text("等机器空一些再检查。", "Check again when the machine has less to do.")


@check("web")
def web(bench: Bench) -> Outcome:
    command = f"kubectl get pods -l {WEB}"
    pods = bench.converge(lambda: _two_that_fit(bench), bool, 40, TWO, command=command)
    for pod in pods:
        now = books(bench, pod)
        _must_be(bench, pod, "cpu-limit", cpu(now.cpu_limit), cpu(WEB_CPU))
        _must_be(bench, pod, "memory-limit", size(now.memory_limit), size(WEB_MEMORY))
    lives = {pod.uid: pod.restarts for pod in pods}
    bench.hold(
        lambda: {pod.uid: pod.restarts for pod in bench.pods(WEB) if pod.ready},
        lambda now: now == lives,
        STEADY,
        TWO,
        show=lambda now: f"{len(now)} Ready",
        command=command,
    )
    return bench.passed(
        expected=ENFORCED,
        found=f"{len(pods)} x {cpu(WEB_CPU)}, {size(WEB_MEMORY)} (cgroup v{now.version})",
        command=show_files(pods[0]),
    )


@check("memory")
def leak_and_limit(bench: Bench) -> Outcome:
    leaky = bench.converge(lambda: started(bench, LEAKY), bool, 40, RUNS.format(container=LEAKY))
    honest = bench.converge(lambda: started(bench, HONEST), bool, 40, RUNS.format(container=HONEST))
    limit = same_limit(bench, leaky=leaky, honest=honest)
    how = bench.converge(lambda: killed(bench, leaky), bool, 60, KILLED)
    does_batches(bench, honest, limit)
    return bench.passed(
        expected=KILLED,
        found=f"leaky: {how}; honest: 0 restarts at {limit}",
        command=f"kubectl describe pod {leaky.name}",
    )


@check("cpu")
def throttling(bench: Bench) -> Outcome:
    pod = bench.converge(lambda: first_life(bench, BUSY), bool, 40, RUNS.format(container=BUSY))
    before = bench.before(pod)
    with one_life(bench, pod):
        _must_be_bounded(bench, pod, books(bench, pod))

    def held_back() -> Effort:
        with one_life(bench, pod):
            seen = effort(bench, as_before(bench, before))
        _must_work(bench, pod, seen)
        if seen.throttled < PERIODS:
            raise CouldNotLook(STARVED, CALM)
        return seen

    def goes_on() -> Pod:
        with one_life(bench, pod):
            return as_before(bench, before)

    seen = bench.converge(held_back, bool, 60, THROTTLED)
    lasts = STEADY + min(PROBED, until_restart(pod, pod.container().name))
    bench.hold(goes_on, lambda now: now.ready, lasts, NEVER)
    counts = f"{seen.before.throttled_periods} -> {seen.after.throttled_periods}"
    return bench.passed(
        expected=THROTTLED,
        found=f"nr_throttled {counts} (cgroup v{seen.after.version}), 0 restarts",
        command=show_files(pod),
    )


@check("defaults")
def defaults(bench: Bench) -> Outcome:
    team = bench.team()
    must_have_its_quota(team)
    plain = control(bench.token("plain-"))
    must_be_let_in(team, plain)
    must_keep_to_the_maximum(team)
    must_agree(team)
    made = team.apply(plain)
    given = made.spec.containers[0].resources
    must_default(team, "default-limits", given.limits, ("100m", "64Mi"))
    must_default(team, "default-requests", given.requests, ("10m", "32Mi"))
    name = made.metadata.name
    running = RUNS.format(container=name)
    pod = team.converge(lambda: team.pod(name), lambda now: now.ready, 40, running)
    now = books(team, pod)
    return bench.passed(
        expected=DEFAULTS,
        found=f"cgroup v{now.version}: {cpu(now.cpu_limit)}, {size(now.memory_limit)}",
        command=describe(team),
    )


@check("qos")
def qos(bench: Bench) -> Outcome:
    found = []
    for wanted, message in CLASSES.items():
        pod = bench.ready_pod(f"qos={wanted.lower()}")
        told = pod.raw.status.qos_class or "-"
        if told != wanted:
            name, resources = _why_not(pod, wanted)
            bench.failed(
                message,
                expected=IS_CLASS.format(wanted=wanted),
                found=told,
                command=f"kubectl get pod {pod.name} -o jsonpath='{{.status.qosClass}}'",
                pod=pod.name,
                container=name,
                resources=resources,
            )
        found.append(f"{pod.name}: {told}")
    return bench.passed(
        found=", ".join(found),
        command="kubectl get pods -o custom-columns=NAME:.metadata.name,QOS:.status.qosClass",
    )


@check("resize")
def resize(bench: Bench) -> Outcome:
    pod = bench.ready_pod(GROW)
    bench.converge(lambda: _grown(bench, pod), bool, 20, MORE)

    def first() -> Pod:
        found = bench.pod(pod.name)
        must_not_have_restarted(bench, found)
        return found

    # A container that was restarted for it has its new limit before its status tells of that.
    now = bench.hold(first, lambda found: found.uid == pod.uid, STEADY * 2, NEVER)
    if not _memory_was_resized(now):
        entries = now.raw.metadata.managed_fields or ()
        bench.failed(
            "not-resized",
            expected=RESIZED,
            found=", ".join(each.subresource for each in entries if each.subresource) or "-",
            command=f"kubectl get pod {now.name} --show-managed-fields"
            " -o jsonpath='{.metadata.managedFields[*].subresource}'",
            container=now.container().name,
            pod=now.name,
        )
    return bench.passed(expected=MORE, found=f"{size(GROWN)}, 0 restarts", command=show_files(now))


def _two_that_fit(bench: Bench) -> list[Pod]:
    """Requests come first: a Pod that asks for too much may never be placed."""
    pods = present(bench, WEB)
    for pod in pods:
        _may_ask(bench, pod)
    if len(pods) != 2:
        bench.failed(
            "replicas",
            expected=TWO,
            found=len(pods),
            command=f"kubectl get pods -l {WEB}",
            settles=ROLLS,
            selector=WEB,
            count=len(pods),
        )
    for pod in pods:
        must_start(bench, pod)
    if not all(pod.ready for pod in pods):
        bench.look_for(WEB)  # says what keeps it from being Ready
    return pods


def _may_ask(bench: Bench, pod: Pod) -> None:
    total = sum(amount(requests(form), "cpu") or 0 for form in pod.forms)
    if total > WEB_REQUEST:
        bench.failed(
            "requests-too-much",
            expected=ASKS,
            found=cpu(total),
            command=f"kubectl describe pod {pod.name}",
            settles=ROLLS,
            pod=pod.name,
        )


def _must_be(bench: Bench, pod: Pod, message: str, found: str, wanted: str) -> None:
    if found != wanted:
        bench.failed(
            message,
            expected=ENFORCED,
            found=found,
            command=show_files(pod),
            container=pod.container().name,
            limit=NONE if found == "-" else found,
            wanted=wanted,
        )


def _must_be_bounded(bench: Bench, pod: Pod, now: Cgroup) -> None:
    limit = now.cpu_limit
    if limit is None or limit > BUSY_CPU:
        bench.failed(
            "no-cpu-limit" if limit is None else "cpu-limit-too-high",
            expected=BOUNDED,
            found=cpu(limit),
            command=show_files(pod),
            container=pod.container().name,
        )


def _must_work(bench: Bench, pod: Pod, seen: Effort) -> None:
    """Refuse a container whose own programs use little of what is used in it, and all sleep.

    One that waits for its turn on a busy machine does not sleep.
    """
    if seen.own < seen.spent / 2 and not seen.at_work:
        name = pod.container().name
        bench.failed(
            "idle",
            expected=THROTTLED,
            found=f"{seen.own:.2f} s of CPU",
            command=f"kubectl exec {pod.name} -c {name} -- top -b -n 1",
            settles=SETTLES,
            container=name,
        )


def _why_not(pod: Pod, wanted: str) -> tuple[str, str]:
    """The container that keeps the Pod out of the class, and what it has."""
    for form in pod.forms:
        most, least = limits(form), requests(form)
        equal = {"cpu", "memory"} <= most.keys() and all(
            amount(most, name) == amount(least, name) for name in ("cpu", "memory")
        )
        if (wanted == "Guaranteed" and not equal) or (wanted == "BestEffort" and (most or least)):
            return form.name, f"limits {in_words(most)}; requests {in_words(least)}"
    return pod.container().name, "-"


def _grown(bench: Bench, pod: Pod) -> Cgroup:
    """The kubelet may take some seconds for a resize that was asked for."""
    now = books(bench, bench.pod(pod.name))
    if now.memory_limit != GROWN:
        bench.failed(
            "still-small",
            expected=MORE,
            found=size(now.memory_limit),
            command=show_files(pod),
            settles=SETTLES,
            container=pod.container().name,
        )
    return now


def _memory_was_resized(pod: Pod) -> bool:
    """Whether someone asked for other memory through the subresource `resize`: the API server
    notes who set which field, and through which subresource.
    https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
    """
    return any(
        entry.subresource == "resize" and "'f:memory'" in str(entry.fields_v1)
        for entry in pod.raw.metadata.managed_fields or ()
    )
