"""The formatter: never raises, bounded, signs always told, no minus zero."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widgets.strips import (
    WIDEST,
    arrow,
    ascii_text,
    basis_points,
    contribution,
    direction,
    percent,
    percent_in,
    plain,
    price,
    range_bar,
    ratio,
    relative_volume,
    share,
    signed,
    sources_in,
    times,
    volume,
)

anything = st.none() | st.floats() | st.integers(-(10**30), 10**30).map(float)
formatters: tuple[Callable[[float | None], str], ...] = (
    price,
    signed,
    percent,
    share,
    basis_points,
    contribution,
    ratio,
    times,
    volume,
)


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (price(2996.11), "2,996.11"),
        (sources_in("nyfed+treasury", 14), "nyfed+treasury"),
        (sources_in("nyfed+treasury", 12), "nyfed +1"),
        (sources_in("sec+yahoo_rss+nasdaq", 12), "sec +2"),
        (sources_in("treasury", 8), "treasury"),
        (sources_in("", 8), ""),
        (price(-16.479), "−16.48"),
        (price(1234.5, 0), "1,234"),
        (price(None), "—"),
        (price(float("nan")), "—"),
        (price(-0.001), "0.00"),
        (signed(16.48), "+16.48"),
        (signed(-16.48), "−16.48"),
        (signed(0.0), "0.00"),
        (signed(-0.0049), "0.00"),
        (percent(0.0219), "+2.19"),
        (percent(-0.00547, 2, " %"), "−0.55 %"),
        (percent(None, 2, " %"), "—"),
        (share(0.97), "97 %"),
        (basis_points(0.0034), "+34 bp"),
        (contribution(0.00034), "+3.4 bp"),
        (contribution(-0.000034, of_member=True), "−0.34 bp"),
        (contribution(0.012345, 7, of_member=True), "+123 bp"),
        (contribution(-0.000042, 6, of_member=True), "−0.4 bp"),
        (contribution(None), "—"),
        (ratio(1.3249), "1.32"),
        (times(0.71), "0.7x"),
        (times(12.3), "12x"),
        (relative_volume(0.71, "by IWM's usual part of the day, 4 sessions"), "0.7x"),
        (relative_volume(0.71, ""), "0.7x"),
        (relative_volume(0.71, "session so far against full days; of the page"), "0.7d"),
        (relative_volume(None, "half day against full days"), "—"),
        (volume(1_234_567), "1.2M"),
        (volume(950), "950"),
        (volume(999.7), "1.0K"),
        (volume(-1), "—"),
        (volume(4.1e10), "41.0B"),
        (volume(1e30), ">999T"),
        (arrow(1.0) + arrow(-1.0) + arrow(0.0), "▲▼•"),
        (arrow(1.0, ascii_only=True) + arrow(None), "^ "),
        (percent_in(1.23456, 7), "+123.46"),
        (percent_in(12.3456, 7), "+1,234.6"[:0] + "+1,235"),
        (range_bar(0.0, 6), "├●───┤"),
        (range_bar(1.0, 6), "├───●┤"),
        (range_bar(0.5, 7, ascii_only=True), "|--*--|"),
        (range_bar(None, 4), "    "),
        (plain("a\x1b[31mb\nc\u202e"), "a[31mb c"),
        (ascii_text("−▲—…"), "-^.~"),
        (ascii_text("≤ 2 Jan"), "<=2 Jan"),
    ],
)
def test_wording(made: str, text: str) -> None:
    assert made == text


@given(anything)
def test_no_number_breaks_the_formatter_or_its_width(value: float | None) -> None:
    for formatter in formatters:
        assert 1 <= len(formatter(value)) <= WIDEST + 3


@given(anything, st.integers(0, 6))
def test_a_sign_stands_before_every_number_that_shows_a_digit(
    value: float | None, decimals: int
) -> None:
    text = signed(value, decimals)
    if re.search("[1-9]", text):
        assert text[0] == ("+" if (value or 0) > 0 else "−")
    else:
        assert not text.startswith(("+", "−", "-"))


@given(anything, st.integers(3, 12), st.integers(0, 4))
def test_percent_keeps_to_its_column(value: float | None, width: int, decimals: int) -> None:
    assert len(percent_in(value, width, decimals)) <= width


@given(anything)
def test_colour_never_contradicts_the_sign(value: float | None) -> None:
    text = percent(value)
    roles = {"+": "up", "−": "down", "—": "absent"}
    assert direction(text) == roles.get(text[0], "flat")


@given(anything, st.integers(-3, 60), st.booleans())
def test_the_range_bar_fills_its_cells(value: float | None, width: int, ascii_only: bool) -> None:
    bar = range_bar(value, width, ascii_only=ascii_only)
    assert len(bar) == max(0, width)
    assert bar.isascii() or not ascii_only


@given(st.text())
def test_text_from_outside_can_move_nothing(text: str) -> None:
    shown = plain(text)
    assert not any(unicodedata.category(c) in {"Cc", "Cf", "Cs"} for c in shown)
    assert plain(shown) == shown


@given(st.text("−—–·…▲▼•●○›─━│├┤╭╮╰╯“”→abc"))
def test_ascii_takes_the_same_cells(text: str) -> None:
    assert ascii_text(text).isascii()
    assert len(ascii_text(text)) == len(text)
