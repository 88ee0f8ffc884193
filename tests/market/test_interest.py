"""Which data a screen needs."""

from __future__ import annotations

from datetime import date

from market.baskets import Basket, MemberRule
from market.holdings import WHOLE_MARKET
from market.instruments import INDEX, TRACKER, Instrument, Role, default_cast
from market.interest import (
    INDEX_KEYS,
    basket_funds,
    group_keys,
    overview_keys,
    sector_keys,
    story_keys,
    streamed_symbols,
    symbol_keys,
    watch_keys,
)
from market.quotes import Key, Kind

GROUP = Instrument(symbol="@biotechnology", role=Role.GROUP, sector="Health Care", sources=())
CAST = default_cast().with_instruments([GROUP])
PLAIN = default_cast()
INDEX_TODAY = {Key(Kind.INTRADAY, INDEX), Key(Kind.DAILY, INDEX)}


def test_the_overview_wants_the_members_and_the_whole_market() -> None:
    assert overview_keys(PLAIN) > INDEX_KEYS
    assert {
        Key(Kind.HOLDINGS, TRACKER),
        Key(Kind.LISTINGS, WHOLE_MARKET),
        Key(Kind.HALTS, WHOLE_MARKET),
    } == INDEX_KEYS


def test_it_wants_the_holdings_of_the_baskets_funds() -> None:
    more = overview_keys(PLAIN, ["IGV", "ARTY"]) - overview_keys(PLAIN)
    assert more == {Key(Kind.HOLDINGS, "IGV"), Key(Kind.HOLDINGS, "ARTY")}


def test_funds_of_several_baskets_are_named_once() -> None:
    rules = (("IGV", "ARTY"), (), ("IGV",))
    baskets = [
        Basket(
            name=str(n),
            slug=str(n),
            rule="",
            as_of=date(2026, 7, 1),
            members=MemberRule(symbols=("CRDO",), funds=funds),
        )
        for n, funds in enumerate(rules)
    ]
    assert basket_funds(baskets) == ("IGV", "ARTY")


def test_no_feed_is_asked_for_a_group() -> None:
    for cast in (CAST, PLAIN):
        wanted = (
            overview_keys(cast)
            | watch_keys([GROUP.symbol], cast)
            | sector_keys("Health Care", cast)
            | symbol_keys(GROUP.symbol, "5D", cast, compare=True, proxies=["XBI"])
        )
        assert not [key for key in wanted if key.symbol == GROUP.symbol]


def test_a_group_is_shown_beside_the_index_and_its_proxies() -> None:
    keys = group_keys(["XBI", "IBB"])
    proxies = {Key(kind, s) for s in ("XBI", "IBB") for kind in (Kind.TRACE, Kind.CLOSES)}
    assert keys == INDEX_KEYS | INDEX_TODAY | proxies
    assert symbol_keys(GROUP.symbol, "1D", CAST, compare=True, proxies=["XBI", "IBB"]) == keys


def test_a_group_compared_over_days_wants_the_index_over_them() -> None:
    over_days = {Key(Kind.CHART, INDEX, "5D")}
    assert symbol_keys(GROUP.symbol, "5D", CAST, compare=True) - group_keys() == over_days
    assert symbol_keys(GROUP.symbol, "5D", CAST, compare=False) == group_keys()
    assert symbol_keys(GROUP.symbol, "1Y", CAST, compare=True) == group_keys()


def test_a_sector_wants_its_funds_the_index_and_its_members() -> None:
    keys = sector_keys("Health Care", PLAIN)
    assert keys >= INDEX_TODAY | INDEX_KEYS
    assert Key(Kind.TRACE, "XBI") in keys


def test_a_stock_wants_its_own_bars_and_page() -> None:
    keys = symbol_keys("CRDO", "5D", PLAIN, compare=True)
    assert keys == {
        *(Key(kind, "CRDO") for kind in (Kind.INTRADAY, Kind.DAILY, Kind.DETAILS)),
        *INDEX_TODAY,
        Key(Kind.CHART, "CRDO", "5D"),
        Key(Kind.CHART, INDEX, "5D"),
        Key(Kind.HEADLINES, "CRDO"),
        Key(Kind.FILINGS, "CRDO"),
        Key(Kind.HALTS, WHOLE_MARKET),
    }


def test_only_companies_file_and_groups_and_contracts_have_no_headlines() -> None:
    assert story_keys("XBI", PLAIN) == {Key(Kind.HEADLINES, "XBI")}
    assert Key(Kind.FILINGS, "^GSPC") not in story_keys("^GSPC", PLAIN)
    assert not story_keys("@biotechnology", PLAIN)
    assert not story_keys("ZQZ26.CBT", PLAIN)


def test_ticks_are_wanted_of_the_index_then_of_what_is_shown_then_of_the_lists() -> None:
    shown = {Key(Kind.TRACE, "XBI"), Key(Kind.INTRADAY, "IWM"), Key(Kind.DAILY, "SPY")}
    unseen = {Key(Kind.TRACE, "ARKK"), *watch_keys(["MSFT", "AAPL"], PLAIN), *INDEX_TODAY}
    symbols = streamed_symbols(shown, ["MSFT", "AAPL"], shown | unseen, PLAIN)
    assert symbols == (INDEX, "IWM", "XBI", "MSFT", "AAPL", "ARKK")


def test_no_tick_is_wanted_of_what_has_no_price_or_is_not_yahoos() -> None:
    own = PLAIN.with_instruments([Instrument(symbol="^RVX", sources=("cboe",))])
    shown = {Key(Kind.QUOTE, "^RVX"), Key(Kind.PUBLISHED, "DGS10"), Key(Kind.DAILY, "SPY")}
    assert streamed_symbols(shown, ["@biotechnology"], shown, own) == ()
