"""The kernel's books of a container: its cgroup files, and the learner's way to them."""

from __future__ import annotations

from checker.observe import Bench, Container, CouldNotLook, Pod, Ran
from checker.observe.cgroup import COMMAND, Cgroup, read
from checker.texts import Text

ODD = Text(
    "容器 {container} 的 cgroup 文件读不懂：{why}。",
    "The cgroup files of container {container} cannot be made out: {why}.",
)
REPORT = Text("请把这句话告诉课程作者。", "Please tell the course's authors.")


def books(bench: Bench, pod: Pod) -> Cgroup:
    """What the kernel keeps of the Pod's main container. Refusal: `no-tools`."""
    container = pod.container()
    ran = bench.exec(pod, COMMAND, container.name)
    must_have_run(bench, ran, container)
    return made_out(ran.stdout, container)


def made_out(output: str, container: Container) -> Cgroup:
    """Cgroup files in their form. CouldNotLook for files of a form we do not know."""
    try:
        return read(output)
    except ValueError as why:
        words = ODD.format(container=container.name, why=str(why)[:200])
        raise CouldNotLook(words, REPORT) from why


def must_have_run(bench: Bench, ran: Ran, container: Container) -> None:
    """Refuse an image that does not have the program; nothing can be read in it."""
    if ran.code in (126, 127):
        said = ran.stderr.strip()
        bench.failed("no-tools", found=said, container=container.name, answer=said)


def show_files(pod: Pod) -> str:
    """A command that shows the same files; their names differ between the cgroup versions."""
    return (
        f"kubectl exec {pod.name} -c {pod.container().name} -- sh -c 'cd /sys/fs/cgroup; head -n 3"
        " memory/memory.limit_in_bytes cpu/cpu.cfs_quota_us cpu/cpu.stat memory.max cpu.max"
        " cpu.stat 2>/dev/null'"
    )
