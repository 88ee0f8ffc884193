"""The dialog that sets an alert: a metric, a comparison, and a bound, prefilled."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from textual import events, on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Static

from market.metrics.compute import metric_named
from market.metrics.names import rule_writing
from market.named_states import state_names, state_seen
from market.readers import stories_judged
from market.rules.rule import Comparison
from market.rules.written import RuleError, Writing
from market.snapshot import Snapshot
from tui.alert_draft import HINTS, USUAL_COOLDOWN, bound_shown, comparisons_of, drafted
from tui.alert_file import Draft
from tui.alert_focus import metric_in_focus, value_now
from tui.screens.dialog import Dialog
from tui.screens.telling import TellingScreen
from tui.wiring import feed_names
from widgets.metric_text import metric_text
from widgets.palette import app_of
from widgets.strips import MISSING, plain


def set_alert(screen: TellingScreen) -> None:
    """Ask for an alert on the number in focus of a screen, and set it."""
    snapshot = screen.desk.snapshot
    metric = metric_in_focus(screen.focused_panel, snapshot)

    def chosen(draft: Draft | None) -> None:
        if draft is not None:
            screen.edit_alerts(lambda: screen.desk.alerting.add(draft))

    screen.program.push_screen(AlertDialog(snapshot, metric), chosen)


class AlertDialog(Dialog[Draft]):
    """Type, choose, enter: gives the alert."""

    def __init__(self, snapshot: Snapshot, metric: str) -> None:
        """Begin with a metric, which may be changed."""
        super().__init__()
        self._snapshot = snapshot
        self._first = metric
        self._chosen = 0
        """Which of the comparisons."""
        self._filled = ""
        """The bound as it was filled in: one that was changed by hand stays, whatever is chosen."""

    def compose(self) -> ComposeResult:
        """Lay out metric, comparisons, bound, and one line of what is known."""
        with Vertical(id="page") as page:
            page.border_title = "Set an alert"
            page.border_subtitle = "↑↓ comparison, tab field, enter sets, esc closes"
            yield Input(self._first, placeholder="metric, such as vix.last", compact=True)
            yield Static(id="comparisons", markup=False)
            self._filled = self._usual
            yield Input(
                self._filled, placeholder="bound, such as 20, 1.5 % or 20 bp", compact=True, id="to"
            )
            with Horizontal():
                yield Static("cooldown after it was told: ", markup=False)
                yield Input(USUAL_COOLDOWN, placeholder="minutes", compact=True, id="cooldown")
            yield Static(id="state", markup=False)

    def on_mount(self) -> None:
        """Begin in the bound: the metric is most often the one that was meant."""
        self.query_one("#to", Input).focus()
        self._renew()

    def on_key(self, event: events.Key) -> None:
        """Let tab go round, for the screen below has a key for it too."""
        if event.key in {"tab", "shift+tab"}:
            event.stop()
            self.focus_next(Input) if event.key == "tab" else self.focus_previous(Input)

    @property
    def metric(self) -> str:
        """The metric as it is typed now."""
        found = self.query(Input)
        return found.first().value.strip() if found else self._first

    @property
    def comparisons(self) -> Sequence[Comparison]:
        """What the metric can be held against."""
        return comparisons_of(self.metric, self._snapshot.cast)

    @property
    def comparison(self) -> Comparison:
        """The chosen one."""
        known = self.comparisons
        return known[self._chosen % len(known)]

    @property
    def _usual(self) -> str:
        value = value_now(self._snapshot, self.metric)
        return bound_shown(self._snapshot, self.metric, self.comparison, value)

    @cached_property
    def _writing(self) -> Writing:
        snapshot = self._snapshot
        states = state_names(stories_judged(snapshot), feed_names())
        return rule_writing(snapshot.cast, snapshot.baskets, states)

    def action_choice_down(self) -> None:
        """Next comparison."""
        self._choose(1)

    def action_choice_up(self) -> None:
        """Previous comparison."""
        self._choose(-1)

    def _choose(self, step: int) -> None:
        self._chosen = (self._chosen + step) % len(self.comparisons)
        self._fill()
        self._renew()

    def _fill(self) -> None:
        """Fill in the usual bound, unless another one was typed."""
        bound = self.query_one("#to", Input)
        if bound.value == self._filled:
            self._filled = bound.value = self._usual

    @on(Input.Changed)
    def note_change(self, event: Input.Changed) -> None:
        """Say what the metric is, and keep a bound that was typed."""
        if event.input.id != "to":
            self._fill()
        self._renew()

    @on(Input.Submitted)
    def take(self) -> None:
        """Give the alert, or say what is wrong with it."""
        typed, cooldown = (self.query_one(at, Input).value for at in ("#to", "#cooldown"))
        cast = self._snapshot.cast
        try:
            draft = drafted(
                self.metric, self.comparison, typed, self._writing, cast, cooldown=cooldown
            )
        except RuleError as error:
            self._complain(error)
        else:
            self.dismiss(draft)

    @work(thread=True, group="complaint", exclusive=True, exit_on_error=False)
    def _complain(self, error: RuleError) -> None:
        """Say what is wrong; of all metrics' names the nearest is looked for away from the loop."""
        sentence = plain(str(error), 300)
        app_of(self).call_from_thread(self._say, sentence)

    def _say(self, sentence: str) -> None:
        self.query_one("#state", Static).update(sentence)

    def _renew(self) -> None:
        chosen = self.comparison
        words = (
            (f"{each.replace('_', ' ')}", "bold $accent" if each is chosen else "$text-muted")
            for each in self.comparisons
        )
        parts = [part for word in words for part in (word, "  ")]
        self.query_one("#comparisons", Static).update(Content.assemble(*parts))
        hint = HINTS.get(chosen, "")
        self._say(f"{self._known()}\n{hint}" if hint else self._known())

    def _known(self) -> str:
        """What the metric is now, and what it means."""
        snapshot, name = self._snapshot, self.metric
        value = value_now(snapshot, name)
        if state_seen(snapshot, name) is not None:
            return f"now {plain(str(value or MISSING))}"
        found = metric_named(name, snapshot.cast)
        if found is None:
            return "no metric is called so"
        return f"now {metric_text(snapshot, name, value, unit=True)} · {found[0].meaning}"
