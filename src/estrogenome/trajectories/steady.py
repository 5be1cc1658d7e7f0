"""One steady state by Newton's method on a solver's rates, Jacobian by finite differences: for solvers that give rates alone.

The networks are close to linear, so two or three steps suffice; libRoadRunner's own steady-state solver rebuilds
its model at each call, which is some hundred times slower for many draws.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Rates = Callable[[Array], Array]

_STEPS = 25
_SMALLEST = 1e-6
_DIFFERENCE = 1e-3
_RESIDUAL = 1e-10


def steady_state(rates: Rates, start: Array) -> Array | None:
    """Return the non-negative steady state (nmol/L, shape (species,)), or None where Newton's method finds none.

    ``rates`` gives dc/dt (nmol/L/day); it is asked last at the point returned. ``start`` is where it begins. Converged when each
    residual is below 1e-10 of that species' turnover.
    """
    point = start
    for _ in range(_STEPS):
        residual = rates(point)
        jacobian = _jacobian(rates, point, residual)
        turnover = np.abs(np.diag(jacobian)) * np.maximum(np.abs(point), _SMALLEST)
        if np.all(np.abs(residual) <= _RESIDUAL * turnover):
            rates(point)
            return point if np.all(point >= 0) else None
        try:
            point = point - np.linalg.solve(jacobian, residual)
        except np.linalg.LinAlgError:
            return None
        if not np.all(np.isfinite(point)):
            return None
    return None


def _jacobian(rates: Rates, point: Array, residual: Array) -> Array:
    columns = []
    for i in range(len(point)):
        moved = point.copy()
        step = _DIFFERENCE * max(abs(point[i]), _SMALLEST)
        moved[i] += step
        columns.append((rates(moved) - residual) / step)
    return np.column_stack(columns)
