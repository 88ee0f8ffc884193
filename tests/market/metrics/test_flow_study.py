"""The study of fund flows, and the readings made of it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import islice

import pytest
from msgspec.structs import replace

from market.feeds.demo_funds import RECORDED, UNIT, fund_history
from market.feeds.demo_market import DemoMarket, Moment, moment_at
from market.fund_flow_study import FundFlows
from market.fund_shares import FundDay
from market.funds import FUNDS, FundHistory, joined_histories
from market.instruments import default_cast
from market.interest_rooms import flow_keys
from market.metrics.compute import compute
from market.metrics.flow_study import flows, reads
from market.metrics.studying import studied
from market.quotes import Key, Kind
from market.sessions import session_of, sessions_between
from market.snapshot import Snapshot, empty_snapshot
from market.staleness import why_count_late
from tests.market.metrics.small_index import holdings

DAYS = list(islice(sessions_between(date(2025, 7, 1), date(2026, 12, 31)), 280))
NOW = session_of(DAYS[-1]).close
SYMBOLS = ("IWM", "IJR", "SPSM", "XBI", "ARTY")
IWM, IJR, SPSM, XBI, ARTY = (Key(Kind.FUND, symbol) for symbol in SYMBOLS)


def history(
    key: Key, *changes: float, is_recorded: bool = False, nav: float | None = 200.0
) -> FundHistory:
    """A fund whose count changed by so many thousand in the newest sessions."""
    count, days = 1e6, [FundDay(DAYS[-len(changes) - 1], 1e6, nav)]
    for day, change in zip(DAYS[len(DAYS) - len(changes) :], changes, strict=True):
        count += 1e3 * change
        days.append(FundDay(day, count, nav))
    return FundHistory(
        key=key, source="ishares", fetched_at=NOW, days=tuple(days), is_recorded=is_recorded
    )


def known(*histories: FundHistory, **more: object) -> Snapshot:
    snapshot = empty_snapshot(NOW)
    documents = {each.key: each for each in histories}
    return replace(snapshot, documents=documents, **more)


def flows_of(snapshot: Snapshot, symbol: str) -> FundFlows:
    study = flows(snapshot)
    assert study is not None
    found = study.of(symbol)
    assert found is not None
    return found


def test_sums_assets_and_percentile_of_a_fund() -> None:
    found = flows_of(known(history(IWM, *[5.0] * 250, 20.0)), "IWM")
    assert (found.day, found.as_of) == (DAYS[-1], NOW)
    assert found.shares == 1e6 + 250 * 5e3 + 20e3
    assert found.assets == found.shares * 200
    assert [each.dollars for each in found.sums] == [4e6, 8e6, 23e6]
    assert found.over(1).percentile == 1.0
    assert found.over(20).percentile_reason == ""
    assert found.sessions == 251
    assert found.over(3).reason == "nobody sums up 3 sessions"


def test_nothing_known_is_none_and_one_count_is_a_beginning() -> None:
    assert flows(empty_snapshot(NOW)) is None
    assert flows(known(history(IWM, nav=None))) is None
    found = flows_of(known(history(ARTY, is_recorded=True)), "ARTY")
    assert [each.reason for each in found.sums] == [
        f"collecting, 0 of {n} days" for n in (1, 5, 20)
    ]
    assert found.day == DAYS[-1]


def test_the_newest_large_count_waits_and_the_holdings_file_bears_it_out() -> None:
    counts = history(IWM, 5.0, 5.0, 300.0)
    found = flows_of(known(counts), "IWM")
    assert found.ledger.pending is not None
    assert found.day == DAYS[-2]
    assert found.over(1).reason.endswith("awaits confirmation")
    for shares, is_borne_out in ((1.31e6, True), (1.01e6, False)):
        file = replace(holdings(DAYS[-1]), shares_outstanding=shares)
        beside = flows_of(known(counts, holdings={"IWM": file}), "IWM")
        assert (beside.ledger.pending is None) is is_borne_out
    own = flows_of(
        known(replace(counts, is_recorded=True), holdings={"IWM": file}), "IWM"
    )  # the head of the same file is no second source
    assert own.ledger.pending is not None


def test_where_no_value_is_told_the_close_stands_in() -> None:
    bars = DemoMarket(39, default_cast()).daily("IWM", Kind.CLOSES, _moment())
    snapshot = known(history(IWM, 5.0, 5.0, nav=None, is_recorded=True), bars={bars.key: bars})
    found = flows_of(snapshot, "IWM")
    assert found.ledger.creations[-1].remarks == ("at the close", "not whole creation units")
    assert Key(Kind.CLOSES, "IWM") in flow_keys(snapshot)
    assert flow_keys(known(history(IWM, 5.0))) == {Key(Kind.FUND, f.symbol) for f in FUNDS}


def test_what_is_recorded_begins_with_the_holdings_files_that_were_kept() -> None:
    counts = history(IWM, 50.0, is_recorded=True)
    older = [replace(holdings(day), shares_outstanding=0.9e6) for day in DAYS[-6:-3]]
    newest = replace(holdings(DAYS[-1]), shares_outstanding=2e6)
    files = {"holdings": {"IWM": newest}, "earlier_holdings": tuple(older)}
    known_days = {"IWM": flows_of(known(counts), "IWM").sessions}
    assert known_days == {"IWM": 1}
    with_values = replace(counts, days=tuple(replace(d, close=200.0) for d in counts.days))
    closes = Key(Kind.CLOSES, "IWM")
    bars = replace(DemoMarket(39, default_cast()).daily("IWM", Kind.CLOSES, _moment()), key=closes)
    found = flows_of(known(with_values, bars={closes: bars}, **files), "IWM")
    assert found.sessions == 5, "from the oldest file on, the day between rolled into the next"
    assert found.shares == 1.05e6, "what was asked for itself counts"


def test_without_any_answer_the_head_of_a_holdings_file_is_the_first_count() -> None:
    file = replace(holdings(DAYS[-2]), shares_outstanding=1e6)
    bars = DemoMarket(39, default_cast()).daily("IWM", Kind.CLOSES, _moment())
    found = flows_of(known(holdings={"IWM": file}, bars={bars.key: bars}), "IWM")
    assert (found.day, found.shares, found.assets) == (DAYS[-2], 1e6, 1e6 * bars.close[-1])
    assert found.over(20).reason == "collecting, 0 of 20 days"
    bare = replace(file, shares_outstanding=None)
    assert flows(known(holdings={"IWM": bare}, bars={bars.key: bars})) is None


def test_what_is_recorded_grows_beside_what_was_whole() -> None:
    whole = history(IWM, 5.0, 5.0)
    day = FundDay(DAYS[-1], 1.5e6)
    grown = joined_histories(whole, replace(whole, days=(day,), is_recorded=True))
    assert (len(grown.days), grown.is_recorded) == (3, False)
    assert grown.days[-1] == FundDay(DAYS[-1], 1.5e6, 200.0), "the value of the day stays known"


def test_readings_are_of_funds_alone_and_say_why_not() -> None:
    snapshot = known(history(IWM, *[50.0] * 30, 10.0), history(ARTY, 5.0, is_recorded=True))
    studies = studied(snapshot, [IWM])
    assert studies is not None
    assert studied(snapshot, [Key(Kind.QUOTE, "IWM")]) is None
    readings = compute(replace(snapshot, studies=studies))
    one = readings["iwm.flow.1d"]
    assert (one.value, one.as_of, one.source) == (2e6, NOW, "ishares")
    assert one.reason == "not whole creation units"
    assert readings["iwm.flow.share.20d"].value == pytest.approx(0.192e9 / 0.32e9, rel=0.2)
    assert readings["iwm.flow.percentile.20d"].reason == "collecting, 12 of 200 days"
    assert readings["iwm.shares_outstanding"].value == 1e6 + 30 * 50e3 + 10e3
    assert readings["xbi.flow.1d"].reason == "waiting for data"
    assert "spx.flow.1d" not in readings
    assert "arty.flow.1d" not in readings, "nobody watches it: its row is the study's"


def test_the_sum_of_the_small_caps_lacks_none_of_them() -> None:
    told = [history(key, *[50.0] * 30) for key in (IWM, IJR, SPSM)]
    for count, reason in ((3, ""), (2, "without SPSM: waiting"), (1, "without IJR, SPSM: waiting")):
        snapshot = known(*told[:count])
        studies = studied(snapshot, [IWM])
        assert studies is not None
        whole = compute(replace(snapshot, studies=studies))["flows.small_caps.20d"]
        assert whole.value == (3 * 20 * 50e3 * 200 if count == 3 else None)
        assert whole.reason.startswith(reason)


def test_what_flows_are_made_of() -> None:
    wanted = (IWM, Key(Kind.HOLDINGS, "IWM"), Key(Kind.CLOSES, "IJR"), Key(Kind.DAILY, "XBI"))
    assert all(map(reads, wanted))
    others = (Key(Kind.QUOTE, "IWM"), Key(Kind.DAILY, "AAPL"), Key(Kind.HOLDINGS, "SPY"))
    assert not any(map(reads, others))


def test_a_count_is_late_after_three_sessions() -> None:
    assert why_count_late(session_of(DAYS[4]).close, session_of(DAYS[1]).close) == ""
    assert "3 sessions" in why_count_late(session_of(DAYS[5]).close, session_of(DAYS[1]).close)


# The simulated market's funds


def _moment(day: date = DAYS[-1]) -> Moment:
    moment = moment_at(datetime(day.year, day.month, day.day, 18, 0, tzinfo=UTC))
    assert moment is not None
    return moment


def test_demo_funds_come_in_units_lack_a_day_and_have_one_wrong_count() -> None:
    market = DemoMarket(39, default_cast())
    told = {key: fund_history(market, key, _moment()) for key in (IWM, IJR, XBI, ARTY)}
    assert told == {key: fund_history(market, key, _moment()) for key in told}
    assert fund_history(market, Key(Kind.FUND, "AAPL"), _moment()) is None
    histories = [each for each in told.values() if each is not None]
    assert len(histories) == 4
    left_out = missing = 0
    for each in histories:
        found = flows_of(known(each), each.key.symbol)
        assert each.days[-1].day == DAYS[-2], "a count comes the morning after"
        assert each.is_recorded is (each.key.symbol == RECORDED)
        left_out += len(found.ledger.left_out)
        missing += sum(creation.sessions > 1 for creation in found.ledger.creations)
        assert all(creation.units % UNIT == 0 for creation in found.ledger.creations)
    assert left_out > 0
    assert missing > left_out
    arty = flows_of(known(*histories), "ARTY")
    assert arty.over(20).reason == "collecting, 12 of 20 days"
