"""What is kept of the completed sessions, and when it is worked out anew."""

from __future__ import annotations

import gc
from collections.abc import Callable
from weakref import ref

import numpy as np
import pytest
from msgspec.structs import replace

from market.census import Census
from market.instruments import TRACKER
from market.metrics.census import CensusTaker
from market.metrics.compute import compute
from market.metrics.member_prices import Known, prices_of
from market.metrics.panel import detail_of, panel_of
from market.metrics.told_prices import pages_of
from market.metrics.year import Year, YearKeeper
from market.past import with_session
from market.reckoning import Reckoner, Reckoning
from market.sessions import previous_session, session_of
from market.snapshot import Snapshot
from tests.market.metrics.small_index import (
    COUNT,
    DAY,
    MINUTE,
    NOON,
    census_of,
    listings,
    snapshot,
    symbols,
)


def taken(taker: CensusTaker, picture: Snapshot) -> Census:
    report = taker.take(picture, picture.now)
    assert report is not None
    assert report.census is not None
    return report.census


def moved(picture: Snapshot) -> Snapshot:
    """The next minute, in which all members have gained two per cent."""
    return replace(picture, now=NOON + MINUTE, listings=listings([0.02] * COUNT, NOON + MINUTE))


def split(picture: Snapshot) -> Snapshot:
    """The session in which one share has become two."""
    assert picture.listings is not None
    last, change = picture.listings.last[:], picture.listings.change[:]
    last[3], change[3] = last[3] / 2, change[3] / 2
    return replace(picture, listings=replace(picture.listings, last=last, change=change))


def with_more_past(picture: Snapshot) -> Snapshot:
    """The session at hand has ended and is in the first member's past."""
    symbol, bars = next(iter(picture.past.items()))
    longer = with_session(bars, session_of(DAY).open, 99.0, 1e6)
    return replace(picture, past={**picture.past, symbol: longer}, now=session_of(DAY).close)


@pytest.mark.parametrize("change", [moved, split, with_more_past])
def test_a_census_after_others_is_what_it_would_be_alone(
    change: Callable[[Snapshot], Snapshot],
) -> None:
    """What is kept from one to the next never tells."""
    taker, picture = CensusTaker(), snapshot()
    taken(taker, picture)
    after = change(picture)
    ours, theirs = taken(taker, after), census_of(after)
    assert ours.readings == theirs.readings
    for name in ("momentum", "above", "returns"):
        one, other = (getattr(each.members, name) for each in (ours, theirs))
        assert {k: v.tobytes() for k, v in one.items()} == {
            k: v.tobytes() for k, v in other.items()
        }


def test_new_prices_need_no_new_year() -> None:
    keeper, picture = YearKeeper(), snapshot()
    file, members = picture.holdings[TRACKER], symbols()
    panel = panel_of(members, picture.past, previous_session(DAY))
    known = Known(members, panel, pages_of({}, members), ())
    years: list[Year] = []
    for each in (picture, moved(picture), split(picture)):
        prices = prices_of(each.listings, file, known, each.now)
        assert prices is not None
        years.append(keeper.of(file, (), panel, prices))
    before, same, after = years
    assert before is same
    assert after.usual_volume[3] == 2 * before.usual_volume[3]
    assert after.bases[21][3] == before.bases[21][3] / 2
    assert after.bases[21][4] == before.bases[21][4]


def test_a_panel_has_each_members_bars_in_the_rows_of_their_sessions() -> None:
    picture, (symbol, stranger) = snapshot(), (symbols()[0], "NONE")
    bars = picture.past[symbol].tail(3)
    bare = replace(picture.past[symbols()[1]], high=bars.high[:0])
    past = {symbol: bars, "BARE": bare}
    panel = panel_of((symbol, "BARE", stranger), past, previous_session(DAY))
    assert panel.closes[-3:, 0].tolist() == list(bars.close)
    detail = detail_of(panel)
    assert detail.volumes[-3:, 0].tolist() == list(bars.volume)
    assert np.isnan(panel.closes[:-3, 0]).all()
    assert not np.isnan(panel.closes[-1, 1])
    assert np.isnan(detail.highs[:, 1:]).all(), "nobody told them"
    row = len(panel.days) - 1
    assert panel.volumes_at(row).tobytes() == detail.volumes[row].tobytes()
    assert panel.known[:2].tolist() == [3, len(bare)]
    assert np.isnan(panel.known[2])


def test_what_was_worked_out_lets_go_of_its_picture() -> None:
    """No garbage collection is needed for it: that would stop every thread."""
    gc.disable()
    try:
        picture = snapshot()
        known = ref(picture.listings)
        compute(picture)
        del picture
        assert known() is None
    finally:
        gc.enable()


@pytest.mark.parametrize("frozen", [0, 5])
def test_what_the_engine_loads_is_left_alone_where_the_start_is(
    frozen: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    monkeypatch.setattr(gc, "get_freeze_count", lambda: frozen)
    monkeypatch.setattr(gc, "freeze", lambda: calls.append("freeze"))
    reckoner = Reckoner()
    for _ in range(2):
        reckoner.reckon(snapshot(), Reckoning(at=NOON, symbols=frozenset(), members=True))
    assert len(calls) == (1 if frozen else 0)
