"""How many symbols a quote request names: halved on refusal, slowly grown again."""

from collections.abc import Sequence

import pytest

from market.feeds.yahoo.hosts import LARGEST_BATCH, PATIENCE, SMALLEST_BATCH, BatchSize
from market.reports import ErrorKind, FeedError
from tests.market.feeds.scripted_http import ScriptedHttp
from tests.market.feeds.yahoo_wire import (
    IN_SESSION,
    QUOTES,
    Reply,
    Yahoo,
    details,
    feed_of,
    refused,
    reply,
)


@pytest.mark.parametrize("status", [400, 413, 414])
async def test_a_batch_that_is_refused_is_halved(status: int) -> None:
    yahoo = Yahoo()
    yahoo.quotes = reply(b"", status)
    feed = feed_of(ScriptedHttp(yahoo))
    sizes: list[int] = []
    for _ in range(8):
        query = feed.plan(details(300))[0]
        sizes.append(len(query.keys))
        error = await refused(feed, query)
        assert error.kind is ErrorKind.GARBLED
    assert sizes == [250, 125, 62, 31, 20, 20, 20, 20], "a server that is just broken is not split"


@pytest.mark.parametrize(
    "answer",
    [
        reply(b"", 500),
        reply(QUOTES[:200]),
        FeedError(ErrorKind.GARBLED, "query1 broke off in the middle of its answer"),
    ],
)
async def test_a_failing_or_cut_answer_halves_it_too(answer: Reply) -> None:
    yahoo = Yahoo()
    yahoo.quotes = answer
    feed = feed_of(ScriptedHttp(yahoo))
    query = feed.plan(details(300))[0]
    assert (await refused(feed, query, IN_SESSION)).kind in {
        ErrorKind.GARBLED,
        ErrorKind.UNREACHABLE,
    }
    assert len(feed.plan(details(300))[0].keys) == 125


async def test_a_shortened_answer_halves_it_and_is_used() -> None:
    feed = feed_of(ScriptedHttp(Yahoo()))
    query = feed.plan(details(300))[0]
    arrived = feed.parse(query, await feed.fetch(query), IN_SESSION)
    assert [quote.symbol for quote in arrived.quotes] == ["IWM"]
    assert len(feed.plan(details(300))[0].keys) == 125


async def test_a_limit_or_a_dead_network_says_nothing_about_the_batch() -> None:
    yahoo = Yahoo()
    feed = feed_of(ScriptedHttp(yahoo))
    for trouble in (reply(status=429), FeedError(ErrorKind.UNREACHABLE, "no connection")):
        yahoo.quotes = trouble
        await refused(feed, feed.plan(details(300))[0])
    assert len(feed.plan(details(300))[0].keys) == LARGEST_BATCH


def sizes_after(batch: BatchSize, good_answers: int) -> Sequence[int]:
    sizes = [batch.size]
    for _ in range(good_answers):
        batch.accepted(batch.size)
        sizes.append(batch.size)
    return sizes


def test_the_batch_grows_back_slowly() -> None:
    batch = BatchSize()
    batch.refused(250)
    assert batch.size == 125
    grown = sizes_after(batch, 2 * PATIENCE)
    assert grown[:-1] == [125] * (2 * PATIENCE)
    assert grown[-1] == 156
    batch.refused(156)
    assert batch.size == 125, "back to what has worked"
    assert max(sizes_after(batch, 4 * PATIENCE - 1)) == 125, "more patient the second time"


def test_a_batch_that_worked_once_may_be_too_large_now() -> None:
    batch = BatchSize()
    batch.accepted(250)
    batch.refused(250)
    batch.refused(250)
    assert batch.size == 125
    for count in (125, 62, 31, 20, 20, 1):
        batch.refused(count)
    assert batch.size == SMALLEST_BATCH
