"""A small course to test with: one lab of three tasks, with its cases. No cluster is needed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

LAB_YAML = """
lesson: 01-toy
minutes: 20
title: {zh: 玩具实验, en: A toy lab}
tasks:
  - id: ping
    title: {zh: 有应答, en: It answers}
    text: {zh: 让 Service redis 应答。, en: Make the Service redis answer.}
    points: 20
    deadline: 60
    hints:
      - {zh: 谁在应答, en: Who answers}
      - {zh: 看标签。, en: Look at the labels.}
      - {zh: Service 按标签找 Pod。, en: A Service finds its Pods by label.}
    messages:
      silent: {zh: "{service} 没有应答。", en: "{service} does not answer."}
  - id: keep
    title: {zh: 数据还在, en: The data stays}
    text: {zh: 重启之后数据还在。, en: The data is there after a restart.}
    points: 30
    needs: [ping]
    deadline: 90
    hints: [{zh: 看数据写在哪里。, en: See where the data is written.}]
    messages:
      gone: {zh: 数据不见了。, en: The data is gone.}
  - id: apart
    title: {zh: 另一件事, en: Another thing}
    text: {zh: 另一件事也对。, en: Another thing is right too.}
    points: 50
    deadline: 30
    hints: [{zh: 想一想。, en: Think.}]
    messages:
      wrong: {zh: 不对。, en: It is not so.}
"""

CHECKS_PY = """
from checker.catalogue import check


@check("ping")
def ping(bench):
    return bench.play("ping")


@check("keep")
def keep(bench):
    return bench.play("keep")


@check("apart")
def apart(bench):
    return bench.play("apart")
"""

FILES = {
    "lab.yaml": LAB_YAML,
    "checks.py": CHECKS_PY,
    "starter/redis.yaml": "kind: Pod # to do\n",
    "solution/redis.yaml": "kind: Pod # right\n",
    "solution/service.yaml": "kind: Service # right\n",
    "variants/other-way/case.yaml": "remove: [service.yaml]\n",
    "variants/other-way/both.yaml": "kind: List\n",
    "near_misses/wrong-label/case.yaml": "{task: ping, verdict: failed, message: silent}\n",
    "near_misses/wrong-label/service.yaml": "kind: Service # wrong\n",
}


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """The folder of a course with the one lab `01-toy`."""
    root = tmp_path / "course"
    for name, text in FILES.items():
        file = root / "labs" / "01-toy" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text.lstrip(), encoding="utf-8")
    return root


@pytest.fixture
def lab_folder(course: Path) -> Path:
    """The folder of `01-toy`."""
    return course / "labs" / "01-toy"


@pytest.fixture
def edit(lab_folder: Path) -> Callable[[str, str, str], None]:
    """`edit(file, old, new)` changes one place in a file of the lab; it must be there."""

    def change(name: str, old: str, new: str) -> None:
        file = lab_folder / name
        text = file.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {name}"
        file.write_text(text.replace(old, new, 1), encoding="utf-8")

    return change
