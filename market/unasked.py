"""In an engine's place: what a screen asks of one, where nobody is to be asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import Future

from market.quotes import Key, Match
from market.reports import ErrorKind, FeedError, RefreshAnswer


class Unasked:
    """Takes note of nothing."""

    @property
    def can_offer_demo(self) -> bool:
        """Whether the simulated market is to be offered: never."""
        return False

    def want(self, keys: Iterable[Key]) -> None:
        """Say what is visible now."""

    def watch(self, symbols: Iterable[str]) -> None:
        """Say which symbols the watchlists hold."""

    def set_focused(self, focused: bool) -> None:
        """Say whether the terminal has the focus."""

    def set_pace(self, factor: float) -> None:
        """Put a factor on all beats."""

    def use_alerts(self, text: str) -> None:
        """Watch the alerts of a text."""

    def acknowledge(self, alerts: Iterable[str]) -> None:
        """Say that somebody has seen some alerts."""

    def refresh(self) -> RefreshAnswer:
        """Ask nobody."""
        return RefreshAnswer(asked=0, refused=0, wait_s=0)

    def search(self, text: str) -> Future[Sequence[Match]]:
        """Find nothing: the future holds a FeedError."""
        future: Future[Sequence[Match]] = Future()
        sentence = f"nobody is asked about {text} here"
        future.set_exception(FeedError(ErrorKind.ABSENT, sentence))
        return future
