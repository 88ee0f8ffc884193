"""The format of `captop status`: names and number formats, and nothing else."""

from __future__ import annotations

import string
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.status_words import DEFAULT_FORMAT, FormatError, age, line_of, parts_of

METRICS: dict[str, Any] = {
    "rut.last": {"value": 2996.11, "text": "2,996.11", "age": ""},
    "rut.return.1d": {"value": -0.0055, "text": "−0.55", "age": ""},
    "vix.last": {"value": 16.15, "text": "16.15", "age": "12m"},
    "vix.term.state": {"value": "contango", "text": "contango", "age": "12m"},
    "rvx.last": {"value": None, "text": "—", "age": "", "reason": "waiting for data"},
}


def told(written: str, old: str = "") -> str:
    return line_of(parts_of(written), METRICS, old)


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ("{rut.last}", "2,996.11"),
        ("{rut.last:,.0f}", "2,996"),
        ("{rut.return.1d:+.2%}", "-0.55%"),
        ("{vix.term.state:>10}|", "  contango| (12m)"),
        ("{vix.last} {vix.term.state}", "16.15 contango (12m)"),
        ("{rvx.last:.1f} {never.heard.of}", "-- --"),
        ("{{RUT}} 100 %", "{RUT} 100 %"),
        ("", ""),
    ],
)
def test_a_line_is_made_of_values(written: str, line: str) -> None:
    assert told(written) == line


def test_a_number_format_that_suits_no_word_leaves_the_word() -> None:
    assert told("{vix.term.state:+.2%}") == "contango (12m)"


def test_the_age_of_an_answer_that_nobody_renews_stands_for_all() -> None:
    assert told(DEFAULT_FORMAT, "3h") == "RUT 2,996.11 -0.55% VIX 16.15 (3h)"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{rut.last", "cannot be read"),
        ("{}", "without a name"),
        ("{rut.last!r}", "takes a number format"),
        ("{rut.last:{vix.last}}", "takes a number format"),
        ("{rut.last:+.2q}", "is no number format such as +.2% or ,.0f"),
        ("{rut.last:999999999}", "wider than 200"),
    ],
)
def test_what_is_no_format_is_refused_in_a_sentence(written: str, said: str) -> None:
    with pytest.raises(FormatError, match=said.replace("+", r"\+").replace(".", r"\.")):
        parts_of(written)


def test_a_name_is_looked_up_and_never_an_attribute() -> None:
    assert told("{rut.last.__class__.__mro__}{rut.last[value]}") == "----"


@given(st.text(alphabet=string.printable + "{}:.%\x1b\u200b−", max_size=40))
def test_any_text_is_a_format_or_is_refused(written: str) -> None:
    try:
        line = told(written)
    except FormatError:
        return
    assert not any(unicodedata.category(sign)[0] == "C" for sign in line)


@given(
    st.dictionaries(st.sampled_from(["rut.last", "vix.last"]), st.none() | st.text() | st.floats())
)
def test_an_answer_of_any_form_makes_a_line(metrics: dict[str, Any]) -> None:
    known = {name: {"value": value, "text": value} for name, value in metrics.items()}
    for answer in (metrics, known):
        assert line_of(parts_of("{rut.last:+.1f} {vix.last}"), answer).isprintable()


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0m"), (720, "12m"), (7300, "2h"), (47 * 3600, "47h"), (2e5, "2d")]
)
def test_an_age_in_words(seconds: float, words: str) -> None:
    assert age(seconds) == words
