"""The cast: complete, unambiguous, and open to the user's additions."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.instruments import (
    BENCHMARK,
    FUTURE,
    INDEX,
    RVX,
    TERM_STRUCTURE,
    TRACKER,
    VIX,
    Cast,
    Instrument,
    Role,
    default_cast,
    slug_of,
)

CAST = default_cast()
ROWS = tuple(CAST.by_symbol.values())


def test_everything_the_program_names_is_in_it() -> None:
    named = {INDEX, TRACKER, FUTURE, BENCHMARK, VIX, RVX, *TERM_STRUCTURE}
    assert named <= set(CAST.by_symbol)
    assert CAST[INDEX].role is Role.INDEX
    assert CAST[TRACKER].role is Role.TRACKER
    assert CAST[FUTURE].role is Role.FUTURE
    assert all(CAST[symbol].role is Role.VOLATILITY for symbol in TERM_STRUCTURE)


def test_symbols_slugs_and_groups_are_unique() -> None:
    for values in ([i.symbol for i in ROWS], [i.slug for i in ROWS], [i.group for i in ROWS]):
        assert len(values) == len(set(values)) == len(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda i: i.symbol)
def test_each_instrument_is_described_in_full(row: Instrument) -> None:
    assert row.name
    assert row.role is not Role.WATCHED
    assert row.sources
    assert set(row.sources) <= {"yahoo", "cboe"}
    assert ("cboe" in row.sources) is bool(row.cboe)
    assert bool(row.sector) is (row.role in {Role.SECTOR, Role.THEME})
    assert CAST.symbol_of(row.slug) == row.symbol


def test_yahoo_is_never_asked_for_rvx() -> None:
    assert CAST[RVX].sources == ("cboe",)


def test_each_sector_has_one_fund_of_its_own_and_it_comes_first() -> None:
    assert len(CAST.sectors) == 9
    for sector in CAST.sectors:
        rows = CAST.in_sector(sector)
        assert [i.role for i in rows].count(Role.SECTOR) == 1
        assert rows[0].role is Role.SECTOR
    assert sum(len(CAST.in_sector(s)) for s in CAST.sectors) == len(CAST.leaders)


def test_an_unknown_symbol_is_watched_under_its_own_name() -> None:
    made_up = CAST["BRK-B"]
    assert (made_up.symbol, made_up.slug, made_up.group) == ("BRK-B", "brk-b", "BRK-B")
    assert made_up.role is Role.WATCHED
    assert made_up.sources == ("yahoo",)
    assert CAST.symbol_of("brk-b") is None


def test_an_addition_replaces_the_entry_of_its_symbol_in_its_place() -> None:
    mine = Instrument(symbol="XBI", name="Mine", role=Role.THEME, sector="Health Care")
    new = Instrument(symbol="SMH", role=Role.THEME, sector="Technology")
    cast = CAST.with_instruments([mine, new])
    assert list(cast.by_symbol) == [*CAST.by_symbol, "SMH"]
    assert cast["XBI"].name == "Mine"
    assert CAST["XBI"].name == "SPDR S&P Biotech"


def test_an_empty_cast_is_a_cast() -> None:
    empty = Cast({})
    assert (empty.leaders, empty.sectors, empty.in_sector("Energy")) == ((), (), ())
    assert empty[INDEX].role is Role.WATCHED


def test_a_field_nobody_knows_is_refused_by_name() -> None:
    with pytest.raises(msgspec.ValidationError, match="sektor"):
        msgspec.convert({"symbol": "XBI", "sektor": "Health Care"}, Instrument)


@given(symbol=st.text(max_size=20))
def test_a_slug_is_safe_in_a_metric_name(symbol: str) -> None:
    slug = slug_of(symbol)
    assert not set(slug) & set("^=. {}")
    assert slug_of(slug) == slug
