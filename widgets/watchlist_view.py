"""What the watchlist shows: one row a symbol, in the order of the user's list."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from market.quotes import Key, Kind, Phase
from market.reports import ErrorKind
from market.sessions import exchange_date
from market.snapshot import Snapshot
from widgets.mark import CAUSES
from widgets.strips import MISSING, plain
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


def watch_rows(snapshot: Snapshot, symbols: Sequence[str], window: str) -> tuple[WatchRow, ...]:
    """Return a row for each symbol of a list, known or not."""
    return tuple(_row(snapshot, symbol, window) for symbol in symbols)


def _row(snapshot: Snapshot, symbol: str, window: str) -> WatchRow:
    instrument = snapshot.cast[symbol]
    old = is_old(snapshot, f"{instrument.slug}.last")

    def value(name: str) -> Value:
        reading = snapshot.reading(f"{instrument.slug}.{name}")
        return Value(number_of(reading), old=old, reason=plain(reading.reason))

    last = value("last")
    outside = snapshot.session.phase is not Phase.REGULAR
    tag = snapshot.reading(f"{instrument.slug}.extended.phase").value if outside else None
    return WatchRow(
        symbol,
        name_of(snapshot, symbol),
        decimals_of(snapshot, symbol),
        last,
        value("change"),
        value("return.1d"),
        value_of(snapshot, f"{instrument.slug}.extended.last") if outside else Value(),
        value_of(snapshot, f"{instrument.slug}.extended.return") if outside else Value(),
        tag if isinstance(tag, str) else "",
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
