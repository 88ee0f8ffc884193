"""Files that are replaced as a whole: who reads sees the old one or the new one, never half of one.

`captop status` and the first paint write so too: this module imports nothing heavy.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def replace_file(path: Path, content: bytes, *, lasts: bool = False) -> None:
    """Write a file beside its place, then into it; its mode stays, and a missing folder is made.

    Args:
        path: The file, not a link to it.
        content: All of it.
        lasts: Whether it must be on the disk before it takes its place: what the user wrote.

    Raises:
        OSError: It cannot be written; nothing is left beside it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        mode = path.stat().st_mode & 0o7777 if path.exists() else 0o666
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            if lasts:
                stream.flush()
                os.fsync(stream.fileno())
        if path.exists():
            draft.chmod(mode)
        draft.replace(path)
    except OSError:
        with suppress(OSError):
            draft.unlink()
        raise
