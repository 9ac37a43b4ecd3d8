"""Sentences for the person at the notebook, and errors that are sentences, too.

A traceback of ours tells a learner nothing, so these errors show their words only.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

from checker.texts import Lang, Text, language
from checker.trouble import Trouble, refused

Args = ParamSpec("Args")
Result = TypeVar("Result")


def here() -> Lang:
    """The notebook's language: its kernel works in the folder `zh` or `en`."""
    return language(Path.cwd())


def say(sentence: Text) -> None:
    """Print a sentence in the notebook's language."""
    print(sentence.pick(here()), flush=True)


class PlainError(Trouble):
    """The cell did not do what it should. IPython shows the words, without a traceback."""

    def __str__(self) -> str:
        return self.render(here())

    def _render_traceback_(self) -> list[str]:
        return str(self).splitlines()


class UsageError(PlainError):
    """The cell cannot be understood as it is written."""


class NotReadyError(PlainError):
    """Something must be there first: a lesson, a cluster."""


class CommandError(PlainError):
    """A command failed, or was to fail and did not."""


class ManifestError(PlainError):
    """A manifest was not sent, or the cluster did not take it."""


class ExpectationError(PlainError):
    """PODLAB_EXPECT says what a check must find, and it found something else."""


INTERRUPTED = Text("你中断了单元格。", "You interrupted the cell.")
AGAIN = Text("准备好了就再运行一次。", "Run the cell again when you are ready.")


def plainly(
    function: Callable[Args, Result], interrupted: Text = INTERRUPTED
) -> Callable[Args, Result]:
    """Let a lower room's Trouble, a refusal of the system, an interruption reach him as words."""

    @functools.wraps(function)
    def wrapper(*args: Args.args, **kwargs: Args.kwargs) -> Result:
        try:
            return function(*args, **kwargs)
        except PlainError:
            raise
        except KeyboardInterrupt:  # IPython would show our inner workings; and it is no success
            raise PlainError(interrupted, AGAIN) from None
        except Trouble as trouble:
            raise _plain(trouble) from None
        except OSError as error:
            raise _plain(refused(error)) from None

    return wrapper


def _plain(trouble: Trouble) -> PlainError:
    return PlainError(trouble.what, trouble.todo, trouble.detail, trouble.code)
