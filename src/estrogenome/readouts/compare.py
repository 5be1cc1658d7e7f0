"""A person's draws beside those of simulated people of the same state."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def quantiles(values: NDArray[np.float64], percent: Sequence[float]) -> tuple[float, ...]:
    """Return percentiles of the draws that did not fail."""
    return tuple(float(v) for v in np.nanpercentile(values, percent))


def percentile(value: float, people: NDArray[np.float64]) -> float:
    """Return the share of simulated people below ``value``, in percent."""
    valid = people[np.isfinite(people)]
    return float((valid < value).mean() * 100)


def fold_change(values: NDArray[np.float64], people: NDArray[np.float64]) -> tuple[float, float, float]:
    """Return median and 90 % interval of this genotype against a random one in the same body (draws are paired)."""
    n = min(len(values), len(people))
    ratio = values[:n] / people[:n]
    low, middle, high = np.nanpercentile(ratio, (5, 50, 95))
    return float(middle), float(low), float(high)
