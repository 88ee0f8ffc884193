"""One host's gate: a token bucket, few requests at once, and a pause after refusals.

A 429 halves the rate and closes the gate; when it opens again one probe goes through first,
and only its good answer lets the others follow. So refusals always lead to fewer requests.
One road that hangs or is out of order does not close the gate for the others; a row of
requests without any answer does.
"""

from __future__ import annotations

from random import Random

from market.reports import ErrorKind, FeedError

MAX_IN_FLIGHT = 4
UNANSWERED = 4
"""So many requests in a row without an answer mean the host, not one of its roads, is gone."""
FIRST_PAUSE_S = {ErrorKind.LIMITED: 60.0, ErrorKind.UNREACHABLE: 5.0}
LONGEST_PAUSE_S = {ErrorKind.LIMITED: 1800.0, ErrorKind.UNREACHABLE: 300.0}
LONGEST_RETRY_AFTER_S = 3600.0
SLOWEST_RATE = 1 / 60
BELIEVED = 2
"""So many times in a row a Retry-After counts although it is shorter than our own pause."""
RECOVERY = 1.1
"""Factor on a throttled rate for each good answer, up to the full rate."""


def backoff_s(first_s: float, longest_s: float, failures: int) -> float:
    """Return seconds to wait after the n-th consecutive failure, before jitter: doubling."""
    return min(longest_s, first_s * 2.0 ** min(failures - 1, 16))


def jitter(random: Random) -> float:
    """Return a factor on a wait, so that what failed together in many places parts again."""
    return random.uniform(0.8, 1.2)


class Gate:
    """Decides when the next request to one host may start. All times monotonic seconds."""

    def __init__(self, per_minute: float, random: Random) -> None:
        self._full_rate = per_minute / 60
        self._rate = self._full_rate
        self._capacity = float(per_minute)
        self._tokens = self._capacity
        self._filled_at: float | None = None
        self._closed_until = 0.0
        self._refusals = 0
        self._unanswered = 0
        """In a row, a good answer to any request ends the row."""
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
        if self._in_flight >= (1 if self._is_doubtful else MAX_IN_FLIGHT):
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
            self._refusals = self._unanswered = 0
            self._rate = min(self._full_rate, self._rate * RECOVERY)
        elif self.pause_s(now):
            self._heed(error, now)
        elif error.kind is ErrorKind.LIMITED:
            self._refusals += 1
            self._rate = max(SLOWEST_RATE, self._rate / 2)
            self._tokens = min(self._tokens, 1.0)
            self._close(error, now, self._refusals)
        else:
            self._unanswered += 1
            if self._is_doubtful:
                self._close(error, now, self._unanswered - UNANSWERED + 1)

    @property
    def _is_doubtful(self) -> bool:
        """Whether the next request is a probe, to be waited for before any other."""
        return self._refusals > 0 or self._unanswered >= UNANSWERED

    def _close(self, error: FeedError, now: float, failures: int) -> None:
        self.error = error
        self._closed_until = max(self._closed_until, now + self._pause(error, failures))

    def forgive(self, now: float) -> None:
        """After a sleep the network may be there again: try a host that could not be reached."""
        if self.error is not None and self.error.kind is ErrorKind.UNREACHABLE:
            self._closed_until = min(self._closed_until, now)

    def _heed(self, error: FeedError, now: float) -> None:
        """Requests that were under way when the gate closed failed for the same reason."""
        if error.retry_after_s is not None:
            asked = min(error.retry_after_s, LONGEST_RETRY_AFTER_S)
            self._closed_until = max(self._closed_until, now + asked)

    def _pause(self, error: FeedError, failures: int) -> float:
        first, longest = FIRST_PAUSE_S[error.kind], LONGEST_PAUSE_S[error.kind]
        own = backoff_s(first, longest, failures) * jitter(self._random)
        if error.retry_after_s is None:
            return own
        asked = min(max(error.retry_after_s, 1.0), LONGEST_RETRY_AFTER_S)
        # A host that asks for a second's patience again and again is not to be believed.
        return asked if failures <= BELIEVED else max(asked, own)

    def _fill(self, now: float) -> None:
        if self._filled_at is not None:
            gained = max(0.0, now - self._filled_at) * self._rate
            self._tokens = min(self._capacity, self._tokens + gained)
        self._filled_at = now
