"""Every recorded body of Yahoo is understood or refused for a stated reason; so is any damage."""

import json
import math
from copy import deepcopy
from datetime import datetime
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from market.feeds.feed import Answer, Query
from market.feeds.yahoo.crumb import consent_form
from market.feeds.yahoo.search import parse_search
from market.quotes import Bars, Key, Kind, Quote
from market.reports import Arrived, FeedError
from tests.market.feeds.yahoo_wire import IN_SESSION, OWN, YEARS_LATER, a_feed, files_of, own
from tests.shared import needs_shared

CHARTS = ("v8_chart", "_composed")
KINDS = {"1m": Kind.INTRADAY, "5m": Kind.INTRADAY, "1h": Kind.INTRADAY}


def name_of(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def assert_sane(arrived: Arrived, query: Query) -> None:
    assert arrived.feed == "yahoo"
    assert set(arrived.keys) <= set(query.keys)
    assert {absent.key for absent in arrived.absent} <= set(arrived.keys)
    assert all(text for text in arrived.lost)
    for bars in arrived.bars:
        assert bars.key in query.keys
        assert_sane_bars(bars)
    for quote in arrived.quotes:
        assert_sane_quote(quote)


def assert_sane_bars(bars: Bars) -> None:
    count = len(bars)
    assert count > 0
    assert len(bars.close) == count
    assert {len(bars.open), len(bars.high), len(bars.low)} in ({0}, {count})
    assert len(bars.volume) in {0, count}
    assert all(a < b for a, b in zip(bars.times, bars.times[1:], strict=False))
    for column in (bars.open, bars.high, bars.low, bars.close):
        assert all(math.isfinite(price) and price > 0 for price in column)
    assert all(math.isfinite(volume) and volume >= 0 for volume in bars.volume)
    ranges = zip(bars.low, bars.open, bars.close, bars.high, strict=False)
    assert all(low <= min(o, c) and max(o, c) <= high for low, o, c, high in ranges)
    assert bars.as_of.utcoffset() is not None
    assert bars.as_of.timestamp() >= bars.times[-1]


def assert_sane_quote(quote: Quote) -> None:
    assert math.isfinite(quote.last)
    assert quote.last > 0
    assert quote.as_of.utcoffset() is not None
    assert quote.extended is None or quote.extended.as_of > quote.as_of
    assert quote.volume is None or quote.volume >= 0


def outcome(keys: tuple[Key, ...], body: bytes, now: datetime) -> Arrived | FeedError:
    """Parse, letting only what is agreed through."""
    feed = a_feed()
    (query,) = feed.plan(keys)
    try:
        arrived = feed.parse(query, Answer(body), now)
    except FeedError as refusal:
        return with_reason(refusal)
    assert_sane(arrived, query)
    return arrived


def with_reason(refusal: FeedError) -> FeedError:
    assert refusal.text
    assert refusal.text.isprintable()
    return refusal


def chart_key(path: Path) -> Key:
    try:
        meta = json.loads(path.read_bytes())["chart"]["result"][0]["meta"]
    except (ValueError, TypeError):
        return Key(Kind.DAILY, "IWM")
    return Key(KINDS.get(meta["dataGranularity"], Kind.DAILY), meta["symbol"])


@needs_shared
@pytest.mark.parametrize("path", files_of(*CHARTS), ids=name_of)
def test_every_recorded_chart(path: Path) -> None:
    key, body = chart_key(path), path.read_bytes()
    result = outcome((key,), body, YEARS_LATER)
    if json.loads(body)["chart"]["result"] is None:
        assert isinstance(result, FeedError)
        return
    assert isinstance(result, Arrived)
    assert result.quotes
    has_bars = "timestamp" in json.loads(body)["chart"]["result"][0]
    assert bool(result.bars) == has_bars


@needs_shared
@pytest.mark.parametrize("path", files_of(*CHARTS), ids=name_of)
def test_every_recorded_chart_under_any_question(path: Path) -> None:
    symbol, body = chart_key(path).symbol, path.read_bytes()
    for kind, now in product((Kind.INTRADAY, Kind.DAILY), (IN_SESSION, YEARS_LATER)):
        outcome((Key(kind, symbol),), body, now)


@needs_shared
@pytest.mark.parametrize("path", files_of("v8_spark", "v7_spark"), ids=name_of)
@pytest.mark.parametrize("kind", [Kind.QUOTE, Kind.TRACE, Kind.CLOSES])
def test_every_recorded_spark(path: Path, kind: Kind) -> None:
    document: dict[str, Any] = json.loads(path.read_bytes())
    rows = document.get("spark", {}).get("result") or document.values()
    keys = tuple(Key(kind, row["symbol"]) for row in rows)
    result = outcome(keys, path.read_bytes(), YEARS_LATER)
    assert isinstance(result, Arrived)
    assert result.keys == keys


@needs_shared
@pytest.mark.parametrize("path", files_of("v7_quote"), ids=name_of)
def test_every_recorded_quote(path: Path) -> None:
    document: dict[str, Any] = json.loads(path.read_bytes())
    rows = document.get("quoteResponse", {}).get("result") or [{"symbol": "IWM"}]
    keys = tuple(Key(Kind.DETAILS, row["symbol"]) for row in rows)
    result = outcome(keys, path.read_bytes(), YEARS_LATER)
    if "finance" in document:
        assert isinstance(result, FeedError)
        return
    assert isinstance(result, Arrived)
    assert result.keys == keys
    assert not result.lost


@needs_shared
@pytest.mark.parametrize("path", files_of("errors", "crumb_consent_flow"), ids=name_of)
@pytest.mark.parametrize("kind", [Kind.INTRADAY, Kind.TRACE, Kind.DETAILS])
def test_recorded_refusals_and_pages_are_no_data(path: Path, kind: Kind) -> None:
    body = path.read_bytes()
    result = outcome((Key(kind, "IWM"),), body, YEARS_LATER)
    if path.suffix == ".json" and kind is Kind.TRACE:
        assert isinstance(result, Arrived), "any object may be a spark of symbols nobody asked for"
        assert not result.bars
        return
    assert isinstance(result, FeedError)


@needs_shared
@pytest.mark.parametrize("path", files_of("crumb_consent_flow"), ids=name_of)
def test_only_the_recorded_consent_page_asks_for_consent(path: Path) -> None:
    form = consent_form(path.read_bytes().decode())
    assert (form is not None) == (path.suffix == ".html")
    if form is not None:
        assert form.fields["csrfToken"] == "GoNrer0"
        assert form.fields["originalDoneUrl"].endswith("?guccounter=1")
        assert form.fields["namespace"] == "yahoo"


# Damage


SAMPLES: tuple[tuple[str, tuple[Key, ...]], ...] = (
    ("chart_pre_market.json", (Key(Kind.INTRADAY, "IWM"),)),
    ("chart_post_market.json", (Key(Kind.INTRADAY, "IWM"),)),
    ("chart_post_market.json", (Key(Kind.CHART, "IWM", "5D"),)),
    ("chart_daily_in_session.json", (Key(Kind.DAILY, "^RUT"),)),
    ("spark_v8_one_bad.json", (Key(Kind.QUOTE, "IWM"), Key(Kind.TRACE, "IGV"))),
    ("spark_v7.json", (Key(Kind.QUOTE, "IWM"), Key(Kind.TRACE, "IWM"))),
    ("spark_daily.json", (Key(Kind.CLOSES, "IWM"), Key(Kind.CLOSES, "7203.T"))),
    ("quote_pre_market.json", (Key(Kind.DETAILS, "IWM"), Key(Kind.DETAILS, "BE"))),
)
ODDITIES: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    1e308,
    -1e308,
    10**30,
    1783000000.5,
    253402300800,
    "",
    "x\x1b[2J",
    "America/New_York",
    "../../etc/passwd",
    [],
    [None],
    [[]],
    {},
    {"a": 1},
)


def paths_in(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a document, the whole of it included."""
    inner: list[tuple[Any, ...]] = []
    if isinstance(value, dict):
        inner = [p for key, v in value.items() for p in paths_in(v, (*at, key))]
    elif isinstance(value, list):
        inner = [p for i, v in enumerate(value) for p in paths_in(v, (*at, i))]
    return [at, *inner]


def damaged(document: Any, at: tuple[Any, ...], oddity: Any, *, drop: bool) -> Any:
    """The document with one place missing or replaced."""
    if not at:
        return oddity
    holder = document
    for step in at[:-1]:
        holder = holder[step]
    if drop:
        del holder[at[-1]]
    else:
        holder[at[-1]] = oddity
    return document


@given(
    sample=st.sampled_from(SAMPLES),
    data=st.data(),
    now=st.datetimes(datetime(2026, 6, 1), datetime(2026, 8, 1)),  # noqa: DTZ001
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_a_damaged_body_gives_values_or_a_reason(
    sample: tuple[str, tuple[Key, ...]], data: st.DataObject, now: datetime
) -> None:
    name, keys = sample
    document: Any = json.loads(own(name))
    for _ in range(data.draw(st.integers(1, 3))):
        places = paths_in(document)
        at = data.draw(st.sampled_from(places))
        oddity = deepcopy(data.draw(st.sampled_from(ODDITIES)))
        document = damaged(document, at, oddity, drop=data.draw(st.booleans()))
    outcome(keys, json.dumps(document).encode(), now.replace(tzinfo=IN_SESSION.tzinfo))


@given(sample=st.sampled_from(SAMPLES), data=st.data())
@settings(max_examples=60, deadline=None)
def test_a_cut_body_is_garbled(sample: tuple[str, tuple[Key, ...]], data: st.DataObject) -> None:
    name, keys = sample
    body = own(name).rstrip()
    cut = body[: data.draw(st.integers(0, len(body) - 1))]
    assert isinstance(outcome(keys, cut, IN_SESSION), FeedError)


@given(sample=st.sampled_from(SAMPLES), data=st.data(), junk=st.binary(min_size=1, max_size=4))
@settings(max_examples=60, deadline=None)
def test_overwritten_bytes_give_values_or_a_reason(
    sample: tuple[str, tuple[Key, ...]], data: st.DataObject, junk: bytes
) -> None:
    name, keys = sample
    body = own(name)
    at = data.draw(st.integers(0, len(body) - len(junk)))
    outcome(keys, body[:at] + junk + body[at + len(junk) :], IN_SESSION)


@given(st.binary(max_size=300))
def test_any_bytes_give_a_reason(body: bytes) -> None:
    for _, keys in SAMPLES:
        outcome(keys, body, IN_SESSION)


@given(st.one_of(st.binary(max_size=100), st.just(own("search.json"))), st.integers(0, 400))
def test_any_search_answer_gives_matches_or_a_reason(body: bytes, cut: int) -> None:
    try:
        matches = parse_search(body[:cut])
    except FeedError as refusal:
        with_reason(refusal)
    else:
        assert all(match.symbol for match in matches)


@given(st.text(max_size=300))
def test_any_page_can_be_looked_at_for_a_form(page: str) -> None:
    form = consent_form(page)
    assert form is None or "csrfToken" in form.fields


def test_all_samples_of_our_own_are_used_somewhere() -> None:
    used = "".join(p.read_text(encoding="utf-8") for p in Path(__file__).parent.glob("test_yahoo*"))
    assert [path.name for path in OWN.iterdir() if path.name not in used] == []
