"""The first sheet of an Excel workbook (.xlsx) as rows of words, read with the standard library.

A workbook is a zip of XML files that a machine wrote. Cells are read by their tags, so that no
reference is followed and no entity expanded, which a parser of all XML would have to be kept
from. Formulas, dates as numbers and everything about looks are not understood.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from html import unescape

SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
MOST_BYTES = 32 * 2**20
"""Unpacked, of one file in the zip."""

_VALUE = re.compile(r"<v\b[^>]*>([^<]*)</v>")
_TEXT = re.compile(r"<t\b[^>]*>([^<]*)</t>")
_TYPE = re.compile(r'\bt="(\w+)"')
_PLACE = re.compile(r'\br="([A-Z]{1,3})[0-9]+"')


class WorkbookError(Exception):
    """A file is no workbook, or larger than any of them; says so in a few words."""


def rows_of(body: bytes) -> Iterator[list[str]]:
    """Yield the rows of a workbook's first sheet, cells at their columns, numbers as written.

    Raises:
        WorkbookError: no zip, no sheet in it, or too large a one.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            names = set(packed.namelist())
            shared = _part(packed, STRINGS) if STRINGS in names else ""
            sheet = _part(packed, SHEET) if SHEET in names else ""
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError) as error:
        raise WorkbookError("it is no whole workbook") from error
    except RuntimeError as error:  # a zip with a password
        raise WorkbookError("it is locked") from error
    if not sheet:
        raise WorkbookError("it has no sheet")
    strings = [_words(inner) for _, inner in _elements(shared, "si")]
    return (_cells(inner, strings) for _, inner in _elements(sheet, "row"))


def _part(packed: zipfile.ZipFile, name: str) -> str:
    if packed.getinfo(name).file_size > MOST_BYTES:
        raise WorkbookError(f"its {name.rpartition('/')[2]} is larger than {MOST_BYTES >> 20} MB")
    return packed.read(name).decode("utf-8-sig", "replace")


def _elements(markup: str, tag: str) -> Iterator[tuple[str, str]]:
    """Yield attributes and inside of each element; none of these tags stands within itself."""
    for piece in re.split(rf"<{tag}\b", markup)[1:]:
        attributes, _, inner = piece.partition(">")
        yield attributes, "" if attributes.endswith("/") else inner.partition(f"</{tag}>")[0]


def _words(markup: str) -> str:
    return unescape("".join(_TEXT.findall(markup)))


def _cells(row: str, strings: list[str]) -> list[str]:
    cells: list[str] = []
    for attributes, inner in _elements(row, "c"):
        place = _PLACE.search(attributes)
        column = _column(place.group(1)) if place is not None else len(cells)
        cells += [""] * (min(column, _MOST_COLUMNS) - len(cells))
        cells.append(_cell(attributes, inner, strings))
    return cells


def _cell(attributes: str, inner: str, strings: list[str]) -> str:
    kind = _TYPE.search(attributes)
    if kind is not None and kind.group(1) == "inlineStr":
        return _words(inner)
    value = _VALUE.search(inner)
    if value is None:
        return ""
    text = unescape(value.group(1))
    if kind is None or kind.group(1) != "s":
        return text
    is_known = text.isdecimal() and len(text) < 10 and int(text) < len(strings)
    return strings[int(text)] if is_known else ""


def _column(letters: str) -> int:
    """Return the number of a column, A is 0."""
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1


_MOST_COLUMNS = 64
"""No table here is wider; a cell that says it stands farther right stands there."""
