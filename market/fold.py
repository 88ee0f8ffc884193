"""fold(snapshot, report, now) -> snapshot. No I/O, no clock, no screen.

Folding is order-independent for values: of two prices the younger wins, whichever is
folded first, so a late answer never overwrites a newer one. Reports of failures and answers
count by their own time too, as far as the snapshot can tell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from msgspec.structs import replace

from market.first_look import prices_of_members
from market.fold_members import (
    members_news,
    shown_bars,
    with_completed,
    with_groups,
    with_restored,
)
from market.fold_ticks import sorted_out, ticks_beside
from market.health import FeedHealth, Trouble, first_of, is_overtaken
from market.merging import merged_bars, merged_details, merged_quote
from market.quotes import Key, Quote
from market.reports import NOBODY, Arrived, Asked, Computed, Failed, Report, Restored
from market.sessions import session_state
from market.snapshot import Serving, Snapshot

if TYPE_CHECKING:
    from market.documents import Document

K = TypeVar("K")
V = TypeVar("V")


def fold(snapshot: Snapshot, report: Report, now: datetime) -> Snapshot:
    """Return the snapshot after one report, seen at `now`."""
    seen = replace(snapshot, now=now, session=session_state(now))
    match report:
        case Asked():
            return replace(seen, feeds=_with_asked(seen, report.feed))
        case Arrived():
            return _arrived(seen, report)
        case Failed():
            return _failed(seen, report)
        case Computed():
            return _computed(seen, report)
        case Restored():
            return with_restored(seen, report)


def _arrived(snapshot: Snapshot, report: Arrived) -> Snapshot:
    now, fetched = snapshot.now, snapshot.fetched
    quotes, ticks = sorted_out(snapshot, report)
    newest = {k for k in report.keys if not is_overtaken(report.at, fetched.get(k), now)}
    failed_since = {k for k in newest if _failed_since(snapshot, k, report.at)}
    gone = {a.key: a.reason for a in report.absent if a.key in newest}
    return replace(
        snapshot,
        quotes=_with_quotes(snapshot, quotes),
        ticks=ticks,
        details=_merged(snapshot.details, ((d.symbol, d) for d in report.details), merged_details),
        bars=_merged(snapshot.bars, shown_bars(report.bars), merged_bars),
        **members_news(snapshot, report),
        feeds=_with_health(snapshot, report),
        fetched={**fetched, **dict.fromkeys(newest, report.at)},
        serving={**snapshot.serving, **_serving(snapshot, report, quotes)},
        troubles=_without(snapshot.troubles, newest - failed_since),
        absences=_without(snapshot.absences, newest) | gone,
        documents=_with_documents(snapshot, report),
        restored_at=snapshot.restored_at if report.feed == NOBODY else None,
    )


def _with_documents(snapshot: Snapshot, report: Arrived) -> Mapping[Key, Document]:
    if not report.documents:
        return snapshot.documents
    from market.documents import with_documents

    return with_documents(snapshot.documents, report.documents)


def _computed(snapshot: Snapshot, report: Computed) -> Snapshot:
    readings = {**snapshot.readings, **report.readings}
    board = snapshot.scoreboard if report.scoreboard is None else report.scoreboard
    snapshot = replace(snapshot, scoreboard=board)
    studies = snapshot.studies if report.studies is None else report.studies
    if report.census is None:
        return replace(snapshot, readings=readings, studies=studies)
    looked_at = prices_of_members(report.census, snapshot.quotes, snapshot.profiles)
    return replace(
        snapshot,
        readings=readings,
        studies=studies,
        census=report.census,
        cast=with_groups(snapshot.cast, report.census.groups),
        quotes={**snapshot.quotes, **looked_at, **{q.symbol: q for q in report.quotes}},
        ticks=ticks_beside(report.census, snapshot),
        bars={**snapshot.bars, **{b.key: b for b in report.bars}},
        past=with_completed(snapshot.past, report.past),
    )


def _with_quotes(snapshot: Snapshot, news: Iterable[Quote]) -> Mapping[str, Quote]:
    """Return the quotes after an answer; a member's may be older than what the census tells."""
    told = tuple(news)
    merged = _merged(snapshot.quotes, ((q.symbol, q) for q in told), merged_quote)
    if snapshot.census is None or not told:
        return merged
    members = {q.symbol: merged[q.symbol] for q in told}
    return {**merged, **prices_of_members(snapshot.census, members, snapshot.profiles)}


def _serving(snapshot: Snapshot, report: Arrived, quotes: Iterable[Quote]) -> dict[str, Serving]:
    """Return the symbols of which nobody has said a price later; at once, the least delayed."""
    told = {q.symbol: Serving(report.feed, report.at, q.delay_s) for q in quotes}
    known = snapshot.serving
    return {
        symbol: news
        for symbol, news in told.items()
        if symbol not in known or _is_later(news, known[symbol], snapshot.now)
    }


def _is_later(news: Serving, known: Serving, now: datetime) -> bool:
    is_younger = (news.at, -news.delay_s, news.feed) >= (known.at, -known.delay_s, known.feed)
    return is_younger or known.at > now


def _failed(snapshot: Snapshot, report: Failed) -> Snapshot:
    troubles = dict(snapshot.troubles)
    blames = {blame.key: blame for blame in report.blames}
    for key in report.exhausted:
        if is_overtaken(report.at, snapshot.fetched.get(key), snapshot.now):
            continue
        known = troubles.get(key)
        since = first_of(report.at, known.since if known is not None else None)
        told = blames.get(key, report)
        troubles[key] = Trouble(told.kind, told.text, told.feed, since, told.retry_at)
    return replace(snapshot, feeds=_with_health(snapshot, report), troubles=troubles)


def _failed_since(snapshot: Snapshot, key: Key, at: datetime) -> bool:
    """Return whether a datum has been failing only after `at`."""
    trouble = snapshot.troubles.get(key)
    return trouble is not None and is_overtaken(at, trouble.since, snapshot.now)


def _with_health(snapshot: Snapshot, report: Arrived | Failed) -> Mapping[str, FeedHealth]:
    if report.feed == NOBODY:
        return snapshot.feeds
    health = snapshot.feeds.get(report.feed, FeedHealth(report.feed))
    return {**snapshot.feeds, report.feed: health.after(report, snapshot.now)}


def _with_asked(snapshot: Snapshot, feed: str) -> Mapping[str, FeedHealth]:
    health = snapshot.feeds.get(feed, FeedHealth(feed))
    return {**snapshot.feeds, feed: replace(health, is_asked=True)}


def _merged(
    known: Mapping[K, V], news: Iterable[tuple[K, V]], merge: Callable[[V, V], V]
) -> Mapping[K, V]:
    merged = dict(known)
    for name, value in news:
        merged[name] = merge(merged[name], value) if name in merged else value
    return merged


def _without(mapping: Mapping[Key, V], keys: set[Key]) -> dict[Key, V]:
    return {k: v for k, v in mapping.items() if k not in keys}
