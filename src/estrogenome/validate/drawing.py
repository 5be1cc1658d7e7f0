"""A predicted interval beside the published number, as text: the number stands at the middle, each side is a factor of ten."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

HALF = 12


def bar(row: Mapping[str, Any]) -> str:
    """Return the interval of a row of the scoreboard relative to its published number, ``2 * HALF + 1`` characters wide."""
    cells = [" "] * (2 * HALF + 1)
    low, middle, high = (_place(row[f"log_{name}"]) for name in ("low", "middle", "high"))
    for i in range(low, high + 1):
        cells[i] = "─"
    cells[HALF] = "┼" if low <= HALF <= high else "│"
    cells[middle] = "●" if row["inside"] else "○"
    return "".join(cells)


def _place(log_ratio: float) -> int:
    return min(max(HALF + round(log_ratio / math.log(10) * HALF), 0), 2 * HALF)
