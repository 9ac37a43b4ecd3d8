"""Judges lab 06 by what happens when a program breaks, is busy, or misses its database.

The checker brings about each of these by the program's own means: a file that it heeds, a variable,
its database. What comes of it is read from restarts, from Ready, from endpoints and from requests
counted by Pod. A probe's form is free; where nothing happened, the checker makes the learner's
probe itself, as the kubelet would, to say why.

Longest wait that Kubernetes itself imposes on the solution, in seconds:
alive 9: 3 failures 2 s apart, then up to 3 s of back-off before the container is started again
busy 6: 2 failures 1 s apart until it is out, 1 success until it is back, and the proxy follows
slow 22: 12 s of start and 1 s until the startup probe sees it, 2 s for the Pod, 6 s of failures
shop 8: a new Pod started, twice a status that the readiness probe decides on
cart 12: the old Redis gone, 2 failures, a new Redis started, 1 success
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from checker.catalogue import check
from checker.observe import (
    Answer,
    Bench,
    Container,
    CouldNotLook,
    Load,
    Outcome,
    Pod,
    Refusal,
    Step,
)
from checker.texts import Text

BROKEN, BUSY = "/tmp/broken", "/tmp/busy"  # noqa: S108 (paths in the learner's container)
PORT = 8080
"""Where the given program listens in its Pod."""

NOTICED = 15.0
"""Seconds the tasks allow for a broken or busy program to be noticed, and for the way back."""
DATABASE = 20.0
"""Seconds the task allows the Pods to notice that their database is away, or back."""
NEVER = 4.0
"""Seconds after which a Pod without the probe in question is not waited for any longer."""
UP = 45.0
"""Seconds for Pods that have just been applied."""
RESTARTS = 100.0
"""Seconds for the next life of a container: other clusters let it wait for 10, 20, 40 s."""
STEADY = 3.0
"""Seconds for which a state must last before it counts."""
OLD_ALONE = 4.0
"""Seconds for which the old Pods must go on alone after the bad version has started."""
RATE = 10.0
COUNTED = 40
"""Requests in a row: if one of three Pods were still asked, 1 in 10 million tries would miss it."""
QUICK = 8.0
"""Seconds: a program that starts sooner is not the slow one that was given."""
CUT_OFF = 8.0
"""Seconds in which the given probes cut off a slow start: that tells more than Ready does."""
BAD = "bad-"

Words = dict[str, Any]
WELL = Text("程序应答", "the program answers")
TWO = Text("Service {service} 背后有两个或更多 Pod", "two or more Pods stand behind {service}")
TOUCHED = Text("容器里能建文件 {file}", "{file} can be made in the container")
RESTART = Text("坏掉的容器重启", "the broken container is restarted")
ONLY = Text("只有坏掉的容器重启", "only the broken container is restarted")
OUT = Text("忙碌的 Pod 退出端点", "the busy Pod leaves the endpoints")
STAYS_OUT = Text("忙碌的 Pod 不收请求，也不重启", "the busy Pod gets no requests and no restart")
BACK = Text("不忙了的 Pod 又收到请求", "the Pod that is free again gets requests")
NONE_FAILED = Text("没有请求失败", "no request fails")
STARTED = Text("启动慢的程序应答，没有重启", "the slow program answers, without a restart")
SLOW = Text("程序启动要 12 秒", "the program takes 12 s to start")
READY_LATE = Text("能应答了才算就绪", "Ready only when it answers")
ROLLED = Text("Deployment shop 的上线走完", "the rollout of Deployment shop comes to its end")
NEW_POD = Text("新版本的 Pod 出现", "a Pod of the new version appears")
OLD_STAY = Text("旧的 Pod 都在服务，新的没有就绪", "all old Pods serve, the new one is not Ready")
RETURNED = Text("换回原来的版本", "the way back to the former version is complete")
AWAY = Text("数据库停下", "the database is away")
UNREADY = Text("没有数据库的 Pod 都未就绪", "all Pods without their database are not Ready")
NOT_RESTARTED = Text("没有容器重启", "no container is restarted")
READY_AGAIN = Text("数据库回来，Pod 都就绪", "the database is back and all Pods are Ready")
INDEPENDENT = Text("存活探针不取决于数据库", "no liveness probe depends on the database")
FEW = Text("只有 {count} 个请求得到了应答。", "Only {count} requests got an answer.")
AGAIN = Text("机器太忙，请再检查一次。", "The machine is busy; check again.")
NO_PROBES = Text("（没有）", "none")


@dataclass(frozen=True)
class Probe:
    """A learner's probe. `words` is what it does, such as `httpGet /ready:http, 3 x 10 s`."""

    pod: Pod
    container: str
    form: Any

    @property
    def words(self) -> str:
        """What it asks, and how often it may fail."""
        form = self.form
        if form.http_get:
            what = f"httpGet {form.http_get.path or '/'} :{form.http_get.port}"
        elif form.tcp_socket:
            what = f"tcpSocket :{form.tcp_socket.port}"
        elif form.var_exec:
            what = f"exec {' '.join(form.var_exec.command or ())}"
        else:
            what = f"grpc :{form.grpc.port}"
        delay = f", {form.initial_delay_seconds} s +" if form.initial_delay_seconds else ","
        often = f"{form.failure_threshold} x {form.period_seconds} s"
        success = f", success {form.success_threshold} x" if form.success_threshold > 1 else ""
        return f"{what}{delay} {often}{success}"

    def ask(self, bench: Bench) -> tuple[bool, str]:
        """Make the probe once, as the kubelet would: whether it succeeds, and what came back.

        https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/
        A gRPC probe cannot be made from here; it is taken to succeed.
        """
        form = self.form
        if form.http_get:
            get = form.http_get
            headers = {each.name: each.value for each in get.http_headers or ()}
            port = self._port(get.port)
            answer = bench.http(self.pod, get.path or "/", port, headers=headers)
            if answer.status is None:
                return False, f"tcp {answer.reached}"
            return 200 <= answer.status < 400, f"HTTP {answer.status}"
        if form.tcp_socket:
            reached = bench.tcp(self.pod, self._port(form.tcp_socket.port)).reached
            return reached == "open", f"tcp {reached}"
        if form.var_exec:
            ran = bench.exec(self.pod, form.var_exec.command or (), self.container)
            return ran.ok, f"exit code {ran.code} {ran.stdout.strip()[-80:]}".strip()
        return True, "grpc"

    def _port(self, port: int | str) -> int:
        """A port of the container by number or by name."""
        if str(port).isdigit():
            return int(port)
        for form in _forms(self.pod):
            for each in form.ports or () if form.name == self.container else ():
                if each.name == port:
                    return int(each.container_port)
        return PORT


def _forms(pod: Pod) -> Iterator[Any]:
    """The containers as in the manifest, native sidecars among them."""
    spec: Any = pod.raw.spec
    yield from spec.containers
    yield from spec.init_containers or ()


def _probes(pod: Pod, kind: str) -> list[Probe]:
    """The probes of a Pod, `kind` being liveness, readiness or startup."""
    found = ((form.name, getattr(form, f"{kind}_probe")) for form in _forms(pod))
    return [Probe(pod, name, form) for name, form in found if form]


def _all_probes(pod: Pod) -> Text:
    """All probes in words, such as `livenessProbe httpGet / :http, 3 x 10 s`."""
    kinds = ("startup", "liveness", "readiness")
    words = [f"{kind}Probe {each.words}" for kind in kinds for each in _probes(pod, kind)]
    return Text.same("; ".join(words)) if words else NO_PROBES


Lives = dict[tuple[str, str], tuple[str, int, str]]
"""(Pod, container) -> Pod's uid, restarts, container's id: what tells one life from the next."""


def _lives(pods: Iterable[Pod]) -> Lives:
    return {(p.name, c.name): (p.uid, c.restarts, c.id) for p in pods for c in p.containers}


def _anew(before: Lives, now: Iterable[Pod]) -> list[tuple[str, str]]:
    """The containers of `before` that do not live the same life any more."""
    present = _lives(now)
    return [key for key, life in before.items() if present.get(key) != life]


def _in_words(containers: Iterable[tuple[str, str]]) -> str:
    return ", ".join(f"{pod} ({container})" for pod, container in containers)


def _restarts(pods: Iterable[Pod]) -> str:
    return ", ".join(f"{pod.name}: restarts {pod.restarts}" for pod in pods)


def _app(pod: Pod) -> Container:
    """The container of the given program: it mounts /app. Else the main one."""
    return next((c for c in pod.containers if "/app" in c.mounts.values()), pod.container())


def _pods(bench: Bench, service: str) -> list[Pod]:
    """The Pods the Service selects now, whatever other tasks do to their controllers meanwhile."""
    spec: Any = bench.service(service).spec
    return bench.pods(spec.selector or {})


def _two_or_more(bench: Bench, service: str) -> list[Pod]:
    """The Pods behind the Service, all Ready; fewer than two end the check."""
    pods = bench.ready_pods_of_service(service, UP)
    if len(pods) < 2:
        bench.failed(
            "too-few",
            expected=TWO.format(service=service),
            found=str(len(pods)),
            command=_show_endpoints(service),
            service=service,
            count=len(pods),
            pods=", ".join(pod.name for pod in pods),
        )
    return pods


def _touch(bench: Bench, pod: Pod, file: str) -> None:
    """Make a file the program heeds. It is taken away after the check, whatever happens."""
    container = _app(pod).name
    bench.later(Step.exec(pod.name, ("rm", "-f", file), container, pod.uid))
    ran = bench.exec(pod, ["touch", file], container)
    if not ran.ok:
        said = (ran.stderr or ran.stdout).strip()
        bench.failed(
            "cannot-touch",
            expected=TOUCHED.format(file=file),
            found=said,
            command=f"kubectl exec {pod.name} -c {container} -- touch {file}",
            container=container,
            file=file,
            answer=said,
        )


def _answers(bench: Bench, to: str | Pod, path: str = "/") -> str:
    """The status of one request, or why there is none."""
    answer = bench.http(to, path, PORT if isinstance(to, Pod) else 80)
    return str(answer.status or answer.reached)


def _show_endpoints(service: str) -> str:
    return f"kubectl get endpointslices -l kubernetes.io/service-name={service} -o yaml"


def _show_events(pod: Pod) -> str:
    return f"kubectl events --for pod/{pod.name}"


def _conditions(bench: Bench, service: str, pod: Pod) -> str:
    """What the EndpointSlices say of a Pod, such as `ready=false serving=false`."""
    for part in bench.list("EndpointSlice", {"kubernetes.io/service-name": service}):
        for endpoint in part.endpoints or ():
            if endpoint.target_ref and endpoint.target_ref.uid == pod.uid:
                told = endpoint.conditions
                return f"ready={told.ready} serving={told.serving}".lower()
    return "-"


# Task 1


@check("alive")
def alive(bench: Bench) -> Outcome:
    pods = _two_or_more(bench, "web")
    for probe in (each for pod in pods for each in _probes(pod, "liveness")):
        succeeds, said = probe.ask(bench)
        if not succeeds:
            bench.failed(
                "fails-while-well",
                expected=WELL,
                found=said,
                command=_show_events(probe.pod),
                probe=probe.words,
                said=said,
            )
    lives = _lives(pods)
    pod = pods[-1]
    app = _app(pod).name
    before = bench.before(pod, app)
    _touch(bench, pod, BROKEN)
    _restarted_in_time(bench, before.container_id, pod, app)
    after = bench.restarted(before, RESTARTS)
    lives[pod.name, app] = _lives([after])[pod.name, app]

    def others() -> list[tuple[str, str]]:
        return _anew(lives, _pods(bench, "web"))

    def all_answer() -> bool:
        return all(_answers(bench, each) == "200" for each in pods)

    bench.converge(all_answer, bool, STEADY * 2, WELL, command="kubectl get pods")
    bench.hold(
        others,
        lambda found: not found,
        STEADY,
        ONLY,
        failing="others-restarted",
        show=_in_words,
        command="kubectl get pods",
        pod=pod.name,
        container=app,
        others=_in_words(others()),
    )
    found = _restarts(_pods(bench, "web"))
    return bench.passed(expected=ONLY, found=found, command="kubectl get pods")


def _restarted_in_time(bench: Bench, container_id: str, pod: Pod, name: str) -> None:
    """Wait until that life of the broken container is over; else say why it goes on."""
    since = bench.clock.now()
    probes = [each for each in _probes(pod, "liveness") if each.container == name]

    def ended(now: Container) -> bool:
        if now.id != container_id or now.state != "running":
            return True
        passed = round(bench.clock.now() - since)
        seen: Words = {"expected": RESTART, "command": _show_events(pod), "seconds": passed}
        told = f"restartCount {now.restarts}, {now.state}"
        if not probes:
            probed = _all_probes(pod)
            bench.failed("no-liveness", found=told, settles=NEVER, probes=probed, **seen)
        return bool(bench.failed("too-slow", found=told, probe=probes[0].words, **seen))

    try:
        bench.converge(lambda: bench.pod(pod.name).container(name), ended, NOTICED, RESTART)
    except Refusal as no:
        for probe in probes if no.message_id == "too-slow" else ():
            succeeds, said = probe.ask(bench)
            if succeeds:
                bench.failed(
                    "not-noticed",
                    expected=RESTART,
                    found=said,
                    command=f"kubectl describe pod {pod.name}",
                    probe=probe.words,
                    said=said,
                )
        raise


# Task 2


@check("busy")
def busy(bench: Bench) -> Outcome:
    pods = _two_or_more(bench, "web")
    lives = _lives(pods)
    pod = pods[0]
    with bench.load("web", rate=RATE) as load:
        _touch(bench, pod, BUSY)
        _leaves(bench, pod, lives)
        counted = _gets_none(bench, pod, lives, load)
        _not_about_to_restart(bench, pod)
        conditions = _conditions(bench, "web", pod)
        until = load.answers[-1].at
        bench.exec(pod, ["rm", "-f", BUSY], _app(pod).name)
        freed = bench.clock.now()

        def asked(seen: int) -> bool:
            _lives_on(bench, pod, lives)
            if not seen:
                bench.failed(
                    "not-back",
                    expected=BACK,
                    found=_conditions(bench, "web", pod),
                    command=_show_endpoints("web"),
                    pod=pod.name,
                    seconds=round(bench.clock.now() - freed),
                    probe="; ".join(each.words for each in _probes(pod, "readiness")),
                )
            return seen > 0

        def answered() -> int:
            return sum(a.ok and _who(a) == pod.name for a in load.answers if a.at > until)

        bench.converge(answered, asked, NOTICED, BACK)
    _none_failed(bench, "web", counted)
    return bench.passed(
        expected=STAYS_OUT,
        found=f"0 / {len(counted)}, {conditions}, restarts {pod.restarts}",
        command=_show_endpoints("web"),
    )


def _gets_none(bench: Bench, pod: Pod, lives: Lives, load: Load) -> list[Answer]:
    """Wait until COUNTED requests in a row have passed the Pod by; return their answers."""
    begin = load.answers[-1].at

    def latest() -> list[Answer]:
        _lives_on(bench, pod, lives)
        return [each for each in load.answers if each.at > begin][-COUNTED:]

    def passed_by(answers: list[Answer]) -> bool:
        if len(answers) < COUNTED:
            raise CouldNotLook(FEW.format(count=len(answers)), AGAIN)
        hit = sum(_who(each) == pod.name for each in answers)
        if hit == 0:
            return True
        conditions = _conditions(bench, "web", pod)
        return bool(
            bench.failed(
                "still-asked",
                expected=STAYS_OUT,
                found=f"{hit} / {len(answers)}, {conditions}",
                command=_show_endpoints("web"),
                pod=pod.name,
                service="web",
                count=hit,
                total=len(answers),
                conditions=conditions,
            )
        )

    return bench.converge(latest, passed_by, NOTICED, STAYS_OUT)


def _lives_on(bench: Bench, pod: Pod, lives: Lives) -> Pod:
    """The busy Pod as it is now; a restart ends the check."""
    now = bench.pod(pod.name)
    if _anew({key: life for key, life in lives.items() if key[0] == pod.name}, [now]):
        found = f"restarts {pod.restarts} -> {now.restarts}"
        _restarted_instead(bench, pod, _app(pod).name, found)
    return now


def _not_about_to_restart(bench: Bench, pod: Pod) -> None:
    """A liveness probe that fails for a busy program will restart it, if it stays busy."""
    for probe in _probes(pod, "liveness"):
        succeeds, said = probe.ask(bench)
        if not succeeds:
            _restarted_instead(bench, pod, probe.container, f"{probe.words}: {said}")


def _restarted_instead(bench: Bench, pod: Pod, container: str, said: str) -> None:
    bench.failed(
        "restarted-instead",
        expected=STAYS_OUT,
        found=said,
        command=_show_events(pod),
        settles=0,
        pod=pod.name,
        container=container,
        said=said,
    )


def _leaves(bench: Bench, pod: Pod, lives: Lives) -> None:
    """Wait until the busy Pod is not Ready; else say why it still is."""
    since = bench.clock.now()
    probes = _probes(pod, "readiness")

    def unready(now: Pod) -> bool:
        if not now.ready:
            return True
        passed = round(bench.clock.now() - since)
        seen: Words = {
            "expected": OUT,
            "found": _conditions(bench, "web", pod),
            "command": f"kubectl describe pod {pod.name}",
            "pod": pod.name,
        }
        if not probes:
            told = _all_probes(pod)
            bench.failed("no-readiness", settles=NEVER, probes=told, seconds=passed, **seen)
        return bool(bench.failed("too-slow", probe=probes[0].words, seconds=passed, **seen))

    try:
        bench.converge(lambda: _lives_on(bench, pod, lives), unready, NOTICED, OUT)
    except Refusal as no:
        asked = [(probe, *probe.ask(bench)) for probe in probes if no.message_id == "too-slow"]
        if asked and all(succeeds for _, succeeds, _ in asked):
            bench.failed(
                "not-noticed",
                expected=OUT,
                found=asked[0][2],
                command=f"kubectl describe pod {pod.name}",
                pod=pod.name,
                probe=asked[0][0].words,
                said=asked[0][2],
            )
        raise


def _who(answer: Answer) -> str:
    """The Pod that gave an answer: the first word of each of its pages."""
    return answer.body.partition(" ")[0]


def _none_failed(bench: Bench, service: str, answers: list[Answer]) -> None:
    failed = [each for each in answers if not each.ok]
    if failed or not answers:
        example = f"{failed[0].error} {failed[0].body.strip()}" if failed else "-"
        bench.failed(
            "failed-requests",
            expected=NONE_FAILED,
            found=f"{len(failed)} / {len(answers)}: {example}",
            command=_show_endpoints(service),
            service=service,
            total=len(answers),
            failed=len(failed),
            example=example,
        )


# Task 3


@check("slow")
def slow(bench: Bench) -> Outcome:
    pods = bench.converge(lambda: bench.pods_of_service("slow"), bool, UP, STARTED)
    new = pods[-1]
    known = {pod.uid for pod in pods}
    if new.ready or new.restarts:
        _end(bench, new)
    else:  # it has just been made: its first start is still under way, and can be watched
        known.remove(new.uid)
    pod = bench.converge(
        lambda: next((p for p in bench.pods_of_service("slow") if p.uid not in known), None),
        lambda now: now is not None and _up(bench, now),
        UP,
        STARTED,
        show=lambda now: f"{now.name}: Ready {now.ready}" if now else "-",
        command="kubectl get pods",
    )
    assert pod is not None
    took = _start_seconds(pod)
    if took < QUICK:
        command = f"kubectl get pod {pod.name} -o jsonpath='{{.spec.containers[*].env}}'"
        found = f"{took} s"
        bench.failed("not-slow", expected=SLOW, found=found, command=command, seconds=took)
    app = _app(pod)
    _touch(bench, pod, BROKEN)
    _restarted_in_time(bench, app.id, pod, app.name)
    found = f"restarts 0, Ready after {took} s"
    return bench.passed(expected=STARTED, found=found, command=f"kubectl describe pod {pod.name}")


def _end(bench: Bench, pod: Pod) -> None:
    """Delete a Pod that a controller replaces, without waiting for its successor."""
    if pod.owner is None:
        command = f"kubectl get pod {pod.name} -o jsonpath='{{.metadata.ownerReferences}}'"
        bench.failed("no-controller", expected=STARTED, found="-", command=command, pod=pod.name)
    bench.objects.delete("Pod", pod.name, uid=pod.uid)


def _up(bench: Bench, pod: Pod) -> bool:
    """Whether it is Ready and answers. A restart on the way ends the check."""
    app = _app(pod)
    if app.restarts:
        _killed(bench, pod, app)
    said = _answers(bench, pod)
    if pod.ready and said != "200":
        bench.failed(
            "ready-too-early",
            expected=READY_LATE,
            found=said,
            command=f"kubectl get pod {pod.name}",
            settles=CUT_OFF,
            pod=pod.name,
            answer=said,
        )
    return pod.ready


def _killed(bench: Bench, pod: Pod, app: Container) -> None:
    """Say by which probe the start was cut off; a program that ended by itself is told so."""
    last = app.last
    code = last.code if last else "?"
    seen: Words = {"expected": STARTED, "found": f"restarts {app.restarts}, exit code {code}"}
    by_signal = last is not None and last.code in (137, 143) and last.reason != "OOMKilled"
    if not by_signal:
        bench.failed(
            "crashed",
            command=f"kubectl logs {pod.name} -c {app.name} --previous",
            settles=0,
            pod=pod.name,
            container=app.name,
            code=code,
            restarts=app.restarts,
            **seen,
        )
    began, ended = (last.started_at, last.finished_at) if last else (None, None)
    lived = ended - began if began and ended else timedelta()
    seen |= {"command": _show_events(pod), "settles": 0, "pod": pod.name, "code": code}
    seen |= {"seconds": round(lived.total_seconds())}
    for probe in _probes(pod, "startup"):
        if probe.container == app.name:
            bench.failed("budget-too-small", probe=probe.words, **seen)
    bench.failed("killed-while-starting", **seen)


def _start_seconds(pod: Pod) -> int:
    """From the start of its container until it was Ready, by the clock of the cluster."""
    status: Any = pod.raw.status
    ready: datetime = next(
        each.last_transition_time for each in status.conditions if each.type == "Ready"
    )
    started = _app(pod).started_at or ready
    return round((ready - started).total_seconds())


# Task 4


@check("shop")
def shop(bench: Bench) -> Outcome:
    _rolled_out(bench, UP, "rollout-stuck", ROLLED)
    old = bench.ready_pods_of_service("shop", UP)
    lives = _lives(old)
    version = bench.token(BAD)
    with bench.load("shop", rate=RATE) as load:
        _roll_out(bench, version)
        since = bench.clock.now()

        def runs(new: list[Pod]) -> bool:
            if not new:
                passed = round(bench.clock.now() - since)
                command = "kubectl describe deployment shop"
                found = ", ".join(pod.name for pod in old)
                bench.failed("no-rollout", NEW_POD, found, command, NEVER * 2, seconds=passed)
            return all(_app(pod).state == "running" for pod in new)

        def look() -> list[Pod]:
            return _new_pods(bench, old, lives)

        def show(new: list[Pod]) -> str:
            return ", ".join(f"{pod.name}: {_app(pod).state} {_app(pod).reason}" for pod in new)

        bench.converge(look, runs, UP, NEW_POD, show=show, command="kubectl get pods")
        new = bench.hold(look, bool, OLD_ALONE, OLD_STAY, command="kubectl get pods")
        for pod in new:
            _never_ready(bench, pod)
        bench.undo()
        _rolled_out(bench, UP, "way-back-stuck", RETURNED)
    _none_failed(bench, "shop", load.answers)
    return bench.passed(
        expected=OLD_STAY,
        found=f"0 / {len(load.answers)}, " + _restarts(_pods(bench, "shop")),
        command="kubectl rollout history deployment shop",
    )


def _roll_out(bench: Bench, version: str) -> None:
    """Set VERSION in the container of the program; the journal knows the way back."""
    spec = bench.get("Deployment", "shop").spec.template.spec
    plain: Callable[[Any], Any] = bench.connection.client.sanitize_for_serialization
    forms = [plain(form) for form in spec.containers]
    for form in forms:
        if form["name"] == _app_name(spec):
            others = [each for each in form.get("env") or () if each["name"] != "VERSION"]
            form["env"] = [*others, {"name": "VERSION", "value": version}]
    refused = bench.change(
        "Deployment", "shop", {"spec": {"template": {"spec": {"containers": forms}}}}
    )
    if refused:
        command = "kubectl describe deployment shop"
        bench.failed("no-rollout", NEW_POD, refused.message, command, seconds=0)


def _app_name(spec: Any) -> str:
    """The container of a Pod template that mounts the given program; else the first."""
    for form in spec.containers:
        if any(mount.mount_path == "/app" for mount in form.volume_mounts or ()):
            return str(form.name)
    return str(spec.containers[0].name)


def _rolled_out(bench: Bench, seconds: float, failing: str, waiting_for: Text) -> None:
    """Wait until every Pod of `shop` is of its present template and available."""

    def done(shop: Any) -> bool:
        status, wanted = shop.status, shop.spec.replicas
        numbers = (status.replicas, status.updated_replicas, status.available_replicas)
        taken_up = (status.observed_generation or 0) >= shop.metadata.generation
        if taken_up and all((number or 0) == wanted for number in numbers):
            return True
        told = f"replicas {status.replicas}, ready {status.ready_replicas or 0}"
        words: Words = {"replicas": wanted, "ready": status.ready_replicas or 0}
        settles = None
        if failing == "rollout-stuck":
            waiting = [pod for pod in _pods(bench, "shop") if not pod.ready]
            words["detail"] = " ".join(filter(None, map(bench.hint, waiting[:1])))
            settles = STEADY if any(_long_since(bench, pod) for pod in waiting) else None
        command = "kubectl rollout status deployment shop --timeout=1s"
        return bool(bench.failed(failing, waiting_for, told, command, settles, **words))

    bench.converge(lambda: bench.get("Deployment", "shop"), done, seconds, waiting_for)


def _long_since(bench: Bench, pod: Pod) -> bool:
    """Whether its program has been running for so long that it should have been ready."""
    began = _app(pod).started_at
    return began is not None and bench.clock.wall() - began > timedelta(seconds=NOTICED)


def _new_pods(bench: Bench, old: list[Pod], lives: Lives) -> list[Pod]:
    """The Pods of the bad version. One that is Ready, or an old one gone, ends the check."""
    now = _pods(bench, "shop")
    new = [pod for pod in now if pod.uid not in {each.uid for each in old}]
    for pod in new:
        if pod.ready:
            _taken_for_ready(bench, pod, f"{pod.name}: Ready")
    gone = _anew(lives, now)
    if gone:
        bench.failed(
            "old-taken-away",
            expected=OLD_STAY,
            found=", ".join(pod.name for pod in now),
            command="kubectl get deployment shop -o jsonpath='{.spec.strategy}'",
            settles=0,
            pod=gone[0][0],
        )
    return new


def _never_ready(bench: Bench, pod: Pod) -> None:
    """Its readiness probes must fail now; a long delay before the first one helps nobody."""
    asked = [probe.ask(bench) for probe in _probes(pod, "readiness")]
    if all(succeeds for succeeds, _ in asked):
        _taken_for_ready(bench, pod, ", ".join(said for _, said in asked) or "-")


def _taken_for_ready(bench: Bench, pod: Pod, found: str) -> None:
    bench.failed(
        "bad-taken-for-ready",
        expected=OLD_STAY,
        found=found,
        command="kubectl describe deployment shop",
        settles=0,
        pod=pod.name,
        probes=_all_probes(pod),
    )


# Task 5


@check("cart")
def cart(bench: Bench) -> Outcome:
    bench.ready_pods_of_service("db", UP)
    pods = _two_or_more(bench, "cart")
    _all_say(bench, pods, "200", WELL)
    lives = _lives(pods)
    bench.change("Deployment", "db", {"spec": {"replicas": 0}})

    def present() -> list[Pod]:
        now = [bench.pod(pod.name) for pod in pods]
        if anew := _anew(lives, now):
            bench.failed(
                "fleet-restarted",
                expected=NOT_RESTARTED,
                found=_restarts(now),
                command=_show_events(pods[0]),
                settles=0,
                containers=_in_words(anew),
            )
        return now

    _all_say(bench, pods, "503", AWAY)
    _all_unready(bench, present)
    _none_will_restart(bench, pods, present)
    bench.hold(present, lambda now: not any(p.ready for p in now), STEADY, UNREADY, show=_restarts)
    bench.undo()
    bench.ready_pods_of_service("db", UP)
    _all_ready_again(bench, present)
    _all_say(bench, pods, "200", READY_AGAIN)
    return bench.passed(
        expected=NOT_RESTARTED, found=_restarts(present()), command="kubectl get pods"
    )


def _all_say(bench: Bench, pods: list[Pod], status: str, waiting_for: Text) -> None:
    """Wait until each Pod, asked itself, gives this status."""
    bench.converge(
        lambda: [_answers(bench, pod) for pod in pods],
        lambda said: all(each == status for each in said),
        DATABASE,
        waiting_for,
        show=lambda said: ", ".join(said),
        command="kubectl get pods",
    )


def _all_unready(bench: Bench, present: Callable[[], list[Pod]]) -> None:
    since = bench.clock.now()

    def unready(now: list[Pod]) -> bool:
        ready = [pod.name for pod in now if pod.ready]
        if not ready:
            return True
        asks = any(_probes(pod, kind) for pod in now for kind in ("readiness", "liveness"))
        return bool(
            bench.failed(
                "still-ready",
                expected=UNREADY,
                found=", ".join(ready),
                command=_show_endpoints("cart"),
                settles=None if asks else NEVER,
                seconds=round(bench.clock.now() - since),
                pods=", ".join(ready),
                probes=_all_probes(now[0]),
            )
        )

    bench.converge(present, unready, DATABASE, UNREADY)


def _none_will_restart(bench: Bench, pods: list[Pod], present: Callable[[], list[Pod]]) -> None:
    """No liveness probe may fail now. One that does is given its time to restart the fleet."""
    for probe in (each for pod in pods for each in _probes(pod, "liveness")):
        succeeds, said = probe.ask(bench)
        if succeeds:
            continue
        patience = probe.form.failure_threshold * probe.form.period_seconds + STEADY
        if patience < NOTICED:
            bench.hold(present, bool, patience, NOT_RESTARTED, show=_restarts)
        bench.failed(
            "liveness-needs-db",
            expected=INDEPENDENT,
            found=said,
            command=f"kubectl describe pod {probe.pod.name}",
            probe=probe.words,
            said=said,
        )


def _all_ready_again(bench: Bench, present: Callable[[], list[Pod]]) -> None:
    since = bench.clock.now()

    def ready(now: list[Pod]) -> bool:
        waiting = [pod.name for pod in now if not pod.ready]
        if not waiting:
            return True
        return bool(
            bench.failed(
                "not-back",
                expected=READY_AGAIN,
                found=", ".join(waiting),
                command=_show_endpoints("cart"),
                seconds=round(bench.clock.now() - since),
                pods=", ".join(waiting),
                probes=_all_probes(now[0]),
            )
        )

    bench.converge(present, ready, DATABASE, READY_AGAIN)
