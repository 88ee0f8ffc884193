"""The table of keys itself: what each one does, where, and how the footer and help name it."""

from __future__ import annotations

from collections.abc import Iterator

from tui.key_line import KeyLine, Scope
from tui.key_rooms import ROOMS, SCREENS
from tui.key_tape import TAPE

__all__ = ["KEYS", "KeyLine", "Scope"]


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
    *SCREENS,
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
        "watch.toggle",
        "w",
        "watch",
        "watch",
        "Put the symbol into the watchlist, or take it out.",
        Scope.SCREEN,
        True,
    ),
    *ROOMS,
    KeyLine(
        "alert.set",
        "a",
        "set_alert",
        "alert",
        "Set an alert on the number in focus.",
        Scope.SCREEN,
        True,
    ),
    KeyLine(
        "alert.acknowledge",
        "exclamation_mark",
        "acknowledge",
        "seen",
        "Take note of the alerts that were told; in their list, of the one under the cursor.",
        show=True,
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
    KeyLine(
        "app.export",
        "e",
        "export",
        "export",
        "Write what is shown to files: the panel as CSV and JSON, the screen as a picture.",
    ),
    KeyLine("app.feeds", "i", "feeds", "feeds", "Show the health of the feeds.", show=True),
    KeyLine("app.demo", "D", "demo", "demo", "Show the simulated market, when no feed answers."),
    KeyLine(
        "app.live",
        "L",
        "live",
        "live",
        "Go back from a tape or the simulated market to the live one.",
    ),
    *TAPE,
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
