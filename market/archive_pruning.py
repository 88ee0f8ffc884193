"""Which rows of the archive no metric needs any more: old holdings files, members long gone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from market.documents import Document
from market.holdings import Holdings
from market.instruments import TRACKER
from market.quotes import Bars, Kind, Profile

KEPT = timedelta(days=400)
"""The longest window is a year; its start looks some days further back."""

KEPT_DOCUMENTS = {
    Kind.EARNINGS: timedelta(days=60),
    Kind.RELEASES: timedelta(days=60),
    Kind.HALTS: timedelta(days=7),
    Kind.FILINGS: timedelta(days=30),
    Kind.HEADLINES: timedelta(days=30),
}
"""How long what nobody asked for any more is kept of each kind; of the others as long as all."""


def newest_day(files: Mapping[str, Holdings]) -> date | None:
    """Return the day of the tracker's newest file, by which age is judged; None without any."""
    return max((file.day for file in files.values() if file.fund == TRACKER), default=None)


def outdated_files(files: Mapping[str, Holdings], newest: date) -> frozenset[str]:
    """Return the names of the tracker's files that are too old for the start of any window.

    Of the old ones the newest stays: where files are missing it is the last before the window.
    """
    own = sorted((file.day, name) for name, file in files.items() if file.fund == TRACKER)
    old = [name for day, name in own if day < newest - KEPT]
    return frozenset(old[:-1])


def outdated_past(past: Mapping[str, Bars], newest: date) -> frozenset[str]:
    """Return the symbols of which nothing has been heard for so long: they left the index."""
    last = _instant(newest - KEPT).timestamp()
    return frozenset(s for s, bars in past.items() if not bars or bars.times[-1] < last)


def outdated_profiles(profiles: Mapping[str, Profile], newest: date) -> frozenset[str]:
    """Return the symbols whose quote pages are so old."""
    last = _instant(newest - KEPT)
    return frozenset(s for s, page in profiles.items() if page.details.as_of < last)


def outdated_documents(documents: Mapping[str, Document]) -> frozenset[str]:
    """Return the names of documents that nobody asked for in so long before the newest one."""
    newest = max((each.fetched_at for each in documents.values()), default=None)
    if newest is None:
        return frozenset()
    return frozenset(
        name
        for name, document in documents.items()
        if newest - document.fetched_at > KEPT_DOCUMENTS.get(document.key.kind, KEPT)
    )


def _instant(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
