"""fold(snapshot, report, now) -> snapshot. No I/O, no clock, no screen.

Folding is order-independent for values: of two prices the younger wins, whichever is
folded first, so a late answer never overwrites a newer one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from market.health import FeedHealth, Trouble
from market.quotes import Bars, Details, Key, Quote
from market.reports import Arrived, Computed, Failed, Report
from market.sessions import exchange_date, session_state
from market.snapshot import Snapshot

V = TypeVar("V")


def fold(snapshot: Snapshot, report: Report, now: datetime) -> Snapshot:
    """Return the snapshot after one report, seen at `now`."""
    seen = replace(snapshot, now=now, session=session_state(now))
    match report:
        case Arrived():
            return _arrived(seen, report)
        case Failed():
            return _failed(seen, report)
        case Computed():
            return replace(seen, readings={**seen.readings, **report.readings})


def _arrived(snapshot: Snapshot, report: Arrived) -> Snapshot:
    answered = set(report.keys)
    gone = {a.key: a.reason for a in report.absent}
    return replace(
        snapshot,
        quotes=_merged_quotes(snapshot.quotes, report.quotes),
        details=_merged_details(snapshot.details, report.details),
        bars=_merged_bars(snapshot.bars, report.bars),
        feeds=_with_health(snapshot.feeds, report),
        fetched={**snapshot.fetched, **dict.fromkeys(report.keys, report.at)},
        troubles=_without(snapshot.troubles, answered),
        absences=_without(snapshot.absences, answered) | gone,
        restored_at=None,
    )


def _failed(snapshot: Snapshot, report: Failed) -> Snapshot:
    troubles = dict(snapshot.troubles)
    for key in report.exhausted:
        known = troubles.get(key)
        since = known.since if known is not None else report.at
        troubles[key] = Trouble(report.kind, report.text, report.feed, since, report.retry_at)
    return replace(snapshot, feeds=_with_health(snapshot.feeds, report), troubles=troubles)


def _with_health(
    feeds: Mapping[str, FeedHealth], report: Arrived | Failed
) -> Mapping[str, FeedHealth]:
    health = feeds.get(report.feed, FeedHealth(report.feed))
    return {**feeds, report.feed: health.after(report)}


def _merged_quotes(known: Mapping[str, Quote], news: Iterable[Quote]) -> Mapping[str, Quote]:
    merged = dict(known)
    for quote in news:
        merged[quote.symbol] = _newer_quote(merged.get(quote.symbol), quote)
    return merged


def _newer_quote(known: Quote | None, news: Quote) -> Quote:
    """Keep the younger price; fill from the older what only it knows of the same session."""
    if known is None:
        return news
    older, newer = sorted((known, news), key=_quote_order)
    extended = max(
        (q.extended for q in (older, newer) if q.extended is not None),
        key=lambda e: e.as_of,
        default=None,
    )
    if exchange_date(older.as_of) != exchange_date(newer.as_of):
        return replace(newer, extended=extended)
    return replace(
        newer,
        open=_first(newer.open, older.open),
        high=_first(newer.high, older.high),
        low=_first(newer.low, older.low),
        volume=_first(newer.volume, older.volume),
        reported_previous_close=_first(
            newer.reported_previous_close, older.reported_previous_close
        ),
        extended=extended,
    )


def _quote_order(quote: Quote) -> tuple[datetime, int, str, float]:
    """Order by age; of two of one instant the less delayed, then a fixed order, wins."""
    return quote.as_of, -quote.delay_s, quote.source, quote.last


def _first(newer: float | None, older: float | None) -> float | None:
    return newer if newer is not None else older


def _merged_details(known: Mapping[str, Details], news: Iterable[Details]) -> Mapping[str, Details]:
    merged = dict(known)
    for details in news:
        old = merged.get(details.symbol)
        if old is None or (details.as_of, details.source) >= (old.as_of, old.source):
            merged[details.symbol] = details
    return merged


def _merged_bars(known: Mapping[Key, Bars], news: Iterable[Bars]) -> Mapping[Key, Bars]:
    merged = dict(known)
    for bars in news:
        old = merged.get(bars.key)
        if old is None or (bars.as_of, len(bars)) >= (old.as_of, len(old)):
            merged[bars.key] = bars
    return merged


def _without(mapping: Mapping[Key, V], keys: set[Key]) -> dict[Key, V]:
    return {k: v for k, v in mapping.items() if k not in keys}
