"""A text file of the user's, read anew whenever somebody has changed it."""

from __future__ import annotations

from pathlib import Path


class WatchedFile:
    """The text at a path, which need not exist."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp: tuple[int, int] | None = None
        """When the file was written and how long it was, as it was read last."""

    def news(self) -> str | None:
        """Return the text if it may be another one than at the last look; none of a file is empty.

        Raises:
            ValueError: It cannot be read, in words. That is said once, until it changes again.
        """
        before, self._stamp = self._stamp, self._look()
        if self._stamp == before:
            return None
        if self._stamp is None:
            return ""
        try:
            return self._path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            raise ValueError(f"{self._path} cannot be read: it is not UTF-8 text") from None
        except OSError as error:
            raise ValueError(f"{self._path} cannot be read: {error.strerror}") from error

    def _look(self) -> tuple[int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size
