"""How what is kept of members becomes rows on disk and comes back."""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import TypeVar

import msgspec

from market.documents import Document
from market.history_rows import DamagedRowError, Table, key_name, packed_bars, unpacked_bars
from market.holdings import WHOLE_MARKET, Holdings, Listings
from market.instruments import TRACKER
from market.option_study import ChainStudy
from market.quotes import Bars, Kind, Profile
from market.snapshot import Snapshot

T = TypeVar("T")

_QUICK = 1
"""Level of compression: words of holdings shrink to a fifth at little cost."""


class _PackedFile(msgspec.Struct, array_like=True):
    fund: str
    day: date
    source: str
    fetched_at: datetime
    symbols: tuple[str, ...]
    names: tuple[str, ...]
    sectors: tuple[str, ...]
    numbers: tuple[bytes, bytes, bytes]
    shares_outstanding: float | None
    left_out: tuple[tuple[str, int], ...]


class _PackedListings(msgspec.Struct, array_like=True):
    as_of: datetime
    source: str
    symbols: tuple[str, ...]
    names: tuple[str, ...]
    industries: tuple[str, ...]
    numbers: tuple[bytes, bytes, bytes, bytes]


def _files(snapshot: Snapshot) -> Mapping[str, Holdings]:
    """Return the tracker's files by day, and each other fund's newest under its name."""
    others = {f.fund: f for f in snapshot.holdings.values() if f.fund != TRACKER}
    own = snapshot.holdings.get(TRACKER)
    tracked = (*((own,) if own is not None else ()), *snapshot.earlier_holdings)
    return others | {f"{f.fund} {f.day}": f for f in tracked}


def _packed_file(file: Holdings) -> bytes:
    numbers = (file.market_value, file.quantity, file.price)
    market_value, quantity, price = (column.tobytes() for column in numbers)
    packed = _PackedFile(
        file.fund,
        file.day,
        file.source,
        file.fetched_at,
        file.symbols,
        file.names,
        file.sectors,
        (market_value, quantity, price),
        file.shares_outstanding,
        file.left_out,
    )
    return zlib.compress(_encode(packed), _QUICK)


def _unpacked_file(packed: bytes) -> Holdings:
    row = _FILE.decode(_inflated(packed))
    market_value, quantity, price = (array("d", column) for column in row.numbers)
    return Holdings(
        fund=row.fund,
        day=row.day,
        source=row.source,
        fetched_at=row.fetched_at,
        symbols=row.symbols,
        names=row.names,
        sectors=row.sectors,
        market_value=market_value,
        quantity=quantity,
        price=price,
        shares_outstanding=row.shares_outstanding,
        left_out=row.left_out,
    )


def _packed_listings(listings: Listings) -> bytes:
    numbers = (listings.last, listings.change, listings.volume, listings.market_cap)
    last, change, volume, market_cap = (column.tobytes() for column in numbers)
    packed = _PackedListings(
        listings.as_of,
        listings.source,
        listings.symbols,
        listings.names,
        listings.industries,
        (last, change, volume, market_cap),
    )
    return zlib.compress(_encode(packed), _QUICK)


def _unpacked_listings(packed: bytes) -> Listings:
    row = _LISTINGS.decode(_inflated(packed))
    last, change, volume, market_cap = (array("d", column) for column in row.numbers)
    return Listings(
        as_of=row.as_of,
        source=row.source,
        symbols=row.symbols,
        names=row.names,
        industries=row.industries,
        last=last,
        change=change,
        volume=volume,
        market_cap=market_cap,
    )


def _inflated(packed: bytes) -> bytes:
    try:
        return zlib.decompress(packed)
    except zlib.error as error:
        raise DamagedRowError("a row cannot be unpacked") from error


def _listings(snapshot: Snapshot) -> dict[str, Listings]:
    return {} if snapshot.listings is None else {WHOLE_MARKET: snapshot.listings}


def _profiles(snapshot: Snapshot) -> dict[str, Mapping[str, Profile]]:
    return {WHOLE_MARKET: snapshot.profiles} if snapshot.profiles else {}


def _past(snapshot: Snapshot) -> Mapping[str, Bars]:
    return snapshot.past


def _documents(snapshot: Snapshot) -> dict[str, Document]:
    """Return all but option chains: those are 200 times as large as what they say, see OPTIONS."""
    kept = snapshot.documents.items()
    return {key_name(key): document for key, document in kept if key.kind is not Kind.CHAIN}


def _options(snapshot: Snapshot) -> Mapping[str, ChainStudy]:
    """Return what the option chains say, by underlying: a few kilobytes each."""
    known = snapshot.studies.options
    return {} if known is None else known.chains


def _packed(value: object) -> bytes:
    return zlib.compress(_encode(value), _QUICK)


def _reader(decoder: msgspec.msgpack.Decoder[T]) -> Callable[[bytes], T]:
    return lambda packed: decoder.decode(_inflated(packed))


_encode = msgspec.msgpack.encode
_FILE = msgspec.msgpack.Decoder(_PackedFile)
_LISTINGS = msgspec.msgpack.Decoder(_PackedListings)
_PROFILES = msgspec.msgpack.Decoder(dict[str, Profile])
_DOCUMENT: msgspec.msgpack.Decoder[Document] = msgspec.msgpack.Decoder(Document)
_STUDY = msgspec.msgpack.Decoder(ChainStudy)

FILES = Table("holdings", _files, _packed_file, _unpacked_file)
LISTINGS = Table("listings", _listings, _packed_listings, _unpacked_listings)
PROFILES = Table("profiles", _profiles, _packed, _reader(_PROFILES))
PAST = Table("past", _past, packed_bars, unpacked_bars)
DOCUMENTS = Table("documents", _documents, _packed, _reader(_DOCUMENT))
OPTIONS = Table("options", _options, _packed, _reader(_STUDY))
TABLES: tuple[Table, ...] = (FILES, LISTINGS, PROFILES, PAST, DOCUMENTS, OPTIONS)
