"""Pictures of the market with a made-up census, for the screens about members."""

from __future__ import annotations

from array import array
from random import Random

from msgspec.structs import replace

from market.census import Census
from market.instruments import Cast, Role
from market.metrics.compute import compute
from market.quotes import Bars, Key, Kind
from market.snapshot import Snapshot
from tests.kept import kept
from tests.tui.fakes import live_picture
from tests.widgets.censuses import census, with_census

KNOWN = 3
"""Members that have a quote, as if somebody had looked at them before."""


@kept
def counted_picture() -> Snapshot:
    """The live picture with 300 members, their past, and the levels of their groups."""
    found = census(300)
    picture = _with_series(with_census(live_picture(), found), found)
    symbols = {*found.members.symbols[:KNOWN], *(g.symbol for g in found.groups)}
    readings = {**picture.readings, **compute(picture, symbols), **found.readings}
    return replace(picture, readings=readings)


def uncounted_picture() -> Snapshot:
    """The live picture before the index's members are known: funds stand for them."""
    picture = live_picture()
    cast = Cast({s: i for s, i in picture.cast.by_symbol.items() if i.role is not Role.GROUP})
    return replace(picture, census=None, cast=cast)


def _with_series(picture: Snapshot, found: Census) -> Snapshot:
    chance = Random(3)
    index = picture.bars[Key(Kind.DAILY, "^RUT")]
    trace = picture.bars[Key(Kind.INTRADAY, "^RUT")]
    symbols = found.members.symbols
    past = {s: _like(index, Key(Kind.PAST, s), 0.02, chance) for s in symbols}
    bars = dict(picture.bars)
    for group in found.groups:
        for like, kind, noise in ((index, Kind.CLOSES, 0.005), (trace, Kind.TRACE, 0.001)):
            key = Key(kind, group.symbol)
            bars[key] = _like(like, key, noise, chance)
    quotes = {s: replace(picture.quotes["IWM"], symbol=s) for s in symbols[:KNOWN]}
    return replace(picture, past=past, bars=bars, quotes={**picture.quotes, **quotes})


def _like(bars: Bars, key: Key, noise: float, chance: Random) -> Bars:
    """Return a series that goes roughly as another one does."""
    closes = array("d", (close * (1 + chance.gauss(0, noise)) for close in bars.close))
    return replace(bars, key=key, close=closes)
