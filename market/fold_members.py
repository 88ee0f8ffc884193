"""Folding what is known of the index's members: holdings, listings, profiles, their past."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from market.census import Group
from market.holdings import Holdings, Listings
from market.instruments import TRACKER, Cast, Instrument, Role
from market.merging import merged_details, merged_quote
from market.past import is_one_session_on, joined_past
from market.quotes import Bars, Key, Kind, Profile, Quote
from market.reports import Arrived, Restored
from market.snapshot import Snapshot

if TYPE_CHECKING:
    from market.documents import Document
    from market.studies import Studies

OF_MEMBERS = frozenset({Kind.PAST, Kind.PAST_BARS})
KEPT_FILES = 400
"""Days of holdings files that are remembered: a year and a half of sessions."""


def shown_bars(bars: Iterable[Bars]) -> Iterator[tuple[Key, Bars]]:
    """Yield the bars that somebody looks at; those of members go into the past."""
    return ((b.key, b) for b in bars if b.key.kind not in OF_MEMBERS)


def members_news(snapshot: Snapshot, report: Arrived) -> dict[str, Any]:
    """Return the fields of a snapshot that an answer about members changes."""
    changes: dict[str, Any] = {}
    if report.holdings:
        changes |= _with_files(snapshot, report.holdings)
    if report.listings is not None:
        changes["listings"] = younger_listings(snapshot.listings, report.listings)
    if report.profiles:
        changes["profiles"] = _with_profiles(snapshot.profiles, report.profiles)
    if any(b.key.kind in OF_MEMBERS for b in report.bars):
        changes["past"] = _with_past(snapshot.past, report.bars)
    return changes


def with_restored(snapshot: Snapshot, kept: Restored) -> Snapshot:
    """Return the snapshot with what the archive kept, which is older than any answer."""
    listings = kept.listings
    if listings is not None and snapshot.listings is not None:
        listings = younger_listings(listings, snapshot.listings)
    known = (*snapshot.holdings.values(), *snapshot.earlier_holdings)
    return replace(
        snapshot,
        **_with_files(snapshot, (*kept.holdings, *known)),
        listings=listings or snapshot.listings,
        profiles={**kept.profiles, **snapshot.profiles},
        past={**kept.past, **snapshot.past},
        documents=_with_kept(snapshot, kept),
        studies=_with_options(snapshot.studies, kept),
        fetched={**kept.fetched, **snapshot.fetched},
    )


def _with_kept(snapshot: Snapshot, kept: Restored) -> Mapping[Key, Document]:
    """The documents of the archive, and over them what has come since."""
    from market.documents import with_documents

    before: Mapping[Key, Document] = {document.key: document for document in kept.documents}
    return with_documents(before, tuple(snapshot.documents.values()))


def _with_options(known: Studies, kept: Restored) -> Studies:
    """What the archive's option chains said, and over it what was worked out since."""
    from market.option_study import OptionStudy

    since = known.options or OptionStudy({})
    chains = {**kept.options, **since.chains}
    return replace(known, options=OptionStudy(chains)) if chains else known


def with_completed(known: Mapping[str, Bars], completed: Iterable[Bars]) -> dict[str, Bars]:
    """Return the past with the session that the listings completed.

    It was worked out from an older picture; what a feed has said of a member since then counts.
    """
    merged = dict(known)
    for bars in completed:
        told = merged.get(bars.key.symbol)
        if told is not None and not is_one_session_on(told, bars):
            merged[bars.key.symbol] = joined_past(bars, told)
        else:
            merged[bars.key.symbol] = bars
    return merged


def younger_listings(known: Listings | None, news: Listings) -> Listings:
    """Return the younger of two; one that says the same as before is no news and as old."""
    if known is None:
        return news
    older, newer = sorted((known, news), key=lambda listings: listings.as_of)
    return older if _says(older) == _says(newer) else newer


def _says(listings: Listings) -> tuple[tuple[str, ...], bytes, bytes, bytes]:
    """The content by which two are alike; bytes, since a missing number equals no other."""
    columns = (listings.last, listings.change, listings.volume)
    last, change, volume = (column.tobytes() for column in columns)
    return listings.symbols, last, change, volume


def with_groups(cast: Cast, groups: Sequence[Group]) -> Cast:
    """Return the cast with the groups of a census for its groups; the same if nothing changed."""
    wanted = {group.symbol: _instrument(group) for group in groups}
    if wanted == {i.symbol: i for i in cast.of(Role.GROUP)}:
        return cast
    others = {s: i for s, i in cast.by_symbol.items() if i.role is not Role.GROUP}
    return Cast({**others, **wanted})


def _instrument(group: Group) -> Instrument:
    return Instrument(
        symbol=group.symbol,
        slug=group.slug,
        name=group.rule or group.name,
        group=group.name,
        role=Role.GROUP,
        sector=group.sector,
        sources=(),
    )


def _with_files(snapshot: Snapshot, files: Iterable[Holdings]) -> dict[str, Any]:
    """Return the newest file of each fund, and the tracker's earlier ones."""
    newest = dict(snapshot.holdings)
    days = {file.day: file for file in snapshot.earlier_holdings}
    for file in files:
        if file.fund == TRACKER:
            days[file.day] = file
        if file.fund not in newest or file.day >= newest[file.fund].day:
            newest[file.fund] = file
    if TRACKER in newest:
        days.pop(newest[TRACKER].day, None)
        for old in (snapshot.holdings.get(TRACKER),):
            if old is not None and old.day != newest[TRACKER].day:
                days.setdefault(old.day, old)
    earlier = tuple(days[day] for day in sorted(days, reverse=True)[:KEPT_FILES])
    return {"holdings": newest, "earlier_holdings": earlier}


def _with_profiles(known: Mapping[str, Profile], news: Iterable[Profile]) -> dict[str, Profile]:
    merged = dict(known)
    for profile in news:
        before = merged.get(profile.symbol)
        merged[profile.symbol] = profile if before is None else _joined(before, profile)
    return merged


def _joined(known: Profile, news: Profile) -> Profile:
    details = merged_details(known.details, news.details)
    return Profile(symbol=news.symbol, quote=_of_both(known.quote, news.quote), details=details)


def _of_both(known: Quote | None, news: Quote | None) -> Quote | None:
    if known is None or news is None:
        return news or known
    return merged_quote(known, news)


def _with_past(known: Mapping[str, Bars], news: Iterable[Bars]) -> dict[str, Bars]:
    merged = dict(known)
    for bars in news:
        if bars.key.kind in OF_MEMBERS:
            symbol = bars.key.symbol
            merged[symbol] = joined_past(merged.get(symbol), bars)
    return merged
