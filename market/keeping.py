"""What outlives a run: the last picture and the members' store, and what their disk refuses."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from market.history import History, HistoryError
from market.instruments import Cast
from market.snapshot import Mode, Snapshot, empty_snapshot

if TYPE_CHECKING:
    from market.archive import Archive


class Keeper:
    """Both stores of one engine. One that cannot be used is told of once and then left alone."""

    def __init__(self, history: History | None, archive: Path | None, *notices: str) -> None:
        """Keep pictures in `history` and members in a file at `archive`; None keeps neither."""
        self.notices = list(notices)
        """Sentences for the user, oldest first; each is said once."""
        self._history = history
        self._path = archive
        self._archive: Archive | None = None
        self._saved: Snapshot | None = None

    def last_picture(self, now: datetime, mode: Mode, cast: Cast) -> Snapshot:
        """Return the last good picture seen at `now`, an empty one where there is none."""
        restored = None
        if self._history is not None:
            try:
                restored = self._history.load(now, cast)
            except HistoryError as error:
                self._tell(str(error))
        self._saved = restored if restored is not None else empty_snapshot(now, mode, cast)
        return self._saved

    def opened_archive(self) -> Archive | None:
        """Return the members' store; it is opened where it is used, after the first paint."""
        from market.archive import Archive, told
        from market.history_file import TROUBLES

        if self._path is None:
            return None
        try:
            self._archive = Archive(self._path)
        except TROUBLES as error:
            self._tell(told(self._path, error))
            return None
        self.notices += [self._archive.notice] if self._archive.notice else []
        return self._archive

    def save(self, snapshot: Snapshot, *, final: bool = False) -> None:
        """Keep what is known.

        Args:
            snapshot: What is known.
            final: Whether nothing will be kept after this.
        """
        self._save_members(snapshot, final=final)
        if self._history is None or snapshot is self._saved or not snapshot.fetched:
            return
        from market.named_states import states_now

        try:
            self._history.save(replace(snapshot, kept_states=states_now(snapshot)))
            self._saved = snapshot
        except HistoryError as error:
            self._tell(str(error))
            self._history = None

    def close(self) -> None:
        """Close both files. Closing twice is no error."""
        if self._history is not None:
            self._history.close()
            self._history = None
        if self._archive is not None:
            self._archive.close()
            self._archive = None

    def _tell(self, sentence: str) -> None:
        """Add a sentence, unless it was said of the other file: their folder may be the trouble."""
        if sentence not in self.notices:
            self.notices.append(sentence)

    def _save_members(self, snapshot: Snapshot, *, final: bool) -> None:
        if self._archive is None:
            return
        from market.archive import told
        from market.history_file import TROUBLES

        if self._archive.notice and self._archive.notice not in self.notices:
            self.notices.append(self._archive.notice)
        try:
            self._archive.save(snapshot, final=final)
        except TROUBLES as error:
            self._tell(told(self._archive.path, error))
            self._archive.close()
            self._archive = None
