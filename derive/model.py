"""The package's model as the scripts of this folder use it: many sets of constants at once, levels, fluxes and tracer quantities by name.

The model is composed here without the fitted numbers, so that a fit never needs the posterior that it writes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from estrogenome.catalog.body import FACTOR, at_state
from estrogenome.catalog.covariates import covariates
from estrogenome.catalog.load import load_catalog
from estrogenome.core.provenance import digest_text
from estrogenome.network import Network
from estrogenome.network.compose import translate, union
from estrogenome.network.sbml import describe
from estrogenome.trajectories import Kernel, Response, Solution

HORMONAL_STATES = ("man", "follicular", "luteal", "postmenopausal")
# a label given as a constant of the model rather than a species: its level is this constant, its clearance rate is given
LEVEL = "baseline_"
CLEARANCE = "MCR_"


@cache
def kernel() -> Kernel:
    """Return the kernel of the package's model."""
    sbml = translate(union(load_catalog().models))
    return Kernel(Network(sbml=sbml, structure=describe(sbml), digest=digest_text(sbml)))


@cache
def fixed(state: str) -> dict[str, float]:
    """Return what is not fitted: the table's values, covariates at the mean age of the group, activity factors of 1."""
    catalog = load_catalog()
    values = {name: 1.0 for name in kernel().constants if name.startswith(FACTOR)}
    values |= {name: float(np.exp(log)) for name, log in covariates(catalog, state).log_medians().items()}
    return values | {at_state(i, state): p.quantity.value for i, p in catalog.parameters.items() if at_state(i, state)}


def at(state: str, theta: Mapping[str, np.ndarray | float]) -> dict[str, np.ndarray | float]:
    """Return the constants of a hormonal state; ``theta`` holds fitted ones by ``id`` or ``id@state``, each of shape (n,) or one value.

    A state that is like another takes its numbers where it has none of its own.
    """
    lender = load_catalog().states[state].like
    own = {at_state(name, state): value for name, value in theta.items() if at_state(name, state)}
    return fixed(state) | {at_state(n, lender): v for n, v in theta.items() if lender and at_state(n, lender)} | own


def predict(constants: Mapping[str, np.ndarray | float]) -> Prediction:
    """Return what the model gives for n sets of constants; those that the model does not know are kept for what is computed from them.

    Raises:
        SystemExit: a set has no steady state.
    """
    known = {name: value for name, value in constants.items() if name in kernel().constants}
    solution = kernel().solve(known)
    if solution.failed.any():
        raise SystemExit(f"model: no steady state in {int(solution.failed.sum())} of {len(solution.failed)} sets of constants")
    return Prediction(constants, solution, {})


@dataclass(frozen=True)
class Prediction:
    """What the model gives, by name, shape (n,)."""

    constants: Mapping[str, np.ndarray | float]
    solution: Solution
    labels: dict[str, Response]

    def of(self, name: str) -> np.ndarray:
        """Return a level (nmol/L), a flux (nmol/d), an assigned quantity, or one of these.

        ``MCR_X`` (L/d) and ``rho_X_Y`` of labels put into plasma; ``dose_fraction_2OH``, the share of a dose of labelled E2 that is
        hydroxylated at a place; ``ratio_2OHE1_16OHE1`` in serum after deconjugation.
        """
        kind, _, rest = name.partition("_")
        if kind == "MCR" and rest in self.solution.kernel.species:
            return 1 / self.label(rest).of(rest)
        if kind == "rho":
            source, target = rest.split("_")
            return self.label(source).of(target) * self.of(CLEARANCE + target)
        if name.startswith("dose_fraction_"):
            path = f"hydroxylate{name.removeprefix('dose_fraction_').removesuffix('OH')}_"
            return sum(self.label("E2").of(r) for r in self.solution.kernel.reactions if r.startswith(path))
        if name == "ratio_2OHE1_16OHE1":
            return self.constants["share_OHE1_2catechol"] * self.of("OH2_total") / self.of("OH16_total")
        return self.solution.of(name)

    def label(self, steroid: str) -> Response:
        """Return the response to a labelled steroid, per nmol/d into plasma."""
        if steroid not in self.labels:
            self.labels[steroid] = self.solution.tracer(steroid) if steroid in self.solution.kernel.species else self._given(steroid)
        return self.labels[steroid]

    def _given(self, steroid: str) -> Response:
        """Return the response to a steroid whose level is a constant, through its given clearance rate."""
        per_level = self.solution.tracer(LEVEL + steroid)
        clearance = np.asarray(self.constants[CLEARANCE + steroid]).reshape(-1, 1)
        return Response(per_level.kernel, *(a / clearance for a in (per_level.concentrations, per_level.fluxes, per_level.assigned)))
