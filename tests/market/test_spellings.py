"""Symbols of Yahoo, Nasdaq and iShares are spelt alike inside."""

from __future__ import annotations

import csv
import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.spellings import CLASSES, respelled, yahoo_of_ishares, yahoo_of_nasdaq
from tests.shared import SHARED, needs_shared

UNIVERSE = SHARED / "universe"


@pytest.mark.parametrize(
    ("nasdaq", "yahoo"),
    [
        ("AAPL", "AAPL"),
        ("CRD/A", "CRD-A"),
        ("BRK/B", "BRK-B"),
        ("ADC^A", "ADC-PA"),
        ("TFIN^", "TFIN-P"),
        ("RAC/WS", "RAC-WT"),
        ("RAC/U", "RAC-UN"),
    ],
)
def test_nasdaq_s_spelling(nasdaq: str, yahoo: str) -> None:
    assert yahoo_of_nasdaq(nasdaq) == yahoo


def test_blanks_points_and_small_letters_do_no_harm() -> None:
    assert yahoo_of_nasdaq(" crd/a  ") == "CRD-A"
    assert yahoo_of_nasdaq("BRK.B") == "BRK-B"


@pytest.mark.parametrize(
    ("ticker", "yahoo"),
    [
        *(("MOGA", "MOG-A"), ("CRDA", "CRD-A"), ("BRKB", "BRK-B"), ("GEFB", "GEF-B")),
        *(("OKLO", "OKLO"), ("RUSHA", "RUSHA"), ("BATRK", "BATRK"), ("A", "A"), ("", "")),
        *(("BRK.B", "BRK-B"), ("BF/B", "BF-B"), (" moga ", "MOG-A"), ("MOG-A", "MOG-A")),
    ],
)
def test_without_a_list_the_known_classes_decide(ticker: str, yahoo: str) -> None:
    assert yahoo_of_ishares(ticker) == yahoo


def test_the_list_decides_before_the_known_classes() -> None:
    assert yahoo_of_ishares("CRDA", {"CRDA", "CRD-A"}) == "CRDA", "a company of its own"
    assert yahoo_of_ishares("NEWB", {"NEW", "NEW-B"}) == "NEW-B", "a class nobody knew"
    assert yahoo_of_ishares("NEWB", {"NEW"}) == "NEWB"
    assert yahoo_of_ishares("MOGA", {"AAPL"}) == "MOG-A", "the list may lack a class"


def test_a_file_is_read_anew_beside_a_list() -> None:
    file = ("AAPL", "NEWB", "MOG-A", "GONE")
    assert respelled(file, {"AAPL", "NEW-B"}) == ("AAPL", "NEW-B", "MOG-A", "GONE")


def test_two_rows_never_get_one_symbol() -> None:
    assert respelled(("NEWB", "NEW-B"), {"NEW-B"}) == ("NEWB", "NEW-B")


SYMBOLS = st.text(alphabet="ABC", min_size=1, max_size=4)
SPELT = SYMBOLS | st.tuples(SYMBOLS, st.sampled_from("ABKV")).map("-".join)


@given(file=st.lists(SPELT, unique=True), listed=st.sets(SPELT))
def test_respelling_keeps_symbols_apart_and_is_done_once(file: list[str], listed: set[str]) -> None:
    once = respelled(file, listed)
    assert len(set(once)) == len(file)
    assert respelled(once, listed) == once
    assert [s.replace("-", "") for s in once] == [
        yahoo_of_ishares(s).replace("-", "") for s in file
    ], "no letter is lost"


@needs_shared
def test_no_two_of_the_whole_market_are_spelt_alike() -> None:
    path = UNIVERSE / "nasdaq_screener_2026-08_sector_industry.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        names = {row["symbol"].strip() for row in csv.DictReader(file)}
    assert len(names) > 7000
    yahoo = {name: yahoo_of_nasdaq(name) for name in names}
    assert len(set(yahoo.values())) == len(names), "no two symbols become one"
    assert not [s for s in yahoo.values() if set(s) & set("/^ ")]
    assert {"CRD-A", "BRK-B", "HEI-A", "WSO-B"} <= set(yahoo.values()) & CLASSES


@needs_shared
def test_every_member_is_spelt_as_the_reference_says() -> None:
    path = UNIVERSE / "nasdaq_screener_2026-08_sector_industry.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        listed = {yahoo_of_nasdaq(row["symbol"]) for row in csv.DictReader(file)}
    with (UNIVERSE / "russell2000_iwm_2026-05-05.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 1920
    for row in rows:
        assert yahoo_of_ishares(row["ishares_ticker"]) == row["yahoo_symbol"]
        assert yahoo_of_ishares(row["ishares_ticker"], listed) == row["yahoo_symbol"]
