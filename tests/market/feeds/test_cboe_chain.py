"""Cboe's option files: what is read of a chain, in slices, and what is said of the rest."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.feeds.cboe import CboeFeed
from market.feeds.cboe_chain import SLICE, read_chain
from market.feeds.feed import Answer, Query
from market.feeds.http import Http
from market.feeds.polling import LARGE
from market.instruments import default_cast
from market.option_files import OptionFile
from market.options import Chain, Option
from market.quotes import Key, Kind
from market.reports import Arrived, ErrorKind, FeedError
from tests.clocks import THURSDAY_AFTERNOON as NOW
from tests.exchange import Exchange
from tests.market.feeds.polling_bench import RUT, polling
from tests.market.feeds.real_wire import documents_of, reports_of
from tests.market.feeds.scripted import ScriptedFeed
from tests.shared import PAYLOADS, needs_shared

RUT_CHAIN, IWM_CHAIN = Key(Kind.CHAIN, "^RUT"), Key(Kind.CHAIN, "IWM")
STAMP = "2026-07-02 18:31:00"
FOLDER = PAYLOADS / "cboe" / "delayed_quotes_options"
RECORDED = sorted(set(FOLDER.glob("*.json")) - set(FOLDER.glob("*.meta.json")))
PAST = datetime(2026, 7, 25, 21, 0, tzinfo=UTC)


def row(option: str, **values: object) -> dict[str, object]:
    return {
        "option": option,
        "bid": 1.0,
        "ask": 1.2,
        "iv": 0.2,
        "delta": -0.3 if option[-9] == "P" else 0.3,
        "volume": 7.0,
        "open_interest": 40.0,
        "tick": "up",
        **values,
    }


def file_of(*rows: object, symbol: str = "_RUT", **fields: object) -> bytes:
    data = {"options": list(rows), "symbol": symbol, "current_price": 2990.0, "close": 2991.0}
    return json.dumps({"timestamp": STAMP, "data": data, "symbol": symbol, **fields}).encode()


def rut(body: bytes, now: datetime = NOW) -> tuple[Chain, int, tuple[str, ...]]:
    return read_chain(body, "_RUT", "^RUT", now)


def only(chain: Chain) -> Option:
    (expiry,) = chain.expiries
    (option,) = (*expiry.calls, *expiry.puts)
    return option


# What is read


def test_a_contract_is_read_from_its_name_and_its_row() -> None:
    chain, lost, said = rut(file_of(row("RUTW260710P02912500", delta=-0.31, iv=0.244)))
    assert (chain.symbol, chain.price, chain.source) == ("^RUT", 2991.0, "cboe")
    assert chain.as_of == datetime(2026, 7, 2, 18, 16, tzinfo=UTC), "a quarter of an hour before"
    assert (lost, said) == (0, ())
    (expiry,) = chain.expiries
    assert expiry.calls == ()
    assert only(chain) == Option(
        strike=2912.5, bid=1.0, ask=1.2, iv=0.244, delta=-0.31, volume=7.0, open_interest=40.0
    )


@pytest.mark.parametrize(
    ("option", "settles"),
    [
        ("RUT260717C02900000", datetime(2026, 7, 17, 13, 30, tzinfo=UTC)),
        ("RUTW260717C02900000", datetime(2026, 7, 17, 20, 0, tzinfo=UTC)),
        ("RUTW261127C02900000", datetime(2026, 11, 27, 18, 0, tzinfo=UTC)),  # a half day
        ("RUT261218C02900000", datetime(2026, 12, 18, 14, 30, tzinfo=UTC)),  # in winter
        ("RUTW260703C02900000", datetime(2026, 7, 2, 20, 0, tzinfo=UTC)),  # a holiday
    ],
)
def test_the_root_says_whether_it_settles_at_the_open(option: str, settles: datetime) -> None:
    chain, _, _ = rut(file_of(row(option)))
    assert [expiry.settles for expiry in chain.expiries] == [settles]


def test_a_fund_s_options_settle_at_the_close_and_adjusted_ones_are_passed_over() -> None:
    body = file_of(row("IWM260717C00290000"), row("IWM1260717C00290000"), symbol="IWM")
    chain, lost, _ = read_chain(body, "IWM", "IWM", NOW)
    assert only(chain).strike == 290
    assert chain.expiries[0].settles == datetime(2026, 7, 17, 20, 0, tzinfo=UTC)
    assert lost == 0


@pytest.mark.parametrize(
    ("given_", "read"),
    [
        ({"iv": 0.0}, {"iv": None}),
        ({"iv": None}, {"iv": None}),
        ({"delta": -999.0}, {"delta": None}),
        ({"delta": -0.4}, {"delta": None}),  # of a call
        ({"delta": 1.0}, {"delta": 1.0}),
        ({"bid": -1.0, "ask": 0.0}, {"bid": None, "ask": 0.0}),
        ({"volume": None, "open_interest": -3}, {"volume": None, "open_interest": None}),
    ],
)
def test_what_a_dead_row_says_is_missing(
    given_: dict[str, object], read: dict[str, object]
) -> None:
    chain, lost, _ = rut(file_of(row("RUTW260710C02900000", **given_)))
    assert {name: getattr(only(chain), name) for name in read} == read
    assert lost == 0


def test_expiries_and_strikes_are_in_order_and_told_once() -> None:
    names = ["RUTW260724C02900000", "RUTW260710C03000000", "RUTW260710C02900000"]
    chain, _, _ = rut(file_of(*map(row, names), row(names[1], bid=9.0)))
    assert [expiry.settles.day for expiry in chain.expiries] == [10, 24]
    assert [option.strike for option in chain.expiries[0].calls] == [2900, 3000]
    assert chain.expiries[0].calls[1].bid == 1.0, "the first of two counts"


def test_a_file_from_the_future_is_as_old_as_now() -> None:
    early = NOW - timedelta(hours=1)
    assert rut(file_of(row("RUTW260710C02900000")), early)[0].as_of == early


def test_bad_rows_cost_themselves_and_are_told() -> None:
    bad: list[object] = [7, row("RUTW260710X02900000"), row("RUTW261310C02900000"), None]
    bad += [row("RUTW260710C02900000", bid="x"), row("RUTW260710C00000000")]
    chain, lost, said = rut(file_of(*bad, row("RUTW260710C02900000")))
    assert only(chain).strike == 2900
    assert lost == len(bad)
    assert said == (
        "an option of ^RUT was left out: a row cannot be read",
        "an option of ^RUT was left out: RUTW260710X02900000 cannot be read",
        "an option of ^RUT was left out: RUTW261310C02900000 cannot be read",
        "3 more rows of it were left out",
    )


GOOD = file_of(row("RUTW260710C02900000"))


@pytest.mark.parametrize(
    ("body", "kind", "named"),
    [
        (b"", ErrorKind.GARBLED, "empty"),
        (b"<html>Denied</html>", ErrorKind.REFUSED, "web page"),
        (b'{"timestamp": "2026-07-02 18:31:00"}', ErrorKind.GARBLED, "`data.options`"),
        (GOOD[: GOOD.index(b"]")], ErrorKind.GARBLED, "cut short"),
        (GOOD[:-3], ErrorKind.GARBLED, "not what was agreed"),
        (GOOD.replace(b'"option":', b'"option"'), ErrorKind.GARBLED, "no list of options"),
        (GOOD.replace(STAMP.encode(), b"noon"), ErrorKind.GARBLED, "`timestamp`"),
        (GOOD.replace(b"2991.0", b"0").replace(b"2990.0", b"0"), ErrorKind.GARBLED, "no price"),
        (GOOD.replace(b"_RUT", b"_SPX"), ErrorKind.GARBLED, "answers for _SPX"),
        (file_of(), ErrorKind.ABSENT, "lists no options"),
        (file_of(row("SPX260710C02900000")), ErrorKind.ABSENT, "lists no options"),
        (b'{"data": {"options": [' + b"[" * 100_000 + b"]", ErrorKind.GARBLED, "^RUT"),
    ],
)
def test_an_unusable_file_is_refused_with_its_reason(
    body: bytes, kind: ErrorKind, named: str
) -> None:
    with pytest.raises(FeedError) as caught:
        rut(body)
    assert caught.value.kind is kind
    assert named in caught.value.text
    assert caught.value.text.isprintable()


@given(at=st.integers(0, 2000), junk=st.binary(max_size=8))
def test_damaged_files_are_read_or_refused(at: int, junk: bytes) -> None:
    at %= len(GOOD)
    for body in (GOOD[:at], GOOD[:at] + junk + GOOD[at:], GOOD[:at] + junk + GOOD[at + 3 :]):
        assert "expiries" in read_or_refused(body)


def read_or_refused(body: bytes) -> str:
    try:
        chain, _, _ = rut(body)
    except FeedError as error:
        return "no expiries" if error.text.isprintable() else "unprintable"
    return "expiries" if chain.expiries else ""


# In slices


@given(size=st.integers(1, 900), count=st.integers(1, 12), gap=st.sampled_from(["", " ", "\n "]))
def test_wherever_it_is_cut_the_chain_is_the_same(size: int, count: int, gap: str) -> None:
    names = [f"RUTW260710{'CP'[n % 2]}{2_900_000 + 500 * n:08d}" for n in range(count)]
    body = file_of(*map(row, names)).replace(b"}, {", f"}},{gap}{{".encode())
    whole = rut(body)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("market.feeds.cboe_chain.SLICE", size)
        assert rut(body) == whole
    assert sum(len(e.calls) + len(e.puts) for e in whole[0].expiries) == count


def test_no_call_decodes_more_than_a_slice(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [row(f"RUTW260710C{n:08d}") for n in range(1, 4000)]
    body, sizes = file_of(*rows), list[int]()
    decode = vars(import_module("market.feeds.cboe_chain"))["_slice"]

    def spy(piece: bytes, symbol: str) -> object:
        sizes.append(len(piece))
        return decode(piece, symbol)

    monkeypatch.setattr("market.feeds.cboe_chain._slice", spy)
    chain, lost, _ = rut(body)
    assert (len(chain.expiries[0].calls), lost) == (3999, 0)
    assert len(sizes) > 3
    assert max(sizes) < SLICE + 1000


async def test_a_large_answer_is_understood_off_the_loop() -> None:
    seen: dict[int, str] = {}
    done = threading.Event()

    class Slow(ScriptedFeed):
        def parse(self, query: Query, answer: Answer, now: datetime) -> Arrived:
            seen[len(answer.body)] = threading.current_thread().name
            done.set()
            return super().parse(query, answer, now)

    sizes = [5, LARGE + 5]
    feed = Slow(reply=lambda _: Answer(b"100.0".rjust(sizes.pop(0), b"0")))
    async with polling([feed], [RUT]) as bench:
        assert seen == {5: threading.current_thread().name}
        done.clear()
        await bench.clock.push(20)
        assert done.wait(10)
    assert seen[LARGE + 5] != threading.current_thread().name


# As recorded


@needs_shared
@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.name)
def test_every_recorded_chain_is_read_whole(path: Path) -> None:
    document = json.loads(path.read_bytes())
    chain, lost, said = read_chain(path.read_bytes(), path.stem, path.stem, PAST)
    rows, options = (
        document["data"]["options"],
        [option for expiry in chain.expiries for option in (*expiry.calls, *expiry.puts)],
    )
    assert (len(options), lost, said) == (len(rows), 0, ())
    assert chain.price == document["data"]["close"]
    stamp = datetime.fromisoformat(document["timestamp"]).replace(tzinfo=UTC)
    assert stamp - chain.as_of == timedelta(minutes=15)
    for name in ("volume", "open_interest", "bid"):
        assert sum(getattr(o, name) or 0 for o in options) == pytest.approx(
            sum(each[name] for each in rows)
        )
    assert sum(1 for o in options if o.iv) == sum(1 for each in rows if each["iv"])


# As a feed


@pytest.fixture
def feed() -> CboeFeed:
    return CboeFeed(Http(), cast=default_cast())


def test_the_chains_of_the_index_and_its_fund_are_served(feed: CboeFeed) -> None:
    paths = [query.path for query in feed.plan([RUT_CHAIN, IWM_CHAIN, RUT_CHAIN])]
    assert paths == ["/delayed_quotes/options/_RUT.json", "/delayed_quotes/options/IWM.json"]
    assert not feed.serves(Key(Kind.CHAIN, "NVDA"))
    assert not feed.serves(Key(Kind.QUOTE, "IWM"))


def test_what_was_lost_stands_in_the_report(feed: CboeFeed) -> None:
    (query,) = feed.plan([RUT_CHAIN])
    body = file_of(7, row("RUTW260710C02900000"))
    arrived = feed.parse(query, Answer(body), NOW)
    (file,) = arrived.documents
    assert isinstance(file, OptionFile)
    assert (file.key, file.source, file.delay_s, file.lost) == (RUT_CHAIN, "cboe", 900, 1)
    assert (arrived.keys, len(arrived.lost)) == ((RUT_CHAIN,), 1)


async def test_the_local_server_plays_both(afternoon: Exchange) -> None:
    files = documents_of(*await reports_of(afternoon, "cboe", RUT_CHAIN, IWM_CHAIN))
    assert [file.key for file in files] == [RUT_CHAIN, IWM_CHAIN]
    for file in files:
        assert isinstance(file, OptionFile)
        assert file.lost == 0
        assert NOW - timedelta(minutes=16) < file.chain.as_of <= NOW - timedelta(minutes=15)
        assert len(file.chain.expiries) >= 7
