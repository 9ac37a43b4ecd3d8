"""What may stand in lab.yaml, case.yaml and messages.yaml. Knows the form, not the meaning.

Every key is known or refused: a typo must never switch a check off.
"""

from __future__ import annotations

import string
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from checker.catalogue.errors import CatalogueError, known_keys
from checker.texts import Text

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


def placeholders(sentence: str) -> set[str]:
    """The names in braces in `sentence`. Raises ValueError where braces do not match."""
    names = {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}
    if odd := sorted(name for name in names if not name.isidentifier()):
        raise ValueError(f"a placeholder must be a name, not {odd}; write {{{{ and }}}} for braces")
    return names


class Form(BaseModel):
    """A mapping with known keys only."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class TextForm(Form):
    """A sentence in both languages; neither may be empty."""

    zh: Words
    en: Words

    def text(self) -> Text:
        """The sentence as the rest of the course uses it."""
        return Text(zh=self.zh, en=self.en)


class MessageForm(TextForm):
    """A sentence with `{placeholders}`, the same ones in both languages."""

    @model_validator(mode="after")
    def _same_placeholders(self) -> MessageForm:
        zh, en = placeholders(self.zh), placeholders(self.en)
        if zh != en:
            raise ValueError(f"placeholders differ: zh has {sorted(zh)}, en has {sorted(en)}")
        return self


def _unlike(ids: list[str]) -> list[str]:
    if len(set(ids)) != len(ids):
        raise ValueError("an entry stands twice")
    return ids


class TaskForm(Form):
    """One task of lab.yaml. `deadline` is in seconds, for the whole check.

    `parallel`: its check may run beside others so marked; it then touches no object of theirs.
    `looks_only`: its check leaves everything as it is (checker/cluster/looking.py says what that
    means). `reads_files`: it judges files of the learner's work folder.
    `exclusive`: in the gates its cases run with nothing beside them. `imposed_wait`: seconds that
    Kubernetes and the given programs themselves let the solution wait; a bench compares.
    """

    id: Id
    title: TextForm
    text: TextForm
    points: Annotated[int, Field(gt=0)]
    needs: Annotated[list[Id], AfterValidator(_unlike)] = []
    parallel: bool = False
    looks_only: bool = False
    reads_files: bool = False
    exclusive: bool = False
    imposed_wait: Annotated[float, Field(ge=0)] = 0
    deadline: Annotated[int, Field(gt=0, le=900)]
    hints: Annotated[list[TextForm], Field(min_length=1)]
    messages: Annotated[dict[Id, MessageForm], Field(min_length=1)]


class LabForm(Form):
    """lab.yaml. `minutes` is what the whole lesson takes, its lab among it."""

    lesson: Annotated[str, StringConstraints(pattern=r"^[0-9]{2}(-[a-z0-9]+)+$")]
    minutes: Annotated[int, Field(gt=0, le=600)]
    title: TextForm
    tasks: Annotated[list[TaskForm], Field(min_length=1)]


class CaseForm(Form):
    """case.yaml. `applies: false` says that the cluster must refuse one of the manifests."""

    task: Id | None = None
    verdict: Literal["passed", "failed", "unknown"] | None = None
    message: Id | None = None
    remove: Annotated[list[str], AfterValidator(_unlike)] = []
    applies: bool = True


F = TypeVar("F", bound=Form)


def parse(form: type[F], data: dict[str, Any], file: Path) -> F:
    """`data` in its form. Raises CatalogueError with the file, the field and what is wrong."""
    try:
        return form.model_validate(data)
    except ValidationError as error:
        # A typo gives two errors, a missing key and an unknown one; the unknown one is the cure.
        first = min(error.errors(), key=lambda each: each["type"] != "extra_forbidden")
        raise CatalogueError(file, *_explain(form, first["loc"], first)) from error


def _explain(form: type[Form], loc: tuple[int | str, ...], error: Any) -> tuple[str, str]:
    field = ".".join(str(step) for step in loc)
    if error["type"] == "extra_forbidden":
        known = _form_at(form, loc[:-1]).model_fields
        return field, f"is not known; {known_keys(str(loc[-1]), known)}"
    return field, str(error["msg"])


def _form_at(form: type[Form], loc: tuple[int | str, ...]) -> type[Form]:
    """The form that holds the field at `loc`: follows keys, steps over list places and map keys."""
    for step in loc:
        found = form.model_fields.get(str(step)) if isinstance(step, str) else None
        if found:
            form = _form_in(found.annotation) or form
    return form


def _form_in(annotation: Any) -> type[Form] | None:
    if isinstance(annotation, type) and issubclass(annotation, Form):
        return annotation
    return next(filter(None, map(_form_in, getattr(annotation, "__args__", ()))), None)
