"""Values for rules, told by a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from market.rules.judging import Seen


class Told:
    """Values as a test tells them."""

    def __init__(
        self,
        now: Mapping[str, float | str | Seen],
        closes: Mapping[str, Sequence[float]] | None = None,
    ) -> None:
        self._now = now
        self._closes = closes or {}

    def now(self, metric: str) -> Seen:
        seen = self._now.get(metric, Seen(None, reason="waiting for data"))
        return seen if isinstance(seen, Seen) else Seen(seen)

    def closes(self, metric: str, count: int) -> Sequence[float]:
        return self._closes.get(metric, ())[-count:]
