"""The local server itself: its data agree with each other, and its faults do what they say."""

import contextlib
import json
import urllib.parse
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import cast

import httpx
import pytest

from market.instruments import default_cast
from market.sessions import exchange_date, previous_session, session_of
from tests.clocks import THURSDAY_AFTERNOON, ManualClock
from tests.exchange import Exchange, faults
from tests.exchange.prices import Prices

Json = dict[str, object]

BEFORE_OPEN = datetime(2026, 7, 2, 12, 0, 30, tzinfo=UTC)
AFTER_CLOSE = datetime(2026, 7, 2, 20, 30, 30, tzinfo=UTC)
NIGHT = datetime(2026, 7, 2, 6, 0, tzinfo=UTC)
SATURDAY = datetime(2026, 7, 4, 15, 0, tzinfo=UTC)
HALF_DAY = datetime(2026, 11, 27, 19, 0, tzinfo=UTC)
INSTANTS = [THURSDAY_AFTERNOON, BEFORE_OPEN, AFTER_CLOSE, NIGHT, SATURDAY, HALF_DAY]


@pytest.fixture
def exchange() -> Iterator[Exchange]:
    with Exchange(now=THURSDAY_AFTERNOON) as made:
        yield made


def ask(url: str) -> bytes:
    return httpx.get(url).content


def status_of(url: str) -> int:
    return httpx.get(url).status_code


class Chart:
    """One chart answer."""

    def __init__(self, exchange: Exchange, symbol: str, **params: str) -> None:
        query = urllib.parse.urlencode(params)
        body = ask(f"{exchange.url}/v8/finance/chart/{urllib.parse.quote(symbol)}?{query}")
        document = cast("dict[str, dict[str, list[Json]]]", json.loads(body))
        result = document["chart"]["result"][0]
        self.meta = cast("dict[str, float]", result["meta"])
        self.times = cast("list[int]", result.get("timestamp", []))
        indicators = cast("dict[str, list[dict[str, list[float]]]]", result["indicators"])
        self.columns = indicators["quote"][0]
        self.result = result


@pytest.mark.parametrize("now", INSTANTS)
def test_every_view_of_a_symbol_agrees(now: datetime) -> None:
    with Exchange(now=now) as exchange:
        for symbol in ("^RUT", "IWM", "^VIX", "XBI", "CROX"):
            require_agreement(exchange, symbol, now)


def require_agreement(exchange: Exchange, symbol: str, now: datetime) -> None:
    minutes = Chart(exchange, symbol, range="1d", interval="1m")
    days = Chart(exchange, symbol, range="5y", interval="1d")
    spark = cast(
        "dict[str, dict[str, list[float]]]",
        json.loads(
            ask(f"{exchange.url}/v8/finance/spark?symbols={urllib.parse.quote(symbol)}"
                "&range=1d&interval=5m")
        ),
    )  # fmt: skip
    last = minutes.meta["regularMarketPrice"]
    assert minutes.columns["close"][-1] == last, symbol
    assert spark[symbol]["close"][-1] == last, symbol
    assert days.columns["close"][-1] == last, symbol
    assert days.columns["close"][-2] == minutes.meta["previousClose"], symbol
    assert minutes.meta["regularMarketTime"] <= now.timestamp(), symbol
    assert days.columns["high"][-1] >= max(minutes.columns["high"]), symbol
    assert days.columns["low"][-1] <= min(minutes.columns["low"]), symbol


def test_an_instant_of_any_zone_is_the_same_instant() -> None:
    halts = "/rss.aspx?feed=tradehalts"
    told: list[bytes] = []
    for zone in (UTC, timezone(timedelta(hours=-4))):
        with Exchange(now=THURSDAY_AFTERNOON.astimezone(zone)) as exchange:
            told.append(ask(exchange.addresses["nasdaqtrader"] + halts))
    assert told[0] == told[1]
    assert b"GMT" in told[0]


@pytest.mark.parametrize("now", INSTANTS)
def test_bars_rise_and_never_lie_ahead(now: datetime) -> None:
    with Exchange(now=now) as exchange:
        for span, interval in [("1d", "1m"), ("5d", "5m"), ("1mo", "15m"), ("5y", "1d")]:
            chart = Chart(exchange, "IWM", range=span, interval=interval, includePrePost="true")
            assert chart.times == sorted(set(chart.times))
            assert chart.times[-1] <= now.timestamp()
            columns = [chart.columns[name] for name in ("open", "high", "low", "close")]
            for opened, high, low, close in zip(*columns, strict=True):
                assert 0 < low <= min(opened, close) <= max(opened, close) <= high


def test_an_open_session_ends_in_a_row_off_the_grid(exchange: Exchange) -> None:
    chart = Chart(exchange, "IWM", range="1d", interval="5m")
    assert chart.times[-1] == int(THURSDAY_AFTERNOON.timestamp())
    assert chart.columns["volume"][-1] == 0
    assert all(at % 300 == 0 for at in chart.times[:-1])


def test_pre_and_post_come_only_when_asked_and_traded(exchange: Exchange) -> None:
    session = session_of(exchange_date(THURSDAY_AFTERNOON))
    asked = {"range": "1d", "interval": "1m", "includePrePost": "true"}
    assert Chart(exchange, "IWM", **asked).times[0] == int(session.pre_open.timestamp())
    assert Chart(exchange, "^RUT", **asked).times[0] == int(session.open.timestamp())
    plain = Chart(exchange, "IWM", range="1d", interval="1m")
    assert plain.times[0] == int(session.open.timestamp())


def test_before_the_open_the_shown_day_is_the_last_one() -> None:
    with Exchange(now=BEFORE_OPEN) as exchange:
        chart = Chart(exchange, "^RUT", range="1d", interval="1m")
    day = exchange_date(datetime.fromtimestamp(chart.times[0], UTC))
    assert day == previous_session(exchange_date(BEFORE_OPEN))


def test_five_years_reach_back_five_years(exchange: Exchange) -> None:
    chart = Chart(exchange, "^RUT", range="5y", interval="1d", events="div,splits")
    span = chart.times[-1] - chart.times[0]
    assert timedelta(days=1815) < timedelta(seconds=span) < timedelta(days=1840)
    assert "events" not in chart.result
    assert "events" in Chart(exchange, "IWM", range="5y", interval="1d", events="div").result


def test_levels_are_those_of_the_summer_of_2026() -> None:
    prices = Prices(7, THURSDAY_AFTERNOON)
    for symbol, low, high in [("^RUT", 2990, 2990), ("IWM", 297.2, 297.2), ("^VIX", 16, 16.2)]:
        assert low <= prices.closes.at(symbol, prices.closes.anchor) <= high
    for instrument in default_cast().leaders:
        assert 20 <= prices.closes.at(instrument.symbol, prices.closes.anchor) <= 150
    assert all(8 < close < 60 for close in prices.closes.of("^VIX").values())


def test_the_same_seed_gives_the_same_prices_and_another_does_not() -> None:
    one, same, other = (Prices(seed, THURSDAY_AFTERNOON).closes.of("IWM") for seed in (7, 7, 8))
    assert one == same
    assert one != other


def test_prices_move_with_the_clock() -> None:
    now = [THURSDAY_AFTERNOON]
    with Exchange(now=lambda: now[0]) as exchange:
        first = Chart(exchange, "IWM", range="1d", interval="1m")
        now[0] += timedelta(minutes=3)
        later = Chart(exchange, "IWM", range="1d", interval="1m")
    assert later.times[-1] - first.times[-1] == 180
    finished = len(first.times) - 2
    assert later.columns["close"][:finished] == first.columns["close"][:finished]


def test_a_manual_clock_drives_it() -> None:
    clock = ManualClock()
    with Exchange(now=clock.now) as exchange:
        clock.jump(3600)
        ask(f"{exchange.url}/v1/finance/search?q=x")
        assert exchange.requests[0].at == THURSDAY_AFTERNOON + timedelta(hours=1)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v8/finance/chart/%5ERVX", 404),
        ("/v8/finance/chart/ZZZ?range=1d", 404),
        ("/v8/finance/chart/IWM?range=2y&interval=5m", 422),
        ("/v8/finance/spark?symbols=" + ",".join(f"A{c}" for c in "ABCDEFGHIJKLMNOPQRSTU"), 400),
        ("/v7/finance/quote?symbols=IWM", 401),
        ("/v1/test/getcrumb", 401),
        ("/api/global/delayed_quotes/quotes/_NIX.json", 403),
        ("/api/global/delayed_quotes/quotes/_RVX.json", 200),
        ("/nothing", 404),
    ],
)
def test_each_path_has_its_status(exchange: Exchange, path: str, status: int) -> None:
    assert status_of(exchange.url + path) == status


def test_the_quote_needs_the_cookie_and_the_newest_crumb(exchange: Exchange) -> None:
    url = f"{exchange.url}/v7/finance/quote"
    with httpx.Client() as client:
        client.get(f"{exchange.url}/quote/IWM")
        crumb = client.get(f"{exchange.url}/v1/test/getcrumb").text
        asked = {"symbols": "IWM,ZZZ,^RUT", "crumb": crumb}
        document = cast("dict[str, dict[str, list[Json]]]", client.get(url, params=asked).json())
        rows = document["quoteResponse"]["result"]
        assert [row["symbol"] for row in rows] == ["IWM", "^RUT"]
        exchange.crumb = "another"
        assert client.get(url, params=asked).status_code == 401


def test_requests_are_recorded(exchange: Exchange) -> None:
    ask(f"{exchange.url}/v1/finance/search?q=a%20b")
    (request,) = exchange.requests
    assert (request.method, request.path, request.params) == (
        "GET",
        "/v1/finance/search",
        {"q": "a b"},
    )
    assert request.at == THURSDAY_AFTERNOON
    assert exchange.asked("search") == [request]
    assert exchange.asked("chart") == []


# Faults


def test_a_fault_lasts_as_often_as_ordered_and_heals(exchange: Exchange) -> None:
    url = exchange.url + "/v1/finance/search?q=x"
    exchange.fault("/v1/*", faults.server_error(), times=2)
    assert [status_of(url) for _ in range(3)] == [503, 503, 200]
    exchange.fault("search", faults.absent())
    assert status_of(url) == 404
    exchange.heal()
    assert status_of(url) == 200


def test_the_newest_order_wins_and_others_are_untouched(exchange: Exchange) -> None:
    exchange.fault("*", faults.forbidden())
    exchange.fault("/v8/", faults.limited(), times=1)
    url = exchange.url + "/v8/finance/chart/IWM"
    assert [status_of(url), status_of(url)] == [429, 403]


def test_an_absurd_previous_close_is_everywhere(exchange: Exchange) -> None:
    exchange.fault("*", faults.absurd_previous_close())
    meta = Chart(exchange, "IWM", range="1d", interval="1m").meta
    assert (meta["previousClose"], meta["chartPreviousClose"]) == (1.23, 1.23)
    body = ask(exchange.cboe_url + "/delayed_quotes/quotes/_VIX.json")
    assert json.loads(body)["data"]["prev_day_close"] == 1.23


def test_stale_data_are_those_of_an_earlier_hour(exchange: Exchange) -> None:
    exchange.fault("/chart/", faults.stale(3600))
    chart = Chart(exchange, "IWM", range="1d", interval="1m")
    assert chart.times[-1] == THURSDAY_AFTERNOON.timestamp() - 3600


def test_a_chart_without_bars_is_still_a_chart(exchange: Exchange) -> None:
    exchange.fault("/chart/", faults.no_bars())
    chart = Chart(exchange, "IWM", range="1d", interval="1m")
    assert (chart.times, chart.columns) == ([], {})
    assert chart.meta["regularMarketPrice"] > 0


@pytest.mark.parametrize("path", ["/v8/finance/chart/IWM", "/v8/finance/spark?symbols=IWM"])
def test_a_wrong_type_is_json_all_the_same(exchange: Exchange, path: str) -> None:
    exchange.fault("*", faults.wrong_type())
    assert 7 in cast("Json", json.loads(ask(exchange.url + path))).values()


def test_a_held_answer_goes_out_when_released(exchange: Exchange) -> None:
    exchange.fault("*", faults.held())
    exchange.release()
    assert status_of(exchange.url + "/v8/finance/chart/IWM") == 200


@pytest.mark.parametrize("name", sorted(faults.BY_NAME))
def test_every_fault_ends_with_the_server(name: str) -> None:
    with Exchange(now=THURSDAY_AFTERNOON) as exchange:
        exchange.fault("*", faults.BY_NAME[name]())
        with contextlib.suppress(httpx.HTTPError):
            httpx.get(f"{exchange.url}/v8/finance/chart/IWM", timeout=0.2)
        assert len(exchange.requests) >= 1
