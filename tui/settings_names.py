"""Names in the settings that only the screens' modules know: the theme, and the ids of keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tui.settings import Loaded, Settings, SettingsError


def check_names(loaded: Loaded) -> None:
    """Check what only the screens' modules know: the theme and the ids in [keys].

    Raises:
        SettingsError: An unknown theme, an unknown key id, or a key claimed twice.
    """
    if wrong := name_faults(loaded.settings, loaded.places):
        raise SettingsError(*wrong)


def name_faults(settings: Settings, places: Mapping[str, str]) -> list[str]:
    """Return what is wrong with the theme and the keys, a sentence each."""
    return [*_theme_faults(settings, places), *_key_faults(settings, places)]


def _theme_faults(settings: Settings, places: Mapping[str, str]) -> Iterator[str]:
    if settings.theme == Settings().theme:  # the names are Textual's too, which take time
        return
    from tui.themes import ThemesError, check_theme

    try:
        check_theme(settings.theme)
    except ThemesError as error:
        yield f"{places['theme']}: {error}."


def _key_faults(settings: Settings, places: Mapping[str, str]) -> Iterator[str]:
    """Yield each line that cannot be by itself, then each key that two of the others claim.

    What one line gives away another may take, and what a wrong line means to give nobody knows.
    """
    from tui.keys import KeysError, clashes, rebound

    keymap: dict[str, str] = {}
    for key_id, written in settings.keys.items():
        try:
            keymap[key_id] = rebound(key_id, written)
        except KeysError as error:
            yield f"{places[f'keys.{key_id}']}: {error}."
    wrong = settings.keys.keys() - keymap
    for clash in clashes(keymap):
        if wrong.isdisjoint(clash.ids):
            last = [key_id for key_id in settings.keys if key_id in clash.ids][-1]
            yield f"{places[f'keys.{last}']}: {clash}."
