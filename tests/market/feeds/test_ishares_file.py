"""The holdings file and which of its rows are members: all its traps, and the recorded ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from market.feeds.ishares.feed import read_table
from market.reports import ErrorKind, FeedError
from tests.market.feeds.ishares_wire import (
    BIG,
    CASH,
    CLAIMS,
    DAY,
    FUTURE,
    HEADER,
    LEGAL,
    MEMBERS,
    MIDDLE,
    NBSP_LINE,
    NOW,
    SMALL,
    Held,
    file_of,
    holdings,
    line_of,
    parsed,
)
from tests.shared import PAYLOADS, needs_shared

YEARS_LATER = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
RECORDED = PAYLOADS / "ishares" / "holdings_csv_ajax"


def refused(body: bytes, now: datetime = NOW) -> FeedError:
    with pytest.raises(FeedError) as caught:
        parsed(body, now=now)
    assert caught.value.text.isprintable()
    return caught.value


# A good file


def test_members_come_heaviest_first_with_all_their_columns() -> None:
    found = holdings(file_of(SMALL, BIG, MIDDLE))
    assert (found.fund, found.day, found.source) == ("IWM", DAY, "ishares")
    assert found.fetched_at == NOW
    assert found.symbols == ("AMPL", "MOG-A", "ZEST")
    assert found.names[0] == "AMPLE POWER CLASS A CORP"
    assert found.sectors == ("Industrials", "Industrials", "Communication Services")
    assert list(found.market_value) == [BIG.market_value, MIDDLE.market_value, 3500.0]
    assert list(found.quantity) == [5_000_000, 400_000, 1_000]
    assert list(found.price) == [306.5, 300.0, 3.5]
    assert found.shares_outstanding == 278_750_000
    assert found.left_out == ()


def test_a_tie_is_broken_by_symbol() -> None:
    twins = [replace(BIG, ticker=ticker, weight=50.0) for ticker in ("B", "A")]
    assert holdings(file_of(*twins)).symbols == ("A", "B")


def test_what_is_no_share_is_counted_and_not_lost() -> None:
    arrived = parsed(file_of(*MEMBERS, *CASH, *CLAIMS, FUTURE))
    (found,) = arrived.holdings
    assert len(found) == 3
    counts = (("cash", 4), ("futures", 1), ("rights and escrow", len(CLAIMS)))
    assert found.left_out == counts
    assert arrived.lost == ()


@pytest.mark.parametrize(
    "row",
    [
        Held("CVI", "CVR ENERGY INC"),
        Held("RGT", "BRIGHT RIGHT HOLDINGS INC"),
        Held("TSEOF", "TRINSEO PLC", price=0.11, exchange="Non-Nms Quotation Service (Nnqs)"),
        Held("PENY", "PENNY STOCK INC", price=0.02),
    ],
)
def test_odd_names_and_low_prices_are_members(row: Held) -> None:
    assert row.ticker in holdings(file_of(*MEMBERS, row)).symbols


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (Held("6954", "FANUC CORP", market_currency="JPY"), "listed abroad"),
        (Held("TBOND", "A BOND", "Treasury", "Fixed Income"), "other assets"),
        (Held("-", "A FORWARD", "Cash and/or Derivatives", "Forwards"), "other assets"),
        (Held("-", "NEWLY NAMED GROUP LTD"), "without a ticker"),
    ],
)
def test_other_rows_are_named(row: Held, reason: str) -> None:
    assert holdings(file_of(*MEMBERS, row)).left_out == ((reason, 1),)


def test_a_share_without_a_ticker_is_a_loss() -> None:
    arrived = parsed(file_of(*MEMBERS, Held("-", "JAMES RIVER GROUP HOLDINGS LTD", price=5.59)))
    expected = "row 4 of IWM's holdings, JAMES RIVER GROUP HOLDINGS LTD, was left out: no ticker"
    assert arrived.lost == (expected,)


def test_of_two_rows_with_one_ticker_the_heavier_stays() -> None:
    light = replace(BIG, name="THE OTHER INSTRUMENT", quantity=7.0, weight=0.0)
    for rows in ([*MEMBERS, light], [light, *MEMBERS]):
        found = holdings(file_of(*rows))
        assert found.names[0] == BIG.name
        assert found.left_out == (("duplicates", 1),)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Quantity", "Shares"),
        ("Market Value", "Market Value ($)"),
        ("Ticker,Name", '"Ticker","Name"'),
    ],
)
def test_renamed_columns_are_understood(old: str, new: str) -> None:
    assert len(holdings(file_of(*MEMBERS, header=HEADER.replace(old, new)))) == 3


def test_columns_are_found_by_name_not_by_place() -> None:
    header = "Price,Shares,Market Value,Sector,Asset Class,Extra,Name,Ticker"
    row = '"10.00","1,000.00","10,000.00","Energy","Equity","?","OIL INC","OIL"'
    body = file_of(header=header, footer=row + "\n" + NBSP_LINE + LEGAL)
    found = holdings(body)
    assert (found.symbols, found.sectors, list(found.price)) == (("OIL",), ("Energy",), [10.0])


def test_carriage_returns_and_a_missing_byte_order_mark_do_no_harm() -> None:
    body = file_of(*MEMBERS).replace(b"\n", b"\r\n").removeprefix(b"\xef\xbb\xbf")
    assert len(holdings(body)) == 3


def test_a_plain_empty_line_ends_the_table_too() -> None:
    assert len(holdings(file_of(*MEMBERS, footer="\n" + LEGAL))) == 3


def test_shares_outstanding_may_be_missing() -> None:
    assert holdings(file_of(*MEMBERS, outstanding="-")).shares_outstanding is None


def test_words_from_outside_cannot_draw() -> None:
    found = holdings(file_of(*MEMBERS, Held("EVIL", "E\x1b[31mVIL\u202e INC", "Sec\x07tor")))
    at = found.symbols.index("EVIL")
    assert (found.names[at], found.sectors[at]) == ("EVIL INC", "Sector")


# Bad rows


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (line_of(BIG).rpartition(",")[0], "row 1 of IWM's holdings was left out: it is damaged"),
        ('"AMPL","no end', "row 1 of IWM's holdings was left out: it is damaged"),
        (
            line_of(BIG).replace('"306.50"', '"-"'),
            "row 1 of IWM's holdings, AMPL, was left out: its value, quantity or price is missing",
        ),
        (
            line_of(replace(BIG, quantity=0.0)),
            "row 1 of IWM's holdings, AMPL, was left out: its value, quantity or price is missing",
        ),
        (
            line_of(BIG).replace('"5,000,000.00"', '"nan"'),
            "row 1 of IWM's holdings, AMPL, was left out: its value, quantity or price is missing",
        ),
    ],
)
def test_one_bad_row_costs_that_row(line: str, why: str) -> None:
    rest = [replace(row, weight=50.0) for row in (MIDDLE, SMALL)]
    body = file_of(*rest, header=f"{HEADER}\n{line}").replace(b'"60.02"', b'"0.02"')
    arrived = parsed(body)
    assert arrived.lost == (why,)
    assert arrived.holdings[0].symbols == ("MOG-A", "ZEST")


# Refused files


@pytest.mark.parametrize(
    ("body", "kind", "words"),
    [
        (b"", ErrorKind.GARBLED, "empty"),
        (b"\xef\xbb\xbf \r\n", ErrorKind.GARBLED, "empty"),
        (b"<!DOCTYPE html><html>", ErrorKind.REFUSED, "a web page instead of the holdings of IWM"),
        (b"\xef\xbb\xbf\n  <html>", ErrorKind.REFUSED, "web page"),
        (b"Too Many Requests", ErrorKind.GARBLED, "neither a date nor a table"),
        (
            file_of(*MEMBERS)[file_of(*MEMBERS).index(b"Ticker,") :],
            ErrorKind.GARBLED,
            "does not say of which day",
        ),
        (file_of(*MEMBERS, day="-"), ErrorKind.ABSENT, "no holdings of IWM for that day"),
        (file_of(day="-"), ErrorKind.ABSENT, "no holdings of IWM for that day"),
        (file_of(), ErrorKind.ABSENT, "its table has no rows"),
        (file_of(*MEMBERS, day="Smarch 13, 2026"), ErrorKind.GARBLED, "its date is none"),
        (file_of(*MEMBERS, day="Jun 31, 2026"), ErrorKind.GARBLED, "its date is none"),
        (
            file_of(*MEMBERS, day="Jul 04, 2026"),
            ErrorKind.GARBLED,
            "dated 2026-07-04, which is yet to come",
        ),
        (
            file_of(*MEMBERS, day="Jun 27, 2026"),
            ErrorKind.GARBLED,
            r"dated 2026-06-27, a day without trade \(weekend\)",
        ),
        (
            file_of(*MEMBERS, day="Jun 19, 2026"),
            ErrorKind.GARBLED,
            "dated 2026-06-19, a day without trade",
        ),
        (file_of(*MEMBERS, footer=""), ErrorKind.GARBLED, "broke off"),
        (file_of(*MEMBERS, header="Ticker,Name,Sector"), ErrorKind.GARBLED, "no column `Asset Cla"),
        (
            file_of(*MEMBERS, header=HEADER.replace("Quantity", "Number")),
            ErrorKind.GARBLED,
            "no column `Shares`",
        ),
        (file_of(MIDDLE, SMALL), ErrorKind.GARBLED, "weights of its rows add up to 40 %"),
        (file_of(replace(CASH[0], weight=100.0)), ErrorKind.GARBLED, "not one of its rows"),
    ],
    ids=lambda value: value[:24] if isinstance(value, str) else "",
)
def test_a_file_is_refused_with_its_reason(body: bytes, kind: ErrorKind, words: str) -> None:
    error = refused(body)
    assert error.kind is kind
    with pytest.raises(FeedError, match=words):
        raise error


def test_a_file_without_a_table_is_refused() -> None:
    body = file_of(*MEMBERS)
    assert "there is no table" in refused(body[: body.index(b"Ticker,")]).text


def test_a_file_of_today_is_taken() -> None:
    assert holdings(file_of(*MEMBERS, day="Jul 02, 2026")).day == date(2026, 7, 2)


@example(at=file_of(*MEMBERS).index(NBSP_LINE.encode() + LEGAL[:9].encode()))
@given(at=st.integers(0, len(file_of(*MEMBERS)) - len(LEGAL.encode()) - 1))
def test_a_cut_file_never_loses_members_unnoticed(at: int) -> None:
    with pytest.raises(FeedError):
        parsed(file_of(*MEMBERS)[:at])


# Recorded files


def recorded() -> list[Path]:
    return [p for p in sorted(RECORDED.glob("*")) if not p.name.endswith(".meta.json")]


@needs_shared
@pytest.mark.parametrize("path", recorded(), ids=lambda path: path.name)
def test_every_recorded_file_is_read_or_refused(path: Path) -> None:
    body = path.read_bytes()
    if b"Fund Holdings as of" not in body:
        assert "does not say of which day" in refused(body, YEARS_LATER).text
        return
    arrived = parsed(body, now=YEARS_LATER)
    (found,) = arrived.holdings
    assert arrived.lost == ()
    assert 1_900 <= len(found) <= 2_000
    assert len(set(found.symbols)) == len(found)
    assert found.day.isoformat() in path.name
    assert list(found.market_value) == sorted(found.market_value, reverse=True)
    assert len(set(found.sectors)) == 11
    assert {"MOG-A", "CRD-A", "GEF-B"} <= set(found.symbols)
    assert not {"ADRO", "GTXI", "SBT", "PDLI", "P5N994", "XTSLA", "USD"} & set(found.symbols)
    assert dict(found.left_out)["cash"] == 4
    assert dict(found.left_out)["futures"] == 1
    table = read_table(body, "IWM")
    assert len(found) + sum(dict(found.left_out).values()) == len(table.rows)
    for value, quantity, price in zip(found.market_value, found.quantity, found.price, strict=True):
        assert value == pytest.approx(quantity * price, abs=0.0051 * quantity)


@needs_shared
def test_the_recorded_files_are_found() -> None:
    assert len(recorded()) >= 4


@needs_shared
def test_the_newest_recorded_file_in_numbers() -> None:
    found = holdings((RECORDED / "IWM_holdings_2026-05-05.csv").read_bytes(), now=YEARS_LATER)
    assert len(found) == 1912
    assert found.symbols[:3] == ("BE", "CRDO", "STRL")
    assert found.shares_outstanding == 278_750_000
    assert found.market_value[0] / sum(found.market_value) == pytest.approx(0.0194, abs=5e-5)
    assert found.left_out == (("cash", 4), ("futures", 1), ("rights and escrow", 12))


# Whatever may come

SEED = file_of(*MEMBERS, *CASH, *CLAIMS, FUTURE)


def survives(body: bytes) -> None:
    try:
        arrived = parsed(body)
    except FeedError:
        assert refused(body).text
        return
    for found in arrived.holdings:
        columns = (found.names, found.sectors, found.market_value, found.quantity, found.price)
        assert {len(column) for column in columns} == {len(found)}
        assert len(set(found.symbols)) == len(found) > 0
        assert all(text.isprintable() for text in (*found.symbols, *found.names, *found.sectors))
        assert all(0 < n < float("inf") for n in (*found.market_value, *found.quantity))
        assert all(0 < n < float("inf") for n in found.price)
    assert all(sentence.isprintable() for sentence in arrived.lost)


@given(at=st.integers(0, len(SEED)), junk=st.binary(max_size=8))
def test_damaged_files_are_read_or_refused(at: int, junk: bytes) -> None:
    survives(SEED[:at])
    survives(SEED[:at] + junk + SEED[at:])
    survives(SEED[:at] + junk + SEED[at + len(junk) :])


CELLS = st.text(alphabet='0123456789.,-"()naife \u00a0\x1b[', max_size=24)


@given(st.lists(st.lists(CELLS, min_size=15, max_size=15), max_size=5))
def test_rows_of_any_text_are_read_or_refused(rows: list[list[str]]) -> None:
    lines = "\n".join(",".join(cells) for cells in rows)
    survives(file_of(*MEMBERS, footer=lines + "\n" + NBSP_LINE + LEGAL))


@given(st.text(max_size=20))
def test_any_date_is_read_or_refused(day: str) -> None:
    survives(file_of(*MEMBERS, day=day))
