"""What may be said on the command line."""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from tui.cli import OK, WRONG, Arguments
from tui.output import complain, say
from tui.settings_words import brief

if TYPE_CHECKING:
    from collections.abc import Sequence

    from _typeshed import SupportsWrite

LONGEST = 300
"""Characters of a complaint about the usage."""


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        """Leave with exit code 2."""
        complain(f"{brief(message, LONGEST)} ({self.prog} --help)")
        self.exit(WRONG)

    def print_help(self, file: SupportsWrite[str] | None = None) -> None:
        """Print the help as all other output, unless a file is given."""
        if file is None:
            say(self.format_help())
        else:
            super().print_help(file)


class ShowVersion(argparse.Action):
    """Prints the version; it is looked up only then."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        """Leave with exit code 0."""
        say(f"captop {version()}\n")
        parser.exit(OK)


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


def command_line() -> Parser:
    """Return the parser of the whole command line."""
    shared = Parser(add_help=False, argument_default=argparse.SUPPRESS)
    shared.add_argument("--config", type=Path, metavar="PATH", help="settings file to use")
    market = Parser(add_help=False, argument_default=argparse.SUPPRESS)
    market.add_argument("--demo", action="store_true", help="a simulated market, marked DEMO")
    market.add_argument("--seed", type=int, help="which simulated market (default 39)")
    market.add_argument(
        "--at", type=_instant, metavar="ISO", help="instant of the demo; New York time if no zone"
    )
    parser = Parser(
        prog="captop",
        description="htop for the small-cap trade: the Russell 2000 in one terminal pane.",
        epilog="exit codes: 0 well, 1 degraded or nothing fetched, 2 wrong usage or settings,"
        " 3 output not written, 130 interrupted",
        parents=[shared, market],
        argument_default=argparse.SUPPRESS,
    )
    parser.add_argument("--speed", type=float, help="demo: market seconds in one second")
    parser.add_argument("--theme", metavar="NAME", help="colour theme")
    parser.add_argument("--version", action=ShowVersion, nargs=0, help="print the version")
    _add_commands(parser, shared, market)
    return parser


def _add_commands(parser: Parser, shared: Parser, market: Parser) -> None:
    commands = parser.add_subparsers(
        dest="command", metavar="COMMAND", title="without a screen", parser_class=Parser
    )
    snapshot = commands.add_parser(
        "snapshot", parents=[shared, market], help="fetch everything once, print it and exit"
    )
    form = snapshot.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="as JSON")
    form.add_argument(
        "--text", dest="json", action="store_false", default=argparse.SUPPRESS, help="as a table"
    )
    doctor = commands.add_parser(
        "doctor", parents=[shared], help="check settings, terminal, cache, clock and each feed"
    )
    doctor.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="as JSON")
    config = commands.add_parser("config", parents=[shared], help="the settings in use")
    config.add_argument(
        "action",
        choices=("path", "show", "check"),
        help="path: which file; show: every setting and its origin; check: what is wrong",
    )


def _instant(text: str) -> datetime:
    """Return an ISO instant in UTC; without a zone it is New York's time."""
    from datetime import UTC

    from market.sessions import NEW_YORK
    from tui.wiring import demo_days

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
