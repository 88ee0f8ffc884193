"""How often captop asks: to the first picture, for all of it, again, and in a minute by host.

Counted in the log of the local exchange, whose sources are what hosts are outside.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from benchmarks.programs import LEVEL, OPEN, Household, empty_household, fill
from benchmarks.samples import Figure, Measurement
from tests.exchange import Request
from tests.exchange.routes import ROOTS

FIRST_S = 60.0
"""For how long the first picture may be waited for at most."""
SETTLE_S = 20.0
"""Until what a start asks for has come, and what members lack as well."""
REFRESH_S = 10.0
MINUTE_S = 60.0


def measure() -> list[Measurement]:
    """Return the requests of a first start, a pass, a refresh of everything, a minute by host."""
    with empty_household(OPEN) as home:
        first = _first_picture(home)
    with empty_household(OPEN) as home:
        home.run_once()
        everything = len(home.exchange.requests)
        fill(home)
        minute, again = _pane(home)
    hosts = Counter(host_of(request) for request in minute).most_common()
    return [
        Figure(
            "requests: to the first picture in which no panel waits",
            "",
            first,
            "<= 10 beyond members' past",
        ),
        Figure("requests: one pass of all that is known", "", everything),
        Figure("requests: a full refresh", "", len(set(map(_asked, again))), "<= 45"),
        Figure("requests: a minute of an open market", "/min", len(minute)),
        *(Figure(f"requests: of them to {host}", "/min", count) for host, count in hosts),
    ]


def _first_picture(home: Household) -> int:
    """Return what a first start had asked for when no panel of the overview waited any more."""
    with home.captop(reachable=True) as terminal:
        terminal.wait_for(LEVEL)
        if not terminal.read(FIRST_S, until=lambda: not _is_waiting(terminal.text)):
            raise TimeoutError(f"a panel still waits:\n{terminal.text}")
        return len(home.exchange.requests)


def _is_waiting(text: str) -> bool:
    """Whether a panel has nothing to show, or a row of one."""
    return "waiting ╮" in text or "waiting for" in text


def _pane(home: Household) -> tuple[Sequence[Request], Sequence[Request]]:
    """Return what a pane asks for in a minute, then when it is told to ask for all again."""
    log = home.exchange
    with home.captop(reachable=True) as terminal:
        terminal.wait_for(LEVEL)
        terminal.parses = False
        terminal.read(SETTLE_S)
        begun = len(log.requests)
        terminal.read(MINUTE_S)
        minute = log.requests[begun:]
        terminal.type("r")
        terminal.read(REFRESH_S)
        return minute, log.requests[begun + len(minute) :]


def _asked(request: Request) -> tuple[str, ...]:
    """Return what a request asks for: what the beat asks for once more is no part of a refresh."""
    return request.path, *request.params.values()


def host_of(request: Request) -> str:
    """Return the source that plays the host a request went to."""
    known = (name for name, root in ROOTS.items() if root and request.path.startswith(root))
    return max(known, key=lambda name: len(ROOTS[name]), default="yahoo")
