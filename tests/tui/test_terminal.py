"""A terminal without a name is taken for a plain one."""

from __future__ import annotations

import os
import re
import signal
import sys
from pathlib import Path

import pytest

from benchmarks.terminal import Terminal
from tests.end_to_end.program import captop_command, surroundings
from tui.terminal import FRAMES_A_SECOND, corrected_term, with_short_frames


@pytest.mark.parametrize("term", ["dumb", "DUMB", "unknown"])
def test_a_nameless_terminal_is_a_plain_one_without_colours(term: str) -> None:
    environ = {"TERM": term, "COLORTERM": "truecolor"}
    corrected_term(environ)
    assert environ == {"TERM": "xterm", "NO_COLOR": "1"}


def test_frames_are_short_unless_the_user_says_otherwise() -> None:
    ours: dict[str, str] = {}
    theirs = {"TEXTUAL_FPS": "30"}
    with_short_frames(ours)
    with_short_frames(theirs)
    assert (ours, theirs) == ({"TEXTUAL_FPS": FRAMES_A_SECOND}, {"TEXTUAL_FPS": "30"})


@pytest.mark.parametrize("environ", [{"TERM": "xterm-256color"}, {"TERM": "linux"}, {}])
def test_any_other_is_left_as_it_is(environ: dict[str, str]) -> None:
    corrected = dict(environ)
    corrected_term(corrected)
    assert corrected == environ


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are POSIX")
@pytest.mark.parametrize(
    ("term", "end", "errors"), [("dumb", "q", ""), ("unknown", "SIGTERM", "err.log")]
)
def test_the_pane_is_drawn_there_and_can_be_left(
    tmp_path: Path, term: str, end: str, errors: str
) -> None:
    """With standard error in a file too, where Textual would draw by itself."""
    environment = {**os.environ, **surroundings(tmp_path), "TERM": term}
    elsewhere = f" 2>{errors}" if errors else ""
    line = f'exec "{captop_command()}"{elsewhere}'
    with Terminal(["sh", "-c", line], environment=environment, cwd=tmp_path) as terminal:
        assert terminal.read(30, until=lambda: bool(re.search(r"(?i)press D", terminal.text)))
        if end == "q":
            terminal.type("q")
        else:
            terminal.process.send_signal(signal.Signals[end])
        assert terminal.wait() == 0
        assert b"Traceback" not in terminal.output
        assert b"38;2;" not in terminal.output
        assert not errors or (tmp_path / errors).read_bytes() == b""
