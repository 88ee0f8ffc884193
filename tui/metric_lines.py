"""Named metrics one a line: CSV for a spreadsheet, NDJSON for a program."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence

from tui.metric_document import Document
from widgets.strips import plain

COLUMNS = ("name", "value", "unit", "as_of", "source", "state", "reason")
"""What is told of each metric; how many members an aggregate is made of comes in NDJSON too."""
LONGEST = 1000


def csv_text(documents: Mapping[str, Document]) -> str:
    """Return metrics as CSV with a line of titles; what is missing is empty."""
    rows = ({"name": name, **document} for name, document in documents.items())
    return csv_of(COLUMNS, ([row.get(column) for column in COLUMNS] for row in rows))


def csv_of(titles: Sequence[str], rows: Iterable[Sequence[float | str | None]]) -> str:
    """Return a table as CSV."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(titles)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return written.getvalue()


def _cell(value: float | str | None) -> float | str:
    """A value for a spreadsheet, which would work out words that begin like a formula."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return value
    text = plain(value, LONGEST)
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


def ndjson_text(documents: Mapping[str, Document]) -> str:
    """Return metrics as JSON objects, one a line."""
    return "".join(json_line({"name": name, **each}) for name, each in documents.items())


def json_line(value: Mapping[str, object]) -> str:
    """Return an object as one line of JSON."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True) + "\n"
