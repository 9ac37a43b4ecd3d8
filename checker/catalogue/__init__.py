"""labs/ read and validated: Lab, Task, Check, Message, and the cases of each lab."""

from checker.catalogue.cases import Case, Expected, cases, solution, starter
from checker.catalogue.errors import CatalogueError
from checker.catalogue.lab import Check, Given, Lab, Task, UnknownTask, check, given
from checker.catalogue.loader import (
    UnknownLab,
    common_messages,
    find_lab,
    lab_names,
    load_lab,
    read_lab,
)
from checker.catalogue.sealed import seal, seal_reveals, unseal
from checker.catalogue.yamlfile import read_mapping

__all__ = [
    "Case",
    "CatalogueError",
    "Check",
    "Expected",
    "Given",
    "Lab",
    "Task",
    "UnknownLab",
    "UnknownTask",
    "cases",
    "check",
    "common_messages",
    "find_lab",
    "given",
    "lab_names",
    "load_lab",
    "read_lab",
    "read_mapping",
    "seal",
    "seal_reveals",
    "solution",
    "starter",
    "unseal",
]
