"""Unpacking that never grows past its limit."""

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.feeds.inflate import DamagedError, Inflater, TooLargeError


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


def two_members(data: bytes) -> bytes:
    half = len(data) // 2
    return gzip.compress(data[:half]) + gzip.compress(data[half:])


PACKINGS = {
    "": bytes,
    "identity": bytes,
    "gzip": gzip.compress,
    "x-gzip": two_members,
    "deflate": zlib.compress,
    "Deflate ": raw_deflate,
}


def unpacked(encoding: str, body: bytes, size: int, limit: int = 2**20) -> bytes:
    inflater = Inflater(encoding, limit)
    for start in range(0, len(body), size):
        inflater.feed(body[start : start + size])
    return inflater.finish()


@given(
    encoding=st.sampled_from(list(PACKINGS)),
    data=st.binary(max_size=4000),
    size=st.integers(1, 5000),
)
def test_a_body_in_pieces_of_any_size_comes_out_as_it_went_in(
    encoding: str, data: bytes, size: int
) -> None:
    assert unpacked(encoding, PACKINGS[encoding](data), size) == data


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_bomb_stops_at_the_limit(encoding: str) -> None:
    bomb = PACKINGS[encoding](bytes(50_000_000))
    inflater = Inflater(encoding, 100_000)
    with pytest.raises(TooLargeError):
        inflater.feed(bomb)


@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_the_limit_itself_is_allowed(encoding: str) -> None:
    data = bytes(range(256)) * 4
    assert unpacked(encoding, PACKINGS[encoding](data), 100, limit=len(data)) == data


def test_too_many_bytes_on_the_wire_stop_too() -> None:
    with pytest.raises(TooLargeError):
        unpacked("", bytes(11), 3, limit=10)


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_cut_body_is_damaged(encoding: str) -> None:
    with pytest.raises(DamagedError, match="too early"):
        unpacked(encoding, PACKINGS[encoding](b"a" * 5000 + b"b")[:-3], 7)


def test_a_body_that_is_not_packed_is_damaged() -> None:
    with pytest.raises(DamagedError, match="unpack"):
        unpacked("gzip", b"plain text", 100)


def test_an_encoding_nobody_asked_for_is_damaged() -> None:
    with pytest.raises(DamagedError, match="br"):
        Inflater("br", 100)


@given(encoding=st.sampled_from(["gzip", "deflate"]), data=st.binary(max_size=200))
def test_junk_is_empty_damaged_or_content(encoding: str, data: bytes) -> None:
    try:
        found = unpacked(encoding, data, 10, limit=1000)
    except (DamagedError, TooLargeError):
        return
    assert len(found) <= 1000
