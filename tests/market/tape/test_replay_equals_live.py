"""What is played is what was: at every step, for any interleaving of reports."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

from hypothesis import given, settings
from hypothesis import strategies as st

from market.interest import Wishes
from market.quotes import Key, Kind
from market.reports import Arrived
from market.snapshot import Mode
from market.tape.player import Player
from tests.market.memberships import listings, profile
from tests.market.tape.tapes import FEW, Session, differences, opened, recorded

Deed: TypeAlias = Callable[[Session], None]


def _tell(symbol: str, cents: int) -> Deed:
    return lambda session: session.tell(symbol, cents / 100)


def _fail(symbol: str) -> Deed:
    return lambda session: session.fail(symbol)


def _wait(seconds: int) -> Deed:
    return lambda session: session.pass_time(seconds)


def _listed(cents: int) -> Deed:
    def deed(session: Session) -> None:
        now = session.clock.now()
        told = listings(FEW, last=cents / 100, at=now)
        keys = (Key(Kind.LISTINGS, "US"),)
        session.room.note(Arrived(feed="nasdaq", at=now, keys=keys, listings=told))
        session.seen.append(session.room.latest)

    return deed


def _paged(cents: int) -> Deed:
    def deed(session: Session) -> None:
        now = session.clock.now()
        told = (profile(FEW[0], now, last=cents / 100),)
        keys = (Key(Kind.PROFILE, FEW[0]),)
        session.room.note(Arrived(feed="yahoo", at=now, keys=keys, profiles=told))
        session.seen.append(session.room.latest)

    return deed


def _wanted(symbol: str) -> Deed:
    wishes = Wishes(visible=frozenset({Key(Kind.DAILY, symbol)}), watched=(symbol,))
    return lambda session: session.room.obey(wishes)


def _all(session: Session, deeds: list[Deed]) -> Callable[[], None]:
    def happen() -> None:
        for deed in deeds:
            deed(session)

    return happen


SYMBOLS = st.sampled_from(("^RUT", "IWM", FEW[1], "^VIX"))
CENTS = st.integers(9_000, 11_000)
DEEDS = st.one_of(
    st.builds(_tell, SYMBOLS, CENTS),
    st.builds(_listed, CENTS),
    st.builds(_paged, CENTS),
    st.builds(_wanted, SYMBOLS),
    st.builds(_fail, SYMBOLS),
    st.builds(_wait, st.integers(0, 900)),
)
RECKONINGS = st.tuples(st.lists(SYMBOLS, max_size=2), st.booleans(), st.lists(DEEDS, max_size=2))


@settings(max_examples=12, deadline=None)
@given(st.lists(st.one_of(DEEDS, RECKONINGS), max_size=12))
def test_the_replayed_snapshot_is_the_recorded_one(
    deeds: list[Deed | tuple[list[str], bool, list[Deed]]],
) -> None:
    async def happen(session: Session) -> None:
        for deed in deeds:
            if not isinstance(deed, tuple):
                deed(session)
                continue
            names, members, during = deed
            await session.reckon(*names, members=members, meanwhile=_all(session, during))

    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.tape"
        session = recorded(path, happen)
        player = Player(opened(path))
        while player.step():
            pass
        assert not session.notices
        assert differences(player.latest, session.room.latest) == []


async def _a_quarter_hour(session: Session) -> None:
    await session.reckon(members=True)
    for minute in range(26):
        session.pass_time(61)
        session.tell("^RUT", 2_200.0 + minute)
        await session.reckon("^RUT", members=minute % 5 == 0, meanwhile=lambda: None)
        session.tell("IWM", 220 + minute / 10)


def test_every_step_is_played_forwards_and_backwards(tmp_path: Path) -> None:
    path = tmp_path / "a.tape"
    session = recorded(path, _a_quarter_hour)
    player = Player(opened(path))
    assert len(player.tape.pictures) == 3, "one each ten minutes"
    assert player.latest.mode is Mode.REPLAY
    for seen in (session.seen[7], session.seen[-1], session.seen[40], session.seen[3]):
        player.seek(seen.now)
        last_then = [each for each in session.seen if each.now == seen.now][-1]
        assert differences(player.latest, last_then) == []
    assert player.ends == session.seen[-1].now
    assert player.begins < player.last_before(session.seen[7].now) < session.seen[7].now


def test_a_seek_beyond_either_end_stays_on_the_tape(tmp_path: Path) -> None:
    path = tmp_path / "a.tape"
    session = recorded(path, _a_quarter_hour)
    player = Player(opened(path))
    player.seek(player.ends + timedelta(days=1))
    assert differences(player.latest, session.room.latest) == []
    player.seek(player.begins - timedelta(days=1))
    assert player.latest.now == player.begins
