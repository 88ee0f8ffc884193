"""Waiting for keys without looking up ten times a second, as Textual's own thread does."""

from __future__ import annotations

import os
import selectors

QUIET_AFTER = 20
"""Looks in vain, of a tenth of a second, until there is certainly no half key to be completed."""


class PatientSelector(selectors.SelectSelector):
    """Waits as long as it takes, once nothing has come for a while, or until it is woken up."""

    def __init__(self) -> None:
        super().__init__()
        self._woken, self._waker = os.pipe()
        self.register(self._woken, selectors.EVENT_READ)
        self._in_vain = 0
        self._is_closed = False

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Return what can be read, nothing after `timeout` seconds if something came lately."""
        ready = super().select(timeout if self._in_vain < QUIET_AFTER else None)
        self._in_vain = 0 if ready else self._in_vain + 1
        return [(key, mask) for key, mask in ready if key.fd != self._woken]

    def wake(self) -> None:
        """Have nobody wait any more; from any thread."""
        if not self._is_closed:
            os.write(self._waker, b"\n")

    def close(self) -> None:
        """Give back what was waited with."""
        super().close()
        self._is_closed = True
        os.close(self._woken)
        os.close(self._waker)
