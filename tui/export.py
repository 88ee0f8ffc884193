"""What `e` writes: the panel that has the keys as CSV and JSON, the screen as a picture."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import cast

import msgspec

from market.sessions import NEW_YORK
from market.snapshot import Snapshot
from tui.metric_document import instant, rounded
from tui.metric_lines import csv_of
from widgets.board_model import Cell, Column, Row
from widgets.panel import BoardPanel, Panel, ViewPanel
from widgets.strips import plain

LONGEST = 1000
Plain = float | str | bool | None


class Shown(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """What a panel shows, as it is: of a table the rows, of any other panel its view."""

    way: tuple[str, ...]
    """To the screen."""
    panel: str
    """The panel's id."""
    title: str
    snapshot: Snapshot
    columns: Sequence[Column] = ()
    rows: Sequence[Row] | None = None
    """In the order shown and as the filter leaves them; None for a panel without a table."""
    view: object = None


class Exported(msgspec.Struct, frozen=True):
    """One panel, ready to be written."""

    name: str
    """Of the files, without their endings."""
    csv: str
    json: str


def shown_of(panel: Panel, snapshot: Snapshot, crumbs: Iterable[str]) -> Shown:
    """Return what a panel shows now, which takes no time.

    Args:
        panel: The panel.
        snapshot: What it is a slice of.
        crumbs: The way to the screen.
    """
    listing = panel.board.listing if isinstance(panel, BoardPanel) else None
    return Shown(
        way=tuple(plain(crumb) for crumb in crumbs),
        panel=panel.id or "panel",
        title=plain(panel.heading(), LONGEST),
        snapshot=snapshot,
        columns=() if listing is None else listing.columns,
        rows=None if listing is None else listing.order,
        view=cast("ViewPanel[object]", panel).view if isinstance(panel, ViewPanel) else None,
    )


def exported(shown: Shown) -> Exported:
    """Return what is shown as files; of 2,000 rows this takes a second."""
    if shown.rows is not None:
        body: Mapping[str, object] = {"rows": [*rows_told(shown.columns, shown.rows)]}
        titles, lines = rows_table(shown.columns, shown.rows)
    else:
        told = view_told(shown.view)
        body, titles, lines = {"view": told}, ("what", "value"), flat(told)
    about = {
        "panel": shown.title,
        "as_of": instant(shown.snapshot.now),
        "mode": str(shown.snapshot.mode),
    }
    document = {"screen": shown.way, **about, **body}
    return Exported(
        name=file_name((*shown.way[-1:], shown.panel), shown.snapshot),
        csv=csv_of((*titles, *about), ((*line, *about.values()) for line in lines)),
        json=json.dumps(document, ensure_ascii=False, indent=2) + "\n",
    )


def file_name(parts: Sequence[str], snapshot: Snapshot) -> str:
    """Return the name of an export: what is no live market, what it is of, and New York's time."""
    marked = (snapshot.mode.badge, *parts)
    slugs = (re.sub(r"[^a-z0-9]+", "-", part.lower()).strip("-") for part in marked)
    words = "-".join(filter(None, slugs))
    return f"captop-{words}-{snapshot.now.astimezone(NEW_YORK):%Y%m%d-%H%M%S}"


def rows_told(columns: Sequence[Column], rows: Iterable[Row]) -> Iterator[Mapping[str, object]]:
    """Yield the rows of a table by the ids of its columns, numbers as they are sorted by."""
    for row in rows:
        cells = zip(columns, row.cells, strict=False)
        yield {"key": row.key, **{column.id: _told(column, cell) for column, cell in cells}}


def rows_table(
    columns: Sequence[Column], rows: Iterable[Row]
) -> tuple[Sequence[str], Iterable[Sequence[float | str | None]]]:
    """Return titles and lines of a table for a spreadsheet; sparklines are left out."""
    rows = [*rows]
    drawn = {n for row in rows for n, cell in enumerate(row.cells) if cell.spark is not None}
    kept = [n for n in range(len(columns)) if n not in drawn]
    titles = ("key", *(columns[n].id for n in kept))
    lines = ((row.key, *(_value(columns[n], row.cells[n]) for n in kept)) for row in rows)
    return titles, lines


def _told(column: Column, cell: Cell) -> object:
    return _value(column, cell) if cell.spark is None else [rounded(v) for v in cell.spark]


def _value(column: Column, cell: Cell) -> float | str | None:
    """A number where the column is of numbers, else the words that are shown."""
    if column.justify == "right" and isinstance(cell.sort, int | float):
        return rounded(cell.sort)
    return plain(cell.text, LONGEST).strip("— ") or None


def view_told(view: object) -> object:
    """Return a view as plain values by the names of its fields."""
    return _rounded(msgspec.to_builtins(view, str_keys=True, enc_hook=_plain_of))


def _plain_of(value: object) -> object:
    """Columns of numbers as lists; anything else by its words."""
    with suppress(TypeError):
        return [*cast("Iterable[object]", value)]
    return plain(str(value), LONGEST)


def _rounded(value: object) -> object:
    if isinstance(value, dict):
        return {k: _rounded(v) for k, v in cast("Mapping[str, object]", value).items()}
    if isinstance(value, list | tuple):
        return [_rounded(v) for v in cast("Sequence[object]", value)]
    if isinstance(value, float):
        return rounded(value) if value - value == 0 else None
    return plain(value, LONGEST) if isinstance(value, str) else value


def flat(value: object, path: str = "") -> Iterator[tuple[str, float | str | None]]:
    """Yield the values inside a view with the way to each: `line.0.value`."""
    parts: Iterable[tuple[object, object]]
    if isinstance(value, dict):
        parts = cast("Mapping[object, object]", value).items()
    elif isinstance(value, list):
        parts = enumerate(cast("Sequence[object]", value))
    else:
        if path:
            yield path, cast("Plain", value)
        return
    for name, part in parts:
        yield from flat(part, f"{path}.{name}" if path else str(name))


def write(folder: Path, made: Exported, svg: str) -> Path:
    """Write the three files, and return their path without an ending; OSError if impossible."""
    folder.mkdir(parents=True, exist_ok=True)
    for ending, text in (("csv", made.csv), ("json", made.json), ("svg", svg)):
        (folder / f"{made.name}.{ending}").write_text(text, encoding="utf-8")
    return folder / made.name
