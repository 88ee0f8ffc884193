"""The table of keys itself: what each one does, where, and how the footer and help name it."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

import msgspec


class Scope(StrEnum):
    """Where a key works."""

    APP = "everywhere"
    SCREEN = "on every screen"
    LIST = "in a list"
    WATCHLIST = "in the watchlist"
    SYMBOL = "on a symbol"
    MEMBERS = "in a table of members"
    MAP = "on the heat map"
    BREADTH = "on the breadth screen"
    DIALOG = "in a dialog"
    FILTER = "in the filter line"


class KeyLine(msgspec.Struct, frozen=True):
    """One thing a key does."""

    id: str
    """Stable name, used in the settings: `[keys]` `"list.down" = "j,down"`."""
    keys: str
    """Key names as Textual spells them, separated by commas, the main one first."""
    action: str
    """The action, with its parameters: `panel(1)`."""
    label: str
    """One or two words for the footer."""
    help: str
    """One sentence for the help screen and the docs."""
    scope: Scope = Scope.APP
    show: bool = False
    """Whether the footer offers it while it can be done."""
    group: str = ""
    """Lines of one group are told as one: `1…9`."""
    priority: bool = False
    """Whether it works before the focused thing sees the key."""

    @property
    def action_name(self) -> str:
        """The action without its parameters."""
        return self.action.partition("(")[0]


def _panel_lines() -> Iterator[KeyLine]:
    for number in range(1, 10):
        yield KeyLine(
            f"panel.{number}",
            str(number),
            f"panel({number})",
            "panel",
            "Go to that panel; the same digit again makes it full screen.",
            Scope.SCREEN,
            group="1…9",
        )


KEYS: tuple[KeyLine, ...] = (
    KeyLine(
        "go.open",
        "enter,l,right",
        "open",
        "open",
        "Open what the cursor is on.",
        Scope.SCREEN,
        True,
    ),
    KeyLine(
        "go.up",
        "escape,h,left,backspace",
        "up",
        "back",
        "Go up one level, to the same row, sort and filter.",
        Scope.SCREEN,
        True,
    ),
    KeyLine("list.down", "j,down", "row_down", "down", "Next row.", Scope.LIST),
    KeyLine("list.up", "k,up", "row_up", "up", "Previous row.", Scope.LIST),
    KeyLine("list.first", "g,home", "row_first", "first", "First row.", Scope.LIST),
    KeyLine("list.last", "G,end", "row_last", "last", "Last row.", Scope.LIST),
    KeyLine(
        "list.half_down",
        "ctrl+d,pagedown",
        "half_page_down",
        "page down",
        "Half a page down.",
        Scope.LIST,
    ),
    KeyLine(
        "list.half_up", "ctrl+u,pageup", "half_page_up", "page up", "Half a page up.", Scope.LIST
    ),
    KeyLine(
        "list.filter",
        "slash",
        "filter",
        "filter",
        "Filter the list as you type, by symbol, name or sector.",
        Scope.LIST,
        True,
    ),
    KeyLine("list.next_match", "n", "next_match", "next match", "Next match.", Scope.LIST),
    KeyLine(
        "list.previous_match",
        "N",
        "previous_match",
        "previous match",
        "Previous match.",
        Scope.LIST,
    ),
    KeyLine("list.sort", "s", "sort", "sort", "Sort by the next column.", Scope.LIST, True),
    KeyLine("list.reverse", "S", "reverse", "reverse", "Reverse the order.", Scope.LIST),
    KeyLine(
        "window.next",
        "t",
        "next_window",
        "window",
        "Next window: 1D 5D 1M 8W 3M 6M YTD 1Y; on a symbol the next range of its chart.",
        Scope.SCREEN,
        True,
    ),
    KeyLine(
        "window.previous", "T", "previous_window", "window back", "Previous window.", Scope.SCREEN
    ),
    KeyLine(
        "go.map",
        "m",
        "heat_map",
        "map",
        "Heat map of what is shown, and back to the table.",
        show=True,
    ),
    KeyLine(
        "go.breadth",
        "b",
        "breadth",
        "breadth",
        "Breadth over time and by sector, and back.",
        show=True,
    ),
    KeyLine(
        "go.rotation",
        "R",
        "rotation",
        "rotation",
        "Rotation of the sub-sectors against the index, and back.",
        show=True,
    ),
    KeyLine(
        "go.members",
        "asterisk",
        "all_members",
        "members",
        "All members of the index in one table.",
    ),
    KeyLine(
        "members.thin",
        "H",
        "thin",
        "thin names",
        "Rank names too thin to be traded by momentum too, or not.",
        Scope.MEMBERS,
    ),
    KeyLine("map.left", "h,left", "cursor_left", "left", "The tile on the left.", Scope.MAP),
    KeyLine("map.down", "j,down", "cursor_down", "down", "The tile below.", Scope.MAP),
    KeyLine("map.up", "k,up", "cursor_up", "up", "The tile above.", Scope.MAP),
    KeyLine("map.right", "l,right", "cursor_right", "right", "The tile on the right.", Scope.MAP),
    KeyLine("map.first", "g,home", "home", "first", "First tile.", Scope.MAP),
    KeyLine("map.last", "G,end", "end", "last", "Last tile.", Scope.MAP),
    KeyLine(
        "breadth.topic",
        "d",
        "next_topic",
        "chart",
        "Next chart: A/D line, averages, new highs and lows, McClellan, equal weight.",
        Scope.BREADTH,
        True,
    ),
    KeyLine(
        "symbol.compare",
        "x",
        "compare",
        "compare",
        "Draw the index over the symbol, both from one start.",
        Scope.SYMBOL,
        True,
    ),
    KeyLine("symbol.drawing", "d", "drawing", "candles", "Line or candles.", Scope.SYMBOL, True),
    KeyLine(
        "symbol.averages",
        "M",
        "averages",
        "averages",
        "Moving averages of 50 and 200 days, on or off.",
        Scope.SYMBOL,
        True,
    ),
    KeyLine(
        "symbol.back",
        "left_square_bracket",
        "visited_back",
        "previous",
        "The symbol looked at before.",
        Scope.SYMBOL,
    ),
    KeyLine(
        "symbol.forward",
        "right_square_bracket",
        "visited_forward",
        "next",
        "The symbol looked at after this one.",
        Scope.SYMBOL,
    ),
    KeyLine(
        "watch.toggle",
        "w",
        "watch",
        "watch",
        "Put the symbol into the watchlist, or take it out.",
        Scope.SCREEN,
        True,
    ),
    KeyLine("watch.undo", "u", "undo", "undo", "Undo the last change of a list.", Scope.SCREEN),
    KeyLine(
        "watch.add",
        "W",
        "add_symbol",
        "add",
        "Search a symbol by its name and put it into the watchlist.",
        show=True,
    ),
    KeyLine("watch.move_down", "J", "move_down", "lower", "Move the row down.", Scope.WATCHLIST),
    KeyLine("watch.move_up", "K", "move_up", "higher", "Move the row up.", Scope.WATCHLIST),
    KeyLine(
        "watch.next_list",
        "right_curly_bracket",
        "next_list",
        "next list",
        "Show the next watchlist.",
        Scope.SCREEN,
    ),
    KeyLine(
        "watch.previous_list",
        "left_curly_bracket",
        "previous_list",
        "previous list",
        "Show the previous watchlist.",
        Scope.SCREEN,
    ),
    KeyLine("panel.next", "tab", "next_panel", "next panel", "Next panel.", Scope.SCREEN),
    KeyLine(
        "panel.previous",
        "shift+tab",
        "previous_panel",
        "previous panel",
        "Previous panel.",
        Scope.SCREEN,
    ),
    *_panel_lines(),
    KeyLine(
        "panel.zoom",
        "z",
        "zoom",
        "zoom",
        "Make the panel full screen, and back.",
        Scope.SCREEN,
        True,
    ),
    KeyLine(
        "app.hold",
        "p,space",
        "hold",
        "hold",
        "Hold the picture still; data go on arriving.",
        show=True,
    ),
    KeyLine("app.refresh", "r", "refresh_data", "refresh", "Ask all feeds again now.", show=True),
    KeyLine("app.faster", "plus", "faster", "faster", "Ask the feeds more often."),
    KeyLine("app.slower", "minus", "slower", "slower", "Ask the feeds less often."),
    KeyLine("app.feeds", "i", "feeds", "feeds", "Show the health of the feeds.", show=True),
    KeyLine("app.demo", "D", "demo", "demo", "Show the simulated market, when no feed answers."),
    KeyLine("app.live", "L", "live", "live", "Go back from the simulated market to the live one."),
    KeyLine(
        "app.commands", "colon,ctrl+p", "command_palette", "commands", "Find a command.", show=True
    ),
    KeyLine("app.help", "question_mark,f1", "help", "help", "What the keys do here.", show=True),
    KeyLine("app.quit", "q", "quit", "quit", "Quit."),
    KeyLine(
        "app.interrupt", "ctrl+c", "interrupt", "quit", "Quit, when pressed twice.", priority=True
    ),
    KeyLine("app.suspend", "ctrl+z", "suspend_process", "suspend", "Go back to the shell for now."),
    KeyLine(
        "dialog.close",
        "escape",
        "close",
        "close",
        "Close without doing anything.",
        Scope.DIALOG,
        True,
    ),
    KeyLine("dialog.down", "down", "choice_down", "down", "Next choice.", Scope.DIALOG, True),
    KeyLine("dialog.up", "up", "choice_up", "up", "Previous choice.", Scope.DIALOG, True),
    KeyLine(
        "filter.clear",
        "escape",
        "clear_filter",
        "clear",
        "Show all rows again.",
        Scope.FILTER,
        True,
    ),
    KeyLine(
        "filter.keep",
        "enter",
        "keep_filter",
        "keep",
        "Keep the filter and go back to the list.",
        Scope.FILTER,
        True,
    ),
)
