"""What of a person numbers depend on: the joint distribution of covariates by hormonal state and age."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from estrogenome.core.errors import KnowledgeError
from estrogenome.core.uncertainty import State, worst

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from estrogenome.catalog.load import Catalog


@dataclass(frozen=True)
class Covariates:
    """Covariates of a state at an age, log-normal together.

    ``names`` (k,) have the log-medians ``log_median`` (k,) and the covariance ``covariance`` (k, k) of the logarithms of long-term values;
    one sample of them has ``error`` (k, k) on top. What follows from them is ``derived``: name → (log of its scale, powers (k,)).
    """

    names: tuple[str, ...]
    log_median: NDArray[np.float64]
    covariance: NDArray[np.float64]
    error: NDArray[np.float64]
    derived: dict[str, tuple[float, NDArray[np.float64]]]

    def row(self, name: str) -> tuple[float, NDArray[np.float64]]:
        """Return (a, b) with log(value of ``name``) = a + b · logs of ``names``."""
        return self.derived.get(name) or (0.0, np.eye(len(self.names))[self.names.index(name)])

    def log_medians(self) -> dict[str, float]:
        """Return the log-median of every covariate, derived ones included."""
        rows = {name: self.row(name) for name in (*self.names, *self.derived)}
        return {name: scale + float(powers @ self.log_median) for name, (scale, powers) in rows.items()}


def covariates(catalog: Catalog, state: str, age: float | None = None) -> Covariates:
    """Return the joint distribution of the covariates of ``state`` at ``age`` years (the mean age of its people by default).

    Outside the ages of the people behind it the nearest of them is taken.

    Raises:
        KnowledgeError: the state has no people in derived/population.json.
    """
    group = catalog.population["states"].get(state)
    if group is None:
        raise KnowledgeError(f"state {state}: no covariates in derived/population.json; run make derive")
    entries = group["covariates"]
    names = tuple(group["correlation"]["names"])
    low, high = group["ages"]
    shift = 0.0 if age is None else min(max(age, low), high) - group["age_centre"]
    sd = np.array([entries[n]["log_sd"] for n in names])
    observed = np.array(group["correlation"]["matrix"]) * np.outer(sd, sd)
    error = _error(catalog, state, names)
    return Covariates(
        names=names,
        log_median=np.array([entries[n]["log_median"] + entries[n]["log_slope_age"] * shift for n in names]),
        covariance=observed - error,
        error=error,
        derived=_derived(catalog, state, names),
    )


def known_covariates(catalog: Catalog, state: str) -> dict[str, State]:
    """Return how the distribution of each covariate of ``state`` is known."""
    how = {name: State(entry["state"]) for name, entry in catalog.population["states"][state]["covariates"].items()}
    for entry in catalog.states[state].covariates:
        if entry.scale is not None:
            how[entry.parameter] = worst([entry.scale.state, *(how[name] for name in entry.powers)])
    return how


def _derived(catalog: Catalog, state: str, names: tuple[str, ...]) -> dict[str, tuple[float, NDArray[np.float64]]]:
    found = {}
    for entry in catalog.states[state].covariates:
        if entry.scale is not None:
            unknown = sorted(set(entry.powers) - set(names))
            if unknown:
                raise KnowledgeError(f"states/{state}: {entry.parameter} follows from {unknown[0]}, which has no distribution")
            found[entry.parameter] = (float(np.log(entry.scale.value)), np.array([entry.powers.get(n, 0.0) for n in names]))
    return found


def _error(catalog: Catalog, state: str, names: tuple[str, ...]) -> NDArray[np.float64]:
    """Return the covariance (k, k) of what one sample of the covariates has on top of long-term values."""
    full = np.zeros((len(names), len(names)))
    error = catalog.between["states"].get(state, {}).get("sample_error")
    if error:
        where = [names.index(n) for n in error["names"]]
        full[np.ix_(where, where)] = error["covariance"]
    return full
