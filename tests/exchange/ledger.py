"""What the local server was asked, and what it is to answer wrongly."""

from __future__ import annotations

import threading

from tests.exchange.faults import Fault, Order
from tests.exchange.routes import Request


class Ledger:
    """All requests, and the orders of faults. It may be used from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: list[Request] = []
        self._orders: list[Order] = []

    @property
    def requests(self) -> list[Request]:
        """Everything asked so far, oldest first."""
        with self._lock:
            return list(self._requests)

    def order(self, pattern: str, fault: Fault, times: int | None) -> None:
        """Have some paths answered wrongly, before all that was ordered earlier."""
        with self._lock:
            self._orders.insert(0, Order(pattern, fault, times))

    def heal(self) -> None:
        """Have everything answered well."""
        with self._lock:
            self._orders.clear()

    def noted(self, request: Request) -> Fault:
        """Note a request; return what is wrong with its answer."""
        with self._lock:
            self._requests.append(request)
            order = next((o for o in self._orders if o.meets(request.path)), None)
            if order is None:
                return Fault("")
            if order.left is not None:
                order.left -= 1
            return order.fault
