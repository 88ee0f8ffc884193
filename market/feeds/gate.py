"""One host's gate: a minute's budget, few requests at once, and a pause after refusals.

No minute, wherever it begins, has more requests than the budget. A 429 halves it and closes the
gate; when that opens again one probe goes through first, and only its good answer lets the others
follow. So refusals always lead to fewer requests.
One road that hangs or is out of order does not close the gate for the others; a row of
requests without any answer does.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable
from random import Random

from market.clock import Clock
from market.reports import Budget, ErrorKind, FeedError

MAX_IN_FLIGHT = 4
UNANSWERED = 4
"""So many requests in a row without an answer mean the host, not one of its roads, is gone."""
FIRST_PAUSE_S = {ErrorKind.LIMITED: 60.0, ErrorKind.UNREACHABLE: 5.0}
LONGEST_PAUSE_S = {ErrorKind.LIMITED: 1800.0, ErrorKind.UNREACHABLE: 300.0}
LONGEST_RETRY_AFTER_S = 3600.0
SMALLEST_BUDGET = 1.0
MINUTE_S = 61.0
"""A minute and a second to spare."""
AT_ONCE = 2 / 3
"""How much of a minute's budget may go in one burst: the rest keeps somebody's next key press from
waiting until the burst is a minute old."""
BELIEVED = 2
"""So many times in a row a Retry-After counts although it is shorter than our own pause."""
SPARE_SHARE = 2 / 3
"""How much of a minute's budget may be spent before requests that nobody waits for must wait."""
RECOVERY = 1.1
"""Factor on a throttled budget for each good answer, up to the full one."""


def backoff_s(first_s: float, longest_s: float, failures: int) -> float:
    """Return seconds to wait after the n-th consecutive failure, before jitter: doubling."""
    return min(longest_s, first_s * 2.0 ** min(failures - 1, 16))


def jitter(random: Random) -> float:
    """Return a factor on a wait, so that what failed together in many places parts again."""
    return random.uniform(0.8, 1.2)


class Gate:
    """Decides when the next request to one host may start. All times monotonic seconds."""

    def __init__(self, per_minute: float, random: Random) -> None:
        self._full_budget = float(per_minute)
        self._budget = self._full_budget
        """Requests a minute."""
        self._recent: deque[float] = deque()
        """When the requests of the last minute ended: until then they may reach the host."""
        self._entered_at = -math.inf
        self._closed_until = 0.0
        self._spare_from = 0.0
        """When a request that nobody waits for may be made: after as long a pause again."""
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
        paused = self.pause_s(now)
        if paused:
            return paused
        if self._in_flight >= (1 if self._is_doubtful else MAX_IN_FLIGHT):
            return float("inf")
        return max(0.0, self._affordable_at(now) - now)

    def _affordable_at(self, now: float) -> float:
        """Return from when on the budget has room, now or before if it has.

        It has where it also lasts for one request every few seconds until what was asked lately
        is a minute old.
        """
        self._forget(now)
        counted = (*self._recent, *(now for _ in range(self._in_flight)))
        apart = MINUTE_S / (self._budget * (1 - AT_ONCE))
        leaving = enumerate(counted, start=math.floor(self._budget) - len(counted))
        return max((at + MINUTE_S - apart * max(0, room) for room, at in leaving), default=now)

    def left(self, now: float) -> Budget:
        """Return what is left of the minute that ends now; what is under way is spent."""
        self._forget(now)
        per_minute = math.floor(self._budget)
        spent = len(self._recent) + self._in_flight
        return Budget(max(0, per_minute - spent), per_minute)

    def spare_wait_s(self, now: float) -> float:
        """Return how long a request that nobody waits for must wait.

        It is let in alone, some seconds after any other, and while the last minute had fewer
        requests than a share of the budget: what a key press wants fits in beside it.
        """
        if self._in_flight:
            return float("inf")
        share = SPARE_SHARE * self._budget
        wait = max(self.wait_s(now), max(self._spare_from, self._entered_at + 60 / share) - now)
        over = len(self._recent) - math.ceil(share)
        return max(wait, self._recent[over] + MINUTE_S - now) if over >= 0 else wait

    def enter(self, now: float) -> None:
        """Let one request in and have it pay."""
        self._entered_at = now
        self._in_flight += 1

    def charge(self, now: float) -> None:
        """Have a request pay that goes along with one let in; in debt, the next ones wait."""
        self._recent.append(now)

    def leave(self, now: float, error: FeedError | None) -> None:
        """Learn how the request ended."""
        self._in_flight -= 1
        self._recent.append(now)
        if error is not None and error.kind is ErrorKind.REFUSED:
            return  # who will not serve us on one road may still be short of breath
        if error is None or error.kind not in FIRST_PAUSE_S:
            self._refusals = self._unanswered = 0
            self._budget = min(self._full_budget, self._budget * RECOVERY)
        elif self.pause_s(now):
            self._heed(error, now)
        elif error.kind is ErrorKind.LIMITED:
            self._refusals += 1
            self._budget = max(SMALLEST_BUDGET, self._budget / 2)
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
        pause = self._pause(error, failures)
        self._closed_until = max(self._closed_until, now + pause)
        self._spare_from = self._closed_until + pause

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

    def _forget(self, now: float) -> None:
        while self._recent and self._recent[0] <= now - MINUTE_S:
            self._recent.popleft()


class Gates:
    """The gates of all hosts, made as they are first asked for."""

    def __init__(self, per_minute: float, clock: Clock, random: Random) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._random = random
        self._gates: dict[str, Gate] = {}

    def of(self, host: str) -> Gate | None:
        """Return a host's gate; a feed without a host, such as the simulated market, has none."""
        if not host:
            return None
        name = _named(host)
        if name not in self._gates:
            self._gates[name] = Gate(self._per_minute, self._random)
        return self._gates[name]

    def pause_s(self, hosts: Iterable[str]) -> float:
        """Return how long the most forbidding of some hosts is left alone."""
        gates = (self._gates[name] for name in map(_named, hosts) if name in self._gates)
        return max((gate.pause_s(self._clock.monotonic()) for gate in gates), default=0.0)

    def spend(self, host: str) -> None:
        """Have a request pay that no query was let in for; FeedError where the gate is closed."""
        gate, now = self.of(host), self._clock.monotonic()
        if gate is None:
            return
        pause = gate.pause_s(now)
        if pause and gate.error is not None:
            raise FeedError(gate.error.kind, gate.error.text, pause)
        gate.charge(now)

    def forgive(self) -> None:
        """After a sleep, try again what could not be reached."""
        for gate in self._gates.values():
            gate.forgive(self._clock.monotonic())


def _named(host: str) -> str:
    """A host is one, whether or not its address names the port that goes without saying."""
    return host.rpartition("@")[2].lower().removesuffix(":443").removesuffix(":80")
