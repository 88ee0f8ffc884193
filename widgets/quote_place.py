"""A member's place in the index, as lines of the quote panel."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import msgspec

from market.census import LEAST_DOLLARS
from market.instruments import INDEX, TRACKER
from market.snapshot import Snapshot
from widgets.census_mark import are_holdings_late, holdings_in_words
from widgets.lines import Item, Line, cropped, folded, item, joined, text_of, width_of
from widgets.moments import moment
from widgets.strips import MISSING, basis_points, direction, plain, price, share, signed, volume
from widgets.values import Value, number_of, value_of

FIGURES = (
    "weight", "contribution.1d", "contribution.1m", "contribution.ytd", "dollar_volume",
    "median_dollar_volume", "turnover", "amihud", "idle_share", "spread.corwin_schultz",
    "spread.abdi_ranaldo", "sector", "rank.sector", "rank.subsector", "industry", "membership",
    "momentum.21d", "momentum.63d", "momentum.126d", "momentum.12_1",
)  # fmt: skip
"""Figures of a member's place in the index, by the last part of their names."""
_TRACKING = ("1d", "mean.63d", "deviation.63d")
_MOMENTA = ("21d", "63d", "126d")
_SPANS = (("contribution.1d", "1D"), ("contribution.1m", "1M"), ("contribution.ytd", "YTD"))

_BP = 1e4
_COARSE, _LEAST_POINTS = 9.95, 0.001
"""Basis points from which on decimals say nothing, and below which the digits do."""


class Place(msgspec.Struct, frozen=True):
    """Where a symbol stands in the index. Contributions are in basis points."""

    figures: Mapping[str, Value]
    """Empty for what is no member."""
    points: Value
    """What it adds to the index's level today."""
    outside: str = ""
    """Why it has no place; empty for members, and for what can be none."""
    tracking: tuple[Value, ...] = ()
    """Of the index and its tracker: the tracker's return less the index's today, and its mean
    and standard deviation over 63 sessions, fractions."""
    held: str = ""
    """Of which day its weight is, where a newer one is missed."""
    as_of: str = ""
    """When the prices of all members were struck, which its ranks are made of."""


def place_of(snapshot: Snapshot, slug: str) -> Place:
    """Return a symbol's place in the index, of the index and its tracker how near they are."""
    if slug in {snapshot.cast[INDEX].slug, snapshot.cast[TRACKER].slug}:
        tracker = snapshot.cast[TRACKER].slug
        found = (value_of(snapshot, f"{tracker}.tracking.{name}") for name in _TRACKING)
        return Place({}, Value(), tracking=tuple(found))
    weight = snapshot.readings.get(f"{slug}.index.weight")
    if snapshot.census is None or weight is None:
        return Place({}, Value())
    if weight.value is None:
        return Place({}, Value(), plain(weight.reason))
    figures = {name: value_of(snapshot, f"{slug}.index.{name}") for name in FIGURES}
    held = holdings_in_words(snapshot) if are_holdings_late(snapshot) else ""
    as_of = moment(snapshot.census.members.as_of, snapshot.now)
    points = _points(snapshot, figures["contribution.1d"])
    return Place(figures, points, held=held, as_of=as_of)


def _points(snapshot: Snapshot, contribution: Value) -> Value:
    slug = snapshot.cast[INDEX].slug
    level = number_of(snapshot.reading(f"{slug}.previous_close"))
    if contribution.number is None or level is None:
        return Value(reason=contribution.reason)
    return Value(contribution.number * level / _BP, old=contribution.old)


def place_lines(place: Place, width: int) -> list[Line]:
    """Return what is known of a place, a few items a line: what has no room gets another line."""
    if place.outside:
        return [((cropped(place.outside, width), "faint"),)]
    if any(value.known for value in place.tracking):
        return _tracking_lines(place.tracking, width)
    if not place.figures:
        return []
    figures = place.figures
    held = item((place.held, "late")) if place.held else item()
    lines = _flowed([_part("weight", figures["weight"], _percent), held, *_gains(place)], width)
    lines += [((text, "text"),) for text in folded(figures["sector"].word, width, 2)]
    words = [_worded(name, figures[name]) for name in ("industry", "membership")]
    lines += _flowed([*_ranks(place), *_liquidity(figures), *words], width)
    return lines + _flowed(_momenta(figures), width)


def _tracking_lines(tracking: Sequence[Value], width: int) -> list[Line]:
    """Return how far IWM is from the index today, how far it usually is, and what explains it."""
    day, mean, deviation = tracking
    parts = [_basis_points("IWM less RUT", day), _basis_points("63d mean", mean)]
    usual = deviation.run(basis_points(deviation.number, decimals=1).lstrip("+"))
    lines = _flowed([*parts, item(("deviation ", "faint"), usual)], width)
    return lines + [((text, "muted"),) for text in folded(day.reason, width, 2)]


def _basis_points(label: str, value: Value) -> Item:
    text = basis_points(value.number, decimals=1)
    return item((f"{label} ", "faint"), value.run(text, direction(text)))


def _liquidity(figures: Mapping[str, Value]) -> list[Item]:
    """Return how easily it trades; of thin names also what one busy day cannot lift."""
    found = [_part("ADV$", figures["dollar_volume"], volume)]
    thin = figures["dollar_volume"].number
    if thin is not None and thin < LEAST_DOLLARS:
        found.append(_part("median", figures["median_dollar_volume"], volume))
    found.append(_part("turnover", figures["turnover"], _percent))
    found.append(_part("Amihud", figures["amihud"], _illiquidity))
    if figures["idle_share"].number:
        found.append(_part("idle days", figures["idle_share"], share))
    spreads = [figures[f"spread.{proxy}"] for proxy in ("corwin_schultz", "abdi_ranaldo")]
    if any(value.known for value in spreads):
        runs = [value.run(basis_points(value.number).lstrip("+")) for value in spreads]
        found.append(item(("spread proxies ", "faint"), runs[0], (" / ", "faint"), runs[1]))
    return found


def _momenta(figures: Mapping[str, Value]) -> list[Item]:
    """Return its momentum against the index over the leaders' sessions, and its own of 12-1."""
    found: list[Item] = []
    for name in _MOMENTA:
        value = figures[f"momentum.{name}"]
        if value.known:
            lead = "" if found else "momentum vs RUT "
            found.append(item((f"{lead}{name} ", "faint"), value.moved(1, " %")))
    own = figures["momentum.12_1"]
    return [*found, item(("12−1 momentum ", "faint"), own.moved(1, " %"))] if own.known else found


def _flowed(items: Sequence[Item], width: int) -> list[Line]:
    """Return the items side by side, over as many lines as they take; only words are broken."""
    lines: list[Line] = []
    row: list[Item] = []
    for each in (i for i in items if i.runs):
        if row and width_of(joined([i.runs for i in (*row, each)])) > width:
            lines.append(joined([i.runs for i in row]))
            row = []
        if each.width > width:
            lines += [((text, "muted"),) for text in folded(text_of(each.runs), width, 2)]
        else:
            row.append(each)
    return [*lines, joined([i.runs for i in row])] if row else lines


def _gains(place: Place) -> list[Item]:
    """Return contributions in basis points, today's in points too."""
    found: list[Item] = []
    for name, span in _SPANS:
        value = place.figures[name]
        if not value.known:
            continue
        text = signed(value.number, 2)
        found.append(item((f"{span} ", "faint"), value.run(f"{text} bp", direction(text))))
    text = signed(place.points.number, 2)
    if place.points.known:
        found.insert(1, item(place.points.run(f"{text} pts", direction(text))))
    return found


def _part(label: str, value: Value, form: Callable[[float | None], str], unit: str = "") -> Item:
    return item((f"{label} ", "faint"), value.run(form(value.number) + unit))


def _percent(value: float | None) -> str:
    return share(value, 3)


def _illiquidity(value: float | None) -> str:
    """Return how far a million dollars move the price: `0.29 bp per $1M`."""
    if value is None or not math.isfinite(value):
        return MISSING
    points = value * 1e4
    if points >= _COARSE:
        return f"{price(points, 0)} bp per $1M"
    return f"{points:.2g} bp per $1M" if points >= _LEAST_POINTS else "under 0.001 bp per $1M"


def _worded(label: str, value: Value) -> Item:
    return item((f"{label} ", "faint"), value.run(value.word, "muted")) if value.word else item()


def _ranks(place: Place) -> list[Item]:
    """Return `rank today 3 of 41 in sector`, then its rank in the sub-sector, and of which time."""
    figures = place.figures
    places = (("rank.sector", " in sector"), ("rank.subsector", " in sub-sector"))
    known = [(figures[name], where) for name, where in places if figures[name].known]
    ranks = [
        item(("" if n else "rank today ", "faint"), value.run(value.word), (where, "faint"))
        for n, (value, where) in enumerate(known)
    ]
    return [*ranks, item((f"at {place.as_of}", "faint"))] if ranks and place.as_of else ranks
