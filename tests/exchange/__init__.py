"""A local server that plays all sources for the whole program, on a real socket."""

from tests.exchange import faults
from tests.exchange.addresses import NOWHERE, feed_variables
from tests.exchange.faults import Fault
from tests.exchange.routes import Request
from tests.exchange.server import Exchange

__all__ = ["NOWHERE", "Exchange", "Fault", "Request", "faults", "feed_variables"]
