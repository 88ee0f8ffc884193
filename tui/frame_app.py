"""What the overview looks like is kept for the next start, every minute and at leaving."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual import work

from tui.rules_app import RulesApp

if TYPE_CHECKING:
    from tui.frame_keeper import Kept

KEPT_EVERY_S = 60.0
"""How often what the overview looks like is kept for the next start."""


class FrameApp(RulesApp):
    """The part of the app that keeps the frame which the next start begins with."""

    def keep_frames(self) -> None:
        """Keep one every minute from now on."""
        self.set_interval(KEPT_EVERY_S, self._keep_frame)

    def _taken_frame(self) -> Kept | None:
        """Return what the next start can show at once; nothing while that is not in sight."""
        from tui.frame_keeper import FrameKeeper

        overview, *others = self.market_screens or (None,)
        if overview is None or others or overview.is_zoomed:
            return None
        overview.turns.finish()
        return FrameKeeper(self.desk.settings).taken(self, overview, self.desk.market.latest)

    @work(thread=True, group="frame", description="frame", exit_on_error=False)
    def _keep_frame(self) -> None:
        """Keep what the overview looks like, away from the loop that paints."""
        kept = self.call_from_thread(self._taken_frame)
        if kept is not None:
            kept.write()

    def exit(self, *args: Any, **named: Any) -> None:  # noqa: ANN401 - as Textual has them
        """Leave, and keep what the overview looks like."""
        if (kept := self._taken_frame()) is not None:
            kept.write()
        super().exit(*args, **named)
