"""The frame that stands in the terminal before anything is loaded."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import platformdirs
import pytest
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui.frame_keeper import frame_of
from tui.last_frame import AGE_PLACE, _settings_file, cache_folder, packed, unpacked
from widgets.palette import palette_from

DRAWN = b"captop as of Fri 20 Nov 16:00 ET, " + AGE_PLACE
KEPT_AT = 1_795_000_000.0
FRIDAY = datetime(2026, 11, 20, 21, 0, tzinfo=UTC)


def shown(kept: bytes, *, later: float = 0, columns: int = 120, rows: int = 34) -> bytes:
    return unpacked(kept, columns, rows, KEPT_AT + later)


@pytest.mark.parametrize(
    ("later", "age"),
    [
        (0, b"just now"),
        (59, b"just now"),
        (60, b"1 min ago"),
        (7300, b"2 h ago"),
        (9e5, b"10 d ago"),
    ],
)
def test_a_frame_tells_its_age_in_as_many_cells(later: float, age: bytes) -> None:
    frame = shown(packed(DRAWN, 120, 34, KEPT_AT), later=later)
    assert frame == DRAWN.replace(AGE_PLACE, age.ljust(len(AGE_PLACE)))


def test_it_is_shown_in_its_own_surroundings_only(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = packed(DRAWN, 120, 34, KEPT_AT)
    assert shown(kept)
    assert not shown(kept, columns=119)
    assert not shown(kept, rows=33)
    assert not shown(kept, later=-1), "of the future"
    settings = Path(os.environ["XDG_CONFIG_HOME"]) / "captop" / "captop.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('theme = "captop-light"\n', encoding="utf-8")
    assert not shown(kept), "the settings are others"
    settings.unlink()
    monkeypatch.setattr("tui.last_frame._SAID", ["NO_COLOR=1"])
    assert not shown(kept)


@pytest.mark.parametrize("cut", [0, 5, 20, 60, -1])
def test_a_damaged_one_is_none(cut: int) -> None:
    assert not shown(packed(DRAWN, 120, 34, KEPT_AT)[:cut])


def test_it_is_found_where_the_cache_is() -> None:
    assert Path(cache_folder()) == platformdirs.user_cache_path("captop", appauthor=False)
    settings = platformdirs.user_config_path("captop", appauthor=False) / "captop.toml"
    assert Path(_settings_file()) == settings


def test_a_frame_says_when_it_is_of_draws_faded_and_does_nothing_else() -> None:
    palette = palette_from({"foreground": "#c0c0c0", "surface": "#101010"})
    console = Console(color_system="truecolor", force_terminal=True)
    line = Strip([Segment("RUT 2,996.11".ljust(60), Style(color="#ffffff", bgcolor="#000000"))])
    frame = frame_of([line] * 4, console, palette, FRIDAY)
    assert frame is not None
    title, second, *_ = frame.decode().split("\x1b[2;1H")
    assert f"as of Fri 20 Nov 16:00 ET, {AGE_PLACE.decode()}" in title
    assert "RUT" not in title
    assert "38;2;178;178;178" in second
    assert frame_of([line] * 3, console, palette, FRIDAY) is None, "too low for a title"
    narrow = frame_of([line.crop(0, 40)] * 4, console, palette, FRIDAY)
    assert narrow is not None
    assert AGE_PLACE in narrow
    harmful = Strip([Segment("a\x1b]0;title\x07", Style())])
    assert frame_of([line, harmful, line, line], console, palette, FRIDAY) is None
