"""The words of a class's report, in both languages."""

from __future__ import annotations

from checker.model import Scope
from checker.report.tally import Cell, Change, Score
from checker.texts import Text

TITLE = Text("班级成绩", "Class results")
SKIP = Text("跳到成绩", "Skip to the results")
OTHER_LANGUAGE = Text("In English", "中文版")
META = Text(
    "{when} · 集群 {cluster}（{server}）· {pupils} 名学员 · {labs} 个实验",
    "{when} · cluster {cluster} ({server}) · {pupils} learners · {labs} labs",
)
LOOKED = Text(
    "只做了不改动任何东西的检查，其余任务不评。要评它们，用 `podlab class grade --behaviour`。",
    "Only checks that change nothing were made; the other tasks are not judged. For those there "
    "is `podlab class grade --behaviour`.",
)
ACTED = Text("所有检查都做了，包括会重启、替换 Pod 的检查。", "All checks, also those that act.")
SINCE = Text(
    "▲ 和 ▼ 是和 {when} 那一次相比：{better} 处新通过，{worse} 处不再通过。",
    "▲ and ▼ compare with the run of {when}: {better} newly passed, {worse} passed no more.",
)
UNFINISHED = Text(
    "这次评分没有做完，还差 {missing} 份（·）。接着做：`podlab class grade --resume {file}`",
    "This run has not come to its end; still to be graded: {missing} (·). To go on: "
    "`podlab class grade --resume {file}`",
)
DOUBTS = Text(
    "有 {count} 份没能检查完（?），不算失分。再试一次：`podlab class grade --resume {file}`",
    "Not wholly checked: {count} (?); that costs nothing. To try again: "
    "`podlab class grade --resume {file}`",
)
TORN = Text(
    "文件里有 {count} 行不完整，没有计入。",
    "{count} lines of the file are broken and do not count.",
)
LEGEND = Text("符号", "Signs")
LABS = Text("实验", "Labs")
OVERVIEW = Text("总览", "Overview")
LEARNER = Text("学员", "Learner")
TOTAL = Text("合计", "Total")
POINTS = Text("分", "points")
SCORE = Text("得分", "Score")
TASKS = Text("任务", "Tasks")
TASK = Text("任务", "Task")
GRID = Text("每位学员", "Each learner")
PROBLEMS = Text("问题出在哪里", "What went wrong")
PROBLEM = Text("{count} 人", "{count} learners")
ONE_PROBLEM = Text("1 人", "1 learner")
WHO = Text("学员：", "Learners: ")
EXAMPLE = Text("例如 {name} 的：", "As seen at {name}:")
NONE_JUDGED = Text(
    "这个实验的检查都会改动工作区：只有用 `--behaviour` 才评。",
    "All checks of this lab act on the workspace: judged only with `--behaviour`.",
)
SOME_JUDGED = Text(
    "{of} 个任务评了 {judged} 个，满分 {points} 分。",
    "{judged} of {of} tasks are judged, {points} points in all.",
)
NO_PROBLEMS = Text("没有。", "Nothing.")
UNDECIDED = Text("{points} 分未能检查", "{points} points could not be checked")
NOT_YET = Text("{points} 分还没有评", "{points} points are not graded yet")

SIGN = {
    Cell.passed: "✓",
    Cell.failed: "✗",
    Cell.unknown: "?",
    Cell.left_out: "–",
    Cell.missing: "·",
}
CELL = {
    Cell.passed: Text("通过", "passed"),
    Cell.failed: Text("未通过", "failed"),
    Cell.unknown: Text("未能检查", "could not be checked"),
    Cell.left_out: Text("这次不评", "not judged this time"),
    Cell.missing: Text("还没有评", "not graded yet"),
}
CHANGE_SIGN = {Change.better: "▲", Change.worse: "▼"}
CHANGE = {
    Change.better: Text("新通过", "newly passed"),
    Change.worse: Text("不再通过", "passed no more"),
}
LEFT_OUT = {
    Scope.judged: Text("", ""),
    Scope.acts: Text("只有用 --behaviour 才评", "judged only with --behaviour"),
    Scope.files: Text("只有用 --files 才评", "judged only with --files"),
}


def score_class(score: Score) -> str:
    """The colour of a score that says all or nothing."""
    if not score.final or 0 < score.earned < score.possible:
        return ""
    return Cell.passed if score.earned else Cell.failed


def score(score: Score) -> str:
    """Points in short: `60/100`, with `?` where some could not be checked, `·` for none yet.

    `60/100·` where some were not graded yet.
    """
    if not score.possible:
        return SIGN[Cell.left_out]
    if score.missing == score.possible:
        return SIGN[Cell.missing]
    doubt = SIGN[Cell.unknown] if score.undecided else ""
    rest = SIGN[Cell.missing] if score.missing else ""
    return f"{score.earned}/{score.possible}{doubt}{rest}"
