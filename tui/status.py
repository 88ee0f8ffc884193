"""`captop status`: some metrics on one line, at once, from the captop that runs.

Made for status bars, which start it every few seconds: neither Textual nor msgspec, numpy or
pandas is loaded. Exit codes: 0 all known; 1 something is absent, or no captop runs; 2 wrong usage,
or no metric is called so.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NoReturn

from market.clock import Clock, WallClock
from tui.output import LACKING, OK, WRONG, complain, say
from tui.status_file import Table, answer_in, ask, table_of
from tui.status_words import DEFAULT_FORMAT, FormatError, Part, age, line_of, parts_of
from tui.usage import Parser

GONE_AFTER_S = 90
"""A captop that has not answered for so long does not run any more."""
WATCH_S = 2.0
"""How often `--watch` looks for news."""
NOBODY = "no captop runs that could tell; start captop, or captop watch on a server."
NOT_ASKED = (
    "nothing was asked for before: a captop that runs answers within seconds, so ask again; "
    "if nothing comes then, no captop runs."
)
NOTHING_KEPT = "cache.enabled is off, so no captop can be asked what it knows."


def main(words: Sequence[str]) -> int:
    """Do what is said behind `captop status`, and return the exit code."""
    parser = Parser(prog="captop status", description="One line for a status bar, at once.")
    parser.add_argument("--config", type=Path, metavar="PATH", help="settings file to use")
    add_status_options(parser)
    said = parser.parse_args(words)
    return run_status(said.config, said.format, as_json=said.json, watch=said.watch)


def add_status_options(parser: Parser) -> None:
    """Let a parser know what may be said behind `captop status`."""
    example = f'names in braces, each with a number format: "{DEFAULT_FORMAT}"'
    parser.add_argument(
        "--format", default=DEFAULT_FORMAT, metavar="TEXT", help=example.replace("%", "%%")
    )
    parser.add_argument("--json", action="store_true", help="the same metrics as JSON")
    parser.add_argument("--watch", action="store_true", help="one JSON object a line, as they come")


def run_status(
    config: Path | None,
    written: str,
    *,
    as_json: bool = False,
    watch: bool = False,
    clock: Clock | None = None,
) -> int:
    """Print the metrics of a format, and return the exit code.

    Args:
        config: The settings file; None for the usual one.
        written: The format.
        as_json: The metrics as one JSON object instead.
        watch: Go on for ever, one JSON object for each news.
        clock: Where time comes from.
    """
    try:
        parts = parts_of(written)
    except FormatError as error:
        complain(str(error))
        return WRONG
    reader = Reader(cache_folder(config), parts, clock if clock is not None else WallClock())
    if watch:
        return follow(reader)
    reader.ask()
    known = reader.read()
    say(known.json() if as_json else known.text())
    if known.trouble:
        complain(known.trouble)
    return known.code


class Known:
    """What a reader got."""

    def __init__(self, parts: Sequence[Part], answer: Table, now: float) -> None:
        """Take an answer, read at `now`, seconds since 1970."""
        self._parts = parts
        self._mode = str(answer.get("mode") or "")
        at, told = answer.get("at"), table_of(answer.get("metrics"))
        self._at = at if isinstance(at, int | float) else None
        names = dict.fromkeys(name for _, name, _ in parts if name is not None)
        self.metrics = {name: table_of(told.get(name)) for name in names}
        """What is known of each metric; nothing of one that was not answered yet."""
        self._absent = [name for name, m in self.metrics.items() if m.get("value") is None]
        self._age_s = None if self._at is None else max(0.0, now - self._at)

    @property
    def is_gone(self) -> bool:
        """Whether nobody answers any more."""
        return self._age_s is None or self._age_s > GONE_AFTER_S

    @property
    def trouble(self) -> str:
        """What is wrong, in a sentence; empty if nothing is."""
        unknown = (str(m.get("unknown") or "") for m in self.metrics.values())
        if sentence := next(filter(None, unknown), ""):
            return sentence
        if self._at is None:
            return NOT_ASKED
        if self.is_gone:
            return NOBODY
        if not self._absent:
            return ""
        first = self._absent[0]
        reason = self.metrics[first].get("reason") or "asked for just now; ask again"
        return f"{first} is absent: {reason}"

    @property
    def code(self) -> int:
        """The exit code."""
        if any(m.get("unknown") for m in self.metrics.values()):
            return WRONG
        return LACKING if self.is_gone or self._absent else OK

    def text(self) -> str:
        """The line, behind it the age of an answer that nobody renews."""
        old = age(self._age_s) if self.is_gone and self._age_s is not None else ""
        return line_of(self._parts, self.metrics, old) + "\n"

    def json(self) -> str:
        """One JSON object on one line."""
        told = {
            "at": self._at,
            "mode": self._mode,
            "running": not self.is_gone,
            "metrics": self.metrics,
        }
        return json.dumps(told, ensure_ascii=False, sort_keys=True) + "\n"


class Reader:
    """Asks for the metrics of a format, and reads what is answered."""

    def __init__(self, folder: Path | None, parts: Sequence[Part], clock: Clock) -> None:
        """Read in a folder; None where nothing is kept."""
        self._folder = folder
        self._parts = parts
        self._clock = clock

    def ask(self) -> None:
        """Say that these metrics are read."""
        names = (name for _, name, _ in self._parts if name is not None)
        if self._folder is None:
            complain(NOTHING_KEPT)
            return
        try:
            ask(self._folder, names, self._clock.now().timestamp())
        except OSError as error:
            complain(f"{self._folder} cannot be written: {error.strerror}; no captop is asked.")

    def read(self) -> Known:
        """Return what is known."""
        answer = table_of(None) if self._folder is None else answer_in(self._folder)
        return Known(self._parts, answer, self._clock.now().timestamp())


def follow(reader: Reader, wait: Callable[[float], object] | None = None) -> NoReturn:
    """Print each news as one line of JSON, for ever; that captop has ended is news too.

    Args:
        reader: Reads what is known.
        wait: Waits that many seconds.
    """
    from threading import Event

    pause = wait if wait is not None else Event().wait
    before: Mapping[str, Table] | None = None
    was_gone = False
    while True:
        reader.ask()
        known = reader.read()
        if known.metrics != before or known.is_gone is not was_gone:
            say(known.json())
        if known.is_gone and not was_gone:
            complain(NOBODY)
        before, was_gone = known.metrics, known.is_gone
        pause(WATCH_S)


def cache_folder(config: Path | None, environ: Mapping[str, str] = os.environ) -> Path | None:
    """Return where the captop that runs keeps its files; None where it keeps none.

    The whole of the settings takes too long to read: this looks at one table of theirs.
    """
    cache = _cache_table(config, environ)
    enabled = environ.get("CAPTOP_CACHE__ENABLED", str(cache.get("enabled", True)))
    if enabled.strip().lower() in {"0", "false", "no", "off"}:
        return None
    path = environ.get("CAPTOP_CACHE__PATH") or cache.get("path")
    if isinstance(path, str):
        return Path(os.path.expanduser(path))  # noqa: PTH111 - Path's own fails without a home
    import platformdirs

    return platformdirs.user_cache_path("captop", appauthor=False)


def _cache_table(config: Path | None, environ: Mapping[str, str]) -> Table:
    import platformdirs

    named = config or environ.get("CAPTOP_CONFIG")
    path = Path(named) if named else platformdirs.user_config_path("captop", appauthor=False)
    try:
        text = (path if named else path / "captop.toml").expanduser().read_bytes()
        if b"cache" not in text:
            return {}
        import tomllib

        return table_of(tomllib.loads(text.decode()).get("cache"))
    except (OSError, ValueError, RuntimeError, RecursionError):
        return {}  # whoever runs captop is told what is wrong with the settings
