"""The desk: what is shown and watched, without a screen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from market.health import FeedHealth, Trouble
from market.quotes import Key, Kind
from market.reports import ErrorKind, RefreshAnswer
from tests.clocks import THURSDAY_AFTERNOON, ManualClock
from tests.tui.fakes import LISTS, FakeEngine, demo_picture, live_picture, nothing_known
from tui.desk import Desk
from tui.settings import CboeSettings, FeedsSettings, Settings
from tui.visits import Visits
from tui.watchlists import Watchlists
from tui.windows import span_of
from widgets.bar_times import SPANS
from widgets.values import WINDOWS

SUNDAY = datetime(2026, 7, 5, 16, 0, tzinfo=UTC)


def _desk(engine: FakeEngine, clock: ManualClock, demo: FakeEngine | None = None) -> Desk:
    return Desk(
        engine,
        Settings(),
        clock=clock,
        watchlists=Watchlists(LISTS),
        demo_maker=(lambda: demo) if demo is not None else None,
    )


def test_a_beat_without_news_or_time_is_none() -> None:
    clock = ManualClock()
    desk = _desk(FakeEngine(), clock)
    assert desk.beat() is not None
    assert desk.beat() is None
    clock.jump(0.4)
    assert desk.beat() is None
    clock.jump(1)
    assert desk.beat() is not None


def test_news_within_a_second_are_shown_at_once() -> None:
    engine = FakeEngine()
    desk = _desk(engine, ManualClock())
    desk.beat()
    engine.tick()
    beat = desk.beat()
    assert beat is not None
    assert beat.is_news


def test_news_is_looked_for_sooner_while_it_comes_and_later_while_nobody_looks() -> None:
    engine = FakeEngine()
    desk = _desk(engine, ManualClock())
    desk.beat()
    engine.tick()
    desk.beat()
    assert desk.rest_s == 0.1
    desk.beat()
    assert desk.rest_s == 0.5, "nothing has come"
    desk.toggle_hold()
    engine.tick()
    desk.beat()
    assert desk.rest_s == 0.5, "nothing of it is shown"
    desk.set_focused(False)
    assert desk.rest_s == 1.0


def test_with_the_market_closed_the_clock_alone_is_no_news() -> None:
    clock = ManualClock(SUNDAY)
    desk = _desk(FakeEngine(), clock)
    desk.beat()
    news = 0
    for _ in range(60):
        clock.jump(1)
        beat = desk.beat()
        assert beat is not None
        news += beat.is_news
    assert news == 2


@pytest.mark.parametrize(("kind", "times"), [(ErrorKind.LIMITED, 12), (ErrorKind.ABSENT, 2)])
def test_on_a_sunday_ages_go_on_in_steps_when_something_that_exists_fails(
    kind: ErrorKind, times: int
) -> None:
    key = Key(Kind.QUOTE, "^VIX")
    trouble = Trouble(kind, "no answer from cboe", "cboe", SUNDAY)
    clock = ManualClock(SUNDAY)
    desk = _desk(FakeEngine(replace(live_picture(), troubles={key: trouble})), clock)
    desk.beat()
    news = 0
    for _ in range(60):
        clock.jump(1)
        beat = desk.beat()
        assert beat is not None
        news += beat.is_news
    assert news == times


@pytest.mark.parametrize(("is_ticking", "most"), [(True, 20), (False, 4)])
def test_an_unfocused_pane_is_painted_less_often_and_at_once_on_return(
    *, is_ticking: bool, most: int
) -> None:
    clock = ManualClock()
    engine = FakeEngine()
    desk = _desk(engine, clock)
    desk.set_focused(False)
    desk.beat()
    beats = 0
    for _ in range(200):
        clock.jump(0.1)
        if is_ticking:
            engine.tick()
        beats += desk.beat() is not None
    assert beats == most
    assert not engine.focused
    desk.set_focused(True)
    clock.jump(1)
    assert desk.beat() is not None


def test_a_clock_set_back_does_not_stop_the_painting() -> None:
    clock = ManualClock()
    desk = _desk(FakeEngine(), clock)
    desk.set_focused(False)
    desk.beat()
    clock.jump(-3600)
    assert desk.beat() is not None


def test_hold_keeps_the_picture_while_data_go_on() -> None:
    engine, clock = FakeEngine(), ManualClock()
    desk = _desk(engine, clock)
    desk.toggle_hold()
    shown = desk.snapshot
    engine.tick()
    clock.jump(5)
    assert desk.snapshot is shown
    assert desk.held_at == clock.now() - timedelta(seconds=5)
    beat = desk.beat()
    assert beat is not None
    assert not beat.is_news
    desk.toggle_hold()
    assert desk.snapshot.now == clock.now()


def test_the_pace_stays_within_bounds_and_reaches_the_engine() -> None:
    engine = FakeEngine()
    desk = _desk(engine, ManualClock())
    assert desk.change_pace(2) == "asking twice as often as usual"
    assert engine.pace == 0.5
    for _ in range(9):
        desk.change_pace(0.5)
    assert desk.pace == 0.25


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (RefreshAnswer(12, 0, 0), "asking again"),
        (RefreshAnswer(0, 0, 0), "nothing to ask again just now"),
        (
            RefreshAnswer(4, 0, 0, ("ZZZZ",), 653),
            "asking again; ZZZZ is unknown, asked again at 14:43",
        ),
        (
            RefreshAnswer(0, 0, 0, ("YYYY", "ZZZZ"), 653),
            "YYYY and 1 more are unknown, asked again at 14:43",
        ),
        (RefreshAnswer(0, 12, 7.6, ("ZZZZ",), 653), "the request budget is used up for 8 s"),
        (RefreshAnswer(0, 12, 7.6), "the request budget is used up for 8 s"),
        (RefreshAnswer(4, 8, 7.6), "the request budget is used up for 8 s; asking the rest again"),
    ],
)
def test_what_came_of_asking_again(answer: RefreshAnswer, sentence: str) -> None:
    engine = FakeEngine()
    engine.answer = answer
    assert _desk(engine, ManualClock()).refresh() == sentence


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (RefreshAnswer(3, 9, 653), "yahoo left alone until 14:43; asking the rest again"),
        (RefreshAnswer(0, 9, 653), "left alone until 14:43 (yahoo: too many requests)"),
        (RefreshAnswer(0, 9, 40), "left alone for 40 s (yahoo: too many requests)"),
    ],
)
def test_a_feed_that_is_left_alone_is_named_with_the_time(
    answer: RefreshAnswer, sentence: str
) -> None:
    clock = ManualClock(THURSDAY_AFTERNOON)
    now = clock.now()
    until = now + timedelta(seconds=answer.wait_s)
    trouble = Trouble(ErrorKind.LIMITED, "yahoo says too many requests", "yahoo", now, until)
    feeds = {"cboe": FeedHealth("cboe"), "yahoo": FeedHealth("yahoo", trouble=trouble)}
    engine = FakeEngine(replace(live_picture(), feeds=feeds))
    engine.answer = answer
    assert _desk(engine, clock).refresh() == sentence


def test_of_many_feeds_that_are_left_alone_one_is_named() -> None:
    engine, at = FakeEngine(), THURSDAY_AFTERNOON + timedelta(minutes=5)
    feeds = {
        name: FeedHealth(
            name, trouble=Trouble(ErrorKind.UNREACHABLE, "no route", name, THURSDAY_AFTERNOON, at)
        )
        for name in ("yahoo", "cboe", "treasury")
    }
    engine.latest = replace(live_picture(), feeds=feeds)
    engine.answer = RefreshAnswer(0, 9, 40)
    desk = _desk(engine, ManualClock(THURSDAY_AFTERNOON))
    assert desk.refresh() == "left alone for 40 s (yahoo: it cannot be reached and 2 more)"
    engine.answer = RefreshAnswer(1, 9, 40)
    assert desk.refresh() == "yahoo and 2 more left alone for 40 s; asking the rest again"


def test_feeds_that_refuse_do_answer() -> None:
    live = FakeEngine(nothing_known())
    live.can_offer_demo = True
    said = Trouble(ErrorKind.LIMITED, "Yahoo says too many requests.", "yahoo", THURSDAY_AFTERNOON)
    feeds = {"yahoo": FeedHealth("yahoo", trouble=said, failures=1)}
    live.latest = replace(live.latest, feeds=feeds)
    whole, short, _ = _desk(live, ManualClock(), FakeEngine(demo_picture())).markets.offers
    assert whole.startswith("No feed gives data (Yahoo says too many requests). Press D")
    assert short == "No feed gives data: press D for a demo"


def test_the_demo_is_offered_with_the_reason_and_never_forced() -> None:
    live, demo = FakeEngine(nothing_known()), FakeEngine(demo_picture())
    desk = _desk(live, ManualClock(), demo)
    assert desk.markets.offers == ()
    live.can_offer_demo = True
    reason = "No feed answers (yahoo cannot be reached)."
    assert desk.markets.offers == (
        f"{reason} Press D for the simulated market; captop goes on trying.",
        "No feed answers: press D for a demo",
        "D: demo",
    )
    assert desk.market is live
    assert not demo.is_running


def test_live_data_that_come_during_the_demo_are_offered() -> None:
    live, demo = FakeEngine(nothing_known()), FakeEngine(demo_picture())
    live.can_offer_demo = True
    desk = _desk(live, ManualClock(), demo)
    desk.want({Key(Kind.QUOTE, "^VIX")})
    desk.show_demo()
    assert desk.market is demo
    assert demo.is_running
    assert demo.wanted == live.wanted == {Key(Kind.QUOTE, "^VIX")}
    assert desk.markets.offers == ()
    live.latest = live_picture()
    assert desk.markets.offers[0] == "Live data have come. Press L to leave the simulated market."
    assert desk.show_live() is demo
    assert desk.market is live


def test_the_way_back_from_the_demo_is_open_though_no_feed_answers() -> None:
    live, demo = FakeEngine(nothing_known()), FakeEngine(demo_picture())
    live.can_offer_demo = True
    desk = _desk(live, ManualClock(), demo)
    assert not desk.markets.can_show_live
    desk.show_demo()
    assert desk.markets.can_show_live
    assert not desk.markets.can_show_demo
    desk.show_live()
    assert desk.market is live
    assert desk.markets.offers[-1] == "D: demo"


def test_lists_edited_in_the_demo_are_a_copy_and_it_says_so_once(tmp_path: Path) -> None:
    path = tmp_path / "captop.toml"
    live, demo = FakeEngine(nothing_known()), FakeEngine(demo_picture())
    lists = Watchlists(LISTS, path=path)
    desk = Desk(live, Settings(), clock=ManualClock(), watchlists=lists, demo_maker=lambda: demo)
    desk.show_demo()
    told = desk.watching.toggle("KTOS")
    assert told == "KTOS added to default; u undoes (demo: the list is not saved)"
    assert desk.watching.toggle("IWM") == "IWM taken out of default; u undoes"
    assert desk.watchlists.current == (*LISTS["default"][1:], "KTOS")
    assert "KTOS" in demo.watched
    assert "KTOS" not in live.watched
    assert not path.exists()
    desk.show_live()
    assert desk.watchlists.current == LISTS["default"]
    assert desk.watching.toggle("KTOS") == "KTOS added to default; u undoes"
    desk.stop()
    assert "KTOS" in path.read_text(encoding="utf-8")


def test_a_demo_from_the_start_saves_no_list(tmp_path: Path) -> None:
    path = tmp_path / "captop.toml"
    lists = Watchlists(LISTS, path=path)
    desk = Desk(FakeEngine(demo_picture()), Settings(), clock=ManualClock(), watchlists=lists)
    assert desk.watching.move("IWM", 1) == "demo: the list is not saved"
    assert desk.watchlists.current[:2] == ("XBI", "IWM")
    desk.stop()
    assert not path.exists()


@pytest.mark.parametrize("window", WINDOWS)
def test_every_window_has_a_range_of_charts(window: str) -> None:
    assert span_of(window) in SPANS


def test_the_feeds_are_those_of_the_settings_and_in_the_demo_its_own() -> None:
    settings = Settings(feeds=FeedsSettings(cboe=CboeSettings(enabled=False)))
    lists, demo = Watchlists(LISTS), FakeEngine(demo_picture())
    clock = ManualClock()
    desk = Desk(FakeEngine(), settings, clock=clock, watchlists=lists, demo_maker=lambda: demo)
    assert "yahoo" in desk.feeds
    assert "cboe" not in desk.feeds
    desk.show_demo()
    assert desk.feeds == ("demo",)
    desk.show_live()
    assert "yahoo" in desk.feeds


def test_without_a_demo_none_is_offered() -> None:
    live = FakeEngine(nothing_known())
    live.can_offer_demo = True
    assert _desk(live, ManualClock()).markets.offers == ()


def test_a_symbol_in_and_out_of_the_list_and_undone() -> None:
    engine = FakeEngine()
    desk = _desk(engine, ManualClock())
    assert desk.watching.toggle("KTOS") == "KTOS added to default; u undoes"
    assert "KTOS" in engine.watched
    assert desk.watching.toggle("IWM") == "IWM taken out of default; u undoes"
    assert desk.watchlists.current[0] == "XBI"
    desk.watching.undo()
    assert desk.watchlists.current[0] == "IWM"
    desk.watching.undo()
    assert desk.watchlists.current == LISTS["default"]
    assert desk.watching.undo() == "nothing to undo"


def test_adding_what_is_there_says_so() -> None:
    desk = _desk(FakeEngine(), ManualClock())
    assert desk.watching.add("IWM") == "IWM is in default already"


def test_lists_go_round() -> None:
    desk = _desk(FakeEngine(), ManualClock())
    assert desk.watching.step(1) == "watchlist funds"
    assert desk.watching.step(1) == "watchlist default"
    assert desk.watching.step(-1) == "watchlist funds"


def test_notices_are_told_once() -> None:
    engine = FakeEngine()
    engine.notices.append("The cache cannot be written.")
    desk = _desk(engine, ManualClock())
    assert desk.next_notice() == "The cache cannot be written."
    assert desk.next_notice() == ""
    assert desk.notices == ("The cache cannot be written.",), "and stay to be looked up"


def test_visits_go_back_and_forward_and_forget_what_lay_ahead() -> None:
    visits = Visits()
    for symbol in ("A", "B", "B", "C"):
        visits.visit(symbol)
    assert [visits.go(-1), visits.go(-1), visits.go(-1)] == ["B", "A", None]
    assert visits.go(1) == "B"
    visits.visit("D")
    assert not visits.can_go(1)
    assert visits.go(-1) == "B"
