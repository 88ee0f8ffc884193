"""Cboe's files: what is read from them, and that nothing but a stated reason comes of the rest."""

import gzip
import json
import math
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.feeds.cboe import KEPT_SESSIONS, CboeFeed
from market.feeds.feed import Answer, Query
from market.feeds.http import Http
from market.fold import fold
from market.instruments import Cast, Instrument, Role, default_cast
from market.interest import overview_keys
from market.quotes import Bars, Key, Kind
from market.reports import Arrived, ErrorKind, FeedError
from market.sessions import exchange_date, is_session, session_of
from market.snapshot import empty_snapshot
from tests.clocks import THURSDAY_AFTERNOON
from tests.exchange import Exchange, faults
from tests.market.feeds.real_wire import feeds_at, reports_of
from tests.shared import PAYLOADS, needs_shared

OWN = Path(__file__).resolve().parents[2] / "payloads" / "cboe"
RECORDED = PAYLOADS / "cboe"
EVENING = datetime(2026, 7, 3, 2, 15, tzinfo=UTC)
"""Thursday 2 July 2026, 22:15 in New York: the session is over."""
YEARS_LATER = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)

VIX_QUOTE = Key(Kind.QUOTE, "^VIX")
VIX_MINUTES = Key(Kind.INTRADAY, "^VIX")
VIX_DAYS = Key(Kind.DAILY, "^VIX")
RUT_DAYS = Key(Kind.DAILY, "^RUT")


@pytest.fixture
def feed() -> CboeFeed:
    return CboeFeed(Http(), cast=default_cast())


def parsed(feed: CboeFeed, key: Key, body: bytes, now: datetime) -> Arrived:
    (query,) = feed.plan([key])
    return feed.parse(query, Answer(body), now)


def own(name: str) -> bytes:
    return (OWN / name).read_bytes()


# What is asked


@pytest.mark.parametrize(
    ("key", "path"),
    [
        (VIX_QUOTE, "/delayed_quotes/quotes/_VIX.json"),
        (VIX_MINUTES, "/delayed_quotes/charts/intraday/_VIX.json"),
        (VIX_DAYS, "/us_indices/daily_prices/VIX_History.csv"),
        (Key(Kind.DAILY, "^RVX"), "/us_indices/daily_prices/RVX_History.csv"),
        (RUT_DAYS, "/delayed_quotes/charts/historical/_RUT.json"),
        (Key(Kind.QUOTE, "^RUT"), "/delayed_quotes/quotes/_RUT.json"),
    ],
)
def test_each_datum_is_one_file(feed: CboeFeed, key: Key, path: str) -> None:
    assert feed.plan([key, key]) == [Query("cboe", (key,), path)]


@pytest.mark.parametrize(
    "key",
    [
        Key(Kind.QUOTE, "IWM"),
        Key(Kind.QUOTE, "NOBODY"),
        Key(Kind.TRACE, "^VIX"),
        Key(Kind.CLOSES, "^VIX"),
        Key(Kind.CHART, "^VIX", "5D"),
        Key(Kind.DETAILS, "^VIX"),
    ],
)
def test_data_without_a_file_are_not_asked_for(feed: CboeFeed, key: Key) -> None:
    assert not feed.serves(key)
    assert feed.plan([key]) == []


def test_the_host_is_that_of_the_setting() -> None:
    query = Query("cboe", (VIX_QUOTE,), "/x")
    cast = default_cast()
    assert CboeFeed(Http(), cast=cast).host(query) == "cdn.cboe.com"
    own = CboeFeed(Http(), base_url="http://127.0.0.1:1/a/", cast=cast)
    assert own.host(query) == "127.0.0.1:1", "as redirects are paid for"


def test_a_name_from_the_settings_cannot_leave_its_folder() -> None:
    odd = Instrument(symbol="^ODD", cboe="../../x?y", role=Role.VOLATILITY)
    feed = CboeFeed(Http(), cast=Cast({"^ODD": odd}))
    (query,) = feed.plan([Key(Kind.QUOTE, "^ODD")])
    assert query.path == "/delayed_quotes/quotes/..%2F..%2Fx%3Fy.json"


# Quotes


def test_a_quote_in_session(feed: CboeFeed) -> None:
    (quote,) = parsed(feed, VIX_QUOTE, own("quote_VIX_in_session.json"), THURSDAY_AFTERNOON).quotes
    assert (quote.symbol, quote.source, quote.delay_s) == ("^VIX", "cboe", 900)
    assert (quote.last, quote.open, quote.high, quote.low) == (16.02, 16.71, 16.88, 15.91)
    assert quote.as_of == datetime(2026, 7, 2, 18, 16, 1, tzinfo=UTC)
    assert quote.volume is None
    assert quote.reported_previous_close == pytest.approx(16.6)


def test_the_close_before_survives_the_evening_roll(feed: CboeFeed) -> None:
    key = Key(Kind.QUOTE, "^RUT")
    (quote,) = parsed(feed, key, own("quote_RUT_evening_rolled.json"), EVENING).quotes
    assert quote.last == 2996.11, "the official close, not the venue's own print"
    assert quote.reported_previous_close == pytest.approx(3012.59), "not prev_day_close"
    assert quote.as_of == datetime(2026, 7, 2, 20, 0, 1, tzinfo=UTC)


def test_a_midnight_stamp_means_the_close_of_that_day(feed: CboeFeed) -> None:
    key = Key(Kind.QUOTE, "^VVIX")
    (quote,) = parsed(feed, key, own("quote_VVIX_settled.json"), EVENING).quotes
    assert quote.as_of == datetime(2026, 7, 2, 20, 0, tzinfo=UTC)
    assert (quote.open, quote.high, quote.low) == (None, None, None)


def test_a_midnight_stamp_of_today_is_not_ahead_of_the_clock(feed: CboeFeed) -> None:
    key = Key(Kind.QUOTE, "^VVIX")
    (quote,) = parsed(feed, key, own("quote_VVIX_settled.json"), THURSDAY_AFTERNOON).quotes
    assert quote.as_of == datetime(2026, 7, 1, 20, 0, tzinfo=UTC)


def test_a_price_from_the_future_is_as_old_as_now(feed: CboeFeed) -> None:
    early = datetime(2026, 7, 2, 18, 0, tzinfo=UTC)
    (quote,) = parsed(feed, VIX_QUOTE, own("quote_VIX_in_session.json"), early).quotes
    assert quote.as_of == early


@pytest.mark.parametrize(
    ("body", "kind", "named"),
    [
        (b"", ErrorKind.GARBLED, "empty"),
        (b"<html>Denied</html>", ErrorKind.REFUSED, "web page"),
        (b'{"data": 7}', ErrorKind.GARBLED, "$.data"),
        (b'{"data": {"close": 1}}', ErrorKind.GARBLED, "last_trade_time"),
        (b'{"data": {"last_trade_time": "2026-07-02T14:16:01"}}', ErrorKind.GARBLED, "data.close"),
        (
            b'{"data": {"last_trade_time": "2026-07-02T14:16:01", "close": 0}}',
            ErrorKind.GARBLED,
            "data.close",
        ),
        (
            b'{"data": {"last_trade_time": "noon", "close": 1}}',
            ErrorKind.GARBLED,
            "last_trade_time",
        ),
        (own("quote_VIX_in_session.json")[:200], ErrorKind.GARBLED, "^VIX"),
        (b'{"data": ' + b"[" * 100_000, ErrorKind.GARBLED, "^VIX"),
    ],
)
def test_an_unusable_quote_is_refused_by_name(
    feed: CboeFeed, body: bytes, kind: ErrorKind, named: str
) -> None:
    with pytest.raises(FeedError) as caught:
        parsed(feed, VIX_QUOTE, body, THURSDAY_AFTERNOON)
    assert caught.value.kind is kind
    assert named in caught.value.text
    assert "<" not in caught.value.text


# Minutes


def test_minutes_start_one_minute_before_their_stamp(feed: CboeFeed) -> None:
    arrived = parsed(feed, VIX_MINUTES, own("intraday_VIX.json"), THURSDAY_AFTERNOON)
    (bars,) = arrived.bars
    open_s = int(session_of(exchange_date(THURSDAY_AFTERNOON)).open.timestamp())
    assert list(bars.times) == [open_s + 60, open_s + 120, open_s + 180]
    assert list(bars.close) == [16.63, 16.61, 16.64]
    assert list(bars.open) == [16.7, 16.62, 16.6]
    assert bars.interval_s == 60
    assert len(bars.volume) == 0
    assert bars.as_of == datetime(2026, 7, 2, 13, 34, tzinfo=UTC)


def test_bad_minutes_cost_themselves_and_are_named(feed: CboeFeed) -> None:
    lost = parsed(feed, VIX_MINUTES, own("intraday_VIX.json"), THURSDAY_AFTERNOON).lost
    assert len(lost) == 5
    for text, said in zip(lost, ["row 1", "row 5", "row 6", "row 7", "in the future"], strict=True):
        assert said in text


def test_the_newest_minute_is_a_quote(feed: CboeFeed) -> None:
    arrived = parsed(feed, VIX_MINUTES, own("intraday_VIX.json"), THURSDAY_AFTERNOON)
    (quote,) = arrived.quotes
    assert (quote.last, quote.as_of) == (16.64, datetime(2026, 7, 2, 13, 34, tzinfo=UTC))
    assert (quote.open, quote.high, quote.low) == (None, None, None), "the first minute is missing"


def test_only_the_newest_session_is_kept(feed: CboeFeed) -> None:
    row = {"price": {"open": 1.0, "high": 1.0, "low": 1.0, "close": 1.0}}
    stamps = ["2026-07-01T15:59:00", "2026-07-02T09:31:00"]
    body = json.dumps({"data": [{"datetime": stamp, **row} for stamp in stamps]}).encode()
    arrived = parsed(feed, VIX_MINUTES, body, THURSDAY_AFTERNOON)
    assert len(arrived.bars[0]) == 1
    assert arrived.quotes[0].open == 1.0


def test_no_minutes_yet_is_absent_with_a_reason(feed: CboeFeed) -> None:
    arrived = parsed(feed, VIX_MINUTES, b'{"data": []}', THURSDAY_AFTERNOON)
    assert [a.key for a in arrived.absent] == [VIX_MINUTES]
    assert arrived.bars == ()


def test_only_bad_minutes_are_garbled(feed: CboeFeed) -> None:
    with pytest.raises(FeedError, match="no usable row"):
        parsed(feed, VIX_MINUTES, b'{"data": [7, {}, null]}', THURSDAY_AFTERNOON)


# Days


def days_of(bars: Bars) -> list[str]:
    stamps = (datetime.fromtimestamp(at, UTC) for at in bars.times)
    return [exchange_date(stamp).isoformat() for stamp in stamps]


def test_history_keeps_finished_sessions_only(feed: CboeFeed) -> None:
    (bars,) = parsed(feed, VIX_DAYS, own("VIX_History.csv"), THURSDAY_AFTERNOON).bars
    assert days_of(bars) == ["2026-06-29", "2026-06-30", "2026-07-01"]
    assert list(bars.close) == [16.9, 16.72, 16.6]
    assert bars.as_of == datetime(2026, 7, 1, 20, 0, tzinfo=UTC)


def test_a_row_for_a_day_without_session_is_left_out_silently(feed: CboeFeed) -> None:
    later = datetime(2026, 7, 6, 12, 0, tzinfo=UTC)
    arrived = parsed(feed, VIX_DAYS, own("VIX_History.csv"), later)
    assert days_of(arrived.bars[0])[-1] == "2026-07-02"
    assert len(arrived.lost) == 4
    assert not any("07/03" in text for text in arrived.lost)


def test_times_of_daily_bars_are_the_open(feed: CboeFeed) -> None:
    (bars,) = parsed(feed, VIX_DAYS, own("VIX_History.csv"), EVENING).bars
    assert bars.times[-1] == int(datetime(2026, 7, 2, 13, 30, tzinfo=UTC).timestamp())
    assert bars.interval_s == 86_400


def test_a_history_of_one_column_has_closes_only(feed: CboeFeed) -> None:
    (bars,) = parsed(feed, Key(Kind.DAILY, "^SKEW"), own("SKEW_History.csv"), EVENING).bars
    assert list(bars.close) == [141.2, 140.0, 139.87]
    assert not bars.has_range


def test_the_index_chart_has_prices_as_strings(feed: CboeFeed) -> None:
    arrived = parsed(feed, RUT_DAYS, own("historical_RUT.json"), EVENING)
    (bars,) = arrived.bars
    assert days_of(bars) == ["1987-09-10", "2026-06-30", "2026-07-01", "2026-07-02"]
    assert list(bars.close) == [168.97, 3024.39, 3012.59, 2996.11]
    assert len(arrived.lost) == 2


@pytest.mark.parametrize(
    "row", ["16.7,16.5,16.3,16.6", "16.7,16.9,16.65,16.6", "0,16.9,16.3,16.6", "16.7,x,16.3,16.6"]
)
def test_a_day_with_an_impossible_range_keeps_its_close(feed: CboeFeed, row: str) -> None:
    head = "DATE,OPEN,HIGH,LOW,CLOSE\n06/30/2026,16.8,17.1,16.5,16.72\n"
    arrived = parsed(feed, VIX_DAYS, f"{head}07/01/2026,{row}\n".encode(), EVENING)
    (bars,) = arrived.bars
    assert list(bars.close) == [16.72, 16.6]
    assert (list(bars.open), list(bars.high)) == ([16.8, 16.6], [17.1, 16.6])
    assert list(bars.low) == [16.5, 16.6]
    (said,) = arrived.lost
    assert "the range of row 3 of ^VIX was left out" in said


def test_a_minute_with_an_impossible_range_is_no_price(feed: CboeFeed) -> None:
    price = {"open": 16.6, "high": 16.5, "low": 16.4, "close": 16.45}
    body = json.dumps({"data": [{"datetime": "2026-07-02T09:35:00", "price": price}]}).encode()
    with pytest.raises(FeedError, match="no usable row"):
        parsed(feed, VIX_MINUTES, body, THURSDAY_AFTERNOON)


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (b"WHEN,WHAT\n1,2\n", "DATE"),
        (b"DATE\n", "DATE"),
        (b"DATE,OPEN,CLOSE\n01/02/2026,1,1\n", "CLOSE"),
        (b"DATE,OPEN,HIGH,LOW,CLOSE\n", "no usable row"),
        (b"\xff\xfe\x00", "DATE"),
    ],
)
def test_a_history_of_another_shape_is_garbled(feed: CboeFeed, body: bytes, named: str) -> None:
    with pytest.raises(FeedError, match=named) as caught:
        parsed(feed, VIX_DAYS, body, EVENING)
    assert caught.value.kind is ErrorKind.GARBLED


# Recorded files


def recorded() -> Iterator[tuple[Kind, Path]]:
    folders = {
        "delayed_quotes_quotes": Kind.QUOTE,
        "delayed_quotes_charts_intraday": Kind.INTRADAY,
        "delayed_quotes_charts_historical": Kind.DAILY,
        "us_indices_daily_prices": Kind.DAILY,
    }
    for folder, kind in folders.items():
        for path in sorted((RECORDED / folder).glob("*")):
            if not path.name.endswith(".meta.json"):
                yield kind, path


def feed_of(path: Path) -> tuple[CboeFeed, str]:
    """A feed that asks for the file of a path, and the symbol it is of."""
    name = re.split(r"_20|_[a-z]|\.|_History", path.name)[0]
    is_history = path.name.split(".")[1] == "csv"
    role = Role.VOLATILITY if is_history else Role.WATCHED
    symbol = "^" + name.removeprefix("_")
    cast = Cast({symbol: Instrument(symbol=symbol, cboe=name, role=role)})
    return CboeFeed(Http(), cast=cast), symbol


def content(path: Path) -> bytes:
    body = path.read_bytes()
    return gzip.decompress(body) if path.suffix == ".gz" else body


def assert_sane(arrived: Arrived, now: datetime) -> None:
    for quote in arrived.quotes:
        assert quote.last > 0
        assert quote.as_of <= now
    for bars in arrived.bars:
        count = len(bars)
        assert count > 0
        assert list(bars.times) == sorted(set(bars.times))
        assert len(bars.close) == count
        for column in (bars.open, bars.high, bars.low, bars.volume):
            assert len(column) in {0, count}
        assert all(math.isfinite(value) and value > 0 for value in bars.close)
        assert bars.times[-1] <= bars.as_of.timestamp() <= now.timestamp()
    answered = {q.symbol for q in arrived.quotes} | {b.key.symbol for b in arrived.bars}
    assert answered | {a.key.symbol for a in arrived.absent}


def assert_read_or_refused(feed: CboeFeed, key: Key, body: bytes, now: datetime) -> None:
    outcome: Arrived | FeedError
    try:
        outcome = parsed(feed, key, body, now)
    except FeedError as error:
        outcome = error
    if isinstance(outcome, Arrived):
        assert_sane(outcome, now)
    else:
        assert outcome.text
        assert outcome.text.isprintable()


@needs_shared
@pytest.mark.parametrize(
    ("kind", "path"), [pytest.param(k, p, id=f"{p.parent.name}/{p.name}") for k, p in recorded()]
)
def test_every_recorded_file_is_read_or_refused(kind: Kind, path: Path) -> None:
    feed, symbol = feed_of(path)
    assert_read_or_refused(feed, Key(kind, symbol), content(path), YEARS_LATER)


@needs_shared
@pytest.mark.parametrize(
    ("kind", "path"), [pytest.param(k, p, id=f"{p.parent.name}/{p.name}") for k, p in recorded()]
)
def test_every_recorded_file_is_of_the_symbol_it_was_asked_for(kind: Kind, path: Path) -> None:
    body, (feed, symbol) = content(path), feed_of(path)
    own_names = {symbol, symbol.removeprefix("^"), symbol.replace("^", "_")}
    said = set(re.findall(r'"symbol": *"([^"]*)"', body.decode()))
    assert said <= own_names
    assert feed.serves(Key(kind, symbol))
    other = CboeFeed(Http(), cast=Cast({"^XYZ": Instrument(symbol="^XYZ", cboe="_XYZ")}))
    if said:
        with pytest.raises(FeedError, match=r"^Cboe answers for .* where \^XYZ was asked for$"):
            parsed(other, Key(kind, "^XYZ"), body, YEARS_LATER)


@pytest.mark.parametrize("named", ["_VIX", "^VIX", "VIX", "vix", None, "", 7])
def test_a_body_may_spell_its_symbol_in_many_ways(feed: CboeFeed, named: object) -> None:
    for place in ((), ("data",)):
        document = json.loads(own("quote_VIX_in_session.json"))
        (document["data"] if place else document)["symbol"] = named
        body = json.dumps(document).encode()
        assert parsed(feed, VIX_QUOTE, body, THURSDAY_AFTERNOON).quotes
        (document["data"] if place else document)["symbol"] = "_SPX\x1b[2J"
        with pytest.raises(FeedError, match="Cboe answers for _SPX") as caught:
            parsed(feed, VIX_QUOTE, json.dumps(document).encode(), THURSDAY_AFTERNOON)
        assert caught.value.kind is ErrorKind.GARBLED
        assert caught.value.text.isprintable()


@needs_shared
def test_the_recorded_files_are_found() -> None:
    assert len(list(recorded())) > 15


@needs_shared
def test_the_recorded_volatility_history_keeps_five_years(feed: CboeFeed) -> None:
    path = RECORDED / "us_indices_daily_prices" / "VIX_History.csv.gz"
    (bars,) = parsed(feed, VIX_DAYS, content(path), YEARS_LATER).bars
    assert len(bars) == KEPT_SESSIONS
    assert bars.close[-1] == 15.99
    assert days_of(bars)[-1] == "2026-07-31"
    assert all(is_session(datetime.fromtimestamp(at, UTC).date()) for at in bars.times)


@needs_shared
def test_the_recorded_stock_quote_gives_its_official_close() -> None:
    path = RECORDED / "delayed_quotes_quotes" / "AAPL.json"
    feed, symbol = feed_of(path)
    (quote,) = parsed(feed, Key(Kind.QUOTE, symbol), content(path), YEARS_LATER).quotes
    assert quote.last == 333.02
    assert quote.reported_previous_close == pytest.approx(321.66)


# Whatever may come

SEEDS = {
    VIX_QUOTE: own("quote_VIX_in_session.json"),
    VIX_MINUTES: own("intraday_VIX.json"),
    RUT_DAYS: own("historical_RUT.json"),
    VIX_DAYS: own("VIX_History.csv"),
}


def survives(key: Key, body: bytes) -> None:
    assert_read_or_refused(CboeFeed(Http(), cast=default_cast()), key, body, EVENING)


@given(key=st.sampled_from(list(SEEDS)), at=st.integers(0, 2000), junk=st.binary(max_size=8))
def test_damaged_bodies_are_read_or_refused(key: Key, at: int, junk: bytes) -> None:
    body = SEEDS[key]
    at %= len(body)
    survives(key, body[:at])
    survives(key, body[:at] + junk + body[at:])
    survives(key, body[:at] + junk + body[at + len(junk) :])


VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12)
JSON = st.recursive(
    VALUES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
PLACES = st.sampled_from(
    ["data", "close", "last_trade_time", "open", "price", "datetime", "date", "price_change"]
)


def replaced(document: object, name: str, value: object) -> object:
    match document:
        case dict():
            return {
                k: value if k == name else replaced(v, name, value) for k, v in document.items()
            }
        case list():
            return [replaced(one, name, value) for one in document]
        case _:
            return document


@given(key=st.sampled_from([VIX_QUOTE, VIX_MINUTES, RUT_DAYS]), name=PLACES, value=JSON)
def test_values_of_any_type_are_read_or_refused(key: Key, name: str, value: object) -> None:
    document = replaced(json.loads(SEEDS[key]), name, value)
    survives(key, json.dumps(document).encode())


@given(
    key=st.sampled_from([VIX_QUOTE, VIX_MINUTES]),
    stamp=st.datetimes(timezones=st.none() | st.timezones()).map(str) | st.dates().map(str),
)
def test_stamps_of_any_time_are_read_or_refused(key: Key, stamp: str) -> None:
    name = "last_trade_time" if key is VIX_QUOTE else "datetime"
    survives(key, json.dumps(replaced(json.loads(SEEDS[key]), name, stamp)).encode())


@given(rows=st.lists(st.text(alphabet="0123456789/.,-naife ", max_size=40)))
def test_history_rows_of_any_text_are_read_or_refused(rows: list[str]) -> None:
    survives(VIX_DAYS, "\n".join(["DATE,OPEN,HIGH,LOW,CLOSE", *rows]).encode())
    survives(VIX_DAYS, "\n".join(["DATE,VVIX", *rows, "07/01/2026,88.1"]).encode())


# Over the wire

NAMES = [i.symbol for i in default_cast().by_symbol.values() if i.cboe]


@pytest.mark.parametrize("symbol", NAMES)
async def test_the_local_server_serves_everything_that_is_planned(
    afternoon: Exchange, symbol: str
) -> None:
    keys = [Key(kind, symbol) for kind in (Kind.QUOTE, Kind.INTRADAY, Kind.DAILY)]
    reports = await reports_of(afternoon, "cboe", *keys)
    assert reports
    for arrived in reports:
        assert_sane(arrived, THURSDAY_AFTERNOON)


async def test_the_open_that_the_minutes_lack_is_told_by_what_the_overview_wants(
    afternoon: Exchange,
) -> None:
    keys = [key for key in overview_keys(default_cast()) if key.symbol == "^RUT"]
    snapshot = empty_snapshot(THURSDAY_AFTERNOON)
    for arrived in await reports_of(afternoon, "cboe", *keys):
        snapshot = fold(snapshot, arrived, THURSDAY_AFTERNOON)
    bars, quote = snapshot.bars[Key(Kind.INTRADAY, "^RUT")], snapshot.quotes["^RUT"]
    opened = session_of(exchange_date(THURSDAY_AFTERNOON)).open
    assert bars.times[0] > opened.timestamp(), "the first minute is missing"
    assert quote.open is not None
    assert quote.low is not None
    assert quote.high is not None
    assert quote.low <= quote.open <= quote.high


async def test_marks_of_vix_futures_are_asked_for_by_the_day_alone(afternoon: Exchange) -> None:
    keys = [Key(kind, "^UZQ") for kind in (Kind.QUOTE, Kind.DAILY)]
    (arrived,) = await reports_of(afternoon, "cboe", *keys)
    assert_sane(arrived, THURSDAY_AFTERNOON)
    assert [bars.key for bars in arrived.bars] == [Key(Kind.DAILY, "^UZQ")]


async def test_an_unknown_name_is_absent(afternoon: Exchange) -> None:
    cast = Cast({"^NIX": Instrument(symbol="^NIX", cboe="_NIX")})
    feed = CboeFeed(Http(), base_url=afternoon.cboe_url, cast=cast)
    (query,) = feed.plan([Key(Kind.QUOTE, "^NIX")])
    with pytest.raises(FeedError, match="Cboe knows no") as caught:
        await feed.fetch(query)
    await feed.aclose()
    assert caught.value.kind is ErrorKind.ABSENT


async def test_a_refusal_that_is_not_the_bucket_s_is_a_refusal(afternoon: Exchange) -> None:
    page = faults.forbidden()
    assert page.reply is not None
    wall = replace(page, reply=replace(page.reply, body=b"<html>Blocked</html>"))
    afternoon.fault("*", wall)
    with pytest.raises(FeedError) as caught:
        await reports_of(afternoon, "cboe", VIX_QUOTE)
    assert caught.value.kind is ErrorKind.REFUSED


async def test_a_redirect_within_the_host_is_followed(afternoon: Exchange) -> None:
    afternoon.fault("_VIX", faults.redirect("/api/global/delayed_quotes/quotes/_RVX.json"), 1)
    feed = feeds_at(afternoon)["cboe"]
    answer = await feed.fetch(feed.plan([VIX_QUOTE])[0])
    await feed.aclose()
    assert b"^RVX" in answer.body
