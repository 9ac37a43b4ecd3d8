"""How a command ends when it does not end well: in words, with an exit code, nothing running."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from types import FrameType
from typing import NoReturn

import typer

from checker.environment.run import Interrupted, stop_all
from checker.texts import Text, language
from checker.trouble import Trouble, refused

INTERRUPTED = 130  # what shells say of a program that Ctrl-C ended


def end_in_words(app: typer.Typer, words: Sequence[str]) -> None:
    """Run `app` with these words. Errors become plain sentences; other programs are ended."""
    signal.signal(signal.SIGTERM, _as_interrupt)
    try:
        app(args=list(words), standalone_mode=True)
    except Trouble as trouble:
        stop_all()
        print(trouble.render(language()), file=sys.stderr)
        sys.exit(trouble.code)
    except (KeyboardInterrupt, Interrupted):
        _stopped()
    except SystemExit as ended:
        # Typer turns Ctrl-C into this code, without a word.
        if ended.code == INTERRUPTED:
            _stopped()
        raise
    except OSError as broken:
        stop_all()
        told = refused(broken)
        print(told.render(language()), file=sys.stderr)
        sys.exit(told.code)


def _stopped() -> NoReturn:
    stop_all()
    words = Text(
        "已停下。做好的部分会保留；再运行同一条命令就会接着做。",
        "Stopped. What is finished is kept; run the same command again to go on.",
    )
    print("\n" + words.pick(language()), file=sys.stderr)
    sys.exit(INTERRUPTED)


def _as_interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
