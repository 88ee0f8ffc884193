"""The frame around a panel, the lines in it and the mark of its freshness."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.freshness import Freshness
from market.health import Look, Trouble
from market.reports import ErrorKind
from tests.clocks import THURSDAY_AFTERNOON as NOW
from widgets.frame import Frame, framed
from widgets.lines import between, cropped, item, packed, text_of, width_of
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
    mark = mark_of(fresh(look, LIMITED), NOW, demo=True)
    assert all(wording.startswith("DEMO") for wording in mark.wordings)


def test_a_retry_on_another_day_names_it() -> None:
    text = mark_of(fresh(Look.FAILING, LIMITED, 60 * 24), NOW).text
    assert text == "2s, yahoo limited, next Fri 14:32"


@pytest.mark.parametrize("kind", list(ErrorKind))
def test_a_failing_panel_says_so_in_any_room(kind: ErrorKind) -> None:
    mark = mark_of(fresh(Look.FAILING, kind, 3), NOW)
    assert [mark.fitted(room) for room in (1, 12, 40)] == [
        "▲", f"▲ {CAUSES[kind]}", mark.text
    ]  # fmt: skip


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


@pytest.mark.parametrize("width", range(20, 60))
def test_a_failing_mark_leaves_the_first_part_of_the_title_whole(width: int) -> None:
    mark = mark_of(fresh(Look.FAILING, LIMITED, 3, 300, "cboe"), NOW)
    top = text_of(framed(Frame("Russell 2000 · 1D", mark), [], width, 3)[0])
    assert top.startswith("╭ Russell 2000 ")
    assert "▲" in top or "cboe limited" in top


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
