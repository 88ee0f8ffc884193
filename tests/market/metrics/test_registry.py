"""METRICS as a whole: names, meanings, and a reading whatever the data are."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from datetime import datetime, timedelta

import msgspec
import pytest
from msgspec.structs import replace

from market.instruments import PRICED, Instrument, Role, default_cast
from market.metrics.catalogue import METRICS
from market.metrics.compute import (
    compute,
    known_symbols,
    metric_named,
    metric_names,
)
from market.metrics.describe import metrics_table
from market.metrics.metric import Cadence, Unit
from market.metrics.registry import FUNCTIONS
from market.quotes import Key, Kind
from market.reports import Reading
from market.snapshot import empty_snapshot
from tests.clocks import THURSDAY_AFTERNOON
from tests.market.metrics.pictures import full_picture, pre_market, quote_at, with_quote

CAST = default_cast()
OF_DOCUMENTS = {
    *("options", "policy", "macro", "calendar", "earnings"),
    *("flow", "flows", "assets", "shares_outstanding", "futures", "halts", "halt"),
}
"""Parts of names that are told of documents, of which these pictures have none."""
FIXED = set(
    """
rut.last rut.previous_close rut.change rut.return.1d rut.from_open rut.open rut.high rut.low
iwm.volume iwm.extended.last iwm.extended.return iwm.extended.phase
rut.return.5d rut.return.1w rut.return.1m rut.return.8w rut.return.3m rut.return.6m
rut.return.ytd rut.return.1y xbi.relative.1d xbi.relative.5d xbi.relative.1w xbi.relative.1m
xbi.relative.8w xbi.relative.3m xbi.relative.6m psct.relative.ytd spx.relative.1y
rut.range52w.high rut.range52w.low rut.range52w.position rut.drawdown rut.average.50d
rut.average.200d iwm.relative_volume rut.realised_vol.close_to_close.21d
spy.realised_vol.close_to_close.21d iwm.realised_vol.yang_zhang.21d
iwm.realised_vol.parkinson.21d iwm.realised_vol.garman_klass.21d
iwm.realised_vol.rogers_satchell.21d vix.percentile.1y vvix.percentile.5y skew.rank.1y
vix.term.slope vix.term.ratio vix.term.short_ratio vix.term.state vix.regime vix.move.1d
vix.variance_premium rvx.variance_premium rvx.vix_ratio iwm.implied_minus_realised
rut.relative_strength.spx rut.relative_strength.spx.return.63d
rut.relative_strength.spx.above_200d rut.correlation.spx.63d rut.beta.spx.63d
iwm.implied_index iwm.tracking.1d
""".split()  # noqa: SIM905 - a name a line would hide their order
)


def test_the_agreed_names_exist() -> None:
    assert set(metric_names(CAST)) >= FIXED


def test_names_are_unique() -> None:
    counts = Counter(metric_names(CAST, ["NVDA", "BRK-B"]))
    assert [name for name, count in counts.items() if count > 1] == []


def test_every_line_has_a_function_and_every_function_a_line() -> None:
    assert set(FUNCTIONS) == {line.name for line in METRICS}


def test_every_line_says_what_it_is() -> None:
    for line in METRICS:
        assert line.meaning.endswith("."), line.name
        assert line.meaning[0].isupper(), line.name
        assert isinstance(line.unit, Unit), line.name
        assert ("{slug}" in line.name) != bool(line.only), line.name


def test_everything_is_absent_with_a_reason_when_nothing_is_known() -> None:
    snapshot = empty_snapshot(THURSDAY_AFTERNOON)
    readings = compute(snapshot)
    assert set(readings) == set(metric_names(CAST))
    told = {name for name, reading in readings.items() if reading.value is not None}
    assert told <= {"calendar.next_fomc"}, "the days of decisions are known before any answer"
    assert all(readings[name].reason for name in set(readings) - told)


def test_a_full_picture_leaves_out_only_what_does_not_exist() -> None:
    snapshot = full_picture()
    for symbol in [*CAST.by_symbol, "NVDA"]:
        quote = snapshot.quotes[symbol]
        printed = quote.as_of + timedelta(seconds=1)
        snapshot = with_quote(snapshot, pre_market(quote, quote.last * 1.001, printed))
    readings = compute(snapshot)
    assert set(readings) == set(metric_names(CAST, ["NVDA"]))
    of_members = {
        line.name_for(instrument)
        for instrument in (*CAST.by_symbol.values(), CAST["NVDA"])
        for line in METRICS
        if line.of_members and line.exists_for(instrument)
    }
    assert all(readings[name].value is None for name in of_members), "nobody told of any member"
    published = {i.slug for i in CAST.by_symbol.values() if i.role not in PRICED}
    of_documents = OF_DOCUMENTS | published
    of_members |= {name for name in readings if of_documents & set(name.split("."))}
    missing = {name for name, reading in readings.items() if reading.value is None} - of_members
    indices = {i.slug for i in CAST.by_symbol.values() if i.symbol.startswith("^")}
    assert missing == {f"{slug}.{n}" for slug in indices for n in ("volume", "relative_volume")}
    for name in set(readings) - missing - of_members:
        assert readings[name].as_of is not None, name
        assert set(readings[name].source.split("+")) <= {"yahoo", "cboe"}, name
        assert readings[name].source, name


@pytest.fixture(scope="module")
def whole() -> dict[str, Reading]:
    """Every reading of the full picture."""
    return compute(full_picture())


def test_a_part_is_what_the_whole_says(whole: dict[str, Reading]) -> None:
    for symbol in ("^RUT", "^GSPC", "^VIX", "XBI", "NVDA"):
        part = compute(full_picture(), [symbol])
        assert {name: whole[name] for name in part} == part


@pytest.mark.parametrize("symbol", ["^RUT", "^GSPC", "^VIX", "^VIX3M", "^VIX9D", "^RVX", "XBI"])
def test_a_part_holds_everything_that_a_symbol_moves(
    whole: dict[str, Reading], symbol: str
) -> None:
    before = full_picture()
    after = with_quote(before, quote_at(symbol, before.quotes[symbol].last * 1.02, before.now))
    new = compute(after)
    moved = {name for name in new if new[name].value != whole[name].value}
    assert moved
    assert moved <= set(compute(after, [symbol]))


def test_a_watched_symbol_that_nobody_knows_says_so() -> None:
    key = Key(Kind.QUOTE, "ZZZZ")
    snapshot = replace(
        empty_snapshot(THURSDAY_AFTERNOON), absences={key: "Yahoo knows no symbol ZZZZ"}
    )
    assert known_symbols(snapshot) == ["ZZZZ"]
    assert compute(snapshot)["zzzz.last"].reason == "Yahoo knows no symbol ZZZZ"


@pytest.mark.parametrize(
    "symbols", [("^XYZ", "XYZ"), ("T.TO", "TTO"), ("BRK.B", "BRKB"), ("A/B", "AB"), ("..", ".")]
)
def test_two_watched_symbols_never_show_each_others_price(symbols: tuple[str, str]) -> None:
    snapshot = empty_snapshot(THURSDAY_AFTERNOON)
    for price, symbol in enumerate(symbols, 10):
        snapshot = with_quote(snapshot, quote_at(symbol, float(price), THURSDAY_AFTERNOON))
    readings = compute(snapshot)
    for price, symbol in enumerate(symbols, 10):
        name = f"{CAST[symbol].slug}.last"
        assert readings[name].value == price
        found = metric_named(name, CAST)
        assert found is not None
        assert found[1].symbol == symbol


def test_a_watched_symbol_does_not_take_the_name_of_another() -> None:
    snapshot = full_picture()
    for symbol in ("^SPX", "SPX", "RUT"):
        snapshot = with_quote(snapshot, quote_at(symbol, 1.0, THURSDAY_AFTERNOON))
    readings = compute(snapshot)
    for name, symbol in {"^spx": "^SPX", "spx~": "SPX", "rut~": "RUT"}.items():
        assert readings[f"{name.removesuffix('~').removeprefix('^')}.last"].value != 1.0
        assert readings[f"{name}.last"].value == 1.0
        found = metric_named(f"{name}.last", CAST)
        assert found is not None
        assert found[1].symbol == symbol


GROUPS = (
    Instrument(symbol="@biotechnology", slug="subsector.biotechnology", role=Role.GROUP),
    Instrument(symbol="@basket:ai", slug="basket.ai", role=Role.GROUP),
    Instrument(symbol="@basket:extended", slug="basket.extended", role=Role.GROUP),
)


def test_metrics_of_groups_are_found_by_their_dotted_slugs() -> None:
    cast = CAST.with_instruments(GROUPS)
    for name, symbol in {
        "subsector.biotechnology.return.1m": "@biotechnology",
        "basket.ai.return.6m": "@basket:ai",
        "basket.extended.last": "@basket:extended",
    }.items():
        found = metric_named(name, cast)
        assert found is not None
        assert (found[0].name, found[1].symbol) == (name, symbol)
        assert name in metric_names(cast)
        assert cast.symbol_of(name.rsplit(".", name.count(".") - 1)[0]) == symbol
    assert metric_named("basket.ai.return.6m", CAST) is None, "nobody knows that basket"


def test_every_first_word_of_a_name_may_be_watched_too() -> None:
    cast = CAST.with_instruments(GROUPS)
    words = {name.partition(".")[0].upper() for name in metric_names(cast)}
    counts = Counter(metric_names(cast, words))
    assert [name for name, count in counts.items() if count > 1] == []
    fixed = {line.name.partition(".")[0] for line in METRICS if line.only}
    of_nobody = {word for word in fixed if CAST.symbol_of(word) is None}
    assert not {word for word in of_nobody if CAST[word.upper()].slug == word}


def test_names_are_found_with_their_own_unit_and_cadence() -> None:
    expected = {
        "rut.last": ("^RUT", Unit.POINTS, Cadence.QUOTE),
        "iwm.last": ("IWM", Unit.PRICE, Cadence.QUOTE),
        "rty.last": ("RTY=F", Unit.PRICE, Cadence.ALWAYS),
        "vix.term.state": ("^VIX", Unit.WORD, Cadence.QUOTE),
        "nvda.return.ytd": ("NVDA", Unit.FRACTION, Cadence.QUOTE),
        "rut.beta.spx.63d": ("^RUT", Unit.RATIO, Cadence.DAILY),
    }
    for name, (symbol, unit, cadence) in expected.items():
        found = metric_named(name, CAST)
        assert found is not None
        assert (found[1].symbol, found[0].unit, found[0].cadence) == (symbol, unit, cadence)
        assert found[0].name == name


@pytest.mark.parametrize("name", ["", "rut", "rut.", ".last", "rut.lost", "xbi.percentile.1y"])
def test_a_name_that_means_nothing_is_not_found(name: str) -> None:
    assert metric_named(name, CAST) is None


def test_every_name_is_found_again() -> None:
    for name in metric_names(CAST, ["NVDA"]):
        found = metric_named(name, CAST, ["NVDA"])
        assert found is not None, name
        assert found[0].name == name


def test_the_table_has_a_row_for_every_line() -> None:
    rows = metrics_table(CAST).splitlines()
    assert len(rows) == len(METRICS) + 2
    assert all(row.count("|") == 6 for row in rows)
    assert all(any(f"`{line.name}`" in row for row in rows) for line in METRICS)


def test_every_role_has_metrics() -> None:
    for role in PRICED:
        assert any(not line.only and role in line.roles for line in METRICS)


def test_values_are_plain_python(whole: dict[str, Reading]) -> None:
    kinds = {type(reading.value) for reading in whole.values()}
    assert kinds == {float, str, type(None)}
    assert {type(reading.as_of) for reading in whole.values()} == {datetime, type(None)}
    again = msgspec.json.decode(msgspec.json.encode(whole), type=dict[str, Reading])
    assert again == whole


def modules_after(code: str) -> set[str]:
    """Return the modules that a fresh Python holds after some code."""
    program = f"import sys; {code}; print(*sys.modules)"
    answer = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return set(answer.stdout.split())


def test_looking_at_values_loads_no_arithmetic() -> None:
    known = modules_after("import market.freshness")
    families = {name for name in known if name.startswith("market.metrics.")}
    others = {name for name in families if not name.startswith("market.metrics.catalogue")}
    assert others == {f"market.metrics.{name}" for name in ("compute", "metric", "windows")}
    assert not {"numpy", "pandas", "httpx", "textual", "statistics", "difflib"} & known


def test_families_load_no_arithmetic_before_they_are_asked() -> None:
    assert "numpy" not in modules_after("import market.metrics.registry")
    all_of_it = (
        "from tests.market.metrics.pictures import full_picture; "
        "from market.metrics.compute import compute; compute(full_picture())"
    )
    assert "pandas" not in modules_after(all_of_it), "it takes as much memory as all the rest"
