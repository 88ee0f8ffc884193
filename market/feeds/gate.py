"""One host's gate: a token bucket, few requests at once, and a pause after refusals.

A 429 halves the rate and closes the gate; when it opens again one probe goes through first,
and only its good answer lets the others follow. So refusals always lead to fewer requests.
"""

from __future__ import annotations

from random import Random

from market.reports import ErrorKind, FeedError

MAX_IN_FLIGHT = 4
FIRST_PAUSE_S = {ErrorKind.LIMITED: 60.0, ErrorKind.UNREACHABLE: 5.0}
LONGEST_PAUSE_S = {ErrorKind.LIMITED: 1800.0, ErrorKind.UNREACHABLE: 300.0}
LONGEST_RETRY_AFTER_S = 3600.0
SLOWEST_RATE = 1 / 60
RECOVERY = 1.1
"""Factor on a throttled rate for each good answer, up to the full rate."""


def backoff_s(first_s: float, longest_s: float, failures: int, random: Random) -> float:
    """Return seconds to wait after the n-th consecutive failure: doubling, with jitter."""
    grown = min(longest_s, first_s * 2.0 ** min(failures - 1, 16))
    return grown * random.uniform(0.8, 1.2)


class Gate:
    """Decides when the next request to one host may start. All times monotonic seconds."""

    def __init__(self, per_minute: float, random: Random) -> None:
        self._full_rate = per_minute / 60
        self._rate = self._full_rate
        self._capacity = float(per_minute)
        self._tokens = self._capacity
        self._filled_at: float | None = None
        self._closed_until = 0.0
        self._failures = 0
        self._in_flight = 0
        self.error: FeedError | None = None
        """What closed the gate last."""
        self._random = random

    def pause_s(self, now: float) -> float:
        """Return how long the host is left alone after refusals: 0 if it is not."""
        return max(0.0, self._closed_until - now)

    def wait_s(self, now: float) -> float:
        """Return how long the next request must wait: 0 if it may start now."""
        self._fill(now)
        paused = self.pause_s(now)
        if paused:
            return paused
        if self._in_flight >= (1 if self._failures else MAX_IN_FLIGHT):
            return float("inf")
        return 0.0 if self._tokens >= 1 else (1 - self._tokens) / self._rate

    def enter(self, now: float) -> None:
        """Spend one request."""
        self._fill(now)
        self._tokens -= 1
        self._in_flight += 1

    def leave(self, now: float, error: FeedError | None) -> None:
        """Learn how the request ended."""
        self._in_flight -= 1
        if error is None or error.kind not in FIRST_PAUSE_S:
            self._failures = 0
            self._rate = min(self._full_rate, self._rate * RECOVERY)
            return
        self._failures += 1
        if error.kind is ErrorKind.LIMITED:
            self._rate = max(SLOWEST_RATE, self._rate / 2)
            self._tokens = min(self._tokens, 1.0)
        elif self._failures == 1:
            return  # one unanswered request says little about the host
        self.error = error
        self._closed_until = max(self._closed_until, now + self._pause(error))

    def _pause(self, error: FeedError) -> float:
        if error.retry_after_s is not None:
            return min(max(error.retry_after_s, 1.0), LONGEST_RETRY_AFTER_S)
        first, longest = FIRST_PAUSE_S[error.kind], LONGEST_PAUSE_S[error.kind]
        return backoff_s(first, longest, self._failures, self._random)

    def _fill(self, now: float) -> None:
        if self._filled_at is not None:
            gained = max(0.0, now - self._filled_at) * self._rate
            self._tokens = min(self._capacity, self._tokens + gained)
        self._filled_at = now
