"""Which number an alert is set on, by the row under the cursor and by the panel."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from market.metrics.compute import metric_named
from market.snapshot import Snapshot
from tests.tui.driving import press
from tests.tui.fakes import FakeEngine, Stage, live_picture
from tui.alert_focus import OF_PANELS, metric_in_focus, value_now
from tui.screens.market_screen import MarketScreen


async def in_focus(snapshot: Snapshot, *keys: str) -> str:
    """The number in focus after some keys on the overview."""
    shown = Stage(FakeEngine(snapshot))
    async with shown.app.run_test(size=(160, 50)) as pilot:
        await press(pilot, *keys)
        screen = shown.app.screen
        assert isinstance(screen, MarketScreen)
        return metric_in_focus(screen.focused_panel, snapshot)


@pytest.mark.parametrize(
    ("keys", "metric"),
    [
        (("1",), "rut.last"),
        (("3",), "iwm.last"),
        (("5",), "breadth.advancing"),
        (("b", "3"), "sector.health-care.return.1d"),
        (("f", "j", "j"), "spsm.flow.1d"),
        (("v", "2"), "vix.term.ratio"),
    ],
    ids=str,
)
async def test_the_number_in_focus(keys: tuple[str, ...], metric: str) -> None:
    assert await in_focus(live_picture(), *keys) == metric


async def test_a_member_that_nobody_looked_at_yet_has_a_price_too() -> None:
    picture = live_picture()
    found = await in_focus(picture, "asterisk")
    assert found.endswith(".last")
    named = metric_named(found, picture.cast)
    assert named is not None
    assert picture.census is not None
    row = picture.census.row_of(named[1].symbol)
    assert row is not None
    assert found not in picture.readings
    assert value_now(picture, found) == picture.census.members.last[row]


def test_the_value_of_what_nobody_watches_is_worked_out() -> None:
    picture = live_picture()
    unread, known = replace(picture, readings={}), picture.reading("iwm.return.1d").value
    assert isinstance(known, float)
    assert value_now(picture, "iwm.return.1d") == known
    assert value_now(unread, "iwm.return.1d") == known
    assert value_now(picture, "feed.yahoo.state") in {"ok", "failing", None}
    assert value_now(picture, "no.such") is None


def test_without_a_panel_it_is_the_index() -> None:
    assert metric_in_focus(None, live_picture()) == "rut.last"
    assert "rut.last" in OF_PANELS.values()
