"""Numbers for a person: the digits that the uncertainty supports, units as they are written, percentiles in words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

NBSP = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_PLAIN_UNITS = {"1": "", "%": "%"}
_SMALLEST_POWER, _LARGEST_POWER = -3, 6
_HUNDRED = 100
_NO_WIDTH = 1e-6
"""Relative width of an interval below which it is rounding of the machine."""


def unit(text: str) -> str:
    """Return a unit for reading: ``ug/d`` → ``µg/day``; nothing for a plain ratio."""
    if text in _PLAIN_UNITS:
        return _PLAIN_UNITS[text]
    parts = ["day" if p == "d" else p for p in text.split("/")]
    return "/".join("µ" + p[1:] if p.startswith("u") else p for p in parts)


def rounded(median: float, low: float, high: float) -> tuple[str, str, str]:
    """Return the three numbers with the digits the interval supports.

    A wide interval leaves each number two significant digits; in a narrow one all three end at the same place,
    the first digit in which they differ or the second of the lower bound, whichever is finer. Without any width it is one number.
    """
    if low > 0 and low * (1 + _NO_WIDTH) < high and high / low * _HUNDRED < _HUNDRED + _HUNDRED // 4:
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
