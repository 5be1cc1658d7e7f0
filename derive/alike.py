"""Are two generated pages alike? Words to the letter, numbers within what machines differ by."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?")
RELATIVE, ABSOLUTE = 0.02, 0.02


def alike(one: str, other: str) -> bool:
    """Return whether two pages differ in no word and in no number by more than a fiftieth (or 0.02)."""
    if _NUMBER.sub("#", one) != _NUMBER.sub("#", other):
        return False
    pairs = zip(_NUMBER.findall(one), _NUMBER.findall(other), strict=True)
    return all(abs(float(a) - float(b)) <= max(ABSOLUTE, RELATIVE * abs(float(b))) for a, b in pairs)
