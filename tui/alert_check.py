"""What is wrong with the alerts' file, for `captop config check`."""

from __future__ import annotations

from collections.abc import Iterable

from market.alert_book import AlertBook
from market.baskets import Basket
from market.metrics.names import rule_writing
from market.named_states import state_names
from market.thesis import Story
from tui.settings import Settings
from tui.watchlists import Watchlists
from tui.wiring import alert_sources


def alert_faults(
    settings: Settings, baskets: Iterable[Basket], stories: Iterable[Story]
) -> tuple[str, ...]:
    """Return a sentence for each alert that cannot be watched."""
    feeds = alert_sources(settings, None, is_live=False).feeds
    writing = rule_writing(settings.cast, baskets, state_names(stories, feeds))
    book = AlertBook(settings.alerts.file, writing, settings.cast)
    book.watch(Watchlists.from_settings(settings, None).symbols)
    book.look()
    return book.faults
