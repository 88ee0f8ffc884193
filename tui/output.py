"""Text for standard output and standard error, whatever they can carry and whether they work.

`captop status` must answer at once: what few outputs need is loaded when they do.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import TextIO, cast

LONGEST_COMPLAINT = 4000
OK, LACKING, WRONG, UNWRITTEN, INTERRUPTED = 0, 1, 2, 3, 130
"""What programs end with: all well; something or all of it could not be had; wrong usage, settings
or files; the output could not be written; interrupted."""


class OutputError(Exception):
    """Standard output cannot be written: one sentence."""


def stream_named(name: str) -> TextIO | None:
    """Return a standard stream of `sys` by name; None if the program was started without it."""
    return cast("TextIO | None", getattr(sys, name))


def is_terminal(name: str) -> bool:
    """Return whether a standard stream is there and is a terminal."""
    stream = stream_named(name)
    return stream is not None and stream.isatty()


def say(text: str) -> None:
    """Write text to standard output; signs that its encoding lacks become their ASCII likenesses.

    Raises:
        OutputError: It is closed, or the disk behind it is full.
        BrokenPipeError: The reader of the pipe went away.
    """
    stream = stream_named("stdout")
    if stream is None:
        raise OutputError("standard output is closed, so there is nowhere to print to.")
    try:
        stream.write(_carried(text, stream))
        stream.flush()
    except BrokenPipeError:
        raise
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise OutputError(
            f"the output could not be written: {reason[:1].lower()}{reason[1:]}; print elsewhere."
        ) from error


def complain(sentence: str) -> None:
    """Write a sentence to standard error, as well as that can be."""
    stream = stream_named("stderr")
    if stream is None:
        return
    from widgets.strips import plain

    text = f"captop: {plain(sentence, LONGEST_COMPLAINT)}\n"
    with suppress(OSError, ValueError):
        stream.write(_carried(text, stream))
        stream.flush()


class Complaints:
    """Complains of each sentence of one engine once."""

    def __init__(self) -> None:
        self._made = 0

    def make(self, notices: Sequence[str]) -> None:
        """Complain of what has come since the last call.

        Args:
            notices: All sentences of the engine, oldest first.
        """
        for sentence in notices[self._made :]:
            complain(sentence)
        self._made = len(notices)


def _carried(text: str, stream: TextIO) -> str:
    encoding = stream.encoding or "ascii"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        from widgets.strips import ascii_text

        return ascii_text(text).encode(encoding, "replace").decode(encoding)
    return text


def abandon() -> None:
    """Let what is left in standard output go nowhere: Python would fail on it at its end."""
    stream = stream_named("stdout")
    with suppress(OSError, ValueError):
        if stream is not None:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
