"""Reports compared with golden files, to be read as a diff in review.

To write them anew: PODLAB_UPDATE_GOLDEN=1 .venv/bin/pytest tests/unit/report/test_golden.py
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from checker.model import Evidence, LabReport, TaskResult, Verdict
from checker.report import (
    Running,
    RunningTask,
    render_card,
    render_json,
    render_junit,
    render_running,
    render_text,
    running_text,
)
from checker.texts import Lang, Text

GOLDEN = Path(__file__).with_name("golden")
UPDATE = "PODLAB_UPDATE_GOLDEN"
START = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)


def result(
    number: int, task: str, title: Text, verdict: Verdict, message: Text, *evidence: Evidence
) -> TaskResult:
    after = START + timedelta(seconds=1)
    return TaskResult(
        task, number, title, verdict, f"{task}-id", message, evidence, 20, 2.25, after
    )


REPORT = LabReport(
    lab="01-toy",
    title=Text("玩具实验", "A toy lab"),
    workspace="lab-01-toy",
    results=(
        result(
            1,
            "ping",
            Text("Redis 有应答", "Redis answers"),
            Verdict.passed,
            Text("做到了。", "Done."),
            Evidence(Text("PONG", "PONG"), "PONG", "kubectl exec redis -- redis-cli ping"),
        ),
        result(
            2,
            "keep",
            Text("数据还在", "The data stays"),
            Verdict.failed,
            Text(
                "重启之后，键 <lab:token> 不见了。", "After a restart the key <lab:token> is gone."
            ),
            Evidence(
                Text("重启前写下的值", "the value written before the restart"),
                "\x1b[31m<script>alert('x')</script>\x1b[0m & nothing\r\n",
                "kubectl exec redis -- redis-cli get lab:token",
            ),
            Evidence(
                Text("目录 /data 在一个卷上", "the directory /data on a volume"),
                "\n".join(f"line {number} of a long log" for number in range(1, 41)),
                "kubectl get pod redis -o yaml",
            ),
            Evidence(Text("一行日志", "a line of log"), "", "kubectl logs redis"),
        ),
        result(
            4,
            "claim",
            Text("PVC 里的数据", "Data in a claim"),
            Verdict.unknown,
            Text("没能检查：连不上。再试一次。", "Could not be checked: no connection. Try again."),
        ),
    ),
    started_at=START,
    seconds=7.5,
)

HINTS = {
    "ping": (Text("不显示：已经通过。", "Not shown: it passed."),),
    "keep": (
        Text("数据写在哪里？", "Where is the data written?"),
        Text("用 `kubectl exec` 看 /data。", "See /data with `kubectl exec`."),
        Text("把卷挂到 <path>。", "Mount the volume at <path>."),
    ),
}
RUNNING = Running(
    lab="01-toy",
    done=1,
    of=4,
    seconds=14.4,
    tasks=(
        RunningTask(
            "keep",
            2,
            Text("数据还在", "The data stays"),
            12.6,
            90,
            Text("等 `redis`", "for `redis`"),
        ),
        RunningTask("claim", 4, Text("PVC 里的数据", "Data in a claim"), 95, 90),
    ),
)

FORMS: dict[str, Callable[[LabReport, Lang], str]] = {
    "report.txt": render_text,
    "report.json": lambda report, lang: render_json(report),
    "report.xml": render_junit,
    "card.html": lambda report, lang: render_card(report, lang, HINTS),
    "running.txt": lambda report, lang: running_text(RUNNING, lang) + "\n",
    "running.html": lambda report, lang: render_running(RUNNING, lang),
}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", FORMS)
def test_report_equals_its_golden_file(name: str, lang: Lang) -> None:
    made = FORMS[name](REPORT, lang)
    file = GOLDEN / lang / name
    if os.environ.get(UPDATE):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(made, encoding="utf-8")
        pytest.skip(f"{file.name} written")
    assert file.is_file(), f"no golden file {file}; see the head of this module"
    assert made == file.read_text(encoding="utf-8")
