"""The watcher: alerts on pictures of the market, what is kept of them, and who is told."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from market.alert_book import AlertBook
from market.alert_room import AlertRoom, opened_alert_room
from market.alert_sources import AlertSources
from market.alerts.alert import Alert
from market.alerts.board import AlertBoard, AlertStatus
from market.alerts.couriers import CommandCourier, CourierError, DesktopCourier, filled
from market.alerts.events import AlertEvent, EventKind
from market.alerts.written import alerts_of
from market.health import FeedHealth, Trouble
from market.instruments import default_cast
from market.line_file import LineFile
from market.metrics.compute import compute
from market.metrics.names import rule_writing
from market.named_states import state_names, state_seen
from market.quotes import Key, Kind
from market.reports import ErrorKind
from market.rule_values import NamedValues
from market.rules.judging import Seen
from market.scoreboard import LineStanding, LineState, Scoreboard, StoryStanding
from market.sessions import session_of, sessions_back, sessions_between
from market.snapshot import Snapshot, empty_snapshot
from market.telling import Teller
from market.watcher import Watcher
from tests.clocks import THURSDAY_AFTERNOON
from tests.market.alerts.written_alerts import Pigeon, alert_of, event_of, shown
from tests.market.metrics.pictures import bars_of, quote_at, with_quote
from tests.market.test_scoring import story

CAST = default_cast()
WRITING = rule_writing(CAST, (), state_names((story(),), ("yahoo",)))
VIX_20 = '[[alert]]\nid = "vix"\nrule = { metric = "vix.last", above = 20, until = 18 }\n'


def picture(level: float, minutes: float = 0) -> Snapshot:
    """What is known of VIX some minutes after 14:32:07."""
    now = THURSDAY_AFTERNOON + timedelta(minutes=minutes)
    bare = empty_snapshot(now)
    known = with_quote(bare, quote_at("^VIX", level, now, "cboe"))
    return replace(known, readings=compute(known, {"^VIX"}))


def watcher(text: str, kept: Sequence[AlertEvent] = (), run: str = "") -> Watcher:
    alerts, faults = alerts_of(text, WRITING, CAST)
    made = Watcher((story(),), kept, run=run, words=shown)
    made.use(alerts, faults, picture(15))
    return made


def board(snapshot: Snapshot) -> AlertBoard:
    assert snapshot.alerts is not None
    return snapshot.alerts


def test_the_board_tells_how_alerts_stand_and_what_happened() -> None:
    made = watcher(VIX_20)
    calm = board(made.after(picture(15))).standings[0]
    assert (calm.status, calm.value, calm.standing.distance) == (AlertStatus.ARMED, 15.0, 5.0)
    high = board(made.after(picture(21, 1)))
    assert high.standings[0].status is AlertStatus.HOLDS
    assert [each.alert.id for each in high.new] == ["vix"]
    assert [(e.kind, e.text) for e in high.history] == [(EventKind.ENTERED, "vix.last is 21.00")]
    assert high.told == 1
    late = made.after(picture(21, 2).at(THURSDAY_AFTERNOON + timedelta(hours=1)))
    assert board(late).standings[0].status is AlertStatus.STALE
    seen = made.acknowledge(["vix"], late)
    assert board(seen).new == ()
    assert len(board(seen).history) == 1, "taking note ends the highlight, not the record"


def test_without_alerts_a_picture_stays_as_it_is() -> None:
    snapshot = picture(15)
    assert Watcher(words=shown).after(snapshot) is snapshot


def test_a_replay_of_the_same_pictures_tells_the_same() -> None:
    pictures = [picture(level, n) for n, level in enumerate((15, 21, 19, 17, 25, 10))]
    first, second = watcher(VIX_20), watcher(VIX_20)
    assert [first.after(each).alerts for each in pictures] == [
        second.after(each).alerts for each in pictures
    ]


def test_a_feeds_state_can_be_watched_and_is_due_without_a_number() -> None:
    made = watcher('[[alert]]\nid = "f"\nrule = { metric = "feed.yahoo.state", is = "failing" }')
    trouble = Trouble(ErrorKind.UNREACHABLE, "no network", "yahoo", THURSDAY_AFTERNOON)
    well, ill = FeedHealth("yahoo", answers=3), FeedHealth("yahoo", trouble=trouble)
    made.after(replace(picture(15), feeds={"yahoo": well}))
    failing = replace(picture(15, 1), feeds={"yahoo": ill})
    assert not made.is_due(replace(picture(15, 1), feeds={"yahoo": well}))
    assert made.is_due(failing)
    assert board(made.after(failing)).history[0].text == "feed.yahoo.state is failing"
    assert not made.is_due(failing)
    assert state_seen(failing, "feed.cboe.state") == Seen(
        None, reason="cboe was not asked for anything yet"
    )


def test_a_storys_line_can_be_watched_by_its_closes() -> None:
    told = story()
    line = told.lines[0]
    made = watcher('[[alert]]\nid = "t"\nrule = { metric = "thesis.calm.vix", turns = true }')

    def with_line(state: LineState, minutes: float, *, decided: bool = True) -> Snapshot:
        since = THURSDAY_AFTERNOON.date() if decided else None
        standing = LineStanding(line=line, state=state, since=since)
        stories = (StoryStanding(story=told, lines=(standing,)),)
        return replace(picture(15, minutes), scoreboard=Scoreboard(stories=stories))

    for n, state in enumerate((LineState.HOLDS, LineState.STALE, LineState.HOLDS)):
        made.after(with_line(state, n))
    made.after(with_line(LineState.NA, 3, decided=False))
    flipped = board(made.after(with_line(LineState.ABOVE, 4)))
    assert [e.text for e in flipped.history] == ["thesis.calm.vix is above"]
    assert Key(Kind.QUOTE, "^VIX") in made.keys(picture(15)), "what decides the line is wanted"
    assert state_seen(picture(15), "vix.last") is None


def test_moves_are_held_against_the_closes_before() -> None:
    text = '[[alert]]\nid = "m"\nrule = { metric = "iwm.last", changes = "3 %" }\n'
    text += '[[alert]]\nid = "z"\nrule = { metric = "iwm.last", z_move = 3 }\n'
    alerts, _ = alerts_of(text, WRITING, CAST)
    today = THURSDAY_AFTERNOON.date()
    days = [*sessions_between(sessions_back(today, 80), sessions_back(today, 1))]
    closes = {day: 100 + n % 2 for n, day in enumerate(days)}
    bars = bars_of("IWM", closes)

    def at(level: float, minutes: float) -> Snapshot:
        bare = replace(picture(15, minutes), bars={bars.key: bars})
        known = with_quote(bare, quote_at("IWM", level, bare.now, "yahoo"))
        return replace(known, readings=compute(known, {"IWM"}))

    made = Watcher(words=shown)
    made.use(alerts, (), at(100, 0))
    assert board(made.after(at(100, 0))).standings[0].status is AlertStatus.NA
    while made.look_back(at(100, 0)) or not made.has_looked_back:
        pass
    calm = board(made.after(at(closes[days[-1]], 1)))
    assert [each.status for each in calm.standings] == [AlertStatus.ARMED] * 2
    wild = board(made.after(at(closes[days[-1]] * 1.04, 2)))
    assert [each.alert.id for each in wild.new] == ["m", "z"]
    assert [each.text for each in wild.history] == [
        "iwm.last rose 4.00 % to 105.04",
        "iwm.last moved +3.9 σ to 105.04",
    ]
    made.after(at(closes[days[-1]], 3))
    assert NamedValues(at(1, 4), {}).closes("iwm.last", 2) == []


def test_what_was_kept_goes_on_and_another_run_is_not_told_twice(tmp_path: Path) -> None:
    record = LineFile(tmp_path / "alerts.ndjson", AlertEvent)
    one = watcher(VIX_20, run="one")
    one.after(picture(15))
    one.after(picture(21, 1))
    record.add(one.taken())
    two = watcher(VIX_20, record.rows(), run="two")
    after = board(two.after(picture(22, 2)))
    assert (after.told, len(after.history), len(after.new)) == (0, 1, 1)
    one.acknowledge(["vix"], picture(22, 3))
    record.add(one.taken())
    assert two.absorb(record.news())
    assert not two.absorb(two.taken())
    assert board(two.after(picture(22, 4))).new == ()


# Telling


async def test_a_failing_courier_is_told_once_until_it_works_again(tmp_path: Path) -> None:
    notices: list[str] = []
    pigeon, path = Pigeon(), tmp_path / "a" / "alerts.ndjson"
    teller = Teller(LineFile(path, AlertEvent), (pigeon,), notices.append)
    alerts: tuple[Alert, ...] = (alert_of(),)
    for trouble in ("it rains", "it rains", "", "it rains"):
        pigeon.trouble = trouble
        await teller.take([event_of(), event_of(EventKind.LEFT)], alerts)
    assert (pigeon.times, [*pigeon.told]) == (1, ["vix entered"]), (
        "the end is told only where that is asked for"
    )
    assert notices == ["alert not told by command: it rains"] * 2
    assert len(LineFile(path, AlertEvent).rows()) == 8
    await teller.take([event_of(EventKind.LEFT)], (alert_of(tells_leaving=True),))
    await teller.aclose()
    assert pigeon.closed


async def test_a_file_that_cannot_be_written_is_told_once(tmp_path: Path) -> None:
    notices: list[str] = []
    (tmp_path / "file").write_text("", encoding="utf-8")
    path = tmp_path / "file" / "alerts.ndjson"
    pigeon = Pigeon()
    teller = Teller(LineFile(path, AlertEvent), (pigeon,), notices.append)
    for _ in range(2):
        await teller.take([event_of()], (alert_of(),))
    assert (len(notices), pigeon.times) == (1, 2)
    assert str(path) in notices[0]
    assert teller.news() == []


async def test_the_users_command_is_run_without_a_shell(tmp_path: Path) -> None:
    out = tmp_path / "told"
    code = "import sys; open(sys.argv[1], 'w').write('|'.join(sys.argv[2:]))"
    words = (sys.executable, "-c", code, str(out), "{title}", "{kind} {value}", "{nothing}")
    await CommandCourier(words).tell(event_of(title="$(rm) {text}"))
    assert out.read_text(encoding="utf-8") == "$(rm) {text}|entered 21.0|{nothing}"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("/nowhere/to/be/found",), "cannot be run"),
        ((sys.executable, "-c", "import sys; sys.exit(3)"), "ended with 3"),
    ],
)
async def test_a_command_that_fails_says_why(words: tuple[str, ...], why: str) -> None:
    with pytest.raises(CourierError, match=why):
        await CommandCourier(words).tell(event_of())


async def test_without_the_extra_the_desktop_is_told_in_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "desktop_notifier", None)
    with pytest.raises(CourierError, match=r"extra|loaded"):
        await DesktopCourier().tell(event_of())


def test_placeholders_are_filled_once() -> None:
    assert filled("{id}:{at}", event_of()) == "vix:2026-07-02T18:32:07+00:00"
    assert filled("{", event_of()) == "{"
    assert filled("{id}{id", event_of()) == "vix{id"


# The engine's part


async def test_the_room_keeps_tells_and_takes_over_what_others_saw(tmp_path: Path) -> None:
    path, record, pigeon = tmp_path / "alerts.toml", tmp_path / "alerts.ndjson", Pigeon()
    path.write_text(VIX_20, encoding="utf-8")
    sources = AlertSources(path=path, record=record, couriers=lambda: (pigeon,))

    def opened() -> AlertRoom:
        return opened_alert_room(sources, CAST, (), (), lambda _: None)

    one, two = opened(), opened()
    for room in (one, two):
        assert await room.look(picture(15))
        room.after(picture(15))
        room.after(picture(21, 1))
    for room in (one, two, one):
        await room.tell_now()
    assert (pigeon.times, [*pigeon.told]) == (1, ["vix entered"]), (
        "the other run has told it already"
    )
    one.use("", picture(21, 2))
    assert one.watcher.keys(picture(21, 2)) == frozenset()
    two.acknowledge(["vix"], picture(21, 3))
    await two.aclose()
    assert pigeon.closed
    kinds = [row.kind for row in LineFile(record, AlertEvent).rows()]
    assert kinds.count(EventKind.ENTERED) == 1
    assert kinds[-1] is EventKind.ACKNOWLEDGED


async def test_a_room_tells_as_soon_as_something_happens(tmp_path: Path) -> None:
    path, pigeon = tmp_path / "alerts.toml", Pigeon()
    path.write_text(VIX_20, encoding="utf-8")
    room = opened_alert_room(
        AlertSources(path=path, couriers=lambda: (pigeon,)), CAST, (), (), lambda _: None
    )
    await room.look(picture(15))
    task = asyncio.ensure_future(room.tell())
    room.after(picture(15))
    room.after(picture(21, 1))
    await asyncio.wait_for(pigeon.heard.wait(), 20)
    assert (pigeon.times, [*pigeon.told]) == (1, ["vix entered"])
    task.cancel()
    await asyncio.wait((task,))


def test_a_record_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    notices: list[str] = []
    sources = AlertSources(record=tmp_path)
    opened_alert_room(sources, CAST, (), (), notices.append)
    assert len(notices) == 1
    assert "no alert is kept" in notices[0]


def test_closes_settle_half_an_hour_after_the_session() -> None:
    text = VIX_20.replace("until = 18", "until = 18, closes = 1")
    made = watcher(text)
    close = session_of(THURSDAY_AFTERNOON.date()).close
    evening = (close - THURSDAY_AFTERNOON).total_seconds() / 60 + 31
    made.after(picture(15, evening - 24 * 60))
    assert board(made.after(picture(25, 1))).history == ()
    assert board(made.after(picture(25, evening - 2))).history == ()
    assert len(board(made.after(picture(25, evening))).history) == 1
    assert AlertBook(None, WRITING, CAST).alerts == ()
