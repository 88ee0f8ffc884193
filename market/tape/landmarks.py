"""What one may want to go to on a tape: events, runs of captop, edges of sessions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from market.quotes import Phase
from market.sessions import session_state
from market.tape.tape_file import TapeFile

BEGINS, ENDS = "the tape begins here", "the tape ends here"
_EDGES = {
    Phase.PRE: "pre-market begins",
    Phase.REGULAR: "the market opens",
    Phase.POST: "the market closes",
    Phase.CLOSED: "after hours end",
}


class Landmarks:
    """The landmarks of a tape, in their order."""

    def __init__(self, tape: TapeFile, begins: datetime, ends: datetime) -> None:
        """Look for them between two instants."""
        runs = ((tape.frames[n].at, "captop is started again") for n in tape.beginnings)
        edges = _session_edges(begins, ends)
        self._all = sorted({*tape.events, *edges, *(run for run in runs if run[0] > begins)})
        self._begins, self._ends = begins, ends

    def next_to(self, at: datetime, by: int) -> tuple[datetime, str]:
        """Return the next (1) or previous (-1) one with its words; else the edge of the tape."""
        if by > 0:
            found = next((each for each in self._all if each[0] > at), None)
            return found or (self._ends, f"no later event: {ENDS}")
        found = next((each for each in reversed(self._all) if each[0] < at), None)
        return found or (self._begins, f"no earlier event: {BEGINS}")


def _session_edges(begins: datetime, ends: datetime) -> Iterator[tuple[datetime, str]]:
    state = session_state(begins)
    while state.until <= ends:
        at = state.until
        state = session_state(at)
        yield at, _EDGES[state.phase]
