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


def genotype_share(people: NDArray[np.float64], others: NDArray[np.float64]) -> float | None:
    """Return the share of the variance of the logarithm that genotype explains, interactions included.

    ``people[i]`` and ``others[i]`` are one body with two random genotypes (Jansen 1999, doi 10.1016/S0010-4655(98)00154-4: total effect =
    half the mean squared difference over the variance). None where nothing varies.
    """
    valid = np.isfinite(people) & np.isfinite(others) & (people > 0) & (others > 0)
    one, two = np.log(people[valid]), np.log(others[valid])
    variance = np.concatenate([one, two]).var()
    if variance == 0:
        return None
    return float(min(1.0, np.mean((one - two) ** 2) / (2 * variance)))


def fold_change(values: NDArray[np.float64], people: NDArray[np.float64]) -> tuple[float, float, float]:
    """Return median and 90 % interval of this genotype against a random one in the same body (draws are paired)."""
    n = min(len(values), len(people))
    ratio = values[:n] / people[:n]
    low, middle, high = np.nanpercentile(ratio, (5, 50, 95))
    return float(middle), float(low), float(high)
