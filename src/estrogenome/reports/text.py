"""Words for a person: cleaned text, counted words, identifiers as words."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from estrogenome.core.numbers import NBSP

if TYPE_CHECKING:
    from collections.abc import Iterable

HYPHEN = "\N{NON-BREAKING HYPHEN}"
_LONGEST = 80
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_HUNDRED, _FEW = 100, 2
_LOOSE_PERCENT = re.compile(r"(?<=\d) (?=%)")
_DECIMAL_RANGE = re.compile(r"(?<=\.\d)-(?=\d+\.\d)|(?<=\.\d\d)-(?=\d+\.\d)")
_POSITION = re.compile(r"(?<=\d)a-(?=[a-z]{4})")


def clean(text: str, longest: int = _LONGEST) -> str:
    """Return the user's ``text`` as one harmless line: no control or direction characters, at most ``longest`` characters."""
    begin = text[: _FEW * longest + _HUNDRED]
    line = " ".join("".join(c for c in begin if c.isspace() or unicodedata.category(c) not in _HIDDEN).split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def listed(words: Iterable[str], last: str = "and") -> str:
    """Return words as a list in a sentence: ``a, b and c``."""
    items = list(words)
    if len(items) < _FEW:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return ``two sites``, ``one site``, ``14 sites``."""
    word = _COUNTS[number] if 0 <= number < len(_COUNTS) else str(number)
    return f"{word}{NBSP}{noun if number == 1 else plural or noun + 's'}"


def sentence(text: str) -> str:
    """Return ``text`` with a capital and a full stop, and set as on paper: ranges with a dash, a percent sign that does not stray."""
    text = _LOOSE_PERCENT.sub(NBSP, _DECIMAL_RANGE.sub("–", _POSITION.sub("α-", text.strip())))
    if not text:
        return ""
    return text[0].upper() + text[1:] + ("" if text[-1] in ".?!" else ".")


def inline(text: str) -> str:
    """Return ``text`` as part of a sentence: its first word small, unless it is a name or an abbreviation."""
    return text[0].lower() + text[1:] if text[1:2].islower() else text


def phrase(identifier: str) -> str:
    """Return an identifier as words, what it acts on first: ``shift_2a`` → ``2α-shift``, ``shift_ring`` → ``ring shift``."""
    head, _, tail = identifier.rpartition("_")
    if not head:
        return identifier
    joint, tail = (HYPHEN, tail.replace("a", "α")) if tail[:1].isdigit() else (" ", tail)
    return f"{tail}{joint}{head.replace('_', ' ')}"
