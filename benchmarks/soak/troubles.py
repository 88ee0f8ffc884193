"""Everything that goes wrong in a soak: how each trouble begins, goes on and ends."""

from __future__ import annotations

import asyncio
import resource
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from random import Random
from typing import Any

from benchmarks.soak.keyboard import random_key
from benchmarks.soak.schedule import Act
from benchmarks.soak.stage import Stage
from benchmarks.soak.ticks import garbage, old_ticks
from tests.exchange import faults
from tests.exchange.faults import Fault

Work = Callable[[Stage, Act], None]
SCREENER = "/screener/"
RETRY_AFTER_S = 300.0
OLDEST_S = 86_400.0
ASTRAY_S = 3600.0
FULL_BYTES = 1024
"""No file grows beyond so many bytes: as good as a full disk."""
SIZES = ((80, 24), (200, 55), (60, 16), (120, 34), (40, 10), (20, 4))
USUAL = (120, 34)
CODES = (1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 4000, 4999)
REFUSALS = (429, 401, 403, 404, 500, 503)
BLUR, FOCUS = "\x1b[O", "\x1b[I"


def _nothing(stage: Stage, act: Act) -> None:
    del stage, act


@dataclass(frozen=True, slots=True)
class Trouble:
    """One way in which things go wrong."""

    begin: Work
    end: Work = _nothing
    during: Work = _nothing
    """Called some times a second."""


def _wrongly(make: Callable[[float], Fault], place: str = "") -> Trouble:
    """Return the trouble of a server that answers wrongly."""

    def begin(stage: Stage, act: Act) -> None:
        stage.exchange.fault(place or act.place, make(act.size))

    def end(stage: Stage, act: Act) -> None:
        del act
        stage.exchange.heal()

    return Trouble(begin, end)


def _one_of(values: Sequence[int], act: Act) -> int:
    return values[int(act.size * len(values))]


def _forget_the_crumb(stage: Stage, act: Act) -> None:
    stage.exchange.crumb = f"crumb/{act.size}"


def _require_consent(stage: Stage, act: Act) -> None:
    stage.exchange.consent = True
    _forget_the_crumb(stage, act)


def _require_none(stage: Stage, act: Act) -> None:
    del act
    stage.exchange.consent = False


def _drop(stage: Stage, act: Act) -> None:
    del act
    stage.exchange.in_stream(lambda player: player.drop())


def _close(stage: Stage, act: Act) -> None:
    code = _one_of(CODES, act)
    stage.exchange.in_stream(lambda player: _start(player.close(code, "a reason")))


def _start(work: Coroutine[Any, Any, None]) -> None:
    asyncio.ensure_future(work)  # noqa: RUF006  the connection that it closes holds it


def _stall(is_stalled: bool) -> Work:
    def work(stage: Stage, act: Act) -> None:
        del act
        stage.exchange.in_stream(lambda player: setattr(player, "is_stalled", is_stalled))

    return work


def _refuse(stage: Stage, act: Act) -> None:
    status = HTTPStatus(_one_of(REFUSALS, act))
    stage.exchange.in_stream(lambda player: setattr(player, "status", status))
    _drop(stage, act)


def _let_in(stage: Stage, act: Act) -> None:
    del act
    stage.exchange.in_stream(lambda player: setattr(player, "status", None))


def _tell_garbage(stage: Stage, act: Act) -> None:
    if not stage.is_every(0.5):
        return
    frames = garbage(stage.clock.now(), Random(act.size))
    stage.exchange.in_stream(lambda player: player.send(*frames))


def _tell_old_ticks(stage: Stage, act: Act) -> None:
    if not stage.is_every(0.5):
        return
    frames = old_ticks(stage.truth, stage.clock.now(), act.size)
    stage.exchange.in_stream(lambda player: player.send(*frames))


def _set_clock(stage: Stage, act: Act) -> None:
    stage.dial.ahead = (2 * act.size - 1) * ASTRAY_S


def _set_clock_right(stage: Stage, act: Act) -> None:
    del act
    stage.dial.ahead = 0.0


def _fall_asleep(stage: Stage, act: Act) -> None:
    del act
    stage.fall_asleep()


def _wake_up(stage: Stage, act: Act) -> None:
    del act
    stage.wake_up()


def _limit_files(size: int) -> Work:
    def work(stage: Stage, act: Act) -> None:
        del act
        hard = resource.RLIM_INFINITY
        resource.prlimit(stage.terminal.process.pid, resource.RLIMIT_FSIZE, (size, hard))

    return work


def _resize(stage: Stage, act: Act) -> None:
    if stage.is_every(1.0):
        stage.resize(*Random(f"{act.size}{stage.beats}").choice(SIZES))


def _resize_back(stage: Stage, act: Act) -> None:
    del act
    stage.resize(*USUAL)


def _typed(keys: str) -> Work:
    def work(stage: Stage, act: Act) -> None:
        del act
        stage.terminal.type(keys)

    return work


def _read(is_read: bool) -> Work:
    def work(stage: Stage, act: Act) -> None:
        del act
        stage.is_read = is_read

    return work


def _press(stage: Stage, act: Act) -> None:
    if stage.is_every(0.1):
        stage.terminal.type(random_key(Random(f"{act.size}{stage.beats}")))


def _go_home(stage: Stage, act: Act) -> None:
    del act
    stage.go_home()


TROUBLES: Mapping[str, Trouble] = {
    "429": _wrongly(lambda _: faults.limited()),
    "429 with Retry-After": _wrongly(lambda size: faults.limited(round(size * RETRY_AFTER_S))),
    "401": _wrongly(lambda _: faults.unauthorized()),
    "403": _wrongly(lambda _: faults.forbidden()),
    "404": _wrongly(lambda _: faults.absent()),
    "503": _wrongly(lambda size: faults.server_error(1 if size < 0.5 else None)),
    "hang": _wrongly(lambda _: faults.hang()),
    "slow answer": _wrongly(faults.slow),
    "cut body": _wrongly(lambda _: faults.cut_body()),
    "connection reset": _wrongly(lambda _: faults.connection_reset()),
    "HTML with 200": _wrongly(lambda _: faults.html_200()),
    "document of another type": _wrongly(lambda _: faults.wrong_type()),
    "empty body": _wrongly(lambda _: faults.empty()),
    "no bars": _wrongly(lambda _: faults.no_bars()),
    "gzip bomb": _wrongly(lambda _: faults.gzip_bomb()),
    "foreign redirect": _wrongly(lambda _: faults.foreign_redirect()),
    "absurd previous close": _wrongly(lambda _: faults.absurd_previous_close()),
    "stale data": _wrongly(lambda size: faults.stale(size * OLDEST_S)),
    "empty screener": _wrongly(lambda _: faults.empty_screener(), SCREENER),
    "short screener": _wrongly(lambda _: faults.short_screener(), SCREENER),
    "crumb forgotten": Trouble(_forget_the_crumb),
    "consent required": Trouble(_require_consent, _require_none),
    "stream dropped": Trouble(_drop),
    "stream stalled": Trouble(_stall(True), _stall(False)),
    "stream refused": Trouble(_refuse, _let_in),
    "stream closed": Trouble(_close),
    "stream of garbage": Trouble(_nothing, during=_tell_garbage),
    "stream out of order": Trouble(_nothing, during=_tell_old_ticks),
    "clock wrong": Trouble(_set_clock, _set_clock_right),
    "sleep": Trouble(_fall_asleep, _wake_up),
    "disk full": Trouble(_limit_files(FULL_BYTES), _limit_files(resource.RLIM_INFINITY)),
    "resized": Trouble(_nothing, _resize_back, _resize),
    "focus lost": Trouble(_typed(BLUR), _typed(FOCUS)),
    "terminal not read": Trouble(_read(False), _read(True)),
    "keys at random": Trouble(_nothing, _go_home, _press),
}
