"""What a laboratory prints of people near and below what it can tell.

People are log-normal: typical value m, log-sd s. Who lies below the limit L is printed as a share c of it, so that a
statistic of a group cannot fall far below the limit: with z = ln(L/m)/s,

    mean            m exp(s²/2) Φ(s − z) + c L Φ(z)             (first partial moment of the log-normal distribution)
    geometric mean  ln: Φ(−z) ln m + s φ(z) + Φ(z) ln(c L)
    percentile p    the larger of m exp(s zₚ) and c L

Substitution is what laboratories do (Helsel 1990, doi 10.1021/es00082a001), from half of the limit to the whole of it. Limits
differ between laboratories, and so do blanks: rows of one laboratory share them (``validate/between.py``).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from estrogenome.validate.printed import shift

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

# people who hardly differ: below this the formulas divide by nothing
_ALIKE = 0.01
_erf = np.frompyfunc(math.erf, 1, 1)


class Laboratory(NamedTuple):
    """How far a laboratory lies from the typical one, in standard deviations: blank, limit, and the share of the limit it prints."""

    blank: float = 0.0
    limit: float = 0.0
    share: float = 0.0


TYPICAL = Laboratory()
PARTS = Laboratory._fields


@dataclass(frozen=True)
class Floor:
    """The limit of a row and what it acts on.

    ``limit`` is the median of laboratories, in the unit of the prediction, ``log_sd`` how they differ; ``share`` of it is printed for
    people below it, with ``share_log_sd``; ``people`` is the log-sd of the people, ``statistic`` what was taken of them.
    """

    limit: float
    log_sd: float
    share: float
    share_log_sd: float
    people: float
    statistic: str

    def log_statistic(self, typical: Array, laboratory: Laboratory = TYPICAL) -> Array:
        """Return the logarithm of the printed statistic; ``typical`` (any shape) is what the assay reads of a typical person."""
        s = max(self.people, _ALIKE)
        log_limit = math.log(self.limit) + laboratory.limit * self.log_sd
        log_floor = log_limit + math.log(self.share) + laboratory.share * self.share_log_sd
        log_typical = np.log(typical)
        z = (log_limit - log_typical) / s
        if self.statistic == "mean":
            return np.asarray(np.log(np.exp(log_typical + s**2 / 2) * _below(s - z) + math.exp(log_floor) * _below(z)))
        if self.statistic == "geomean":
            density = np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
            return np.asarray(_below(-z) * log_typical + s * density + _below(z) * log_floor)
        return np.maximum(log_typical + shift(self.statistic, s), log_floor)


def _below(z: Array) -> Array:
    """Return the normal distribution function."""
    return (1 + np.asarray(_erf(z / math.sqrt(2)), dtype=np.float64)) / 2
