"""Policy, rates and macro: both sides of every probability, what stands in, what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace
from rich.style import Style

from market.fed_funds_study import FedFunds
from market.health import Trouble
from market.instruments import Role
from market.published import NOT_PUBLISHED, Published
from market.quotes import Key, Kind
from market.reading import Reading
from market.reports import ErrorKind
from market.snapshot import Snapshot
from market.studies import NO_STUDIES
from tests.widgets.numbers import assert_good_at_all_sizes
from tests.widgets.pictures import empty
from tests.widgets.policies import TUESDAY, policy_picture, reckoned
from widgets.board_layout import seats
from widgets.board_listing import Listing
from widgets.board_model import Column, Row
from widgets.board_paint import Look, row_strip
from widgets.lines import Line, text_of
from widgets.macro import COLUMNS as FIGURE_COLUMNS
from widgets.macro import board_row as figure_row
from widgets.macro import macro_rows
from widgets.macro_rates import COLUMNS as RATE_COLUMNS
from widgets.macro_rates import board_row as rate_row
from widgets.macro_rates import rate_rows
from widgets.palette import palette_from
from widgets.plotting import prepare
from widgets.policy import SIDES, PolicyView, lean, paint, view_of
from widgets.policy_chart import chart_lines, chart_view, steps
from widgets.policy_path import columns_for, further, path_rows, path_view, ranges_of
from widgets.strips import MISSING, share
from widgets.values import WORKING_OUT

WITHOUT_CONTRACTS = (Kind.TRACE, Kind.CLOSES)


def told(lines: Sequence[Line]) -> str:
    return "\n".join(text_of(line) for line in lines)


def painted(row: Row, columns: tuple[Column, ...], width: int = 90) -> str:
    """A row on a board of that many cells."""
    listing = Listing(columns)
    listing.replace([row], columns)
    placed = seats(columns, listing.needs, listing.sparks, width)
    return row_strip(row, Look(columns, placed, width, palette_from({}), Style())).text.rstrip()


def study_of(snapshot: Snapshot) -> FedFunds:
    assert snapshot.studies.fed_funds is not None
    return snapshot.studies.fed_funds


class TestPanel:
    def test_two_lines_say_the_next_meeting_and_the_years_last(self) -> None:
        snapshot = policy_picture()
        study = study_of(snapshot)
        first, second = (text_of(line) for line in paint(view(snapshot), 61, 2))
        assert first.startswith("Sep FOMC  cut")
        assert second.startswith("Dec FOMC  cut")
        assert "2y−EFFR" in second
        assert study.next is not None
        assert study.next.against_now is not None
        odds = study.next.against_now
        for side, value in zip(SIDES, (odds.cut, odds.hold, odds.hike), strict=True):
            assert f"{side} {share(value).rjust(5)}" in first
        assert first.index("hike") == second.index("hike")

    def test_no_width_tells_one_side_alone(self) -> None:
        shown = view(policy_picture())
        for width in range(1, 80):
            for line in paint(shown, width, 2):
                told = [side in text_of(line) for side in SIDES]
                assert all(told) or not any(told), width
        assert "Sep  cut   0%  hold  37%  hike  63%" in text_of(paint(shown, 38, 2)[0])

    def test_more_lines_tell_the_range_in_force(self) -> None:
        lines = paint(view(policy_picture()), 61, 3)
        assert text_of(lines[2]) == "target 3.50–3.75 %  EFFR 3.63 %"

    def test_meetings_have_their_month_before_a_path_is_worked_out_anew(self) -> None:
        from_disk = replace(policy_picture(), studies=NO_STUDIES)
        assert paint(view(from_disk), 61, 3) == paint(view(policy_picture()), 61, 3)

    def test_the_last_meeting_of_the_year_is_told_once(self) -> None:
        snapshot = policy_picture(now=datetime(2026, 11, 24, 18, tzinfo=UTC))
        lines = paint(view(snapshot), 61, 2)
        assert text_of(lines[0]).startswith("Dec FOMC")
        assert "2y−EFFR" in text_of(lines[0])
        assert text_of(lines[1]).startswith("target")

    def test_without_contracts_the_yield_stands_in_and_is_said_to(self) -> None:
        lines = paint(view(policy_picture(*WITHOUT_CONTRACTS)), 70, 2)
        assert text_of(lines[0]).startswith("2y−EFFR")
        assert "leans" in text_of(lines[0])
        assert "a direction, no odds" in text_of(lines[0])
        assert text_of(lines[1]) == f"{MISSING}  waiting for data"

    @pytest.mark.parametrize(
        ("points", "words"),
        [
            (51.0, "leans to hikes"),
            (-12.0, "leans to cuts"),
            (9.0, "leans neither way"),
            (-9.0, "leans neither way"),
        ],
    )
    def test_the_yield_leans_both_ways(self, points: float, words: str) -> None:
        assert lean(points) == words

    def test_nothing_known_is_said_and_why(self) -> None:
        assert told(paint(view(empty()), 60, 2)) == f"{MISSING}  waiting for data"

    def test_a_warning_has_its_line(self) -> None:
        noticed = replace(view(policy_picture()), notice="only one FOMC day is known from here on")
        lines = paint(noticed, 61, 4)
        assert ("only one FOMC day is known from here on", "failing") in lines[2]

    def test_a_late_path_is_dimmed(self) -> None:
        later = policy_picture().at(TUESDAY + timedelta(days=3))
        roles = {role for line in paint(view(later), 61, 1) for text, role in line if "%" in text}
        assert roles == {"late"}

    def test_no_size_cuts_a_number(self) -> None:
        for snapshot in (policy_picture(), policy_picture(*WITHOUT_CONTRACTS), empty()):
            shown = view(snapshot)
            assert_good_at_all_sizes(lambda width, height, v=shown: paint(v, width, height))


def view(snapshot: Snapshot) -> PolicyView:
    return view_of(snapshot)


class TestPath:
    def test_a_row_a_meeting_and_its_odds_sum_to_the_whole(self) -> None:
        snapshot = policy_picture()
        rows = path_rows(path_view(snapshot))
        path = study_of(snapshot).path
        assert path is not None
        assert [row.key for row in rows] == [m.day.isoformat() for m in path.meetings]
        for row in rows:
            known = [cell.sort for cell in row.cells[2:5]]
            assert sum(value for value in known if isinstance(value, float)) == pytest.approx(1)

    def test_the_bars_are_higher_where_a_range_is_likelier(self) -> None:
        rows = path_rows(path_view(policy_picture()))
        bars = {len(row.cells[6].text) for row in rows}
        assert len(bars) == 1
        first = rows[0].cells[6].text.strip()
        assert len(first) == 2, "one meeting has two outcomes"
        plain = path_rows(path_view(policy_picture()), ascii_only=True)
        assert all(row.cells[6].text.isascii() for row in plain)

    def test_columns_and_cells_go_together(self) -> None:
        snapshot = policy_picture()
        path = study_of(snapshot).path
        assert path is not None
        ranges = ranges_of(path.meetings)
        assert len(ranges) == 8
        both = ("1d", "5d")
        for width, count, spans in (
            *((62, 0, ()), (78, 0, ()), (87, 0, ("1d",)), (109, 0, ("1d",))),
            *((110, 0, both), (133, 0, both), (134, 3, both), (174, 8, both), (300, 8, both)),
        ):
            besides = further(ranges, width)
            assert (len(besides.ranges), besides.spans) == (count, spans), width
            columns = columns_for(ranges, besides)
            rows = path_rows(path_view(snapshot), besides)
            assert {len(row.cells) for row in rows} == {len(columns)}
            assert sum(column.id.endswith(".1d") for column in columns[8:]) in {0, 3}, "all sides"
        shown = {column.id for column in columns_for(ranges, further(ranges, 300))}
        assert {each.label for each in ranges} <= shown
        assert path.in_force.label in shown

    def test_what_changed_in_a_day_and_in_a_week_is_told_of_all_three_odds(self) -> None:
        snapshot = policy_picture()
        study, besides = study_of(snapshot), further((), 300)
        columns = [column.id for column in columns_for((), besides)]
        for row, meeting in zip(
            path_rows(path_view(snapshot), besides), path_view(snapshot).meetings, strict=True
        ):
            for span, is_week in (("1d", False), ("5d", True)):
                change = study.change(meeting.day, is_week=is_week)
                assert change is not None, "a meeting was in between"
                told = [row.cells[columns.index(f"{side}.{span}")].sort for side in SIDES]
                odds = change.odds
                assert odds is not None
                wanted = [100 * each for each in (odds.cut, odds.hold, odds.hike)]
                assert told == pytest.approx(wanted)
                assert sum(wanted) == pytest.approx(0, abs=1e-9), "no side gains alone"

    def test_a_meeting_that_cannot_be_solved_says_why_in_its_row(self) -> None:
        snapshot = policy_picture()
        gone = {"ZQQ26.CBT", "ZQU26.CBT", "ZQX26.CBT"}
        damaged = reckoned(
            replace(
                snapshot,
                quotes={s: quote for s, quote in snapshot.quotes.items() if s not in gone},
                bars={key: bars for key, bars in snapshot.bars.items() if key.symbol not in gone},
            )
        )
        rows = path_rows(path_view(damaged))
        assert rows[0].notes == ("the contract of September 2026 has no price", MISSING)
        assert rows[0].cells[2].text == MISSING
        assert set(study_of(damaged).missing) == gone

    def test_what_keeps_the_path_away_is_a_row(self) -> None:
        symbol = Key(Kind.TRACE, "ZQQ26.CBT")
        text = "yahoo said too many requests"
        found = Trouble(ErrorKind.LIMITED, text, "yahoo", TUESDAY)
        damaged = replace(policy_picture(*WITHOUT_CONTRACTS), troubles={symbol: found})
        for snapshot in (
            reckoned(damaged),
            replace(empty(), now=TUESDAY, troubles={symbol: found}),
        ):
            for width in (62, 87, 118, 300):
                besides = further((), width)
                columns = columns_for((), besides)
                row, *others = path_rows(path_view(snapshot), besides)
                assert {len(each.cells) for each in (row, *others)} == {len(columns)}
                words = painted(row, columns, width).split()
                assert words == ["16", "Sep", "43", "d", "yahoo", "limited"]
            assert row.notes == ("yahoo limited", MISSING)
            assert [cell.text for cell in row.cells[:3]] == ["16 Sep", "43 d", MISSING]
            assert [each.cells[0].text for each in others[:2]] == ["28 Oct", "9 Dec"]
            assert told(chart_lines(chart_view(snapshot), 60, 9)) == f"{MISSING}  {text}"
        assert path_rows(path_view(empty())) == ()

    def test_a_meeting_in_the_past_is_never_told_as_coming(self) -> None:
        snapshot = policy_picture()
        prepare()
        for day, first, ahead in ((16, "16 Sep", "today"), (17, "28 Oct", "41 d")):
            later = snapshot.at(datetime(2026, 9, day, 12, tzinfo=UTC))
            for shown in (later, reckoned(later)):
                rows = path_rows(path_view(shown))
                assert (rows[0].cells[0].text, rows[0].cells[1].text) == (first, ahead)
                ticks = text_of(chart_lines(chart_view(shown), 80, 14)[-1])
                assert ("Sep" in ticks.partition("2027")[0]) == (day == 16)
            name = text_of(paint(view(reckoned(later)), 61, 1)[0]).partition(" ")[0]
            assert name == first[-3:]
        over = paint(view(snapshot.at(datetime(2026, 9, 17, 12, tzinfo=UTC))), 61, 2)
        assert "no price is younger than the last meeting" in told(over)


class TestChart:
    def test_steps_lead_from_rate_to_rate(self) -> None:
        path = study_of(policy_picture()).path
        assert path is not None
        first, last = path.day.toordinal(), date(2028, 1, 1).toordinal()
        curve = steps(path, first, last, "line")
        meetings = path.meetings
        assert curve.ys[0] == meetings[0].start
        assert curve.ys[1:3] == (meetings[0].start, meetings[0].end)
        assert curve.xs[1] == curve.xs[2] == meetings[0].day.toordinal()
        assert (curve.xs[-1], curve.ys[-1]) == (last, meetings[-1].end)

    def test_draws_both_paths_and_names_the_day_of_the_earlier(self) -> None:
        prepare()
        lines = chart_lines(chart_view(policy_picture()), 60, 14)
        assert text_of(lines[0]).startswith("── now")
        assert "─○ 28 Jul" in text_of(lines[0]), "told apart without colour"
        roles = {role for line in lines[1:] for text, role in line if text.strip()}
        assert {"line", "compare", "previous", "axis"} <= roles
        assert len(lines) == 14

    def test_says_why_there_is_nothing_to_draw(self) -> None:
        lines = chart_lines(chart_view(empty()), 60, 9)
        assert told(lines) == f"{MISSING}  waiting for data"


class TestRates:
    def test_every_rate_and_spread_has_a_row_with_its_day_and_source(self) -> None:
        rows = {row.name: row for row in rate_rows(policy_picture())}
        assert rows["Target"].text == "3.50–3.75"
        assert rows["EFFR"].text == "3.63"
        assert rows["EFFR"].of == "3 Aug"
        assert rows["2y"].next == "1 h"
        assert rows["Target"].of == "4 Aug", "told on its own morning"
        assert rows["2y − EFFR"].text.endswith(" bp")
        assert {"SOFR", "3m", "10y", "30y", "HY OAS", "10y − 2y", "10y − 3m"} <= set(rows)
        assert {row.source for row in rows.values()} == {"demo"}
        assert all(len(row.trend) > 20 for row in rows.values())
        for row in rows.values():
            assert len(rate_row(row).cells) == len(RATE_COLUMNS)

    def test_a_spread_has_the_newest_day_that_both_rates_have(self) -> None:
        snapshot = policy_picture()
        key = Key(Kind.PUBLISHED, "EFFR")
        series = snapshot.document(key, Published)
        assert series is not None
        behind = replace(series, days=series.days[:-1], values=series.values[:-1])
        late = reckoned(replace(snapshot, documents={**snapshot.documents, key: behind}))
        rows = {row.name: row for row in rate_rows(late)}
        assert (rows["2y"].of, rows["EFFR"].of, rows["2y − EFFR"].of) == (
            "3 Aug",
            "31 Jul",
            "31 Jul",
        )
        assert rows["10y − 2y"].of == "3 Aug"
        assert told(paint(view(late), 80, 2)).rstrip().endswith("bp  31 Jul")

    def test_without_data_every_row_says_why(self) -> None:
        rows = [rate_row(row) for row in rate_rows(empty())]
        assert all(row.notes for row in rows)

    def test_a_feed_in_trouble_is_named_in_short_in_every_row(self) -> None:
        text = "FRED says there were too many requests"
        found = Trouble(ErrorKind.LIMITED, text, "fred", TUESDAY)
        series = [instrument.symbol for instrument in empty().cast.of(Role.PUBLISHED)]
        failing = replace(empty(), troubles={Key(Kind.PUBLISHED, s): found for s in series})
        rates = [rate_row(row) for row in rate_rows(failing)]
        figures = [figure_row(row) for row in macro_rows(failing)]
        assert {row.notes for row in (*rates, *figures)} == {("fred limited", MISSING)}
        for row, columns, ahead in (
            (figures[0], FIGURE_COLUMNS, "~10 d  ~10–15 Jul 08:30"),
            (rates[1], RATE_COLUMNS, "18 h"),
        ):
            line = painted(row, columns)
            assert "fred limited" in line
            assert line.endswith(ahead), "when the next one comes is known without the feed"

    def test_two_feeds_that_fail_in_the_same_words_are_told_apart(self) -> None:
        said = {
            Key(Kind.PUBLISHED, symbol): Trouble(ErrorKind.REFUSED, "it refuses", feed, TUESDAY)
            for symbol, feed in (("EFFR", "nyfed"), ("IORB", "fred"))
        }
        rows = {row.key: row for row in rate_rows(replace(empty(), troubles=said))}
        assert rows["EFFR"].reason == ("nyfed refused", MISSING)
        assert rows["IORB"].reason == ("fred refused", MISSING)

    def test_a_series_that_has_come_is_not_waited_for_while_its_figures_are_worked_out(
        self,
    ) -> None:
        known = policy_picture()
        fresh = replace(empty(), now=known.now, documents=known.documents)
        late = replace(fresh, readings={"macro.cpi.yoy": Reading(None, reason=NOT_PUBLISHED)})
        for snapshot in (fresh, late):
            assert {row.reason for row in rate_rows(snapshot)} == {(WORKING_OUT, MISSING)}
            assert {row.reason for row in macro_rows(snapshot)} == {(WORKING_OUT, MISSING)}


class TestMacro:
    def test_figures_with_their_month_and_the_next_release(self) -> None:
        rows = {row.name: row for row in macro_rows(policy_picture())}
        assert rows["CPI yoy"].text.endswith(" %")
        assert rows["CPI yoy"].of == "Jun"
        assert (rows["CPI yoy"].ahead, rows["CPI yoy"].when) == ("8 d", "Wed 12 Aug 08:30")
        assert (rows["Payrolls"].ahead, rows["Payrolls"].when) == ("3 d", "Fri 7 Aug 08:30")
        assert (rows["Claims"].ahead, rows["Claims"].when) == ("2 d", "Thu 6 Aug 08:30")
        assert rows["Payrolls"].text.endswith("k")
        assert rows["Payrolls"].first_text.endswith("k")
        assert rows["  month ago"].of == rows["  revised by"].of == "May"
        assert rows["Sahm gap"].text.endswith(" pp")
        for row in rows.values():
            assert len(figure_row(row).cells) == len(FIGURE_COLUMNS)

    def test_the_trend_is_of_the_rows_own_figure(self) -> None:
        rows = {row.name: row for row in macro_rows(policy_picture())}
        assert rows["CPI yoy"].trend[-1] == rows["CPI yoy"].value.number
        assert rows["Sahm gap"].trend[-1] == rows["Sahm gap"].value.number
        assert rows["  month ago"].trend[1:] == rows["Payrolls"].trend[:-1]
        assert rows["  revised by"].trend == (), "first prints of the past are not known"

    def test_without_a_calendar_the_days_of_the_rule_are_told_and_marked(self) -> None:
        rows = {row.name: row for row in macro_rows(policy_picture(Kind.RELEASES))}
        assert (rows["CPI yoy"].ahead, rows["CPI yoy"].when) == ("~8 d", "~10–14 Aug 08:30")
        assert rows["Claims"].when == "Thu 6 Aug 08:30", "always on that day"

    def test_a_month_of_more_than_a_year_ago_has_its_year(self) -> None:
        later = policy_picture().at(TUESDAY + timedelta(days=400))
        assert {row.of for row in macro_rows(later) if row.name == "CPI yoy"} == {"Jun 2026"}

    def test_a_release_that_did_not_come_is_due_and_then_late(self) -> None:
        thursday = datetime(2026, 8, 6, 12, 31, tzinfo=UTC)
        found = {}
        for at in (thursday - timedelta(minutes=5), thursday, thursday + timedelta(hours=3)):
            rows = {row.name: row for row in macro_rows(policy_picture().at(at))}
            found[at] = rows["Claims"].ahead
        assert [*found.values()] == ["4 m", "due", "late"]
        late = figure_row(rows["Claims"])
        assert late.cells[4].role == "failing"

    def test_what_was_never_collected_says_so_in_place_of_a_number(self) -> None:
        november = policy_picture(now=datetime(2026, 11, 20, 15, tzinfo=UTC))
        row = next(row for row in macro_rows(november) if row.name == "CPI yoy")
        assert not row.value.known
        shown = figure_row(row)
        assert row.value.reason == "no base: October 2025 was never collected"
        assert [cell.text for cell in shown.cells[1:6]] == [
            "no base", "", "Oct", "~22 d", "~10–15 Dec 08:30"
        ]  # fmt: skip
        assert shown.notes == (), "its month and its next release are known"
