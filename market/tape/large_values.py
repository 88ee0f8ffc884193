"""Large values that stand on a tape once: a picture refers to them by their hash.

Two years of two thousand members hardly change from one start of captop to the next. A start
that finds them in the file writes references alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from hashlib import blake2b
from typing import cast

from market.snapshot import Snapshot
from market.tape.codec import packed, quickly_packed, reference_to

LARGE = 1_024
"""Bytes from which on a value is large; a reference takes 14."""
_DIGEST_BYTES = 12
_PORTION = 2**20


class LargeValues:
    """Those of a snapshot, in whose place it gets references."""

    def __init__(self, known: Collection[bytes]) -> None:
        """Begin with the hashes of what stands on the tape already."""
        self._known = known
        self.news: dict[bytes, object] = {}
        """Values that are to be written before the picture, by their hashes."""

    def of(self, snapshot: Snapshot) -> dict[str, object]:
        """Return the snapshot's fields with references in place of what is large."""
        return {name: self._part(getattr(snapshot, name)) for name in snapshot.__struct_fields__}

    def portions(self) -> Iterator[dict[bytes, bytes]]:
        """Yield what is to be written as bytes, about a megabyte at a time."""
        portion: dict[bytes, bytes] = {}
        size = 0
        for digest, value in self.news.items():
            portion[digest] = packed(value)
            size += len(portion[digest])
            if size >= _PORTION:
                yield portion
                portion, size = {}, 0
        if portion:
            yield portion

    def _part(self, value: object) -> object:
        if isinstance(value, Mapping):
            entries = cast("Mapping[object, object]", value)
            return {name: self._referred(each) for name, each in entries.items()}
        return self._referred(value)

    def _referred(self, value: object) -> object:
        data = quickly_packed(value)
        if len(data) < LARGE:
            return value
        digest = blake2b(data, digest_size=_DIGEST_BYTES).digest()
        if digest not in self._known:
            self.news[digest] = value
        return reference_to(digest)
