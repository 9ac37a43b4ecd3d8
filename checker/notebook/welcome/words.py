"""The fixed words of the welcome page, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from checker.notebook.welcome.lessons import Lesson, Standing, State
from checker.texts import Lang, Text

NAMES: Mapping[Lang, str] = {"zh": "中文", "en": "English"}
"""The languages, each by its own name."""

LANGUAGE = Text("语言", "Language")
LESSON = Text("课", "Lesson")
MINUTES = Text("分钟", "Minutes")
TIME = Text("{minutes} 分钟", "{minutes} min")
OPEN = Text("打开", "Open")
RESULT = Text("结果", "Result")
RESET = Text("重置", "Reset")
LOOK = Text("再看一次", "Look again")
CLOSE = Text("关闭", "Close")

RESULT_OF = Text("{lesson} 上一次检查的结果", "Result of the last check of {lesson}")
RESET_OF = Text("重新开始 {lesson} 的实验", "Begin the lab of {lesson} anew")
NO_RESULT = Text("还没有检查过", "Not checked yet")
NOTHING_TO_RESET = Text("还没有开始", "Not begun yet")

STATE: Mapping[State, Text] = {
    State.new: Text("未开始", "not begun"),
    State.started: Text("已开始", "started"),
    State.judged: Text("{earned}/{points} 分", "{earned}/{points} points"),
}
TOTAL = Text(
    "全部 {lessons} 课，大约 {hours} 小时；得分 {earned}/{points}。",
    "{lessons} lessons, about {hours} hours in all; {earned} of {points} points so far.",
)
LAST = Text(
    "上一次检查：{when}，{of} 个任务中的 {judged} 个。所有检查加起来：{earned}/{points} 分。",
    "Last check: {when}, {judged} of {of} tasks. All checks together: {earned} of {points} points.",
)
ASK = Text(
    "重新开始 {lesson} 的实验？命名空间 {namespace} 会被清空，得分会清零；"
    "你的文件会先留一份副本，再换成初始文件。",
    "Begin the lab of {lesson} anew? The namespace {namespace} is emptied and the score is "
    "forgotten. Your files are copied first, then replaced by the first files.",
)
YES = Text("重新开始", "Begin anew")
NO = Text("保持不变", "Keep it")
RESETTING = Text(
    "正在重置，通常不到一分钟……可以先看别的课。",
    "Resetting; usually less than a minute … You may look at other lessons meanwhile.",
)
LOOKING = Text("正在看集群……", "Looking at the cluster …")
WHERE = Text(
    "命令写在终端里：菜单 File → New → Terminal。没有集群时，课文和结果照样可以看。",
    "Type commands in a terminal: menu File → New → Terminal. Without the cluster, lessons can "
    "still be read, and results seen.",
)
UNEXPECTED = Text("出乎意料的错误：{error}", "An unexpected error: {error}")


def state(lesson: Lesson, standing: Standing) -> Text:
    """How far the learner is, in a word or a score."""
    return STATE[standing.state].format(earned=standing.earned, points=lesson.lab.points)
