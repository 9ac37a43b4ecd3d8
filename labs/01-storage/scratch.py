"""Writing past a memory volume's limit, and what came of it."""

from __future__ import annotations

from checker.observe import Bench, Pod, Ran, Refusal, Step
from checker.texts import Text

from .volumes import mounts

MIB = 1 << 20
FITS, FULL = 12 * MIB, 16 * MIB
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

MOUNTED = Text("/scratch 挂载了一个内存里的卷", "a volume in memory is mounted at /scratch")
REFUSES = Text(
    "12 MiB 放得下，写过 16 MiB 得到 No space left on device",
    "12 MiB fit, and a write past 16 MiB gets No space left on device",
)


def container_at(bench: Bench, pod: Pod, path: str) -> str:
    for container in pod.containers:
        if path in (mount.rstrip("/") for mount in container.mounts.values()):
            return container.name
    places = ", ".join(mounts(pod)) or "-"
    bench.failed(
        "not-mounted",
        expected=MOUNTED,
        found=places,
        command=f"kubectl describe pod {pod.name}",
        pod=pod.name,
        mounts=places,
    )


def must_be_in_memory(bench: Bench, pod: Pod, container: str) -> None:
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


def fill(bench: Bench, pod: Pod, container: str) -> tuple[int, str]:
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


def keep_full(bench: Bench, pod: Pod, container: str) -> None:
    """Fill the volume until the check ends. The file outlives a restart of the container."""
    file = f"/scratch/.podlab-{bench.token()}"
    bench.later(Step.exec(pod.name, ("rm", "-f", file), container, pod.uid))
    bench.exec(pod, ["dd", "if=/dev/zero", f"of={file}", "bs=65536", "count=384"], container)


def _must_have_run(bench: Bench, ran: Ran, container: str) -> None:
    if ran.code in (126, 127):
        said = ran.stderr.strip()
        bench.failed("no-tools", found=said, expected=REFUSES, container=container, answer=said)


def _killed(bench: Bench, pod: Pod, how: str) -> None:
    command = f"kubectl describe pod {pod.name}"
    bench.failed("killed", expected=REFUSES, found=how, command=command, how=how)
