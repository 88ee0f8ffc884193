"""Showing a page in the user's browser, from a program that owns the terminal."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping
from typing import Protocol

PATIENCE_S = 5.0
"""How long the browser may take to be found; it goes on by itself after that."""
_OPEN = "import sys, webbrowser; sys.exit(not webbrowser.open(sys.argv[1]))"
_REMOTE = ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY")
_DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY")


class Browser(Protocol):
    """Whatever shows pages."""

    async def open(self, address: str) -> bool:
        """Show a page; return whether a browser was found for it."""
        ...


def has_display(environ: Mapping[str, str], platform: str) -> bool:
    """Return whether a browser's window would be seen by who sits at this terminal."""
    if any(environ.get(name) for name in _REMOTE):
        return False
    return platform in {"darwin", "win32"} or any(environ.get(name) for name in _DISPLAYS)


class SystemBrowser:
    """The user's own browser, looked for by Python's `webbrowser` in a process of its own.

    What a browser says goes nowhere: the terminal is the program's. So a browser that would
    need the terminal itself finds none, and nothing on the screen's loop waits for it.
    """

    def __init__(
        self, environ: Mapping[str, str] | None = None, platform: str = sys.platform
    ) -> None:
        self._environ = os.environ if environ is None else environ
        self._platform = platform

    async def open(self, address: str) -> bool:
        """Show a page; return whether a browser was found for it."""
        from market.stories import web_address

        if not web_address(address) or not has_display(self._environ, self._platform):
            return False
        quiet = asyncio.subprocess.DEVNULL
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-c", _OPEN, address,
                stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True,
            )  # fmt: skip
        except OSError:
            return False
        try:
            return await asyncio.wait_for(process.wait(), PATIENCE_S) == 0
        except TimeoutError:
            return True
