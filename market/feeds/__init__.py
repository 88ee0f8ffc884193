"""The feeds: one source a file, listed in FEEDS by the name settings and health use."""
