"""The simulated market at an instant: quotes, bars and details of any symbol.

Everything here is a pure function of (seed, symbol, instant). What is completed is cut from
tapes that are worked out once; only the minute under way is new at each instant.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from market.feeds.demo_days import FIRST_DAY, LAST_DAY, SESSIONS_A_YEAR, trading_days
from market.feeds.demo_models import Model
from market.feeds.demo_paths import Paths
from market.feeds.demo_tape import Tapes
from market.feeds.demo_values import Tape
from market.instruments import Cast
from market.quotes import Bars, Details, Key, Kind, Phase, Quote
from market.sessions import SessionState, session_of, session_state

SOURCE = "demo"
DAY_S = 86_400
YEARS = {Kind.DAILY: 5, Kind.CLOSES: 2}
QUARTER = 63
"""Sessions in three months."""
CHARTS = {"5D": (5, 300), "1M": (22, 900)}
"""Per chart span: sessions, seconds a bar."""


class Moment(msgspec.Struct, frozen=True):
    """An instant and where it stands in the simulated calendar."""

    at: datetime
    """The instant in whole seconds, UTC."""
    state: SessionState
    index: int
    """The last session whose regular trading had begun."""
    completed: int
    """The last session whose regular trading had ended."""

    @property
    def second(self) -> int:
        """The instant in Unix seconds."""
        return int(self.at.timestamp())

    @property
    def phase(self) -> Phase:
        """The part of the trading day."""
        return self.state.phase


def moment_at(now: datetime) -> Moment | None:
    """Return where an instant stands, or None where nothing is simulated."""
    at = now.astimezone(UTC).replace(microsecond=0)
    days = trading_days()
    if not session_of(FIRST_DAY).close <= at < session_of(LAST_DAY).post_close:
        return None
    state = session_state(at)
    index = days.index[state.session.day] - (state.phase is Phase.PRE)
    return Moment(at, state, index, index - (state.phase is Phase.REGULAR))


class DemoMarket:
    """All that can be known of the simulated market, by symbol and moment."""

    def __init__(self, seed: int, cast: Cast) -> None:
        self.paths = Paths(seed, cast)
        self.tapes = Tapes(self.paths)
        self._daily: dict[str, Bars] = {}

    def tape(self, symbol: str, moment: Moment) -> Tape:
        """Return the tape of the last session that had begun."""
        return self.tapes.session(symbol, moment.index)

    def quote(self, symbol: str, moment: Moment) -> Quote:
        """Return the last regular price of a symbol, without what happens outside the session."""
        model, tape = self.paths.model(symbol), self.tape(symbol, moment)
        highs, lows = _minute_extremes(tape, moment.second)
        return Quote(
            symbol=symbol,
            last=tape.price(moment.second),
            as_of=_utc(min(moment.second, tape.closed)),
            source=SOURCE,
            open=tape.path[0],
            high=max(highs),
            low=min(lows),
            volume=tape.volume(moment.second) if tape.traded else None,
            reported_previous_close=self.close(model, moment.index - 1),
        )

    def close(self, model: Model, index: int) -> float | None:
        """Return the official close of a session."""
        if index < 0:
            return None
        return round(math.exp(self.paths.closes(model.symbol)[index]), model.decimals)

    def daily(self, symbol: str, kind: Kind, moment: Moment) -> Bars:
        """Return the completed daily bars of five years, or the closes of two."""
        whole = self._history(symbol)
        stop = moment.completed + 1
        first = moment.at - timedelta(days=365.25 * YEARS[kind])
        count = sum(1 for day in trading_days().days[:stop] if day >= first.date())
        since = self.paths.listed_since(symbol, moment.index)
        part = whole.between(max(since, stop - count), stop)
        close_only = kind is Kind.CLOSES or self.paths.model(symbol).is_close_only
        empty = array("d")
        return Bars(
            key=Key(kind, symbol),
            interval_s=DAY_S,
            source=SOURCE,
            as_of=session_of(trading_days().days[moment.completed]).close,
            times=part.times,
            close=part.close,
            open=empty if close_only else part.open,
            high=empty if close_only else part.high,
            low=empty if close_only else part.low,
            volume=empty if kind is Kind.CLOSES else part.volume,
        )

    def _history(self, symbol: str) -> Bars:
        if symbol not in self._daily:
            self._daily[symbol] = self._all_sessions(self.paths.model(symbol))
        return self._daily[symbol]

    def _all_sessions(self, model: Model) -> Bars:
        ranges = self.paths.ranges(model.symbol)
        return Bars(
            key=Key(Kind.DAILY, model.symbol),
            interval_s=DAY_S,
            source=SOURCE,
            as_of=session_of(LAST_DAY).close,
            times=array("q", trading_days().opened(0, len(trading_days()))),
            close=_prices(self.paths.closes(model.symbol), model.decimals),
            open=_prices(ranges.open, model.decimals),
            high=_prices(ranges.high, model.decimals),
            low=_prices(ranges.low, model.decimals),
            volume=array("d", ranges.volume),
        )

    def minutes(self, symbol: str, moment: Moment) -> Bars:
        """Return one-minute bars of the regular session so far."""
        return self._regular(Key(Kind.INTRADAY, symbol), [moment.index], 60, moment)

    def trace(self, symbol: str, moment: Moment) -> Bars:
        """Return five-minute closes of the regular session so far."""
        whole = self._regular(Key(Kind.TRACE, symbol), [moment.index], 300, moment)
        return closes_of(whole)

    def chart(self, key: Key, moment: Moment) -> Bars:
        """Return bars over several sessions for the symbol screen."""
        sessions, interval = CHARTS[key.span]
        first = max(0, moment.index - sessions + 1)
        return self._regular(key, range(first, moment.index + 1), interval, moment)

    def _regular(self, key: Key, sessions: Iterable[int], interval: int, moment: Moment) -> Bars:
        bars = new_bars(
            key, interval, _utc(min(moment.second, self.tape(key.symbol, moment).closed))
        )
        for index in sessions:
            append_session(bars, self.tapes.session(key.symbol, index), moment.second)
        return bars

    def details(self, symbol: str, moment: Moment) -> Details:
        """Return what a quote page would say of a symbol."""
        model, quote = self.paths.model(symbol), self.quote(symbol, moment)
        stop = moment.completed + 1
        history = self._history(symbol)
        year = history.between(max(0, stop - SESSIONS_A_YEAR), stop)
        volumes = year.volume[-QUARTER:]
        return Details(
            symbol=symbol,
            as_of=quote.as_of,
            source=SOURCE,
            name=model.name,
            currency="USD",
            quote_type=model.quote_type,
            exchange="Simulated",
            price_decimals=model.decimals,
            week52_high=max([*year.high, quote.high or quote.last]),
            week52_low=min([*year.low, quote.low or quote.last]),
            average_volume=float(round(sum(volumes) / len(volumes))) if volumes else None,
            average_50d=_mean(year.close[-50:], 50),
            average_200d=_mean(year.close[-200:], 200),
            market_cap=self._market_cap(model, quote.last),
            volume=quote.volume,
        )

    def _market_cap(self, model: Model, last: float) -> float | None:
        if model.quote_type != "EQUITY" or model.average_volume is None:
            return None
        shares = model.shares if model.shares is not None else model.average_volume * 90
        return float(round(last * shares, -6))


def new_bars(key: Key, interval: int, as_of: datetime) -> Bars:
    """Return bars without a bar yet."""
    return Bars(key=key, interval_s=interval, source=SOURCE, as_of=as_of)


def append_session(bars: Bars, tape: Tape, until: int) -> None:
    """Append the bars of one session that had begun at a Unix second."""
    highs, lows = _minute_extremes(tape, until)
    step = bars.interval_s // 60
    for minute in range(0, len(highs), step):
        start = tape.opened + 60 * minute
        stop = min(start + bars.interval_s, until, tape.closed)
        bars.times.append(start)
        bars.open.append(tape.path[minute])
        bars.close.append(tape.price(stop))
        bars.high.append(max(highs[minute : minute + step]))
        bars.low.append(min(lows[minute : minute + step]))
        if tape.traded:
            bars.volume.append(tape.volume(stop) - tape.traded[minute])


def _minute_extremes(tape: Tape, until: int) -> tuple[Sequence[float], Sequence[float]]:
    """Return high and low of each minute so far; the one under way knows only its own start."""
    minutes, rest = divmod(min(until, tape.closed) - tape.opened, 60)
    if minutes and not rest:
        return tape.high[:minutes], tape.low[:minutes]
    first, last = tape.path[minutes], tape.price(until)
    highs, lows = tape.high[:minutes], tape.low[:minutes]
    highs.append(max(first, last))
    lows.append(min(first, last))
    return highs, lows


def closes_of(bars: Bars) -> Bars:
    """Return bars without open, high, low and volume."""
    return Bars(
        key=bars.key,
        interval_s=bars.interval_s,
        source=bars.source,
        as_of=bars.as_of,
        times=bars.times,
        close=bars.close,
    )


def _prices(logs: Iterable[float], decimals: int) -> array[float]:
    return array("d", (round(math.exp(x), decimals) for x in logs))


def _mean(values: Sequence[float], count: int) -> float | None:
    return round(sum(values) / count, 4) if len(values) == count else None


def _utc(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)
