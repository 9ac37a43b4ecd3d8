"""Reads the source of a lab's checks for the messages they use. Nothing is run.

At run time a check that uses a message its task does not have, or leaves a hole in one, gives
`unknown`. This finds the same before any cluster is there, and messages that nobody uses.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
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


def message_faults(lab: Lab, vocabulary: Iterable[str] = ()) -> list[str]:
    """What is wrong with the messages in the lab's modules, one sentence for each fault.

    `vocabulary` names the messages that a verb of the bench may use without being told to.
    """
    parts = _parts(sorted(lab.folder.glob("*.py")))
    faults: list[str] = []
    for task in lab.tasks:
        nodes = _reached(lab.checks[task.id].function.__name__, parts)
        faults += _faults_of(task, nodes)
        words = {node.value for node in nodes if isinstance(node, ast.Constant)} | set(vocabulary)
        faults += [
            f"{task.id}: message `{name}` is never used"
            for name in sorted(task.own_messages)
            if name not in words
        ]
    return faults


def _parts(files: Iterable[Path]) -> dict[str, list[ast.AST]]:
    """What modules are made of: `name` for what stands at their top, `.name` for a method.

    What has one name is taken together; that finds too much rather than too little.
    """
    found: dict[str, list[ast.AST]] = {}
    for node in (n for f in files for n in ast.parse(f.read_text(encoding="utf-8")).body):
        if isinstance(node, ast.ClassDef):
            for part in node.body:
                found.setdefault(_name_in(node, part), []).append(part)
        elif isinstance(node, ast.FunctionDef):
            found.setdefault(node.name, []).append(node)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Name):
                    found.setdefault(target.id, []).append(node)
    return found


def _name_in(owner: ast.ClassDef, part: ast.stmt) -> str:
    """Fields and special methods are reached with their class, other methods by their name."""
    if isinstance(part, ast.FunctionDef) and not part.name.startswith("__"):
        return f".{part.name}"
    return owner.name


def _reached(start: str, parts: Mapping[str, list[ast.AST]]) -> list[ast.AST]:
    """All nodes of `start` and of the parts that it names, directly or through others."""
    names: set[str] = set()
    nodes: list[ast.AST] = []
    open_ = [start]
    while open_:
        name = open_.pop()
        if name in names:
            continue
        names.add(name)
        for node in (node for part in parts.get(name, ()) for node in ast.walk(part)):
            nodes.append(node)
            if isinstance(node, ast.Name):
                open_.append(node.id)
            elif isinstance(node, ast.Attribute):
                open_.append(f".{node.attr}")
    return nodes


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
