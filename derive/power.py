"""What a study of genotypes could see: standard errors, the smallest effect found four times in five, and a verdict by rule.

Everything is in the natural logarithm of a fold change. Normal approximation (Chow, Shao and Wang, *Sample Size Calculations in Clinical
Research*, comparing two means): the smallest effect detectable with power ``1 - b`` at two-sided level ``a`` is
``(z(1 - a/2) + z(1 - b)) * se``, with ``se = sd * sqrt(1/n1 + 1/n2)`` for two groups and ``sd / sqrt(n * 2p(1 - p))`` per copy in a trend
over genotypes in Hardy-Weinberg proportions.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import NamedTuple

import numpy as np

LEVEL = 0.05
POWER = 0.80
NORMAL = NormalDist()
CRITICAL = NORMAL.inv_cdf(1 - LEVEL / 2)
DETECTABLE = CRITICAL + NORMAL.inv_cdf(POWER)


class Study(NamedTuple):
    """One finding: ``kind`` is number, direction or null; ``effect`` and ``error`` are logarithms, None where nothing says them."""

    kind: str
    effect: float | None
    error: float | None
    p: float | None
    tests: int


def z_of(p: float) -> float:
    """Return the z of a two-sided P."""
    return -NORMAL.inv_cdf(p / 2)


def genotype_share(frequency: float, copies: str) -> float:
    """Return the share of people with one of the numbers of copies named in ``copies`` (``0 1``), in Hardy-Weinberg proportions."""
    shares = ((1 - frequency) ** 2, 2 * frequency * (1 - frequency), frequency**2)
    return sum(shares[int(n)] for n in copies.split())


def per_unit_spread(n: float, frequency: float, copies: str, against: str) -> float:
    """Return the standard error of a contrast per unit of between-person log-sd; ``against`` is a set of copies, or ``trend``."""
    if against == "trend":
        return int(copies) / float(np.sqrt(n * 2 * frequency * (1 - frequency)))
    one, other = n * genotype_share(frequency, copies), n * genotype_share(frequency, against)
    return float(np.sqrt(1 / one + 1 / other))


def power(effect: np.ndarray | float, error: float) -> np.ndarray:
    """Return the probability that the study finds ``effect`` at two-sided ``LEVEL``."""
    z = np.atleast_1d(np.asarray(effect)) / error
    return np.array([NORMAL.cdf(v - CRITICAL) + NORMAL.cdf(-v - CRITICAL) for v in z])


def after_tests(p: float, tests: int) -> float:
    """Return the probability of a P at least as small in one of ``tests`` independent tests (Šidák)."""
    return 1 - (1 - p) ** tests


def verdict(study: Study, ours: np.ndarray) -> tuple[str, str]:
    """Return the verdict (compatible, incompatible in size, incompatible in sign, cannot tell) and why; ``ours`` are log folds (draws,).

    A number is compatible where it differs from our median by at most two-sided ``LEVEL`` of the joint error of both. A null is compatible
    where our 90 % interval lies in what the study could not see, incompatible where it lies outside altogether. A direction needs our
    interval on one side of 1. The sign of a number is compared with that of our median. A finding that chance explains among the tests of its own paper decides nothing against the model.
    """
    sign = 1.0 if study.effect is None or study.effect > 0 else -1.0
    # from here on, up is the published direction
    low, middle, high = np.percentile(sign * ours, (5, 50, 95))
    if study.kind == "null":
        if study.error is None:
            return "cannot tell", "what the study could have seen is not known"
        seen = DETECTABLE * study.error
        if max(abs(low), abs(high)) <= seen:
            return "compatible", "ours lies in what the study could not see"
        outside = low > seen or high < -seen
        return ("incompatible in size" if outside else "cannot tell"), f"null would have had probability {missed(ours, study.error):.2f}"
    chance = study.p is not None and after_tests(study.p, study.tests) > LEVEL
    if study.kind == "direction":
        if low > 0:
            return "compatible", "sign alone is known"
        if high >= 0:
            return "cannot tell", "ours holds both signs"
        found, why = "incompatible in sign", "sign alone is known"
    else:
        if study.effect is None or study.error is None:
            return "cannot tell", "no error of the published number is known"
        z = (middle - abs(study.effect)) / np.hypot(study.error, (high - low) / (2 * NORMAL.inv_cdf(0.95)))
        if abs(z) <= CRITICAL:
            return "compatible", f"{abs(z):.1f} errors apart"
        found, why = f"incompatible in {'sign' if middle < 0 else 'size'}", f"{abs(z):.1f} errors apart"
    if chance and study.p is not None:
        return "cannot tell", f"{found}, {why}, but the finding has P {after_tests(study.p, study.tests):.2f} in {study.tests} tests"
    return found, why


def missed(ours: np.ndarray, error: float) -> float:
    """Return the probability that a study with this error reports nothing, if the model is right; ``ours`` are log folds (draws,)."""
    return float(1 - power(ours, error).mean())
