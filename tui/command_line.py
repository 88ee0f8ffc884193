"""What may be said on the command line."""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

from tui.cli import Arguments
from tui.output import OK, say
from tui.settings_words import brief
from tui.status import add_status_options
from tui.usage import Parser

if TYPE_CHECKING:
    from collections.abc import Sequence

SUPPRESS = argparse.SUPPRESS


class ShowVersion(argparse.Action):
    """Prints the version; it is looked up only then."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        """Leave with exit code 0."""
        say(f"captop {version()}\n")
        parser.exit(OK)


class CommandParser(Parser):
    """Tells nothing of what is not said, so that it stays as `Arguments` has it."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - as argparse has them
        """Take what any parser takes."""
        super().__init__(argument_default=SUPPRESS, **options)


def parsed(words: Sequence[str]) -> Arguments:
    """Return what was said; whoever said it wrong is told so, and the program is left."""
    parser = command_line()
    arguments = parser.parse_args(words, Arguments())
    _check_demo_options(parser, arguments)
    return arguments


def version() -> str:
    """Return captop's version."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("captop")
    except PackageNotFoundError:
        return "from a source folder"


def command_line() -> CommandParser:
    """Return the parser of the whole command line."""
    shared = CommandParser(add_help=False)
    shared.add_argument("--config", type=Path, metavar="PATH", help="settings file to use")
    market = CommandParser(add_help=False)
    market.add_argument("--demo", action="store_true", help="a simulated market, marked DEMO")
    market.add_argument("--seed", type=int, help="which simulated market (default 39)")
    market.add_argument(
        "--at", type=_instant, metavar="ISO", help="instant of the demo; New York time if no zone"
    )
    parser = CommandParser(
        prog="captop",
        description="htop for the small-cap trade: the Russell 2000 in one terminal pane.",
        epilog="exit codes: 0 well, 1 degraded or nothing fetched, 2 wrong usage or settings,"
        " 3 output not written, 130 interrupted",
        parents=[shared, market],
    )
    parser.add_argument("--speed", type=float, help="demo: market seconds in one second")
    parser.add_argument("--theme", metavar="NAME", help="colour theme")
    parser.add_argument("--version", action=ShowVersion, nargs=0, help="print the version")
    _add_commands(parser, shared, market)
    return parser


def _add_commands(parser: CommandParser, shared: CommandParser, market: CommandParser) -> None:
    commands = parser.add_subparsers(
        dest="command", metavar="COMMAND", title="without a screen", parser_class=CommandParser
    )
    _add_numbers(commands, shared, market)
    _add_pictures(commands, shared, market)
    _add_tapes(commands, shared, market)
    watch = commands.add_parser(
        "watch", parents=[shared, market], help="watch the alerts and print what happens to them"
    )
    watch.add_argument("--json", action="store_true", help="as lines of JSON")
    doctor = commands.add_parser(
        "doctor",
        parents=[shared],
        help="check settings, terminal, cache, tape, clock and each feed",
    )
    doctor.add_argument("--json", action="store_true", help="as JSON")
    config = commands.add_parser("config", parents=[shared], help="the settings in use")
    config.add_argument(
        "action",
        choices=("path", "show", "check"),
        help="path: which file; show: every setting and its origin; check: what is wrong",
    )


class Commands(Protocol):
    """What takes the commands."""

    def add_parser(
        self,
        name: str,
        *,
        parents: Sequence[CommandParser],
        help: str,  # noqa: A002 - argparse's word
    ) -> CommandParser:
        """Return the parser of one more command."""
        ...


def _add_numbers(commands: Commands, shared: CommandParser, market: CommandParser) -> None:
    """Add the commands that tell named metrics."""
    snapshot = commands.add_parser(
        "snapshot", parents=[shared, market], help="fetch everything once, print it and exit"
    )
    form = snapshot.add_mutually_exclusive_group()
    for name, words in (
        ("text", "as a table"),
        ("json", "as JSON"),
        ("csv", "one metric a line, as CSV"),
        ("ndjson", "one metric a line, as JSON"),
    ):
        form.add_argument(f"--{name}", dest="form", action="store_const", const=name, help=words)
    form.add_argument(
        "--watch",
        action="store_true",
        help="go on, a line of JSON for each metric that changes",
    )
    get = commands.add_parser("get", parents=[shared, market], help="the values of named metrics")
    get.add_argument("names", nargs="+", metavar="NAME", help="such as rut.last")
    metrics = commands.add_parser("metrics", parents=[shared], help="which named metrics there are")
    metrics.add_argument(
        "--search", default="", metavar="TEXT", help="words in its name or its meaning"
    )
    for each in (get, metrics):
        each.add_argument("--json", action="store_true", help="as JSON")
    status = commands.add_parser(
        "status",
        parents=[shared],
        help="one line for a status bar, at once, from the captop that runs",
    )
    add_status_options(status)
    serve = commands.add_parser(
        "serve-metrics", parents=[shared, market], help="all metrics for Prometheus, and as JSON"
    )
    serve.add_argument("--host", default="127.0.0.1", help="address to listen at (%(default)s)")
    serve.add_argument("--port", type=_port, default=9178, help="port (%(default)s); 0: any")
    serve.add_argument("--open", action="store_true", help="let other computers in")


def _add_pictures(commands: Commands, shared: CommandParser, market: CommandParser) -> None:
    """Add the command that draws a screen."""
    shot = commands.add_parser("shot", parents=[shared, market], help="draw a screen as a picture")
    shot.add_argument(
        "--size", type=_size, default=(120, 34), metavar="COLSxROWS", help="120x34 unless said"
    )
    shot.add_argument("--screen", default="overview", metavar="NAME", help="overview unless said")
    shot.add_argument(
        "out", type=Path, metavar="OUT", help="the file to write: .svg, or .png with captop[png]"
    )


def _add_tapes(commands: Commands, shared: CommandParser, market: CommandParser) -> None:
    """Add the commands that record and play tapes."""
    replay = commands.add_parser("replay", parents=[shared], help="play a tape of the day again")
    replay.add_argument(
        "tape", nargs="?", metavar="FILE|DATE", help="a tape, or a day; the newest unless said"
    )
    replay.add_argument(
        "--at", dest="moment", metavar="HH:MM", help="where to begin: New York's time, or ISO"
    )
    replay.add_argument(
        "--speed",
        dest="tape_speed",
        type=_speed,
        metavar="N",
        help="seconds of it in one second; 1 unless said",
    )
    replay.add_argument("--json", action="store_true", help="print its snapshot instead")
    record = commands.add_parser("record", parents=[shared, market], help="record to a file")
    record.add_argument("--out", type=Path, required=True, metavar="FILE", help="the tape to write")
    record.add_argument(
        "--minutes", type=_speed, metavar="N", help="how long; until interrupted unless said"
    )


def _speed(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if 0 < number <= 100_000:
        return number
    raise argparse.ArgumentTypeError(
        f'"{brief(text)}" is no number above 0 and up to 100,000, such as 10'
    )


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text[:6]) <= 65535:
        return int(text)
    raise argparse.ArgumentTypeError(f'"{brief(text)}" is no port from 0 to 65535')


def _size(text: str) -> tuple[int, int]:
    columns, cross, rows = text.partition("x")
    if cross and all(n.isascii() and n.isdigit() and len(n) < 4 for n in (columns, rows)):
        size = int(columns), int(rows)
        if min(size) > 0:
            return size
    raise argparse.ArgumentTypeError(f'"{brief(text)}" is no size such as 120x34')


def _instant(text: str) -> datetime:
    """Return an ISO instant in UTC; without a zone it is New York's time."""
    from datetime import UTC

    from market.sessions import NEW_YORK
    from tui.demo_time import demo_days

    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f'"{brief(text)}" is no instant such as 2026-07-02T14:32 or 2026-07-02T18:32Z'
        ) from None
    first, last = demo_days()
    if not first < instant.date() <= last:
        raise argparse.ArgumentTypeError(
            f"the simulated market runs from {first} to {last}, not on {instant.date()}"
        )
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=NEW_YORK)
    return instant.astimezone(UTC)


def _check_demo_options(parser: Parser, arguments: Arguments) -> None:
    for name in ("at", "seed", "speed"):
        if getattr(arguments, name) is not None and not arguments.demo:
            parser.error(f"--{name} belongs to the simulated market; add --demo")
