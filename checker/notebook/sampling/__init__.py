"""What a recording samples in the background: ways to look, and the threads that go on looking."""

from checker.notebook.sampling.desk import Desk, desk_in
from checker.notebook.sampling.sampler import Notes, Sampler
from checker.notebook.sampling.ways import (
    Way,
    cpu,
    load,
    memory,
    moments,
    numbers,
    reads,
    values,
)

__all__ = [
    "Desk",
    "Notes",
    "Sampler",
    "Way",
    "cpu",
    "desk_in",
    "load",
    "memory",
    "moments",
    "numbers",
    "reads",
    "values",
]
