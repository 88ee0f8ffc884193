"""The study of option chains, from the wire to the named figures."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from math import log, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from market.feeds.cboe_chain import read_chain
from market.health import Trouble
from market.interest_rooms import option_keys
from market.metrics.compute import compute
from market.metrics.options_readings import FIGURES
from market.metrics.options_study import RATE_KEY, chain_study, option_study, short_rate
from market.metrics.options_terms import iv_over, nearest_to
from market.metrics.studying import studied
from market.metrics.subject import Unknown
from market.option_files import OptionFile
from market.option_study import ChainStudy, ExpiryFigures, ModelVix
from market.options import Chain, Expiry
from market.published import Published
from market.quotes import Key, Kind
from market.reports import ErrorKind
from market.sessions import session_of
from market.snapshot import Snapshot, empty_snapshot
from tests.exchange.cboe_options import IV, options_file
from tests.market.chains import NOON, black, chain_of, expiry_of, quoted, settles
from tests.shared import PAYLOADS, needs_shared

RUT, IWM = Key(Kind.CHAIN, "^RUT"), Key(Kind.CHAIN, "IWM")
STRIKES = [float(strike) for strike in range(60, 161)]
NEAR, NEXT = settles(date(2026, 8, 28)), settles(date(2026, 9, 4))
SOON = settles(date(2026, 8, 7))


def flat(iv: float, at: datetime) -> Expiry:
    years = (at - NOON) / timedelta(days=365)
    return replace(black(100.0, iv, years, STRIKES), settles=at)


def file_of(chain: Chain, key: Key = IWM) -> OptionFile:
    return OptionFile(key=key, source="cboe", fetched_at=NOON, chain=chain, delay_s=900)


def study_of(*expiries: Expiry, rate: float | None = 0.0) -> ChainStudy:
    return chain_study(file_of(chain_of(*expiries)), rate)


def yields(percent: float) -> Published:
    days = (date(2026, 8, 3),)
    return Published(key=RATE_KEY, source="treasury", fetched_at=NOON, days=days, values=(percent,))


def knowing(*documents: OptionFile | Published) -> Snapshot:
    return replace(empty_snapshot(NOON), documents={each.key: each for each in documents})


def counted(expiry: Expiry, calls: float, puts: float) -> Expiry:
    return replace(
        expiry,
        calls=tuple(replace(o, volume=calls, open_interest=2 * calls) for o in expiry.calls),
        puts=tuple(replace(o, volume=puts, open_interest=3 * puts) for o in expiry.puts),
    )


class TestTerms:
    def test_every_expiry_that_is_not_past_is_studied(self) -> None:
        days = [date(2026, 8, 3), date(2026, 8, 5), date(2026, 8, 26), date(2026, 12, 31)]
        study = study_of(*(expiry_of([], [], settles(day)) for day in days))
        assert [row.figures.settles for row in study.rows] == [settles(day) for day in days[1:]]

    @given(st.floats(0.05, 0.9), st.floats(0.05, 0.9), st.integers(1, 29), st.integers(31, 90))
    def test_variance_is_straight_between_two_expiries(
        self, low: float, high: float, first: int, last: int
    ) -> None:
        figures = [_term(first, low), _term(last, high)]
        assert iv_over(figures, first) == low
        found = iv_over(figures, 30) ** 2 * 30
        slope = (high**2 * last - low**2 * first) / (last - first)
        assert found == pytest.approx(low**2 * first + slope * (30 - first))

    def test_outside_the_expiries_nothing_is_made_up(self) -> None:
        figures = [_term(8, 0.2), _term(29, 0.3), _term(40, None)]
        for days in (7, 30):
            with pytest.raises(Unknown, match=f"enclose {days} days"):
                iv_over(figures, days)
        assert nearest_to(figures, 36, lambda each: each.iv is not None).days == 29
        with pytest.raises(Unknown):
            nearest_to(figures, 36, lambda each: each.skew is not None)


def _term(days: int, iv: float | None) -> ExpiryFigures:
    return ExpiryFigures(settles=NOON + timedelta(days=days), days=days, iv=iv)


class TestStudy:
    def test_of_a_chain_of_one_volatility_says_it_everywhere(self) -> None:
        study = study_of(flat(0.2, SOON), flat(0.2, NEAR), flat(0.2, NEXT))
        assert [row.figures.days for row in study.rows] == [3, 24, 31]
        assert study.week == pytest.approx(0.2, abs=0.002)
        assert study.month == pytest.approx(0.2, abs=0.002)
        assert study.skew == pytest.approx(0, abs=1e-9)
        assert study.model.value == pytest.approx(20, abs=0.1)
        assert study.model.terms == (NEAR, NEXT)
        assert study.rows[0].relative_move == pytest.approx(0.2 * sqrt(3 / 365), rel=0.01)
        assert not any(row.is_morning for row in study.rows)

    def test_contracts_are_counted_by_expiry_and_over_all(self) -> None:
        past = replace(flat(0.2, SOON), settles=NOON - timedelta(hours=1))
        study = study_of(counted(past, 5, 50), counted(flat(0.2, NEAR), 4, 6))
        count = len(STRIKES)
        (row,) = study.rows
        assert (row.volume.ratio, row.open_interest.ratio) == (1.5, 2.25)
        assert (study.volume.puts, study.volume.calls) == (56 * count, 9 * count)
        assert study.open_interest.ratio == 2.25, "what has expired is open no more"

    def test_options_that_settle_at_the_open_are_marked(self) -> None:
        opening = session_of(date(2026, 8, 21)).open
        study = study_of(expiry_of([], [], opening), expiry_of([], [], NEAR))
        assert [row.is_morning for row in study.rows] == [True, False]
        assert study.rows[0].volume.ratio is None
        assert study.rows[0].figures.reason
        assert (study.week, study.skew, study.model.value) == (None, None, None)
        assert "no expiry is 23 to 30 days away" not in study.model.reason

    def test_before_a_quarter_to_ten_there_is_no_model_and_all_else(self) -> None:
        early = datetime(2026, 8, 4, 13, 44, tzinfo=UTC)
        chain = chain_of(flat(0.2, SOON), flat(0.2, NEAR), flat(0.2, NEXT), as_of=early)
        study = chain_study(file_of(chain), 0.0)
        assert study.model.value is None
        assert "09:45" in study.model.reason
        assert study.month is not None

    def test_interest_is_the_published_yield(self) -> None:
        assert short_rate(knowing()) is None
        assert short_rate(knowing(yields(4.0))) == pytest.approx(2 * log(1.02))
        assert study_of(flat(0.2, NEAR), rate=None).is_rate_known is False

    def test_a_chain_is_studied_once(self) -> None:
        chain = chain_of(flat(0.2, NEAR), flat(0.2, NEXT))
        rut = replace(chain, symbol="^RUT")
        snapshot = knowing(file_of(chain), file_of(rut, RUT))
        first = studied(snapshot, [IWM])
        assert first is not None
        assert first.options is not None
        snapshot = replace(snapshot, studies=first)
        again = option_study(snapshot)
        assert again is not None
        assert again.of("IWM") is first.options.of("IWM")
        dearer = {**snapshot.documents, RATE_KEY: yields(4.0)}
        other = option_study(replace(snapshot, documents=dearer))
        assert other is not None
        assert (study := other.of("^RUT")) is not None
        assert study.rate == pytest.approx(2 * log(1.02))
        newer = replace(file_of(chain), fetched_at=NOON + timedelta(minutes=5))
        third = option_study(replace(snapshot, documents={**snapshot.documents, IWM: newer}))
        assert third is not None
        assert third.of("IWM") is not first.options.of("IWM")
        assert third.of("^RUT") is first.options.of("^RUT")

    def test_what_is_known_of_a_chain_without_its_file_stays(self) -> None:
        earlier = option_study(
            knowing(file_of(replace(chain_of(flat(0.3, NEAR)), symbol="^RUT"), RUT))
        )
        snapshot = knowing(file_of(chain_of(flat(0.2, NEAR))), yields(4.0))
        snapshot = replace(snapshot, studies=replace(snapshot.studies, options=earlier))
        found = studied(snapshot, None)
        assert found is not None
        assert earlier is not None
        assert found.options is not None
        assert found.options.of("^RUT") is earlier.of("^RUT")
        assert found.options.of("IWM") is not None

    def test_nothing_is_studied_without_a_chain_or_news_of_one(self) -> None:
        assert option_study(knowing(yields(4.0))) is None
        found = studied(knowing(file_of(chain_of(flat(0.2, NEAR)))), [Key(Kind.QUOTE, "IWM")])
        assert found is None or found.options is None

    def test_what_the_screen_needs_is_what_the_study_reads(self) -> None:
        assert option_keys() == {RUT, IWM, RATE_KEY}


class TestFromTheWire:
    @given(
        st.lists(st.tuples(st.floats(0.05, 9), st.floats(0, 9)), min_size=1, max_size=4),
        st.sampled_from(["P", "C"]),
    )
    def test_quotes_beyond_the_cut_are_not_heard(
        self, beyond: list[tuple[float, float]], side: str
    ) -> None:
        silent, loud = list[object](), list[object]()
        for row in WIRE["data"]["options"]:
            name, strike = row["option"], int(row["option"][-8:]) / 1000
            place = round(strike - 80 if side == "P" else 120 - strike)
            if name[-9] == side and place < 0:
                gap = {**row, "bid": 0.0}
                bid, width = beyond[-place % len(beyond)]
                silent.append(gap)
                loud.append(gap if place >= -2 else {**row, "bid": bid, "ask": bid + width})
            else:
                silent.append(row)
                loud.append(row)
        first, second = _model_of(silent), _model_of(loud)
        assert first == second
        assert first.value is not None

    def test_the_model_index_of_the_exchange_is_its_volatility(self) -> None:
        model = _model_of(WIRE["data"]["options"])
        assert model.value == pytest.approx(100 * IV, abs=0.3)

    @needs_shared
    def test_the_recorded_chain_agrees_with_the_source_s_own_thirty_days(self) -> None:
        body = (PAYLOADS / "cboe" / "delayed_quotes_options" / "AAPL.json").read_bytes()
        told = json.loads(body)["data"]["iv30"] / 100
        chain, _, _ = read_chain(body, "AAPL", "AAPL", datetime(2026, 7, 26, tzinfo=UTC))
        study = chain_study(file_of(chain), 0.04)
        assert study.month == pytest.approx(told, abs=0.005)
        assert study.model.value is None, "it is of the evening"
        traded = replace(chain, as_of=datetime(2026, 7, 24, 19, 45, tzinfo=UTC))
        model = chain_study(file_of(traded), 0.04).model
        assert model.value == pytest.approx(100 * told, abs=4)
        assert [row.figures.days for row in study.rows][:3] == [3, 5, 7]


WIRE = json.loads(options_file("IWM", 100.0, NOON, NOON + timedelta(minutes=15)))


def _model_of(rows: list[object]) -> ModelVix:
    body = json.dumps({**WIRE, "data": {**WIRE["data"], "options": rows}}).encode()
    chain, lost, _ = read_chain(body, "IWM", "IWM", NOON + timedelta(minutes=15))
    assert lost == 0
    return chain_study(file_of(chain), 0.0).model


class TestReadings:
    def test_every_figure_has_a_name_for_both_underlyings(self) -> None:
        chain = chain_of(
            *(counted(flat(0.2, at), 4, 6) for at in (SOON, settles(date(2026, 8, 14)), NEAR, NEXT))
        )
        files = file_of(chain), file_of(replace(chain, symbol="^RUT"), RUT)
        snapshot = knowing(*files, yields(4.0))
        snapshot = replace(
            snapshot, studies=replace(snapshot.studies, options=option_study(snapshot))
        )
        found = compute(snapshot, ["^RUT", "IWM"])
        for slug in ("rut", "iwm"):
            values = {name: found[f"options.{slug}.{name}"] for name in FIGURES}
            assert all(each.value is not None and not each.reason for each in values.values())
            assert {(each.as_of, each.source, each.delay_s) for each in values.values()} == {
                (NOON, "cboe", 900)
            }
            assert values["put_call.volume"].value == 1.5
            assert values["put_call.oi"].value == 2.25
            move = values["expected_move.1w"].value
            assert move == pytest.approx(100 * 0.2 * sqrt(7 / 365), rel=0.02)
            assert values["expected_move.1m.relative"].value == pytest.approx(
                0.2 * sqrt(30 / 365), rel=0.02
            )

    def test_what_is_missing_says_why(self) -> None:
        waiting = compute(empty_snapshot(NOON), ["IWM"])["options.iwm.model_vix"]
        assert (waiting.value, waiting.reason) == (None, "waiting for the option chain")
        trouble = Trouble(ErrorKind.REFUSED, "Cboe refuses to answer (HTTP 403)", "cboe", NOON)
        refused = replace(empty_snapshot(NOON), troubles={IWM: trouble})
        assert "refuses" in compute(refused, ["IWM"])["options.iwm.skew.25d"].reason
        snapshot = knowing(file_of(chain_of(expiry_of([quoted(100, 3)], [quoted(100, 2)]))))
        snapshot = replace(
            snapshot, studies=replace(snapshot.studies, options=option_study(snapshot))
        )
        found = compute(snapshot, ["IWM"])
        assert {n: found[f"options.iwm.{n}"].value for n in FIGURES} == dict.fromkeys(FIGURES)
        assert all(found[f"options.iwm.{name}"].reason for name in FIGURES)

    def test_a_chain_reckoned_without_interest_says_so(self) -> None:
        snapshot = knowing(file_of(chain_of(counted(flat(0.2, NEAR), 1, 1))))
        snapshot = replace(
            snapshot, studies=replace(snapshot.studies, options=option_study(snapshot))
        )
        assert "without interest" in compute(snapshot, ["IWM"])["options.iwm.put_call.oi"].reason
