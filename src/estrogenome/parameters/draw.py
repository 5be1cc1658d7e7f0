"""Draws of the body's numbers, each from its own stream."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from estrogenome.catalog.between import between
from estrogenome.catalog.body import fitted, rows_at, spread_of
from estrogenome.catalog.covariates import covariates
from estrogenome.core.uncertainty import draw, stream

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from estrogenome.catalog.load import Catalog


def body(catalog: Catalog, state: str, draws: int, seed: int) -> dict[str, NDArray[np.float64]]:
    """Return draws (draws,) of every constant of ``state`` that people share: table rows and the fitted posterior."""
    values = {
        name: draw(distribution, value, spread, stream(seed, f"parameter/{name}"), draws)
        for name, (distribution, value, spread) in spread_of(catalog, state).items()
    }
    posterior = fitted(catalog)
    z = np.array([stream(seed, f"posterior/{n}").standard_normal(draws) for n in posterior.names])
    logs = posterior.log_median[:, None] + posterior.cholesky @ z
    return values | rows_at(dict(zip(posterior.names, np.exp(logs), strict=True)), state)


def differences(
    catalog: Catalog, state: str, age: float | None, own: Mapping[str, NDArray[np.float64]], draws: int, seed: int
) -> dict[str, NDArray[np.float64]]:
    """Return parameter → what multiplies it in each of ``draws`` different people with the covariates ``own``, shape (draws,).

    What age and covariates explain, and on top of it draws of what nothing explains, correlated as the effects are.
    """
    how = between(catalog, state)
    z = np.array([stream(seed, f"between/{effect.id}").standard_normal(draws) for effect in how.effects]).reshape(-1, draws)
    unexplained = np.linalg.cholesky(how.correlation) @ z
    explained = how.explained(age, own)
    return how.multiples({e.id: explained[e.id] + e.log_sd * row for e, row in zip(how.effects, unexplained, strict=True)})


def own_covariates(
    catalog: Catalog, state: str, age: float | None, measured: Mapping[str, float], draws: int, seed: int
) -> dict[str, NDArray[np.float64]]:
    """Return draws (draws,) of every covariate at ``age`` (None: the mean of the state), conditional on the person's ``measured`` values.

    Unconditional draws are moved by the regression on what is known (Matheron's rule), so the same streams serve both. A measured
    value is one sample: where that has an error of its own, the long-term value is drawn around it.
    """
    joint = covariates(catalog, state, age)
    z = np.array([stream(seed, f"covariate/{n}").standard_normal(draws) for n in joint.names])
    logs = joint.log_median[:, None] + np.linalg.cholesky(joint.covariance) @ z
    known = [name for name in (*joint.names, *joint.derived) if name in measured]
    if known:
        offset, rows = (np.array(part) for part in zip(*(joint.row(n) for n in known), strict=True))
        e = np.array([stream(seed, f"sample/{n}").standard_normal(draws) for n in joint.names])
        sampled = offset[:, None] + rows @ (logs + _root(joint.error) @ e)
        gain = joint.covariance @ rows.T @ np.linalg.inv(rows @ (joint.covariance + joint.error) @ rows.T)
        logs = logs + gain @ (np.log([measured[n] for n in known])[:, None] - sampled)
    out = dict(zip(joint.names, np.exp(logs), strict=True))
    return out | {name: np.exp(scale + powers @ logs) for name, (scale, powers) in joint.derived.items()}


def _root(covariance: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a matrix whose product with its transpose is ``covariance``, which may have zero rows."""
    values, vectors = np.linalg.eigh(covariance)
    return np.asarray(vectors * np.sqrt(np.maximum(values, 0.0)), dtype=np.float64)
