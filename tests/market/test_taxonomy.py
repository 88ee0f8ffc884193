"""Sub-sectors: every line reaches a sector, no industry means two things in one."""

from __future__ import annotations

import csv
from collections import Counter

from market.taxonomy import UNMAPPED, default_taxonomy
from tests.shared import SHARED, needs_shared


def test_an_industry_stands_in_one_sub_sector_of_a_sector() -> None:
    pairs = [(s.sector, i.casefold()) for s in default_taxonomy().subsectors for i in s.industries]
    assert [pair for pair, count in Counter(pairs).items() if count > 1] == []


def test_a_symbol_stands_in_one_sub_sector() -> None:
    symbols = [symbol for s in default_taxonomy().subsectors for symbol in s.members]
    assert [symbol for symbol, count in Counter(symbols).items() if count > 1] == []


def test_there_are_the_eleven_sectors_and_no_name_twice() -> None:
    taxonomy = default_taxonomy()
    assert len(taxonomy.sectors) == 11
    names = [line.name for line in taxonomy.subsectors]
    assert len(names) == len(set(names))


def test_an_industry_is_read_whatever_its_letters_and_blanks() -> None:
    assert default_taxonomy().subsector_of("Financials", "  major BANKS ") == "Regional Banks"


def test_an_unknown_industry_is_unmapped() -> None:
    assert default_taxonomy().subsector_of("Financials", "Alchemy") == UNMAPPED
    assert default_taxonomy().subsector_of("Financials", "") == UNMAPPED


def test_developers_of_drugs_are_biotechnology_and_who_sells_them_is_pharma() -> None:
    word = "Biotechnology: Pharmaceutical Preparations"
    of = default_taxonomy().subsector_of
    assert of("Health Care", word, "ARWR") == of("Health Care", word) == "Biotechnology"
    assert of("Health Care", word, "AMRX") == "Pharma"
    assert of("Health Care", "Other Pharmaceuticals") == "Pharma"


def test_a_symbol_stands_where_it_is_named_whatever_its_industry_in_its_sector_only() -> None:
    of, word = default_taxonomy().subsector_of, "Military/Government/Technical"
    assert of("Industrials", word, "STRL") == "Construction"
    assert of("Industrials", "", "STRL") == "Construction"
    assert of("Industrials", word, "KTOS") == "Aerospace & Def."
    assert of("Materials", "Steel/Iron Ore", "STRL") == "Metals & Mining"


def _real_members() -> list[tuple[str, str, str]]:
    """Sector, industry and symbol of the real members, heaviest first."""
    path = SHARED / "universe" / "russell2000_iwm_2026-05-05.csv"
    words = {"Communication": "Communication Services"}
    with path.open(encoding="utf-8", newline="") as file:
        return [
            (
                words.get(row["gics_sector_ishares"], row["gics_sector_ishares"]),
                row["nasdaq_industry"],
                row["yahoo_symbol"],
            )
            for row in csv.DictReader(file)
        ]


@needs_shared
def test_of_the_real_members_with_an_industry_nearly_all_are_mapped() -> None:
    rows = [row for row in _real_members() if row[1]]
    mapped = [default_taxonomy().subsector_of(*row) for row in rows]
    assert sum(name == UNMAPPED for name in mapped) < 0.01 * len(rows)


@needs_shared
def test_every_symbol_named_is_a_real_member_of_that_sector_and_stood_elsewhere() -> None:
    taxonomy = default_taxonomy()
    industries = {(sector, symbol): word for sector, word, symbol in _real_members()}
    for (sector, symbol), name in taxonomy.by_member.items():
        assert taxonomy.subsector_of(sector, industries[sector, symbol]) != name, symbol
