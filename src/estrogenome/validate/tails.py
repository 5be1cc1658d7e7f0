"""A normal deviation plus one that has Student's tails, as a mixture of normal distributions of one centre.

Student's t with *f* degrees of freedom is a normal distribution whose variance is divided by a Gamma(f/2, f/2) variable (Andrews and
Mallows 1974, doi 10.1111/j.2517-6161.1974.tb00989.x); the integral over it is Gauss-Laguerre quadrature. Infinite *f* is the normal
distribution itself.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np
from numpy.polynomial.laguerre import laggauss

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

_NORMAL = NormalDist()
_NODES = 48
_HALVINGS = 50
_TWO = 2


@dataclass(frozen=True)
class Mixture:
    """Normal distributions around zero: the probability of each and its variance, both (m,)."""

    shares: Array
    variances: Array

    def log_density(self, x: float) -> float:
        """Return the logarithm of the density at ``x``."""
        return _log_sum(np.log(self.shares) - (np.log(2 * np.pi * self.variances) + x**2 / self.variances) / 2)

    def log_below(self, x: float) -> float:
        """Return the logarithm of the probability of lying below ``x``."""
        return _log_sum(np.log(self.shares) + [log_below(x / math.sqrt(v)) for v in self.variances])

    def half_width(self, within: float) -> float:
        """Return the distance from the centre that holds the share ``within`` of the distribution."""
        at = _NORMAL.inv_cdf((1 + within) / 2)
        low, high = (at * math.sqrt(v) for v in (self.variances.min(), self.variances.max()))
        for _ in range(_HALVINGS if high > low else 0):
            middle = (low + high) / 2
            outside = sum(s * math.erfc(middle / math.sqrt(2 * v)) for s, v in zip(self.shares, self.variances, strict=True))
            low, high = (middle, high) if outside > 1 - within else (low, middle)
        return (low + high) / 2


def mixture(normal: float, scale: float, freedom: float) -> Mixture:
    """Return the distribution of a normal deviation of variance ``normal`` plus Student's of ``scale`` with ``freedom`` degrees."""
    if math.isinf(freedom):
        return Mixture(np.ones(1), np.array([normal + scale**2]))
    shares, nodes = _gamma(freedom / 2)
    return Mixture(shares, normal + scale**2 * freedom / 2 / nodes)


def widened(scale: float, freedom: float) -> float:
    """Return the variance of Student's deviation; infinite with two degrees of freedom or fewer."""
    if math.isinf(freedom):
        return scale**2
    return scale**2 * freedom / (freedom - _TWO) if freedom > _TWO else math.inf


def log_below(z: float) -> float:
    """Return the logarithm of the normal distribution function, exact far below too (Mills' ratio)."""
    share = _NORMAL.cdf(z)
    return math.log(share) if share > 0 else -(math.log(2 * math.pi) + z**2) / 2 - math.log(-z)


@cache
def _gamma(shape: float) -> tuple[Array, Array]:
    """Return probabilities and nodes that stand for a Gamma variable of scale one."""
    nodes, weights = laggauss(_NODES)
    shares = weights * nodes ** (shape - 1)
    good = shares > 0
    return shares[good] / shares[good].sum(), nodes[good]


def _log_sum(logs: Array) -> float:
    top = float(np.max(logs))
    return top + math.log(float(np.exp(logs - top).sum()))
