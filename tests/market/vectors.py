"""How a reference vector is read: its tables, its tolerance."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from tests.shared import VECTORS

Vector = dict[str, Any]
Row = dict[str, str]


def rows_of(name: str) -> list[Row]:
    with (VECTORS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def closes(name: str, column: str) -> dict[date, float]:
    key = next(name for name in rows_of(name)[0] if name in {"date", "Date", "timestamp"})
    return {date.fromisoformat(r[key]): float(r[column]) for r in rows_of(name) if r[column]}


def until(series: Mapping[date, float], day: str) -> list[float]:
    return [value for when, value in series.items() if when <= date.fromisoformat(day)]


def close_to(vector: Vector, value: float) -> Any:
    tolerance = vector["tolerance"]
    return pytest.approx(value, abs=tolerance.get("abs", 0), rel=tolerance.get("rel", 0))
