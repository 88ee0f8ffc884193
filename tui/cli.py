"""The command line: arguments -> settings -> the program, or a command without a screen.

Exit codes: 0 all well; 1 degraded (doctor) or nothing could be fetched (snapshot); 2 wrong
usage or settings, or unusable (doctor); 3 the output could not be written; 130 interrupted.
Nothing heavy is imported before it is known what is to be done.
"""

from __future__ import annotations

import argparse
import gc
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from tui.output import OutputError, abandon, complain, is_terminal, say
from tui.settings import Loaded, SettingsError, read_settings, settings_path
from tui.settings_words import brief

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

OK, WRONG, UNWRITTEN, INTERRUPTED = 0, 2, 3, 130
LONGEST = 300
"""Characters of a complaint about the usage."""


class Arguments(argparse.Namespace):
    """What was said on the command line; None where nothing was."""

    command: str | None = None
    action: str = ""
    config: Path | None = None
    theme: str | None = None
    demo: bool = False
    seed: int | None = None
    speed: float | None = None
    at: datetime | None = None
    json: bool = False

    @property
    def overrides(self) -> dict[str, object]:
        """The settings among them, by dotted key."""
        said = {"theme": self.theme, "demo.seed": self.seed, "demo.speed": self.speed}
        return {key: value for key, value in said.items() if value is not None}


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


def main(argv: Sequence[str] | None = None) -> int:
    """Run captop and return its exit code."""
    try:
        return _run(argv)
    except SettingsError as error:
        complain(str(error))
        return WRONG
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of a pipe went away: nobody is left to be told.
        abandon()
        return OK
    except OutputError as error:
        abandon()
        complain(str(error))
        return UNWRITTEN


def _run(argv: Sequence[str] | None) -> int:
    parser = _parser()
    arguments = parser.parse_args(argv, Arguments())
    _check_demo_options(parser, arguments)
    if arguments.command is not None:
        say("")  # finds out before any work whether there is an output
    return _COMMANDS[arguments.command](arguments)


def version() -> str:
    """Return captop's version."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("captop")
    except PackageNotFoundError:
        return "from a source folder"


def _parser() -> Parser:
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


def _run_app(arguments: Arguments) -> int:
    # Loading makes objects and hardly any garbage: searching for it would be a fifth of the
    # start. The app begins again after its first paint.
    gc.disable()
    from tui.terminal import corrected_term, with_short_frames

    corrected_term(os.environ)
    with_short_frames(os.environ)
    from tui.launch import run_app

    loaded = _loaded(arguments)
    for name, words in (("stdin", "standard input"), ("stdout", "standard output")):
        if not is_terminal(name):
            complain(f"the pane needs a terminal and {words} is none; captop snapshot needs none")
            return WRONG
    return run_app(loaded, demo=arguments.demo, at=arguments.at)


def _run_snapshot(arguments: Arguments) -> int:
    from tui.headless import run_snapshot
    from tui.settings_show import check_names

    loaded = _loaded(arguments)
    check_names(loaded)
    return run_snapshot(
        loaded.settings, demo=arguments.demo, at=arguments.at, as_json=arguments.json
    )


def _run_doctor(arguments: Arguments) -> int:
    from tui.doctor import run_doctor

    return run_doctor(arguments.config, as_json=arguments.json)


def _run_config(arguments: Arguments) -> int:
    if arguments.action == "path":
        say(f"{settings_path(arguments.config)}\n")
        return OK
    from tui.settings_show import check_names, settings_toml

    loaded = _loaded(arguments)
    check_names(loaded)
    if arguments.action == "show":
        say(settings_toml(loaded))
        return OK
    _tell_of(loaded)
    return _checked_baskets(loaded)


def _tell_of(loaded: Loaded) -> None:
    """Print that the settings can be used, and what is odd about them."""
    from tui.settings_remarks import remarks

    there = "is well" if loaded.path.exists() else "is not there; the defaults hold"
    found = remarks(loaded)
    say("\n".join([f"{loaded.path} {there}" + (", but:" if found else ""), *found]) + "\n")


def _checked_baskets(loaded: Loaded) -> int:
    """Name what is wrong with the baskets."""
    from market.basket_check import checked_baskets
    from tui.wiring import basket_folders

    _, faults = checked_baskets(basket_folders(loaded.settings))
    for fault in faults:
        complain(fault)
    return WRONG if faults else OK


def _loaded(arguments: Arguments) -> Loaded:
    return read_settings(arguments.config, overrides=arguments.overrides)


_COMMANDS = {
    None: _run_app,
    "snapshot": _run_snapshot,
    "doctor": _run_doctor,
    "config": _run_config,
}
