"""The recipes in `images/*/recipe.yaml`: how to make an image, and what it promises."""

from __future__ import annotations

from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from checker.environment.gobuild import Program
from checker.paths import course_root
from checker.texts import Text
from checker.trouble import Trouble


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Path_(_Strict):
    """What stands at a path in the image."""

    type: str
    owner: str = "0:0"
    mode: str | None = None


class Contract(_Strict):
    """What the official image promises and the one built here keeps."""

    user: str
    entrypoint: list[str]
    cmd: list[str]
    stop_signal: str
    working_dir: str
    ports: list[str]
    ids: dict[str, str]
    paths: dict[str, Path_]
    logs: str


class GoSource(_Strict):
    """A program that Go builds on the machine before the image is built."""

    module: str
    commands: list[str]
    tags: list[str] = []
    stamps: list[str] = []


class Recipe(_Strict):
    """One application image."""

    image: str
    version: list[str]
    pullable: bool = True
    go: GoSource | None = None
    contract: Contract
    folder: Path

    @property
    def name(self) -> str:
        """The recipe's folder: a word for people."""
        return self.folder.name

    @property
    def program(self) -> Program | None:
        """What Go has to build for it."""
        if self.go is None:
            return None
        return Program(
            name=self.name,
            module=self.folder / self.go.module,
            packages=tuple(self.go.commands),
            tags=tuple(self.go.tags),
            stamps=tuple(self.go.stamps),
        )


def read_recipes(folder: Path | None = None) -> list[Recipe]:
    """All recipes, by name. Raises Trouble with the file and the field that is wrong."""
    files = sorted((folder or course_root() / "images").glob("*/recipe.yaml"))
    return [_read(file) for file in files]


def _read(file: Path) -> Recipe:
    try:
        return Recipe(**yaml.safe_load(file.read_text()), folder=file.parent)
    except (ValidationError, TypeError, yaml.YAMLError) as wrong:
        raise Trouble(
            Text(f"镜像配方 {file} 写得不对。", f"The image recipe {file} is not right."),
            Text("改正下面说的字段。", "Mend the field named here."),
            str(wrong),
        ) from None
