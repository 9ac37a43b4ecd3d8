"""Judges lab 01 by what Redis still knows when its container, and then its Pod, has come to an end.

All questions to Redis go through the learner's Service, as a client's would. No spelling is judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from checker.catalogue import check
from checker.observe import Bench, Outcome, Pod, Ran, Reached, Refusal, TcpAnswer
from checker.texts import Text

PORT = 6379
STEADY = 3.0
"""Seconds for which a state must last before it counts."""
SETTLES = 6.0
"""Seconds kube-proxy may need to learn of a Pod; a wrong answer that lasts longer will not heal."""
RESTARTS = 100.0
"""Seconds for the next life of a container: other clusters let it wait for 10, 20, 40 s."""
STARTS = 45.0
"""Seconds for a Pod whose volume is still to be made."""
KEY_SECONDS = 900
"""Redis forgets the checker's keys by itself, also where a check was killed half-way."""
TOKEN_MOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"  # noqa: S105 (a path)

MIB = 1 << 20
FITS, FULL, TRIED = 12 * MIB, 16 * MIB, 24 * MIB
# dd is made the kernel's first choice when memory runs out, so that the shell lives to empty the
# file: a full memory volume leaves the container no room to start `rm`. (`wc` needs room as well.)
FILL = """
(echo 1000 > /proc/self/oom_score_adj; exec dd if=/dev/zero of="$1" bs=65536 count=384)
code=$?
[ $code -gt 128 ] || size=$(wc -c < "$1")
: > "$1"
rm -f "$1"
echo "code=$code size=$size"
"""

PONG = Text("对 PING 的回答是 PONG", "the answer to PING is PONG")
ANEW = Text("新的 Redis 进程应答", "a new Redis process answers")
STAYS = Text("Redis 持续应答", "Redis goes on answering")
ENDS = Text("Redis 的容器结束", "the container of Redis to end")
KEPT = Text("重启之后读到写入的值", "the value that was written is read after the restart")
GONE = Text("新的 Pod 里没有旧的键", "the new Pod does not know the old key")
OUTLIVED = Text("新的 Pod 里读到写入的值", "the value that was written is read from the new Pod")
WRITABLE = Text("Redis 接受写入", "Redis takes a write")
BOUND = Text("PersistentVolumeClaim 的状态是 Bound", "the PersistentVolumeClaim is Bound")
MOUNTED = Text("/scratch 挂载了一个内存里的卷", "a volume in memory is mounted at /scratch")
REFUSES = Text(
    "12 MiB 放得下，写过 16 MiB 得到 No space left on device",
    "12 MiB fit, and a write past 16 MiB gets No space left on device",
)
GOES_ON = Text("Pod 照常运行，没有重启", "the Pod goes on without a restart")


@dataclass(frozen=True)
class Redis:
    """Redis as a client of its Service meets it. Answers are lines of its protocol (RESP)."""

    bench: Bench
    service: str

    @property
    def shown_by(self) -> str:
        """A command with which the learner can look at the same."""
        return f"kubectl exec service/{self.service} -- redis-cli PING"

    def send(self, *words: str) -> TcpAnswer:
        """One command, whatever comes of it. QUIT lets Redis close the connection."""
        return self.bench.tcp(self.service, PORT, f"{' '.join(words)}\r\nQUIT\r\n")

    def ask(self, *words: str) -> list[str]:
        """The lines of the answer, once Redis listens and has read its files."""

        def heard(answer: TcpAnswer) -> bool:
            self._must_listen(answer)
            if not answer.text or answer.text.startswith("-LOADING"):
                self._strange(answer)
            return True

        answer = self.bench.converge(lambda: self.send(*words), heard, SETTLES * 2, PONG)
        return answer.text.split("\r\n")

    def awake(self, other_than: str = "", seconds: float = 20.0) -> str:
        """The id of the process that answers PING; wait for one that is not `other_than`."""

        def process(answer: TcpAnswer) -> bool:
            self._must_listen(answer)
            if not answer.text.startswith("+PONG"):
                self._strange(answer)
            return other_than == "" or self.process() != other_than

        self.bench.converge(
            lambda: self.send("PING"), process, seconds, ANEW if other_than else PONG
        )
        return self.process()

    def stays_awake(self) -> None:
        """Prove that it answers for a while, not once."""

        def pong(answer: TcpAnswer) -> bool:
            self._must_listen(answer)
            return answer.text.startswith("+PONG")

        self.bench.hold(lambda: self.send("PING"), pong, STEADY, STAYS, show=lambda a: a.text)

    def process(self) -> str:
        """Redis gives each of its processes a random id."""
        return next((e[7:] for e in self.ask("INFO", "server") if e.startswith("run_id:")), "")

    def write(self) -> tuple[str, str]:
        """Write a fresh key and read it back: a control, so that only what follows is judged."""
        key, value = f"podlab:{self.bench.token()}", self.bench.token()
        for words in (("SET", key, value, "EX", str(KEY_SECONDS)), ("GET", key)):
            answer = self.ask(*words)
            if answer[0] != "+OK" and answer[1:2] != [value]:
                self.refused(answer[0])
        return key, value

    def read(self, key: str) -> str | None:
        """The value, or None where Redis does not know the key."""
        answer = self.ask("GET", key)
        return answer[1] if answer[0].startswith("$") and answer[0] != "$-1" else None

    def setting(self, name: str) -> str:
        """What CONFIG GET says."""
        words = [line for line in self.ask("CONFIG", "GET", name) if line[:1] not in ("*", "$")]
        return words[1] if len(words) > 1 else "?"

    def forget(self, key: str) -> None:
        """Take the checker's key away."""
        self.send("DEL", key)

    def refused(self, answer: str) -> None:
        """End the check: Redis did not do what a client may ask of it."""
        self.bench.failed(
            "refused-write",
            expected=WRITABLE,
            found=answer,
            command=self.shown_by,
            answer=answer.lstrip("-"),
        )

    def _must_listen(self, answer: TcpAnswer) -> None:
        if answer.reached is not Reached.open:
            spec = self.bench.service(self.service).spec
            ports = [port.target_port for port in spec.ports if port.port == PORT]
            self.bench.failed(
                "nothing-listens",
                expected=PONG,
                found=answer.complaint,
                command=f"kubectl describe service {self.service}",
                settles=SETTLES,
                service=self.service,
                target=ports[0] if ports else "?",
            )

    def _strange(self, answer: TcpAnswer) -> None:
        first = answer.text.split("\r\n")[0]
        self.bench.failed(
            "not-pong",
            expected=PONG,
            found=first,
            command=self.shown_by,
            settles=SETTLES,
            answer=first.lstrip("-"),
        )


@check("ping")
def ping(bench: Bench) -> Outcome:
    redis = Redis(bench, "redis")
    bench.ready_pods_of_service(redis.service)
    redis.awake()
    redis.stays_awake()
    return bench.passed(expected=PONG, found="PONG", command=redis.shown_by)


@check("restart")
def restart(bench: Bench) -> Outcome:
    redis = Redis(bench, "redis")
    pod = bench.pod_of_service(redis.service)
    process = redis.awake()
    key, value = redis.write()
    # Not only the main ones: a native sidecar is an init container that runs on.
    running = [c.name for c in pod.containers if c.state == "running"]
    before = {name: bench.before(pod, name) for name in running}
    answer = redis.send("SHUTDOWN", "NOSAVE")
    if answer.text.startswith("-"):
        redis.refused(answer.text.split("\r\n")[0])

    def ended() -> str | None:
        now = {c.name: c for c in bench.pod(pod.name).containers}
        lives = ((name, was.container_id, now[name]) for name, was in before.items())
        return next((n for n, id_, c in lives if c.id != id_ or c.state != "running"), None)

    name = bench.converge(
        lambda: ended() or "",
        bool,
        20,
        ENDS,
        show=lambda _: f"{', '.join(running)} of Pod {pod.name}: running, not restarted",
        command=f"kubectl get pod {pod.name}",
    )
    after = bench.restarted(before[name], RESTARTS)
    redis.awake(other_than=process)
    if redis.read(key) != value:
        _say_why_lost(redis, after, name)
    redis.forget(key)
    restarts = f"restartCount {before[name].restarts} -> {after.container(name).restarts}"
    return bench.passed(
        expected=KEPT, found=f"{restarts}, uid {after.uid}", command=f"kubectl get pod {pod.name}"
    )


@check("replace")
def replace(bench: Bench) -> Outcome:
    redis = Redis(bench, "redis")
    old = bench.pod_of_service(redis.service)
    process = redis.awake()
    key, value = redis.write()
    new = bench.replace(old, service=redis.service)
    redis.awake(other_than=process)
    if redis.read(key) == value:
        redis.forget(key)
        bench.failed(
            "key-outlived-pod",
            expected=GONE,
            found=value,
            command=_show_volumes(new),
            volumes=_volumes(new),
        )
    return bench.passed(
        expected=GONE, found=f"uid {old.uid} -> {new.uid}, (nil)", command="kubectl get pods"
    )


@check("durable")
def durable(bench: Bench) -> Outcome:
    redis = Redis(bench, "redis-durable")
    old = _pod_with_volumes(bench, redis.service)
    process = redis.awake()
    before = _claims(bench, old)
    key, value = redis.write()
    new = bench.replace(old, service=redis.service)
    redis.awake(other_than=process)
    after = _claims(bench, new)
    seen: dict[str, Any] = {"expected": OUTLIVED, "command": _show_volumes(new)}
    if redis.read(key) != value and not after:
        bench.failed("key-died-with-pod", found="(nil)", volumes=_volumes(new), **seen)
    if redis.read(key) != value:
        bench.failed(
            "claim-not-used",
            found="(nil)",
            claim=", ".join(after),
            mounts=", ".join(_mounts(new)),
            dir=redis.setting("dir"),
            **(seen | {"command": _show_mounts(new)}),
        )
    if not after:
        bench.failed("no-claim", volumes=_volumes(new), **seen)
    if before != after:
        told = {"before": _in_words(before), "after": _in_words(after)}
        bench.failed("claim-changed", found=told["after"], **told, **seen)
    redis.forget(key)
    return bench.passed(
        expected=OUTLIVED,
        found=f"uid {old.uid} -> {new.uid}, {_in_words(after)}",
        command="kubectl get pods,pvc",
    )


@check("scratch")
def scratch(bench: Bench) -> Outcome:
    pod = bench.ready_pod("app=scratch")
    name = _container_at(bench, pod, "/scratch")
    _must_be_in_memory(bench, pod, name)
    size, said = _fill(bench, pod, name)
    seen: dict[str, Any] = {
        "expected": REFUSES,
        "found": said,
        "command": f"kubectl exec {pod.name} -c {name} -- df -h /scratch",
    }
    if size > FULL:
        bench.failed("no-limit", written=size, **seen)
    if "no space left" not in said.lower():
        bench.failed("cannot-write", answer=said, **seen)
    if size < FITS:
        bench.failed("too-small", written=size, **seen)
    lives = {c.name: c.id for c in pod.containers}
    bench.hold(
        lambda: bench.pod(pod.name),
        lambda now: now.uid == pod.uid and {c.name: c.id for c in now.containers} == lives,
        STEADY,
        GOES_ON,
        show=lambda now: f"uid {now.uid}, restarts {now.restarts}",
        command=f"kubectl get pod {pod.name}",
    )
    return bench.passed(**seen)


def _say_why_lost(redis: Redis, pod: Pod, container: str) -> None:
    """The key is gone: from what Redis and the Pod say, name the cause that explains it."""
    folder, mounts = redis.setting("dir"), _mounts(pod, container)
    seen: dict[str, Any] = {"expected": KEPT, "found": "(nil)", "command": _show_mounts(pod)}
    if not mounts:
        redis.bench.failed("no-volume", dir=folder, container=container, **seen)
    if not any(f"{folder}/".startswith(f"{path.rstrip('/')}/") for path in mounts):
        redis.bench.failed("volume-elsewhere", dir=folder, mounts=", ".join(mounts), **seen)
    if redis.setting("appendonly") == "no":
        asked = f"kubectl exec {pod.name} -c {container} -- redis-cli CONFIG GET appendonly"
        redis.bench.failed("only-snapshots", **(seen | {"command": asked}))
    redis.bench.failed("key-lost", dir=folder, **seen)


def _pod_with_volumes(bench: Bench, service: str) -> Pod:
    """The Pod behind the Service; one that waits for its claim is told so in these words."""
    try:
        return bench.pod_of_service(service, STARTS)
    except Refusal:
        for pod in bench.pods_of_service(service):
            for volume in pod.raw.spec.volumes or ():
                claim = volume.persistent_volume_claim
                found = bench.find("PersistentVolumeClaim", claim.claim_name) if claim else None
                if found and found.status.phase != "Bound":
                    bench.failed(
                        "claim-pending",
                        expected=BOUND,
                        found=found.status.phase,
                        command=f"kubectl describe pvc {claim.claim_name}",
                        pod=pod.name,
                        claim=claim.claim_name,
                        phase=found.status.phase,
                    )
        raise


def _claims(bench: Bench, pod: Pod) -> dict[str, str]:
    """The Pod's Bound claims, each with the volume it is bound to."""
    named = [v.persistent_volume_claim for v in pod.raw.spec.volumes or ()]
    found = [bench.find("PersistentVolumeClaim", each.claim_name) for each in named if each]
    return {c.metadata.name: c.spec.volume_name for c in found if c and c.status.phase == "Bound"}


def _in_words(claims: dict[str, str]) -> str:
    return ", ".join(f"{claim}: {volume}" for claim, volume in claims.items()) or "-"


def _mounts(pod: Pod, container: str | None = None) -> list[str]:
    """Where volumes are mounted, in one container or in all; the API token's is nobody's choice."""
    chosen = [c for c in pod.containers if container in (None, c.name)]
    return sorted({p for c in chosen for p in c.mounts.values() if p != TOKEN_MOUNT})


def _volumes(pod: Pod) -> str:
    """The Pod's volumes with their types, such as `data (emptyDir)`."""
    words = []
    for volume in pod.raw.spec.volumes or ():
        kinds = [
            form
            for field, form in volume.attribute_map.items()
            if field != "name" and getattr(volume, field) is not None
        ]
        if not volume.name.startswith("kube-api-access-"):
            words.append(f"{volume.name} ({', '.join(kinds)})")
    return ", ".join(words) or "-"


def _show_mounts(pod: Pod) -> str:
    return f"kubectl get pod {pod.name} -o jsonpath='{{.spec.containers[*].volumeMounts}}'"


def _show_volumes(pod: Pod) -> str:
    return f"kubectl get pod {pod.name} -o jsonpath='{{.spec.volumes}}'"


def _container_at(bench: Bench, pod: Pod, path: str) -> str:
    for container in pod.containers:
        if path in (mount.rstrip("/") for mount in container.mounts.values()):
            return container.name
    mounts = ", ".join(_mounts(pod)) or "-"
    bench.failed(
        "not-mounted",
        expected=MOUNTED,
        found=mounts,
        command=f"kubectl describe pod {pod.name}",
        pod=pod.name,
        mounts=mounts,
    )


def _must_be_in_memory(bench: Bench, pod: Pod, container: str) -> None:
    """Looked at before writing: on disk, 24 MiB would get the whole Pod evicted."""
    ran = bench.exec(pod, ["cat", "/proc/mounts"], container)
    _must_have_run(bench, ran, container)
    lines = [line.split() for line in ran.stdout.splitlines()]
    types = [words[2] for words in lines if len(words) > 2 and words[1] == "/scratch"]
    fstype = types[-1] if types else "?"
    if fstype != "tmpfs":
        bench.failed(
            "on-disk",
            expected=MOUNTED,
            found=fstype,
            command=f"kubectl exec {pod.name} -c {container} -- grep scratch /proc/mounts",
            fstype=fstype,
        )


def _fill(bench: Bench, pod: Pod, container: str) -> tuple[int, str]:
    """Write 24 MiB, and take them away again: how many bytes went in, and what dd said."""
    file = f"/scratch/.podlab-{bench.token()}"
    try:
        ran = bench.exec(pod, ["sh", "-c", FILL, "sh", file], container, seconds=20)
    except Refusal as no:  # the whole container went down with the write
        _killed(bench, pod, str(no.params.get("detail", no.message_id)))
    _must_have_run(bench, ran, container)
    words = dict(word.split("=") for word in ran.stdout.split() if "=" in word)
    if not words.get("size"):
        _killed(bench, pod, f"exit code {words.get('code', ran.code)}")
    return int(words["size"]), ran.stderr.strip().splitlines()[0] if ran.stderr.strip() else ""


def _must_have_run(bench: Bench, ran: Ran, container: str) -> None:
    if ran.code in (126, 127):
        said = ran.stderr.strip()
        bench.failed("no-tools", found=said, expected=REFUSES, container=container, answer=said)


def _killed(bench: Bench, pod: Pod, how: str) -> None:
    command = f"kubectl describe pod {pod.name}"
    bench.failed("killed", expected=REFUSES, found=how, command=command, how=how)
