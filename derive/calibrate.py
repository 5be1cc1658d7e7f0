"""The fit of the body to calibration rows of the studies, and the variance between studies, together.

Rows and unknowns (logarithms) stand in ``derive.fit_rows``. What else is uncertain (tables, shares of enzymes) is not fitted: what it does to
the rows is part of their errors. Rows are predicted by the very code that scores them (``estrogenome.validate``).

Errors of the rows have the covariance R: sampling and calibration of the laboratory on the diagonal, tau² shared by all rows of one cohort
and class (so a cohort of many rows of a class counts as one), and what the unfitted does. The survey that gives the model's people their
covariates is their population: it has a small tau of its own for each row. Rows of one cohort, assay and readout share the laboratory: its
blank lies a log-normal step from the typical one that is fitted, its limit of quantification another (``validate/floor.py``). The posterior is
the Laplace approximation; tau and the log-sd of blanks are found by the evidence (``derive.groups``). Fit and tau alternate until neither moves.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np

from derive.fit_rows import (
    Unknown,
    aliases,
    before_the_fit,
    fitted_rows,
    unknowns,
)
from derive.groups import Groups
from derive.optimum import CLOSEST, optimum
from estrogenome.catalog.load import load_catalog
from estrogenome.core.uncertainty import Distribution
from estrogenome.validate.between import blank_of, is_reference, one_laboratory
from estrogenome.validate.plan import Planned
from estrogenome.validate.predict import foretell, predict
from estrogenome.validate.theta import central, quantities

if TYPE_CHECKING:
    from collections.abc import Callable

    from estrogenome.catalog.load import Catalog
    from estrogenome.validate.theta import Theta

Liver = Literal["mixed", "tubes"]
ROUNDS = 12
SETTLED = 1e-2


@dataclass(frozen=True)
class Calibrated:
    """The fit: unknowns, rows, optimum ``x`` (k,), its covariance (k, k), predicted logarithms (n,), Jacobian (n, k), R (n, n), and tau."""

    unknowns: tuple[Unknown, ...]
    rows: tuple[Planned, ...]
    x: np.ndarray
    covariance: np.ndarray
    predicted: np.ndarray
    jacobian: np.ndarray
    errors: np.ndarray
    tau: dict[str, float]
    classes: dict[str, float]
    not_predicted: dict[str, str]
    rounds: int
    blank: float
    """Log-sd of the blank of an assay between laboratories."""


def model_of(
    catalog: Catalog, rows: tuple[Planned, ...], names: tuple[str, ...], liver: Liver = "mixed"
) -> Callable[[np.ndarray], tuple[np.ndarray, dict[str, str]]]:
    """Return a function of points (m, k) of the logarithms to predicted logarithms (n, m) and what could not be predicted."""
    values = values_of(catalog, names)

    def modelled(x: np.ndarray) -> tuple[np.ndarray, dict[str, str]]:
        return predict(rows, catalog, values(x), liver=liver)

    return modelled


def values_of(catalog: Catalog, names: tuple[str, ...]) -> Callable[[np.ndarray], Theta]:
    """Return a function of points (m, k) of the logarithms to everything that a prediction rests on, each (m,) or (1,)."""
    base = central(catalog)
    borrowed = aliases(catalog, set(names))
    place = {name: i for i, name in enumerate(names)}

    def values(x: np.ndarray) -> Theta:
        own = {name: np.exp(x[:, i]) for name, i in place.items()}
        return base | own | {borrower: own[name] for borrower, name in borrowed.items()}

    return values


def laboratories(rows: tuple[Planned, ...], catalog: Catalog, theta: Theta, liver: Liver = "mixed") -> tuple[np.ndarray, np.ndarray]:
    """Return two covariances (n, n) of what a laboratory makes of rows at one point: by its blank, per log-variance of it, and by its limit."""
    same = one_laboratory(rows)
    own = {part: same * np.outer(step[:, 0], step[:, 0]) for part, step in foretell(rows, catalog, theta, liver=liver).steps.items()}
    return own["blank"] / blank_of(catalog) ** 2, own["limit"] + own["share"]


def nuisance(catalog: Catalog, rows: tuple[Planned, ...], fitted: set[str]) -> np.ndarray:
    """Return the covariance (n, n) of log predictions by everything uncertain that is not fitted, to first order."""
    base = central(catalog)
    moved = [(row, q) for row, q in quantities(catalog) if row not in fitted and q.spread > 0]
    steps = {row: 1e-2 * (q.spread if q.distribution is not Distribution.LOGNORMAL else q.spread * q.value) for row, q in moved}
    m = len(moved)
    theta = {row: np.full(2 * m, value[0]) for row, value in base.items()}
    for i, (row, _) in enumerate(moved):
        theta[row][i] += steps[row]
        theta[row][m + i] -= steps[row]
    ahead, behind = np.split(predict(rows, catalog, theta)[0], 2, axis=1)
    slopes = np.nan_to_num((ahead - behind) / 2 * 1e2)
    return slopes @ slopes.T


def calibrate(
    tell: Callable[[str], None] = lambda _line: None,
    start: dict[str, float] | None = None,
    taus_from: dict[str, float] | None = None,
    liver: Liver = "mixed",
    rounds: int = ROUNDS,
) -> Calibrated:
    """Return the fit; ``start`` (medians) and ``taus_from`` (tau by class, that of blanks as ``BLANK``) say where it begins. With no ``rounds`` tau stays there."""
    catalog = before_the_fit(load_catalog())
    rows, apart = fitted_rows(catalog)
    what = unknowns(catalog, rows)
    names = tuple(u.row for u in what)
    centre, sd = np.log([u.median for u in what]), np.array([u.log_sd for u in what])
    _, missing = model_of(catalog, rows, names, liver)(centre[None])
    rows = tuple(p for p in rows if p.row.id not in missing)
    modelled = model_of(catalog, rows, names, liver)
    target = np.array([p.target for p in rows])
    tell(
        f"{len(rows)} rows, {len({p.study.cohort for p in rows})} cohorts, {len(names)} unknowns; not predicted: {', '.join(missing) or 'none'}"
    )
    anchored = tuple(is_reference(p, catalog) for p in rows)
    near = catalog.parameters["tau_anchor"].quantity.value
    own = [p.printed.sampling**2 + (near**2 if fixed else p.calibration**2) for p, fixed in zip(rows, anchored, strict=True)]
    known = nuisance(catalog, rows, set(names)) + np.diag(own)
    values = values_of(catalog, names)
    groups = Groups(rows, anchored)
    taus = groups.start(catalog, taus_from)
    x = np.array([np.log((start or {}).get(u.row, u.median)) for u in what])
    number = 0
    for number in range(1, rounds + 1):
        blanks, limits = laboratories(rows, groups.seen(catalog, taus), values(x[None]), liver)
        fixed = known + limits
        errors = fixed + groups.covariance(taus, blanks)
        x, jacobian, predicted = optimum(modelled, x, centre, sd, target, errors, rows, tell)
        spread = (jacobian * sd) @ (jacobian * sd).T + fixed
        new = groups.evidence(target - predicted + jacobian @ (x - centre), spread, taus, catalog, blanks)
        change = float(np.abs(new - taus).max())
        tell(f"round {number}: tau moved by {change:.4f}, rms error {np.sqrt(np.mean((target - predicted) ** 2)):.3f}")
        taus = new
        if change < SETTLED:
            break
    blanks, limits = laboratories(rows, groups.seen(catalog, taus), values(x[None]), liver)
    errors = known + limits + groups.covariance(taus, blanks)
    x, jacobian, predicted = optimum(modelled, x, centre, sd, target, errors, rows, tell, CLOSEST)
    covariance = np.linalg.inv(jacobian.T @ np.linalg.solve(errors, jacobian) + np.diag(1 / sd**2))
    kinds, classes = groups.named(taus)
    return Calibrated(what, rows, x, covariance, predicted, jacobian, errors, kinds, classes, apart | missing, number, groups.blank(taus))


@cache
def calibrated(start: tuple[tuple[str, float], ...] = (), taus: tuple[tuple[str, float], ...] = ()) -> Calibrated:
    """Return the fit from a start (medians, tau by class), made once."""
    return calibrate(lambda line: print(line, file=sys.stderr), dict(start), dict(taus))


class Linear(Protocol):
    """A fit whose predictions are taken as linear at its optimum: what ``left_out`` needs of it."""

    @property
    def rows(self) -> tuple[Planned, ...]: ...
    @property
    def predicted(self) -> np.ndarray: ...
    @property
    def jacobian(self) -> np.ndarray: ...
    @property
    def covariance(self) -> np.ndarray: ...
    @property
    def errors(self) -> np.ndarray: ...


def left_out(fit: Linear) -> dict[str, np.ndarray]:
    """Return what the fit says of each cohort without its own rows, to first order: error and predictive sd (n,), with tau.

    The cohort's rows are taken out of the linear fit (block downdate of the information): e = (I − H)⁻¹ r with H = J C Jᵀ R⁻¹ of the block,
    predictive covariance (I − H)⁻¹ R.
    """
    residual = np.array([p.target for p in fit.rows]) - fit.predicted
    error, sd = np.empty_like(residual), np.empty_like(residual)
    cohorts = np.array([p.study.cohort for p in fit.rows])
    for cohort in set(cohorts.tolist()):
        at = np.flatnonzero(cohorts == cohort)
        block = np.ix_(at, at)
        r = fit.errors[block]
        hat = fit.jacobian[at] @ fit.covariance @ fit.jacobian[at].T @ np.linalg.inv(r)
        free = np.linalg.inv(np.eye(len(at)) - hat)
        error[at] = free @ residual[at]
        sd[at] = np.sqrt(np.maximum(np.diag(free @ r), np.diag(r)))
    return {"error": error, "sd": sd}
