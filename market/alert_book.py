"""The alerts' file: read at the start, and again whenever somebody has changed it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from market.alerts.alert import Alert
from market.alerts.written import alerts_of
from market.instruments import Cast
from market.rules.written import Writing
from market.watched_file import WatchedFile


class AlertBook:
    """Knows the alerts as they are written now."""

    def __init__(self, path: Path | None, writing: Writing, cast: Cast) -> None:
        """Read a file, which need not exist; without one only `use` brings alerts."""
        self.alerts: tuple[Alert, ...] = ()
        self.faults: tuple[str, ...] = ()
        self._path = path
        self._file = WatchedFile(path) if path is not None else None
        self._writing = writing
        self._cast = cast
        self._watched: tuple[str, ...] = ()
        self._text = ""

    def use(self, text: str) -> bool:
        """Take alerts from a text, whatever the file says; return whether any is another.

        A text that cannot be read leaves them as they were: somebody may be writing it.
        """
        self._text = text
        before = self.alerts, self.faults
        try:
            self.alerts, faults = alerts_of(text, self._writing, self._cast, self._watched)
            place = f"{self._path.name}: " if self._path is not None else ""
            self.faults = tuple(place + fault for fault in faults)
        except ValueError as error:
            self.faults = (f"the alerts stay as they were: {self._path or 'the text'}: {error}",)
        return (self.alerts, self.faults) != before

    def watch(self, symbols: Iterable[str]) -> bool:
        """Take the watchlists' symbols; return whether an alert is another for that."""
        watched = tuple(dict.fromkeys(symbols))
        if watched == self._watched:
            return False
        self._watched = watched
        return self.use(self._text)

    def look(self) -> bool:
        """Read the file if it was changed; return whether any alert is another."""
        try:
            text = self._file.news() if self._file is not None else None
        except ValueError as error:
            before, self.faults = self.faults, (str(error),)
            return self.faults != before
        return text is not None and self.use(text)
