"""What the cluster and a recording tell becomes lanes: endpoints, probes, values, requests."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from checker.notebook.plain import UsageError
from checker.notebook.timeline import DotKind, LifeKind, Timeline, TimelinePicture
from checker.notebook.timeline.drawing.bins import binned
from checker.notebook.timeline.drawing.layout import lay_out
from checker.notebook.timeline.drawing.style import LINES
from checker.notebook.timeline.story import tell
from checker.notebook.timeline.table import text_table
from checker.observe import Fact, Record

ZERO = datetime(2026, 1, 1, tzinfo=UTC)


def at(second: float) -> datetime:
    return ZERO + timedelta(seconds=second)


def fact(what: Any, second: float, subject: str, uid: str = "", **more: object) -> Fact:
    container = str(more.pop("container", ""))
    return Fact(what, at(second), at(second), subject, uid, container, more)


def pod(name: str, second: float = 0.0, owner: str = "ReplicaSet web-1") -> Fact:
    return fact("pod-seen", second, name, f"uid-{name}", owner=owner)


def event(second: float, name: str, reason: str, message: str, kind: str = "Pod") -> Fact:
    return fact("event", second, name, f"uid-{name}", reason=reason, message=message, kind=kind)


def endpoint(what: str, second: float, name: str, **conditions: bool) -> Fact:
    return fact(what, second, name, service="web", address=f"ip-{name}", **conditions)


def story(*facts: Fact, lanes: str = "claims pods containers", **more: Any) -> Timeline:
    return tell(Record("n", ZERO, at(40), facts), lanes=lanes.split(), **more)


def bars(timeline: Timeline) -> list[tuple[str, str, float, float | None]]:
    return [(a.lane.label.en, a.name.en, a.start, a.end) for a in timeline.lives]


def dots(timeline: Timeline) -> list[tuple[str, str, float]]:
    return [(a.lane.label.en, a.label.en, a.at) for a in timeline.dots]


def test_an_endpoint_is_a_bar_for_each_state_it_was_in() -> None:
    timeline = story(
        pod("web-1-a"),
        endpoint("endpoint-joined", 2, "web-1-a", ready=False, serving=False),
        endpoint("endpoint-changed", 4, "web-1-a", ready=True, serving=True),
        endpoint("endpoint-changed", 9, "web-1-a", serving=True, terminating=True),
        endpoint("endpoint-changed", 12, "web-1-a", terminating=True),
        endpoint("endpoint-left", 14, "web-1-a"),
        lanes="endpoints",
    )
    assert bars(timeline) == [
        ("endpoint of web", "not ready", 2, 4),
        ("endpoint of web", "ready", 4, 9),
        ("endpoint of web", "terminating", 9, 12),
        ("endpoint of web", "terminating, not ready", 12, 14),
    ]
    assert [life.kind for life in timeline.lives] == [
        LifeKind.unready,
        LifeKind.ready,
        LifeKind.leaving,
        LifeKind.leaving,
    ]


def test_each_pod_has_its_lanes_below_each_other() -> None:
    timeline = story(
        pod("web-1-a"),
        pod("web-1-b", 1),
        endpoint("endpoint-joined", 2, "web-1-b", ready=True),
        endpoint("endpoint-joined", 2, "web-1-a", ready=True),
        event(5, "web-1-b", "Unhealthy", "Readiness probe failed: no"),
        lanes="pods probes endpoints",
    )
    assert [lane.label.en for lane in timeline.lanes] == [
        "Pod web",
        "endpoint of web",
        "Pod web (2)",
        "probes (2)",
        "endpoint of web (2)",
    ]


def test_pods_that_were_gone_before_the_window_take_no_number() -> None:
    timeline = story(
        pod("web-1-a"),
        fact("pod-gone", 3, "web-1-a", "uid-web-1-a"),
        pod("web-1-b", 1),
        start=at(10),
    )
    assert bars(timeline) == [("Pod web", "web-1-b", 0, None)]


@pytest.mark.parametrize(
    ("reason", "message", "label", "kind"),
    [
        ("Unhealthy", "Liveness probe failed: 500", "liveness failed", DotKind.ill),
        ("Unhealthy", "Readiness probe errored", "readiness failed", DotKind.unready),
        ("Unhealthy", "Startup probe failed: x", "startup failed", DotKind.starting),
        ("Killing", "Container c failed liveness probe, will be restarted",
         "container stopped", DotKind.mark),
    ],
)  # fmt: skip
def test_a_probe_that_fails_is_told_by_its_kind(reason, message, label, kind) -> None:
    timeline = story(pod("a"), event(5, "a", reason, message), lanes="probes")
    (dot,) = timeline.dots
    assert (dot.lane.label.en, dot.label.en, dot.kind, dot.at) == ("probes", label, kind, 5)


def test_a_container_that_is_stopped_for_another_reason_is_not_the_probes() -> None:
    killing = event(5, "a", "Killing", "Stopping container c")
    assert story(pod("a"), killing, lanes="probes").dots == ()


def test_a_pull_is_told_from_its_beginning_to_its_success() -> None:
    timeline = story(
        pod("foo"),
        event(1, "foo", "Pulling", 'Pulling image "r/app:1"'),
        event(2, "foo", "Failed", 'Failed to pull image "r/app:1": 401 Unauthorized'),
        event(2, "foo", "Failed", "Error: ErrImagePull"),
        event(3, "foo", "BackOff", 'Back-off pulling image "r/app:1"'),
        event(3, "foo", "Failed", "Error: ImagePullBackOff"),
        event(9, "foo", "Pulled", 'Successfully pulled image "r/app:1" in 1s'),
        event(12, "foo", "BackOff", "Back-off restarting failed container"),
        lanes="pulls",
    )
    assert dots(timeline) == [
        ("image pulls", "pull begins", 1),
        ("image pulls", "pull failed", 2),
        ("image pulls", "back-off", 3),
        ("image pulls", "pulled", 9),
    ]
    assert "401 Unauthorized" in timeline.dots[1].value


def test_other_events_are_shown_by_reason_of_what_is_shown() -> None:
    facts = (
        pod("web-1-a"),
        event(1, "web-1-a", "FailedMount", "no Secret"),
        event(2, "web-1-a", "Scheduled", "done"),
        event(3, "web-1", "FailedCreate", "refused", kind="ReplicaSet"),
        event(4, "db", "FailedMount", "no claim"),
    )
    timeline = story(*facts, only=["web"], events=["FailedMount", "FailedCreate"])
    assert dots(timeline) == [("events", "FailedMount", 1), ("events", "FailedCreate", 3)]


def test_a_grace_period_runs_from_the_deletion_on() -> None:
    timeline = story(
        pod("a"),
        fact("pod-deleting", 5, "a", "uid-a", grace=8),
        fact("pod-gone", 9, "a", "uid-a"),
        lanes="pods grace",
    )
    assert bars(timeline)[1:] == [("grace period", "8 s", 5, 13)]


def test_a_lane_that_is_misspelt_is_told_with_the_right_one() -> None:
    with pytest.raises(UsageError, match="endpoints"):
        story(lanes="endpoint")


def value(second: float, name: str, words: str | None, rank: int = 0) -> Fact:
    return fact("sample", second, name, form="value", value=words, rank=rank)


def test_values_are_bars_and_equal_ones_are_alike() -> None:
    timeline = story(
        value(1, "env", "old", rank=1),
        value(2, "file", "old"),
        value(5, "file", "new\nand more"),
        value(6, "file", None),
        value(7, "file", "old"),
        value(38, "env", "old", rank=1),
        value(39, "file", "old"),
    )
    assert bars(timeline) == [
        ("file", "old", 2, 5),
        ("file", "new", 5, 6),
        ("file", "no answer", 6, 7),
        ("file", "old", 7, None),
        ("env", "old", 1, None),
    ]
    assert [life.shade for life in timeline.lives] == [0, 1, None, 0, 0]
    assert timeline.lives[1].detail == "new\nand more"


def test_a_value_is_not_said_to_last_after_the_last_look() -> None:
    (life,) = story(value(1, "file", "old"), value(9, "file", "old")).lives
    assert (life.start, life.end) == (1, 9)


def test_a_value_seen_until_the_recordings_end_goes_on_however_late_it_is_drawn() -> None:
    looks = (value(1, "file", "old"), value(9, "file", "old"))
    (life,) = story(*looks, start=at(0), end=at(10)).lives
    assert life.end is None


def test_what_a_recording_calls_its_lanes_is_their_label() -> None:
    sample = fact("sample", 1, "f", form="value", value="x", label={"zh": "文件", "en": "file"})
    assert story(sample).lanes[0].label.zh == "文件"


def test_a_moment_stands_with_its_words_in_a_lane_of_its_own() -> None:
    timeline = story(
        fact("moment", 3, "log", words="SIGTERM"), fact("moment", 3.1, "log", words="bye")
    )
    assert [(d.lane.label.en, d.at, d.says.en) for d in timeline.dots] == [
        ("log", 3, "SIGTERM"),
        ("log", 3.1, "bye"),
    ]
    (place,) = lay_out(timeline, "en").places.values()
    assert [(label.words, label.row) for _, label in place.words] == [("SIGTERM", 0), ("bye", 1)]
    heights = [height for height, _ in place.words]
    assert place.middle < heights[0] < heights[1]


def only(timeline: Timeline) -> Any:
    """The place of its one lane."""
    (place,) = lay_out(timeline, "en").places.values()
    return place


def test_dots_of_two_kinds_at_one_moment_hide_nothing_of_each_other() -> None:
    killing = "Container c failed liveness probe, will be restarted"
    timeline = story(
        pod("a"),
        event(5, "a", "Unhealthy", "Liveness probe failed: 500"),
        event(9, "a", "Unhealthy", "Liveness probe failed: 500"),
        event(9, "a", "Killing", killing),
        event(30, "a", "Unhealthy", "Readiness probe failed: 500"),
        lanes="probes",
    )
    heights = [only(timeline).height_of(dot) for dot in timeline.dots]
    assert heights[0] == heights[1] == heights[3], "one kind keeps to one row"
    assert heights[2] - heights[1] >= 10, "no dot is wider"


def test_three_kinds_at_one_moment_stand_in_three_rows_and_make_their_lane_higher() -> None:
    pulls = (
        event(1, "a", "Pulling", "Pulling image x"),
        event(1, "a", "Failed", "Failed to pull image x: 401"),
        event(1, "a", "BackOff", "Back-off pulling image x"),
    )
    apart = (event(20, "a", "Pulled", "Successfully pulled image x"),)
    low, high = story(pod("a"), *apart, lanes="pulls"), story(pod("a"), *pulls, lanes="pulls")
    assert len({only(high).height_of(dot) for dot in high.dots}) == 3
    assert lay_out(high, "en").height > lay_out(low, "en").height
    alone = story(pod("a"), *pulls[:1], *apart, lanes="pulls")
    assert {only(alone).height_of(dot) for dot in alone.dots} == {only(alone).middle}


def container(what: Any, second: float, name: str, **more: object) -> Fact:
    return fact(what, second, name, f"uid-{name}", container="c", **more)


def test_a_wait_between_two_ends_is_named_in_a_row_below_their_reasons() -> None:
    timeline = story(
        pod("a"),
        container("container-started", 10.0, "a"),
        container("container-ended", 10.3, "a", code=3, reason="Error"),
        container("container-waiting", 10.4, "a", reason="CrashLoopBackOff"),
        container("container-started", 11.4, "a", restarts=1),
        container("container-ended", 11.7, "a", code=3, reason="Error"),
        lanes="containers",
    )
    rows = {label.words: label.row for _, label in only(timeline).words}
    assert rows == {"Error (3)": 0, "CrashLoopBackOff": 1}


def test_a_name_at_the_edge_of_the_picture_ends_where_its_bar_ends() -> None:
    timeline = story(
        pod("a"), container("container-waiting", 38, "a", reason="CrashLoopBackOff"),
        lanes="containers",
    )  # fmt: skip
    ((_, label),) = only(timeline).words
    assert (label.words, label.align, label.ends) == ("CrashLoopBackOff", "right", 600)


def test_where_a_pod_began_to_leave_is_said_in_words() -> None:
    facts = (
        pod("a"),
        fact("pod-deleting", 10, "a", "uid-a", grace=8),
        fact("pod-gone", 18, "a", "uid-a"),
    )
    assert [a.words for _, a in only(story(*facts, lanes="pods")).words] == [
        "deleted",
        "Terminating",
    ]


def test_pods_that_cannot_be_told_apart_do_not_share_a_row() -> None:
    facts = (
        pod("web-1-a"),
        container("container-started", 1, "web-1-a"),
        fact("pod-deleting", 5, "web-1-a", "uid-web-1-a", grace=8),
        container("container-ended", 6, "web-1-a", code=0, reason="Completed"),
        pod("web-1-b", 7),
        container("container-started", 8, "web-1-b"),
        request(2, "web-1-a", each=True),
        request(9, "web-1-b", each=True),
    )
    named = story(*facts, lanes="pods containers")
    assert [lane.label.en for lane in named.lanes][:2] == ["Pod web", "container c"]
    assert "Pod web (2)" not in [lane.label.en for lane in named.lanes]
    unnamed = story(*facts, lanes="containers")
    assert [lane.label.en for lane in unnamed.lanes] == [
        "web: container c",
        "web (2): container c",
        "web: web",
        "web: web (2)",
    ]


def request(second: float, body: str = "", error: str = "", slow: bool = False, each=False) -> Fact:
    more = {"seconds": 0.1, "status": 200, "body": body, "error": error, "slow": slow}
    return fact("request", second, "web", each=each, **more)


def test_requests_are_answered_slow_or_failed() -> None:
    timeline = story(
        request(1, "hello\nworld"), request(2, "hello", slow=True), request(3, error="HTTP 503")
    )
    assert [(d.label.en, d.kind, d.value) for d in timeline.dots] == [
        ("answered", DotKind.good, "hello, 0.10 s"),
        ("answered slowly", DotKind.slow, "hello, 0.10 s"),
        ("failed", DotKind.bad, "HTTP 503, 0.10 s"),
    ]


def test_answers_of_each_pod_stand_in_a_lane_that_bears_its_number() -> None:
    timeline = story(
        pod("web-1-a"),
        pod("web-1-b", 1),
        request(2, error="refused", each=True),
        request(3, "web-1-b", each=True),
        request(4, "web-1-a", each=True),
        request(5, "elsewhere", each=True),
        lanes="",
    )
    assert [lane.label.en for lane in timeline.lanes] == [
        "web: web",
        "web: web (2)",
        "web: elsewhere",
        "web",
    ]


def test_dots_too_close_to_be_told_apart_are_one_with_a_count() -> None:
    timeline = story(*(request(second / 10) for second in range(10)), request(0.5, error="x"))
    found = {(dot.label.en, many) for dot, many in binned(timeline.dots, 600.0)}
    assert found == {("answered", 10), ("failed", 1)}
    assert "answered ×5" in text_table(timeline, "en")


def number(second: float, line: str, much: float | None) -> Fact:
    return fact("number", second, "cpu", line=line, value=much, limit=0.1, unit="s/s")


def test_numbers_are_lines_of_a_panel_with_a_limit() -> None:
    timeline = story(
        number(1, "used", 0.1), number(1, "throttled", 0.9), number(2, "used", None), start=at(0.5)
    )
    (panel,) = timeline.panels
    assert [(line.label.en, line.points) for line in panel.lines] == [
        ("CPU used", ((0.5, 0.1), (1.5, None))),
        ("throttled", ((0.5, 0.9),)),
    ]
    assert (panel.limits, panel.unit.en) == (((0.0, 0.1),), "seconds in each second")
    table = text_table(timeline, "en")
    assert "limit 0.1" in table
    assert "CPU used: 0.1 seconds in each second" in table
    assert "CPU used: no more" in table


def limited(second: float, much: float | None, limit: float | None) -> Fact:
    return fact("number", second, "m", line="memory", value=much, limit=limit, unit="MiB")


def test_a_limit_that_changes_is_drawn_and_told_in_steps() -> None:
    timeline = story(
        limited(2, 5, 64.0), limited(3, 5, 64.0), limited(4, 6, 128.0), limited(9, 6, None)
    )
    (panel,) = timeline.panels
    assert panel.limits == ((0.0, 64.0), (4.0, 128.0), (9.0, None))
    rows = text_table(timeline, "en").splitlines()
    assert [row.split()[0] for row in rows if "limit" in row] == ["0.0", "4.0", "9.0"]
    view = spec(timeline)["vconcat"][0]
    dashed = next(layer for layer in view["layer"] if layer["mark"].get("strokeDash"))
    assert dashed["mark"]["color"] not in {colour for colour, _, _ in LINES}
    values = dashed.get("data", view.get("data"))["values"]
    assert [(row["at"], row["until_at"], row["value"]) for row in values] == [
        (0.0, 4.0, 64.0),
        (4.0, 9.0, 128.0),
    ]


def test_a_container_that_is_not_there_is_told_once_and_not_before_the_first_number() -> None:
    timeline = story(
        limited(1, None, None),
        limited(2, None, None),
        limited(3, 5, 64.0),
        limited(4, None, None),
        limited(5, None, None),
        limited(6, 2, 64.0),
    )
    (panel,) = timeline.panels
    assert panel.lines[0].points == ((3, 5), (4, None), (6, 2))
    assert panel.limits == ((0.0, 64.0),)


def test_a_name_under_which_no_number_was_read_gets_no_panel() -> None:
    timeline = story(number(1, "used", None))
    assert timeline.panels == ()
    assert timeline.empty


def spec(timeline: Timeline, lang: Any = "en") -> dict[str, Any]:
    picture = TimelinePicture(timeline, lang)
    assert picture.png().startswith(b"\x89PNG")
    return picture.spec()


def test_lanes_and_panels_share_the_time_axis_and_only_the_last_shows_it() -> None:
    drawn = spec(story(pod("a"), number(1, "used", 0.1), number(2, "throttled", 0.9)))
    lanes, panel = drawn["vconcat"]
    axes = [view["layer"][-1]["encoding"]["x"] for view in (lanes, panel)]
    assert axes[0]["scale"]["domain"] == axes[1]["scale"]["domain"] == [0, 40.0]
    assert axes[0]["axis"] is None
    assert axes[1]["axis"]["title"] == "seconds"


def test_the_words_of_a_limit_stand_above_the_lines() -> None:
    panel = spec(story(limited(2, 70, 64.0), limited(3, 5, 64.0)))["vconcat"][0]
    kinds = [layer["mark"]["type"] for layer in panel["layer"]]
    assert kinds[-4:] == ["line", "point", "text", "text"]


def test_used_and_throttled_differ_in_colour_shape_and_dashes() -> None:
    panel = spec(story(number(1, "used", 0.1), number(2, "throttled", 0.9)))["vconcat"][0]
    line, points = (each for each in panel["layer"] if each["mark"]["type"] in ("line", "point"))
    for scale in (
        line["encoding"]["strokeDash"]["scale"],
        points["encoding"]["color"]["scale"],
        points["encoding"]["shape"]["scale"],
    ):
        assert len({json.dumps(each) for each in scale["range"]}) == 2


def test_all_kinds_of_dots_differ_in_shape_or_never_share_a_lane() -> None:
    together = (
        (DotKind.good, DotKind.slow, DotKind.bad),
        (DotKind.good, DotKind.bad, DotKind.none),
        (DotKind.ill, DotKind.unready, DotKind.starting, DotKind.mark),
        (DotKind.begin, DotKind.bad, DotKind.wait, DotKind.good),
    )
    from checker.notebook.timeline.drawing.style import COLOURS, SHAPES

    for kinds in together:
        assert len({SHAPES[kind] for kind in kinds}) == len(kinds)
        assert len({COLOURS[kind] for kind in kinds}) >= len(kinds) - 1


def test_more_lanes_than_can_be_read_are_in_the_table_only() -> None:
    timeline = story(*(pod(f"p{number}", owner="") for number in range(20)))
    drawn = spec(timeline)
    bars = next(layer for layer in drawn["layer"] if layer["mark"]["type"] == "bar")
    assert len((bars.get("data") or drawn["data"])["values"]) == 16
    assert drawn["title"]["subtitle"] == "4 more lanes are in the table only"
    assert "p19 is there" in text_table(timeline, "en")


def test_a_state_whose_bar_is_too_short_for_its_name_says_it_below() -> None:
    timeline = story(
        pod("a"),
        endpoint("endpoint-joined", 2, "a", ready=False),
        endpoint("endpoint-changed", 2.5, "a", ready=True),
        lanes="endpoints",
    )
    assert "not ready" in TimelinePicture(timeline, "en").svg()


def test_a_last_message_stands_below_the_end_in_both_forms() -> None:
    timeline = story(
        pod("a"),
        fact("container-started", 1, "a", "uid-a", container="c"),
        fact("container-ended", 6, "a", "uid-a", container="c", code=3, reason="Error",
             message="Sleep expired\n<b>really</b>"),
    )  # fmt: skip
    svg = TimelinePicture(timeline, "en").svg()
    assert "“Sleep expired &lt;b&gt;really&lt;/b&gt;”" in svg
    table = text_table(timeline, "en")
    assert "first start ends: Error (3): Sleep expired <b>really</b>\n" in f"{table}\n"
