"""Judges lab 04 by what a visitor of the site gets while commits, helpers and the repository
come and go.

Commits are pushed in the Pod of the Git server that the lab brings along. Each is taken back by
another commit and not by rewriting the branch: a helper that only ever pulls must stay right.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, NoReturn

from checker.catalogue import check
from checker.observe import (
    Answer,
    Bench,
    CouldNotLook,
    HttpAnswer,
    Load,
    Outcome,
    Pod,
    Ran,
    Reached,
    Refusal,
    Step,
)
from checker.observe.base import looking
from checker.texts import Text

SERVICE, PORT = "my-nginx", 80
NGINX, HELPER = "nginx", "git-monitor"
JOB = "report"
GIT, GIT_SERVER = "git", "git-server"

STEADY = 3.0
"""Seconds for which a state must last before it counts."""
SETTLES = 6.0
"""Seconds after which a wrong page that has nothing to wait for will not heal."""
FIRST_FETCH = 20.0
"""Seconds for the first version: a helper may have looked just before the server was up."""
STARTS = 30.0
BEGINS = 15.0
"""Seconds for a new Pod to be placed and to start its first container."""
GONE = 45.0
"""Seconds for old Pods to end; their grace period is 30 s unless the learner says otherwise."""
IN_TIME = 15.0
"""Seconds from a push to the page; stands in the tasks' texts."""
EARLY = 4.0
"""Seconds for which new Pods are watched while there is no repository: nginx starts in one."""
LATER = 10.0
"""Seconds for nginx to start once its helper counts as started."""
HEARS = 25.0
"""Seconds for a helper to end on SIGTERM; a shell ends only after the command it waits for."""
RESTARTS = 60.0
"""Seconds for a second restart: Kubernetes' own pause is 10 s by then."""
AWAY = 10.0
"""Seconds without a repository: a helper that looks in time looks meanwhile."""
REQUESTS, PATIENCE, LONGEST = 5.0, 2.0, 120.0
COMPLETES = 40.0

# A new version of the page carries the token first: only the beginning of an answer is kept.
MARK = "<!-- podlab {token} -->\n"
OUR_MARK = re.compile(r"\A(<!-- podlab \w+ -->\n)*")
FOLDER = "/srv/git/site.git"
URL = "http://localhost:8080/site.git"
SHOW = ("git", "-C", FOLDER, "show", "main:index.html")
BLOB = ("git", "-C", FOLDER, "rev-parse", "main:index.html")
PUT = ("git-put", URL, "index.html")
RESTORE = f"""
cd {FOLDER} || exit
[ "$(git rev-parse main:index.html)" = "$1" ] ||
    git cat-file blob "$1" | git-put {URL} index.html "Undo what a check pushed"
"""
TAKE_AWAY = "mv /srv/git/site.git /srv/git/site.away"
# A server that was restarted meanwhile has made an empty repository in the old one's place.
BRING_BACK = """
cd /srv/git || exit
[ ! -d site.away ] || { rm -rf site.git; mv site.away site.git; }
"""
PUSH_SECONDS = 20.0

ACCESS_LOG = f"kubectl logs deploy/{SERVICE} -c {NGINX}"
TOUCH = 'touch "$1" && rm "$1"'
Life = tuple[str, str, int]
"""A life of a container: the Pod's uid, the container's id and its restarts."""
TOKEN_MOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"  # noqa: S105 (a path)
PAGE = Text("回答是仓库里的页面", "the answer is the page of the repository")
EVERYWHERE = Text(
    "Service 后面的每个 Pod 都显示仓库里的页面",
    "each Pod behind the Service shows the page of the repository",
)
READ_ONLY = Text(
    "共用的卷在 nginx 里只能读", "in nginx the shared volume can be read and not written"
)
SHARED = Text("两个容器挂载同一个卷", "both containers mount one volume")
SHOWN = Text(
    "每个 Pod 都显示推送的提交，nginx 没有重启",
    "each Pod shows the pushed commit, and nginx is not restarted",
)
PAST_START = Text("Pod {pod} 完成初始化", "Pod {pod} gets past its start")
NATIVE = Text(
    "git-monitor 是 restartPolicy 为 Always 的初始化容器",
    "git-monitor is an init container with restartPolicy Always",
)
OLD_GONE = Text("旧的 Pod 结束", "the old Pods to end")
NEW_BEGUN = Text("新的 Pod 启动第一个容器", "a new Pod to start its first container")
NO_PAGE_YET = Text(
    "仓库离线时，nginx 没有启动，也没有回答",
    "while the repository is away nginx is not started and nothing answers",
)
FIRST = Text("第一个回答是最新的页面", "the first answer is the newest page")
HELPER_ENDS = Text("git-monitor 收到 SIGTERM 之后结束", "git-monitor ends when it gets SIGTERM")
ALL_ANSWERED = Text("每个请求都得到页面", "each request gets the page")
GOES_ON = Text(
    "仓库离线时，git-monitor 一直运行，没有退出",
    "git-monitor runs on and does not end while the repository is away",
)
SAME_NGINX = Text("容器 nginx 没有重启", "container nginx is not restarted")
COMPLETE = Text("Job 完成，git-monitor 运行到最后", "the Job completes, git-monitor running along")
NO_SERVER = Text(
    "实验自带的 Git 服务器没有照办（{why}）。",
    "The Git server that comes with the lab did not do as asked ({why}).",
)
APPLY_IT = Text(
    "再应用一次实验文件夹里的 git.yaml，然后再检查。",
    "Apply git.yaml from the lab's folder once more, then check again.",
)


@dataclass
class Repository:
    """The repository `site`, by way of the Pod that serves it."""

    bench: Bench
    server: Pod
    _pushed: bool = field(default=False, init=False)

    @classmethod
    def of(cls, bench: Bench) -> Repository:
        """The one of this workspace, once its server is Ready."""
        return cls(bench, bench.pod_of_service(GIT))

    def page(self) -> str:
        """The newest version of the page."""
        return self._must(self.bench.exec(self.server, SHOW, GIT_SERVER)).stdout

    def push(self) -> str:
        """Commit a version that carries a fresh token; returns the token.

        The first version that a check replaces is what its end brings back.
        """
        bench, token = self.bench, self.bench.token()
        page = OUR_MARK.sub("", self.page())
        if not self._pushed:
            blob = self._must(bench.exec(self.server, BLOB, GIT_SERVER)).stdout.strip()
            self._later("sh", "-c", RESTORE, "sh", blob)
            self._pushed = True
        content = (MARK.format(token=token) + page).encode()
        words = (*PUT, f"Check {token}")
        self._must(bench.exec(self.server, words, GIT_SERVER, content, PUSH_SECONDS))
        return token

    def take_away(self) -> None:
        """From now on the server says that there is no such repository."""
        self._later("sh", "-c", BRING_BACK)
        self._must(self.bench.exec(self.server, ("sh", "-c", TAKE_AWAY), GIT_SERVER))

    def bring_back(self) -> None:
        """As if it had never been away."""
        self._must(self.bench.exec(self.server, ("sh", "-c", BRING_BACK), GIT_SERVER))

    def _later(self, *argv: str) -> None:
        self.bench.later(Step.exec(self.server.name, argv, GIT_SERVER, self.server.uid))

    def _must(self, ran: Ran) -> Ran:
        if not ran.ok:
            why = ran.stderr.strip()[:200] or f"{ran.end}, exit code {ran.code}"
            raise CouldNotLook(NO_SERVER.format(why=why), APPLY_IT)
        return ran


@check("site")
def site(bench: Bench) -> Outcome:
    page = Repository.of(bench).page()
    pods = _up(bench)

    def is_page(answer: HttpAnswer) -> bool:
        _must_listen(bench, answer)
        if answer.status != 200 or answer.text.strip() != page.strip():
            _say_why_not(bench, answer, pods)
        return True

    bench.converge(lambda: _ask(bench), is_page, FIRST_FETCH, PAGE)
    _all_show(bench, page.strip(), EVERYWHERE)
    bench.hold(lambda: _ask(bench), is_page, STEADY, PAGE)
    for pod in pods:
        _must_be_read_only(bench, pod)
    return bench.passed(expected=PAGE, found=_first_line(page), command=_show_page(pods[0]))


@check("update")
def update(bench: Bench) -> Outcome:
    repository = Repository.of(bench)
    pods = _up(bench)
    lives = _lives(pods, NGINX)
    token = repository.push()
    try:
        _all_show(bench, token, SHOWN)
    except Refusal as no:
        if no.message_id == "deadline":
            _say_why_old(bench, pods, token, no)
        raise
    _must_live_on(bench, lives)
    return bench.passed(expected=SHOWN, found=token, command=_show_page(pods[0]))


@check("start")
def start(bench: Bench) -> Outcome:
    repository = Repository.of(bench)
    pods = _up(bench)
    for pod in pods:
        _must_be_native(bench, pod)
        _must_be_kept(bench, pod)
    token = repository.push()
    repository.take_away()
    _delete(bench, pods)
    bench.hold(lambda: _early(bench), bool, EARLY, NO_PAGE_YET)
    _must_wait_on(bench)
    repository.bring_back()
    answer = bench.converge(
        lambda: _ask(bench),
        lambda answer: answer.status is not None,
        STARTS,
        FIRST,
        show=lambda answer: answer.complaint,
        command="kubectl get pods",
    )
    if answer.status != 200 or token not in answer.text:
        told = _told(answer)
        bench.failed("old-answer", expected=FIRST, command=ACCESS_LOG, **told)
    new = _up(bench)[0]
    begun = {c.name: f"{c.started_at:%H:%M:%S}" for c in new.containers if c.started_at}
    found = f"{HELPER} {begun.get(HELPER, '?')}, {NGINX} {begun.get(NGINX, '?')}"
    return bench.passed(expected=FIRST, found=found, command=f"kubectl describe pod {new.name}")


@check("survive")
def survive(bench: Bench) -> Outcome:
    repository = Repository.of(bench)
    pods = _up(bench)
    lives = _lives(pods, NGINX)
    token = repository.push()
    _all_show(bench, token, SHOWN)

    with _visitors(bench) as load:
        _end_helper(bench, pods[0], HEARS)
        _end_helper(bench, pods[0], RESTARTS)
    _must_all_get(bench, load, token, "gap")
    _must_live_on(bench, lives)

    helpers = _lives([bench.pod(pod.name) for pod in pods], HELPER)
    with _visitors(bench) as load:
        repository.take_away()
        bench.hold(lambda: _changed(bench, helpers), lambda gone: not gone, AWAY, GOES_ON)
        repository.bring_back()
    _must_all_get(bench, load, token, "page-lost")
    _all_show(bench, repository.push(), SHOWN, "not-back")
    _must_live_on(bench, lives)
    helper = bench.pod(pods[0].name).container(HELPER)
    found = f"{HELPER}: restartCount {helper.restarts}; {len(load.answers)} of {len(load.answers)}"
    return bench.passed(expected=ALL_ANSWERED, found=found, command="kubectl get pods")


@check("job")
def job(bench: Bench) -> Outcome:
    def complete(found: Any) -> bool:
        conditions = {c.type: c for c in (found.status.conditions or ()) if c.status == "True"}
        pods = bench.pods(f"job-name={JOB}")
        if failed := conditions.get("Failed"):
            told = {"reason": failed.reason or "?", "detail": failed.message or "-"}
            bench.failed(
                "job-failed",
                expected=COMPLETE,
                found=told["reason"],
                command=f"kubectl describe job {JOB}",
                settles=0,
                job=JOB,
                **told,
            )
        for pod in pods:
            _must_have_helper(bench, pod)
        if "Complete" in conditions:
            return True
        for pod in pods:
            _say_what_holds(bench, pod)
        return False

    bench.converge(
        lambda: bench.get("Job", JOB),
        complete,
        COMPLETES,
        COMPLETE,
        show=lambda found: f"active {found.status.active or 0}",
        command=f"kubectl get pods -l job-name={JOB}",
    )
    done = [pod for pod in bench.pods(f"job-name={JOB}") if pod.phase == "Succeeded"]
    for pod in done:
        helper = pod.container(HELPER)
        if not _is_native(pod):
            bench.failed(
                "not-native",
                expected=NATIVE,
                found=f"{HELPER}: exit code {helper.ended.code if helper.ended else '?'}",
                command=_show_kinds(pod),
                job=JOB,
                code=helper.ended.code if helper.ended else "?",
            )
    return bench.passed(expected=COMPLETE, found="Complete", command=f"kubectl get job {JOB}")


def _ask(bench: Bench) -> HttpAnswer:
    """One request as a visitor makes it. Two seconds: a hold must not wait longer for a look."""
    return bench.http(SERVICE, "/", PORT, seconds=PATIENCE)


def _must_listen(bench: Bench, answer: HttpAnswer) -> None:
    if answer.reached is not Reached.open:
        ports = [p.target_port for p in bench.service(SERVICE).spec.ports if p.port == PORT]
        bench.failed(
            "nothing-listens",
            expected=PAGE,
            found=answer.complaint,
            command=f"kubectl get endpointslices -l kubernetes.io/service-name={SERVICE}",
            settles=SETTLES,
            service=SERVICE,
            target=ports[0] if ports else "?",
        )


def _up(bench: Bench) -> list[Pod]:
    """The Pods behind the Service, all Ready; what keeps one in its start is told in our words."""

    def look() -> list[Pod]:
        try:
            return bench.ready_pods_of_service(SERVICE, 2)
        except Refusal as no:
            if no.message_id in ("not-ready", "deadline"):
                for pod in bench.pods_of_service(SERVICE):
                    _must_get_past_start(bench, pod, str(no.params.get("detail", "")))
            raise

    return bench.converge(look, bool, STARTS, PAGE)


def _must_get_past_start(bench: Bench, pod: Pod, detail: str) -> None:
    """The common message says only that the Pod is not Ready; here the cause is the lesson's."""
    status, spec = pod.raw.status, pod.raw.spec
    states = {s.name: s for s in (status and status.init_container_statuses) or ()}
    seen: dict[str, Any] = {
        "expected": PAST_START.format(pod=pod.name),
        "command": f"kubectl describe pod {pod.name}",
        "pod": pod.name,
    }
    for form in (spec and spec.init_containers) or ():
        state = states.get(form.name)
        if form.name != HELPER or not (state and state.state and state.state.running):
            continue
        seen |= {"found": f"{form.name}: running", "container": form.name}
        if form.restart_policy != "Always":
            bench.failed("helper-blocks", settles=SETTLES, **seen)
        if not state.started:
            bench.failed("helper-not-started", detail=detail, **seen)


def _say_why_not(bench: Bench, answer: HttpAnswer, pods: list[Pod]) -> NoReturn:
    """It answers, and not with the page: from the volumes and the answer, name the cause."""
    pod = pods[0]
    ours, theirs = (_volumes(pod, name) for name in (NGINX, HELPER))
    shared = [name for name in ours if name in theirs]
    seen: dict[str, Any] = {"expected": PAGE, "found": _told(answer)["found"]}
    if not shared:
        seen["command"] = _show_mounts(pod)
        told = {"nginx": _in_words(ours), "helper": _in_words(theirs)}
        bench.failed("no-shared-volume", settles=SETTLES, pod=pod.name, **told, **seen)
    volume = shared[0]
    files = _files(bench, pod, ours[volume])
    if files is not None and not files:
        seen |= {"found": "", "command": f"kubectl exec {pod.name} -c {NGINX} -- ls {ours[volume]}"}
        ran = bench.clock.wall() - (pod.container(HELPER).started_at or bench.clock.wall())
        settles = max(SETTLES, FIRST_FETCH - ran.total_seconds())
        told = {"volume": volume, "mount": theirs[volume]}
        bench.failed("nothing-published", settles=settles, **told, **seen)
    seen["command"] = _show_config(pod)
    if "Welcome to nginx" in answer.text:
        mounts = ", ".join(ours[name] for name in shared)
        bench.failed("default-page", settles=SETTLES, mounts=mounts, **seen)
    if answer.status != 200:
        told = {"mount": ours[volume], "files": ", ".join(files or ("?",))}
        bench.failed("other-folder", settles=SETTLES, status=answer.status or "-", **told, **seen)
    bench.failed("other-page", settles=IN_TIME, answer=_first_line(answer.text), **seen)


def _all_show(bench: Bench, words: str, what: Text, message: str = "deadline") -> None:
    """Wait until every Pod behind the Service shows a page with `words` in it."""

    def old() -> list[str]:
        pods = bench.pods_of_service(SERVICE)
        port = _pod_port(bench)
        answers = {p.name: bench.http(p, "/", port, seconds=PATIENCE) for p in pods}
        for answer in answers.values():
            _must_listen(bench, answer)
        return [
            f"{name}: {answer.status or '-'} {_first_line(answer.text)}"
            for name, answer in answers.items()
            if answer.status != 200 or words not in answer.text
        ]

    bench.converge(
        old,
        lambda pods: not pods,
        IN_TIME,
        what,
        failing=message,
        show="; ".join,
        command=f"kubectl logs deploy/my-nginx -c {HELPER}",
    )


def _pod_port(bench: Bench) -> int:
    """The port of the Pods that the Service's port leads to, as the cluster resolved its name."""
    name = next((p.name for p in bench.service(SERVICE).spec.ports if p.port == PORT), None)
    for part in bench.list("EndpointSlice", {"kubernetes.io/service-name": SERVICE}):
        for port in part.ports or ():
            if (port.name or None) == (name or None):
                return int(port.port)
    return PORT


def _say_why_old(bench: Bench, pods: list[Pod], token: str, no: Refusal) -> NoReturn:
    """A page stayed old: did the helper bring nothing, or does nginx look elsewhere?"""
    for pod in pods:
        ours, theirs = (_volumes(pod, name) for name in (NGINX, HELPER))
        mount = next((theirs[name] for name in ours if name in theirs), None)
        ran = bench.exec(pod, ["grep", "-rl", token, mount], HELPER) if mount else None
        if ran is not None and ran.code == 1:
            bench.failed(
                "not-fetched",
                expected=SHOWN,
                found=no.params["found"],
                command=f"kubectl logs {pod.name} -c {HELPER}",
                seconds=round(IN_TIME),
            )
    ours = _volumes(pods[0], NGINX)
    bench.failed(
        "not-served",
        expected=SHOWN,
        found=no.params["found"],
        command=_show_mounts(pods[0]),
        seconds=round(IN_TIME),
        mounts=_in_words(ours),
    )


def _must_be_read_only(bench: Bench, pod: Pod) -> None:
    """Tried, not read: a mount can be read-only in more than one way."""
    ours, theirs = (_volumes(pod, name) for name in (NGINX, HELPER))
    mounts = [path for name, path in ours.items() if name in theirs]
    if not mounts:
        bench.failed(
            "no-shared-volume",
            expected=SHARED,
            found=_in_words(ours),
            command=_show_mounts(pod),
            pod=pod.name,
            nginx=_in_words(ours),
            helper=_in_words(theirs),
        )
    for mount in mounts:
        file = f"{mount.rstrip('/')}/.podlab-{bench.token()}"
        ran = bench.exec(pod, ["sh", "-c", TOUCH, "sh", file], NGINX)
        if "read-only" not in ran.stderr.lower():
            bench.failed(
                "writable",
                expected=READ_ONLY,
                found=ran.stderr.strip() or "exit code 0",
                command=f"kubectl exec {pod.name} -c {NGINX} -- grep {mount} /proc/mounts",
                mount=mount,
            )


def _must_be_native(bench: Bench, pod: Pod) -> None:
    if not _is_native(pod):
        bench.failed(
            "not-native",
            expected=NATIVE,
            found="containers",
            command=_show_kinds(pod),
            pod=pod.name,
        )


def _is_native(pod: Pod) -> bool:
    """By the API's own definition of a sidecar: an init container with restartPolicy Always.

    https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/
    """
    forms = (pod.raw.spec and pod.raw.spec.init_containers) or ()
    return any(form.name == HELPER and form.restart_policy == "Always" for form in forms)


def _must_be_kept(bench: Bench, pod: Pod) -> None:
    """Said before the Pod is deleted: a Pod of its own would be gone for good."""
    if pod.owner is None:
        bench.failed(
            "no-controller",
            found="-",
            command=f"kubectl get pod {pod.name} -o jsonpath='{{.metadata.ownerReferences}}'",
            pod=pod.name,
        )


def _delete(bench: Bench, pods: list[Pod]) -> None:
    """Delete these Pods, and wait until they are gone and others have begun."""
    uids = {pod.uid for pod in pods}
    for pod in pods:
        with looking():
            bench.objects.delete("Pod", pod.name, uid=pod.uid)
    bench.converge(
        lambda: [raw.metadata.name for raw in bench.list("Pod") if raw.metadata.uid in uids],
        lambda left: not left,
        GONE,
        OLD_GONE,
        show=", ".join,
        command="kubectl get pods",
    )

    def begun() -> list[str]:
        states = [c for p in bench.pods_of_service(SERVICE) for c in p.containers]
        return [c.name for c in states if c.state == "running"]

    try:
        bench.converge(begun, bool, BEGINS, NEW_BEGUN)
    except Refusal:  # the kubelet says so of a container only after its postStart hook
        return


def _early(bench: Bench) -> bool:
    """One look while there is no repository. Raises when nginx runs, or something answers."""
    answer = _ask(bench)
    pods = bench.pods_of_service(SERVICE)
    started = [p for p in pods for c in p.containers if c.name == NGINX and c.state == "running"]
    if answer.status is None and started:
        answer = _soon(bench)
    if answer.status is not None:
        bench.failed("first-answer", expected=NO_PAGE_YET, command=ACCESS_LOG, **_told(answer))
    if started:
        bench.failed(
            "nginx-too-early",
            expected=NO_PAGE_YET,
            found=f"{NGINX}: running",
            command=f"kubectl describe pod {started[0].name}",
            pod=started[0].name,
        )
    return True


def _must_wait_on(bench: Bench) -> None:
    """A helper that counts as started lets nginx start, on a busy node some seconds later."""

    def both() -> bool:
        pods = bench.pods_of_service(SERVICE)
        return not any(_has_started(pod) for pod in pods) or any(
            c.name == NGINX and c.state == "running" for pod in pods for c in pod.containers
        )

    try:
        bench.converge(both, bool, LATER, NO_PAGE_YET)
    except Refusal:  # something else holds nginx back, such as a second init container
        return
    _early(bench)


def _has_started(pod: Pod) -> bool:
    states = (pod.raw.status and pod.raw.status.init_container_statuses) or ()
    return any(state.name == HELPER and state.started for state in states)


def _soon(bench: Bench) -> HttpAnswer:
    """An answer of an nginx that has started, if the Service passes requests on to it."""
    last = _ask(bench)
    try:
        return bench.converge(
            lambda: _ask(bench), lambda answer: answer.status is not None, SETTLES, FIRST
        )
    except Refusal:
        return last


def _lives(pods: list[Pod], container: str) -> dict[str, Life]:
    """Which life of a container each Pod is in, by the Pod's name."""
    return {pod.name: _life(pod, container) for pod in pods}


def _life(pod: Pod, container: str) -> Life:
    now = pod.container(container)
    return pod.uid, now.id, now.restarts


def _must_live_on(bench: Bench, lives: dict[str, Life]) -> None:
    for name, was in lives.items():
        now = _life(bench.pod(name), NGINX)
        if now[0] != was[0]:
            bench.failed("pod-changed", command="kubectl get pods", pod=name)
        if now != was:
            bench.failed(
                "nginx-restarted",
                expected=SAME_NGINX,
                found=f"restartCount {was[2]} -> {now[2]}",
                command=f"kubectl get pod {name}",
                pod=name,
            )


def _end_helper(bench: Bench, pod: Pod, seconds: float) -> None:
    """End process 1 of the helper, as the kubelet does, and wait for the helper's next life."""
    try:
        bench.restart(pod, ["sh", "-c", "kill 1"], HELPER, seconds)
    except Refusal as no:
        if no.message_id != "not-restarted":
            raise
        bench.failed(
            "helper-deaf",
            expected=HELPER_ENDS,
            found=no.params["found"],
            command=f"kubectl exec {pod.name} -c {HELPER} -- grep Sig /proc/1/status",
            pod=pod.name,
            seconds=round(seconds),
        )


def _changed(bench: Bench, lives: dict[str, Life]) -> bool:
    """Whether a helper has ended since. Raises in the words of the task when it has."""
    for name, was in lives.items():
        helper = bench.pod(name).container(HELPER)
        if (helper.id, helper.restarts) != was[1:] or helper.state != "running":
            ended = helper.ended or helper.last
            bench.failed(
                "helper-gave-up",
                expected=GOES_ON,
                found=f"exit code {ended.code}" if ended else helper.state,
                command=f"kubectl logs {name} -c {HELPER} --previous",
                pod=name,
            )
    return False


def _visitors(bench: Bench) -> Load:
    return bench.load(SERVICE, port=PORT, rate=REQUESTS, seconds=LONGEST, patience=PATIENCE)


def _must_all_get(bench: Bench, load: Load, token: str, message: str) -> None:
    def say(answer: Answer) -> str:
        return answer.error or f"{answer.status} {_first_line(answer.body)}"

    all_answers = load.answers
    bad = [each for each in all_answers if each.status != 200 or token not in each.body]
    if bad:
        usual = Counter(map(say, bad)).most_common(1)[0][0]
        bench.failed(
            message,
            expected=ALL_ANSWERED,
            found=f"{len(bad)} / {len(all_answers)}: {usual}",
            command=f"kubectl get endpointslices -l kubernetes.io/service-name={SERVICE}",
            failed=len(bad),
            all=len(all_answers),
            answer=usual,
        )


def _must_have_helper(bench: Bench, pod: Pod) -> None:
    names = [c.name for c in pod.containers]
    if HELPER not in names:
        bench.failed(
            "helper-missing",
            expected=NATIVE,
            found=", ".join(names),
            command=_show_kinds(pod),
            settles=0,
            job=JOB,
            containers=", ".join(names),
        )


def _say_what_holds(bench: Bench, pod: Pod) -> None:
    """Why the Job goes on and on, where its Pod's containers tell."""
    helper = pod.container(HELPER)
    others = [c for c in pod.containers if c.main and c.name != HELPER]
    seen: dict[str, Any] = {
        "expected": COMPLETE,
        "found": f"{HELPER}: {helper.state}",
        "command": f"kubectl get pod {pod.name}",
        "settles": SETTLES,
        "job": JOB,
    }
    if helper.state != "running" or _is_native(pod):
        return
    if not helper.main:
        bench.failed("helper-blocks", waiting=", ".join(c.name for c in others), **seen)
    if all(c.ended and c.ended.code == 0 for c in others):
        bench.failed("helper-holds", ended=", ".join(c.name for c in others), **seen)


def _volumes(pod: Pod, container: str) -> dict[str, str]:
    """What a container mounts, by the volume's name; the API token's is nobody's choice."""
    chosen = [c for c in pod.containers if c.name == container]
    return {n: p for c in chosen for n, p in c.mounts.items() if p != TOKEN_MOUNT}


def _files(bench: Bench, pod: Pod, folder: str) -> list[str] | None:
    """What a visitor could be shown of a folder, as nginx sees it; None if it cannot be listed."""
    ran = bench.exec(pod, ["ls", folder], NGINX)
    return ran.stdout.split() if ran.ok else None


def _in_words(volumes: dict[str, str]) -> str:
    return ", ".join(f"{name} ({path})" for name, path in volumes.items()) or "-"


def _told(answer: HttpAnswer) -> dict[str, Any]:
    status, first = answer.status or "-", _first_line(answer.text)
    return {"found": f"{status} {first}", "status": status, "answer": first}


def _first_line(body: str) -> str:
    """The first line that says something to a person, without its tags."""
    lines = (re.sub(r"<[^>]*>", "", line).strip() for line in body.splitlines())
    return next(filter(None, lines), "")[:80]


def _show_page(pod: Pod) -> str:
    return f"kubectl logs {pod.name} -c {HELPER}"


def _show_mounts(pod: Pod) -> str:
    return f"kubectl describe pod {pod.name}"


def _show_config(pod: Pod) -> str:
    return f"kubectl exec {pod.name} -c {NGINX} -- nginx -T"


def _show_kinds(pod: Pod) -> str:
    path = "{.spec.initContainers[*].name} | {.spec.containers[*].name}"
    return f"kubectl get pod {pod.name} -o jsonpath='{path}'"
