"""Changes of members: the list, the words while they are news, the signs on charts."""

from __future__ import annotations

from array import array
from datetime import UTC, date, datetime

import pytest
from msgspec.structs import replace

from market.census import Change
from market.holdings import Holdings, doubles
from market.instruments import INDEX, TRACKER
from market.quotes import Bars, Key, Kind
from market.sessions import session_of, sessions_between
from market.snapshot import Mode, Snapshot
from tests.clocks import THURSDAY_AFTERNOON as NOW
from tests.widgets.censuses import census, with_census
from tests.widgets.pictures import empty, picture, trouble
from widgets.breadth_chart import chart_lines
from widgets.breadth_chart import chart_view as breadth_view
from widgets.census_mark import changes_in_words, holdings_mark
from widgets.changes import change_rows, kept_in_words, next_in_words
from widgets.chart_paint import chart_lines as price_lines
from widgets.chart_view import chart_view
from widgets.lines import text_of
from widgets.plotting import prepare
from widgets.reconstituted import LEGEND, SIGN, is_reconstituted, marked_days

MONDAY, TUESDAY, WEDNESDAY = date(2026, 6, 29), date(2026, 6, 30), date(2026, 7, 1)
CHANGES = (
    Change("GONE", "Gone Inc", is_addition=False, day=WEDNESDAY),
    Change("OLD", "Same Inc", is_addition=False, day=WEDNESDAY, renamed_to="NEW"),
    Change("COME", "Come Inc", is_addition=True, day=WEDNESDAY),
    Change("EARLY", "Early \x1bInc", is_addition=True, day=TUESDAY),
)


def file_of(day: date, **sectors: str) -> Holdings:
    """Return a holdings file of these symbols."""
    ones = doubles([1.0] * len(sectors))
    return Holdings(
        fund=TRACKER, day=day, source="ishares", fetched_at=NOW, symbols=tuple(sectors),
        names=tuple(sectors), sectors=tuple(sectors.values()), market_value=ones, quantity=ones,
        price=ones,
    )  # fmt: skip


def changed(now: datetime = NOW, changes: tuple[Change, ...] = CHANGES) -> Snapshot:
    """Return a picture of an index whose members changed, with the files that tell it."""
    seen = with_census(picture(), replace(census(), changes=changes))
    files = (file_of(TUESDAY, GONE="Energy", EARLY="Energy"), file_of(MONDAY, GONE="Utilities"))
    newest = file_of(WEDNESDAY, COME="Health Care", NEW="Materials", EARLY="Energy")
    return replace(seen, holdings={TRACKER: newest}, earlier_holdings=files).at(now)


def test_each_change_is_a_row_newest_first_with_the_sector_it_had() -> None:
    rows = [[cell.text for cell in row.cells[:5]] for row in change_rows(changed())]
    assert rows[:5] == [
        ["1 Jul", "left", "GONE", "Gone Inc", "Energy"],
        ["1 Jul", "renamed", "NEW", "Same Inc, was OLD", "Materials"],
        ["1 Jul", "came", "COME", "Come Inc", "Health Care"],
        ["30 Jun", "came", "EARLY", "Early Inc", "Energy"],
        ["26 Jun", "reconstituted", "", "new members from 29 Jun", ""],
    ]
    keys = [row.key for row in change_rows(changed())]
    assert len(set(keys)) == len(keys)
    assert [key.partition(" ")[0] for key in keys[:5]] == ["GONE", "NEW", "COME", "EARLY", ""]


def test_before_there_are_members_the_calendar_is_known() -> None:
    rows = [[cell.text for cell in row.cells[:2]] for row in change_rows(empty())]
    assert rows == [["26 Jun", "reconstituted"], ["27 Jun 2025", "reconstituted"]]
    assert next_in_words(empty()) == "next reconstitution 13 Nov"


def test_the_title_says_of_how_many_files_changes_are_read() -> None:
    seen = changed()
    assert kept_in_words(seen) == "3 holdings files since 29 Jun"
    assert "from the second on" in kept_in_words(replace(seen, earlier_holdings=()))
    assert kept_in_words(empty()) == "waiting for the members"


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (2, "1 came, 1 left, 1 renamed on 1 Jul"),
        (9, "1 came, 1 left, 1 renamed on 1 Jul"),
        (10, ""),
    ],
)
def test_changes_are_news_for_five_sessions(day: int, words: str) -> None:
    assert changes_in_words(changed(datetime(2026, 7, day, 18, tzinfo=UTC))) == words


def test_without_changes_there_is_no_news() -> None:
    assert changes_in_words(changed(changes=())) == changes_in_words(empty()) == ""


def test_the_mark_of_holdings_is_their_day() -> None:
    seen = changed()
    assert holdings_mark(seen).text == "ishares 1 Jul"
    assert holdings_mark(replace(seen, mode=Mode.DEMO)).text == "DEMO 1 Jul"
    assert holdings_mark(seen.at(datetime(2026, 7, 9, 18, tzinfo=UTC))).text == "ishares late 1 Jul"
    failed = trouble(seen, Kind.HOLDINGS, TRACKER, "www.ishares.com did not answer")
    assert holdings_mark(failed).text == "ishares 1 Jul, no answer"
    assert holdings_mark(empty()).text == "waiting"


# Signs on charts


def sessions(first: date, last: date) -> tuple[int, ...]:
    return tuple(int(session_of(day).open.timestamp()) for day in sessions_between(first, last))


def test_the_last_session_of_old_members_is_marked_and_the_first_of_new_ones() -> None:
    times = sessions(date(2026, 6, 22), date(2026, 7, 2))
    assert marked_days(times) == (4,)
    assert marked_days(times, effective=True) == (5,)
    assert marked_days(times[:3]) == marked_days(times[:1]) == marked_days(()) == ()
    weeks = sessions(date(2026, 6, 8), date(2026, 7, 31))[::5]
    (week,) = marked_days(weeks)
    assert weeks[week] <= times[4] < weeks[week + 1], "the bar that holds the day"


def test_only_what_is_made_of_members_is_marked() -> None:
    assert all(map(is_reconstituted, (INDEX, TRACKER, "@biotechnology")))
    assert not is_reconstituted("XBI")


def bars_of(symbol: str) -> Snapshot:
    times = sessions(date(2026, 1, 2), date(2026, 7, 1))
    closes = array("d", (100.0 + n for n in range(len(times))))
    bars = Bars(
        key=Key(Kind.DAILY, symbol), interval_s=86_400, source="x", as_of=NOW,
        times=array("q", times), close=closes, open=closes, high=closes, low=closes,
        volume=array("d", [1e6] * len(times)),
    )  # fmt: skip
    return replace(empty(), bars={bars.key: bars})


@pytest.mark.parametrize("drawing", ["line", "candles"])
def test_charts_of_daily_bars_carry_the_sign_at_their_foot(drawing: str) -> None:
    prepare()
    lines = [
        text_of(line)
        for line in price_lines(chart_view(bars_of(INDEX), INDEX, "6M", drawing), 80, 20)
    ]
    assert sum(line.count(SIGN) for line in lines) == 1
    other = price_lines(chart_view(bars_of("XBI"), "XBI", "6M", drawing), 80, 20)
    assert not any(SIGN in text_of(line) for line in other)


def test_breadth_over_time_carries_the_sign_and_says_what_it_means() -> None:
    prepare()
    view = breadth_view(changed(), "averages", "6M")
    lines = [text_of(line) for line in chart_lines(view, 90, 12)]
    assert LEGEND in lines[0]
    assert sum(line.count(SIGN) for line in lines[1:]) == 1
