"""`bench.apply`, `bench.delete`, `bench.refused_by_api`: objects of the check's own (controls).

They are labelled, undone in any case, and never take the place of an object of the learner.
"""

from __future__ import annotations

from typing import Any

import yaml

from checker.cluster import API_ERRORS, Answer, Meaning, Step, meaning
from checker.observe.base import looking
from checker.observe.images import renamed_form
from checker.observe.objects import GetObjects
from checker.observe.outcome import CouldNotLook
from checker.observe.verdicts import refusal
from checker.texts import Text

LABEL = "podlab/control"
ACCEPTED = Text("API 服务器接受 {object}", "the API server accepts {object}")
TAKEN = Text(
    "工作区里已经有一个 {object}，它不是检查程序建的。",
    "The workspace already has a {object} that is not the checker's.",
)
RENAME = Text("给你的对象换个名字，再检查一次。", "Give your object another name and check again.")


class Control(GetObjects):
    """Making and taking away objects of the check's own."""

    def apply(self, manifest: str | dict[str, Any]) -> Any:
        """Make a control object in the workspace; it goes away with the check.

        Refusal `refused-manifest` (object, detail) when the API server says no: a quota or a
        LimitRange of the learner, say. CouldNotLook when the name is taken by another object.
        """
        form, thing = labelled(manifest)
        kind, name = form["kind"], form["metadata"]["name"]
        self._not_the_learners(kind, name)
        with looking():
            self.journal.write(Step.delete(kind, name))
        try:
            with looking():
                return self.objects.apply(form)
        except API_ERRORS as error:
            detail = meaning(error).message
            wanted = ACCEPTED.format(object=thing)
            raise refusal(
                "refused-manifest",
                wanted,
                detail,
                "kubectl get events",
                object=thing,
                detail=detail,
            ) from error

    def delete(self, kind: str, name: str) -> None:
        """Take a control object away before the end of the check. One that is gone is no error.

        CouldNotLook for an object that is not a control.
        """
        self._not_the_learners(kind, name)
        try:
            with looking():
                self.objects.delete(kind, name, grace=1)
        except API_ERRORS as error:
            if meaning(error).meaning is not Meaning.absent:
                raise

    def refused_by_api(self, manifest: str | dict[str, Any]) -> Answer | None:
        """Ask without doing it (dry run): the API server's refusal, or None for a yes."""
        form, _ = labelled(manifest)
        try:
            with looking():
                self.objects.apply(form, dry_run=True)
        except API_ERRORS as error:
            return meaning(error)
        return None

    def _not_the_learners(self, kind: str, name: str) -> None:
        there = self.find(kind, name)
        if there is not None and LABEL not in (there.metadata.labels or {}):
            raise CouldNotLook(TAKEN.format(object=f"{kind} {name}"), RENAME)


def labelled(manifest: str | dict[str, Any]) -> tuple[dict[str, Any], str]:
    """The manifest with the label of a control object, and the words `Kind name`."""
    form = renamed_form(yaml.safe_load(manifest) if isinstance(manifest, str) else manifest)
    meta = form["metadata"]
    meta["labels"] = {**(meta.get("labels") or {}), LABEL: "true"}
    return form, f"{form['kind']} {meta['name']}"
