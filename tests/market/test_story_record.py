"""The record of the stories' closes: added to only, and read whatever became of it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from market.scoreboard import LineState, Observation
from market.story_record import Row, StoryRecord

AT = datetime(2026, 8, 4, 20, 30, tzinfo=UTC)


def row(day: int, state: LineState = LineState.HOLDS, line: str = "vix") -> Row:
    return Row(story="july", line=line, day=date(2026, 8, day), state=state, value=15.5, at=AT)


def test_what_is_added_is_read_back_oldest_first(tmp_path: Path) -> None:
    record = StoryRecord(tmp_path / "new folder" / "stories.ndjson")
    assert record.load() == {}
    record.add([row(4), row(4, line="level")])
    record.add([row(3, LineState.ABOVE)])
    assert record.load()["july", "vix"] == (
        Observation(date(2026, 8, 3), LineState.ABOVE, 15.5, True),
        Observation(date(2026, 8, 4), LineState.HOLDS, 15.5, True),
    )


def test_of_two_rows_about_one_close_the_first_counts(tmp_path: Path) -> None:
    record = StoryRecord(tmp_path / "stories.ndjson")
    record.add([row(4)])
    StoryRecord(record.path).add([row(4, LineState.FAILS)])
    assert [each.state for each in record.load()["july", "vix"]] == [LineState.HOLDS]


def test_lines_that_are_none_are_passed_over_and_counted(tmp_path: Path) -> None:
    record = StoryRecord(tmp_path / "stories.ndjson")
    record.add([row(3)])
    with record.path.open("ab") as file:
        file.write(b'{"story": "july"}\n\xff\xfe\n\n')
    record.add([row(4)])
    assert len(record.load()["july", "vix"]) == 2
    assert record.unreadable == 2


def test_a_file_cut_anywhere_loses_the_cut_line_alone_and_goes_on(tmp_path: Path) -> None:
    record = StoryRecord(tmp_path / "stories.ndjson")
    record.add([row(3), row(4)])
    whole = record.path.read_bytes()
    ends = [n for n, byte in enumerate(whole) if byte == ord("\n")]
    for cut in range(len(whole) + 1):
        record.path.write_bytes(whole[:cut])
        record.add([row(5)])
        days = [each.day.day for each in record.load()["july", "vix"]]
        assert days == [*[3, 4][: sum(cut >= end for end in ends)], 5], cut
