"""The reference vectors of policy, macro, option chains and flows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import pytest

from market.fed_funds_study import Meeting, Path
from market.fomc import TargetRange, default_schedule
from market.fund_shares import FundDay
from market.metrics.fed_funds_path import fed_funds_path, year_end
from market.metrics.fed_funds_rates import implied_rate, rate_after
from market.metrics.fund_flows import creation
from market.metrics.macro import four_week_mean, level_change, year_on_year
from market.metrics.option_figures import expected_move, straddle_move
from market.metrics.option_forward import growth, parity, years_to
from market.metrics.subject import Unknown
from market.metrics.vix_method import (
    Strike,
    spacings,
    strip_sum,
    thirty_day_index,
    variance,
    walked,
)
from tests.market.chains import options_of
from tests.market.vectors import Vector, close_to


def path_of(vector: Vector) -> Path:
    settle = {date.fromisoformat(f"{m}-01"): p for m, p in vector["inputs"]["settle"].items()}
    lower, upper = vector["inputs"]["current_range"]
    in_force = TargetRange(round(100 * lower), round(100 * upper))
    day = date.fromisoformat(vector["id"].removeprefix("fedwatch_").removeprefix("cme_")[:10])
    return fed_funds_path(settle, default_schedule(), in_force, day)


def per_cent(meeting: Meeting) -> dict[str, float]:
    return {chance.range.label: 100 * chance.probability for chance in meeting.chances}


def agree(meeting: Meeting, expected: Mapping[str, float], tolerance: float) -> None:
    """Ranges that only one of the two names have next to no probability."""
    ours = per_cent(meeting)
    for label in ours.keys() | expected.keys():
        pair = ours.get(label, 0.0), expected.get(label, 0.0)
        assert pair[0] == pytest.approx(pair[1], abs=tolerance), (meeting.day, label)


def fed_funds_days(vector: Vector) -> None:
    meetings = {meeting.day.isoformat(): meeting for meeting in path_of(vector).meetings}
    assert set(vector["inputs"]["meetings"]) <= set(meetings)
    for day, expected in vector["expected"]["published"].items():
        agree(meetings[day], expected, vector["tolerance"]["pp_abs"])
    for day, expected in vector["expected"]["unrounded_reference"].items():
        agree(meetings[day], expected, 0.001)


def fed_funds_thesis(vector: Vector) -> None:
    path, expected = path_of(vector), vector["expected"]
    meetings = {meeting.day.isoformat(): meeting for meeting in path.meetings}
    for day, values in expected["by_meeting"].items():
        meeting = meetings[day]
        agree(meeting, values["probs"], 0.001)
        assert meeting.start == pytest.approx(values["start"], abs=1e-5)
        assert meeting.end == pytest.approx(values["end"], abs=1e-5)
    december = year_end(path, default_schedule(), 2026)
    assert december is not None
    assert december.meeting.against_now is not None
    assert 100 * december.meeting.against_now.cut == expected["p_cut_by_dec"]
    assert 100 * december.meeting.against_now.hike == pytest.approx(
        expected["p_hike_by_dec"], abs=0.001
    )
    price = vector["inputs"]["settle"]["2026-12"]
    assert implied_rate(price) == pytest.approx(expected["implied_dec_avg"])


def fed_funds_single_meeting(vector: Vector) -> None:
    """CME's example of 2015: the day of the decision still counted at the new rate."""
    inputs, expected = vector["inputs"], vector["expected"]
    start = implied_rate(inputs["FFQ5"])
    end = rate_after(implied_rate(inputs["FFU5"]), start, inputs["days_before"], inputs["N"])
    assert end == close_to(vector, expected["FFER_end"])
    assert (end - start) / 0.25 == close_to(vector, expected["p_hike"])


def strip_of(inputs: Mapping[str, list[float]]) -> list[Strike]:
    pairs = zip(inputs["strikes"], inputs["Q"], strict=True)
    return [Strike(strike, price) for strike, price in pairs]


def vix_methodology(vector: Vector) -> None:
    expected, tolerance = vector["expected"], vector["tolerance"]
    variances: list[float] = []
    for place, name in enumerate(("near", "next"), start=1):
        inputs, at_strike = vector["inputs"][name], expected["K0"]
        years = inputs["minutes"] / vector["params"]["minutes_year"]
        grown = growth(inputs["R"], years)
        forward = parity(inputs["F_strike"], inputs["call"], inputs["put"], grown)
        assert forward == pytest.approx(expected[f"F{place}"], abs=5e-6)
        strip = strip_of(inputs)
        middle = (inputs["K0_call"] + inputs["K0_put"]) / 2
        assert {s.strike: s.price for s in strip}[at_strike] == pytest.approx(middle)
        # Cboe prints the sum with the interest on it.
        total = grown * strip_sum(strip)
        assert total == pytest.approx(expected[f"sum{place}"], abs=tolerance["sum_abs"])
        found = variance(strip, forward, at_strike, years, grown)
        assert found == pytest.approx(expected[f"sigma2_{place}"], abs=tolerance["sigma2_abs"])
        variances.append(found)
    near, following = vector["inputs"]["near"], vector["inputs"]["next"]
    index = thirty_day_index(near["minutes"], variances[0], following["minutes"], variances[1])
    assert round(index, 2) == expected["vix"]
    assert index == pytest.approx(expected["vix_full"], abs=1e-6)


def vix_six_strikes(vector: Vector) -> None:
    params, expected, strip = vector["params"], vector["expected"], strip_of(vector["inputs"])
    assert spacings(vector["inputs"]["strikes"]) == expected["dK"]
    assert strip_sum(strip) == close_to(vector, expected["sum_raw"])
    grown = 1 / params["discount"]
    found = variance(strip, params["F"], params["K0"], params["T"], grown)
    assert found == close_to(vector, expected["variance"])
    assert found**0.5 == close_to(vector, expected["vol"])


def vix_strikes(vector: Vector) -> None:
    inputs, expected = vector["inputs"], vector["expected"]
    puts = [s.strike for s in walked(reversed(options_of(inputs["puts"])))]
    calls = [s.strike for s in walked(options_of(inputs["calls"]))]
    assert puts == [1380, 1375, expected["lowest_put"]]
    assert calls == [2095, 2100, expected["highest_call"]]
    assert not {*puts, *calls} & set(expected["excluded_despite_bid"])
    near = [1370, 1375, 1395, 1400, 1410, 1420, 1425, 2095, 2100, 2125]
    widths = dict(zip(near, spacings(near), strict=True))
    assert {k: widths[int(k)] for k in expected["dK"]} == expected["dK"]
    following = [1275, 1325, 1350]
    widths = dict(zip(following, spacings(following), strict=True))
    assert {k: widths[int(k)] for k in expected["next_dK"]} == expected["next_dK"]


def expected_moves(vector: Vector) -> None:
    for case in vector["expected"]:
        years = years_to(case["dte"])
        found = expected_move(case["S"], case["iv"], years)
        if "atm_forward_straddle" not in case:
            # A published example, known to the two decimals it prints.
            assert round(found, 2) == round(case["one_sigma"], 2)
        else:
            assert found == close_to(vector, case["one_sigma"])
            straddle = case["atm_forward_straddle"]
            implied = straddle_move(straddle, growth(case["r"], years))
            assert implied == close_to(vector, case["straddle_x_1_2533"])
            assert straddle / found == close_to(vector, case["ratio_straddle_to_sigma"])


def monthly(vector: Vector, name: str) -> dict[date, float]:
    return {date.fromisoformat(day): v for day, v in vector["inputs"][name].items()}


def macro(vector: Vector) -> None:
    expected, prices = vector["expected"], monthly(vector, "CPIAUCSL")
    for day, value in expected["cpi_yoy"].items():
        if isinstance(value, float):
            assert 100 * year_on_year(prices, date.fromisoformat(day)) == close_to(vector, value)
        else:
            with pytest.raises(Unknown, match="October 2025 was never collected"):
                year_on_year(prices, date.fromisoformat(day))
    payrolls, claims = monthly(vector, "PAYEMS"), monthly(vector, "ICSA")
    for day, value in expected["nfp_change"].items():
        assert level_change(payrolls, date.fromisoformat(day)) == close_to(vector, value)
    for day, value in expected["claims_4wk"].items():
        assert four_week_mean(claims, date.fromisoformat(day)) == close_to(vector, value)
    unemployment = monthly(vector, "UNRATE")
    assert not set(map(date.fromisoformat, expected["unrate_missing"])) & unemployment.keys()


def fund_flows(vector: Vector) -> None:
    rows = {
        row["as_of"]: FundDay(
            date.fromisoformat(row["as_of"]), row["shares_out"], close=row["close"]
        )
        for row in vector["expected"]["snapshots"]
    }
    for flow in vector["expected"]["flows"]:
        found = creation(rows[flow["from"]], rows[flow["to"]], unit=50_000)
        assert found.units == close_to(vector, flow["d_shares"])
        assert found.dollars == close_to(vector, flow["flow_usd"])
        assert 100 * found.share == close_to(vector, flow["flow_pct_of_start_aum"])
        assert found.remarks == (f"{found.sessions}d", "at the close")


STORY_VECTORS: dict[str, Callable[[Vector], None]] = {
    "etf_flows_iwm": fund_flows,
    "expected_move": expected_moves,
    "fedwatch_2026-07-02_thesis": fed_funds_thesis,
    "fedwatch_cme_2015-09-17": fed_funds_single_meeting,
    "fedwatch_cme_2026-07-14": fed_funds_days,
    "fedwatch_cme_2026-08-07": fed_funds_days,
    "fedwatch_cme_2026-08-12": fed_funds_days,
    "fedwatch_cme_2026-08-14": fed_funds_days,
    "macro_cpi_nfp_claims": macro,
    "vix_methodology_2026_13.93": vix_methodology,
    "vix_sixstrike_hand": vix_six_strikes,
    "vix_strike_selection": vix_strikes,
}
