"""Large values that stand on a tape once: a picture marks them by what they are.

Two years of two thousand members hardly change from one start of captop to the next. A start
that finds them in the file writes their marks alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from hashlib import blake2b
from typing import cast

from market.snapshot import Snapshot
from market.tape.codec import mark, packed, quickly_packed

LARGE = 1_024
"""Bytes from which on a value is marked; a mark takes 14."""
_MARK_BYTES = 12
_PORTION = 2**20


class LargeValues:
    """Those of a snapshot, in whose place it gets marks."""

    def __init__(self, known: Collection[bytes]) -> None:
        """Mark by what is kept already."""
        self._known = known
        self.news: dict[bytes, object] = {}
        """Values that are to be kept from now on, by their marks."""

    def of(self, snapshot: Snapshot) -> dict[str, object]:
        """Return the snapshot's fields with marks in place of what is large."""
        return {name: self._part(getattr(snapshot, name)) for name in snapshot.__struct_fields__}

    def portions(self) -> Iterator[dict[bytes, bytes]]:
        """Yield what is to be kept as bytes, about a megabyte at a time."""
        portion: dict[bytes, bytes] = {}
        size = 0
        for name, value in self.news.items():
            portion[name] = packed(value)
            size += len(portion[name])
            if size >= _PORTION:
                yield portion
                portion, size = {}, 0
        if portion:
            yield portion

    def _part(self, value: object) -> object:
        if isinstance(value, Mapping):
            entries = cast("Mapping[object, object]", value)
            return {name: self._marked(each) for name, each in entries.items()}
        return self._marked(value)

    def _marked(self, value: object) -> object:
        data = quickly_packed(value)
        if len(data) < LARGE:
            return value
        name = blake2b(data, digest_size=_MARK_BYTES).digest()
        if name not in self._known:
            self.news[name] = value
        return mark(name)
