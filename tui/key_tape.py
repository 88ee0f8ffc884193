"""The keys of tapes, and of what happened meanwhile, as lines of the table of keys."""

from __future__ import annotations

from tui.key_line import KeyLine

TAPE: tuple[KeyLine, ...] = (
    KeyLine(
        "tape.back",
        "comma",
        "tape_step(-1)",
        "step back",
        "Back to the step before; from the live market into the tape of this run.",
    ),
    KeyLine(
        "tape.step",
        "full_stop",
        "tape_step(1)",
        "step",
        "On a tape: on to the next step, an answer or what followed from it.",
    ),
    KeyLine(
        "tape.previous_event",
        "less_than_sign",
        "tape_jump(-1)",
        "event before",
        "Back to the event before: a session's edge, a line that turned, an alert.",
    ),
    KeyLine(
        "tape.next_event",
        "greater_than_sign",
        "tape_jump(1)",
        "next event",
        "On a tape: on to the next event.",
    ),
    KeyLine(
        "app.digest",
        "apostrophe",
        "digest",
        "meanwhile",
        "What changed while you were away: index, movers, breadth, stories, alerts, releases.",
    ),
)
"""Those of tapes work while one is played."""
PLAYING: tuple[tuple[tuple[str, ...], str], ...] = (
    (("tape.back", "tape.step"), "step"),
    (("app.live",), "live"),
    (("tape.previous_event", "tape.next_event"), "event"),
    (("app.hold",), "pause"),
    (("app.slower", "app.faster"), "speed"),
)
"""What the footer tells first while a tape is played: lines told as one, and what they do."""
OF_THE_MARKET = frozenset({"app.refresh", "watch.add"})
"""Lines that come to nothing on a tape, since nobody is asked."""
