"""Names in the settings that only the screens' modules know: the theme, and the ids of keys."""

from __future__ import annotations

from collections.abc import Iterator

from tui.settings import Loaded, Settings, SettingsError


def check_names(loaded: Loaded) -> None:
    """Check what only the screens' modules know: the theme and the ids in [keys].

    Raises:
        SettingsError: An unknown theme, an unknown key id, or a key claimed twice.
    """
    if wrong := [*_theme_faults(loaded), *_key_faults(loaded)]:
        raise SettingsError(*wrong)


def _theme_faults(loaded: Loaded) -> Iterator[str]:
    if loaded.settings.theme == Settings().theme:  # the names are Textual's too, which take time
        return
    from tui.themes import ThemesError, check_theme

    try:
        check_theme(loaded.settings.theme)
    except ThemesError as error:
        yield f"{loaded.places['theme']}: {error}"


def _key_faults(loaded: Loaded) -> Iterator[str]:
    """Yield what is wrong with the keys together: what one line gives away, another may take."""
    from tui.keys import KeysError, resolve_keys

    keys = loaded.settings.keys
    try:
        resolve_keys(keys)
    except KeysError as error:
        last = [key_id for key_id in keys if key_id in error.ids][-1]
        yield f"{loaded.places[f'keys.{last}']}: {error}"
