"""What the quote panel shows of one symbol, worked out of one snapshot."""

from __future__ import annotations

import msgspec

from market.first_readings import with_first_readings
from market.freshness import freshness
from market.instruments import Role
from market.quotes import Phase
from market.snapshot import Snapshot
from widgets.moments import moment
from widgets.quote_place import Place, place_of
from widgets.values import WINDOWS, Value, value_of
from widgets.watchlist_view import decimals_of, name_of, why_absent


class PriceRange(msgspec.Struct, frozen=True):
    """Where the price stands between the lowest and the highest of some time."""

    name: str
    low: Value
    high: Value
    position: Value
    """0 at the low, 1 at the high."""


class QuoteView(msgspec.Struct, frozen=True):
    """All that the quote panel shows of one symbol."""

    symbol: str
    name: str
    decimals: int
    last: Value
    change: Value
    day: Value
    extended: Value
    """The newest print outside regular hours, as long as these last."""
    extended_return: Value
    tag: str
    """`pre` or `post`."""
    struck: str
    """When that print was struck."""
    opening: tuple[tuple[str, Value], ...]
    """Open and previous close."""
    traded: tuple[Value, Value] | None
    """Volume in shares, and against the mean of twenty sessions; None where nothing is traded."""
    averages: tuple[tuple[str, Value], ...]
    session: PriceRange
    year: PriceRange
    """Of 52 weeks."""
    drawdown: Value
    returns: tuple[tuple[str, Value, Value], ...]
    """(window, return, return minus the index's)."""
    place: Place
    """Where it stands in the index: weight, contribution, sector, ranks, liquidity."""
    provenance: str
    """Source, time of the price, its delay."""
    why: str
    """Why there is no price; empty when there is one."""
    is_group: bool = False
    """Whether it is a group of members: its level has no open, no high and low, no volume."""


def view_of(snapshot: Snapshot, symbol: str) -> QuoteView:
    """Return what the quote panel shows of a symbol; of a member at once what its row told."""
    snapshot = with_first_readings(snapshot, symbol)
    slug = snapshot.cast[symbol].slug

    def value(name: str) -> Value:
        return value_of(snapshot, f"{slug}.{name}")

    last = value("last")
    outside = snapshot.session.phase is not Phase.REGULAR
    opening = (("Open", value("open")), ("Prev. close", value("previous_close")))
    is_group = snapshot.cast[symbol].role is Role.GROUP
    return QuoteView(
        symbol=symbol,
        name="" if is_group else name_of(snapshot, symbol),  # its title says it
        decimals=decimals_of(snapshot, symbol),
        last=last,
        change=value("change"),
        day=value("return.1d"),
        extended=value("extended.last") if outside else Value(),
        extended_return=value("extended.return") if outside else Value(),
        tag=value("extended.phase").word if outside else "",
        struck=moment(snapshot.reading(f"{slug}.extended.last").as_of, snapshot.now),
        opening=opening[1:] if is_group else opening,
        traded=None if is_group else _traded(symbol, value("volume"), value("relative_volume")),
        averages=(("50d mean", value("average.50d")), ("200d mean", value("average.200d"))),
        session=session_range(last, value("low"), value("high")),
        year=PriceRange(
            "52w", value("range52w.low"), value("range52w.high"), value("range52w.position")
        ),
        drawdown=value("drawdown"),
        returns=tuple(
            (w, value(f"return.{w.lower()}"), value(f"relative.{w.lower()}")) for w in WINDOWS
        ),
        place=place_of(snapshot, slug),
        provenance=_provenance(snapshot, f"{slug}.last"),
        why="" if last.known else why_absent(snapshot, symbol, last.reason),
        is_group=is_group,
    )


def _traded(symbol: str, shares: Value, relative: Value) -> tuple[Value, Value] | None:
    """Return the volumes. An index has none of its own, though some sources give its members'."""
    return None if symbol.startswith("^") and not shares.known else (shares, relative)


def session_range(last: Value, low: Value, high: Value) -> PriceRange:
    """Return where the price stands within its session; nowhere as long as it has not moved."""
    known = [v.number for v in (last, low, high) if v.number is not None]
    if len(known) < 3 or known[2] <= known[1]:
        return PriceRange("Day", low, high, Value())
    place = (known[0] - known[1]) / (known[2] - known[1])
    return PriceRange("Day", low, high, Value(min(1.0, max(0.0, place)), old=last.old))


def _provenance(snapshot: Snapshot, name: str) -> str:
    fresh = freshness(snapshot, name)
    if fresh.as_of is None:
        return ""
    delay = f", {fresh.delay_s // 60} m delayed" if fresh.delay_s else ""
    return f"{fresh.source} {moment(fresh.as_of, snapshot.now)} ET{delay}"
