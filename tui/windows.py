"""Windows of returns and ranges of charts: which comes next, and which belong together."""

from __future__ import annotations

from collections.abc import Sequence

from widgets.bar_times import SPANS
from widgets.values import WINDOWS

_SPANS_OF_WINDOWS = {"8W": "6M", "3M": "6M"}
"""Windows that no chart has a range of their own for, and the nearest one."""


def stepped_window(window: str, step: int) -> str:
    """Return the next or previous window."""
    return _stepped(WINDOWS, window, step)


def stepped_span(span: str, step: int) -> str:
    """Return the next or previous range of a chart."""
    return _stepped(SPANS, span, step)


def span_of(window: str) -> str:
    """Return the range of a chart that shows a window of returns best."""
    return _SPANS_OF_WINDOWS.get(window, window)


def _stepped(choices: Sequence[str], current: str, step: int) -> str:
    place = choices.index(current) if current in choices else 0
    return choices[(place + step) % len(choices)]
