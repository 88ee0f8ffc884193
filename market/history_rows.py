"""How values of a snapshot become rows on disk and come back.

A row is a part, a name, bytes and the CRC-32 of all three. Columns of bars are kept as the
machine's own doubles: the file is a cache of one machine, and reading it back must cost next
to nothing.
"""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec

from market.quotes import ARCHIVED, Bars, Details, Key, Quote
from market.reports import Reading
from market.snapshot import Mode, Snapshot


class DamagedRowError(ValueError):
    """A row whose bytes are not what was written."""


class _PackedBars(msgspec.Struct, array_like=True):
    key: Key
    interval_s: int
    source: str
    as_of: datetime
    times: bytes
    close: bytes
    open: bytes
    high: bytes
    low: bytes
    volume: bytes
    dividends: tuple[tuple[int, float], ...]
    splits: tuple[tuple[int, float], ...]


class Table(msgspec.Struct, frozen=True):
    """One part of the rows: what of a snapshot it keeps, by name, and how a value is packed."""

    name: str
    rows: Callable[[Snapshot], Mapping[str, Any]]
    pack: Callable[[Any], bytes]
    unpack: Callable[[bytes], Any]

    def packed(self, name: str, value: object) -> tuple[str, str, bytes, int]:
        """Return the row of a value as it is written."""
        packed = self.pack(value)
        return self.name, name, packed, self.checksum(name, packed)

    def unpacked(self, name: object, packed: object, check: object) -> object:
        """Return the value of a row; DamagedRowError if it is not what was written."""
        if not isinstance(name, str) or not isinstance(packed, bytes):
            raise DamagedRowError(f"a row of {self.name} has the wrong type")
        if self.checksum(name, packed) != check:
            raise DamagedRowError(f"the row {name!r} of {self.name} was changed")
        try:
            return self.unpack(packed)
        except (msgspec.MsgspecError, ValueError) as error:
            raise DamagedRowError(f"the row {name!r} of {self.name} cannot be read") from error

    def checksum(self, name: str, packed: bytes) -> int:
        """Return the CRC-32 of a row: of its part, its name and its bytes."""
        return zlib.crc32(packed, zlib.crc32(f"{self.name} {name}".encode()))


@lru_cache(maxsize=4096)
def key_name(key: Key) -> str:
    """Return the name of a datum's row."""
    return msgspec.json.encode(key).decode()


@lru_cache(maxsize=4096)
def key_named(name: str) -> Key:
    """Return the datum of a row's name; DamagedRowError if it names none."""
    try:
        return msgspec.json.decode(name, type=Key)
    except msgspec.MsgspecError as error:
        raise DamagedRowError("a row names no datum") from error


def packed_bars(bars: Bars) -> bytes:
    """Return bars as bytes: columns as the machine's own doubles."""
    columns = (bars.times, bars.close, bars.open, bars.high, bars.low, bars.volume)
    times, close, opens, high, low, volume = (column.tobytes() for column in columns)
    packed = _PackedBars(
        bars.key,
        bars.interval_s,
        bars.source,
        bars.as_of,
        times,
        close,
        opens,
        high,
        low,
        volume,
        bars.dividends,
        bars.splits,
    )
    return msgspec.msgpack.encode(packed)


def unpacked_bars(packed: bytes) -> Bars:
    """Return the bars of a row; a msgspec error or ValueError if the bytes are none."""
    row = _BARS.decode(packed)
    return Bars(
        key=row.key,
        interval_s=row.interval_s,
        source=row.source,
        as_of=row.as_of,
        times=_times(row.times),
        close=array("d", row.close),
        open=array("d", row.open),
        high=array("d", row.high),
        low=array("d", row.low),
        volume=array("d", row.volume),
        dividends=row.dividends,
        splits=row.splits,
    )


@lru_cache(maxsize=64)
def _times(packed: bytes) -> array[int]:
    """Most members have bars of the same days: they share them."""
    return array("q", packed)


_BARS = msgspec.msgpack.Decoder(_PackedBars)


def _bars_by_name(snapshot: Snapshot) -> dict[str, Bars]:
    return {key_name(key): bars for key, bars in snapshot.bars.items()}


def _fetched_by_name(snapshot: Snapshot) -> dict[str, datetime]:
    fetched = snapshot.fetched.items()
    return {key_name(key): at for key, at in fetched if key.kind not in ARCHIVED}


class KeptReadings(Mapping[str, Reading]):
    """The readings of rows, each row unpacked when one of its readings is first asked for.

    There are thousands of them, and the first paint shows a hundred.
    """

    def __init__(self, rows: Mapping[str, bytes]) -> None:
        self._rows = rows
        self._unpacked: dict[str, Mapping[str, Reading]] = {}

    def __getitem__(self, name: str) -> Reading:
        """Return a reading by its metric's name."""
        return self._row(_slug_of(name))[name]

    def __iter__(self) -> Iterator[str]:
        """Yield all names, row by row."""
        return (name for slug in self._rows for name in self._row(slug))

    def __len__(self) -> int:
        """Return how many readings there are."""
        return sum(len(self._row(slug)) for slug in self._rows)

    def __bool__(self) -> bool:
        """Whether there is any: a row has at least one."""
        return bool(self._rows)

    def _row(self, slug: str) -> Mapping[str, Reading]:
        if slug not in self._unpacked:
            self._unpacked[slug] = _unpacked_readings(self._rows.get(slug))
        return self._unpacked[slug]


def _unpacked_readings(packed: bytes | None) -> Mapping[str, Reading]:
    """Return the readings of a row; none of one that is not there or cannot be read."""
    if packed is None:
        return {}
    try:
        return _readings(packed)
    except msgspec.MsgspecError:
        return {}


def _slug_of(name: str) -> str:
    return name.partition(".")[0]


def _readings_by_slug(snapshot: Snapshot) -> dict[str, bytes]:
    """Return the readings in one row per instrument: a thousand rows would be slow to read."""
    slugs: dict[str, dict[str, Reading]] = {}
    for name, reading in snapshot.readings.items():
        slugs.setdefault(_slug_of(name), {})[name] = reading
    return {slug: _encode(readings) for slug, readings in slugs.items()}


def _as_it_is(packed: bytes) -> bytes:
    return packed


def _last_ok(snapshot: Snapshot) -> dict[str, datetime]:
    return {n: h.last_ok for n, h in snapshot.feeds.items() if h.last_ok is not None}


_encode = msgspec.msgpack.encode
_quote = msgspec.msgpack.Decoder(Quote).decode
_details = msgspec.msgpack.Decoder(Details).decode
_readings = msgspec.msgpack.Decoder(dict[str, Reading]).decode
_time = msgspec.msgpack.Decoder(datetime).decode

QUOTES = Table("quotes", lambda s: s.quotes, _encode, _quote)
DETAILS = Table("details", lambda s: s.details, _encode, _details)
BARS = Table("bars", _bars_by_name, packed_bars, unpacked_bars)
READINGS = Table("readings", _readings_by_slug, _as_it_is, _as_it_is)
FETCHED = Table("fetched", _fetched_by_name, _encode, _time)
FEEDS = Table("feeds", _last_ok, _encode, _time)
STATES = Table("states", lambda s: s.kept_states, _encode, msgspec.msgpack.Decoder(str).decode)

META = Table(
    "meta",
    lambda s: {"picture": (s.mode, s.now)},
    _encode,
    msgspec.msgpack.Decoder(tuple[Mode, datetime]).decode,
)
"""Of which mode the picture is, and when it was written."""

TABLES = (META, QUOTES, DETAILS, BARS, READINGS, FETCHED, FEEDS, STATES)
