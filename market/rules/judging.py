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


class Standing(msgspec.Struct, frozen=True):
    """How a test stands, and what the next step must know of it."""

    holds: bool | None = None
    """None while that cannot be said."""
    side: int = 0
    """Of `within`: -1 below the band, 1 above it."""
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
    leaves its condition undecided, and the test is decided by the others if they suffice.
    """
    stale = next((s for m in metrics_of(test) if (s := values.now(m)).is_stale), None)
    if stale is not None:
        return replace(before, is_frozen=True, reason=stale.reason)
    return _judged(test, before, values)


def _judged(test: Test, before: Standing, values: Values) -> Standing:
    if isinstance(test, Combination):
        return _combined(test, before, values)
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
        return Standing(value=value, reason=bound.reason)
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
    if before.holds and test.until is not None:
        return Standing(sign * (value - test.until) > 0, 0, value, abs(value - test.until))
    return Standing(sign * (value - bound) >= 0, 0, value, abs(value - bound))


def _agreeing(implied: float, value: float, low: float, high: float) -> Standing:
    """A claim that contradicts the value fails, whichever of the two is higher."""
    if value == 0:
        return Standing(reason="nothing can be held against a value of zero")
    return replace(_placed(implied / value - 1, low, high), side=0)


def _placed(value: float, low: float, high: float) -> Standing:
    side = (value > high) - (value < low)
    nearest = min(abs(value - low), abs(value - high))
    return Standing(side == 0, side, value, nearest)


def _crossed(before: Standing, value: float, bound: float) -> Standing:
    """A value on the bound is on the side where the one before it was."""
    side = (value > bound) - (value < bound) or before.side
    has_crossed = side * before.side < 0
    return Standing(has_crossed, side, value, abs(value - bound))


def _moved(test: Condition, value: float, values: Values) -> Standing:
    closes = values.closes(test.metric, test.sessions)
    if len(closes) < test.sessions:
        return Standing(value=value, reason=f"{len(closes)} of {test.sessions} closes are known")
    since = closes[-test.sessions]
    if test.is_relative and since == 0:
        return Standing(value=value, reason="a change of nothing has no percentage")
    move = value / since - 1 if test.is_relative else value - since
    size = {Comparison.RISES: move, Comparison.FALLS: -move}.get(test.comparison, abs(move))
    bound = float(test.bound)
    return Standing(size >= bound, value=move, distance=abs(size - bound))


def _z_moved(test: Condition, value: float, values: Values) -> Standing:
    closes = values.closes(test.metric, Z_WINDOW + 1)
    if value <= 0 or min(closes, default=0) <= 0:
        return Standing(reason="a logarithmic return needs prices above zero")
    returns = [log(b / a) for a, b in pairwise(closes)]
    if len(returns) < Z_LEAST:
        return Standing(reason=f"{len(returns)} of {Z_LEAST} daily returns are known")
    z = (log(value / closes[-1]) - fmean(returns)) / max(stdev(returns), Z_FLOOR)
    bound = float(test.bound)
    return Standing(abs(z) >= bound, value=z, distance=abs(abs(z) - bound))
