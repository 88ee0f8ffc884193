"""What outlives the process: the last good picture of the market, in one SQLite file.

A picture is written in one transaction, so a program killed at any moment leaves the one
before or the one after, never half of one. Only rows that changed are written.
"""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from market.health import FeedHealth
from market.history_file import (
    TROUBLES,
    HistoryFile,
    Trouble,
    is_damage,
    opened,
    transaction,
    unusable,
)
from market.history_rows import (
    BARS,
    DETAILS,
    FEEDS,
    FETCHED,
    META,
    QUOTES,
    READINGS,
    STATES,
    TABLES,
    DamagedRowError,
    KeptReadings,
    Table,
    key_named,
)
from market.instruments import Cast
from market.sessions import session_state
from market.snapshot import Mode, Snapshot

KEPT_DAYS = 30
"""Data that nobody asked for in so many days before the last picture are forgotten."""

LOST = "the last picture"
"""What is not kept without the file."""

Rows = dict[str, dict[str, Any]]
"""Per table, values by row name."""


class HistoryError(Exception):
    """The history's one exception: one sentence for a person."""


class History:
    """The store of one cache file. Safe to use from several threads and processes."""

    def __init__(self, path: Path, mode: Mode, file: HistoryFile) -> None:
        self.path = path
        self.notice = file.notice
        """What should be said once about the file, or nothing."""
        self.damaged_rows = 0
        """Rows that the last `load` had to leave out."""
        self._mode = mode
        self._file = file
        self._lock = threading.Lock()
        self._written: Rows = _no_rows()
        self._forgotten: list[tuple[str, str]] = []
        """(part, name) of rows to delete."""

    @staticmethod
    def open(path: Path, mode: Mode = Mode.LIVE) -> History:
        """Open the cache file, or begin one; HistoryError if that is impossible.

        A file that is damaged or not captop's is moved aside to `<name>.damaged`; one that a
        newer captop wrote is left alone: nothing is read from it and nothing written.
        """
        try:
            return History(path, mode, opened(path))
        except TROUBLES as error:
            raise _unusable(path, error) from error

    def load(self, now: datetime, cast: Cast) -> Snapshot | None:
        """Return the last good picture seen at `now`, or None if there is none of this mode."""
        if self._file.is_newer:
            return None
        with self._lock:
            try:
                return self._loaded(now, cast)
            except TROUBLES as error:
                raise _unusable(self.path, error) from error

    def save(self, snapshot: Snapshot) -> None:
        """Write what changed since the last save; HistoryError if the disk refuses."""
        if snapshot.mode is not self._mode:
            text = f"{self.path} keeps {self._mode} data and takes no {snapshot.mode} data"
            raise HistoryError(text)
        if self._file.is_newer:
            return
        with self._lock:
            try:
                self._save(snapshot)
            except TROUBLES as error:
                raise _unusable(self.path, error) from error

    def close(self) -> None:
        """Close the file. Closing twice is no error."""
        with self._lock:
            self._file.close()

    def _loaded(self, now: datetime, cast: Cast) -> Snapshot | None:
        rows = self._rows()
        mode, written_at = rows[META.name].get("picture", (None, now))
        if mode is not self._mode:
            return None
        self._forget_the_old(rows, written_at, cast)
        return _picture(rows, now, cast)

    def _rows(self) -> Rows:
        """Return all rows that can be read; begin the file again if its structure is broken."""
        rows, faults = _no_rows(), list[Trouble]()
        self.damaged_rows = 0
        with _noted(faults), transaction(self._file.connection, "DEFERRED"):
            for table in TABLES:
                with _noted(faults):
                    rows[table.name].update(self._values(table))
        if faults:
            self._begin_again()
        else:
            self._written = {name: dict(part) for name, part in rows.items()}
        return rows

    def _values(self, table: Table) -> Iterator[tuple[str, Any]]:
        query = "SELECT name, packed, checksum FROM rows WHERE part = ?"
        is_by_key = table.name in {BARS.name, FETCHED.name}
        for name, packed, checksum in self._file.connection.execute(query, (table.name,)):
            try:
                value = table.unpacked(name, packed, checksum)
                if is_by_key:
                    key_named(name)
            except DamagedRowError:
                self.damaged_rows += 1
            else:
                yield name, value

    def _forget_the_old(self, rows: Rows, written_at: datetime, cast: Cast) -> None:
        """Leave out what nobody asked for lately; the next save deletes it from the file."""
        oldest = written_at - timedelta(days=KEPT_DAYS)
        fetched: Mapping[str, datetime] = rows[FETCHED.name]
        gone = {name for name, at in fetched.items() if at < oldest}
        alive = {key_named(name).symbol for name in fetched.keys() - gone}
        lost = {key_named(name).symbol for name in gone} - alive
        slugs = {cast[symbol].slug for symbol in lost}
        for table, names in (
            (BARS, gone),
            (FETCHED, gone),
            (QUOTES, lost),
            (DETAILS, lost),
            (READINGS, slugs),
        ):
            for name in names & rows[table.name].keys():
                del rows[table.name][name]
                self._forgotten.append((table.name, name))

    def _save(self, snapshot: Snapshot) -> None:
        try:
            self._write(snapshot)
        except TROUBLES as error:
            if not is_damage(error):
                raise
            self._begin_again()
            self._write(snapshot)

    def _write(self, snapshot: Snapshot) -> None:
        now: Rows = {table.name: dict(table.rows(snapshot)) for table in TABLES}
        connection = self._file.connection
        with transaction(connection, "IMMEDIATE"):
            connection.executemany(
                "DELETE FROM rows WHERE part = ? AND name = ?",
                [(part, name) for part, name in self._forgotten if name not in now[part]],
            )
            for table in TABLES:
                changed = _changed(table, now[table.name], self._written[table.name])
                connection.executemany("INSERT OR REPLACE INTO rows VALUES (?, ?, ?, ?)", changed)
        self._written = now
        self._forgotten = []

    def _begin_again(self) -> None:
        """Move the damaged file aside and go on with a new one that knows nothing yet."""
        self._file = self._file.begun_again(self.path)
        self.notice = self._file.notice
        self._written = _no_rows()
        self._forgotten = []


@contextmanager
def _noted(faults: list[Trouble]) -> Generator[None]:
    """Note that the file is damaged instead of raising; every other error goes on."""
    try:
        yield
    except TROUBLES as error:
        if not is_damage(error):
            raise
        faults.append(error)


def _no_rows() -> Rows:
    return {table.name: {} for table in TABLES}


def _changed(
    table: Table, values: Mapping[str, Any], written: Mapping[str, Any]
) -> Iterator[tuple[str, str, bytes, int]]:
    for name, value in values.items():
        if name not in written or written[name] != value:
            yield table.packed(name, value)


def _picture(rows: Rows, now: datetime, cast: Cast) -> Snapshot:
    mode, written_at = rows[META.name]["picture"]
    return Snapshot(
        now=now,
        session=session_state(now),
        mode=mode,
        cast=cast,
        quotes=rows[QUOTES.name],
        details=rows[DETAILS.name],
        bars={key_named(name): bars for name, bars in rows[BARS.name].items()},
        readings=KeptReadings(rows[READINGS.name]),
        feeds={name: FeedHealth(name, last_ok=at) for name, at in rows[FEEDS.name].items()},
        fetched={key_named(name): at for name, at in rows[FETCHED.name].items()},
        kept_states=rows[STATES.name],
        restored_at=written_at,
    )


def _unusable(path: Path, error: Trouble) -> HistoryError:
    return HistoryError(unusable(path, error, LOST))
