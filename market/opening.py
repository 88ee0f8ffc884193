"""Opening: everything that costs an import or a look at the disk before an engine can run.

It is loaded on the engine's thread, after the first paint.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec.structs import replace

from market.alert_room import opened_alert_room
from market.basket_check import checked_baskets
from market.baskets import Basket
from market.engine_plan import EnginePlan
from market.engine_room import EngineRoom
from market.freed_memory import give_back_what_is_free
from market.judge import Judge
from market.keeping import Keeper
from market.metrics.names import story_writing
from market.snapshot import Snapshot
from market.story_record import StoryRecord
from market.tape.recorder import Recorder
from market.tape.transcript import Transcript
from market.thesis import stories_in


def opened_room(
    plan: EnginePlan,
    first: Snapshot,
    keeper: Keeper,
    save: Callable[[], None],
    recorder: Recorder | None,
) -> EngineRoom:
    """Return the room of an engine; what is wrong with files is told by the keeper.

    Args:
        plan: What the engine is made of.
        first: What it knows from the start.
        keeper: Keeps what it learns.
        save: Has it kept.
        recorder: Puts on tape what happens.
    """
    give_back_what_is_free()
    archive = keeper.opened_archive()
    baskets, faults = checked_baskets(plan.baskets)
    keeper.notices.extend(faults)
    judge = _judge(plan, baskets, keeper.notices)
    alerts = opened_alert_room(
        plan.alerts, plan.cast, baskets, judge.stories, keeper.notices.append
    )
    return EngineRoom(
        replace(first, baskets=baskets),
        plan.feeds(),
        plan.clock,
        save,
        streams=plan.streams(),
        per_minute=plan.requests_per_minute,
        seed=plan.seed,
        archive=archive,
        judge=judge,
        alerts=alerts,
        publish=plan.publish,
        recorder=recorder,
    )


def opened_recorder(
    plan: EnginePlan, watched: tuple[str, ...], notices: list[str]
) -> Recorder | None:
    """Return who puts on tape what happens; nothing is written before the engine runs."""
    if plan.record_on is None:
        return None
    return Recorder(Transcript(plan.record_on(), watched=watched), notices)


def _judge(plan: EnginePlan, baskets: Iterable[Basket], notices: list[str]) -> Judge:
    """The judge of the stories; what is wrong with one of them is told."""
    stories, faults = stories_in(plan.stories, story_writing(plan.cast, baskets))
    notices.extend(faults)
    path = plan.story_record
    try:
        return Judge(stories, StoryRecord(path) if path is not None else None)
    except OSError as error:
        notices.append(f"{path} cannot be read: {error.strerror}; no close is kept")
        return Judge(stories)
