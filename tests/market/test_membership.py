"""Who joins and leaves the index: renames told from departures, splits from moves, the calendar."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.census import Change
from market.feeds.ishares.feed import read_table
from market.feeds.ishares.members import holdings_of
from market.holdings import Holdings, doubles
from market.membership import (
    accepted_splits,
    changes_between,
    fund_growth,
    membership_changes,
    quantity_growth,
    splits_between,
)
from market.reconstitution import Reconstitution, reconstitutions
from market.sessions import is_session, previous_session
from tests.shared import PAYLOADS, needs_shared

WEDNESDAY, THURSDAY = date(2026, 7, 1), date(2026, 7, 2)
LATER = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
IT, ENERGY = "Information Technology", "Energy"


@dataclass(frozen=True)
class Row:
    symbol: str
    quantity: float = 1000.0
    price: float = 10.0
    sector: str = ENERGY
    name: str = ""


def file_of(day: date, *rows: Row, units: float | None = None) -> Holdings:
    return Holdings(
        fund="IWM",
        day=day,
        source="ishares",
        fetched_at=LATER,
        symbols=tuple(row.symbol for row in rows),
        names=tuple(row.name or f"{row.symbol} INC" for row in rows),
        sectors=tuple(row.sector for row in rows),
        market_value=doubles(row.quantity * row.price for row in rows),
        quantity=doubles(row.quantity for row in rows),
        price=doubles(row.price for row in rows),
        shares_outstanding=units,
    )


OTHERS = tuple(Row(f"X{i}", quantity=500.0 + i) for i in range(9))


def before(*rows: Row, day: date = WEDNESDAY, units: float | None = None) -> Holdings:
    return file_of(day, *rows, *OTHERS, units=units)


def after(
    *rows: Row, day: date = THURSDAY, growth: float = 1.0, units: float | None = None
) -> Holdings:
    grown = (Row(o.symbol, o.quantity * growth, o.price) for o in OTHERS)
    return file_of(day, *rows, *grown, units=units)


def renamed(older: Holdings, newer: Holdings) -> dict[str, str]:
    return {c.symbol: c.renamed_to for c in changes_between(older, newer) if c.renamed_to}


# Changes


def test_nothing_changes_between_equal_files() -> None:
    assert changes_between(before(Row("A")), after(Row("A"))) == ()


def test_who_left_and_who_came() -> None:
    older = before(Row("GONE", 4000.0), Row("ALSO", 90.0))
    newer = after(Row("NEW", 70.0, name="NEW CO"))
    assert changes_between(older, newer) == (
        Change("ALSO", "ALSO INC", is_addition=False, day=THURSDAY),
        Change("GONE", "GONE INC", is_addition=False, day=THURSDAY),
        Change("NEW", "NEW CO", is_addition=True, day=THURSDAY),
    )


def test_one_company_under_a_new_symbol_is_renamed() -> None:
    older = before(Row("MEG", 780_000.0, 21.7, name="MONTROSE ENVIRONMENTAL GRP INC"))
    newer = after(Row("ONT", 780_000.0, 22.0, name="ONTERRIS INC"))
    expected = Change("MEG", "ONTERRIS INC", is_addition=False, day=THURSDAY, renamed_to="ONT")
    assert changes_between(older, newer) == (expected,)


def test_the_fund_s_growth_is_taken_out() -> None:
    older, newer = before(Row("MEG", 1000.0)), after(Row("ONT", 1300.0), growth=1.3)
    assert renamed(older, newer) == {"MEG": "ONT"}
    assert renamed(older, after(Row("ONT", 1300.0))) == {}


@pytest.mark.parametrize(
    "newcomer",
    [
        Row("ONT", 1020.0),
        Row("ONT", 1000.0, 21.0),
        Row("ONT", 1000.0, 4.9),
        Row("ONT", 1000.0, sector=IT),
        Row("ONT", 1000.0, math.nan),
        Row("ONT", 1000.0, 0.0),
    ],
)
def test_another_company_is_not_taken_for_a_rename(newcomer: Row) -> None:
    older = before(Row("MEG", 1000.0))
    assert renamed(older, after(newcomer)) == {}
    assert len(changes_between(older, after(newcomer))) == 2


def test_two_candidates_are_none() -> None:
    older = before(Row("MEG"))
    assert renamed(older, after(Row("ONT"), Row("TWO"))) == {}
    assert renamed(before(Row("MEG"), Row("TWO")), after(Row("ONT"))) == {}


def test_the_same_name_is_the_same_company_whatever_its_quantity() -> None:
    older = before(Row("RYI", 100.0, name="RYERSON HOLDING CORP"), day=date(2026, 1, 21))
    newer = after(Row("RYZ", 160.0, name="RYERSON HOLDING CORP"))
    assert renamed(older, newer) == {"RYI": "RYZ"}


def test_two_classes_of_one_name_are_not_guessed() -> None:
    older = before(Row("BATA", name="BRAVES SERIES"), Row("BATB", 70.0, name="BRAVES SERIES"))
    assert renamed(older, after(Row("BATC", 5.0, name="BRAVES SERIES"))) == {}


def test_files_far_apart_tell_renames_by_name_only() -> None:
    older = before(Row("MEG"), day=date(2026, 5, 5))
    assert renamed(older, after(Row("ONT"))) == {}


def test_changes_over_several_files_come_newest_first() -> None:
    files = [
        file_of(THURSDAY, Row("C"), *OTHERS),
        file_of(date(2026, 6, 30), Row("A", 1.0), *OTHERS),
        file_of(WEDNESDAY, Row("B", 50.0), *OTHERS),
        file_of(WEDNESDAY, Row("B", 50.0), *OTHERS),
    ]
    found = [(c.day, c.symbol, c.is_addition) for c in membership_changes(files)]
    assert found == [
        *((THURSDAY, "B", False), (THURSDAY, "C", True)),
        *((WEDNESDAY, "A", False), (WEDNESDAY, "B", True)),
    ]
    assert membership_changes(files[:1]) == ()
    assert membership_changes([]) == ()


ROWS = st.lists(
    st.builds(
        Row,
        st.text("ABC", min_size=1, max_size=2),
        st.sampled_from([0.0, 10.0, 10.1, 1000.0, math.nan]),
        st.sampled_from([0.0, 5.0, 9.0, 40.0, math.nan, math.inf]),
        st.sampled_from([IT, ENERGY]),
        st.sampled_from(["", "ONE", "TWO"]),
    ),
    unique_by=lambda row: row.symbol,
    max_size=8,
)


@given(ROWS, ROWS)
def test_every_change_is_told_once(older: list[Row], newer: list[Row]) -> None:
    one, two = file_of(WEDNESDAY, *older), file_of(THURSDAY, *newer)
    changes = changes_between(one, two)
    left = [c.symbol for c in changes if not c.is_addition]
    came = [c.renamed_to or c.symbol for c in changes]
    joined = [s for c, s in zip(changes, came, strict=True) if c.is_addition or c.renamed_to]
    assert sorted(left) == sorted(set(one.symbols) - set(two.symbols))
    assert sorted(joined) == sorted(set(two.symbols) - set(one.symbols))
    for split in splits_between(one, two):
        assert split.ratio > 0


# Splits


@pytest.mark.parametrize(
    ("quantity", "price", "ratio", "is_accepted"),
    [
        (4000.0, 2.6, 4.0, True),
        (40.0, 238.0, 0.04, True),
        (4200.0, 2.6, 4.0, True),
        (4300.0, 2.6, 4.0, False),
        (2880.0, 5.9, 3.0, False),
        (1450.0, 6.9, 1.0, False),
        (4000.0, 1.4, 4.0, False),
    ],
)
def test_what_passes_for_a_split(
    quantity: float, price: float, ratio: float, is_accepted: bool
) -> None:
    older, newer = before(Row("S")), after(Row("S", quantity, price))
    (split,) = splits_between(older, newer)
    assert (split.symbol, split.day, split.is_accepted) == ("S", THURSDAY, is_accepted)
    assert split.ratio == pytest.approx(ratio)
    assert accepted_splits(older, newer) == ({"S": split.ratio} if is_accepted else {})


@pytest.mark.parametrize(
    ("quantity", "price"),
    [
        (1000.0, 40.0),
        (4000.0, 10.0),
        (4000.0, 40.0),
        (1400.0, 7.0),
        (4000.0, math.nan),
        (0.0, 10.0),
    ],
)
def test_what_does_not_look_like_a_split(quantity: float, price: float) -> None:
    assert splits_between(before(Row("S")), after(Row("S", quantity, price))) == ()


def test_a_fund_that_halves_splits_nothing() -> None:
    older = before(Row("S", 4000.0, 10.0), units=2e8)
    newer = after(Row("S", 2000.0, 20.0), growth=0.5, units=1e8)
    assert splits_between(older, newer) == ()


def test_growth_is_that_of_the_units_or_of_the_median_share() -> None:
    older, newer = before(units=2e8), after(growth=1.3, units=3e8)
    assert fund_growth(older, newer) == 1.5
    assert quantity_growth(older, newer) == pytest.approx(1.3)
    assert fund_growth(before(), newer) == pytest.approx(1.3)
    assert fund_growth(before(), file_of(THURSDAY)) == 1.0


# The recorded files


def recorded(day: str) -> Holdings:
    body = (PAYLOADS / "ishares" / "holdings_csv_ajax" / f"IWM_holdings_{day}.csv").read_bytes()
    return holdings_of(read_table(body, "IWM"), "IWM", LATER)[0]


@needs_shared
def test_splits_of_the_recorded_files() -> None:
    """METRICS 18: 13 rows look split between January and May 2026, 4 of them are."""
    older, newer = recorded("2026-01-21"), recorded("2026-05-05")
    found = splits_between(older, newer)
    assert len(found) == 13
    expected = {"AGL": 1 / 25, "CLMB": 4.0, "COOK": 1 / 49, "PIPR": 4.0}
    assert accepted_splits(older, newer) == pytest.approx(expected)


@needs_shared
def test_a_false_split_is_not_accepted() -> None:
    found = splits_between(recorded("2026-01-21"), recorded("2026-04-10"))
    (svc,) = [split for split in found if split.symbol == "SVC"]
    assert (svc.ratio, svc.is_accepted) == (3.0, False)


@needs_shared
def test_renames_of_the_recorded_files() -> None:
    older, newer = recorded("2026-04-10"), recorded("2026-05-05")
    assert renamed(older, newer) == {"ASGN": "EFOR", "MEG": "ONT"}
    gone = {c.symbol for c in changes_between(older, newer) if not c.is_addition}
    assert {"TERN", "FOLD", "DAWN"} <= gone


# Reconstitution


def test_days_of_reconstitution() -> None:
    found = list(reconstitutions(date(2025, 1, 1), date(2027, 12, 31)))
    assert found == [
        Reconstitution(date(2025, 6, 27), date(2025, 6, 30)),
        Reconstitution(date(2026, 6, 26), date(2026, 6, 29)),
        Reconstitution(date(2026, 11, 13), date(2026, 11, 16)),
        Reconstitution(date(2027, 6, 25), date(2027, 6, 28)),
        Reconstitution(date(2027, 11, 12), date(2027, 11, 15)),
    ]


def test_both_ends_of_the_stretch_count() -> None:
    june, november = date(2026, 6, 26), date(2026, 11, 13)
    assert [r.day for r in reconstitutions(june, november)] == [june, november]
    assert not list(reconstitutions(date(2026, 6, 27), date(2026, 11, 12)))
    assert not list(reconstitutions(november, june))


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)))
def test_a_reconstitution_is_a_friday_before_a_session(day: date) -> None:
    for found in reconstitutions(day, day):
        assert found.day.weekday() == 4
        assert is_session(found.day)
        assert previous_session(found.effective) == found.day
