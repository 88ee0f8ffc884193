"""When a value is late."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time, timedelta

import msgspec

from market.instruments import Instrument, Role
from market.metrics.metric import STALE_AFTER, Cadence, Metric
from market.renewal import Renewal
from market.sessions import (
    NEW_YORK,
    duration_in_words,
    exchange_date,
    is_session,
    next_session,
    session_of,
    session_on_or_before,
)
from market.snapshot import Snapshot
from market.venues import Venue, is_trading, trading_time_between, venue_of

CLOCK_SKEW = timedelta(minutes=2)
"""A price from further in the future means that one of the two clocks is wrong."""
ABROAD_STALE_AFTER = timedelta(hours=20)
"""Of weekday time: the opening hours of exchanges abroad are not known here."""
DAILY_DUE = time(18, 0)
"""When, New York time on the next session, a newer daily close is expected at the latest."""
RATE_FUTURE_STALE_AFTER = timedelta(hours=23)
"""A trading day: the far contracts on the federal funds rate trade a few times in it."""
FUND_SESSIONS = 3
"""Sessions after which a count of a fund's shares is late."""
CALENDAR_STALE_AFTER = timedelta(days=2)


class Datum(msgspec.Struct, frozen=True, eq=False):
    """One named metric of one instrument within a snapshot, judged for its age."""

    snapshot: Snapshot
    metric: Metric
    instrument: Instrument

    @property
    def venue(self) -> Venue:
        """The trading hours its price keeps."""
        if self.metric.cadence is Cadence.RATE_FUTURE:
            return Venue.FUTURES
        venue = venue_of(self.instrument, self.snapshot.details.get(self.instrument.symbol))
        is_outside = self.metric.cadence is Cadence.EXTENDED
        return Venue.EXTENDED if is_outside and venue is Venue.XNYS else venue

    @property
    def renewal(self) -> Renewal:
        """What renews it."""
        return Renewal(self.snapshot, self.metric, self.instrument)

    @property
    def is_still(self) -> bool:
        """Whether no trade can change it now."""
        if self.metric.cadence in _STILL:
            return True
        return not is_trading(self.venue, self.snapshot.now)

    def why_late(self, as_of: datetime, delay_s: int) -> str:
        """Return why a value struck at `as_of` is late, or nothing if it is not."""
        ahead = as_of - self.snapshot.now
        if ahead > CLOCK_SKEW:
            return f"clock differs from the source by {duration_in_words(ahead)}"
        if self.metric.cadence is Cadence.PUBLISHED:
            return self._why_not_published(as_of)
        if self.metric.cadence in _BY_CALENDAR:
            return _BY_CALENDAR[self.metric.cadence](self.snapshot.now, as_of)
        behind = max((delay_s, *(serving.delay_s for serving in self.renewal.serving)))
        if self._has_passed_at_most(self._limit(behind), as_of, behind):
            return ""
        what = "figure" if self.metric.beyond_price else "price"
        passed = trading_time_between(self.venue, as_of, self.snapshot.now)
        return f"no newer {what} for {duration_in_words(passed)} of trading"

    def _limit(self, behind: int) -> timedelta:
        """Return the trading time after which it is late."""
        if self.metric.cadence is Cadence.CHAIN:
            return STALE_AFTER[Cadence.CHAIN] + timedelta(seconds=behind)
        if self.instrument.role is Role.RATE_FUTURE or (self.metric.cadence is Cadence.RATE_FUTURE):
            return RATE_FUTURE_STALE_AFTER
        return stale_limit(self.venue, behind)

    def _why_not_published(self, as_of: datetime) -> str:
        """Of several series the one that is published last, or seldomest, counts."""
        from market.publications import why_late

        day, now, known = exchange_date(as_of), self.snapshot.now, self.snapshot.studies
        reasons = [
            why_late(each, day, now, known.release_days(each)) for each in self.renewal.symbols
        ]
        return reasons[0] if all(reasons) else ""

    def reference_date(self, as_of: datetime) -> str:
        """Return the day or month a published value is of, nothing for any other value."""
        if self.metric.cadence is not Cadence.PUBLISHED:
            return ""
        from market.publications import day_of

        return day_of(self.instrument.symbol, exchange_date(as_of))

    def why_kept(self, as_of: datetime, delay_s: int) -> str:
        """Return why a value that its own source would have renewed by now is not late.

        A feed that is behind by nature has taken over, and what it gives is older still.
        """
        slowest = max(self.renewal.serving, key=lambda serving: serving.delay_s, default=None)
        if self.metric.cadence in _BY_CALENDAR or slowest is None or slowest.delay_s <= delay_s:
            return ""
        if self._has_passed_at_most(stale_limit(self.venue, delay_s), as_of, delay_s):
            return ""
        behind = duration_in_words(timedelta(seconds=slowest.delay_s))
        return f"younger than what {slowest.feed} gives now, which is {behind} behind"

    def _has_passed_at_most(self, limit: timedelta, as_of: datetime, delay_s: int) -> bool:
        """Return whether no more trading time has passed; of a price that young none is counted."""
        now = self.snapshot.now
        if now - as_of <= limit:
            return True
        return trading_time_between(self.venue, self._settled(as_of, delay_s), now) <= limit

    def _settled(self, as_of: datetime, delay_s: int) -> datetime:
        """Return until when nothing was struck after a price, by the word of who asked since.

        A thin fund's last trade may be minutes before the bell; asked for again after the
        close, it is the final price of its session and as fresh as any. Outside regular hours
        most trade so seldom that each answer confirms a print, until the day's trading ends.
        """
        day = exchange_date(as_of)
        if self.venue not in {Venue.XNYS, Venue.EXTENDED} or not is_session(day):
            return as_of
        asked = [self.snapshot.fetched.get(key) for key in self.renewal.keys]
        fetched = max((at for at in asked if at is not None), default=as_of)
        known_until, session = fetched - timedelta(seconds=delay_s), session_of(day)
        if self.venue is Venue.EXTENDED:
            return max(as_of, min(known_until, session.post_close))
        return max(as_of, session.close) if known_until >= session.close else as_of

    def is_final(self, as_of: datetime, delay_s: int) -> bool:
        """Return whether it is known to be the last price of a session that is over."""
        if self.venue is not Venue.XNYS or self.metric.cadence in _STILL or not self.is_still:
            return False
        day = exchange_date(as_of)
        return is_session(day) and self._settled(as_of, delay_s) >= session_of(day).close


def stale_limit(venue: Venue, delay_s: int = 0) -> timedelta:
    """Return the trading time of its venue after which a price is late."""
    if venue is Venue.ABROAD:
        return ABROAD_STALE_AFTER
    cadence = Cadence.QUOTE if venue is Venue.XNYS else Cadence.ALWAYS
    return STALE_AFTER[cadence] + timedelta(seconds=delay_s)


def _why_close_late(now: datetime, as_of: datetime) -> str:
    following = next_session(session_on_or_before(exchange_date(as_of)))
    due = datetime.combine(following, DAILY_DUE, NEW_YORK).astimezone(UTC)
    return f"the close of {following:%a %d %b} is not in yet" if now > due else ""


def why_count_late(now: datetime, as_of: datetime) -> str:
    """Return why a count of shares struck at a close is late, or nothing if it is not."""
    day = session_on_or_before(exchange_date(as_of))
    for _ in range(FUND_SESSIONS):
        day = next_session(day)
    due = datetime.combine(day, DAILY_DUE, NEW_YORK).astimezone(UTC)
    return f"no count of shares came for {FUND_SESSIONS} sessions" if now > due else ""


def _why_calendar_late(now: datetime, as_of: datetime) -> str:
    age = now - as_of
    return f"the calendar is {duration_in_words(age)} old" if age > CALENDAR_STALE_AFTER else ""


_BY_CALENDAR: Mapping[Cadence, Callable[[datetime, datetime], str]] = {
    Cadence.DAILY: _why_close_late,
    Cadence.FUND: why_count_late,
    Cadence.CALENDAR: _why_calendar_late,
}
"""Why a value that no trade renews is late, by the present and its own time."""
_STILL = frozenset({*_BY_CALENDAR, Cadence.PUBLISHED})
