"""Runs the gates in order and prints one line for each: counts and seconds.

`python -m tests.gates check` needs no cluster; `python -m tests.gates all` makes one of its own
and removes it at the end, also after an interruption.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.cluster.labgate import folders_on_disk
from tests.results import Counts, count, failed_targets

ROOT = Path(__file__).resolve().parent.parent
LOGS = ROOT / ".podlab" / "gates"
BIN = Path(sys.executable).parent
CLUSTER = "podlab-test"
GATE_SECONDS = 3600.0
TESTS_FAILED = 1  # an exit code of pytest; all others say that it could not do its work
FEW, TIMES = 3, 2
"""How many tests of a crowded gate may get a second look, and how often each must pass then."""


@dataclass(frozen=True)
class Gate:
    """Commands that must all end well. A pytest among them must have run at least one test."""

    name: str
    commands: Sequence[Sequence[str]]
    tests: int = 0  # how many must have passed; 0 for any number above it
    side_by_side: bool = False  # all commands at once, else one after the other
    # More at once than the machine has cores: see `look_again`. What is run stands behind `--`.
    crowded: bool = False

    @property
    def slug(self) -> str:
        return self.name.replace(" ", "-")


@dataclass(frozen=True)
class Step:
    """One command of a gate, and where it writes. `results` are a pytest's."""

    command: Sequence[str]
    log: Path
    results: Path | None

    @property
    def words(self) -> Sequence[str]:
        if self.results is None:
            return self.command
        at = list(self.command).index(str(BIN / "pytest")) + 1
        return [*self.command[:at], f"--junit-xml={self.results}", *self.command[at:]]

    @classmethod
    def of(cls, name: str, command: Sequence[str]) -> Step:
        log = LOGS / f"{name}.log"
        if str(BIN / "pytest") not in command:
            return cls(command, log, None)
        results = log.with_suffix(".xml")
        results.unlink(missing_ok=True)
        return cls(command, log, results)


def pytest(*words: str) -> list[str]:
    return [str(BIN / "pytest"), *words]


def podlab(*words: str) -> list[str]:
    return [str(BIN / "podlab"), *words]


def lanes(labs: Path) -> list[list[str]]:
    """The cases side by side, then those that want a quiet machine one by one, if there are any."""
    file = ("--", "tests/cluster/test_labs.py")
    quiet = any("exclusive: true" in lab.read_text("utf-8") for lab in labs.glob("*/lab.yaml"))
    one_by_one = [pytest("-m", "exclusive", *file)] if quiet else []
    return [pytest("-m", "not exclusive", "-n", "4", *file), *one_by_one]


SOLVED = ".podlab/solved"
NBVAL = ("--nbval", "-n", "3", "--dist", "loadfile")
CHECK = Gate(
    "check",
    [
        [str(BIN / "ruff"), "format", "--check", "."],
        [str(BIN / "ruff"), "check", "."],
        [str(BIN / "mypy")],
        podlab("author", "lint"),
        podlab("author", "build", "--check"),
        # nbval's part of pytest is for notebooks, and slow to load.
        pytest("tests/unit", "-n", "2", "-p", "no:nbval"),
    ],
    side_by_side=True,
)
ON_CLUSTER = [
    Gate(
        "machine",
        [
            podlab("up"),
            pytest(
                "tests/cluster/images",
                "tests/cluster/test_pull.py",
                "tests/cluster/test_environment.py",
                "tests/cluster/test_manifests.py",
                "tests/cluster/test_requests.py",
                "--timeout=900",
            ),
        ],
    ),
    # The cases wait for the kubelet most of the time: more workers than cores.
    Gate(
        "labs",
        lanes(ROOT / "labs"),
        tests=folders_on_disk(ROOT / "labs"),
        crowded=True,
    ),
    Gate(
        "notebooks",
        [
            pytest(*NBVAL, "--", "notebooks/en", "notebooks/zh"),
            podlab("author", "build", "--solved", SOLVED, "--only", "en"),
            [
                "env",
                "PODLAB_EXPECT=solved",
                *pytest(*NBVAL, "--rootdir", ".", "-c", "pyproject.toml", "--", f"{SOLVED}/en"),
            ],
            pytest("-n", "3", "--timeout=400", "--", "tests/kernel"),
        ],
        crowded=True,
    ),
    Gate(
        "class",
        [
            pytest(
                "tests/cluster/test_class_separation.py",
                "tests/cluster/test_class_create.py",
                "tests/cluster/test_class_grade.py",
                "--timeout=600",
            )
        ],
    ),
    Gate("browser", [pytest("tests/browser", "--timeout=400")]),
    Gate("package", [pytest("tests/package")]),
    # The first waits for the cluster, the second computes.
    Gate(
        "the gates themselves",
        [pytest("tests/cluster/test_gate_itself.py", "-n", "2"), pytest("tests/notebooks")],
        side_by_side=True,
    ),
]


def main(which: str) -> int:
    """Run the gates; 0 when all are green."""
    signal.signal(signal.SIGTERM, _interrupt)
    # A shell lets what it starts with & ignore SIGINT; what the tests start would ignore it, too.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.chdir(ROOT)
    LOGS.mkdir(parents=True, exist_ok=True)
    total = Counts()
    if which == "check":
        good = run_gate(CHECK, total)
    else:
        good = run_gate(CHECK, total) and on_a_cluster(ON_CLUSTER, total)
    print(total)
    return 0 if good else 1


def on_a_cluster(gates: Sequence[Gate], total: Counts) -> bool:
    """Run the gates on the test cluster, which a run that was cut off may have left behind."""
    os.environ["PODLAB_CLUSTER"] = CLUSTER
    remove_cluster()
    try:
        return all([run_gate(gate, total) for gate in gates])
    finally:
        remove_cluster()


def remove_cluster() -> None:
    subprocess.run(podlab("down"), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def run_gate(gate: Gate, total: Counts) -> bool:
    """Run one gate, print its line, and on failure what it said."""
    began = time.monotonic()
    counts = Counts()
    steps = [Step.of(f"{gate.slug}-{n}", command) for n, command in enumerate(gate.commands)]
    for together in [steps] if gate.side_by_side else [[step] for step in steps]:
        for step, code in zip(together, run(together), strict=True):
            found = count(step.results) if step.results else Counts(failed=int(code != 0))
            crowd = gate.crowded and step.results and code == TESTS_FAILED
            if crowd and (better := look_again(gate, step, found)):
                code, found = 0, better
            counts.add(found)
            if code != 0 or (step.results and not found.passed):
                counts.failed = max(counts.failed, 1)
                said = step.log.read_text(errors="replace")[-20000:]
                print(f"--- {' '.join(step.words)} (exit {code})\n{said}")
    if gate.tests and gate.tests != counts.passed + counts.failed:
        counts.failed += 1
        print(f"--- {gate.tests} cases are there, {counts.passed} passed")
    total.add(counts)
    seconds = time.monotonic() - began
    mark = "RED  " if counts.failed else "green"
    print(f"{mark} gate {gate.name}: {counts}, {seconds:.0f} s", flush=True)
    return not counts.failed


def look_again(gate: Gate, step: Step, first: Counts) -> Counts | None:
    """What the run comes to when the few that failed in a crowd pass alone, more than once.

    Four cases at once are more than the cores of the machine carry, and more than a learner ever
    has: what fails only there is the machine's doing, and is named. What fails alone is ours.
    """
    words, targets = _split(step.command)
    failed = failed_targets(step.results, targets)
    if not 0 < len(failed) <= FEW:
        return None
    before = Counts()
    for test, target in failed.items():
        print(f"again {test}: {target.said}")
        before.add(target.counts)
    whole = before.passed + before.failed + before.skipped
    for number in range(TIMES):
        name = f"{step.log.stem}-again-{number}"
        alone = Step.of(name, [*words, "-n", "0", "--", *failed])
        codes, counts = run([alone]), count(alone.results)
        print(f"again gate {gate.name}, one after the other: {counts}", flush=True)
        if codes != [0] or counts != Counts(passed=whole):
            return None
    passed = first.passed + before.failed + before.skipped
    return Counts(passed, 0, first.skipped - before.skipped, again=len(failed))


def _split(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """A pytest's options, and the files and folders behind `--`."""
    at = list(words).index("--")
    return list(words[:at]), list(words[at + 1 :])


def run(steps: Sequence[Step]) -> list[int]:
    """Run commands side by side, each in a group of its own, so that all end with us."""
    running: list[subprocess.Popen[bytes]] = []
    try:
        for step in steps:
            with step.log.open("w") as out:
                running.append(
                    subprocess.Popen(
                        step.words, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
                    )
                )
        return [process.wait(GATE_SECONDS) for process in running]
    except BaseException:
        left = [process for process in running if process.poll() is None]
        for process in left:
            os.killpg(process.pid, signal.SIGTERM)
        for process in left:
            process.wait(60)
        raise


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "all"))
