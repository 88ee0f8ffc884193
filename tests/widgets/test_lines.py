"""Lines of runs: how much of one must be painted where another is shown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from widgets.lines import cells_changed, text_of
from widgets.title_line import TitleView, paint

WEEKEND = TitleView(("Russell 2000", "XBI"), datetime(2026, 7, 4, 12, 7, 9, tzinfo=UTC), 2, 0, 2)


def after(later: timedelta) -> TitleView:
    return replace(WEEKEND, now=WEEKEND.now + later)


@pytest.mark.parametrize("width", [20, 60, 120, 200])
@pytest.mark.parametrize("later", [timedelta(0), timedelta(seconds=1), timedelta(hours=9)])
def test_what_is_painted_anew_is_all_that_changed(later: timedelta, width: int) -> None:
    shown, line = paint(WEEKEND, width), paint(after(later), width)
    changed = cells_changed(shown, line)
    assert text_of(line)[:changed] + text_of(shown)[changed:] == text_of(line)
    assert (changed == 0) is (shown == line)


def test_a_second_leaves_the_end_of_the_title_line_alone() -> None:
    shown, line = paint(WEEKEND, 120), paint(after(timedelta(seconds=1)), 120)
    assert text_of(line)[: cells_changed(shown, line)].endswith("08:07:10")


def test_a_colour_alone_is_a_change() -> None:
    assert cells_changed((("a", "text"), ("b", "text")), (("a", "muted"), ("b", "text"))) == 1


def test_over_a_line_of_another_width_all_is_painted() -> None:
    assert cells_changed((), paint(WEEKEND, 80)) == 80
    assert cells_changed(paint(WEEKEND, 120), paint(WEEKEND, 80)) == 120
