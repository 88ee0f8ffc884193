"""A host's gate: never more than its budget, fewer after refusals."""

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.feeds.gate import MAX_IN_FLIGHT, Gate, Gates
from market.reports import Budget, ErrorKind, FeedError
from tests.clocks import ManualClock


def limited(retry_after_s: float | None = None) -> FeedError:
    return FeedError(ErrorKind.LIMITED, "too many requests", retry_after_s)


def asked_within(gate: Gate, seconds: int, error: FeedError | None = None, start: int = 0) -> int:
    """Ask as often as the gate lets us for some seconds; every request ends at once."""
    count = 0
    for tick in range(start * 10, (start + seconds) * 10):
        now = tick / 10
        while gate.wait_s(now) == 0:
            gate.enter(now)
            gate.leave(now, error)
            count += 1
    return count


@given(st.lists(st.floats(0, 20), max_size=300), st.sampled_from([1, 7, 30, 600]))
def test_no_minute_has_more_requests_than_the_budget(waits: list[float], budget: int) -> None:
    gate, now, asked = Gate(budget, Random(1)), 0.0, list[float]()
    for wait in waits:
        now += wait
        while gate.wait_s(now) == 0:
            gate.enter(now)
            gate.leave(now, None)
            asked.append(now)
        assert sum(at > now - 60 for at in asked) <= budget


def test_a_request_may_reach_its_host_as_late_as_it_ends() -> None:
    gate = Gate(4, Random(1))
    for _ in range(4):
        gate.enter(0.0)
    gate.leave(9.0, None)
    assert gate.wait_s(9.0) >= 60
    for _ in range(3):
        gate.leave(9.0, None)
    assert gate.wait_s(60.5) > 0
    assert gate.wait_s(70.0) == 0


def test_what_is_left_counts_what_is_under_way_and_what_refusals_have_taken() -> None:
    gate = Gate(30, Random(1))
    assert gate.left(0.0) == Budget(30, 30)
    gate.enter(0.0)
    gate.charge(0.0)
    assert gate.left(0.0) == Budget(28, 30)
    gate.leave(1.0, limited())
    assert gate.left(1.0) == Budget(13, 15)
    assert gate.left(90.0) == Budget(15, 15)
    for _ in range(20):
        gate.charge(90.0)
    assert gate.left(90.0) == Budget(0, 15), "in debt nothing is left"


def test_all_of_the_budget_can_be_spent() -> None:
    gate = Gate(30, Random(1))
    assert asked_within(gate, 60) == 30
    assert 280 <= asked_within(gate, 600, start=60) <= 300


def test_after_a_burst_the_next_request_waits_for_seconds_only() -> None:
    gate, waits = Gate(30, Random(1)), list[float]()
    now = 0.0
    while now < 300:
        if wait := gate.wait_s(now):
            waits.append(wait)
            now += wait
        else:
            gate.enter(now)
            gate.leave(now, None)
    assert max(waits) < 7


def test_a_429_closes_the_gate_and_then_lets_one_probe_through() -> None:
    gate = Gate(30, Random(1))
    gate.enter(0.0)
    gate.leave(0.0, limited())
    assert gate.wait_s(0.0) >= 40
    later = gate.pause_s(0.0)
    assert gate.wait_s(later) == 0
    gate.enter(later)
    assert gate.wait_s(later) == float("inf")
    gate.leave(later, None)
    assert gate.wait_s(later + 10) == 0


def test_a_probe_that_is_refused_on_its_own_road_proves_nothing() -> None:
    gate = Gate(30, Random(1))
    gate.enter(0.0)
    gate.leave(0.0, limited())
    later = gate.pause_s(0.0)
    gate.enter(later)
    gate.leave(later, FeedError(ErrorKind.REFUSED, "no crumb"))
    gate.enter(later)
    assert gate.wait_s(later) == float("inf"), "one at a time, as before"


def test_ever_more_refusals_lead_to_ever_fewer_requests() -> None:
    gate = Gate(30, Random(1))
    hour = [asked_within(gate, 600, limited(), start=600 * n) for n in range(6)]
    assert sum(hour) <= 15
    assert hour[-1] <= hour[0]


def test_retry_after_is_honoured_and_bounded() -> None:
    gate = Gate(30, Random(1))
    gate.enter(0.0)
    gate.leave(0.0, limited(240.0))
    assert gate.pause_s(0.0) == 240.0
    gate.enter(240.0)
    gate.leave(240.0, limited(1e9))
    assert gate.pause_s(240.0) == 3600.0


def test_one_road_without_answers_leaves_the_gate_open_a_row_of_them_does_not() -> None:
    gate = Gate(30, Random(1))
    lost = FeedError(ErrorKind.UNREACHABLE, "no answer")
    for outcome in (lost, lost, lost, None, lost, lost, lost):
        assert gate.wait_s(0.0) == 0
        gate.enter(0.0)
        gate.leave(0.0, outcome)
    gate.enter(0.0)
    gate.leave(0.0, lost)
    assert gate.pause_s(0.0) > 0
    later = gate.pause_s(0.0)
    gate.enter(later)
    assert gate.wait_s(later) == float("inf")


def test_what_concerns_one_datum_only_leaves_the_host_open() -> None:
    gate = Gate(30, Random(1))
    for kind in (ErrorKind.REFUSED, ErrorKind.ABSENT, ErrorKind.GARBLED):
        gate.enter(0.0)
        gate.leave(0.0, FeedError(kind, "no"))
    assert gate.wait_s(0.0) == 0


def test_few_requests_at_once() -> None:
    gate = Gate(30, Random(1))
    for _ in range(MAX_IN_FLIGHT):
        assert gate.wait_s(0.0) == 0
        gate.enter(0.0)
    assert gate.wait_s(0.0) == float("inf")


OUTCOMES = st.sampled_from([None, limited(), limited(5.0), FeedError(ErrorKind.UNREACHABLE, "x")])


@given(st.lists(st.tuples(st.floats(0, 30), OUTCOMES), max_size=200), st.integers(0, 2**16))
def test_any_history_respects_budget_and_never_wedges(
    steps: list[tuple[float, FeedError | None]], seed: int
) -> None:
    gate = Gate(30, Random(seed))
    now, spent = 0.0, 0
    for wait, outcome in steps:
        now += wait
        if gate.wait_s(now) == 0:
            gate.enter(now)
            gate.leave(now, outcome)
            spent += 1
    assert spent <= 30 + now * 0.5 + 1
    assert gate.wait_s(now + 3600 + 120) == 0


def test_refusals_of_one_burst_count_once() -> None:
    gate = Gate(30, Random(1))
    for _ in range(4):
        gate.enter(0.0)
    for _ in range(4):
        gate.leave(0.0, limited())
    assert 40 <= gate.pause_s(0.0) <= 80, "as long as after a single refusal"


def test_the_longest_retry_after_of_a_burst_counts() -> None:
    gate = Gate(30, Random(1))
    for _ in range(2):
        gate.enter(0.0)
    gate.leave(0.0, limited())
    gate.leave(0.0, limited(300.0))
    assert gate.pause_s(0.0) == 300


def test_a_sleep_forgives_a_lost_network_but_no_429() -> None:
    lost = FeedError(ErrorKind.UNREACHABLE, "no network")
    for error, is_forgiven in ((lost, True), (limited(), False)):
        gate = Gate(30, Random(1))
        for _ in range(4):
            gate.enter(0.0)
            gate.leave(0.0, error)
        assert gate.pause_s(0.0) > 0
        gate.forgive(0.0)
        assert (gate.pause_s(0.0) == 0) is is_forgiven


def test_a_request_in_debt_makes_the_next_ones_wait() -> None:
    gate = Gate(30, Random(1))
    for _ in range(24):
        gate.enter(0.0)
        gate.leave(0.0, None)
    gate.enter(0.0)
    for _ in range(6):
        gate.charge(0.0)
    gate.leave(0.0, None)
    assert gate.wait_s(0.0) >= 60, "one more than a minute may have"
    assert gate.wait_s(gate.wait_s(0.0)) == 0


class TestGates:
    """Requests that no query was let in for are paid from their own host's budget."""

    def gates(self) -> Gates:
        return Gates(30, ManualClock(), Random(1))

    def test_pay_at_their_own_host(self) -> None:
        gates = self.gates()
        for _ in range(31):
            gates.spend("one.example")
        one, two = gates.of("one.example"), gates.of("two.example")
        assert one is not None
        assert two is not None
        assert one.wait_s(1000.0) > 0
        assert two.wait_s(1000.0) == 0

    def test_are_not_made_while_the_host_is_left_alone(self) -> None:
        gates = self.gates()
        gate = gates.of("one.example")
        assert gate is not None
        gate.enter(1000.0)
        gate.leave(1000.0, limited(240.0))
        with pytest.raises(FeedError) as refused:
            gates.spend("one.example")
        assert (refused.value.kind, refused.value.retry_after_s) == (ErrorKind.LIMITED, 240.0)
        gates.spend("two.example")

    def test_of_a_feed_without_a_host_cost_nothing(self) -> None:
        gates = self.gates()
        gates.spend("")

    def test_a_host_is_one_whether_or_not_its_port_is_named(self) -> None:
        gates = self.gates()
        names = ("one.example", "One.example:443", "one.example:80", "me@one.example")
        assert len({id(gates.of(name)) for name in names}) == 1
        assert gates.of("one.example:8080") is not gates.of("one.example")
        assert gates.of("") is None


class TestRequestsThatNobodyWaitsFor:
    """`spare_wait_s`: they take what is left over, and go first when there is too little."""

    def errands_within(self, gate: Gate, seconds: int, start: int = 0, beat: int = 0) -> list[int]:
        """Run errands as they are let in, with a request of the screen every `beat` seconds."""
        done: list[int] = []
        for now in range(start, start + seconds):
            if beat and now % beat == 0:
                assert gate.wait_s(now) == 0, "what is on screen never waits for an errand"
                gate.enter(now)
                gate.leave(now, None)
            while gate.spare_wait_s(now) == 0:
                gate.enter(now)
                gate.leave(now, None)
                done.append(now)
        return done

    def test_spend_two_thirds_of_the_budget_while_nothing_else_is_asked(self) -> None:
        done = self.errands_within(Gate(30, Random(1)), 600)
        assert len(done) == pytest.approx(10 * 20, abs=10)
        assert all(b - a >= 3 for a, b in pairwise(done)), "one now and then, never a burst"

    @pytest.mark.parametrize("beat", [4, 6, 12])
    def test_leave_the_rest_to_what_is_on_screen(self, beat: int) -> None:
        done = self.errands_within(Gate(30, Random(1)), 600, beat=beat)
        shown = 60 // beat
        assert len(done) >= 8 * (20 - shown)
        for start in range(0, 540, 7):
            assert sum(start <= at < start + 60 for at in done) + shown <= 30

    def test_are_not_made_when_the_screen_needs_it_all(self) -> None:
        done = self.errands_within(Gate(31, Random(1)), 600, beat=2)
        assert all(at < 60 for at in done), "only before the screen has needed it for a minute"

    def test_are_made_alone(self) -> None:
        gate = Gate(30, Random(1))
        gate.enter(0.0)
        assert gate.wait_s(0.0) == 0
        assert gate.spare_wait_s(0.0) == float("inf")
        gate.leave(1.0, None)
        assert gate.spare_wait_s(1.0) == 2.0
        assert gate.spare_wait_s(3.0) == 0

    def test_say_when_they_may_be_made(self) -> None:
        gate = Gate(30, Random(1))
        for _ in range(20):
            gate.enter(0.0)
            gate.leave(0.0, None)
        wait = gate.spare_wait_s(0.0)
        assert gate.spare_wait_s(wait - 0.5) > 0
        assert gate.spare_wait_s(wait) == 0

    def test_come_back_later_than_the_others_after_a_429(self) -> None:
        gate = Gate(30, Random(1))
        gate.enter(0.0)
        gate.leave(0.0, limited(10.0))
        probe = next(now for now in range(600) if gate.wait_s(now) == 0)
        gate.enter(probe)
        gate.leave(probe, None)
        spare = next(now for now in range(probe, 3600) if gate.spare_wait_s(now) == 0)
        assert spare - probe >= 10

    def test_are_possible_with_the_smallest_budget(self) -> None:
        done = self.errands_within(Gate(1, Random(1)), 600)
        assert 6 <= len(done) <= 10
