"""Words that alerts are set on: a new 52-week extreme, a halt; and what must be asked for them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from msgspec.structs import replace

from market.agenda import Halt, Halted
from market.holdings import WHOLE_MARKET
from market.interest_metrics import metric_keys
from market.interest_rooms import mark_keys
from market.metrics.compute import readings_named
from market.quotes import Key, Kind
from market.reading import Reading
from market.sessions import sessions_back, sessions_between
from market.snapshot import Snapshot, empty_snapshot
from market.studies import NO_STUDIES
from tests.clocks import THURSDAY_AFTERNOON
from tests.market.metrics.pictures import bars_of, quote_at, with_quote

TODAY = THURSDAY_AFTERNOON.date()


def year(count: int = 260) -> dict[date, tuple[float, float, float, float]]:
    """Sessions between 90 and 110."""
    days = [*sessions_between(sessions_back(TODAY, count), sessions_back(TODAY, 1))]
    return dict.fromkeys(days, (100.0, 110.0, 90.0, 100.0))


def told(last: float, count: int = 260) -> Reading:
    bare = empty_snapshot(THURSDAY_AFTERNOON)
    bars = bars_of("IWM", year(count))
    known = replace(bare, bars={bars.key: bars})
    known = with_quote(known, replace(quote_at("IWM", last, bare.now), high=last, low=last))
    return readings_named(known, ["iwm.range52w.new"])["iwm.range52w.new"]


@pytest.mark.parametrize(
    ("last", "word"), [(110.01, "high"), (110, "none"), (100, "none"), (90, "none"), (89.9, "low")]
)
def test_a_session_makes_a_new_extreme_when_it_goes_beyond_the_year(last: float, word: str) -> None:
    assert told(last).value == word


def test_without_a_year_there_is_no_extreme_of_one() -> None:
    found = told(200, 100)
    assert (found.value, found.reason) == (None, "no year of daily bars is known")


def halted(snapshot: Snapshot, resumed: datetime | None = None) -> Reading:
    halt = Halt(
        symbol="IWM",
        name="iShares",
        code="LUDP",
        halted_at=THURSDAY_AFTERNOON - timedelta(minutes=5),
        resumed_at=resumed,
    )
    halts = Halted(source="nasdaqtrader", as_of=snapshot.now, by_symbol={"IWM": halt})
    known = replace(snapshot, studies=replace(NO_STUDIES, halts=halts))
    return readings_named(known, ["iwm.halt"])["iwm.halt"]


def test_a_fund_is_halted_or_trades() -> None:
    bare = empty_snapshot(THURSDAY_AFTERNOON)
    assert (halted(bare).value, halted(bare).reason) == ("halted", "halted: LUDP")
    assert halted(bare, THURSDAY_AFTERNOON).value == "trading"
    assert readings_named(bare, ["iwm.halt"])["iwm.halt"].reason == "waiting for the list of halts"


def test_the_list_of_halts_is_asked_for_and_no_price_of_the_whole_market() -> None:
    keys = metric_keys(["crdo.halt"], empty_snapshot(THURSDAY_AFTERNOON))
    assert Key(Kind.HALTS, WHOLE_MARKET) in keys
    assert Key(Kind.TRACE, "CRDO") in keys
    assert not any(key.symbol == WHOLE_MARKET and key.kind is Kind.TRACE for key in keys)


def test_who_reads_the_curve_of_futures_has_their_marks_asked_for() -> None:
    keys = metric_keys(["vix.futures.contango"], empty_snapshot(THURSDAY_AFTERNOON))
    assert keys == mark_keys(TODAY)
