"""The members' store when the program is killed, the disk refuses or the file is damaged."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from market.archive import Archive
from market.archive_rows import TABLES
from market.engine import Engine
from market.engine_plan import EnginePlan
from market.fold import fold
from market.history_file import TROUBLES
from market.instruments import TRACKER
from market.keeping import Keeper
from market.reports import Restored
from market.snapshot import empty_snapshot
from tests.clocks import ManualClock
from tests.market.archives import MEMBERS, a_picture, loaded, of_level, rows_of
from tests.market.memberships import NOW, WEDNESDAY, kept, past, symbols
from tests.market.saved import ROOT

WRITER = """
import sys
from pathlib import Path
from market.archive import Archive
from tests.market.archives import of_level
archive = Archive(Path(sys.argv[1]))
print("ready", flush=True)
for level in range(1, 100_000):
    archive.save(of_level(float(level)), final=True)
    print(level, flush=True)
"""


def test_killed_while_writing_each_part_is_of_one_piece(path: Path) -> None:
    draw = random.Random(7)
    for _ in range(4):
        saves = draw.randrange(1, 25)
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert writer.stdout is not None
        assert any(line.strip() == str(saves) for line in writer.stdout), writer.stderr
        os.kill(writer.pid, signal.SIGKILL)
        writer.communicate()
        back = loaded(path)
        assert len(back.past) == len(MEMBERS)
        closes = {bars.close[0] for bars in back.past.values()}
        assert len(closes) == 1
        assert closes.pop() >= saves
        assert back.listings is not None
        assert back.listings.last[0] >= saves


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE rows SET packed = x'c1' WHERE part = ?",
        "UPDATE rows SET packed = 'text' WHERE part = ?",
        "UPDATE rows SET packed = 7 WHERE part = ?",
        "UPDATE rows SET packed = zeroblob(64) WHERE part = ?",
        "UPDATE rows SET checksum = checksum + 1 WHERE part = ?",
        "UPDATE rows SET checksum = 'x' WHERE part = ?",
        "UPDATE rows SET name = 'M99999' || name WHERE part = ?",
    ],
)
@pytest.mark.parametrize("part", [table.name for table in TABLES])
def test_damaged_rows_cost_themselves(archive: Archive, path: Path, part: str, damage: str) -> None:
    archive.save(a_picture())
    whole = rows_of(path)
    with sqlite3.connect(path) as raw:
        raw.execute(damage, (part,))
    raw.close()
    again = Archive(path)
    back = again.load()
    assert again.damaged_rows == whole[part]
    assert again.notice == ""
    found = {
        "holdings": len(back.holdings),
        "listings": int(back.listings is not None),
        "profiles": int(bool(back.profiles)),
        "past": len(back.past),
        "documents": len(back.documents),
        "options": len(back.options),
    }
    assert found == {**whole, part: 0}
    again.save(a_picture(), final=True)
    assert len(again.load().past) == len(MEMBERS)
    again.close()


def test_a_row_that_passes_its_checksum_and_is_none_costs_itself(
    archive: Archive, path: Path
) -> None:
    archive.save(a_picture())
    with sqlite3.connect(path) as raw:
        for table in TABLES:
            junk = b"\x93\x01\x02\x03"
            row = (table.name, "M1", junk, table.checksum("M1", junk))
            raw.execute("INSERT OR REPLACE INTO rows VALUES (?, ?, ?, ?)", row)
    raw.close()
    again = Archive(path)
    back = again.load()
    assert again.damaged_rows == len(TABLES)
    assert len(back.past) == len(MEMBERS) - 1
    again.close()


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_pages_overwritten_are_left_out_or_the_file_is_begun_again(
    archive: Archive, path: Path, share: float
) -> None:
    archive.save(a_picture())
    archive.close()
    body = bytearray(path.read_bytes())
    place = int(len(body) * share)
    body[place : place + 4096] = b"\xff" * 4096
    path.write_bytes(body)
    again = Archive(path)
    back = again.load()
    is_begun_again = "moved to captop.db.damaged" in again.notice
    assert is_begun_again or again.damaged_rows
    # Whatever could still be read is kept in the new file too.
    again.save(fold(empty_snapshot(NOW), back, NOW), final=True)
    again.close()
    assert len(loaded(path).past) == len(back.past)
    assert len(loaded(path).holdings) == len(back.holdings)


@pytest.mark.parametrize(
    "content", [b"this is no database", b"\x00" * 5000, b"SQLite format 3\x00" + b"\xff" * 4096]
)
def test_a_foreign_file_is_moved_aside(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    archive = Archive(path)
    assert "moved to captop.db.damaged" in archive.notice
    assert path.with_name("captop.db.damaged").read_bytes() == content
    archive.save(a_picture())
    archive.close()
    assert len(loaded(path).past) == len(MEMBERS)


def test_a_newer_captops_file_is_left_alone(archive: Archive, path: Path) -> None:
    archive.save(of_level(1.0))
    archive._file.connection.execute("PRAGMA user_version = 99")
    archive.close()
    old = Archive(path)
    assert "newer captop" in old.notice
    assert old.load() == Restored()
    old.save(of_level(2.0), final=True)
    old.close()
    with sqlite3.connect(path) as raw:
        raw.execute("PRAGMA user_version = 1")
    raw.close()
    assert {bars.close[0] for bars in loaded(path).past.values()} == {1.0}


def test_a_full_disk_leaves_what_was_written(archive: Archive, path: Path) -> None:
    archive.save(of_level(1.0))
    connection = archive._file.connection
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")
    more = {s: kept(past(s, count=400)) for s in symbols(60)}
    with pytest.raises(TROUBLES, match="full"):
        archive.save(replace(of_level(2.0), past=more), final=True)
    closes = {bars.close[0] for bars in loaded(path).past.values()}
    assert closes == {1.0}


# In the engine


def an_engine(archive: Path) -> Engine:
    clock = ManualClock()
    snapshot = empty_snapshot(NOW)
    plan = EnginePlan(feeds=dict, clock=clock, cast=snapshot.cast)
    return Engine(plan, Keeper(None, archive))


def test_the_engine_takes_over_what_was_kept_and_keeps_it(archive: Archive, path: Path) -> None:
    archive.save(a_picture())
    engine = an_engine(path)
    known = engine.run_once(1.0)
    engine.stop()
    assert len(known.past) == len(MEMBERS)
    assert known.holdings[TRACKER].day == WEDNESDAY
    assert engine.notices == []


def test_the_engine_runs_without_an_archive_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    engine = an_engine(tmp_path / "file" / "members.db")
    engine.run_once(1.0)
    engine.stop()
    (notice,) = engine.notices
    assert notice == (
        "nothing is kept between runs (file exists): make room or set another cache.path than"
        f" {tmp_path / 'file'}"
    )


def test_the_engine_tells_of_an_archive_that_breaks_while_it_is_read(
    archive: Archive, path: Path
) -> None:
    archive.save(a_picture())
    archive.close()
    body = bytearray(path.read_bytes())
    body[len(body) // 3 :] = b"\xff" * (len(body) - len(body) // 3)
    path.write_bytes(body)
    engine = an_engine(path)
    engine.run_once(1.0)
    engine.stop()
    (notice,) = engine.notices
    assert "captop.db.damaged" in notice
