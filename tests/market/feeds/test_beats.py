"""When asking again can bring news."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from market.feeds.beats import BEATS, next_news
from market.instruments import Instrument, default_cast
from market.quotes import Kind

CAST = default_cast()
RUT, IWM, RTY, VIX, XBI = (CAST[s] for s in ("^RUT", "IWM", "RTY=F", "^VIX", "XBI"))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_in_regular_hours_the_beat_rules() -> None:
    now = utc("2026-07-02T15:00")
    assert next_news(Kind.INTRADAY, RUT, now, now) == now + BEATS[Kind.INTRADAY]
    assert next_news(Kind.INTRADAY, RUT, now, now, 4.0) == now + 4 * BEATS[Kind.INTRADAY]


def test_a_settled_index_is_left_alone_until_the_next_open() -> None:
    evening = utc("2026-07-02T22:00")
    assert next_news(Kind.INTRADAY, RUT, evening, evening) == utc("2026-07-06T13:30")


def test_an_etf_goes_on_after_hours_and_before() -> None:
    evening = utc("2026-07-02T22:00")
    assert next_news(Kind.INTRADAY, IWM, evening, evening) == evening + BEATS[Kind.INTRADAY]
    night = utc("2026-07-03T02:00")
    assert next_news(Kind.INTRADAY, IWM, night, night) == utc("2026-07-06T08:00")


def test_after_the_close_one_more_ask_for_the_settled_price() -> None:
    just_before = utc("2026-07-02T20:05")
    later = utc("2026-07-02T20:20")
    due = next_news(Kind.TRACE, XBI, just_before, later)
    assert due <= later
    again = next_news(Kind.TRACE, XBI, later, later)
    assert utc("2026-07-02T20:30") <= again <= utc("2026-07-02T21:00")
    settled = next_news(Kind.TRACE, XBI, again, again)
    assert settled == utc("2026-07-06T13:30")


def test_futures_trade_on_sunday_evening() -> None:
    sunday = utc("2026-07-05T23:00")
    assert next_news(Kind.TRACE, RTY, sunday, sunday) == sunday + BEATS[Kind.TRACE]
    saturday = utc("2026-07-04T15:00")
    assert next_news(Kind.TRACE, RTY, saturday, saturday) > saturday + timedelta(hours=20)


def test_daily_bars_are_asked_for_after_the_close_in_the_evening_and_before_the_open() -> None:
    due = next_news(Kind.DAILY, VIX, utc("2026-07-02T15:00"), utc("2026-07-02T15:00"))
    assert due == utc("2026-07-02T20:35")
    assert next_news(Kind.DAILY, VIX, due, due) == utc("2026-07-03T00:00")
    night = utc("2026-07-03T00:00")
    assert next_news(Kind.DAILY, VIX, night, night) == utc("2026-07-06T08:00")


MINUTES = st.integers(0, 2 * 365 * 24 * 60 - 14 * 24 * 60)
INSTANTS = MINUTES.map(lambda n: utc("2026-01-02T00:00") + timedelta(minutes=n))


@given(st.sampled_from(list(Kind)), st.sampled_from([RUT, IWM, RTY, VIX, XBI]), INSTANTS)
def test_news_is_always_ahead_and_never_more_than_five_days_away(
    kind: Kind, instrument: Instrument, now: datetime
) -> None:
    due = next_news(kind, instrument, now, now)
    assert now < due <= now + timedelta(days=5)


@given(st.sampled_from(list(Kind)), st.sampled_from([RUT, IWM, RTY, VIX, XBI]), INSTANTS)
def test_an_answer_of_the_last_session_is_renewed_within_the_next(
    kind: Kind, instrument: Instrument, now: datetime
) -> None:
    old = now - timedelta(days=6)
    assert next_news(kind, instrument, old, now) <= now
