"""The simulated market outside regular hours: pre- and post-market prints, and the future.

The future follows the index around the clock: from 18:00 New York on the eve of a session
to an hour after that session's close.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time, timedelta

import msgspec
from msgspec.structs import replace

from market.feeds.demo_days import trading_days
from market.feeds.demo_market import (
    SOURCE,
    DemoMarket,
    Moment,
    append_session,
    closes_of,
    new_bars,
)
from market.feeds.demo_tape import (
    EVE_MINUTES,
    POST_MINUTES,
    last_before,
    night_price,
)
from market.instruments import FUTURE
from market.quotes import Bars, ExtendedPrint, Key, Kind, Phase, Quote
from market.sessions import NEW_YORK, session_of
from market.venues import futures_last_open

REOPENED = time(18, 0)
BREAK_AFTER = 60
"""Minutes after a close at which the future stops until 18:00."""
PRE_BEGINS = POST_MINUTES + EVE_MINUTES
REOPEN_MINUTE = POST_MINUTES - 120
"""The minute of the night's time at which the future trades again."""


class Print(msgspec.Struct, frozen=True):
    """One minute outside regular hours in which a trade happened."""

    start: int
    """Unix seconds of the minute."""
    stop: int
    """Unix seconds of its newest trade."""
    open: float
    last: float


class _Window(msgspec.Struct, frozen=True):
    """The part of a night in which the exchange takes trades."""

    night: int
    """Index of the session before the night."""
    start: int
    """Unix seconds of its first minute."""
    offset: int
    """Its first minute in the night's own time."""


class OutsideHours:
    """Prints before and after the sessions of one simulated market."""

    def __init__(self, market: DemoMarket) -> None:
        self._market = market

    def quote(self, symbol: str, moment: Moment) -> Quote:
        """Return the last regular price with the newest print outside the session."""
        return replace(self._market.quote(symbol, moment), extended=self._extended(symbol, moment))

    def minutes(self, symbol: str, moment: Moment) -> Bars:
        """Return one-minute bars of the day: pre-market, session and post-market so far."""
        if not self._market.paths.model(symbol).prints:
            return self._market.minutes(symbol, moment)
        opening = moment.index + (moment.phase is Phase.PRE)
        bars = new_bars(Key(Kind.INTRADAY, symbol), 60, moment.at)
        if opening > 0:
            _extend(bars, self._prints(symbol, _pre_market(opening - 1), moment))
        if moment.phase is not Phase.PRE:
            append_session(bars, self._market.tape(symbol, moment), moment.second)
            _extend(bars, self._prints(symbol, _post_market(moment.index), moment))
        newest = min(bars.times[-1] + 60, moment.second)
        return replace(bars, as_of=datetime.fromtimestamp(newest, UTC))

    def _extended(self, symbol: str, moment: Moment) -> ExtendedPrint | None:
        if not self._market.paths.model(symbol).prints or moment.phase is Phase.REGULAR:
            return None
        is_pre = moment.phase is Phase.PRE
        window = _pre_market(moment.index) if is_pre else _post_market(moment.index)
        minute = last_before(self._traded(symbol, window), (moment.second - window.start) / 60)
        if minute is None:
            return None
        mark = self._print(symbol, window, minute, moment)
        as_of = datetime.fromtimestamp(mark.stop, UTC)
        return ExtendedPrint(Phase.PRE if is_pre else Phase.POST, mark.last, as_of)

    def _prints(self, symbol: str, window: _Window, moment: Moment) -> Iterator[Print]:
        """Yield the prints of a pre- or post-market up to the moment."""
        for minute in self._traded(symbol, window):
            if window.start + 60 * minute < moment.second:
                yield self._print(symbol, window, minute, moment)

    def _traded(self, symbol: str, window: _Window) -> list[int]:
        post, pre = self._market.tapes.prints(symbol, window.night)
        return pre if window.offset else post

    def _print(self, symbol: str, window: _Window, minute: int, moment: Moment) -> Print:
        knots = self._market.tapes.night(symbol, window.night)
        decimals = self._market.paths.model(symbol).decimals
        begun = window.start + 60 * minute
        stop = min(begun + 60, moment.second)
        place = window.offset + minute
        first = night_price(knots, place, decimals)
        last = night_price(knots, place + (stop - begun) / 60, decimals)
        return Print(begun, stop, first, last)


class AroundTheClock:
    """The future of one simulated market: a trading day runs from 18:00 to 17:00 New York."""

    def __init__(self, market: DemoMarket) -> None:
        self._market = market

    def quote(self, moment: Moment) -> Quote:
        """Return the last price of the future; on a holiday's morning it trades unchanged."""
        bars = self.minutes(moment)
        return Quote(
            symbol=FUTURE,
            last=bars.close[-1],
            as_of=max(bars.as_of, futures_last_open(moment.at)),
            source=SOURCE,
            open=bars.open[0],
            high=max(bars.high),
            low=min(bars.low),
            volume=float(sum(bars.volume)),
            reported_previous_close=self._previous_close(moment),
        )

    def minutes(self, moment: Moment) -> Bars:
        """Return one-minute bars of the future's trading day so far."""
        night, second = _future_place(moment)
        bars = new_bars(Key(Kind.INTRADAY, FUTURE), 60, datetime.fromtimestamp(second, UTC))
        eve, tape = _reopened(night), self._market.tapes.session(FUTURE, night + 1)
        knots = self._market.tapes.night(FUTURE, night)
        self._append_night(bars, knots, eve, min(second, tape.opened), REOPEN_MINUTE)
        if second > tape.opened:
            append_session(bars, tape, second)
        if second > tape.closed:
            after = self._market.tapes.night(FUTURE, night + 1)
            self._append_night(bars, after, tape.closed, second, 0)
        return bars

    def trace(self, moment: Moment) -> Bars:
        """Return five-minute closes of the future's trading day so far."""
        whole = self.minutes(moment)
        picked = [*range(4, len(whole) - 1, 5), len(whole) - 1]
        times = array("q", (whole.times[i] - whole.times[i] % 300 for i in picked))
        closes = array("d", (whole.close[i] for i in picked))
        return closes_of(
            replace(whole, key=Key(Kind.TRACE, FUTURE), interval_s=300, times=times, close=closes)
        )

    def _append_night(
        self, bars: Bars, knots: array[float], start: int, until: int, minute: int
    ) -> None:
        decimals = self._market.paths.model(FUTURE).decimals
        for begun in range(start, until, 60):
            place = minute + (begun - start) / 60
            stop = min(begun + 60, until)
            first = night_price(knots, place, decimals)
            last = night_price(knots, place + (stop - begun) / 60, decimals)
            _append(bars, Print(begun, stop, first, last))
            bars.volume[-1] = float(10 + begun // 60 % 23)

    def _previous_close(self, moment: Moment) -> float | None:
        night, _ = _future_place(moment)
        return self._market.close(self._market.paths.model(FUTURE), night)


def _future_place(moment: Moment) -> tuple[int, int]:
    """Return the night in which the future's trading day began, and its newest second."""
    last = moment.completed
    if moment.second > _reopened(last):
        return last, moment.second
    if moment.second <= _close(last):
        return last - 1, moment.second
    return last - 1, min(moment.second, _close(last) + 60 * BREAK_AFTER)


def _extend(bars: Bars, marks: Iterable[Print]) -> None:
    for mark in marks:
        _append(bars, mark)


def _append(bars: Bars, mark: Print) -> None:
    bars.times.append(mark.start)
    bars.open.append(mark.open)
    bars.close.append(mark.last)
    bars.high.append(max(mark.open, mark.last))
    bars.low.append(min(mark.open, mark.last))
    bars.volume.append(0.0)


def _close(index: int) -> int:
    return int(session_of(trading_days().days[index]).close.timestamp())


def _post_market(index: int) -> _Window:
    return _Window(index, _close(index), 0)


def _pre_market(index: int) -> _Window:
    """Return the pre-market at the end of the night after a session."""
    following = session_of(trading_days().days[index + 1])
    return _Window(index, int(following.pre_open.timestamp()), PRE_BEGINS)


def _reopened(index: int) -> int:
    """Return when the future trades again after a session: 18:00 on the next one's eve."""
    eve = trading_days().days[index + 1] - timedelta(days=1)
    return int(datetime.combine(eve, REOPENED, NEW_YORK).timestamp())
