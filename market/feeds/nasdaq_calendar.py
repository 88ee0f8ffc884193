"""Nasdaq's calendars of a day: who reports earnings, and which economic releases there are.

Two quirks of the economic calendar, found by everybody who reads it: asked for a date it gives
the releases of the day before, and its column `gmt` holds New York time. Releases by the month
and by the year share one name; the one by the month stands first.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta

import msgspec
from msgspec.structs import replace

from market.agenda import EarningsDay, Release, Releases
from market.earnings import Earnings, Timing
from market.feeds.nasdaq_status import Status, require_success
from market.feeds.responses import require_data
from market.feeds.text import plain
from market.quotes import Key, Kind
from market.reports import ErrorKind, FeedError
from market.sessions import NEW_YORK
from market.spellings import yahoo_of_nasdaq

SOURCE = "nasdaq"
PATHS = {Kind.EARNINGS: "/calendar/earnings", Kind.RELEASES: "/calendar/economicevents"}
US = "US"
SHIFT = timedelta(days=1)
"""The economic calendar asked for a date answers with the New York day before it."""
MOST_ROWS = 5000
"""A day has some hundred rows."""
LARGEST = 1e6
"""No result a share is beyond this, US dollars."""

_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_BLANK = frozenset({"", "N/A", "NA", "--", "-", "—"})
_TIMINGS = {
    "time-pre-market": Timing.BEFORE_OPEN,
    "time-after-hours": Timing.AFTER_CLOSE,
}
_COUNTRIES = frozenset({"united states", "us", "usa"})
_SYMBOL = re.compile(r"[A-Z][A-Z0-9]{0,11}(?:-[A-Z0-9]{1,6})?", re.ASCII)
_AMOUNT = re.compile(r"(\()?(-)?\$?(-)?(\d{1,9}(?:\.\d{1,6})?|\.\d{1,6})(\))?", re.ASCII)
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)


class _Row(msgspec.Struct):
    """A row of either calendar: what is not text is left out."""

    symbol: str = ""
    name: str = ""
    time: str = ""
    fiscalQuarterEnding: str = ""  # noqa: N815  the wire's own name
    epsForecast: str = ""  # noqa: N815  the wire's own name
    noOfEsts: str = ""  # noqa: N815  the wire's own name
    eps: str = ""
    gmt: str = ""
    country: str = ""
    eventName: str = ""  # noqa: N815  the wire's own name
    actual: str = ""
    consensus: str = ""
    previous: str = ""


class _Table(msgspec.Struct):
    rows: list[dict[str, object]] | None = None


class _Envelope(msgspec.Struct):
    data: _Table | None = None
    message: str | None = None
    status: Status | None = None


def is_day(span: str) -> bool:
    """Return whether the span of a key is a day: 2026-11-24."""
    try:
        return date.fromisoformat(span).isoformat() == span
    except ValueError:
        return False


def asked_date(key: Key) -> str:
    """Return the date that Nasdaq is asked for to get the day of a key."""
    if key.kind is Kind.EARNINGS:
        return key.span
    return (date.fromisoformat(key.span) + SHIFT).isoformat()


def read_earnings(body: bytes, key: Key, now: datetime) -> tuple[EarningsDay, tuple[str, ...]]:
    """Return who reports on the key's day, and a sentence for each row that was left out.

    Raises:
        FeedError: refused (a web page), limited, unreachable, garbled.
    """
    day = date.fromisoformat(key.span)
    lost: list[str] = []
    found: dict[str, Earnings] = {}
    for row in _rows(body, "earnings calendar"):
        symbol = yahoo_of_nasdaq(row.symbol)
        if not _SYMBOL.fullmatch(symbol):
            lost.append(f"{plain(row.symbol)[:24] or 'a row'} of Nasdaq's earnings is no symbol")
        else:
            found.setdefault(symbol, _report(row, symbol, day))
    rows = tuple(found[symbol] for symbol in sorted(found))
    return EarningsDay(key=key, source=SOURCE, fetched_at=now, day=day, rows=rows), _told(lost)


def _report(row: _Row, symbol: str, day: date) -> Earnings:
    return Earnings(
        symbol=symbol,
        name=plain(row.name),
        day=day,
        timing=_TIMINGS.get(row.time.strip(), Timing.UNKNOWN),
        quarter=_worded(row.fiscalQuarterEnding),
        estimate=dollars(row.epsForecast),
        estimates=_count(row.noOfEsts),
        actual=dollars(row.eps),
    )


def read_releases(body: bytes, key: Key, now: datetime) -> tuple[Releases, tuple[str, ...]]:
    """Return the economic releases of the United States on the key's day, by time.

    Raises:
        FeedError: refused (a web page), limited, unreachable, garbled.
    """
    day = date.fromisoformat(key.span)
    rows = [r for r in _rows(body, "economic calendar") if _is_american(r)]
    named = [row for row in rows if _worded(row.eventName)]
    nameless = (f"a release of {day:%d %b} has no `eventName`" for _ in rows[len(named) :])
    releases = _with_periods([_release(row, day) for row in named])
    told = tuple(sorted(releases, key=when))
    return Releases(key=key, source=SOURCE, fetched_at=now, rows=told), _told(list(nameless))


def when(release: Release) -> tuple[date, datetime]:
    """Return what releases are sorted by: those without a time come first on their day."""
    return release.day, release.at or datetime.min.replace(tzinfo=UTC)


def _is_american(row: _Row) -> bool:
    return row.country.strip().casefold() in _COUNTRIES


def _release(row: _Row, day: date) -> Release:
    return Release(
        title=_worded(row.eventName),
        country=US,
        day=day,
        at=_at(row.gmt, day),
        previous=_worded(row.previous),
        consensus=_worded(row.consensus),
        actual=_worded(row.actual),
    )


def _at(words: str, day: date) -> datetime | None:
    """Read New York time; "All Day" and "Tentative" are none."""
    if (found := _CLOCK.fullmatch(words.strip())) is None:
        return None
    at = time(int(found[1]), int(found[2]))
    return datetime.combine(day, at, NEW_YORK).astimezone(UTC)


def _with_periods(releases: Sequence[Release]) -> Iterator[Release]:
    """Name the two releases in percent that share name and time: the month's, then the year's."""
    count = Counter((r.title, r.at) for r in releases)
    seen: Counter[tuple[str, datetime | None]] = Counter()
    for release in releases:
        same = release.title, release.at
        seen[same] += 1
        if count[same] == 2 and "%" in release.actual + release.consensus + release.previous:
            period = "m/m" if seen[same] == 1 else "y/y"
            yield replace(release, title=f"{release.title} {period}")
        else:
            yield release


def dollars(words: str) -> float | None:
    """Return an amount: "$1.12" -> 1.12, "($0.12)" -> -0.12; None where there is none."""
    bare = words.strip().replace(",", "")
    if (found := _AMOUNT.fullmatch(bare)) is None or bool(found[1]) != bool(found[5]):
        return None
    value = float(found[4])
    if value > LARGEST:
        return None
    return -value if found[1] or found[2] or found[3] else value


def _count(words: str) -> int | None:
    bare = words.strip()
    return int(bare) if bare.isascii() and bare.isdecimal() and len(bare) < 4 else None


def _worded(words: str) -> str:
    """Return a text without what only stands for a blank: "&nbsp;"."""
    shown = plain(html.unescape(words))
    return "" if shown in _BLANK else shown


def _rows(body: bytes, what: str) -> Iterable[_Row]:
    """Return the rows of an answer; none where Nasdaq says that it has no record of the day."""
    require_data(body, "Nasdaq", f"its {what}", _garbled(what, "it is empty"))
    try:
        envelope = msgspec.json.decode(body, type=_Envelope)
    except msgspec.ValidationError as error:
        raise _garbled(what, plain(str(error))) from None
    except _UNREADABLE as error:
        why = "it is cut short" if "truncated" in str(error) else "it is no JSON"
        raise _garbled(what, why) from None
    require_success(envelope.status, envelope.message, what)
    if envelope.data is None and not (envelope.status and envelope.status.has_no_record):
        raise _garbled(what, "it has no `data`")
    rows = envelope.data.rows if envelope.data is not None else None
    return map(_row, (rows or [])[:MOST_ROWS])


def _row(given: dict[str, object]) -> _Row:
    words = ((name, given.get(name)) for name in _Row.__struct_fields__)
    return _Row(**{name: str(word) for name, word in words if isinstance(word, str | int | float)})


def _garbled(what: str, why: str) -> FeedError:
    return FeedError(ErrorKind.GARBLED, f"Nasdaq's {what} cannot be read: {why}")


def _told(lost: Sequence[str]) -> tuple[str, ...]:
    """Return the first sentences, and one for all others."""
    more = len(lost) - 3
    return (*lost[:3], f"{more} more rows of it were left out") if more > 0 else tuple(lost)
