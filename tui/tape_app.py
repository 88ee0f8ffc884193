"""What keys do to the tape: the one that is played, or that of this run, wound back."""

from __future__ import annotations

from collections.abc import Callable

from textual import work

from tui.list_app import ListApp
from tui.markets import Tape


class TapeApp(ListApp):
    """The part of the app that moves the tape."""

    is_moving = False
    """Whether the tape is being moved now."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer steps only where there is a tape, and the first one back where there can be."""
        if action in {"tape_step", "tape_jump"}:
            markets = self.desk.markets
            return markets.replay is not None or (parameters == (-1,) and markets.can_rewind)
        return super().check_action(action, parameters)

    def action_tape_step(self, by: int) -> None:
        """Go to the next or previous step of the tape."""
        self._move_tape(lambda tape: tape.step(by))

    def action_tape_jump(self, by: int) -> None:
        """Go to the next or previous event of the tape."""
        self._move_tape(lambda tape: tape.jump(by))

    def _move_tape(self, move: Callable[[Tape], str]) -> None:
        """Move the tape that is played, else wind back that of this run.

        While it is moved, further moves are passed over: a key that is held goes no further than
        until it is let go.
        """
        if not self.is_moving:
            self.is_moving = True
            self._make_move(move)

    @work(thread=True, group="tape", description="tape", exit_on_error=False)
    def _make_move(self, move: Callable[[Tape], str]) -> None:
        try:
            words = self._tape_moved(move)
        finally:
            self.is_moving = False
        self.call_from_thread(self.moved, words)

    def _tape_moved(self, move: Callable[[Tape], str]) -> str:
        """Move the tape, and return what there is to say; that it takes a while is said first."""
        if self.desk.markets.can_rewind:
            self.call_from_thread(self.say, "winding the tape back …")
        from market.tape.tape_file import TapeError

        try:
            tape = self.desk.tape_to_move()
            return move(tape) if tape is not None else ""
        except TapeError as error:
            return str(error)

    def moved(self, words: str) -> None:
        """Show where the tape stands."""
        self.renew()
        self.say(words)
