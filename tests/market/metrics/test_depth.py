"""How far back each window reaches, and values worked out a second way."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from datetime import date
from functools import cache
from statistics import fmean

import pytest
from msgspec.structs import replace

from market.metrics.compute import compute
from market.quotes import Bars, Key, Kind
from market.reading import Reading
from market.snapshot import Snapshot
from tests.market.metrics.pictures import full_picture, new_york, with_bars


@cache
def afternoon() -> Snapshot:
    return full_picture()


@cache
def readings_then() -> Mapping[str, Reading]:
    return compute(afternoon())


@cache
def evening() -> Snapshot:
    """After the close: the daily bars end with the session of the quotes."""
    return full_picture(new_york(date(2026, 7, 2), "21:00"))


def bars(symbol: str, snapshot: Snapshot | None = None) -> Bars:
    return (snapshot or afternoon()).bars[Key(Kind.DAILY, symbol)]


def last(symbol: str, snapshot: Snapshot | None = None) -> float:
    return (snapshot or afternoon()).quotes[symbol].last


def value(name: str) -> float:
    found = readings_then()[name].value
    assert isinstance(found, float)
    return found


@pytest.mark.parametrize(("back", "counted"), [(251, True), (252, False)])
def test_a_year_is_252_sessions_with_todays(back: int, counted: bool) -> None:
    high = array("d", bars("XBI").high)
    high[-back] = 1e6
    readings = compute(with_bars(afternoon(), replace(bars("XBI"), high=high)))
    assert (readings["xbi.range52w.high"].value == 1e6) is counted


@pytest.mark.parametrize(("name", "count"), [("1y", 252), ("5y", 1260)])
def test_percentile_looks_at_so_many_levels(name: str, count: int) -> None:
    levels = [*bars("^VIX").close[-(count - 1) :], last("^VIX")]
    expected = sum(level <= levels[-1] for level in levels) / len(levels)
    assert len(levels) == count
    assert value(f"vix.percentile.{name}") == pytest.approx(expected)


def test_rank_looks_at_a_year() -> None:
    levels = [*bars("^VIX").close[-251:], last("^VIX")]
    expected = (levels[-1] - min(levels)) / (max(levels) - min(levels))
    assert value("vix.rank.1y") == pytest.approx(expected)


def ratios(snapshot: Snapshot, count: int) -> list[float]:
    pairs = zip(bars("^RUT", snapshot).close, bars("^GSPC", snapshot).close, strict=True)
    return [a / b for a, b in pairs][-count:]


def test_relative_strength_reaches_63_sessions_back() -> None:
    now = last("^RUT") / last("^GSPC")
    assert value("rut.relative_strength.spx") == pytest.approx(now)
    change = value("rut.relative_strength.spx.return.63d")
    assert change == pytest.approx(now / ratios(afternoon(), 63)[0] - 1)


def test_relative_strength_is_compared_with_200_sessions() -> None:
    now = last("^RUT") / last("^GSPC")
    mean = fmean([*ratios(afternoon(), 199), now])
    assert value("rut.relative_strength.spx.above_200d") == pytest.approx(now / mean)


def test_the_quotes_own_bar_is_not_counted_twice() -> None:
    readings = compute(evening())
    now = last("^RUT", evening()) / last("^GSPC", evening())
    change = readings["rut.relative_strength.spx.return.63d"].value
    assert change == pytest.approx(now / ratios(evening(), 64)[0] - 1)
    average = readings["xbi.average.50d"].value
    closes = bars("XBI", evening()).close[-50:-1]
    assert average == pytest.approx(fmean([*closes, last("XBI", evening())]))
    levels = [*bars("^VIX", evening()).close[-252:-1], last("^VIX", evening())]
    share = sum(level <= levels[-1] for level in levels) / 252
    assert readings["vix.percentile.1y"].value == pytest.approx(share)


def test_premiums_are_in_points() -> None:
    for slug, symbol, past in (("vix", "^VIX", "spx"), ("rvx", "^RVX", "rut")):
        realised = value(f"{past}.realised_vol.close_to_close.21d")
        premium = value(f"{slug}.variance_premium")
        assert premium == pytest.approx(last(symbol) - 100 * realised)
    realised = value("iwm.realised_vol.yang_zhang.21d")
    assert value("iwm.implied_minus_realised") == pytest.approx(last("^RVX") - 100 * realised)


def test_levels_of_the_volatility_family() -> None:
    vix = last("^VIX")
    assert value("vix.term.slope") == pytest.approx(last("^VIX3M") - vix)
    assert value("vix.term.ratio") == pytest.approx(vix / last("^VIX3M"))
    assert value("vix.term.short_ratio") == pytest.approx(last("^VIX9D") / vix)
    assert value("rvx.vix_ratio") == pytest.approx(last("^RVX") / vix)
    assert value("vix.move.1d") == pytest.approx(vix / 252**0.5 / 100)


def test_average_and_drawdown_reach_as_far_as_they_say() -> None:
    closes = bars("XBI").close
    assert value("xbi.average.200d") == pytest.approx(fmean([*closes[-199:], last("XBI")]))
    assert value("xbi.drawdown") == pytest.approx(last("XBI") / max(*closes, last("XBI")) - 1)


def test_tracking_is_the_difference_of_two_returns() -> None:
    own, index = value("iwm.return.1d"), value("rut.return.1d")
    assert value("iwm.tracking.1d") == pytest.approx(own - index)
