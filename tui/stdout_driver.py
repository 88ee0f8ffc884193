"""Draws on standard output where standard error goes elsewhere: `captop 2>err.log`.

Textual draws on standard error. This module is loaded only when that is no terminal.
"""

from __future__ import annotations

import io
import sys

from textual.app import App
from textual.drivers.linux_driver import LinuxDriver


class StdoutDriver(LinuxDriver):
    """Textual's driver of POSIX terminals with the screen on standard output."""

    def start_application_mode(self) -> None:
        """Begin to draw, on standard output."""
        screen = sys.__stdout__
        if isinstance(screen, io.TextIOWrapper):
            # As on standard error, a sign that the terminal lacks must not end the program.
            screen.reconfigure(errors="backslashreplace")
            self._file = screen
        super().start_application_mode()


def draw_on_stdout(app: App[None]) -> None:
    """Have an app that does not run yet draw on standard output, if Textual's driver would not."""
    if issubclass(app.driver_class, LinuxDriver):
        app.driver_class = StdoutDriver
