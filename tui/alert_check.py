"""What is wrong with the alerts' file, and what is odd about it, for `captop config check`."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from market.alert_book import AlertBook
from market.instruments import Cast
from market.metrics.compute import metric_named
from tui.known_names import KnownNames
from tui.settings import Settings
from tui.watchlists import Watchlists


def read_alerts(settings: Settings, known: KnownNames) -> AlertBook:
    """Return the alerts as they are written, and a sentence for each that cannot be watched."""
    book = AlertBook(settings.alerts.file, known.writing, settings.cast)
    book.watch(Watchlists.from_settings(settings, None).symbols)
    book.look()
    return book


def alert_remarks(settings: Settings, cast: Cast, book: AlertBook) -> Iterator[str]:
    """Yield a sentence for each symbol of an alert that only a feed can tell whether it exists."""
    watched = Watchlists.from_settings(settings, None).symbols
    known = [*settings.cast.by_symbol, *watched]
    for alert in book.alerts:
        found = (metric_named(name, cast, watched) for name in alert.metrics)
        symbols = (each[1].symbol for each in found if each is not None)
        for symbol in dict.fromkeys(s for s in symbols if s not in {*cast.by_symbol, *watched}):
            near = get_close_matches(symbol, known, n=1)
            hint = f"; the nearest is {near[0]}" if near else ""
            yield (
                f"{settings.alerts.file.name}: alert {alert.id} is of {symbol}, which is in no "
                f"watchlist: whether there is one is known once captop has asked{hint}."
            )
