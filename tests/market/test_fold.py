"""Folding: any order of reports gives the same values, loses nothing and never raises."""

from __future__ import annotations

from array import array
from datetime import UTC, datetime, timedelta
from functools import reduce

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from market.fold import fold
from market.health import FeedState
from market.merging import SEEN_WITHIN
from market.quotes import Bars, Details, ExtendedPrint, Key, Kind, Phase, Quote
from market.reports import NOBODY, Absent, Arrived, Computed, ErrorKind, Failed, Reading, Report
from market.snapshot import Serving, Snapshot, empty_snapshot
from tests.clocks import THURSDAY_AFTERNOON

NOW = THURSDAY_AFTERNOON
SYMBOLS = ("^RUT", "IWM", "XBI")
FEEDS = ("yahoo", "cboe")
KINDS = (Kind.INTRADAY, Kind.DAILY, Kind.DETAILS)

prices = st.integers(90, 110).map(float)
maybe = st.none() | prices
# Five minutes of five sessions, so that reports of one instant, one session and another meet.
days = st.integers(0, 4).map(lambda day: timedelta(days=day))
minutes = st.integers(0, 4).map(lambda minute: timedelta(minutes=minute))
ages = st.tuples(days, minutes).map(lambda parts: parts[0] + parts[1])


@st.composite
def quotes(draw: st.DrawFn) -> Quote:
    as_of = NOW - draw(ages)
    seconds = draw(st.none() | st.integers(1, 40))
    phase = draw(st.sampled_from([Phase.PRE, Phase.POST]))
    later = as_of + timedelta(seconds=seconds or 0)
    source = draw(st.sampled_from(FEEDS))
    return Quote(
        symbol=draw(st.sampled_from(SYMBOLS)),
        last=draw(prices),
        as_of=as_of,
        source=source,
        delay_s=900 if source == "cboe" else 0,
        open=draw(maybe),
        high=draw(maybe),
        low=draw(maybe),
        volume=draw(maybe),
        reported_previous_close=draw(maybe),
        extended=None if seconds is None else ExtendedPrint(phase, draw(prices), later),
        is_first_seen=draw(st.booleans()),
    )


@st.composite
def details(draw: st.DrawFn) -> Details:
    """Of one symbol and instant there is one truth, told in full or in part by one source."""
    age = draw(ages)
    symbol = draw(st.sampled_from(SYMBOLS))
    truth = float(SYMBOLS.index(symbol) * 1000 + age.total_seconds())
    return Details(
        symbol=symbol,
        as_of=NOW - age,
        source="yahoo",
        name=draw(st.sampled_from(["", f"name {truth}"])),
        average_volume=draw(st.sampled_from([None, truth])),
        week52_high=draw(st.sampled_from([None, truth + 1])),
        volume=draw(st.sampled_from([None, truth + 2])),
    )


@st.composite
def bars(draw: st.DrawFn) -> Bars:
    """Of one key, instant and length there is one series."""
    age, length = draw(ages), draw(st.integers(1, 3))
    close = array("d", (age.total_seconds() + i for i in range(length)))
    return Bars(
        key=Key(draw(st.sampled_from(KINDS[:2])), draw(st.sampled_from(SYMBOLS))),
        interval_s=60,
        source="yahoo",
        as_of=NOW - age,
        times=array("q", range(length)),
        close=close,
    )


keys = st.builds(Key, st.sampled_from(KINDS), st.sampled_from(SYMBOLS))
some_keys = st.lists(keys, min_size=1, max_size=4, unique=True).map(tuple)


@st.composite
def arrivals(draw: st.DrawFn) -> Arrived:
    asked = draw(some_keys)
    absent = draw(st.sampled_from([(), asked[:1]]))
    return Arrived(
        feed=draw(st.sampled_from(FEEDS)),
        at=NOW,
        keys=asked,
        quotes=tuple(draw(st.lists(quotes(), max_size=3))),
        details=tuple(draw(st.lists(details(), max_size=2))),
        bars=tuple(draw(st.lists(bars(), max_size=2))),
        absent=tuple(Absent(key, f"no {key.symbol}") for key in absent),
        elapsed_s=draw(st.floats(0, 10)),
    )


@st.composite
def failures(draw: st.DrawFn) -> Failed:
    asked = draw(some_keys)
    return Failed(
        feed=draw(st.sampled_from(FEEDS)),
        at=NOW,
        keys=asked,
        kind=draw(st.sampled_from(ErrorKind)),
        text="it failed",
        exhausted=asked[: draw(st.integers(0, len(asked)))],
    )


@st.composite
def histories(draw: st.DrawFn) -> list[Arrived | Failed]:
    """Reports as they happened, each at a second of its own."""
    happened = draw(st.lists(arrivals() | failures(), max_size=8))
    start = NOW - timedelta(seconds=len(happened))
    return [replace(r, at=start + timedelta(seconds=i)) for i, r in enumerate(happened)]


def folded(reports: list[Report], start: Snapshot | None = None) -> Snapshot:
    return reduce(lambda s, r: fold(s, r, NOW), reports, start or empty_snapshot(NOW))


def told(snapshot: Snapshot) -> tuple[object, ...]:
    """Return all values of a snapshot in a form that can be compared."""
    series = {
        k: (b.as_of, b.source, b.times.tobytes(), b.close.tobytes())
        for k, b in snapshot.bars.items()
    }
    return snapshot.quotes, snapshot.details, snapshot.serving, series


@given(happened=histories(), data=st.data())
def test_any_order_and_repetition_gives_the_same_values(
    happened: list[Report], data: st.DataObject
) -> None:
    repeated = (
        happened + data.draw(st.lists(st.sampled_from(happened), max_size=3)) if happened else []
    )
    shuffled = data.draw(st.permutations(repeated))
    assert told(folded(list(shuffled))) == told(folded(happened))


few_minutes = st.integers(0, 2).map(lambda minute: timedelta(minutes=minute))
yesterday_or_today = st.sampled_from([timedelta(0), timedelta(days=1)])
told_or_not = st.sampled_from([None, 99.0, 100.0])


@st.composite
def quotes_of_one_symbol(draw: st.DrawFn) -> Quote:
    """Draw from so few instants and prices that ties and fillings are the rule."""
    as_of = NOW - draw(yesterday_or_today) - draw(few_minutes)
    later = as_of + timedelta(minutes=draw(st.integers(1, 2)))
    extended = ExtendedPrint(Phase.POST, draw(st.sampled_from([99.0, 100.0])), later)
    return Quote(
        symbol="IWM",
        last=100.0,
        as_of=as_of,
        source="yahoo",
        open=draw(told_or_not),
        high=draw(st.just(100.0) | told_or_not),
        low=draw(st.just(99.0) | told_or_not),
        volume=draw(st.just(1.0) | told_or_not),
        reported_previous_close=draw(st.just(99.0) | told_or_not),
        extended=draw(st.sampled_from([None, extended])),
        is_first_seen=draw(st.booleans()),
    )


@settings(max_examples=50)
@given(told_of=st.lists(quotes_of_one_symbol(), min_size=2, max_size=4), data=st.data())
def test_any_order_of_quotes_of_one_symbol_gives_the_same_quote(
    told_of: list[Quote], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(told_of))
    assert after(*shuffled).quotes == after(*sorted(told_of, key=lambda q: q.as_of)).quotes


@given(happened=histories(), data=st.data())
def test_in_any_order_the_newest_word_counts_and_health_is_sane(
    happened: list[Arrived | Failed], data: st.DataObject
) -> None:
    snapshot = folded(list(data.draw(st.permutations(happened))))
    assert_newest_word_counts(snapshot, happened)
    assert_health_is_sane(snapshot, happened)


def assert_newest_word_counts(snapshot: Snapshot, happened: list[Arrived | Failed]) -> None:
    answered: dict[Key, Arrived] = {}
    for report in happened:
        if isinstance(report, Arrived):
            answered.update(dict.fromkeys(report.keys, report))
    assert snapshot.fetched == {key: report.at for key, report in answered.items()}
    for key, report in answered.items():
        assert (key in snapshot.absences) is (key in {a.key for a in report.absent})
    for key, trouble in snapshot.troubles.items():
        assert key not in answered or trouble.since > answered[key].at
        assert any(isinstance(r, Failed) and key in r.exhausted for r in happened)


@given(happened=histories())
def test_in_their_own_order_nothing_is_lost_and_the_last_attempt_counts(
    happened: list[Arrived | Failed],
) -> None:
    snapshot = folded(list(happened))
    assert_nothing_is_lost(snapshot, happened)
    assert_troubled_if_the_last_attempt_failed(snapshot, happened)


def assert_troubled_if_the_last_attempt_failed(
    snapshot: Snapshot, happened: list[Arrived | Failed]
) -> None:
    last: dict[Key, Arrived | Failed] = {}
    for report in happened:
        concerned = report.keys if isinstance(report, Arrived) else report.exhausted
        last.update(dict.fromkeys(concerned, report))
    assert set(snapshot.troubles) == {k for k, r in last.items() if isinstance(r, Failed)}
    for feed, health in snapshot.feeds.items():
        newest = [r for r in happened if r.feed == feed][-1]
        failed = isinstance(newest, Failed) and newest.kind is not ErrorKind.ABSENT
        told = any(isinstance(r, Arrived) and _tells(r) for r in happened if r.feed == feed)
        assert (health.state is FeedState.FAILING) is (failed or not told)


def assert_health_is_sane(snapshot: Snapshot, happened: list[Arrived | Failed]) -> None:
    for feed in FEEDS:
        own = [r for r in happened if r.feed == feed]
        if not own:
            assert feed not in snapshot.feeds
            continue
        health = snapshot.feeds[feed]
        good = [r for r in own if isinstance(r, Arrived) or r.kind is ErrorKind.ABSENT]
        told = [r.at for r in good if isinstance(r, Arrived) and _tells(r)]
        assert (health.answers, health.lacks) == (len(told), len(good) - len(told))
        assert health.refusals == len(own) - len(good)
        assert health.heard == max((r.at for r in good), default=None)
        assert health.last_ok == max(told, default=None)
        assert (health.trouble is None) is (health.failing_since is None) is (health.failures == 0)
        if health.failing_since is not None and health.heard is not None:
            assert health.failing_since > health.heard


def _tells(report: Arrived) -> bool:
    return bool(report.quotes or report.bars) or len(report.absent) < len(report.keys)


def test_what_no_feed_can_be_asked_for_is_absent_and_no_news_of_any_feed() -> None:
    key = Key(Kind.TRACE, "..")
    said = Arrived(feed=NOBODY, at=NOW, keys=(key,), absent=(Absent(key, "no feed has it"),))
    snapshot = folded([said], replace(empty_snapshot(NOW), restored_at=NOW))
    assert snapshot.absences == {key: "no feed has it"}
    assert (snapshot.feeds, snapshot.restored_at) == ({}, NOW)


def assert_nothing_is_lost(snapshot: Snapshot, happened: list[Arrived | Failed]) -> None:
    arrived = [r for r in happened if isinstance(r, Arrived)]
    for quote in (q for r in arrived for q in r.quotes):
        assert _struck(snapshot.quotes[quote.symbol]) >= _struck(quote)
    for detail in (d for r in arrived for d in r.details):
        kept = snapshot.details[detail.symbol]
        assert kept.as_of >= detail.as_of
        assert bool(kept.name) >= bool(detail.name)
        assert (kept.average_volume is not None) >= (detail.average_volume is not None)
    for series in (b for r in arrived for b in r.bars):
        kept = snapshot.bars[series.key]
        assert (len(kept) > 1, kept.as_of) >= (len(series) > 1, series.as_of)


def _struck(price: Quote) -> datetime:
    """Return the time by which it is the younger one."""
    return price.as_of - SEEN_WITHIN if price.is_first_seen else price.as_of


def quote(last: float, age_s: int = 0, *, source: str = "yahoo", **fields: float) -> Quote:
    as_of = NOW - timedelta(seconds=age_s)
    return replace(Quote(symbol="IWM", last=last, as_of=as_of, source=source), **fields)  # pyright: ignore[reportArgumentType]


def after(*news: Quote | Details) -> Snapshot:
    reports: list[Report] = [
        Arrived(
            feed="yahoo",
            at=NOW,
            keys=(Key(Kind.QUOTE, "IWM"),),
            quotes=(n,) if isinstance(n, Quote) else (),
            details=(n,) if isinstance(n, Details) else (),
        )
        for n in news
    ]
    return folded(reports)


def test_a_late_answer_does_not_overwrite_a_younger_price() -> None:
    assert after(quote(101.0, 5), quote(100.0, 60)).quotes["IWM"].last == 101.0


def test_a_bare_price_keeps_what_an_older_answer_told_of_the_session() -> None:
    kept = after(quote(100.0, 60, open=99.0, high=102.0, low=98.0, volume=5.0), quote(101.0)).quotes
    assert (kept["IWM"].open, kept["IWM"].high, kept["IWM"].volume) == (99.0, 102.0, 5.0)
    assert dict(kept["IWM"].earlier)["open"] == NOW - timedelta(seconds=60)


def test_nothing_is_taken_over_from_another_session() -> None:
    kept = after(quote(100.0, 86_400, open=99.0, volume=5.0), quote(101.0)).quotes["IWM"]
    assert (kept.open, kept.volume, kept.earlier) == (None, None, ())


def test_of_one_instant_the_less_delayed_source_wins() -> None:
    delayed = replace(quote(99.0, source="cboe"), delay_s=900)
    for news in ((delayed, quote(100.0)), (quote(100.0), delayed)):
        assert after(*news).quotes["IWM"].source == "yahoo"


def test_who_answered_last_is_known_though_an_older_price_of_another_is_kept() -> None:
    key, minute = Key(Kind.QUOTE, "IWM"), timedelta(minutes=1)
    prompt = Arrived(feed="yahoo", at=NOW - minute, keys=(key,), quotes=(quote(100, 60),))
    behind = replace(quote(99, 900, source="cboe"), delay_s=900)
    later = Arrived(feed="cboe", at=NOW, keys=(key,), quotes=(behind,))
    for order in ([prompt, later], [later, prompt]):
        snapshot = folded(list(order))
        assert snapshot.quotes["IWM"].source == "yahoo"
        assert snapshot.serving == {"IWM": Serving("cboe", NOW, 900)}
    set_back = fold(folded([later]), prompt, NOW - minute)
    assert set_back.serving["IWM"].feed == "yahoo", "an answer from the future is no answer"


def test_a_print_outside_the_session_goes_when_regular_trading_goes_on() -> None:
    pre = ExtendedPrint(Phase.PRE, 100.5, NOW - timedelta(seconds=30))
    before = replace(quote(100.0, 60), extended=pre)
    assert after(before, quote(100.1, 50)).quotes["IWM"].extended == pre
    assert after(before, quote(100.1, 10)).quotes["IWM"].extended is None


def test_a_session_s_first_bar_alone_does_not_take_the_line_of_the_session_before() -> None:
    def series(count: int, at: datetime) -> Arrived:
        key = Key(Kind.INTRADAY, "IWM")
        ends = array("q", (int(at.timestamp()) - 60 * n for n in range(count, 0, -1)))
        close = array("d", [100.0] * count)
        bars = Bars(key=key, interval_s=60, source="yahoo", as_of=at, times=ends, close=close)
        return Arrived(feed="yahoo", at=at, keys=(key,), bars=(bars,))

    yesterday, first, second = (
        series(390, NOW - timedelta(days=1)),
        series(1, NOW - timedelta(minutes=1)),
        series(2, NOW),
    )
    for order in ([yesterday, first], [first, yesterday]):
        assert len(folded(list(order)).bars[Key(Kind.INTRADAY, "IWM")]) == 390
    assert len(folded([yesterday, first, second]).bars[Key(Kind.INTRADAY, "IWM")]) == 2
    assert len(folded([first]).bars[Key(Kind.INTRADAY, "IWM")]) == 1


def detail(age_s: int, **fields: float | str) -> Details:
    as_of = NOW - timedelta(seconds=age_s)
    return replace(Details(symbol="IWM", as_of=as_of, source="yahoo"), **fields)  # pyright: ignore[reportArgumentType]


def test_details_of_a_chart_do_not_wipe_out_those_of_a_quote_page() -> None:
    kept = after(
        detail(60, name="A fund", average_volume=5.0, volume=7.0), detail(0, name="A fund")
    )
    assert kept.details["IWM"].average_volume == 5.0
    assert kept.details["IWM"].volume == 7.0
    assert kept.details["IWM"].as_of == NOW


def test_yesterdays_volume_is_not_todays() -> None:
    kept = after(detail(86_400, average_volume=5.0, volume=7.0), detail(0)).details["IWM"]
    assert (kept.average_volume, kept.volume) == (5.0, None)


def test_of_details_of_one_age_the_later_answer_counts() -> None:
    assert after(detail(0, name="Old"), detail(0, name="New")).details["IWM"].name == "New"


def failed(at: datetime, key: Key, text: str = "429") -> Failed:
    return Failed(
        feed="yahoo", at=at, keys=(key,), kind=ErrorKind.LIMITED, text=text, exhausted=(key,)
    )


def test_trouble_is_counted_from_its_first_failure_and_ends_with_an_answer() -> None:
    key = Key(Kind.QUOTE, "IWM")
    first, second = failed(NOW - timedelta(minutes=5), key), failed(NOW, key, "still 429")
    troubled = folded([first, second])
    assert troubled.troubles[key].since == first.at
    assert troubled.troubles[key].text == "still 429"
    assert folded([Arrived(feed="cboe", at=NOW, keys=(key,))], troubled).troubles == {}


def test_a_failure_never_blanks_a_value() -> None:
    known = after(quote(100.0))
    assert folded([failed(NOW, Key(Kind.QUOTE, "IWM"))], known).quotes == known.quotes


def test_a_failure_with_another_feed_left_is_no_trouble_of_the_datum() -> None:
    key = Key(Kind.QUOTE, "IWM")
    snapshot = folded([replace(failed(NOW, key), exhausted=())])
    assert snapshot.troubles == {}
    assert snapshot.feeds["yahoo"].state is FeedState.FAILING


def test_an_answer_ends_the_restored_picture_and_a_failure_does_not() -> None:
    restored = replace(empty_snapshot(NOW), restored_at=NOW - timedelta(days=1))
    key = Key(Kind.QUOTE, "IWM")
    assert folded([failed(NOW, key)], restored).restored_at is not None
    assert folded([Arrived(feed="yahoo", at=NOW, keys=(key,))], restored).restored_at is None


def test_after_the_clock_was_set_back_reports_count_again() -> None:
    key = Key(Kind.QUOTE, "IWM")
    future = NOW + timedelta(days=400)
    ahead = fold(empty_snapshot(future), Arrived(feed="yahoo", at=future, keys=(key,)), future)
    back = folded([failed(NOW, key)], ahead)
    assert key in back.troubles
    assert back.feeds["yahoo"].state is FeedState.FAILING
    recovered = folded([Arrived(feed="yahoo", at=NOW, keys=(key,))], back)
    assert recovered.fetched[key] == recovered.feeds["yahoo"].last_ok == NOW
    assert recovered.troubles == {}


def test_an_absence_is_kept_with_its_reason_until_the_datum_arrives() -> None:
    key = Key(Kind.QUOTE, "ZZZZ")
    gone = Arrived(feed="yahoo", at=NOW, keys=(key,), absent=(Absent(key, "unknown symbol"),))
    snapshot = folded([gone])
    assert snapshot.absences == {key: "unknown symbol"}
    assert folded([Arrived(feed="cboe", at=NOW, keys=(key,))], snapshot).absences == {}


def test_readings_are_laid_over_those_known() -> None:
    one = Computed(at=NOW, readings={"rut.last": Reading(1.0), "vix.last": Reading(2.0)})
    other = Computed(at=NOW, readings={"rut.last": Reading(3.0)})
    snapshot = folded([one, other])
    assert {n: r.value for n, r in snapshot.readings.items()} == {"rut.last": 3.0, "vix.last": 2.0}
    assert snapshot.reading("iwm.last").reason == "waiting for data"


def test_folding_leaves_the_snapshot_it_was_given_alone() -> None:
    before = after(quote(100.0))
    quotes_before = dict(before.quotes)
    folded([Arrived(feed="yahoo", at=NOW, keys=(), quotes=(quote(101.0, -1),))], before)
    assert before.quotes == quotes_before


@pytest.mark.parametrize("hours", [0, 5, 48])
def test_the_snapshot_is_seen_at_the_instant_of_the_fold(hours: int) -> None:
    now = datetime(2026, 7, 2, 18, tzinfo=UTC) + timedelta(hours=hours)
    seen = fold(empty_snapshot(NOW), Computed(at=now, readings={}), now)
    assert seen.now == now
    assert seen.session == empty_snapshot(now).session
