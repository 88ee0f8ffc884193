"""Text for standard output, whatever its encoding can carry."""

from __future__ import annotations

import sys

from widgets.strips import ascii_text


def say(text: str) -> None:
    """Write text; signs that the output's encoding lacks become their ASCII likenesses."""
    encoding = sys.stdout.encoding or "ascii"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        text = ascii_text(text).encode(encoding, "replace").decode(encoding)
    sys.stdout.write(text)
    sys.stdout.flush()
