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
    symbol_spelt,
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


def test_each_instrument_is_described_in_full() -> None:
    for row in ROWS:
        assert row.name, row
        assert row.role is not Role.WATCHED, row
        assert row.sources, row
        assert set(row.sources) <= {"yahoo", "cboe", "nyfed", "treasury", "fred"}, row
        assert ("cboe" in row.sources) is bool(row.cboe), row
        assert bool(row.sector) is (row.role in {Role.SECTOR, Role.THEME}), row
        assert CAST.symbol_of(row.slug) == row.symbol, row


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


@given(symbol=st.text(min_size=1, max_size=20))
def test_a_slug_is_safe_in_a_metric_name_and_spells_one_symbol(symbol: str) -> None:
    slug = slug_of(symbol)
    assert not set(slug) & set(". {}")
    assert symbol_spelt(slug) == symbol


SIGNS = "abABT^.-=/~:^ "
"""Few signs, so that symbols which differ by one of them meet."""


@given(symbols=st.sets(st.text(SIGNS, min_size=1, max_size=4), max_size=30))
def test_no_two_symbols_are_spelt_alike(symbols: set[str]) -> None:
    cast = CAST.with_instruments([Instrument(symbol="T.TO", slug="tto")])
    everything = symbols | {"T.TO", "TTO", "RUT", "SPX", "^SPX", "SPX-2", *cast.by_symbol}
    slugs = {cast[symbol].slug for symbol in everything}
    assert len(slugs) == len(everything)


@pytest.mark.parametrize(
    ("symbol", "slug"),
    [
        ("BRK-B", "brk-b"),
        ("BRK.B", "brk:b"),
        ("BRKB", "brkb"),
        ("^XYZ", "^xyz"),
        ("T.TO", "t:to"),
        ("ES=F", "es=f"),
        ("A/B", "a~2f~b"),
        ("a", "~61~"),
        ("..", "::"),
        ("RUT", "rut~"),
        ("^SPX", "^spx"),
        ("BASKET", "basket~"),
    ],
)
def test_how_symbols_outside_the_cast_are_spelt(symbol: str, slug: str) -> None:
    assert CAST[symbol].slug == slug


@pytest.mark.parametrize("slug", ["", "A", "rut~", "~~", "~zz~", "~110000~", "~41~", "a.b"])
def test_what_spells_no_symbol(slug: str) -> None:
    assert symbol_spelt(slug) in {None, ""}


def test_an_addition_never_takes_the_slug_of_another() -> None:
    twice = Instrument(symbol="SMH", slug="iwm", role=Role.THEME, sector="Technology")
    cast = CAST.with_instruments([twice, Instrument(symbol="^SMH", slug="smh")])
    assert (cast["IWM"].slug, cast["SMH"].slug, cast["^SMH"].slug) == ("iwm", "smh", "^smh")
    assert {cast.symbol_of(i.slug) for i in cast.by_symbol.values()} == set(cast.by_symbol)


def test_the_slug_of_a_group_has_two_parts() -> None:
    group = Instrument(symbol="@ai", slug="basket.ai", role=Role.GROUP)
    assert CAST.with_instruments([group]).symbol_of("basket.ai") == "@ai"
