"""What the terminal itself does when an alert is told: its bell, and a notification of its own."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Literal

from market.quotes import Phase
from market.snapshot import Mode, Snapshot
from widgets.strips import plain

if TYPE_CHECKING:
    from market.alerts.board import AlertBoard
    from market.alerts.events import AlertEvent
    from tui.settings import AlertSettings

Osc = Literal["off", "9", "777"]
_BELL, _ESC = "\a", "\x1b"


class AlertSignals:
    """Knows what it has told of one engine after another."""

    def __init__(
        self,
        settings: AlertSettings,
        write: Callable[[str], None],
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        """Signal by the settings.

        Args:
            settings: Which signals are wanted.
            write: Writes to the terminal, past what is drawn.
            environ: Knows whether tmux stands in between.
        """
        self._settings = settings
        self._write = write
        self._in_tmux = bool(environ.get("TMUX"))
        self._source: object = None
        self._told = 0

    def look(self, source: object, snapshot: Snapshot) -> None:
        """Signal what is new since the last look.

        Args:
            source: The engine: of another one only what happens from now on is told.
            snapshot: Its newest picture.
        """
        board = snapshot.alerts
        if source is not self._source:
            self._source, self._told = source, board.told if board is not None else 0
        if board is None or board.told == self._told:
            return
        from market.alerts.news import news_of

        news = () if snapshot.mode is Mode.REPLAY else news_of(board, self._told)
        for event in news:
            self._signal(event, board, snapshot)
        self._told = board.told

    def _signal(self, event: AlertEvent, board: AlertBoard, snapshot: Snapshot) -> None:
        from market.alerts.alert import Channel
        from market.alerts.couriers import headline
        from market.alerts.news import is_wanted

        rings = self._settings.bell and snapshot.session.phase is Phase.REGULAR
        if rings and is_wanted(event, board, Channel.BELL):
            self._write(_BELL)
        is_live = snapshot.mode is Mode.LIVE
        if is_live and is_wanted(event, board, Channel.OSC):
            words = notification(self._settings.osc, headline(event), event.text)
            if words:
                self._write(through_tmux(words) if self._in_tmux else words)


def notification(kind: Osc, title: str, text: str) -> str:
    """Return the escape sequence that asks a terminal for a notification; empty for none."""
    title, text = plain(title, 80), plain(text, 120)
    if kind == "9":
        return f"{_ESC}]9;{title}: {text}{_BELL}" if text else f"{_ESC}]9;{title}{_BELL}"
    if kind == "777":
        return f"{_ESC}]777;notify;{title.replace(';', ',')};{text}{_BELL}"
    return ""


def through_tmux(sequence: str) -> str:
    """Return a sequence that tmux hands on, where it is set to (`allow-passthrough on`)."""
    return f"{_ESC}Ptmux;{sequence.replace(_ESC, _ESC + _ESC)}{_ESC}\\"
