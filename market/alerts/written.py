"""From the text of the alerts' file to alerts; each mistake is told, and costs one table."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Annotated, Any, TypeAlias, cast

import msgspec
from msgspec import Meta

from market.alerts.alert import COOLDOWN, Alert, Channel
from market.instruments import Cast
from market.rules.tables import chosen, converted, printable, read_tables, require_id
from market.rules.written import RuleError, Writing

TABLES = "alert"
WATCHLISTS = "watchlists"
"""What `for` says in place of a list: every symbol of the watchlists."""
LONGEST_COOLDOWN_MIN = 30 * 24 * 60
_OF_GROUPS = ("sector.", "subsector.", "basket.")
"""How the names of groups begin, which `for` may hold beside symbols."""
Symbol: TypeAlias = Annotated[str, Meta(pattern=r"^[!-~]{1,64}\Z")]


class _Written(msgspec.Struct, kw_only=True):
    id: str
    title: str = ""
    rule: dict[str, Any]
    cooldown: Annotated[float, Meta(ge=0, le=LONGEST_COOLDOWN_MIN)] = COOLDOWN.total_seconds() / 60
    """Minutes."""
    repeats: bool = False
    leaving: bool = False
    tell: list[str] = msgspec.field(default_factory=lambda: list(Channel))
    symbols: Annotated[list[Symbol], Meta(min_length=1, max_length=200)] | str | None = (
        msgspec.field(default=None, name="for")
    )


def alerts_of(
    text: str, writing: Writing, cast: Cast, watched: Iterable[str] = ()
) -> tuple[tuple[Alert, ...], tuple[str, ...]]:
    """Return the alerts of a TOML text, and a sentence for each table that is none.

    Args:
        text: The file.
        writing: Reads rules; knows which metrics there are.
        cast: Knows how metric names spell symbols.
        watched: The watchlists' symbols, for tables that speak of them.

    Raises:
        ValueError: It is no TOML, or of another form.
    """
    return read_tables(text, TABLES, lambda table: _alerts(table, writing, cast, watched))


def _alerts(
    table: object, writing: Writing, instruments: Cast, watched: Iterable[str]
) -> list[Alert]:
    written = converted(table, _Written, {"closes": "it stands within the rule"})
    require_id(written.id)
    if written.symbols is None:
        return [_alert(written, written.id, written.title, written.rule, writing)]
    symbols = _symbols(written.symbols, watched)
    if written.symbols == WATCHLISTS:
        return _alerts_where_possible(written, symbols, instruments, writing)
    return [
        _alert_for(written, each, each if _is_group(each) else instruments[each].slug, writing)
        for each in symbols
    ]


def _is_group(named: str) -> bool:
    """Whether it is the name of a group, as metric names spell it: `basket.ai`."""
    return named.lower().startswith(_OF_GROUPS)


def _alerts_where_possible(
    written: _Written, symbols: Iterable[str], instruments: Cast, writing: Writing
) -> list[Alert]:
    """A list's symbols have not all the same metrics: only where none has them is that wrong."""
    found: list[Alert] = []
    error: RuleError | None = None
    for symbol in symbols:
        try:
            found.append(_alert_for(written, symbol, instruments[symbol].slug, writing))
        except RuleError as wrong:
            error = wrong
    if error is not None and not found:
        raise error
    return found


def _symbols(told: list[str] | str, watched: Iterable[str]) -> Iterable[str]:
    if isinstance(told, list):
        return dict.fromkeys(n.lower() if _is_group(n) else n.upper() for n in told)
    if told != WATCHLISTS:
        accepted = f'a list of symbols and groups (["IWM", "sector.health-care"]) or "{WATCHLISTS}"'
        raise ValueError(f'"for" must be {accepted}, and is "{printable(told)}"')
    return tuple(watched)


def _alert_for(written: _Written, symbol: str, slug: str, writing: Writing) -> Alert:
    """The alert of one instrument: `{slug}` and `{symbol}` stand for it."""
    rule = cast("dict[str, Any]", _filled(written.rule, slug))
    title = written.title.replace("{symbol}", symbol).replace("{slug}", slug)
    if title == written.title and title:
        title = f"{symbol}: {title}"
    return _alert(written, f"{written.id}/{slug}", title, rule, writing)


def _filled(value: object, slug: str) -> object:
    match value:
        case str():
            return value.replace("{slug}", slug)
        case dict():
            table = cast("dict[str, object]", value)
            return {key: _filled(inner, slug) for key, inner in table.items()}
        case list():
            return [_filled(inner, slug) for inner in cast("list[object]", value)]
        case _:
            return value


def _alert(
    written: _Written, alert_id: str, title: str, table: dict[str, Any], writing: Writing
) -> Alert:
    return Alert(
        id=alert_id,
        title=title or alert_id,
        rule=writing.rule(table, "rule"),
        cooldown=timedelta(minutes=written.cooldown),
        repeats=written.repeats,
        tells_leaving=written.leaving,
        tell=tuple(dict.fromkeys(chosen(word, Channel, "tell") for word in written.tell)),
        table=written.id,
    )
