"""Words and numbers for a person: cleaned text, counted words, digits that the uncertainty supports."""

from __future__ import annotations

import math
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

NBSP = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
_LONGEST = 80
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_PLAIN_UNITS = {"1": "", "%": "%"}
_SMALLEST_POWER, _LARGEST_POWER = -3, 6
_HUNDRED, _FEW = 100, 2


def clean(text: str, longest: int = _LONGEST) -> str:
    """Return the user's ``text`` as one harmless line: no control or direction characters, at most ``longest`` characters."""
    kept = "".join(" " if c.isspace() else c for c in text[: _FEW * longest + _HUNDRED] if c.isspace() or unicodedata.category(c) not in _HIDDEN)
    line = " ".join(kept.split())
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
    """Return ``text`` with a capital and a full stop."""
    text = text.strip()
    if not text:
        return ""
    return text[0].upper() + text[1:] + ("" if text[-1] in ".?!" else ".")


def phrase(identifier: str) -> str:
    """Return an identifier as words: ``make_b`` → ``make b``; a trailing number leads: ``shift_2`` → ``2-shift``."""
    head, _, tail = identifier.rpartition("_")
    if head and tail.isdigit():
        return f"{tail}-{head.replace('_', ' ')}"
    return identifier.replace("_", " ")


def unit(text: str) -> str:
    """Return a unit for reading: ``ug/d`` → ``µg/day``; nothing for a plain ratio."""
    if text in _PLAIN_UNITS:
        return _PLAIN_UNITS[text]
    parts = ["day" if p == "d" else p for p in text.split("/")]
    return "/".join("µ" + p[1:] if p.startswith("u") else p for p in parts)


def digits(low: float, high: float) -> int:
    """Return how many significant digits an interval supports: two; three where it is narrow."""
    if low > 0 and high / low * _HUNDRED < _HUNDRED + _HUNDRED // 4:
        return 3
    return 2


def number(value: float, significant: int = 2) -> str:
    """Return ``value`` to ``significant`` digits with a true minus sign; powers of ten only where zeros would hide it."""
    if not math.isfinite(value):
        return "–"
    if value == 0:
        return "0"
    rounded = float(f"{value:.{significant - 1}e}")
    power = math.floor(math.log10(abs(rounded)))
    if power < _SMALLEST_POWER or power >= _LARGEST_POWER:
        mantissa = f"{abs(rounded) / 10**power:.{significant - 1}f}"
        text = f"{mantissa}{NBSP}×{NBSP}10{str(power).translate(_SUPERSCRIPTS)}"
    else:
        text = f"{abs(rounded):.{max(significant - 1 - power, 0)}f}"
        whole, dot, rest = text.partition(".")
        if len(whole) > len("9999"):
            whole = f"{int(whole):,}".replace(",", "\N{NARROW NO-BREAK SPACE}")
        text = whole + dot + rest
    return (MINUS if rounded < 0 else "") + text


def with_unit(text: str, ucum: str) -> str:
    """Return a number's text with its unit behind a space that does not break."""
    shown = unit(ucum)
    return f"{text}{NBSP}{shown}" if shown else text


def interval(median: float, bounds: Sequence[float], ucum: str = "1", *, name: str = "90" + NBSP + "%: ") -> str:
    """Return ``median (90 %: low–high) unit``."""
    low, high = bounds[0], bounds[-1]
    sharp = digits(low, high)
    return with_unit(f"{number(median, sharp)} ({name}{number(low, sharp)}–{number(high, sharp)})", ucum)


def percent(share: float) -> str:
    """Return a share of 1 as a whole percentage; never 0 or 100 where it is not exactly that."""
    if 0 < share and share * _HUNDRED < 1:
        return f"<{NBSP}1{NBSP}%"
    if share < 1 and share * _HUNDRED > _HUNDRED - 1:
        return f">{NBSP}99{NBSP}%"
    return f"{round(share * _HUNDRED)}{NBSP}%"


def ordinal(percentile: float) -> str:
    """Return a percentile in words: ``63rd percentile``; the tails are named as such."""
    if percentile < 1:
        return "below the 1st percentile"
    if percentile > _HUNDRED - 1:
        return "above the 99th percentile"
    whole = round(percentile)
    ending = "th" if 10 <= whole % _HUNDRED <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(whole % 10, "th")
    return f"{whole}{ending}{NBSP}percentile"
