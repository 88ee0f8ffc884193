"""What becomes of the alerts' events: they are kept in a file, and told by couriers.

What cannot be kept or told is said once, until it works again; nothing else depends on it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence

from market.alerts.alert import Alert, with_id
from market.alerts.couriers import Courier, CourierError, is_delivered
from market.alerts.events import AlertEvent
from market.line_file import LineFile


class Teller:
    """Keeps events and sends couriers."""

    def __init__(
        self,
        record: LineFile[AlertEvent] | None,
        couriers: Sequence[Courier],
        complain: Callable[[str], None],
    ) -> None:
        """Keep and tell.

        Args:
            record: Where events are kept; None keeps nothing.
            couriers: Who tells of them.
            complain: Takes a sentence for the user.
        """
        self._record = record
        self._couriers = tuple(couriers)
        self._complain = complain
        self._failing: set[str] = set()
        """What could not be done last time: the file, or a channel."""

    async def take(self, events: Sequence[AlertEvent], alerts: Sequence[Alert]) -> None:
        """Keep events and tell of those that their alerts ask for."""
        await asyncio.to_thread(self.keep, events)
        for event in events:
            alert = with_id(alerts, event.alert)
            if alert is not None and is_delivered(event, alert):
                await asyncio.gather(*(self._send(c, event) for c in self._among(alert)))

    def keep(self, events: Sequence[AlertEvent]) -> None:
        """Keep events in the file."""
        if self._record is None:
            return
        try:
            self._record.add(events)
        except OSError as error:
            self._failed("file", f"{self._record.path} cannot be written: {error.strerror}")
        else:
            self._failing.discard("file")

    def news(self) -> list[AlertEvent]:
        """Return what other runs have added to the file since the last look."""
        if self._record is None:
            return []
        try:
            return self._record.news()
        except OSError:
            return []

    async def aclose(self) -> None:
        """Let all couriers go."""
        for courier in self._couriers:
            await courier.aclose()

    def _among(self, alert: Alert) -> Iterable[Courier]:
        return (courier for courier in self._couriers if courier.channel in alert.tell)

    async def _send(self, courier: Courier, event: AlertEvent) -> None:
        try:
            await courier.tell(event)
        except CourierError as error:
            self._failed(courier.channel, f"alert not told by {courier.channel}: {error}")
        else:
            self._failing.discard(courier.channel)

    def _failed(self, what: str, sentence: str) -> None:
        if what not in self._failing:
            self._failing.add(what)
            self._complain(sentence)
