"""What changed between two snapshots."""

from __future__ import annotations

from array import array
from datetime import timedelta

from msgspec.structs import replace

from market.census import Mark
from market.health import FeedHealth, Trouble
from market.reading import Reading
from market.reports import ErrorKind
from market.scoreboard import LineState
from market.snapshot import Snapshot, empty_snapshot
from market.tape.digest import Digest, Flip, Move, digest
from tests.clocks import THURSDAY_AFTERNOON as NOW
from tests.market.memberships import census, symbols
from tests.market.tape.boards import fired, turned
from widgets.digest import lines_of, title_of
from widgets.lines import text_of, width_of

LATER = NOW + timedelta(minutes=47)
FEW = symbols(4)


def _members(snapshot: Snapshot, prices: tuple[float, ...], *marks: Mark) -> Snapshot:
    known = census(FEW, marks or (Mark.FINE,) * 4)
    members = replace(
        known.members,
        last=array("d", prices),
        weight=array("d", (0.4, 0.3, 0.2, 0.1)),
        names=tuple(f"{symbol} Corp" for symbol in FEW),
    )
    return replace(snapshot, census=replace(known, members=members))


def _with(snapshot: Snapshot, **values: float) -> Snapshot:
    found = {name.replace("_", "."): Reading(value, NOW, "yahoo") for name, value in values.items()}
    return replace(snapshot, readings=found)


def _changed() -> Digest:
    before, after = turned(empty_snapshot(NOW))
    before = _members(_with(before, rut_last=2_000.0, vix_last=16.0), (100.0, 50.0, 20.0, 10.0))
    after = _with(
        after, rut_last=2_020.0, vix_last=15.5, breadth_advances=3.0, breadth_declines=1.0
    )
    after = _members(after, (101.0, 40.0, 20.0, 30.0), *(Mark.FINE,) * 3, Mark.SUSPECT)
    trouble = Trouble(ErrorKind.LIMITED, "too many requests", "yahoo", NOW)
    feeds = {"yahoo": FeedHealth("yahoo", failing_since=NOW, trouble=trouble, failures=2)}
    return digest(before, replace(fired(after), feeds=feeds).at(LATER))


def test_a_digest_tells_index_movers_flips_alerts_and_the_worst_feed() -> None:
    found = _changed()
    assert (found.since, found.until) == (NOW, LATER)
    assert found.index == Move(2_000.0, 2_020.0)
    assert found.advances == Move(None, 3.0)
    assert found.index.change is not None
    assert round(found.index.change, 6) == 0.01
    assert [(m.symbol, round(m.contribution, 6)) for m in found.rising] == [("M0", 0.004)]
    assert [(m.symbol, round(m.contribution, 6)) for m in found.falling] == [("M1", -0.06)]
    assert found.flips == (Flip("A story", "Level", LineState.HOLDS, LineState.ABOVE),)
    assert [event.title for event in found.alerts] == ["IWM falls"]
    assert found.worst_feed is not None
    assert found.worst_feed.name == "yahoo"


def test_a_digest_of_nothing_says_so() -> None:
    found = digest(empty_snapshot(NOW), empty_snapshot(LATER))
    assert (found.rising, found.flips, found.alerts, found.releases) == ((), (), (), ())
    words = "\n".join(text_of(line) for line in lines_of(found, 72))
    assert "—" in words
    assert "no line turned" in words
    assert "none fails" in words


def test_a_digest_in_words_fits_its_width() -> None:
    found = _changed()
    for width in (72, 40):
        lines = lines_of(found, width)
        assert all(width_of(line) <= width for line in lines)
    words = "\n".join(text_of(line) for line in lines_of(found, 72))
    assert "2,020.00  +1.00 %" in words
    assert "M1       −20.00 %" in words
    assert "Level holds → above  (A story)" in words
    assert "IWM falls  vix.last is 21.00" in words
    assert "yahoo fails: too many requests" in words
    assert title_of(found) == "What changed in 47 m, since 14:32"
