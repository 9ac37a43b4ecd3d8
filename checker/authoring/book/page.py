"""What a page of the site is about: one lesson in one language. Renders nothing."""

from __future__ import annotations

from dataclasses import dataclass

from nbformat import NotebookNode

from checker.authoring.course import LESSON, Course
from checker.authoring.errors import AuthoringError
from checker.authoring.files import read_notebook
from checker.catalogue import read_mapping
from checker.texts import Lang


class BookError(AuthoringError):
    """A course that cannot be made into a site; says what is missing and the cure."""


@dataclass(frozen=True)
class Page:
    """A lesson in one language. `story` is the paragraph below its title, in Markdown."""

    lesson: str
    lang: Lang
    title: str
    story: str
    minutes: int
    notebook: NotebookNode

    @property
    def file(self) -> str:
        """Its name in the folder of its language; the same in each language."""
        return f"{self.lesson}.html"


def pages(course: Course, lang: Lang) -> tuple[Page, ...]:
    """All lessons of a language, in order. Raises BookError, or SourceError without sources."""
    lessons = (source.lesson for source in course.sources())
    return tuple(_page(course, lang, lesson) for lesson in lessons if LESSON.fullmatch(lesson))


def _page(course: Course, lang: Lang, lesson: str) -> Page:
    path = course.built(lang, lesson)
    if not path.exists():
        raise BookError(f"{path} is missing. Run: podlab author build {lesson}")
    notebook = read_notebook(path)
    title, story = _beginning(notebook)
    if not title:
        raise BookError(f"{path} does not begin with a title. Begin its source with `# …`")
    lab = read_mapping(course.root / "labs" / lesson / "lab.yaml")
    return Page(lesson, lang, title, story, int(lab["minutes"]), notebook)


def _beginning(notebook: NotebookNode) -> tuple[str, str]:
    """The title, and the first paragraph below it."""
    first = notebook.cells[0] if notebook.cells else None
    if first is None or first.cell_type != "markdown":
        return "", ""
    blocks = [block.strip() for block in first.source.split("\n\n")]
    title = blocks[0].removeprefix("# ") if blocks[0].startswith("# ") else ""
    return title, blocks[1] if len(blocks) > 1 else ""
