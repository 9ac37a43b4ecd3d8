"""The words of reports that are not a lab's own, in both languages."""

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
SHOW_ALL = Text("显示全部（还有 {count} 个字符）", "Show all ({count} more characters)")
MORE = Text("……还有 {count} 个字符", "… {count} more characters")
POINTS = Text("{earned}/{points} 分", "{earned}/{points} points")
SCORE = Text("得分 {earned}/{possible}", "Score {earned}/{possible}")
UNDECIDED = Text(
    "，其中 {undecided} 分这次没能检查，不算失分",
    "; {undecided} points could not be checked and are not lost",
)
SECONDS = Text("{seconds:.0f} 秒", "{seconds:.0f} s")
LIMIT = Text(
    "{seconds:.0f} 秒，最多 {deadline:.0f} 秒", "{seconds:.0f} s, at most {deadline:.0f} s"
)
TASK = Text("任务 {number}", "Task {number}")
PIECE = Text("证据 {number}/{of}", "Evidence {number} of {of}")
HINT = Text("提示 {number}/{of}", "Hint {number} of {of}")
RESULT = Text("检查结果：{lab}，任务 {numbers}", "Result: {lab}, {tasks} {numbers}")
RUNNING = Text("正在检查 {lab}", "Checking {lab}")
DONE = Text("{of} 个任务中的 {done} 个有了结论", "{done} of {of} tasks have a verdict")
PROGRESS = Text("有结论的任务", "Tasks that have a verdict")
TIME = Text("用去的时间", "Time used")


def seconds(number: float) -> Text:
    """A duration."""
    return SECONDS.format(seconds=number)


def limit(spent: float, deadline: float) -> Text:
    """The seconds a task has taken, of those it may take."""
    return LIMIT.format(seconds=spent, deadline=deadline)


def result_of(report: LabReport) -> Text:
    """The name of a report, by which a reader tells it from others."""
    numbers = [str(result.number) for result in report.results]
    return RESULT.format(
        lab=report.lab,
        tasks="task" if len(numbers) == 1 else "tasks",
        numbers=Text("、".join(numbers), ", ".join(numbers)),
    )


def counts(report: LabReport) -> Text:
    """How many tasks have which verdict."""
    verdicts = [result.verdict for result in report.results]
    seen = [each for each in Verdict if each in verdicts]
    return Text(
        "，".join(f"{verdicts.count(each)} 个{NAME[each].zh}" for each in seen),
        ", ".join(f"{verdicts.count(each)} {NAME[each].en}" for each in seen),
    )


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
