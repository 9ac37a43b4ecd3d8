"""Reads the source of checks.py for the messages it uses. Nothing is run.

At run time a check that uses a message its task does not have, or leaves a hole in one, gives
`unknown`. This finds the same before any cluster is there, and messages that nobody uses.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

from checker.catalogue.lab import Lab, Task
from checker.catalogue.schema import placeholders

# The verbs that take a message's id, the keyword it has there, and what they fill in themselves.
_VERBS: Mapping[str, tuple[str, frozenset[str]]] = {
    "failed": ("message", frozenset({"found"})),
    "passed": ("message", frozenset()),
    "converge": ("failing", frozenset({"found", "seconds", "waiting_for"})),
    "hold": ("failing", frozenset({"found", "after", "what"})),
}


def message_faults(lab: Lab) -> list[str]:
    """What is wrong with the messages in the lab's checks.py, one sentence for each fault."""
    functions = _functions(lab.folder / "checks.py")
    faults: list[str] = []
    for task in lab.tasks:
        reached = _reached(lab.checks[task.id].function.__name__, functions)
        nodes = [node for name in reached for node in ast.walk(functions[name])]
        faults += _faults_of(task, nodes)
        words = {node.value for node in nodes if isinstance(node, ast.Constant)}
        faults += [
            f"{task.id}: message `{name}` is never used"
            for name in sorted(task.own_messages)
            if name not in words
        ]
    return faults


def _functions(file: Path) -> dict[str, ast.AST]:
    """The functions, classes and named values at the top of a module, by name."""
    found: dict[str, ast.AST] = {}
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found[node.name] = node
        elif isinstance(node, ast.Assign):
            found |= {to.id: node for to in node.targets if isinstance(to, ast.Name)}
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found[node.target.id] = node
    return found


def _reached(start: str, functions: Mapping[str, ast.AST]) -> list[str]:
    """`start` and all that it names, directly or through others."""
    reached: list[str] = []
    open_ = [start]
    while open_:
        name = open_.pop()
        if name in functions and name not in reached:
            reached.append(name)
            nodes = ast.walk(functions[name])
            open_ += [node.id for node in nodes if isinstance(node, ast.Name)]
    return reached


def _faults_of(task: Task, nodes: list[ast.AST]) -> Iterator[str]:
    for call in nodes:
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
            continue
        verb = call.func.attr
        if verb not in _VERBS or (name := _message(call, verb)) is None:
            continue
        where = f"{task.id}: line {call.lineno}"
        if name not in task.messages:
            yield f"{where}: the task has no message `{name}`"
        elif holes := _holes(task, name, call, _VERBS[verb][1]):
            yield f"{where}: message `{name}` gets no {', '.join(holes)}"


def _message(call: ast.Call, verb: str) -> str | None:
    """The message's id where it stands in the call itself, else None."""
    given = [word.value for word in call.keywords if word.arg == _VERBS[verb][0]]
    if verb == "failed":
        given += call.args[:1]
    named = next((each for each in given if isinstance(each, ast.Constant)), None)
    return named.value if named and isinstance(named.value, str) else None


def _holes(task: Task, name: str, call: ast.Call, filled: frozenset[str]) -> list[str]:
    words = {word.arg for word in call.keywords}
    if None in words:  # **more: only running it tells
        return []
    return sorted(placeholders(task.messages[name].en) - words - filled)
