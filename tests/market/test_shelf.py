"""Columns that are on the disk are read like those in memory."""

from __future__ import annotations

from array import array
from datetime import UTC, date, datetime
from math import isnan
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from market.fold import fold
from market.past import joined_past, with_session
from market.quotes import Bars, Key, Kind
from market.reports import Arrived
from market.sessions import session_of
from market.shelf import AT_HAND, NAMES, PLACE_BYTES, Shelf, ShelvedColumn, put_aside
from market.snapshot import empty_snapshot
from market.tape.codec import packed, quickly_packed

NOW = datetime(2026, 8, 4, 18, 32, tzinfo=UTC)
DAY_S = 86_400


def a_past(rows: int, first: float = 1.0, symbol: str = "AAPL") -> Bars:
    """A past whose columns are all different."""
    close = [first + row for row in range(rows)]
    return Bars(
        key=Key(Kind.PAST, symbol),
        interval_s=DAY_S,
        source="yahoo",
        as_of=NOW,
        times=array("q", (DAY_S * (20_000 + row) for row in range(rows))),
        close=array("d", close),
        high=array("d", (each + 0.1 for each in close)),
        low=array("d", (each - 0.1 for each in close)),
        volume=array("d", (each * 1000 for each in close)),
    )


def contents(bars: Bars) -> list[bytes]:
    return [getattr(bars, name).tobytes() for name in ("times", *NAMES)]


def is_aside(bars: Bars) -> bool:
    return all(isinstance(getattr(bars, name), ShelvedColumn) for name in NAMES)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


ROWS = 200
LOOSE = a_past(ROWS)
INDICES = st.none() | st.integers(-ROWS - 2, ROWS + 2)


@pytest.fixture(scope="module")
def aside(tmp_path_factory: pytest.TempPathFactory) -> Bars:
    return Shelf(tmp_path_factory.mktemp("shelf")).put_aside(LOOSE)


@given(st.sampled_from(NAMES), INDICES, INDICES, st.sampled_from((None, 1, 2, -1)))
def test_a_column_on_the_shelf_is_read_like_the_array(
    aside: Bars, name: str, start: int | None, stop: int | None, step: int | None
) -> None:
    column, loose = getattr(aside, name), getattr(LOOSE, name)
    assert is_aside(aside)
    assert column[start:stop:step] == loose[start:stop:step]
    assert (len(column), list(column), column.tobytes()) == (ROWS, list(loose), loose.tobytes())
    if start is not None and -ROWS <= start < ROWS:
        assert column[start] == loose[start]
    elif start is not None:
        with pytest.raises(IndexError):
            column[start]


def test_what_follows_from_bars_does_not_depend_on_where_they_are(shelf: Shelf) -> None:
    loose, news = a_past(100), a_past(90, first=20.0)
    aside = shelf.put_aside(loose)
    assert contents(aside) == contents(loose)
    assert contents(aside.tail(70)) == contents(loose.tail(70))
    assert contents(joined_past(aside, news)) == contents(joined_past(loose, news))
    assert contents(joined_past(news, aside)) == contents(joined_past(news, loose))
    opened = datetime(2026, 8, 4, 13, 30, tzinfo=UTC)
    assert contents(with_session(aside, opened, 9.0, 9.0)) == contents(
        with_session(loose, opened, 9.0, 9.0)
    )
    assert packed(aside) == packed(loose)
    assert quickly_packed(aside) == quickly_packed(loose)


def test_only_the_newest_closes_stay_in_memory(tmp_path: Path) -> None:
    aside = Shelf(tmp_path).put_aside(a_past(AT_HAND + 10))
    assert aside.close[-AT_HAND:] == a_past(AT_HAND + 10).close[-AT_HAND:]
    assert not list(tmp_path.iterdir()), "nobody else sees the file"


def test_a_place_is_used_again_and_never_while_somebody_reads_it(shelf: Shelf) -> None:
    first, second = shelf.put_aside(a_past(10)), shelf.put_aside(a_past(10, first=50.0))
    renamed = replace(first, key=Key(Kind.PAST, "GOOG"))
    del first
    third = shelf.put_aside(a_past(10, first=90.0))
    assert [renamed.high[0], second.high[0], third.high[0]] == [1.1, 50.1, 90.1]
    del renamed
    fourth = shelf.put_aside(a_past(10, first=70.0))
    assert [second.high[0], third.high[0], fourth.high[0]] == [50.1, 90.1, 70.1]
    assert shelf.places == 3


@pytest.mark.parametrize(
    "bars",
    [a_past(0), replace(a_past(3), high=array("d")), a_past(PLACE_BYTES // 32 + 1)],
    ids=["no bar", "closes only", "more than a place holds"],
)
def test_what_has_no_place_stays_in_memory(shelf: Shelf, bars: Bars) -> None:
    assert shelf.put_aside(bars) is bars


def test_where_there_is_no_disk_everything_stays_in_memory(tmp_path: Path) -> None:
    bars = a_past(3)
    assert Shelf(tmp_path / "nowhere").put_aside(bars) is bars


class FailingShelf(Shelf):
    """A shelf on a disk that takes everything and gives nothing back."""

    def read(self, offset: int, size: int) -> bytes:
        return super().read(offset, size)[:-1]


def test_what_the_disk_does_not_give_back_is_unknown(tmp_path: Path) -> None:
    aside = FailingShelf(tmp_path).put_aside(a_past(AT_HAND + 1))
    assert [isnan(each) for each in aside.high] == [True] * (AT_HAND + 1)
    assert aside.close[-1] == AT_HAND + 1, "in memory"
    opened = session_of(date(2026, 8, 4)).open
    assert with_session(aside, opened, 5.0, 6.0) is aside, "nothing is put to what is not known"
    news = a_past(AT_HAND)
    assert joined_past(aside, news).close == news.close


def test_what_an_answer_brings_is_put_aside_and_nothing_is_twice(shelf: Shelf) -> None:
    known = {"AAPL": shelf.put_aside(a_past(5))}
    picture = replace(empty_snapshot(NOW), past=known)
    news = replace(a_past(6, symbol="GOOG"), key=Key(Kind.PAST_BARS, "GOOG"))
    arrived = Arrived(feed="yahoo", at=NOW, keys=(news.key,), bars=(news,))
    folded = fold(picture, arrived, NOW).past
    after = put_aside(shelf, known, folded)
    assert after["AAPL"] is known["AAPL"]
    assert is_aside(after["GOOG"])
    assert contents(after["GOOG"]) == contents(news)
    assert put_aside(shelf, {}, after) == after
