"""Dividends, capital gains and splits from a chart's events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import msgspec

from market.feeds.yahoo.decoding import decode, salvage
from market.feeds.yahoo.series import instant, price
from market.feeds.yahoo.wire import Distribution, Events, Split
from market.reports import FeedError

T = TypeVar("T")
Dated = tuple[tuple[int, float], ...]
"""(Unix seconds of the ex-date, amount or ratio), oldest first."""


def events_of(raw: msgspec.Raw, what: str) -> tuple[Dated, Dated, list[str]]:
    """Return distributions, splits, and a sentence for each event that cannot be read.

    A fund's capital gain is paid out like a dividend and counts as one; what is paid on the
    same day is added up.
    """
    if bytes(raw) == b"null":
        return (), (), []
    try:
        events, lost_kinds = salvage(raw, Events, f"{what} (events)")
    except FeedError as error:
        return (), (), [error.text]
    dividends, lost = _read(events.dividends, Distribution, f"{what} (dividends)")
    gains, lost_gains = _read(events.capital_gains, Distribution, f"{what} (capitalGains)")
    splits, lost_splits = _read(events.splits, Split, f"{what} (splits)")
    paid: dict[int, float] = {}
    for each in (*dividends, *gains):
        if instant(each.date) and price(each.amount):
            paid[each.date] = paid.get(each.date, 0.0) + each.amount
    ratios = {s.date: r for s in splits if instant(s.date) and (r := _ratio(s)) is not None}
    all_lost = [*lost_kinds, *lost, *lost_gains, *lost_splits]
    return tuple(sorted(paid.items())), tuple(sorted(ratios.items())), all_lost


def _read(
    entries: Mapping[str, msgspec.Raw] | None, kind: type[T], what: str
) -> tuple[list[T], list[str]]:
    found: list[T] = []
    lost: list[str] = []
    for entry in (entries or {}).values():
        try:
            found.append(decode(entry, kind, what))
        except FeedError as error:
            lost.append(error.text)
    return found, lost


def _ratio(split: Split) -> float | None:
    """New shares per old share."""
    old = price(split.denominator)
    return price(split.numerator / old) if old is not None else None
