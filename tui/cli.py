"""The command line: arguments -> settings -> the program, or a command without a screen.

Exit codes: 0 all well; 1 degraded (doctor) or nothing could be fetched (snapshot); 2 wrong
usage or settings, or broken (doctor); 3 the output could not be written; 130 interrupted.
Nothing heavy is imported before it is known what is to be done: `captop status` must answer at
once.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tui.last_frame import take_away
from tui.output import (
    INTERRUPTED,
    OK,
    UNWRITTEN,
    WRONG,
    OutputError,
    abandon,
    complain,
    is_terminal,
    say,
)

if TYPE_CHECKING:
    from tui.headless import Form
    from tui.settings import Loaded


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
    form: Form = "text"
    names: Sequence[str] = ()
    search: str = ""
    format: str = ""
    watch: bool = False
    host: str = ""
    port: int = 0
    open: bool = False
    size: tuple[int, int] = (0, 0)
    screen: str = ""
    out: Path | None = None
    tape: str = ""
    moment: str = ""
    tape_speed: float = 1.0
    minutes: float | None = None

    @property
    def overrides(self) -> dict[str, object]:
        """The settings among them, by dotted key."""
        said = {"theme": self.theme, "demo.seed": self.seed, "demo.speed": self.speed}
        return {key: value for key, value in said.items() if value is not None}


def main(argv: Sequence[str] | None = None) -> int:
    """Run captop and return its exit code."""
    words = sys.argv[1:] if argv is None else argv
    try:
        return _run_status(words[1:]) if words[:1] == ["status"] else _run(words)
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


def _run_status(words: Sequence[str]) -> int:
    from tui.status import main as status

    return status(words)


def _run(words: Sequence[str]) -> int:
    from tui.settings import SettingsError

    try:
        return _do(words)
    except SettingsError as error:
        take_away()
        for sentence in error.sentences:
            complain(sentence)
        return WRONG


def _do(words: Sequence[str]) -> int:
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
    from tui.launch import run_app, run_replay

    loaded = _loaded(arguments)
    for name, words in (("stdin", "standard input"), ("stdout", "standard output")):
        if not is_terminal(name):
            complain(f"the pane needs a terminal and {words} is none; captop snapshot needs none")
            return WRONG
    if arguments.command == "replay":
        return run_replay(
            loaded, arguments.tape, moment=arguments.moment, speed=arguments.tape_speed
        )
    return run_app(loaded, demo=arguments.demo, at=arguments.at)


def _run_snapshot(arguments: Arguments) -> int:
    from tui.headless import run_snapshot
    from tui.settings_names import check_names

    loaded = _loaded(arguments)
    check_names(loaded)
    if arguments.watch:
        from tui.streaming import run_stream

        return run_stream(loaded.settings, demo=arguments.demo, at=arguments.at)
    return run_snapshot(loaded.settings, demo=arguments.demo, at=arguments.at, form=arguments.form)


def _run_get(arguments: Arguments) -> int:
    from tui.get import run_get

    return run_get(
        _loaded(arguments).settings,
        arguments.names,
        demo=arguments.demo,
        at=arguments.at,
        as_json=arguments.json,
    )


def _run_metrics(arguments: Arguments) -> int:
    from tui.metrics_command import run_metrics

    return run_metrics(_loaded(arguments).settings, search=arguments.search, as_json=arguments.json)


def _run_status_late(arguments: Arguments) -> int:
    """`captop --config PATH status`: an option before the word costs the quick way."""
    from tui.status import run_status

    return run_status(
        arguments.config, arguments.format, as_json=arguments.json, watch=arguments.watch
    )


def _run_serve(arguments: Arguments) -> int:
    from tui.serve import run_serve

    return run_serve(
        _loaded(arguments).settings,
        host=arguments.host,
        port=arguments.port,
        demo=arguments.demo,
        at=arguments.at,
        is_open=arguments.open,
    )


def _run_shot(arguments: Arguments) -> int:
    from tui.terminal import with_short_frames

    with_short_frames(os.environ)
    from tui.shot import run_shot

    return run_shot(
        _loaded(arguments),
        size=arguments.size,
        screen=arguments.screen,
        out=arguments.out or Path("captop.svg"),
        demo=arguments.demo,
        at=arguments.at,
    )


def _run_replay(arguments: Arguments) -> int:
    if not arguments.json:
        return _run_app(arguments)
    from tui.replay import run_replay_json

    return run_replay_json(_loaded(arguments).settings, arguments.tape, arguments.moment)


def _run_record(arguments: Arguments) -> int:
    from tui.replay import run_record

    return run_record(
        _loaded(arguments).settings,
        arguments.out or Path("captop.tape"),
        minutes=arguments.minutes,
        demo=arguments.demo,
        at=arguments.at,
    )


def _run_watch(arguments: Arguments) -> int:
    from tui.alerts_watch import run_watch

    return run_watch(
        _loaded(arguments).settings,
        demo=arguments.demo,
        at=arguments.at,
        as_json=arguments.json,
    )


def _run_doctor(arguments: Arguments) -> int:
    from tui.doctor import run_doctor

    return run_doctor(arguments.config, as_json=arguments.json)


def _run_config(arguments: Arguments) -> int:
    from tui.settings import settings_path

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
    from tui.config_check import run_config_check

    return run_config_check(loaded)


def _loaded(arguments: Arguments) -> Loaded:
    from tui.settings import SettingsError, read_settings

    try:
        return read_settings(arguments.config, overrides=arguments.overrides)
    except SettingsError as error:
        from tui.settings_salvage import salvaged_settings, with_wrong_names

        raise with_wrong_names(error, salvaged_settings(arguments.config)) from None


_COMMANDS = {
    None: _run_app,
    "snapshot": _run_snapshot,
    "get": _run_get,
    "metrics": _run_metrics,
    "status": _run_status_late,
    "serve-metrics": _run_serve,
    "shot": _run_shot,
    "replay": _run_replay,
    "record": _run_record,
    "watch": _run_watch,
    "doctor": _run_doctor,
    "config": _run_config,
}
