"""Textual's driver of POSIX terminals, for a pane that must not end by what a terminal sends.

It also draws on standard output where standard error goes elsewhere: `captop 2>err.log`.
"""

from __future__ import annotations

import codecs
import io
import os
import selectors
import signal
import sys
from collections.abc import Callable
from functools import partial
from types import SimpleNamespace

from textual.app import App
from textual.drivers import linux_driver
from textual.drivers.linux_driver import LinuxDriver

from tui.last_frame import ENTER, given_over
from tui.output import is_terminal
from tui.patient_input import PatientSelector


def _forgiving(encoding: str) -> Callable[[], codecs.IncrementalDecoder]:
    """Return what makes decoders that pass over bytes they cannot read."""
    return partial(codecs.getincrementaldecoder(encoding), errors="ignore")


class PaneDriver(LinuxDriver):
    """Passes over bytes that are no text, such as those of a paste in another encoding."""

    _selector: PatientSelector | None = None
    """What the thread that reads keys waits with."""

    def write(self, data: str) -> None:
        """Write to the terminal; where the last frame stands, the other screen is there already."""
        if data != ENTER or not given_over():
            super().write(data)

    def run_input_thread(self) -> None:
        """Read keys until the program ends; Textual's own decoder would end it at such a byte."""
        linux_driver.__dict__["getincrementaldecoder"] = _forgiving
        linux_driver.__dict__["selectors"] = SimpleNamespace(
            SelectSelector=self._new_selector, EVENT_READ=selectors.EVENT_READ
        )
        super().run_input_thread()

    def _new_selector(self) -> PatientSelector:
        self._selector = PatientSelector()
        return self._selector

    def disable_input(self) -> None:
        """Read no more keys: at the end, and while the program is stopped."""
        if self._selector is not None:
            self._selector.wake()
        super().disable_input()

    def _sigcont_application(self, *_: object) -> None:
        """Begin to draw again after a stop.

        One by SIGSTOP comes without notice: what was begun before must be ended first, or
        Textual's threads are there twice, and the pane does not end.
        """
        try:
            is_in_front = os.tcgetpgrp(self.fileno) == os.getpgrp()
        except OSError:  # the terminal is gone, and the signal that says so is on its way
            return
        if not is_in_front:
            os.kill(os.getpid(), signal.SIGSTOP)
        elif self._auto_restart:
            if not self._must_signal_resume:
                self.suspend_application_mode()
            self._must_signal_resume = True
            self.resume_application_mode()


class StdoutDriver(PaneDriver):
    """The same with the screen on standard output."""

    def start_application_mode(self) -> None:
        """Begin to draw, on standard output."""
        screen = sys.__stdout__
        if isinstance(screen, io.TextIOWrapper):
            # As on standard error, a sign that the terminal lacks must not end the program.
            screen.reconfigure(errors="backslashreplace")
            self._file = screen
        super().start_application_mode()


def use_pane_driver(app: App[None]) -> None:
    """Have an app that does not run yet use captop's driver, where Textual's is for POSIX."""
    if issubclass(app.driver_class, LinuxDriver):
        app.driver_class = PaneDriver if is_terminal("stderr") else StdoutDriver
