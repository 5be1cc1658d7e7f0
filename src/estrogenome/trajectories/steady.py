"""Steady states by Newton's method on the engine's rates, Jacobian by finite differences.

The networks are close to linear, so two or three steps suffice; the engine's own steady-state solver rebuilds
its model at each call, which is some hundred times slower for many draws.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from estrogenome.trajectories.engine import Engine

_STEPS = 25
_SMALLEST = 1e-6
_DIFFERENCE = 1e-3
_RESIDUAL = 1e-10


def steady_state(engine: Engine, start: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """Return the non-negative steady state (nmol/L, shape (species,)), or None where Newton's method finds none.

    ``start`` is where it begins. Converged when each residual is below 1e-10 of that species' turnover.
    """
    point = start
    for _ in range(_STEPS):
        residual = engine.rates(point)
        jacobian = _jacobian(engine, point, residual)
        turnover = np.abs(np.diag(jacobian)) * np.maximum(np.abs(point), _SMALLEST)
        if np.all(np.abs(residual) <= _RESIDUAL * turnover):
            engine.rates(point)
            return point if np.all(point >= 0) else None
        try:
            point = point - np.linalg.solve(jacobian, residual)
        except np.linalg.LinAlgError:
            return None
        if not np.all(np.isfinite(point)):
            return None
    return None


def _jacobian(engine: Engine, point: NDArray[np.float64], residual: NDArray[np.float64]) -> NDArray[np.float64]:
    columns = []
    for i in range(len(point)):
        moved = point.copy()
        step = _DIFFERENCE * max(abs(point[i]), _SMALLEST)
        moved[i] += step
        columns.append((engine.rates(moved) - residual) / step)
    return np.column_stack(columns)
