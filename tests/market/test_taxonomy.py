"""Sub-sectors: every line reaches a sector, no industry means two things in one."""

from __future__ import annotations

import csv
from collections import Counter

from market.taxonomy import UNMAPPED, default_taxonomy
from tests.shared import SHARED, needs_shared


def test_an_industry_stands_in_one_sub_sector_of_a_sector() -> None:
    pairs = [(s.sector, i.casefold()) for s in default_taxonomy().subsectors for i in s.industries]
    assert [pair for pair, count in Counter(pairs).items() if count > 1] == []


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


@needs_shared
def test_of_the_real_members_with_an_industry_nearly_all_are_mapped() -> None:
    path = SHARED / "universe" / "russell2000_iwm_2026-05-05.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["nasdaq_industry"]]
    words = {"Communication": "Communication Services"}
    mapped = [
        default_taxonomy().subsector_of(
            words.get(row["gics_sector_ishares"], row["gics_sector_ishares"]),
            row["nasdaq_industry"],
        )
        for row in rows
    ]
    assert sum(name == UNMAPPED for name in mapped) < 0.01 * len(rows)
