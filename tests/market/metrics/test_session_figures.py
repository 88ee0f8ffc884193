"""A session's high, low and volume: how old they are, and which source counts."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from msgspec.structs import replace

from market.metrics.compute import compute
from market.quotes import Details, Key, Kind
from market.reports import Reading
from market.sessions import session_of
from market.snapshot import Snapshot, empty_snapshot
from tests.clocks import THURSDAY_AFTERNOON
from tests.market.metrics.pictures import (
    failed,
    full_picture,
    new_york,
    quote_at,
    with_details,
    with_quote,
)

THU = date(2026, 7, 2)
NOW = THURSDAY_AFTERNOON


def read(snapshot: Snapshot, name: str) -> Reading:
    return compute(snapshot)[name]


class TestFiguresToldEarlier:
    """What only an older answer of the session told has that answer's age."""

    TOLD = NOW - timedelta(minutes=40)

    def snapshot(self, now: datetime = NOW) -> Snapshot:
        quote = quote_at("XBI", 102.0, min(now, session_of(THU).close))
        fields = ("open", "high", "low", "volume")
        frozen = replace(quote, earlier=tuple((field, self.TOLD) for field in fields))
        return with_quote(full_picture(now), frozen)

    @pytest.mark.parametrize("name", ["volume", "high", "low", "relative_volume"])
    def test_are_as_old_as_that(self, name: str) -> None:
        reading = read(self.snapshot(), f"xbi.{name}")
        assert reading.value is not None
        assert reading.as_of == self.TOLD

    @pytest.mark.parametrize("name", ["last", "open", "from_open", "range52w.position"])
    def test_leave_the_price_and_the_open_as_young_as_they_are(self, name: str) -> None:
        assert read(self.snapshot(), f"xbi.{name}").as_of == NOW

    def test_against_the_quote_page_have_its_age_too(self) -> None:
        details = Details(symbol="NEW", as_of=NOW, source="yahoo", average_volume=4e5)
        quote = replace(quote_at("NEW", 9.0, NOW), earlier=(("volume", self.TOLD),))
        snapshot = with_details(with_quote(empty_snapshot(NOW), quote), details)
        assert read(snapshot, "new.relative_volume").as_of == self.TOLD

    def test_never_contradict_the_last_price(self) -> None:
        snapshot = self.snapshot()
        quote = replace(snapshot.quotes["XBI"], high=101.0, low=100.0)
        assert read(with_quote(snapshot, quote), "xbi.high").value == 102.0
        below = replace(quote, last=99.0)
        assert read(with_quote(snapshot, below), "xbi.low").value == 99.0

    def test_give_way_to_the_daily_bar(self) -> None:
        evening = new_york(THU, "20:00")
        snapshot = self.snapshot(evening)
        bars = snapshot.bars[Key(Kind.DAILY, "XBI")]
        reading = read(snapshot, "xbi.volume")
        assert (reading.value, reading.as_of) == (bars.volume[-1], session_of(THU).close)

    def test_that_nobody_tells_name_what_keeps_the_quote_page_away(self) -> None:
        bare = replace(quote_at("XBI", 102.0, NOW), volume=None)
        snapshot = failed(with_quote(empty_snapshot(NOW), bare), Key(Kind.DETAILS, "XBI"))
        assert read(snapshot, "xbi.volume").reason == "Yahoo limits requests"
