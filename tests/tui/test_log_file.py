"""The log of a pane: warnings in the cache folder, bounded, and no file without any."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from tui.log_file import LARGEST, LOG_FILE, OLD_FILE, keep_log, keep_no_log


@pytest.fixture(autouse=True)
def left_as_it_was(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(logging, "raiseExceptions", logging.raiseExceptions)
    root = logging.getLogger()
    before = list(root.handlers)
    yield
    for handler in [each for each in root.handlers if each not in before]:
        root.removeHandler(handler)
        handler.close()


def test_warnings_are_kept_and_what_grew_large_is_put_aside(tmp_path: Path) -> None:
    path = tmp_path / LOG_FILE
    keep_log(tmp_path).close()
    logging.getLogger("market").info("nothing of note")
    assert not path.exists(), "without any there is no file"
    logging.getLogger("market").warning("a loop stood")
    assert path.read_text("utf-8").endswith(" WARNING market: a loop stood\n")
    path.write_bytes(b"x" * LARGEST)
    keep_log(tmp_path)
    assert (tmp_path / OLD_FILE).stat().st_size == LARGEST
    assert not path.exists()


def test_what_the_disk_refuses_is_no_reason_to_write_into_the_pane(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep_log(tmp_path / "not there")
    logging.getLogger("market").error("lost")
    assert capsys.readouterr().err == ""


def test_where_no_log_is_kept_nothing_is_written_to_the_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    logging.getLogger("market").warning("told")
    assert capsys.readouterr().err == "told\n", "what nobody handles"
    keep_no_log()
    logging.getLogger("market").warning("a loop stood")
    assert capsys.readouterr().err == ""
