"""What charts show: spans, gaps, phases, rebasing, averages; and their drawing at any size."""

from __future__ import annotations

from array import array
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from market.quotes import Bars, Key, Kind
from market.sessions import session_of
from market.snapshot import Snapshot, empty_snapshot
from tests.clocks import THURSDAY_AFTERNOON as NOW
from tests.widgets.pictures import MONDAY_MORNING, empty, picture, trouble
from widgets.bar_times import SPANS, bars_of, base_date, moving_average, session_of_bars, shown_part
from widgets.chart_paint import chart_lines
from widgets.chart_view import ChartView, chart_view
from widgets.lines import text_of, width_of
from widgets.plotting import prepare
from widgets.price_chart import header
from widgets.quote_view import view_of as quote_view
from widgets.strips import percent, price

DAY = session_of(date(2026, 7, 2))
AFTER_HOURS = datetime(2026, 7, 2, 21, 30, tzinfo=UTC)
"""17:30 in New York."""
OPENS = int(DAY.open.timestamp())


def minutes(*offsets: int, symbol: str = "IWM", close: float = 100.0) -> Bars:
    """Return one-minute bars at these minutes from the open."""
    times = array("q", (OPENS + 60 * m for m in offsets))
    closes = array("d", (close + m / 100 for m in offsets))
    key = Key(Kind.INTRADAY, symbol)
    return Bars(key=key, interval_s=60, source="x", as_of=NOW, times=times, close=closes)


def with_bars(*series: Bars) -> Snapshot:
    return replace(empty_snapshot(NOW), bars={bars.key: bars for bars in series})


def test_a_gap_of_more_than_five_minutes_breaks_the_line() -> None:
    view = chart_view(with_bars(minutes(0, 1, 2, 7, 14, 15)), "IWM")
    (line,) = view.curves
    assert line.ys.count(None) == 1
    assert line.xs == (0.0, 1.0, 2.0, 7.0, 10.5, 14.0, 15.0)


def test_pre_and_post_market_are_told_apart() -> None:
    view = chart_view(with_bars(minutes(-200, -30, -29, 0, 1, 389, 390, 391)), "IWM")
    assert [c.role for c in view.curves] == ["extended", "line", "extended"]
    assert len(view.curves[0].xs) == 2, "only the last 90 minutes before the open have room"


def test_the_whole_session_has_room_from_the_first_minute_on() -> None:
    bars = minutes(0, 1)
    session = session_of_bars(bars)
    assert session is not None
    assert shown_part(bars, session) == (OPENS, int(DAY.close.timestamp()))


def test_before_the_open_the_chart_is_the_pre_market() -> None:
    bars = minutes(-300, -299)
    session = session_of_bars(bars)
    assert session is not None
    assert shown_part(bars, session) == (int(DAY.pre_open.timestamp()), OPENS)


def test_the_rule_is_the_previous_close_and_only_on_one_day() -> None:
    view = chart_view(picture(), "IWM", "1D")
    previous = picture().reading("iwm.previous_close").value
    assert [r.y for r in view.rules if r.role == "previous"] == [previous]
    assert not [r for r in chart_view(picture(), "IWM", "1Y").rules if r.role == "previous"]


@pytest.mark.parametrize("span", SPANS)
def test_every_span_has_bars_up_to_now(span: str) -> None:
    bars = bars_of(picture(), "IWM", span)
    assert bars is not None
    assert NOW.timestamp() - bars.times[-1] <= 900
    assert list(bars.times) == sorted(set(bars.times))
    assert bars.close[-1] == pytest.approx(picture().quotes["IWM"].last, rel=1e-3)


@pytest.mark.parametrize(
    ("span", "base"),
    [
        ("1M", date(2026, 6, 2)),
        ("6M", date(2026, 1, 2)),
        ("YTD", date(2025, 12, 31)),
        ("1Y", date(2025, 7, 2)),
        ("5Y", date(2021, 7, 2)),
        ("5D", date(2026, 6, 25)),
        ("8W", date(2026, 5, 7)),
    ],
)
def test_windows_start_at_a_close(span: str, base: date) -> None:
    assert base_date(date(2026, 7, 2), span) == base


def test_a_year_changes_as_its_metric_says() -> None:
    change = chart_view(picture(), "IWM", "1Y").change
    assert change == pytest.approx(picture().reading("iwm.return.1y").value)


def test_comparison_is_in_percent_from_one_start() -> None:
    view = chart_view(picture(), "XBI", "1Y", "candles", compare=True)
    assert not view.has_candles
    assert view.compare == "^RUT"
    assert {c.role for c in view.curves} == {"line", "compare"}
    assert all(c.ys[0] == 0.0 for c in view.curves)
    assert view.change_beside == pytest.approx(picture().reading("rut.return.1y").value)


def test_the_index_is_not_compared_with_itself() -> None:
    assert chart_view(picture(), "^RUT", "1Y", compare=True).compare == ""


def test_averages_only_where_bars_are_days() -> None:
    assert len(chart_view(picture(), "IWM", "1Y", averages=True).curves) == 3
    assert len(chart_view(picture(), "IWM", "5D", averages=True).curves) == 1


def test_the_last_average_is_the_metric() -> None:
    curve = chart_view(picture(), "IWM", "1Y", averages=True).curves[1]
    assert curve.ys[-1] == pytest.approx(picture().reading("iwm.average.50d").value)


@given(st.lists(st.floats(-1e6, 1e6), max_size=60), st.integers(1, 70))
def test_a_moving_average_is_the_mean_of_its_window(closes: list[float], length: int) -> None:
    means = moving_average(closes, length)
    assert len(means) == len(closes)
    for i, mean in enumerate(means):
        if i < length - 1:
            assert mean is None
        else:
            window = closes[i - length + 1 : i + 1]
            assert mean == pytest.approx(sum(window) / length, abs=1e-6)


def test_no_bars_are_said_in_words() -> None:
    view = chart_view(empty(), "IWM", "1Y")
    assert view.reason == "waiting for bars"
    assert "waiting for bars" in "".join(text_of(line) for line in chart_lines(view, 40, 9))


def test_what_keeps_the_bars_away_is_said_in_whole_words() -> None:
    why = "yahoo answered 429 Too Many Requests"
    failing = trouble(empty(), Kind.DAILY, "IWM", why)
    view = chart_view(failing, "IWM", "1Y")
    assert view.reason == why
    unwritten = replace(failing, absences={Key(Kind.FILINGS, "IWM"): "nobody asks the SEC"})
    assert chart_view(unwritten, "IWM", "1Y").reason == why, "no filing has bars in it"
    rows = [text_of(line).strip() for line in chart_lines(view, 22, 7)]
    assert [row for row in rows if row] == ["yahoo answered 429 Too", "Many Requests"]


def test_an_unknown_symbol_says_why() -> None:
    view = chart_view(picture(), "ZZZQ")
    assert "ZZZQ" in view.reason or "unknown" in view.reason or "no" in view.reason


@pytest.mark.parametrize("drawing", ["line", "candles"])
@pytest.mark.parametrize("span", SPANS)
def test_charts_fill_exactly_their_cells(span: str, drawing: str) -> None:
    prepare()
    view = chart_view(picture(), "IWM", span, drawing, averages=True)
    for width, height in ((1, 1), (9, 3), (30, 6), (80, 20), (160, 45)):
        rows = chart_lines(view, width, height)
        assert len(rows) == height
        assert {width_of(row) for row in rows} == {width}


def test_volume_stands_below_when_there_is_room() -> None:
    prepare()
    view = chart_view(picture(), "IWM", "6M", "candles")
    assert any("█" in text_of(row) for row in chart_lines(view, 80, 30)[24:29])


def test_a_fund_trades_before_the_open() -> None:
    view = chart_view(picture(MONDAY_MORNING), "IWM", "1D")
    assert [c.role for c in view.curves] == ["extended"]


def test_equal_bars_make_equal_views_and_news_does_not() -> None:
    bars = minutes(0, 1, 2)
    assert chart_view(with_bars(bars), "IWM") == chart_view(with_bars(bars), "IWM")
    assert chart_view(with_bars(bars), "IWM") != chart_view(with_bars(minutes(0, 1, 3)), "IWM")
    assert hash(chart_view(with_bars(bars), "IWM")) == hash(chart_view(with_bars(bars), "IWM"))


def test_a_round_the_clock_symbol_has_no_session() -> None:
    bars = minutes(-1500, -1400, 10, symbol="BTC-USD")
    assert session_of_bars(bars) is None
    assert [c.role for c in chart_view(with_bars(bars), "BTC-USD").curves] == ["line"]


def test_views_without_bars_are_comparable() -> None:
    assert ChartView("A", "1D") == ChartView("A", "1D")
    shown, other = (chart_view(picture(), "IWM", span) for span in ("1D", "6M"))
    again = chart_view(picture(), "IWM", "1D")
    assert shown == again
    assert not shown != again  # noqa: SIM202 - what panels ask
    assert hash(shown) == hash(again)
    assert shown != other


def test_candles_lie_on_their_moving_averages() -> None:
    prepare()
    view = chart_view(picture(), "IWM", "6M", "candles", averages=True)
    roles = {role for row in chart_lines(view, 80, 24) for _, role in row}
    assert {"average_50", "average_200", "up", "down"} <= roles


def extent(symbol: str, span: str, drawing: str, width: int = 100) -> tuple[int, int]:
    """Return the first and the last column in which a chart has a price."""
    prepare()
    rows = chart_lines(chart_view(picture(), symbol, span, drawing), width, 12)
    ink = {"line", "extended", "up", "down"}
    columns: set[int] = set()
    for row in rows:
        at = 0
        for text, role in row:
            places = range(at, at + len(text))
            columns |= {c for c in places if role in ink and text[c - at].strip("\u2800 ")}
            at += len(text)
    label = len(f"{chart_view(picture(), symbol, span).high or 0:,.2f}")
    return min(columns), max(c for c in columns if c < width - label)


@pytest.mark.parametrize("span", SPANS)
def test_candles_and_lines_begin_and_end_at_the_same_place(span: str) -> None:
    assert extent("IWM", span, "candles") == extent("IWM", span, "line")


@pytest.mark.parametrize("span", SPANS)
def test_candles_and_lines_have_the_same_axis_of_time(span: str) -> None:
    prepare()
    candles, line = (
        text_of(chart_lines(chart_view(picture(), "IWM", span, drawing), 90, 20)[-1])
        for drawing in ("candles", "line")
    )
    assert candles == line
    assert candles.strip()


@pytest.mark.parametrize("span", SPANS)
def test_the_ends_of_a_comparison_say_what_the_header_says(span: str) -> None:
    prepare()
    view = chart_view(picture(), "XBI", span, compare=True)
    rows = chart_lines(view, 80, 30)
    ends = {role: text.strip() for row in rows for text, role in row if text.endswith(" %")}
    assert ends["line"] == percent(view.change, 2, " %")
    assert ends["compare"] == percent(view.change_beside, 2, " %")


def test_the_index_beside_bars_that_end_before_it_has_one_return_too() -> None:
    bars = bars_of(picture(), "XBI", "1D")
    assert bars is not None
    behind = replace(picture(), bars={**picture().bars, bars.key: bars.between(0, len(bars) - 60)})
    view = chart_view(behind, "XBI", "1D", compare=True)
    (told,) = [rule.label for rule in view.rules if rule.role == "compare"]
    assert told == percent(view.change_beside, 2, " %")


@pytest.mark.parametrize("window", ["5d", "1m", "6m", "ytd", "1y"])
@pytest.mark.parametrize("symbol", ["IWM", "XBI"])
def test_a_window_has_one_return_on_chart_and_card(symbol: str, window: str) -> None:
    view = chart_view(picture(), symbol, window.upper(), compare=True)
    named = picture().reading(f"{symbol.lower()}.return.{window}").value
    assert view.change == pytest.approx(named)
    assert view.change_beside == pytest.approx(picture().reading(f"rut.return.{window}").value)
    assert view.curves[0].ys[-1] == pytest.approx(named, abs=2e-3)


@pytest.mark.parametrize("now", [NOW, AFTER_HOURS])
def test_high_and_low_of_a_day_are_those_of_the_quote_card(now: datetime) -> None:
    card = quote_view(picture(now), "IWM").session
    view = chart_view(picture(now), "IWM", "1D")
    assert (view.high, view.low) == (card.high.number, card.low.number)
    assert not view.hours


def test_high_and_low_before_the_open_say_which_hours_they_are_of() -> None:
    view = chart_view(picture(MONDAY_MORNING), "IWM", "1D")
    assert view.hours == "pre"
    assert "pre H " in text_of(header(view, 120))


def test_prices_outside_regular_hours_are_no_high_nor_low() -> None:
    view = chart_view(with_bars(minutes(-30, 0, 1, 389, 391)), "IWM")
    assert (view.low, view.high) == (100.0, 103.89)


def end_label(view: ChartView) -> str:
    return next(rule.label for rule in view.rules if rule.role == "line")


def test_the_end_of_a_chart_has_the_price_of_the_quote() -> None:
    for span in SPANS:
        last = picture().quotes["IWM"].last
        assert end_label(chart_view(picture(), "IWM", span)) == price(last)
    bars = minutes(0, 1)
    assert end_label(chart_view(with_bars(bars), "IWM")) == price(bars.close[-1])


def test_the_end_of_a_chart_after_hours_is_its_newest_print() -> None:
    bars = bars_of(picture(AFTER_HOURS), "IWM", "1D")
    assert bars is not None
    label = end_label(chart_view(picture(AFTER_HOURS), "IWM", "1D"))
    assert label == price(bars.close[-1])
    assert label != price(picture(AFTER_HOURS).quotes["IWM"].last)


@pytest.mark.parametrize("now", [NOW, MONDAY_MORNING, AFTER_HOURS])
@pytest.mark.parametrize("symbol", ["IWM", "XBI"])
def test_the_day_of_a_chart_is_the_day_of_the_quote_card(symbol: str, now: datetime) -> None:
    card = quote_view(picture(now), symbol)
    view = chart_view(picture(now), symbol, "1D")
    assert view.change == card.day.number
    assert view.outside == card.extended_return
    beside = chart_view(picture(now), symbol, "1D", compare=True).change_beside
    assert beside == picture(now).reading("rut.return.1d").value


def test_what_happened_outside_regular_hours_is_told_apart() -> None:
    late = chart_view(picture(AFTER_HOURS), "IWM", "1D")
    assert late.tag == "post"
    assert late.outside.known
    told = text_of(header(late, 120))
    assert f"post {percent(late.outside.number, 2, ' %')}" in told
    assert percent(late.change, 2, " %") in told
    for other in (chart_view(picture(AFTER_HOURS), "IWM", "5D"), chart_view(picture(), "IWM")):
        assert (other.outside.known, other.tag) == (False, "")


def test_before_the_open_the_rule_is_the_close_that_the_session_starts_from() -> None:
    view = chart_view(picture(MONDAY_MORNING), "IWM", "1D")
    last = picture(MONDAY_MORNING).reading("iwm.last").value
    assert [r.y for r in view.rules if r.role == "previous"] == [last]
