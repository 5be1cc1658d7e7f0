"""The command line: thin, lazy, one line per mistake."""
