"""What the user does to the alerts from the screen, each with the sentence that says so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.alert_file import Draft
    from tui.markets import Market


class Alerting:
    """Sets alerts and takes them out: in the user's file, in the demo in a copy never saved."""

    def __init__(
        self, path: Path, market: Callable[[], Market], is_demo: Callable[[], bool]
    ) -> None:
        """Edit a file, which need not exist.

        Args:
            path: The file.
            market: The engine that is shown.
            is_demo: Whether that is a simulated market.
        """
        self._path = path
        self._market = market
        self._is_demo = is_demo
        self._unsaved: str | None = None
        """The alerts of the demo, once one was set there."""

    def add(self, draft: Draft) -> str:
        """Set an alert."""
        from tui.alert_file import with_alert

        return self._edited(lambda text: with_alert(text, draft)[0], "alert set; A shows all")

    def remove(self, table: str) -> str:
        """Take an alert out."""
        from tui.alert_file import without_alert

        return self._edited(lambda text: without_alert(text, table), f"alert {table} taken out")

    def _edited(self, edit: Callable[[str], str], done: str) -> str:
        try:
            text = edit(self._text())
            if not self._is_demo():
                self._write(text)
        except OSError as error:
            return f"{self._path} cannot be written: {error.strerror}; nothing was changed"
        except ValueError as error:  # TOML's own errors are among them
            return f"{self._path} cannot be edited: {error}; nothing was changed"
        if self._is_demo():
            self._unsaved = text
            done = f"{done} (demo: not saved)"
        self._market().use_alerts(text)
        return done

    def _text(self) -> str:
        if self._is_demo() and self._unsaved is not None:
            return self._unsaved
        try:
            return self._path.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            return ""

    def _write(self, text: str) -> None:
        from tui.whole_file import replace_file

        replace_file(self._path.resolve(), text.encode(), lasts=True)
