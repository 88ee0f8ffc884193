"""Taking the census: from holdings, listings and the past to the whole index as one value.

What follows from completed sessions alone is kept between two censuses, so that a minute's new
prices cost one row of sums, not two years of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from market.census import (
    BreadthHistory,
    Census,
    Change,
    Group,
    Members,
    heaviest_first,
)
from market.holdings import Holdings
from market.instruments import TRACKER
from market.membership import membership_changes
from market.metrics.averages import distances
from market.metrics.breadth_history import Sessions, appended, completed, history_of, mcclellan_of
from market.metrics.columns import column
from market.metrics.completed_past import completed_past
from market.metrics.day_curve import measure_of
from market.metrics.group_series import Levels, levels_of, series_of
from market.metrics.groups import groups_of
from market.metrics.index_figures import index_held_against, index_readings
from market.metrics.index_session import IndexSession, index_session, withheld
from market.metrics.listed_session import NOT_YET
from market.metrics.member_columns import Standing, members_of, standing
from market.metrics.member_prices import Known, Prices, prices_of, splits_in
from market.metrics.own_prices import own_prices
from market.metrics.panel import Panel, detail_of, panel_of
from market.metrics.scene import Scene
from market.metrics.session_at_hand import extremes, session_at_hand
from market.metrics.shares import shares_in_panel, shares_of_session
from market.metrics.told_prices import Pages, pages_of
from market.metrics.trading_past import TradingPast, trading_past
from market.metrics.trails import trails_of
from market.metrics.year import Year, YearKeeper
from market.past import inherited_pasts
from market.quotes import Bars, Profile
from market.reports import Computed
from market.sessions import last_completed_session, session_of
from market.snapshot import Snapshot
from market.spellings import respelled

if TYPE_CHECKING:
    from market.metrics.columns import Column


class _Kept(NamedTuple):
    """What follows from completed sessions, and from what it was made."""

    file: Holdings
    symbols: tuple[str, ...]
    past: Mapping[str, Bars]
    until: date
    panel: Panel
    shares: Column
    """What the file holds, in the shares of the panel's prices."""
    sessions: Sessions
    traded: TradingPast
    changes: tuple[Change, ...]
    splits: tuple[tuple[int, int, float], ...]
    inherited: tuple[Bars, ...]
    """The pasts of renamed members."""


class _Taken(NamedTuple):
    """A census, and what its figures were made of."""

    census: Census
    scene: Scene


class CensusTaker:
    """Takes one census after another, of one index."""

    def __init__(self) -> None:
        self._kept: _Kept | None = None
        self._taken: _Taken | None = None
        self._year = YearKeeper()
        self._pages: tuple[Mapping[str, Profile], tuple[str, ...], Pages] | None = None
        self._levels: Levels | None = None
        self._grouped: tuple[tuple[object, ...], tuple[Group, ...]] | None = None

    def take(self, snapshot: Snapshot, at: datetime) -> Computed | None:
        """Return the census of a snapshot as a report; None while too little is known."""
        import numpy as np

        file = snapshot.holdings.get(TRACKER)
        if file is None or not len(file):
            return None
        try:
            with np.errstate(all="ignore"):
                return self._taken_of(snapshot, file, at)
        finally:
            detail_of.cache_clear()

    def held_anew(self, snapshot: Snapshot, at: datetime) -> Computed | None:
        """Return the last census held against the index's price of now; None if nothing changed.

        With the first price of the members' session everything is counted anew: momentum,
        rotation and the index's own line need it too.
        """
        import numpy as np

        if self._taken is None or snapshot.census is not self._taken.census:
            return None
        census, scene = self._taken
        index = _benchmark(snapshot, scene.prices)
        if (index.last is None) != (scene.benchmark.last is None):
            return self.take(snapshot, at)
        if index.returns == scene.benchmark.returns:
            return None
        scene = scene._replace(benchmark=index)
        with np.errstate(all="ignore"):
            found = index_held_against(scene)
        census = replace(census, readings={**census.readings, **found})
        self._taken = _Taken(census, scene)
        return Computed(at=at, readings=census.readings, census=census)

    def copied(self) -> CensusTaker:
        """Return another that goes on from here as this one would."""
        other = copy(self)
        vars(other)["_year"] = copy(self._year)
        return other

    def forget(self) -> None:
        """Hold nothing anew before the next census is taken."""
        self._taken = None

    def _taken_of(self, snapshot: Snapshot, file: Holdings, at: datetime) -> Computed | None:
        kept = self._completed(snapshot, file)
        own = own_prices(snapshot.quotes, kept.symbols)
        known = Known(kept.symbols, kept.panel, self._told(snapshot, kept), kept.splits, own)
        prices = prices_of(snapshot.listings, file, known, at)
        return None if prices is None else self._counted(snapshot, kept, prices, at)

    def _completed(self, snapshot: Snapshot, file: Holdings) -> _Kept:
        until = last_completed_session(snapshot.now)
        symbols = _symbols(snapshot, file)
        known = self._kept
        if known is not None and known[:4] == (file, symbols, snapshot.past, until):
            return known
        changes = membership_changes((file, *snapshot.earlier_holdings))
        inherited = inherited_pasts(snapshot.past, changes, symbols)
        past = {**snapshot.past, **{bars.key.symbol: bars for bars in inherited}}
        panel = panel_of(symbols, past, until)
        shares = shares_in_panel(file, panel, file)
        self._levels = None
        self._kept = _Kept(
            file,
            symbols,
            snapshot.past,
            until,
            panel,
            shares,
            completed(panel, shares, column(file.market_value)),
            trading_past(panel.closes, detail_of(panel).volumes),
            changes,
            splits_in(past, symbols),
            inherited,
        )
        return self._kept

    def _told(self, snapshot: Snapshot, kept: _Kept) -> Pages:
        """The quote pages, which come in by the hundred at most."""
        made_of = snapshot.profiles, kept.symbols
        if self._pages is None or self._pages[0] is not made_of[0] or self._pages[1] != made_of[1]:
            self._pages = *made_of, pages_of(*made_of)
        return self._pages[2]

    def _counted(self, snapshot: Snapshot, kept: _Kept, prices: Prices, at: datetime) -> Computed:
        file, panel = kept.file, kept.panel
        year = self._year.of(file, snapshot.earlier_holdings, panel, prices)
        stood = standing(file, prices, year, shares_of_session(file, panel, prices))
        ended = _benchmark(snapshot, prices)
        index = ended.closes(panel)
        measure = measure_of(snapshot, TRACKER, prices.day, prices.as_of)
        members = members_of(file, prices, stood, year, index, measure=measure)
        groups = self._groups(snapshot, members)
        levels = self._levels_of(groups, kept)
        series = series_of(levels, panel, prices, stood.weight, snapshot.bars)
        scene = _scene(kept, prices, stood, year, members=members, benchmark=ended)
        census = Census(
            members=members,
            groups=groups,
            readings=index_readings(scene, groups),
            breadth=_history(scene, panel, prices, index),
            trails=trails_of(levels, series, index),
            changes=kept.changes,
            files=1 + len(snapshot.earlier_holdings),
            unmapped=sum(not name for name in members.subsectors),
        )
        self._taken = _Taken(census, scene)
        return Computed(
            at=at,
            readings=census.readings,
            census=census,
            quotes=series.quotes,
            bars=series.bars,
            past=(*kept.inherited, *completed_past(snapshot, prices, at)),
        )

    def _groups(self, snapshot: Snapshot, members: Members) -> tuple[Group, ...]:
        """Members move between groups when files or words change, and within them by weight."""
        made_of = (
            heaviest_first(members),
            members.symbols,
            members.subsectors,
            members.industries,
            snapshot.baskets,
            tuple(snapshot.holdings.values()),
        )
        if self._grouped is None or self._grouped[0] != made_of:
            self._grouped = made_of, groups_of(members, snapshot.baskets, snapshot.holdings)
        return self._grouped[1]

    def _levels_of(self, groups: tuple[Group, ...], kept: _Kept) -> Levels:
        if self._levels is None or self._levels.groups is not groups:
            self._levels = levels_of(groups, kept.panel, kept.shares)
        return self._levels


def _symbols(snapshot: Snapshot, file: Holdings) -> tuple[str, ...]:
    """The members' symbols, read beside the list of what is traded."""
    if snapshot.listings is None:
        return file.symbols
    return _read_beside(file.symbols, snapshot.listings.symbols)


@lru_cache(maxsize=2)
def _read_beside(symbols: tuple[str, ...], listed: tuple[str, ...]) -> tuple[str, ...]:
    """The list of what is traded changes once a day, its prices each minute."""
    return respelled(symbols, frozenset(listed))


def _benchmark(snapshot: Snapshot, prices: Prices) -> IndexSession:
    """The index in the members' session, if that is known."""
    if not prices.is_dated:
        return withheld(prices.day, NOT_YET)
    return index_session(snapshot, prices.day, prices.as_of)


def _scene(
    kept: _Kept,
    prices: Prices,
    stood: Standing,
    year: Year,
    *,
    members: Members,
    benchmark: IndexSession,
) -> Scene:
    highs, lows = extremes(prices.taken, year)
    before = sum(day < prices.day for day in kept.panel.days)
    above = distances(prices.taken, year.sums)
    today = session_at_hand(prices, stood, above, highs, lows)
    sessions = appended(kept.sessions, today, before)
    return Scene(
        prices=prices,
        stood=stood,
        above=above,
        highs=highs,
        lows=lows,
        sessions=sessions,
        mcclellan=mcclellan_of(sessions),
        traded=kept.traded,
        benchmark=benchmark,
        dollar_volume=column(members.dollar_volume),
        relative_volume=column(members.relative_volume),
        volume_words=members.volume_words,
    )


def _history(scene: Scene, panel: Panel, prices: Prices, index: Column) -> BreadthHistory:
    opened = panel.opened[: len(index) - 1]
    opened.append(int(session_of(prices.day).open.timestamp()))
    return history_of(scene.sessions, scene.mcclellan, opened, index)
