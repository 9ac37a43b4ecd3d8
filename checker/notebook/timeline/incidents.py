"""What Events say: of probes, of pulls, and whatever else is asked for. Draws nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator

from checker.notebook.timeline.data import NOTHING, Dot, DotKind, Lane
from checker.notebook.timeline.lives import more
from checker.notebook.timeline.moment import moment
from checker.notebook.timeline.pods import PodStory
from checker.observe import Fact, Record
from checker.texts import Text

Look = tuple[DotKind, Text]

PROBES = Text("探针{more}", "probes{more}")
PULLS = Text("镜像拉取{more}", "image pulls{more}")
EVENTS = Text("事件", "events")

# Reasons are stable, and kubelet says which probe it was in the first word of the message.
FAILED_PROBES = {
    "Startup": (DotKind.starting, Text("启动探针失败", "startup failed")),
    "Liveness": (DotKind.ill, Text("存活探针失败", "liveness failed")),
    "Readiness": (DotKind.unready, Text("就绪探针失败", "readiness failed")),
}
KILLED = (DotKind.mark, Text("结束容器", "container stopped"))
BY_PROBE = re.compile(r"failed (liveness|startup) probe")

PULLING = (DotKind.begin, Text("开始拉取", "pull begins"))
PULLED = (DotKind.good, Text("拉取成功", "pulled"))
PRESENT = (DotKind.good, Text("镜像已在节点上", "already on the node"))
PULL_FAILED = (DotKind.bad, Text("拉取失败", "pull failed"))
BACK_OFF = (DotKind.wait, Text("退避", "back-off"))

OTHERS = (DotKind.mark, DotKind.unready, DotKind.begin, DotKind.starting, DotKind.wait)


def of_probe(fact: Fact) -> Look | None:
    """What an Event says of a probe; None if nothing."""
    reason, message = fact.more["reason"], fact.more["message"]
    if reason == "Unhealthy":
        return FAILED_PROBES.get(message.partition(" ")[0])
    return KILLED if reason == "Killing" and BY_PROBE.search(message) else None


def of_pull(fact: Fact) -> Look | None:
    """What an Event says of pulling an image; None if nothing.

    kubelet reports one failure twice: "Failed to pull image" has the cause, "Error: ErrImagePull"
    says it again.
    """
    reason, message = fact.more["reason"], fact.more["message"]
    if reason == "Pulling":
        return PULLING
    if reason == "Pulled":
        return PRESENT if "already present" in message else PULLED
    if reason == "Failed" and message.startswith("Failed to pull"):
        return PULL_FAILED
    return BACK_OFF if reason == "BackOff" and "pulling image" in message else None


class Incidents:
    """All Events of a record, by the Pod they are about."""

    def __init__(self, record: Record) -> None:
        self._began = record.began
        self._events = record.of("event")

    def probes(self, workload: str, slot: int, pods: list[PodStory]) -> Iterator[Dot]:
        """Probes that failed, and what came of it."""
        lane = Lane(f"pod/{workload}/{slot}/probes", PROBES.format(more=more(slot)))
        yield from self._of_pods(lane, pods, of_probe)

    def pulls(self, workload: str, slot: int, pods: list[PodStory]) -> Iterator[Dot]:
        """Images being pulled."""
        lane = Lane(f"pod/{workload}/{slot}/pulls", PULLS.format(more=more(slot)))
        yield from self._of_pods(lane, pods, of_pull)

    def others(
        self, reasons: Collection[str], shown: Callable[[Fact], bool] = lambda fact: True
    ) -> Iterator[Dot]:
        """Events with these reasons, of the objects that are `shown`."""
        looks = {
            reason: OTHERS[number % len(OTHERS)] for number, reason in enumerate(sorted(reasons))
        }
        lane = Lane("events", EVENTS)
        for fact in self._events:
            reason = fact.more["reason"]
            if reason in looks and shown(fact):
                about = f"{fact.more['kind']} {fact.subject}: {fact.more['message']}"
                yield Dot(lane, self._at(fact), looks[reason], Text.same(reason), about)

    def _of_pods(
        self, lane: Lane, pods: list[PodStory], look: Callable[[Fact], Look | None]
    ) -> Iterator[Dot]:
        uids = {pod.uid for pod in pods}
        for fact in self._events:
            if fact.uid in uids and (seen := look(fact)):
                value = f"{fact.subject}: {fact.more['message']}"
                says = seen[1] if seen is KILLED else NOTHING
                yield Dot(lane, self._at(fact), seen[0], seen[1], value, says)

    def _at(self, fact: Fact) -> float:
        return moment(self._began, fact.at, fact.heard)
