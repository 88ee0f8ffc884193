"""What is kept of members, and what documents and option chains said: by row, on disk.

A file of its own beside the last picture: it is a hundred times larger and is read after the
first paint. A row a member, so that a day's work of fetching survives in small pieces and a
damaged row costs that row. docs/performance.md says what other stores cost.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from market.archive_pruning import (
    newest_day,
    outdated_documents,
    outdated_files,
    outdated_past,
    outdated_profiles,
)
from market.archive_rows import DOCUMENTS, FILES, LISTINGS, OPTIONS, PAST, PROFILES, TABLES
from market.documents import Document
from market.history_file import (
    TROUBLES,
    Trouble,
    is_damage,
    opened,
    transaction,
    unusable,
)
from market.history_rows import DamagedRowError, Table
from market.holdings import WHOLE_MARKET, Holdings, Listings
from market.option_study import ChainStudy
from market.quotes import Bars, Key, Kind, Profile
from market.reports import Restored
from market.shelf import Shelf
from market.snapshot import Snapshot

RESTS = {LISTINGS.name: timedelta(minutes=10), PROFILES.name: timedelta(minutes=10)}
"""Rows of half a megabyte that change every minute are not written as often."""

Rows = dict[str, dict[str, Any]]


class Archive:
    """The members' store. Safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        """Open the file or begin one; one of TROUBLES if that is impossible."""
        self.path = path
        self._file = opened(path)
        self.notice = self._file.notice
        """What should be said once about the file, or nothing."""
        self.damaged_rows = 0
        """Rows that `load` had to leave out."""
        self.shelf = Shelf(path.parent)
        """Where those columns of the members' past are that are seldom asked for."""
        self._lock = threading.Lock()
        self._written: Rows = {table.name: {} for table in TABLES}
        self._written_at: dict[str, datetime] = {}

    def load(self) -> Restored:
        """Return all that is kept; what cannot be read is left out, and `notice` says why."""
        with self._lock:
            begun = self._file
            rows = {table.name: dict(self._values(table)) for table in TABLES}
            if self._file is begun:
                self._written = {name: dict(part) for name, part in rows.items()}
                self._prune(rows)
        files: list[Holdings] = sorted(
            rows[FILES.name].values(), key=lambda file: file.day, reverse=True
        )
        listings: Listings | None = rows[LISTINGS.name].get(WHOLE_MARKET)
        fetched = {Key(Kind.HOLDINGS, f.fund): f.fetched_at for f in reversed(files)}
        documents: tuple[Document, ...] = tuple(rows[DOCUMENTS.name].values())
        fetched |= {document.key: document.fetched_at for document in documents}
        options: dict[str, ChainStudy] = rows[OPTIONS.name]
        fetched |= {Key(Kind.CHAIN, symbol): each.fetched_at for symbol, each in options.items()}
        if listings is not None:
            fetched[Key(Kind.LISTINGS, WHOLE_MARKET)] = listings.as_of
        return Restored(
            holdings=tuple(files),
            listings=listings,
            profiles=rows[PROFILES.name].get(WHOLE_MARKET, {}),
            past=rows[PAST.name],
            documents=documents,
            options=options,
            fetched=fetched,
        )

    def save(self, snapshot: Snapshot, *, final: bool = False) -> None:
        """Write what changed since the last time; all of it if this is the last time."""
        if self._file.is_newer:
            return
        with self._lock:
            now = snapshot.now
            for table in TABLES:
                if final or self._is_due(table, now):
                    self._write(table, table.rows(snapshot), now)

    def close(self) -> None:
        """Close the file. Closing twice is no error."""
        with self._lock:
            self._file.close()

    def _is_due(self, table: Table, now: datetime) -> bool:
        at = self._written_at.get(table.name)
        rest = RESTS.get(table.name, timedelta(0))
        return at is None or not timedelta(0) <= now - at < rest

    def _prune(self, rows: Rows) -> None:
        """Leave out what no metric needs any more, of the answer and of the file."""
        if self._file.is_newer:
            return
        outdated = {DOCUMENTS.name: outdated_documents(rows[DOCUMENTS.name])}
        newest = newest_day(rows[FILES.name])
        if newest is not None:
            pages: dict[str, Profile] = rows[PROFILES.name].get(WHOLE_MARKET, {})
            for symbol in outdated_profiles(pages, newest):
                del pages[symbol]
            outdated[FILES.name] = outdated_files(rows[FILES.name], newest)
            outdated[PAST.name] = outdated_past(rows[PAST.name], newest)
        gone = [(part, name) for part, names in outdated.items() for name in names]
        for part, name in gone:
            del rows[part][name], self._written[part][name]
        if gone:
            with suppress(*TROUBLES), transaction(self._file.connection, "IMMEDIATE"):
                self._file.connection.executemany(
                    "DELETE FROM rows WHERE part = ? AND name = ?", gone
                )

    def _write(self, table: Table, values: Mapping[str, Any], now: datetime) -> None:
        written = self._written[table.name]
        changed = {n: v for n, v in values.items() if written.get(n) is not v}
        if not changed:
            return
        with transaction(self._file.connection, "IMMEDIATE"):
            self._file.connection.executemany(
                "INSERT OR REPLACE INTO rows VALUES (?, ?, ?, ?)",
                (table.packed(name, value) for name, value in changed.items()),
            )
        written.update(changed)
        self._written_at[table.name] = now

    def _values(self, table: Table) -> Iterator[tuple[str, Any]]:
        if self._file.is_newer:
            return
        query = "SELECT name, packed, checksum FROM rows WHERE part = ?"
        try:
            for name, packed, checksum in self._file.connection.execute(query, (table.name,)):
                try:
                    value = table.unpacked(name, packed, checksum)
                    yield name, self.shelf.put_aside(value) if isinstance(value, Bars) else value
                except DamagedRowError:
                    self.damaged_rows += 1
        except TROUBLES as error:
            self._begin_again(error)

    def _begin_again(self, error: Trouble) -> None:
        """Leave a damaged file aside; where it only cannot be read now, the next start may."""
        if not is_damage(error):
            self.notice = told(self.path, error)
            return
        try:
            self._file = self._file.begun_again(self.path)
            self.notice = self._file.notice
        except TROUBLES as another:
            self.notice = told(self.path, another)


def told(path: Path, error: Trouble) -> str:
    """Return why the archive cannot be used, for a person."""
    return unusable(path, error, "the members' past")
