"""The census: members joined from holdings, listings and the past, and what follows of them."""

from __future__ import annotations

import re
from array import array
from datetime import date, timedelta
from math import isnan, nan
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from market.baskets import MemberRule
from market.census import Census, GroupKind, Mark
from market.instruments import INDEX, TRACKER
from market.metrics.census import CensusTaker
from market.quotes import Details, Key, Kind, Profile, Quote
from market.reckoning import Reckoner, Reckoning
from market.sessions import previous_session, session_of
from market.snapshot import empty_snapshot
from tests.market.day_charts import five_days
from tests.market.metrics.pictures import quote_at
from tests.market.metrics.small_index import (
    BASKET,
    COUNT,
    DAY,
    NOON,
    census_of,
    closes_of,
    days,
    holdings,
    listings,
    past_of,
    snapshot,
    symbols,
)


def value(census: Census, name: str) -> float:
    found = census.readings[name].value
    assert isinstance(found, float)
    return found


def changed(column: array[float], row: int, to: float) -> array[float]:
    copy = array("d", column)
    copy[row] = to
    return copy


def test_nothing_is_counted_before_the_holdings_are_known() -> None:
    assert CensusTaker().take(empty_snapshot(NOON), NOON) is None


def test_weights_add_up_and_follow_quantity_times_previous_close() -> None:
    members = census_of(snapshot()).members
    assert sum(members.weight) == pytest.approx(1.0)
    file = holdings()
    worth = [q * closes_of(row)[-1] for row, q in enumerate(file.quantity)]
    assert members.weight[7] == pytest.approx(worth[7] / sum(worth))


def test_advances_and_declines_are_those_of_the_listings() -> None:
    census = census_of(snapshot())
    ups = sum(1 for row in range(COUNT) if row % 3)
    assert (value(census, "breadth.advances"), value(census, "breadth.declines")) == (
        ups,
        COUNT - ups,
    )
    assert census.readings["breadth.advances"].used == COUNT
    assert census.readings["breadth.advances"].coverage == pytest.approx(1.0)


def test_contributions_of_groups_and_the_unmapped_add_up_to_the_whole() -> None:
    census = census_of(snapshot())
    sectors = sum(
        value(census, f"{g.slug}.contribution.1d") for g in census.groups if "sector:" in g.symbol
    )
    assert sectors == pytest.approx(1e4 * sum(census.members.contributions["1D"]))


def test_the_residual_is_what_members_do_not_explain() -> None:
    picture = snapshot()
    yesterday = picture.bars[Key(Kind.DAILY, INDEX)].close[-1]
    quote = quote_at(INDEX, yesterday * 1.01, NOON)
    census = census_of(replace(picture, quotes={INDEX: quote}))
    explained = sum(census.members.contributions["1D"])
    assert value(census, "attribution.residual.1d") == pytest.approx(1e4 * (0.01 - explained))


def test_a_missing_price_is_missing_and_no_zero() -> None:
    lists = listings()
    census = census_of(snapshot(lists=replace(lists, last=changed(lists.last, 5, nan))))
    assert census.members.marks[5] is Mark.MISSING
    assert isnan(census.members.returns["1D"][5])
    assert census.readings["breadth.advances"].used == COUNT - 1


def test_a_member_without_trades_is_idle_and_on_neither_side() -> None:
    lists = listings([0.0] * COUNT)
    census = census_of(snapshot(lists=replace(lists, volume=changed(lists.volume, 3, 0.0))))
    assert census.members.marks[3] is Mark.IDLE
    assert value(census, "breadth.unchanged") == COUNT - 1
    assert value(census, "breadth.idle") == 1


def test_a_move_that_nobody_confirms_is_left_out_and_counted() -> None:
    census = census_of(snapshot(lists=listings([1.5 if row == 2 else 0.0 for row in range(COUNT)])))
    assert census.members.marks[2] is Mark.SUSPECT
    assert value(census, "breadth.suspect") == 1
    assert value(census, "attribution.equal_weight.1d") == pytest.approx(0.0)


def test_after_a_split_the_exchange_s_previous_close_counts() -> None:
    lists = listings([0.0] * COUNT)
    price = closes_of(4)[-1] / 2
    lists = replace(lists, last=changed(lists.last, 4, price), change=changed(lists.change, 4, 0.0))
    census = census_of(snapshot(lists=lists))
    assert census.members.marks[4] is Mark.SPLIT
    assert census.members.returns["1D"][4] == pytest.approx(0.0)
    month = census_of(snapshot(lists=listings([0.0] * COUNT))).members.returns["1M"][4]
    assert census.members.returns["1M"][4] == pytest.approx(month, abs=1e-3)


def test_a_move_that_a_second_source_confirms_is_believed() -> None:
    moves = [1.5 if row == 2 else 0.0 for row in range(COUNT)]
    census = census_of(replace(snapshot(lists=listings(moves)), profiles={"M002": page(2, 1.5)}))
    assert census.members.marks[2] is Mark.FINE
    assert census.members.returns["1D"][2] == pytest.approx(1.5)


def page(row: int, move: float) -> Profile:
    """A member's quote page after a move from its previous close."""
    before = closes_of(row)[-1]
    quote = Quote(
        symbol=symbols()[row],
        last=before * (1 + move),
        as_of=NOON,
        source="yahoo",
        volume=10.0,
        reported_previous_close=before,
    )
    details = Details(symbol=symbols()[row], as_of=NOON, source="yahoo")
    return Profile(symbol=symbols()[row], quote=quote, details=details)


def test_too_little_of_the_weight_shows_nothing_and_says_why() -> None:
    lists = listings()
    few = array("d", [nan if row < 60 else price for row, price in enumerate(lists.last)])
    reading = census_of(snapshot(lists=replace(lists, last=few))).readings["breadth.advances"]
    assert reading.value is None
    assert re.fullmatch(
        r"\d+ % of the weight known \(40 of 100 members\), 80 % needed", reading.reason
    )
    assert reading.coverage is not None
    assert reading.coverage < 0.8


def test_listings_of_the_day_before_are_recognised_and_dated() -> None:
    """In the morning the screener may still show yesterday's closes and changes."""
    before = [closes_of(row)[-2:] for row in range(COUNT)]
    stale = replace(
        listings(),
        last=array("d", (new for _, new in before)),
        change=array("d", (new - old for old, new in before)),
    )
    census = census_of(snapshot(lists=stale))
    assert census.members.day == previous_session(DAY)
    assert census.members.as_of == session_of(previous_session(DAY)).close


def test_a_page_fills_what_the_listings_lack() -> None:
    lists = listings()
    picture = snapshot(lists=replace(lists, last=changed(lists.last, 0, nan)))
    census = census_of(replace(picture, profiles={"M000": page(0, 0.02)}))
    assert census.members.marks[0] is Mark.FINE
    assert census.members.returns["1D"][0] == pytest.approx(0.02)
    assert census.members.source == "nasdaq+yahoo"


def test_groups_are_instruments_with_a_level_of_their_own() -> None:
    report = CensusTaker().take(snapshot(), NOON)
    assert report is not None
    assert report.census is not None
    by_symbol = {quote.symbol: quote for quote in report.quotes}
    kinds = {bars.key.kind for bars in report.bars if bars.key.symbol == "@biotechnology"}
    assert kinds == {Kind.CLOSES, Kind.TRACE}
    group = report.census.group("@biotechnology")
    assert group is not None
    quote = by_symbol["@biotechnology"]
    assert quote.reported_previous_close is not None
    own = [report.census.members.returns["1D"][row] for row in group.rows]
    weights = [report.census.members.weight[row] for row in group.rows]
    mean = sum(w * r for w, r in zip(weights, own, strict=True)) / sum(weights)
    assert quote.last / quote.reported_previous_close - 1 == pytest.approx(mean)


def test_a_basket_takes_its_members_in_equal_parts() -> None:
    census = census_of(snapshot())
    basket = census.group("@basket:made-up")
    assert basket is not None
    assert {census.members.symbols[row] for row in basket.rows} == {"M000", "M001", "M002"}


def test_the_past_grows_by_the_session_that_the_listings_completed() -> None:
    evening = session_of(DAY).close + timedelta(hours=1)
    picture = snapshot(evening, listings(as_of=evening))
    report = CensusTaker().take(picture, evening)
    assert report is not None
    grown = {bars.key.symbol: bars for bars in report.past}
    assert len(grown) == COUNT
    assert grown["M001"].close[-1] == pytest.approx(closes_of(1)[-1] * 1.01)
    assert grown["M001"].times[-1] == int(session_of(DAY).open.timestamp())


def test_a_renamed_member_goes_on_with_the_past_of_its_old_symbol() -> None:
    """One that was listed before any window began weighs then what it weighed as M007, too."""
    file, past = holdings(), dict(snapshot().past)
    past["OLD"] = past.pop("M007")
    before = replace(
        holdings(days()[-200]), symbols=tuple("OLD" if s == "M007" else s for s in file.symbols)
    )
    picture = replace(snapshot(), past=past, earlier_holdings=(before,))
    report = CensusTaker().take(picture, NOON)
    assert report is not None
    assert report.census is not None
    (inherited,) = report.past
    assert inherited.key == Key(Kind.PAST, "M007")
    plain = replace(snapshot(), earlier_holdings=(holdings(days()[-200]),))
    ours, theirs = report.census.members, census_of(plain).members
    assert ours.week52_position == theirs.week52_position
    assert ours.contributions == theirs.contributions
    folded = replace(picture, past={**past, "M007": inherited})
    again = CensusTaker().take(folded, NOON)
    assert again is not None
    assert again.past == ()


def test_the_past_does_not_grow_while_the_session_is_under_way() -> None:
    report = CensusTaker().take(snapshot(), NOON)
    assert report is not None
    assert report.past == ()


def test_breadth_has_a_row_for_each_session_and_one_for_today() -> None:
    history = census_of(snapshot()).breadth
    assert history.times[-1] == int(session_of(DAY).open.timestamp())
    assert all(len(column) == len(history.times) for column in history.columns.values())
    assert history.columns["advances"][-1] == sum(1 for row in range(COUNT) if row % 3)


def test_a_second_census_says_the_same_as_a_first() -> None:
    taker, picture = CensusTaker(), snapshot()
    first, second = taker.take(picture, NOON), taker.take(picture, NOON)
    assert first is not None
    assert second is not None
    assert first.census is not None
    assert second.census is not None
    assert first.census.readings == second.census.readings


@settings(max_examples=3)
@given(st.permutations(range(COUNT)))
def test_the_order_of_the_listings_changes_nothing(order: list[int]) -> None:
    lists = listings()
    turned = replace(
        lists,
        symbols=tuple(lists.symbols[row] for row in order),
        industries=tuple(lists.industries[row] for row in order),
        names=tuple(lists.names[row] for row in order),
        **{
            name: array("d", (getattr(lists, name)[row] for row in order))
            for name in ("last", "change", "volume", "market_cap")
        },
    )
    assert census_of(snapshot(lists=turned)).readings == census_of(snapshot()).readings


def test_the_index_itself_is_no_member_and_the_tracker_only_the_list() -> None:
    assert not {INDEX, TRACKER} & set(symbols())
    assert census_of(snapshot()).row_of(INDEX) is None
    assert past_of("M000", closes_of(0)).key.kind is Kind.PAST


def test_what_a_basket_lacks_stands_with_the_group_and_its_figures() -> None:
    rule = replace(
        BASKET.members, symbols=("M000", "M001", "GONE"), funds=("AIQ", "BOTZ"), sectors=("Energy",)
    )
    picture = replace(snapshot(), baskets=(replace(BASKET, members=rule),))
    words = "0 of 2 funds known, without AIQ, BOTZ; 2 of 3 symbols named are members, without GONE"
    census = census_of(picture)
    group = census.group("@basket:made-up")
    assert group is not None
    assert group.note == words
    for name in ("weight", "members", "advancing", "contribution.1m", "median.ytd"):
        assert census.readings[f"basket.made-up.{name}"].reason == words
    known = replace(picture, holdings={**picture.holdings, "AIQ": replace(holdings(), fund="AIQ")})
    group = census_of(known).group("@basket:made-up")
    assert group is not None
    assert group.note.startswith("1 of 2 funds known, without BOTZ;")


def test_another_rule_picks_members_until_a_funds_holdings_are_known() -> None:
    by_fund = MemberRule(funds=("XBI",))
    basket = replace(BASKET, members=by_fund, meanwhile=MemberRule(symbols=("M004", "M005")))
    picture = replace(snapshot(), baskets=(basket,))
    told: list[tuple[list[str], str, str]] = []
    file = replace(holdings(), fund="XBI", day=date(2026, 8, 3), symbols=("M007", "OUTSIDE"))
    for seen in (picture, replace(picture, holdings={**picture.holdings, "XBI": file})):
        census = census_of(seen)
        group = census.group("@basket:made-up")
        assert group is not None
        held = sorted(census.members.symbols[row] for row in group.rows)
        told.append((held, group.rule, group.note))
    assert told == [
        (
            ["M004", "M005"],
            "the first three members; holdings: XBI not known yet",
            "0 of 1 funds known, without XBI",
        ),
        (["M007"], "the first three members; holdings: XBI 2026-08-03", ""),
    ]


def test_a_whole_basket_has_nothing_to_say() -> None:
    group = census_of(snapshot()).group("@basket:made-up")
    assert group is not None
    assert group.note == ""


def test_a_groups_advancing_share_and_median_follow_the_window() -> None:
    census = census_of(snapshot())
    group = next(g for g in census.groups if g.kind is GroupKind.SECTOR)
    for window in ("1D", "3M"):
        own = [census.members.returns[window][row] for row in group.rows]
        over = window.lower()
        assert value(census, f"{group.slug}.median.{over}") == pytest.approx(median(own))
        share = sum(move > 0 for move in own) / len(own)
        assert value(census, f"{group.slug}.advancing.{over}") == pytest.approx(share)


def test_further_figures_of_breadth_and_of_few_or_many() -> None:
    moves = [0.02 if row < 40 else -0.01 if row < 90 else 0.0 for row in range(COUNT)]
    census = census_of(snapshot(lists=listings(moves)))
    assert value(census, "breadth.ad_ratio") == pytest.approx(40 / 50)
    weight = census.members.weight
    assert value(census, "breadth.effective_members") == pytest.approx(
        1 / sum(w * w for w in weight)
    )
    gains = sorted((w * 0.02 for w in weight[:40]), reverse=True)
    whole = sum(gains)
    found = value(census, "attribution.positive_contributors.1d")
    assert found == pytest.approx(1 / sum((g / whole) ** 2 for g in gains))
    net = sum(w * move for w, move in zip(weight, moves, strict=True))
    assert value(census, "attribution.top10_of_net.1d") == pytest.approx(sum(gains[:10]) / net)
    flat = census_of(snapshot(lists=listings([0.0] * COUNT)))
    still = flat.readings["attribution.top10_of_net.1d"]
    assert (still.value, still.reason) == (None, "the net move is under 25 basis points")


def test_volume_of_part_of_a_day_says_what_it_is_held_against() -> None:
    during, after = (census_of(snapshot(now=at)) for at in (NOON, session_of(DAY).close))
    name = "liquidity.relative_volume"
    assert during.readings[name].reason == "session so far against full days"
    assert after.readings[name].reason == ""
    chart = five_days(previous_session(DAY))
    usual = census_of(replace(snapshot(), bars={**snapshot().bars, chart.key: chart}))
    words = "by IWM's usual part of the day, 5 sessions"
    gone = (NOON - session_of(DAY).open).total_seconds() / 23_400
    assert during.members.relative_volume[0] == pytest.approx(0.5), "half of the usual 100,000"
    assert usual.members.relative_volume[0] == pytest.approx(0.5 / gone)
    assert value(usual, name) == pytest.approx(0.5 / gone)
    group = f"{usual.groups[0].slug}.typical_relative_volume"
    assert value(usual, group) == pytest.approx(0.5 / gone)
    told = (usual.members.volume_words, usual.readings[name].reason)
    assert told == (words, words)
    assert usual.readings[group].reason.startswith(words)


# The reckoner


def test_the_groups_returns_tell_what_they_are_made_of_and_are_blank_below_four_fifths() -> None:
    picture = replace(snapshot(), quotes={INDEX: quote_at(INDEX, 2310.0, NOON)})
    name = "basket.made-up.return.1d"
    whole = Reckoner().reckon(picture, Reckoning(at=NOON, members=True)).readings[name]
    assert (whole.used, whole.total, whole.coverage) == (3, 3, pytest.approx(1.0))
    assert whole.value is not None
    lists = listings()
    gone = replace(lists, last=changed(lists.last, 1, nan))
    picture = replace(picture, listings=gone)
    few = Reckoner().reckon(picture, Reckoning(at=NOON, members=True)).readings
    for each in (few[name], few["basket.made-up.relative.1d"]):
        assert (each.value, each.as_of, each.used, each.total) == (None, None, 2, 3)
        assert "known (2 of 3 members), 80 % needed" in each.reason
    assert few["basket.made-up.last"].used is None
