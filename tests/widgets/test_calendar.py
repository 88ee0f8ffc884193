"""The agenda's panels: rows by day, the releases of a day, reports by sector."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace
from rich.style import Style

from market.agenda_study import MarketDay, Occasion
from market.health import Look, Trouble
from market.metrics.calendar_study import agenda as agenda_study
from market.quotes import Key, Kind
from market.reports import ErrorKind
from market.sessions import session_of
from market.snapshot import empty_snapshot
from market.studies import Studies
from tests.clocks import THURSDAY_AFTERNOON as NOW
from tests.widgets.agendas import BILLS, CLAIMS, CPI, TODAY, agenda, report, with_agenda
from tests.widgets.censuses import census, with_census
from widgets.board_layout import seats
from widgets.board_listing import Listing
from widgets.board_model import Row
from widgets.board_paint import Look as BoardLook
from widgets.board_paint import row_strip
from widgets.board_rows import GivenRows
from widgets.calendar import beat_in_words
from widgets.calendar_day import paint as paint_day
from widgets.calendar_day import view_of as day_view
from widgets.calendar_mark import CALENDARS, calendar_freshness, calendar_mark, signs_of
from widgets.calendar_rows import COLUMNS, agenda_rows, day_in_words, day_of_key
from widgets.calendar_week import paint as paint_week
from widgets.calendar_week import view_of as week_view
from widgets.lines import text_of, width_of
from widgets.palette import palette_from
from widgets.today_line import line_of as today_line
from widgets.watchlist_table import board_row, columns_for
from widgets.watchlist_view import list_view, watch_row

EMPTY = empty_snapshot(NOW)
MONDAY = TODAY + timedelta(days=4)
REPORTS = (
    report("AAAA"),
    report("BBBB", estimate=None, estimates=None, actual=0.1),
    report("CCCC", sector="Financials", actual=0.5),
    report("DDDD", MONDAY, earlier_days=(TODAY,)),
)
KNOWN = with_agenda(EMPTY, agenda(REPORTS, (CPI, CLAIMS, BILLS)))


def words(row: Row) -> list[str]:
    return [cell.text for cell in row.cells]


def rows_of(*, is_headed: bool = True) -> dict[str, Row]:
    return {row.key: row for row in agenda_rows(KNOWN, is_headed=is_headed)}


def test_every_day_has_a_heading_and_below_it_what_comes() -> None:
    rows = agenda_rows(KNOWN, is_headed=True)
    first = [row.key for row in rows[:6]]
    assert first == [
        " 2026-07-02",
        " 2026-07-02 release 0 CPI m/m",
        " 2026-07-02 release 1 Unemployment Claims",
        "AAAA 2026-07-02",
        "BBBB 2026-07-02",
        "CCCC 2026-07-02",
    ], "releases of little weight stand with the day only"
    assert rows[0].notes[0] == "3 reports, 0.6 % of the index · 2 releases"
    assert {len(row.cells) for row in rows if not row.notes} == {len(COLUMNS)}
    holiday = rows_of()[" 2026-07-03"]
    assert holiday.notes[0] == "closed, Independence Day"


def test_a_row_says_when_what_is_expected_and_what_came() -> None:
    rows = rows_of()
    assert words(rows["AAAA 2026-07-02"]) == [
        "before open", "AAAA", "AAAA Labs", "Health Care", "0.42", "5", "", "0.20%", "",
    ]  # fmt: skip
    assert words(rows["BBBB 2026-07-02"])[4:7] == ["—", "", "0.10"]
    actual = rows["CCCC 2026-07-02"].cells[6]
    assert (actual.text, actual.role) == ("0.50", "up")
    cpi = rows[" 2026-07-02 release 0 CPI m/m"]
    assert words(cpi)[:7] == ["08:30", "", "CPI m/m", "high impact", "0.2%", "", "0.3%"]
    moved = rows["DDDD 2026-07-06"]
    assert (moved.cells[2].text, moved.cells[2].sort) == ("was 2 Jul, DDDD Labs", "dddd labs")
    assert "moved" in moved.search


def test_without_headings_each_row_says_its_day() -> None:
    rows = rows_of(is_headed=False)
    assert not [row for row in rows.values() if row.notes]
    assert words(rows["AAAA 2026-07-02"])[0] == "2 Jul pre"
    assert words(rows[" 2026-07-02 release 0 CPI m/m"])[0] == "2 Jul 08:30"
    assert words(rows[" 2026-07-03 closed"])[0] == "3 Jul", "all day is said by the day alone"
    times = [row.cells[0].sort for row in rows.values()]
    assert all(isinstance(each, float) for each in times)


def test_what_has_an_hour_stands_in_its_order_and_what_has_none_in_the_heading() -> None:
    noon = replace(CPI, title="Auction", at=CPI.at and CPI.at + timedelta(hours=4))
    late = MarketDay(TODAY, Occasion.EARLY_CLOSE, "half day, closes 13:00", session_of(TODAY).close)
    bonds = MarketDay(TODAY, Occasion.BONDS_CLOSED, "bond market closed")
    found = agenda(REPORTS, (CPI, noon))
    first = replace(found.days[0], occasions=(bonds, late))
    known = with_agenda(EMPTY, replace(found, days=(first, *found.days[1:])))
    heading, *rows = agenda_rows(known, is_headed=True)[:7]
    assert heading.notes[0] == "3 reports, 0.6 % of the index · 2 releases · bond market closed"
    assert [row.cells[2].text for row in rows[:3]] == ["CPI m/m", "Auction", late.words]
    every = [row.cells[2].text for row in agenda_rows(known, is_headed=False)[:4]]
    assert every == [bonds.words, "CPI m/m", "Auction", late.words]
    shown = [text_of(line) for line in paint_day(day_view(known, TODAY), 46, 20)]
    names = ["bond market closed", "CPI m/m", "Auction", late.words]
    assert [line[6 : 6 + len(name)] for line, name in zip(shown[1:], names, strict=False)] == names


@pytest.mark.parametrize("width", [39, 60, 78, 118, 160])
def test_events_take_the_cells_that_they_leave_empty(width: int) -> None:
    words = "Russell reconstitution"
    when = MarketDay(TODAY, Occasion.RECONSTITUTION, words, session_of(TODAY).close)
    jobs = replace(CPI, title="JOLTS Job Openings", actual="")
    found = agenda(REPORTS, (jobs,))
    first = replace(found.days[0], occasions=(when,))
    rows = agenda_rows(
        with_agenda(EMPTY, replace(found, days=(first, *found.days[1:]))), is_headed=True
    )
    listing = Listing(COLUMNS)
    listing.replace(rows, COLUMNS)
    placed = seats(COLUMNS, listing.needs, listing.sparks, width)
    look = BoardLook(COLUMNS, placed, width, palette_from({}), Style())
    lines = [row_strip(row, look).text for row in rows[:4]]
    assert all(len(line) == width for line in lines)
    assert words in lines[2]
    assert lines[1].split()[1:5] == ["JOLTS", "Job", "Openings", "0.2%" if width < 118 else "high"]
    assert lines[1].index("JOLTS") == lines[2].index("Russ") == lines[3].index("AAAA")


@pytest.mark.parametrize("figures", [5, 6])
def test_at_60_columns_names_are_short_rather_than_baskets_gone(figures: int) -> None:
    needs = [max(column.width, figures if column.justify == "right" else 0) for column in COLUMNS]
    needs[7] = 5
    cells = {COLUMNS[seat.column].id: seat.width for seat in seats(COLUMNS, needs, (), 60)}
    assert cells["basket"] == 6
    assert cells["what"] >= 11
    assert "estimates" not in cells


def test_members_of_the_baskets_are_picked_out() -> None:
    given = census(60)
    (basket,) = (group for group in given.groups if group.slug == "basket.automation")
    ai, bio = replace(basket, slug="basket.ai"), replace(basket, slug="basket.biotech")
    counted = replace(given, groups=(ai, replace(bio, rows=basket.rows[:1])))
    both, one = (given.members.symbols[row] for row in basket.rows[:2])
    assert signs_of(None) == signs_of(given) == {}
    assert {signs_of(counted)[both], signs_of(counted)[one]} == {"AI bio", "AI"}
    reports = agenda((report(both), report(one), report("NONE")))
    rows = agenda_rows(with_census(with_agenda(EMPTY, reports), counted), is_headed=False)
    companies = GivenRows(row for row in rows if not row.key.startswith(" "))
    assert [row.cells[8].text for row in companies] == ["AI bio", "AI", ""]
    of_baskets = companies.sort_values(8, COLUMNS[8])
    assert of_baskets[-1] is None, "who is in none comes last, whichever way they are sorted"


def test_text_from_outside_is_shown_and_never_obeyed() -> None:
    odd = replace(CPI, title="[bold]C\x1bPI", consensus="-0.2%" + "9" * 40)
    known = with_agenda(EMPTY, agenda((), (odd,)))
    row = agenda_rows(known, is_headed=True)[1]
    assert row.cells[2].text == "[bold]CPI"
    assert row.cells[4].text.startswith("−0.2%")
    assert len(row.cells[4].text) <= 12


def test_keys_name_their_day_and_unknown_days_say_so() -> None:
    assert day_of_key("AAAA 2026-07-02") == TODAY
    assert day_of_key(" 2026-07-02 release 0 CPI") == TODAY
    assert day_of_key(None) is None
    assert agenda_rows(EMPTY, is_headed=True) == []
    day = replace(agenda().days[0], is_told=False)
    assert day_in_words(day, "not known yet") == ("not known yet",)


def test_without_the_holdings_it_is_said_that_the_members_are_not_known() -> None:
    days = tuple(replace(day, is_told=False) for day in agenda().days)
    known = with_agenda(EMPTY, replace(agenda(), days=days))
    refused = Trouble(ErrorKind.LIMITED, "iShares said no", "ishares", NOW)
    failing = replace(known, troubles={Key(Kind.HOLDINGS, "IWM"): refused})
    notes = agenda_rows(failing, is_headed=True)[0].notes
    assert (notes[0], notes[-1]) == ("members not known: iShares said no", "members not known")
    assert week_view(failing).reason == "members not known: iShares said no"
    assert week_view(known).reason == "members not known: waiting for the holdings"


def test_the_beat_rate_says_of_how_many() -> None:
    assert beat_in_words(KNOWN) == "65 % of 20 beat in 30 d"
    part = with_agenda(EMPTY, replace(agenda(), beat_days=20))
    assert beat_in_words(part) == "65 % of 20 beat in 20 of 21 sessions"
    few = replace(part, readings={}, studies=Studies(agenda=replace(agenda(), beat_days=4)))
    assert beat_in_words(few) == "beat rate: 4 of 21 sessions known"
    assert beat_in_words(replace(few, studies=Studies(agenda=agenda()))) == ""
    assert beat_in_words(EMPTY) == ""


def test_the_mark_is_as_old_as_the_oldest_day_and_tells_trouble() -> None:
    assert calendar_freshness(KNOWN, Kind.EARNINGS).look is Look.LIVE
    old = with_agenda(EMPTY, replace(agenda(), as_of=NOW - timedelta(days=3)))
    assert calendar_freshness(old, Kind.EARNINGS).look is Look.LATE
    assert calendar_freshness(old, Kind.RELEASES).look is Look.LIVE
    trouble = Trouble(ErrorKind.LIMITED, "asked too often", "forexfactory", NOW)
    failing = replace(KNOWN, troubles={Key(Kind.RELEASES, "US", "thisweek"): trouble})
    assert calendar_freshness(failing, Kind.EARNINGS).look is Look.LIVE
    assert "limited" in calendar_mark(failing).text
    assert calendar_mark(EMPTY).look is Look.ABSENT
    assert calendar_mark(KNOWN).text.startswith("nasdaq ")
    assert calendar_mark(KNOWN, Kind.RELEASES).text.startswith("forexfactory ")
    scheduled = with_agenda(EMPTY, replace(agenda(), as_of=None))
    assert calendar_freshness(scheduled, Kind.EARNINGS).look is Look.ABSENT
    assert calendar_mark(scheduled).text.startswith("forexfactory "), "the days are not known yet"


# The releases of a day


@pytest.mark.parametrize("width", [18, 27, 34, 41, 78])
def test_releases_have_as_many_figures_as_fit_and_none_is_cut(width: int) -> None:
    view = day_view(KNOWN, TODAY)
    lines = paint_day(view, width, 4)
    assert len(lines) == 4
    assert all(width_of(line) <= width for line in lines)
    text = text_of(lines[1])
    assert text.startswith("08:30 CPI m/m")
    assert ("0.3%" in text, "0.2%" in text, "−0.1%" in text) == (
        width >= 27,
        width >= 34,
        width >= 41,
    )
    long = replace(CPI, consensus="1234567.8B")
    given = day_view(with_agenda(EMPTY, agenda((), (long,))), TODAY)
    lines = [text_of(line) for line in paint_day(given, 78, 4)]
    assert lines[1].split()[-2] == "1234567.8B", "a figure takes the cells it needs"
    assert len({len(line) for line in lines[:2]}) == 1


def test_a_column_without_any_figure_takes_no_name_s_room() -> None:
    bare = replace(CPI, title="Average Hourly Earnings m/m", consensus="", previous="")
    for actual, shown in (("", bare.title), ("0.3%", "Average Hourly Earnings…")):
        given = agenda((), (replace(bare, actual=actual),))
        lines = paint_day(day_view(with_agenda(EMPTY, given), TODAY), 36, 4)
        assert shown in text_of(lines[1])
    beside = agenda((), (CPI, replace(bare, actual="")))
    lines = paint_day(day_view(with_agenda(EMPTY, beside), TODAY), 41, 4)
    assert "Average Hourly Earnings m/m" in text_of(lines[2]), "others have figures, it has none"
    assert all(width_of(line) == 41 for line in lines[1:3])


@pytest.mark.parametrize(
    ("width", "heads"), [(44, "Act Exp"), (49, "Act Exp Prev"), (56, "Actual")]
)
def test_a_long_name_is_whole_before_the_figure_of_last_time_stands(width: int, heads: str) -> None:
    wages = replace(CPI, title="Average Hourly Earnings m/m")
    lines = paint_day(day_view(with_agenda(EMPTY, agenda((), (wages,))), TODAY), width, 4)
    assert heads in " ".join(text_of(lines[0]).split())
    assert wages.title in text_of(lines[1])
    assert ("−0.1%" in text_of(lines[1])) == (width > 44)


def test_behind_the_releases_of_a_day_come_those_of_weight_of_the_next_days() -> None:
    sales = replace(CPI, title="Retail Sales", day=MONDAY, actual="")
    bills = replace(BILLS, day=MONDAY)
    known = with_agenda(EMPTY, agenda((), (CPI, BILLS, sales, bills)))
    shown = [text_of(line).rstrip() for line in paint_day(day_view(known, TODAY), 46, 20)]
    assert [line[:16].rstrip() for line in shown[1:]] == [
        "08:30 CPI m/m", "08:30 4-Week Bil", "Fri 3 Jul", "      closed, In",
        "Mon 6 Jul", "08:30 Retail Sal",
    ]  # fmt: skip
    assert len(paint_day(day_view(known, TODAY), 46, 6)) == 5, "no day is only named"


def test_with_little_room_the_releases_of_most_weight_stay() -> None:
    view = day_view(KNOWN, TODAY)
    shown = [text_of(line) for line in paint_day(view, 46, 3)]
    assert len(shown) == 3
    assert not [line for line in shown if "Bill" in line]


def test_a_day_without_releases_says_so() -> None:
    closed = [text_of(line) for line in paint_day(day_view(KNOWN, date(2026, 7, 3)), 46, 9)]
    assert closed == ["      closed, Independence Day", "—  no release is known of that day"]
    waiting = paint_day(day_view(EMPTY, TODAY), 46, 9)
    assert "waiting for the calendar" in text_of(waiting[0])


def test_without_calendars_the_days_that_need_none_are_shown_with_the_reason() -> None:
    bare = replace(EMPTY, now=datetime(2026, 9, 12, 16, tzinfo=UTC))
    trouble = Trouble(ErrorKind.LIMITED, "asked too often", "forexfactory", NOW)
    refused = {Key(kind, "US", "2026-09-14"): trouble for kind in CALENDARS}
    known = replace(bare, studies=Studies(agenda=agenda_study(bare)), troubles=refused)
    told = agenda_rows(known, is_headed=True)
    rows = [f"{row.cells[0].text} {row.cells[2].text}" for row in told]
    assert "14:00 FOMC decision" in rows
    assert "16:00 options expire, and futures" in rows
    shown = [text_of(line).rstrip() for line in paint_day(day_view(known), 46, 9)]
    assert day_view(known).chosen.day == date(2026, 9, 14), "Saturday has no place in the calendar"
    assert shown[:2] == ["—  asked too often", "Wed 16 Sep"]
    assert "FOMC decision" in shown[2]
    assert "limited" in calendar_mark(known).text


# Reports by sector


def test_sectors_are_counted_by_day_with_all_members_below() -> None:
    view = week_view(KNOWN)
    assert view.days[:3] == (TODAY, MONDAY, MONDAY + timedelta(days=1))
    lines = [text_of(line) for line in paint_week(view, 60, 9)]
    assert lines[0].split()[:4] == ["Th", "Mo", "Tu", "We"]
    assert lines[1].split() == ["2", "6", "7", "8", "9", "10", "13", "14", "15", "all"]
    assert lines[2].split()[:4] == ["Health", "Care", "2", "1"]
    assert lines[3].split()[:3] == ["Financials", "1", "·"]
    assert lines[4].split()[:3] == ["Members", "3", "1"]
    assert lines[5].split()[3:5] == ["0.6", "0.2"]


def test_days_without_room_are_one_sum_and_all_means_all() -> None:
    heavy = replace(report("EEEE", TODAY + timedelta(days=11)), weight=0.25)
    found = agenda((*REPORTS, heavy))
    view = week_view(with_agenda(EMPTY, found))
    lines = [text_of(line).split() for line in paint_week(view, 32, 9)]
    assert lines[0] == ["Th", "Mo"]
    assert lines[1] == ["2", "6", "later", "all"]
    assert lines[2] == ["Health", "Care", "2", "1", "1", "4"]
    assert lines[4] == ["Members", "3", "1", "1", "5"]
    assert lines[5][3:] == ["0.6", "0.2", "25", "26"], "without a decimal where it has no room"


@pytest.mark.parametrize("size", [(20, 3), (38, 6), (46, 14), (90, 30)])
def test_as_many_days_as_fit_and_no_line_too_wide(size: tuple[int, int]) -> None:
    lines = paint_week(week_view(KNOWN), *size)
    assert 0 < len(lines) <= size[1]
    assert all(width_of(line) <= size[0] for line in lines)


def test_sectors_without_a_line_are_one_sum() -> None:
    names = ("Energy", "Energy", "Energy", "Utilities", "Utilities", "Materials", "Health Care")
    reports = [report(f"A{n}", sector=name) for n, name in enumerate(names)]
    found = agenda((*reports, report("LATE", MONDAY, sector="Materials")))
    days = tuple(replace(day, is_told=day.day <= MONDAY) for day in found.days)
    view = week_view(with_agenda(EMPTY, replace(found, days=days)))
    every = [text_of(line).split() for line in paint_week(view, 60, 8)]
    assert len(every) == 8
    low = [text_of(line).split() for line in paint_week(view, 60, 6)]
    assert [line[:3] for line in low[2:5]] == [
        ["Energy", "3", "·"], ["3", "others", "4"], ["Members", "7", "1"],
    ]  # fmt: skip
    assert low[3][2:] == ["4", "1", *["—"] * 7, "5"]
    assert text_of(paint_week(view, 60, 4)[2]).startswith("Members")


def test_days_that_are_not_known_are_no_zeros() -> None:
    found = agenda(REPORTS)
    days = tuple(replace(day, is_told=day.day == TODAY) for day in found.days)
    part = with_agenda(EMPTY, replace(found, days=days))
    lines = [text_of(line) for line in paint_week(week_view(part), 60, 9)]
    totals = lines[4].split()
    assert totals[:2] == ["Members", "3"]
    assert set(totals[2:-1]) == {"—"}
    assert totals[-1] == "3"
    nothing = paint_week(week_view(EMPTY), 60, 9)
    assert "waiting" in text_of(nothing[0])


# One line about today, and a note in the watchlist


def test_one_line_tells_of_today_what_fits() -> None:
    known = with_agenda(EMPTY, agenda(REPORTS, (CPI, CLAIMS, BILLS)))
    line = text_of(today_line(known, 120))
    assert line == " today   CPI m/m 08:30 0.3%, 0.2% expected   3 members report (0.6 %)"
    early = replace(known, now=NOW.replace(hour=12, minute=18, second=0))
    coming = with_agenda(early, agenda((), (replace(CPI, actual=""),)))
    assert text_of(today_line(coming, 120)) == " today   CPI m/m 08:30, in 12 m, 0.2% expected"
    assert text_of(today_line(coming, 30)) == " today   CPI m/m 08:30"
    assert text_of(today_line(known, 36)) == " today   CPI m/m 08:30 0.3%"
    assert all(width_of(today_line(known, width)) <= width for width in range(1, 70))
    assert today_line(EMPTY, 120) == ()
    assert today_line(with_agenda(EMPTY, agenda()), 120) == ()
    saturday = replace(known, now=NOW + timedelta(days=2))
    assert text_of(today_line(saturday, 120)) == " Mon 6 Jul   1 member reports (0.2 %)"


def test_the_watchlist_says_that_a_report_is_near() -> None:
    known = with_agenda(EMPTY, agenda(REPORTS))
    symbols = ("AAAA", "DDDD", "IWM")
    rows = [watch_row(known, symbol, "1D") for symbol in symbols]
    assert [row.report_in for row in rows] == [0, 4, None]
    view = list_view(known, symbols)
    place = [column.id for column in columns_for(view)].index("earnings")
    cells = [board_row(row, view).cells[place] for row in rows]
    assert [cell.text for cell in cells] == ["earnings today", "earnings in 4 d", ""]
    others = list_view(EMPTY, ("AAAA", "IWM"))
    assert "earnings" not in [column.id for column in columns_for(others)]
    assert len(board_row(rows[0], others).cells) == len(columns_for(others))
