"""What is asked of feeds and streams, of all that is wished for."""

from __future__ import annotations

from collections.abc import Sequence

from market.asking import Asking
from market.feeds.stream import Polled, Report
from market.instruments import INDEX, default_cast
from market.interest import Wishes, group_keys, row_keys
from market.quotes import Key, Kind
from market.snapshot import empty_snapshot
from tests.clocks import THURSDAY_AFTERNOON, ManualClock
from tests.market.feeds.scripted import ScriptedFeed


class Ear:
    """A stream that remembers whose ticks were wanted."""

    name = "ear"

    def __init__(self) -> None:
        self.wanted: tuple[str, ...] = ()

    def want(self, symbols: Sequence[str]) -> None:
        self.wanted = tuple(symbols)

    def set_focused(self, focused: bool) -> None:
        del focused

    async def run(self, report: Report, polled: Polled) -> None:
        del report, polled


def test_rows_of_members_tick_before_the_watchlist_and_no_feed_is_asked_for_them() -> None:
    ear, first = Ear(), empty_snapshot(THURSDAY_AFTERNOON)
    asking = Asking(
        {"feed": ScriptedFeed()}, (ear,), first, ManualClock(), lambda _: None,
        per_minute=60, seed=1,
    )  # fmt: skip
    rows = ("CRVL", "ABCB", "CRDO")
    wishes = Wishes(visible=group_keys() | row_keys(rows), watched=("CRDO", "HIMS"))
    wanted = asking.want(wishes, first, (), ())
    assert ear.wanted[:5] == (INDEX, "ABCB", "CRDO", "CRVL", "HIMS")
    asked = {slot.key for slot in asking.poller.roster}
    assert not {key.symbol for key in asked} & {"ABCB", "CRVL"}
    assert Key(Kind.TRACE, "CRDO") in asked, "it is watched"
    assert not any(key.kind is Kind.TICK for key in asked | wanted.all | wanted.looked_at)
    assert set(default_cast().by_symbol) & set(ear.wanted[5:])
