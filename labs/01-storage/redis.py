"""Redis as a client of its Service meets it."""

from __future__ import annotations

from dataclasses import dataclass

from checker.observe import KUBE_PROXY, Bench, Pod, Reached, TcpAnswer
from checker.texts import Text

PORT = 6379
STEADY = 3.0
"""Seconds for which a state must last before it counts."""
SETTLES = 6.0
"""Seconds after which a wrong answer will not heal."""
ASKS = ("PING", "INFO")
"""Commands that change nothing, neither data nor settings."""
SNAPSHOT_BEGINS = 0.5
"""Seconds after a write until a snapshot that was due has begun: Redis looks every 0.1 s."""
SNAPSHOT_TOOK_IT = {"rdb_bgsave_in_progress:1", "rdb_changes_since_last_save:0"}
"""Lines of INFO, one of which is there when a snapshot may hold the last write."""
COMM = 15
"""Characters of a program's name that the kernel keeps (proc(5), /proc/PID/comm)."""
KEY_SECONDS = 900
"""Redis forgets the checker's keys by itself, also where a check was killed half-way."""

PONG = Text("对 PING 的回答是 PONG", "the answer to PING is PONG")
ANEW = Text("新的 Redis 进程应答", "a new Redis process answers")
STAYS = Text("Redis 持续应答", "Redis goes on answering")
WRITABLE = Text("Redis 接受写入", "Redis takes a write")


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
        payload = f"{' '.join(words)}\r\nQUIT\r\n"
        return self.bench.tcp(self.service, PORT, payload, safe=words[0] in ASKS)

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
            lambda: self.send("PING"),
            process,
            seconds,
            ANEW if other_than else PONG,
            show=lambda answer: answer.text.split("\r\n")[0],
        )
        return self.process()

    def stays_awake(self) -> None:
        """Prove that it answers for a while, not once."""

        def pong(answer: TcpAnswer) -> bool:
            self._must_listen(answer)
            return answer.text.startswith("+PONG")

        self.bench.steady(lambda: self.send("PING"), pong, STEADY, STAYS, show=lambda a: a.text)

    def process(self) -> str:
        """Redis gives each of its processes a random id."""
        return self._told().get("run_id", "")

    def containers_in(self, pod: Pod) -> list[str]:
        """The containers of the Pod in which this Redis may run; native sidecars among them.

        Redis tells its process and program; where a container cannot be asked for them, or none
        has them, all that run are meant.
        """
        running = [c.name for c in pod.containers if c.state == "running"]
        told = self._told()
        place = f"/proc/{told.get('process_id', '?')}/comm"
        program = told.get("executable", "").rpartition("/")[2][:COMM]
        if len(running) == 1 or not program:
            return running
        seen = [name for name in running if self._says(pod, name, place) == program]
        return seen or running

    def _says(self, pod: Pod, container: str, path: str) -> str:
        ran = self.bench.exec(pod, ["cat", path], container)
        return ran.stdout.strip() if ran.ok else ""

    def _told(self) -> dict[str, str]:
        """What Redis tells of itself."""
        lines = [line.partition(":") for line in self.ask("INFO", "server")]
        return {name: value for name, colon, value in lines if colon}

    def write(self) -> tuple[str, str]:
        """Write a fresh key and read it back: a control, so that only what follows is judged."""
        key, value = f"podlab:{self.bench.token()}", self.bench.token()
        for words in (("SET", key, value, "EX", str(KEY_SECONDS)), ("GET", key)):
            answer = self.ask(*words)
            if answer[0] != "+OK" and answer[1:2] != [value]:
                self.refused(answer[0])
        return key, value

    def write_after_snapshot(self) -> tuple[str, str]:
        """Write a fresh key that no snapshot holds.

        The first write after a quiet time makes Redis take a snapshot at once, if one was due. With
        that the wait for the next one begins anew, so a second key has to live without.
        """
        written = self.write()
        began = self.bench.clock.now()
        info = self.bench.converge(
            lambda: self.ask("INFO", "persistence"),
            lambda _: self.bench.clock.now() - began >= SNAPSHOT_BEGINS,
            SETTLES,
            WRITABLE,
        )
        # With an append-only file it is that which is read at the start, and no snapshot.
        taken = "aof_enabled:0" in info and SNAPSHOT_TOOK_IT.intersection(info)
        return self.write() if taken else written

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
                settles=KUBE_PROXY,
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
