"""What knowledge says of the body's numbers, by hormonal state: tables, fits, covariates, and how people differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from estrogenome.catalog.covariates import covariates, known_covariates
from estrogenome.core.uncertainty import Distribution, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from estrogenome.catalog.load import Catalog

T = TypeVar("T")
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


def rows_at(rows: Mapping[str, T], state: str) -> dict[str, T]:
    """Return the rows that hold in ``state`` under their bare names; ``name@state`` goes before ``name``."""
    found: dict[str, T] = {}
    for row, value in rows.items():
        name = at_state(row, state)
        if name and (name not in found or "@" in row):
            found[name] = value
    return found


def fitted_at(catalog: Catalog, state: str) -> dict[str, dict[str, Any]]:
    """Return the entries of the fit that hold in ``state`` under their bare names; none before there is a fit."""
    return rows_at({entry["id"]: entry for entry in catalog.posterior.get("parameters", ())}, state)


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
    values |= {name: row.quantity.value for name, row in rows_at(catalog.parameters, state).items()}
    return values | {name: entry["median"] for name, entry in fitted_at(catalog, state).items()}


def known_state(catalog: Catalog, state: str) -> dict[str, State]:
    """Return how each number of ``state`` is known."""
    how = known_covariates(catalog, state)
    how |= {name: row.quantity.state for name, row in rows_at(catalog.parameters, state).items()}
    return how | {name: State(entry["state"]) for name, entry in fitted_at(catalog, state).items()}


def spread_of(catalog: Catalog, state: str) -> dict[str, tuple[Distribution, float, float]]:
    """Return the independent uncertain constants of ``state``: name → (distribution, value, spread)."""
    own = ((name, row.quantity) for name, row in rows_at(catalog.parameters, state).items())
    return {name: (q.distribution, q.value, q.spread) for name, q in own}
