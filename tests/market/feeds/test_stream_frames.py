"""Frames of Yahoo's stream: what is on the wire, and what of it becomes a quote."""

from __future__ import annotations

import json
import math
import re
import struct
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any, cast

import pytest
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.descriptor_pb2 import FieldDescriptorProto as Field
from hypothesis import given
from hypothesis import strategies as st

from market.feeds.yahoo_stream import pricing_pb2
from market.feeds.yahoo_stream.frames import Pricing, read_frame
from market.feeds.yahoo_stream.prices import Newest, quote_of, said_name
from market.merging import merged_quote
from market.quotes import ExtendedPrint, Phase, Quote
from tests.exchange.stream import frame
from tests.shared import SHARED, needs_shared

NOW = datetime(2026, 8, 5, 14, 0, tzinfo=UTC)
"""A Wednesday in its regular session, 10:00 New York."""
FRAMES = SHARED / "payloads" / "yahoo" / "stream_frames"


def ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def message(**fields: object) -> Pricing:
    told = read_frame(frame(**fields).encode())
    assert told is not None
    return told


def tick(price: float, at: datetime = NOW, **fields: object) -> Pricing:
    hours = {"market_hours": 1, "price_hint": 2}
    return message(**{"id": "IWM", "price": price, "time": ms(at), **hours, **fields})


@needs_shared
def test_every_recorded_frame_is_read_to_its_published_values() -> None:
    lines = (FRAMES / "frames_decoded.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 13
    for line in map(json.loads, lines):
        told = cast("Any", read_frame(line["frame"].encode()))
        assert {field.number for field, _ in told.ListFields()} == set(line["fields_on_wire"])
        for name, value in line["decoded"].items():
            assert getattr(told, name) == value, (line["name"], name)


@needs_shared
def test_recorded_frames_become_prices_as_people_know_them() -> None:
    lines = (FRAMES / "frames_version2.jsonl").read_bytes().splitlines()
    told = [cast("Pricing", read_frame(line)) for line in lines]
    quotes = [quote_of(t.id, t, datetime(2026, 9, 1, tzinfo=UTC)) for t in told]
    btc, pre, regular, overnight, *_ = quotes
    assert btc is not None
    assert (btc.last, btc.open, btc.high) == (94745.08, 92529.99, 95227.55)
    assert pre is not None
    assert (pre.last, pre.as_of) == (304.99, datetime(2026, 5, 21, 20, 0, tzinfo=UTC))
    at = datetime(2026, 5, 22, 8, 10, 22, tzinfo=UTC)
    assert pre.extended == ExtendedPrint(Phase.PRE, 305.76, at)
    assert regular is not None
    assert (regular.last, regular.volume, regular.extended) == (307.2, 5_422_202, None)
    assert overnight is None, "market_hours 4 at 02:07 New York is of no session"
    tsla = quotes[7]
    assert tsla is not None
    assert (tsla.last, tsla.extended and tsla.extended.last) == (407.82, 407.48)
    assert [t.id for t in told[9:11]] == ["EURUSD=X", "JPY=X"]


def test_zero_hours_are_the_pre_market_and_absent_ones_are_told_by_the_clock() -> None:
    early = NOW.replace(hour=12)
    pre = quote_of("IWM", tick(200.0, early, market_hours=0, change=1.0), NOW)
    assert pre is not None
    assert pre.extended is not None
    for hours in ({}, {"market_hours": 4}, {"market_hours": 77}):
        fields = {"id": "IWM", "price": 200.0, "time": ms(NOW), "price_hint": 2, **hours}
        regular = quote_of("IWM", message(**fields), NOW)
        assert regular is not None
        assert (regular.last, regular.extended) == (200.0, None)


@pytest.mark.parametrize(
    "fields",
    [
        {"price": 0.0},
        {"price": -1.0},
        {"price": math.nan},
        {"price": math.inf},
        {"time": 0},
        {"time": -5},
        {"time": ms(NOW + timedelta(minutes=2))},
        {"time": 2**62},
        {"market_hours": 0},
        {"market_hours": 2, "change": 500.0},
    ],
)
def test_what_can_be_no_price_is_none(fields: dict[str, object]) -> None:
    assert quote_of(
        "IWM", message(**{"id": "IWM", "price": 1.0, "time": ms(NOW), **fields}), NOW
    ) is (None)


def test_a_derived_close_never_stands_before_a_told_one() -> None:
    told = Quote(
        symbol="IWM", last=199.5, as_of=datetime(2026, 8, 4, 20, 0, tzinfo=UTC), source="yahoo"
    )
    streamed = quote_of("IWM", tick(201.0, NOW.replace(hour=12), market_hours=0, change=1.4), NOW)
    assert streamed is not None
    merged = merged_quote(told, streamed)
    assert (merged.last, merged.source) == (199.5, "yahoo")
    assert merged.extended is not None
    assert merged.extended.last == 201.0


def test_a_rate_of_the_dollar_goes_by_its_short_name() -> None:
    assert [said_name(s) for s in ("USDJPY=X", "EURUSD=X", "USD=X", "USDX", "IWM")] == [
        *("JPY=X", "EURUSD=X", "USD=X", "USDX", "IWM"),
    ]


def taken(*ticks: Pricing) -> Pricing:
    newest = Newest()
    for each in ticks:
        newest.tell(each.id, each)
    (told,) = newest.take(NOW)
    assert list(newest.take(NOW)) == []
    return told


def test_a_partial_update_keeps_what_it_does_not_tell() -> None:
    told = taken(
        tick(200.0, day_volume=5000, day_high=201.0),
        message(id="IWM", price=200.5, time=ms(NOW) + 1000),
    )
    assert (told.price, told.day_volume, told.day_high, told.price_hint) == (200.5, 5000, 201.0, 2)
    told = taken(tick(200.0), message(id="IWM", day_volume=5100))
    assert (told.price, told.time, told.day_volume) == (200.0, ms(NOW), 5100)


def test_the_figures_of_a_session_end_with_it() -> None:
    yesterday = tick(200.0, NOW - timedelta(days=1), day_volume=5000, day_high=201.0)
    quote = quote_of("IWM", taken(yesterday, tick(199.0)), NOW)
    assert quote is not None
    assert (quote.last, quote.volume, quote.high) == (199.0, None, None)


def test_a_late_frame_changes_nothing_whatever_the_order() -> None:
    ticks = [tick(200.0 + n, NOW + timedelta(seconds=n)) for n in range(4)]
    for order in permutations(ticks):
        copies = [message(id="IWM", price=t.price, time=t.time) for t in order]
        assert taken(*copies, copies[0]).price == 203.0


def test_a_tick_of_the_future_does_not_mute_its_symbol() -> None:
    newest = Newest()
    newest.tell("IWM", tick(999.0, NOW + timedelta(hours=1)))
    assert list(newest.take(NOW)) == []
    newest.tell("IWM", tick(200.0))
    assert [told.price for told in newest.take(NOW)] == [200.0]


@given(st.lists(st.tuples(st.sampled_from("ABC"), st.integers(1, 10**6)), max_size=60), st.data())
def test_coalescing_never_loses_the_last_value(
    told: list[tuple[str, int]], data: st.DataObject
) -> None:
    """However ticks and looks alternate, each symbol's newest price is seen in the end."""
    newest, seen, last = Newest(), dict[str, float](), dict[str, float]()
    for n, (symbol, cents) in enumerate(told):
        each = tick(cents / 100, NOW + timedelta(seconds=n), id=symbol)
        newest.tell(each.id, each)
        last[symbol] = each.price
        if data.draw(st.booleans()):
            seen.update({t.id: t.price for t in newest.take(NOW)})
    seen.update({t.id: t.price for t in newest.take(NOW)})
    assert seen == last


def test_the_generated_module_is_made_of_the_committed_description() -> None:
    text = Path(pricing_pb2.__file__).with_name("pricing.proto").read_text(encoding="utf-8")
    lines = re.findall(r"^  optional (\w+) (\w+) = (\d+);", text, re.MULTILINE)
    made = {f.name: f for f in cast("Any", pricing_pb2).Pricing.DESCRIPTOR.fields}
    kinds = {name: getattr(Field, f"TYPE_{kind.upper()}") for kind, name, _ in lines}
    assert {name: f.type for name, f in made.items()} == kinds
    assert {name: f.number for name, f in made.items()} == {n: int(place) for _, n, place in lines}
    assert all(f.has_presence for f in made.values())


# The wire, against the official runtime with a table of its own

TYPES = {
    "id": (1, Field.TYPE_STRING),
    "price": (2, Field.TYPE_FLOAT),
    "time": (3, Field.TYPE_SINT64),
    "currency": (4, Field.TYPE_STRING),
    "quote_type": (6, Field.TYPE_INT32),
    "market_hours": (7, Field.TYPE_INT32),
    "day_volume": (9, Field.TYPE_SINT64),
    "change": (12, Field.TYPE_FLOAT),
    "underlying_symbol": (18, Field.TYPE_STRING),
    "price_hint": (27, Field.TYPE_SINT64),
    "market_cap": (33, Field.TYPE_DOUBLE),
    "unheard_of": (77, Field.TYPE_BYTES),
}
FLOATS = st.floats(width=32, allow_nan=False)
INTEGERS = st.integers(-(2**63), 2**63 - 1)
VALUES = {
    Field.TYPE_STRING: st.text(max_size=20),
    Field.TYPE_FLOAT: FLOATS,
    Field.TYPE_DOUBLE: st.floats(allow_nan=False),
    Field.TYPE_SINT64: INTEGERS,
    Field.TYPE_INT32: st.integers(-(2**31), 2**31 - 1),
    Field.TYPE_BYTES: st.binary(max_size=20),
}


def reference() -> Any:
    """A message class made of the table above, and of nothing of the program's."""
    file = descriptor_pb2.FileDescriptorProto(name="reference.proto", package="reference")
    shape = file.message_type.add(name="Told")
    for name, (number, kind) in TYPES.items():
        shape.field.add(name=name, number=number, type=kind, label=Field.LABEL_OPTIONAL)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("reference.Told"))


TOLD = reference()


@given(st.fixed_dictionaries({}, optional={n: VALUES[kind] for n, (_, kind) in TYPES.items()}))
def test_every_field_of_any_message_is_read_as_the_official_runtime_writes_it(
    fields: dict[str, object],
) -> None:
    wire = TOLD(**fields).SerializeToString()
    told = read_frame(json.dumps({"type": "pricing", "message": b64encode(wire).decode()}).encode())
    assert told is not None
    ours = fields.keys() - {"underlying_symbol", "unheard_of"}
    assert {name: getattr(told, name) for name in ours} == {name: fields[name] for name in ours}
    assert {
        name for name in TYPES.keys() - {"underlying_symbol", "unheard_of"} if told.HasField(name)
    } == ours


@given(
    st.binary(max_size=200)
    | st.text(max_size=200).map(str.encode)
    | st.binary(max_size=60).map(lambda b: json.dumps({"message": b64encode(b).decode()}).encode())
)
def test_garbage_is_no_price_and_raises_nothing(garbage: bytes) -> None:
    told = read_frame(garbage)
    if told is not None:
        Newest().tell(told.id, told)
        quote_of("IWM", told, NOW)


@given(st.decimals(min_value=1, max_value=99_999, places=2))
def test_what_float32_made_of_a_price_is_undone(price: Any) -> None:
    sent = struct.unpack("<f", struct.pack("<f", float(price)))[0]
    quote = quote_of("IWM", tick(sent), NOW)
    assert quote is not None
    assert quote.last == float(price)
