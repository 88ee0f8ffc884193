"""When asking again can bring news."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from market.feeds.beats import BEATS, next_news
from market.instruments import Instrument, default_cast
from market.quotes import Kind

CAST = default_cast()
ASKED = [kind for kind in Kind if kind is not Kind.TICK]
"""What feeds are asked for: a tick comes by itself."""
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


def test_futures_are_asked_for_on_the_morning_of_a_holiday() -> None:
    morning = utc("2026-07-03T15:00")
    assert next_news(Kind.TRACE, RTY, morning, morning) == morning + BEATS[Kind.TRACE]
    assert next_news(Kind.TRACE, XBI, morning, morning) == utc("2026-07-06T13:30")


def test_futures_are_asked_for_once_more_after_their_halt_then_when_they_trade_again() -> None:
    evening = utc("2026-07-02T21:00"), utc("2026-07-02T22:00")
    holiday = utc("2026-07-03T17:00"), utc("2026-07-05T22:00")
    for halt, reopens in (evening, holiday):
        settled = next_news(Kind.TRACE, RTY, halt, halt + timedelta(minutes=1))
        assert settled == halt + timedelta(minutes=35)
        assert next_news(Kind.TRACE, RTY, settled, settled) == reopens


def test_crypto_and_currencies_keep_their_own_hours() -> None:
    sunday = utc("2026-07-05T15:00")
    bitcoin, euro = CAST["BTC-USD"], CAST["EURUSD=X"]
    assert next_news(Kind.TRACE, bitcoin, sunday, sunday) == sunday + BEATS[Kind.TRACE]
    assert next_news(Kind.TRACE, euro, sunday, sunday) > sunday + timedelta(hours=6)
    evening = utc("2026-07-05T22:00")
    assert next_news(Kind.TRACE, euro, evening, evening) == evening + BEATS[Kind.TRACE]


def test_daily_bars_are_asked_for_after_the_close_in_the_evening_and_before_the_open() -> None:
    due = next_news(Kind.DAILY, VIX, utc("2026-07-02T15:00"), utc("2026-07-02T15:00"))
    assert due == utc("2026-07-02T20:35")
    assert next_news(Kind.DAILY, VIX, due, due) == utc("2026-07-03T00:00")
    night = utc("2026-07-03T00:00")
    assert next_news(Kind.DAILY, VIX, night, night) == utc("2026-07-06T08:00")


US = CAST["US"]
"""Whatever stands under the symbol of the whole market: no instrument of the cast does."""


def test_listings_come_each_minute_while_the_market_trades() -> None:
    now = utc("2026-07-02T15:00")
    assert next_news(Kind.LISTINGS, US, now, now) == now + timedelta(seconds=60)
    assert next_news(Kind.LISTINGS, US, now, now, 4.0) == now + timedelta(minutes=4)


def test_after_the_close_listings_come_settled_and_then_official() -> None:
    last = utc("2026-07-02T19:59:30")
    settled = next_news(Kind.LISTINGS, US, last, utc("2026-07-02T20:01"))
    assert settled == utc("2026-07-02T20:30")
    official = next_news(Kind.LISTINGS, US, settled, settled)
    assert official == utc("2026-07-03T00:20"), "20:20 in New York"
    assert next_news(Kind.LISTINGS, US, official, official) == utc("2026-07-06T13:30")


def test_on_a_half_day_listings_are_official_no_sooner() -> None:
    last = utc("2026-11-27T17:59:30")
    settled = next_news(Kind.LISTINGS, US, last, utc("2026-11-27T18:01"))
    assert settled == utc("2026-11-27T18:30")
    assert next_news(Kind.LISTINGS, US, settled, settled) == utc("2026-11-28T01:20")


def test_listings_missed_in_a_sleep_are_asked_for_at_once() -> None:
    before, woken = utc("2026-07-02T15:00"), utc("2026-07-05T15:00")
    assert next_news(Kind.LISTINGS, US, before, woken) <= woken
    assert next_news(Kind.LISTINGS, US, before, utc("2026-07-06T14:00")) <= utc("2026-07-06T14:00")


def test_holdings_are_asked_for_in_the_morning_three_times_at_most() -> None:
    asked = [utc("2026-07-01T16:00")]
    while len(asked) < 5:
        asked.append(next_news(Kind.HOLDINGS, IWM, asked[-1], asked[-1]))
    assert asked[1:] == [
        utc("2026-07-02T11:30"),
        utc("2026-07-02T13:00"),
        utc("2026-07-02T16:00"),
        utc("2026-07-06T11:30"),
    ]


def test_a_member_that_the_listings_lack_is_asked_for_in_regular_hours() -> None:
    now, evening = utc("2026-07-02T15:00"), utc("2026-07-02T20:05")
    assert next_news(Kind.MEMBER, US, now, now) == now + timedelta(seconds=120)
    settled = next_news(Kind.MEMBER, US, evening, utc("2026-07-02T20:11"))
    assert next_news(Kind.MEMBER, US, settled, settled) == utc("2026-07-02T20:45")
    done = utc("2026-07-02T20:45")
    assert next_news(Kind.MEMBER, US, done, done) == utc("2026-07-06T13:30")


def test_an_errand_rests_for_an_hour() -> None:
    now = utc("2026-07-04T15:00")
    for kind in (Kind.PROFILE, Kind.PAST, Kind.PAST_BARS):
        assert next_news(kind, US, now, now, 16.0) == now + timedelta(hours=1)


MINUTES = st.integers(0, 2 * 365 * 24 * 60 - 14 * 24 * 60)
INSTANTS = MINUTES.map(lambda n: utc("2026-01-02T00:00") + timedelta(minutes=n))


@given(st.sampled_from(ASKED), st.sampled_from([RUT, IWM, RTY, VIX, XBI]), INSTANTS)
def test_news_is_always_ahead_and_never_more_than_five_days_away(
    kind: Kind, instrument: Instrument, now: datetime
) -> None:
    due = next_news(kind, instrument, now, now)
    assert now < due <= now + timedelta(days=5)


@given(st.sampled_from(ASKED), st.sampled_from([RUT, IWM, RTY, VIX, XBI]), INSTANTS)
def test_an_answer_of_the_last_session_is_renewed_within_the_next(
    kind: Kind, instrument: Instrument, now: datetime
) -> None:
    old = now - timedelta(days=6)
    assert next_news(kind, instrument, old, now) <= now
