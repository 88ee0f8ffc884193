"""`captop replay` and `captop record`: tapes from the command line."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, time, timedelta
from math import inf
from pathlib import Path

from market.clock import Clock, WallClock
from market.engine import Engine
from market.interest_rooms import one_pass_keys
from market.sessions import NEW_YORK, exchange_date
from market.tape.player import Player
from market.tape.replay import Replay
from market.tape.ring import OneFile, day_of, days_in, tapes_of
from market.tape.tape_file import TapeError, TapeFile, TapeWriter
from tui.headless import snapshot_json
from tui.leaving import told_to_end
from tui.output import OK, UNWRITTEN, WRONG, Complaints, complain, say
from tui.settings import Settings
from tui.settings_words import brief
from tui.watchlists import Watchlists
from tui.wiring import engine_of, tape_folder

GAP = timedelta(minutes=1)
"""How long nothing must have been recorded for that to be said."""
LOOKED_S = 0.5
"""How often a recording is looked at."""


def run_replay_json(settings: Settings, tape: str, moment: str) -> int:
    """Print the snapshot of a tape at an instant, by default its last, and return the exit code."""
    try:
        player = Player(found_tape(settings, tape))
        at = moment_of(moment, player.begins) if moment else player.ends
        player.seek(at)
    except TapeError as error:
        complain(str(error))
        return WRONG
    for sentence in (*player.tape.left_out, outside_of(player, at)):
        if sentence:
            complain(sentence)
    shown = player.latest.at(max(min(at, player.ends), player.latest.now))
    say(snapshot_json(shown, player.watched))
    return OK


def opened_replay(settings: Settings, tape: str, moment: str, speed: float, wall: Clock) -> Replay:
    """Return a tape that is ready to be played, at an instant; TapeError if there is none such."""
    replay = Replay(found_tape(settings, tape), wall, speed=speed)
    if moment:
        at = moment_of(moment, replay.begins)
        replay.seek(at)
        if outside := outside_of(replay, at):
            replay.notices.append(outside)
    return replay


def outside_of(tape: Player | Replay, at: datetime) -> str:
    """Return a sentence if a tape, which was sought for an instant, holds nothing of it."""
    if not tape.begins <= at <= tape.ends:
        times = _span(tape.begins, tape.ends)
        return f"the tape goes from {times}: its nearest instant is shown"
    gap = tape.gap
    if gap is None or gap[1] - gap[0] < GAP:
        return ""
    return f"nothing was recorded from {_span(*gap)}"


def _span(begins: datetime, ends: datetime) -> str:
    first, last = (f"{each.astimezone(NEW_YORK):%Y-%m-%d %H:%M:%S}" for each in (begins, ends))
    return f"{first} to {last} New York time"


def rewound(engine: Engine, wall: Clock) -> Replay:
    """Return the tape of the day on which is recorded, standing at its end.

    TapeError if there is none.
    """
    if engine.tape is None:
        raise TapeError(engine.tape_fault or "nothing is on tape yet: captop has just begun")
    try:
        replay = Replay(TapeFile.joined(day_of(engine.tape)), wall)
    except TapeError as error:
        raise TapeError(engine.tape_fault or str(error)) from error
    if engine.tape_fault:
        replay.notices.append(engine.tape_fault)
    replay.stand(still=True)
    replay.seek(replay.ends)
    return replay


def found_tape(settings: Settings, said: str) -> TapeFile:
    """Return the tape of a file or a day, by default the newest day; TapeError if there is none."""
    if said and not _is_day(said):
        return TapeFile.opened(Path(said).expanduser())
    folder = tape_folder(settings)
    day = date.fromisoformat(said) if said else max(days_in(folder), default=None)
    found = tapes_of(folder, day) if day is not None else []
    if not found:
        raise TapeError(_none(folder, said))
    return TapeFile.joined(found)


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
    if (refused := _refused(out)) is not None:
        return refused
    wall = WallClock()
    watched = Watchlists.from_settings(settings, None).symbols
    engine, _ = engine_of(settings, wall, at, watched, demo=demo, record_on=lambda: OneFile(out))
    engine.want(one_pass_keys(engine.latest))
    ends = inf if minutes is None else wall.monotonic() + minutes * 60
    complaints = Complaints()
    with told_to_end(ended) as end:
        engine.start()
        try:
            _wait(engine, end, wall, ends, complaints)
        except KeyboardInterrupt:
            pass
        finally:
            engine.stop()
            complaints.make(engine.notices)
    if engine.tape_fault:
        return UNWRITTEN
    if not out.exists():
        complain("nothing was recorded: it ended before anything was known")
        return WRONG
    return OK


def _refused(out: Path) -> int | None:
    """Find out before any work whether a new file can be written; complain if not."""
    if out.exists():
        complain(f"{out} exists already: name another file")
        return WRONG
    known = next((each for each in out.parents if each.exists()), None)
    if known is not None and not known.is_dir():
        complain(f"{out} cannot be written: {known} is no folder")
        return UNWRITTEN
    try:
        TapeWriter(out).close()
        out.unlink()
    except OSError as error:
        complain(f"{out} cannot be written: {error.strerror}")
        return UNWRITTEN
    return None


def _wait(
    engine: Engine, ended: threading.Event, wall: Clock, ends: float, complaints: Complaints
) -> None:
    """Wait until a recording is to end or has failed; complain of what the engine tells."""
    while not engine.tape_fault and (rest := ends - wall.monotonic()) > 0:
        if ended.wait(min(rest, LOOKED_S)):
            return
        complaints.make(engine.notices)
