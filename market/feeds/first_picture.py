"""The first picture of a run: what no panel waits for is asked for after what one waits for."""

from __future__ import annotations

from collections.abc import Iterable

from market.feeds.slots import Slot

PATIENCE_S = 5.0
"""Once no host has answered for so long, one that hangs keeps the others waiting no longer."""
PAINTING_S = 1.0
"""So long it may take to work out and paint the picture once everything of it is here."""


class FirstPicture:
    """Whether a run has its first picture, as far as its feeds have it."""

    def __init__(self) -> None:
        self._until = 0.0
        """Monotonic seconds."""
        self._awaited: int | None = None
        """Data that were still awaited at the last look; None before the first one."""

    def begin(self, now: float) -> None:
        """Begin a run that somebody looks at."""
        self._until = now + PATIENCE_S

    def held_s(self, slots: Iterable[Slot], now: float) -> float:
        """Return how long at most data that no panel waits for are held back: 0 if they are not.

        Once every datum of the first picture was answered or has failed, none is ever again.
        """
        if now >= self._until:
            return 0.0
        before, self._awaited = self._awaited, sum(map(_is_awaited, slots))
        if before is None and not self._awaited:
            self._until = now
        elif before is not None and self._awaited < before:
            self._until = now + (PATIENCE_S if self._awaited else PAINTING_S)
        return self._until - now


def _is_awaited(slot: Slot) -> bool:
    has_failed = any(source.error is not None for source in slot.sources)
    return slot.is_at_first_look and slot.answered is None and bool(slot.sources) and not has_failed
