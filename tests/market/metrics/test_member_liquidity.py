"""What is told of one member that somebody looks at: how it trades and how strong it is."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from math import nan
from statistics import median

import pytest
from msgspec.structs import replace

from market.instruments import INDEX
from market.metrics.compute import compute
from market.past import KEPT_SESSIONS
from market.quotes import Bars
from market.reading import Reading
from market.snapshot import Snapshot
from tests.market.metrics.pictures import quote_at
from tests.market.metrics.small_index import NOON, census_of, closes_of, past_of, snapshot

ROW, SYMBOL = 5, "M005"


def seen(past: Bars | None = None, dollar_volume: float = 2e6) -> Mapping[str, Reading]:
    """The readings of one member that is looked at, by the last part of their names."""
    picture = replace(snapshot(), quotes={INDEX: quote_at(INDEX, 2310.0, NOON)})
    if past is not None:
        picture = replace(picture, past={**picture.past, SYMBOL: past})
    census = census_of(picture)
    members = census.members
    dollars = array("d", [dollar_volume] * len(members))
    census = replace(census, members=replace(members, dollar_volume=dollars))
    quotes = {**picture.quotes, SYMBOL: quote_at(SYMBOL, 20.0, NOON)}
    readings = compute(replace(picture, census=census, quotes=quotes), {SYMBOL})
    lead = "m005.index."
    return {n.removeprefix(lead): r for n, r in readings.items() if n.startswith(lead)}


def own_past(**columns: array[float]) -> Bars:
    return replace(past_of(SYMBOL, closes_of(ROW)), **columns)


def test_the_median_of_dollars_and_the_days_without_trades() -> None:
    closes = closes_of(ROW)
    traded = [1e5] * (len(closes) - 3) + [0.0, 9e7, 2e5]
    found = seen(own_past(volume=array("d", traded)))
    dollars = [c * v for c, v in zip(closes[-20:], traded[-20:], strict=True)]
    assert found["median_dollar_volume"].value == pytest.approx(median(dollars))
    assert found["idle_share"].value == pytest.approx(1 / 20)
    assert found["idle_share"].as_of == past_of(SYMBOL, closes).as_of


def test_turnover_is_over_the_shares_that_market_value_and_price_mean() -> None:
    members = census_of(snapshot()).members
    outstanding = members.market_cap[ROW] / members.last[ROW]
    assert seen()["turnover"].value == pytest.approx(members.volume[ROW] / outstanding)


def test_spread_proxies_are_told_of_thin_names_only() -> None:
    closes = array("d", [100.5, 99.5] * 150)
    top, bottom = array("d", [100.5]) * 300, array("d", [99.5]) * 300
    past = own_past(close=closes, high=top, low=bottom)
    thin, fat = seen(past, 4.9e6), seen(past, 5e6)
    for proxy in ("corwin_schultz", "abdi_ranaldo"):
        assert thin[f"spread.{proxy}"].value == pytest.approx(0.01, rel=1e-3)
        assert fat[f"spread.{proxy}"].value is None
        assert "$5M" in fat[f"spread.{proxy}"].reason
    unknown = seen(own_past(high=array("d", [nan]) * 300), 1e6)
    assert "15 of 21" in unknown["spread.corwin_schultz"].reason


def test_momentum_is_that_of_the_members_table_and_twelve_less_one() -> None:
    found, closes = seen(), closes_of(ROW)
    last, start = census_of(snapshot()).members.last[ROW], 2000.0 + len(closes)
    for count in (21, 63, 126):
        expected = last / closes[-count] - 2310.0 / (start - count)
        assert found[f"momentum.{count}d"].value == pytest.approx(expected)
    assert found["momentum.12_1"].value == pytest.approx(closes[-22] / closes[-253] - 1)
    assert "253 sessions" in seen(past_of(SYMBOL, closes[-252:]))["momentum.12_1"].reason
    assert KEPT_SESSIONS >= 253


def test_while_its_past_is_unknown_it_says_so() -> None:
    picture: Snapshot = snapshot()
    others = {symbol: bars for symbol, bars in picture.past.items() if symbol != SYMBOL}
    picture = replace(picture, past=others)
    picture = replace(
        picture, census=census_of(picture), quotes={SYMBOL: quote_at(SYMBOL, 20.0, NOON)}
    )
    reading = compute(picture, {SYMBOL})["m005.index.idle_share"]
    assert (reading.value, reading.reason) == (None, "its past is being fetched")
