"""Where an engine's alerts come from, and who tells of them. Light: the first paint needs it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from market.alert_words import Words
    from market.alerts.couriers import Courier


def _nobody() -> Sequence[Courier]:
    return ()


def _plainly(snapshot: object, metric: str, value: float | str) -> str:
    del snapshot, metric
    return str(value)


class AlertSources(msgspec.Struct, frozen=True, kw_only=True):
    """What an engine is told about alerts."""

    path: Path | None = None
    """The file they are written in, which need not exist."""
    record: Path | None = None
    """The file in which events are kept; None keeps nothing."""
    feeds: tuple[str, ...] = ()
    """Feeds whose state alerts may speak of, switched on or not."""
    couriers: Callable[[], Sequence[Courier]] = _nobody
    """Makes who tells of events, on the engine's thread."""
    words: Words = _plainly
    """Gives values of metrics in the form in which they are shown."""
