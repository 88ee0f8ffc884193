"""Yahoo's answers as they come over the wire.

Every field that Yahoo may leave out has a default; `Raw` fields are decoded on their own, so
that one bad row or column costs no other.
"""

from __future__ import annotations

import msgspec

NULL = msgspec.Raw(b"null")


class Fault(msgspec.Struct, frozen=True):
    """Yahoo's own word on why there is no result."""

    code: str | None = None
    description: str | None = None


class Outcome(msgspec.Struct, frozen=True):
    """What every envelope holds: a result or an error."""

    error: Fault | None = None


class Envelope(msgspec.Struct, frozen=True, rename="camel"):
    """The envelopes an error may come in, whatever was asked."""

    chart: Outcome | None = None
    spark: Outcome | None = None
    finance: Outcome | None = None
    quote_response: Outcome | None = None

    @property
    def fault(self) -> Fault | None:
        """The error, if the answer is one."""
        outcomes = (self.chart, self.spark, self.finance, self.quote_response)
        return next((o.error for o in outcomes if o is not None and o.error is not None), None)


class Period(msgspec.Struct, frozen=True):
    """A stretch of trading, Unix seconds."""

    start: int
    end: int


class CurrentPeriod(msgspec.Struct, frozen=True):
    """The trading day that is under way or comes next."""

    pre: Period | None = None
    regular: Period | None = None
    post: Period | None = None


class TradingPeriods(msgspec.Struct, frozen=True):
    """The trading days of the bars, when pre- and post-market were asked for."""

    pre: list[list[Period]] = []
    regular: list[list[Period]] = []
    post: list[list[Period]] = []


class ChartMeta(msgspec.Struct, frozen=True, rename="camel"):
    """What a chart says besides its bars."""

    symbol: object = None
    """A text, as far as it can be compared with what was asked for."""
    currency: str | None = None
    full_exchange_name: str | None = None
    exchange_timezone_name: str | None = None
    instrument_type: str | None = None
    long_name: str | None = None
    short_name: str | None = None
    price_hint: int | None = None
    regular_market_time: int | None = None
    regular_market_price: float | None = None
    regular_market_day_high: float | None = None
    regular_market_day_low: float | None = None
    regular_market_volume: float | None = None
    fifty_two_week_high: float | None = None
    fifty_two_week_low: float | None = None
    previous_close: float | None = None
    chart_previous_close: float | None = None
    gmtoffset: int | None = None
    has_pre_post_market_data: bool | None = None
    current_trading_period: CurrentPeriod | None = None
    trading_periods: list[list[Period]] | TradingPeriods | None = None


class Columns(msgspec.Struct, frozen=True):
    """The bars, one array a field, nulls where nothing was traded."""

    open: msgspec.Raw = NULL
    high: msgspec.Raw = NULL
    low: msgspec.Raw = NULL
    close: msgspec.Raw = NULL
    volume: msgspec.Raw = NULL


class Indicators(msgspec.Struct, frozen=True):
    """`adjclose` is there too and left alone: adjusted prices change with every dividend."""

    quote: list[Columns | None] = []


class ChartResult(msgspec.Struct, frozen=True):
    """One symbol's chart. Without `timestamp` there are no bars."""

    meta: msgspec.Raw
    indicators: Indicators
    timestamp: msgspec.Raw = NULL
    events: msgspec.Raw = NULL


class ChartOutcome(msgspec.Struct, frozen=True):
    """Result or error of v8/finance/chart."""

    result: list[ChartResult] | None
    error: Fault | None = None


class ChartBody(msgspec.Struct, frozen=True):
    """The body of v8/finance/chart."""

    chart: ChartOutcome


class Events(msgspec.Struct, frozen=True, rename="camel"):
    """What happened to the shares, by Unix seconds of the day."""

    dividends: dict[str, msgspec.Raw] | None = None
    capital_gains: dict[str, msgspec.Raw] | None = None
    splits: dict[str, msgspec.Raw] | None = None


class Distribution(msgspec.Struct, frozen=True):
    """A dividend or a fund's capital gain, per share."""

    amount: float
    date: int


class Split(msgspec.Struct, frozen=True):
    """New shares (numerator) for old ones."""

    numerator: float
    denominator: float
    date: int


class SparkSeries(msgspec.Struct, frozen=True, rename="camel"):
    """One symbol of v8/finance/spark."""

    symbol: object = None
    timestamp: msgspec.Raw = NULL
    close: msgspec.Raw = NULL
    previous_close: float | None = None
    chart_previous_close: float | None = None


class OldSpark(msgspec.Struct, frozen=True):
    """One symbol of v7/finance/spark: a chart without envelope."""

    symbol: str
    response: list[msgspec.Raw] = []


class OldSparkOutcome(msgspec.Struct, frozen=True):
    """Result or error of v7/finance/spark."""

    result: list[msgspec.Raw] | None
    error: Fault | None = None


class OldSparkBody(msgspec.Struct, frozen=True):
    """The body of v7/finance/spark."""

    spark: OldSparkOutcome


class OldSparkResponse(msgspec.Struct, frozen=True):
    """The series of one symbol of v7/finance/spark; it may be no more than its meta."""

    meta: msgspec.Raw
    timestamp: msgspec.Raw = NULL
    indicators: Indicators | None = None


class QuoteRow(msgspec.Struct, frozen=True, rename="camel"):
    """One symbol of v7/finance/quote."""

    symbol: str
    quote_type: str | None = None
    currency: str | None = None
    full_exchange_name: str | None = None
    long_name: str | None = None
    short_name: str | None = None
    price_hint: int | None = None
    exchange_data_delayed_by: float | None = None
    """Minutes."""
    regular_market_time: int | None = None
    regular_market_price: float | None = None
    regular_market_open: float | None = None
    regular_market_day_high: float | None = None
    regular_market_day_low: float | None = None
    regular_market_volume: float | None = None
    regular_market_previous_close: float | None = None
    pre_market_price: float | None = None
    pre_market_time: int | None = None
    post_market_price: float | None = None
    post_market_time: int | None = None
    fifty_two_week_high: float | None = None
    fifty_two_week_low: float | None = None
    fifty_day_average: float | None = None
    two_hundred_day_average: float | None = None
    # Yahoo counts the months with a digit, which the renaming rule cannot.
    average_daily_volume: float | None = msgspec.field(
        name="averageDailyVolume3Month", default=None
    )
    market_cap: float | None = None


class QuoteOutcome(msgspec.Struct, frozen=True):
    """Result or error of v7/finance/quote."""

    result: list[msgspec.Raw] | None
    error: Fault | None = None


class QuoteBody(msgspec.Struct, frozen=True, rename="camel"):
    """The body of v7/finance/quote."""

    quote_response: QuoteOutcome


class SearchBody(msgspec.Struct, frozen=True):
    """The body of v1/finance/search."""

    quotes: list[msgspec.Raw]


class SearchRow(msgspec.Struct, frozen=True, rename="camel"):
    """One match; private companies come without a symbol."""

    symbol: str | None = None
    longname: str | None = None
    shortname: str | None = None
    quote_type: str | None = None
    exch_disp: str | None = None
    exchange: str | None = None
