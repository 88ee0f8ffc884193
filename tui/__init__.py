"""The program: command line, settings, keys, themes, screens."""
