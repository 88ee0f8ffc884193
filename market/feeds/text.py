"""Text from outside, made safe to show: no escape sequences, no control characters."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 500
"""Characters kept of one text; names and messages are far shorter."""

_ESCAPES = re.compile(
    # Control sequences (colours, cursor), strings (titles, links), then whatever is left.
    r"\x1b\[[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c|$)"
    r"|\x9b[0-?]*[ -/]*[@-~]"
    r"|\x1b[ -/]*[0-~]?"
)
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
"""Unicode categories that draw nothing or turn the line around."""


def plain(text: str) -> str:
    """Return a text as one line of visible characters, single-spaced, escape sequences left out.

    Control, bidirectional and other invisible characters go too. Markup is left as it is:
    a bracket is an ordinary character, to be shown and never obeyed.
    """
    bare = _ESCAPES.sub("", text)
    shown = (
        " " if c.isspace() else "" if unicodedata.category(c) in _UNSEEN else c
        for c in bare[: 4 * LONGEST]
    )
    return " ".join("".join(shown).split())[:LONGEST]
