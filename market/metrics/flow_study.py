"""The study of fund flows: from the counts of each fund to its creations, sums and their place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache

from msgspec.structs import replace

from market.fund_flow_study import Flows, FlowSum, FundFlows, Ledger
from market.fund_shares import FundDay
from market.funds import BY_SYMBOL, Fund, FundHistory, joined_histories
from market.metrics.catalogue_flows import WINDOWS
from market.metrics.closes import bar_day
from market.metrics.fund_flow_sums import flow_percentile, flow_sum
from market.metrics.fund_flows import ledger, usable_days
from market.metrics.subject import Unknown
from market.quotes import Key, Kind
from market.sessions import session_of
from market.snapshot import Snapshot

AGREES = 0.001
"""Part of a count by which a second source may differ and still bear it out."""
_CLOSES = (Kind.DAILY, Kind.CLOSES)


def reads(key: Key) -> bool:
    """Return whether flows are to be worked out anew after news of a datum."""
    if key.kind is Kind.FUND:
        return True
    return key.symbol in BY_SYMBOL and key.kind in {*_CLOSES, Kind.HOLDINGS}


def flows(snapshot: Snapshot, symbols: Iterable[str] = BY_SYMBOL) -> Flows | None:
    """Return the flows of funds whose counts are known, of all by default; None while none are."""
    found = {
        symbol: known
        for symbol in symbols
        if (fund := BY_SYMBOL.get(symbol)) is not None
        and (known := fund_flows(snapshot, fund)) is not None
    }
    return Flows(found) if found else None


def fund_flows(snapshot: Snapshot, fund: Fund) -> FundFlows | None:
    """Return one fund's flows; None without a count that can be used."""
    history = snapshot.document(Key(Kind.FUND, fund.symbol), FundHistory)
    history = history or _begun(snapshot, fund.symbol)
    if history is None:
        return None
    days = _with_files(snapshot, history).days
    if any(each.price is None for each in days):
        days = tuple(_at_the_close(days, _closes(snapshot, fund.symbol)))
    known, sums, newest = _worked_out(days, fund.unit, _confirmed(snapshot, history))
    if newest is None or newest.shares is None or newest.price is None:
        return None
    return FundFlows(
        symbol=fund.symbol,
        source=history.source,
        as_of=session_of(newest.day).close,
        day=newest.day,
        fetched_at=history.fetched_at,
        shares=newest.shares,
        assets=newest.shares * newest.price,
        sums=sums,
        ledger=known,
        is_recorded=history.is_recorded,
    )


@lru_cache(maxsize=64)  # news of one fund leaves the others as they were
def _worked_out(
    days: tuple[FundDay, ...], unit: float | None, confirmed: frozenset[date]
) -> tuple[Ledger, tuple[FlowSum, ...], FundDay | None]:
    """The ledger, its sums, and the newest day that is believed."""
    known = ledger(days, unit, confirmed)
    usable = usable_days(days)
    last = known.creations[-1].day if known.creations else None
    believed = (each for each in usable if last is None or each.day == last)
    sums = tuple(_placed(known, flow_sum(known, window)) for window in WINDOWS)
    return known, sums, next(believed, None)


def _placed(known: Ledger, found: FlowSum) -> FlowSum:
    """A sum with its place among those of its own year."""
    try:
        return replace(found, percentile=flow_percentile(known, found.window))
    except Unknown as unknown:
        return replace(found, percentile_reason=str(unknown))


def _begun(snapshot: Snapshot, symbol: str) -> FundHistory | None:
    """A history to be made of the heads of holdings files alone, where nothing else came yet."""
    file = snapshot.holdings.get(symbol)
    if file is None or not file.shares_outstanding:
        return None
    key, at = Key(Kind.FUND, symbol), file.fetched_at
    return FundHistory(key=key, source=file.source, fetched_at=at, days=(), is_recorded=True)


def _with_files(snapshot: Snapshot, history: FundHistory) -> FundHistory:
    """What captop recorded itself, with the counts in the heads of the holdings files it kept."""
    symbol = history.key.symbol
    newest = snapshot.holdings.get(symbol)
    if not history.is_recorded or newest is None:
        return history
    files = (newest, *(file for file in snapshot.earlier_holdings if file.fund == symbol))
    days = {f.day: FundDay(f.day, f.shares_outstanding) for f in files if f.shares_outstanding}
    kept = replace(history, days=tuple(days[day] for day in sorted(days)))
    return joined_histories(kept, history)


def _confirmed(snapshot: Snapshot, history: FundHistory) -> frozenset[date]:
    """The days whose count the holdings file of the fund bears out."""
    file = snapshot.holdings.get(history.key.symbol)
    if history.is_recorded or file is None or not file.shares_outstanding:
        return frozenset()
    count = file.shares_outstanding
    return frozenset(
        each.day
        for each in history.days[-5:]
        if each.day == file.day and abs((each.shares or 0.0) / count - 1) <= AGREES
    )


def _closes(snapshot: Snapshot, symbol: str) -> Mapping[date, float]:
    bars = snapshot.series(symbol, *_CLOSES)
    if bars is None:
        return {}
    return {bar_day(bars, n): bars.close[n] for n in range(len(bars))}


def _at_the_close(days: Iterable[FundDay], closes: Mapping[date, float]) -> Iterable[FundDay]:
    """Days without a net asset value take the fund's close."""
    for each in days:
        yield each if each.price is not None else replace(each, close=closes.get(each.day))
