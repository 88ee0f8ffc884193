"""Tables that captop ships as TOML, parsed once for each version of a file.

Parsing a table takes ten times as long as reading what came of it, so that is kept beside the
compiled modules and as they are: it counts as long as the file has the same time and size.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import msgspec

T = TypeVar("T")


class _Kept(msgspec.Struct, array_like=True):
    time_ns: int
    size: int
    table: msgspec.Raw


def shipped(path: Path, form: type[T]) -> T:
    """Return what a file says.

    Args:
        path: The TOML file.
        form: What it is to be, such as a struct; a folder that cannot be written costs time only.
    """
    stat = path.stat()
    place = path.parent / "__pycache__" / f"{path.name}.msgpack"
    with suppress(OSError, msgspec.MsgspecError):
        kept = msgspec.msgpack.decode(place.read_bytes(), type=_Kept)
        if (kept.time_ns, kept.size) == (stat.st_mtime_ns, stat.st_size):
            return msgspec.msgpack.decode(kept.table, type=form)
    table = _parsed(path)
    if not sys.dont_write_bytecode:
        packed = msgspec.Raw(msgspec.msgpack.encode(table))
        _keep(place, _Kept(stat.st_mtime_ns, stat.st_size, packed))
    return msgspec.convert(table, form)


def _parsed(path: Path) -> dict[str, object]:
    import tomllib

    return tomllib.loads(path.read_text(encoding="utf-8"))


def _keep(place: Path, kept: _Kept) -> None:
    """Put it in its place in one step: another process may be reading there."""
    draft = place.with_name(f"{place.name}.{os.getpid()}")
    with suppress(OSError):
        place.parent.mkdir(exist_ok=True)
        draft.write_bytes(msgspec.msgpack.encode(kept))
        draft.replace(place)
