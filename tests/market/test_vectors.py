"""captop's arithmetic against the reference vectors; a vector of a new kind is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from market.metrics.columns import Column
from market.metrics.frames import Frame
from market.metrics.implied import regime, term_state
from market.metrics.price import guarded_previous_close, is_suspect
from market.metrics.ranges import (
    drawdown,
    extremes,
    position,
    simple_average,
)
from market.metrics.ranks import percentile
from market.metrics.returns import simple_return
from market.metrics.strength import beta, correlation, simple_returns
from market.metrics.volatility import (
    are_sane,
    close_to_close,
    close_to_close_zero_mean,
    garman_klass,
    garman_klass_yang_zhang,
    parkinson,
    rogers_satchell,
    yang_zhang,
)
from market.metrics.windows import window_base
from market.sessions import NEW_YORK, is_session, session_of, session_state, sessions_between
from tests.market.member_vectors import MEMBER_VECTORS
from tests.market.metrics.pictures import new_york
from tests.market.rule_vectors import RULE_VECTORS, thesis_states
from tests.market.story_vectors import STORY_VECTORS
from tests.market.vectors import Vector, close_to, closes, rows_of, until
from tests.shared import VECTORS, needs_shared


def bars_until(name: str, day: str) -> Frame:
    rows = [r for r in rows_of(name) if r["Date"] <= day]
    names = ("Open", "High", "Low", "Close")
    prices = (np.array([float(r[n]) for r in rows]) for n in names)
    return Frame(np.arange(len(rows)), *prices, volume=np.empty(0))


def returns_of(values: list[float]) -> Column:
    return simple_returns(np.array(values))


def return_windows(vector: Vector) -> None:
    series = closes(vector["inputs"]["csv"], vector["inputs"]["column"])
    day = date.fromisoformat(vector["params"]["as_of"])
    assert series[day] == vector["expected"]["last"]
    computed = 0
    for name, expected in vector["expected"]["returns"].items():
        base = window_base(name.lower().replace("21s", "21d"), day)
        dates = vector["expected"]["base_dates"]
        assert name not in dates or base.isoformat() == dates[name]
        if base in series:
            assert simple_return(series[day], series[base]) == close_to(vector, expected), name
            computed += 1
    assert computed == len(vector["expected"]["returns"])


def range_and_drawdown(vector: Vector) -> None:
    expected, rows = vector["expected"], rows_of(vector["inputs"]["csv"])
    count = vector["params"]["window_sessions"]
    highs, lows, ends = (np.array([float(r[c]) for r in rows]) for c in ("high", "low", "close"))
    assert rows[-1]["date"] == vector["params"]["as_of"]
    assert extremes(highs, lows, count) == (
        expected["hi252_intraday_0821"],
        expected["lo252_intraday_0821"],
    )
    assert extremes(ends, ends, count) == (
        expected["hi252_close_0821"],
        expected["lo252_close_0821"],
    )
    falls = [drawdown(*pair) for pair in zip(np.maximum.accumulate(ends), ends, strict=True)]
    depth, place = min(zip(falls, range(len(falls)), strict=True))
    assert depth == close_to(vector, expected["max_dd"])
    assert rows[place]["date"] == expected["max_dd_date"]
    assert falls[-1] == close_to(vector, expected["cur_dd_0821"])
    assert 0 < position(float(ends[-1]), *reversed(extremes(highs, lows, count))) < 1


def relative_strength(vector: Vector) -> None:
    expected, name = vector["expected"], vector["inputs"]["csv"]
    ours = until(closes(name, "rut"), expected["date"])
    theirs = until(closes(name, "spx"), expected["date"])
    ratios = [a / b for a, b in zip(ours, theirs, strict=True)]
    assert ratios[-1] == close_to(vector, expected["ratio"])
    change = simple_return(ratios[-1], ratios[-64])
    assert change == close_to(vector, expected["ratio_63d_chg"])
    pair = returns_of(ours[-64:]), returns_of(theirs[-64:])
    assert correlation(*pair) == close_to(vector, expected["cor63"])
    assert beta(*pair) == close_to(vector, expected["beta63"])


def realised_volatility(vector: Vector) -> None:
    count = vector["params"]["n_returns"]
    bars = bars_until(vector["inputs"]["csv"], vector["params"]["as_of"]).tail(count + 1)
    assert are_sane(bars).all()
    ends = bars.close
    computed = {
        "close_to_close": close_to_close(ends),
        "close_to_close_mean0": close_to_close_zero_mean(ends),
        "parkinson": parkinson(bars.tail(count)),
        "garman_klass": garman_klass(bars.tail(count)),
        "rogers_satchell": rogers_satchell(bars.tail(count)),
        "gk_yz": garman_klass_yang_zhang(bars),
        "yang_zhang": yang_zhang(bars),
    }
    assert computed == {name: close_to(vector, v) for name, v in vector["expected"].items()}


def term_structure(vector: Vector) -> None:
    vol_csv, closes_csv = vector["inputs"]["csv"]
    vix = closes(vol_csv, "VIX")
    for day in ("2026-07-02", "2026-08-20"):
        expected = vector["expected"][day]
        near, far = expected["VIX"], expected["VIX3M"]
        assert until(vix, day)[-1] == near
        assert far - near == close_to(vector, expected["slope_3m_minus_30d"])
        assert near / far == close_to(vector, expected["ratio_vix_vix3m"])
        assert expected["VIX9D"] / near == close_to(vector, expected["vix9d_vix"])
        assert (term_state(near, far) == "contango") is expected["contango"]
        for column in ("spx", "rut"):
            past = 100 * close_to_close(until(closes(closes_csv, column), day)[-22:])
            assert past == close_to(vector, expected[f"rv21_{column}"])
            if column == "spx":
                assert near - past == close_to(vector, expected["iv_minus_rv_spx"])
    # The reference counts Cboe's rows on holidays too; captop's own series leaves them out.
    levels = until(vix, "2026-07-02")[-252:]
    expected = vector["expected"]["percentile_252_2026-07-02"]["weak"]
    assert percentile(levels, levels[-1]) == close_to(vector, expected)


def momentum_and_averages(vector: Vector) -> None:
    expected = vector["expected"]
    ends = bars_until(vector["inputs"]["csv"], expected["date"]).close
    for count in (20, 50, 200):
        assert simple_average(ends, count) == close_to(vector, expected[f"sma{count}"])
    for count in (21, 126):
        change = simple_return(float(ends[-1]), float(ends[-1 - count]))
        assert change == close_to(vector, expected[f"roc{count}"])


def price_and_total_return(vector: Vector) -> None:
    inputs, expected = vector["inputs"], vector["expected"]
    price = simple_return(inputs["close_2026_07_02"], inputs["close_2025_12_31"])
    adjusted = simple_return(inputs["close_2026_07_02"], inputs["adj_close_2025_12_31"])
    assert price == close_to(vector, expected["price_ytd"])
    assert adjusted == close_to(vector, expected["adj_ytd"])
    assert simple_return(*reversed(inputs["rut"])) == close_to(vector, expected["rut_price_ytd"])


def previous_close_guard(vector: Vector) -> None:
    for case in vector["expected"]:
        last, previous = case["last"], case["prev"]
        is_index = case["ok"] != "suspect"
        guarded = guarded_previous_close(last, previous, is_index)
        assert (guarded is not None) is bool(case["ok"])
        if guarded is not None:
            assert is_suspect(last, guarded) is (case["ok"] == "suspect")
            assert 100 * simple_return(last, guarded) == close_to(vector, case["pct"])


def calendar(vector: Vector) -> None:
    expected = vector["expected"]
    for year, count in expected["n_sessions"].items():
        days = list(sessions_between(date(int(year), 1, 1), date(int(year), 12, 31)))
        assert len(days) == count
    both = list(sessions_between(date(2026, 1, 1), date(2027, 12, 31)))
    early = [day.isoformat() for day in both if session_of(day).is_early_close]
    assert early == expected["early_closes"]
    assert not any(is_session(date.fromisoformat(day)) for day in expected["holidays"])
    for local, phase in expected["state_et"]:
        day, clock = local.split()
        assert session_state(new_york(date.fromisoformat(day), clock)).phase.value == phase, local
    for day, opens in expected["utc_open"].items():
        assert f"{session_of(date.fromisoformat(day)).open:%H:%M}" == opens


def thesis_values(vector: Vector) -> None:
    rut = closes("inputs/rut_spx_close.csv", "rut")
    spx = closes("inputs/rut_spx_close.csv", "spx")
    ytd_base = vector["inputs"]["rut_2025-12-31"]
    for day in ("2026-07-02", "2026-08-20", "2026-08-21"):
        expected, when = vector["expected"][day], date.fromisoformat(day)
        assert simple_return(rut[when], ytd_base) == close_to(vector, expected["ytd"]["value"])
        month = simple_return(rut[when], rut[window_base("1m", when)])
        assert month == close_to(vector, expected["m1"]["value"])
        ours, theirs = until(rut, day), until(spx, day)
        ratios = [a / b for a, b in zip(ours, theirs, strict=True)]
        change = simple_return(ratios[-1], ratios[-64])
        assert change == close_to(vector, expected["rut_spx_63d_chg"])
        above = ratios[-1] > simple_average(np.array(ratios), 200)
        assert above is expected["rut_spx_above_200dma"]
        together = correlation(returns_of(ours[-64:]), returns_of(theirs[-64:]))
        assert together == close_to(vector, expected["corr63"])
    thesis_states(vector)
    assert regime(vector["expected"]["2026-07-02"]["vix"]["value"]) == "mid-teens"
    for day, biotech in vector["expected"]["biotech_xbi_8w"].items():
        assert window_base("8w", date.fromisoformat(day)).isoformat() == biotech["base"]


COMPUTED: dict[str, Callable[[Vector], None]] = {
    "ret_windows_rut_2026-07-02": return_windows,
    "range52w_drawdown_rut": range_and_drawdown,
    "relative_strength_rut_spx": relative_strength,
    "vol_iwm_2026-07-02": realised_volatility,
    "vol_sp500_2018-12-31_n21": realised_volatility,
    "vix_termstructure_percentile": term_structure,
    "momentum_rsi_sma_iwm": momentum_and_averages,
    "price_vs_total_return_iwm_ytd_2026-07-02": price_and_total_return,
    "prev_close_guard": previous_close_guard,
    "calendar_xnys_2026_2027": calendar,
    "thesis_scoreboard_2026": thesis_values,
    **MEMBER_VECTORS,
    **STORY_VECTORS,
    **RULE_VECTORS,
}
"""What is computed of each vector; captop has no RSI."""


def vector_files() -> list[Path]:
    return sorted(VECTORS.glob("*.json")) if VECTORS.is_dir() else []


@needs_shared
@pytest.mark.parametrize("path", vector_files(), ids=lambda path: path.stem)
def test_vector(path: Path) -> None:
    vector: Vector = json.loads(path.read_text(encoding="utf-8"))
    name = vector["id"]
    assert name in COMPUTED, (
        f"the vector {name} ({vector['metric']}) is neither computed nor listed"
    )
    COMPUTED[name](vector)


@needs_shared
def test_no_vector_is_listed_that_does_not_exist() -> None:
    known = {json.loads(path.read_text(encoding="utf-8"))["id"] for path in vector_files()}
    assert known >= set(COMPUTED)


def test_new_york_is_the_exchanges_zone() -> None:
    assert NEW_YORK.key == "America/New_York"
