"""The recipes in `images/*/recipe.yaml`: how to make an image, and what it promises."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from checker.environment.gobuild import Program
from checker.paths import images_dir
from checker.texts import Text
from checker.trouble import Trouble

Ids = Annotated[str, Field(pattern=r"^\d+:\d+$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Place(_Strict):
    """What stands at a path in the image; `owner` as `uid:gid`, `mode` in octal."""

    type: Literal["dir", "file", "link"]
    owner: Ids = "0:0"
    mode: str | None = Field(default=None, pattern="^[0-7]{3,4}$")
    target: str | None = None  # of a link


class Service(_Strict):
    """What the container does when it is run without arguments."""

    ready: str = Field(min_length=1)  # a regular expression for a line of its log
    log: Literal["stdout", "stderr"]
    exit_code: int = 0  # after the stop signal, within the grace period


class Contract(_Strict):
    """What the official image promises and the one built here keeps."""

    user: str
    entrypoint: list[str]
    cmd: list[str]
    stop_signal: str = Field(pattern="^SIG[A-Z]+$")
    working_dir: str = Field(pattern="^/")
    ports: list[str]
    volumes: list[str]
    ids: dict[str, Ids]
    paths: dict[str, Place] = Field(min_length=1)
    programs: list[str] = Field(min_length=1)  # found on PATH
    service: Service | None  # None for an image of tools
    # Where the image that is built here is not like the official one, in words.
    differs: list[str]


class GoSource(_Strict):
    """A program that Go builds on the machine before the image is built."""

    module: str
    commands: list[str]
    tags: list[str] = []
    stamps: list[str] = []


class Recipe(_Strict):
    """One application image."""

    image: str = Field(pattern=r"^docker\.io/[a-z-]+/[a-z-]+:\d+(\.\d+)*$")
    version: list[str] = Field(min_length=1)
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
    files = sorted((folder or images_dir()).glob("*/recipe.yaml"))
    return [_read(file) for file in files]


def _read(file: Path) -> Recipe:
    try:
        return Recipe(**yaml.safe_load(file.read_text(encoding="utf-8")), folder=file.parent)
    except (ValidationError, TypeError, yaml.YAMLError) as wrong:
        raise Trouble(
            Text(f"镜像配方 {file} 写得不对。", f"The image recipe {file} is not right."),
            Text("改正下面说的字段。", "Correct the field named here."),
            str(wrong),
        ) from None
