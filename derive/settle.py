"""Steady rows and rows in time at one optimum, where the body's numbers meet both.

The fit in time (``derive.axis_fit``) takes the body's posterior for normal in the logarithm. Where its rows move a number far, what was straight near the
steady optimum is bent, and levels that steady rows hold within some per cent would move with it. From where that fit ended both kinds of rows are therefore fitted
together: steady rows by the model itself, those in time with the slopes at the point. Of the way to that optimum as much is gone as lowers the cost by the model itself,
and slopes are made anew, until no way lowers it. All numbers of the posterior may move. Errors are those of the two fits.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from derive.axis_fit import ENOUGH, SHARES, Fit, Unknown, body_of, model_of, of_the_body, off, slopes
from derive.calibrate import calibrate
from derive.calibrate import model_of as steady_model_of
from derive.fit_rows import before_the_fit
from derive.optimum import CLOSEST, misfit, optimum
from derive.posterior import TAU, taus_of
from estrogenome.catalog.load import load_catalog

if TYPE_CHECKING:
    from collections.abc import Callable

    from estrogenome.validate.plan import Planned

PASSES = 5


@dataclass(frozen=True)
class Both:
    """Steady rows (first) and rows in time (from ``cut`` on) with what both are fitted by: numbers of the body (first), then those of time alone."""

    found: Fit
    what: tuple[Unknown, ...]
    rows: tuple[Planned, ...]
    cut: int
    centre: np.ndarray
    sd: np.ndarray
    errors: np.ndarray
    steadily: Callable[[np.ndarray], np.ndarray]
    in_time: Callable[[np.ndarray], np.ndarray]

    def cost(self, points: np.ndarray) -> np.ndarray:
        """Return the cost (m,) of points (m, k) by the model itself."""
        predicted = np.vstack([self.steadily(points), self.in_time(points)])
        white = np.linalg.solve(np.linalg.cholesky(self.errors), misfit(self.rows)[0](predicted.T).T)
        return np.asarray((white**2).sum(axis=0) + (((points - self.centre) / self.sd) ** 2).sum(axis=1))

    def optimum(self, x: np.ndarray, there: np.ndarray, rise: np.ndarray, tell: Callable[[str], None]) -> tuple[np.ndarray, np.ndarray]:
        """Return the optimum (k,) and the slopes there of all rows (n, k), rows in time being ``there`` (n,) at ``x`` with slopes ``rise`` (n, k)."""

        def modelled(points: np.ndarray) -> tuple[np.ndarray, dict[str, str]]:
            return np.vstack([self.steadily(points), there[:, None] + rise @ (points - x).T]), {}

        target = np.array([p.target for p in self.rows])
        new, jacobian, _ = optimum(modelled, x, self.centre, self.sd, target, self.errors, self.rows, tell, CLOSEST)
        return new, jacobian

    def fit(self, x: np.ndarray, jacobian: np.ndarray) -> Fit:
        """Return the fit at ``x`` as one of rows in time."""
        found, own = self.found, jacobian[self.cut :]
        information = jacobian.T @ np.linalg.solve(self.errors, jacobian) + np.diag(1 / self.sd**2)
        predicted = self.in_time(x[None])[:, 0]
        precision = information - own.T @ np.linalg.solve(found.errors, own)
        centre = x + np.linalg.solve(precision, own.T @ np.linalg.solve(found.errors, off(found.rows, predicted)))
        covariance = np.linalg.inv(information)
        return replace(
            found, unknowns=self.what, x=x, covariance=covariance, centre=centre, precision=precision, predicted=predicted, jacobian=own
        )


def both(found: Fit, start: dict[str, float] | None = None) -> tuple[Both, np.ndarray]:
    """Return both kinds of rows and where their fit begins: where ``found`` ended, and what ``found`` does not have by regression or from ``start``."""
    entries = {e["id"]: e for e in of_the_body()["parameters"]}
    taus = taus_of(json.loads(TAU.read_text(encoding="utf-8")))
    steady = calibrate(start={name: e["median"] for name, e in entries.items()}, taus_from=taus, rounds=0)
    lent = {e["id"] for e in found.catalog.posterior["parameters"] if "lent" in e}
    later = [(u, x) for u, x in zip(found.unknowns, found.x, strict=True) if u.row not in entries and u.row not in lent]
    body = tuple(Unknown(u.row, "body", u.meaning, u.unit, entries[u.row]["median"], entries[u.row]["log_sd"]) for u in steady.unknowns)
    what = (*body, *(u for u, _ in later))
    first = body_of(found.catalog, found.unknowns)(found.x[None])
    x = np.array([*(np.log(start[u.row]) if start and u.row in start else first[u.row][0] for u in body), *(at for _, at in later)])
    cut = len(steady.rows)
    errors = np.zeros((cut + len(found.rows), cut + len(found.rows)))
    errors[:cut, :cut], errors[cut:, cut:] = steady.errors, found.errors
    model = steady_model_of(before_the_fit(load_catalog()), steady.rows, tuple(u.row for u in body))
    made = Both(
        found,
        what,
        (*steady.rows, *found.rows),
        cut,
        np.log([*(u.median for u in steady.unknowns), *(u.median for u, _ in later)]),
        np.array([*(u.log_sd for u in steady.unknowns), *(u.log_sd for u, _ in later)]),
        errors,
        lambda points: model(points[:, : len(body)])[0],
        model_of(found.catalog, found.rows, what),
    )
    return made, x


def settled(found: Fit, tell: Callable[[str], None] = lambda _line: None, start: dict[str, float] | None = None) -> Fit:
    """Return the fit of both kinds of rows, over all numbers of the body's posterior and those that only ``found`` has.

    It begins where ``found`` ended, those of the body's numbers that ``found`` does not have by regression on it or at the medians of ``start``.
    """
    made, x = both(found, start)
    now = float(made.cost(x[None])[0])
    for number in range(PASSES):
        there, rise = slopes(made.in_time, x)
        tell(f"pass {number}: slopes of {len(found.rows)} rows in time by {len(x)} numbers")
        new, jacobian = made.optimum(x, there, rise, tell)
        points = x + SHARES[:, None] * (new - x)
        costs = made.cost(points)
        best = int(np.argmin(costs))
        tell(f"cost {now:.2f}; on the way to the optimum by these slopes {', '.join(f'{c:.2f}' for c in costs)}")
        fell, now = now - costs[best], min(now, float(costs[best]))
        if fell > 0:
            x = points[best]
        if fell < ENOUGH:
            break
    return made.fit(x, jacobian)
