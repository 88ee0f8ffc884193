"""Number -> cells: the only formatting rules of captop. Missing is an em dash, minus is U+2212.

In ASCII a minus is `-`; missing is then `.`, so that the two never look alike.
"""

from __future__ import annotations

import math
import unicodedata
from typing import Final

MISSING: Final = "—"
MINUS: Final = "−"
WIDEST: Final = 20
"""No number is ever wider than this many cells, whatever a source sends."""

_HUGE = 1e12
_WEIGHTY = frozenset("123456789")
BASKET_SIGN = "◆"
"""What tells a basket from sectors and sub-sectors."""
_TO_ASCII = str.maketrans(
    {
        "−": "-",
        "—": ".",
        "–": "-",
        "·": ".",
        "…": "~",
        "▲": "^",
        "▼": "v",
        "•": "=",
        "●": "*",
        "◆": "#",
        "○": "o",
        "›": ">",
        "─": "-",
        "━": "-",
        "╌": ":",
        "╍": "=",
        "┈": ".",
        "│": "|",
        "├": "|",
        "┤": "|",
        "╭": "+",
        "╮": "+",
        "╰": "+",
        "╯": "+",
        "┣": "[",
        "┫": "]",
        "✓": "+",
        "✗": "x",
        "≤": "<",
        "σ": "s",
        "±": "~",
        "┄": ".",
        "“": '"',
        "”": '"',
        "→": ">",
    }
)


def price(value: float | None, decimals: int = 2) -> str:
    """Return a level with thousands separators: `2,996.11`."""
    if value is None or not math.isfinite(value):
        return MISSING
    text = _digits(abs(value), decimals)
    return MINUS + text if value < 0 and _has_weight(text) else text


def signed(value: float | None, decimals: int = 2) -> str:
    """Return a difference with its sign always shown: `+16.48`, `−16.48`, `0.00`."""
    if value is None or not math.isfinite(value):
        return MISSING
    text = _digits(abs(value), decimals)
    if not _has_weight(text):
        return text
    return ("+" if value > 0 else MINUS) + text


def _with(unit: str, text: str) -> str:
    return text if text == MISSING else text + unit


def percent(fraction: float | None, decimals: int = 2, unit: str = "") -> str:
    """Return a fraction as signed percent: 0.0219 -> `+2.19`, with `unit=" %"` `+2.19 %`."""
    return _with(unit, signed(_times(fraction, 100.0), decimals))


def percent_in(fraction: float | None, width: int, decimals: int = 2) -> str:
    """Return signed percent within `width` cells: decimals leave before a digit would."""
    for fewer in range(decimals, -1, -1):
        if len(text := percent(fraction, fewer)) <= width:
            return text
    return f"{'>' if (fraction or 0) > 0 else '<'}{'9' * max(0, width - 2)}"


def share(fraction: float | None, decimals: int = 0, unit: str = " %") -> str:
    """Return a part of a whole, without a plus sign: 0.97 -> `97 %`."""
    return _with(unit, price(_times(fraction, 100.0), decimals))


def basis_points(fraction: float | None, unit: str = " bp", *, decimals: int = 0) -> str:
    """Return a fraction in basis points: 0.0034 -> `+34 bp`."""
    return _with(unit, signed(_times(fraction, 10_000.0), decimals))


def contribution(
    fraction: float | None, width: int = WIDEST, unit: str = " bp", *, of_member: bool = False
) -> str:
    """Return what a group, or one member, adds to the index: `+3.4 bp`, a member's `+0.34 bp`.

    Decimals leave before the text is wider than `width` cells, but never so many that nothing
    is left of a number and its sign; what is left may still be wider.
    """
    text = basis_points(fraction, unit, decimals=2 if of_member else 1)
    for decimals in range(1 if of_member else 0, -1, -1):
        shorter = basis_points(fraction, unit, decimals=decimals)
        if len(text) <= width or _has_weight(text) != _has_weight(shorter):
            break
        text = shorter
    return text


def ratio(value: float | None, decimals: int = 2) -> str:
    """Return a ratio: `1.33`."""
    return price(value, decimals)


def times(value: float | None, unit: str = "x") -> str:
    """Return a multiple: 0.71 -> `0.7x`; from ten on without decimals: `12x`."""
    if value is None or not math.isfinite(value):
        return MISSING
    return price(value, 1 if abs(value) < 9.95 else 0) + unit


def relative_volume(value: float | None, measure: str) -> str:
    """Return volume over what is usual by then: `1.3x`; counted in full days instead: `0.7d`.

    Args:
        value: The relative volume.
        measure: What it is held against, in the words of its reason.
    """
    from market.reading import FULL_DAYS  # words alone are wanted at once, without msgspec

    return times(value, "d" if FULL_DAYS in measure else "x")


def volume(value: float | None) -> str:
    """Return a share count in at most five cells: `950`, `12.3K`, `1.2M`, `41.0B`."""
    if value is None or not math.isfinite(value) or value < 0:
        return MISSING
    if value < 999.5:
        return f"{value:.0f}"
    for unit in "KMBT":
        value /= 1000.0
        if value < 99.95:
            return f"{value:.1f}{unit}"
        if value < 999.5:
            return f"{value:.0f}{unit}"
    return ">999T"


def money(value: float | None, *, with_sign: bool = False) -> str:
    """Return dollars in at most nine cells: `$80.26bn`, `$412m`; with their sign `+$16m`."""
    if value is None or not math.isfinite(value):
        return MISSING
    size = abs(value)
    if size < 0.9995e9:
        text = f"${size / 1e6:,.0f}m" if size >= 9.95e6 else f"${size / 1e6:.1f}m"
    else:
        text = f"${size / 1e9:,.2f}bn" if size < 99.995e9 else f"${size / 1e9:,.0f}bn"
    if len(text) > WIDEST:
        text = f"${size:.2e}"
    if not _has_weight(text):
        return "$0"
    sign = MINUS if value < 0 else "+" if with_sign else ""
    return sign + text


def arrow(value: float | None, *, ascii_only: bool = False) -> str:
    """Return the direction as one glyph: ▲ ▼ • (`^ v =`), a blank for a missing value."""
    if value is None or not math.isfinite(value):
        return " "
    up, down, flat = "^v=" if ascii_only else "▲▼•"
    return up if value > 0 else down if value < 0 else flat


def direction(text: str) -> str:
    """Return the role of a number already formatted, so that colour never contradicts its sign."""
    if text.startswith("+"):
        return "up"
    if text.startswith((MINUS, "-")):
        return "down"
    return "absent" if text == MISSING else "flat"


def range_bar(position: float | None, width: int, *, ascii_only: bool = False) -> str:
    """Return a place within a range, `├────●─┤`, exactly `width` cells; 0 left, 1 right."""
    if width < 3:
        return " " * max(0, width)
    if position is None or not math.isfinite(position):
        return " " * width
    inner = width - 2
    at = round(min(1.0, max(0.0, position)) * (inner - 1))
    bar = "├" + "─" * at + "●" + "─" * (inner - 1 - at) + "┤"
    return ascii_text(bar) if ascii_only else bar


def ascii_text(text: str) -> str:
    """Return captop's own signs in ASCII, cell for cell; other letters stay."""
    return text.replace("≤ ", "<=").translate(_TO_ASCII)


def plain(text: str, limit: int = 200) -> str:
    """Return text from outside without control, format or surrogate characters, in one line."""
    if text.isascii() and text.isprintable():  # nearly always: a look at each letter is dear
        return text[:limit].strip()
    shown = "".join(" " if c in "\n\r\t" else c for c in text[:limit])
    return "".join(c for c in shown if unicodedata.category(c) not in _UNSEEN).strip()


def sources_in(source: str, cells: int) -> str:
    """Return who gave a number; several that have no room are the first and how many more."""
    first, *others = plain(source).split("+")
    if not others or len(source) <= cells:
        return plain(source, max(cells, 12))
    return f"{first} +{len(others)}"


_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def _times(value: float | None, factor: float) -> float | None:
    return None if value is None else value * factor


def _digits(size: float, decimals: int) -> str:
    text = f"{size:,.{decimals}f}" if size < _HUGE else ""
    return text if 0 < len(text) < WIDEST else f"{size:.2e}"


def _has_weight(text: str) -> bool:
    return not _WEIGHTY.isdisjoint(text)
