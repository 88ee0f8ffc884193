"""Whether a test holds: one pure step from values and the standing before to the next standing."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import log
from statistics import fmean, stdev
from typing import Protocol

import msgspec
from msgspec.structs import replace

from market.rules.rule import MOVES, Combination, Comparison, Condition, Test, metrics_of

Z_WINDOW = 63
"""Returns that a move is held against, today's excluded."""
Z_LEAST = 40
"""Returns without which there is no z-move."""
Z_FLOOR = 0.0001
"""The least standard deviation of returns that is believed: one basis point."""


class Seen(msgspec.Struct, frozen=True):
    """A metric's value as a rule sees it."""

    value: float | str | None
    is_stale: bool = False
    """Whether it is older than it should be: a rule that reads it stands still."""
    reason: str = ""
    """Why there is no value, or why it is stale."""


class Values(Protocol):
    """What rules read: the present, and the official closes before it."""

    def now(self, metric: str) -> Seen:
        """Return a metric's newest value."""
        ...

    def closes(self, metric: str, count: int) -> Sequence[float]:
        """Return up to `count` values at the closes before the present session, newest last."""
        ...


class Standing(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a test stands, and what the next step must know of it."""

    holds: bool | None = None
    """None while that cannot be said."""
    held: bool = False
    """Whether it held when that could be said last."""
    side: int = 0
    """Of `within`: -1 below the band, 1 above it. Of `crosses`: -1 below the bound, 1 above it."""
    value: float | str | None = None
    """What a condition was judged by."""
    distance: float | None = None
    """How far the value is from where a condition would turn, in its own unit; never negative."""
    reason: str = ""
    """Why it cannot be said, or why it stands still."""
    is_frozen: bool = False
    """Whether a stale input keeps it as it was."""
    parts: tuple[Standing, ...] = ()


NEVER_JUDGED = Standing()


def judged(test: Test, before: Standing, values: Values) -> Standing:
    """Return how a test stands now.

    One stale input leaves the whole test as it stood before. An input that is not known at all
    leaves its condition undecided, which remembers what it knew; the test is decided by the others
    if they suffice.
    """
    stale = next((s for m in metrics_of(test) if (s := values.now(m)).is_stale), None)
    if stale is not None:
        return replace(before, is_frozen=True, reason=stale.reason)
    return _judged(test, before, values)


def memory_of(test: Test, standing: Standing) -> Standing:
    """Return what the next step must know of a standing: how each condition stood, no more."""
    if isinstance(test, Combination):
        parts = standing.parts or (NEVER_JUDGED,) * len(test.parts)
        return Standing(parts=tuple(map(memory_of, test.parts, parts)))
    match test.comparison:
        case Comparison.CROSSES:
            return Standing(side=standing.side)
        case Comparison.TURNS:
            return Standing(value=standing.value)
        case _:
            return Standing(held=True) if standing.held and test.until is not None else NEVER_JUDGED


def part_standings(test: Test, standing: Standing) -> list[tuple[Condition, Standing]]:
    """Return the conditions of a test and how each stands."""
    if isinstance(test, Condition):
        return [(test, standing)]
    parts = standing.parts or (NEVER_JUDGED,) * len(test.parts)
    pairs = zip(test.parts, parts, strict=False)
    return [found for part, how in pairs for found in part_standings(part, how)]


def deciding(test: Test, standing: Standing) -> list[tuple[Condition, Standing]]:
    """Return the conditions that make a test hold; the first one where it does not."""
    parts = part_standings(test, standing)
    return [part for part in parts if standing.holds and part[1].holds] or parts[:1]


def _judged(test: Test, before: Standing, values: Values) -> Standing:
    if isinstance(test, Combination):
        now = _combined(test, before, values)
    else:
        now = _condition(test, before, values)
    if now.holds is None:
        return replace(now, held=before.held, side=before.side, value=before.value)
    return replace(now, held=now.holds)


def _condition(test: Condition, before: Standing, values: Values) -> Standing:
    seen = values.now(test.metric)
    if seen.value is None:
        return Standing(reason=seen.reason)
    if test.comparison is Comparison.TURNS:
        return Standing(before.value not in (None, seen.value), value=seen.value)
    if isinstance(seen.value, str) or test.comparison is Comparison.IS:
        return Standing(seen.value == test.bound, value=seen.value)
    return _measured(test, before, seen.value, values)


def _measured(test: Condition, before: Standing, value: float, values: Values) -> Standing:
    if test.comparison in MOVES:
        return _moved(test, value, values)
    if test.comparison is Comparison.Z_MOVE:
        return _z_moved(test, value, values)
    bound = _bound(test, values)
    if bound.value is None:
        return Standing(reason=bound.reason)
    return _compared(test, before, value, float(bound.value))


def _combined(test: Combination, before: Standing, values: Values) -> Standing:
    earlier = before.parts or (NEVER_JUDGED,) * len(test.parts)
    parts = tuple(_judged(p, e, values) for p, e in zip(test.parts, earlier, strict=True))
    holding = sum(part.holds is True for part in parts)
    open_ = [part for part in parts if part.holds is None]
    if holding >= test.need:
        return Standing(True, parts=parts)
    if holding + len(open_) < test.need:
        return Standing(False, parts=parts)
    return Standing(reason=open_[0].reason, parts=parts)


def _bound(test: Condition, values: Values) -> Seen:
    if not isinstance(test.bound, str):
        return Seen(test.bound)
    seen = values.now(test.bound)
    return Seen(None, reason=f"{test.bound} is a word") if isinstance(seen.value, str) else seen


def _compared(test: Condition, before: Standing, value: float, bound: float) -> Standing:
    match test.comparison:
        case Comparison.WITHIN if test.implied is not None:
            return _agreeing(test.implied, value, bound, test.upper)
        case Comparison.WITHIN:
            return _placed(value, bound, test.upper)
        case Comparison.CROSSES:
            return _crossed(before, value, bound)
        case Comparison.BELOW:
            return _beyond(test, before, value, bound, -1)
        case _:
            return _beyond(test, before, value, bound, 1)


def _beyond(test: Condition, before: Standing, value: float, bound: float, sign: int) -> Standing:
    """It holds from the bound on, and with hysteresis until the value reaches the other limit."""
    if before.held and test.until is not None:
        left = sign * (value - test.until)
        return Standing(left > 0, value=value, distance=abs(left))
    over = sign * (value - bound)
    return Standing(over >= 0, value=value, distance=abs(over))


def _agreeing(implied: float, value: float, low: float, high: float) -> Standing:
    """A claim that contradicts the value fails, whichever of the two is higher."""
    if value == 0:
        return Standing(reason="nothing can be held against a value of zero")
    return replace(_placed(implied / value - 1, low, high), side=0)


def _placed(value: float, low: float, high: float) -> Standing:
    side = (value > high) - (value < low)
    nearest = min(abs(value - low), abs(value - high))
    return Standing(side == 0, side=side, value=value, distance=nearest)


def _crossed(before: Standing, value: float, bound: float) -> Standing:
    """A value on the bound is on the side where the one before it was."""
    side = (value > bound) - (value < bound) or before.side
    has_crossed = side * before.side < 0
    return Standing(has_crossed, side=side, value=value, distance=abs(value - bound))


def _moved(test: Condition, value: float, values: Values) -> Standing:
    closes = values.closes(test.metric, test.sessions)
    if len(closes) < test.sessions:
        return Standing(reason=f"{len(closes)} of {test.sessions} closes are known")
    since = closes[-test.sessions]
    if test.is_relative and since == 0:
        return Standing(reason="a change of nothing has no percentage")
    move = value / since - 1 if test.is_relative else value - since
    size = {Comparison.RISES: move, Comparison.FALLS: -move}.get(test.comparison, abs(move))
    bound = float(test.bound)
    return Standing(size >= bound, value=move, distance=abs(size - bound))


def _z_moved(test: Condition, value: float, values: Values) -> Standing:
    closes = values.closes(test.metric, Z_WINDOW + 1)
    if len(closes) <= Z_LEAST:
        known = max(len(closes) - 1, 0)
        return Standing(reason=f"{known} of {Z_LEAST} daily returns are known")
    if min(value, *closes) <= 0:
        return Standing(reason="a logarithmic return needs prices above zero")
    returns = [log(b / a) for a, b in pairwise(closes)]
    z = (log(value / closes[-1]) - fmean(returns)) / max(stdev(returns), Z_FLOOR)
    bound = float(test.bound)
    return Standing(abs(z) >= bound, value=z, distance=abs(abs(z) - bound))
