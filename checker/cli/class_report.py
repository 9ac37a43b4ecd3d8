"""The command that shows the results of a class."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from checker.classroom.results import latest, read_run, results_dir
from checker.cli.screen import say
from checker.model import ClassRun
from checker.report import (
    PAGE,
    render_canvas,
    render_class_junit,
    render_class_page,
    render_feedback,
    render_moodle,
    render_nbgrader,
    render_results,
)
from checker.texts import LANGUAGES, Lang, Text, language
from checker.trouble import USAGE, Trouble


def report(
    run: Annotated[
        Path | None,
        typer.Argument(metavar="[RUN]", help="Its file; the last one without it. 评分的文件。"),
    ] = None,
    since: Annotated[
        Path | None,
        typer.Option(metavar="RUN", help="To compare with; the one before. 和哪一次相比。"),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where to; beside the run. 写到哪里。")
    ] = None,
) -> None:
    """Write a run's results as a page, tables and files for gradebooks. 把成绩做成网页和表格。

    In the folder: report.zh.html and report.en.html, results.csv, nbgrader.csv, moodle.csv,
    canvas.csv, junit.xml, and in feedback/ each learner's own results in his language.

    Example: podlab class report
    """
    lang = language()
    path, whole = (run, read_run(run)) if run else _last()
    before = read_run(since) if since else _before(path, whole)
    folder = out or path.with_suffix("")
    _write(folder, _pages(whole, before, path, lang))
    say(WRITTEN.format(folder=folder, page=folder / PAGE.format(lang=lang)), lang)
    if empty := sum(1 for pupil, lab in whole.head.pairs() if not _final(whole, pupil, lab)):
        say(EMPTY.format(count=empty), lang)


def _pages(run: ClassRun, before: ClassRun | None, path: Path, lang: Lang) -> dict[str, str]:
    pages = {
        PAGE.format(lang=each): render_class_page(run, each, str(path), before)
        for each in LANGUAGES
    }
    feedback = {f"feedback/{p.id}.txt": render_feedback(run, p) for p in run.head.pupils}
    return (
        pages
        | feedback
        | {
            "results.csv": render_results(run, lang, before),
            "nbgrader.csv": render_nbgrader(run),
            "moodle.csv": render_moodle(run),
            "canvas.csv": render_canvas(run),
            "junit.xml": render_class_junit(run, lang),
        }
    )


def _last() -> tuple[Path, ClassRun]:
    for found in latest(results_dir()):
        return found
    raise Trouble(NO_RUN.format(folder=results_dir()), GRADE_FIRST, code=USAGE)


def _before(path: Path, run: ClassRun) -> ClassRun | None:
    """The last run before this one in the same folder that knows one of its learners and labs."""
    for _, earlier in latest(path.parent):
        known = earlier.reports.keys() & run.reports.keys()
        if known and earlier.head.started_at < run.head.started_at:
            return earlier
    return None


def _final(run: ClassRun, pupil: str, lab: str) -> bool:
    report = run.reports.get((pupil, lab))
    return report is not None and not report.undecided


def _write(folder: Path, pages: dict[str, str]) -> None:
    try:
        for name, text in pages.items():
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            # Line ends stand as they are: CSV has its own.
            file.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        name, why = error.filename, error.strerror
        raise Trouble(
            Text(f"写不了 {name}：{why}。", f"{name} cannot be written: {why}."),
            Text("用 --out 指定另一个文件夹。", "Name another folder with --out."),
            code=USAGE,
        ) from error


WRITTEN = Text(
    "网页：{page}\n表格和其余文件都在 {folder}", "The page: {page}\nTables and all else: {folder}"
)
EMPTY = Text(
    "有 {count} 份成绩还没有定（没评完，或者没能检查），在给 gradebook 的表格里空着。",
    "{count} scores are not final (not graded, or not wholly checked); tables for gradebooks "
    "leave them empty.",
)
NO_RUN = Text("{folder} 里还没有成绩。", "There are no results in {folder} yet.")
GRADE_FIRST = Text(
    "先评分：podlab class grade --roster class.csv；或者写出成绩文件的名字。",
    "Grade first: podlab class grade --roster class.csv; or name the file of a run.",
)
