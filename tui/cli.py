"""The command line: arguments -> settings -> the program, or a command without a screen.

Exit codes: 0 all well; 1 degraded (doctor) or nothing could be fetched (snapshot); 2 wrong
usage or settings, or unusable (doctor); 3 the output could not be written; 130 interrupted.
Nothing heavy is imported before it is known what is to be done.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from tui.output import OutputError, abandon, complain, is_terminal, say
from tui.settings import Loaded, SettingsError, read_settings, settings_path

OK, WRONG, UNWRITTEN, INTERRUPTED = 0, 2, 3, 130


class Arguments:
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
    words = sys.argv[1:] if argv is None else argv
    arguments = Arguments()
    if words:
        from tui.command_line import parsed

        arguments = parsed(words)
    if arguments.command is not None:
        gc.enable()
        say("")  # finds out before any work whether there is an output
    return _COMMANDS[arguments.command](arguments)


def _run_app(arguments: Arguments) -> int:
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
    from tui.settings_names import check_names

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
    from tui.settings_names import check_names
    from tui.settings_show import settings_toml

    loaded = _loaded(arguments)
    check_names(loaded)
    if arguments.action == "show":
        say(settings_toml(loaded))
        return OK
    _tell_of(loaded)
    return _checked_files(loaded)


def _tell_of(loaded: Loaded) -> None:
    """Print that the settings can be used, and what is odd about them."""
    from tui.settings_remarks import remarks

    there = "is well" if loaded.path.exists() else "is not there; the defaults hold"
    found = remarks(loaded)
    say("\n".join([f"{loaded.path} {there}" + (", but:" if found else ""), *found]) + "\n")


def _checked_files(loaded: Loaded) -> int:
    """Name what is wrong with the baskets and the stories."""
    from market.basket_check import checked_baskets
    from market.metrics.names import rule_writing
    from market.thesis import stories_in
    from tui.wiring import basket_folders, story_folders

    settings = loaded.settings
    baskets, odd = checked_baskets(basket_folders(settings))
    _, faults = stories_in(story_folders(settings), rule_writing(settings.cast, baskets))
    for fault in (*odd, *faults):
        complain(fault)
    return WRONG if odd or faults else OK


def _loaded(arguments: Arguments) -> Loaded:
    return read_settings(arguments.config, overrides=arguments.overrides)


_COMMANDS = {
    None: _run_app,
    "snapshot": _run_snapshot,
    "doctor": _run_doctor,
    "config": _run_config,
}
