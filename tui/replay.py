"""`captop replay` and `captop record`: tapes from the command line."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, time
from pathlib import Path

from market.clock import Clock, SimulatedClock, WallClock
from market.engine import Engine
from market.sessions import NEW_YORK, exchange_date
from market.tape.player import Player
from market.tape.replay import Replay
from market.tape.ring import OneFile, days_in, tapes_in, tapes_of
from market.tape.tape_file import TapeError, TapeFile
from tui.headless import snapshot_json
from tui.leaving import told_to_end
from tui.output import complain, say
from tui.settings import Settings
from tui.settings_words import brief
from tui.watchlists import Watchlists
from tui.wiring import demo_clock, demo_engine, live_engine, tape_folder

OK, WRONG = 0, 2


def run_replay_json(settings: Settings, tape: str, moment: str) -> int:
    """Print the snapshot of a tape at an instant, by default its last, and return the exit code."""
    try:
        player = Player(found_tape(settings, tape))
        at = moment_of(moment, player.begins) if moment else player.ends
        player.seek(at)
    except TapeError as error:
        complain(str(error))
        return WRONG
    if outside := outside_of(player.begins, player.ends, at):
        complain(outside)
    shown = player.latest.at(max(min(at, player.ends), player.latest.now))
    say(snapshot_json(shown, player.watched))
    return OK


def opened_replay(settings: Settings, tape: str, moment: str, speed: float, wall: Clock) -> Replay:
    """Return a tape that is ready to be played, at an instant; TapeError if there is none such."""
    replay = Replay(found_tape(settings, tape), wall, speed=speed)
    if moment:
        at = moment_of(moment, replay.begins)
        replay.seek(at)
        if outside := outside_of(replay.begins, replay.ends, at):
            replay.notices.append(outside)
    return replay


def outside_of(begins: datetime, ends: datetime, at: datetime) -> str:
    """Return a sentence if a tape holds nothing of an instant; empty if it does."""
    if begins <= at <= ends:
        return ""
    first, last = (f"{each.astimezone(NEW_YORK):%Y-%m-%d %H:%M:%S}" for each in (begins, ends))
    return f"the tape goes from {first} to {last} New York time: its nearest instant is shown"


def rewound(engine: Engine, wall: Clock) -> Replay:
    """Return the tape of a run that goes on, standing at its end; TapeError if there is none."""
    if engine.tape is None:
        raise TapeError("nothing is recorded in this run: see tape.enabled")
    replay = Replay(TapeFile.opened(engine.tape), wall)
    replay.stand(still=True)
    replay.seek(replay.ends)
    return replay


def found_tape(settings: Settings, said: str) -> TapeFile:
    """Return the tape of a file or a day, by default the newest; TapeError if there is none.

    Of several tapes of a day the longest is the one that is meant.
    """
    if said and not _is_day(said):
        return TapeFile.opened(Path(said).expanduser())
    folder = tape_folder(settings)
    found = tapes_of(folder, date.fromisoformat(said)) if said else tapes_in(folder)[-1:]
    if not found:
        raise TapeError(_none(folder, said))
    return TapeFile.opened(max(found, key=lambda path: path.stat().st_size))


def _none(folder: Path, said: str) -> str:
    what = f"no tape of {said}" if said else "no tape"
    days = [day.isoformat() for day in days_in(folder)]
    if not days:
        return f"there is {what} in {folder}: captop records while it runs, see tape.enabled"
    return f"there is {what} in {folder}, but of {', '.join(days)}"


def _is_day(said: str) -> bool:
    try:
        date.fromisoformat(said)
    except ValueError:
        return False
    return True


def moment_of(said: str, begins: datetime) -> datetime:
    """Return an instant: a time of the tape's first day in New York, or an ISO instant.

    TapeError if it is neither.
    """
    try:
        at = time.fromisoformat(said)
    except ValueError:
        pass
    else:
        day = exchange_date(begins)
        return datetime.combine(day, at, at.tzinfo or NEW_YORK).astimezone(UTC)
    try:
        instant = datetime.fromisoformat(said)
        if instant.tzinfo is None:
            instant = instant.replace(tzinfo=NEW_YORK)
        return instant.astimezone(UTC)
    except (ValueError, OverflowError):
        raise TapeError(
            f'"{brief(said)}" is no time such as 14:30 or 2026-11-24T14:30, New York\'s'
        ) from None


def run_record(
    settings: Settings,
    out: Path,
    *,
    minutes: float | None,
    demo: bool,
    at: datetime | None,
    ended: threading.Event | None = None,
) -> int:
    """Record without a screen until interrupted or for some minutes, and return the exit code.

    Args:
        settings: The settings.
        out: The file to write, which must not exist.
        minutes: How long; None goes on until interrupted.
        demo: Record the simulated market.
        at: The instant the demo begins at.
        ended: Ends it early; by default what the system says.
    """
    if out.exists():
        complain(f"{out} exists already: name another file")
        return WRONG
    engine = (
        demo_engine(settings, _demo_clock(settings, at), _watched(settings), settings.demo.seed)
        if demo
        else live_engine(settings, WallClock(), _watched(settings))
    )
    engine.record_on(lambda: OneFile(out))
    engine.start()
    try:
        (ended or told_to_end()).wait(None if minutes is None else minutes * 60)
    except KeyboardInterrupt:
        pass
    finally:
        engine.stop()
    for notice in engine.notices:
        complain(notice)
    if not out.exists():
        complain("nothing was recorded: it ended before anything was known")
        return WRONG
    return OK


def _demo_clock(settings: Settings, at: datetime | None) -> SimulatedClock:
    return demo_clock(WallClock(), at, settings.demo.speed)


def _watched(settings: Settings) -> tuple[str, ...]:
    return tuple(Watchlists.from_settings(settings, None).symbols)
