"""The title line and the strip: the fullest wording that fits, at any width."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from market.fold import fold
from market.health import FeedHealth, Trouble
from market.reports import Asked, ErrorKind, Failed
from market.sessions import NEW_YORK
from market.snapshot import Mode, Snapshot
from tests.clocks import THURSDAY_AFTERNOON as NOW
from tests.widgets.censuses import counted
from tests.widgets.numbers import assert_good_at_all_sizes
from tests.widgets.pictures import (
    MONDAY_MORNING,
    SUNDAY,
    WATCHED,
    demo,
    empty,
    failing,
    late,
    picture,
)
from widgets.leaders_view import RowKind, leader_rows
from widgets.lines import text_of, width_of
from widgets.moments import moment, span_text
from widgets.strip_paint import paint as paint_strip
from widgets.strip_view import view_of as strip_view
from widgets.title_line import TitleView, paint, view_of
from widgets.values import Value

VIEW = TitleView(("Russell 2000", "Health Care", "XBI"), NOW, feeds_ok=2, feeds=2)


def title(view: TitleView, width: int) -> str:
    return text_of(paint(view, width))


def test_the_whole_line() -> None:
    line = title(VIEW, 120)
    assert line.startswith(" captop  Russell 2000 › Health Care › XBI ")
    assert line.rstrip().endswith("Thu 2 Jul 14:32:07 ET   open, 1 h 27 m left   ● 2/2 feeds")


def test_it_fits_any_width() -> None:
    held = replace(VIEW, badge="DEMO", held_at=NOW, pace=2.0, restored=True)
    for view in (VIEW, held, replace(VIEW, crumbs=("Russell 2000",))):
        for width in range(1, 200):
            assert width_of(paint(view, width)) <= max(width, 5), width


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
def test_where_one_is_and_that_it_is_simulated_is_always_said(width: int) -> None:
    line = title(replace(VIEW, badge="DEMO"), width)
    assert "DEMO" in line
    assert "XBI" in line
    assert "Russell 2000" in title(replace(VIEW, badge="DEMO", crumbs=("Russell 2000",)), width)
    assert "open" in line
    assert "2/2" in line


@pytest.mark.parametrize("now", [NOW, datetime(2026, 7, 4, 12, tzinfo=UTC)])
@pytest.mark.parametrize("crumbs", [VIEW.crumbs, ("Russell 2000",)])
def test_a_tape_says_of_which_instant_it_is_at_any_width(
    now: datetime, crumbs: tuple[str, ...]
) -> None:
    view = replace(VIEW, now=now, crumbs=crumbs, badge="REPLAY still", is_tape=True)
    time = now.astimezone(NEW_YORK)
    for width in range(20, 201):
        line = title(view, width)
        assert "REPLAY still" in line
        assert f"{time:%H:%M}" in line
        assert width < 30 or f"{time.day} Jul {time:%H:%M:%S}" in line
        assert width < 40 or crumbs[-1][:5] in line
        assert width_of(paint(view, width)) <= width
    assert f"{time:%a} {time.day} Jul" in title(replace(view, crumbs=("RUT",)), 80)


def test_hold_and_pace_are_told() -> None:
    line = title(replace(VIEW, held_at=NOW - timedelta(seconds=7), pace=0.5), 140)
    assert "HOLD 14:32:00" in line
    assert "pace 0.5x" in line


def test_a_failing_feed_changes_the_sign_not_only_the_colour() -> None:
    line = title(replace(VIEW, feeds_ok=1, feeds_failing=1), 120)
    assert "▲ 1/2 feeds" in line


WEEKEND = replace(VIEW, now=datetime(2026, 7, 4, 12, tzinfo=UTC))


def test_a_closed_market_says_why() -> None:
    assert "closed, weekend, opens Mon 09:30 ET" in title(WEEKEND, 160)


@pytest.mark.parametrize("width", [60, 80, 100, 120, 160])
def test_the_whole_way_goes_before_the_words_of_the_session(width: int) -> None:
    line = title(WEEKEND, width)
    assert "Russell 2000 › Health Care › XBI " in line
    assert "closed" in line
    assert "2/2" in line


def test_a_session_is_shortened_by_the_time_left_before_the_time_of_the_open() -> None:
    day = title(replace(WEEKEND, crumbs=("RUT",)), 80)
    assert "closed, weekend, opens Mon 09:30 ET  ●" in day


OVERVIEW = replace(WEEKEND, crumbs=("Russell 2000",), feeds_ok=12, feeds=12)


@pytest.mark.parametrize(
    ("width", "badge", "said"),
    [
        (120, "", "closed, weekend, opens Mon 09:30 ET in 2 d 1 h   ●"),
        (80, "", "ET  closed, weekend, opens Mon 09:30 ET  ●"),
        (77, "", "ET  closed, weekend, opens Mon 09:30  ●"),
        (80, "DEMO", "ET  closed, opens Mon 09:30  ●"),
        (70, "DEMO", "ET  closed, weekend  ●"),
        (60, "DEMO", "ET  closed  ●"),
    ],
)
def test_a_closed_market_is_told_in_ever_fewer_words(width: int, badge: str, said: str) -> None:
    assert said in title(replace(OVERVIEW, badge=badge), width)


@pytest.mark.parametrize("width", [80, 100, 120, 200])
def test_a_picture_from_disk_says_so(width: int) -> None:
    line = title(replace(OVERVIEW, restored=True, feeds_ok=0, feeds_failing=12), width)
    assert "from disk" in line
    assert "opens Mon 09:30" in line


def test_before_the_first_answer_no_feed_is_counted_and_none_is_blamed() -> None:
    line = paint(replace(VIEW, feeds_ok=0), 120)
    assert ("○ ", "muted") in line
    assert "○ 0/2 feeds" in text_of(line)


def test_feeds_nobody_has_heard_of_are_counted() -> None:
    view = view_of(empty(), ("Russell 2000",), feeds=2)
    assert (view.feeds_ok, view.feeds_failing, view.feeds) == (0, 0, 2)


def test_what_was_answered_in_an_earlier_run_is_no_answer() -> None:
    feeds = {name: FeedHealth(name, last_ok=NOW) for name in ("yahoo", "cboe")}
    view = view_of(replace(empty(), feeds=feeds), ("Russell 2000",))
    assert "○ 0/2" in title(view, 80)


def test_no_count_is_green_while_feeds_that_were_asked_have_not_answered() -> None:
    known = replace(empty(), feeds={"yahoo": FeedHealth("yahoo", answers=3)})
    asked = fold(fold(known, Asked("cboe"), NOW), Asked("yahoo"), NOW)
    view = view_of(asked, ("Russell 2000",), feeds=12)
    assert "○ 1/2 feeds, 1 awaited" in title(view, 120)
    assert "○ 1/2" in title(view, 80)
    rested = view_of(replace(asked, feeds={**asked.feeds, "fred": FeedHealth("fred")}), ("R",))
    assert "○ 1/3 feeds, 1 awaited, 1 at rest" in title(rested, 120)
    refused = Failed(feed="cboe", at=NOW, keys=(), kind=ErrorKind.LIMITED, text="slow down")
    assert "▲ 1/2 feeds " in title(view_of(fold(asked, refused, NOW), ("Russell 2000",)), 120)


def test_feeds_of_which_nothing_was_due_since_a_restart_are_counted_and_named_as_such() -> None:
    kept = {name: FeedHealth(name, last_ok=NOW) for name in ("fred", "nyfed")}
    feeds = {**kept, "yahoo": FeedHealth("yahoo", answers=3)}
    view = view_of(replace(empty(), feeds=feeds), ("Russell 2000",), feeds=12)
    assert "● 1/3 feeds, 2 at rest" in title(view, 120)
    assert "● 1/3" in title(view, 80)
    assert "○ 1/3" in title(replace(view, restored=True), 80), "nothing new has come"
    assert "▲ 1/3 feeds, 1 at rest" in title(replace(view, feeds_failing=1), 120)
    assert "rest" not in title(replace(view, feeds_ok=3), 120) + title(
        replace(view, feeds_ok=0), 120
    )


def test_the_strip_says_what_matters_in_one_line() -> None:
    (line,) = paint_strip(strip_view(picture(), WATCHED), 80, 1)
    assert text_of(line).startswith("RUT 2,975.76  ▼ −0.03 %  VIX 16.38")


def test_more_lines_add_leaders_and_the_watchlist() -> None:
    lines = paint_strip(strip_view(picture(), WATCHED), 100, 3)
    assert "Utilities & Comm. +1.93" in text_of(lines[1])
    assert text_of(lines[2]).startswith("IWM 295.80 −0.03")
    assert "ZZZQ —" in text_of(lines[2])


def test_each_number_of_the_strip_is_as_old_as_it_says() -> None:
    seen, vix = picture(), picture().readings["vix.last"]
    before = replace(vix, as_of=NOW - timedelta(minutes=15), delay_s=900, source="cboe")
    told = replace(seen, readings={**seen.readings, "vix.last": before})
    for width, said in ((120, "VIX 16.38 cboe 15m "), (40, "VIX 16.38 15m")):
        line = text_of(paint_strip(strip_view(told, WATCHED), width, 1)[0])
        assert said in line
    assert line == "RUT 2,975.76  −0.03 %  VIX 16.38 15m  0s"
    assert "16.38  " in text_of(paint_strip(strip_view(seen), 80, 1)[0])
    for line in paint_strip(strip_view(late(), WATCHED), 80, 3):
        assert text_of(line).endswith("late 10m")


@pytest.mark.parametrize("width", [24, 40, 80, 200])
def test_the_strip_names_the_window_of_its_leaders_unless_it_is_the_day(width: int) -> None:
    month, day = (
        text_of(paint_strip(strip_view(picture(), WATCHED, w), width, 3)[1]) for w in ("1M", "1D")
    )
    assert month.startswith("1M  ")
    assert not day.startswith("1D")


def test_what_belongs_to_no_sub_sector_is_no_laggard_of_the_strip() -> None:
    snapshot = counted(60)
    kinds = [row.kind for row in leader_rows(snapshot, "1D") if row.returns[0][1].known]
    view = strip_view(snapshot)
    assert RowKind.UNMAPPED in kinds
    assert len(view.leaders) == len(kinds) - 1
    assert RowKind.UNMAPPED not in dict(view.leaders)


def test_the_strip_marks_demo_failure_and_hours() -> None:
    assert text_of(paint_strip(strip_view(demo()), 60, 1)[0]).startswith("DEMO")
    assert "demo limited" in text_of(paint_strip(strip_view(failing()), 80, 1)[0])
    early = text_of(paint_strip(strip_view(picture(MONDAY_MORNING)), 100, 1)[0])
    assert "IWM pre 298.02" in early
    assert ("2,975.76", "late") in paint_strip(strip_view(late()), 80, 1)[0]


@pytest.mark.parametrize("width", [38, 40, 60, 80, 120])
def test_the_strip_ends_with_the_age_of_the_index(width: int) -> None:
    live, old, refused = (
        text_of(paint_strip(strip_view(s), width, 1)[0]) for s in (picture(), late(), failing())
    )
    assert live.startswith("RUT 2,975.76  ▼ −0.03 %  VIX 16.38")
    assert live.endswith(("demo", "0s"))
    assert old.endswith(("late 10m", "late"))
    assert refused.endswith(("next 14:35", "0s, demo limited", "0s, limited", "▲ 0s"))
    assert refused.startswith("RUT 2,975.76  ▼ −0.03 %")


def test_the_strip_of_a_simulated_market_says_so_once() -> None:
    assert text_of(paint_strip(strip_view(demo()), 60, 1)[0]).casefold().count("demo") == 1


@pytest.mark.parametrize("height", [1, 3])
def test_a_strip_of_a_tape_says_of_which_instant_it_is(height: int) -> None:
    view = strip_view(replace(picture(), mode=Mode.REPLAY), WATCHED)
    for width, said in (
        (80, "REPLAY 2 Jul 14:32:07  RUT 2,975.76"),
        (36, "REPLAY 2 Jul 14:32:07"),
        (32, "REPLAY 2 Jul 14:32  RUT 2,975.76"),
        (26, "2 Jul 14:32  RUT 2,975.76"),
        (20, "14:32  RUT 2,975.76"),
        (15, "14:32 2,975.76"),
    ):
        line = text_of(paint_strip(view, width, height)[0])
        assert line.startswith(said)
        assert len(line) <= width


def test_a_strip_that_says_demo_keeps_the_vix_rather_than_the_arrow() -> None:
    line = text_of(paint_strip(strip_view(demo()), 38, 1)[0])
    assert line == "DEMO  RUT 2,975.76  −0.03 %  VIX 16.38"


def dead() -> Snapshot:
    """Return a first start at which no feed answers."""
    found = Trouble(ErrorKind.UNREACHABLE, "no route", "yahoo", NOW)
    names = ("yahoo", "cboe")
    return replace(empty(), feeds={n: FeedHealth(n, trouble=found, failures=1) for n in names})


@pytest.mark.parametrize(
    ("width", "said"),
    [
        (60, "no feed answers  yahoo no answer  D: demo"),
        (40, "no feed answers  D: demo"),
        (20, "no feed answers"),
        (12, "no answer"),
        (2, "▲"),
    ],
)
def test_a_strip_of_dead_feeds_says_so_in_words_that_fit(width: int, said: str) -> None:
    lines = paint_strip(strip_view(dead(), WATCHED), width, 3, "D: demo")
    assert [text_of(line) for line in lines] == [said, "", ""]


def test_a_strip_that_waits_blames_nobody() -> None:
    assert text_of(paint_strip(strip_view(empty()), 60, 1)[0]) == "waiting for data"
    some = replace(dead(), feeds={**dead().feeds, "cboe": FeedHealth("cboe", answers=1)})
    assert text_of(paint_strip(strip_view(some), 60, 1)[0]).startswith("waiting for data")


def test_what_is_on_offer_stands_beside_known_values_too() -> None:
    for width in (38, 60):
        line = text_of(paint_strip(strip_view(demo()), width, 1, "L: live")[0])
        assert line.startswith("DEMO  RUT 2,975.76")
        assert "L: live" in line


def test_a_failing_feed_is_named_while_the_index_is_well() -> None:
    other = {"cboe": FeedHealth("cboe", trouble=Trouble(ErrorKind.REFUSED, "x", "cboe", NOW))}
    view = strip_view(replace(picture(), feeds={**picture().feeds, **other}))
    assert "▲ cboe refused" in text_of(paint_strip(view, 80, 1)[0])


def stopped() -> Snapshot:
    """Return a closed market's picture from disk, of which no feed answers now."""
    return replace(picture(SUNDAY), feeds=dead().feeds)


@pytest.mark.parametrize(
    ("width", "end"),
    [
        (30, "▲ +0.65 %  ▲ 0/2"),
        (40, " +0.65 %  VIX 16.40  ▲ 0/2"),
        (60, "VIX 16.40  ▲ 0/2     demo Thu 16:00"),
        (80, "VIX 16.40  ▲ yahoo no answer             demo Thu 16:00"),
    ],
)
def test_a_strip_of_old_prices_says_at_any_width_that_feeds_fail(width: int, end: str) -> None:
    assert text_of(paint_strip(strip_view(stopped()), width, 1)[0]).rstrip().endswith(end)


def test_the_strip_tells_breadth_and_the_worst_feed_rather_than_blanks() -> None:
    view = replace(strip_view(stopped()), advances=Value(1311.0), declines=Value(589.0))
    assert "▲ 1,311 589 ▼  ▲ 0/2    Thu 16:00" in text_of(paint_strip(view, 69, 1)[0])


def test_the_strip_cuts_no_number() -> None:
    for snapshot in (picture(), empty(), failing(), dead(), stopped()):
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


def test_feeds_that_need_not_answer_in_a_closed_market_are_at_rest() -> None:
    view = TitleView(("Russell 2000",), NOW, 1, 0, 2, resting=True)
    assert "○ feeds at rest" in text_of(paint(view, 120))
    failing = TitleView(("Russell 2000",), NOW, 1, 1, 2, resting=True)
    assert "▲ 1/2" in text_of(paint(failing, 120))
