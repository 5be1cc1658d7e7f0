"""Statistics of a survey's individuals: weights, detection limits, strata, and a share of people apart from the others.

``mixture`` takes the logarithms of several levels as a normal distribution whose mean is linear in age, plus a small share of people
apart: a second, wide normal distribution for untold hormone users, people without working gonads and everybody else who is not of
the group, which may spread more with age. Fitted by expectation maximisation with the survey's weights; a level below its detection limit is a truncated normal
given the others (Tobin 1958). The share and the second distribution are held by priors. ``jackknife`` gives standard errors by
leaving out one primary sampling unit of a stratum at a time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import log_ndtr

# people that the prior of the share and of the second distribution counts as much as
PRIOR_PEOPLE = 40.0
# the second distribution is wider than the first by this factor of the standard deviation, before data
WIDER = 2.5
# growth of the standard deviation of people apart, per year, before data
WIDENING_SD = 0.02
ROUNDS = 60


@dataclass(frozen=True)
class Individuals:
    """People of one group: logs (n, k) with NaN nowhere, below (n, k) true where under the limit, age (n,), weight, stratum and unit."""

    names: tuple[str, ...]
    logs: np.ndarray
    below: np.ndarray
    age: np.ndarray
    weight: np.ndarray
    stratum: np.ndarray
    unit: np.ndarray

    def take(self, kept: np.ndarray) -> Individuals:
        """Return the people of a mask or an index."""
        rest = (getattr(self, name)[kept] for name in ("logs", "below", "age", "weight", "stratum", "unit"))
        return Individuals(self.names, *rest)


@dataclass(frozen=True)
class Mixture:
    """The group proper (``mean`` at ``centre`` years, ``slope`` a year, ``covariance``) and the ``share`` of people apart from it.

    These have a mean and slope of their own, and a standard deviation that grows by the factor exp(``widening``) a year.
    """

    centre: float
    mean: np.ndarray
    slope: np.ndarray
    covariance: np.ndarray
    share: float
    apart_mean: np.ndarray
    apart_slope: np.ndarray
    apart_covariance: np.ndarray
    widening: float
    belongs: np.ndarray


def weighted_quantile(x: np.ndarray, w: np.ndarray, p: tuple[float, ...]) -> np.ndarray:
    """Return weighted quantiles by interpolating the mid-point distribution function."""
    order = np.argsort(x, kind="stable")
    cumulated = np.cumsum(w[order]) - w[order] / 2
    return np.asarray(np.interp(p, cumulated / w.sum(), x[order]))


def weighted_correlation(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Return the weighted Pearson correlations of the columns of ``x`` (n, k)."""
    covariance = np.cov(x.T, aweights=w)
    sd = np.sqrt(np.diag(covariance))
    return np.asarray(covariance / np.outer(sd, sd))


def jackknife(people: Individuals, statistic: Callable[[Individuals], np.ndarray]) -> np.ndarray:
    """Return design-based standard errors of a statistic (an array): one sampling unit left out, its stratum's others weighted up."""
    whole = statistic(people)
    variance = np.zeros_like(whole)
    for stratum in np.unique(people.stratum):
        units = np.unique(people.unit[people.stratum == stratum])
        if len(units) == 1:
            continue
        for unit in units:
            left = (people.stratum == stratum) & (people.unit == unit)
            weight = np.where((people.stratum == stratum) & ~left, people.weight * len(units) / (len(units) - 1), people.weight)
            part = Individuals(people.names, people.logs, people.below, people.age, weight, people.stratum, people.unit).take(~left)
            variance += (len(units) - 1) / len(units) * (statistic(part) - whole) ** 2
    return np.asarray(np.sqrt(variance))


def mixture(people: Individuals, share: float) -> Mixture:
    """Return the group proper and the people apart from it; ``share`` is the share expected before data."""
    n, k = people.logs.shape
    w = people.weight / people.weight.mean()
    centre = float(np.average(people.age, weights=w))
    design = np.column_stack([np.ones(n), people.age - centre])
    middle = np.median(people.logs, axis=0)
    spread = 1.4826 * np.median(np.abs(people.logs - middle), axis=0)
    coefficients = np.vstack([middle, np.zeros(k)])
    covariance = np.diag(spread**2)
    apart, apart_covariance, widening = coefficients.copy(), WIDER**2 * covariance, 0.0
    belongs = np.ones(n)
    prior = PRIOR_PEOPLE * share
    for _ in range(ROUNDS):
        fitted = design @ coefficients
        logs, excess, log_in = _complete(people, fitted, covariance)
        scale = np.exp(widening * design[:, 1])
        logs_out, excess_out, log_out = _complete(people, design @ apart, apart_covariance, scale)
        odds = np.clip(log_out + np.log(share) - log_in - np.log1p(-share), -50, 50)
        belongs = 1 / (1 + np.exp(odds))
        inside, outside = w * belongs, w * (1 - belongs)
        root = np.sqrt(inside)[:, None]
        coefficients = np.linalg.lstsq(design * root, logs * root, rcond=None)[0]
        rest = logs - design @ coefficients
        covariance = (np.einsum("n,ni,nj->ij", inside, rest, rest) + np.einsum("n,nij->ij", inside, excess)) / inside.sum()
        # the prior of their mean: as many people as it counts for, on the line of the group proper
        root = np.sqrt(np.concatenate([outside / scale**2, [prior / 2, prior / 2]]))[:, None]
        ages = np.vstack([design, [[1, -design[:, 1].std()], [1, design[:, 1].std()]]])
        apart = np.linalg.lstsq(ages * root, np.vstack([logs_out, ages[-2:] @ coefficients]) * root, rcond=None)[0]
        rest = (logs_out - design @ apart) / scale[:, None]
        scatter = np.einsum("n,ni,nj->ij", outside, rest, rest) + np.einsum("n,nij->ij", outside / scale**2, excess_out)
        apart_covariance = (scatter + PRIOR_PEOPLE / 4 * WIDER**2 * covariance) / (outside.sum() + PRIOR_PEOPLE / 4)
        # one Newton step on the growth of the standard deviation, held to 0 by its prior
        distance = np.einsum("ni,ij,nj->n", rest, np.linalg.inv(apart_covariance), rest)
        first = outside @ (design[:, 1] * (distance - k)) - widening / WIDENING_SD**2
        second = 2 * outside @ (design[:, 1] ** 2 * distance) + 1 / WIDENING_SD**2
        widening += float(first / second)
        share = float((outside.sum() + prior) / (w.sum() + PRIOR_PEOPLE))
    return Mixture(centre, coefficients[0], coefficients[1], covariance, share, apart[0], apart[1], apart_covariance, widening, belongs)


def _complete(
    people: Individuals, mean: np.ndarray, covariance: np.ndarray, scale: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return logs with expected values where below the limit, the variance that these leave (n, k, k), and the log-likelihood (n,).

    ``scale`` (n,) multiplies everybody's standard deviations.
    """
    n, k = people.logs.shape
    scale = np.ones(n) if scale is None else scale
    logs, excess, likelihood = people.logs.copy(), np.zeros((n, k, k)), np.empty(n)
    for pattern in np.unique(people.below, axis=0):
        who = (people.below == pattern).all(axis=1)
        seen, hidden = np.flatnonzero(~pattern), np.flatnonzero(pattern)
        wide = scale[who]
        rest = (people.logs[who][:, seen] - mean[who][:, seen]) / wide[:, None]
        block = covariance[np.ix_(seen, seen)]
        solved = np.linalg.solve(block, rest.T).T
        likelihood[who] = -0.5 * (np.sum(rest * solved, axis=1) + np.linalg.slogdet(block)[1] + len(seen) * np.log(2 * np.pi))
        likelihood[who] -= len(seen) * np.log(wide)
        gain = covariance[np.ix_(hidden, seen)] @ np.linalg.inv(block)
        left = covariance[np.ix_(hidden, hidden)] - gain @ covariance[np.ix_(seen, hidden)]
        for j, column in enumerate(hidden):
            # several levels below their limits are taken one by one given the seen ones
            expected, sd = mean[who, column] + wide * (rest @ gain[j]), wide * np.sqrt(left[j, j])
            z = (people.logs[who, column] - expected) / sd
            ratio = np.exp(-0.5 * z**2 - 0.5 * np.log(2 * np.pi) - log_ndtr(z))
            likelihood[who] += log_ndtr(z)
            logs[who, column] = expected - sd * ratio
            excess[who, column, column] = sd**2 * np.maximum(1 - z * ratio - ratio**2, 1e-6)
    return logs, excess, likelihood
