"""What is shown of a member before its own feed has answered."""

from __future__ import annotations

from array import array
from datetime import timedelta
from math import isnan, nan

import pytest
from msgspec.structs import replace

from market.first_look import first_look
from market.first_readings import with_first_readings
from market.fold import fold
from market.interest import symbol_keys
from market.metrics.compute import compute
from market.metrics.price import TOLD
from market.quotes import Key, Kind
from market.snapshot import Snapshot
from tests.market.metrics.pictures import quote_at
from tests.market.metrics.small_index import NOON, census_of, closes_of, past_of, snapshot

SYMBOL = "M005"


def counted() -> Snapshot:
    picture = snapshot()
    return replace(picture, census=census_of(picture))


def looked(picture: Snapshot, symbol: str = SYMBOL) -> Snapshot:
    """The picture once somebody has opened a symbol."""
    keys = symbol_keys(symbol, "1M", picture.cast, compare=False)
    report = first_look(picture, keys, NOON)
    return picture if report is None else fold(picture, report, NOON)


def test_price_change_weight_and_past_are_there_at_once_with_source_and_time() -> None:
    picture = looked(counted())
    assert picture.census is not None
    members = picture.census.members
    readings = compute(picture, {SYMBOL})
    last = readings["m005.last"]
    assert (last.value, last.as_of) == (members.last[5], members.as_of)
    assert last.source == "nasdaq"
    assert readings["m005.return.1d"].value == pytest.approx(members.returns["1D"][5])
    assert readings["m005.index.weight"].value == members.weight[5]
    month = readings["m005.return.1m"].value
    assert month == pytest.approx(members.returns["1M"][5])
    closes = picture.bars[Key(Kind.CLOSES, SYMBOL)]
    assert list(closes.close) == closes_of(5)
    assert (closes.source, len(closes.volume)) == ("yahoo", len(closes))
    assert picture.details[SYMBOL].name == "Member 5"


def test_nothing_is_said_to_have_been_answered() -> None:
    picture = looked(counted())
    assert not picture.fetched
    assert not picture.feeds


def test_what_a_feed_has_told_stays_and_a_younger_price_counts() -> None:
    known = replace(counted(), quotes={SYMBOL: quote_at(SYMBOL, 1.0, NOON)})
    assert looked(known) is known
    younger = quote_at(SYMBOL, 2.0, NOON + timedelta(seconds=5))
    before = looked(counted())
    keys = symbol_keys(SYMBOL, "1M", before.cast, compare=False)
    assert first_look(replace(before, quotes={SYMBOL: younger}), keys, NOON) is None


def test_of_strangers_and_before_the_census_there_is_nothing() -> None:
    assert looked(snapshot()).quotes == {}
    assert looked(counted(), "AAPL").quotes == {}


def test_a_missing_price_is_not_made_up_and_holes_in_volumes_leave_them_out() -> None:
    picture = counted()
    assert picture.census is not None
    members = picture.census.members
    last = array("d", [nan if row == 5 else price for row, price in enumerate(members.last)])
    holed = replace(past_of(SYMBOL, closes_of(5)), volume=array("d", [nan]) * len(closes_of(5)))
    picture = replace(
        picture,
        census=replace(picture.census, members=replace(members, last=last)),
        past={**picture.past, SYMBOL: holed},
    )
    seen = looked(picture)
    assert SYMBOL not in seen.quotes
    closes = seen.bars[Key(Kind.CLOSES, SYMBOL)]
    assert not len(closes.volume)
    assert not any(map(isnan, closes.close))


def without_a_past() -> Snapshot:
    """The census of a first run: the listings have told, and no daily bar of a member is known."""
    picture = replace(snapshot(), past={})
    return replace(picture, census=census_of(picture))


def test_without_a_past_the_previous_close_is_what_the_listings_told() -> None:
    picture = looked(without_a_past())
    assert picture.census is not None
    members = picture.census.members
    readings = compute(picture, {SYMBOL})
    before, moved = readings["m005.previous_close"], readings["m005.return.1d"]
    assert (before.value, before.source) == (pytest.approx(closes_of(5)[-1]), "nasdaq")
    assert (moved.value, moved.source) == (pytest.approx(members.returns["1D"][5]), "nasdaq")
    assert moved.reason == TOLD
    assert readings["m005.change"].value == pytest.approx(members.last[5] - closes_of(5)[-1])
    assert readings["m005.return.5d"].reason == "waiting for daily bars"
    other_day = replace(picture.quotes[SYMBOL], as_of=NOON - timedelta(days=1))
    stale = compute(replace(picture, quotes={SYMBOL: other_day}), {SYMBOL})
    assert stale["m005.previous_close"].reason == "waiting for daily bars"


def test_until_the_metrics_are_worked_out_the_census_stands_in_for_them() -> None:
    picture = counted()
    seen, members = with_first_readings(picture, SYMBOL), census_of(picture).members
    worked_out = compute(looked(picture), {SYMBOL})
    for name in (
        "last", "previous_close", "change", "return.1d", "return.1m", "volume", "index.weight",
        "index.sector", "index.contribution.1d", "index.dollar_volume", "index.amihud",
    ):  # fmt: skip
        first, own = seen.reading(f"m005.{name}"), worked_out[f"m005.{name}"]
        assert first.value == (own.value if name == "index.sector" else pytest.approx(own.value))
    assert (seen.quotes[SYMBOL].source, seen.quotes[SYMBOL].as_of) == ("nasdaq", members.as_of)
    assert seen.reading("m005.relative.1d").value is None  # the index has no price here
    known = replace(picture, readings=worked_out)
    assert with_first_readings(known, SYMBOL) is known
    assert with_first_readings(picture, "AAPL") is picture
