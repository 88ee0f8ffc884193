"""Stories against the market: states by closes, the present beside them, and what history says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from market.baskets import SHIPPED as BASKETS
from market.baskets import baskets_in
from market.instruments import default_cast
from market.judge import Judge
from market.metrics.compute import compute
from market.metrics.names import rule_writing
from market.quotes import Key
from market.rules.written import RuleError
from market.scoreboard import LineStanding, LineState, Observation
from market.scoring import Scorer
from market.sessions import is_session, session_of
from market.snapshot import Snapshot, empty_snapshot
from market.story_record import Row, StoryRecord
from market.thesis import SHIPPED, Story, stories_in, story_of
from tests.market.metrics.pictures import bars_of, quote_at, with_quote
from tests.market.vectors import closes
from tests.shared import VECTORS, needs_shared

WRITING = rule_writing(default_cast(), baskets_in([BASKETS])[0])
VIX_STORY = """
slug = "calm"
title = "Calm"
source = "a test"
date = 2026-07-02
[[line]]
id = "vix"
title = "VIX"
claim = "in the mid-teens"
rule = { metric = "vix.last", within = [13, 17] }
"""
DAYS = [date(2026, 7, day) for day in (6, 7, 8, 9, 10)]
"""Monday to Friday."""


def story(text: str = VIX_STORY) -> Story:
    return story_of(text, WRITING)


def test_no_story_was_told_before_closes_begin() -> None:
    with pytest.raises(ValueError, match="date 1026-07-02 is before 1990"):
        story(VIX_STORY.replace("2026-07-02", "1026-07-02"))


def at_close(day: date, levels: Mapping[date, float], symbol: str = "^VIX") -> Snapshot:
    """What is known an hour after the close of a day."""
    bars = bars_of(symbol, {d: v for d, v in levels.items() if d <= day}, source="cboe")
    now = session_of(day).close + timedelta(hours=1)
    bare = replace(empty_snapshot(now), bars={bars.key: bars}, fetched={bars.key: now})
    return replace(bare, readings=compute(bare))


def quoted(snapshot: Snapshot, level: float) -> Snapshot:
    """The same with a price of this moment."""
    known = with_quote(snapshot, quote_at("^VIX", level, snapshot.now, "cboe"))
    return replace(known, readings=compute(known))


def judged(snapshot: Snapshot, *stories: Story, record: StoryRecord | None = None) -> Judge:
    judge = Judge(stories, record)
    judge.look_back(snapshot)
    while not judge.is_done:
        judge.look_back(snapshot)
    return judge


def line(judge: Judge, snapshot: Snapshot, name: str) -> LineStanding:
    found = next((s.of(name) for s in judge.board(snapshot).stories if s.of(name)), None)
    assert found is not None
    return found


def test_a_state_turns_after_two_closes_and_dates_from_the_first() -> None:
    levels = dict(zip(DAYS, (15.0, 18.0, 15.0, 18.0, 19.0), strict=True))
    told = [line(judged(s, story()), s, "vix") for d in DAYS[1:] if (s := at_close(d, levels))]
    states = [(each.state, each.since) for each in told]
    holds, above = (LineState.HOLDS, DAYS[0]), (LineState.ABOVE, DAYS[3])
    assert states == [holds, holds, holds, above]
    assert told[0].live is LineState.ABOVE


def test_a_price_in_the_session_turns_nothing_and_is_marked() -> None:
    before = at_close(DAYS[1], dict.fromkeys(DAYS, 15.0))
    now = session_of(DAYS[2]).open + timedelta(hours=1)
    open_ = quoted(before.at(now), 25.0)
    found = line(judged(open_, story()), open_, "vix")
    assert (found.state, found.live, found.is_intraday) == (LineState.HOLDS, LineState.ABOVE, True)


def test_a_value_that_came_since_the_close_is_marked_where_one_close_would_have_turned_it() -> None:
    known = at_close(DAYS[1], dict.fromkeys(DAYS, 15.0))
    at_once = story(VIX_STORY.replace("within = [13, 17]", "within = [13, 17], closes = 1"))
    for told, is_marked in ((at_once, True), (story(), False)):
        judge = judged(known, told)
        since = quoted(known, 25.0)
        found = line(judge, since, "vix")
        assert (found.state, found.live) == (LineState.HOLDS, LineState.ABOVE)
        assert found.is_intraday is is_marked


def test_before_its_closes_are_judged_a_line_is_pending_whatever_it_is_worth_now() -> None:
    snapshot = at_close(DAYS[1], dict.fromkeys(DAYS, 15.0))
    judge = Judge([story()])
    judge.begin()
    found = line(judge, snapshot, "vix")
    assert (found.state, found.live, found.since) == (LineState.PENDING, LineState.HOLDS, None)
    assert judge.board(snapshot).stories[0].valued == 0
    assert line(judged(snapshot, story()), snapshot, "vix").state is LineState.HOLDS


def test_one_pass_decides_the_lines_it_is_asked_for_and_no_other(tmp_path: Path) -> None:
    levels = dict(zip(DAYS, (15.0, 18.0, 15.0, 18.0, 19.0), strict=True))
    snapshot = at_close(DAYS[4], levels)
    record = StoryRecord(tmp_path / "stories.ndjson")
    seen = Row(story="calm", line="vix", day=DAYS[2], state=LineState.FAILS, at=snapshot.now)
    record.add((seen,))
    for asked, state, since in (
        ({"thesis.calm.vix"}, LineState.ABOVE, DAYS[3]),
        ({"thesis.calm.other"}, LineState.PENDING, None),
    ):
        judge = Judge([story()], record)
        judge.decide(snapshot, asked.__contains__)
        found = line(judge, snapshot, "vix")
        assert (found.state, found.since, found.live) == (state, since, LineState.ABOVE)


def test_a_first_close_says_that_the_state_may_be_older() -> None:
    levels = dict(zip(DAYS, (15.0, 18.0, 19.0, 19.0, 19.0), strict=True))
    firsts = [
        line(judged(s, story()), s, "vix").is_first for d in DAYS if (s := at_close(d, levels))
    ]
    assert firsts == [True, True, False, False, False]


def test_what_is_late_keeps_its_state_and_is_stale() -> None:
    known = at_close(DAYS[1], dict.fromkeys(DAYS, 15.0))
    later = known.at(session_of(date(2026, 7, 20)).open + timedelta(hours=2))
    found = line(judged(later, story()), later, "vix")
    assert (found.state, found.since) == (LineState.STALE, DAYS[0])
    assert found.reason


def test_what_is_not_known_is_not_decided_and_says_why() -> None:
    nothing = empty_snapshot(session_of(DAYS[0]).close + timedelta(hours=1))
    nothing = replace(nothing, readings=compute(nothing))
    found = line(judged(nothing, story()), nothing, "vix")
    assert (found.state, found.since, bool(found.reason)) == (LineState.NA, None, True)


def test_possible_is_between_holding_and_failing() -> None:
    text = VIX_STORY.replace(
        "within = [13, 17] }", "below = 17 }\npossible = { metric = 'vix.last', below = 20 }"
    )
    for level, state in ((16, LineState.HOLDS), (19, LineState.POSSIBLE), (21, LineState.FAILS)):
        snapshot = at_close(DAYS[0], {DAYS[0]: level})
        assert line(judged(snapshot, story(text)), snapshot, "vix").state is state


def test_a_story_that_contradicts_itself_fails_by_how_much() -> None:
    days = {date(2025, 12, 31): 2481.91, date(2026, 7, 2): 2996.11}
    snapshot = at_close(date(2026, 7, 2), days, "^RUT")
    shipped = stories_in([SHIPPED], WRITING)[0]
    found = line(judged(snapshot, *shipped), snapshot, "consistency")
    assert found.state is LineState.FAILS
    assert found.standing.value == pytest.approx(-0.1341, abs=1e-4)


def test_the_record_keeps_what_has_no_past(tmp_path: Path) -> None:
    text = VIX_STORY.replace("vix.last", "breadth.participation").replace("[13, 17]", "[0.5, 1]")
    record = StoryRecord(tmp_path / "stories.ndjson")
    for day in DAYS[:2]:
        at = datetime(2026, 7, day.day, 21, tzinfo=UTC)
        record.add(
            [Row(story="calm", line="vix", day=day, state=LineState.FAILS, value=0.4, at=at)]
        )
    snapshot = at_close(DAYS[1], dict.fromkeys(DAYS, 15.0))
    found = line(judged(snapshot, story(text), record=record), snapshot, "vix")
    assert (found.state, found.since) == (LineState.FAILS, DAYS[0])


def test_each_settled_close_is_recorded_once_over_restarts(tmp_path: Path) -> None:
    record = StoryRecord(tmp_path / "stories.ndjson")
    for day in (DAYS[0], DAYS[0], DAYS[1]):
        snapshot = at_close(day, dict.fromkeys(DAYS, 15.0))
        judge = judged(snapshot, story(), record=record)
        judge.note_close(replace(snapshot, scoreboard=judge.board(snapshot)))
    assert [each.day for each in record.load()["calm", "vix"]] == DAYS[:2]
    assert len(record.path.read_text().splitlines()) == 2


def test_nothing_is_recorded_while_the_market_is_open(tmp_path: Path) -> None:
    record = StoryRecord(tmp_path / "stories.ndjson")
    before = at_close(DAYS[0], dict.fromkeys(DAYS, 15.0))
    now = session_of(DAYS[1]).open + timedelta(hours=1)
    open_ = quoted(before.at(now), 15.0)
    judge = judged(open_, story(), record=record)
    judge.note_close(replace(open_, scoreboard=judge.board(open_)))
    assert not record.load()


def test_a_close_that_history_tells_otherwise_is_reported() -> None:
    snapshot = at_close(DAYS[1], dict.fromkeys(DAYS, 15.0))
    seen = Observation(DAYS[0], LineState.ABOVE, 18.0, is_recorded=True)
    scorer = Scorer([story()], {("calm", "vix"): (seen,)})
    scorer.learn({"vix.last": {DAYS[0]: 15.0, DAYS[1]: 15.0}})
    found = scorer.board(snapshot).stories[0].of("vix")
    assert found is not None
    assert found.differences == ("seen as above at the close of 2026-07-06; by history holds",)


@needs_shared
@pytest.mark.parametrize("day", ["2026-07-02", "2026-08-20"])
def test_the_shipped_story_reproduces_the_published_scoreboard(day: str) -> None:
    vector = json.loads((VECTORS / "thesis_scoreboard_2026.json").read_text(encoding="utf-8"))
    until = date.fromisoformat(day)
    rut = {**closes("inputs/rut_spx_close.csv", "rut")}
    rut[date(2025, 12, 31)] = vector["inputs"]["rut_2025-12-31"]
    series = {
        "^RUT": rut,
        "^GSPC": closes("inputs/rut_spx_close.csv", "spx"),
        "^VIX": {d: v for d, v in closes("inputs/cboe_vol.csv", "VIX").items() if is_session(d)},
        "XBI": closes("inputs/etf_close_panel.csv", "XBI"),
    }
    bars = {
        (each := bars_of(symbol, {d: v for d, v in told.items() if d <= until})).key: each
        for symbol, told in series.items()
    }
    snapshot = _known(bars, until)
    judge = judged(snapshot, *stories_in([SHIPPED], WRITING)[0])
    expected = vector["expected"][day]
    names = {"level": "level", "ytd": "ytd", "month": "m1", "vix": "vix"}
    for name, told in names.items():
        found = line(judge, snapshot, name)
        since = date.fromisoformat(expected[told]["since"])
        assert (found.state.upper(), found.since) == (expected[told]["state"], since), name
    assert line(judge, snapshot, "consistency").state is LineState.FAILS
    assert line(judge, snapshot, "stock-specific").state is LineState.FAILS
    assert line(judge, snapshot, "rotation").state is LineState.HOLDS
    if day in vector["expected"]["biotech_xbi_8w"]:
        biotech = vector["expected"]["biotech_xbi_8w"][day]
        assert line(judge, snapshot, "biotech").live.upper() == biotech["state"]


def _known(bars: Mapping[Key, object], day: date) -> Snapshot:
    now = session_of(day).close + timedelta(hours=1)
    bare = replace(empty_snapshot(now), bars=bars, fetched=dict.fromkeys(bars, now))
    return replace(bare, readings=compute(bare))


def test_closes_of_what_is_possible_are_refused_since_they_turn_nothing() -> None:
    possible = "possible = { metric = 'vix.last', below = 20, closes = 3 }"
    with pytest.raises(RuleError, match=r"line vix: possible.closes is nothing"):
        story(VIX_STORY + possible)
