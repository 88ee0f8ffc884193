"""The members within one session: a price for each minute, in step with the index's own tape.

A member moves with the index and its sector, drifts from its own open to its own close, and
trembles in between. At every minute what the fund holds is worth what the index says.
"""

from __future__ import annotations

from array import array
from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from market.feeds.demo_factors import INTRADAY
from market.feeds.demo_members import COUNT
from market.feeds.demo_members_paths import TREMBLING, MemberPaths, generator, rounded, single
from market.feeds.demo_paths import OVERNIGHT
from market.feeds.demo_tape import Tapes, u_shape
from market.feeds.demo_values import Tape
from market.instruments import INDEX

if TYPE_CHECKING:
    from market.feeds.demo_members import Column
    from market.feeds.demo_members_paths import Logs, Matrix

KEPT_DAYS = 3
SETTLING = 10
"""Minutes after the open in which members come to add up to the index."""


class Day(NamedTuple):
    """One session of all members."""

    opened: int
    """Unix seconds of the regular open."""
    before: Column
    """Closes of the session before, US dollars."""
    prices: Matrix
    """Minutes x companies, one row more than the session has minutes."""
    high: Column
    low: Column
    volume: Column
    """Shares of the whole session."""
    traded: Column
    """The part of it that has been traded up to each minute."""

    def price(self, second: int) -> Column:
        """Return the prices at a Unix second."""
        minute, rest = self._place(second)
        rows = self.prices[minute : minute + 2]
        return rounded(rows[0] + (rows[-1] - rows[0]) * rest / 60)

    def shares(self, second: int) -> Column:
        """Return the shares traded up to a Unix second."""
        import numpy as np

        minute, rest = self._place(second)
        rows = np.floor(self.traded[minute : minute + 2, None] * self.volume)
        return np.floor(rows[0] + (rows[-1] - rows[0]) * rest / 60)

    def struck(self, second: int) -> datetime:
        """Return when the prices at a Unix second were struck: the close's at the close."""
        closed = self.opened + 60 * (len(self.prices) - 1)
        return datetime.fromtimestamp(min(second, closed), UTC)

    def _place(self, second: int) -> tuple[int, int]:
        last = 60 * (len(self.prices) - 1)
        return divmod(min(max(second - self.opened, 0), last), 60)


class MemberDays:
    """The newest few sessions of all members, each worked out when first asked for.

    A thread may ask beside the engine's own.
    """

    def __init__(self, paths: MemberPaths, tapes: Tapes) -> None:
        self.paths = paths
        self._tapes = tapes
        self._days: dict[int, Day] = {}
        self._lock = Lock()

    def day(self, index: int) -> Day:
        """Return the session of that index."""
        with self._lock:
            if index not in self._days:
                while len(self._days) >= KEPT_DAYS:
                    del self._days[next(iter(self._days))]
                self._days[index] = self._worked_out(index)
            return self._days[index]

    def _worked_out(self, index: int) -> Day:
        import numpy as np

        paths, tape = self.paths, self._tapes.session(INDEX, index)
        before, after = paths.logs(index - 1, index + 1)
        ranges = paths.ranges(index, index + 1)
        high, low = ranges.high[0], ranges.low[0]
        way = self._ways(index, tape, before, after)
        prices = np.clip(rounded(np.exp(way)), low, high)
        prices[0], prices[-1] = ranges.open[0], rounded(np.exp(after))
        closed, volume = rounded(np.exp(before)), ranges.volume[0]
        for row in paths.roster.halted(index):
            prices[:, row] = high[row] = low[row] = closed[row]
            volume[row] = 0.0
        traded = np.concatenate(([0.0], np.cumsum(u_shape(tape.minutes))))
        return Day(
            opened=tape.opened,
            before=closed,
            prices=prices,
            high=high,
            low=low,
            volume=volume,
            traded=traded / traded[-1],
        )

    def _ways(self, index: int, tape: Tape, before: Logs, after: Logs) -> Logs:
        """Log prices, minutes x companies."""
        import numpy as np

        paths, minutes = self.paths, tape.minutes
        figures = paths.roster.figures
        gone = np.arange(minutes + 1) / minutes
        jump = np.log(np.array(tape.path)) - self.index_log(index - 1)
        jump[-1] = self.index_log(index) - self.index_log(index - 1)
        own = after - before - jump[-1]
        drift = OVERNIGHT + (1 - OVERNIGHT) * gone
        way = single(drift[:, None] * own + jump[:, None]) + before
        way += single(TREMBLING * figures.own) * _bridges(paths.roster.seed, index, minutes)
        way += self._sectors(index, minutes) * single(figures.sector_load)
        held = single(figures.quantity / np.dot(np.exp(before), figures.quantity))
        target = jump + gone * (paths.gaps[index] - paths.gaps[index - 1])
        settled = np.minimum(np.arange(minutes + 1) / SETTLING, 1.0)
        way += single(settled * (target - np.log(np.exp(way) @ held)))[:, None]
        return way

    def index_log(self, index: int) -> float:
        """Return the index's log close of a session."""
        return self._tapes.paths.closes(INDEX)[index]

    def _sectors(self, index: int, minutes: int) -> Logs:
        """How each company's sector trembles: as its fund does, minutes x companies."""
        import numpy as np

        factors = self.paths.roster.factors
        names = tuple(dict.fromkeys(factors))
        shared = [
            INTRADAY
            * self._tapes.paths.factors.of(name).volatility[index]
            * np.array(self._tapes.shared(name, index, "day", minutes))
            for name in names
        ]
        return single(np.column_stack(shared))[:, [names.index(name) for name in factors]]

    def tape(self, row: int, index: int) -> Tape:
        """Return the tape of one member in a session."""
        import numpy as np

        day = self.day(index)
        path = array("d", day.prices[:, row].tobytes())
        steps = np.sort(np.column_stack((day.prices[:-1, row], day.prices[1:, row])), axis=1)
        wick = self._wicks(row, index, len(steps)) * (steps[:, 1] - steps[:, 0])
        high = np.minimum(np.round(steps[:, 1] + wick, 2), day.high[row])
        low = np.maximum(np.round(steps[:, 0] - wick, 2), day.low[row])
        high[int(high.argmax())], low[int(low.argmin())] = day.high[row], day.low[row]
        traded = np.floor(day.traded * day.volume[row])
        columns = (array("d", column.tobytes()) for column in (high, low, traded))
        return Tape(day.opened, 2, path, *columns)

    def _wicks(self, row: int, index: int, count: int) -> Column:
        return 0.5 * generator(self.paths.roster.seed, f"wick {index} {row}").random(count)


def _bridges(seed: int, index: int, minutes: int) -> Logs:
    """Random walks from 0 to 0 whose free variance would be 1, minutes x companies."""
    import numpy as np

    steps = generator(seed, f"day {index}").standard_normal((minutes, COUNT), dtype=np.float32)
    walk = np.cumsum(steps / np.float32(minutes**0.5), axis=0)
    walk -= single(np.arange(1, minutes + 1) / minutes)[:, None] * walk[-1]
    return np.concatenate((single(np.zeros((1, COUNT))), walk))
