"""What the watchlist shows: one row a symbol, in the order of the user's list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import msgspec
from rich.cells import cell_len

from market.quotes import Key, Kind, Phase
from market.reports import ErrorKind
from market.sessions import exchange_date
from market.snapshot import Snapshot
from widgets.mark import CAUSES
from widgets.strips import MISSING, plain, price, signed
from widgets.trend import trend_of
from widgets.values import Value, is_old, number_of, value_of

EARNINGS_NEAR = 14
"""Days before a company's report from which on its row says so."""
BESIDE = ("1M", "YTD")
"""Windows of the returns that stand beside the day's where there is room."""
_KINDS = (Kind.TRACE, Kind.INTRADAY, Kind.QUOTE, Kind.CLOSES, Kind.DAILY)


class WatchRow(msgspec.Struct, frozen=True):
    """One watched symbol."""

    symbol: str
    name: str
    decimals: int
    last: Value
    change: Value
    day: Value
    extended_last: Value
    """Newest print outside regular hours; known only outside them."""
    extended: Value
    """Its return since the regular price."""
    tag: str
    """`pre` or `post`."""
    trend: tuple[float, ...]
    relative_volume: Value
    position: Value
    returns: tuple[tuple[str, Value], ...]
    """Over longer windows, where there is room."""
    relative: Value
    """The day's return less the index's."""
    old: bool
    report_in: int | None = None
    """Days to the company's next report, where that is near."""
    notes: tuple[str, ...] = ()
    """Why there is no price, said ever shorter; empty when there is one."""
    is_halted: bool = False
    """Whether an exchange has halted its trading."""


class ListView(msgspec.Struct, frozen=True):
    """What the rows of a list have in common: the room that their longest words and numbers need.

    It is found without making the rows, of which most are out of sight.
    """

    symbol: int = 0
    name: int = 0
    last: int = 0
    change: int = 0
    extended_last: int = 0
    tags: frozenset[str] = frozenset()
    """Of the prints outside regular hours; of none there is no column."""
    has_reports: bool = False
    """Whether a company's next report is near."""


def list_view(snapshot: Snapshot, symbols: Sequence[str]) -> ListView:
    """Return what the rows of a list have in common."""
    cast = snapshot.cast
    listed = [(cast[symbol].slug, decimals_of(snapshot, symbol)) for symbol in symbols]
    tags = _tags(snapshot, [slug for slug, _ in listed])
    return ListView(
        symbol=max((len(s) + 2 * is_halted(snapshot, s) for s in symbols), default=0),
        name=max((cell_len(name_of(snapshot, s)) for s in symbols), default=0),
        last=_longest(snapshot, "last", listed, price),
        change=_longest(snapshot, "change", listed, signed),
        extended_last=_longest(snapshot, "extended.last", listed, price) if tags else 0,
        tags=tags,
        has_reports=any(days_to_report(snapshot, s) is not None for s in symbols),
    )


def _longest(
    snapshot: Snapshot,
    figure: str,
    listed: Iterable[tuple[str, int]],
    form: Callable[[float | None, int], str],
) -> int:
    """Return how long the longest of some numbers is: the greatest or the least of its decimals."""
    numbers: dict[int, list[float]] = {}
    for slug, decimals in listed:
        number = number_of(snapshot.reading(f"{slug}.{figure}"))
        if number is not None:
            numbers.setdefault(decimals, []).append(number)
    ends = (form(end(some), n) for n, some in numbers.items() for end in (min, max))
    return max(map(len, ends), default=0)


def _tags(snapshot: Snapshot, slugs: Sequence[str]) -> frozenset[str]:
    if snapshot.session.phase is Phase.REGULAR:
        return frozenset()
    known = [s for s in slugs if number_of(snapshot.reading(f"{s}.extended.return")) is not None]
    return frozenset(_tag(snapshot, slug) for slug in known)


def _tag(snapshot: Snapshot, slug: str) -> str:
    tag = snapshot.reading(f"{slug}.extended.phase").value
    return tag if isinstance(tag, str) else ""


def watch_row(snapshot: Snapshot, symbol: str, window: str) -> WatchRow:
    """Return the row of a symbol, known or not."""
    instrument = snapshot.cast[symbol]
    old = is_old(snapshot, f"{instrument.slug}.last")

    def value(name: str) -> Value:
        reading = snapshot.reading(f"{instrument.slug}.{name}")
        return Value(number_of(reading), old=old, reason=plain(reading.reason))

    last = value("last")
    return WatchRow(
        symbol,
        name_of(snapshot, symbol),
        decimals_of(snapshot, symbol),
        last,
        value("change"),
        value("return.1d"),
        *_outside(snapshot, instrument.slug),
        trend_of(snapshot, symbol, window),
        value("relative_volume"),
        value("range52w.position"),
        tuple((w, value(f"return.{w.lower()}")) for w in BESIDE),
        value("relative.1d"),
        old,
        days_to_report(snapshot, symbol),
        () if last.known else _notes(snapshot, symbol, last.reason),
        is_halted(snapshot, symbol),
    )


def _outside(snapshot: Snapshot, slug: str) -> tuple[Value, Value, str]:
    """Return price, return and tag of the newest print outside regular hours; nothing in them."""
    if snapshot.session.phase is Phase.REGULAR:
        return Value(), Value(), ""
    last, moved = (value_of(snapshot, f"{slug}.extended.{name}") for name in ("last", "return"))
    return last, moved, _tag(snapshot, slug)


def price_names(snapshot: Snapshot, symbols: Sequence[str]) -> list[str]:
    """Return the metrics that tell how old a list's prices are.

    They are the prints of the hours under way if there are any, else the last regular prices.
    """
    slugs = [snapshot.cast[symbol].slug for symbol in symbols]
    hours = snapshot.session.phase.value
    prints = [s for s in slugs if snapshot.reading(f"{s}.extended.phase").value == hours]
    return [f"{slug}.extended.last" for slug in prints] or [f"{slug}.last" for slug in slugs]


def is_halted(snapshot: Snapshot, symbol: str) -> bool:
    """Return whether an exchange has halted a stock, as far as is known."""
    halts = snapshot.studies.halts
    return halts is not None and halts.of(symbol, snapshot.now) is not None


def days_to_report(snapshot: Snapshot, symbol: str) -> int | None:
    """Return in how many days a company reports; None if that is not near, or not known."""
    agenda = snapshot.studies.agenda
    report = None if agenda is None else agenda.reports.get(symbol)
    days = -1 if report is None else (report.day - exchange_date(snapshot.now)).days
    return days if 0 <= days <= EARNINGS_NEAR else None


def name_of(snapshot: Snapshot, symbol: str) -> str:
    """Return a symbol's name: the cast's, else the quote page's, without control characters."""
    details = snapshot.details.get(symbol)
    return snapshot.cast[symbol].name or plain(details.name if details else "", 80)


def decimals_of(snapshot: Snapshot, symbol: str) -> int:
    """Return the decimals of a symbol's prices: the quote page's hint, else the cast's."""
    details = snapshot.details.get(symbol)
    hint = details.price_decimals if details is not None else None
    return snapshot.cast[symbol].decimals if hint is None else min(6, max(0, hint))


def why_absent(snapshot: Snapshot, symbol: str, fallback: str) -> str:
    """Return why a symbol has no price: what the sources said, else what is waited for."""
    return plain(_told(snapshot, symbol)[1] or fallback)


def _told(snapshot: Snapshot, symbol: str) -> tuple[str, str]:
    """Return what the sources said of a symbol: the kind of failure in a word, and the reason."""
    keys = [Key(kind, symbol) for kind in (*_KINDS, Kind.DETAILS)]
    said = next((snapshot.absences[k] for k in keys if k in snapshot.absences), "")
    if said:
        return CAUSES[ErrorKind.ABSENT].word, said
    failed = next((snapshot.troubles[k] for k in keys if k in snapshot.troubles), None)
    return ("", "") if failed is None else (CAUSES[failed.kind].word, failed.text)


def _notes(snapshot: Snapshot, symbol: str, fallback: str) -> tuple[str, ...]:
    """Return why there is no price as a sentence, and as a word for narrow lists."""
    word, reason = _told(snapshot, symbol)
    whole = plain(reason or fallback)
    wordings = (f"{word}: {whole}", whole, word) if word else (whole, "waiting")
    return tuple(f"{MISSING} {text}" for text in wordings)
