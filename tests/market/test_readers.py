"""Programs that read named metrics: they are told, and what they read is kept fresh."""

from __future__ import annotations

from collections.abc import Collection

from market.instruments import INDEX
from market.quotes import Key, Kind
from market.readers import Readers
from market.snapshot import Snapshot, empty_snapshot
from tests.clocks import THURSDAY_AFTERNOON

KNOWN = empty_snapshot(THURSDAY_AFTERNOON)


def test_what_readers_read_is_wanted_and_only_a_change_is_news() -> None:
    read = ["rut.last"]
    told: list[Snapshot] = []

    def publish(snapshot: Snapshot) -> Collection[str]:
        told.append(snapshot)
        return read

    readers = Readers(publish)
    assert readers.tell(KNOWN)
    kinds = (Kind.INTRADAY, Kind.QUOTE, Kind.DAILY)
    assert readers.keys == {Key(kind, INDEX) for kind in kinds}
    assert not readers.tell(KNOWN)
    read.append("zzzz.last")
    assert readers.tell(KNOWN)
    assert {key.symbol for key in readers.keys} == {INDEX, "ZZZZ"}
    read.clear()
    assert readers.tell(KNOWN)
    assert readers.keys == frozenset()
    assert told == [KNOWN] * 4


def test_a_full_disk_costs_the_readers_their_answer_and_nothing_else() -> None:
    def publish(_: Snapshot) -> Collection[str]:
        raise OSError(28, "No space left on device")

    assert not Readers(publish).tell(KNOWN)
