"""The history: what was saved comes back as it was."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from array import array
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import astuple, replace

from market.health import FeedHealth
from market.history import History, HistoryError
from market.history_rows import READINGS, KeptReadings
from market.quotes import ARCHIVED, Bars, Details, ExtendedPrint, Key, Kind, Phase, Quote
from market.reports import Reading
from market.snapshot import Mode, Snapshot, empty_snapshot
from tests.market.saved import CAST, LATER, NOW, ROOT, loaded, picture, same


def test_nothing_was_ever_saved(history: History) -> None:
    assert history.load(NOW, CAST) is None
    assert history.notice == ""


def test_a_picture_comes_back_as_it_was_marked_with_its_age(history: History, path: Path) -> None:
    saved = picture()
    history.save(saved)
    history.close()
    back = loaded(path)
    assert back is not None
    assert same(back, saved)
    assert back.restored_at == NOW
    assert back.now == LATER
    assert back.session.session.day.isoformat() == "2026-07-02"
    assert back.feeds == {"yahoo": FeedHealth("yahoo", last_ok=NOW)}


finite = st.floats(allow_nan=False, allow_infinity=False)
times = st.datetimes(datetime(1990, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
maybe = st.none() | finite
quotes = st.builds(
    Quote,
    symbol=texts,
    last=finite,
    as_of=times,
    source=texts,
    open=maybe,
    volume=maybe,
    extended=st.none() | st.builds(ExtendedPrint, st.sampled_from(Phase), finite, times),
)
details = st.builds(Details, symbol=texts, as_of=times, source=texts, name=texts, market_cap=maybe)
keys = st.builds(Key, st.sampled_from(Kind), texts, st.sampled_from(["", "5D"]))


@st.composite
def bars(draw: st.DrawFn) -> Bars:
    rows = draw(st.lists(st.tuples(st.integers(-(2**40), 2**40), finite), max_size=6))
    columns = array("d", (row[1] for row in rows))
    return Bars(
        key=draw(keys),
        interval_s=60,
        source=draw(texts),
        as_of=draw(times),
        times=array("q", (row[0] for row in rows)),
        close=columns,
        open=draw(st.sampled_from([columns, array("d")])),
        dividends=tuple(draw(st.lists(st.tuples(st.integers(0, 2**40), finite), max_size=2))),
    )


@st.composite
def snapshots(draw: st.DrawFn) -> Snapshot:
    series = draw(st.lists(bars(), max_size=4))
    readings = st.builds(Reading, maybe | texts, st.none() | times, texts, reason=texts)
    return replace(
        empty_snapshot(NOW),
        quotes={q.symbol: q for q in draw(st.lists(quotes, max_size=4))},
        details={d.symbol: d for d in draw(st.lists(details, max_size=4))},
        bars={b.key: b for b in series},
        readings=draw(st.dictionaries(texts, readings, max_size=5)),
        fetched={b.key: NOW for b in series if b.key.kind not in ARCHIVED},
    )


@settings(deadline=None, max_examples=30)
@given(first=snapshots(), second=snapshots())
def test_whatever_is_saved_comes_back(first: Snapshot, second: Snapshot) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "captop.db"
        history = History.open(path)
        for saved in (first, replace(second, quotes={**first.quotes, **second.quotes})):
            history.save(saved)
            back = loaded(path)
            assert back is not None
            for part in ("quotes", "details", "readings", "fetched"):
                assert getattr(saved, part).items() <= getattr(back, part).items()
            for key, series in saved.bars.items():
                assert astuple(back.bars[key]) == astuple(series)
        history.close()


def test_kept_readings_are_those_of_all_rows_that_can_be_read() -> None:
    known = {"iwm.last": Reading(1.0), "iwm.change": Reading(None), "rut.last": Reading(2.0)}
    rows = READINGS.rows(replace(empty_snapshot(NOW), readings=known))
    readings = KeptReadings({**rows, "xbi": b"damaged"})
    assert readings == known
    assert len(readings) == len(known)
    assert "xbi.last" not in readings
    assert "gone.last" not in readings
    assert readings
    assert not KeptReadings({})


def test_only_changed_rows_are_written(history: History) -> None:
    saved = picture()
    history.save(saved)
    before = history._file.connection.total_changes
    quote = replace(saved.quotes["IWM"], last=101.0)
    history.save(replace(saved, quotes={**saved.quotes, "IWM": quote}))
    assert history._file.connection.total_changes - before == 1


def test_what_was_loaded_is_not_written_again(history: History, path: Path) -> None:
    history.save(picture())
    history.close()
    again = History.open(path)
    back = again.load(LATER, CAST)
    assert back is not None
    before = again._file.connection.total_changes
    again.save(back)
    assert again._file.connection.total_changes - before == 1
    again.close()


def test_what_nobody_asked_for_in_a_month_is_forgotten(history: History, path: Path) -> None:
    saved = picture()
    old = {**saved.fetched, Key(Kind.DAILY, "XBI"): NOW - timedelta(days=31)}
    history.save(replace(saved, fetched=old))
    back = history.load(LATER, CAST)
    assert back is not None
    assert set(back.quotes) == set(back.details) == {"^RUT", "IWM"}
    assert {k.symbol for k in back.bars} == {"^RUT", "IWM"}
    history.save(back)
    with sqlite3.connect(path) as raw:
        assert raw.execute("SELECT count(*) FROM rows WHERE name LIKE '%XBI%'").fetchone() == (0,)
    raw.close()


def test_demo_and_live_pictures_are_never_mixed(history: History, path: Path) -> None:
    simulated = replace(picture(), mode=Mode.DEMO)
    with pytest.raises(HistoryError, match="keeps live data and takes no demo data"):
        history.save(simulated)
    history.save(picture())
    assert loaded(path, Mode.DEMO) is None
    other = path.with_name("demo.db")
    demo = History.open(other, Mode.DEMO)
    demo.save(simulated)
    back = demo.load(NOW, CAST)
    demo.close()
    assert back is not None
    assert back.mode is Mode.DEMO
    assert loaded(other) is None


def test_closing_twice_is_no_error_and_a_closed_history_says_so(history: History) -> None:
    history.close()
    history.close()
    with pytest.raises(HistoryError, match="closed"):
        history.save(picture())


def test_the_history_needs_neither_numpy_nor_pandas(path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from market.history import History\n"
        "from market.instruments import default_cast; from market.clock import WallClock\n"
        "History.open(Path(sys.argv[1])).load(WallClock().now(), default_cast())\n"
        "print(sorted({'numpy', 'pandas', 'httpx', 'textual'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"
