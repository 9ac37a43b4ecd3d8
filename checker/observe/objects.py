"""`bench.get`, `bench.find`, `bench.list`: objects of the workspace by kind and name."""

from __future__ import annotations

from typing import Any

from checker.cluster import API_ERRORS, Meaning, meaning
from checker.observe.base import Base, looking
from checker.observe.verdicts import refusal
from checker.texts import Text

THERE = Text("{object} 存在", "{object} is there")


class GetObjects(Base):
    """Reading objects. They come as models of the kubernetes library."""

    def get(self, kind: str, name: str) -> Any:
        """The object. Where there is none: the Refusal `no-object`; it will not come by itself."""
        found = self.find(kind, name)
        if found is None:
            thing = f"{kind} {name}"
            raise refusal(
                "no-object",
                THERE.format(object=thing),
                command=f"kubectl get {kind.lower()}",
                settles=0,
                object=thing,
                kind=kind,
                name=name,
            )
        return found

    def find(self, kind: str, name: str) -> Any | None:
        """The object, or None where there is none."""
        try:
            with looking():
                return self.objects.read(kind, name)
        except API_ERRORS as error:
            if meaning(error).meaning is Meaning.absent:
                return None
            raise

    def list(self, kind: str, selector: str | dict[str, str] = "") -> list[Any]:
        """All objects of a kind that a label selector finds, or all there are."""
        with looking():
            return self.objects.list(kind, as_selector(selector))


def as_selector(labels: str | dict[str, str]) -> str:
    """A label selector as the API takes it."""
    if isinstance(labels, str):
        return labels
    return ",".join(f"{key}={value}" for key, value in labels.items())
