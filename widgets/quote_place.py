"""A member's place in the index, as lines of the quote panel."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec

from market.instruments import INDEX
from market.snapshot import Snapshot
from widgets.lines import Item, Line, cropped, folded, item, joined, text_of, width_of
from widgets.strips import MISSING, direction, plain, share, signed, volume
from widgets.values import Value, number_of, value_of

FIGURES = (
    "weight", "contribution.1d", "contribution.1m", "contribution.ytd", "dollar_volume", "amihud",
    "sector", "rank.sector", "rank.subsector", "industry", "membership",
)  # fmt: skip
"""Figures of a member's place in the index, by the last part of their names."""
_SPANS = (("contribution.1d", "1D"), ("contribution.1m", "1M"), ("contribution.ytd", "YTD"))


class Place(msgspec.Struct, frozen=True):
    """Where a symbol stands in the index. Contributions are in basis points."""

    figures: Mapping[str, Value]
    """Empty for what is no member."""
    points: Value
    """What it adds to the index's level today."""
    outside: str = ""
    """Why it has no place; empty for members, and for what can be none."""


def place_of(snapshot: Snapshot, slug: str) -> Place:
    """Return a symbol's place in the index; a fund's or an index's says nothing at all."""
    weight = snapshot.readings.get(f"{slug}.index.weight")
    if snapshot.census is None or weight is None:
        return Place({}, Value())
    if weight.value is None:
        return Place({}, Value(), plain(weight.reason))
    figures = {name: value_of(snapshot, f"{slug}.index.{name}") for name in FIGURES}
    return Place(figures, _points(snapshot, figures["contribution.1d"]))


def _points(snapshot: Snapshot, contribution: Value) -> Value:
    slug = snapshot.cast[INDEX].slug
    level = number_of(snapshot.reading(f"{slug}.previous_close"))
    if contribution.number is None or level is None:
        return Value(reason=contribution.reason)
    return Value(contribution.number * level / 1e4, old=contribution.old)


def place_lines(place: Place, width: int) -> list[Line]:
    """Return what is known of a place, a few items a line: what has no room gets another line."""
    if place.outside:
        return [((cropped(place.outside, width), "faint"),)]
    if not place.figures:
        return []
    figures = place.figures
    lines = _flowed([_part("weight", figures["weight"], _percent), *_gains(place)], width)
    lines += [((text, "text"),) for text in folded(figures["sector"].word, width, 2)]
    traded = _part("ADV$", figures["dollar_volume"], volume)
    per_million = _part("Amihud", figures["amihud"], _illiquidity, " per $1M")
    words = [_worded(name, figures[name]) for name in ("industry", "membership")]
    return lines + _flowed([*_ranks(figures), traded, per_million, *words], width)


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
    return MISSING if value is None else f"{value:.2g}"


def _worded(label: str, value: Value) -> Item:
    return item((f"{label} ", "faint"), value.run(value.word, "muted")) if value.word else item()


def _ranks(figures: Mapping[str, Value]) -> list[Item]:
    """Return `rank today 3 of 41 in sector`, and then its rank in the sub-sector."""
    places = (("rank.sector", " in sector"), ("rank.subsector", " in sub-sector"))
    known = [(figures[name], where) for name, where in places if figures[name].known]
    return [
        item(("" if n else "rank today ", "faint"), value.run(value.word), (where, "faint"))
        for n, (value, where) in enumerate(known)
    ]
