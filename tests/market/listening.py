"""A reckoner that works nothing out."""

from __future__ import annotations

from market.reckoning import Reckoner, Reckoning
from market.reports import Computed
from market.snapshot import Snapshot


class Listening(Reckoner):
    """Only tells what it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Reckoning] = []

    def reckon(self, snapshot: Snapshot, asked: Reckoning) -> Computed:
        del snapshot
        self.asked.append(asked)
        return Computed(at=asked.at, readings={})
