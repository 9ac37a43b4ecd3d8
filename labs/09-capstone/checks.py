"""Judges lab 09 by what the shop does: for customers, for authors, for whoever is on call.

A task speaks of a symptom and never of its cause, so no check looks for a certain repair. Beside
each check stands the longest wait that Kubernetes itself imposes on it.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from checker.catalogue import check, given
from checker.cluster import API_ERRORS, Meaning, meaning
from checker.observe import (
    Bench,
    CouldNotLook,
    Ended,
    HttpAnswer,
    Outcome,
    Pod,
    Recorder,
    Refusal,
    Step,
)
from checker.observe.base import looking
from checker.texts import Text

SHOP, SEARCH, INVOICE = "shop", "search", "invoice"
REDIS, REDIS_PORT = "redis", 6379
STEADY = 3.0
"""Seconds for which a state must last before it counts."""
SETTLES = 8.0
"""Seconds a rollout or kube-proxy may need; what is wrong for longer will not heal by itself."""
STARTS = 60.0
"""Seconds for a Pod of the shop: its volume is made first, or its first page fetched."""
RESTARTS = 100.0
"""Seconds for the next life of a container: other clusters let it wait for 10, 20, 40 s."""
KEEPS = "900"
"""Seconds after which Redis forgets the checker's keys, also where a check was killed half-way."""

ARTICLES = "12000 articles"
MIB = 1 << 20
MOST = 128 * MIB
LIMIT = "cat /sys/fs/cgroup/memory.max || cat /sys/fs/cgroup/memory/memory.limit_in_bytes"
REPOSITORY = "/srv/git/site.git"
DRAFT = "/tmp/draft"  # noqa: S108 (in the Pod of the git server)
STUCK_FILE = "/tmp/stuck"  # noqa: S108 (in a Pod of the front)
PUBLISHED = 30.0
TOKEN_MOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"  # noqa: S105 (a path)
IMPORTED = 40.0
ROTATED = 100.0
"""Seconds for a changed Secret: a kubelet looks every minute, that of the course every 5 s."""
OLD_FOR = 25.0
"""Seconds after which an old key stays: the kubelet has been made to look at the Pod at once."""
ORDER, RATE, ORDERS, SLOWEST = "/cgi-bin/order?customer=", 4.0, 8, 20.0
ENOUGH = 20
KILLED = 137
REFUSED = ("ErrImagePull", "ImagePullBackOff")
PULLS = 40.0
SHORTEST_OUTAGE, LONGEST_OUTAGE = 8.0, 45.0

SEARCHES = Text("搜索查得到 12000 件商品", "the search knows 12000 articles")
BOUNDED = Text("搜索的内存上限不超过 128 MiB", "the search may use 128 MiB at most")
NEW_PAGE = Text("每个前端都显示刚推送的首页", "every front shows the page that was just pushed")
KEPT = Text("新的 Redis Pod 里还有原来的购物车", "the cart is there in the new Pod of Redis")
ANSWERS = Text("Redis 应答", "Redis answers")
ANEW = Text("崩溃的 Redis 重新应答", "Redis to answer again after its crash")
IMPORT_ENDS = Text("导入任务结束", "the import to end")
REASON = Text("Pod 的状态里写着错在哪件商品", "the Pod's status names the article that is wrong")
NEW_KEY = Text("每个前端都用新密钥付款", "every front pays with the new key")
UNDER_WAY = Text("有订单得到应答", "orders to be answered")
BOOKED = Text("处理中的订单全部成功", "all orders under way are booked")
ENDS_ITSELF = Text("容器自己结束，没有被强行杀掉", "the container ends by itself, not killed")
GONE = Text("被删除的 Pod 消失", "the deleted Pod to be gone")
RIDES_OUT = Text("Redis 不应答期间，前端没有重启", "no front is restarted while Redis is silent")
SELLS = Text("前端照常卖货", "every front sells")
INVOICES = Text("开发票的镜像在运行", "the image for invoices runs")
STUCK = Text("卡住的前端被重启", "the front that is stuck to be restarted")
SETTLED = Text("前端全部就绪，没有更新在进行", "all fronts Ready, and no rollout under way")
NONE_FAILS = Text("滚动重启期间没有订单失败", "no order fails during the rolling restart")
ALL_THERE = Text(
    "Redis 崩溃之后，答应过的订单都在", "every confirmed order is there after the crash"
)
MISSED = Text("删除 Pod 之前订单就处理完了。", "The orders were done before the Pod was deleted.")
FEW = Text("发出的订单太少，不能下结论。", "Too few orders were sent to tell.")
MEANWHILE = Text("Pod {pod} 在我们删除它之前变了。", "Pod {pod} changed before we could delete it.")
AGAIN = Text("请再检查一次。", "Check again.")


@given
def login(bench: Bench) -> None:
    """The shop's private image needs the registry, and a user of this workspace's own."""
    bench.registry()


# Longest wait: the back-off of a container that has crashed (3 s here, 5 minutes by default).
@check("search")
def search(bench: Bench) -> Outcome:
    pods = _search_pods(bench)
    lives = _lives(pods)

    def look() -> None:
        _must_live_on(bench, pods, lives, "search-restarted")
        answer = bench.http(SEARCH)
        if answer.text.strip() != ARTICLES:
            bench.failed(
                "wrong-answer",
                expected=SEARCHES,
                found=_shown(answer),
                command=f"kubectl logs {pods[0].name}",
                settles=SETTLES,
            )

    bench.converge(look, _fine, SETTLES * 2, SEARCHES)
    bench.hold(look, _fine, STEADY, SEARCHES)
    limits = ", ".join(_memory_limit(bench, pod) for pod in pods)
    return bench.passed(expected=BOUNDED, found=limits, command=f"kubectl describe {_name(pods)}")


# Longest wait: none of Kubernetes' own; the helper's period decides.
@check("page")
def page(bench: Bench) -> Outcome:
    fronts, port = _fronts(bench), _front_port(bench)
    token = bench.token()
    _push(bench, bench.pod_of_service("git", STARTS), token)

    def look() -> None:
        for pod in fronts:
            answer = bench.http(pod, port=port)
            seen: dict[str, Any] = {"expected": NEW_PAGE, "found": _shown(answer), "pod": pod.name}
            if answer.status != 200:
                bench.failed("no-page", command=_describe(pod), settles=SETTLES, **seen)
            if token not in answer.text:
                bench.failed("old-page", command=_describe(pod), **seen)

    bench.converge(look, _fine, PUBLISHED, NEW_PAGE)
    return bench.passed(expected=NEW_PAGE, found=token, command=f"kubectl get {_name(fronts)}")


# Longest wait: a Pod ends (grace period 5 s here) before another takes over its volume.
@check("carts")
def carts(bench: Bench) -> Outcome:
    old = bench.pod_of_service(REDIS, STARTS)
    key, thing = f"cart:{bench.token()}", bench.token()
    _must_answer(bench)
    _ask(bench, "RPUSH", key, thing)
    _ask(bench, "EXPIRE", key, KEEPS)
    new = bench.replace(old, service=REDIS)
    _must_answer(bench)
    if thing not in _ask(bench, "LINDEX", key, "0"):
        _say_why_lost(bench, new)
    _ask(bench, "DEL", key)
    uids = f"uid {old.uid} -> {new.uid}"
    return bench.passed(expected=KEPT, found=uids, command="kubectl get pods,pvc")


# Longest wait: one Pod of a Job starts and ends.
@check("stock")
def stock(bench: Bench) -> Outcome:
    form = bench.get("CronJob", "stock").spec.job_template.spec
    article = bench.token("a")
    _deliver(bench, article)
    job = f"stock-{bench.token()}"
    spec = bench.connection.client.sanitize_for_serialization(form)  # type: ignore[no-untyped-call]
    kind = {"apiVersion": "batch/v1", "kind": "Job"}
    bench.apply({**kind, "metadata": {"name": job}, "spec": spec})
    ended = _import(bench, job)
    # The checker's own Job is gone when its verdict is read, so the command starts another.
    seen: dict[str, Any] = {
        "expected": REASON,
        "command": "kubectl create job --from=cronjob/stock try",
    }
    if ended.code == 0:
        bench.failed("not-refused", found="exit code 0", **seen)
    if not ended.message:
        bench.failed("no-message", found="-", code=ended.code, **seen)
    if article not in ended.message:
        bench.failed("no-reason", found=ended.message, size=len(ended.message), **seen)
    return bench.passed(found=ended.message, **seen)


# Longest wait: the kubelet's next look at a Pod's volumes (7 s here, a minute and more elsewhere).
@check("payment")
def payment(bench: Bench) -> Outcome:
    fronts, port = _fronts(bench), _front_port(bench)
    lives = _lives(fronts)
    key = bench.token("key-")
    data = {"key": base64.b64encode(key.encode()).decode()}
    if refused := bench.change("Secret", "payment", {"data": data}):
        command = "kubectl get secret payment -o yaml"
        bench.failed("key-locked", expected=NEW_KEY, found=refused.message, command=command)
    for pod in fronts:
        # A change of the Pod makes the kubelet look at it now, and not in its next round.
        bench.change("Pod", pod.name, {"metadata": {"annotations": {"podlab/look": key}}})
    wanted = hashlib.sha256(key.encode()).hexdigest()[:12]

    def look() -> None:
        _must_live_on(bench, fronts, lives, "front-restarted")
        for pod in fronts:
            answer = bench.http(pod, "/cgi-bin/payment", port)
            if answer.text.strip() != wanted:
                bench.failed(
                    "old-key",
                    expected=NEW_KEY,
                    found=_shown(answer),
                    command=_describe(pod),
                    settles=OLD_FOR,
                    pod=pod.name,
                    wanted=wanted,
                )

    bench.converge(look, _fine, ROTATED, NEW_KEY)
    return bench.passed(expected=NEW_KEY, found=wanted, command=f"kubectl get {_name(fronts)}")


# Longest wait: the Pod's own end, at most its grace period (10 s here).
@check("checkout")
def checkout(bench: Bench) -> Outcome:
    pod, port = _fronts(bench)[0], _front_port(bench)
    customer = bench.token()
    many = {"rate": RATE, "seconds": ORDERS / RATE, "patience": SLOWEST}
    with (
        Recorder(bench.connection, bench.namespace, ("Pod",)) as recorder,
        bench.load(pod, ORDER + customer, port, **many) as load,
    ):
        bench.converge(lambda: len(load.answers), bool, SLOWEST, UNDER_WAY)
        _delete(bench, pod)
        done = len(load.answers)
        bench.converge(lambda: bench.find("Pod", pod.name), lambda it: not it, RESTARTS, GONE)
    _ask(bench, "DEL", f"orders:{customer}")
    if done == len(load.answers):
        raise CouldNotLook(MISSED, AGAIN)
    if lost := load.failed:
        bench.failed(
            "cut-off",
            expected=BOOKED,
            found=lost[0].error,
            command="kubectl describe deployment front",
            pod=pod.name,
            lost=len(lost),
            count=len(load.answers) - done,
        )
    for fact in recorder.record().of("container-ended"):
        if fact.uid == pod.uid and fact.more["code"] == KILLED:
            bench.failed(
                "killed",
                expected=ENDS_ITSELF,
                found=f"{fact.container}: exit code {KILLED}",
                command="kubectl describe deployment front",
                container=fact.container,
                pod=pod.name,
                grace=pod.raw.spec.termination_grace_period_seconds,
            )
    return bench.passed(expected=BOOKED, found=f"{len(load.answers)} / {len(load.answers)}")


# Longest wait: one Pod is made and pulls a small image. (One that was refused before may wait for
# its next pull for 5 minutes; the learner is told so, and need not wait.)
@check("invoice")
def invoice(bench: Bench) -> Outcome:
    registry = bench.registry()
    pod = bench.pods_of_service(INVOICE)[-1]
    page = bench.token("invoice-")
    version = bench.token("v")
    registry.push(version, page)
    _next_version(bench, pod, registry.image(version))
    try:
        pods = bench.ready_pods_of_service(INVOICE, SETTLES)
    except Refusal as no:
        if no.message_id == "image-not-pulled":
            command = f"kubectl delete {_name([pod])}"
            bench.failed(
                "still-waiting", expected=INVOICES, found="-", command=command, pod=pod.name
            )
        raise
    images = [c.image for pod in pods for c in pod.containers if c.main]
    if not all(image.startswith(registry.image("")) for image in images):
        found = ", ".join(images)
        bench.failed(
            "other-image", expected=INVOICES, found=found, command=_describe(pod), pod=pod.name
        )

    def look() -> HttpAnswer:
        answer = bench.http(INVOICE)
        if answer.status != 200:
            bench.failed(
                "no-invoice",
                expected=INVOICES,
                found=_shown(answer),
                command=f"kubectl get endpointslices -l kubernetes.io/service-name={INVOICE}",
                settles=SETTLES,
            )
        return answer

    bench.converge(look, _fine, SLOWEST, INVOICES)
    return bench.passed(expected=INVOICES, found=", ".join(images), command="kubectl get pods")


# Longest waits: period times threshold of the liveness probe, twice; the end of one container.
@check("outage")
def outage(bench: Bench) -> Outcome:
    fronts, port = _fronts(bench), _front_port(bench)
    lives = _lives(fronts)
    patience = max(_patience(pod) for pod in fronts)
    _must_answer(bench)
    _pause_redis(bench, patience)

    def look() -> str:
        _must_live_on(bench, fronts, lives, "fell-with-redis")
        return _send(bench, "PING", seconds=2)

    bench.hold(look, _fine, patience - STEADY, RIDES_OUT)
    bench.converge(look, lambda said: said.startswith("+PONG"), SLOWEST, ANSWERS)
    _must_sell(bench, fronts, port)
    _must_restart_when_stuck(bench, fronts[0], patience)
    # A container that was told to end while Redis was silent is gone by now.
    _must_live_on(bench, fronts[1:], lives, "fell-with-redis")
    return bench.passed(expected=RIDES_OUT, found=f"{patience:.0f} s", command="kubectl get pods")


# Longest wait: each front is replaced in turn, after the start of its successor and its own end.
@check("sale")
def sale(bench: Bench) -> Outcome:
    fronts = _fronts(bench)
    customer = bench.token()
    many = {"rate": RATE, "seconds": 200.0, "patience": SLOWEST}
    with bench.load(SHOP, ORDER + customer, **many) as load:
        bench.converge(lambda: len(load.answers), bool, SLOWEST, UNDER_WAY)
        bench.rolled_out(bench.roll(fronts[0]), RESTARTS)
        enough = len(load.answers) + ORDERS
        bench.converge(lambda: len(load.answers), lambda now: now > enough, SLOWEST, UNDER_WAY)
    count, lost = len(load.answers), load.failed
    if count < ENOUGH:
        raise CouldNotLook(FEW, AGAIN)
    _ask(bench, "EXPIRE", f"orders:{customer}", KEEPS)
    if lost:
        bench.failed(
            "orders-lost",
            expected=NONE_FAILS,
            found=lost[0].error,
            command="kubectl get events --sort-by=.lastTimestamp",
            lost=len(lost),
            count=count,
        )
    _crash_redis(bench)
    kept = next((word for word in _ask(bench, "GET", f"orders:{customer}") if word.isdigit()), "0")
    if int(kept) < count:
        command = f"kubectl logs {_name(bench.pods_of_service(REDIS))}"
        bench.failed(
            "forgotten", expected=ALL_THERE, found=kept, command=command, kept=kept, count=count
        )
    _ask(bench, "DEL", f"orders:{customer}")
    return bench.passed(expected=NONE_FAILS, found=f"{count} / {count}", command="kubectl get pods")


def _fine(found: object) -> bool:
    """For looks that raise what is wrong: whatever else they saw will do."""
    return True


# Search


def _search_pods(bench: Bench) -> list[Pod]:
    """The Ready Pods of the search. Lack of memory is told as such, and sooner than a crash is."""

    def look() -> list[Pod]:
        for pod in bench.pods_of_service(SEARCH):
            for container in pod.containers:
                end = container.ended or container.last
                if end and end.reason == "OOMKilled" and not container.ready:
                    bench.failed(
                        "out-of-memory",
                        expected=SEARCHES,
                        found=f"{end.reason}, exit code {end.code}",
                        command=_describe(pod),
                        settles=SETTLES,
                        pod=pod.name,
                        restarts=container.restarts,
                    )
        return bench.ready_pods_of_service(SEARCH, 0)

    return bench.converge(look, _fine, STARTS, SEARCHES)


def _memory_limit(bench: Bench, pod: Pod) -> str:
    """The limit in force, in words. Without one, cgroup v1 tells a number beyond all memory."""
    ran = bench.exec(pod, ["sh", "-c", LIMIT])
    said = ran.stdout.strip()
    if said.isdigit() and int(said) <= MOST:
        return f"{int(said) // MIB} MiB"
    found = f"{int(said) // MIB} MiB" if said.isdigit() and int(said) < MOST * MIB else "-"
    bench.failed("unbounded", expected=BOUNDED, found=found, command=_describe(pod), pod=pod.name)


# Fronts


def _fronts(bench: Bench) -> list[Pod]:
    """The Pods behind Service shop, once all are Ready and no rollout is under way."""

    def look() -> list[Pod]:
        found = bench.ready_pods_of_service(SHOP, 0)
        for each in bench.list("Deployment"):
            status, labels = each.status, each.spec.selector.match_labels or {}
            mine = any(labels.items() <= pod.labels.items() for pod in found)
            if mine and (status.updated_replicas or 0) < (status.replicas or 0):
                name = f"Deployment {each.metadata.name}"
                command = f"kubectl rollout status deployment {each.metadata.name}"
                bench.failed("not-taken-up", expected=SETTLED, command=command, object=name)
        return found

    return bench.converge(look, _fine, STARTS, SETTLED)


def _front_port(bench: Bench) -> int:
    """The port of the Pods to which Service shop passes requests on."""
    for part in bench.list("EndpointSlice", {"kubernetes.io/service-name": SHOP}):
        for port in part.ports or ():
            return int(port.port)
    command = f"kubectl get endpointslices -l kubernetes.io/service-name={SHOP}"
    bench.failed("no-endpoints", expected=SELLS, found="-", command=command, service=SHOP)


def _lives(pods: list[Pod]) -> dict[str, str]:
    """The ids of the main containers. Helpers may come and go; customers do not notice."""
    return {f"{pod.uid} {c.name}": c.id for pod in pods for c in pod.containers if c.main}


def _must_live_on(bench: Bench, pods: list[Pod], lives: dict[str, str], message: str) -> None:
    """End the check where one of these Pods, or a main container of it, is another by now."""
    for pod in pods:
        there = {now.uid: now for now in bench.pods() if now.name == pod.name}.get(pod.uid)
        same = there is not None and _lives([there]).items() <= lives.items()
        if not same:
            found = f"restarts {pod.restarts} -> {there.restarts}" if there else "-"
            bench.failed(
                message,
                expected=SETTLED,
                found=found,
                command=_describe(pod) if there else "kubectl get pods",
                settles=0,
                pod=pod.name,
            )


def _must_sell(bench: Bench, fronts: list[Pod], port: int) -> None:
    """Every front takes things into carts, within the time a probe needs to see it."""
    path = f"/cgi-bin/cart?customer={bench.token()}&item=pear"

    def look() -> None:
        for pod in fronts:
            answer = bench.http(pod, path, port)
            if answer.status != 200:
                bench.failed(
                    "sells-no-more",
                    expected=SELLS,
                    found=_shown(answer),
                    command=f"kubectl logs {pod.name}",
                    pod=pod.name,
                )

    bench.converge(look, _fine, SLOWEST, SELLS)
    bench.ready_pods_of_service(SHOP, STARTS)


def _patience(pod: Pod) -> float:
    """Seconds after which this Pod's liveness probe must have acted; how long to make trouble."""
    probes = [c.liveness_probe for c in pod.raw.spec.containers if c.liveness_probe]
    longest = max((_budget(probe) for probe in probes), default=0.0)
    return min(LONGEST_OUTAGE, max(SHORTEST_OUTAGE, longest + STEADY))


def _budget(probe: Any) -> float:
    """Seconds from the first bad answer to the verdict; a probe that gets none takes longer."""
    period, allowed = probe.period_seconds or 10, probe.failure_threshold or 3
    return float(period * allowed + (probe.timeout_seconds or 1))


def _must_restart_when_stuck(bench: Bench, pod: Pod, patience: float) -> None:
    """Make one front say that it is stuck. Riding out an outage is only half of a probe's work."""
    before = bench.before(pod)
    name = before.container
    bench.later(Step.exec(pod.name, ("rm", "-f", STUCK_FILE), name, pod.uid))
    bench.exec(pod, ["touch", STUCK_FILE], name)
    grace = pod.raw.spec.termination_grace_period_seconds or 0
    try:
        bench.restarted(before, patience + grace + STEADY)
    except Refusal as no:
        if no.message_id != "not-restarted":
            raise
        bench.failed("stuck-stays", expected=STUCK, found="-", command=_describe(pod), pod=pod.name)


def _delete(bench: Bench, pod: Pod) -> None:
    try:
        with looking():
            bench.objects.delete("Pod", pod.name, uid=pod.uid)
    except API_ERRORS as error:
        if meaning(error).meaning is not Meaning.absent:
            raise CouldNotLook(MEANWHILE.format(pod=pod.name), AGAIN) from error


# The page


def _push(bench: Bench, git: Pod, token: str) -> None:
    """Commit a page with `token` in it; the page as it was is committed again afterwards.

    A new commit and no way back in history: a helper that merely pulls can follow it.
    """
    before = _git(bench, git, "git -C $0 rev-parse main")
    back = f'git -C {REPOSITORY} show {before}:index.html | git-put {REPOSITORY} index.html "Undo"'
    bench.later(Step.exec(git.name, ("sh", "-c", back), uid=git.uid))
    page = f'git -C $0 show main:index.html >{DRAFT} && echo "<p>{token}</p>" >>{DRAFT}'
    _git(bench, git, f"{page} && git-put $0 index.html <{DRAFT}")


def _git(bench: Bench, git: Pod, script: str) -> str:
    ran = bench.exec(git, ["sh", "-c", script, REPOSITORY])
    if not ran.ok:
        command = f"kubectl logs {git.name}"
        bench.failed("cannot-push", expected=NEW_PAGE, found=ran.stderr, command=command)
    return ran.stdout.strip()


# The stock


def _deliver(bench: Bench, article: str) -> None:
    """Put a delivery with one wrong line into the ConfigMap; the line stands near the top."""
    lines = [f"{bench.token('b')};{number}" for number in range(1, 49)]
    lines[2] = f"{article};a dozen"
    there = {"data": {"delivery.csv": "\n".join([*lines, ""])}}
    if refused := bench.change("ConfigMap", "delivery", there):
        command = "kubectl get configmap delivery -o yaml"
        bench.failed("delivery-locked", expected=REASON, found=refused.message, command=command)


def _import(bench: Bench, job: str) -> Ended:
    """How the import's container ended; the one that failed, where there are several."""

    def ends() -> list[Ended]:
        pods = bench.pods({"job-name": job})
        found = [c.ended or c.last for pod in pods for c in pod.containers if c.main]
        return sorted((end for end in found if end), key=lambda end: end.code, reverse=True)

    command = "kubectl describe cronjob stock"
    return bench.converge(ends, bool, IMPORTED, IMPORT_ENDS, command=command)[0]


# Invoices


def _next_version(bench: Bench, like: Pod, image: str) -> None:
    """Pull a version that no node has, in a Pod of ours with the credentials of `like`."""
    secrets = [each.name for each in like.raw.spec.image_pull_secrets or ()]
    form = _pod_form(f"next-{bench.token()}", image, like.raw.spec.service_account_name, secrets)
    bench.apply(form)

    def look() -> bool:
        now = bench.pod(form["metadata"]["name"])
        waits = next((c for c in now.containers if c.reason in REFUSED), None)
        if waits is not None:
            _say_why_refused(bench, like, secrets, waits.message)
        return now.ready

    bench.converge(look, bool, PULLS, INVOICES)
    bench.delete("Pod", form["metadata"]["name"])


def _pod_form(name: str, image: str, account: str, secrets: list[str]) -> dict[str, Any]:
    """A Pod that runs `image` as the invoices' program is run, and asks for next to nothing."""
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name},
        "spec": {
            "serviceAccountName": account,
            "automountServiceAccountToken": False,
            "imagePullSecrets": [{"name": each} for each in secrets],
            "terminationGracePeriodSeconds": 1,
            "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
            "containers": [
                {
                    "name": "app",
                    "image": image,
                    "resources": {
                        "requests": {"cpu": "5m", "memory": "8Mi"},
                        "limits": {"memory": "32Mi"},
                    },
                    "securityContext": {
                        "allowPrivilegeEscalation": False,
                        "capabilities": {"drop": ["ALL"]},
                    },
                }
            ],
        },
    }


def _say_why_refused(bench: Bench, pod: Pod, secrets: list[str], said: str) -> None:
    seen: dict[str, Any] = {
        "expected": INVOICES,
        "found": said or "-",
        "command": _describe(pod),
        "pod": pod.name,
    }
    if not secrets:
        bench.failed("none-named", **seen)
    if missing := [name for name in secrets if bench.find("Secret", name) is None]:
        bench.failed("not-there", secrets=", ".join(missing), **seen)
    bench.failed("not-let-in", secrets=", ".join(secrets), settles=0, **seen)


# Redis


def _send(bench: Bench, *words: str, seconds: float = 5.0) -> str:
    """What Redis says to a command within `seconds`, or nothing. QUIT ends the connection."""
    payload = f"{' '.join(words)}\r\nQUIT\r\n"
    return bench.tcp(REDIS, REDIS_PORT, payload, seconds=seconds).text


def _ask(bench: Bench, *words: str) -> list[str]:
    """The lines of the answer. Ends the check where Redis says nothing or refuses."""
    said = _send(bench, *words)
    if said[:1] in ("", "-"):
        _silent(bench, said)
    return said.split("\r\n")


def _pause_redis(bench: Bench, seconds: float) -> None:
    """Make Redis take connections and answer none of them; it goes on by itself."""
    words = f"CLIENT PAUSE {round(seconds * 1000)} ALL\r\n"
    said = bench.tcp(REDIS, REDIS_PORT, words, until=b"\r\n").text
    if not said.startswith("+OK"):
        _silent(bench, said)


def _must_answer(bench: Bench) -> None:
    """Wait until Redis answers through its Service."""

    def look() -> str:
        said = _send(bench, "PING")
        if not said.startswith("+PONG"):
            _silent(bench, said)
        return said

    bench.converge(look, _fine, SLOWEST, ANSWERS)


def _silent(bench: Bench, said: str) -> None:
    command = f"kubectl get endpointslices -l kubernetes.io/service-name={REDIS}"
    bench.failed("redis-silent", expected=ANSWERS, found=said, command=command)


def _crash_redis(bench: Bench) -> None:
    """End Redis as a crash would, without a last save, and wait for its next process."""
    bench.pod_of_service(REDIS, STARTS)
    before = _process(bench)
    _send(bench, "SHUTDOWN", "NOSAVE")

    def look() -> bool:
        said = _send(bench, "INFO", "server")
        return "run_id:" in said and before not in said

    bench.converge(look, bool, RESTARTS, ANEW, command="kubectl get pods")


def _process(bench: Bench) -> str:
    """Redis gives each of its processes a random id."""
    lines = _send(bench, "INFO", "server").split("\r\n")
    return next((line for line in lines if line.startswith("run_id:")), "run_id:?")


def _say_why_lost(bench: Bench, pod: Pod) -> None:
    """The cart is gone: from what Redis and its Pod say, name the cause that explains it."""
    claims = {v.name for v in pod.raw.spec.volumes or () if v.persistent_volume_claim}
    mounts = {
        volume: path
        for c in pod.containers
        for volume, path in c.mounts.items()
        if path != TOKEN_MOUNT
    }
    folder = _ask(bench, "CONFIG", "GET", "dir")
    where = next((line for line in folder if line.startswith("/")), "?")
    seen: dict[str, Any] = {
        "expected": KEPT,
        "found": "(nil)",
        "command": f"kubectl describe {_name([pod])}",
    }
    kept = [path for volume, path in mounts.items() if volume in claims]
    if not kept:
        bench.failed("died-with-pod", mounts=_in_words(mounts), **seen)
    if not any(f"{where}/".startswith(f"{path.rstrip('/')}/") for path in kept):
        bench.failed("kept-elsewhere", mounts=", ".join(kept), folder=where, **seen)
    bench.failed("not-written", folder=where, **seen)


# Words


def _in_words(mounts: dict[str, str]) -> str:
    return ", ".join(f"{volume} ({path})" for volume, path in mounts.items()) or "-"


def _shown(answer: HttpAnswer) -> str:
    """What came of a request, on one line."""
    status = f"HTTP {answer.status}: " if answer.status not in (None, 200) else ""
    return f"{status}{' '.join(answer.text.split())}" or answer.complaint or "-"


def _describe(pod: Pod) -> str:
    return f"kubectl describe pod {pod.name}"


def _name(pods: list[Pod]) -> str:
    return " ".join(["pod", *(pod.name for pod in pods)])
