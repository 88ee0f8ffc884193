"""The daily paths of the simulated index's members, for all sessions.

A member's return is its part of the index's, of its sector's and its sub-sector's, and one of
its own. What the fund holds is then worth what the index says, to a few basis points: the same
small amount is added to all members, so that contributions add up over any window.
"""

from __future__ import annotations

import math
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from market.feeds.demo_days import ANCHOR_DAY, trading_days
from market.feeds.demo_members import COUNT, Roster, seed_number
from market.feeds.demo_paths import OVERNIGHT
from market.instruments import INDEX

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from market.feeds.demo_members import Column
    from market.feeds.demo_paths import Paths

    Matrix = NDArray[np.float64]
    Logs = NDArray[np.float32]

BLOCK = 252
"""Sessions in which a member's own path comes back to where it is to be."""
WANDERING = 0.22
"""How far from its size of the anchor day a member's own path leads, standard deviation."""
SUBSECTOR = 0.006
"""Daily standard deviation of what a sub-sector shares."""
UNATTRIBUTED = 1.5e-4
"""How far the index and its members' sum lie apart, standard deviation."""
LARGEST_MOVE = 0.55
"""Logarithm of a member's widest move of its own in a day: no more than halving or doubling."""
TREMBLING = 0.45
"""Standard deviation of a member's own way within a session, as a part of its own day's."""
EVERYBODY = slice(None)


class Ranges(NamedTuple):
    """Open, high, low and volume, sessions x members."""

    open: Matrix
    high: Matrix
    low: Matrix
    volume: Matrix


class _IndexDays(NamedTuple):
    """Open, high, low and close of the index, a row per session."""

    open: Logs
    high: Logs
    low: Logs
    close: Logs


class GroupPaths:
    """What companies of one sector and sub-sector share, worked out when first asked for."""

    def __init__(self, paths: Paths, roster: Roster) -> None:
        self._paths = paths
        self._seed = roster.seed
        self._pairs = tuple(zip(roster.factors, roster.subsectors, strict=True))
        self._groups = tuple(dict.fromkeys(self._pairs))

    def logs(self, rows: slice) -> Logs:
        """Return the paths of some sessions, 0 on the anchor day, sessions x companies."""
        return self._walks[rows][:, self._codes]

    @cached_property
    def _codes(self) -> NDArray[np.int64]:
        """The group of each company."""
        import numpy as np

        at = {group: place for place, group in enumerate(self._groups)}
        return np.array([at[pair] for pair in self._pairs], dtype=np.int64)

    @cached_property
    def _walks(self) -> Logs:
        """The paths of all sessions, sessions x groups."""
        import numpy as np

        rng = generator(self._seed, "subsectors")
        steps = SUBSECTOR * rng.standard_normal((len(trading_days()), len(self._groups)))
        for place, (factor, _) in enumerate(self._groups):
            steps[:, place] += self._paths.factors.of(factor).returns
        walks = np.cumsum(steps, axis=0)
        # A group comes back to its size, as companies do: it must not outgrow the index.
        walks = _homing(walks)
        return single(walks - walks[trading_days().index[ANCHOR_DAY]])


class MemberPaths:
    """The daily paths of all members, worked out a year at a time, when first asked for."""

    def __init__(self, paths: Paths, roster: Roster) -> None:
        self.roster = roster
        self._paths = paths
        self._shared = GroupPaths(paths, roster)
        self._blocks: dict[int, Logs] = {}
        self._lock = Lock()

    def logs(self, first: int, stop: int) -> Logs:
        """Return the log closes of the sessions in [first, stop), sessions x companies."""
        import numpy as np

        blocks = range(first // BLOCK, (stop - 1) // BLOCK + 1)
        whole = np.concatenate([self._block(block) for block in blocks])
        start = blocks.start * BLOCK
        return whole[first - start : stop - start]

    def _block(self, block: int) -> Logs:
        with self._lock:
            if block not in self._blocks:
                self._blocks[block] = self._worked_out(block)
            return self._blocks[block]

    def _worked_out(self, block: int) -> Logs:
        import numpy as np

        figures = self.roster.figures
        index = self._index[block * BLOCK : (block + 1) * BLOCK]
        rows = slice(block * BLOCK, block * BLOCK + len(index))
        own = self._own(block)[: len(index)]
        own += self._shared.logs(rows) * single(figures.sector_load)
        own += single(np.outer(index, figures.beta)) + single(np.log(figures.price))
        worth = np.log(np.exp(own) @ single(figures.quantity))
        own += single(index + self.gaps[rows] - worth + self._worth)[:, None]
        return own

    @cached_property
    def gaps(self) -> Column:
        """Per session the logarithm by which the members' sum is away from the index."""
        return UNATTRIBUTED * generator(self.roster.seed, "gaps").standard_normal(
            len(trading_days())
        )

    @property
    def _worth(self) -> float:
        """The logarithm of what the fund holds on the anchor day, US dollars."""
        figures = self.roster.figures
        return math.log(float(figures.quantity @ figures.price))

    @cached_property
    def _index(self) -> Column:
        """Log closes of the index, 0 on the anchor day."""
        import numpy as np

        closes = np.array(self._paths.closes(INDEX))
        return closes - closes[trading_days().index[ANCHOR_DAY]]

    def _own(self, block: int) -> Logs:
        """What moves each company alone, from one goal to the next: rough, with fat tails."""
        import numpy as np

        draw = self._normals(f"own {block}", BLOCK)
        draw *= 0.8 + 0.08 * draw * draw
        draw *= single(self.roster.figures.own)
        np.clip(draw, -LARGEST_MOVE, LARGEST_MOVE, out=draw)
        walk = np.cumsum(draw, axis=0)
        way = single(np.arange(1, BLOCK + 1)[:, None] / BLOCK)
        begin, end = (WANDERING * self._normals(f"goal {b}", 1)[0] for b in (block, block + 1))
        walk += begin + way * (end - begin - walk[-1])
        return walk

    def _normals(self, name: str, count: int) -> Logs:
        """Normal numbers by session and company."""
        import numpy as np

        return generator(self.roster.seed, name).standard_normal((count, COUNT), dtype=np.float32)

    def closes(self, first: int, stop: int, rows: slice = EVERYBODY) -> Matrix:
        """Return the official closes of the sessions in [first, stop), sessions x companies."""
        import numpy as np

        return rounded(np.exp(self.logs(first, stop)[:, rows]))

    def ranges(self, first: int, stop: int, rows: slice = EVERYBODY) -> Ranges:
        """Return open, high, low and volume of the sessions in [first, stop).

        Args:
            first: The first session, which must have one before it.
            stop: The session after the last one.
            rows: Of which companies.
        """
        import numpy as np

        both = self.logs(first - 1, stop)[:, rows]
        starts, moves = both[:-1], np.diff(both, axis=0)
        jump = self._index_days(first, stop)
        own = moves - jump.close
        drift = OVERNIGHT * own
        usual = self.roster.figures
        tremble = single(TREMBLING * usual.own)[rows] / np.float32(2**0.5)
        up, down = (np.sqrt(self._noise(n, first, stop, rows)) * tremble for n in ("high", "low"))
        busy = 0.55 * np.log(self._noise("volume", first, stop, rows) + 0.2) + 0.1
        busy += np.minimum(6.0 * np.abs(moves), 1.4)
        return Ranges(
            open=rounded(np.exp(starts + jump.open + drift)),
            high=rounded(np.exp(starts + jump.high + np.maximum(drift, own) + up)),
            low=rounded(np.exp(starts + jump.low + np.minimum(drift, own) - down)),
            volume=np.rint(np.exp(busy.astype(np.float64)) * usual.average_volume[rows]),
        )

    def _index_days(self, first: int, stop: int) -> _IndexDays:
        """Where the index went in sessions, as logarithms from the close before."""
        import numpy as np

        ranges = self._paths.ranges(INDEX)
        closes = np.array(self._paths.closes(INDEX)[first - 1 : stop])
        told = (ranges.open[first:stop], ranges.high[first:stop], ranges.low[first:stop])
        return _IndexDays(
            *(single(np.array(logs) - closes[:-1])[:, None] for logs in (*told, closes[1:]))
        )

    def _noise(self, name: str, first: int, stop: int, rows: slice) -> Logs:
        """Exponential numbers, the same for a session whatever part is asked for."""
        import numpy as np

        blocks = range(first // BLOCK, (stop - 1) // BLOCK + 1)
        drawn = [
            generator(self.roster.seed, f"{name} {block}").standard_exponential(
                (BLOCK, COUNT), dtype=np.float32
            )[:, rows]
            for block in blocks
        ]
        start = blocks.start * BLOCK
        return np.concatenate(drawn)[first - start : stop - start]


def single(values: Column | Matrix) -> Logs:
    """Return numbers at half their length, which is enough for logarithms of prices."""
    import numpy as np

    return values.astype(np.float32)


def rounded(prices: Logs | Matrix) -> Matrix:
    """Return prices in whole cents, never less than one."""
    import numpy as np

    return np.maximum(np.rint(prices.astype(np.float64) * 100.0), 1.0) / 100.0


def _homing(walks: Matrix) -> Matrix:
    """Draw walks back to where they were a year ago, softly."""
    import numpy as np

    mean = np.cumsum(walks, axis=0)
    lag = np.vstack((np.zeros((BLOCK, walks.shape[1])), mean[:-BLOCK]))
    count = np.minimum(np.arange(1, len(walks) + 1), BLOCK)[:, None]
    return walks - 0.7 * (mean - lag) / count


def generator(seed: int, name: str) -> np.random.Generator:
    """Return a source of chance that is the same for a seed and a name."""
    import numpy as np

    return np.random.Generator(np.random.PCG64(seed_number(seed, name)))
