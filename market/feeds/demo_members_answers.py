"""What the simulated market says of its index: holdings, listings, quote pages and the past."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from market.feeds.demo_days import trading_days
from market.feeds.demo_market import SOURCE, Moment
from market.feeds.demo_members import FUND_VALUE, roster_of
from market.feeds.demo_members_charts import MemberCharts
from market.feeds.demo_members_day import MemberDays
from market.feeds.demo_members_pages import Pages, Shelf
from market.feeds.demo_members_paths import MemberPaths
from market.feeds.demo_paths import Paths
from market.feeds.demo_tape import Tapes
from market.holdings import Holdings, Listings
from market.instruments import TRACKER, Cast
from market.quotes import Bars, Kind, Profile
from market.sessions import session_of

if TYPE_CHECKING:
    from market.feeds.demo_members import Column

PUBLISHED = timedelta(hours=2)
"""How long before the next open a day's holdings are published: 07:30 New York."""
SHARE_PRICE = 100.0
"""US dollars, of the fund."""
MISPRINT = 10.0
"""How many times too high a misprinted price is."""
SPLIT = 2.0
"""New shares for one old."""
_FUNDS = {
    "IGV": (("Software & AI",), 0.5),
    "ARTY": (("Software & AI", "Semis & Hardware", "Crypto & Hosting"), 0.25),
    "IBB": (("Biotechnology", "Pharma"), 0.4),
    "XBI": (("Biotechnology", "Pharma"), 0.6),
}
"""Sub-sectors that other funds hold members of, and what part of these."""
_OTHERS_HOLD = 0.03


class MemberAnswers:
    """Answers about the members at a moment."""

    def __init__(self, days: MemberDays) -> None:
        self.charts = MemberCharts(days)
        self._days = days
        self._paths = days.paths
        self._roster = days.paths.roster
        self._stored: tuple[tuple[int, int], tuple[Bars, ...]] | None = None

    def prepare(self, moment: Moment, *, with_past: bool) -> None:
        """Work out what answers at a moment need; from then on they are quick."""
        self._days.day(moment.index)
        if with_past:
            self._stored = (moment.index, moment.completed), self._worked_out_past(moment)

    def holdings(self, fund: str, moment: Moment) -> tuple[Holdings, ...]:
        """Return the files of a fund that are out: the index's last two, else the last one."""
        newest = _published(moment)
        files = (newest, newest - 1) if fund == TRACKER else (newest,)
        return tuple(self._file(fund, index) for index in files)

    def _file(self, fund: str, index: int) -> Holdings:
        import numpy as np

        roster, symbols = self._roster, self._roster.symbols_on(index)
        price = self._paths.closes(index, index + 1)[0]
        value = price * roster.figures.quantity
        heavy_first = (int(row) for row in np.argsort(-value))
        held = [row for row in heavy_first if self._is_held(fund, row, index)]
        return Holdings(
            fund=fund,
            day=trading_days().days[index],
            source=SOURCE,
            fetched_at=_open(index + 1) - PUBLISHED,
            symbols=tuple(symbols[row] for row in held),
            names=tuple(roster.names[row] for row in held),
            sectors=tuple(roster.sectors[row] for row in held),
            market_value=_taken(value, held),
            quantity=_taken(roster.figures.quantity, held),
            price=_taken(price, held),
            shares_outstanding=FUND_VALUE / SHARE_PRICE,
            left_out=(("cash", 2), ("futures", 1)),
        )

    def _is_held(self, fund: str, row: int, index: int) -> bool:
        if row == self._roster.outside(index):
            return False
        if fund == TRACKER:
            return True
        subsectors, part = _FUNDS.get(fund, ((), _OTHERS_HOLD))
        fits = not subsectors or self._roster.subsectors[row] in subsectors
        return fits and _is_chosen(fund, row, part)

    def listings(self, moment: Moment) -> Listings:
        """Return what a screener lists: all members but second classes of shares."""
        import numpy as np

        roster, day = self._roster, self._days.day(moment.index)
        symbols = roster.symbols_on(moment.index)
        last, volume = day.price(moment.second), day.shares(moment.second)
        last[roster.misprinted(moment.index)] *= MISPRINT
        rows = [row for row in range(len(symbols)) if row not in roster.classes]
        return Listings(
            as_of=day.struck(moment.second),
            source=SOURCE,
            symbols=tuple(symbols[row] for row in rows),
            names=tuple(roster.names[row] for row in rows),
            industries=tuple(roster.industries[row] for row in rows),
            last=_taken(last, rows),
            change=_taken(np.round(last - day.before, 2), rows),
            volume=_taken(volume, rows),
            market_cap=_taken(np.round(day.price(moment.second) * roster.figures.shares), rows),
        )

    def profiles(self, symbols: Iterable[str], moment: Moment) -> tuple[Profile, ...]:
        """Return the quote pages of those symbols that are members'."""
        rows = {s: row for s in symbols if (row := self._roster.row_of.get(s)) is not None}
        pages = Pages(self._paths, self._days.day(moment.index), moment)
        return tuple(pages.profile(symbol, row) for symbol, row in rows.items())

    def past(self, symbols: Sequence[str], kind: Kind, moment: Moment) -> tuple[Bars, ...]:
        """Return two years of completed sessions: closes, or whole bars for `Kind.PAST_BARS`."""
        return self._bars(symbols, kind, moment)

    def stored_past(self, moment: Moment) -> tuple[Bars, ...]:
        """Return the past of all members as it was known before the day began.

        So the member that is split today still has the prices of before.
        """
        stored, self._stored = self._stored, None
        if stored is not None and stored[0] == (moment.index, moment.completed):
            return stored[1]
        return self._worked_out_past(moment)

    def _worked_out_past(self, moment: Moment) -> tuple[Bars, ...]:
        symbols = self._roster.symbols_on(moment.index)
        return self._bars(symbols, Kind.PAST_BARS, moment, self._roster.split(moment.index))

    def _bars(
        self, symbols: Sequence[str], kind: Kind, moment: Moment, unsplit: int | None = None
    ) -> tuple[Bars, ...]:
        roster = self._roster
        shelf = Shelf(self._paths, kind, moment.completed)
        rows = {s: row for s in symbols if (row := roster.row_of.get(s)) is not None}
        return tuple(
            shelf.bars(
                symbol,
                row,
                since=roster.listed_since(row, moment.index),
                scale=SPLIT if row == unsplit else 1.0,
            )
            for symbol, row in rows.items()
        )


def member_answers(seed: int, cast: Cast) -> MemberAnswers:
    """Return answers about the members of one simulated market, worked out apart from the rest.

    A thread may prepare them: nothing else is made of the same paths.
    """
    paths = Paths(seed, cast)
    return MemberAnswers(MemberDays(MemberPaths(paths, roster_of(seed)), Tapes(paths)))


def _published(moment: Moment) -> int:
    """The newest session whose holdings file is out."""
    is_out = moment.at >= _open(moment.index + 1) - PUBLISHED
    return moment.index if is_out else moment.index - 1


def _open(index: int) -> datetime:
    return session_of(trading_days().days[index]).open


def _is_chosen(fund: str, row: int, part: float) -> bool:
    return Random(f"{fund}|{row}").random() < part


def _taken(values: Column, rows: Sequence[int]) -> array[float]:
    return array("d", values[rows].tobytes())
