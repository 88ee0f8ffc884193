"""The simulated index: its members add up to it, and are the same wherever they are looked at."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from math import isfinite, log
from statistics import median, stdev

import pytest
from hypothesis import given, settings

from market.clock import SimulatedClock
from market.feeds.demo import WITH_PAST, DemoFeed
from market.feeds.demo_members import COUNT, HALTED, Roster
from market.feeds.demo_members_names import FIRST, SECOND, THIRD
from market.holdings import WHOLE_MARKET, Holdings, Listings
from market.instruments import INDEX, TRACKER, default_cast
from market.membership import membership_changes
from market.quotes import Bars, Key, Kind
from market.reports import ErrorKind, FeedError
from market.sessions import exchange_date, next_session, previous_session, session_of
from market.taxonomy import default_taxonomy
from tests.clocks import THURSDAY_AFTERNOON
from tests.market.feeds.demo_asked import (
    FEED,
    ROOT,
    Seen,
    all_keys,
    asked,
    digest,
    everything,
    instants,
    new_feed,
)

HOLDINGS = Key(Kind.HOLDINGS, TRACKER)
LISTINGS = Key(Kind.LISTINGS, WHOLE_MARKET)
ROSTER = Roster(39)
OF_EVERY_ROLE = ("^RUT", "IWM", "RTY=F", "XBI", "^VIX", "^VVIX", "^RVX", "ACME")


def files(now: datetime, fund: str = TRACKER) -> tuple[Holdings, ...]:
    return asked(now, Key(Kind.HOLDINGS, fund)).arrived.holdings


def listed(now: datetime, feed: DemoFeed = FEED) -> Listings:
    listings = asked(now, LISTINGS, feed=feed).arrived.listings
    assert listings is not None
    return listings


def returns(listings: Listings) -> dict[str, float]:
    rows = zip(listings.symbols, listings.last, listings.change, strict=True)
    return {symbol: last / (last - change) - 1 for symbol, last, change in rows}


def index_return(now: datetime) -> float:
    quote = asked(now, Key(Kind.INTRADAY, INDEX)).quote
    assert quote.reported_previous_close is not None
    return quote.last / quote.reported_previous_close - 1


def sum_of_members(now: datetime) -> float:
    """Weight times return, without the one misprinted price."""
    file, listings = files(now)[0], listed(now)
    moves = {s: r for s, r in returns(listings).items() if abs(r) < 1}
    base = {
        s: last - change
        for s, last, change in zip(listings.symbols, listings.last, listings.change, strict=True)
    }
    held = dict(zip(file.symbols, file.quantity, strict=True))
    worth = {s: held[s] * base[s] for s in moves if s in held}
    return sum(worth[s] * moves[s] for s in worth) / sum(worth.values())


@settings(deadline=None, max_examples=6)
@given(now=instants)
def test_at_any_instant_the_members_add_up_to_the_index(now: datetime) -> None:
    assert sum_of_members(now) == pytest.approx(index_return(now), abs=12e-4)


def test_the_residual_is_a_few_basis_points_within_the_day() -> None:
    day = exchange_date(THURSDAY_AFTERNOON)
    residuals: dict[int, list[float]] = {20: [], 97: [], 240: [], 390: []}
    for _ in range(6):
        for minutes, of_minute in residuals.items():
            now = session_of(day).open + timedelta(minutes=minutes, seconds=7)
            of_minute.append(abs(sum_of_members(now) - index_return(now)))
        day = previous_session(day)
    for minutes, of_minute in residuals.items():
        assert max(of_minute) < 8e-4, minutes
        assert median(of_minute) < 4e-4, minutes


def test_the_same_seed_and_instant_give_the_same_answer_in_any_process() -> None:
    code = "from tests.market.feeds.test_demo_members import *\nprint(of_all(new_feed()))"
    answer = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "7"},
        capture_output=True,
        check=True,
        text=True,
    )
    assert answer.stdout.strip() == str(of_all(FEED))


def of_all(feed: DemoFeed) -> tuple[list[str], dict[Key, str]]:
    """Fingerprints of members, and of instruments of every role."""
    return fingerprints(feed), everything(feed, THURSDAY_AFTERNOON, all_keys(*OF_EVERY_ROLE))


def fingerprints(feed: DemoFeed) -> list[str]:
    keys = [HOLDINGS, LISTINGS, *(Key(k, s) for s in ROSTER.symbols[:3] for k in OF_MEMBERS)]
    return [digest(asked(THURSDAY_AFTERNOON, key, feed=feed).arrived) for key in keys]


OF_MEMBERS = (Kind.PROFILE, Kind.MEMBER, Kind.PAST, Kind.PAST_BARS)


def test_an_answer_does_not_depend_on_what_was_asked_before() -> None:
    feed = new_feed()
    for days in (900, -700, 3, 1):
        asked(THURSDAY_AFTERNOON - timedelta(days=days), LISTINGS, feed=feed)
    assert fingerprints(feed) == fingerprints(FEED)


def test_another_seed_gives_another_index() -> None:
    one, other = (listed(THURSDAY_AFTERNOON, new_feed(seed)) for seed in (1, 2))
    assert one.last != other.last


def test_the_roster_looks_like_an_index_of_small_companies() -> None:
    file = files(THURSDAY_AFTERNOON)[0]
    whole = sum(file.market_value)
    weights = [value / whole for value in file.market_value]
    assert len(file) == COUNT - 1 == 2000
    assert weights == sorted(weights, reverse=True)
    assert 0.006 < weights[0] < 0.014
    assert 400 < 1 / sum(w * w for w in weights) < 900
    assert set(file.sectors) == set(default_taxonomy().sectors)
    by_sector = {s: sum(w for w, t in zip(weights, file.sectors, strict=True) if t == s)
                 for s in set(file.sectors)}  # fmt: skip
    assert by_sector["Industrials"] > by_sector["Energy"] > by_sector["Consumer Staples"] > 0.01


def test_names_and_symbols_are_made_up_and_all_different() -> None:
    assert len({word[:3] for word in FIRST}) == len(FIRST)
    assert len({word[:2] for word in SECOND}) == len(SECOND)
    assert set(THIRD) <= {each.name for each in default_taxonomy().subsectors}
    for index in (0, 700, 1885):
        symbols = ROSTER.symbols_on(index)
        assert len(set(symbols)) == COUNT
        assert not set(symbols) & set(default_cast().by_symbol)
    assert all(4 <= len(symbol.replace("-", "")) <= 5 for symbol in ROSTER.symbols)


def test_some_members_have_no_sub_sector() -> None:
    taxonomy = default_taxonomy()
    rows = zip(ROSTER.sectors, ROSTER.industries, strict=True)
    unmapped = sum(not taxonomy.subsector_of(sector, industry) for sector, industry in rows)
    assert 3 <= unmapped <= 20


def test_each_session_has_its_odd_members() -> None:
    listings, feed_file = listed(THURSDAY_AFTERNOON), files(THURSDAY_AFTERNOON)[0]
    moves = returns(listings)
    assert sum(abs(log(1 + move)) > log(2) for move in moves.values()) == 1
    still = [v for v in listings.volume if v == 0]
    assert len(still) == HALTED
    missing = set(feed_file.symbols) - set(listings.symbols)
    assert sum("-" in symbol for symbol in missing) == 3
    assert all(isfinite(x) and x > 0 for x in listings.last)


def test_a_past_that_was_kept_knows_nothing_of_a_split() -> None:
    stored = asked(THURSDAY_AFTERNOON, HOLDINGS, more=f" {WITH_PAST}").arrived.bars
    assert len(stored) == COUNT
    known = {bars.key.symbol: bars.close[-1] for bars in stored}
    fresh = asked(THURSDAY_AFTERNOON, *(Key(Kind.PAST, s) for s in known)).arrived.bars
    ratios = [known[bars.key.symbol] / bars.close[-1] for bars in fresh]
    assert max(ratios) == pytest.approx(2)
    assert sum(ratio != 1 for ratio in ratios) == 1


def test_only_the_first_holdings_bring_the_past_along() -> None:
    assert not asked(THURSDAY_AFTERNOON, HOLDINGS).arrived.bars


async def test_fetching_marks_the_first_holdings() -> None:
    feed = DemoFeed(cast=default_cast(), clock=SimulatedClock(THURSDAY_AFTERNOON, 0))
    (fund,) = feed.plan([Key(Kind.HOLDINGS, "IGV")])
    (index,) = feed.plan([HOLDINGS, Key(Kind.HOLDINGS, "IGV")])
    bodies = [(await feed.fetch(query)).body for query in (fund, index, index)]
    assert [WITH_PAST.encode() in body for body in bodies] == [False, True, False]
    arrived = feed.parse(index, await feed.fetch(index), THURSDAY_AFTERNOON)
    assert [file.fund for file in arrived.holdings] == [TRACKER, TRACKER, "IGV"]


def test_two_years_of_completed_sessions() -> None:
    symbol = ROSTER.symbols[5]
    bars = asked(THURSDAY_AFTERNOON, Key(Kind.PAST_BARS, symbol)).bars
    assert len(bars) == 506
    assert bars.has_range
    assert len(bars.volume) == len(bars)
    rows = zip(bars.open, bars.high, bars.low, bars.close, strict=True)
    assert all(low <= min(o, c) <= max(o, c) <= high for o, high, low, c in rows)
    day = previous_session(exchange_date(THURSDAY_AFTERNOON))
    assert bars.times[-1] == session_of(day).open.timestamp()
    assert 0.006 < stdev(_log_returns(bars)) < 0.08


def _log_returns(bars: Bars) -> list[float]:
    return [log(b / a) for a, b in zip(bars.close, bars.close[1:], strict=False)]


def test_young_members_have_a_shorter_past() -> None:
    symbols = [ROSTER.symbols[row] for row in ROSTER.young]
    seen = asked(THURSDAY_AFTERNOON, *(Key(Kind.PAST, s) for s in symbols)).arrived
    assert all(0 < len(bars) < 252 for bars in seen.bars)


def test_the_symbol_screen_shows_the_price_of_the_list() -> None:
    listings = listed(THURSDAY_AFTERNOON)
    row = listings.symbols.index(ROSTER.symbols[40])
    symbol = listings.symbols[row]
    quote = asked(THURSDAY_AFTERNOON, Key(Kind.INTRADAY, symbol)).quote
    page = asked(THURSDAY_AFTERNOON, Key(Kind.PROFILE, symbol)).arrived.profiles[0].quote
    assert page is not None
    assert listings.last[row] == quote.last == page.last
    assert listings.volume[row] == quote.volume == page.volume
    before = quote.reported_previous_close
    assert before is not None
    assert round(quote.last - before, 2) == listings.change[row]
    daily = asked(THURSDAY_AFTERNOON, Key(Kind.DAILY, symbol)).bars
    past = asked(THURSDAY_AFTERNOON, Key(Kind.PAST_BARS, symbol)).bars
    assert [round(x, 2) for x in daily.close[-500:]] == [round(x, 2) for x in past.close[-500:]]
    assert daily.close[-1] == before


def test_the_members_end_the_session_at_their_daily_close() -> None:
    day = exchange_date(THURSDAY_AFTERNOON)
    listings = listed(session_of(day).close)
    later = session_of(next_session(day)).open
    keys = tuple(Key(Kind.PAST, symbol) for symbol in listings.symbols)
    closes = {b.key.symbol: b.close[-1] for b in asked(later, *keys).arrived.bars}
    odd = {ROSTER.symbols_on(0)[0]}
    rows = zip(listings.symbols, listings.last, listings.volume, strict=True)
    differing = [s for s, last, volume in rows if volume and abs(last / closes[s] - 1) > 1e-9]
    assert len(set(differing) - odd) <= 1


def test_the_list_of_members_changes_overnight() -> None:
    now = session_of(exchange_date(THURSDAY_AFTERNOON)).open
    changes = membership_changes(files(now))
    assert len([c for c in changes if c.is_addition]) == 1
    assert len([c for c in changes if c.renamed_to]) == 1
    morning = now.replace(hour=11, minute=29)
    assert files(morning)[0].day == files(now)[1].day
    assert files(morning + timedelta(minutes=1))[0].day == files(now)[0].day
    assert files(morning)[0].symbols == files(now)[1].symbols


def test_other_funds_hold_some_of_the_members() -> None:
    for fund in ("IGV", "ARTY", "IBB", "XYZ"):
        (file,) = files(THURSDAY_AFTERNOON, fund)
        assert 10 < len(file) < 400
        assert set(file.symbols) <= set(files(THURSDAY_AFTERNOON)[0].symbols)


def test_breadth_is_that_of_a_market() -> None:
    day, shares, lean = exchange_date(THURSDAY_AFTERNOON), [], []
    for _ in range(20):
        moves = returns(listed(session_of(day).close)).values()
        shares.append(sum(move > 0 for move in moves) / len(moves))
        lean.append(index_return(session_of(day).close) > 0)
        day = previous_session(day)
    assert 0.35 < median(shares) < 0.65
    assert max(shares) - min(shares) > 0.25
    agreeing = sum((share > 0.5) == up for share, up in zip(shares, lean, strict=True))
    assert agreeing >= 15


def test_nobody_but_members_has_a_page_or_a_past() -> None:
    keys = (Key(Kind.PROFILE, "ACME"), Key(Kind.PROFILE, ROSTER.symbols[0]))
    seen: Seen = asked(THURSDAY_AFTERNOON, *keys)
    assert [profile.symbol for profile in seen.arrived.profiles] == [ROSTER.symbols[0]]
    assert [absent.key.symbol for absent in seen.arrived.absent] == ["ACME"]
    with pytest.raises(FeedError) as refused:
        asked(THURSDAY_AFTERNOON, Key(Kind.PAST, "ACME"))
    assert refused.value.kind is ErrorKind.ABSENT


def test_the_last_night_of_the_simulation_is_answered() -> None:
    last = datetime(2028, 12, 29, 23, tzinfo=UTC)
    assert len(listed(last)) > 1900
    assert len(files(last)) == 2
