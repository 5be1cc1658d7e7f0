"""Making text from files safe for a terminal and for tab-separated columns."""

from __future__ import annotations

import unicodedata

_CONTROL = {"Cc", "Cs", "Zl", "Zp"}
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean(text: str) -> str:
    """Return ``text`` on one line, with control and bidirectional characters (tab and newline too) written as escapes."""
    return "".join(_escape(c) if c in _BIDI or unicodedata.category(c) in _CONTROL else c for c in text)


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}"
