"""The simulated option chains: the same for everybody, and such as a market could quote."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from market.clock import SimulatedClock
from market.feeds.demo import DEFAULT_SEED, DemoFeed
from market.feeds.demo_market import DemoMarket, moment_at
from market.feeds.demo_options import demo_chain
from market.fold import fold
from market.instruments import OPTIONED, RVX, default_cast
from market.metrics.options_study import chain_study
from market.option_files import OptionFile
from market.options import Expiry, Option
from market.quotes import Key, Kind
from market.reckoning import Reckoner, Reckoning
from market.sessions import session_of
from market.snapshot import empty_snapshot

CAST = default_cast()
MARKET = DemoMarket(DEFAULT_SEED, CAST)
AFTERNOON = datetime(2026, 8, 4, 18, 32, tzinfo=UTC)
EARLY = datetime(2026, 8, 4, 12, 0, tzinfo=UTC)
OPENING = datetime(2026, 8, 4, 13, 30, tzinfo=UTC)


def chain_at(now: datetime, symbol: str = "^RUT", market: DemoMarket = MARKET) -> OptionFile:
    moment = moment_at(now)
    assert moment is not None
    found = demo_chain(market, Key(Kind.CHAIN, symbol), moment)
    assert found is not None
    return found


def options_of(expiry: Expiry) -> tuple[Option, ...]:
    return (*expiry.calls, *expiry.puts)


@pytest.mark.parametrize("symbol", OPTIONED)
def test_a_study_finds_what_it_was_made_of(symbol: str) -> None:
    moment = moment_at(AFTERNOON)
    assert moment is not None
    file = chain_at(AFTERNOON, symbol)
    study = chain_study(file, 0.037)
    level = MARKET.quote(RVX, moment).last
    assert study.model.value == pytest.approx(level, rel=0.03)
    assert study.week is not None
    assert study.month is not None
    assert study.week < study.month < level / 100
    assert study.skew is not None
    assert 0.01 < study.skew < 0.06
    assert [
        row.figures.reason for row in study.rows if row.figures.days and row.figures.reason
    ] == []
    assert 1 < (study.volume.ratio or 0) < 2
    assert 1 < (study.open_interest.ratio or 0) < 2
    assert any(row.is_morning for row in study.rows) == (symbol == "^RUT")
    assert study.price == MARKET.quote(symbol, moment).last


def test_quotes_are_in_order_and_fall_away_from_the_money() -> None:
    file = chain_at(AFTERNOON)
    assert [e.settles for e in file.chain.expiries] == sorted(
        {e.settles for e in file.chain.expiries}
    )
    for expiry in file.chain.expiries:
        strikes = [option.strike for option in expiry.calls]
        assert strikes == sorted(set(strikes)) == [option.strike for option in expiry.puts]
        calls = [option.ask or 0 for option in expiry.calls]
        assert calls == sorted(calls, reverse=True)
        assert [o.ask or 0 for o in expiry.puts] == sorted(o.ask or 0 for o in expiry.puts)
        for option in options_of(expiry):
            assert option.bid is not None
            assert option.ask is not None
            assert 0 <= option.bid < option.ask
            assert (option.iv is None) == (option.bid == 0)


def test_the_same_moment_is_the_same_chain_in_any_process() -> None:
    other = DemoMarket(DEFAULT_SEED, CAST)
    chain_at(EARLY, "IWM", other)
    assert chain_at(AFTERNOON, "IWM", other) == chain_at(AFTERNOON, "IWM")
    assert chain_at(AFTERNOON, market=DemoMarket(7, CAST)) != chain_at(AFTERNOON)


def test_before_the_open_it_is_yesterday_s_and_nothing_has_traded_at_it() -> None:
    early = chain_at(EARLY)
    assert early.chain.as_of == session_of(datetime(2026, 8, 3, tzinfo=UTC).date()).close
    assert chain_study(early, None).model.value is None
    opening = chain_study(chain_at(OPENING), None)
    assert (opening.volume.puts, opening.volume.calls) == (0, 0)
    assert opening.open_interest.calls > 0


async def test_the_demo_serves_it_as_a_document_and_its_figures_are_read() -> None:
    feed = DemoFeed(cast=CAST, clock=SimulatedClock(AFTERNOON, 1e-6))
    picture, reckoner = empty_snapshot(AFTERNOON), Reckoner()
    for symbol in OPTIONED:
        (query,) = feed.plan([key := Key(Kind.CHAIN, symbol)])
        arrived = feed.parse(query, await feed.fetch(query), AFTERNOON)
        assert arrived.documents == (chain_at(AFTERNOON, symbol),)
        picture = fold(picture, arrived, AFTERNOON)
        news = Reckoning(at=AFTERNOON, symbols=frozenset({symbol}), changed=frozenset({key}))
        picture = fold(picture, reckoner.reckon(picture, news), AFTERNOON)
    assert picture.studies.options is not None
    for symbol in OPTIONED:
        study = picture.studies.options.of(symbol)
        reading = picture.reading(f"options.{CAST[symbol].slug}.model_vix")
        assert study is not None
        assert reading.value == study.model.value
        assert (reading.source, reading.as_of) == ("demo", AFTERNOON)
    moment = moment_at(AFTERNOON)
    assert moment is not None
    assert demo_chain(MARKET, Key(Kind.CHAIN, "NVDA"), moment) is None
