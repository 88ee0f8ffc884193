"""The title line and the strip: the fullest wording that fits, at any width."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from tests.clocks import THURSDAY_AFTERNOON as NOW
from tests.widgets.numbers import assert_good_at_all_sizes
from tests.widgets.pictures import MONDAY_MORNING, WATCHED, demo, empty, failing, late, picture
from widgets.lines import text_of, width_of
from widgets.moments import moment, span_text
from widgets.strip_line import paint as paint_strip
from widgets.strip_line import view_of as strip_view
from widgets.title_bar import TitleView, paint

VIEW = TitleView(("Russell 2000", "Health Care", "XBI"), NOW, feeds_ok=2, feeds=2)


def title(view: TitleView, width: int) -> str:
    return text_of(paint(view, width))


def test_the_whole_line() -> None:
    line = title(VIEW, 120)
    assert line.startswith(" captop  Russell 2000 › Health Care › XBI ")
    assert line.rstrip().endswith("Thu 2 Jul 14:32:07 ET   open, 1 h 27 m left   ● 2/2 feeds")


@pytest.mark.parametrize("width", range(1, 200))
def test_it_fits_any_width(width: int) -> None:
    held = replace(VIEW, demo=True, held_at=NOW, pace=2.0, restored=True)
    for view in (VIEW, held, replace(VIEW, crumbs=("Russell 2000",))):
        assert width_of(paint(view, width)) <= max(width, 5)


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
def test_where_one_is_and_that_it_is_simulated_is_always_said(width: int) -> None:
    line = title(replace(VIEW, demo=True), width)
    assert "DEMO" in line
    assert "XBI" in line
    assert "Russell 2000" in title(replace(VIEW, demo=True, crumbs=("Russell 2000",)), width)
    assert "open" in line
    assert "2/2" in line


def test_hold_and_pace_are_told() -> None:
    line = title(replace(VIEW, held_at=NOW - timedelta(seconds=7), pace=0.5), 140)
    assert "HOLD 14:32:00" in line
    assert "pace 0.5x" in line


def test_a_failing_feed_changes_the_sign_not_only_the_colour() -> None:
    line = title(replace(VIEW, feeds_ok=1, feeds_failing=1), 120)
    assert "▲ 1/2 feeds" in line


def test_a_closed_market_says_why() -> None:
    line = title(replace(VIEW, now=datetime(2026, 7, 4, 12, tzinfo=UTC)), 160)
    assert "closed, weekend, opens Mon 09:30 ET" in line


def test_the_strip_says_what_matters_in_one_line() -> None:
    (line,) = paint_strip(strip_view(picture(), WATCHED), 80, 1)
    assert text_of(line).startswith("RUT 2,975.76  ▼ −0.03 %  VIX 16.38")


def test_more_lines_add_leaders_and_the_watchlist() -> None:
    lines = paint_strip(strip_view(picture(), WATCHED), 100, 3)
    assert "Utilities & Comm. +1.93" in text_of(lines[1])
    assert text_of(lines[2]).startswith("IWM 295.80 −0.03")
    assert "ZZZQ —" in text_of(lines[2])


def test_the_strip_marks_demo_failure_and_hours() -> None:
    assert text_of(paint_strip(strip_view(demo()), 60, 1)[0]).startswith("DEMO")
    assert "▲ demo limited" in text_of(paint_strip(strip_view(failing()), 80, 1)[0])
    early = text_of(paint_strip(strip_view(picture(MONDAY_MORNING)), 100, 1)[0])
    assert "IWM pre 298.02" in early
    assert ("2,975.76", "late") in paint_strip(strip_view(late()), 80, 1)[0]


def test_the_strip_cuts_no_number() -> None:
    for snapshot in (picture(), empty(), failing()):
        view = strip_view(snapshot, WATCHED)
        assert_good_at_all_sizes(lambda width, height, v=view: paint_strip(v, width, height))


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (NOW, "14:32"),
        (NOW - timedelta(days=2), "Tue 14:32"),
        (NOW - timedelta(days=20), "12 Jun"),
        (NOW - timedelta(days=400), "2025-05-28"),
        (None, "—"),
    ],
)
def test_moments(at: datetime | None, text: str) -> None:
    assert moment(at, NOW) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.42, "0.4 s"), (45, "45 s"), (600, "10 m"), (7300, "2 h"), (200_000, "2 d"), (-1, "0.0 s")],
)
def test_spans(seconds: float, text: str) -> None:
    assert span_text(timedelta(seconds=seconds)) == text
