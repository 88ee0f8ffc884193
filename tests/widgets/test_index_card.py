"""The index panel: what it says of a snapshot, and how it looks in every size."""

from __future__ import annotations

import re
from datetime import date, timedelta

from msgspec.structs import replace

from market.quotes import Kind
from market.sessions import session_of
from market.snapshot import Mode
from tests.widgets.numbers import assert_good_at_all_sizes
from tests.widgets.pictures import MONDAY_MORNING, empty, failing, late, picture, trouble
from widgets.chart_view import ChartView
from widgets.index_card import SHOWN_WINDOWS, IndexView, paint, view_of
from widgets.lines import text_of
from widgets.plotting import prepare
from widgets.values import Value, mark_for, value_of

NO_CHART = ChartView("^RUT", "1D")


def text(view: IndexView, width: int, height: int) -> list[str]:
    return [text_of(line).rstrip() for line in paint(view, width, height)]


def test_one_line_says_level_and_day() -> None:
    (line,) = text(view_of(picture()), 44, 1)
    assert line.startswith("2,975.76   ▼ −1.00   −0.03 %")


def test_all_numbers_of_the_wireframe_are_there() -> None:
    told = "\n".join(text(view_of(picture()), 60, 20))
    for word in ("1W", "1M", "3M", "6M", "YTD", "1Y", "52w", "drawdown", "IWM", "RTY", "RUT/SPX"):
        assert word in told
    assert "●" in told
    assert "200d mean" in told


def test_the_chart_has_its_clock_and_the_previous_close_rule() -> None:
    prepare()
    lines = paint(view_of(picture()), 60, 20)
    assert any("10:00" in text_of(line) for line in lines)
    assert any(role == "previous" for line in lines for _, role in line)


def test_before_plotext_is_there_the_panel_is_complete_but_for_the_curve() -> None:
    lines = text(replace(view_of(picture()), chart=NO_CHART), 60, 20)
    assert len(lines) == 20
    assert "1Y" in "\n".join(lines)


def test_outside_regular_hours_fund_and_future_lead() -> None:
    view = view_of(picture(MONDAY_MORNING))
    told = "\n".join(text(view, 70, 8))
    assert "IWM pre" in told
    assert "implied" in told
    level = next(role for line in paint(view, 70, 8) for t, role in line if t == "298.02")
    assert level == "strong"
    assert "implied" not in "\n".join(text(view_of(picture()), 70, 8))


def test_the_chosen_window_stands_out() -> None:
    lines = paint(view_of(picture(), "1M"), 60, 20)
    assert [t.strip() for line in lines for t, role in line if role == "accent"] == ["1M"]


def test_nothing_known_is_said_once_with_the_reason() -> None:
    assert text(view_of(empty()), 44, 1) == ["—  waiting for data"]


def test_the_level_waits_for_no_metric() -> None:
    fresh = replace(picture(), readings={})
    lines = text(view_of(fresh), 60, 20)
    assert lines[0].startswith(f"{fresh.quotes['^RUT'].last:,.2f}")
    assert "waiting" not in "\n".join(lines)
    assert mark_for(fresh, ("rut.last",)).text == "working out"
    assert mark_for(replace(fresh, mode=Mode.DEMO), ("rut.last",)).text == "DEMO working out"
    assert value_of(fresh, "rut.return.1m").reason == "working out"


def test_what_keeps_the_level_away_is_said_instead_of_waiting() -> None:
    failed = trouble(empty(), Kind.INTRADAY, "^RUT", "yahoo answered 429 Too Many Requests")
    assert text(view_of(failed), 60, 9) == ["—  yahoo answered 429 Too Many Requests"]
    assert text(view_of(failed), 26, 9) == ["—  yahoo answered 429 Too", "   Many Requests"]


def test_the_mean_is_told_of_the_ratio_not_of_the_index() -> None:
    (line,) = [line for line in text(view_of(picture()), 60, 20) if "RUT/SPX" in line]
    assert re.fullmatch(r"RUT/SPX \d\.\d{4}  (above|below) its 200d mean  [▲▼] .* 63d", line)


def test_late_values_are_dimmed() -> None:
    line = paint(view_of(late()), 60, 1)[0]
    assert ("2,975.76", "late") in line
    assert not {"up", "down", "strong"} & {role for _, role in line}


def test_a_future_that_is_late_beside_a_fresh_index_says_its_age() -> None:
    snapshot = picture()
    old = snapshot.reading("rty.last")
    struck = replace(old, as_of=snapshot.now - timedelta(minutes=40))
    behind = replace(snapshot, readings={**snapshot.readings, "rty.last": struck})
    for width, said in ((60, "−0.06 late 40m"), (42, "−0.06 40m"), (38, "2,977.40 40m")):
        (line,) = [line for line in text(view_of(behind), width, 20) if "RTY" in line]
        assert line.endswith(said)
    assert not [line for line in text(view_of(late()), 60, 20) if "late" in line], "the border says"


def test_a_print_that_is_late_says_its_age_beside_the_index_of_the_last_session() -> None:
    snapshot = picture(MONDAY_MORNING)
    assert not [line for line in text(view_of(snapshot), 60, 20) if "late" in line]
    later = paint(view_of(snapshot.at(snapshot.now + timedelta(hours=1))), 60, 20)
    (line,) = [line for line in later if "IWM" in text_of(line)]
    assert "late 1h" in text_of(line)
    assert ("298.02", "late") in line
    refused = text(view_of(failing(MONDAY_MORNING)), 60, 20)
    assert [line for line in refused if "IWM pre 298.02 +0.07 ▲ 0s" in line], "failing is not late"


def test_a_level_and_move_of_an_earlier_session_say_their_day() -> None:
    """Known by daily closes alone, the future's move is Wednesday's on a Thursday."""
    snapshot = picture()
    struck = session_of(date(2026, 7, 1)).close
    of_rty = {n: r for n, r in snapshot.readings.items() if n.startswith(("rty.", "rut."))}
    old = {name: replace(reading, as_of=struck) for name, reading in of_rty.items()}
    stale = replace(snapshot, readings={**snapshot.readings, **old})
    lines = paint(replace(view_of(stale), chart=NO_CHART), 60, 8)
    (rty,) = [line for line in lines if "RTY" in text_of(line)]
    assert "RTY Wed " in text_of(rty)
    assert "IWM 2" in text_of(rty), "the fund is of today"
    assert "late" in {role for _, role in rty}
    assert text_of(lines[0]).index(" Wed") > text_of(lines[0]).index("%")
    closed = stale.at(session_of(date(2026, 7, 2)).close + timedelta(hours=1))
    assert "Wed" not in "\n".join(text(view_of(closed), 60, 8)), "after the session no figure is"


def test_no_size_cuts_a_number() -> None:
    for snapshot in (picture(), picture(MONDAY_MORNING), empty()):
        view = replace(view_of(snapshot), chart=NO_CHART)
        assert_good_at_all_sizes(lambda width, height, v=view: paint(v, width, height))


def test_windows_too_wide_for_the_grid_leave_and_none_is_cut() -> None:
    huge = Value(110.188)
    view = replace(view_of(picture()), windows=tuple((w, huge) for w in SHOWN_WINDOWS))
    view = replace(view, chart=NO_CHART, from_open=huge)
    for width in range(20, 70):
        for line in text(view, width, 20):
            assert len(line) <= width
            assert not re.search(r"[\d.…]\+11", line)
            assert "…" not in line


def test_equal_snapshots_give_equal_views() -> None:
    assert view_of(picture()) == view_of(replace(picture()))
    assert view_of(picture()) != view_of(late())
