"""The reference vectors of the index's members: breadth, attribution, liquidity, baskets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import groupby
from typing import Any

import numpy as np
import pytest

from market.metrics.attribution import contributions, group_sums, residual
from market.metrics.breadth import (
    VolumeSplit,
    advancing_share,
    arms_index,
    directions,
    split_volume,
    tally,
)
from market.metrics.columns import Column, Matrix, column, coverage
from market.metrics.concentration import (
    effective_contributors,
    effective_members,
    effective_positive,
    top_share_of_net,
    top_share_of_positive,
)
from market.metrics.levels import equal_weight_basket, rebalanced_on, shares_held
from market.metrics.liquidity import amihud, dollar_volume, relative_volume, usual_volume
from market.metrics.mcclellan import State, mcclellan
from market.metrics.participation import equal_weight, median_member
from market.metrics.ranges import relative_volume as volume_ratio
from market.metrics.ranges import simple_average
from market.metrics.returns import simple_return
from market.metrics.side_by_side import side_by_side
from market.metrics.spreads import abdi_ranaldo, corwin_schultz
from tests.market.vectors import Row, Vector, close_to, closes, rows_of


def numbers(rows: list[Row], name: str) -> Column:
    return column(float(row[name]) for row in rows)


def single(rows: list[Row], name: str) -> Matrix:
    """One instrument's column as a matrix of one member."""
    return numbers(rows, name)[:, None]


def attribution(vector: Vector) -> None:
    expected, rows = vector["expected"], rows_of(vector["inputs"]["csv"])
    first, last, weights = (numbers(rows, name) for name in ("p0", "p1", "weight_t0"))
    returns = last / first - 1
    parts = contributions(weights, returns)
    whole = coverage(returns, weights)
    assert whole.used == whole.total == expected["n"]
    counts = tally(np.sign(returns))
    computed = {
        "covered_weight": float(weights.sum()),
        "sum_contrib": float(parts.sum()),
        "residual": residual(expected["index_return_actual"], parts),
        "adv": float(counts.advances),
        "dec": float(counts.declines),
        "unch": float(counts.unchanged),
        "pct_adv": 100 * float(advancing_share(counts)),
        "ew_return": float(equal_weight(returns)),
        "median_return": float(median_member(returns)),
        "top10_share_of_net": top_share_of_net(parts),
        "top10_share_of_positive": top_share_of_positive(parts),
        "enc_abs": effective_contributors(parts),
        "enc_pos": effective_positive(parts),
        "ens_weights": effective_members(weights),
    }
    assert computed == {name: close_to(vector, expected[name]) for name in computed}
    sectors(vector, rows, weights, returns)


def sectors(vector: Vector, rows: list[Row], weights: Column, returns: Column) -> None:
    expected: dict[str, dict[str, float]] = vector["expected"]["sectors"]
    words = np.array([row["sector"] for row in rows])
    members = side_by_side([np.flatnonzero(words == name).tolist() for name in expected])
    sums = group_sums(members.of(weights), members.of(returns), members)
    for place, (name, told) in enumerate(expected.items()):
        computed = {
            "weight": float(sums.weight[place]),
            "contrib": float(sums.contribution[place]),
            "n": float(sums.used[place]),
            "ret": float(sums.ret[place]),
            "points": float(sums.contribution[place]) * vector["params"]["start_level"],
            "ew_ret": float(equal_weight(returns[words == name])),
        }
        assert computed == {k: close_to(vector, v) for k, v in told.items()}, name


def mcclellan_oscillator(vector: Vector) -> None:
    rows, expected = rows_of(vector["inputs"]["csv"]), vector["expected"]
    begin = State(-209.85, -186.41, -653.12, 1)
    found = mcclellan(numbers(rows[1:], "A/D Difference"), begin)
    days = [row["Date"] for row in rows[1:]]
    for told in (expected["last"], expected["row_20221013"]):
        place = days.index(f"{told['Date']:.0f}")
        assert found.oscillator[place] == close_to(vector, told["MO"])
        # The printed sum is of oscillators rounded to the cent.
        assert found.summation[place] == pytest.approx(told["MSI"], abs=2)
    assert found.end.fast == close_to(vector, expected["last"]["EMA19"])
    assert found.end.slow == close_to(vector, expected["last"]["EMA39"])
    assert np.abs(found.oscillator - numbers(rows[1:], "MO")).max() < vector["tolerance"]["abs"]
    assert found.end.sessions == len(rows)
    assert not found.is_warming


def arms(vector: Vector) -> None:
    told: dict[str, dict[str, Any]] = {str(r["date"]): r for r in vector["expected"]["rows"]}
    rows = sorted(rows_of(vector["inputs"]["csv"]), key=lambda row: row["Date"])
    days = {day: list(group) for day, group in groupby(rows, key=lambda row: row["Date"])}
    symbols = sorted({row["Symbol"] for row in rows})
    table = {
        name: np.array(
            [[float(r[name]) for r in sorted(d, key=lambda r: r["Symbol"])] for d in days.values()]
        )
        for name in ("Close", "Volume")
    }
    assert table["Close"].shape == (len(days), len(symbols))
    signs = directions(table["Close"][1:], table["Close"][:-1])
    counts, volume = tally(signs), split_volume(signs, table["Volume"][1:])
    found = arms_index(counts, volume)
    compared = 0
    for place, day in enumerate(list(days)[1:]):
        if day not in told:
            continue
        row, compared = told[day], compared + 1
        assert (counts.advances[place], counts.declines[place]) == (row["adv"], row["dec"])
        assert VolumeSplit(volume.up[place], volume.down[place]) == (row["up_vol"], row["down_vol"])
        if row["trin"] is None:
            assert np.isnan(found[place])
        else:
            assert found[place] == close_to(vector, row["trin"])
    assert compared == len(told)


def liquidity(vector: Vector) -> None:
    expected = vector["expected"]
    rows = [r for r in rows_of(vector["inputs"]["csv"]) if r["Date"] <= expected["date"]]
    ends, volumes = single(rows, "Close"), single(rows, "Volume")
    count = expected["n"]
    assert amihud(ends, volumes, count)[0] == close_to(vector, expected["illiq_x1e6"])
    assert dollar_volume(ends, volumes, count)[0] == close_to(vector, expected["adv_usd"])
    ratio = relative_volume(volumes[-1], usual_volume(volumes[:-1]), usual_share=1.0)
    assert ratio[0] == close_to(vector, expected["rvol20"])
    usual = simple_average(volumes[:-1, 0], 20)
    assert volume_ratio(float(volumes[-1, 0]), usual) == close_to(vector, expected["rvol20"])


def spread_proxies(vector: Vector) -> None:
    tables = dict(zip(("iwm", "sp500"), vector["inputs"]["csv"], strict=True))
    for name, told in vector["expected"].items():
        if not isinstance(told, dict):
            continue  # EDGE, which captop has no use for beside the two
        rows = [r for r in rows_of(tables[name.split("_")[0]]) if r["Date"] <= told["date"]]
        prices = (single(rows, "High"), single(rows, "Low"), single(rows, "Close"))
        pairs = told["width"] - 1
        computed = {
            "CS": corwin_schultz(*prices, pairs)[0],
            "CS2": corwin_schultz(*prices, pairs, is_clipped=True)[0],
            "AR": abdi_ranaldo(*prices, pairs)[0],
            "AR2": abdi_ranaldo(*prices, pairs, is_clipped=True)[0],
        }
        assert computed == {k: close_to(vector, told[k]) for k in computed}, name


def basket(vector: Vector) -> None:
    expected, name = vector["expected"], vector["inputs"]["csv"]
    first, last = (date.fromisoformat(vector["params"][k]) for k in ("from", "to"))
    series = {c: closes(name, c) for c in (*expected["members"], "IWM")}
    moves = {c: simple_return(s[last], s[first]) for c, s in series.items()}
    assert moves.pop("IWM") == close_to(vector, expected["iwm"])
    assert moves == {k: close_to(vector, v) for k, v in expected["members"].items()}
    days = sorted(day for day in series["IWM"] if first <= day <= last)
    table = np.array([[series[c][day] for c in expected["members"]] for day in days])
    never, always = np.zeros(len(days), np.bool_), np.ones(len(days), np.bool_)
    computed = {
        "buy_hold": never,
        "daily_rebal": always,
        "quarterly_rebal": rebalanced_on(days, ()),
    }
    for how, rebalanced in computed.items():
        level = equal_weight_basket(table, rebalanced)
        assert level[-1] / level[0] - 1 == close_to(vector, expected[how]), how
        # What is held before the last session makes its level, while it is still under way.
        held = shares_held(table[:-1], rebalanced[:-1])
        last = level[-2] * (held * table[-1]).sum() / (held * table[-2]).sum()
        assert last / level[0] - 1 == close_to(vector, expected[how]), how


MEMBER_VECTORS: dict[str, Callable[[Vector], None]] = {
    "attribution_breadth_r2000_2026-04-10_05-05": attribution,
    "mcclellan_nyse_2022": mcclellan_oscillator,
    "trin_three_stocks": arms,
    "amihud_adv_rvol_iwm": liquidity,
    "spread_proxies_iwm_sp500": spread_proxies,
    "basket_equal_weight": basket,
}
"""What is computed of each vector, by its id."""
