"""The web socket of a connection: each message is handed over as soon as it is read."""

from __future__ import annotations

from collections.abc import Callable

from websockets.asyncio.client import ClientConnection
from websockets.frames import Frame, Opcode
from websockets.protocol import Event


class Socket(ClientConnection):
    """A client whose messages do not wait in a queue for somebody to receive them.

    The queue, and waking up who waits for it, take as long as reading a message. It still takes
    what comes before anybody hears, and what comes in pieces.
    """

    hear: Callable[[bytes], None] | None = None
    """Takes a message; must not raise."""

    def process_event(self, event: Event) -> None:
        """Hand a whole message over; leave all else to the library."""
        hear = self.hear
        if hear is not None and type(event) is Frame and event.fin and event.opcode is Opcode.TEXT:
            hear(bytes(event.data))
        else:
            super().process_event(event)
