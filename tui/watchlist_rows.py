"""The array of one watchlist in the user's TOML, as rows of text.

tomlkit would drop the remark behind a symbol that moves; here it goes along.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

_PIECE = re.compile(r"""\s+|#[^\n]*|,|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'""")


@dataclass(frozen=True, slots=True)
class Row:
    """One symbol of an array and the text around it."""

    lead: str
    """Line break, indentation and comment lines before the symbol."""
    literal: str
    """The symbol in its quotes."""
    remark: str = ""
    """Blanks and comment behind it on the same line."""

    @property
    def symbol(self) -> str:
        """The symbol itself."""
        return self.literal[1:-1].strip().upper()


@dataclass(frozen=True, slots=True)
class Rows:
    """A TOML array of strings as rows of text; `str(Rows.of(text))` is `text` again."""

    rows: tuple[Row, ...]
    tail: str
    """What stands between the last symbol and the closing bracket."""
    has_last_comma: bool

    @classmethod
    def of(cls, text: str) -> Rows:
        """Take the text of an array apart, brackets included."""
        rows: list[Row] = []
        lead, comma, is_behind = "", False, False
        for piece in _PIECE.findall(text[1:-1]):
            if piece[0] in "\"'":
                rows.append(Row(lead, piece))
                lead, comma, is_behind = "", False, True
            elif piece == ",":  # blanks before it belong to nobody
                lead, comma = (lead if "#" in lead else ""), True
            elif is_behind and piece.startswith("#"):
                rows[-1] = replace(rows[-1], remark=rows[-1].remark + lead + piece)
                lead = ""
            else:
                lead, is_behind = lead + piece, is_behind and "\n" not in piece
        return cls(tuple(rows), lead, comma)

    def __str__(self) -> str:
        """Return the array as TOML."""
        return "[" + "".join(self._pieces()) + "]"

    def _pieces(self) -> Iterator[str]:
        remark = ""
        for number, row in enumerate(self.rows, 1):
            comma = "," if number < len(self.rows) or self.has_last_comma else ""
            yield f"{_after(remark, row.lead)}{row.literal}{comma}{row.remark}"
            remark = row.remark
        yield _after(remark, self.tail)

    @property
    def symbols(self) -> tuple[str, ...]:
        """The symbols in order."""
        return tuple(row.symbol for row in self.rows)

    def without_duplicates(self) -> Rows:
        """Return the rows with the first of each symbol only."""
        rows = self
        for index in range(len(self.rows) - 1, 0, -1):
            if rows.symbols[index] in rows.symbols[:index]:
                rows = rows.removed(index)
        return rows

    def added(self, symbol: str, index: int, remark: str = "") -> Rows:
        """Return the rows with one more, laid out like its neighbours."""
        row = Row(self._lead_at(index), f'"{symbol}"', remark)
        rows = [*self.rows[:index], row, *self.rows[index:]]
        if index == 0 and len(rows) > 1 and "\n" not in rows[1].lead:
            rows[1] = replace(rows[1], lead=self._separator)
        tail = self.tail
        if not self.rows and "\n" in tail:
            tail = "\n"
        return replace(self, rows=tuple(rows), tail=tail)

    def removed(self, index: int) -> Rows:
        """Return the rows without one; comment lines above it stay."""
        lead = self.rows[index].lead
        kept = lead[: lead.rindex("\n")] if "#" in lead else ""
        rows = [*self.rows[:index], *self.rows[index + 1 :]]
        if index == len(rows):
            return replace(self, rows=tuple(rows), tail=kept + _after(kept, self.tail))
        following = rows[index].lead
        if index == 0 and not kept and "#" not in following:
            following = lead
        rows[index] = replace(rows[index], lead=kept + _after(kept, following))
        return replace(self, rows=tuple(rows))

    def ordered(self, symbols: Iterable[str]) -> Rows:
        """Return the rows with their symbols and remarks in another order."""
        by_symbol = {row.symbol: row for row in self.rows}
        leads = [row.lead for row in self.rows]
        chosen = [by_symbol[symbol] for symbol in symbols]
        rows = (replace(row, lead=lead) for row, lead in zip(chosen, leads, strict=True))
        return replace(self, rows=tuple(rows))

    def _lead_at(self, index: int) -> str:
        if not self.rows:
            kept = self.tail.rstrip() if "#" in self.tail else ""
            return f"{kept}\n    " if "\n" in self.tail else ""
        lead = self.rows[min(index, len(self.rows) - 1)].lead
        if "\n" in lead:
            return lead[lead.rindex("\n") :]
        return self._separator if index else lead

    @property
    def _separator(self) -> str:
        """What stands behind the commas of a line."""
        inner = (row.lead for row in self.rows[1:] if "\n" not in row.lead)
        return next(inner, " ")


def _after(comment: str, text: str) -> str:
    """Return `text`, on a new line if a comment stands before it."""
    return f"\n{text}" if "#" in comment and not text.startswith("\n") else text
