"""What panels of members say of their age, and what panels without data say instead."""

from __future__ import annotations

from array import array
from collections import Counter
from datetime import date, timedelta
from math import nan

import pytest
from msgspec.structs import replace

from market.baskets import Basket, MemberRule
from market.census import Mark as MemberMark
from market.health import Look, Trouble
from market.holdings import WHOLE_MARKET
from market.instruments import TRACKER
from market.metrics.compute import compute
from market.quotes import Key, Kind, Quote
from market.reports import ErrorKind
from market.snapshot import Mode, Snapshot
from tests.clocks import THURSDAY_AFTERNOON as NOW
from tests.market.memberships import holdings
from tests.widgets.censuses import census, counted, with_census
from tests.widgets.pictures import empty, picture
from widgets.breadth import paint
from widgets.breadth import view_of as breadth_of
from widgets.census_mark import (
    are_prices_old,
    census_mark,
    holdings_in_words,
    is_census_old,
    left_out,
)
from widgets.feeds_rows import board_of
from widgets.group_card import view_of as card_of
from widgets.lines import text_of
from widgets.mark import Mark
from widgets.members_table import member_rows
from widgets.moments import moment
from widgets.quote_place import Place, place_lines, place_of
from widgets.values import list_mark, number_of, value_of

MAY = date(2026, 5, 5)
WATCHED = ("iwm.last", "xbi.last")


def old_weights() -> Snapshot:
    found = census()
    return with_census(counted(), replace(found, members=replace(found.members, holdings_day=MAY)))


def failing(kind: Kind, symbol: str) -> Snapshot:
    found = Trouble(ErrorKind.GARBLED, "IWM: the file has no date", "ishares", NOW)
    return replace(old_weights(), troubles={Key(kind, symbol): found})


def test_late_weights_are_told_beside_live_prices() -> None:
    seen = old_weights()
    mark = census_mark(seen)
    assert (mark.look, mark.text) == (Look.LATE, "nasdaq 40s, holdings 5 May late")
    assert mark.fitted(14) == "holdings 5 May"
    assert is_census_old(seen)
    assert not are_prices_old(seen)


def test_why_there_are_no_newer_weights_is_told_by_the_feed_that_fails() -> None:
    assert census_mark(failing(Kind.HOLDINGS, TRACKER)).text == "holdings 5 May, ishares garbled"
    assert census_mark(failing(Kind.LISTINGS, WHOLE_MARKET)).text.startswith("nasdaq 40s, ishares")


def test_panels_of_members_name_the_day_of_the_weights() -> None:
    seen = old_weights()
    assert holdings_in_words(seen) == "holdings 5 May"
    assert card_of(seen, "@biotechnology", "1D").coverage.endswith("holdings 5 May")
    lines = [text_of(line) for line in paint(breadth_of(seen, "1D"), 56, 5)]
    assert "holdings 5 May" in lines[-1], "even where the line is narrow"
    assert holdings_in_words(empty()) == ""


def test_a_reason_takes_the_lines_it_needs() -> None:
    found = Trouble(
        ErrorKind.REFUSED, "iShares sent a web page instead of holdings", "ishares", NOW
    )
    seen = replace(empty(), troubles={Key(Kind.HOLDINGS, TRACKER): found})
    lines = [text_of(line) for line in paint(breadth_of(seen, "1D"), 30, 5)]
    assert " ".join(" ".join(lines).split()) == f"— {found.text}"
    assert census_mark(seen).text == "ishares refused"


def test_the_place_of_a_member_names_the_day_of_a_late_weight() -> None:
    old, fresh = (with_place(seen) for seen in (old_weights(), counted()))
    words = [" ".join(text_of(line) for line in place_lines(place, 36)) for place in (old, fresh)]
    assert "holdings 5 May" in words[0]
    assert "holdings 1 Jul" not in words[1]


def with_place(snapshot: Snapshot) -> Place:
    """The place of the heaviest member."""
    symbol = census().members.symbols[0]
    quotes = {**snapshot.quotes, symbol: replace(snapshot.quotes["IWM"], symbol=symbol)}
    seen = replace(snapshot, quotes=quotes)
    known = replace(seen, readings={**seen.readings, **compute(seen, {symbol})})
    return place_of(known, known.cast[symbol].slug)


def test_what_a_member_adds_is_of_its_own_newest_return() -> None:
    symbol = census().members.symbols[0]
    seen = counted()
    slug, members = seen.cast[symbol].slug, census().members
    own = replace(seen.quotes["IWM"], symbol=symbol)
    name = f"{slug}.index.contribution.1d"

    def added(quote: Quote, snapshot: Snapshot = seen) -> tuple[float | None, float]:
        found = compute(replace(snapshot, quotes={symbol: quote}), {symbol})
        return number_of(found[name]), 1e4 * members.weight[0] * (
            number_of(found[f"{slug}.return.1d"]) or 0.0
        )

    told = 1e4 * members.contributions["1D"][0]
    of_now, by_its_return = added(own)
    assert of_now == pytest.approx(by_its_return)
    assert of_now != pytest.approx(told)
    assert added(replace(own, as_of=NOW - timedelta(days=1)))[0] == pytest.approx(told)
    left_out = replace(members, contributions={**members.contributions, "1D": array("d", [nan])})
    without = with_census(seen, replace(census(), members=left_out))
    assert added(own, without)[0] is None


def test_ranks_are_of_a_told_time() -> None:
    words = " ".join(text_of(line) for line in place_lines(with_place(counted()), 200))
    assert f"in sub-sector  at {moment(census().members.as_of, NOW)}" in words


def test_an_exchanges_halt_and_a_member_left_out_have_each_a_sign_of_their_own() -> None:
    """As many members bear the sign of an idle one as are counted for left out."""
    members = census().members
    idle = members.marks.index(MemberMark.IDLE)
    halted = (members.symbols[0], members.symbols[idle])
    rows = member_rows(census(), range(len(members)), "1D", {}, halted=halted)
    signs = Counter(rows.row(n).cells[1].text for n in range(len(members)))
    assert (signs["H"], signs["I"]) == (1, 1)
    assert rows.row(0).cells[1].text == "H"
    assert (1, "idle") in left_out(counted())
    assert {sign.text for sign in (rows.row(0).cells[6],)} != {"—"}, "it is left out of nothing"
    assert rows.row(0) != member_rows(census(), [0], "1D", {}).row(0)


# Health


def test_health_tells_of_which_day_the_weights_are() -> None:
    file = replace(holdings(("AAA",)), fetched_at=NOW)
    fresh, old = (replace(empty(), holdings={TRACKER: replace(file, day=day)}) for day in
                  (date(2026, 7, 1), MAY))  # fmt: skip
    for seen, role, reason in ((fresh, "muted", ""), (old, "late", "no newer holdings")):
        rows, columns = board_of(seen)
        cells = dict(zip((c.id for c in columns), rows[0].cells, strict=True))
        assert cells["name"].text == "weights IWM"
        assert cells["state"].role == role
        assert ("reason" in cells) is bool(reason)
        assert reason in (cells["reason"].text if reason else "")
    igv = replace(file, fund="IGV")
    assert len(board_of(replace(fresh, holdings={"IGV": igv}))[0]) == 0, "of others only late ones"


def test_health_names_a_basket_that_matches_nobody() -> None:
    rule = MemberRule(symbols=("ZZZ",))
    nobody = Basket(name="None", slug="nobody", rule="x", as_of=MAY, members=rule)
    rows, _ = board_of(replace(counted(), baskets=(nobody,), holdings={}, absences={}))
    (row,) = [row for row in rows if row.key == "basket nobody"]
    assert row.cells[1].text == "empty"
    assert "0 of 60 members fit the rule" in row.cells[-1].text


# Panels without data


def of_watched(snapshot: Snapshot) -> Mark:
    return list_mark(snapshot, WATCHED)


def test_a_list_nobody_has_answered_about_waits() -> None:
    assert of_watched(empty()).text == "waiting"


def test_a_list_of_which_data_are_there_and_no_metric_is_being_worked_out() -> None:
    others = {"rut.last": picture().readings["rut.last"]}
    seen = replace(picture(), readings=others)
    assert of_watched(seen).text == "working out"
    assert of_watched(replace(seen, mode=Mode.DEMO)).text == "DEMO working out"
    assert value_of(seen, "iwm.last").reason == "working out"


def test_a_list_of_which_the_sources_know_nothing_says_so() -> None:
    absent = {Key(Kind.TRACE, symbol): "Yahoo has no prices" for symbol in ("IWM", "XBI")}
    assert of_watched(replace(empty(), absences=absent)).text == "the sources know no price"
    unwritten = {Key(Kind.FILINGS, symbol): "nobody asks the SEC" for symbol in ("IWM", "XBI")}
    assert "price" not in of_watched(replace(empty(), absences=unwritten)).text


@pytest.mark.parametrize("kind", list(ErrorKind))
def test_a_list_that_cannot_be_had_names_feed_and_cause(kind: ErrorKind) -> None:
    found = Trouble(kind, "a reason", "yahoo", NOW)
    seen = replace(empty(), troubles={Key(Kind.TRACE, "IWM"): found})
    assert of_watched(seen).text.startswith("yahoo ")
