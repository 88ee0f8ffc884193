"""The members' store: what comes back, and what is written."""

from __future__ import annotations

from array import array
from datetime import timedelta
from pathlib import Path
from time import process_time

from msgspec.structs import astuple, replace

from market.archive import Archive
from market.fold import fold
from market.holdings import WHOLE_MARKET, Holdings, Listings
from market.instruments import TRACKER
from market.option_study import OptionStudy
from market.past import with_session
from market.quotes import Bars, Key, Kind
from market.reports import Restored
from market.sessions import session_of
from market.shelf import ShelvedColumn
from market.snapshot import Snapshot, empty_snapshot
from market.studies import Studies
from tests.market.archives import MEMBERS, TUESDAY, a_picture, a_study, loaded, rows_of
from tests.market.memberships import (
    NOW,
    THURSDAY,
    WEDNESDAY,
    holdings,
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
    assert all(isinstance(b.high, ShelvedColumn) for b in back.past.values()), "not in memory"


def test_files_come_newest_first(archive: Archive, path: Path) -> None:
    archive.save(a_picture())
    days = [file.day for file in loaded(path).holdings]
    assert days == sorted(days, reverse=True)


def test_it_tells_when_each_was_asked_for(archive: Archive, path: Path) -> None:
    archive.save(a_picture())
    published = {key: d.fetched_at for key, d in a_picture().documents.items()}
    chains = {Key(Kind.CHAIN, s): a_study(s).fetched_at for s in ("^RUT", "IWM")}
    assert loaded(path).fetched == {
        **published,
        **chains,
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


def test_what_option_chains_said_outlives_the_run_and_yields_to_news(
    archive: Archive, path: Path
) -> None:
    archive.save(a_picture())
    kept = loaded(path)
    assert kept.options == {symbol: a_study(symbol) for symbol in ("^RUT", "IWM")}
    news = replace(a_study("IWM"), price=301.0)
    since = replace(empty_snapshot(NOW), studies=Studies(options=OptionStudy({"IWM": news})))
    options = fold(since, kept, NOW).studies.options
    assert options is not None
    assert options.of("IWM") is news
    assert options.of("^RUT") == a_study("^RUT")
    assert fold(empty_snapshot(NOW), Restored(), NOW).studies.options is None


# What is written


def changes(archive: Archive, snapshot: Snapshot, *, final: bool = False) -> int:
    before = archive._file.connection.total_changes
    archive.save(snapshot, final=final)
    return archive._file.connection.total_changes - before


def test_only_what_changed_is_written(archive: Archive) -> None:
    snapshot = a_picture()
    assert changes(archive, snapshot) == 3 + 1 + 1 + 30 + 2 + 2
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


# What is not kept for ever


def test_rows_that_no_metric_needs_any_more_leave_answer_and_file(
    archive: Archive, path: Path
) -> None:
    newest = WEDNESDAY
    days = [newest - timedelta(days=age) for age in (390, 410, 420, 900)]
    picture = a_picture()
    gone, here = MEMBERS[3], MEMBERS[4]
    page = picture.profiles[gone]
    long_ago = NOW - timedelta(days=500)
    old_page = replace(page, details=replace(page.details, as_of=long_ago))
    bars = picture.past[gone]
    left = replace(bars, times=array("q", (t - 500 * 86_400 for t in bars.times)))
    archive.save(
        replace(
            picture,
            earlier_holdings=tuple(holdings(MEMBERS, day) for day in days),
            past={**picture.past, gone: left},
            profiles={**picture.profiles, gone: old_page},
        )
    )
    before = rows_of(path)
    back = loaded(path)
    kept_days = sorted(file.day for file in back.holdings if file.fund == TRACKER)
    assert kept_days == [days[1], days[0], newest], "the newest of the old ones may be a start"
    assert gone not in back.past
    assert here in back.past
    assert gone not in back.profiles
    assert here in back.profiles
    assert any(file.fund == "IGV" for file in back.holdings)
    after = rows_of(path)
    assert {part: before[part] - after[part] for part in before} == {
        "holdings": 2, "past": 1, "listings": 0, "profiles": 0, "documents": 0, "options": 0,
    }  # fmt: skip


def test_a_member_that_comes_back_is_written_again(archive: Archive, path: Path) -> None:
    picture = a_picture()
    symbol = MEMBERS[3]
    bars = picture.past[symbol]
    left = replace(bars, times=array("q", (t - 500 * 86_400 for t in bars.times)))
    archive.save(replace(picture, past={**picture.past, symbol: left}))
    again = Archive(path)
    again.load()
    again.save(picture, final=True)
    again.close()
    assert symbol in loaded(path).past
