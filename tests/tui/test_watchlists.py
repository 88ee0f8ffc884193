"""Watchlists: edits, undo, and what they leave of the user's file."""

from __future__ import annotations

import os
import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tui.settings import Settings, read_settings
from tui.watchlist_edits import (
    Add,
    Create,
    Delete,
    Edit,
    Move,
    Remove,
    Rename,
    edited,
    inverse,
)
from tui.watchlist_rows import Rows
from tui.watchlists import Watchlists, WatchlistsError

FILE = """\
# my captop
theme = "captop-light" # bright room

[watchlists]   # what I look at
active = "mine"
# the long one
mine = [
    # funds
    "IWM",   # the tracker
    "XBI",   # biotech
    # names
    "CRDO"   # no comma
]  # end of mine
short = ['IWM', "KRE"]

[keys]
"list.down" = "j" # as ever
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "captop.toml"
    file.write_text(FILE, encoding="utf-8")
    return file


def lists_of(path: Path) -> Watchlists:
    return Watchlists.from_settings(read_settings(path, {}).settings, path)


def on_file(path: Path) -> Mapping[str, object]:
    return tomllib.loads(path.read_text(encoding="utf-8")).get("watchlists", {})


def test_lists_of_the_settings(path: Path) -> None:
    lists = lists_of(path)
    assert lists.names == ("mine", "short")
    assert (lists.active, lists.current) == ("mine", ("IWM", "XBI", "CRDO"))
    assert lists.symbols == ("IWM", "XBI", "CRDO", "KRE")
    lists.activate("short")
    assert lists.current == ("IWM", "KRE")
    with pytest.raises(WatchlistsError, match="There is no list long; known are mine, short"):
        lists.activate("long")


def test_adding_keeps_every_word(path: Path) -> None:
    lists = lists_of(path)
    assert lists.add(" be ")
    assert not lists.add("BE")
    expected = FILE.replace('"CRDO"   # no comma\n', '"CRDO",   # no comma\n    "BE"\n')
    assert path.read_text(encoding="utf-8") == expected
    assert lists.is_saved


def test_adding_to_a_list_of_one_line(path: Path) -> None:
    lists = lists_of(path)
    lists.activate("short")
    lists.add("XOP")
    lists.add("FN", 0)
    expected = FILE.replace("""['IWM', "KRE"]""", """["FN", 'IWM', "KRE", "XOP"]""")
    assert path.read_text(encoding="utf-8") == expected


@pytest.mark.parametrize(
    ("before", "index", "after"),
    [
        ('["A", "B"]', 0, '["Z", "A", "B"]'),
        ('["A", "B"]', 1, '["A", "Z", "B"]'),
        ('["A", "B"]', 2, '["A", "B", "Z"]'),
        ('["A","B"]', 0, '["Z","A","B"]'),
        ('["A","B"]', 1, '["A","Z","B"]'),
        ('[ "A", "B" ]', 0, '[ "Z", "A", "B" ]'),
        ('[ "A", "B" ]', 2, '[ "A", "B", "Z" ]'),
        ('["A", "B", ]', 2, '["A", "B", "Z", ]'),
        ('["A" , "B"]', 1, '["A", "Z", "B"]'),
        ('["A"]', 1, '["A", "Z"]'),
        ("[]", 0, '["Z"]'),
        ('[\n  "A", "B",\n]', 1, '[\n  "A", "Z", "B",\n]'),
    ],
)
def test_a_symbol_is_put_in_as_its_neighbours_are_spaced(
    before: str, index: int, after: str
) -> None:
    more = Rows.of(before).added("Z", index)
    assert str(more) == after
    assert str(more.removed(index)) == before.replace(" ,", ",")


@pytest.mark.parametrize("text", ['["A", "B", "C"]', '["A","B","C"]', '[ "A", "B", "C" ]'])
@pytest.mark.parametrize("gone", [0, 1, 2])
def test_what_stays_keeps_its_spacing(text: str, gone: int) -> None:
    rows = Rows.of(text)
    comma = rows.rows[1].lead
    edge = rows.tail
    left = [s for n, s in enumerate(rows.symbols) if n != gone]
    quoted = f",{comma}".join(f'"{s}"' for s in left)
    assert str(rows.removed(gone)) == f"[{edge}{quoted}{edge}]"
    assert str(rows.ordered(("C", "A", "B"))) == text.translate(str.maketrans("ABC", "CAB"))


def test_a_moved_symbol_takes_its_remark_along(path: Path) -> None:
    lists = lists_of(path)
    assert lists.move("CRDO", -1)
    assert lists.current == ("IWM", "CRDO", "XBI")
    text = path.read_text(encoding="utf-8")
    assert '    "CRDO",   # no comma\n    # names\n    "XBI"   # biotech\n]  # end' in text
    assert not lists.move("XBI", 1)
    assert not lists.move("ZZZ", 1)


def test_removing_and_undoing_gives_the_same_file_back(path: Path) -> None:
    lists = lists_of(path)
    for symbol in ("XBI", "IWM", "CRDO"):
        assert lists.remove(symbol)
        assert symbol not in lists.current
        assert "# funds" in path.read_text(encoding="utf-8")
        assert lists.can_undo
        assert lists.undo() == f"{symbol} is back in mine"
        assert path.read_text(encoding="utf-8") == FILE
    assert lists.undo() == ""
    assert not lists.remove("ZZZ")


def test_removing_the_last_row_leaves_a_valid_file(tmp_path: Path) -> None:
    path = tmp_path / "captop.toml"
    path.write_text('[watchlists]\na = ["X", # one\n "Y"]\n', encoding="utf-8")
    lists = lists_of(path)
    lists.remove("Y")
    assert on_file(path) == {"a": ["X"]}
    assert "# one" in path.read_text(encoding="utf-8")
    lists.remove("X")
    lists.add("Z")
    assert on_file(path) == {"a": ["Z"]}


def test_lists_are_begun_renamed_and_given_up(path: Path) -> None:
    lists = lists_of(path)
    lists.create("AI story")
    lists.add("CRDO")
    assert on_file(path)["AI story"] == ["CRDO"]
    lists.activate("mine")
    lists.rename("core")
    assert (lists.active, on_file(path)["active"]) == ("core", "core")
    assert "# end of mine" in path.read_text(encoding="utf-8")
    lists.delete()
    assert lists.names == ("short", "AI story")
    assert set(on_file(path)) == {"active", "short", "AI story"}
    assert read_settings(path, {}).settings.watchlists.active == "short"
    lists.undo()
    assert read_settings(path, {}).settings.watchlists.lists["core"] == ("IWM", "XBI", "CRDO")
    assert "# biotech" in path.read_text(encoding="utf-8")
    for name in ("short", "active", "", "x" * 33, "a\nb"):
        with pytest.raises(WatchlistsError):
            lists.create(name)


def test_a_list_is_renamed_where_it_stands(path: Path) -> None:
    lists = lists_of(path)
    lists.rename('[b]"x')
    named = FILE.replace("mine = [", """'[b]"x' = [""").replace('"mine"', """'[b]"x'""")
    assert tomllib.loads(path.read_text(encoding="utf-8")) == tomllib.loads(named)
    assert list(on_file(path)) == ["active", '[b]"x', "short"]
    assert lists.undo() == 'list [b]"x is called mine again'
    assert path.read_text(encoding="utf-8") == FILE


@pytest.mark.parametrize(
    "text",
    [
        'watchlists = {x = ["A"], y=["B"]}',
        'watchlists.x = ["A"] # c\ntheme = "captop-light"\nwatchlists.y = ["B"]\n',
    ],
    ids=("inline", "dotted"),
)
def test_lists_laid_out_in_other_ways_are_renamed_and_given_up(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    lists = lists_of(path)
    lists.rename("core")
    assert on_file(path) == {"core": ["A"], "y": ["B"]}
    lists.delete()
    assert on_file(path) == {"y": ["B"]}
    assert (lists.undo(), lists.undo()) == ("list core is back", "list core is called x again")
    assert path.read_text(encoding="utf-8") == text


def test_a_deleted_list_comes_back_to_its_place_with_every_word(path: Path) -> None:
    lists = lists_of(path)
    lists.delete()
    assert (lists.names, lists.active) == (("short",), "short")
    assert lists.way_back is not None
    lists.undo()
    assert (lists.names, lists.active) == (("mine", "short"), "mine")
    assert path.read_text(encoding="utf-8") == FILE
    assert lists.way_back is None


def test_a_deleted_list_comes_back_though_the_file_was_edited_meanwhile(path: Path) -> None:
    lists = lists_of(path)
    lists.delete()
    text = path.read_text(encoding="utf-8").replace("bright", "dark")
    path.write_text(text, encoding="utf-8")
    lists.undo()
    assert on_file(path)["mine"] == ["IWM", "XBI", "CRDO"]
    text = path.read_text(encoding="utf-8")
    assert all(remark in text for remark in {*STANDING_REMARKS, "# dark room"} - {"# bright room"})
    assert lists.names == ("mine", "short")


def test_the_only_list_stays() -> None:
    with pytest.raises(WatchlistsError, match="only list"):
        Watchlists({"a": ["X"]}).delete()


@pytest.mark.parametrize("text", ["", " ", "A B", "x" * 25, "caffè", "A\x1b"])
def test_what_cannot_be_a_symbol(text: str) -> None:
    lists = Watchlists({"a": ["X"]})
    with pytest.raises(WatchlistsError, match="A symbol has 1 to 24 characters"):
        lists.add(text)
    assert lists.current == ("X",)


def test_a_first_edit_writes_the_default_list(tmp_path: Path) -> None:
    path = tmp_path / "new" / "captop.toml"
    lists = Watchlists.from_settings(Settings(), path)
    lists.create("second")
    lists.add("FN")
    again = read_settings(path, {}).settings.watchlists.lists
    assert again == {**Settings().watchlists.lists, "second": ("FN",)}
    assert path.stat().st_mode & 0o600 == 0o600


def test_a_table_is_added_to_a_file_without_one(tmp_path: Path) -> None:
    path = tmp_path / "captop.toml"
    path.write_bytes(b'\xef\xbb\xbf# mine\r\ntheme = "captop-light"\r\n\r\n[demo]\r\nseed = 3')
    lists_of(path).remove("IWM")
    text = path.read_bytes()
    assert text.startswith(
        b'\xef\xbb\xbf# mine\r\ntheme = "captop-light"\r\n\r\n[demo]\r\nseed = 3'
    )
    assert "IWM" not in read_settings(path, {}).settings.watchlists.lists["default"]


def test_edits_of_somebody_else_are_kept_and_shown(path: Path) -> None:
    lists = lists_of(path)
    path.write_text(FILE.replace('"XBI"', '"XOP"').replace("bright", "dark"), encoding="utf-8")
    lists.add("BE")
    assert on_file(path)["mine"] == ["IWM", "XOP", "CRDO", "BE"]
    assert "# dark room" in path.read_text(encoding="utf-8")
    assert lists.current == ("IWM", "XOP", "CRDO", "BE")
    lists.remove("XBI")
    assert lists.current == ("IWM", "XOP", "CRDO", "BE")


def test_a_broken_file_is_left_alone(path: Path) -> None:
    lists = lists_of(path)
    path.write_text("[watchlists\n", encoding="utf-8")
    with pytest.raises(WatchlistsError, match=r"lasts for this run only: .* is not valid TOML"):
        lists.add("BE")
    assert path.read_text(encoding="utf-8") == "[watchlists\n"
    assert "BE" in lists.current
    path.write_text(FILE, encoding="utf-8")
    lists.add("FN")
    assert on_file(path)["mine"] == ["IWM", "XBI", "CRDO", "BE", "FN"]


def test_a_folder_that_cannot_be_made_costs_only_the_saving(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    lists = Watchlists({"a": ["X"]}, path=blocked / "captop.toml")
    with pytest.raises(WatchlistsError, match="lasts for this run only"):
        lists.add("Y")
    assert lists.current == ("X", "Y")
    assert not lists.is_saved


def test_a_file_is_replaced_whole_through_links_with_its_mode(path: Path, tmp_path: Path) -> None:
    path.chmod(0o640)
    link = tmp_path / "link.toml"
    link.symlink_to(path)
    lists_of(link).add("BE")
    assert link.is_symlink()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert "BE" in path.read_text(encoding="utf-8")
    assert sorted(os.listdir(tmp_path)) == ["captop.toml", "link.toml"]  # noqa: PTH208


SYMBOLS = st.sampled_from(["IWM", "XBI", "CRDO", "BE", "FN", "KRE"])
KINDS = st.sampled_from(["add", "insert", "remove", "move", "undo"])
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["add", "insert", "remove", "move", "undo"]), SYMBOLS, st.integers(0, 3)
    ),
    max_size=10,
)


def take(lists: Watchlists, step: tuple[str, str, int]) -> None:
    what, symbol, number = step
    match what:
        case "add":
            lists.add(symbol)
        case "insert":
            lists.add(symbol, number)
        case "remove":
            lists.remove(symbol)
        case "move":
            lists.move(symbol, number - 2)
        case _:
            lists.undo()


@given(steps=STEPS, name=st.sampled_from(["mine", "short"]))
@hypothesis_settings(deadline=None, max_examples=40)
def test_any_edits_keep_comments_and_agree_with_the_file(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str, int]], name: str
) -> None:
    path = tmp_path_factory.mktemp("lists") / "captop.toml"
    path.write_text(FILE, encoding="utf-8")
    lists = lists_of(path)
    lists.activate(name)
    for step in steps:
        take(lists, step)
        text = path.read_text(encoding="utf-8")
        assert tuple(tomllib.loads(text)["watchlists"][name]) == lists.current
        assert all(remark in text for remark in STANDING_REMARKS)
    while lists.can_undo:
        lists.undo()
    assert path.read_text(encoding="utf-8") == FILE


STANDING_REMARKS = (
    *("# my captop", "# bright room", "# what I look at", "# the long one"),
    *("# funds", "# names", "# end of mine", "# as ever"),
)


BLANKS = st.sampled_from(["", " ", "\n", "\n  ", " # note\n", "\n# line\n\t"])


@given(st.lists(st.tuples(BLANKS, st.sampled_from(['"A"', "'B'", '"C"']), BLANKS)), BLANKS)
def test_arrays_are_taken_apart_without_loss(parts: list[tuple[str, str, str]], tail: str) -> None:
    body = ",".join(f"{lead}{literal}{behind}" for lead, literal, behind in parts)
    text = f"[{body}{tail}]"
    symbols = tuple(literal[1] for _, literal, _ in parts)
    rows = Rows.of(text)
    assert rows.symbols == symbols
    assert tomllib.loads(f"a = {rows}")["a"] == list(symbols)
    assert str(rows).count("#") == text.count("#")
    unique = rows.without_duplicates()
    assert unique.symbols == tuple(dict.fromkeys(symbols))
    for index in range(len(unique.rows) + 1):
        more = unique.added("Z", index)
        assert tomllib.loads(f"a = {more}")["a"] == list(more.symbols)
        assert more.symbols[index] == "Z"
        assert more.removed(index).symbols == unique.symbols
        assert tomllib.loads(f"a = {more.removed(index)}")["a"] == list(unique.symbols)
    assert str(unique.ordered(reversed(unique.symbols))).count("#") == str(unique).count("#")


EDITS = st.one_of(
    st.builds(Add, st.just("a"), SYMBOLS, st.none() | st.integers(0, 5)),
    st.builds(Remove, st.just("a"), SYMBOLS),
    st.builds(Move, st.just("a"), SYMBOLS, st.integers(0, 5)),
    st.builds(Create, st.sampled_from("abcd"), index=st.none() | st.integers(0, 3)),
    st.builds(Delete, st.sampled_from("abc")),
    st.builds(Rename, st.sampled_from("abc"), st.sampled_from("abcd")),
)


@given(st.lists(SYMBOLS, unique=True), EDITS)
def test_an_inverse_takes_its_edit_back(symbols: list[str], edit: Edit) -> None:
    lists = {"a": tuple(symbols), "b": ("IWM",), "c": ()}
    after = edited(lists, edit)
    if list(after.items()) != list(lists.items()):
        assert list(edited(after, inverse(lists, edit)).items()) == list(lists.items())
