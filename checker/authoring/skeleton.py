"""The skeleton of a new lesson: a source, manifests and a lab. What is to be written says TODO.

A lesson is these three places and nothing else; no list anywhere names it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from string import Template

from checker.authoring.errors import AuthoringError
from checker.texts import Text

FILES = Path(__file__).with_name("skeleton_files")
NAME = re.compile(r"[0-9]{2}(-[a-z0-9]+)+")
LONGEST = 30
"""`lab-<lesson>-<learner>` names a namespace, which has at most 63 letters."""
LOOPS = (
    Text("第一轮：它能用", "First round: it works"),
    Text("第二轮：故意弄坏", "Second round: break it"),
    Text("第三轮：只改一样", "Third round: change one thing"),
)


def write_skeleton(root: Path, lesson: str) -> list[Path]:
    """Write the files of `lesson` below `root`, and say which. Overwrites nothing.

    Raises AuthoringError for a name of another form, and where a part of the lesson exists.
    """
    if not NAME.fullmatch(lesson) or len(lesson) > LONGEST:
        raise AuthoringError(
            f"{lesson!r} is no lesson's name. Write NN-topic in small letters, such as 10-jobs, "
            f"with at most {LONGEST} letters."
        )
    texts = dict(_texts(root, lesson))
    for path in (
        root / "notebooks" / "source" / f"{lesson}.py",
        root / "manifests" / lesson,
        root / "labs" / lesson,
    ):
        if path.exists():
            raise AuthoringError(f"{path} exists. Remove it, or take another name.")
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return list(texts)


def _texts(root: Path, lesson: str) -> Iterator[tuple[Path, str]]:
    loops = [
        _fill("loop.py.txt", lesson=lesson, turn=turn, zh=title.zh, en=title.en).strip()
        for turn, title in enumerate(LOOPS, 1)
    ]
    yield (
        root / "notebooks" / "source" / f"{lesson}.py",
        _fill(
            "source.py.txt",
            lesson=lesson,
            loops="\n\n".join(loops),
            starter=_fill("lab/starter/web.yaml").strip(),
            solution=_fill("lab/solution/web.yaml").strip(),
        ),
    )
    for part, folder in (("manifests", "manifests"), ("lab", "labs")):
        for file in sorted(path for path in (FILES / part).rglob("*") if path.is_file()):
            name = file.relative_to(FILES / part).as_posix().removesuffix(".txt")
            yield root / folder / lesson / name, _fill(f"{file.relative_to(FILES)}", lesson=lesson)


def _fill(name: str, **values: object) -> str:
    return Template((FILES / name).read_text(encoding="utf-8")).substitute(values)
