"""The recorder: takes each step of an engine and has it written, on a thread of its own.

The engine only hands over references to values that never change. What the disk refuses is told
once, and from then on nothing is recorded.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from queue import Empty, SimpleQueue

from market.snapshot import Snapshot
from market.tape.entries import Entry
from market.tape.ring import is_another_day
from market.tape.transcript import Pictured, Step, Taken, Transcript

PICTURE_EVERY = timedelta(minutes=10)
"""How much of a tape must be played at most to be at any instant of it."""
OVERDUE = timedelta(minutes=30)
"""The same where no census would be taken meanwhile."""
GATHERED_S = 1.0
"""Seconds for which steps are gathered for one frame: what a killed program may lose."""
CLOSE_TIMEOUT_S = 5.0


class Recorder:
    """Records one engine. `begin` and the steps are called on the engine's loop."""

    def __init__(self, transcript: Transcript, notices: list[str]) -> None:
        """Record by a transcript; `notices` is told what the disk refuses."""
        self._transcript = transcript
        self._notices = notices
        self._steps: SimpleQueue[Step | None] = SimpleQueue()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        self._pictured_at: datetime | None = None
        """None before it has begun."""
        self.fault = ""
        """Why nothing is recorded any more: a sentence; empty while all is well."""

    @property
    def path(self) -> Path | None:
        """The file that is or was written last, by whomever; None before.

        It may be asked from any thread.
        """
        return self._transcript.path

    # On the engine's loop

    def begin(self, snapshot: Snapshot, at: datetime) -> None:
        """Begin with all that is known."""
        self._thread = threading.Thread(target=self._write_all, name="captop tape", daemon=True)
        self._thread.start()
        self.picture(snapshot, at)

    def is_picture_due(self, at: datetime, after: timedelta = PICTURE_EVERY) -> bool:
        """Whether the last picture is so old, or of another day, that there should be one.

        Args:
            at: Now.
            after: How old; once it is `OVERDUE` a census should be taken to have one.
        """
        last = self._pictured_at
        if last is None or self.fault:
            return False
        return not timedelta(0) <= at - last < after or is_another_day(at, last)

    def picture(self, snapshot: Snapshot, at: datetime) -> None:
        """Put the whole state on the tape: one may begin to play here."""
        self._pictured_at = at
        self._put(Pictured(at, snapshot))

    def add(self, entry: Entry, after: Snapshot) -> None:
        """Put a step on the tape, with what it led to."""
        self._put(Taken(entry, after))

    def close(self) -> None:
        """Write what is left, and end the tape. Closing twice is no error."""
        if self._thread is not None:
            self._closing.set()
            self._steps.put(None)
            self._thread.join(CLOSE_TIMEOUT_S)
            self._thread = None

    def _put(self, step: Step) -> None:
        if self._pictured_at is not None and not self.fault:
            self._steps.put(step)

    # On the recorder's own thread

    def _write_all(self) -> None:
        try:
            while self._write_some():
                pass
        except OSError as error:
            self.fault = _why(error)
            self._notices.append(self.fault)
        finally:
            self._transcript.close()

    def _write_some(self) -> bool:
        """Write what comes within a second; return whether more may come."""
        first = self._steps.get()
        self._closing.wait(GATHERED_S)
        steps = [first, *self._waiting()]
        self._transcript.write([step for step in steps if step is not None])
        return None not in steps

    def _waiting(self) -> Iterator[Step | None]:
        while True:
            try:
                yield self._steps.get_nowait()
            except Empty:
                return


def _why(error: OSError) -> str:
    """Return why nothing is recorded any more and what to do, the path last."""
    reason = (error.strerror or str(error)).lower()
    return f"nothing is recorded any more ({reason}): make room, or see to {error.filename}"
