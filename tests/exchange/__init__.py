"""A local server that plays all sources for the whole program, on a real socket."""

from tests.exchange import faults
from tests.exchange.faults import Fault
from tests.exchange.routes import Request
from tests.exchange.server import Exchange

__all__ = ["Exchange", "Fault", "Request", "faults"]
