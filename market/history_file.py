"""The SQLite file under the history and the archive: opened, recognised, begun, moved aside."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

SCHEMA = 1
APPLICATION = 0x63_61_70_74
"""SQLite's application id of a captop file: "capt"."""
BUSY_TIMEOUT_S = 0.5

Trouble = OSError | sqlite3.Error | UnicodeDecodeError
TROUBLES = (OSError, sqlite3.Error, UnicodeDecodeError)
"""What working with a file may raise; SQLite quotes damaged text in its messages undecoded."""


class HistoryFile(msgspec.Struct, frozen=True):
    """An open file, and what had to be done to open it."""

    connection: sqlite3.Connection
    notice: str = ""
    is_newer: bool = False
    """Whether a newer captop wrote it: such a file is neither read nor changed."""

    def close(self) -> None:
        """Close it. Closing twice is no error."""
        with suppress(*TROUBLES):
            self.connection.close()

    def begun_again(self, path: Path) -> HistoryFile:
        """Return a new file in place of this one, which is damaged; one of TROUBLES if not."""
        self.close()
        return begun_again(path, "is damaged")


def opened(path: Path) -> HistoryFile:
    """Open a cache file or begin one; one of TROUBLES if that is impossible."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        return _recognised(path)
    except TROUBLES as error:
        if not is_damage(error):
            raise
        return begun_again(path, "is damaged")


def begun_again(path: Path, fault: str) -> HistoryFile:
    """Move a file aside, with what SQLite keeps beside it, and begin a new one."""
    aside = path.with_name(f"{path.name}.damaged")
    path.replace(aside)
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    connection = _connected(path)
    _create(connection)
    return HistoryFile(connection, f"{path} {fault}; it was moved to {aside.name}")


@contextmanager
def transaction(connection: sqlite3.Connection, kind: str) -> Generator[None]:
    """Run statements as one transaction, DEFERRED to read or IMMEDIATE to write."""
    connection.execute(f"BEGIN {kind}")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        with suppress(*TROUBLES):
            connection.execute("ROLLBACK")
        raise


def is_damage(error: Trouble) -> bool:
    """Return whether an error says that the file's content is broken.

    SQLITE_ERROR belongs here: it is how a broken header or a missing table shows itself.
    """
    return isinstance(error, UnicodeDecodeError) or _name(error).startswith(_BROKEN)


def in_words(error: Trouble) -> str:
    """Return why a file cannot be used, for a person."""
    if isinstance(error, OSError):
        reason = error.strerror or str(error)
        return reason[:1].lower() + reason[1:]
    known = (words for name, words in _WORDS.items() if _name(error).startswith(name))
    return next(known, str(error))


def unusable(path: Path, error: Trouble, lost: str) -> str:
    """Return what is not kept, why, and what to do, the path last; for a person.

    What spoils one file of a folder by being about the folder or its disk spoils them all, and
    is the same sentence for each.

    Args:
        path: The file.
        error: What happened to it.
        lost: What is not kept without it: "the last picture".
    """
    folder = path.parent
    advice = f"make room or set another cache.path than {folder}"
    if not _is_usable(folder) or _is_full(error):
        return f"nothing is kept between runs ({in_words(error)}): {advice}"
    return f"{lost} is not kept ({in_words(error)}): set another cache.path or see to {path}"


def _is_usable(folder: Path) -> bool:
    return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)


def _is_full(error: Trouble) -> bool:
    codes = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG}
    return _name(error) == "SQLITE_FULL" or (isinstance(error, OSError) and error.errno in codes)


_BROKEN = ("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_ERROR", "SQLITE_TOOBIG")
_WORDS = {
    "SQLITE_FULL": "the disk is full",
    "SQLITE_READONLY": "it may not be written",
    "SQLITE_CANTOPEN": "it cannot be opened",
    "SQLITE_BUSY": "another program holds it",
    "SQLITE_LOCKED": "another program holds it",
    "SQLITE_IOERR": "the disk does not answer",
}


def _name(error: Trouble) -> str:
    """Return SQLite's name of an error, or nothing for another error."""
    name: object = getattr(error, "sqlite_errorname", "")
    return name if isinstance(name, str) else ""


def _recognised(path: Path) -> HistoryFile:
    connection = _connected(path)
    try:
        version, is_foreign = _examined(connection)
        if not is_foreign and version <= SCHEMA:
            _create(connection)
    except TROUBLES:
        connection.close()
        raise
    if is_foreign:
        connection.close()
        return begun_again(path, "is not a file of captop")
    is_newer = version > SCHEMA
    words = f"{path} was written by a newer captop; this run neither reads nor changes it"
    return HistoryFile(connection, words if is_newer else "", is_newer)


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
    )
    connection.text_factory = _decoded
    try:
        # The first statement that reads the file: it fails here if this is no database.
        connection.execute("PRAGMA schema_version").fetchone()
        connection.execute("PRAGMA synchronous = NORMAL")
        # It is read once and then only written: pages kept in memory would be of no use.
        connection.execute("PRAGMA cache_size = 32")
    except TROUBLES:
        connection.close()
        raise
    return connection


def _decoded(text: bytes) -> str:
    """Decode what may be damaged: its row is then refused by its checksum."""
    return text.decode("utf-8", "replace")


def _examined(connection: sqlite3.Connection) -> tuple[int, bool]:
    """Return the file's schema version and whether somebody else's tables are in it."""
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    application = int(connection.execute("PRAGMA application_id").fetchone()[0])
    tables = int(connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0])
    return version, tables > 0 and application != APPLICATION


def _create(connection: sqlite3.Connection) -> None:
    # Asking for WAL takes a lock, so a file that has it is not asked again.
    if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        connection.execute("PRAGMA journal_mode = WAL")
    if int(connection.execute("PRAGMA user_version").fetchone()[0]) == SCHEMA:
        return
    with transaction(connection, "IMMEDIATE"):
        connection.execute(
            "CREATE TABLE IF NOT EXISTS rows (part TEXT NOT NULL, name TEXT NOT NULL,"
            " packed BLOB NOT NULL, checksum INTEGER NOT NULL, PRIMARY KEY (part, name))"
        )
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {SCHEMA}")
