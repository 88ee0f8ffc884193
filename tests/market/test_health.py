"""The health of a feed, report by report."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from market.health import RECENT, FeedHealth, FeedState
from market.quotes import Key, Kind, Quote
from market.reports import Absent, Arrived, Budget, ErrorKind, Failed
from tests.clocks import THURSDAY_AFTERNOON as NOW

KEY = Key(Kind.QUOTE, "IWM")
ANSWER = Arrived(feed="yahoo", at=NOW, keys=(KEY,), elapsed_s=0.25)
RETRY = NOW + timedelta(minutes=1)
REFUSAL = Failed(
    feed="yahoo", at=NOW, keys=(KEY,), kind=ErrorKind.LIMITED, text="slow down", retry_at=RETRY
)
NEW = FeedHealth("yahoo")
MINUTE = timedelta(minutes=1)


def test_a_feed_that_was_not_asked_yet_waits() -> None:
    assert NEW.state is FeedState.WAITING
    assert NEW.reason == ""


def test_a_good_answer_makes_it_well() -> None:
    health = NEW.after(ANSWER, NOW)
    assert health.state is FeedState.OK
    assert (health.last_ok, health.answers, health.elapsed) == (NOW, 1, timedelta(seconds=0.25))


def test_latency_is_that_of_the_newest_answers_and_what_comes_by_itself_has_none() -> None:
    health = NEW.after(replace(ANSWER, elapsed_s=0.0), NOW)
    assert (health.answers, health.elapsed, health.latency) == (1, None, None)
    for n in range(RECENT + 5):
        health = health.after(replace(ANSWER, elapsed_s=1.0 + n), NOW)
    assert health.elapsed == timedelta(seconds=RECENT + 5)
    assert health.latency == timedelta(seconds=6 + RECENT // 2), "the middle one of the newest"
    assert len(health.took) == RECENT
    assert health.after(REFUSAL, NOW).took == health.took, "a failure says nothing of answers"


def test_a_budget_is_what_was_left_when_it_was_heard_of_and_whole_after_a_minute() -> None:
    health = NEW.after(replace(ANSWER, budget=Budget(4, 30)), NOW)
    assert health.budget_left(NOW + timedelta(seconds=60)) == Budget(4, 30)
    assert health.budget_left(NOW + timedelta(seconds=61)) == Budget(30, 30)
    assert health.budget_left(NOW - MINUTE) == Budget(30, 30), "the clock was set back"
    late = replace(REFUSAL, at=NOW - timedelta(seconds=1), budget=Budget(9, 30))
    assert health.after(late, NOW).budget_left(NOW) == Budget(4, 30), "another came in between"
    assert health.after(ANSWER, NOW).budget_left(NOW) == Budget(4, 30)
    assert NEW.after(ANSWER, NOW).budget_left(NOW) is None


def test_the_last_failure_is_remembered_when_all_is_well_again() -> None:
    later = NOW + MINUTE
    health = NEW.after(REFUSAL, NOW).after(replace(ANSWER, at=later), later)
    assert health.trouble is None
    assert health.last_refusal is not None
    assert (health.last_refusal.text, health.last_refusal.since) == ("slow down", NOW)
    held_up = replace(REFUSAL, at=later, text="left alone", was_asked=False)
    assert health.after(held_up, later).last_refusal == health.last_refusal, "nobody was asked"


def test_a_failure_names_reason_and_next_try() -> None:
    health = NEW.after(REFUSAL, NOW)
    assert health.state is FeedState.FAILING
    assert health.reason == "slow down"
    assert health.trouble is not None
    assert health.trouble.retry_at == RETRY


def test_failures_in_a_row_are_counted_from_the_first() -> None:
    health = NEW.after(ANSWER, NOW)
    for minute in range(1, 4):
        at = NOW + minute * MINUTE
        health = health.after(replace(REFUSAL, at=at), at)
    assert health.failing_since == NOW + MINUTE
    assert (health.failures, health.refusals, health.answers) == (3, 3, 1)
    assert health.last_ok == NOW


def test_recovery_forgets_the_row_but_not_the_total() -> None:
    later = NOW + MINUTE
    health = NEW.after(REFUSAL, NOW).after(replace(ANSWER, at=later), later)
    assert health.state is FeedState.OK
    assert (health.failures, health.refusals) == (0, 1)
    assert health.failing_since is None


def test_knowing_nothing_of_a_symbol_is_an_answer_of_a_feed_that_tells_others() -> None:
    unknown = replace(REFUSAL, kind=ErrorKind.ABSENT, at=NOW + MINUTE)
    health = NEW.after(ANSWER, NOW).after(unknown, NOW + MINUTE)
    assert health.state is FeedState.OK
    assert (health.last_ok, health.heard) == (NOW, NOW + MINUTE), "it told nothing since"
    assert (health.answers, health.lacks) == (1, 1)


@pytest.mark.parametrize(
    "nothing",
    [
        replace(REFUSAL, kind=ErrorKind.ABSENT),
        replace(ANSWER, absent=(Absent(KEY, "Yahoo has no prices of IWM"),)),
    ],
)
def test_a_feed_of_which_nothing_ever_came_has_no_last_answer(nothing: Arrived | Failed) -> None:
    health = NEW.after(nothing, NOW)
    assert (health.last_ok, health.answers, health.lacks) == (None, 0, 1)
    assert health.state is FeedState.FAILING
    quote = Quote(symbol="IWM", last=1.0, as_of=NOW, source="yahoo")
    if isinstance(nothing, Arrived):
        assert NEW.after(replace(nothing, quotes=(quote,)), NOW).last_ok == NOW, "a price came"


def test_only_requests_that_were_made_count_as_refused() -> None:
    health = NEW.after(REFUSAL, NOW)
    for kind in (ErrorKind.LIMITED, ErrorKind.ABSENT):
        waiting = replace(REFUSAL, kind=kind, at=NOW + MINUTE, was_asked=False, is_host_shut=True)
        health = health.after(waiting, NOW + MINUTE)
    assert (health.refusals, health.failures, health.lacks) == (1, 1, 0)
    assert health.state is FeedState.FAILING


def test_an_answer_that_was_under_way_does_not_hide_that_the_host_is_shut() -> None:
    at = NOW + timedelta(seconds=1)
    shut = NEW.after(REFUSAL, NOW).after(replace(ANSWER, at=at, is_host_shut=True), at)
    assert (shut.state, shut.reason) == (FeedState.FAILING, "slow down")
    assert (shut.answers, shut.last_ok, shut.failing_since) == (1, at, NOW)
    lacking = replace(REFUSAL, kind=ErrorKind.ABSENT, at=at, is_host_shut=True)
    assert shut.after(lacking, at).state is FeedState.FAILING
    later = NOW + 2 * MINUTE
    assert shut.after(replace(ANSWER, at=later), later).state is FeedState.OK


def test_a_feed_that_knows_nothing_of_anything_is_not_well() -> None:
    unknown = replace(REFUSAL, kind=ErrorKind.ABSENT)
    health = NEW.after(unknown, NOW)
    assert health.state is FeedState.FAILING
    assert health.reason == unknown.text, "what it said of it, and of which datum"
    unnamed = NEW.after(replace(ANSWER, absent=(Absent(KEY, ""),)), NOW)
    assert unnamed.reason == "it knows nothing of what was asked"


def test_health_from_disk_counts_only_once_the_feed_answers_again() -> None:
    assert FeedHealth("yahoo", last_ok=NOW).state is FeedState.WAITING


def test_a_late_failure_does_not_undo_a_younger_answer() -> None:
    health = NEW.after(ANSWER, NOW).after(replace(REFUSAL, at=NOW - MINUTE), NOW)
    assert health.state is FeedState.OK
    assert health.refusals == 1


def test_a_late_answer_does_not_hide_a_younger_failure() -> None:
    health = NEW.after(REFUSAL, NOW).after(replace(ANSWER, at=NOW - MINUTE), NOW)
    assert health.state is FeedState.FAILING
    assert (health.last_ok, health.answers) == (NOW - MINUTE, 1)


def test_an_answer_from_the_future_does_not_stop_the_count() -> None:
    ahead = NEW.after(replace(ANSWER, at=NOW + timedelta(days=900)), NOW + timedelta(days=900))
    assert ahead.after(REFUSAL, NOW).state is FeedState.FAILING
    assert ahead.after(ANSWER, NOW).last_ok == NOW


def test_a_stream_is_well_as_soon_as_it_stands_and_says_what_it_does() -> None:
    stands = Arrived(feed="yahoo_stream", at=NOW, keys=(), note="connected")
    health = FeedHealth("yahoo_stream").after(replace(REFUSAL, keys=()), NOW).after(stands, NOW)
    assert (health.state, health.note, health.reason) == (FeedState.OK, "connected", "")
    half = health.after(replace(REFUSAL, keys=()), NOW).after(
        replace(stands, is_host_shut=True), NOW
    )
    assert half.state is FeedState.FAILING, "another connection of it is down"
