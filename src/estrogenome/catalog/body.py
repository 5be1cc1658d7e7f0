"""What knowledge says of the body's numbers, by hormonal state: tables, fits, covariates, and how people differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from estrogenome.catalog.covariates import covariates, known_covariates
from estrogenome.core.uncertainty import Distribution, State

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from estrogenome.catalog.load import Catalog

FACTOR = "factor_"
LABEL = "label"
"""In formulas of ``models/quantities.yaml``: the rate at which a labelled copy enters."""
LABELLED = "__"
"""Stands there between what is read and the species that the label enters."""


@dataclass(frozen=True)
class Fitted:
    """The fitted posterior: log-medians (k,) and the Cholesky factor (k, k) of the covariance of the logarithms."""

    names: tuple[str, ...]
    log_median: NDArray[np.float64]
    cholesky: NDArray[np.float64]


def at_state(identifier: str, state: str) -> str | None:
    """Return the bare name of ``name`` or ``name@state``; None where it belongs to another state."""
    name, _, where = identifier.partition("@")
    return name if where in {"", state} else None


def factor_name(reaction: str, tissue: str) -> str:
    """Return the model's name of the activity factor of a reaction in a tissue."""
    return f"{FACTOR}{reaction}_{tissue}"


def constant_of(row: str) -> str:
    """Return the model's name of the constant that a row with a path as its name sets, such as ``therapy/<id>/drug/volume``."""
    return row.replace("/", "_")


def fitted(catalog: Catalog) -> Fitted:
    """Return the fitted posterior over all states."""
    entries = catalog.posterior["parameters"]
    return Fitted(
        names=tuple(e["id"] for e in entries),
        log_median=np.log([e["median"] for e in entries]),
        cholesky=np.array(catalog.posterior["cholesky"]),
    )


def central_values(catalog: Catalog, state: str, names: Iterable[str]) -> dict[str, float]:
    """Return the median of every quantity known for ``state``; activity factors among ``names`` are 1."""
    values = {n: 1.0 for n in names if n.startswith(FACTOR)}
    values |= {name: float(np.exp(log)) for name, log in covariates(catalog, state).log_medians().items()}
    for identifier, parameter in catalog.parameters.items():
        name = at_state(identifier, state)
        if name:
            values[name] = parameter.quantity.value
    for entry in catalog.posterior["parameters"]:
        name = at_state(entry["id"], state)
        if name:
            values[name] = entry["median"]
    return values


def known_state(catalog: Catalog, state: str) -> dict[str, State]:
    """Return how each number of ``state`` is known."""
    how = known_covariates(catalog, state)
    for identifier, parameter in catalog.parameters.items():
        name = at_state(identifier, state)
        if name:
            how[name] = parameter.quantity.state
    for entry in catalog.posterior["parameters"]:
        name = at_state(entry["id"], state)
        if name:
            how[name] = State(entry["state"])
    return how


def spread_of(catalog: Catalog, state: str) -> dict[str, tuple[Distribution, float, float]]:
    """Return the independent uncertain constants of ``state``: name → (distribution, value, spread)."""
    found = {}
    for identifier, parameter in catalog.parameters.items():
        name = at_state(identifier, state)
        if name:
            q = parameter.quantity
            found[name] = (q.distribution, q.value, q.spread)
    return found
