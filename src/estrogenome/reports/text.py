"""Words and numbers for a person: cleaned text, counted words, digits that the uncertainty supports."""

from __future__ import annotations

import math
import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

NBSP = "\N{NO-BREAK SPACE}"
HYPHEN = "\N{NON-BREAKING HYPHEN}"
MINUS = "\N{MINUS SIGN}"
_LONGEST = 80
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_PLAIN_UNITS = {"1": "", "%": "%"}
_SMALLEST_POWER, _LARGEST_POWER = -3, 6
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


def unit(text: str) -> str:
    """Return a unit for reading: ``ug/d`` → ``µg/day``; nothing for a plain ratio."""
    if text in _PLAIN_UNITS:
        return _PLAIN_UNITS[text]
    parts = ["day" if p == "d" else p for p in text.split("/")]
    return "/".join("µ" + p[1:] if p.startswith("u") else p for p in parts)


def rounded(median: float, low: float, high: float) -> tuple[str, str, str]:
    """Return the three numbers with the digits the interval supports.

    A wide interval leaves each number two significant digits; in a narrow one all three end at the same place,
    the first digit in which they differ or the second of the lower bound, whichever is finer.
    """
    if low > 0 and high > low and high / low * _HUNDRED < _HUNDRED + _HUNDRED // 4:
        place = max(1 - math.floor(math.log10(low)), -math.floor(math.log10((high - low) / 2)))
        return _fixed(median, place), _fixed(low, place), _fixed(high, place)
    return number(median), number(low), number(high)


def _fixed(value: float, place: int) -> str:
    return _grouped(f"{round(value, place):.{max(place, 0)}f}")


def _grouped(text: str) -> str:
    whole, dot, rest = text.partition(".")
    if len(whole) > len("9999"):
        whole = f"{int(whole):,}".replace(",", "\N{NARROW NO-BREAK SPACE}")
    return whole + dot + rest


def number(value: float, significant: int = 2) -> str:
    """Return ``value`` to ``significant`` digits with a true minus sign; powers of ten only where zeros would hide it."""
    if not math.isfinite(value):
        return "–"
    if value == 0:
        return "0"
    cut = float(f"{value:.{significant - 1}e}")
    power = math.floor(math.log10(abs(cut)))
    if power < _SMALLEST_POWER or power >= _LARGEST_POWER:
        mantissa = f"{abs(cut) / 10**power:.{significant - 1}f}"
        text = f"{mantissa}{NBSP}×{NBSP}10{str(power).translate(_SUPERSCRIPTS)}"
    else:
        text = _grouped(f"{abs(cut):.{max(significant - 1 - power, 0)}f}")
    return (MINUS if cut < 0 else "") + text


def with_unit(text: str, ucum: str) -> str:
    """Return a number's text with its unit behind a space that does not break."""
    shown = unit(ucum)
    return f"{text}{NBSP}{shown}" if shown else text


def interval(median: float, bounds: Sequence[float], ucum: str = "1", *, name: str = "90" + NBSP + "%: ") -> str:
    """Return ``median (90 %: low–high) unit``."""
    middle, low, high = rounded(median, bounds[0], bounds[-1])
    return with_unit(f"{middle} ({name}{low}–{high})", ucum)


def percent(share: float) -> str:
    """Return a share of 1 as a whole percentage; never 0 or 100 where it is not exactly that."""
    if share > 0 and share * _HUNDRED < 1:
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
