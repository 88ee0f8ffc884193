"""What is said of a story's lines: states, bands, rules in words, evidence, and the closes."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest
from msgspec.structs import replace

from market.baskets import SHIPPED as BASKETS
from market.baskets import baskets_in
from market.health import Trouble
from market.judge import Judge
from market.metrics.names import rule_writing
from market.quotes import Key, Kind
from market.reading import Reading
from market.reports import ErrorKind
from market.rules.rule import Comparison, Condition
from market.scoreboard import LineStanding, LineState, Observation, Scoreboard, StoryStanding
from market.snapshot import Snapshot, empty_snapshot
from market.thesis import SHIPPED, Line, stories_in
from tests.widgets.pictures import picture
from widgets.lines import text_of, width_of
from widgets.metric_text import metric_text
from widgets.story_lines import (
    band_bar,
    band_of,
    bound_text,
    condition_text,
    rule_text,
    value_text,
)
from widgets.strips import MISSING
from widgets.thesis import paint, thesis_view
from widgets.thesis_chart import course_view
from widgets.thesis_chart import paint as paint_chart
from widgets.thesis_evidence import evidence_rows
from widgets.thesis_table import thesis_rows
from widgets.thesis_view import telling


@cache
def told() -> Snapshot:
    """The market, and how the shipped story stood in it at two closes and by the newest values."""
    snapshot = picture()
    writing = rule_writing(snapshot.cast, baskets_in([BASKETS])[0])
    stories, faults = stories_in([SHIPPED], writing)
    assert not faults
    judge = Judge(stories)
    judge.look_back(snapshot)
    while not judge.is_done:
        judge.look_back(snapshot)
    return replace(snapshot, scoreboard=judge.board(snapshot))


def standing(name: str) -> LineStanding:
    board = told().scoreboard
    assert board is not None
    found = board.stories[0].of(name)
    assert found is not None
    return found


def of(state: LineState, since: date | None, name: str) -> LineStanding:
    line = replace(standing("vix").line, id=name, title=name)
    return replace(standing("vix"), line=line, state=state, since=since)


def test_the_panel_says_how_many_hold_and_each_line_fits() -> None:
    view = thesis_view(told())
    holding, valued = (int(part) for part in view.held.removesuffix(" hold").split(" of "))
    assert 0 < holding < valued <= 21
    for width in (64, 40, 24):
        lines = paint(view, width, 6)
        assert len(lines) == 6
        assert all(width_of(line) <= width for line in lines)


def test_while_closes_are_looked_at_no_lines_are_counted() -> None:
    board = told().scoreboard
    assert board is not None
    judge = Judge([board.stories[0].story])
    judge.begin()
    early = replace(told(), scoreboard=judge.board(told()))
    view = thesis_view(early)
    assert view.held == ""
    states = {line.state[0] for line in view.lines}
    assert "waiting" in states
    assert states <= {"waiting", "not known", "stale"}


def test_a_line_says_what_is_said_now_of_the_number_it_lacks() -> None:
    board = told().scoreboard
    assert board is not None
    now = told().now
    bare = replace(empty_snapshot(now), scoreboard=Judge([board.stories[0].story]).board(told()))
    key = Key(Kind.DAILY, "^VIX")
    trouble = Trouble(ErrorKind.LIMITED, "Cboe says there were too many requests", "cboe", now)
    refused = replace(bare, troubles={key: trouble, Key(Kind.QUOTE, "^VIX"): trouble})
    row = f"{board.stories[0].story.slug}/vix"
    assert course_view(refused, row).reason == trouble.text


def test_before_anything_is_judged_the_panel_says_so() -> None:
    (line,) = paint(thesis_view(picture()), 40, 1)
    assert "working out" in text_of(line)


def test_the_oldest_failures_and_the_newest_turns_are_told_first() -> None:
    lines = (
        of(LineState.HOLDS, date(2026, 6, 1), "old hold"),
        of(LineState.NA, None, "unknown"),
        of(LineState.FAILS, date(2026, 4, 1), "old failure"),
        of(LineState.HOLDS, date(2026, 7, 1), "new hold"),
        of(LineState.ABOVE, date(2026, 5, 1), "failure"),
    )
    board = told().scoreboard
    assert board is not None
    story = StoryStanding(story=board.stories[0].story, lines=lines)
    names = [each.line.id for each in telling(story)]
    assert names == ["old failure", "new hold", "failure", "old hold", "unknown"]


def test_a_row_a_line_with_state_band_and_rule() -> None:
    rows = thesis_rows(told())
    assert len(rows) == 21
    by_key = {row.key.partition("/")[2]: row for row in rows}
    level = by_key["level"].cells
    assert level[3].text == "2,401–2,499"
    assert "┣" in level[4].text
    assert by_key["jobs"].cells[3].text == "both"
    assert by_key["breadth"].cells[3].text == "3 of 5"
    assert by_key["consistency"].cells[3].text == "within 1 %"
    assert "┫" in by_key["consistency"].cells[4].text
    unknown = next(row for row in rows if row.notes)
    assert unknown.notes[0].startswith("— ")


def test_of_several_stories_each_has_a_heading_with_title_date_count_and_source() -> None:
    board = told().scoreboard
    assert board is not None
    (first,) = board.stories
    other = replace(first.story, slug="other", title="Another", source="a letter", lines=())
    second = StoryStanding(story=other, lines=first.lines[:2])
    both = replace(told(), scoreboard=Scoreboard(stories=(first, second)))
    rows = thesis_rows(both, is_headed=True)
    headings = {row.key: row for row in rows if "/" not in row.key}
    assert [*headings] == [first.story.slug, "other"]
    assert len(rows) == 21 + 2 + 2
    assert headings["other"].cells[0].text == f"{second.holding} of {second.valued} hold"
    date_of = f"{other.date.day} {other.date:%b %Y}"
    assert headings["other"].notes[0] == f"Another ({date_of}) · a letter"
    assert len(thesis_rows(both)) == 21 + 2, "none stands among sorted or filtered rows"
    assert len(thesis_rows(told(), is_headed=True)) == 21, "one story has the panel's title"


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("rut.return.1m", 0.05, "5 %"),
        ("rut.return.1m", -0.025, "−2.5 %"),
        ("vix.last", 17.0, "17"),
        ("rut.last", 2401.0, "2,401"),
        ("macro.2y_minus_effr", 25.0, "25 bp"),
        ("flows.small_caps.20d", 0.0, "$0"),
    ],
)
def test_bounds_are_told_without_needless_zeros(name: str, value: float, text: str) -> None:
    assert bound_text(told(), name, value) == text


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("us2y.value", 0.0417, "4.17 %"),
        ("unemployment.value", 0.041, "4.1 %"),
        ("macro.cpi.yoy", 0.0298, "2.98 %"),
        ("iwm.flow.share.20d", -0.00018, "−0.02 %"),
        ("iwm.flow.percentile.20d", 0.63, "63.0 %"),
        ("breadth.up_volume_share", 0.63, "63.0 %"),
    ],
)
def test_evidence_has_the_digits_that_its_line_is_judged_by(
    name: str, value: float, text: str
) -> None:
    assert metric_text(told(), name, value, unit=True) == text


def test_a_line_that_holds_by_its_closes_says_why_it_has_no_value_now() -> None:
    held = of(LineState.HOLDS, date(2026, 10, 15), "inflation")
    line = replace(held.line, shows="macro.cpi.yoy")
    gone = Reading(None, reason="no base: October 2025 was never collected")
    snapshot = replace(told(), readings={"macro.cpi.yoy": gone})
    assert value_text(snapshot, replace(held, line=line)) == "no base"
    assert value_text(replace(snapshot, readings={}), replace(held, line=line)) == MISSING


def test_rules_in_words() -> None:
    snapshot = told()
    asked = {
        Condition(metric="vix.last", comparison=Comparison.ABOVE, bound=20): "above 20",
        Condition(metric="vix.term.state", comparison=Comparison.IS, bound="flat"): "is flat",
        Condition(metric="vix.last", comparison=Comparison.Z_MOVE, bound=2.5): "moves 2.5 σ",
        Condition(metric="vix.last", comparison=Comparison.CROSSES, bound=20): "crosses 20",
        Condition(
            metric="rut.last", comparison=Comparison.FALLS, bound=0.03, sessions=5, is_relative=True
        ): "falls 3 % in 5d",
    }
    assert [condition_text(snapshot, each) for each in asked] == list(asked.values())
    assert rule_text(snapshot, standing("vix").line.rule.test) == "13–17"


def test_the_band_and_the_value_share_one_scale() -> None:
    bar = band_bar(16.0, (13.0, 17.0), (12.0, 20.0), 15)
    assert len(bar) == 15
    assert bar.index("┣") < bar.index("●") < bar.index("┫")
    above = band_bar(25.0, (13.0, 17.0), (), 15)
    assert above.index("┫") < above.index("●")
    open_ = band_bar(0.6, (0.5, None), (), 15)
    assert open_.endswith("━")
    assert band_bar(None, (13.0, 17.0), (), 15) == " " * 15
    assert band_of(told(), standing("first-cut").line.rule.test) == (0.5, None)


def test_the_evidence_is_each_condition_then_the_other_metrics() -> None:
    rows = evidence_rows(told(), standing("ai"))
    assert [row.key for row in rows][:3] == [
        "basket.ai.return.6m",
        "basket.ai.relative.6m",
        "aiq.return.6m",
    ]
    assert rows[0].cells[2].text == "0.2–0.35", "no basket has members yet"
    assert rows[2].cells[2].text == ""


def test_a_claim_against_itself_is_asked_for_what_it_implies() -> None:
    year_start = evidence_rows(told(), standing("consistency"))[0]
    assert year_start.key == "rut.year_start"
    assert year_start.cells[2].text == "±1 % of 2,149.12"


def test_the_chart_draws_the_closes_and_says_why_there_are_none() -> None:
    snapshot = told()
    row = f"{_board(snapshot).stories[0].story.slug}/vix"
    none = paint_chart(course_view(_with_course(snapshot, ()), row), 60, 10)
    assert "no close is known yet" in "\n".join(map(text_of, none))
    closes = tuple(
        Observation(date(2026, 6, day), LineState.HOLDS, 15.0 + day / 10) for day in range(1, 6)
    )
    known = _with_course(snapshot, closes)
    drawn = paint_chart(course_view(known, row), 60, 10)
    assert len(drawn) == 10
    assert all(width_of(line) <= 60 for line in drawn)
    assert "claimed" in text_of(drawn[0])


def test_the_chart_of_a_claim_against_itself_draws_how_far_the_two_are_apart() -> None:
    row = f"{_board(told()).stories[0].story.slug}/consistency"
    view = course_view(told(), row)
    gap = standing("consistency").standing.value
    assert isinstance(gap, float)
    assert view.values[-1] == pytest.approx(gap, abs=1e-9)
    assert (view.is_percent, view.band) == (True, (-0.01, 0.01))
    assert "claimed" in text_of(paint_chart(view, 90, 10)[0])


def _board(snapshot: Snapshot) -> Scoreboard:
    assert snapshot.scoreboard is not None
    return snapshot.scoreboard


def _with_course(snapshot: Snapshot, closes: tuple[Observation, ...]) -> Snapshot:
    story = _board(snapshot).stories[0]
    lines = tuple(
        replace(each, course=closes) if each.line.id == "vix" else each for each in story.lines
    )
    return replace(snapshot, scoreboard=Scoreboard(stories=(replace(story, lines=lines),)))


def test_a_line_of_a_story_keeps_what_it_is_judged_by_apart_from_evidence() -> None:
    line: Line = standing("vix").line
    assert line.judged_by == ("vix.last",)
    assert "rvx.last" in line.evidence
