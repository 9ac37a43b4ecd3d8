"""The fixed words of reports, in both languages."""

from __future__ import annotations

from checker.model import LabReport, TaskResult, Verdict
from checker.texts import Text

SYMBOL = {Verdict.passed: "✓", Verdict.failed: "✗", Verdict.unknown: "?"}
NAME = {
    Verdict.passed: Text("通过", "passed"),
    Verdict.failed: Text("未通过", "failed"),
    Verdict.unknown: Text("未能检查", "could not be checked"),
}
EXPECTED = Text("期望", "Expected")
FOUND = Text("看到", "Found")
COMMAND = Text("自己看", "See it yourself")
NOTHING = Text("（什么也没有）", "(nothing)")
EVIDENCE = Text("看到了什么", "What was seen")
SHOW_ALL = Text("显示全部", "Show all")
MORE = Text("……还有 {count} 个字符", "… {count} more characters")
POINTS = Text("{earned}/{points} 分", "{earned}/{points} points")
SCORE = Text("得分 {earned}/{possible}", "Score {earned}/{possible}")
UNDECIDED = Text(
    "，其中 {undecided} 分这次没能检查，不算失分",
    "; {undecided} points could not be checked and are not lost",
)
SECONDS = Text("{seconds} 秒", "{seconds} s")


def points(result: TaskResult) -> Text:
    """The points of one task; what could not be checked has none yet, rather than 0."""
    earned = "?" if result.verdict is Verdict.unknown else result.earned
    return POINTS.format(earned=earned, points=result.points)


def score(report: LabReport) -> Text:
    """The sum of a report in one sentence, naming what is still open."""
    whole = SCORE.format(earned=report.earned, possible=report.possible)
    if not report.undecided:
        return whole
    rest = UNDECIDED.format(undecided=report.undecided)
    return Text(whole.zh + rest.zh, whole.en + rest.en)
