"""The alerts' file: read at the start, and again whenever somebody has changed it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from market.alerts.alert import Alert
from market.alerts.written import alerts_of
from market.instruments import Cast
from market.rules.written import Writing


class AlertBook:
    """Knows the alerts as they are written now."""

    def __init__(self, path: Path | None, writing: Writing, cast: Cast) -> None:
        """Read a file, which need not exist; without one only `use` brings alerts."""
        self.alerts: tuple[Alert, ...] = ()
        self.faults: tuple[str, ...] = ()
        self._path = path
        self._writing = writing
        self._cast = cast
        self._watched: tuple[str, ...] = ()
        self._stamp: tuple[int, int] | None = None
        """When the file was written and how long it was, as it was read last."""
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
        stamp = _stamp(self._path)
        if self._path is None or stamp == self._stamp:
            return False
        self._stamp = stamp
        if stamp is None:
            return self.use("")
        try:
            return self.use(self._path.read_text(encoding="utf-8-sig"))
        except (OSError, UnicodeDecodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
            before, self.faults = self.faults, (f"{self._path} cannot be read: {why}",)
            return self.faults != before


def _stamp(path: Path | None) -> tuple[int, int] | None:
    """When a file was written, and its length; None where there is none."""
    try:
        found = path.stat() if path is not None else None
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_size) if found is not None else None
