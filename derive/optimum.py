"""The optimum of a fit with normal priors, correlated errors and censored rows: damped Gauss-Newton steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from estrogenome.validate.plan import Planned

if TYPE_CHECKING:
    from collections.abc import Callable


# step of the differences, in the logarithm
STEP = 1e-4
STEPS = 15
# how far from the optimum, in posterior standard deviations of all unknowns together: while tau moves, and at the end
CLOSE, CLOSEST = 0.6, 0.3
# a fall of the cost that is worth one more step: where people begin to lie below a limit slopes have kinks, at which steps stay long
ENOUGH = 2e-2
# a row that no draw predicts (a difference of the wrong sign) counts as this far off, in the logarithm
MISSED = 1.0


def misfit(rows: tuple[Planned, ...]) -> tuple[Callable[[np.ndarray], np.ndarray], Callable[[np.ndarray], np.ndarray]]:
    """Return two functions of predicted logarithms (…, n): how far they are off, and which censored rows are free of error."""
    target = np.array([p.target for p in rows])
    censored = np.array([p.censored for p in rows])
    bound = np.array([max(p.limit, p.target) for p in rows])

    def off(predicted: np.ndarray) -> np.ndarray:
        error = np.where(censored, np.maximum(predicted - bound, 0.0), predicted - target)
        return np.where(np.isfinite(error), error, MISSED)

    def free(predicted: np.ndarray) -> np.ndarray:
        return censored & (predicted < bound)

    return off, free


def optimum(
    modelled: Any,
    x: np.ndarray,
    centre: np.ndarray,
    sd: np.ndarray,
    target: np.ndarray,
    errors: np.ndarray,
    rows: tuple[Planned, ...],
    tell: Callable[[str], None],
    close: float = CLOSE,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the optimum (k,), the Jacobian (n, k) and the predicted logarithms (n,) there, by damped Gauss-Newton steps from ``x``.

    A censored row that is predicted below its bound has no error and no slope.
    """
    root = np.linalg.cholesky(errors)
    off, free = misfit(rows)

    def slopes(point: np.ndarray, predicted: np.ndarray) -> np.ndarray:
        ahead = modelled(point + STEP * np.eye(len(point)))[0]
        rise = np.nan_to_num((ahead - predicted[:, None]) / STEP)
        return np.where(free(predicted)[:, None], 0.0, rise)

    def cost(point: np.ndarray, predicted: np.ndarray) -> float:
        white = np.linalg.solve(root, off(predicted))
        return float(white @ white + (((point - centre) / sd) ** 2).sum())

    predicted = modelled(x[None])[0][:, 0]
    now, fall = cost(x, predicted), np.inf
    for _ in range(STEPS):
        jacobian = slopes(x, predicted)
        white = np.linalg.solve(root, jacobian)
        information = white.T @ white + np.diag(1 / sd**2)
        step = -np.linalg.solve(information, white.T @ np.linalg.solve(root, off(predicted)) + (x - centre) / sd**2)
        # the step in posterior standard deviations; cut in half until it lowers the cost
        length = float(np.sqrt(step @ information @ step))
        tell(f"  cost {now:.3f}, step {length:.4f} sd")
        if length < close:
            break
        for _half in range(12):
            there = modelled((x + step)[None])[0][:, 0]
            new = cost(x + step, there)
            if new < now:
                x, predicted, fall, now = x + step, there, now - new, new
                break
            step = step / 2
        else:
            break
        if fall < ENOUGH:
            break
    return x, slopes(x, predicted), np.where(np.isfinite(predicted), target + off(predicted), target + MISSED)
