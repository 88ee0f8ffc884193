"""Tapes on disk: cut anywhere, unwritable, of two programs at once, within their bound."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from market.feeds.yahoo.crumb import CRUMB_PATH
from market.instruments import Cast
from market.snapshot import Snapshot, empty_snapshot
from market.tape.entries import VERSION, Changed, Header
from market.tape.player import Player
from market.tape.recorder import OVERDUE, Recorder
from market.tape.ring import OneFile, Ring, day_of, days_in, tapes_in, tapes_of
from market.tape.tape_file import (
    ENTRIES,
    HEADER,
    LARGE_VALUES,
    MAGIC,
    PICTURE,
    TapeError,
    TapeFile,
    TapeWriter,
    frame_of,
)
from market.tape.transcript import Pictured, Taken, Transcript
from tests.clocks import THURSDAY_AFTERNOON as NOW
from tests.market.feeds.scripted_http import ScriptedHttp
from tests.market.feeds.yahoo_wire import Yahoo, details, feed_of, one_query, reply
from tests.market.memberships import known_in_full, symbols
from tests.market.tape.tapes import Session, differences, opened, recorded

QUIET = empty_snapshot(NOW)
HEADER_OF_NOW = Header(version=VERSION, captop="1.0", mode="live", begun=NOW)


async def _a_little(session: Session) -> None:
    for minute in range(3):
        session.pass_time(60)
        session.tell("IWM", 220.0 + minute)
        await session.reckon("IWM")


def test_a_tape_cut_at_any_byte_opens_and_loses_only_its_end(tmp_path: Path) -> None:
    path, cut = tmp_path / "a.tape", tmp_path / "cut.tape"
    few = replace(QUIET, cast=Cast({}))
    small = Session(OneFile(path), few)
    small.recorder.begin(few, NOW)
    small.tell("IWM", 220.0)
    small.end()
    whole, data = opened(path), path.read_bytes()
    last = whole.frames[-1]
    for end in range(len(data)):
        cut.write_bytes(data[:end])
        tape = TapeFile.opened(cut)
        starts = [f.start for f in whole.frames if f.start + f.length <= end]
        assert [f.start for f in tape.frames] == starts
        if not tape.pictures:
            with pytest.raises(TapeError, match="it is empty"):
                Player(tape)
    cut.write_bytes(data[: last.start + last.length - 1])
    assert Player(TapeFile.opened(cut)).latest.now == NOW


def test_what_is_no_tape_or_of_another_format_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "a.tape"
    path.write_bytes(b"something else")
    with pytest.raises(TapeError, match="is not a tape of captop"):
        TapeFile.opened(path)
    with pytest.raises(TapeError, match="cannot be read: No such file"):
        TapeFile.opened(tmp_path / "none.tape")
    header = {"version": 99, "captop": "9.0", "mode": "live", "begun": NOW}
    path.write_bytes(MAGIC + frame_of(HEADER, NOW, header))
    with pytest.raises(TapeError, match=r"captop 9\.0 in format 99; this captop plays format 2"):
        TapeFile.opened(path)


def test_a_changed_byte_ends_the_tape_before_it(tmp_path: Path) -> None:
    path = tmp_path / "a.tape"
    recorded(path, _a_little)
    whole, data = opened(path), bytearray(path.read_bytes())
    data[whole.frames[-1].start] ^= 1
    path.write_bytes(data)
    assert opened(path).frames == whole.frames[:-1]


def test_an_unwritable_folder_is_told_once_and_costs_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    session = Session(Ring(tmp_path / "file", 2**26), QUIET)
    session.recorder.begin(QUIET, NOW)
    session.tell("IWM", 220.0)
    session.end()
    assert session.room.latest.quotes["IWM"].last == 220.0
    assert len(session.notices) == 1
    path = tmp_path / "file"
    assert session.notices == [
        f"nothing is recorded any more (file exists): make room, or see to {path}"
    ]
    assert session.recorder.fault == session.notices[0]


class FullDisk(OneFile, frozen=True):
    """Reels that end in the middle of the first picture."""

    def begin(self, header: object) -> TapeWriter:
        """Return a writer whose disk is soon full."""
        del header
        return FullWriter(self.path)


class FullWriter(TapeWriter):
    """Takes 300 bytes."""

    def add(self, data: bytes) -> None:
        """Write what there is room for."""
        super().add(data[: 300 - getattr(self, "size", 0)] if hasattr(self, "size") else data)
        if self.size >= 300:
            raise OSError(28, "No space left on device", str(self.path))


def test_a_full_disk_ends_the_recording_and_leaves_what_can_be_opened(tmp_path: Path) -> None:
    session = Session(FullDisk(tmp_path / "a.tape"), QUIET)
    session.recorder.begin(QUIET, NOW)
    session.tell("IWM", 220.0)
    session.end()
    (told,) = session.notices
    assert told.startswith("nothing is recorded any more (no space left on device): make room,")
    assert told.endswith(str(tmp_path / "a.tape"))
    tape = opened(tmp_path / "a.tape")
    assert tape.end < tape.path.stat().st_size


def test_what_the_disk_refuses_names_the_file(tmp_path: Path) -> None:
    writer = TapeWriter(tmp_path / "a.tape")
    writer.close()
    with pytest.raises(OSError, match="Bad file descriptor") as refused:
        writer.add(b"more")
    assert refused.value.filename == str(tmp_path / "a.tape")


def test_of_two_captops_one_records_and_the_other_reads_and_follows(tmp_path: Path) -> None:
    ring = Ring(tmp_path / "tape", 2**26)
    first, second = Transcript(ring), Transcript(ring)
    step = Taken(Changed(NOW), QUIET)
    for transcript in (first, second):
        transcript.write([Pictured(NOW, QUIET), step])
    (path,) = tapes_in(ring.folder)
    assert path.name == f"2026-07-02T143207-{os.getpid()}.tape"
    assert tapes_of(ring.folder, NOW.date()) == [path]
    assert list(days_in(ring.folder)) == [NOW.date()]
    assert first.path == second.path == path, "the second reads what the first writes"
    assert [frame.letter for frame in opened(path).frames] == [LARGE_VALUES, PICTURE, ENTRIES]
    first.close()
    second.write([step, Pictured(NOW, QUIET), step])
    assert second.path == path
    assert len(opened(path).beginnings) == 2, "it goes on when the first has ended"
    second.close()


def test_the_oldest_tapes_leave_whole_but_none_in_use(tmp_path: Path) -> None:
    ring = Ring(tmp_path, 1_000)
    others = [TapeWriter(tmp_path / f"2026-06-0{day}T093000-1.tape") for day in (1, 2, 3)]
    for other in others:
        other.add(bytes(400))
    for other in others[1:]:
        other.close()
    writer = ring.begin(HEADER_OF_NOW)
    writer.add(bytes(300))
    ring.make_room(writer)
    assert tapes_in(tmp_path) == [others[0].path, writer.path], "the first is somebody's"
    others[0].close()
    writer.close()
    assert not ring.holds(writer, NOW), "it is longer than a quarter of what all may take"


def test_another_day_in_new_york_begins_another_file(tmp_path: Path) -> None:
    session = Session(Ring(tmp_path, 2**26), QUIET)
    session.recorder.begin(QUIET, NOW)
    tomorrow = NOW + timedelta(days=1)
    assert session.recorder.is_picture_due(tomorrow, OVERDUE)
    session.recorder.picture(QUIET.at(tomorrow), tomorrow)
    session.end()
    assert [Player(opened(path)).begins for path in tapes_in(tmp_path)] == [NOW, tomorrow]


async def test_secrets_never_enter_a_tape(tmp_path: Path) -> None:
    yahoo = Yahoo()
    yahoo.page = reply("<html>quote</html>", set_cookie="A3=secretcookie")
    http = ScriptedHttp(yahoo)
    feed = feed_of(http)
    query = one_query(feed, *details())
    report = feed.parse(query, await feed.fetch(query), NOW)
    assert CRUMB_PATH in http.paths()
    notices: list[str] = []
    recorder = Recorder(Transcript(OneFile(tmp_path / "a.tape")), notices)
    session = Session(OneFile(tmp_path / "b.tape"), QUIET)
    session.recorder.begin(QUIET, NOW)
    session.room.note(report)
    session.end()
    recorder.close()
    tape = opened(tmp_path / "b.tape")
    told = repr([tape.body(frame) for frame in tape.frames])
    assert "IWM" in told
    assert "oX/b.z7LglG" not in told
    assert "secretcookie" not in told


def test_a_tape_without_a_census_is_played_too(tmp_path: Path) -> None:
    path = tmp_path / "a.tape"
    session = recorded(path, _a_little)
    player = Player(opened(path))
    player.seek(player.ends)
    assert differences(player.latest, session.room.latest) == []
    assert player.tape.header.watched == ("IWM",)


def _started(ring: Ring, first: Snapshot, seconds: float = 0) -> Path:
    """One start of captop: a picture, and a price a second later."""
    session = Session(ring, first)
    session.clock.jump(seconds)
    session.begin()
    session.pass_time(1)
    session.tell("IWM", 220.0 + seconds)
    session.end()
    (path,) = tapes_in(ring.folder)
    return path


def test_a_day_goes_on_in_one_file_and_what_is_known_stands_there_once(tmp_path: Path) -> None:
    ring, known = Ring(tmp_path, 2**26), known_in_full(symbols(40))
    first = _started(ring, known).stat().st_size
    path = _started(ring, known, 60)
    assert path.stat().st_size < 1.4 * first
    data = path.read_bytes()
    path.write_bytes(data + b"torn")
    _started(ring, replace(known, past={}), 3_600)
    tape = opened(path)
    assert tape.end == path.stat().st_size, "what was torn is overwritten"
    assert len(tape.beginnings) == len(tape.pictures) == 3
    player = Player(tape)
    for seconds in (3_601, 1, 61, 0):
        player.seek(NOW + timedelta(seconds=seconds))
        price = player.latest.quotes.get("IWM")
        assert (price and price.last) == (220.0 + seconds - 1 if seconds else None)
        assert len(player.latest.past) == (0 if seconds > 3_600 else 40)
    played = Player(opened(path))
    while played.step():
        pass
    assert played.latest.quotes["IWM"].last == 3_820.0
    assert played.watched == ("IWM",)


def test_a_run_of_another_captop_is_not_gone_on_with(tmp_path: Path) -> None:
    ring = Ring(tmp_path, 2**26)
    _started(ring, QUIET)
    other = ring.begin(replace(HEADER_OF_NOW, captop="0.0"))
    other.close()
    assert other.size == len(MAGIC)


def test_the_files_of_a_day_are_one_tape(tmp_path: Path) -> None:
    paths = [tmp_path / f"2026-07-02T14320{n}-1.tape" for n in range(5)]
    for path, seconds in ((paths[0], 0), (paths[1], 600), (paths[2], 601)):
        session = Session(OneFile(path), QUIET.at(NOW + timedelta(seconds=seconds)))
        session.clock.jump(seconds)
        session.begin()
        session.pass_time(2)
        session.tell("IWM", 220.0 + seconds)
        session.end()
    paths[3].write_bytes(MAGIC)
    paths[4].write_bytes(b"something else")
    assert day_of(paths[2]) == paths
    tape = TapeFile.joined(paths)
    assert tape.left_out == (f"{paths[4]} is not a tape of captop",)
    player = Player(tape)
    assert player.ends == NOW + timedelta(seconds=602), "what was written beside is left out"
    for seconds, price in ((602, 820.0), (3, 220.0), (601, None), (602, 820.0)):
        player.seek(NOW + timedelta(seconds=seconds))
        quote = player.latest.quotes.get("IWM")
        assert (quote.last if quote else None) == price
    player.seek(NOW + timedelta(seconds=100))
    assert player.gap == (NOW + timedelta(seconds=2), NOW + timedelta(seconds=600))
    with pytest.raises(TapeError, match="is not a tape of captop"):
        TapeFile.joined(paths[4:])
    with pytest.raises(TapeError, match="it is empty"):
        Player(TapeFile.joined(paths[3:]))


def test_a_value_that_is_no_longer_kept_is_said(tmp_path: Path) -> None:
    path = _started(Ring(tmp_path, 2**26), known_in_full(symbols(40)))
    whole = opened(path)
    left = [frame for frame in whole.frames if frame.letter != LARGE_VALUES]
    with pytest.raises(TapeError, match="was changed while it was read"):
        Player(TapeFile(path, whole.header, left))


def test_a_tape_that_the_user_named_goes_on_over_midnight(tmp_path: Path) -> None:
    transcript = Transcript(OneFile(tmp_path / "a.tape"))
    tomorrow = NOW + timedelta(days=1)
    transcript.write([Pictured(at, QUIET.at(at)) for at in (NOW, tomorrow)])
    transcript.close()
    player = Player(opened(tmp_path / "a.tape"))
    player.seek(tomorrow)
    assert player.latest.now == tomorrow
