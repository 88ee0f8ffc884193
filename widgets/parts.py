"""What widgets, screens and the app are put together from: parts that are none by themselves.

To Python a part is a plain class, to the type checker the class it will be part of. Textual looks
through all ancestors of every class of widgets it meets, which takes longer than reading the
module it stands in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.app import App
    from textual.screen import Screen
    from textual.scroll_view import ScrollView
    from textual.widget import Widget

    AppPart = App[None]
    ScreenPart = Screen[None]
    ScrollPart = ScrollView
    WidgetPart = Widget
else:
    AppPart = ScreenPart = ScrollPart = WidgetPart = object
