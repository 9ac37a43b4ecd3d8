"""What the site says beside the lessons, in both languages. Plain data."""

from __future__ import annotations

from collections.abc import Mapping

from checker.texts import Lang, Text

TAG: Mapping[Lang, str] = {"zh": "zh-CN", "en": "en"}
"""What HTML calls a language; browsers choose the form of Chinese letters by it."""
OWN_NAME: Mapping[Lang, str] = {"zh": "中文", "en": "English"}

COURSE = Text("生产环境中的 Pod 和容器", "Pods and containers in production")
ABOUT = Text(
    "一门 Jupyter 课程，讲 `kubectl apply` 之后容器身上会发生什么。这里可以从头读到尾：代码、输出、"
    "图都来自一次真实的运行。要自己动手，下载课程，运行 `make lab`。",
    "A Jupyter course about what happens to containers after `kubectl apply`. Here it can be read "
    "from beginning to end; code, output and pictures come from a real run. To do it yourself, "
    "download the course and run `make lab`.",
)
LESSONS = Text("课程目录", "Lessons")
MINUTES = Text("约 {minutes} 分钟", "about {minutes} minutes")
CONTENTS = Text("本课内容", "In this lesson")
SKIP = Text("跳到正文", "Skip to the text")
LANGUAGE = Text("语言", "Language")
AROUND = Text("上一课和下一课", "Previous and next lesson")
PREVIOUS = Text("上一课", "Previous")
NEXT = Text("下一课", "Next")
PARTS: Mapping[str, Text] = {
    "code": Text("代码", "Code"),
    "output": Text("输出", "Output"),
    "picture": Text("图", "Picture"),
}
"""What the parts of an article are called for who cannot see them."""
LICENCE = Text(
    "课文：CC BY 4.0。代码：Apache-2.0。",
    "Text of the lessons: CC BY 4.0. Code: Apache-2.0.",
)
