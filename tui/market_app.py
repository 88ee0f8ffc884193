"""What keys do to the market that is shown: hold it, ask it more or less often, exchange it."""

from __future__ import annotations

from textual import work

from tui.markets import Market
from tui.tape_app import TapeApp


class MarketApp(TapeApp):
    """The part of the app that acts on the engines."""

    _goes_live = False
    """Whether the live market is wished for as soon as the tape has been moved."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the demo and the way back only when there is one."""
        if action == "demo":
            return self.desk.markets.can_show_demo
        if action == "live":
            return self.desk.markets.can_show_live or self.is_moving
        return super().check_action(action, parameters)

    def action_hold(self) -> None:
        """Hold the picture still, or let it go on."""
        self.say(self.desk.toggle_hold())
        self.renew()

    @work(thread=True, group="refresh", exclusive=True, exit_on_error=False)
    def action_refresh_data(self) -> None:
        """Ask all feeds again now."""
        answer = self.desk.refresh()
        self.call_from_thread(self.say, answer)

    def action_faster(self) -> None:
        """Ask the feeds more often."""
        self._change_pace(2)

    def action_slower(self) -> None:
        """Ask the feeds less often."""
        self._change_pace(0.5)

    def _change_pace(self, factor: float) -> None:
        self.say(self.desk.change_pace(factor))
        self.renew()

    def action_demo(self) -> None:
        """Show the simulated market."""
        self.desk.show_demo()
        self.show_lists()

    @work(thread=True, group="live", exit_on_error=False)
    def _stop_engine(self, engine: Market) -> None:
        engine.stop()

    def action_live(self) -> None:
        """Go back to the live market; while the tape is moved, once it stands."""
        self._goes_live = self.is_moving
        if self._goes_live:
            self.say("live as soon as the tape is wound")
            return
        if (demo := self.desk.show_live()) is not None:
            self._stop_engine(demo)
        self.show_lists()

    def moved(self, words: str) -> None:
        """Show where the tape stands, or the live market if that was wished for meanwhile."""
        super().moved(words)
        if self._goes_live:
            self.action_live()
