"""Decompression of an HTTP body that never grows past a limit, whatever was packed into it."""

from __future__ import annotations

import zlib
from typing import Protocol

ENCODINGS = "gzip,deflate"
"""The Accept-Encoding that goes with `Inflater`: only what zlib can stop half-way.

Without a blank on purpose: the curl transport takes httpx's own spelling for "not set".
"""

_GZIP = 16 + zlib.MAX_WBITS
_RAW_DEFLATE = -zlib.MAX_WBITS


class TooLargeError(Exception):
    """The body is larger than the limit, on the wire or unpacked."""


class DamagedError(Exception):
    """The body is not what its Content-Encoding says, or it ends too early."""


class _Decompressor(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    @property
    def unconsumed_tail(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = 0, /) -> bytes: ...


class Inflater:
    """Takes a body in pieces as they came off the wire and gives back its content.

    Both the bytes taken and the bytes made stay within `max_bytes`; the piece that would
    pass it raises TooLargeError before it is unpacked any further.
    """

    def __init__(self, encoding: str, max_bytes: int) -> None:
        """Unpack `encoding` (a Content-Encoding: gzip, deflate or nothing)."""
        self._encoding = encoding.strip().lower()
        self._max_bytes = max_bytes
        self._taken = 0
        self._content = bytearray()
        self._decompressor: _Decompressor | None = None
        if self._encoding not in {"", "identity", "gzip", "x-gzip", "deflate"}:
            raise DamagedError(f"it is packed as {self._encoding[:20]!r}, which was not asked for")

    def feed(self, data: bytes) -> None:
        """Take the next piece; TooLargeError or DamagedError ends the body."""
        self._taken += len(data)
        if self._taken > self._max_bytes:
            raise TooLargeError
        if self._encoding in {"", "identity"}:
            self._content += data
            return
        try:
            self._inflate(data)
        except zlib.error as error:
            raise DamagedError("it does not unpack") from error

    def finish(self) -> bytes:
        """Return the whole content; DamagedError if the packed body stopped half-way."""
        if self._decompressor is not None and not self._decompressor.eof:
            raise DamagedError("it ends too early")
        return bytes(self._content)

    def _inflate(self, data: bytes) -> None:
        while data:
            if self._decompressor is None or self._decompressor.eof:
                self._decompressor = self._started(data)
            room = self._max_bytes - len(self._content) + 1
            self._content += self._decompressor.decompress(data, room)
            if len(self._content) > self._max_bytes:
                raise TooLargeError
            # One gzip body may be several packed members in a row.
            data = self._decompressor.unused_data or self._decompressor.unconsumed_tail

    def _started(self, data: bytes) -> _Decompressor:
        if self._encoding != "deflate":
            return zlib.decompressobj(_GZIP)
        # Servers disagree whether "deflate" has a zlib header; its first byte ends in 8.
        return zlib.decompressobj(zlib.MAX_WBITS if data[0] & 0x0F == 8 else _RAW_DEFLATE)
