"""`e` and `captop shot`: what is shown as CSV, JSON and a picture, and where it goes."""

from __future__ import annotations

import csv
import io
import json
from array import array
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import msgspec
import pytest
from msgspec.structs import replace
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from market.health import FeedHealth
from market.snapshot import Snapshot, empty_snapshot
from tests.clocks import THURSDAY_AFTERNOON
from tests.tui.driving import press
from tests.tui.fakes import FakeEngine, Stage, demo_picture, live_picture
from tui.cli import main
from tui.export import (
    Exported,
    exported,
    file_name,
    flat,
    rows_table,
    rows_told,
    shown_of,
    view_told,
    write,
)
from tui.key_bar import KeyBar
from tui.metric_lines import csv_of
from tui.picture import cells_of
from tui.settings import ExportSettings, Settings
from tui.shot import SCREENS, StillMarket, drawn, png_of
from widgets.board_model import Cell, Column, Row
from widgets.screen_svg import Cell as ScreenCell
from widgets.screen_svg import screen_svg

COLUMNS = (Column("name", "", 4, justify="left"), Column("1D", "1D %", 6), Column("trend", "", 8))
ROWS = (
    Row("XBI", (Cell("Biotech"), Cell("+1.80", sort=0.018), Cell("", spark=(1.0, None, 2.5)))),
    Row("KRE", (Cell("=Banks"), Cell("—"), Cell("", spark=(1.0,)))),
)


def test_a_table_is_told_in_numbers_by_its_columns() -> None:
    assert [*rows_told(COLUMNS, ROWS)] == [
        {"key": "XBI", "name": "Biotech", "1D": 0.018, "trend": [1.0, None, 2.5]},
        {"key": "KRE", "name": "=Banks", "1D": None, "trend": [1.0]},
    ]
    titles, lines = rows_table(COLUMNS, ROWS)
    assert csv_of(titles, lines) == "key,name,1D\nXBI,Biotech,0.018\nKRE,'=Banks,\n"


class Inner(msgspec.Struct, frozen=True):
    value: float | None
    age: timedelta


class View(msgspec.Struct, frozen=True):
    title: str
    level: float
    inner: tuple[Inner, ...]
    closes: array[float]
    by_name: dict[str, bool]


def test_a_view_is_told_by_the_names_of_its_fields() -> None:
    inner = (Inner(0.1 + 0.2, timedelta(minutes=2)), Inner(None, timedelta(0)))
    told = view_told(View("a\x1b[2Jb", float("nan"), inner, array("d", (1, 2)), {"a": True}))
    assert told == {
        "title": "a[2Jb",
        "level": None,
        "inner": [{"value": 0.3, "age": "PT120S"}, {"value": None, "age": "P0D"}],
        "closes": [1.0, 2.0],
        "by_name": {"a": True},
    }
    assert [*flat(told)][:3] == [("title", "a[2Jb"), ("level", None), ("inner.0.value", 0.3)]
    assert [*flat(None)] == []


def test_a_name_of_files_holds_nothing_that_a_folder_would_not() -> None:
    name = file_name(("Health Care › ../../x", "quote"), demo_picture())
    assert name == "captop-demo-health-care-x-quote-20260702-143207"
    assert file_name(("members",), live_picture()) == "captop-members-20260702-143207"


def test_three_files_are_written_or_it_is_said_why(tmp_path: Path) -> None:
    made = Exported("name", "a,b\n", "{}\n")
    path = write(tmp_path / "new", made, "<svg/>")
    assert sorted(each.name for each in path.parent.iterdir()) == [
        *("name.csv", "name.json", "name.svg")
    ]
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match=r"exists|directory"):
        write(tmp_path / "file", made, "<svg/>")


async def test_e_writes_what_is_shown_and_says_where(tmp_path: Path) -> None:
    settings = Settings(export=ExportSettings(folder=str(tmp_path / "out")))
    stage = Stage(settings=settings)
    async with stage.app.run_test(size=(120, 34)) as pilot:
        await press(pilot, "2", "s", "e")
        await stage.app.workers.wait_for_complete()
        await pilot.pause()
        footer = stage.app.screen.query_one(KeyBar).message
        assert footer.startswith(f"exported: {tmp_path}")
        (path,) = (tmp_path / "out").glob("*.json")
        told: dict[str, Any] = json.loads(path.read_text())
        assert (told["mode"], told["as_of"]) == ("live", "2026-07-02T18:32:07Z")
        assert told["panel"].startswith("Sub-sectors")
        board = stage.app.screen.query_one("#leaders").query_one("Board")
        shown = [row.key for row in board.listing.order]  # pyright: ignore[reportAttributeAccessIssue]
        assert [row["key"] for row in told["rows"]] == shown
        rows = [*csv.DictReader(io.StringIO(path.with_suffix(".csv").read_text()))]
        assert [row["key"].lstrip("'") for row in rows] == shown
        assert float(rows[0]["1M"]) == told["rows"][0]["1M"]
        about = ("panel", "mode", "as_of")
        assert [{row[name] for row in rows} for name in about] == [{told[name]} for name in about]
        assert "Sub-sectors" in _words(path.with_suffix(".svg").read_text())
        for panel in stage.app.screen.query("Panel"):
            assert json.loads(_exported(panel, live_picture()).json)["screen"] == ["Russell 2000"]
        (tmp_path / "out").rename(tmp_path / "gone")
        (tmp_path / "out").touch()
        await press(pilot, "1", "e")
        await stage.app.workers.wait_for_complete()
        await pilot.pause()
        assert "nothing exported: " in stage.app.screen.query_one(KeyBar).message


def _exported(panel: Any, snapshot: Snapshot) -> Exported:
    return exported(shown_of(panel, snapshot, ("Russell 2000",)))


def _words(svg: str) -> str:
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own
    return " ".join(text.text or "" for text in root.iter("{http://www.w3.org/2000/svg}text"))


def test_cells_keep_their_place_and_their_colours() -> None:
    bright = Style(color="#ff0000", bgcolor="#000080", bold=True)
    turned = Style(color="#ff0000", bgcolor="#000080", reverse=True)
    cells = [*cells_of(Strip([Segment("a", bright), Segment("日", turned), Segment("b")]))]
    assert [cell.text for cell in cells] == ["a", "日", "", "b"]
    assert (cells[0].ink, cells[0].paper, cells[0].bold) == ("#ff0000", "#000080", True)
    assert (cells[1].ink, cells[1].paper) == ("#000080", "#ff0000")
    assert cells[3].paper == "#000000"


# captop shot


def test_a_png_is_drawn_from_the_svg() -> None:
    svg = screen_svg([[ScreenCell("a", "#ffffff", "#000000")]], "one cell")
    assert png_of(svg).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["shot", "x.gif"], "x.gif is no .svg and no .png"),
        (["shot", "--screen", "moon", "x.svg"], "there is no screen moon; there are overview, map"),
    ],
)
def test_a_picture_that_cannot_be_drawn_costs_nothing(
    words: Iterable[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("CAPTOP_CONFIG", str(tmp_path / "captop.toml"))
    assert main([*words]) == 2
    assert said in capsys.readouterr().err


def test_a_picture_of_nothing_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def blank(*_: object) -> str:
        return "<svg/>"

    def told(_: object) -> Snapshot:
        return known

    feeds, out = dict[str, FeedHealth](), tmp_path / "x.svg"
    known = replace(empty_snapshot(THURSDAY_AFTERNOON), feeds=feeds)
    monkeypatch.setenv("CAPTOP_CONFIG", str(tmp_path / "captop.toml"))
    monkeypatch.setattr("tui.shot.passed", told)
    monkeypatch.setattr("tui.shot.drawn", blank)
    assert main(["shot", "--demo", str(out)]) == 1
    assert "no feed answered" in capsys.readouterr().err
    feeds["demo"] = FeedHealth("demo", answers=1)
    assert main(["shot", "--demo", str(out)]) == 0
    assert (capsys.readouterr(), out.read_text()) == ((f"{out}\n", ""), "<svg/>")


@pytest.mark.parametrize("size", ["120", "0x10", "12x1x1", "9999x20", "ax b"])
def test_a_wrong_size_is_wrong_usage(size: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["shot", "--size", size, "x.svg"])
    assert left.value.code == 2
    assert "is no size such as 120x34" in capsys.readouterr().err


async def test_a_screen_is_drawn_when_it_has_come_to_rest() -> None:
    stage = Stage(engine=FakeEngine(demo_picture()))
    assert StillMarket(demo_picture()).latest.now == THURSDAY_AFTERNOON
    svg = await drawn(stage.app, (100, 24), SCREENS["feeds"], "captop: feeds")
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own
    assert root.findtext("{http://www.w3.org/2000/svg}title") == "captop: feeds"
    assert "Feeds" in _words(svg)
    assert "http" not in svg.replace("http://www.w3.org/2000/svg", "")
