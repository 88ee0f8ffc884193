"""Where a program under test asks its feeds: an exchange, or a closed port of this machine."""

from __future__ import annotations

from tests.exchange.server import Exchange
from tests.exchange.stream import STREAM
from tui.settings_feeds import FeedsSettings

NOWHERE = "http://127.0.0.1:9"
"""Nothing listens on the discard port: a feed that is unreachable at once."""


def feed_variables(exchange: Exchange | None = None) -> dict[str, str]:
    """Return the environment in which no feed of the settings is asked at its real host.

    Args:
        exchange: What plays the feeds; those that it does not play cannot be reached.
    """
    played = exchange.addresses if exchange is not None else {}
    names = (*FeedsSettings().enabled, "sec")
    nowhere = {STREAM: NOWHERE.replace("http", "ws")}
    return {
        f"CAPTOP_FEEDS__{name.upper()}__BASE_URL": played.get(name, nowhere.get(name, NOWHERE))
        for name in names
    }
