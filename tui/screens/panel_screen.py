"""Moving between the panels of a screen, and making one of them full screen."""

from __future__ import annotations

from textual.app import App

from tui.screens.turns import Turns
from widgets.palette import app_of
from widgets.panel import Panel
from widgets.parts import ScreenPart


class PanelScreen(ScreenPart):
    """The part of a market screen that knows which panel has the keys."""

    turns: Turns
    """Brings a new picture to the panels in sight."""
    _full: Panel | None = None
    """The panel that is full screen."""
    _digit = 0
    """The number of the panel last asked for by its digit; 0 after another way to a panel."""

    def on_screen_suspend(self) -> None:
        """Forget the digit: after a look at another screen it goes to the panel again."""
        self._digit = 0

    def say(self, text: str) -> None:
        """Tell the user one sentence."""
        raise NotImplementedError

    @property
    def program(self) -> App[None]:
        """The app, whose screens these are."""
        return app_of(self)

    @property
    def panels(self) -> list[Panel]:
        """All panels, in the order of their numbers."""
        return list(self.query(Panel))

    @property
    def first_panel(self) -> Panel:
        """The panel that has the keys at first."""
        return self.panels[0]

    @property
    def visible_panels(self) -> list[Panel]:
        """The panels that this size and zoom show."""
        return [panel for panel in self.panels if panel.display]

    @property
    def focused_panel(self) -> Panel | None:
        """The panel that has the keys."""
        focused = self.focused
        if focused is None:
            return None
        return next((n for n in focused.ancestors_with_self if isinstance(n, Panel)), None)

    @property
    def is_zoomed(self) -> bool:
        """Whether one panel is full screen."""
        return self._full is not None

    def action_panel(self, number: int) -> None:
        """Go to a panel; a second time, make it full screen."""
        if number > len(self.panels):
            self.say(f"there is no panel {number} here")
            return
        panel = self.panels[number - 1]
        if panel is not self.focused_panel:
            self.go_to(panel)
        elif number == self._digit:
            self.action_zoom()
        else:
            self.say(f"panel {number} has the keys; {number} again makes it full screen")
        self._digit = number

    def action_next_panel(self) -> None:
        """Go to the next panel."""
        self._step(1)

    def action_previous_panel(self) -> None:
        """Go to the previous panel."""
        self._step(-1)

    def _step(self, step: int) -> None:
        self._digit = 0
        panels = self.panels if self.is_zoomed else self.visible_panels
        current = self.focused_panel
        if panels:
            place = panels.index(current) if current in panels else -step
            self.go_to(panels[(place + step) % len(panels)])

    def go_to(self, panel: Panel) -> None:
        """Give the keys to a panel, full screen if it would not be seen otherwise."""
        if self.is_zoomed or not panel.display:
            self.zoom(panel)
        panel.focus()

    def give_keys(self) -> None:
        """Give the keys to the first panel where nobody who can be seen has them."""
        if self.focused is None:
            self.first_panel.focus()

    def action_zoom(self) -> None:
        """Make the panel full screen, or all panels come back."""
        self.zoom(None if self.is_zoomed else self.focused_panel)
        self.call_after_refresh(self.give_keys)

    def zoom(self, panel: Panel | None) -> None:
        """Make this panel full screen; None shows all."""
        self.turns.finish()
        self._full = panel
        self.set_class(panel is not None, "-zoomed")
        for each in self.panels:
            each.set_class(each is panel, "-full")
        self.call_after_refresh(self.show_panels)
        self.refresh_bindings()

    def show_panels(self) -> None:
        """Bring what has come into sight up to date."""

    def refresh_charts(self) -> None:
        """Paint charts that could not be painted at first."""
        for panel in self.panels:
            panel.refresh_charts()

    def on_panel_title_clicked(self, event: Panel.TitleClicked) -> None:
        """A click on a title makes its panel full screen, and back."""
        event.stop()
        event.panel.focus()
        if len(self.panels) > 1:
            self.zoom(None if self.is_zoomed else event.panel)
