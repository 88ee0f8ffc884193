"""The study of volatility: the curve of VIX futures, the cone of IWM's realised volatility."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial

from market.instruments import TRACKER, Role
from market.metrics.closes import bar_day, index_on
from market.metrics.frames import kept_with_bars, on_sessions
from market.metrics.readings import Function
from market.metrics.subject import Subject, Unknown
from market.metrics.volatility_cone import WINDOWS, volatility_cone
from market.metrics.windows import window_base
from market.quotes import Bars, Key, Kind
from market.reports import Reading
from market.sessions import exchange_date, session_of
from market.snapshot import Snapshot
from market.vix_futures import Contract, near_contracts
from market.volatility_study import FuturesCurve, FuturesPoint, Ring, VolatilityStudy

_OF_THE_CONE = frozenset({Key(Kind.DAILY, TRACKER), Key(Kind.CLOSES, TRACKER)})
NO_MARKS = "waiting for the marks of VIX futures"


def reads(key: Key) -> bool:
    """Return whether news of a datum may change the study."""
    return key in _OF_THE_CONE or (key.kind is Kind.DAILY and key.symbol.startswith("^UZ"))


def volatility_study(snapshot: Snapshot) -> VolatilityStudy:
    """Return what is known of the curve and of the cone."""
    return VolatilityStudy(futures=futures_curve(snapshot), cone=_cone_of(snapshot))


def _cone_of(snapshot: Snapshot) -> tuple[Ring, ...]:
    bars = Subject(snapshot, snapshot.cast[TRACKER], {}).daily
    return () if bars is None else cone_of(bars)


@kept_with_bars
def cone_of(bars: Bars) -> tuple[Ring, ...]:
    """Return the cone of daily bars' closes, a ring for each length of window."""
    return volatility_cone(on_sessions(bars).close)


def futures_curve(snapshot: Snapshot) -> FuturesCurve | None:
    """Return the near contracts at the newest close and before; None without any mark."""
    contracts = near_contracts(exchange_date(snapshot.now))
    series = {c.symbol: bars for c in contracts if (bars := _marks(snapshot, c)) is not None}
    if not series:
        return None
    newest = max(series.values(), key=lambda bars: bars.times[-1])
    day = bar_day(newest, len(newest) - 1)
    days = (day, window_base("1w", day), window_base("1m", day))
    return FuturesCurve(
        points=tuple(_point(c, series.get(c.symbol), days) for c in contracts),
        day=day,
        week_day=days[1],
        month_day=days[2],
        source=newest.source,
        as_of=session_of(day).close,
    )


def _marks(snapshot: Snapshot, contract: Contract) -> Bars | None:
    """Its series, if the newest mark in it is this contract's own."""
    if snapshot.cast[contract.symbol].role is not Role.VOLATILITY_FUTURE:
        return None
    bars = snapshot.bars.get(Key(Kind.DAILY, contract.symbol))
    is_its_own = bars and contract.has_mark_of(bar_day(bars, len(bars) - 1))
    return bars if is_its_own else None


def _point(contract: Contract, bars: Bars | None, days: Sequence[date]) -> FuturesPoint:
    now, week, month = (_mark(contract, bars, day) for day in days)
    return FuturesPoint(
        symbol=contract.symbol, settles=contract.settles, now=now, week=week, month=month
    )


def _mark(contract: Contract, bars: Bars | None, day: date) -> float | None:
    index = index_on(bars, day) if bars is not None and contract.has_mark_of(day) else None
    return None if bars is None or index is None else bars.close[index]


# The figures that have a name


def cone_percentile(window: int, subject: Subject) -> Reading:
    """Return the share of past windows whose realised volatility is not above the newest's."""
    bars = subject.history()
    ring = next(ring for ring in cone_of(bars) if ring.window == window)
    if ring.percentile is None:
        raise Unknown(ring.reason)
    return Reading(ring.percentile, subject.close_time(len(bars) - 1), bars.source)


def futures_mark(place: int, subject: Subject) -> Reading:
    """Return the newest closing mark of the n-th contract to settle, the first being 0."""
    curve = _curve(subject)
    value = curve.points[place].now
    if value is None:
        raise Unknown(f"the contract that settles on {curve.points[place].settles} has no mark")
    return Reading(value, curve.as_of, curve.source)


def futures_contango(subject: Subject) -> Reading:
    """Return the second contract's mark over the first's, less one."""
    first, second = futures_mark(0, subject), futures_mark(1, subject)
    if not isinstance(first.value, float) or not isinstance(second.value, float):
        raise Unknown(NO_MARKS)
    return Reading(second.value / first.value - 1, first.as_of, first.source)


def _curve(subject: Subject) -> FuturesCurve:
    study = subject.snapshot.studies.volatility
    if study is None or study.futures is None:
        symbol = near_contracts(exchange_date(subject.snapshot.now), 1)[0].symbol
        raise Unknown(subject.other(symbol).why_not(Kind.DAILY) or NO_MARKS)
    return study.futures


FUNCTIONS: Mapping[str, Function] = {
    **{
        f"iwm.realised_vol.cone.{window}d.percentile": partial(cone_percentile, window)
        for window in WINDOWS
    },
    "vix.futures.first": partial(futures_mark, 0),
    "vix.futures.second": partial(futures_mark, 1),
    "vix.futures.contango": futures_contango,
}
