"""The members' store: what comes back, and what is written."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from time import process_time

from msgspec.structs import astuple, replace

from market.archive import Archive
from market.fold import fold
from market.holdings import WHOLE_MARKET, Holdings, Listings
from market.instruments import TRACKER
from market.past import with_session
from market.quotes import Bars, Key, Kind
from market.reports import Restored
from market.sessions import session_of
from market.snapshot import Snapshot, empty_snapshot
from tests.market.archives import MEMBERS, TUESDAY, a_picture, loaded
from tests.market.memberships import (
    NOW,
    THURSDAY,
    WEDNESDAY,
    kept,
    known_in_full,
    listings,
    past,
    symbols,
)


def contents(value: Bars | Holdings | Listings) -> tuple[object, ...]:
    """A value as something that can be compared, NaN like NaN."""
    return tuple(x.tobytes() if hasattr(x, "tobytes") else x for x in astuple(value))


# What comes back


def test_everything_comes_back_as_it_was(archive: Archive, path: Path) -> None:
    snapshot = a_picture()
    archive.save(snapshot)
    back = loaded(path)
    own = (snapshot.holdings[TRACKER], *snapshot.earlier_holdings, snapshot.holdings["IGV"])
    assert {(f.fund, f.day): contents(f) for f in back.holdings} == {
        (f.fund, f.day): contents(f) for f in own
    }
    assert back.listings is not None
    assert snapshot.listings is not None
    assert contents(back.listings) == contents(snapshot.listings)
    assert back.profiles == snapshot.profiles
    assert {s: contents(b) for s, b in back.past.items()} == {
        s: contents(b) for s, b in snapshot.past.items()
    }


def test_files_come_newest_first(archive: Archive, path: Path) -> None:
    archive.save(a_picture())
    days = [file.day for file in loaded(path).holdings]
    assert days == sorted(days, reverse=True)


def test_it_tells_when_files_and_listings_were_asked_for(archive: Archive, path: Path) -> None:
    archive.save(a_picture())
    assert loaded(path).fetched == {
        Key(Kind.HOLDINGS, TRACKER): NOW,
        Key(Kind.HOLDINGS, "IGV"): NOW,
        Key(Kind.LISTINGS, WHOLE_MARKET): NOW,
    }


def test_an_empty_archive_knows_nothing(archive: Archive) -> None:
    assert archive.load() == Restored()
    assert archive.notice == ""


def test_what_it_kept_fits_into_a_snapshot(archive: Archive, path: Path) -> None:
    archive.save(a_picture())
    snapshot = fold(empty_snapshot(NOW), loaded(path), NOW)
    assert snapshot.holdings[TRACKER].day == WEDNESDAY
    assert [file.day for file in snapshot.earlier_holdings] == [TUESDAY]
    assert len(snapshot.past) == len(MEMBERS)


# What is written


def changes(archive: Archive, snapshot: Snapshot, *, final: bool = False) -> int:
    before = archive._file.connection.total_changes
    archive.save(snapshot, final=final)
    return archive._file.connection.total_changes - before


def test_only_what_changed_is_written(archive: Archive) -> None:
    snapshot = a_picture()
    assert changes(archive, snapshot) == 3 + 1 + 1 + 30
    assert changes(archive, snapshot) == 0
    rolled = with_session(snapshot.past["M3"], session_of(THURSDAY).open, 105.0, 7e5)
    assert changes(archive, replace(snapshot, past={**snapshot.past, "M3": rolled})) == 1


def test_what_was_loaded_is_not_written_again(archive: Archive, path: Path) -> None:
    archive.save(a_picture())
    again = Archive(path)
    snapshot = fold(empty_snapshot(NOW), again.load(), NOW)
    assert changes(again, snapshot) <= 1, "at most the pages, which are one row"
    again.close()


def test_listings_of_every_minute_are_written_now_and_then(archive: Archive) -> None:
    snapshot = a_picture()
    archive.save(snapshot)
    for minutes, is_written in ((1, 0), (9, 0), (10, 1), (11, 0)):
        at = NOW + timedelta(minutes=minutes)
        newer = replace(snapshot, now=at, listings=listings(MEMBERS, last=100.0 + minutes, at=at))
        assert changes(archive, newer) == is_written


def test_at_the_end_they_are_written_all_the_same(archive: Archive, path: Path) -> None:
    archive.save(a_picture())
    newer = replace(a_picture(), listings=listings(MEMBERS, last=123.0))
    archive.save(newer, final=True)
    back = loaded(path).listings
    assert back is not None
    assert back.last[0] == 123.0


def test_a_clock_set_back_does_not_stop_the_writing(archive: Archive) -> None:
    snapshot = a_picture()
    archive.save(snapshot)
    earlier = NOW - timedelta(days=1)
    older = replace(snapshot, now=earlier, listings=listings(MEMBERS, last=7.0))
    assert changes(archive, older) == 1


def test_two_years_of_two_thousand_members_load_in_a_blink(archive: Archive, path: Path) -> None:
    members = symbols(2000)
    base = kept(past(count=504))
    bars = {s: replace(base, key=Key(Kind.PAST, s), close=base.close[:]) for s in members}
    archive.save(replace(known_in_full(members), past=bars))
    begun = process_time()
    back = loaded(path)
    spent = process_time() - begun
    assert len(back.past) == 2000
    assert spent < 0.3
