"""What the cells of a lesson call: shell and manifest magics, checks, predictions, pictures.

`%load_ext checker.notebook` puts the names into the notebook and prints nothing.
"""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

from IPython.core.interactiveshell import InteractiveShell

if TYPE_CHECKING:
    from checker.notebook.session import Session

__all__ = ["load_ipython_extension"]


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Called by IPython: one session for this kernel, its names and its magics."""
    # Not at the top: the welcome page is shown as soon as its kernel starts, and what draws a
    # lesson's pictures takes longer to load than all that the page needs.
    from checker.notebook.magics import CourseMagics
    from checker.notebook.names import Names
    from checker.notebook.plain import here

    os.environ["PODLAB_LANG"] = here()  # stays when a cell changes the folder
    session = _session(shell)
    shell.push(Names(session).given())  # type: ignore[no-untyped-call]
    CourseMagics(session).register(shell)


@cache  # A lesson's first cell loads it again after `startup`, and no session is left listening.
def _session(shell: InteractiveShell) -> Session:
    from checker.notebook.lesson import carry_on
    from checker.notebook.session import Session

    return Session(carry_on=carry_on)
