"""Steady states of many draws at once by Newton's method with an exact Jacobian.

Each draw starts at zero, or where it is told to, and stops by itself, so that its result does not depend on the other draws. Where the
plain iteration ends nowhere or below zero, implicit Euler steps of doubling length are taken from a positive point (pseudo-transient
continuation, Kelley and Keyes 1998): they follow the course to its steady state and end as Newton steps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Columns = NDArray[np.int64]
    Evaluate = Callable[[Array, Columns], tuple[Array, Array, Array]]

_RESIDUAL = 1e-10
# what is smaller than this share of the draw's largest concentration is rounding
_NEGLIGIBLE = 1e-14
_PLAIN = (0.0,) * 20
_DAMPED = tuple(2 / 2**k for k in range(61))


def steady_states(evaluate: Evaluate, species: int, draws: int, start: Array | None = None) -> tuple[Array, NDArray[np.bool_]]:
    """Return the non-negative steady states, shape (species, draws), NaN where none was found, and which draws those are.

    ``evaluate(points, columns)`` gives, for the draws ``columns`` (m,) at ``points`` (species, m): net rates (species, m), the sum of
    what comes and goes without sign (species, m), and the Jacobian of the net rates (m, species, species). Converged when each residual
    is below 1e-10 of that species' turnover. ``start`` (species, draws) is where to begin, zero by default.
    """
    found = np.full((species, draws), np.nan)
    first = np.zeros((species, draws)) if start is None else start
    with np.errstate(all="ignore"):
        left = _iterate(evaluate, found, np.arange(draws), first, _PLAIN)
        if left.size:
            left = _iterate(evaluate, found, left, np.where(first[:, left] > 0, first[:, left], 1.0), _DAMPED)
    failed = np.zeros(draws, dtype=np.bool_)
    failed[left] = True
    return found, failed


def _iterate(evaluate: Evaluate, found: Array, columns: Columns, points: Array, shifts: Sequence[float]) -> Columns:
    """Write the steady states of ``columns`` to ``found``; return the columns that have none. ``shifts`` are 1 / step in turnover times."""
    given_up = []
    for shift in shifts:
        residual, moved, jacobian = evaluate(points, columns)
        diagonal = np.abs(np.einsum("mii->im", jacobian))
        largest = np.abs(points).max(axis=0)
        present = np.maximum(np.abs(points), _NEGLIGIBLE * largest)
        turnover = np.maximum(diagonal * present, moved / 2)
        done = np.all(np.abs(residual) <= _RESIDUAL * turnover, axis=0)
        positive = np.all(points >= -_NEGLIGIBLE * largest, axis=0)
        found[:, columns[done & positive]] = np.maximum(points[:, done & positive], 0.0)
        given_up.append(columns[done & ~positive])
        on = ~done
        if not on.any():
            columns = columns[on]
            break
        columns, points = columns[on], points[:, on]
        matrix = jacobian[on]
        if shift:
            each = np.arange(len(points))
            matrix[:, each, each] -= shift * (turnover / present)[:, on].T
        points = points - _solve(matrix, residual[:, on])
        if shift:
            points = np.maximum(points, 0.0)
        finite = np.all(np.isfinite(points), axis=0)
        given_up.append(columns[~finite])
        columns, points = columns[finite], points[:, finite]
        if not columns.size:
            break
    return np.sort(np.concatenate([*given_up, columns]))


def _solve(matrices: Array, right: Array) -> Array:
    """Return the solutions (species, m) of ``matrices`` (m, species, species); NaN where a matrix is singular."""
    return solve_each(matrices, right.T[:, :, None])[:, :, 0].T


def solve_each(matrices: Array, right: Array) -> Array:
    """Return the solutions (m, species, k) of linear systems with right sides (m, species, k); NaN where a matrix is singular."""
    try:
        return np.asarray(np.linalg.solve(matrices, right), dtype=np.float64)
    except np.linalg.LinAlgError:
        solved = np.full(right.shape, np.nan)
        for i, (matrix, side) in enumerate(zip(matrices, right, strict=True)):
            try:
                solved[i] = np.linalg.solve(matrix, side)
            except np.linalg.LinAlgError:
                continue
        return solved
