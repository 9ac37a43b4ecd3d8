"""What the cells of a lesson call: shell and manifest magics, checks, predictions, pictures.

`%load_ext checker.notebook` puts the names into the notebook and prints nothing.
"""

from __future__ import annotations

from IPython.core.interactiveshell import InteractiveShell

__all__ = ["load_ipython_extension"]


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Called by IPython: one session for this kernel, its names and its magics."""
    # Not at the top: the welcome page is shown as soon as its kernel starts, and what draws a
    # lesson's pictures takes longer to load than all that the page needs.
    from checker.notebook.magics import CourseMagics
    from checker.notebook.names import Names
    from checker.notebook.session import Session

    session = Session()
    shell.push(Names(session).given())  # type: ignore[no-untyped-call]
    CourseMagics(session).register(shell)
