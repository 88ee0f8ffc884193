"""The frame around a panel, the lines in it and the mark of its freshness."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.cells import cell_len

from market.freshness import Freshness
from market.health import Look, Trouble
from market.reports import ErrorKind
from market.snapshot import Mode
from tests.clocks import THURSDAY_AFTERNOON as NOW
from widgets.frame import Frame, framed
from widgets.lines import between, cropped, folded, item, packed, text_of, width_of
from widgets.mark import CAUSES, Mark, mark_of


def fresh(
    look: Look,
    kind: ErrorKind | None = None,
    minutes: float | None = None,
    age_s: int = 2,
    feed: str = "yahoo",
) -> Freshness:
    retry = None if minutes is None else NOW + timedelta(minutes=minutes)
    age = timedelta(seconds=age_s)
    trouble = None if kind is None else Trouble(kind, "a sentence", feed, NOW, retry)
    return Freshness(look, "yahoo", age, NOW - age, 0, "a sentence", trouble)


LIMITED, UNREACHABLE = ErrorKind.LIMITED, ErrorKind.UNREACHABLE


@pytest.mark.parametrize(
    ("freshness", "text", "role"),
    [
        (fresh(Look.LIVE), "yahoo 2s", "muted"),
        (fresh(Look.LATE, age_s=300), "yahoo late 5m", "late"),
        (fresh(Look.FAILING, LIMITED, 3), "2s, yahoo limited, next 14:35", "failing"),
        (fresh(Look.FAILING, UNREACHABLE), "2s, yahoo no answer", "failing"),
        (
            fresh(Look.FAILING, LIMITED, 3, 300, "cboe"),
            "yahoo 5m, cboe limited, next 14:35",
            "failing",
        ),
        (fresh(Look.ABSENT), "no data", "absent"),
    ],
)
def test_the_mark_says_source_and_age_or_why_not(
    freshness: Freshness, text: str, role: str
) -> None:
    mark = mark_of(freshness, NOW)
    assert (mark.text, mark.role) == (text, role)


@pytest.mark.parametrize("look", list(Look))
def test_a_simulated_panel_says_so_first(look: Look) -> None:
    mark = mark_of(fresh(look, LIMITED), NOW, mode=Mode.DEMO)
    assert all(wording.startswith("DEMO") for wording in mark.wordings)


def test_a_retry_on_another_day_names_it() -> None:
    text = mark_of(fresh(Look.FAILING, LIMITED, 60 * 24), NOW).text
    assert text == "2s, yahoo limited, next Fri 14:32"


@pytest.mark.parametrize("kind", list(ErrorKind))
def test_a_failing_panel_says_so_in_any_room(kind: ErrorKind) -> None:
    mark = mark_of(fresh(Look.FAILING, kind, 3), NOW)
    assert [mark.fitted(room) for room in (1, 6, 13, 40)] == [
        "▲", "▲ 2s", f"2s, {CAUSES[kind].word}", mark.text
    ]  # fmt: skip


@pytest.mark.parametrize("kind", list(ErrorKind))
def test_the_age_of_a_picture_that_cannot_be_renewed_goes_last(kind: ErrorKind) -> None:
    """What is shown is Tuesday's, whatever keeps it from being renewed."""
    freshness = replace(fresh(Look.FAILING, kind, 3, 16 * 3600), still=True)
    wordings = mark_of(freshness, NOW).wordings
    assert all("Wed 22:32" in text for text in wordings[:-1])
    assert list(wordings) == sorted(wordings, key=cell_len, reverse=True)


@pytest.mark.parametrize(
    ("seconds", "told"), [(28, "next in 28 s"), (119, "next in 119 s"), (150, "next 14:34")]
)
def test_what_is_asked_again_soon_is_counted_in_seconds(seconds: int, told: str) -> None:
    text = mark_of(fresh(Look.FAILING, LIMITED, seconds / 60), NOW).text
    assert text == f"2s, yahoo limited, {told}"


def test_the_age_outlasts_the_source() -> None:
    assert mark_of(fresh(Look.LIVE), NOW).fitted(4) == "2s"


def test_title_left_and_mark_right_in_the_top_border() -> None:
    frame = Frame("Index", Mark(Look.LIVE, ("yahoo 2s", "yahoo")))
    assert [text_of(line) for line in framed(frame, [(("12", "text"),)], 30, 3)] == [
        "╭ Index ─────────── yahoo 2s ╮",
        "│ 12                         │",
        "╰────────────────────────────╯",
    ]


def test_the_mark_shortens_before_the_title_does() -> None:
    frame = Frame("Volatility", Mark(Look.FAILING, ("yahoo 429, next 14:35", "yahoo 429")), "rule")
    assert text_of(framed(frame, [], 24, 1)[0]) == "Volatility ─── yahoo 429"


def test_a_title_loses_its_last_parts_before_a_letter() -> None:
    frame = Frame("Sub-sectors · 1D · relative to RUT", Mark(Look.LIVE, ("yahoo 2s",)), "rule")
    assert text_of(framed(frame, [], 36, 1)[0]) == "Sub-sectors · 1D ────────── yahoo 2s"


def test_a_failing_mark_leaves_the_first_part_of_the_title_whole() -> None:
    mark = mark_of(fresh(Look.FAILING, LIMITED, 3, 300, "cboe"), NOW)
    for width in range(20, 60):
        top = text_of(framed(Frame("Russell 2000 · 1D", mark), [], width, 3)[0])
        assert top.startswith("╭ Russell 2000 "), width
        assert "▲" in top or "5m, limited" in top or "cboe limited" in top, width


@given(
    st.text("abc · 漢", max_size=30),
    st.text("xyz 0", max_size=30),
    st.sampled_from(["box", "rule"]),
    st.integers(0, 60),
    st.integers(0, 8),
)
def test_a_frame_has_its_size_whatever_stands_in_it(
    title: str, mark: str, kind: str, width: int, height: int
) -> None:
    frame = Frame(title, Mark(Look.LIVE, (mark, mark[:3])), "box" if kind == "box" else "rule")
    inner = frame.inner(width, height)
    body = [(("x" * inner[0], "text"),)] * inner[1]
    lines = framed(frame, body, width, height)
    if width >= 8:
        assert len(lines) == height
        assert {width_of(line) for line in lines} <= {width}


@given(st.lists(st.tuples(st.text("ab1", max_size=9), st.integers(0, 9))), st.integers(0, 40))
def test_items_are_shown_whole_or_not_at_all(words: list[tuple[str, int]], width: int) -> None:
    items = [item((word, "text"), priority=priority) for word, priority in words if word]
    line = packed(items, width)
    assert width_of(line) <= width
    shown = [run for run in line if run[0].strip()]
    assert set(shown) <= {i.runs[0] for i in items}


def test_the_highest_priority_leaves_first() -> None:
    items = [
        item(("level", "text")),
        item(("name", "text"), priority=9),
        item(("day", "text"), priority=1),
    ]
    assert text_of(packed(items, 12)) == "level  day"


def test_two_ends_of_a_line() -> None:
    left, right = (("a", "text"),), (("b", "text"),)
    assert text_of(between(left, right, 5)) == "a   b"
    assert text_of(between(left, right, 2)) == "a"
    assert cropped("Utilities", 6) == "Utili…"


def test_a_sentence_is_folded_between_words() -> None:
    told = "yahoo answered 429 Too Many Requests"
    assert folded(told, 60, 3) == [told]
    assert folded(told, 20, 3) == ["yahoo answered 429", "Too Many Requests"]
    assert folded(told, 19, 1) == ["yahoo answered …"]
    assert folded(told, 3, 2) == []
    assert folded("", 20, 3) == []


@given(st.text("ab 12", max_size=60), st.integers(-3, 40), st.integers(0, 5))
def test_folded_words_fit_and_stay_in_order(told: str, width: int, height: int) -> None:
    lines = folded(told, width, height)
    assert len(lines) <= height
    assert all(len(line) <= width for line in lines)
    words = iter(told.split())
    assert all(word == "…" or word in words for line in lines for word in line.split())
