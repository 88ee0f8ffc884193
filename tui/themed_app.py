"""The app's colours: its themes, and when the styles must be read again for them."""

from __future__ import annotations

from textual.theme import BUILTIN_THEMES, Theme

from tui.themes import THEMES, check_theme, default_roles, with_red_up
from widgets.parts import AppPart


class ThemedApp(AppPart):
    """The part of the app that knows its themes."""

    red_up = False
    """Whether rising is red and falling green."""
    _colours = ("", False)
    """The theme that the styles were read with, and whether rising was red."""

    def use_theme(self, name: str, *, red_up: bool) -> None:
        """Begin with a theme.

        Raises:
            ThemesError: There is no such theme.
        """
        self.red_up = red_up
        for theme in THEMES:
            self.register_theme(theme)
        if red_up:
            self._register_all()
        self.theme = check_theme(name)
        self._colours = (self.theme, red_up)
        self.stylesheet.set_variables(self.get_css_variables())

    def _register_all(self) -> None:
        for theme in (*BUILTIN_THEMES.values(), *THEMES):
            self.register_theme(with_red_up(theme) if self.red_up else theme)

    def get_css_variables(self) -> dict[str, str]:
        """Return the theme's variables; none before the app's own theme is known."""
        return super().get_css_variables() if self._colours[0] else {}

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Return the roles' colours for themes that do not name them."""
        theme: Theme = self.current_theme
        return default_roles(theme)

    def refresh_css(self, animate: bool = True) -> None:
        """Read the styles again, unless they have these colours already, as at the start."""
        colours = (self.theme, self.red_up)
        if colours != self._colours:
            self._colours = colours
            super().refresh_css(animate)

    def choose_theme(self, name: str) -> None:
        """Change the colours."""
        self.theme = name

    def toggle_red_up(self) -> None:
        """Exchange the colours of up and down."""
        self.red_up = not self.red_up
        self._register_all()
        self.refresh_css(animate=False)
