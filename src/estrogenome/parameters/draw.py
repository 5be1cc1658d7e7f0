"""Draws of the body's numbers, each from its own stream."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from estrogenome.catalog.body import at_state, between, covariates, fitted, spread_of
from estrogenome.core.uncertainty import draw, stream

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from estrogenome.catalog.load import Catalog


def body(catalog: Catalog, state: str, draws: int, seed: int) -> dict[str, NDArray[np.float64]]:
    """Return draws (draws,) of every constant of ``state``: table rows, fitted posterior, and between-person variance."""
    values = {
        name: draw(distribution, value, spread, stream(seed, f"parameter/{row}"), draws)
        for name, (row, distribution, value, spread) in spread_of(catalog, state).items()
    }
    posterior = fitted(catalog)
    z = np.array([stream(seed, f"posterior/{n}").standard_normal(draws) for n in posterior.names])
    logs = posterior.log_median[:, None] + posterior.cholesky @ z
    for identifier, log_value in zip(posterior.names, logs, strict=True):
        name = at_state(identifier, state)
        if name:
            values[name] = np.exp(log_value)
    for entry, (names, log_sd) in between(catalog, state).items():
        shift = np.exp(log_sd * stream(seed, f"between/{entry}").standard_normal(draws))
        values |= {n: values[n] * shift for n in names}
    return values


def own_covariates(
    catalog: Catalog, state: str, age: float, measured: Mapping[str, float], draws: int, seed: int
) -> dict[str, NDArray[np.float64]]:
    """Return draws (draws,) of the covariates, conditional on the person's ``measured`` values.

    Unconditional draws are moved by the regression on what is known (Matheron's rule), so the same streams serve both.
    """
    joint = covariates(catalog, state, age)
    z = np.array([stream(seed, f"covariate/{n}").standard_normal(draws) for n in joint.names])
    logs = joint.log_median[:, None] + joint.cholesky @ z
    known = [i for i, n in enumerate(joint.names) if n in measured]
    if known:
        covariance = joint.cholesky @ joint.cholesky.T
        given = np.log([measured[joint.names[i]] for i in known])
        gain = covariance[:, known] @ np.linalg.inv(covariance[np.ix_(known, known)])
        logs = logs + gain @ (given[:, None] - logs[known])
    return dict(zip(joint.names, np.exp(logs), strict=True))
