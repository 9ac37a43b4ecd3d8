"""No report shows a Secret's value: not a wrong one, not one that a log or a manifest lets out."""

from __future__ import annotations

import base64
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fakecluster import FakeApi, FakeClock, fake_connection
from kubernetes import client

from checker.catalogue import load_lab
from checker.cluster import Connection, Workspace
from checker.grading.verdicts import settle, worded
from checker.observe import Bench, Pod, Refusal
from checker.observe.pod import view

SPACE = "/api/v1/namespaces/lab-02-secrets"
VALUE = "hunter2-hunter2"
CODED = base64.b64encode(VALUE.encode()).decode()
LAB = load_lab("02-secrets")
checks, reader, literals = (
    sys.modules[f"checker_labs.02_secrets{name}"] for name in ("", ".reader", ".literals")
)
Report = Callable[[str], tuple[str, str]]


@pytest.fixture
def connected(tmp_path: Path) -> tuple[Connection, FakeApi]:
    return fake_connection(tmp_path)


@pytest.fixture
def api(connected: tuple[Connection, FakeApi]) -> FakeApi:
    return connected[1]


@pytest.fixture
def report(connected: tuple[Connection, FakeApi]) -> Report:
    """Judge a task: the id of its message, and all that a report would show of it."""

    def judge(task: str) -> tuple[str, str]:
        bench = Bench(connected[0], Workspace("02-secrets", "lab"), clock=FakeClock())
        finding, message = worded(LAB.task(task), settle(lambda: LAB.checks[task](bench)))
        shown = [message.zh, message.en, repr(finding.params), repr(finding.evidence)]
        return finding.message_id, "\n".join(shown)

    return judge


def secret(api: FakeApi, name: str = "mysecret", **values: str) -> None:
    data = {key: base64.b64encode(value.encode()).decode() for key, value in values.items()}
    api.put(f"{SPACE}/secrets/{name}", {"data": data})


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (VALUE, "wrong-value"),
        (f"{VALUE}\r\n", "wrong-value"),
        (CODED, "wrong-value"),
        ("value-2\r\n", "line-end"),
    ],
)
def test_wrong_value_is_described_and_not_shown(
    api: FakeApi, report: Report, value: str, message: str
) -> None:
    secret(api, username="value-1", password=value)
    found, shown = report("bytes")
    assert found == message
    assert VALUE not in shown
    assert CODED not in shown
    assert f"{len(value)} bytes" in shown


@pytest.mark.parametrize("words", [VALUE, CODED, f"login {VALUE} refused\nbye"])
def test_value_in_the_last_words_of_a_container_is_hidden(
    api: FakeApi, report: Report, words: str
) -> None:
    secret(api, "other", token=VALUE)
    api.put(f"{SPACE}/pods/reader", crashed(words))
    found, shown = report("mounted")
    assert found == "crashed"
    assert "***" in shown
    assert VALUE not in shown
    assert CODED not in shown


def crashed(words: str) -> dict[str, Any]:
    end = {"exitCode": 1, "reason": "Error", "message": words}
    status = {
        "name": "app",
        "image": "busybox:1.37",
        "imageID": "",
        "ready": False,
        "restartCount": 3,
        "state": {"terminated": end},
    }
    return {
        "metadata": {"labels": {"app": "reader"}},
        "spec": {"containers": [{"name": "app", "image": "busybox:1.37"}]},
        "status": {"phase": "Running", "containerStatuses": [status]},
    }


def test_short_value_tears_no_sentence_to_pieces(api: FakeApi, report: Report) -> None:
    secret(api, username="value-1", password="e")
    assert "differs" in report("bytes")[1]


def test_value_in_a_log_that_is_shown_is_hidden_after_a_rotation_too(
    api: FakeApi, report: Report
) -> None:
    """The Secret may change between the first look and the verdict: both values are hidden."""
    secret(api, "other", token="first-value")
    api.put(f"{SPACE}/pods/reader", crashed(f"first-value {VALUE}"))
    reads = 0

    def rotate(method: str, path: str) -> None:
        nonlocal reads
        reads += path.endswith("/secrets")
        if reads == 1:
            secret(api, "other", token=VALUE)

    api.after = rotate
    shown = report("mounted")[1]
    assert "first-value" not in shown
    assert VALUE not in shown


def a_pod(**probe: int | None) -> Pod:
    """A Pod whose container has this liveness probe, or none."""
    liveness = client.V1Probe(**probe) if probe else None
    spec = client.V1PodSpec(
        containers=[client.V1Container(name="app", liveness_probe=liveness)],
        termination_grace_period_seconds=5,
    )
    return view(client.V1Pod(metadata=client.V1ObjectMeta(name="reader-1"), spec=spec))


@pytest.mark.parametrize(
    ("variable", "message"), [("new", "restarted"), (None, "restarted"), ("old", "not-held")]
)
def test_new_environment_tells_of_a_restart_before_the_status_does(
    connected: tuple[Connection, FakeApi], variable: str | None, message: str
) -> None:
    """A command may reach the next container while the Pod's status still shows the one before."""
    bench = Bench(connected[0], Workspace("02-secrets", "lab"), clock=FakeClock())
    wanted = reader.Sight({"username": b"new", "password": b"new"}, b"old")
    files = wanted.files if variable != "old" else {"username": b"new", "password": b"gone"}
    sight = reader.Sight(files, variable.encode() if variable else None)

    class Seen(reader.Reader):
        def sees(self) -> object:
            return sight

    app = Seen(bench, a_pod(), SimpleNamespace(name="app"))
    with pytest.raises(Refusal, match=message):
        checks._must_go_on(app, wanted)


def end_during_the_watch(connection: Connection, pod: Any, ends_after: float) -> None:
    """Watch a container that is restarted after so many seconds."""
    clock = FakeClock()
    bench = Bench(connection, Workspace("02-secrets", "lab"), clock=clock)
    wanted = reader.Sight({"username": b"new", "password": b"new"}, b"old")

    class Seen(reader.Reader):
        def sees(self) -> object:
            if clock.now() < ends_after:
                return wanted
            return reader.Sight(wanted.files, b"new")

    checks._must_go_on(Seen(bench, pod, SimpleNamespace(name="app")), wanted)


@pytest.mark.parametrize("ends_after", [0.0, 3.5, 6.0])
def test_program_that_ends_at_its_next_look_is_still_watched_then(
    connected: tuple[Connection, FakeApi], ends_after: float
) -> None:
    """The given loop looks every 5 s; the files may be new right after such a look."""
    with pytest.raises(Refusal, match="restarted"):
        end_during_the_watch(connected[0], a_pod(), ends_after)


@pytest.mark.parametrize(
    ("failures", "grace", "ends_after"), [(3, None, 42.0), (3, 20, 55.0), (1, 1, 15.0)]
)
def test_restart_by_a_liveness_probe_is_waited_for(
    connected: tuple[Connection, FakeApi], failures: int, grace: int | None, ends_after: float
) -> None:
    pod = a_pod(
        period_seconds=10, failure_threshold=failures, termination_grace_period_seconds=grace
    )
    with pytest.raises(Refusal, match="restarted"):
        end_during_the_watch(connected[0], pod, ends_after)


def test_tools_that_are_gone_during_the_watch_tell_of_a_restart(
    connected: tuple[Connection, FakeApi],
) -> None:
    """A command that reaches a container just as it ends is answered "no such file" as well."""
    bench = Bench(connected[0], Workspace("02-secrets", "lab"), clock=FakeClock())
    wanted = reader.Sight({"username": b"new", "password": b"new"}, b"old")

    class Ended(reader.Reader):
        def sees(self) -> object:
            self.fail("no-tools", found="lstat /proc/7/ns/ipc: no such file", program="cat")

    app = Ended(bench, a_pod(), SimpleNamespace(name="app"))
    with pytest.raises(Refusal, match="restarted"):
        checks._must_go_on(app, wanted)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("value-2", "as it is"),
        ("dmFsdWUtMg==", "in base64"),
        ("Basic dmFsdWUtMTp2YWx1ZS0y", "in base64"),
        ("/opt/dmFsdWUtMg/x", "in base64"),
        ("a-dmFsdWUtMg", "in base64"),
        ("value-20", ""),
        ("the-value-2", ""),
        ("sha256-k8s_podlab/registry/dmFsdWUtM", ""),
    ],
)
def test_a_value_is_found_beside_others_and_in_base64(text: str, found: str) -> None:
    seen = []
    bench = SimpleNamespace(failed=lambda *words, form, **told: seen.append(form.en))
    literals._must_not_hold(bench, "Pod a", "spec", text, "password", b"value-2")
    assert ([*seen, ""])[0] == found
