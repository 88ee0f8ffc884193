"""What each symbol of the simulated market is: its price, what moves it, and its name.

Invented for the demo. Levels are plausible for 2026 and are no statement about any security.
"""

from __future__ import annotations

import math
import re
from random import Random

import msgspec

from market.instruments import BENCHMARK, FUTURE, INDEX, TRACKER, Cast, Instrument, Role

MARKET = "market"
SIZE = "size"
"""Names of the two factors that everything shares; further factors are the sectors."""

VIX_RESPONSE = -4.2
"""Log points that implied volatility moves for one log point of the market."""
USUAL_VIX = 16.4


class Model(msgspec.Struct, frozen=True, kw_only=True):
    """What moves one symbol of the simulated market."""

    symbol: str
    name: str
    quote_type: str
    anchor: float = 100.0
    """Price at the close of the anchor day."""
    drift: float = 0.08
    """Log return per year on which the random part is laid."""
    loads: tuple[tuple[str, float], ...] = ()
    """(factor, how much of its return this symbol takes)."""
    own: float = 0.01
    """Standard deviation of the daily log return that it shares with nobody."""
    gain: float | None = None
    """For implied volatility: its part of the VIX's log deviation; None for prices."""
    base: str = ""
    """The symbol it follows at a fixed ratio, if any."""
    ratio: float = 1.0
    average_volume: float | None = None
    """Shares a day; None where a symbol has no volume."""
    shares: float | None = None
    """Shares outstanding, where that is told."""
    prints: float = 0.0
    """Part of the pre- and post-market minutes with a trade; 0 for indices."""
    decimals: int = 2

    @property
    def is_close_only(self) -> bool:
        """Whether its history has no open, high and low, as VVIX and SKEW have none."""
        return self.symbol in {"^VVIX", "^SKEW"}


_ANCHORS = {
    INDEX: 2_996.0, BENCHMARK: 7_483.0,
    "PSCT": 58.2, "PSCH": 46.1, "PSCF": 61.3, "PSCI": 158.4, "PSCD": 112.6, "PSCC": 37.9,
    "PSCE": 52.8, "PSCM": 84.7, "PSCU": 63.5, "XBI": 121.4, "IHI": 64.8, "XPH": 53.2,
    "KRE": 71.6, "KIE": 62.4, "KBWY": 16.9, "IGV": 103.7, "WCLD": 38.2, "XSD": 342.5,
    "AIQ": 56.4, "BOTZ": 38.8, "ROBO": 72.9, "XAR": 251.3, "XTN": 96.4, "XHB": 118.9,
    "XRT": 88.6, "XOP": 142.7, "XES": 84.1, "XME": 104.2,
}  # fmt: skip
_SECTOR_VOLATILITY = {
    "Technology": 0.0095, "Health Care": 0.0105, "Financials": 0.0085, "Industrials": 0.005,
    "Consumer Discretionary": 0.007, "Consumer Staples": 0.006, "Energy": 0.0145,
    "Materials": 0.009, "Utilities & Communication": 0.007,
}  # fmt: skip
_VOLATILITY = {
    "^VIX9D": (USUAL_VIX * 0.87, 1.45, 0.022), "^VIX": (USUAL_VIX, 1.0, 0.0),
    "^VIX3M": (USUAL_VIX * 1.13, 0.72, 0.006), "^VIX6M": (USUAL_VIX * 1.22, 0.60, 0.007),
    "^VVIX": (92.0, 0.40, 0.022), "^SKEW": (140.0, -0.05, 0.008), "^RVX": (21.3, 0.9, 0.014),
}  # fmt: skip
"""(usual level, gain, daily noise)."""
_LIQUID = {TRACKER: 31.0e6, "SPY": 74.0e6, "XBI": 8.4e6, "KRE": 14.5e6, "IGV": 5.1e6, "XOP": 3.2e6}

_PLAUSIBLE = re.compile(r"\^?[A-Z0-9][A-Z0-9.=-]{0,11}")
_UNKNOWN = "ZZZ"
_FIRST = ("Alder", "Bright", "Cedar", "Delta", "Eagle", "Foxglove", "Granite", "Harbor", "Iron",
          "Juniper", "Keystone", "Larch", "Mesa", "North", "Osprey", "Prairie")  # fmt: skip
_SECOND = ("Bank", "Bio", "Brook", "Field", "Forge", "Grid", "Logic", "Mark", "Path", "Point",
           "Ridge", "Signal", "Stone", "Vale", "Works", "Yard")  # fmt: skip
_THIRD = ("Bancorp", "Therapeutics", "Industries", "Software", "Energy", "Holdings", "Systems",
          "Partners")  # fmt: skip


def is_known(symbol: str) -> bool:
    """Return whether the simulated market trades a symbol: any plausible one but ZZZ…."""
    return bool(_PLAUSIBLE.fullmatch(symbol)) and not symbol.startswith(_UNKNOWN)


def model_of(seed: int, cast: Cast, symbol: str) -> Model:
    """Return the model of a symbol, made from the seed where the cast does not know it."""
    instrument = cast[symbol]
    rng = Random(f"{seed}|model|{symbol}")
    match instrument.role:
        case Role.VOLATILITY:
            return _implied(instrument, rng)
        case Role.INDEX | Role.BENCHMARK | Role.TRACKER | Role.FUTURE if symbol in _HEADLINERS:
            return _HEADLINERS[symbol](instrument)
        case Role.SECTOR | Role.THEME:
            return _fund(instrument, rng)
        case _:
            return _stock(instrument, rng)


def _index(instrument: Instrument) -> Model:
    return Model(
        symbol=INDEX, name=instrument.name, quote_type="INDEX", anchor=_ANCHORS[INDEX], drift=0.095,
        loads=((MARKET, 1.08), (SIZE, 1.0)), own=0.0002,
    )  # fmt: skip


def _benchmark(instrument: Instrument) -> Model:
    return Model(
        symbol=BENCHMARK, name=instrument.name, quote_type="INDEX", anchor=_ANCHORS[BENCHMARK],
        drift=0.115, loads=((MARKET, 1.0),), own=0.0008,
    )  # fmt: skip


def _tracker(instrument: Instrument) -> Model:
    return Model(
        symbol=TRACKER, name=instrument.name, quote_type="ETF", base=INDEX, ratio=1 / 10.06,
        average_volume=_LIQUID[TRACKER], prints=0.97, own=0.00004,
    )  # fmt: skip


def _benchmark_fund(instrument: Instrument) -> Model:
    return Model(
        symbol="SPY", name=instrument.name, quote_type="ETF", base=BENCHMARK, ratio=1 / 10.02,
        average_volume=_LIQUID["SPY"], prints=0.98, own=0.00003,
    )  # fmt: skip


def _future(instrument: Instrument) -> Model:
    return Model(
        symbol=FUTURE, name=instrument.name, quote_type="FUTURE", base=INDEX, ratio=1.003,
        average_volume=182_000.0, own=0.0002, decimals=1,
    )  # fmt: skip


_HEADLINERS = {
    INDEX: _index,
    BENCHMARK: _benchmark,
    TRACKER: _tracker,
    "SPY": _benchmark_fund,
    FUTURE: _future,
}


def _implied(instrument: Instrument, rng: Random) -> Model:
    default = (rng.uniform(15.0, 28.0), 0.9, 0.015)
    level, gain, noise = _VOLATILITY.get(instrument.symbol, default)
    return Model(
        symbol=instrument.symbol, name=instrument.name, quote_type="INDEX", anchor=level, gain=gain,
        loads=((MARKET, VIX_RESPONSE * gain),), own=noise,
    )  # fmt: skip


def _fund(instrument: Instrument, rng: Random) -> Model:
    beta = rng.uniform(0.75, 1.2)
    is_sector = instrument.role is Role.SECTOR
    volume = rng.uniform(2.0e4, 9.0e4) if is_sector else math.exp(rng.uniform(12.5, 14.8))
    return Model(
        symbol=instrument.symbol, name=instrument.name, quote_type="ETF",
        anchor=_ANCHORS.get(instrument.symbol, math.exp(rng.uniform(3.0, 5.0))),
        drift=rng.gauss(0.08, 0.06),
        loads=((MARKET, beta), (SIZE, beta * 0.9), (instrument.sector or "other", 1.0)),
        own=0.0015 if is_sector else 0.0055,
        average_volume=_LIQUID.get(instrument.symbol, volume), prints=0.2 if is_sector else 0.55,
    )  # fmt: skip


def _stock(instrument: Instrument, rng: Random) -> Model:
    is_index = instrument.symbol.startswith("^")
    sector = rng.choice(tuple(_SECTOR_VOLATILITY))
    return Model(
        symbol=instrument.symbol, name=instrument.name or company_name(instrument.symbol),
        quote_type="INDEX" if is_index else "EQUITY", anchor=math.exp(rng.uniform(2.3, 5.3)),
        drift=rng.gauss(0.07, 0.14),
        loads=((MARKET, rng.uniform(0.6, 1.5)), (SIZE, rng.uniform(0.4, 1.2)), (sector, 1.0)),
        own=rng.uniform(0.012, 0.03), prints=0.0 if is_index else rng.uniform(0.1, 0.6),
        average_volume=None if is_index else math.exp(rng.uniform(12.0, 15.5)),
    )  # fmt: skip


def sector_volatility(sector: str) -> float:
    """Return the daily standard deviation of a sector's own return."""
    return _SECTOR_VOLATILITY.get(sector, 0.008)


def company_name(symbol: str) -> str:
    """Return an invented company name that is always the same for a symbol."""
    rng = Random(f"name|{symbol}")
    first, second, third = rng.choice(_FIRST), rng.choice(_SECOND), rng.choice(_THIRD)
    return f"{first} {second} {third} (simulated)"
