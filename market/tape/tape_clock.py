"""The clock of a tape: it runs at any speed, stands, jumps, and never runs ahead of the tape."""

from __future__ import annotations

from datetime import datetime, timedelta

from market.clock import Clock


class TapeClock:
    """Tells the time on a tape."""

    def __init__(self, wall: Clock, at: datetime, speed: float = 1.0) -> None:
        """Begin at an instant of the tape.

        Args:
            wall: Measures how long it has run.
            at: The instant.
            speed: Seconds of the tape in one second.
        """
        self._wall = wall
        self._at = at
        self._since = wall.monotonic()
        self._speed = speed
        self._limit = at
        self.is_still = False
        """Whether it stands."""

    @property
    def speed(self) -> float:
        """Seconds of the tape in one second; 0 while it stands."""
        return 0.0 if self.is_still else self._speed

    @property
    def pace(self) -> float:
        """The speed it has when it does not stand."""
        return self._speed

    def now(self) -> datetime:
        """Return the time on the tape, UTC."""
        elapsed = (self._wall.monotonic() - self._since) * self.speed
        return min(self._at + timedelta(seconds=elapsed), max(self._limit, self._at))

    def monotonic(self) -> float:
        """Return the computer's own seconds."""
        return self._wall.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait by the computer's own seconds."""
        await self._wall.sleep(seconds)

    def jump(self, at: datetime) -> None:
        """Go on from another instant."""
        self._at, self._since = at, self._wall.monotonic()

    def stand(self, *, still: bool) -> None:
        """Stand, or go on."""
        self.jump(self.now())
        self.is_still = still

    def run_at(self, speed: float) -> None:
        """Run at another speed."""
        self.jump(self.now())
        self._speed = speed

    def may_run_to(self, at: datetime) -> None:
        """Do not run beyond an instant: what the tape holds of it is not played yet.

        Time goes on meanwhile: who plays late catches up.
        """
        self._limit = at
