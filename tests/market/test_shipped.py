"""Shipped tables: parsed once for each version of a file, and never taken from another one."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import msgspec
import pytest

from market.shipped import shipped


class _Days(msgspec.Struct, frozen=True):
    days: tuple[date, ...]


FIRST = _Days((date(2026, 7, 1),))


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    path = tmp_path / "days.toml"
    path.write_text("days = [2026-07-01]")
    return path


def kept(file: Path) -> Path:
    return file.parent / "__pycache__" / "days.toml.msgpack"


def test_a_table_is_parsed_once(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert shipped(file, _Days) == FIRST
    monkeypatch.delattr("tomllib.loads")
    assert shipped(file, _Days) == FIRST
    assert [each.name for each in kept(file).parent.iterdir()] == [kept(file).name]


def test_another_version_is_parsed_anew(file: Path) -> None:
    shipped(file, _Days)
    file.write_text("days = [2026-07-02]")  # of the same size
    os.utime(file, ns=(1, 1))
    assert shipped(file, _Days) == _Days((date(2026, 7, 2),))
    file.write_text("days = []")
    os.utime(file, ns=(1, 1))  # of the same time
    assert shipped(file, _Days) == _Days(())


@pytest.mark.parametrize("content", [b"", b"\x00", b"[]", msgspec.msgpack.encode([1, 2, "x"])])
def test_what_was_damaged_is_made_anew(file: Path, content: bytes) -> None:
    shipped(file, _Days)
    kept(file).write_bytes(content)
    assert shipped(file, _Days) == FIRST
    assert kept(file).read_bytes() != content


def test_nothing_is_written_where_python_is_to_write_nothing(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    assert shipped(file, _Days) == FIRST
    assert not kept(file).exists()


def test_a_place_that_cannot_be_written_costs_time_only(file: Path) -> None:
    kept(file).parent.write_text("a file where the folder should be")
    assert shipped(file, _Days) == FIRST
