"""Edits of watchlists on their way to the file: at once on screen, in order on disk, none lost."""

from __future__ import annotations

import tomllib
from pathlib import Path
from threading import Event, get_ident

import pytest

from tui.watching import Watching
from tui.watchlists import Watchlists
from tui.whole_file import replace_file

FILE = '[watchlists] # mine\ndefault = ["IWM", "XBI"] # two\nfunds = ["IGV"]\n'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "captop.toml"
    file.write_text(FILE, encoding="utf-8")
    return file


def watching(path: Path) -> Watching:
    lists = {"default": ("IWM", "XBI"), "funds": ("IGV",)}
    return Watching(Watchlists(lists, path=path), lambda: None)


def on_file(path: Path, name: str = "default") -> list[str]:
    return tomllib.loads(path.read_text(encoding="utf-8"))["watchlists"][name]


class Disk:
    """A disk that writes nothing until it is let go on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.goes_on = Event()
        self.threads: set[int] = set()
        monkeypatch.setattr("tui.watchlist_file.replace_file", self.write)

    def write(self, path: Path, content: bytes, *, lasts: bool) -> None:
        assert lasts
        self.threads.add(get_ident())
        assert self.goes_on.wait(10)
        replace_file(path, content, lasts=lasts)


def test_a_slow_disk_holds_up_nothing_and_the_last_edit_lands(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk, desk = Disk(monkeypatch), watching(path)
    assert desk.add("KRE") == "KRE added to default; u undoes"
    desk.toggle("IWM")
    desk.move("KRE", -1)
    desk.choose("funds")
    desk.add("WCLD")
    assert desk.lists.lists == {"default": ("KRE", "XBI"), "funds": ("IGV", "WCLD")}
    assert not desk.settle()
    assert path.read_text(encoding="utf-8") == FILE
    disk.goes_on.set()
    desk.finish()
    assert (on_file(path), on_file(path, "funds")) == (["KRE", "XBI"], ["IGV", "WCLD"])
    assert not desk.settle()
    assert desk.next_notice() == ""
    assert get_ident() not in disk.threads
    assert len(disk.threads) == 1


def test_undoing_what_is_still_on_its_way_gives_every_byte_back(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk, desk = Disk(monkeypatch), watching(path)
    desk.toggle("IWM")
    desk.add("KRE")
    desk.undo()
    desk.undo()
    assert desk.undo() == "nothing to undo"
    disk.goes_on.set()
    desk.finish()
    assert path.read_text(encoding="utf-8") == FILE


def test_a_file_that_cannot_be_written_is_told_once_and_tried_again_at_the_end(path: Path) -> None:
    desk = watching(path)
    path.write_text("[broken\n", encoding="utf-8")
    desk.add("KRE")
    desk.add("IGV")
    settled(desk)
    assert desk.next_notice().startswith("The watchlist change lasts for this run only: ")
    assert desk.next_notice() == ""
    desk.add("SMH")
    settled(desk)
    assert desk.next_notice() == ""
    assert desk.lists.current == ("IWM", "XBI", "KRE", "IGV", "SMH")
    path.write_text(FILE, encoding="utf-8")
    desk.finish()
    assert on_file(path) == ["IWM", "XBI", "KRE", "IGV", "SMH"]


def test_trouble_that_comes_again_after_a_good_save_is_told_again(path: Path) -> None:
    desk = watching(path)
    for text, told in (("[broken\n", True), (FILE, False), ("[broken\n", True)):
        path.write_text(text, encoding="utf-8")
        desk.move("IWM", 1 if desk.lists.current[0] == "IWM" else -1)
        settled(desk)
        assert bool(desk.next_notice()) is told


def test_what_somebody_else_wrote_is_shown_once_the_edits_are_in(path: Path) -> None:
    told: list[str] = []
    lists = Watchlists({"default": ("IWM", "XBI"), "funds": ("IGV",)}, path=path)
    desk = Watching(lists, lambda: told.append("changed"))
    path.write_text(FILE.replace('"XBI"', '"XBI", "XOP"'), encoding="utf-8")
    desk.add("KRE")
    assert settled(desk)
    assert desk.lists.current == ("IWM", "XBI", "XOP", "KRE")
    assert told == ["changed", "changed"]
    assert not desk.settle()


def test_without_an_edit_there_is_no_thread_and_nothing_to_wait_for(path: Path) -> None:
    desk = watching(path)
    assert not desk.settle()
    desk.finish()
    assert path.read_text(encoding="utf-8") == FILE


def test_lists_are_begun_renamed_deleted_and_brought_back(path: Path) -> None:
    desk = watching(path)
    assert desk.create(" ideas ") == "list ideas begun; W adds a symbol, u undoes"
    desk.add("CRDO")
    assert desk.rename("thesis") == "list ideas is called thesis now; u undoes"
    assert desk.rename(" thesis ") == "list thesis keeps its name"
    assert desk.create("funds") == "There is a list funds already."
    assert desk.delete() == "list thesis deleted; u brings it back"
    assert desk.lists.active == "default"
    settled(desk)
    assert "thesis" not in path.read_text(encoding="utf-8")
    undone = ["list thesis is back", "list thesis is called ideas again"]
    undone += ["CRDO is out of ideas again", "list ideas is gone again"]
    assert [desk.undo() for _ in undone] == [f"undone: {words}" for words in undone]
    assert not settled(desk)
    assert path.read_text(encoding="utf-8") == FILE


def test_lists_of_the_demo_are_not_saved_and_it_says_so_once(path: Path) -> None:
    desk = watching(path)
    desk.set_unsaved(True)
    told = "list funds deleted; u brings it back (demo: the list is not saved)"
    desk.choose("funds")
    assert desk.delete() == told
    assert desk.delete() == "default is the only list and stays."
    assert desk.step(1) == "there is one watchlist; the command New list begins another"
    assert desk.create("ideas") == "list ideas begun; W adds a symbol, u undoes"
    desk.finish()
    assert path.read_text(encoding="utf-8") == FILE
    desk.set_unsaved(False)
    assert desk.lists.names == ("default", "funds")


def settled(desk: Watching) -> bool:
    """Wait for the file's thread, and take in what it says."""
    desk.finish()
    return desk.settle()
