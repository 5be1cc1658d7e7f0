"""Scores of predicted rows. Everything is on the natural logarithm of the printed statistic.

The predictive distribution of a row is log-normal: the variance of the parameter draws + tau² between studies + sampling + calibration of
the laboratory, its standards as well as its blank and limit. Where studies differ with Student's tails (people in time), it is a mixture of
normal distributions (``tails.py``). A number below a limit scores by the probability of lying there
(left-censoring). Fold errors are averaged in the logarithm within a cohort, then over cohorts; their interval is a bootstrap over cohorts.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from estrogenome.core.uncertainty import stream
from estrogenome.validate.tails import Mixture, mixture, widened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from estrogenome.validate.plan import Planned

    Array = NDArray[np.float64]

_WITHIN = 0.9
_BOOTSTRAP = 2000


@dataclass(frozen=True)
class Scored:
    """A row with its prediction: mean and the parts of the variance, all of the logarithm.

    ``scale`` and ``freedom`` are those of the deviation between studies, normal where ``freedom`` is infinite. ``calibration`` is the whole
    part of the laboratory, ``floor`` what its own blank and limit are of it.
    """

    planned: Planned
    mean: float
    parameters: float
    scale: float
    freedom: float
    sampling: float
    calibration: float
    floor: float
    failed: int

    @property
    def tau(self) -> float:
        """The variance between studies."""
        return widened(self.scale, self.freedom)

    @property
    def variance(self) -> float:
        """The variance of the predictive distribution."""
        return self.parameters + self.tau + self.sampling + self.calibration

    @cached_property
    def spread(self) -> Mixture:
        """The predictive distribution around its mean."""
        return mixture(self.parameters + self.sampling + self.calibration, self.scale, self.freedom)

    @cached_property
    def interval(self) -> tuple[float, float]:
        """The central 90 % interval."""
        half = self.spread.half_width(_WITHIN)
        return self.mean - half, self.mean + half

    @property
    def error(self) -> float:
        """Predicted over published, as a logarithm; 0 where both lie below the limit."""
        if self.planned.censored:
            return max(0.0, self.mean - self.bound)
        return self.mean - self.planned.target

    @property
    def bound(self) -> float:
        """What a censored number lies below."""
        return max(self.planned.limit, self.planned.target)

    @property
    def inside(self) -> bool:
        """Whether the published number lies in the interval."""
        low, high = self.interval
        return low <= self.bound if self.planned.censored else low <= self.planned.target <= high

    @property
    def log_score(self) -> float:
        """The logarithm of the predictive density at the published number, of the probability where it is censored."""
        if self.planned.censored:
            return self.spread.log_below(self.bound - self.mean)
        return self.spread.log_density(self.planned.target - self.mean)


def scored(planned: Planned, logs: Array, tau: float, floor: float = 0.0, freedom: float = math.inf) -> Scored | None:
    """Return a row's score from the draws of its prediction, None where no draw has one.

    ``tau`` is the scale of the deviation between studies, ``freedom`` its degrees of freedom, ``floor`` the variance by blank and limit.
    """
    good = logs[np.isfinite(logs)]
    if not good.size:
        return None
    return Scored(
        planned=planned,
        mean=float(np.median(good)),
        parameters=float(good.var()),
        scale=tau,
        freedom=freedom,
        sampling=planned.printed.sampling**2,
        calibration=planned.calibration**2 + floor,
        floor=floor,
        failed=int(logs.size - good.size),
    )


def by_cohort(rows: Sequence[Scored], values: Sequence[float]) -> dict[str, float]:
    """Return the mean of ``values`` over the rows of each cohort."""
    groups: dict[str, list[float]] = {}
    for row, value in zip(rows, values, strict=True):
        groups.setdefault(row.planned.study.cohort, []).append(value)
    return {cohort: float(np.mean(found)) for cohort, found in groups.items()}


def summarise(rows: Sequence[Scored], seed: int) -> dict[str, float | int | list[float] | None]:
    """Return n, cohorts, gmfe with its interval, coverage90, median_width, log scores and the mean parts of the variance."""
    if not rows:
        return {"n": 0, "cohorts": 0, "gmfe": None, "coverage90": None, "median_width": None}
    folds = by_cohort(rows, [abs(r.error) for r in rows])
    errors = np.array(list(folds.values()))
    chosen = stream(seed, "bootstrap").integers(0, len(errors), (_BOOTSTRAP, len(errors)))
    low, high = np.exp(np.quantile(errors[chosen].mean(axis=1), (0.05, 0.95)))
    widths = [high - low for low, high in (r.interval for r in rows)]
    scores = [r.log_score for r in rows]
    return {
        "n": len(rows),
        "cohorts": len(errors),
        "gmfe": float(np.exp(errors.mean())),
        "gmfe90": [float(low), float(high)],
        "coverage90": float(np.mean([r.inside for r in rows])),
        "median_width": float(np.exp(np.median(widths))),
        "log_score": float(np.mean(scores)),
        "log_score_by_cohort": float(np.mean(list(by_cohort(rows, scores).values()))),
        "bias": float(np.exp(np.mean(list(by_cohort(rows, [r.error for r in rows]).values())))),
        "censored": sum(r.planned.censored for r in rows),
        **{f"{part}_share": float(np.mean([getattr(r, part) / r.variance for r in rows])) for part in PARTS},
    }


PARTS = ("parameters", "tau", "sampling", "calibration")
