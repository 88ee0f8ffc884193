"""The panels of the volatility screen: family, term structure, history, cone, realised, options."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from market.quotes import Key, Kind
from market.studies import NO_STUDIES
from market.volatility_study import FuturesCurve, Ring, VolatilityStudy
from tests.widgets.numbers import assert_good_at_all_sizes
from tests.widgets.pictures import empty, trouble
from tests.widgets.policies import reckoned
from tests.widgets.volatilities import volatility_picture
from widgets.board import Row
from widgets.chart_frame import frame_of
from widgets.lines import Line, text_of
from widgets.options_expiries import COLUMNS as EXPIRY_COLUMNS
from widgets.options_expiries import board_rows as expiry_rows
from widgets.options_expiries import expiries_view
from widgets.options_term import paint as paint_options
from widgets.options_term import term_view as options_view
from widgets.plotting import prepare
from widgets.realised import ESTIMATORS, ONE_DAY, PREMIUMS, realised_view
from widgets.realised import paint as paint_realised
from widgets.realised_cone import FEWEST_CELLS, cells_of, cone_view
from widgets.realised_cone import paint as paint_cone
from widgets.strips import ascii_text, price
from widgets.values import WORKING_OUT, Value
from widgets.volatility_family import COLUMNS as FAMILY_COLUMNS
from widgets.volatility_family import FAMILY, RATIO, family_rows
from widgets.volatility_family import board_rows as family_board
from widgets.volatility_history import history_view
from widgets.volatility_history import paint as paint_history
from widgets.volatility_term import NO_FUTURES, term_view
from widgets.volatility_term import paint as paint_term

TABLES = (FAMILY_COLUMNS, EXPIRY_COLUMNS)
Paint = Callable[[int, int], Sequence[Line]]


def told(lines: Sequence[Line]) -> str:
    return "\n".join(text_of(line) for line in lines)


def _columns(lines: Sequence[Line], role: str) -> set[int]:
    """The columns in which something is drawn in a role."""
    found: set[int] = set()
    for line in lines:
        at = 0
        for text, of in line:
            found |= {at + n for n, cell in enumerate(text) if of == role and cell not in " ⠀"}
            at += len(text)
    return found


def words_of(row: Row) -> list[str]:
    return [cell.text for cell in row.cells]


def without_axis(line: Line) -> Line:
    """A line without the labels of its value axis: which of them stand there goes with the room."""
    return tuple(
        (" " * len(text), role) if role == "axis" and not text.endswith("d") else (text, role)
        for text, role in line
    )


def paints(*, ascii_only: bool = False) -> dict[str, Paint]:
    """The drawn panels by name."""
    known = volatility_picture()
    terms, past = term_view(known), history_view(known)
    cone, options, realised = cone_view(known), options_view(known), realised_view(known)
    return {
        "term": lambda w, h: paint_term(terms, w, h, ascii_only=ascii_only),
        "history": lambda w, h: paint_history(past, w, h, ascii_only=ascii_only),
        "cone": lambda w, h: paint_cone(cone, w, h, ascii_only=ascii_only),
        "realised": lambda w, h: paint_realised(realised, w, h),
        "options": lambda w, h: paint_options(options, w, h, ascii_only=ascii_only),
    }


class TestAllPanels:
    @pytest.mark.parametrize("name", ["term", "history", "cone", "realised", "options"])
    def test_no_size_cuts_a_number_or_overflows(self, name: str) -> None:
        paint = paints()[name]
        assert_good_at_all_sizes(lambda w, h: [without_axis(line) for line in paint(w, h)])

    def test_ascii_is_ascii(self) -> None:
        prepare()
        for name, paint in paints(ascii_only=True).items():
            cells = ascii_text(told(paint(60, 18)))
            assert cells.isascii(), name
        titles = [column.title for columns in TABLES for column in columns]
        assert ascii_text("".join(titles)).isascii()

    def test_without_data_each_says_why_once(self) -> None:
        nothing = empty()
        assert told(paint_term(term_view(nothing), 60, 9)).startswith("—")
        assert told(paint_history(history_view(nothing), 60, 9)).startswith("—")
        assert told(paint_cone(cone_view(nothing), 60, 9)).startswith("—")
        assert told(paint_options(options_view(nothing), 60, 9)).startswith("—")
        assert told(paint_realised(realised_view(nothing), 60, 9)).startswith("—")
        assert expiry_rows(expiries_view(nothing, "^RUT")) == []
        assert expiries_view(nothing, "^RUT").reason

    def test_late_levels_are_dimmed(self) -> None:
        late = volatility_picture()
        late = late.at(late.now.replace(hour=19, minute=30))
        for lines in (
            paint_term(term_view(late), 50, 18)[1:12],
            paint_history(history_view(late), 60, 9),
        ):
            roles = {role for line in lines for text, role in line if text.strip()}
            assert "late" in roles
            assert not roles & {"strong", "line", "text"}
        marks = paint_term(term_view(late), 50, 18)[-3]
        assert "text" in {role for _, role in marks}, "closing marks are of the last close"


class TestFamily:
    def test_percentile_and_rank_are_named_apart(self) -> None:
        titles = [column.title for column in FAMILY_COLUMNS]
        assert titles[3:7] == ["Pctl 1Y", "Rank 1Y", "Pctl 5Y", "Rank 5Y"]
        snapshot = volatility_picture()
        rows = family_board(family_rows(snapshot))
        assert [row.key for row in rows] == [*FAMILY, RATIO]
        vix = words_of(rows[0])
        for column, metric in ((3, "percentile.1y"), (4, "rank.1y"), (6, "rank.5y")):
            value = snapshot.reading(f"vix.{metric}").value
            assert isinstance(value, float)
            assert vix[column] == f"{price(100 * value, 0)}%"
        assert all(len(row.cells) == len(FAMILY_COLUMNS) for row in rows)

    def test_the_ratio_stands_below_with_a_year_of_its_own(self) -> None:
        ratio = family_rows(volatility_picture())[-1]
        assert ratio.level.known
        assert len(ratio.trend) == 40
        assert 0.5 < min(ratio.trend) <= max(ratio.trend) < 3
        row = family_board([ratio])[0]
        assert row.pinned
        assert words_of(row)[2:-1] == [""] * 7


class TestTermStructure:
    def test_numbers_of_three_days_stand_over_the_charts(self) -> None:
        prepare()
        snapshot = volatility_picture()
        view = term_view(snapshot)
        lines = [text_of(line).split() for line in paint_term(view, 60, 24)]
        assert lines[1] == ["VIX", "9D", "30D", "3M", "6M", "slope"]
        for n, (name, levels) in enumerate((("now", view.spot.now), ("1W", view.spot.week))):
            assert lines[2 + n][:5] == [name, *(price(level, 2) for level in levels)]
        then = [a - b for a, b in ((view.spot.week[2], view.spot.week[1]),) if a and b]
        assert float(lines[3][5].replace("−", "-")) == pytest.approx(then[0], abs=0.011)
        assert lines[-4][0] == "VX", "the futures' numbers stand below"

    def test_at_most_two_lines_stand_in_a_chart(self) -> None:
        text = told(paint_term(term_view(volatility_picture()), 60, 30))
        assert text.count("1W ago") == 1
        assert text.count("── VIX now") == 2
        assert text.count("── VX") == 2
        study = volatility_picture().studies.volatility
        assert study is not None
        assert study.futures is not None
        for day in (study.futures.week_day, study.futures.month_day):
            assert text.count(f"─○ {day.day} {day:%b}") == 1, "a mark is of a day"

    def test_without_an_earlier_day_a_structure_is_drawn_once(self) -> None:
        view = term_view(volatility_picture())
        unknown = (None,) * 4
        view = replace(view, spot=replace(view.spot, week=unknown, month=unknown))
        text = told(paint_term(view, 60, 30))
        assert text.count("── VIX now") == 1
        assert text.count("── VX") == 2
        assert "── VIX now  ─○" not in text
        alone = told(paint_term(replace(view, futures=None), 60, 30))
        assert alone.count("── VIX now") == 1

    def test_little_room_is_for_charts_or_for_numbers_alone(self) -> None:
        view = term_view(volatility_picture())
        charts, numbers = (told(paint_term(view, 76, height)) for height in (9, 5))
        assert "── VIX now" in charts
        assert "slope" not in charts
        assert "slope" in numbers

    def test_without_futures_it_says_so_and_why(self) -> None:
        snapshot = volatility_picture()
        without = replace(snapshot.studies, volatility=VolatilityStudy())
        view = term_view(replace(snapshot, studies=without))
        view = replace(view, contango=Value(reason="Cboe knows no ^UZQ"))
        text = told(paint_term(view, 60, 16))
        assert NO_FUTURES in text
        assert text.endswith("Cboe knows no ^UZQ")
        assert "VX" not in text

    def test_contracts_without_marks_are_counted_and_are_gaps(self) -> None:
        snapshot = volatility_picture()
        study = snapshot.studies.volatility
        assert study is not None
        assert isinstance(study.futures, FuturesCurve)
        first, second, *rest = study.futures.points
        curve = replace(study.futures, points=(first, replace(second, now=None), *rest))
        changed = replace(snapshot.studies, volatility=replace(study, futures=curve))
        text = told(paint_term(term_view(replace(snapshot, studies=changed)), 80, 26))
        assert "1 marks missing" not in text
        assert "1 mark missing" in text
        assert "now   " + price(first.now, 2) + "      —" in text

    def test_backwardation_stands_out(self) -> None:
        view = replace(term_view(volatility_picture()), state=Value(word="backwardation"))
        assert ("backwardation", "failing") in paint_term(view, 60, 9)[0]


class TestHistory:
    def test_both_lines_are_of_the_same_sessions(self) -> None:
        view = history_view(volatility_picture())
        assert len(view.times) == len(view.vix) == len(view.rvx) == 252
        assert view.vix[-1] == view.now[0].number, "today's level is the end"
        assert list(view.times) == sorted(set(view.times))

    def test_a_session_that_one_lacks_is_a_gap_in_its_line(self) -> None:
        snapshot = volatility_picture()
        key = Key(Kind.DAILY, "^RVX")
        bars = snapshot.bars[key]
        cut = bars.between(len(bars) - 100, len(bars))
        view = history_view(replace(snapshot, bars={**snapshot.bars, key: cut}))
        assert view.rvx[0] is None
        assert view.rvx[-1] is not None
        assert None not in view.vix

    def test_a_gap_looks_like_a_gap_and_a_line_like_a_line(self) -> None:
        prepare()
        view = history_view(volatility_picture())
        holed = replace(view, rvx=(*view.rvx[:100], *(None,) * 60, *view.rvx[160:]))
        whole, parted = (_columns(paint_history(v, 80, 20)[1:-1], "compare") for v in (view, holed))
        first, last = min(whole), max(whole)
        assert whole == set(range(first, last + 1))
        missing = sorted(whole - parted)
        assert len(missing) > 10
        assert missing == [*range(missing[0], missing[-1] + 1)]
        assert "○" in told(paint_history(view, 80, 20)[1:]), "told apart without colour"


class TestCone:
    def test_each_window_is_a_box_with_todays_volatility_and_its_percentile(self) -> None:
        view = cone_view(volatility_picture())
        legend, *rows, axis = (text_of(line) for line in paint_cone(view, 60, 9))
        assert "median" in legend
        assert len(rows) == len(view.rings)
        for row, ring in zip(rows, view.rings, strict=True):
            name, drawn, now, place = row.split()
            assert (name, now) == (f"{ring.window}d", price(100 * (ring.now or 0), 1))
            assert place == f"{round(100 * (ring.percentile or 0))}%"
            assert set(drawn) == set("─░┃●")
        assert axis.split()[-2:] == ["now", "pctl"]
        assert len(paint_cone(view, 60, 20)) == 1 + 2 * len(rows) + 1, "room goes between them"
        plain = paint_cone(view, 60, 9, ascii_only=True)
        assert set("-#|*") <= set(text_of(plain[1]))

    @given(
        st.lists(st.floats(0.01, 2.0), min_size=5, max_size=5).map(sorted),
        st.floats(0.01, 2.0),
        st.integers(FEWEST_CELLS, 120),
    )
    def test_signs_stand_in_the_order_of_their_numbers_at_every_width(
        self, quantiles: list[float], now: float, width: int
    ) -> None:
        low, lower, median, upper, high = quantiles
        ring = Ring(
            window=5,
            count=300,
            low=low,
            lower_quarter=lower,
            median=median,
            upper_quarter=upper,
            high=high,
            now=now,
        )
        frame = frame_of(width, 1, xs=(1.0, 200.0), ys=(), side="none")
        cells = cells_of(frame, ring)
        assert all(0 <= cell < width for cell in cells.values())
        values = {name: getattr(ring, name) for name in cells}
        for one, other in permutations(cells, 2):
            assert (values[one] < values[other]) == (cells[one] < cells[other])

    def test_without_room_for_the_boxes_words_tell_every_window(self) -> None:
        view = cone_view(volatility_picture())
        windows = ["5d", "10d", "21d", "42d", "63d", "126d", "252d"]
        assert told(paint_cone(view, 80, 1)).split()[::2] == windows
        assert told(paint_cone(view, 76, 7)).split()[::3] == windows, "with their percentiles"


class TestRealised:
    def test_all_seven_estimators_then_the_premiums(self) -> None:
        view = realised_view(volatility_picture())
        assert len(ESTIMATORS) == len(view.realised) == 7
        lines = [text_of(line) for line in paint_realised(view, 60, 13)]
        assert all(name in line for (name, *_), line in zip(ESTIMATORS, lines[1:8], strict=True))
        assert lines[8] == "", "the premiums stand apart"
        known = (*view.realised, *view.implied)
        assert [each.text[-1] for each in known] == [*"%%%%%%%", *"ttt", "%"]

    def test_in_four_lines_it_says_all_of_it(self) -> None:
        view = realised_view(volatility_picture())
        text = told(paint_realised(view, 56, 4))
        assert all(f"{short} " in text for _, short, *_ in (*ESTIMATORS, *PREMIUMS, ONE_DAY))
        assert all(each.text in text for each in (*view.realised, *view.implied))

    def test_what_cannot_be_known_says_why_in_its_row(self) -> None:
        view = realised_view(volatility_picture())
        first, *others = view.realised
        first = replace(first, value=Value(reason="22 daily bars are needed"))
        view = replace(view, realised=(first, *others))
        line = text_of(paint_realised(view, 60, 13)[1])
        assert " ".join(line.split()) == "Close to close — 22 daily bars are needed"


class TestOptions:
    def test_each_expiry_has_its_move_and_all_stand_together_below(self) -> None:
        view = expiries_view(volatility_picture(), "^RUT")
        assert view.study is not None
        rows = expiry_rows(view)
        assert len(rows) == len(view.study.rows) + 1 > 20
        first, last = words_of(rows[0]), words_of(rows[-1])
        assert first[0] == "2 Jul"
        assert first[1] == "0"
        assert any(words_of(row)[0].endswith(" AM") for row in rows), "third Fridays' morning"
        assert last[0] == f"all {len(view.study.rows)}"
        assert rows[-1].pinned
        assert {len(row.cells) for row in rows} == {len(EXPIRY_COLUMNS)}

    def test_a_straddle_is_told_at_its_price_and_as_the_move_it_means(self) -> None:
        ids = [column.id for column in EXPIRY_COLUMNS]
        priced, meant, told = (ids.index(i) for i in ("straddle", "straddle.move", "move"))
        row = expiry_rows(expiries_view(volatility_picture(), "^RUT"))[5]
        paid, move, expected = (row.cells[n].sort for n in (priced, meant, told))
        assert isinstance(paid, float)
        assert move == pytest.approx(1.2533 * paid, rel=0.01)
        assert move == pytest.approx(expected, rel=0.1)

    def test_the_model_index_is_named_a_model_or_its_absence_is_explained(self) -> None:
        view = options_view(volatility_picture())
        assert "model" in told(paint_options(view, 90, 12)[:2])
        why = "the chain is not of regular hours"
        refused = [
            replace(each, figures=(Value(reason=why), *each.figures[1:]), why_no_model=why)
            for each in view
        ]
        text = told(paint_options(refused, 90, 12))
        assert text.count(f"no model index: {why}") == 1, "both for the same reason: told once"

    def test_volatility_by_expiry_is_drawn_for_both(self) -> None:
        prepare()
        lines = paint_options(options_view(volatility_picture()), 80, 14)
        assert text_of(lines[0]).startswith("── RUT")
        assert text_of(lines[1]).startswith("─○ IWM")
        assert text_of(lines[-1]).split() == ["1w", "1m", "2m", "3m", "6m"]

    def test_a_chain_that_does_not_come_says_why(self) -> None:
        failing = trouble(empty(), Kind.CHAIN, "^RUT", "cboe answered 403 Forbidden")
        failing = replace(failing, studies=volatility_picture(Kind.CHAIN).studies)
        assert expiries_view(failing, "^RUT").reason == "cboe answered 403 Forbidden"

    def test_a_chain_that_fails_after_it_was_waited_for_says_why_too(self) -> None:
        waiting = reckoned(volatility_picture(Kind.CHAIN))
        assert "waiting" in expiries_view(waiting, "^RUT").reason
        failing = trouble(waiting, Kind.CHAIN, "^RUT", "cboe says there were too many requests")
        assert "too many" in expiries_view(failing, "^RUT").reason
        assert "too many" in told(paint_options(options_view(failing), 60, 9))

    def test_figures_of_the_last_run_whose_studies_are_still_read_say_so(self) -> None:
        read = replace(volatility_picture(), studies=NO_STUDIES)
        assert expiries_view(read, "^RUT").reason == WORKING_OUT
        assert told(paint_options(options_view(read), 60, 9)).endswith(WORKING_OUT)
        assert told(paint_cone(cone_view(read), 60, 9)).endswith(WORKING_OUT)

    def test_an_expiry_that_is_past_by_now_is_shown_no_more(self) -> None:
        kept = volatility_picture()
        later = kept.at(kept.now + timedelta(days=4))
        before, after = (expiries_view(each, "^RUT") for each in (kept, later))
        assert before.study == after.study
        assert after.rows == tuple(r for r in before.rows if r.figures.settles > later.now)
        assert 0 < len(after.rows) < len(before.rows)
        assert all(row.dim for row in expiry_rows(after)), "its age shows"
