"""`podlab author`: notebooks from sources, the lint of sources, the skeleton of a lesson."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from nbformat import NotebookNode

from checker.authoring.book import build_book
from checker.authoring.course import Course
from checker.authoring.errors import AuthoringError
from checker.authoring.glossary import read_glossary
from checker.authoring.lint import lint_course
from checker.authoring.outputs import clean_outputs, unseen_pictures
from checker.authoring.run import CELL_SECONDS, run
from checker.authoring.skeleton import write_skeleton
from checker.cli.ends import end_in_words
from checker.notebook.timeline.redraw import redraw
from checker.paths import course_root
from checker.texts import LANGUAGES, Lang
from checker.trouble import NOT_SO, USAGE

author = typer.Typer(
    name="author",
    help="For authors of lessons. 供课程作者使用。",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

Lessons = Annotated[
    list[str] | None,
    typer.Argument(help="Such as 01-storage; all without it.", metavar="[LESSON]…"),
]


@author.command("build")
def build(
    lessons: Lessons = None,
    run_: Annotated[
        bool, typer.Option("--run", help="Run on the cluster, store what it prints.")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; end with 1 where the build differs.")
    ] = False,
    solved: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Build with solutions, into DIR, for CI.")
    ] = None,
    draw: Annotated[
        bool, typer.Option("--draw", help="Draw stored timelines anew; run nothing.")
    ] = False,
    lang: Annotated[
        str | None, typer.Option("--only", metavar="zh|en", help="One language.")
    ] = None,
    cell_seconds: Annotated[int, typer.Option(help="With --run: limit of a cell.")] = CELL_SECONDS,
) -> None:
    """Build notebooks/zh and notebooks/en from notebooks/source. 由源文件生成 notebook。

    Outputs of cells that did not change are kept; --run makes new ones.

    Example: podlab author build 01-storage --run
    """
    if run_ + check + draw + (solved is not None) > 1:
        _end("--run, --check, --draw and --solved are different things; give one.", USAGE)
    languages = _languages(lang)
    course = _course()
    try:
        if check:
            _check(course, lessons)
        elif solved is not None:
            for source in course.sources(lessons):
                for each in languages:
                    print(course.write_solved(source, each, solved))
        else:
            _build(course, lessons, languages, cell_seconds if run_ else None, draw)
    except AuthoringError as error:
        _end(str(error), NOT_SO)


@author.command("lint")
def lint(lessons: Lessons = None) -> None:
    """Hold sources and labs to the house rules; each problem comes with its cure. 检查源文件。

    Example: podlab author lint 01-storage
    """
    course = _course()
    try:
        glossary = read_glossary(course.folder / "glossary.yaml")
        sources = course.sources(lessons)
        problems = lint_course(sources, course.root, glossary)
    except AuthoringError as error:
        _end(str(error), NOT_SO)
    for problem in problems:
        print(problem)
    if problems:
        _end(f"{len(problems)} problems in {len(sources)} lessons", NOT_SO)
    print(f"{len(sources)} lessons keep the rules")


@author.command("book")
def book() -> None:
    """Make the course a static site in build/book, to read without Jupyter. 生成静态网站。

    Example: podlab author book
    """
    course = _course()
    try:
        print(build_book(course, course.root / "build" / "book"))
    except AuthoringError as error:
        _end(str(error), NOT_SO)


@author.command("new-lesson")
def new_lesson(
    lesson: Annotated[str, typer.Argument(help="NN-topic, such as 10-jobs.", metavar="NN-TOPIC")],
) -> None:
    """Write the skeleton of a lesson: source, manifests, lab. 生成一课的骨架。

    Example: podlab author new-lesson 10-jobs
    """
    try:
        written = write_skeleton(course_root(), lesson)
    except AuthoringError as error:
        _end(str(error), NOT_SO)
    for path in written:
        print(path)
    print(f"Next: fill in each TODO; podlab author lint {lesson} names them.")


def _build(
    course: Course,
    lessons: list[str] | None,
    languages: list[Lang],
    cell_seconds: int | None,
    draw: bool,
) -> None:
    for source in course.sources(lessons):
        for lang in languages:
            notebook = course.rebuild(source, lang)
            if cell_seconds is not None:
                # Cells and folder must be there before the kernel starts in it.
                course.write(source, lang, notebook)
                run(notebook, source, lang, course.folder / lang, cell_seconds)
                clean_outputs(notebook, course.patterns(), course.root)
            if draw:
                redraw(notebook, lang)
            print(course.write(source, lang, notebook))
            if draw or cell_seconds is not None:
                _seen_by_all(source.lesson, notebook)
    for path in course.remove_orphans():
        print(f"{path} removed, its source is gone")


def _seen_by_all(lesson: str, notebook: NotebookNode) -> None:
    if missing := unseen_pictures(notebook):
        _end(
            f"{lesson}: {missing} pictures have no PNG, for want of a font with Chinese letters. "
            "Install one (Debian: apt-get install fonts-noto-cjk), "
            f"then: podlab author build --draw {lesson}",
            NOT_SO,
        )


def _check(course: Course, lessons: list[str] | None) -> None:
    course.patterns()
    found = [*course.differences(lessons), *course.leaks(lessons)]
    for line in found:
        print(line)
    if found:
        _end(f"{len(found)} differences", NOT_SO)
    print(f"{len(course.sources(lessons))} lessons: notebooks are what their sources build")


def _languages(lang: str | None) -> list[Lang]:
    chosen = [each for each in LANGUAGES if lang in (None, each)]
    if not chosen:
        _end(f"--only is zh or en, not {lang}", USAGE)
    return chosen


def _course() -> Course:
    return Course(course_root() / "notebooks")


def _end(words: str, code: int) -> NoReturn:
    typer.echo(words, err=True)
    raise typer.Exit(code)


if __name__ == "__main__":
    end_in_words(author, sys.argv[1:])
