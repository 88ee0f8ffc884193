"""The terminal as captop left it, shown at the next start before anything is loaded.

What the eye waits for is the interpreter alone: nothing but what it has loaded itself is imported
here, and not even the place of the cache folder is looked up as elsewhere, which takes longer than
all the rest. A frame is shown only in a terminal of its size, with the settings and variables it
was kept under; it says when it is of, and the pane takes its place in the same screen.
"""

from __future__ import annotations

import os
import sys
import time
import zlib
from contextlib import suppress

FRAME_FILE = "frame"
MAGIC = b"captop-frame-1"
AGE_PLACE = b"{age:--------}"
"""Stands in a kept frame where its age is to be, which takes as many cells."""
ENTER, LEAVE = "\x1b[?1049h", "\x1b[?1049l\x1b[?25h"
"""Begin and end the terminal's other screen."""
_LOOKS = ("CAPTOP_", "TEXTUAL_", "LC_", "LANG", "TERM", "COLORTERM", "NO_COLOR", "COLUMNS", "LINES")
"""How the names of variables begin that change how a screen looks."""
_SAID = sorted(
    f"{name}={said}"
    for name, said in os.environ.items()
    if name.startswith(_LOOKS) and not name.startswith("CAPTOP_FEEDS__")
)
"""As the program was started with: it sets some itself later."""
_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"))

_state = {"stands": False}


def cache_folder() -> str:
    """Return the user's cache folder for captop; empty on systems where that is not plain."""
    home = os.path.expanduser("~")  # noqa: PTH111 - pathlib takes as long as the interpreter
    if sys.platform == "darwin":
        return f"{home}/Library/Caches/captop"
    if sys.platform == "win32":
        return ""
    return f"{os.environ.get('XDG_CACHE_HOME', '').strip() or home + '/.cache'}/captop"


def _settings_file() -> str:
    home = os.path.expanduser("~")  # noqa: PTH111
    if sys.platform == "darwin":
        folder = f"{home}/Library/Application Support"
    else:
        folder = os.environ.get("XDG_CONFIG_HOME", "").strip() or f"{home}/.config"
    return os.environ.get("CAPTOP_CONFIG") or f"{folder}/captop/captop.toml"


def surroundings(columns: int, rows: int) -> int:
    """Return a checksum of what a frame depends on: size, variables, the settings file's state."""
    try:
        file = os.stat(_settings_file())  # noqa: PTH116
        state = f"{file.st_mtime_ns} {file.st_size}"
    except OSError:
        state = "none"
    return zlib.crc32("\n".join((f"{columns}x{rows}", state, *_SAID)).encode(errors="replace"))


def packed(frame: bytes, columns: int, rows: int, kept_at: float) -> bytes:
    """Return a frame as it is kept, with what it depends on.

    Args:
        frame: What draws it: text, colours and moves of the cursor, with `AGE_PLACE` once.
        columns: Cells across.
        rows: Cells down.
        kept_at: Seconds since 1970.
    """
    head = b"%s %d %d %d\n" % (MAGIC, surroundings(columns, rows), kept_at, zlib.crc32(frame))
    return head + frame


def unpacked(kept: bytes, columns: int, rows: int, now: float) -> bytes:
    """Return what draws a kept frame with its age; nothing if it is not of this terminal."""
    head, _, frame = kept.partition(b"\n")
    try:
        magic, around, kept_at, check = head.split(b" ")
        is_whole = magic == MAGIC and int(check) == zlib.crc32(frame)
        if not is_whole or int(around) != surroundings(columns, rows) or int(kept_at) > now:
            return b""
    except ValueError:
        return b""
    told = _age(now - int(kept_at)).encode().ljust(len(AGE_PLACE))
    return frame.replace(AGE_PLACE, told, 1)


def _age(seconds: float) -> str:
    for length, unit in _UNITS:
        if seconds >= length:
            return f"{int(seconds // length)} {unit} ago"
    return "just now"


def show() -> None:
    """Show the kept frame if there is one of this terminal."""
    with suppress(OSError, ValueError):
        if not all(os.isatty(stream) for stream in (0, 1)):
            return
        size = os.get_terminal_size(1)
        path = f"{cache_folder()}/{FRAME_FILE}"
        with open(path, "rb") as file:  # noqa: PTH123
            frame = unpacked(file.read(), size.columns, size.lines, time.time())
        if frame:
            _state["stands"] = True
            os.write(1, ENTER.encode() + b"\x1b[?25l" + frame)


def given_over() -> bool:
    """Leave the other screen to the pane; whether there is one to be left."""
    stood, _state["stands"] = _state["stands"], False
    return stood


def take_away() -> None:
    """Give the terminal back as it was, unless the pane has taken over."""
    if given_over():
        with suppress(OSError):
            os.write(1, LEAVE.encode())
