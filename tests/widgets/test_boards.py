"""Rows of the panels around a board: leaders, watchlist, feeds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from msgspec.structs import replace
from rich.style import Style

from market.alerts.board import AlertBoard
from market.fold import fold
from market.health import FeedHealth, Look, Trouble
from market.loop_watch import Stall, Stalls
from market.metrics.compute import compute
from market.quotes import Details, Key, Kind
from market.reports import Asked, ErrorKind
from market.sessions import session_of
from market.snapshot import Snapshot
from tests.clocks import THURSDAY_AFTERNOON as NOW
from tests.widgets.pictures import (
    MONDAY_MORNING,
    SUNDAY,
    WATCHED,
    demo,
    empty,
    failing,
    late,
    picture,
    trouble,
)
from widgets.board_layout import seats
from widgets.board_listing import Listing
from widgets.board_model import Sort
from widgets.board_paint import Look as BoardLook
from widgets.board_paint import row_strip
from widgets.feeds_rows import board_of
from widgets.feeds_table import told_of
from widgets.leaders import CHOSEN, beside, leader_rows
from widgets.leaders import board_rows as leader_cells
from widgets.leaders import columns_for as leader_columns
from widgets.marking import marker
from widgets.palette import palette_from
from widgets.trend import trend_of
from widgets.values import WINDOWS, list_mark, mark_for
from widgets.watchlist_table import WatchRows
from widgets.watchlist_table import columns_for as watch_columns
from widgets.watchlist_view import WatchRow, list_view, price_names, watch_row


def watch_rows(snapshot: Snapshot, symbols: Sequence[str]) -> list[WatchRow]:
    """What the rows of a list say."""
    return [watch_row(snapshot, symbol, "1D") for symbol in symbols]


def watched(snapshot: Snapshot, symbols: Sequence[str]) -> Listing:
    """A list as its board shows it."""
    view = list_view(snapshot, symbols)
    listing = Listing(watch_columns(view))
    listing.replace(WatchRows(snapshot, symbols, "1D", view, marker((), snapshot)))
    listing.arrange(Sort(), "")
    return listing


@pytest.mark.parametrize("window", WINDOWS)
def test_leaders_are_ranked_over_the_chosen_window(window: str) -> None:
    rows = leader_rows(picture(), window)
    returns = [row.returns[0][1].number for row in rows]
    assert len(rows) == len(picture().cast.leaders)
    assert returns == sorted(returns, key=lambda r: -(r or 0.0))
    assert [row.rank for row in rows] == list(range(1, len(rows) + 1))
    assert all(row.returns[0][0] == window for row in rows)


@pytest.mark.parametrize("window", WINDOWS)
def test_leader_cells_stand_under_their_columns(window: str) -> None:
    columns = leader_columns(window)
    rows = leader_cells(leader_rows(picture(), window), window)
    assert len({c.id for c in columns}) == len(columns)
    for row in rows:
        assert len(row.cells) == len(columns)
    trend = next(n for n, c in enumerate(columns) if c.id == "trend")
    assert all(len(row.cells[trend].spark or ()) > 1 for row in rows)


@pytest.mark.parametrize("width", [38, 52, 61, 80, 100, 200])
def test_the_chosen_window_stands_in_one_place_whichever_it_is(width: int) -> None:
    places: set[tuple[int, int]] = set()
    for window in WINDOWS:
        listing = Listing(leader_columns(window))
        listing.replace(leader_cells(leader_rows(picture(), window), window))
        placed = seats(listing.columns, listing.needs, listing.sparks, width)
        (seat,) = [s for s in placed if listing.columns[s.column].id == CHOSEN]
        assert listing.columns[seat.column].title == window
        places.add((seat.start, seat.width))
    assert len(places) == 1


@pytest.mark.parametrize("width", [38, 45, 60, 64, 98])
def test_no_name_of_the_cast_is_cropped(width: int) -> None:
    columns = leader_columns("1D")
    rows = leader_cells(leader_rows(picture(), "1D"), "1D")
    listing = Listing(columns)
    listing.replace(rows)
    placed = seats(columns, listing.needs, listing.sparks, width)
    (name,) = [s for s in placed if columns[s.column].id == "name"]
    assert name.width >= max(len(row.cells[1].text) for row in rows)


def test_the_windows_beside_the_chosen_one_are_two() -> None:
    assert [beside(w) for w in ("1D", "1M", "YTD", "6M")] == [
        ("1M", "YTD"), ("1D", "YTD"), ("1D", "1M"), ("1D", "YTD")
    ]  # fmt: skip


def test_relative_is_against_the_index_over_the_same_window() -> None:
    row = leader_rows(picture(), "1M")[0]
    index = picture().reading("rut.return.1m").value
    assert isinstance(index, float)
    assert row.relative.number == pytest.approx((row.returns[0][1].number or 0) - index)


def test_a_fund_without_a_price_of_the_session_stands_below_those_with_one() -> None:
    first, *others = leader_rows(picture(), "1D")
    quote = picture().quotes[first.symbol]
    before = replace(quote, as_of=quote.as_of - timedelta(days=1))
    known = replace(picture(), quotes={**picture().quotes, first.symbol: before})
    known = replace(known, readings={**known.readings, **compute(known, {first.symbol})})
    rows = leader_rows(known, "1D")
    assert [row.symbol for row in rows] == [*(row.symbol for row in others), first.symbol]
    assert [row.rank for row in rows] == [*range(1, len(rows)), None]
    last = leader_cells(rows, "1D")[-1]
    assert rows[-1].returns[0][1].old
    assert (last.dim, last.pinned, last.cells[-1].text) == (True, True, "Wed")
    evening = known.at(session_of(NOW.date()).close + timedelta(hours=1))
    assert not any(row.session for row in leader_rows(evening, "1D"))


def test_a_sector_screen_shows_only_its_rows() -> None:
    rows = leader_rows(picture(), "1D", "Health Care")
    assert {row.symbol for row in rows} == {"PSCH", "XBI", "IHI", "XPH"}


def test_leaders_without_data_are_unranked_and_absent() -> None:
    rows = leader_cells(leader_rows(empty(), "1D"), "1D")
    assert all(row.cells[0].text == "" and row.cells[3].text == "—" for row in rows)
    assert all(row.cells[3].sort is None for row in rows)


def test_late_leaders_are_dimmed_as_a_whole() -> None:
    assert all(row.dim for row in leader_cells(leader_rows(late(), "1D"), "1D"))
    assert not any(row.dim for row in leader_cells(leader_rows(picture(), "1D"), "1D"))


def test_the_watchlist_keeps_its_order_and_its_unknown_symbols() -> None:
    rows = watch_rows(picture(), WATCHED)
    assert tuple(row.symbol for row in rows) == WATCHED
    unknown = rows[WATCHED.index("ZZZQ")]
    assert not unknown.last.known
    reason = "the demo knows no symbol ZZZQ"
    assert unknown.notes == (f"— unknown: {reason}", f"— {reason}", "— unknown")
    board = watched(picture(), WATCHED).order
    assert board[WATCHED.index("ZZZQ")].notes == unknown.notes
    assert not any(row.notes for row in board if row.key != "ZZZQ")


@pytest.mark.parametrize(
    ("width", "said"),
    [(98, "— unknown: the"), (50, "— unknown: the"), (43, "— the demo"), (34, "— unknown")],
)
def test_why_a_symbol_has_no_price_is_readable_at_every_width(width: int, said: str) -> None:
    listing = watched(picture(), WATCHED)
    placed = seats(listing.columns, listing.needs, listing.sparks, width)
    look = BoardLook(listing.columns, placed, width, palette_from({}), Style())
    text = row_strip(listing.order[WATCHED.index("ZZZQ")], look).text
    assert len(text) == width
    assert text.split()[0] == "ZZZQ"
    assert " ".join(text.split()[1:]).startswith(said)
    assert "…" not in text


def test_a_symbol_nobody_has_answered_for_waits_and_one_that_failed_says_how() -> None:
    (row,) = watch_rows(empty(), ("NEW",))
    assert row.notes[-1] == "— waiting"
    refused = trouble(empty(), Kind.TRACE, "NEW", "yahoo\x1b[2J cannot be reached")
    (row,) = watch_rows(refused, ("NEW",))
    assert row.notes[0] == "— no answer: yahoo[2J cannot be reached"
    assert row.notes[-1] == "— no answer"


def test_prices_outside_regular_hours_have_a_column_only_then() -> None:
    before, during = (watched(known, WATCHED) for known in (picture(MONDAY_MORNING), picture()))
    assert "extended" in [c.id for c in before.columns]
    assert "extended" not in [c.id for c in during.columns]
    for listing in (before, during):
        assert all(len(row.cells) == len(listing.columns) for row in listing.order)


def test_no_number_of_a_watchlist_is_wider_than_its_column_though_rows_are_made_when_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Rows out of sight are not made to find out how much room they need."""
    made: list[str] = []

    def counted(snapshot: Snapshot, symbol: str, window: str) -> WatchRow:
        made.append(symbol)
        return watch_row(snapshot, symbol, window)

    monkeypatch.setattr("widgets.watchlist_table.watch_row", counted)
    snapshot = picture(MONDAY_MORNING)
    far = replace(snapshot.reading("iwm.last"), value=1_234_567.89)
    known = replace(snapshot, readings={**snapshot.readings, "iwm.last": far})
    listing = watched(known, WATCHED)
    assert made == [WATCHED[0]], "the row under the cursor"
    assert listing.order[1] is listing.order[1]
    assert made == [*WATCHED[:2]]
    widths = [column.width for column in listing.columns]
    for row in listing.order:
        numbers = zip(listing.columns, widths, row.cells, strict=True)
        assert all(len(cell.text) <= width for c, width, cell in numbers if c.id != "name")
    assert listing.columns[1].width == len("1,234,567.89")
    assert listing.columns[-1].most == max(len(row.cells[-1].text) for row in listing.order)
    listing.arrange(Sort("last", reverse=True), "")
    assert listing.order[0].key == "IWM"


def outside(snapshot: Snapshot, symbol: str) -> dict[str, str]:
    """Return a symbol's cells by the titles they stand under."""
    listing = watched(snapshot, WATCHED)
    cells = zip(listing.columns, listing.order[WATCHED.index(symbol)].cells, strict=True)
    return {column.title: cell.text for column, cell in cells}


def test_price_and_return_outside_regular_hours_stand_under_their_tag() -> None:
    cells = outside(picture(MONDAY_MORNING), "IWM")
    assert (cells["Pre"], cells["Pre %"]) == ("298.02", "+0.07")


def test_a_print_that_nobody_renews_is_dimmed_and_the_border_tells_its_age() -> None:
    """The regular price beside it is the last session's, and not late."""
    now = picture(MONDAY_MORNING)
    hour_later = now.at(now.now + timedelta(hours=1))
    names = price_names(now, WATCHED)
    assert "xbi.extended.last" in names
    assert "zzzq.last" not in names
    for snapshot, is_late in ((now, False), (hour_later, True)):
        row = next(row for row in watch_rows(snapshot, WATCHED) if row.symbol == "XBI")
        assert (row.old, row.extended_last.old, row.extended.old) == (False, is_late, is_late)
        assert ("late 1h" in list_mark(snapshot, names).text) is is_late
    assert price_names(picture(), WATCHED)[0] == "iwm.last", "in regular hours"


def test_before_the_open_every_trend_is_that_of_the_last_session() -> None:
    rows = watch_rows(picture(MONDAY_MORNING), WATCHED)
    known = [row for row in rows if row.last.known and row.symbol != "^RVX"]
    assert "IWM" in [row.symbol for row in known]
    assert all(len(row.trend) > 10 for row in known)


def test_a_trend_is_drawn_from_the_series_that_goes_on() -> None:
    fine, coarse = Key(Kind.INTRADAY, "XBI"), Key(Kind.TRACE, "XBI")
    whole = picture().bars[fine]
    stopped = replace(picture(), bars={**picture().bars, fine: whole.between(0, len(whole) // 2)})
    trend = trend_of(stopped, "XBI", "1D")
    assert trend[-1] == picture().bars[coarse].close[-1]
    assert trend_of(picture(), "XBI", "1D")[-1] == whole.close[-1]


def test_prints_of_different_hours_carry_their_own_tags() -> None:
    morning = picture(MONDAY_MORNING)
    late = replace(morning.reading("iwm.extended.phase"), value="post")
    known = replace(morning, readings={**morning.readings, "iwm.extended.phase": late})
    assert outside(known, "IWM")["Ext %"] == "post +0.07"
    assert outside(known, "XBI")["Ext %"].startswith("pre ")


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (52, ["symbol", "last", "change", "day", "extended", "trend"]),
        (
            110,
            [
                "symbol", "last", "change", "day", "extended_last", "extended", "trend",
                "1M", "YTD", "relative", "volume", "position", "name",
            ],
        ),
    ],
)  # fmt: skip
def test_the_change_stays_beside_a_print_outside_regular_hours(
    width: int, shown: list[str]
) -> None:
    listing = watched(picture(MONDAY_MORNING), ("IWM", "XBI", "CRDO", "SMCI"))
    placed = seats(listing.columns, listing.needs, listing.sparks, width)
    assert [listing.columns[seat.column].id for seat in placed] == shown


def test_a_name_from_outside_cannot_carry_codes() -> None:
    details = Details(symbol="EVIL", as_of=NOW, source="x", name="A\x1b[2J[bold]B\u202e")
    snapshot = replace(picture(), details={**picture().details, "EVIL": details})
    (row,) = watch_rows(snapshot, ("EVIL",))
    assert row.name == "A[2J[bold]B"


@pytest.mark.parametrize("hint", [-3, 0, 4, 99])
def test_absurd_decimals_are_bounded(hint: int) -> None:
    details = Details(symbol="X", as_of=NOW, source="x", price_decimals=hint)
    snapshot = replace(picture(), details={"X": details})
    assert 0 <= watch_rows(snapshot, ("X",))[0].decimals <= 6


def test_nothing_of_a_failure_hides_a_value() -> None:
    before, after = (watch_rows(s, WATCHED) for s in (picture(), failing()))
    assert [r.last.number for r in before] == [r.last.number for r in after]
    assert all(row.old for row in after if row.last.known)


def test_each_look_has_its_mark() -> None:
    names = ("rut.last",)
    assert mark_for(picture(), names).text == "demo 0s"
    assert mark_for(late(), names).text == "demo late 10m"
    assert mark_for(failing(), names).text == "0s, demo limited, next 14:35"
    assert mark_for(empty(), names).text == "waiting"
    assert mark_for(demo(), names).text == "DEMO 0s"
    assert mark_for(picture(SUNDAY), names).text == "demo Thu 16:00"


def test_feeds_tell_state_reason_and_next_try() -> None:
    failed = failing()
    rows, columns = board_of(failed)
    names = [c.id for c in columns]
    feed = dict(zip(names, rows[0].cells, strict=True))
    assert (feed["name"].text, feed["state"].text) == ("demo", "▲ failing")
    assert feed["next"].text == "14:35:07"
    assert "429" in feed["reason"].text
    kinds = {key.kind for key in failed.troubles}
    assert len(rows) == 1 + len(kinds) + len(failed.holdings), "the day of holdings has a row too"
    told = " ".join(row.search for row in rows)
    assert all(key.symbol in told for key in failed.troubles)
    assert len({row.key for row in rows}) == len(rows)


def test_what_only_failures_fill_stands_only_when_something_fails() -> None:
    rows, columns = board_of(replace(picture(), absences={}))
    assert {"since", "next", "reason"}.isdisjoint(c.id for c in columns)
    assert all(len(row.cells) == len(columns) for row in rows)


def test_a_feed_never_asked_is_waiting() -> None:
    snapshot = replace(empty(), feeds={"cboe": FeedHealth("cboe")})
    rows, columns = board_of(snapshot)
    cells = dict(zip([c.id for c in columns], rows[0].cells, strict=True))
    assert cells["state"].text == "○ waiting"
    assert cells["elapsed"].text == "—"
    assert cells["ok"].sort is None
    asked, _ = board_of(fold(snapshot, Asked("cboe"), NOW))
    assert asked[0].cells[-1].text == "asked, no answer yet"


def test_a_stream_that_is_well_says_what_it_does() -> None:
    note = "41 prices come by themselves, and are polled a quarter as often"
    snapshot = replace(empty(), feeds={"yahoo_stream": FeedHealth("yahoo_stream", note=note)})
    rows, columns = board_of(snapshot)
    assert (rows[0].cells[-1].text, rows[0].cells[-1].role) == (note, "muted")
    assert columns[-1].id == "reason"


def test_a_feed_nobody_has_heard_of_is_waiting() -> None:
    rows, _ = board_of(failing(), ("cboe", "demo"))
    assert [row.cells[1].text for row in rows[:2]] == ["▲ failing", "○ waiting"]


def test_what_the_footer_said_once_and_what_is_wrong_with_alerts_stay_to_be_read() -> None:
    known = replace(picture(), absences={}, alerts=AlertBoard(faults=("alert X is left out",)))
    said, stall = (
        ("the basket bad.toml is skipped", "and twin.toml too"),
        Stall("engine", NOW, timedelta(seconds=1), timedelta(seconds=1), "market.x"),
    )
    rows, _ = board_of(known, (), 80, said, Stalls(1, (stall,)))
    below = rows[len(known.feeds) :]
    assert below[-1].cells[0].text == "stall engine", "what can be mended stands above"
    told = [(row.key, row.cells[-1].text) for row in below[:3]]
    assert told == [
        ("notice 1", "the basket bad.toml is skipped"),
        ("notice 2", "and twin.toml too"),
        ("alerts 1", "alert X is left out"),
    ]


@pytest.mark.parametrize("width", [40, 58, 78, 118, 198])
def test_a_reason_is_whole_where_its_row_has_room(width: int) -> None:
    for length in (24, 40, 47, 70, 88, 120):
        text = ("why not " * 20)[:length].strip()
        known = trouble(failing(), Kind.DAILY, "^RVX", text)
        rows, columns = board_of(
            replace(known, absences={Key(Kind.DAILY, "XX"): text}), width=width
        )
        listing = Listing(columns)
        listing.replace(rows)
        placed = seats(columns, listing.needs, listing.sparks, width)
        look = BoardLook(columns, placed, width, palette_from({}), Style())
        given = [row for row in rows if row.cells[-1].text == text]
        for row in given:
            is_whole = text in row_strip(row, look).text
            assert told_of(row, placed) == ("" if is_whole else text)
            assert is_whole or length > width - (29 if row.cells[1].text == "absent" else 65)
        assert len(given) == 2


def test_a_datum_in_trouble_has_a_row() -> None:
    key = Key(Kind.DAILY, "^RVX")
    found = Trouble(ErrorKind.UNREACHABLE, "no\x07 route", "cboe", NOW - timedelta(days=3))
    rows, columns = board_of(replace(empty(), troubles={key: found}))
    cells = dict(zip([c.id for c in columns], rows[0].cells, strict=True))
    assert cells["name"].text == "daily ^RVX"
    assert cells["reason"].text == "no route"
    assert cells["since"].text == "Mon 14:32"


@pytest.mark.parametrize(
    ("own", "of_feed", "is_wanted", "of_datum", "told_of_feed"),
    [
        (-1, None, True, "now", ""),
        (1, None, True, "14:33:07", ""),
        (1, 9, True, "14:41:07", "14:41:07"),
        (-9, -1, True, "now", "now"),
        (-9, -1, False, "on demand", "on demand"),
        (1, 9, False, "on demand", "14:41:07"),
    ],
)
def test_a_next_try_is_to_come_or_now_or_nobody_wants_it(
    own: int, of_feed: int | None, is_wanted: bool, of_datum: str, told_of_feed: str
) -> None:
    key = Key(Kind.DAILY, "^RVX")
    trouble = Trouble(ErrorKind.LIMITED, "too many", "cboe", NOW, NOW + timedelta(minutes=own))
    of_host = replace(trouble, retry_at=NOW + timedelta(minutes=of_feed)) if of_feed else None
    known = replace(
        empty(),
        troubles={key: trouble},
        feeds={"cboe": FeedHealth("cboe", trouble=of_host)},
        wanted=frozenset({key} if is_wanted else ()),
    )
    rows, columns = board_of(known)
    at = [c.id for c in columns].index("next")
    assert [row.cells[at].text for row in rows] == [told_of_feed, of_datum]


def test_data_that_share_a_row_are_tried_when_the_first_that_is_wanted_is() -> None:
    minutes = {"^RVX": 1, "^VIX": 5, "^VVIX": 3}
    troubles = {
        Key(Kind.DAILY, symbol): Trouble(
            ErrorKind.GARBLED, "torn", "cboe", NOW, NOW + timedelta(minutes=n)
        )
        for symbol, n in minutes.items()
    }
    wanted = frozenset(key for key in troubles if key.symbol != "^RVX")
    rows, columns = board_of(replace(empty(), troubles=troubles, wanted=wanted))
    assert [row.cells[[c.id for c in columns].index("next")].text for row in rows] == ["14:35:07"]


def test_looks_are_four() -> None:
    assert {
        mark_for(s, ("rut.last",)).look for s in (picture(), late(), failing(), empty())
    } == set(Look)
