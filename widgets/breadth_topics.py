"""What is drawn of breadth over time: topics, their panes, and the lines of each pane."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime

import msgspec

from market.census import BreadthHistory
from market.metrics.divergences import SESSIONS
from market.sessions import exchange_date
from widgets.strips import percent, price, share, signed

Numbers = tuple[float | None, ...]

WARM_UP = 100
"""Sessions before the McClellan oscillator says something."""


class Trace(msgspec.Struct, frozen=True):
    """One line of a chart and how its newest value is told."""

    label: str
    values: Numbers
    role: str
    told: str


class Pane(msgspec.Struct, frozen=True):
    """One chart of a topic; some topics have two, one above the other."""

    traces: tuple[Trace, ...]
    rules: tuple[float, ...] = ()
    decimals: int = 0
    labelled: bool = True
    """Whether the value axis means something: lines of different kinds share none."""
    note: str = ""
    """Why there are no lines."""
    turns: Numbers = ()
    """1 at sessions where the last of the lines makes a high that the first denies, −1 at lows."""
    words: tuple[str, ...] = ()
    """What the lines say together, in ever fewer words."""
    in_lanes: bool = False
    """Whether each line, from 0 to 1, has a part of the height to itself, the first on top."""


class Columns:
    """The columns of a history, cut to what is shown."""

    def __init__(self, history: BreadthHistory, first: int) -> None:
        self._history = history
        self._first = first

    def __call__(self, name: str) -> Numbers:
        """Return what is shown of a column; None where nothing is known."""
        return _known(self.all_of(name)[self._first :])

    def all_of(self, name: str) -> Sequence[float]:
        """Return a column from its beginning."""
        return self._history.columns.get(name, ())

    def divergence(self) -> tuple[str, ...]:
        """Return the last divergence shown, in ever fewer words."""
        return divergence(
            _known(self.all_of("divergence")),
            _known(self.all_of("ad_line")),
            self._history.times,
            self._first,
        )


def _known(values: Sequence[float]) -> Numbers:
    return tuple(v if math.isfinite(v) else None for v in values)


def divergence(
    turns: Numbers, line: Numbers, times: Sequence[int], first: int = 0
) -> tuple[str, ...]:
    """Return in ever fewer words the last session, not before `first`, where two lines part.

    Args:
        turns: 1 where the index is at a new high and the line is not, −1 so of lows, by session.
        line: The advance-decline line, whose own extreme is named by its day.
        times: The sessions' opens, Unix seconds.
        first: The first session told of.
    """
    at = next((n for n in reversed(range(first, len(turns))) if turns[n]), None)
    if at is None:
        return ()
    way = turns[at] or 0.0
    rank = {n: way * v for n in range(max(0, at - SESSIONS + 1), at) if (v := line[n]) is not None}
    side, extreme = ("below", "high") if way > 0 else ("above", "low")
    its = f"its {_named(times[max(rank, key=rank.__getitem__)])} {extreme}" if rank else "its own"
    when = "" if at == len(turns) - 1 else f"{_named(times[at])}: "
    return (
        f"{when}A/D {side} {its} while RUT at a new {extreme}",
        f"{when}A/D {side} {its}, RUT at a new one",
        f"{when}RUT at a new {extreme}, A/D not",
    )


def day_of(time: int) -> date:
    """Return the exchange day of an instant in Unix seconds."""
    return exchange_date(datetime.fromtimestamp(time, UTC))


def _named(time: int) -> str:
    day = day_of(time)
    return f"{day.day} {day:%b}"


def _ad_line(columns: Columns) -> tuple[Pane, ...]:
    line, index = columns("ad_line"), columns("index")
    traces = (
        Trace("A/D line", _to_unit(line), "line", signed(_last(line), 0)),
        Trace("RUT", _to_unit(index), "compare", price(_last(index), 2)),
    )
    turns, words = columns("divergence"), columns.divergence()
    return (Pane(traces, labelled=False, turns=turns, words=words, in_lanes=True),)


def _averages(columns: Columns) -> tuple[Pane, ...]:
    looks = ((20, "line"), (50, "average_50"), (200, "average_200"))
    traces = tuple(_share(f">{n}DMA", columns(f"above_{n}"), role) for n, role in looks)
    return (Pane(traces, rules=(50.0,)),)


def _extremes(columns: Columns) -> tuple[Pane, ...]:
    pairs = zip(columns("new_highs"), columns("new_lows"), strict=True)
    net = tuple(None if h is None or low is None else h - low for h, low in pairs)
    return (
        Pane((Trace("net new highs", net, "line", signed(_last(net), 0)),), rules=(0.0,)),
        Pane((_share("high-low index", columns("high_low_index"), "line"),), rules=(50.0,)),
    )


def _mcclellan(columns: Columns) -> tuple[Pane, ...]:
    oscillator, summation = columns("mcclellan"), columns("summation")
    known = sum(math.isfinite(v) for v in columns.all_of("rana"))
    note = f"warming, {known} of {WARM_UP} sessions" if _last(oscillator) is None else ""
    above = Trace("McClellan", oscillator, "line", signed(_last(oscillator), 0))
    below = Trace("summation", summation, "line", signed(_last(summation), 0))
    return Pane((above,), rules=(0.0,), note=note), Pane((below,), rules=(0.0,))


def _weights(columns: Columns) -> tuple[Pane, ...]:
    equal, cap = (_since_start(columns(name)) for name in ("equal_weight", "cap_weight"))
    traces = (
        Trace("equal weight", equal, "line", _percents(_last(equal))),
        Trace("cap weight", cap, "compare", _percents(_last(cap))),
    )
    return (Pane(traces, rules=(0.0,), decimals=1),)


def _percents(value: float | None) -> str:
    return percent(None if value is None else value / 100, 1, " %")


TOPICS: dict[str, tuple[str, Callable[[Columns], tuple[Pane, ...]]]] = {
    "ad_line": ("A/D line and index", _ad_line),
    "averages": ("Above their averages, %", _averages),
    "extremes": ("New highs and lows", _extremes),
    "mcclellan": ("McClellan", _mcclellan),
    "weights": ("Equal and cap weight, %", _weights),
}
"""What can be drawn: topic -> title and panes."""


def _share(label: str, values: Numbers, role: str) -> Trace:
    told = share(_last(values))
    return Trace(label, tuple(None if v is None else v * 100 for v in values), role, told)


def _last(values: Numbers) -> float | None:
    return values[-1] if values else None


def _to_unit(values: Numbers) -> Numbers:
    """Return values between 0 and 1, so that lines of different kinds can be compared in shape."""
    known = [v for v in values if v is not None]
    low, span = (min(known), max(known) - min(known)) if known else (0.0, 0.0)
    return tuple(None if v is None else (v - low) / span if span else 0.5 for v in values)


def _since_start(values: Numbers) -> Numbers:
    """Return percent since the first known value."""
    start = next((v for v in values if v), None)
    return tuple(None if v is None or not start else (v / start - 1.0) * 100 for v in values)
