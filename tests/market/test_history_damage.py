"""The history when the program is killed, the disk refuses or the file is damaged."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from market.history import History, HistoryError
from tests.market.saved import CAST, LATER, NOW, ROOT, levels, loaded, picture, same

WRITER = """
import sys
from pathlib import Path
from market.history import History
from tests.market.saved import picture
history = History.open(Path(sys.argv[1]))
print("ready", flush=True)
for level in range(1, 100_000):
    history.save(picture(float(level)))
    print(level, flush=True)
"""


def start_writer(path: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def read_until(writer: subprocess.Popen[str], level: int) -> None:
    assert writer.stdout is not None
    for line in writer.stdout:
        if line.strip() == str(level):
            return
    assert writer.stderr is not None
    pytest.fail(writer.stderr.read())


def test_killed_while_writing_the_next_start_finds_one_whole_picture(path: Path) -> None:
    draw = random.Random(7)
    for _ in range(4):
        saves = draw.randrange(1, 30)
        writer = start_writer(path)
        read_until(writer, saves)
        os.kill(writer.pid, signal.SIGKILL)
        writer.communicate()
        back = loaded(path)
        assert back is not None
        assert len(back.quotes) == len(back.bars) == 3
        (level,) = levels(back)
        assert isinstance(level, float)
        assert level >= saves


def test_two_programs_at_once_leave_a_sound_file(path: Path) -> None:
    writers = [start_writer(path) for _ in range(2)]
    for writer in writers:
        read_until(writer, 40)
    for _ in range(5):
        assert len(levels(loaded(path) or picture())) == 1
    for writer in writers:
        writer.kill()
        writer.communicate()
    history = History.open(path)
    assert history.notice == ""
    assert history.load(LATER, CAST) is not None
    assert history.damaged_rows == 0
    history.close()
    with sqlite3.connect(path) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    raw.close()


def test_a_file_held_by_another_program_is_an_error_in_words(history: History, path: Path) -> None:
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(HistoryError, match="another program holds it"):
        history.save(picture())
    holder.execute("ROLLBACK")
    holder.close()
    history.save(picture())
    assert loaded(path) is not None


def test_a_full_disk_is_an_error_in_words_and_the_last_picture_stays(
    history: History, path: Path
) -> None:
    history.save(picture(1.0))
    connection = history._file.connection
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages + 1}")
    with pytest.raises(HistoryError, match="the disk is full"):
        history.save(picture(2.0, symbols=tuple(f"S{i}" for i in range(50))))
    back = loaded(path)
    assert back is not None
    assert levels(back) == {1.0}


def test_a_folder_that_cannot_be_is_an_error_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(HistoryError) as raised:
        History.open(tmp_path / "file" / "captop.db")
    assert str(raised.value) == (
        "nothing is kept between runs (file exists): make room or set another cache.path than"
        f" {tmp_path / 'file'}"
    )
    (tmp_path / "captop.db").mkdir()
    with pytest.raises(HistoryError) as raised:
        History.open(tmp_path / "captop.db")
    assert str(raised.value) == (
        "the last picture is not kept (it cannot be opened): set another cache.path or see to"
        f" {tmp_path / 'captop.db'}"
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_an_error_in_words(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(HistoryError):
        History.open(tmp_path / "captop.db")


def test_a_read_only_file_is_an_error_in_words(history: History) -> None:
    history._file.connection.execute("PRAGMA query_only = ON")
    with pytest.raises(HistoryError, match="it may not be written"):
        history.save(picture())


GARBAGE = [b"this is no database", b"\x00" * 5000, b"SQLite format 3\x00" + b"\xff" * 4096]


@pytest.mark.parametrize("content", GARBAGE)
def test_garbage_is_moved_aside_and_a_new_file_begun(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    history = History.open(path)
    assert "moved to captop.db.damaged" in history.notice
    assert path.with_name("captop.db.damaged").read_bytes() == content
    history.save(picture())
    history.close()
    back = loaded(path)
    assert back is not None
    assert same(back, picture())


def test_somebody_elses_database_is_moved_aside_whole(path: Path) -> None:
    path.parent.mkdir()
    with sqlite3.connect(path) as raw:
        raw.execute("CREATE TABLE theirs (x)")
    raw.close()
    history = History.open(path)
    assert history.notice.endswith("is not a file of captop; it was moved to captop.db.damaged")
    history.close()
    with sqlite3.connect(path.with_name("captop.db.damaged")) as raw:
        assert raw.execute("SELECT count(*) FROM theirs").fetchone() == (0,)
    raw.close()


def test_an_empty_file_is_simply_a_new_one(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"")
    history = History.open(path)
    assert history.notice == ""
    history.close()


def test_a_newer_captops_file_is_left_alone(history: History, path: Path) -> None:
    history.save(picture(1.0))
    history._file.connection.execute("PRAGMA user_version = 99")
    history.close()
    old = History.open(path)
    assert "newer captop" in old.notice
    assert old.load(NOW, CAST) is None
    old.save(picture(2.0))
    old.close()
    with sqlite3.connect(path) as raw:
        raw.execute("PRAGMA user_version = 1")
    raw.close()
    back = loaded(path)
    assert back is not None
    assert levels(back) == {1.0}


@pytest.mark.parametrize("part", ["quotes", "details", "bars", "readings", "fetched", "feeds"])
@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE rows SET packed = x'c1' WHERE part = ?",
        "UPDATE rows SET packed = 'text' WHERE part = ?",
        "UPDATE rows SET packed = 7 WHERE part = ?",
        "UPDATE rows SET checksum = checksum + 1 WHERE part = ?",
        "UPDATE rows SET checksum = 'x' WHERE part = ?",
    ],
)
def test_a_damaged_row_costs_that_row_and_is_counted(
    history: History, path: Path, part: str, damage: str
) -> None:
    history.save(picture())
    damaged = history._file.connection.execute(damage, (part,)).rowcount
    history.close()
    again = History.open(path)
    back = again.load(LATER, CAST)
    assert back is not None
    assert again.damaged_rows == damaged > 0
    assert not getattr(back, part)
    again.save(picture())
    again.close()
    whole = loaded(path)
    assert whole is not None
    assert same(whole, picture())


@pytest.mark.parametrize("part", ["bars", "fetched"])
@pytest.mark.parametrize("name", ["", "7", '["daily"]', '["nothing","IWM",""]', "{"])
def test_a_row_that_names_no_datum_is_left_out(
    history: History, path: Path, part: str, name: str
) -> None:
    history.save(picture())
    history._file.connection.execute(
        "UPDATE rows SET name = ? WHERE part = ? AND name LIKE '%XBI%'", (name, part)
    )
    history.close()
    again = History.open(path)
    assert again.load(LATER, CAST) is not None
    assert again.damaged_rows == 1
    again.close()


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_bytes_changed_anywhere_in_the_file_never_give_a_wrong_number(data: st.DataObject) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "captop.db"
        history = History.open(path)
        history.save(picture(100.0))
        history.close()
        content = bytearray(path.read_bytes())
        for _ in range(data.draw(st.integers(1, 4))):
            place = data.draw(st.integers(0, len(content) - 64))
            content[place : place + 64] = data.draw(st.binary(min_size=64, max_size=64))
        path.write_bytes(content)
        damaged = History.open(path)
        back = damaged.load(LATER, CAST)
        assert back is None or levels(back) <= {100.0}
        # A header that says "read only" is the one damage that SQLite takes for a wish.
        with suppress(HistoryError):
            damaged.save(picture(101.0))
        damaged.close()
        back = loaded(path)
        assert back is None or levels(back) <= {100.0, 101.0}


@pytest.mark.parametrize(
    "damage", ["DELETE FROM rows WHERE part = 'meta'", "UPDATE rows SET packed = x'92'"]
)
def test_a_file_that_does_not_say_when_it_was_written_holds_no_picture(
    history: History, path: Path, damage: str
) -> None:
    history.save(picture())
    history._file.connection.execute(damage)
    history.close()
    assert loaded(path) is None


@pytest.mark.parametrize("part", ["quotes", "fetched"])
def test_a_row_under_another_name_is_not_believed(history: History, path: Path, part: str) -> None:
    history.save(picture())
    history._file.connection.execute(
        "UPDATE rows SET name = replace(name, 'XBI', 'KRE') WHERE part = ?", (part,)
    )
    history.close()
    back = loaded(path)
    assert back is not None
    assert not any("KRE" in str(name) for name in getattr(back, part))
