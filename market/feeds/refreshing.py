"""Asking again at the user's word: for what is on screen, as far as it may be new."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from market.feeds.beats import may_be_new
from market.feeds.slots import FUTURE_TOLERANCE, Slot
from market.quotes import Key
from market.reports import RefreshAnswer


def refresh(
    slots: Iterable[Slot], wall: datetime, now: float, pause_s: Callable[[str, Key], float]
) -> RefreshAnswer:
    """Make everything on screen due that may be new, as far as its feeds may be asked.

    Args:
        slots: Of what is wanted.
        wall: The present instant, UTC.
        now: Monotonic seconds.
        pause_s: How long a feed's host is left alone for a datum.
    """
    waits: list[float] = []
    lacking: dict[str, float] = {}
    known: set[str] = set()
    shown = (slot for slot in slots if slot.visible and not slot.is_stand_in)
    for slot in (slot for slot in shown if slot.sources):
        if slot.is_lacking(now):
            symbol, wait = slot.key.symbol, slot.earliest() - now
            lacking[symbol] = min(wait, lacking.get(symbol, wait))
            continue
        known.add(slot.key.symbol)
        if not slot.in_flight and _may_be_new(slot, wall):
            wait = min(max(s.not_before - now, pause_s(s.feed, slot.key)) for s in slot.sources)
            slot.forced = wait <= 0
            waits.append(wait)
    refused = [wait for wait in waits if wait > 0]
    unknown = {symbol: wait for symbol, wait in lacking.items() if symbol not in known}
    return RefreshAnswer(
        len(waits) - len(refused),
        len(refused),
        min(refused, default=0.0),
        tuple(sorted(unknown)),
        min(unknown.values(), default=0.0),
    )


def _may_be_new(slot: Slot, wall: datetime) -> bool:
    """Whether asking again can bring news, from a feed that failed before if by no other."""
    if slot.answered is None or any(source.failures for source in slot.sources):
        return True
    is_ahead = slot.answered > wall + FUTURE_TOLERANCE
    return is_ahead or may_be_new(slot.key.kind, slot.instrument, slot.answered, wall)
