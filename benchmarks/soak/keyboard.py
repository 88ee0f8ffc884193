"""Keys as somebody would press them who does not look."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from random import Random

from tui.key_table import KEYS

ESCAPE = "\x1b"
_SENT = {
    "enter": "\r", "escape": ESCAPE, "tab": "\t", "shift+tab": "\x1b[Z", "up": "\x1b[A",
    "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D", "pagedown": "\x1b[6~",
    "pageup": "\x1b[5~", "home": "\x1b[H", "end": "\x1b[F", "slash": "/", "question_mark": "?",
    "colon": ":", "exclamation_mark": "!", "backspace": "\x7f", "left_curly_bracket": "{",
    "right_curly_bracket": "}",
}  # fmt: skip
_LEFT_ALONE = frozenset(
    {
        "app.quit", "app.interrupt", "app.suspend",  # they end it
        "app.demo", "app.live", "app.hold",  # what is shown then is not the market of now
        "app.faster", "app.slower",  # it would be asked in another rhythm from then on
    }
)  # fmt: skip


def random_key(random: Random) -> str:
    """Return what a terminal sends for any key that captop knows."""
    return random.choice(_keys())


@cache
def _keys() -> tuple[str, ...]:
    return tuple(_known())


def _known() -> Iterator[str]:
    for line in KEYS:
        if line.id not in _LEFT_ALONE:
            for name in line.keys.split(","):
                if name in _SENT or len(name) == 1:
                    yield _SENT.get(name, name)
