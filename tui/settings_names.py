"""Names in the settings that only the screens' modules know: the theme, and the ids of keys."""

from __future__ import annotations

from tui.settings import Loaded, Settings, SettingsError


def check_names(loaded: Loaded) -> None:
    """Check what only the screens' modules know: the theme and the ids in [keys].

    Raises:
        SettingsError: An unknown theme, an unknown key id, or a key claimed twice.
    """
    from tui.keys import KeysError, resolve_keys

    settings = loaded.settings
    if settings.theme != Settings().theme:  # the names are Textual's too, which not all need
        _check_theme(loaded)
    for key_id, keys in settings.keys.items():
        try:
            resolve_keys({key_id: keys})
        except KeysError as error:
            raise SettingsError(f"{loaded.places[f'keys.{key_id}']}: {error}") from None
    try:
        resolve_keys(settings.keys)
    except KeysError as error:
        raise SettingsError(f"[keys] in {loaded.path}: {error}") from None


def _check_theme(loaded: Loaded) -> None:
    from tui.themes import ThemesError, check_theme

    try:
        check_theme(loaded.settings.theme)
    except ThemesError as error:
        raise SettingsError(f"{loaded.places['theme']}: {error}") from None
