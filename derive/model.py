"""The package's model as the scripts of this folder use it: many sets of constants at once, levels, fluxes and tracer quantities by name.

The model is composed here without the fitted numbers, so that a fit never needs the posterior that it writes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from estrogenome.catalog.body import FACTOR, rows_at
from estrogenome.catalog.covariates import covariates
from estrogenome.catalog.load import load_catalog
from estrogenome.core.provenance import digest_text
from estrogenome.network import Network
from estrogenome.network.compose import translate, union
from estrogenome.network.sbml import describe
from estrogenome.network.tubes import in_tubes
from estrogenome.trajectories import Kernel, Solution

HORMONAL_STATES = ("man", "follicular", "luteal", "postmenopausal")
VOLUME = "volume_"


@cache
def kernel(liver: str = "mixed") -> Kernel:
    """Return the kernel of the package's model, or of its second form with the liver as ``tubes``."""
    sbml = translate(union(load_catalog().models))
    if liver == "tubes":
        tubes = load_catalog().tubes
        assert tubes is not None, "the catalog says which compartment becomes tubes"
        sbml = in_tubes(sbml, tubes)
    return Kernel(Network(sbml=sbml, structure=describe(sbml), digest=digest_text(sbml)))


@cache
def fixed(state: str) -> dict[str, float]:
    """Return what is not fitted: the table's values, covariates at the mean age of the group, activity factors of 1."""
    catalog = load_catalog()
    values = {name: 1.0 for name in kernel().constants if name.startswith(FACTOR)}
    values |= {name: float(np.exp(log)) for name, log in covariates(catalog, state).log_medians().items()}
    values |= rows_at({i: p.quantity.value for i, p in catalog.parameters.items()}, state)
    return values | {name.removeprefix(VOLUME): value for name, value in values.items() if name.startswith(VOLUME)}


def at(state: str, theta: Mapping[str, np.ndarray | float]) -> dict[str, np.ndarray | float]:
    """Return the constants of a hormonal state; ``theta`` holds fitted ones by ``id`` or ``id@state``, each of shape (n,) or one value.

    A state that is like another takes its numbers where it has none of its own.
    """
    lender = load_catalog().states[state].like
    lent = rows_at(theta, lender) if lender else {}
    return {**fixed(state), **lent, **rows_at(theta, state)}


def predict(constants: Mapping[str, np.ndarray | float], liver: str = "mixed") -> Prediction:
    """Return what the model gives for n sets of constants; those that the model does not know are kept for what is computed from them.

    Raises:
        SystemExit: a set has no steady state.
    """
    known = {name: value for name, value in constants.items() if name in kernel(liver).constants}
    solution = kernel(liver).solve(known)
    if solution.failed.any():
        raise SystemExit(f"model: no steady state in {int(solution.failed.sum())} of {len(solution.failed)} sets of constants")
    return Prediction(constants, solution)


@dataclass(frozen=True)
class Prediction:
    """What the model gives, by name, shape (n,)."""

    constants: Mapping[str, np.ndarray | float]
    solution: Solution

    def of(self, name: str) -> np.ndarray:
        """Return a level (nmol/L), a flux (nmol/d), an assigned quantity or a constant."""
        return np.asarray(self.constants[name]) if name in self.constants else self.solution.of(name)
