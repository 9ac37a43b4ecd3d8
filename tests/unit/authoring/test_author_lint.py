"""Each rule of the source lint refuses what it was made for, and a good lesson passes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from toy_lesson import EXERCISE, FACT, GOOD, PAIR

from checker.authoring.errors import AuthoringError
from checker.authoring.glossary import Glossary, read_glossary
from checker.authoring.lint import lint_lab, lint_source
from checker.authoring.lint_minutes import lint_minutes
from checker.authoring.source import read_source
from checker.catalogue import CatalogueError

Spoiled = Callable[[str, str], set[str]]
Rules = Callable[[str], set[str]]


def test_a_good_lesson_has_no_problem(rules: Rules) -> None:
    assert rules(GOOD) == set()


@pytest.mark.parametrize(
    ("rule", "old", "new"),
    [
        # code
        ("shell", FACT, "# %%\n# !kubectl get pods\n"),
        ("shell", FACT, "# %%\nx = !kubectl get pods\n"),
        ("shell", FACT, "# %%\n!!ls\n"),
        ("shell", FACT, "# %%\n%%bash\nls\n"),
        ("shell", FACT, '# %% language="bash"\n# ls\n'),
        ("shell", FACT, "# %%\n# %%sh\nls\n"),
        ("shell", FACT, "# %%\n# %sx ls\n"),
        ("comment", FACT, FACT + "# see the name\n"),
        ("comment", FACT, FACT + "check()  # see the name\n"),
        ("comment", FACT, "# %%\n# %%shell\nls\n# 看名字\n"),
        ("comment", FACT, FACT + "# NBVAL_SKIP\n"),
        ("length", FACT, "# %%\n# %%shell\n" + "ls\n" * 6),
        ("tag", '"exercise"', '"exercize"'),
        ("tag", '["solution"]', '["solution", "raises-exception"]'),
        ("tag", FACT, FACT.replace("# %%", '# %% tags=["raises-exception"]', 1)),
        ("skip", FACT, FACT.replace("# %%", '# %% tags=["nbval-skip"]', 1)),
        ("skip", FACT, FACT.replace("# %%", '# %% tags=["skip-execution"]', 1)),
        ("exercise", '# %% tags=["solution"]', "# %%"),
        ("lang", FACT, FACT.replace("# %%", '# %% lang="en"', 1)),
        ("facts", FACT, ""),
        ("facts", FACT, FACT.replace("# %%", '# %% tags=["nbval-ignore-output"]', 1)),
        # pairs
        ("lang", ' lang="zh"', ""),
        ("lang", 'lang="zh"', 'lang="de"'),
        ("pair", 'lang="zh"', 'lang="en"'),
        (
            "pair",
            PAIR,
            PAIR.replace('\n# %% [markdown] lang="en"', f'\n{FACT}\n# %% [markdown] lang="en"'),
        ),
        ("headings", "# ## 1. The first", "# # 1. The first"),
        ("headings", "# ## 1. 第一个 Pod", "# 1. 第一个 Pod"),
        ("spans", "at `ready`", "at `Ready`"),
        ("spans", "at `ready`", "at ready"),
        ("numbers", "# 30 seconds", "# 31 seconds"),
        ("numbers", "30 秒", "三十秒"),
        ("links", "https://kubernetes.io/docs/x/#y", "https://kubernetes.io/docs/z/#y"),
        # Chinese
        ("break", "# - 第一点", "# 第一点，\n# 第二点"),
        ("break", "# - 第一点", "# 第一\n# 第二点"),
        ("spacing", "第一个 Pod", "第一个Pod"),
        ("spacing", "第一个 Pod", "第一个  Pod"),
        ("spacing", "看 `ready`", "看`ready`"),
        ("spacing", "等 30 秒", "等 30秒"),
        ("spacing", "，等", "， 等"),
        ("spacing", "`ready`，", "`ready` ，"),
        ("spacing", "就绪探针（", "就绪探针 （"),
        ("spacing", "第一个 Pod", "第一个**Pod**"),
        ("punctuation", "，等", ", 等"),
        ("punctuation", "秒。", "秒."),
        ("punctuation", "第一点", "第一点:"),
        ("punctuation", "（readiness probe）", "(readiness probe)"),
        ("you", "第一点", "请您看"),
        ("bold", "第一点", "**先猜。**再看"),
        ("bold", "第一点", "**先**看，**再猜。**看"),
        # English
        ("word", "point one", "just wait"),
        ("word", "point one", "Simply wait"),
        ("word", "point one", "this is easy"),
        ("punctuation", "point one", "point one，"),
        ("punctuation", "point one", "point 一"),
        # words and leftovers
        ("glossary", "第一点", "准备探针"),
        ("glossary", "第一点", "秘密"),
        ("gloss", "（readiness probe）", ""),
        ("todo", "point one", "TODO: point one"),
    ],
)
def test_a_fault_is_refused_by_its_rule(spoiled: Spoiled, rule: str, old: str, new: str) -> None:
    assert rule in spoiled(old, new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (FACT, FACT + "# %shell kubectl wait --for=condition=Ready pod/web\n"),
        (FACT, '# %%\nprint("a # b")\n'),
        (FACT, "# %%\n# %%shell\nls  # ?\n"),
        (FACT, '# %% tags=["long-cell"]\n# %%shell\n' + "ls\n" * 9),
        (FACT, FACT + '\n# %% tags=["nbval-skip", "skip-execution"]\nlong()\n'),
        (EXERCISE, EXERCISE + "spec: 1\n" * 9),
        ("# - 第二点", "# - 第二点 10:30，`a:b(c)`，`a`、`b`\n# - 第三点"),
        ("# - 第二点", "# - 见 <https://x.org/a(b):c> 与“引号”"),
        (
            "# - 第二点",
            "# - （第二点）\n# > 第三点\n#\n# | 甲 | （乙） |\n# |---|---|\n# 1. （丙）",
        ),
        ("point one", "an easygoing justice"),
        ("# - 第二点", "# - **先猜**。再看，**再想**。**想完。**\n# - 第三点"),
    ],
)
def test_what_only_looks_like_a_fault_is_left_alone(spoiled: Spoiled, old: str, new: str) -> None:
    assert spoiled(old, new) <= {"spans", "links", "numbers"}


def test_the_two_languages_may_name_a_span_more_often_than_the_other(spoiled: Spoiled) -> None:
    assert spoiled("第一点", "再看 `ready`") == set()


def test_a_fenced_block_must_be_the_same_in_both_languages(spoiled: Spoiled) -> None:
    assert "spans" in spoiled("# - 第一点", "# ```yaml\n# kind: Pod\n# ```")


@pytest.mark.parametrize(
    ("minutes", "zh", "en", "wrong"),
    [
        (25, "大约 25 分钟。", "About 25\n# minutes.", set()),
        (25, "大约 20 分钟。", "About 20 minutes.", {"zh", "en"}),
        (25, "大约 25 分钟。", "Some 25 minutes.", {"en"}),
        (5, "大约 25 分钟。", "About 25 minutes.", {"zh", "en"}),
    ],
)
def test_a_lesson_says_at_its_top_the_minutes_that_its_lab_has(
    tmp_path: Path, minutes: int, zh: str, en: str, wrong: set[str]
) -> None:
    head = f'# %% [markdown] lang="zh"\n# {zh}\n\n# %% [markdown] lang="en"\n# {en}\n\n'
    path = tmp_path / "01-toy.py"
    path.write_text(head + GOOD, encoding="utf-8")
    lab_yaml = tmp_path / "lab.yaml"
    lab_yaml.write_text(f"minutes: {minutes}\n", encoding="utf-8")
    found = list(lint_minutes(read_source(path), lab_yaml))
    assert {problem.fault.split()[4] for problem in found} == wrong
    assert {problem.rule for problem in found} <= {"minutes"}


def test_a_page_beside_the_lessons_needs_one_fact_and_not_eight(
    tmp_path: Path, glossary: Glossary
) -> None:
    path = tmp_path / "page.py"
    ignored = FACT.replace("# %%", '# %% tags=["nbval-ignore-output"]', 1)
    for fact, broken in ((FACT, set()), (ignored, {"facts"})):
        path.write_text(f"{PAIR}\n{fact}", encoding="utf-8")
        assert {problem.rule for problem in lint_source(read_source(path), glossary)} == broken


def test_a_problem_names_file_line_and_cure(tmp_path: Path, glossary: Glossary) -> None:
    path = tmp_path / "01-toy.py"
    path.write_text(GOOD.replace(FACT, "# %%\n# !ls\n", 1), encoding="utf-8")
    (problem,) = (p for p in lint_source(read_source(path), glossary) if p.rule == "shell")
    assert str(problem).startswith(f"{path}:{PAIR.count(chr(10)) + 2}: ")
    assert "%shell" in problem.cure


def test_every_problem_carries_a_cure(rules: Rules, tmp_path: Path, glossary: Glossary) -> None:
    path = tmp_path / "02-bad.py"
    path.write_text("# %%\n# !ls\n\n# %% [markdown]\n# 您just\n", encoding="utf-8")
    found = lint_source(read_source(path), glossary)
    assert found
    assert all(problem.cure for problem in found)


def test_text_before_the_first_cell_is_refused_not_lost(tmp_path: Path) -> None:
    path = tmp_path / "01-toy.py"
    path.write_text("import os\n\n" + GOOD, encoding="utf-8")
    with pytest.raises(AuthoringError, match="Begin every cell"):
        read_source(path)


@pytest.mark.parametrize("text", ["- {en: a}", "- {en: a, zh: b, nerver: [c]}", "a: b", ""])
def test_a_glossary_with_a_wrong_form_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "glossary.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(AuthoringError, match="glossary"):
        read_glossary(path)


def test_the_texts_of_a_lab_are_held_to_the_same_rules(tmp_path: Path, glossary: Glossary) -> None:
    path = tmp_path / "lab.yaml"
    path.write_text(
        "tasks:\n- title: {zh: 看Pod, en: just `x`}\n- title: {zh: 看 Pod, en: Look at the Pod}\n",
        encoding="utf-8",
    )
    assert {p.rule for p in lint_lab(path, glossary)} == {"spacing", "word", "spans"}


def test_lab_yaml_that_is_no_yaml_is_told_with_its_line(tmp_path: Path, glossary: Glossary) -> None:
    path = tmp_path / "lab.yaml"
    path.write_text("lesson: 01-toy\ntitle: Delete the Pod: a new one comes\n", encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"lab.yaml: line 2: mapping values are not allowed"):
        lint_lab(path, glossary)
