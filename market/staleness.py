"""When a value is late, and which failed renewals it suffers from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

import msgspec

from market.health import Trouble
from market.instruments import Instrument
from market.metrics.metric import STALE_AFTER, Cadence, Metric
from market.quotes import Key, Kind, Phase
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
QUOTE_KINDS = (Kind.QUOTE, Kind.INTRADAY, Kind.TRACE)
DAILY_KINDS = (Kind.DAILY, Kind.CLOSES)


class Datum(msgspec.Struct, frozen=True, eq=False):
    """One named metric of one instrument within a snapshot, judged for its age."""

    snapshot: Snapshot
    metric: Metric
    instrument: Instrument

    @property
    def venue(self) -> Venue:
        """The trading hours its price keeps."""
        return venue_of(self.instrument, self.snapshot.details.get(self.instrument.symbol))

    @property
    def symbols(self) -> tuple[str, ...]:
        """The symbols it is made of, its own first."""
        return (self.instrument.symbol, *self.metric.symbols)

    @property
    def is_still(self) -> bool:
        """Whether no trade can change it now."""
        if self.metric.cadence is Cadence.DAILY:
            return True
        phase = self.snapshot.session.phase
        if self.venue is Venue.XNYS and self.metric.cadence is Cadence.EXTENDED:
            return phase is Phase.CLOSED
        if self.venue is Venue.XNYS:
            return phase is not Phase.REGULAR
        return not is_trading(self.venue, self.snapshot.now)

    def why_late(self, as_of: datetime, delay_s: int) -> str:
        """Return why a value struck at `as_of` is late, or nothing if it is not."""
        ahead = as_of - self.snapshot.now
        if ahead > CLOCK_SKEW:
            return f"clock differs from the source by {duration_in_words(ahead)}"
        if self.metric.cadence is Cadence.DAILY:
            return _why_close_late(self.snapshot.now, as_of)
        since = self._settled(as_of, delay_s)
        passed = trading_time_between(self.venue, since, self.snapshot.now)
        if passed > stale_limit(self.venue, delay_s):
            return f"no newer price for {duration_in_words(passed)} of trading"
        return ""

    def _settled(self, as_of: datetime, delay_s: int) -> datetime:
        """Return the session's close for a last trade that was confirmed after it.

        A thin fund's last trade may be minutes before the bell; asked for again after the
        close, it is the final price of its session and as fresh as any.
        """
        day = exchange_date(as_of)
        if self.venue is not Venue.XNYS or not is_session(day):
            return as_of
        close = session_of(day).close
        asked = [self.snapshot.fetched.get(key) for key in self.keys()]
        fetched = max((at for at in asked if at is not None), default=as_of)
        confirmed = fetched >= close + timedelta(seconds=delay_s)
        return max(as_of, close) if confirmed else as_of

    def keys(self) -> tuple[Key, ...]:
        """Return the data whose renewal keeps it fresh, as far as they were ever asked for."""
        kinds = DAILY_KINDS if self.metric.cadence is Cadence.DAILY else QUOTE_KINDS
        known, troubles = self.snapshot.fetched, self.snapshot.troubles
        keys = (Key(kind, symbol) for symbol in self.symbols for kind in kinds)
        return tuple(key for key in keys if key in known or key in troubles)

    def trouble(self) -> Trouble | None:
        """Return why it cannot be renewed: a symbol of which nothing came since it failed."""
        if not self.snapshot.troubles:
            return None
        keys = self.keys()
        troubles = (
            _trouble_of(self.snapshot, [k for k in keys if k.symbol == symbol])
            for symbol in self.symbols
        )
        return next((trouble for trouble in troubles if trouble is not None), None)


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


def _trouble_of(snapshot: Snapshot, keys: Sequence[Key]) -> Trouble | None:
    """Return the newest trouble of a symbol, unless another of its data came since."""
    troubles = [t for key in keys if (t := snapshot.troubles.get(key)) is not None]
    if not troubles:
        return None
    newest = max(troubles, key=lambda trouble: trouble.since)
    well = [snapshot.fetched[key] for key in keys if key not in snapshot.troubles]
    return None if any(at >= newest.since for at in well) else newest
