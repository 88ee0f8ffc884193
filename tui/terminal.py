"""The terminal's name, as the environment gives it, made such that Textual can draw on it."""

from __future__ import annotations

from collections.abc import MutableMapping

NAMELESS = frozenset({"dumb", "unknown"})
"""Names of terminals of which nothing is known."""
PLAIN_TERM = "xterm"


FRAMES_A_SECOND = "120"
"""Textual draws on a grid of frames: a key pressed just after a paint is shown 8 ms later, not 17.
Frames without changes cost nothing."""


def with_short_frames(environ: MutableMapping[str, str]) -> None:
    """Let Textual draw up to 120 times a second, unless the user has said otherwise."""
    environ.setdefault("TEXTUAL_FPS", FRAMES_A_SECOND)


def corrected_term(environ: MutableMapping[str, str]) -> None:
    """Take a terminal without a name for a plain one without colours.

    For a dumb terminal Rich says 80x25 whatever its size, and an app that hears two sizes lays
    itself out for ever. Whoever starts captop there has a screen that can be drawn on: a
    log or an editor's buffer is told apart by not being a terminal at all.
    """
    if environ.get("TERM", "").lower() in NAMELESS:
        environ["TERM"] = PLAIN_TERM
        environ.setdefault("NO_COLOR", "1")
        environ.pop("COLORTERM", None)
