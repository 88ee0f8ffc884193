"""The watchlists of this run, edited one step at a time and kept in the user's settings file.

Every edit takes effect in memory first and is then made in the file, whose comments and layout
stay. A file that cannot be written raises, but costs only that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from tui.named_lists import Done, NamedLists, WatchlistsError, plain_symbol
from tui.settings import Settings, SettingsError
from tui.watchlist_edits import Change, Create, Edit, Lists

__all__ = ["Watchlists", "WatchlistsError", "plain_symbol"]


class Watchlists(NamedLists):
    """Named lists that may have a file.

    An edit that cannot be written to the file raises WatchlistsError and holds for this run;
    it is written along with the next one.
    """

    def __init__(
        self,
        lists: Mapping[str, Iterable[str]] | None = None,
        active: str = "",
        path: Path | None = None,
    ) -> None:
        """Take the lists as they are.

        Args:
            lists: Symbols by list name; one empty list if there is none.
            active: The list shown; by default the first.
            path: The settings file to edit; None keeps changes for this run only.
        """
        super().__init__(lists, active)
        self._path = path
        self._on_file = self._lists
        self._unsaved: list[Edit] = []

    @classmethod
    def from_settings(cls, settings: Settings, path: Path | None) -> Watchlists:
        """Take the lists of the settings; `path` is the file they are kept in."""
        return cls(settings.watchlists.lists, settings.watchlists.active, path)

    def without_file(self, active: str = "") -> Watchlists:
        """Return a copy that is kept in no file and shows `active`, by default the same list."""
        return Watchlists(self._lists, active or self._active)

    @property
    def has_file(self) -> bool:
        """Whether edits are made in a file, which may take its time."""
        return self._path is not None

    @property
    def is_saved(self) -> bool:
        """Whether the file has every edit."""
        return not self._unsaved

    def undo(self) -> str:
        """Take back the newest edit; return what that did, empty if there is nothing to undo.

        A file that nobody else touched since is given its former text, every remark included.
        """
        change = self._done[-1].change if self._done else None
        said = super().undo()
        if said:
            if change is not None:
                self._give_back(change)
            self.save()
        return said

    def _give_back(self, change: Change) -> None:
        """Undo in the file what one edit did there, if its way back is all that is unsaved."""
        if self._path is None or len(self._unsaved) != 1:
            return
        from tui.watchlist_file import taken_back

        if taken_back(self._path, change):
            self._unsaved.clear()
            self._on_file = self._lists

    def save(self) -> Change | None:
        """Make the edits not yet in the user's file there, as it is on disk now.

        What somebody else changed in the file meanwhile is kept, and shown from now on.

        Returns:
            What became of the file, None if nothing did.

        Raises:
            WatchlistsError: The file cannot be read or written; the edits stay for this run
                and are tried again with the next save.
        """
        if self._path is None or not self._unsaved:
            return None
        from tui.watchlist_file import WatchlistFile

        try:
            file = WatchlistFile.read(self._path, self._on_file)
            for edit in self._unsaved:
                file.apply(edit)
            change = file.write()
        except (OSError, SettingsError) as error:
            raise WatchlistsError(_unsaved_sentence(self._path, error)) from None
        self._unsaved.clear()
        self._adopt(file.lists, is_foreign=file.was_changed)
        return change

    def _adopt(self, lists: Lists, *, is_foreign: bool) -> None:
        self._on_file = {**self._lists, **lists}
        if is_foreign:
            self._lists = self._on_file
            self._done.clear()

    def _do(self, edit: Edit) -> bool:
        is_all = self.is_saved
        if not super()._do(edit):
            return False
        change = self.save()
        if is_all and self._done and change is not None:
            self._done[-1] = Done(_with_former(self._done[-1].back, change), change)
        return True

    def _apply(self, edit: Edit) -> bool:
        is_made = super()._apply(edit)
        if is_made and self._path is not None:
            self._unsaved.append(edit)
        return is_made


def _with_former(back: Edit, change: Change) -> Edit:
    """Return the way back of an edit, a deleted list's with the file it stood in."""
    if not isinstance(back, Create):
        return back
    return msgspec.structs.replace(back, former=change.before or b"")


def _unsaved_sentence(path: Path, error: Exception) -> str:
    reason = error.strerror if isinstance(error, OSError) else str(error).rstrip(".")
    return f"The watchlist change lasts for this run only: {path} was not saved ({reason})."
